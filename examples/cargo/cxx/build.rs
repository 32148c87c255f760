// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Has bindgen declare what is in `helpers.hpp`. Of C++ it writes no functions around others: `helpers.cpp` does that.

use std::env;
use std::path::PathBuf;

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    bindgen::builder()
        .header("helpers.hpp")
        .clang_args(["-x", "c++", "-std=c++17"])
        .enable_cxx_namespaces()
        .generate_inline_functions(true)
        .allowlist_item("shapes::.*|Numbers|helper_.*")
        .parse_callbacks(Box::new(bindgen::CargoCallbacks::new()))
        .generate()
        .expect("a libclang that reads C++17")
        .write_to_file(out.join("bindings.rs"))
        .expect("a writable OUT_DIR");

    inline_helpers_build::Build::new()
        .cpp(true)
        .std("c++17")
        .file("helpers.cpp")
        .compile("shapes");
}
