// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Has bindgen declare the functions of `wrapper.h`, and write a C function around each that is static: the helpers.

use std::env;
use std::path::PathBuf;

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    let helpers = out.join("helpers.c");
    bindgen::builder()
        .header("wrapper.h")
        .allowlist_function("libdivide_[us](32|64)_(gen|do)")
        .wrap_static_fns(true)
        .wrap_static_fns_path(&helpers)
        .parse_callbacks(Box::new(bindgen::CargoCallbacks::new()))
        .generate()
        .expect("libdivide.h, of Debian's libdivide-dev")
        .write_to_file(out.join("bindings.rs"))
        .expect("a writable OUT_DIR");

    inline_helpers_build::Build::new()
        .file(&helpers)
        .include(".")
        .compile("libdivide");
}
