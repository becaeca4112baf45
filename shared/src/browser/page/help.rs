//! `GET /help`: what the error codes on Amazon's own pages mean (F§1.6). The codes are explained in English; who
//! may authorize is said in the reader's language too, in words that other pages have.

use lambda_http::{
    Body, Response,
    http::{HeaderMap, HeaderValue, header},
};
use maud::{DOCTYPE, PreEscaped, html};

use super::{
    Language,
    answer::guarded,
    style::STYLE,
    texts::{Word, word},
    wishes::Wishes,
};

/// A code with what it means, what the partner can do, and what the operators of the application must do, if they must do anything.
type Code = (&'static str, &'static str, &'static str, Option<&'static str>);

const START_AGAIN: &str =
    "Start again from the application. If the code comes back, send it to the application’s support.";

/// Some of them are documented by Amazon, others reported by integrators.
const CODES: [Code; 12] = [
    (
        "MD1000, MD4100",
        "Amazon does not know the application, or the application is still a draft.",
        START_AGAIN,
        Some(
            "Compare the application id with Amazon’s developer console, and the setting draft with the state there: the consent page of a draft needs version=beta.",
        ),
    ),
    (
        "MD4010",
        "The page is that of another country or region, or the application id is malformed.",
        "Start again and choose the country in which your account is registered.",
        Some("Use the consent host of the partner’s marketplace, and compare the application id."),
    ),
    (
        "MD5100",
        "Amazon does not accept the address that led to its page.",
        START_AGAIN,
        Some(
            "Compare both URIs with those at Amazon, and look whether the application is offered in this marketplace.",
        ),
    ),
    (
        "MD5101",
        "The redirect URI is not one that is registered at Amazon.",
        START_AGAIN,
        Some("Register the redirect URI at Amazon exactly as the registration of the application prints it."),
    ),
    (
        "MD5110",
        "A URI of the application has a fragment.",
        START_AGAIN,
        Some("Register the URIs without # at Amazon."),
    ),
    (
        "MD9000, MD9010",
        "The application cannot be authorized in this region.",
        "Ask the application’s support whether your country is served.",
        Some(
            "Look in Amazon’s developer console whether the application is open for new authorizations in this region.",
        ),
    ),
    (
        "MD9100",
        "The Login URI or the redirect URI is missing at Amazon.",
        START_AGAIN,
        Some("Register both URIs at Amazon."),
    ),
    (
        "MD9999",
        "The address that led to Amazon’s page is malformed.",
        START_AGAIN,
        Some("Look at the link that the partner used."),
    ),
    (
        "SPDC8143",
        "You are not the primary user of the account.",
        "Ask the primary user of your Seller Central or Vendor Central account to authorize the application.",
        None,
    ),
    (
        "SPSA0404",
        "Amazon does not allow this kind of business account to authorize applications.",
        "Sign in with another account, or ask Amazon’s seller or vendor support.",
        None,
    ),
    (
        "SPSA2043",
        "Your vendor group lacks the role that Manage Your Apps needs.",
        "Ask an administrator of your Vendor Central account for that role.",
        None,
    ),
    (
        "CONSENT_LIMIT_REACHED",
        "The application has used up its number of authorizations.",
        "Send the code to the application’s support.",
        Some(
            "A draft has few authorizations: publish the application, or remove authorizations that are no longer needed in Manage Your Apps.",
        ),
    ),
];

/// Answers with the page, for a browser with these headers and for a request that asks for this language.
pub fn help(headers: &HeaderMap, asked: Option<Language>) -> Response<Body> {
    let mut wishes = Wishes::of_browser(headers);
    wishes.asked = asked;
    let language = wishes.language();
    let who = word(language, Word::WhoMay).replace("{central}", word(language, Word::SellerCentral));
    let markup = html! {
        (DOCTYPE)
        html lang="en" dir="ltr" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { "Error codes on Amazon’s pages" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { "Error codes on Amazon’s pages" }
                    p {
                        "If Amazon stopped you with one of these codes, nothing was authorized and your account has not been "
                        "changed."
                    }
                    p {
                        "Only the primary user of an account, or a user with the permissions for it, can authorize an "
                        "application. A seller’s account needs a Professional selling plan."
                    }
                    @if language != Language::English {
                        p lang=(language.tag()) dir=(language.direction()) {
                            (who) (language.blank()) (word(language, Word::Plan))
                        }
                    }
                    dl {
                        @for (code, meaning, partner, operator) in CODES {
                            dt { b { (code) } }
                            dd {
                                p { (meaning) }
                                p { b { "You: " } (partner) }
                                @if let Some(operator) = operator { p { b { "Operators of the application: " } (operator) } }
                            }
                        }
                    }
                    p { "A blank page of Amazon’s: reload it." }
                }
            }
        }
    };
    let mut response = Response::new(Body::Text(markup.into_string()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static("en"));
    guarded(response)
}
