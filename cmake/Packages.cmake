# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# What `cpack` makes of a build: a Debian package and a relocatable archive, of
# the components runtime and documentation.
#
# A package is for one LLVM, as the plugin is, and those for several can be
# installed at once. As LLVM's own do, each has a prefix of its own,
# /usr/lib/inline-helpers-MAJOR, and commands and pages in /usr that have the
# number in their name. Debian's alternatives give the names without a number to
# the newest. See debian/Install.cmake.
#
# In: LLVM_VERSION_MAJOR, SOURCE_DATE_EPOCH of the environment

set(INLINE_HELPERS_MAINTAINER "inline-helpers developers <inline-helpers@example.org>"
    CACHE STRING "Who is answerable for the packages that are built here")
set(debian_name inline-helpers-${LLVM_VERSION_MAJOR})
set(debian_folder ${PROJECT_BINARY_DIR}/debian)

set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/Reproducible.cmake)
set(CPACK_POST_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/Reproducible.cmake)
set(CPACK_PACKAGE_NAME ${debian_name})
set(CPACK_PACKAGE_CONTACT "${INLINE_HELPERS_MAINTAINER}")
set(CPACK_PACKAGE_FILE_NAME
    ${debian_name}-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
    "inline C helpers into Rust (plugin for rustc with LLVM ${LLVM_VERSION_MAJOR})")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Rust calls static inline functions and macros of C through small C functions,
the helpers. This plugin for rustc takes the bodies of helpers in and inlines
them, in the call of rustc that compiles the crate.
.
This package has the plugin and the command for a rustc that has LLVM
${LLVM_VERSION_MAJOR}. Packages for several LLVMs can be installed together.")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS clang-${LLVM_VERSION_MAJOR})
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${debian_folder}/postinst ${debian_folder}/prerm)
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_BINARY_DIR}/cmake/PackageOptions.cmake)
set(epoch $ENV{SOURCE_DATE_EPOCH})
configure_file(cmake/PackageOptions.cmake.in cmake/PackageOptions.cmake @ONLY)

string(TIMESTAMP changelog_date "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(cmake/debian/Install.cmake.in cmake/InstallDebian.cmake @ONLY)
install(SCRIPT ${PROJECT_BINARY_DIR}/cmake/InstallDebian.cmake
        COMPONENT debian EXCLUDE_FROM_ALL)
include(CPack)
