//! Every way in which a command can fail, what it says, and the exit code it ends with.

use std::{io, process::ExitCode};

use serde_json::json;
use thiserror::Error;

use crate::terminal;

/// Why a command did not do what it was asked. `Display` is the sentence for the operator; no secret is in it.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// A function refused, in its own words.
    #[error("{message} ({kind})")]
    Refused { kind: String, message: String },
    /// A function's answer is not of the form that it promises.
    #[error("the answer of {0} is not understood; are this tool and the functions of one version?")]
    NotUnderstood(String),
    /// The command was done, and what it found is bad; that has been said already.
    #[error("something needs attention")]
    Unhealthy,
    /// What was asked makes no sense as it stands.
    #[error("{0}")]
    Usage(String),
    /// No function has heard of it: the network, the credentials, the region, or AWS itself.
    #[error("{0}")]
    Unreachable(String),
    /// What was to be shown cannot be written.
    #[error("the output cannot be written: {0}")]
    Output(#[from] io::Error),
}

impl Failure {
    const REFUSED: u8 = 1;
    pub(crate) const USAGE: u8 = 2;
    const UNREACHABLE: u8 = 3;

    /// Says it on standard error, as JSON for a machine, and gives the exit code. Silent if the reader of the output has gone.
    pub(crate) fn report(&self, json: bool) -> ExitCode {
        let (kind, code) = match self {
            Self::Refused { kind, .. } => (kind.as_str(), Self::REFUSED),
            Self::NotUnderstood(_) => ("NotUnderstood", Self::REFUSED),
            Self::Unhealthy => return ExitCode::from(Self::REFUSED),
            Self::Usage(_) => ("Usage", Self::USAGE),
            Self::Unreachable(_) => ("Unreachable", Self::UNREACHABLE),
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
            Self::Output(_) => ("Output", Self::REFUSED),
        };
        if json {
            let message = match self {
                Self::Refused { message, .. } => message.clone(),
                other => other.to_string(),
            };
            eprintln!("{}", terminal::json(&json!({ "errorType": kind, "errorMessage": message })));
        } else {
            eprintln!("error: {}", terminal::harmless(&self.to_string()));
        }
        ExitCode::from(code)
    }
}
