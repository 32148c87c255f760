// Compiles the helpers to bitcode, for the plugin, and to a static library, for what stays a call.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

use std::hash::{DefaultHasher, Hash, Hasher};
use std::process::Command;

fn run(program: &str, arguments: &[&str]) {
    assert!(Command::new(program).args(arguments).status().unwrap().success());
}

fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    let (bitcode, object) = (format!("{out}/helpers.bc"), format!("{out}/helpers.o"));
    run("clang", &["-O2", "-emit-llvm", "-c", "helpers.c", "-o", &bitcode]);
    run("clang", &["-O2", "-fPIC", "-c", "helpers.c", "-o", &object]);

    // With incremental compilation rustc keeps what it has compiled as long as
    // sources and options are the same. The library is neither; the name of
    // what is linked is an option, so it holds the library's digest.
    let mut digest = DefaultHasher::new();
    std::fs::read(&bitcode).unwrap().hash(&mut digest);
    let name = format!("helpers-{:x}", digest.finish());
    run("llvm-ar", &["rcs", &format!("{out}/lib{name}.a"), &object]);

    println!("cargo::rerun-if-changed=helpers.c");
    println!("cargo::rustc-env=INLINE_HELPERS=library={bitcode}");
    println!("cargo::rustc-link-search=native={out}");
    println!("cargo::rustc-link-lib=static={name}");
}
