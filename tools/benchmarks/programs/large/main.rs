// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Runs the programs beside this one, and searches what they print.
//! usage: large ITERATIONS

use regex_automata::{dfa, hybrid, meta, nfa::thompson::pikevm};

#[path = "../dpdk/main.rs"]
mod dpdk;
#[path = "../libdivide/main.rs"]
mod libdivide;
#[path = "../liburing/main.rs"]
mod liburing;
#[path = "../xxhash/main.rs"]
mod xxhash;

const PATTERN: &str = "[0-9]+[a-f]+";

/// The matches in a text, as each of the crate's engines counts them.
fn matches(text: &str) -> [usize; 4] {
    let meta = meta::Regex::new(PATTERN).unwrap();
    let dense = dfa::regex::Regex::new(PATTERN).unwrap();
    let lazy = hybrid::regex::Regex::new(PATTERN).unwrap();
    let pike = pikevm::PikeVM::new(PATTERN).unwrap();
    [
        meta.find_iter(text).count(),
        dense.find_iter(text).count(),
        lazy.find_iter(&mut lazy.create_cache(), text).count(),
        pike.find_iter(&mut pike.create_cache(), text).count(),
    ]
}

fn main() {
    let iterations = std::env::args().nth(1).and_then(|count| count.parse().ok());
    let iterations = iterations.expect("usage: large ITERATIONS");
    let sums = [
        dpdk::run(iterations),
        libdivide::run(iterations),
        liburing::run(iterations),
        xxhash::run(iterations),
    ];
    let text = sums.map(|sum| format!("{sum:016x}")).join(" ");
    println!("{text} {:?}", matches(&text));
}
