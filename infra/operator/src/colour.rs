//! Colours of the few words that a reader looks for. They obey `NO_COLOR`, `CLICOLOR` and `TERM`, and are left out where the output is no terminal.

use anstream::{AutoStream, ColorChoice, stream::RawStream};
use anstyle::{AnsiColor, Style};

/// What went well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// What to look at.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// What failed, as clap colours its own errors.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();

/// The text in this style, if `stream` shows colours.
pub(crate) fn painted(text: &str, style: Style, stream: &impl RawStream) -> String {
    if AutoStream::choice(stream) == ColorChoice::Never {
        return text.to_owned();
    }
    format!("{style}{text}{style:#}")
}
