; Of a helper without a handler for exceptions the personality does not count: it is imported without one, also into a caller that has another.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<library=%t/library.bc;leftover=warn>' \
; RUN:   %t/crate.ll -S -o %t/out.ll 2> %t/warnings
; RUN: FileCheck --check-prefix=LEFT --implicit-check-not=warning: %s < %t/warnings
; RUN: FileCheck --implicit-check-not=__gxx_personality_v0 %s < %t/out.ll

; LEFT: warning: inline-helpers: helper 'helper_with_handler' stays a call: it handles exceptions (helper_with_handler) [personality]

; CHECK:      define {{.*}}@caller({{.*}} personality ptr @rust_eh_personality
; CHECK-NEXT: invoke void @static(
; CHECK:      call void @helper_with_handler(
; CHECK:      define internal void @static(
; CHECK-NEXT: call void @work(

;--- crate.ll
declare void @helper(i32)
declare void @helper_with_handler(i32)
declare i32 @rust_eh_personality(...)

define void @caller(i32 %x) personality ptr @rust_eh_personality {
  invoke void @helper(i32 %x) to label %next unwind label %cleanup
next:
  call void @helper_with_handler(i32 %x)
  ret void
cleanup:
  %exception = landingpad { ptr, i32 } cleanup
  resume { ptr, i32 } %exception
}

;--- library.ll
define void @helper(i32 %x) personality ptr @__gxx_personality_v0 {
  call void @static(i32 %x)
  ret void
}

define internal void @static(i32 %x) personality ptr @__gxx_personality_v0 {
  call void @work(i32 %x)
  ret void
}

define void @helper_with_handler(i32 %x) personality ptr @__gxx_personality_v0 {
  invoke void @work(i32 %x) to label %next unwind label %cleanup
next:
  ret void
cleanup:
  %exception = landingpad { ptr, i32 } cleanup
  resume { ptr, i32 } %exception
}

declare void @work(i32)
declare i32 @__gxx_personality_v0(...)
