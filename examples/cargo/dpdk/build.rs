// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Has bindgen declare the functions of `wrapper.h`, and write a C function around each that is static: the helpers.
//! What is not static is in DPDK's libraries.

use std::env;
use std::path::PathBuf;
use std::process::Command;

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    let helpers = out.join("helpers.c");
    let flags = compiler_flags();
    bindgen::builder()
        .header("wrapper.h")
        .clang_args(&flags)
        .allowlist_function("rte_ring_(get_memsize|init|enqueue|dequeue|count)")
        .allowlist_function("rte_pktmbuf_(reset|append|prepend|adj|trim)")
        .allowlist_function("rte_ipv4_cksum")
        .allowlist_type("rte_ipv4_hdr")
        .wrap_static_fns(true)
        .wrap_static_fns_path(&helpers)
        .parse_callbacks(Box::new(bindgen::CargoCallbacks::new()))
        .generate()
        .expect("headers of DPDK, of Debian's libdpdk-dev")
        .write_to_file(out.join("bindings.rs"))
        .expect("a writable OUT_DIR");

    inline_helpers_build::Build::new()
        .file(&helpers)
        .include(".")
        .flags(&flags)
        .compile("dpdk");
    for library in ["rte_ring", "rte_mbuf", "rte_mempool", "rte_eal"] {
        println!("cargo::rustc-link-lib={library}");
    }
}

/// Those that DPDK's headers are to be compiled with. They name a processor with more than Rust's baseline: where a
/// helper needs that, and the crate has it not (`-Ctarget-cpu`), it stays a call.
fn compiler_flags() -> Vec<String> {
    let command = ["--cflags", "libdpdk"];
    let output = Command::new("pkg-config").args(command).output();
    let output = output.expect("pkg-config, of Debian's package of that name");
    assert!(output.status.success(), "pkg-config does not know libdpdk");
    let flags = String::from_utf8(output.stdout).unwrap();
    flags.split_whitespace().map(str::to_string).collect()
}
