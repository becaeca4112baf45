//! The ways in which a command fails: the message, the hint and the exit code of each.

use std::{io, process::ExitCode};

use serde_json::json;
use thiserror::Error;

use crate::{
    colour::{self, painted},
    refusal::Refusal,
    terminal,
};

/// Why a command failed. No secret is in it.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// A function answered with an error.
    #[error("{}", .0.message)]
    Refused(Box<Refusal>),
    /// An answer does not have the documented form; the text says what is wrong with it.
    #[error("an answer is not understood: {0}")]
    NotUnderstood(String),
    /// The command has printed what failed.
    #[error("a check failed")]
    Unhealthy,
    /// The command line asks for something that cannot be done.
    #[error("{message}")]
    Usage { message: String, hint: String },
    /// AWS did not run a function: the network, the credentials, the region, a permission, or AWS itself.
    #[error("{message}")]
    Unreachable { message: String, hint: String },
    /// The user has pressed Ctrl-C before every row of a file had its outcome.
    #[error("interrupted before the end of the file")]
    Interrupted,
    /// Standard output cannot be written, or the terminal cannot be used.
    #[error("input or output failed: {0}")]
    Output(#[from] io::Error),
}

impl Failure {
    const REFUSED: u8 = 1;
    pub(crate) const USAGE: u8 = 2;
    const UNREACHABLE: u8 = 3;
    /// As a shell reports a program that SIGINT has ended.
    const INTERRUPTED: u8 = 130;

    /// A [`Self::Usage`] of these texts.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), hint: hint.into() }
    }

    /// Prints the failure of `spapi-auth <command>` on standard error, as JSON if `json`, and returns the exit code. Prints
    /// nothing where the reader of standard output has closed it.
    pub(crate) fn report(&self, command: &str, json: bool) -> ExitCode {
        let (kind, code) = match self {
            Self::Refused(refusal) => (refusal.kind.as_str(), Self::REFUSED),
            Self::NotUnderstood(_) => ("NotUnderstood", Self::REFUSED),
            Self::Unhealthy => return ExitCode::from(Self::REFUSED),
            Self::Usage { .. } => ("Usage", Self::USAGE),
            Self::Unreachable { .. } => ("Unreachable", Self::UNREACHABLE),
            Self::Interrupted => ("Interrupted", Self::INTERRUPTED),
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
            Self::Output(_) => ("Output", Self::REFUSED),
        };
        if json {
            let message = match self {
                Self::Usage { message, hint } | Self::Unreachable { message, hint } => {
                    format!("{message}; {hint}")
                }
                other => other.to_string(),
            };
            eprintln!("{}", terminal::json(&json!({ "errorType": kind, "errorMessage": message })));
        } else {
            let painted = |text, style| painted(text, style, &io::stderr());
            eprintln!("{} {}", painted("error:", colour::BAD), terminal::escaped(&self.sentence(command)));
            if let Some(hint) = self.hint(command) {
                eprintln!("\n{} {}", painted("hint:", colour::GOOD), terminal::escaped(&hint));
            }
        }
        ExitCode::from(code)
    }

    /// What failed, and of which command.
    fn sentence(&self, command: &str) -> String {
        match self {
            Self::Refused(refusal) => refusal.sentence(command),
            Self::NotUnderstood(what) => {
                format!("an answer to `spapi-auth {command}` is not understood: {what}")
            }
            other => other.to_string(),
        }
    }

    /// What to do now.
    fn hint(&self, command: &str) -> Option<String> {
        match self {
            Self::Refused(refusal) => refusal.hint(command),
            Self::NotUnderstood(_) => {
                Some("install the version of `spapi-auth` that belongs to the deployed functions".to_owned())
            }
            Self::Usage { hint, .. } | Self::Unreachable { hint, .. } => Some(hint.clone()),
            Self::Interrupted => {
                Some("run the same command again: rows that have their outcome are skipped".to_owned())
            }
            Self::Unhealthy | Self::Output(_) => None,
        }
    }
}
