//! `GET /help`: what the error codes on Amazon's own pages mean (F§1.6). The page is the same for every browser of a language.

use lambda_http::{
    Body, Response,
    http::{HeaderMap, HeaderValue, header},
};
use maud::{DOCTYPE, PreEscaped, html};

use super::{
    Language,
    answer::guarded,
    style::STYLE,
    texts::{self, Word, word},
    wishes::{Wishes, languages},
};

/// Some of them are documented by Amazon, others reported by integrators.
const CODES: [&str; 12] = [
    "MD1000, MD4100",
    "MD4010",
    "MD5100",
    "MD5101",
    "MD5110",
    "MD9000, MD9010",
    "MD9100",
    "MD9999",
    "SPDC8143",
    "SPSA0404",
    "SPSA2043",
    "CONSENT_LIMIT_REACHED",
];

/// Answers with the page, for a browser with these headers and for a request that asks for this language.
pub fn help(headers: &HeaderMap, asked: Option<Language>) -> Response<Body> {
    let mut wishes = Wishes::of_browser(headers);
    wishes.asked = asked;
    let language = wishes.language();
    let said = |what| word(language, what);
    let who = said(Word::WhoMay).replace("{central}", said(Word::SellerCentral));
    let texts = texts::help(language);
    let markup = html! {
        (DOCTYPE)
        html lang=(language.tag()) dir=(language.direction()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (said(Word::Help)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { (said(Word::Help)) }
                    p { (texts.intro) }
                    p { (who) (language.blank()) (said(Word::Plan)) }
                    dl {
                        @for (code, (meaning, partner, operators)) in CODES.iter().zip(texts.codes) {
                            dt { b { (code) } }
                            dd {
                                p { (meaning) }
                                @if !partner.is_empty() { p { (partner) } }
                                @if !operators.is_empty() {
                                    p { b { (texts.operators) } (language.blank()) (operators) }
                                }
                            }
                        }
                    }
                    p { (texts.blank) }
                    footer { (languages(language, "?")) }
                }
            }
        }
    };
    let mut response = Response::new(Body::Text(markup.into_string()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    guarded(response)
}
