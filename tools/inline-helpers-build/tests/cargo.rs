// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Packages whose build scripts use this crate, built by cargo: what they compute, what is inlined, and what is
//! compiled again.
//!
//! inline-helpers is built first, in `../../build` or the folder that `INLINE_HELPERS_BUILD` names.

mod support;

use std::fs;
use std::os::unix::fs::{symlink, PermissionsExt};
use std::path::Path;
use std::process::Command;
use support::{find, plugin, Project};

const NONE: [&str; 0] = [];

/// Prints what the helper returns.
const MAIN: &str = r#"
extern "C" {
    fn helper_value() -> i32;
}
fn main() {
    println!("value {}", unsafe { helper_value() });
}
"#;

const BUILD: &str = r#"
fn main() {
    inline_helpers_build::Build::new().file("helpers.c").compile("helpers");
}
"#;

const HELPERS: &str = "int helper_value(void) { return 1; }\n";

fn simple(name: &str) -> Project {
    let files = [
        ("build.rs", BUILD),
        ("src/main.rs", MAIN),
        ("helpers.c", HELPERS),
    ];
    Project::new(name, &files)
}

#[test]
fn a_changed_header_compiles_what_used_it_and_nothing_else() {
    let project = Project::new(
        "header",
        &[
            (
                "build.rs",
                r##"
                fn main() {
                    // Written by this script: it must not make it run again.
                    let wrapper = std::path::Path::new(&std::env::var("OUT_DIR").unwrap()).join("wrapper.c");
                    std::fs::write(&wrapper, "#include <value.h>\nint helper_value(void) { return value(); }\n").unwrap();
                    inline_helpers_build::Build::new()
                        .file(wrapper)
                        .flag("-isystem")
                        .flag("my headers")
                        .compile("helpers");
                }
                "##,
            ),
            ("src/main.rs", MAIN),
            (
                "my headers/value.h",
                "static inline int value(void) { return 1; }\n",
            ),
            (
                "other/Cargo.toml",
                "[package]\nname = \"other\"\nversion = \"0.0.0\"\n",
            ),
            ("other/src/lib.rs", ""),
        ],
    );
    let manifest = fs::read_to_string(project.folder.join("Cargo.toml")).unwrap();
    let dependency = "[dependencies]\nother = { path = \"other\" }\n[workspace]";
    project.write("Cargo.toml", &manifest.replace("[workspace]", dependency));
    for (profile, folder) in [("dev", "debug"), ("release", "release")] {
        let build = || project.cargo(&["build", "--profile", profile]).ok();
        let program = project.program(folder);

        project.write(
            "my headers/value.h",
            "static inline int value(void) { return 1; }\n",
        );
        build();
        assert_eq!(program.prints(), "value 1");
        assert_eq!(program.called(), NONE);

        assert_eq!(build().compiled(), NONE);

        project.write(
            "my headers/value.h",
            "static inline int value(void) { return 2; }\n",
        );
        assert_eq!(build().compiled(), ["header"]);
        assert_eq!(program.prints(), "value 2");
        assert_eq!(program.called(), NONE);
        // What no build needs any more is gone.
        assert_eq!(project.archives(folder), 1);
    }
}

#[test]
fn a_header_that_clang_alone_includes_is_watched() {
    let project = simple("clang_header");
    project.write("helpers.c", "#ifdef __clang__\n#include \"value.h\"\n#else\n#define VALUE 1\n#endif\nint helper_value(void) { return VALUE; }\n");
    project.write("value.h", "#define VALUE 1\n");
    project.build();
    project.write("value.h", "#define VALUE 2\n");
    assert_eq!(project.build().prints(), "value 2");
}

