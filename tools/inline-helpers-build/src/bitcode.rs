// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Helper bitcode, made by the command `inline-helpers`.

use crate::command;
use crate::error::Error;
use crate::headers;
use crate::package::{read_variable, Library, Package};
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the command made.
pub(crate) struct Compiled {
    pub(crate) library: Library,
    /// Of all C files, if clang can make one that shares static variables with the bitcode.
    pub(crate) object: Option<PathBuf>,
}

/// Compiles the C files of `cc` to bitcode in `folder`, and to an object.
///
/// The error says why there is no bitcode, or none that rustc would read.
pub(crate) fn compile(
    cc: &cc::Build,
    folder: &Path,
    package: &mut Package,
) -> Result<Compiled, Error> {
    let rustflags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let major = find_plugin(&rustflags).ok_or_else(|| {
        let help = "build with 'cargo inline-helpers build', or put the plugin into rustflags";
        Error::new("rustc is not told to load the plugin", help)
    })?;
    let sources: Vec<&Path> = cc.get_files().filter(|file| is_c(file)).collect();
    if sources.is_empty() {
        return Err(Error::without_help("there is no C file"));
    }
    let command = find_command().inspect_err(|_| package.try_again())?;
    package.watch([command.clone()]);
    let clang = find_clang(major, cc).inspect_err(|_| package.try_again())?;

    // Asked for clang's, the cc crate gives the same settings in clang's words, the target among them.
    let clang = cc.clone().compiler(clang).try_get_compiler();
    let clang = clang.map_err(Error::of_cc)?;
    let bitcode = folder.join("helpers.bc");
    let dependencies = folder.join("helpers.d");
    let compile = |object: Option<&PathBuf>| {
        let mut compile = Command::new(&command);
        compile.arg("compile").arg("--clang").arg(clang.path());
        compile.arg("--dependency-file").arg(&dependencies);
        if let Some(object) = object {
            compile.arg("--object").arg(object);
        }
        compile.arg("-o").arg(&bitcode).args(&sources);
        command::run(compile.arg("--").args(clang.args()).envs(clang.get_envs()))
    };
    let object = folder.join("helpers.o");
    let whole = compile(Some(&object));
    if whole.is_err() {
        // A clang older than the command's LLVM makes bitcode all the same.
        compile(None)?;
    }
    package.watch(headers::read(&dependencies)?);

    let flags = command::run(Command::new(&command).arg("flags").arg(&bitcode))?;
    // Before cargo runs a build script, rustc has loaded the plugin of these rustflags: its LLVM is of that version.
    if find_plugin(&flags) != Some(major) {
        let command = command.display();
        let message = format!("'{command}' is not for LLVM {major}, as the plugin in rustflags is");
        let help = "name the command of that LLVM with INLINE_HELPERS_COMMAND";
        return Err(Error::new(message, help));
    }
    let library = parse_flags(&flags).ok_or_else(|| {
        let message = format!("'{} flags' prints '{flags}'", command.display());
        Error::new(message, "install inline-helpers anew")
    })?;
    if let Err(error) = &whole {
        let help = "name a clang of inline-helpers' LLVM with INLINE_HELPERS_CLANG";
        let error = error.clone().with_help(help);
        package.note(&error.because_of("helpers with static variables are calls"));
    }
    let object = whole.is_ok().then_some(object);
    Ok(Compiled { library, object })
}

/// The major version of the LLVM for which the plugin is that flags name, cargo's or those of `inline-helpers flags`.
fn find_plugin(flags: &str) -> Option<&str> {
    let mut flags = flags
        .split('\x1f')
        .filter(|flag| flag.contains("llvm-plugins="));
    let (_, name) = flags.find_map(|flag| flag.split_once("InlineHelpers-"))?;
    name.split('.').next()
}

/// Whether clang makes bitcode of a file: it is C or C++, and not assembly.
pub(crate) fn is_c(source: &Path) -> bool {
    !source
        .extension()
        .is_some_and(|extension| ["s", "S", "asm"].iter().any(|other| extension == *other))
}

/// The library and its digest, in the brackets of `-Cpasses=import-helpers<…>`.
fn parse_flags(flags: &str) -> Option<Library> {
    let (_, parameters) = flags.split_once("import-helpers<")?;
    let (parameters, _) = parameters.rsplit_once('>')?;
    Library::parse_all(parameters)?.into_iter().next()
}

fn find_command() -> Result<PathBuf, Error> {
    let help = "install inline-helpers, or name the command with INLINE_HELPERS_COMMAND";
    let mut name = read_variable("INLINE_HELPERS_COMMAND");
    if name.is_empty() {
        name = "inline-helpers".to_string();
    }
    command::find(&name).ok_or_else(|| Error::new(format!("there is no command '{name}'"), help))
}

/// Chooses a clang as `inline-helpers compile` does.
fn find_clang(major: &str, cc: &cc::Build) -> Result<PathBuf, Error> {
    let help = "install it, or name one with INLINE_HELPERS_CLANG";
    let named = read_variable("INLINE_HELPERS_CLANG");
    if !named.is_empty() {
        return command::find(&named)
            .ok_or_else(|| Error::new(format!("there is no clang '{named}'"), help));
    }
    let native = cc.try_get_compiler().map_err(Error::of_cc)?;
    if native.is_like_clang() {
        return Ok(native.path().to_path_buf());
    }
    let names = [
        format!("clang-{major}"),
        format!("/usr/lib/llvm-{major}/bin/clang"),
        "clang".to_string(),
    ];
    let clang = names.iter().find_map(|name| command::find(name));
    clang.ok_or_else(|| Error::new(format!("there is no clang-{major}"), help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plugin_in_rustflags() {
        for (flags, major) in [
            (
                "-Copt-level=3\x1f-Zllvm-plugins=/usr/lib/InlineHelpers-22.so",
                Some("22"),
            ),
            (
                "-Z\x1fllvm-plugins=/usr/lib/Other.so,/usr/lib/InlineHelpers-19.so",
                Some("19"),
            ),
            (
                "-Zllvm-plugins=/p/InlineHelpers-22.so -Cpasses=import-helpers<library=/x>\n",
                Some("22"),
            ),
            ("", None),
            (
                "-Zllvm-plugins=/usr/lib/Other.so\x1f-L/InlineHelpers-22",
                None,
            ),
        ] {
            assert_eq!(find_plugin(flags), major, "{flags}");
        }
    }

    #[test]
    fn flags_name_one_library() {
        let library = parse_flags(
            "-Zllvm-plugins=/p.so -Cpasses=import-helpers<library=/a%3E.bc;sha256=0f>\n",
        )
        .unwrap();
        assert_eq!(library.to_string(), "library=/a%3E.bc;sha256=0f");
        assert_eq!(parse_flags(""), None);
    }
}
