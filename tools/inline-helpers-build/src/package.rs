// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! What is one for the whole build script: what it has told cargo so far.

use crate::error::Error;
use std::collections::BTreeSet;
use std::env;
use std::fmt;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// The variable with the plugin's parameters.
const PARAMETERS: &str = "INLINE_HELPERS";

/// Helper bitcode, as the plugin is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Library {
    /// Percent-encoded.
    pub(crate) path: String,
    pub(crate) sha256: String,
}

impl Library {
    /// Parses libraries that are displayed one behind the other, with `;` between them.
    pub(crate) fn parse_all(parameters: &str) -> Option<Vec<Library>> {
        let libraries = parameters.strip_prefix("library=")?.split(";library=");
        let parse = |text: &str| {
            let (path, sha256) = text.split_once(";sha256=")?;
            let (path, sha256) = (path.to_string(), sha256.to_string());
            Some(Library { path, sha256 })
        };
        libraries.map(parse).collect()
    }
}

impl fmt::Display for Library {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "library={};sha256={}", self.path, self.sha256)
    }
}

pub(crate) struct Package {
    /// `OUT_DIR`.
    out: PathBuf,
    /// Whether the environment says that helpers must be inlined.
    pub(crate) required: bool,
    /// The plugin's parameters that the environment gives.
    given: String,
    names: BTreeSet<String>,
    notes: BTreeSet<String>,
    watched: BTreeSet<PathBuf>,
    libraries: Vec<Library>,
}

impl Package {
    /// Returns the package whose build script this is.
    pub(crate) fn get() -> Result<MutexGuard<'static, Package>, Error> {
        static PACKAGE: OnceLock<Result<Mutex<Package>, Error>> = OnceLock::new();
        let package = PACKAGE.get_or_init(|| Package::from_environment().map(Mutex::new));
        let package = package.as_ref().map_err(Error::clone)?;
        Ok(package.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn from_environment() -> Result<Package, Error> {
        let out = env::var_os("OUT_DIR").ok_or_else(|| {
            Error::new(
                "OUT_DIR is not set",
                "call inline_helpers_build in a build script that cargo runs",
            )
        })?;
        let required = match read_variable("INLINE_HELPERS_REQUIRED").as_str() {
            "" | "0" => false,
            "1" => true,
            other => {
                let message = format!("INLINE_HELPERS_REQUIRED is '{other}'");
                return Err(Error::new(message, "its values are 0 and 1"));
            }
        };
        Ok(Package {
            out: PathBuf::from(out),
            required,
            given: read_variable(PARAMETERS),
            names: BTreeSet::new(),
            notes: BTreeSet::new(),
            watched: BTreeSet::new(),
            libraries: Vec::new(),
        })
    }

    /// Makes an empty folder for what belongs to the library `name`.
    pub(crate) fn add_folder(&mut self, name: &str) -> Result<PathBuf, Error> {
        if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\', '\n']) {
            return Err(Error::new(
                format!("'{name}' is no name of a library"),
                "take a word, as in compile(\"helpers\")",
            ));
        }
        if !self.names.insert(name.to_string()) {
            return Err(Error::new(
                format!("two libraries are called '{name}'"),
                "give each a name of its own",
            ));
        }
        let folder = self.out.join("inline-helpers").join(name);
        // What an earlier build made has other hashes in its names.
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(Error::of_file(&folder, &error))
            }
            _ => fs::create_dir_all(&folder).map_err(|error| Error::of_file(&folder, &error))?,
        }
        Ok(folder)
    }

    /// Has cargo run the build script again when one of these files changes.
    pub(crate) fn watch(&mut self, files: impl IntoIterator<Item = PathBuf>) {
        for file in files {
            // What the script writes itself is always newer than its start: it would run again and again.
            if !file.starts_with(&self.out) && self.watched.insert(file.clone()) {
                println!("cargo::rerun-if-changed={}", file.display());
            }
        }
    }

    /// Has cargo run the build script in the next build: what was missing may be installed by then.
    pub(crate) fn try_again(&self) {
        // A file that is missing has changed.
        println!(
            "cargo::rerun-if-changed={}",
            self.out.join("none").display()
        );
    }

    /// Says once why helpers are calls.
    pub(crate) fn note(&mut self, error: &Error) {
        let note = error.to_string();
        if self.notes.insert(note.clone()) {
            println!("cargo::warning={note}");
        }
    }

    /// Returns a hash of libraries and of the parameters that the environment gives.
    ///
    /// It is for names of archives: with incremental compilation rustc keeps what it compiled as long as sources and
    /// options are the same. The environment and the bitcode are neither; the name of a library to link is an option.
    pub(crate) fn hash(&self, libraries: &[Library]) -> String {
        let mut hasher = DefaultHasher::new();
        self.given.hash(&mut hasher);
        for library in libraries {
            library.sha256.hash(&mut hasher);
        }
        format!("{:016x}", hasher.finish())
    }

    /// Has rustc inline the helpers of libraries.
    pub(crate) fn import(&mut self, libraries: &[Library]) {
        for library in libraries {
            if !self.libraries.contains(library) {
                self.libraries.push(library.clone());
            }
        }
        let own: Vec<String> = self.libraries.iter().map(Library::to_string).collect();
        let own = own.join(";");
        // Of several such lines cargo takes the last, and rustc has no other variable of this name.
        let given = Some(self.given.as_str()).filter(|given| !given.is_empty());
        let all: Vec<&str> = given.into_iter().chain([own.as_str()]).collect();
        println!("cargo::rustc-env={PARAMETERS}={}", all.join(";"));
        if env::var_os("CARGO_MANIFEST_LINKS").is_some() {
            println!("cargo::metadata={PARAMETERS}={own}");
        }
    }
}

/// Reads a variable, which is empty where it is not set, and has cargo watch it.
pub(crate) fn read_variable(name: &str) -> String {
    println!("cargo::rerun-if-env-changed={name}");
    env::var(name).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_parsed_as_they_are_displayed() {
        let text = "library=/a%20b/x.bc;sha256=01;library=/y.bc;sha256=02";
        let libraries = Library::parse_all(text).unwrap();
        let again: Vec<String> = libraries.iter().map(Library::to_string).collect();
        assert_eq!((libraries.len(), again.join(";").as_str()), (2, text));
        assert_eq!(Library::parse_all("library=/x.bc"), None);
        assert_eq!(Library::parse_all(""), None);
    }
}
