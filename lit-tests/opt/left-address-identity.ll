; A helper that gives away the address of a constant or function of its own file
; stays a call: a copy would have another address.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S 2>&1 | FileCheck %s

; CHECK-NOT: warning
; CHECK:     warning: inline-helpers: helper 'returned' stays a call: it gives away the address of a function or constant of its own file, of which there would be two (key) [address-identity]
; CHECK-NEXT: warning: inline-helpers: helper 'element' stays a call: {{.*}} (key) [address-identity]
; CHECK-NEXT: warning: inline-helpers: helper 'argument' stays a call: {{.*}} (callback) [address-identity]
; CHECK-NEXT: warning: inline-helpers: helper 'compared' stays a call: {{.*}} (key) [address-identity]
; CHECK-NEXT: warning: inline-helpers: helper 'in_table' stays a call: {{.*}} (callback) [address-identity]
; CHECK-NEXT: warning: inline-helpers: helper 'through_local' stays a call: {{.*}} (key) [address-identity]
; CHECK-NEXT: warning: inline-helpers: helper 'kept_by_local' stays a call: {{.*}} (key) [address-identity]
; CHECK-NEXT: warning: inline-helpers: helper 'chosen' stays a call: {{.*}} (key) [address-identity]
; CHECK-NEXT: warning: inline-helpers: helper 'hidden' stays a call: {{.*}} (key) [address-identity]
; CHECK-NEXT: warning: inline-helpers: helper 'to_assembly' stays a call: {{.*}} (key) [address-identity]
; CHECK-NEXT: warning: inline-helpers: helper 'to_variable_arguments' stays a call: {{.*}} (key) [address-identity]
; CHECK-NOT: warning

;--- crate.ll
declare ptr @returned()
declare ptr @element(i64)
declare void @argument()
declare i1 @compared(ptr)
declare void @in_table(i64)
declare ptr @through_local()
declare void @kept_by_local()
declare i1 @chosen(ptr, i1)
declare ptr @hidden()
declare void @to_assembly()
declare void @to_variable_arguments()
declare i64 @only_read(i64)
declare i64 @hidden_and_read()
declare i64 @read_by_local(i1)
declare ptr @unnamed()
declare void @only_called()

define void @caller(ptr %p) {
  call ptr @returned()
  call ptr @element(i64 1)
  call void @argument()
  call i1 @compared(ptr %p)
  call void @in_table(i64 0)
  call ptr @through_local()
  call void @kept_by_local()
  call i1 @chosen(ptr %p, i1 true)
  call ptr @hidden()
  call void @to_assembly()
  call void @to_variable_arguments()
  call i64 @only_read(i64 1)
  call i64 @hidden_and_read()
  call i64 @read_by_local(i1 true)
  call ptr @unnamed()
  call void @only_called()
  ret void
}

;--- library.ll
@key = internal constant [2 x i64] [i64 1, i64 2]
@text = private unnamed_addr constant [2 x i8] c"x\00"
@table = internal constant [1 x ptr] [ptr @callback]
@not_reached = constant [1 x ptr] [ptr @only_called_callee]

declare void @register(ptr)
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)

define internal void @callback() {
  ret void
}

define internal void @only_called_callee() {
  ret void
}

define ptr @returned() {
  ret ptr @key
}

define ptr @element(i64 %i) {
  %p = getelementptr i64, ptr @key, i64 %i
  ret ptr %p
}

define void @argument() {
  call void @register(ptr @callback)
  ret void
}

define i1 @compared(ptr %p) {
  %c = icmp eq ptr %p, getelementptr (i8, ptr @key, i64 8)
  ret i1 %c
}

define void @in_table(i64 %i) {
  %p = getelementptr ptr, ptr @table, i64 %i
  %f = load ptr, ptr %p
  call void %f()
  ret void
}

define internal ptr @local() noinline {
  ret ptr @key
}

define ptr @through_local() {
  %p = call ptr @local()
  ret ptr %p
}

@kept = external global ptr

define internal void @keep(ptr %p) noinline {
  store ptr %p, ptr @kept
  ret void
}

define void @kept_by_local() {
  call void @keep(ptr @key)
  ret void
}

define i1 @chosen(ptr %p, i1 %c) {
  %q = select i1 %c, ptr @key, ptr null
  %r = icmp eq ptr %p, %q
  ret i1 %r
}

; As C hides a value from the optimizer.
define ptr @hidden() {
  %p = call ptr asm "", "=r,0"(ptr @key)
  ret ptr %p
}

define i64 @hidden_and_read() {
  %p = call ptr asm sideeffect "", "=r,0,~{memory}"(ptr @key)
  call void asm sideeffect "", "r"(ptr %p)
  %x = load i64, ptr %p
  ret i64 %x
}

define void @to_assembly() {
  call void asm sideeffect "nop", "r"(ptr @key)
  ret void
}

declare void @print(ptr, ...)

define void @to_variable_arguments() {
  call void (ptr, ...) @print(ptr null, ptr @key)
  ret void
}

define internal i64 @read(ptr %p, i64 %i, ptr %f) noinline {
start:
  %none = icmp eq ptr %p, null
  br i1 %none, label %end, label %loop

loop:
  %q = phi ptr [ %p, %start ], [ %next, %loop ]
  %x = load i64, ptr %q
  %next = getelementptr i64, ptr %q, i64 1
  call void %f()
  %more = icmp eq i64 %x, %i
  br i1 %more, label %loop, label %end

end:
  %y = phi i64 [ 0, %start ], [ %x, %loop ]
  %again = call i64 @read(ptr %p, i64 %y, ptr %f)
  ret i64 %again
}

define i64 @read_by_local(i1 %c) {
  %p = select i1 %c, ptr @key, ptr getelementptr (i8, ptr @key, i64 8)
  %x = call i64 @read(ptr %p, i64 2, ptr @only_called_callee)
  ret i64 %x
}

define i64 @only_read(i64 %i) {
  %a = alloca [2 x i64]
  call void @llvm.memcpy.p0.p0.i64(ptr %a, ptr @key, i64 16, i1 false)
  %p = getelementptr i64, ptr @key, i64 %i
  %x = load i64, ptr %p
  %y = load i64, ptr %a
  %z = add i64 %x, %y
  ret i64 %z
}

define ptr @unnamed() {
  ret ptr @text
}

define void @only_called() {
  call void @only_called_callee()
  ret void
}
