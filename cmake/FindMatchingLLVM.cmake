# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Finds the LLVM whose major version is that of rustc, and stops where they
# differ: a plugin built for another LLVM cannot be loaded.
#
# In:  RUSTC (optional), LLVM_DIR (optional)
# Out: the variables of find_package(LLVM), MATCHING_RUSTC, and RUSTC_LLVM_MAJOR (empty when
#      there is no rustc)

set(MATCHING_RUSTC "${RUSTC}")
if(NOT MATCHING_RUSTC)
  find_program(RUSTC_OF_PATH rustc PATHS /usr/bin NO_DEFAULT_PATH)
  find_program(RUSTC_OF_PATH rustc)
  set(MATCHING_RUSTC "${RUSTC_OF_PATH}")
endif()
set(RUSTC_LLVM_MAJOR "")
if(MATCHING_RUSTC AND EXISTS "${MATCHING_RUSTC}")
  execute_process(COMMAND "${MATCHING_RUSTC}" -vV OUTPUT_VARIABLE rustc_version
                  ERROR_VARIABLE rustc_error RESULT_VARIABLE rustc_result)
  if(rustc_version MATCHES "LLVM version: ([0-9]+)[.]([0-9.]+)")
    set(RUSTC_LLVM_MAJOR ${CMAKE_MATCH_1})
    set(RUSTC_LLVM_VERSION ${CMAKE_MATCH_1}.${CMAKE_MATCH_2})
    message(STATUS "${MATCHING_RUSTC} has LLVM ${RUSTC_LLVM_VERSION}")
  else()
    message(FATAL_ERROR "'${MATCHING_RUSTC} -vV' names no LLVM version: ${rustc_error}")
  endif()
elseif(RUSTC)
  message(FATAL_ERROR "RUSTC=${RUSTC} does not exist; name a rustc, or leave RUSTC empty")
endif()

if(LLVM_DIR)
  find_package(LLVM REQUIRED CONFIG)
elseif(RUSTC_LLVM_MAJOR)
  # Without a version: LLVM's own check takes 22 for 22.0, which 22.1 is not.
  find_package(LLVM QUIET CONFIG HINTS /usr/lib/llvm-${RUSTC_LLVM_MAJOR})
  if(NOT LLVM_FOUND)
    message(FATAL_ERROR
      "${MATCHING_RUSTC} has LLVM ${RUSTC_LLVM_VERSION}, and no LLVM ${RUSTC_LLVM_MAJOR} "
      "for development is installed; install the package llvm-${RUSTC_LLVM_MAJOR}-dev, "
      "or name its folder with -DLLVM_DIR")
  endif()
else()
  message(FATAL_ERROR
    "no rustc was found, so the LLVM to build for is not known; install rustc-web, "
    "or name a rustc with -DRUSTC or an LLVM with -DLLVM_DIR")
endif()

if(RUSTC_LLVM_MAJOR AND NOT RUSTC_LLVM_MAJOR EQUAL LLVM_VERSION_MAJOR)
  message(FATAL_ERROR
    "${MATCHING_RUSTC} has LLVM ${RUSTC_LLVM_VERSION}, but ${LLVM_DIR} is LLVM "
    "${LLVM_PACKAGE_VERSION}; install the package llvm-${RUSTC_LLVM_MAJOR}-dev, or name "
    "with -DRUSTC a rustc that has LLVM ${LLVM_VERSION_MAJOR}")
endif()
if(LLVM_VERSION_MAJOR LESS 19 OR LLVM_VERSION_MAJOR GREATER 22)
  message(WARNING "LLVM ${LLVM_VERSION_MAJOR} is not tested; LLVM 19 and 22 are")
endif()
