//! What a partner can do on a page: a button, links, and the way back.

use maud::{Markup, html};

use super::{
    Page,
    message::Kind,
    texts::{self, Word, word},
};
use crate::ids::RequestId;

/// A button that posts one hidden field.
pub struct Button {
    /// The path of this service to which it posts.
    pub action: &'static str,
    /// The name of the field.
    pub name: &'static str,
    /// The value of the field.
    pub value: String,
    /// The hosts to which the answer may redirect, as sources of a content security policy.
    pub leads_to: String,
}

/// A link on a page that offers a choice.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The text of the link.
    pub label: Label,
    /// The path of this service to which it leads, with its query.
    pub href: String,
}

/// The text of a link.
#[derive(Clone, Debug)]
pub enum Label {
    /// A name, which is the same in every language.
    Name(String),
    /// Begins the journey again.
    StartAgain,
    /// Goes on without the link that this browser opened.
    WithoutLink,
    /// Goes on to Amazon.
    GoOn,
    /// Connects the partner who came back instead of the expected one.
    OtherAccount,
}

impl Choice {
    /// Returns the link that begins the journey `id` of this browser again: with the same authorization link, or at the same
    /// marketplace. The id is no secret; without the browser's cookie it leads nowhere.
    pub fn start_again(id: &RequestId) -> Self {
        Self { label: Label::StartAgain, href: format!("/authorize?again={id}") }
    }

    /// Returns the link that begins the journey `id` again at the same marketplace, but without the link that opened it and with any
    /// partner.
    pub fn other_account(id: &RequestId) -> Self {
        Self { label: Label::OtherAccount, href: format!("/authorize?again={id}&without=link") }
    }
}

impl Page<'_> {
    /// What the partner can do: one button, then links.
    pub(super) fn ways_on(&self) -> Markup {
        let words = |label: &Label| match label {
            Label::Name(name) => html! { bdi { (name) } },
            Label::StartAgain => html! { (texts::start_again(self.language())) },
            Label::WithoutLink => html! { (texts::without_link(self.language())) },
            Label::GoOn => html! { (texts::go_on(self.language())) },
            Label::OtherAccount => self.named(word(self.language(), Word::OtherAccount)),
        };
        let link = |choice: &Choice| html! { a href=(choice.href) { (words(&choice.label)) } };
        let kind = self.message.kind();
        let main = self.choices.first().filter(|_| kind != Kind::Question && self.button.is_none());
        let others = &self.choices[usize::from(main.is_some())..];
        let home = self.application.and_then(|application| application.branding.home_url.as_deref());
        let reloads = self.message.reload_after_seconds().is_some();
        let back = self.back.as_deref().or(home).filter(|_| !reloads);
        html! {
            // A browser may be set not to reload by itself. An empty address is that of the page.
            @if reloads { p.main { a href="" { (texts::look_again(self.language())) } } }
            @if let Some(main) = main { p.main { (link(main)) } }
            @if !others.is_empty() { ul { @for choice in others { li { (link(choice)) } } } }
            @if let Some(button) = &self.button {
                form method="post" action=(button.action) {
                    input type="hidden" name=(button.name) value=(button.value);
                    p { button type="submit" { (texts::go_on(self.language())) } }
                }
            }
            @if let Some(back) = back {
                @let alone = kind == Kind::Done && main.is_none();
                p class=[alone.then_some("main")] {
                    a.back href=(back) { (word(self.language(), Word::Home)) }
                }
            }
        }
    }
}
