//! The integrator's addresses to which a browser is sent: return URLs and the sign-in URL.

use url::{Host, Url};

use crate::application::Application;

/// The maximum length: longer than any real address, and short enough for a `Location` header with parameters added.
const LONGEST: usize = 1024;

/// The rule for such an address, for the error that names the field.
pub const EXPECTED: &str =
    "an https address without user and fragment, at most 1024 characters; on this machine http will do";

/// Returns whether a browser may be sent to `text` with parameters added: https, or http to this machine; only
/// visible ASCII; no user information, which could hide the host; no fragment, which would absorb the parameters.
pub fn is_integrator_url(text: &str) -> bool {
    let visible =
        text.len() <= LONGEST && text.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(&b));
    let Ok(url) = Url::parse(text) else {
        return false;
    };
    let secure = match url.scheme() {
        "https" => text.starts_with("https://") && !text.starts_with("https:///"),
        "http" => {
            text.starts_with("http://")
                && !text.starts_with("http:///")
                && url.host().is_some_and(|host| is_loopback(&host))
        }
        _ => false,
    };
    visible
        && secure
        && url.host().is_some()
        && url.username().is_empty()
        && url.password().is_none()
        && !text.contains('@')
}

/// Returns the origin of such an address, as a content security policy writes it, or `None` if no browser may be sent there.
pub fn origin_of(url: &str) -> Option<String> {
    let parsed = Url::parse(url).ok().filter(|_| is_integrator_url(url))?;
    Some(parsed.origin().ascii_serialization())
}

/// Returns `url` as written, with `parameters` added to its query. Names and values are URL-safe words.
pub fn with_parameters(url: &str, parameters: &[(&str, &str)]) -> String {
    let added: Vec<_> = parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let joint = match url.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{url}{joint}{}", added.join("&"))
}

/// Returns `url` with the `status` of a journey that brought nothing, if a browser may go back there for this application.
pub fn way_back(application: &Application, url: Option<&str>, status: Option<&str>) -> Option<String> {
    let url = registered(url, application)?;
    Some(with_parameters(url, &[("status", status?)]))
}

/// Returns the return URL if a browser may be sent there for this application.
pub fn registered<'u>(return_url: Option<&'u str>, application: &Application) -> Option<&'u str> {
    return_url.filter(|url| application.leads_back_to(url) && is_integrator_url(url))
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_and_this_machine_will_do_and_nothing_else() {
        for good in [
            "https://app.example.com/amazon/return",
            "https://app.example.com/return?tenant=a%20b",
            "http://127.0.0.1:8080/return",
            "http://localhost/return",
            "http://[::1]:8080/",
        ] {
            assert!(is_integrator_url(good), "{good}");
        }
        for bad in [
            "",
            "/return",
            "//app.example.com/return",
            "http://app.example.com/return",
            "http://127.0.0.1.evil.example/",
            "http://localhost.evil.example/",
            "ftp://app.example.com/",
            "javascript:alert(1)",
            "data:text/html,x",
            "https:app.example.com/",
            "https:///app.example.com/",
            "HTTPS://app.example.com/",
            "https://user@app.example.com/",
            "https://user:password@app.example.com/",
            "https://app.example.com/#fragment",
            "https://app.example.com/a b",
            "https://app.example.com/\r\nSet-Cookie:x",
            "https://app.example.com\\@evil.example/",
            "https://bücher.example/",
            &format!("https://app.example.com/{}", "a".repeat(1024)),
        ] {
            assert!(!is_integrator_url(bad), "{bad}");
        }
    }

    #[test]
    fn what_is_added_leaves_the_rest_as_it_is_written() {
        for (url, expected) in [
            ("https://a.example/r", "https://a.example/r?status=x&result=y"),
            ("https://a.example/r?", "https://a.example/r?status=x&result=y"),
            ("https://a.example/r?b=%2Fc", "https://a.example/r?b=%2Fc&status=x&result=y"),
            ("https://a.example/r?b=c&", "https://a.example/r?b=c&status=x&result=y"),
        ] {
            assert_eq!(with_parameters(url, &[("status", "x"), ("result", "y")]), expected);
        }
    }
}
