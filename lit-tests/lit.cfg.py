# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Configuration of all lit suites.

Parameters (lit --param NAME=VALUE):
  rustc         the rustc of %rustc (default: the one the build is for)
  opt           the program to run as opt, in which the plugin is linked
                (default: LLVM's opt, which loads it)
  suite=kernel  the kernel suite is asked for
  other-plugin  a plugin built for another LLVM (default: that of the
                project's other preset)

Environment:
  INLINE_HELPERS_REQUIRE_FEATURES=1   a missing feature is an error: a test
                                      that is skipped has not passed
"""

import os
import re
import shutil
import subprocess

import lit.formats

config.name = "inline-helpers"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".ll", ".c", ".rs", ".test"]
config.excludes = ["Inputs", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)

rustc = lit_config.params.get("rustc", config.rustc)


def output_of(*command):
    """Standard output of a command, empty if it cannot run."""
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout
    except OSError:
        return ""


rustc_version = output_of(rustc, "-vV")
release = re.search(r"^release: (\S+)", rustc_version, re.M)
release = release.group(1) if release else "none"
# Each compiler's outputs have a folder of their own: suites run in parallel.
config.test_exec_root = os.path.join(
    config.project_binary_dir, "lit-tests", "output", release)

# LLVM's tools (opt, llvm-as, FileCheck, not, split-file, ...) and the product.
config.environment["PATH"] = os.pathsep.join([
    os.path.join(config.project_binary_dir, "bin"),
    config.llvm_tools_dir,
    os.environ["PATH"],
])
for variable in ("HOME", "CARGO_HOME", "RUSTUP_HOME", "CI", "TERM"):
    if variable in os.environ:
        config.environment[variable] = os.environ[variable]
# -Z on a stable compiler; a kernel build sets it itself.
config.environment["RUSTC_BOOTSTRAP"] = "1"
config.environment.pop("INLINE_HELPERS", None)


def find(*names):
    """The first of the programs that this machine has, or None."""
    path = config.environment["PATH"]
    return next((p for p in (shutil.which(n, path=path) for n in names) if p), None)


def plugin(major, build):
    return os.path.join(build, "lib", f"InlineHelpers-{major}.so")


major = config.llvm_major
config.substitutions += [
    ("%plugin", plugin(major, config.project_binary_dir)),
    ("%rustc", rustc),
    ("%cargo", find("cargo") or "cargo"),
    ("%source", config.project_source_dir),
    ("%build", config.project_binary_dir),
    ("%llvm-major", str(major)),
    ("%kernel-harness",
     # of the distribution, whose package python3-tabulate it needs
     f"/usr/bin/python3 -B {config.project_source_dir}/tools/kernel/kernel.py "
     f"--build {config.project_binary_dir}"),
]

# LLVM's verifier runs after each step of the pass (passes/Step.h).
config.substitutions.append(
    (r"(?<![\w./-])opt(?= )",
     lit_config.params.get("opt", "opt") + " -verify-each"))
if "opt" not in lit_config.params:
    config.available_features.add("plugin")

# Another LLVM than the one of this build, to be refused by it and to refuse it.
other = 19 if major != 19 else 22
other_tools = f"/usr/lib/llvm-{other}/bin"
builds = [os.path.join(config.project_source_dir, folder)
          for folder in ("build", f"build-llvm-{other}")]
other_plugin = lit_config.params.get("other-plugin", next(
    (p for p in (plugin(other, b) for b in builds) if os.path.exists(p)), ""))
config.substitutions += [
    ("%other-plugin", other_plugin),
    ("%other-llvm", str(other)),
    ("%other-opt", os.path.join(other_tools, "opt")),
    ("%other-clang", os.path.join(other_tools, "clang")),
]


def has_packages(*names):
    """Whether the distribution's Python has packages."""
    program = f"from importlib.util import find_spec; print(all(map(find_spec, {names})))"
    return output_of("/usr/bin/python3", "-c", program).strip() == "True"


# Features: name, whether it is there, what brings it.
tools = config.llvm_tools_dir
features = {
    "opt": (os.path.exists(os.path.join(tools, "opt")), f"llvm-{major}"),
    "clang": (os.path.exists(os.path.join(tools, "clang")), f"clang-{major}"),
    "lld": (bool(find(f"ld.lld-{major}", "ld.lld")), f"lld-{major}"),
    "rustc": (f"LLVM version: {major}." in rustc_version, "rustc-web"),
    "csmith": (bool(find("csmith")) and os.path.exists("/usr/include/csmith"), "csmith libcsmith-dev"),
    "cargo": (bool(find("cargo")), "cargo-web"),
    "dpdk": (os.path.exists("/usr/include/dpdk/rte_hash_crc.h"), "libdpdk-dev"),
    "liburing": (os.path.exists("/usr/include/liburing.h"), "liburing-dev"),
    "plots": (has_packages("matplotlib", "markdown", "tabulate"),
              "python3-matplotlib python3-markdown python3-tabulate"),
    "zsh": (bool(find("zsh")), "zsh"),
    "fish": (bool(find("fish")), "fish"),
    "mandoc": (bool(find("mandoc")), "mandoc"),
    "book": (has_packages("markdown_it", "mdit_py_plugins"), "python3-myst-parser"),
    "gcc": (bool(find("gcc")), "gcc"),
    "static-llvm": (config.static_llvm and os.path.exists("/usr/include/zlib.h")
                    and os.path.exists("/usr/include/zstd.h"), "zlib1g-dev libzstd-dev"),
    "other-llvm": (os.path.exists(os.path.join(other_tools, "opt"))
                   and os.path.exists(os.path.join(other_tools, "clang")),
                   f"clang-{other} llvm-{other}-tools"),
    "other-plugin": (bool(other_plugin), "what `cmake --build` makes of the other preset"),
}
# Its packages are many: they are needed where its suite is asked for.
if lit_config.params.get("suite") == "kernel":
    features["kernel"] = (
        all(find(p) for p in ("qemu-system-x86_64", "flex", "bison", "bc"))
        and os.path.exists("/usr/src/linux-source-6.12.tar.xz"),
        "what tools/setup --kernel lists")
    features["arm64"] = (
        all(find(p) for p in ("aarch64-linux-gnu-gcc", "qemu-aarch64-static"))
        and os.path.exists(os.path.join(config.project_binary_dir, "rust-std-arm64")),
        "what tools/setup --check unpacks")
required = os.environ.get("INLINE_HELPERS_REQUIRE_FEATURES") == "1"
for name, (present, package) in features.items():
    if present:
        config.available_features.add(name)
    elif required:
        lit_config.fatal(f"feature '{name}' is missing; it needs {package}")
config.available_features.add(f"llvm-{major}")
