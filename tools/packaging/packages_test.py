#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests the packages of two builds: what is in them, and that they can be installed, used and removed."""

from __future__ import annotations

import argparse
import fnmatch
import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path

from machine import Machine

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
MAJORS = (22, 19)

_options = argparse.Namespace()
_made = argparse.Namespace()

_HELPERS = "int helper_twice(int x) { return x + x; }\n"
_MAIN = """\
unsafe extern "C" { fn helper_twice(x: i32) -> i32; }
fn main() { std::process::exit(unsafe { helper_twice(std::env::args().count() as i32) }) }
"""
_BUILD = """\
use std::{env, path::Path, process::Command};
fn main() {
    let bitcode = Path::new(&env::var("OUT_DIR").unwrap()).join("helpers.bc");
    let status = Command::new("inline-helpers").args(["compile", "helpers.c", "-o"]).arg(&bitcode).status();
    assert!(status.unwrap().success());
    println!("cargo::rustc-env=INLINE_HELPERS=library={};leftover=error", bitcode.display());
}
"""
# There is no native object: what is not inlined does not link.
_WRITE = f"""
mkdir -p /tmp/use/src
cd /tmp/use
cat > helpers.c <<'END'
{_HELPERS}END
cat > src/main.rs <<'END'
{_MAIN}END
cat > build.rs <<'END'
{_BUILD}END
cat > Cargo.toml <<'END'
package = {{ name = "use", version = "0.1.0", edition = "2024" }}
END
"""


def build_folder(major: int) -> Path:
    """The build of a preset that packages are made of."""
    return Path(_options.build if major == 22 else _options.build_19)


