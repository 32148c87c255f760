// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Compiles C helpers in `build.rs`, so that rustc inlines them.
//!
//! Rust calls the `static inline` functions and macros of a C header through small C functions, the helpers, which
//! [bindgen] writes or you do. This crate compiles them twice: to an object, for what stays a call, and to helper
//! bitcode, from which inline-helpers, a plugin for rustc, inlines them while rustc compiles the package.
//!
//! ```toml
//! [build-dependencies]
//! bindgen = { version = "0.72", features = ["experimental"] }
//! inline-helpers-build = "0.1"
//! ```
//!
//! ```no_run
//! // build.rs
//! # mod bindgen {
//! #     pub struct Builder;
//! #     pub fn builder() -> Builder { Builder }
//! #     impl Builder {
//! #         pub fn header(self, _: &str) -> Self { self }
//! #         pub fn wrap_static_fns(self, _: bool) -> Self { self }
//! #         pub fn wrap_static_fns_path(self, _: std::path::PathBuf) -> Self { self }
//! #         pub fn generate(self) -> Result<Self, std::fmt::Error> { Ok(self) }
//! #         pub fn write_to_file(self, _: std::path::PathBuf) -> std::io::Result<()> { Ok(()) }
//! #     }
//! # }
//! use std::{env, path::PathBuf};
//!
//! fn main() {
//!     let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
//!     bindgen::builder()
//!         .header("wrapper.h")
//!         .wrap_static_fns(true)
//!         .wrap_static_fns_path(out.join("wrapper.c"))
//!         .generate()
//!         .expect("bindgen")
//!         .write_to_file(out.join("bindings.rs"))
//!         .unwrap();
//!
//!     inline_helpers_build::Build::new()
//!         .file(out.join("wrapper.c"))
//!         .include(".")
//!         .define("NDEBUG", None)
//!         .flag("-O2")
//!         .compile("helpers");
//! }
//! ```
//!
//! `cargo inline-helpers build` then builds with the helpers inlined, `cargo build` with calls; the program does the
//! same. [`Build`] has the names of the [`cc`] crate's, and takes one of those for every other setting.
//!
//! # Where helpers are calls
//!
//! A package that uses this crate builds everywhere the `cc` crate does. Without the plugin in the rustflags, without
//! the command `inline-helpers`, without clang, or where clang does not compile the helpers, all of them are calls,
//! and the build says so in one warning. [`Build::required`] makes that an error.
//!
//! # Flags
//!
//! The `cc` crate chooses the flags, for the profile and the target. To make bitcode it is asked for those of clang,
//! which makes the object as well: of one module, so that a `static` variable of C is the same for a helper that is
//! inlined and for one that is called. Where there is no bitcode the object is the `cc` crate's, of the compiler it
//! finds. Flags of [`Build::flag_if_supported`] are tried with the compiler that gets them.
//!
//! Helpers are optimised in every profile, with `-O2` where it has `-O0`: they are inlined in a debug build, too.
//!
//! # What is built again
//!
//! The sources and all headers they include, those of the system among them, are watched; a file that the build script
//! itself writes to `OUT_DIR` is not. When one changes, the helpers are compiled again, and so is the package. The name
//! of the linked archive has a hash of the bitcode in it: rustc's incremental mode and caches of compilers see neither
//! the bitcode nor the environment, but the name.
//!
//! cargo compares dates. A header of the system that is replaced by one with an older date, as package managers do, it
//! does not see: run `cargo clean -p PACKAGE`.
//!
//! # Packages that depend on yours
//!
//! rustc compiles a generic or `#[inline]` function in the crate that uses it. There your helpers are calls, of the
//! object which your package brings along, unless that package asks for them: yours says `links = "…"` in its
//! `Cargo.toml`, and the other one's `build.rs` calls [`from_dependencies`].
//!
//! # Environment variables
//!
//! | variable | meaning |
//! |---|---|
//! | `INLINE_HELPERS_COMMAND` | the command `inline-helpers` (default: that of `PATH`) |
//! | `INLINE_HELPERS_CLANG` | the clang of the bitcode (default: the `cc` crate's compiler if it is a clang, else the clang of the command's LLVM, else `clang`) |
//! | `INLINE_HELPERS_REQUIRED` | `1`: helpers that would all be calls are an error, in every package |
//! | `INLINE_HELPERS` | further parameters of the plugin (`leftover=warn`, `report=DIR`); they hold for the package as well |
//!
//! [bindgen]: https://github.com/rust-lang/rust-bindgen

