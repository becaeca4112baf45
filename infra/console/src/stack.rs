//! What the pages are about: a stack of functions, and what only one kind of stack adds to the pages.

use std::{
    future::{Future, ready},
    pin::Pin,
};

use jiff::Timestamp;
use maud::Markup;
use serde_json::Value;

use crate::{
    day::Day,
    fields::Visit,
    notices::Notice,
    views::{Application, Grant},
};

/// A function that the pages invoke.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Function {
    /// Changes of applications, grants and client secrets, and what `doctor` finds.
    Administration,
    /// Reads of applications, grants and history, and authorization links.
    Authorizations,
    /// Access tokens, of which the pages show only how long they are valid.
    GetAccessToken,
}

impl Function {
    /// The name of the function, without the prefix of its stack.
    pub fn name(self) -> &'static str {
        match self {
            Self::Administration => "administration",
            Self::Authorizations => "authorizations",
            Self::GetAccessToken => "get-access-token",
        }
    }
}

/// Why a function did not do what it was asked: its own error, or AWS was not reached.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// The kind, such as `UnknownSellingPartner`.
    pub kind: String,
    /// The reason, as a sentence.
    pub message: String,
}

impl Refusal {
    /// A refusal of this kind, for this reason.
    pub fn new(kind: &str, message: impl Into<String>) -> Self {
        Self { kind: kind.to_owned(), message: message.into() }
    }
}

/// A future that borrows its stack.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A place on a page to which a stack may add something.
#[derive(Clone, Copy)]
pub enum Spot<'a> {
    /// The links at the top of every page. The text is the path of the page.
    Navigation(&'a str),
    /// Below these links, on every page. The text is the address of the page, to which a form may return.
    Header(&'a str),
    /// The end of the first page, and the applications on it.
    Home(&'a Visit, &'a Result<Vec<Application>, Refusal>),
    /// More buttons of an application, in a form of its page.
    ApplicationButtons,
    /// The facts of a grant: members of a `dl`.
    GrantFacts(&'a Grant),
    /// More buttons of a grant, in a form of its page.
    GrantButtons,
    /// What is known about a grant's access token.
    GrantToken(&'a Grant),
}

/// A button that only one kind of stack has.
#[derive(Clone, Copy)]
pub enum Button<'a> {
    /// A button of an application: its name and the application's id.
    Application(&'a str, &'a str),
    /// A button of a grant: its name and the partner's id.
    Grant(&'a str, &'a str),
}

/// The functions of one stack. All that the pages do, and show of grants, goes through [`Self::invoke`].
pub trait Stack: Send + Sync {
    /// Invokes a function and waits for its answer.
    fn invoke(&self, function: Function, request: Value) -> Pending<'_, Result<Value, Refusal>>;

    /// The time in the stack.
    fn now(&self) -> Timestamp;

    /// What the functions measured in the last 24 hours, or why it is not known.
    fn last_day(&self) -> Pending<'_, Result<Day, Refusal>>;

    /// Whether the list of grants has a column for access tokens.
    fn shows_tokens(&self) -> bool {
        false
    }

    /// The content of a cell of that column: the life of the grant's access token.
    fn token_cell(&self, _: &Grant) -> Markup {
        Markup::default()
    }

    /// What the stack adds to a page.
    fn addition<'a>(&'a self, _: Spot<'a>) -> Pending<'a, Markup> {
        Box::pin(ready(Markup::default()))
    }

    /// Presses a button that only this stack has. Returns nothing if it has none of that name.
    fn press<'a>(&'a self, _: Button<'a>) -> Pending<'a, Option<Result<Notice, Refusal>>> {
        Box::pin(ready(None))
    }
}
