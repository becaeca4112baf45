//! Reads secrets from standard input, from a file, or from a hidden line at a terminal. Arguments never carry a secret, because
//! every user of the machine can read them.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, IsTerminal, Read},
    path::{Path, PathBuf},
};

use clap::Args;
use secrecy::{ExposeSecret, SecretString};

use crate::failure::Failure;

/// Where a secret is read from.
#[derive(Args)]
pub(crate) struct SecretSource {
    /// A file that contains the secret and nothing else [default: standard input, hidden at a terminal]
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// Further arguments, perhaps a secret. They are accepted only to be rejected without being printed.
    #[arg(hide = true)]
    misplaced: Vec<String>,
}

impl SecretSource {
    /// Reads the secret without the blanks at its ends. `what` names it in the prompt and in errors. The function that gets it
    /// takes off whatever else was pasted with it, and says what it looks like if it is another text.
    pub(crate) fn read(&self, what: &str) -> Result<SecretString, Failure> {
        if !self.misplaced.is_empty() {
            return Err(misplaced());
        }
        let unreadable = |place: &str, error| {
            Failure::usage(format!("the {what} cannot be read from {place}: {error}"), expected(what))
        };
        let text = match self.secret_file.as_deref().filter(|path| *path != Path::new("-")) {
            Some(path) => {
                let failed = |error| unreadable(&format!("`{}`", path.display()), error);
                limited(File::open(path).map_err(failed)?).map_err(failed)?
            }
            None if io::stdin().is_terminal() => rpassword::prompt_password(format!("{what}: "))
                .map(SecretString::from)
                .map_err(|error| unreadable("the terminal", error))?,
            None => limited(io::stdin()).map_err(|error| unreadable("standard input", error))?,
        };
        let trimmed = text.expose_secret().trim();
        if trimmed.is_empty() {
            return Err(Failure::usage(format!("the {what} is empty"), expected(what)));
        }
        Ok(SecretString::from(trimmed))
    }
}

/// Refuses arguments that look like a secret of Amazon, and options that would carry one.
pub(crate) fn none_among(arguments: &[OsString]) -> Result<(), Failure> {
    let looks_secret = |argument: &OsString| {
        let text = argument.to_string_lossy();
        let option = text.split_once('=').map_or(text.as_ref(), |(option, _)| option);
        OPTIONS.contains(&option) || PREFIXES.iter().any(|prefix| text.contains(prefix))
    };
    if arguments.iter().any(looks_secret) { Err(misplaced()) } else { Ok(()) }
}

/// Options that an operator may try. No command has them.
const OPTIONS: [&str; 4] = ["--client-secret", "--refresh-token", "--secret", "--token"];

/// The first characters of refresh tokens, access tokens and client secrets (F§4.4, F§1.1).
const PREFIXES: [&str; 5] = ["Atzr|", "Atza|", "Atc|", "Atz.sprdt|", "amzn1.oa2-cs."];

/// No secret of Amazon is as long, in bytes; a longer file is another file.
const LONGEST: u64 = 16 * 1024;

fn expected(what: &str) -> String {
    format!("give the {what} and nothing else on standard input, or in a file with `--secret-file FILE`")
}

fn misplaced() -> Failure {
    Failure::usage(
        "a secret cannot be an argument: other users of this machine can read arguments, and the shell stores them",
        "if a secret was typed, replace it at Amazon; give the new one on standard input, or in a file with \
         `--secret-file FILE`",
    )
}

fn limited(from: impl Read) -> io::Result<SecretString> {
    let mut text = String::new();
    from.take(LONGEST + 1).read_to_string(&mut text)?;
    if u64::try_from(text.len()).is_ok_and(|length| length > LONGEST) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("longer than {LONGEST} bytes")));
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
    fn a_text_that_is_too_long_is_not_a_secret() {
        assert!(limited(io::repeat(b'a')).is_err());
        assert_eq!(limited(&b"abc\n"[..]).unwrap().expose_secret(), "abc\n");
    }
}