#![deny(missing_docs)]

mod bitcode;
mod command;
mod dependencies;
mod error;
mod headers;
mod package;

pub use dependencies::{from_dependencies, try_from_dependencies};
pub use error::Error;

use package::{Library, Package};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The helpers of one library, and how they are compiled.
///
/// ```no_run
/// inline_helpers_build::Build::new()
///     .file("src/helpers.c")
///     .include("include")
///     .compile("helpers");
/// ```
///
/// Settings that have no method here are those of a [`cc::Build`]:
///
/// ```no_run
/// let mut cc = cc::Build::new();
/// cc.file("src/helpers.c").pic(false).warnings(false);
/// inline_helpers_build::Build::from(cc).compile("helpers");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Build {
    cc: cc::Build,
    required: bool,
}

impl From<cc::Build> for Build {
    /// Takes over all settings but [`cc::Build::out_dir`].
    fn from(cc: cc::Build) -> Build {
        let required = false;
        Build { cc, required }
    }
}

impl From<&mut cc::Build> for Build {
    fn from(cc: &mut cc::Build) -> Build {
        Build::from(cc.clone())
    }
}

impl Build {
    /// A library without sources, with the settings of [`cc::Build::new`].
    pub fn new() -> Build {
        Build::from(cc::Build::new())
    }

    /// Adds a C or C++ file. Of an assembly file (`.S`, `.s`, `.asm`) there is no bitcode: it is in the object alone.
    pub fn file(&mut self, file: impl AsRef<Path>) -> &mut Build {
        self.cc.file(file);
        self
    }

    /// Adds files, each as [`file`](Build::file) does.
    pub fn files<P>(&mut self, files: P) -> &mut Build
    where
        P: IntoIterator,
        P::Item: AsRef<Path>,
    {
        self.cc.files(files);
        self
    }

    /// Adds a folder in which headers are looked for (`-I`).
    pub fn include(&mut self, folder: impl AsRef<Path>) -> &mut Build {
        self.cc.include(folder);
        self
    }

    /// Adds folders, each as [`include`](Build::include) does.
    pub fn includes<P>(&mut self, folders: P) -> &mut Build
    where
        P: IntoIterator,
        P::Item: AsRef<Path>,
    {
        self.cc.includes(folders);
        self
    }

