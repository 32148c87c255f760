// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Has bindgen declare the functions of `wrapper.h`, and write a C function around each that is static: the helpers.
//! What is not static is in the library.

use std::env;
use std::path::PathBuf;

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    let helpers = out.join("helpers.c");
    bindgen::builder()
        .header("wrapper.h")
        .allowlist_function("io_uring_(queue_init|queue_exit|submit_and_wait|get_sqe)")
        .allowlist_function("io_uring_(prep_read|prep_write|sqe_set_data64)")
        .allowlist_function("io_uring_(peek_cqe|cqe_get_data64|cqe_seen)")
        .wrap_static_fns(true)
        .wrap_static_fns_path(&helpers)
        .parse_callbacks(Box::new(bindgen::CargoCallbacks::new()))
        .generate()
        .expect("liburing.h, of Debian's liburing-dev")
        .write_to_file(out.join("bindings.rs"))
        .expect("a writable OUT_DIR");

    inline_helpers_build::Build::new()
        .file(&helpers)
        .include(".")
        .compile("liburing");
    println!("cargo::rustc-link-lib=uring");
}