#[test]
fn without_the_plugin_helpers_are_calls_and_one_warning_says_so() {
    let project = simple("no_plugin");
    project.write(
        "build.rs",
        r#"
        fn main() {
            inline_helpers_build::Build::new().file("helpers.c").compile("helpers");
            inline_helpers_build::Build::new().file("more.c").compile("c");
        }
        "#,
    );
    // Of the system's library of that name nothing is hidden.
    project.write("more.c", "int helper_more(void) { return 1; }\n");
    project.write(".cargo/config.toml", "");
    let built = project.cargo(&["build"]).ok();
    let warning = "warning: no_plugin@0.0.0: helpers are calls: rustc is not told to load the plugin; help: build with \
                   'cargo inline-helpers build', or put the plugin into rustflags";
    assert_eq!(built.warnings(), [warning]);
    let program = project.program("debug");
    assert_eq!(program.prints(), "value 1");
    assert_eq!(program.called(), ["helper_value"]);

    // The plugin is added, and taken away again.
    let config = format!(
        "build.rustflags = [\"-Zllvm-plugins={}\"]\nenv.RUSTC_BOOTSTRAP = \"1\"\n",
        plugin()
    );
    project.write(".cargo/config.toml", &config);
    assert_eq!(project.cargo(&["build"]).ok().warnings(), NONE);
    assert_eq!(program.called(), NONE);
    project.write(".cargo/config.toml", "");
    assert_eq!(project.cargo(&["build"]).ok().warnings(), [warning]);
    assert_eq!(program.called(), ["helper_value"]);
}

#[test]
fn what_is_missing_is_a_warning_or_an_error_where_helpers_are_required() {
    let mut project = simple("missing");
    let warning = |project: &Project| {
        let built = project.cargo(&["build"]).ok();
        let program = project.program("debug");
        assert_eq!(program.prints(), "value 1");
        assert_eq!(program.called(), ["helper_value"]);
        built
            .warnings()
            .join("\n")
            .replace("warning: missing@0.0.0: ", "")
    };
    project.set("INLINE_HELPERS_COMMAND", "/none");
    let no_command =
        "there is no command '/none'; help: install inline-helpers, or name the command with \
                      INLINE_HELPERS_COMMAND";
    assert_eq!(
        warning(&project),
        format!("helpers are calls: {no_command}")
    );
    project.set("INLINE_HELPERS_REQUIRED", "1");
    let built = project.cargo(&["build"]);
    assert!(!built.success);
    let error = format!("  error: helpers must be inlined, and are calls: {no_command}\n");
    assert!(built.messages.contains(&error), "{}", built.messages);
    assert!(!built.messages.contains("panicked"), "{}", built.messages);
    project.set("INLINE_HELPERS_REQUIRED", "yes");
    let built = project.cargo(&["build"]);
    let error = "  error: INLINE_HELPERS_REQUIRED is 'yes'; help: its values are 0 and 1\n";
    assert!(
        !built.success && built.messages.contains(error),
        "{}",
        built.messages
    );

    project.set("INLINE_HELPERS_REQUIRED", "0");

    // A command that is installed beside the plugin of another LLVM.
    let other = project.folder.join("other-command");
    let other = other.display().to_string();
    let script =
        "#!/bin/sh\ninline-helpers \"$@\" | sed s/InlineHelpers-[0-9]*/InlineHelpers-99/\n";
    project.write("other-command", script);
    fs::set_permissions(&other, fs::Permissions::from_mode(0o755)).unwrap();
    project.set("INLINE_HELPERS_COMMAND", &other);
    let major = support::llvm_major();
    let expected = format!(
        "helpers are calls: '{other}' is not for LLVM {major}, as the plugin in rustflags is; help: name the command of \
         that LLVM with INLINE_HELPERS_COMMAND"
    );
    assert_eq!(warning(&project), expected);

    project.set("INLINE_HELPERS_COMMAND", "inline-helpers");
    // What is missing is installed, as the warning says, and nothing else is done.
    let clang = project.folder.join("my-clang");
    let name = clang.display().to_string();
    project.set("INLINE_HELPERS_CLANG", &name);
    let no_clang = "help: install it, or name one with INLINE_HELPERS_CLANG";
    let expected = format!("helpers are calls: there is no clang '{name}'; {no_clang}");
    assert_eq!(warning(&project), expected);
    let installed = find(&format!("clang-{}", support::llvm_major())).unwrap();
    symlink(installed, clang).unwrap();
    assert_eq!(project.cargo(&["build"]).ok().warnings(), NONE);
    assert_eq!(project.program("debug").called(), NONE);

    if support::llvm_major() != "19" && find("clang-19").is_some() {
        project.set("INLINE_HELPERS_CLANG", "clang-19");
        let built = project.cargo(&["build"]).ok();
        assert_eq!(project.program("debug").called(), NONE);
        let [warning] = built.warnings()[..] else {
            panic!("{}", built.messages)
        };
        let start =
            "warning: missing@0.0.0: helpers with static variables are calls: inline-helpers: '";
        assert!(warning.starts_with(start), "{warning}");
    }

    project.set("INLINE_HELPERS_CLANG", "");
    let refuses = format!("#ifdef __clang__\n#error not by clang\n#endif\n{HELPERS}");
    project.write("helpers.c", &refuses);
    let refused = "helpers are calls: inline-helpers: helpers.c:2:2: error: not by clang; help: 'cargo build -vv' shows \
                   all that it says";
    assert_eq!(warning(&project), refused);
    project.write("helpers.c", "#include <nothing.h>\n");
    let built = project.cargo(&["build"]);
    let error = "  error: cc: helpers.c:1:10: fatal error: nothing.h: No such file or directory; help: name the folder of a \
                 missing header with include(), or install what has it\n";
    assert!(
        !built.success && built.messages.contains(error),
        "{}",
        built.messages
    );
    project.write("helpers.c", &refuses);

    project.write(
        "build.rs",
        &BUILD.replace(".compile", ".required(true).compile"),
    );
    let built = project.cargo(&["build"]);
    assert!(!built.success);
    assert!(built.messages.contains(
        "  error: helpers must be inlined, and are calls: inline-helpers: helpers.c:2:2:"
    ));
}