    /// Defines a macro (`-D`): `.define("SIZE", "8")`, or `.define("NDEBUG", None)`.
    pub fn define<'a>(&mut self, name: &str, value: impl Into<Option<&'a str>>) -> &mut Build {
        self.cc.define(name, value);
        self
    }

    /// Adds a flag, for both compilers.
    pub fn flag(&mut self, flag: impl AsRef<OsStr>) -> &mut Build {
        self.cc.flag(flag);
        self
    }

    /// Adds flags, each as [`flag`](Build::flag) does.
    pub fn flags<P>(&mut self, flags: P) -> &mut Build
    where
        P: IntoIterator,
        P::Item: AsRef<OsStr>,
    {
        self.cc.flags(flags);
        self
    }

    /// Adds a flag for each of the two compilers that knows it.
    pub fn flag_if_supported(&mut self, flag: impl AsRef<OsStr>) -> &mut Build {
        self.cc.flag_if_supported(flag);
        self
    }

    /// Sets the language's version (`-std`).
    pub fn std(&mut self, version: &str) -> &mut Build {
        self.cc.std(version);
        self
    }

    /// Says whether the files are C++.
    pub fn cpp(&mut self, cpp: bool) -> &mut Build {
        self.cc.cpp(cpp);
        self
    }

    /// Says whether it is an error if there is no bitcode, so that all helpers would be calls. By default it is a
    /// warning. `INLINE_HELPERS_REQUIRED=1` in the environment makes it an error for every library.
    pub fn required(&mut self, required: bool) -> &mut Build {
        self.required = required;
        self
    }

    /// Compiles the helpers, and tells cargo to link the object as `lib<name>-<hash>.a` and rustc to inline the
    /// bitcode. `OUT_DIR/inline-helpers/<name>` has both. The name may be that of the C library that has the header: the
    /// archive's is another one, with calls as well.
    ///
    /// A build script may make several libraries, each with its own name. Of a helper that two of them define the
    /// first one's is inlined.
    ///
    /// On an error it prints one line, and exits with status 1.
    pub fn compile(&self, name: &str) {
        or_exit(self.try_compile(name));
    }

    /// Does what [`compile`](Build::compile) does, and returns an error instead of exiting.
    ///
    /// # Errors
    ///
    /// - The name is empty, has a `/` in it, or another library of this build script has it.
    /// - There is no such file, or the `cc` crate cannot compile it, or it cannot make the archive.
    /// - [`required`](Build::required), and helpers would be calls.
    /// - It does not run in a build script, or `INLINE_HELPERS_REQUIRED` has another value than `0` and `1`.
    pub fn try_compile(&self, name: &str) -> Result<(), Error> {
        let mut package = Package::get()?;
        let required = self.required || package.required;
        let folder = package.add_folder(name)?;

        let mut cc = self.cc.clone();
        cc.out_dir(&folder);
        if let Some(file) = cc.get_files().find(|file| !file.is_file()) {
            let help = "bindgen writes one only where the header has static inline functions that it binds";
            return Err(Error::new(
                format!("there is no file '{}'", file.display()),
                help,
            ));
        }
        let compiled = match bitcode::compile(&cc, &folder, &mut package) {
            Err(error) if required => {
                return Err(error.because_of("helpers must be inlined, and are calls"))
            }
            other => other,
        };
        let object = compiled.as_ref().ok().and_then(|made| made.object.clone());
        let objects = complete(&cc, object, &mut package)?;

        let libraries: Vec<Library> = match compiled {
            Ok(made) => vec![made.library],
            Err(error) => {
                package.note(&error.because_of("helpers are calls"));
                Vec::new()
            }
        };
        // The hash is also what tells it from a library of the system that has this name.
        let archive = format!("{name}-{}", package.hash(&libraries));
        if !libraries.is_empty() {
            package.import(&libraries);
        }
        let archive = cc.try_create_archive(&archive, objects);
        let archive = archive.map_err(Error::of_cc)?;
        cc::try_emit_link_directives(&cc, archive).map_err(Error::of_cc)
    }
}

/// Returns the objects of all files of `cc`, of which `object` has the C files if there is one.
fn complete(
    cc: &cc::Build,
    object: Option<PathBuf>,
    package: &mut Package,
) -> Result<Vec<PathBuf>, Error> {
    let is_left = |file: &Path| object.is_none() || !bitcode::is_c(file);
    let mut objects: Vec<PathBuf> = Vec::new();
    if cc.get_files().any(is_left) {
        let compiler = cc.try_get_compiler().map_err(Error::of_cc)?;
        package.watch(headers::find(&compiler, cc.get_files())?);
        let compiled = cc.try_compile_intermediates().map_err(Error::of_cc)?;
        let compiled = compiled.into_iter().zip(cc.get_files());
        let left = compiled.filter(|(_, file)| is_left(file));
        objects.extend(left.map(|(object, _)| object));
    }
    objects.extend(object);
    Ok(objects)
}

/// Prints an error as one line and ends the build script.
fn or_exit(result: Result<(), Error>) {
    if let Err(error) = result {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
}
