//! Finds the one secret of the known form in a text, whatever is around it. Pure.
//!
//! A secret is taken out only if the text has one, nothing before or behind it can be a part of it, and no other secret is
//! there, unless a name in front of it says which of them is meant.

use shared::amazon::look_alike;

/// The shortest line into which a mail program or a terminal wraps a secret.
const SHORTEST_LINE: usize = 20;

/// Returns the secret that begins with `mark` if it is the only one in the text. Lines into which it was wrapped are joined.
/// `named` says whether a text ends with the name under which the secret is pasted.
pub(super) fn single(text: &str, mark: &str, named: impl Fn(&str) -> bool) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    if lower.matches(&mark.to_ascii_lowercase()).count() != 1 {
        return None;
    }
    let (before, inner) = text.split_once(mark)?;
    // `~` ends the sequence with which a terminal marks what was pasted.
    let parts = |c: char| is_gap(c) || matches!(c, '=' | '~') || !is_inner(c) && !c.is_control();
    let is_apart = before.chars().next_back().is_none_or(parts);
    let is_alone = named(before) || look_alike::others_in(text, mark).next().is_none();
    if !is_apart || !is_alone || before.contains("spapi_oauth_code") {
        return None;
    }
    let mut secret = String::new();
    let mut rest = inner;
    loop {
        let (piece, behind) = split(rest, is_inner);
        let (gap, next) = split(behind, is_gap);
        let (following, end) = split(next, is_inner);
        // A name with its value on the next line, a word of a sentence, or a part of a list is no part of the secret.
        let continues = piece.len() >= SHORTEST_LINE
            && !gap.is_empty()
            && !following.is_empty()
            && !following.trim_end_matches(['=', '.']).contains(['=', '.'])
            && is_end(end);
        if !continues {
            secret.push_str(piece);
            rest = behind;
            break;
        }
        // Quoted-printable marks the end of a wrapped line with `=`.
        secret.push_str(if gap.contains('\n') { piece.trim_end_matches('=') } else { piece });
        rest = next;
    }
    let full_stop = secret.ends_with('.') && !secret.ends_with("..");
    let secret = if full_stop { secret.trim_end_matches('.') } else { &secret };
    (!secret.is_empty() && !secret.ends_with('.') && is_end(rest) && !cut_short(secret, rest))
        .then(|| format!("{mark}{secret}"))
}

/// Returns whether the text behind a secret cannot be a part of it.
fn is_end(rest: &str) -> bool {
    let mut rest = rest.chars();
    let Some(first) = rest.next() else { return true };
    let is_quote = "\"'`´‘’‚‛“”„‟‹›«»「」『』＂＇\\".contains(first);
    is_gap(first)
        || "<&,;)]}>\u{1b}".contains(first)
        || is_quote && rest.next().is_none_or(|c| first == '\\' || !is_inner(c))
}

/// Returns whether a short piece is followed by more characters of a secret: it is then not whole.
fn cut_short(secret: &str, rest: &str) -> bool {
    let next = split(rest, is_gap).1;
    secret.len() < SHORTEST_LINE && rest.starts_with(is_gap) && next.starts_with(is_inner)
}

fn split(text: &str, is: fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !is(c)).unwrap_or(text.len()))
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || "\u{feff}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2060}".contains(c)
}

fn is_inner(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~+/=".contains(c)
}
