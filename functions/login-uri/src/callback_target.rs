//! The allow-list of `amazon_callback_uri`. Without it, the Login URI would be an open redirect that hands a new `state` to
//! any site (F§2.1, RFC 9700 section 4.11).
//!
//! A target is compared byte by byte with the texts that this module itself would write. It is never parsed as a URL, so
//! two parsers cannot disagree about it. User-info, ports, dot segments, encoded slashes, backslashes, upper case and
//! look-alike characters are rejected, because no allowed text contains them.

use shared::{amazon::Amazon, ids::ApplicationId};

const CONFIRM: &str = "/apps/authorize/confirm/";

/// The address to which Amazon wants the browser to return.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct CallbackTarget {
    /// The application named in the path. The caller checks that it is registered.
    pub(crate) application_id: ApplicationId,
    /// The host. Amazon sometimes sends a path without one.
    pub(crate) host: Option<String>,
    path: String,
}

impl CallbackTarget {
    /// Parses a target that was percent-decoded once. Returns `None` for a target that is not Amazon's.
    pub(crate) fn parse(text: &str, amazon: &Amazon) -> Option<Self> {
        let (host, path) = if text.starts_with('/') {
            (None, text)
        } else {
            let (host, path) = amazon.split_origin(text)?;
            (Some(host.to_owned()), path)
        };
        let application = path.strip_prefix(CONFIRM)?;
        let application_id = application.strip_suffix('/').unwrap_or(application).parse().ok()?;
        Some(Self { application_id, host, path: path.to_owned() })
    }

    /// Writes the target with `host`.
    pub(crate) fn on(&self, host: &str, amazon: &Amazon) -> String {
        format!("{}{}", amazon.origin(host), self.path)
    }
}

/// Returns the host that a target names, if it has the form of a host name.
pub(crate) fn named_host(target: &str) -> Option<&str> {
    let host = target.strip_prefix("https://")?.split('/').next()?;
    let is_host = (1..=253).contains(&host.len())
        && host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.'));
    is_host.then_some(host)
}

/// Checks any bytes as a target: one that is accepted is one of the texts that this module would write.
#[cfg(any(test, fuzzing))]
pub fn check_any_bytes(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let amazon = Amazon::from_env(&shared::env::Env::default()).expect("the built-in table is good");
    let _ = named_host(text);
    let Some(target) = CallbackTarget::parse(text, &amazon) else { return };
    let host = target.host.as_deref().unwrap_or("sellercentral.amazon.com");
    assert!(
        amazon.marketplaces().central_host(host).is_some()
            || ["amazon.com", "www.amazon.com"].contains(&host)
    );
    let written = target.on(host, &amazon);
    let id = target.application_id.as_str();
    let allowed = format!("https://{host}{CONFIRM}{id}");
    assert!(
        written == allowed || written == format!("{allowed}/"),
        "another text than those that are allowed"
    );
    assert_eq!(CallbackTarget::parse(&written, &amazon).map(|again| again.path), Some(target.path));
}

#[cfg(test)]
mod tests {
    use shared::env::Env;

    use super::*;

    fn amazon() -> Amazon {
        Amazon::from_env(&Env::default()).unwrap()
    }

    #[test]
    fn every_shape_that_amazon_is_known_to_send_is_accepted() {
        for (text, host) in [
            ("https://amazon.com/apps/authorize/confirm/amzn1.sellerapps.app.1-2", Some("amazon.com")),
            ("https://www.amazon.com/apps/authorize/confirm/amzn1.sp.solution.1-2", Some("www.amazon.com")),
            (
                "https://sellercentral.amazon.in/apps/authorize/confirm/amzn1.sp.solution.1-2/",
                Some("sellercentral.amazon.in"),
            ),
            (
                "https://sellercentral.amazon.com:443/apps/authorize/confirm/amzn1.sp.solution.1-2",
                Some("sellercentral.amazon.com"),
            ),
            (
                "https://www.vendorcentral.in/apps/authorize/confirm/amzn1.sp.solution.1-2",
                Some("www.vendorcentral.in"),
            ),
            ("/apps/authorize/confirm/amzn1.sp.solution.1-2", None),
        ] {
            let target = CallbackTarget::parse(text, &amazon()).unwrap();

            assert_eq!(target.host.as_deref(), host, "{text}");
        }
    }

    #[test]
    fn the_host_of_a_new_country_is_named_and_nothing_else() {
        assert_eq!(
            named_host("https://sellercentral.amazon.new/apps/x?token=1"),
            Some("sellercentral.amazon.new")
        );
        for odd in ["/apps", "http://a.b/", "https://user@a.b/", "https://a b/", "https:///", "https://A.b/"]
        {
            assert_eq!(named_host(odd), None, "{odd}");
        }
    }

    #[test]
    fn every_consent_host_of_the_table_is_accepted() {
        let amazon = amazon();
        for marketplace in amazon.marketplaces().iter() {
            for host in [&marketplace.seller_central, &marketplace.vendor_central] {
                let text = format!("https://{host}/apps/authorize/confirm/amzn1.sp.solution.1");
                let target = CallbackTarget::parse(&text, &amazon).unwrap();
                assert_eq!(target.on(host, &amazon), text);
            }
        }
    }

