// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Helpers of the packages that this one depends on.

use crate::command;
use crate::error::Error;
use crate::or_exit;
use crate::package::{Library, Package};
use std::env;

/// Has rustc inline, in this package, the helpers of packages it depends on.
///
/// It is for generic and `#[inline]` functions of a dependency that call its helpers: they are compiled in the crate
/// that uses them. The dependency's `Cargo.toml` has a `links` key, its build script uses [`Build`](crate::Build), and
/// this package depends on it directly. To hand its helpers on, this package has a `links` key, too.
///
/// ```no_run
/// inline_helpers_build::from_dependencies();
/// ```
///
/// Without such a dependency, or where its helpers are calls, nothing happens. On an error it prints one line, and
/// exits with status 1.
pub fn from_dependencies() {
    or_exit(try_from_dependencies());
}

/// Does what [`from_dependencies`] does, and returns an error instead of exiting.
///
/// # Errors
///
/// It does not run in a build script, or what a dependency says is not what this version understands.
pub fn try_from_dependencies() -> Result<(), Error> {
    let mut package = Package::get()?;
    let mut variables: Vec<(String, String)> = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with("DEP_") && name.ends_with("_INLINE_HELPERS"))
        .collect();
    variables.sort();
    let mut libraries = Vec::new();
    for (name, value) in variables {
        libraries.extend(Library::parse_all(&value).ok_or_else(|| {
            let help = "build it with the same version of inline-helpers-build";
            Error::new(format!("{name} is '{value}', which names no library"), help)
        })?);
    }
    if libraries.is_empty() {
        return Ok(());
    }
    package.import(&libraries);
    // Of this archive only the name matters: see Package::hash.
    let folder = package.add_folder("dependencies")?;
    let archive = folder.join(format!("libdependencies-{}.a", package.hash(&libraries)));
    let cc = cc::Build::new();
    let mut archiver = cc.try_get_archiver().map_err(Error::of_cc)?;
    command::run(archiver.arg("cr").arg(&archive))?;
    cc::try_emit_link_directives(&cc, archive).map_err(Error::of_cc)
}
