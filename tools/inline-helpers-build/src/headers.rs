// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! Which files a compiler reads.

use crate::command;
use crate::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// Returns what the rules in a file name, which a compiler has written.
pub(crate) fn read(rules: &Path) -> Result<Vec<PathBuf>, Error> {
    let text = fs::read_to_string(rules).map_err(|error| Error::of_file(rules, &error))?;
    Ok(prerequisites(&text).map(PathBuf::from).collect())
}

/// Returns the sources and every file they include, those of the system as well: a header of a C library is one.
///
/// What a compiler that takes Microsoft's options includes is not found.
pub(crate) fn find<'a>(
    compiler: &cc::Tool,
    sources: impl Iterator<Item = &'a Path>,
) -> Result<Vec<PathBuf>, Error> {
    let help = "name the folder of a missing header with include(), or install what has it";
    let mut files = Vec::new();
    for source in sources {
        files.push(source.to_path_buf());
        if compiler.is_like_msvc() || is_assembled(source) {
            continue;
        }
        let rule = command::run(compiler.to_command().arg("-M").arg(source));
        let rule = rule.map_err(|error| error.with_help(help))?;
        files.extend(prerequisites(&rule).map(PathBuf::from));
    }
    Ok(files)
}

/// Whether a file is assembly without a preprocessor, which includes nothing.
fn is_assembled(source: &Path) -> bool {
    source
        .extension()
        .is_some_and(|extension| extension == "s" || extension == "asm")
}

/// The prerequisites of rules that a compiler prints, in make's notation.
fn prerequisites(rules: &str) -> impl Iterator<Item = String> + '_ {
    // An escaped space is not the end of a name, an escaped newline is.
    let mut previous = ' ';
    let ends = move |next: char| {
        let ends = next == '\n' || (next == ' ' && previous != '\\');
        previous = next;
        ends
    };
    let names = rules
        .split(ends)
        .map(|name| name.trim_end_matches(['\\', '\r']));
    let names = names.filter(|name| !name.is_empty() && !name.ends_with(':'));
    names.map(|name| {
        let name = name.replace("\\ ", " ").replace("\\#", "#");
        name.replace("$$", "$")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rule: &str) -> Vec<String> {
        prerequisites(rule).collect()
    }

    #[test]
    fn lines_go_on() {
        assert_eq!(
            of("a.o: a.c b.h \\\n /usr/c.h\n"),
            ["a.c", "b.h", "/usr/c.h"]
        );
        assert_eq!(of("a.o: \\\n  a.c\n"), ["a.c"]);
        assert_eq!(
            of("a\\ b.o: a.c \\\n b.h\na\\ b.o: c.c\n"),
            ["a.c", "b.h", "c.c"]
        );
    }

    #[test]
    fn names_are_escaped() {
        assert_eq!(
            of("a.o: my\\ own/a.c b\\#1.h c$$.h\n"),
            ["my own/a.c", "b#1.h", "c$.h"]
        );
    }

    #[test]
    fn nothing_is_no_rule() {
        assert_eq!(of(""), [""; 0]);
    }
}
