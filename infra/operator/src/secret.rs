//! Secrets come from standard input, a file or an unseen line typed at a terminal, never from the arguments, which every user of
//! the machine can read.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, IsTerminal, Read},
    path::{Path, PathBuf},
};

use clap::Args;
use secrecy::{ExposeSecret, SecretString};

use crate::failure::Failure;

/// Where a secret comes from.
#[derive(Args)]
pub(crate) struct SecretSource {
    /// A file with the secret and nothing else; `-` or nothing is standard input, which a terminal does not show
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// What somebody may put there; taken only to be refused without being quoted.
    #[arg(hide = true)]
    misplaced: Vec<String>,
}

impl SecretSource {
    /// Reads it: without the line break at its end, and not empty. `what` is what a person at a terminal is asked for.
    pub(crate) fn read(&self, what: &str) -> Result<SecretString, Failure> {
        if !self.misplaced.is_empty() {
            return Err(misplaced());
        }
        let text = match self.secret_file.as_deref().filter(|path| *path != Path::new("-")) {
            Some(path) => {
                let named = |error| Failure::Usage(format!("{} cannot be read: {error}", path.display()));
                limited(File::open(path).map_err(named)?).map_err(named)?
            }
            None if io::stdin().is_terminal() => {
                rpassword::prompt_password(format!("{what}: ")).map(SecretString::from).map_err(|error| {
                    Failure::Usage(format!("nothing could be read from the terminal: {error}"))
                })?
            }
            None => limited(io::stdin())
                .map_err(|error| Failure::Usage(format!("standard input cannot be read: {error}")))?,
        };
        let trimmed = text.expose_secret().trim_end_matches(['\r', '\n']);
        if trimmed.is_empty() {
            return Err(Failure::Usage(format!(
                "no secret came; give the {what} on standard input, or in a file with --secret-file"
            )));
        }
        if trimmed.chars().any(char::is_whitespace) {
            return Err(Failure::Usage(format!(
                "the {what} must stand alone, on one line and without blanks"
            )));
        }
        Ok(SecretString::from(trimmed))
    }
}

/// Refuses arguments that look like a secret of Amazon, wherever they stand, and options that would take one.
pub(crate) fn none_among(arguments: &[OsString]) -> Result<(), Failure> {
    let looks_secret = |argument: &OsString| {
        let text = argument.to_string_lossy();
        let option = text.split_once('=').map_or(text.as_ref(), |(option, _)| option);
        OPTIONS.contains(&option) || SIGNS.iter().any(|sign| text.contains(sign))
    };
    if arguments.iter().any(looks_secret) { Err(misplaced()) } else { Ok(()) }
}

/// What somebody may try first; no command has them.
const OPTIONS: [&str; 4] = ["--client-secret", "--refresh-token", "--secret", "--token"];

/// How refresh tokens, access tokens and client secrets begin (F§4.4, F§1.1).
const SIGNS: [&str; 5] = ["Atzr|", "Atza|", "Atc|", "Atz.sprdt|", "amzn1.oa2-cs."];

/// Longer than any secret of Amazon; a file that is longer is another file.
const LONGEST: u64 = 16 * 1024;

fn misplaced() -> Failure {
    Failure::Usage(
        "a secret is never an argument: others can read those, and the shell keeps them. Treat that one as known, make a \
         new one, and give it on standard input or in a file with --secret-file"
            .to_owned(),
    )
}

fn limited(from: impl Read) -> io::Result<SecretString> {
    let mut text = String::new();
    from.take(LONGEST + 1).read_to_string(&mut text)?;
    if u64::try_from(text.len()).is_ok_and(|length| length > LONGEST) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is too long to be a secret"));
    }
    Ok(SecretString::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_among_the_arguments_is_refused_and_not_quoted() {
        for argument in ["Atzr|hunter2", "--secret=amzn1.oa2-cs.v1.hunter2", "x=Atza|hunter2"] {
            let failure = none_among(&["spapi-auth".into(), argument.into()]).unwrap_err();
            assert!(!failure.to_string().contains("hunter2"));
        }
        assert!(none_among(&["spapi-auth".into(), "show".into(), "A1EXAMPLE".into()]).is_ok());
    }

    #[test]
    fn what_is_too_long_is_no_secret() {
        assert!(limited(io::repeat(b'a')).is_err());
        assert_eq!(limited(&b"abc\n"[..]).unwrap().expose_secret(), "abc\n");
    }
}