    #[test]
    fn a_callback_outside_amazon_is_refused() {
        let path = "/apps/authorize/confirm/amzn1.sp.solution.1";
        let hosts = [
            "evil.example",
            "amazon.com.evil.example",
            "evil-amazon.com",
            "xamazon.com",
            "sellercentral.amazon.com.evil.example",
            "evil.example\\@amazon.com",
            "amazon.com@evil.example",
            "user@amazon.com",
            "user:pw@amazon.com",
            "amazon.com:444",
            "amazon.com:",
            "amazon.com:0443",
            "amazon.com:443:443",
            "amazon.com.",
            "AMAZON.COM",
            "Amazon.com",
            "amazon.com%2eevil.example",
            "amazon。com",
            "аmazon.com",
            "xn--mazon-3ve.com",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "127.0.0.1",
            "localhost",
            "amazon.com%00",
            " amazon.com",
            "amazon.com ",
            "amazon.com\t",
            "",
            "evil.example#amazon.com",
            "evil.example?amazon.com",
            "sellercentral.amazon.xyz",
        ];
        for host in hosts {
            let text = format!("https://{host}{path}");
            assert_eq!(CallbackTarget::parse(&text, &amazon()), None, "{text}");
        }
    }

    #[test]
    fn another_scheme_or_path_is_refused() {
        for text in [
            "http://amazon.com/apps/authorize/confirm/amzn1.sp.solution.1",
            "HTTPS://amazon.com/apps/authorize/confirm/amzn1.sp.solution.1",
            "javascript:alert(1)//amazon.com/apps/authorize/confirm/amzn1.sp.solution.1",
            "https:amazon.com/apps/authorize/confirm/amzn1.sp.solution.1",
            "https:/amazon.com/apps/authorize/confirm/amzn1.sp.solution.1",
            "https:///amazon.com/apps/authorize/confirm/amzn1.sp.solution.1",
            "https:\\\\amazon.com\\apps\\authorize\\confirm\\amzn1.sp.solution.1",
            "//amazon.com/apps/authorize/confirm/amzn1.sp.solution.1",
            "//evil.example/apps/authorize/confirm/amzn1.sp.solution.1",
            "/\\evil.example/apps/authorize/confirm/amzn1.sp.solution.1",
            "https://amazon.com",
            "https://amazon.com/",
            "https://amazon.com/apps/authorize/consent/amzn1.sp.solution.1",
            "https://amazon.com/apps/authorize/confirm/",
            "https://amazon.com/apps/authorize/confirm/amzn1.sp.solution.1/../../../x",
            "https://amazon.com/apps/authorize/confirm/../confirm/amzn1.sp.solution.1",
            "https://amazon.com/./apps/authorize/confirm/amzn1.sp.solution.1",
            "https://amazon.com//apps/authorize/confirm/amzn1.sp.solution.1",
            "https://amazon.com/apps/authorize/confirm%2Famzn1.sp.solution.1",
            "https://amazon.com/apps/authorize/confirm/amzn1.sp.solution.1%2e",
            "https://amazon.com/apps/authorize/confirm/amzn1.sp.solution.1//",
            "https://amazon.com/apps/authorize/confirm/amzn1.sp.solution.1#x",
            "https://amazon.com/apps/authorize/confirm/amzn1.sp.solution.1?state=x",
            "https://amazon.com/apps/authorize/confirm/amzn1.sp.solution.1;x",
            "https://amazon.com/apps/authorize/confirm/amzn1.application-oa2-client.1",
            "https://amazon.com/Apps/authorize/confirm/amzn1.sp.solution.1",
            " https://amazon.com/apps/authorize/confirm/amzn1.sp.solution.1",
            "https://amazon.com/apps/authorize/confirm/amzn1.sp.solution.1\r\nSet-Cookie: x",
            "/apps/authorize/confirm/../../evil",
            "/apps/authorize/confirm/amzn1.sp.solution.1/../x",
            "apps/authorize/confirm/amzn1.sp.solution.1",
            "./apps/authorize/confirm/amzn1.sp.solution.1",
            "/x",
            "",
        ] {
            assert_eq!(CallbackTarget::parse(text, &amazon()), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_target_is_refused_or_is_one_that_this_module_would_write(
            text in "(https?://|//|/|\\PC{0,3})?[-a-z.@:/%\\\\]{0,12}(amazon\\.com|(seller|vendor)central\\.amazon\\.[a-z]{2}|www\\.vendorcentral\\.in)?\
                     (:443|:[0-9]{1,3}|\\.)?(/apps/authorize/confirm/)?(amzn1\\.(sp\\.solution|sellerapps\\.app)\\.)?[-a-z0-9/.?#%]{0,20}",
        ) {
            check_any_bytes(text.as_bytes());
        }

        #[test]
        fn any_text_is_checked_as_a_target(text in ".*") {
            check_any_bytes(text.as_bytes());
        }
    }
}
