; Bitcode that LLVM's reader does not survive in the command's process is an
; error here, and so is an answer that is not whole.
; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
; REQUIRES: plugin
;
; RUN: rm -rf %t && split-file %s %t
; RUN: llvm-as %t/library.ll -o %t/library.bc
; RUN: mkdir -p %t/other/lib %t/other/bin && cp %plugin %t/other/lib/
; RUN: cp %t/command %t/other/bin/inline-helpers
; RUN: chmod +x %t/other/bin/inline-helpers
; DEFINE: %{import} = env LLVM=%llvm-major not opt \
; DEFINE:   -load-pass-plugin=%t/other/lib/InlineHelpers-%llvm-major.so \
; DEFINE:   -disable-output %t/crate.ll \
; DEFINE:   -passes='import-helpers<library=%t/library.bc>'
; RUN: env END='kill -SEGV $$' %{import} 2>&1 | FileCheck %s
; RUN: env END='exit 1' %{import} 2>&1 | FileCheck %s
; RUN: env END='kill -XCPU $$' %{import} 2>&1 \
; RUN:   | FileCheck --check-prefix=LONG %s
; RUN: env END='kill -ALRM $$' %{import} 2>&1 \
; RUN:   | FileCheck --check-prefix=LONG %s
; RUN: env END='exit 0' %{import} 2>&1 | FileCheck --check-prefix=CUT %s
; RUN: env END='echo "{}"' %{import} 2>&1 | FileCheck --check-prefix=CUT %s
; RUN: env END='echo "{}"; head -c 99 "$BITCODE"' BITCODE=%t/library.bc \
; RUN:   %{import} 2>&1 | FileCheck --check-prefix=CUT %s

; CHECK:     error: inline-helpers: library '{{.*}}/library.bc' is damaged: LLVM's reader cannot take it; help: make the library with 'inline-helpers compile'{{$}}
; CHECK-NOT: {{.}}
; LONG:     error: inline-helpers: library '{{.*}}/library.bc' is damaged: LLVM's reader takes too long; help: {{.*$}}
; LONG-NOT: {{.}}
; CUT:     error: inline-helpers: library '{{.*}}/library.bc' is damaged: LLVM's reader fails{{.*}}; help: {{.*$}}
; CUT-NOT: {{.}}

;--- command
#!/bin/sh
echo "inline-helpers rewrite 1 LLVM $LLVM"
eval "$END"
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
