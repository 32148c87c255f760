; A helper that ends in assembly, as the kernel's BUG() does, in a trap, a call
; that does not return or an endless loop is none that becomes unreachable.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc>' \
; RUN:   %t/crate.ll -disable-output 2>&1 | FileCheck %s --allow-empty --implicit-check-not=warning:

;--- crate.ll
declare void @bug()
declare void @bug_goto()
declare void @trap()
declare void @abort_program()
declare void @stop()
declare void @halt()

define void @caller(i32 %which) {
  switch i32 %which, label %end [
    i32 0, label %a
    i32 1, label %b
    i32 2, label %c
    i32 3, label %d
    i32 4, label %e
    i32 5, label %f
  ]

a:
  call void @bug()
  br label %end

b:
  call void @bug_goto()
  br label %end

c:
  call void @trap()
  br label %end

d:
  call void @abort_program()
  br label %end

e:
  call void @stop()
  br label %end

f:
  call void @halt()
  br label %end

end:
  ret void
}

;--- library.ll
define void @bug() {
  call void asm sideeffect "ud2", ""()
  unreachable
}

define void @bug_goto() {
  callbr void asm sideeffect "ud2", "!i"() to label %direct [label %indirect]

direct:
  unreachable

indirect:
  unreachable
}

define void @trap() {
  call void @llvm.trap()
  unreachable
}

define void @abort_program() {
  call void @abort()
  unreachable
}

define void @stop() noreturn {
  call void @leave_scheduler()
  unreachable
}

define void @halt() noreturn {
  br label %again

again:
  call void asm sideeffect "hlt", ""()
  br label %again
}

declare void @abort() noreturn
declare void @leave_scheduler()
