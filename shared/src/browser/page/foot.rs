//! The end of every page: where to ask, and what to say there.

use maud::{Markup, html};

use super::{
    Page,
    message::Kind,
    texts::{self, Word, word},
};

impl Page<'_> {
    /// Where to ask, what to say there, and the other languages.
    pub(super) fn foot(&self) -> Markup {
        let support = self.application.and_then(|application| application.branding.support_url.as_deref());
        let shown = |url: &'_ str| {
            let bare = url.strip_prefix("mailto:").or_else(|| url.strip_prefix("https://")).unwrap_or(url);
            bare.trim_end_matches('/').to_owned()
        };
        let language = self.language();
        let said = |what| word(language, what);
        let blank = language.blank();
        html! {
            footer {
                @if let Some(support) = support {
                    p { (said(Word::Support)) (blank) a.support href=(support) dir="ltr" { (shown(support)) } }
                }
                @if let Some(code) = self.message.support_code() {
                    p { (texts::support_code(language)) (blank) code dir="ltr" { (code) } }
                }
                p {
                    (said(Word::Reference)) (blank)
                    span dir="ltr" { b { (self.reference.as_str()) } ", " time { (self.reference.time()) } }
                }
                @if self.message.kind() == Kind::Problem {
                    p { a.help href={ "/help?language=" (language.tag()) } { (said(Word::Help)) } }
                }
                (self.other_languages())
            }
        }
    }
}
