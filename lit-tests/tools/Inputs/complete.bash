# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: complete.bash SCRIPT WORD...
# Prints, a line each, what bash offers for the last word, and first the options
# of readline that the script sets ("default": files, "dirnames": folders).
source "$1"
shift
# bash has it only while someone presses Tab.
compopt() { echo "compopt $*"; }
# Each word is split as readline does it.
for word in "$@"; do
  case $word in
    --*=) COMP_WORDS+=("${word%=}" =) ;;
    --*=*) COMP_WORDS+=("${word%%=*}" = "${word#*=}") ;;
    *) COMP_WORDS+=("$word") ;;
  esac
done
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
read -r _ _ function _ < <(complete -p "$1")
$function
printf '%s\n' "${COMPREPLY[@]}"
