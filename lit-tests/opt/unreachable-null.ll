; An access through the caller's null pointer is warned of, of a field and by
; memcpy too.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -disable-output 2>&1 | FileCheck %s --implicit-check-not=warning:

; CHECK: warning: inline-helpers: helper 'read' becomes unreachable in 'calls_read': it always ends in an access through a null pointer;
; CHECK: warning: inline-helpers: helper 'write_field' becomes unreachable in 'calls_write_field': it always ends in an access through a null pointer;
; CHECK: warning: inline-helpers: helper 'copy' becomes unreachable in 'calls_copy': it always ends in an access through a null pointer;

;--- crate.ll
declare i32 @read(ptr)
declare void @write_field(ptr)
declare void @copy(ptr)

define i32 @calls_read() {
  %r = call i32 @read(ptr null)
  ret i32 %r
}

define void @calls_write_field() {
  call void @write_field(ptr null)
  ret void
}

define void @calls_copy() {
  call void @copy(ptr null)
  ret void
}

define i32 @right(ptr %p) {
  %r = call i32 @read(ptr %p)
  ret i32 %r
}

;--- library.ll
define i32 @read(ptr %p) {
  %r = load i32, ptr %p
  ret i32 %r
}

define void @write_field(ptr %p) {
  %field = getelementptr inbounds i8, ptr %p, i64 8
  store i32 1, ptr %field
  ret void
}

define void @copy(ptr %p) {
  call void @llvm.memset.p0.i64(ptr %p, i8 0, i64 4, i1 false)
  ret void
}
