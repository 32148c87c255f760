// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Packages that are made for a test, and cargo for them.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A package, or a workspace, in a folder of its own.
pub struct Project {
    pub folder: PathBuf,
    name: String,
    variables: Vec<(String, String)>,
}

/// A build that has ended.
pub struct Built {
    pub success: bool,
    /// What cargo printed to its standard error.
    pub messages: String,
}

impl Built {
    /// The build must have gone well.
    #[track_caller]
    pub fn ok(self) -> Built {
        assert!(self.success, "{}", self.messages);
        self
    }

    /// The crates that were compiled, build scripts among them; `-v` shows a line for each.
    pub fn compiled(&self) -> Vec<&str> {
        let lines = self
            .messages
            .lines()
            .filter(|line| line.contains("Running `"));
        lines
            .filter_map(|line| line.split_once("--crate-name ")?.1.split(' ').next())
            .collect()
    }

    pub fn warnings(&self) -> Vec<&str> {
        let lines = self
            .messages
            .lines()
            .filter(|line| line.starts_with("warning: "));
        lines.collect()
    }
}

/// The folder in which inline-helpers was built.
pub fn build_folder() -> PathBuf {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../build");
    let folder = env::var_os("INLINE_HELPERS_BUILD").map_or(default, PathBuf::from);
    folder
        .canonicalize()
        .expect("inline-helpers is built first")
}

pub fn plugin() -> String {
    let files = fs::read_dir(build_folder().join("lib")).unwrap();
    let names = files.map(|file| file.unwrap().path());
    let mut plugins = names.filter(|path| path.extension() == Some(OsStr::new("so")));
    plugins
        .next()
        .expect("there is a plugin")
        .display()
        .to_string()
}

/// The LLVM that the plugin is for.
pub fn llvm_major() -> String {
    let plugin = plugin();
    let name = plugin.strip_suffix(".so").unwrap();
    name.rsplit_once('-').unwrap().1.to_string()
}

/// Finds a program that not every machine has. Where tests must not be skipped, it must be there.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap();
    let found = env::split_paths(&path).map(|folder| folder.join(program));
    let found = found.into_iter().find(|file| file.is_file());
    let required = env::var_os("INLINE_HELPERS_REQUIRE_FEATURES").is_some();
    assert!(found.is_some() || !required, "{program} is missing");
    if found.is_none() {
        eprintln!("skipped: there is no {program}");
    }
    found
}

impl Project {
    /// A package `name` with these files. Its build script may use this crate, and the plugin is in its configuration.
    pub fn new(name: &str, files: &[(&str, &str)]) -> Project {
        let project = Project::empty(name);
        let crate_folder = env!("CARGO_MANIFEST_DIR");
        project.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\
                 [build-dependencies]\ninline-helpers-build = {{ path = \"{crate_folder}\" }}\n\
                 cc = \"1\"\n[workspace]\n"
            ),
        );
        project.write_all(files);
        project
    }

    /// A folder `name` with the plugin in cargo's configuration.
    pub fn empty(name: &str) -> Project {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        let (name, variables) = (name.to_string(), Vec::new());
        let project = Project {
            folder,
            name,
            variables,
        };
        project.write(
            ".cargo/config.toml",
            &format!(
                "build.rustflags = [\"-Zllvm-plugins={}\"]\nenv.RUSTC_BOOTSTRAP = \"1\"\n",
                plugin()
            ),
        );
        // The same cc crate as this one's, so that nothing is downloaded.
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock");
        fs::copy(lock, project.folder.join("Cargo.lock")).unwrap();
        project
    }

    pub fn write(&self, file: &str, text: &str) {
        let file = self.folder.join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    pub fn write_all(&self, files: &[(&str, &str)]) {
        for (file, text) in files {
            self.write(file, text);
        }
    }

    /// Sets a variable of the environment for what follows.
    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(other, _)| other != name);
        self.variables.push((name.to_string(), value.to_string()));
    }

    /// Runs cargo.
    pub fn cargo(&self, arguments: &[&str]) -> Built {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
        command.args(arguments);
        let output = self.run(&mut command);
        Built {
            success: output.status.success(),
            messages: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Runs a command in the project's folder, with none of the variables that would change what is tested.
    pub fn run(&self, command: &mut Command) -> Output {
        for name in [
            "RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "RUSTC_WRAPPER",
            "LD_LIBRARY_PATH",
        ] {
            command.env_remove(name);
        }
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("INLINE_HELPERS")
                || text.starts_with("CC")
                || text.starts_with("CFLAGS")
            {
                command.env_remove(name);
            }
        }
        // rustdoc is of the same toolchain.
        if let Some(rustc) = env::var_os("RUSTC") {
            let rustc = fs::canonicalize(rustc).unwrap();
            command.env("RUSTDOC", rustc.with_file_name("rustdoc"));
        }
        let path = env::var_os("PATH").unwrap();
        let folders = [build_folder().join("bin")].into_iter();
        let path = env::join_paths(folders.chain(env::split_paths(&path))).unwrap();
        command
            .env("PATH", path)
            .env("CARGO_TARGET_DIR", self.target());
        command
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_TERM_VERBOSE", "true")
            .env("CARGO_TERM_COLOR", "never")
            .current_dir(&self.folder);
        command
            .envs(self.variables.iter().cloned())
            .output()
            .unwrap()
    }

    /// The folder of what is built: one for all tests, so that the cc crate is compiled once.
    fn target(&self) -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("target")
    }

    /// The program of the package, below `folder` of the target folder.
    pub fn program(&self, folder: &str) -> Program {
        Program(self.target().join(folder).join(&self.name))
    }

    /// How many archives of the library `helpers` there are, below `folder` of the target folder. Each compiler has
    /// its own `OUT_DIR` there: this is the most of any.
    pub fn archives(&self, folder: &str) -> usize {
        let list = |folder: &Path| -> Vec<PathBuf> {
            let files = fs::read_dir(folder).into_iter().flatten();
            files.map(|file| file.unwrap().path()).collect()
        };
        let prefix = format!("{}-", self.name);
        let scripts = list(&self.target().join(folder).join("build")).into_iter();
        let own = scripts.filter(|script| {
            script
                .file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with(&prefix)
        });
        let counts = own.map(|script| {
            let files = list(&script.join("out/inline-helpers/helpers")).into_iter();
            files
                .filter(|file| file.extension() == Some(OsStr::new("a")))
                .count()
        });
        counts.max().unwrap_or(0)
    }

    /// Builds the package as `cargo build` does, and returns its program.
    #[track_caller]
    pub fn build(&self) -> Program {
        self.cargo(&["build"]).ok();
        self.program("debug")
    }
}

pub struct Program(pub PathBuf);

impl Program {
    /// What the program prints.
    #[track_caller]
    pub fn prints(&self) -> String {
        let output = Command::new(&self.0).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout)
            .unwrap()
            .trim_end()
            .to_string()
    }

    /// The helpers that the program still has as functions: where nothing calls one, the linker leaves it out.
    #[track_caller]
    pub fn called(&self) -> Vec<String> {
        let output = Command::new("nm").arg(&self.0).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let symbols = String::from_utf8(output.stdout).unwrap();
        let names = symbols
            .lines()
            .filter_map(|line| line.split(' ').next_back());
        let mut names: Vec<String> = names
            .filter(|name| name.starts_with("helper_"))
            .map(String::from)
            .collect();
        names.sort();
        names
    }
}
