; The pass imports once although the pipeline names it twice.
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin %t/crate.ll -S \
; RUN:   -pass-remarks=import-helpers \
; RUN:   -passes='import-helpers<library=%t/library.bc>,import-helpers<library=%t/library.bc>' \
; RUN:   2>&1 | FileCheck %s

; CHECK:     remark: {{.*}}'helper' imported
; CHECK-NOT: remark:
; CHECK:     add i32 %x, 1
; CHECK-NOT: @helper

;--- crate.ll
declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}

;--- library.ll
define i32 @helper(i32 %x) {
  %r = add i32 %x, 1
  ret i32 %r
}
