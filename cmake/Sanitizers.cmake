# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Compiles all of the project, but not LLVM, with AddressSanitizer, which has
# LeakSanitizer in it, and UndefinedBehaviorSanitizer; and with what libFuzzer
# and the assertions in the headers of LLVM and libstdc++ need.
#
# In: InlineHelpersFlags
#
# clang, not GCC: libFuzzer is part of it.

set(sanitizers -fsanitize=address,undefined,fuzzer-no-link)

include(CheckCXXSourceCompiles)
set(CMAKE_REQUIRED_FLAGS "${sanitizers}")
check_cxx_source_compiles("int main() {}" INLINE_HELPERS_HAS_SANITIZERS)
unset(CMAKE_REQUIRED_FLAGS)
if(NOT INLINE_HELPERS_HAS_SANITIZERS)
  message(FATAL_ERROR
    "${CMAKE_CXX_COMPILER} cannot link a program with ${sanitizers}; use clang and install "
    "its runtime (for clang++-22 the package libclang-rt-22-dev)")
endif()

target_compile_options(InlineHelpersFlags INTERFACE
  ${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer -O1 -gline-tables-only)
target_link_options(InlineHelpersFlags INTERFACE ${sanitizers})
# A Debug build has the assertions of LLVM's headers (casts, containers) already.
target_compile_definitions(InlineHelpersFlags INTERFACE _GLIBCXX_ASSERTIONS)

add_library(SanitizerOptions OBJECT cmake/SanitizerOptions.cpp)
target_link_options(InlineHelpersFlags INTERFACE $<TARGET_OBJECTS:SanitizerOptions>)
set_property(TARGET InlineHelpersFlags APPEND PROPERTY
             INTERFACE_LINK_DEPENDS $<TARGET_OBJECTS:SanitizerOptions>)