#[test]
fn libraries_of_one_script_and_the_parameters_of_the_environment_add_up() {
    let mut project = simple("several");
    project.write(
        "build.rs",
        r#"
        fn main() {
            let mut cc = cc::Build::new();
            cc.file("helpers.c").file("assembly.S").define("VALUE", "30");
            inline_helpers_build::Build::from(cc).compile("first");
            inline_helpers_build::Build::new().cpp(true).file("more.cpp").compile("second");
            let error = inline_helpers_build::Build::new().file("helpers.c").try_compile("second").unwrap_err();
            assert_eq!(error.to_string(), "two libraries are called 'second'; help: give each a name of its own");
            let error = inline_helpers_build::Build::new().file("none.c").try_compile("third").unwrap_err();
            assert!(error.to_string().starts_with("there is no file 'none.c'; help: bindgen writes one only where"));
        }
        "#,
    );
    project.write("helpers.c", "int helper_value(void) { return VALUE; }\n");
    project.write(
        "assembly.S",
        "#ifdef __x86_64__\n#define GIVE movl $10, %eax\n#else\n#define GIVE mov w0, #10\n#endif\n\
         .globl ten\nten: GIVE\nret\n.section .note.GNU-stack,\"\"\n",
    );
    project.write(
        "more.cpp",
        "extern \"C\" int helper_more() { return int{2}; }\n",
    );
    project.write(
        "src/main.rs",
        r#"
        extern "C" {
            fn helper_value() -> i32;
            fn helper_more() -> i32;
            fn ten() -> i32;
        }
        fn main() {
            println!("value {}", unsafe { helper_value() + helper_more() + ten() });
        }
        "#,
    );
    let reports = project.folder.join("reports");
    project.set("INLINE_HELPERS", &format!("report={}", reports.display()));
    let program = project.build();
    assert_eq!(program.prints(), "value 42");
    assert_eq!(program.called(), NONE);
    let report = Command::new(support::build_folder().join("bin/inline-helpers"))
        .arg("report")
        .arg(&reports)
        .output();
    let report = String::from_utf8(report.unwrap().stdout).unwrap();
    assert!(
        report.contains("2 helpers in 1 crate: 2 imported"),
        "{report}"
    );
    assert_eq!(project.cargo(&["build"]).ok().compiled(), NONE);

    // rustc would keep what it has compiled incrementally if its options did not change.
    project.write(
        "helpers.c",
        "int helper_value(int n, ...) { return VALUE; }\n",
    );
    let built = project.cargo(&["build"]).ok();
    let warning = "warning: several@0.0.0: helpers.c:1:22: warning: unused parameter 'n'";
    assert!(
        built
            .warnings()
            .iter()
            .any(|line| line.starts_with(warning)),
        "{}",
        built.messages
    );
    project.set("INLINE_HELPERS", "leftover=error");
    let built = project.cargo(&["build"]);
    assert!(
        !built.success && built.messages.contains("'helper_value' stays a call"),
        "{}",
        built.messages
    );
}