def output(*command: object, folder: Path = PROJECT) -> str:
    """What a command prints; it must succeed."""
    done = subprocess.run([str(word) for word in command], cwd=folder, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise AssertionError(f"{command} failed\n{done.stdout}")
    return done.stdout


def make(major: int, folder: Path) -> list[Path]:
    """Makes the packages of a build in a folder: that of Debian, and the archive."""
    output("cpack", "-B", folder, folder=build_folder(major))
    made = sorted(path for path in folder.iterdir() if path.is_file())
    if [path.suffix for path in made] != [".gz", ".deb"]:
        raise AssertionError(f"cpack wrote {made}")
    return made[::-1]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def expected_files(name: str, major: int, commands: list[str]) -> list[str]:
    """The patterns of a list: MAJOR is the LLVM's, and a line with COMMAND is one for each command."""
    lines = (HERE / name).read_text().replace("MAJOR", str(major)).splitlines()
    return [line.replace("COMMAND", command) for line in lines
            for command in (commands if "COMMAND" in line else [""])]


def differences(files: list[str], expected: list[str]) -> list[str]:
    """Files that no pattern is for, and patterns that no file is for."""
    extra = [file for file in files if not any(fnmatch.fnmatchcase(file, pattern) for pattern in expected)]
    missing = [pattern for pattern in expected if not fnmatch.filter(files, pattern)]
    return [f"not expected: {file}" for file in extra] + [f"missing: {pattern}" for pattern in missing]


def files_of(archive: tarfile.TarFile) -> list[str]:
    """The files and links in an archive, in its order."""
    return [member.name.removeprefix("./") for member in archive if not member.isdir()]


def commands(major: int) -> list[str]:
    """The commands that have a man page each."""
    return output(build_folder(major) / "bin/inline-helpers", "--generate=commands").split()


def setUpModule() -> None:
    """Makes the packages, once for all tests."""
    folder = tempfile.TemporaryDirectory(prefix="inline-helpers-packages-")
    unittest.addModuleCleanup(folder.cleanup)
    _made.folder = Path(folder.name)
    _made.packages = {major: make(major, _made.folder / str(major)) for major in MAJORS}


class Contents(unittest.TestCase):
    """What is in the packages."""

    def test_debian_files(self) -> None:
        """A Debian package has just the files that it should have."""
        for major in MAJORS:
            data = subprocess.run(["dpkg-deb", "--fsys-tarfile", _made.packages[major][0]], check=True, stdout=subprocess.PIPE)
            files = files_of(tarfile.open(fileobj=io.BytesIO(data.stdout)))
            self.assertEqual(differences(files, expected_files("debian-files.txt", major, commands(major))), [])

    def test_archive_files(self) -> None:
        """So has an archive, in one folder."""
        for major in MAJORS:
            archive = _made.packages[major][1]
            top = archive.name.removesuffix("tar.gz").rstrip(".") + "/"
            files = files_of(tarfile.open(archive))
            self.assertEqual([file for file in files if not file.startswith(top)], [])
            files = [file.removeprefix(top) for file in files]
            self.assertEqual(differences(files, expected_files("archive-files.txt", major, commands(major))), [])

    def test_same_bytes(self) -> None:
        """The same build gives the same bytes."""
        again = make(22, _made.folder / "again")
        self.assertEqual([digest(path) for path in again], [digest(path) for path in _made.packages[22]])

    def test_lintian(self) -> None:
        """Debian's checker of packages finds nothing wrong."""
        packages = [_made.packages[major][0] for major in MAJORS]
        self.assertEqual(output("lintian", "--allow-root", "--fail-on=error,warning", "--display-level=>=warning", *packages), "")

    def test_archive_anywhere(self) -> None:
        """An archive works where it is unpacked: the command finds the plugin, and rustc loads it."""
        for major, rustc in ((22, _options.rustc), (19, _options.rustc_19)):
            folder = _made.folder / f"anywhere-{major}"
            folder.mkdir()
            output("tar", "--extract", "--strip-components=1", f"--file={_made.packages[major][1]}", folder=folder)
            (folder / "helpers.c").write_text(_HELPERS)
            (folder / "main.rs").write_text(_MAIN)
            output("bin/inline-helpers", "compile", "helpers.c", "-o", "helpers.bc", folder=folder)
            flags = output("bin/inline-helpers", "flags", "helpers.bc", "--leftover=error", folder=folder).split()
            self.assertEqual(flags[0], f"-Zllvm-plugins={folder}/lib/InlineHelpers-{major}.so")
            output("env", "RUSTC_BOOTSTRAP=1", rustc, "--edition=2024", "-O", *flags, "main.rs", folder=folder)
            self.assertEqual(subprocess.run([folder / "main"]).returncode, 2)


class Installed(unittest.TestCase):
    """Debian packages for two LLVMs in a copy of this machine: installed, used, and removed."""

    def run_in(self, machine: Machine, script: str) -> str:
        done = machine.run(script)
        if done.returncode != 0:
            self.fail(f"{script}\nfailed in the copy of this machine:\n{done.stdout}")
        return done.stdout

    def check_names(self, machine: Machine, major: int) -> None:
        """The names without a number are those of MAJOR: the command, its page and all else that has such a name."""
        self.assertIn(f"(LLVM {major}.", self.run_in(machine, "inline-helpers --version"))
        page = self.run_in(machine, "readlink --canonicalize-existing $(man --path inline-helpers-compile)")
        self.assertEqual(page, f"/usr/share/man/man1/inline-helpers-{major}-compile.1.gz\n")
        links = self.run_in(machine, "find /etc/alternatives -lname '*inline-helpers-*' -printf '%p %l\n'").splitlines()
        self.assertGreater(len(links), len(commands(major)))
        for link in links:
            self.assertIn(f"inline-helpers-{major}", self.run_in(machine, f"readlink --canonicalize-existing {link.split()[0]}"))
        self.run_in(machine, "test -e /usr/share/bash-completion/completions/inline-helpers")
        self.run_in(machine, "test -e /usr/share/fish/vendor_completions.d/inline-helpers.fish")

    def check_rustc(self, machine: Machine, command: str, rustc: str, major: int) -> None:
        """rustc loads the plugin that the command has found by itself, and inlines the helper."""
        self.run_in(machine, f"""
            cd /tmp/use
            {command} compile helpers.c -o helpers.bc
            flags=$({command} flags helpers.bc --leftover=error)
            [[ $flags == -Zllvm-plugins=/usr/lib/inline-helpers-{major}/lib/InlineHelpers-{major}.so\ * ]]
            RUSTC_BOOTSTRAP=1 {rustc} --edition=2024 -O $flags src/main.rs
            status=0
            ./main || status=$?
            [ $status = 2 ]
        """)

    def test_installed(self) -> None:
        top = _made.folder / "machine"
        top.mkdir()
        debian = {major: _made.packages[major][0] for major in MAJORS}
        with Machine(top, PROJECT) as machine:
            self.run_in(machine, f"dpkg --install {debian[19]} {debian[22]}")
            self.check_names(machine, 22)
            self.run_in(machine, _WRITE)
            self.check_rustc(machine, "inline-helpers", _options.rustc, 22)
            self.check_rustc(machine, "inline-helpers-22", _options.rustc, 22)
            self.check_rustc(machine, "inline-helpers-19", _options.rustc_19, 19)
            wrong = machine.run(f"cd /tmp/use && inline-helpers check helpers.bc --rustc={_options.rustc_19}").stdout
            self.assertIn("inline-helpers-19", wrong)
            # cargo
            self.run_in(machine, f"""
                cd /tmp/use
                export RUSTC={_options.rustc} RUSTC_BOOTSTRAP=1
                RUSTFLAGS=-Zllvm-plugins=$(ls /usr/lib/inline-helpers-22/lib/*.so) {_options.cargo} build --release --offline
                status=0
                target/release/use || status=$?
                [ $status = 2 ]
            """)
            self.run_in(machine, "dpkg --remove inline-helpers-22")
            self.check_names(machine, 19)
            # An older one does not take the names.
            self.run_in(machine, f"dpkg --install {debian[22]} {debian[19]}")
            self.check_names(machine, 22)
            self.assertGreater(len(machine.changes()), 50)
            self.run_in(machine, "dpkg --purge inline-helpers-19 inline-helpers-22")
            self.assertEqual(machine.changes(), [])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=PROJECT / "build", type=Path)
    parser.add_argument("--build-19", default=PROJECT / "build-llvm-19", type=Path)
    parser.add_argument("--rustc", default="/usr/bin/rustc", help="one with LLVM 22")
    parser.add_argument("--rustc-19", default=str(PROJECT / "build/rustc-1.85/rustc"), help="one with LLVM 19")
    parser.add_argument("--cargo", default="/usr/bin/cargo")
    _options, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
