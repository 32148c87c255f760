// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

//! What can go wrong.

use std::fmt;

/// Why helpers cannot be compiled, and what to do about it.
///
/// It is displayed as one line: `MESSAGE; help: CURE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    message: String,
    help: Option<String>,
}

impl Error {
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> Error {
        let (message, help) = (one_line(&message.into()), Some(one_line(&help.into())));
        Error { message, help }
    }

    /// An error of the `cc` crate, which has printed what the compiler says.
    pub(crate) fn of_cc(error: cc::Error) -> Error {
        Error::without_help(&error.to_string())
    }

    /// The error of a file or folder.
    pub(crate) fn of_file(path: &std::path::Path, error: &std::io::Error) -> Error {
        Error::without_help(&format!("'{}': {error}", path.display()))
    }

    /// The error that a command prints to its standard error: `error: …`, with the cure behind `help:`. If a compiler
    /// says more before that (`file.h:1:2: error: …`), it is the first line of it.
    pub(crate) fn of_output(program: &str, output: &str) -> Error {
        let line = output.lines().find(|line| line.contains("error:"));
        let line = line.or(output.lines().next()).unwrap_or("no reason given");
        let (message, help) = match line.strip_prefix("error: ") {
            Some(own) => {
                let help = output.split_once("help: ").map(|(_, help)| help);
                let help = help.and_then(|help| help.lines().next());
                (own.split("; help: ").next().unwrap_or(own), help)
            }
            None => (line, Some("'cargo build -vv' shows all that it says")),
        };
        Error {
            message: one_line(&format!("{program}: {message}")),
            help: help.map(one_line),
        }
    }

    pub(crate) fn without_help(message: &str) -> Error {
        let (message, help) = (one_line(message), None);
        Error { message, help }
    }

    /// The same error, as the reason for something else.
    pub(crate) fn because_of(self, what: &str) -> Error {
        let message = format!("{what}: {}", self.message);
        Error { message, ..self }
    }

    /// The same error, with another cure.
    pub(crate) fn with_help(self, help: &str) -> Error {
        let help = Some(help.to_string());
        Error { help, ..self }
    }

    /// The cure, where one is known.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(formatter, "; help: {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

/// A warning of cargo's ends where a line does.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_of_check() {
        let error = Error::of_output("check", "error: it is too new; help: take another\n");
        assert_eq!(
            error.to_string(),
            "check: it is too new; help: take another"
        );
    }

    #[test]
    fn two_lines_of_compile() {
        let error = Error::of_output("compile", "error: no clang was found\nhelp: install one\n");
        assert_eq!(
            error.to_string(),
            "compile: no clang was found; help: install one"
        );
    }

    #[test]
    fn first_error_of_a_compiler() {
        let output = "In file included from a.c:1:\na.h:2:1: error: no type\nerror: clang cannot compile 'a.c'\nhelp: see above\n";
        let error = Error::of_output("compile", output);
        assert_eq!(
            error.to_string(),
            "compile: a.h:2:1: error: no type; help: 'cargo build -vv' shows all that it says"
        );
    }

    #[test]
    fn a_command_that_says_nothing() {
        let error = Error::of_output("compile", "");
        assert_eq!(
            error.to_string(),
            "compile: no reason given; help: 'cargo build -vv' shows all that it says"
        );
    }
}