#[test]
fn generics_of_a_dependency_call_its_helpers_and_inline_them_where_asked_for() {
    let project = Project::empty("generics");
    let build = env!("CARGO_MANIFEST_DIR");
    let manifest = |name: &str, more: &str| {
        format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2021\"\n{more}\n\
             [build-dependencies]\ninline-helpers-build = {{ path = \"{build}\" }}\n"
        )
    };
    let dependency = "[dependencies]\nbase = { path = \"../base\" }\n";
    project.write(
        "Cargo.toml",
        "[workspace]\nmembers = [\"base\", \"generics\"]\nresolver = \"2\"\n",
    );
    project.write("base/Cargo.toml", &manifest("base", "links = \"base\"\n"));
    project.write("base/build.rs", BUILD);
    let counts = "static int count;\nint helper_next(void) { return ++count; }\n";
    project.write("base/helpers.c", &format!("{HELPERS}{counts}"));
    project.write(
        "base/src/lib.rs",
        r#"
        extern "C" {
            fn helper_value() -> i32;
            fn helper_next() -> i32;
        }
        pub fn generic<T: From<i32>>() -> [T; 2] {
            unsafe { [helper_value().into(), helper_next().into()] }
        }
        #[inline(never)]
        pub fn plain() -> [i32; 2] {
            unsafe { [helper_value(), helper_next()] }
        }
        "#,
    );
    project.write("generics/Cargo.toml", &manifest("generics", dependency));
    project.write("generics/build.rs", &BUILD.replace("helpers.c", "own.c"));
    project.write("generics/own.c", "int helper_own(void) { return 5; }\n");
    project.write(
        "generics/src/main.rs",
        r#"
        extern "C" {
            fn helper_own() -> i32;
        }
        fn main() {
            println!("{:?} {:?} {}", base::generic::<i64>(), base::plain(), unsafe { helper_own() });
        }
        "#,
    );
    let program = project.build();
    assert_eq!(program.prints(), "[1, 1] [1, 2] 5");
    assert_eq!(program.called(), ["helper_next", "helper_value"]);

    project.write(
        "generics/build.rs",
        r#"
        fn main() {
            inline_helpers_build::from_dependencies();
            inline_helpers_build::Build::new().file("own.c").compile("helpers");
        }
        "#,
    );
    project.build();
    assert_eq!(program.prints(), "[1, 1] [1, 2] 5");
    assert_eq!(program.called(), NONE);

    let changed = HELPERS.replace('1', "2");
    project.write("base/helpers.c", &format!("{changed}{counts}"));
    assert_eq!(
        project.cargo(&["build"]).ok().compiled(),
        ["base", "generics"]
    );
    assert_eq!(program.prints(), "[2, 1] [2, 2] 5");
    assert_eq!(program.called(), NONE);

    project.write("generics/own.c", "int helper_own(void) { return 6; }\n");
    assert_eq!(project.cargo(&["build"]).ok().compiled(), ["generics"]);
    assert_eq!(program.prints(), "[2, 1] [2, 2] 6");
}

#[test]
fn a_target_and_a_profile_with_lto_inline_too() {
    let project = simple("profiles");
    let manifest = fs::read_to_string(project.folder.join("Cargo.toml")).unwrap();
    let profiles = "[profile.fat]\ninherits = \"release\"\nlto = \"fat\"\n\
                    [profile.thin]\ninherits = \"dev\"\nopt-level = 1\nlto = \"thin\"\n";
    project.write("Cargo.toml", &format!("{manifest}{profiles}"));
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    for profile in ["fat", "thin"] {
        project
            .cargo(&["build", "--profile", profile, "--target", &target])
            .ok();
        let program = project.program(&format!("{target}/{profile}"));
        assert_eq!(program.prints(), "value 1");
        assert_eq!(program.called(), NONE);
    }
}

