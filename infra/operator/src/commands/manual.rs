//! `completions` and `man`: what a shell and `man` need of this tool.

use std::{
    fs,
    io::{self, IsTerminal},
    path::Path,
};

use clap::CommandFactory;
use clap_complete::Shell;

use crate::{arguments::Arguments, failure::Failure, output::Output};

/// Prints the script with which `shell` completes commands and options. On a terminal, where a person looks for what to do with it,
/// standard error says where it belongs.
pub(crate) fn completions(shell: Shell, output: &mut Output) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "spapi-auth", &mut script);
    output.block(&String::from_utf8_lossy(&script))?;
    output.flush()?;
    if io::stdout().is_terminal() {
        eprintln!("\nhint: {}", place(shell));
    }
    Ok(())
}

/// Where the script of a shell belongs.
fn place(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => {
            "spapi-auth completions bash > ~/.local/share/bash-completion/completions/spapi-auth (make the folder first)"
        }
        Shell::Zsh => {
            "spapi-auth completions zsh > ~/.zfunc/_spapi-auth, with `fpath+=~/.zfunc` before `compinit` in ~/.zshrc"
        }
        Shell::Fish => "spapi-auth completions fish > ~/.config/fish/completions/spapi-auth.fish",
        Shell::Elvish => "spapi-auth completions elvish >> ~/.config/elvish/rc.elv",
        Shell::PowerShell => "spapi-auth completions powershell >> $PROFILE",
        _ => "write it where the shell reads completions from",
    }
}

/// Writes a page for each command into `folder`.
pub(crate) fn man(folder: &Path, output: &mut Output) -> Result<(), Failure> {
    let written = fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(Arguments::command(), folder))
        .map_err(|error| {
            Failure::usage(
                format!("the man pages cannot be written to {}: {error}", folder.display()),
                "name a folder that you may write to, such as ~/.local/share/man/man1",
            )
        });
    written?;
    output.line(&format!(
        "Wrote the man pages to {}; `man {0}/spapi-auth.1` opens the first.",
        folder.display()
    ))
}
