// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A C++ library of one header: a namespace, a class with methods, templates.

#ifndef SHAPES_HPP
#define SHAPES_HPP

namespace shapes {

constexpr int sides = 4;

class Box {
public:
  Box(int width, int height) : width_(width), height_(height) {}
  int width() const { return width_; }
  int area() const { return width_ * height_; }
  void grow(int by) {
    width_ += by;
    height_ += by;
  }

private:
  int width_, height_;
};

inline bool fits(const Box &inner, const Box &outer) {
  return inner.area() <= outer.area() && inner.width() <= outer.width();
}

template <typename T> class Stack {
public:
  bool push(T item) {
    if (size_ == sizeof(items_) / sizeof(items_[0]))
      return false;
    items_[size_++] = item;
    return true;
  }
  int size() const { return size_; }

private:
  T items_[8];
  int size_ = 0;
};

} // namespace shapes

#endif