#[test]
fn check_clippy_doc_and_test_work() {
    let project = simple("commands");
    project.write("src/lib.rs", "//! ```\n//! assert_eq!(commands::value(), 1);\n//! ```\nextern \"C\" {\n    fn helper_value() -> i32;\n}\n#[inline]\npub fn value() -> i32 {\n    unsafe { helper_value() }\n}\n#[test]\nfn is_one() {\n    assert_eq!(value(), 1);\n}\n");
    for arguments in [["check"].as_slice(), &["doc"], &["test"]] {
        project.cargo(arguments).ok();
    }
    // clippy has a rustc of its own.
    if std::env::var_os("RUSTC").is_none() && find("cargo-clippy").is_some() {
        project.cargo(&["clippy", "--", "-Dwarnings"]).ok();
    }
}

#[test]
fn a_cache_of_compilers_misses_when_a_helper_has_changed() {
    let Some(sccache) = find("sccache") else {
        return;
    };
    let mut project = simple("cached");
    let library = "extern \"C\" {\n    fn helper_value() -> i32;\n}\npub fn value() -> i32 {\n    unsafe { helper_value() }\n}\n";
    project.write("src/lib.rs", library);
    project.write(
        "src/main.rs",
        "fn main() {\n    println!(\"{}\", cached::value());\n}\n",
    );
    project.set("RUSTC_WRAPPER", sccache.to_str().unwrap());
    project.set("CARGO_INCREMENTAL", "0");
    project.set(
        "SCCACHE_DIR",
        project.folder.join("cache").to_str().unwrap(),
    );
    // A server for this test alone.
    let port = 20000 + std::process::id() % 10000;
    project.set("SCCACHE_SERVER_PORT", &port.to_string());
    project.set("SCCACHE_IDLE_TIMEOUT", "60");
    // What the program prints, and how often sccache had a crate.
    let build = |project: &Project, value: &str| -> (String, u32) {
        project.write("helpers.c", &HELPERS.replace('1', value));
        project.cargo(&["clean", "-p", "cached"]).ok();
        let program = project.build();
        assert_eq!(program.called(), NONE);
        let output = project.run(Command::new(&sccache).arg("--show-stats"));
        let counts = String::from_utf8(output.stdout).unwrap();
        let hits = counts
            .lines()
            .find(|line| line.starts_with("Cache hits (Rust)"));
        let hits = hits.map_or("0", |line| line.split(' ').next_back().unwrap());
        (program.prints(), hits.parse().unwrap())
    };
    let (first, before) = build(&project, "1");
    let (second, changed) = build(&project, "2");
    let (third, again) = build(&project, "1");
    // The same sources and bitcode, but not the same parameters of the plugin.
    project.set("INLINE_HELPERS", "leftover=warn");
    let (fourth, other) = build(&project, "1");
    project.run(Command::new(&sccache).arg("--stop-server"));
    assert_eq!([first, second, third, fourth].join(" "), "1 2 1 1");
    assert_eq!(
        [changed - before, again - changed, other - again],
        [0, 1, 0]
    );
}

#[test]
fn a_program_for_arm64_has_its_helpers_inlined() {
    let target = "aarch64-unknown-linux-gnu";
    let library =
        support::build_folder().join(format!("rust-std-arm64/usr/lib/rustlib/{target}/lib"));
    let emulator = find("qemu-aarch64-static");
    if find("aarch64-linux-gnu-gcc").is_none()
        || emulator.is_none()
        || !Path::new(&library).exists()
    {
        return;
    }
    // The compiler of the same package as that library.
    let mut project = simple("arm64");
    project.write("helpers.c", &format!("#include <stdlib.h>\n{HELPERS}"));
    project.set("RUSTC", "/usr/bin/rustc");
    project.write(
        ".cargo/config.toml",
        &format!(
            "env.RUSTC_BOOTSTRAP = \"1\"\n[target.{target}]\nlinker = \"aarch64-linux-gnu-gcc\"\n\
             rustflags = [\"-Zllvm-plugins={}\", \"-L{}\"]\n",
            plugin(),
            library.display()
        ),
    );
    project.cargo(&["build", "--target", target]).ok();
    let program = project.program(&format!("{target}/debug"));
    assert_eq!(program.called(), NONE);
    let emulated = Command::new(emulator.unwrap())
        .args(["-L", "/usr/aarch64-linux-gnu"])
        .arg(&program.0)
        .output();
    assert_eq!(
        String::from_utf8(emulated.unwrap().stdout).unwrap(),
        "value 1\n"
    );
}
