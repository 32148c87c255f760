# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: complete.zsh FOLDER|SCRIPT LINE
# Prints the terminal of a zsh that has the completions in FOLDER, or has read
# SCRIPT, after LINE and two Tabs are typed.
zmodload zsh/zpty
TERM=dumb zpty shell zsh -f -i
zpty -w shell "setopt no_beep; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D; [[ -d $1 ]] || source $1"
# A key that ends it: it prints what no line before it holds.
zpty -w shell "finish() { print \${:-the}_end; exit }; zle -N finish; bindkey '^X' finish; print rea\${:-dy}"
zpty -r shell terminal '*ready*'
zpty -w -n shell "$2"$'\t\t\C-x'
zpty -r shell terminal '*the_end*'
print -r -- "$terminal"
