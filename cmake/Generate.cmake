# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Has the command print its man pages and shell completion.
#
# In:  COMMAND, FOLDER
# Out: FOLDER/man1/*.1, FOLDER/inline-helpers.{bash,fish,zsh}, FOLDER/stamp

function(generate what file)
  execute_process(COMMAND ${COMMAND} ${ARGN} --generate=${what} OUTPUT_FILE ${file}
                  COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${FOLDER})
file(MAKE_DIRECTORY ${FOLDER}/man1)
generate(man ${FOLDER}/man1/inline-helpers.1)
generate(commands ${FOLDER}/commands)
file(STRINGS ${FOLDER}/commands commands)
foreach(command IN LISTS commands)
  generate(man ${FOLDER}/man1/inline-helpers-${command}.1 ${command})
endforeach()
foreach(shell IN ITEMS bash fish zsh)
  generate(complete-${shell} ${FOLDER}/inline-helpers.${shell})
endforeach()
file(TOUCH ${FOLDER}/stamp)
