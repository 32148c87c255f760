; Without a library the pass is idle, and no report is written.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;
; RUN: rm -rf %t
; RUN: opt -load-pass-plugin=%plugin -passes='import-helpers<report=%t/reports>' -disable-output %s
; RUN: not ls %t/reports

declare i32 @helper(i32)

define i32 @caller(i32 %x) {
  %r = call i32 @helper(i32 %x)
  ret i32 %r
}
