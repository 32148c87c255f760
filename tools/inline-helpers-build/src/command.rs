// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Running other programs.

use crate::error::Error;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Finds a program, a path or a name of `PATH`.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(|program| program.is_file());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let mut programs = env::split_paths(&path).map(|folder| folder.join(name));
    programs.find(|program| program.is_file())
}

/// Runs a command and returns what it prints. Its warnings are the build script's.
pub(crate) fn run(command: &mut Command) -> Result<String, Error> {
    let output = command.output();
    let program = Path::new(command.get_program());
    let output = output.map_err(|error| Error::of_file(program, &error))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        for line in errors.lines() {
            println!("cargo::warning={line}");
        }
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    // cargo shows it where the build script fails, or with -vv.
    eprint!("{errors}");
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    Err(Error::of_output(&name, &errors))
}
