# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Run by cpack before and after it writes a package: what is in it is to depend
# neither on the umask nor on the order that the file system has.

if(NOT CPACK_PACKAGE_FILES)
  file(CHMOD_RECURSE ${CPACK_TEMPORARY_INSTALL_DIRECTORY} DIRECTORY_PERMISSIONS
       OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
elseif(CPACK_GENERATOR STREQUAL "TGZ")
  # cpack sorts the files of a Debian package, and those of an archive it does not.
  get_filename_component(parent ${CPACK_TEMPORARY_INSTALL_DIRECTORY} DIRECTORY)
  execute_process(
    COMMAND tar --create --file=${CPACK_PACKAGE_FILES} --use-compress-program=gzip\ --no-name
            --sort=name --mtime=@$ENV{SOURCE_DATE_EPOCH} --owner=root:0 --group=root:0
            --directory=${parent} ${CPACK_PACKAGE_FILE_NAME}
    COMMAND_ERROR_IS_FATAL ANY)
endif()
