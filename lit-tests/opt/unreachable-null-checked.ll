; A helper that checks for null, reads a volatile object or may clear no bytes
; is right for a null pointer.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -disable-output 2>&1 | FileCheck %s --allow-empty --implicit-check-not=warning:

;--- crate.ll
declare i32 @checked(ptr)
declare i32 @read_volatile(ptr)
declare void @clear(ptr, i64)

define i32 @calls_checked() {
  %r = call i32 @checked(ptr null)
  ret i32 %r
}

define i32 @calls_read_volatile() {
  %r = call i32 @read_volatile(ptr null)
  ret i32 %r
}

define void @calls_clear() {
  call void @clear(ptr null, i64 0)
  ret void
}

;--- library.ll
define i32 @checked(ptr %p) {
  %null = icmp eq ptr %p, null
  br i1 %null, label %end, label %read

read:
  %r = load i32, ptr %p
  ret i32 %r

end:
  ret i32 0
}

define i32 @read_volatile(ptr %p) {
  %r = load volatile i32, ptr %p
  ret i32 %r
}

define void @clear(ptr %p, i64 %bytes) {
  call void @llvm.memset.p0.i64(ptr %p, i8 0, i64 %bytes, i1 false)
  ret void
}
