// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Compiles the helpers twice: to bitcode, which is inlined, and to a native library for what stays a call.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

const SOURCE: &str = "src/helpers.c";
const C_FLAGS: [&str; 1] = ["-O2"];

fn main() {
    println!("cargo::rerun-if-changed={SOURCE}");
    println!("cargo::rerun-if-env-changed=CC");
    println!("cargo::rerun-if-env-changed=INLINE_HELPERS_COMMAND");
    let out = env::var("OUT_DIR").unwrap();
    let out = Path::new(&out);

    let bitcode = out.join("helpers.bc");
    let name = env::var("INLINE_HELPERS_COMMAND").unwrap_or("inline-helpers".to_string());
    let mut compile = Command::new(&name);
    compile.args(["compile", "-o"]).arg(&bitcode).arg(SOURCE);
    run(compile.arg("--").args(C_FLAGS));

    // The plugin's parameters, library and digest, are in the brackets of `-Cpasses=import-helpers<…>`.
    let flags = run(Command::new(&name).arg("flags").arg(&bitcode));
    let (_, parameters) = flags.trim_end().split_once('<').unwrap();
    let (parameters, _) = parameters.rsplit_once('>').unwrap();
    println!("cargo::rustc-env=INLINE_HELPERS={parameters}");

    // With incremental compilation rustc keeps what it compiled as long as sources and options are the same. The
    // environment is neither; the name of a library to link is an option, so the digest is in it.
    let (_, digest) = parameters.split_once("sha256=").unwrap();
    let library = format!("helpers-{digest}");
    let (object, archive) = (out.join("helpers.o"), out.join(format!("lib{library}.a")));
    let mut compile = Command::new(env::var("CC").unwrap_or("cc".to_string()));
    run(compile
        .args(C_FLAGS)
        .args(["-c", SOURCE, "-o"])
        .arg(&object));
    run(Command::new("ar").arg("crs").arg(&archive).arg(&object));
    println!("cargo::rustc-link-search=native={}", out.display());
    println!("cargo::rustc-link-lib=static={library}");
}

/// Runs a command and returns what it prints.
fn run(command: &mut Command) -> String {
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", output.status);
    String::from_utf8(output.stdout).unwrap()
}
