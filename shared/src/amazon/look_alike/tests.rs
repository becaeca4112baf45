use super::*;

#[test]
fn what_is_no_refresh_token_is_named() {
    for (text, said) in [
        ("", "is empty"),
        ("Atzr|", "is its beginning alone"),
        ("atzr|", "is its beginning alone"),
        ("Atza|1", "looks like an access token"),
        ("ATZA|1", "looks like an access token"),
        ("amzn1.sp.solution.1", "looks like an application id"),
        ("AMZN1.SP.SOLUTION.1", "looks like an application id"),
        ("amzn1.account.1", "looks like an id of Amazon's"),
        ("arn:aws:sqs:eu-west-1:1:q", "looks like an ARN"),
        ("{\"a\": 1}", "looks like JSON"),
        ("Atzr|x}", "looks like JSON"),
        ("null", "is a placeholder"),
        ("undefined", "is a placeholder"),
        ("<token>", "is a placeholder"),
        ("<your refresh token>", "is a placeholder"),
        ("Atzr|<token>", "is a placeholder"),
        ("YOUR_REFRESH_TOKEN", "is a placeholder"),
        ("your-refresh-token-here", "is a placeholder"),
        ("Paste the token here", "is a placeholder"),
        ("REFRESH_TOKEN", "is a placeholder"),
        ("$REFRESH_TOKEN", "is a placeholder"),
        ("${REFRESH_TOKEN}", "is a placeholder"),
        ("{{ refresh_token }}", "is a placeholder"),
        ("%REFRESH_TOKEN%", "is a placeholder"),
        ("[token]", "is a placeholder"),
        ("changeme", "is a placeholder"),
        ("Atzr|xxxxxxxx", "is a placeholder"),
        ("Atzr|***", "is a placeholder"),
        ("Atzr|a b", "has blanks"),
        (" Atzr|a", "has blanks"),
        ("Atzr|a\u{a0}", "has blanks"),
        ("Atzr|a\0", "has control characters"),
        ("\u{7f}Atzr|a", "has control characters"),
        ("Atzr%7Ca", "is encoded"),
        ("Atzr%257Ca", "is encoded"),
        ("Atzr|\u{e9}", "has characters"),
        ("Atzr|a\u{200b}", "has characters"),
        ("Atzr|0123456789", "is longer than 12 bytes"),
        ("Atzr|Atzr|x", "more than once"),
        ("Atzr|a,Atzr|b", "more than once"),
        ("Atzr|aATZR|a", "more than once"),
        ("Atzr|REDACTED", "is a placeholder"),
        ("Atzr|redacted-by-the-proxy", "is a placeholder"),
        ("Atzr|access_token", "is a placeholder"),
        ("Atzr|00000000", "is a placeholder"),
        ("Atzr&#124;a", "is encoded"),
        ("Atzr&#X7C;a", "is encoded"),
        ("Atzr&vert;a", "is encoded"),
        ("Atzr\\u007ca", "is encoded"),
        ("Atzr\\|a", "is encoded"),
        ("QXR6cnxJd0VCSWh1bnRlcjI=", "in Base64"),
        ("41747a727c49774542", "in hexadecimal"),
        ("Atzr|%20%20", "has characters"),
        ("Atzr|a&x=1", "has characters"),
        ("Atzr|a'", "has characters"),
        ("Atzr|a,b", "has characters"),
        ("Atzr|a\\n", "has characters"),
        ("Atzr||||", "no token behind it"),
        ("Atzr|a|b", "no token behind it"),
        ("ATZR|a", "was changed on its way"),
        ("atzr|a", "was changed on its way"),
        ("Atzr:a", "was changed on its way"),
        ("Atzr", "was changed on its way"),
        ("refresh_token=Atzr|a", "has something in front"),
        ("https://example.com/a", "looks like a URL"),
        ("AKIAAAAAAAAAAAAAAAAA", "is shorter than 22"),
        ("A1EXAMPLESELLER", "is shorter than 22"),
        ("invalid_grant", "is shorter than 22"),
    ] {
        let fault = fault(text, REFRESH_TOKEN, 12).unwrap_or_else(|| panic!("{text:?}"));
        assert!(fault.contains(said), "{text:?}: {fault}");
    }
}

#[test]
fn a_text_of_a_later_form_is_no_fault() {
    for text in [
        "Atzr|x",
        "Atzr|IwEBI-_x4==",
        "Atzs|a-later-form-of-a-token",
        "Atnr|cccccccccccccccccccccccc",
        "eyJhbGciOiJub25lIn0.e30.x",
        "Atzr2|0123456789abcdefghij",
        "0123456789abcdef0123456789abcdef01234567",
        "Atzr|yourself",
        "Atzr|tokens-and-secrets",
    ] {
        assert_eq!(fault(text, REFRESH_TOKEN, 100), None, "{text}");
    }
    assert_eq!(fault("amzn1.oa2-cs.v1.1", CLIENT_SECRET, 100), None);
    assert_eq!(fault("Atzr|1", CLIENT_SECRET, 100).as_deref(), Some("looks like a refresh token"));
}

#[test]
fn only_a_token_of_the_known_form_or_of_the_form_that_was_sent_replaces_one_that_works() {
    const SENT: &str = "Atzr|0123456789abcdefghijkl";
    for fit in [SENT, "Atzr|IwEBI-_x4.~+/0123456789==", "Atzr|zyxwvutsrqponmlkjihgfe"] {
        assert_eq!(unfit_to_replace(SENT, fit, 100), None, "{fit}");
    }
    for unfit in [
        "Atzr|IwEBI",
        "Atzr|0123456789abcdefghij:k",
        "Atzs|0123456789abcdefghijkl",
        "Atnr|0123456789abcdefghijkl",
        "eyJhbGciOiJub25lIn0.e30.0123456789abcdefghijkl",
        "0123456789abcdef0123456789abcdef01234567",
        "|0123456789abcdefghijkl",
    ] {
        assert!(unfit_to_replace(SENT, unfit, 100).is_some(), "{unfit}");
    }
    // A later form that came with a code is replaced by its like, and is echoed whatever it is.
    let later = "Atzs|0123456789abcdefghijkl";
    assert_eq!(unfit_to_replace(later, "Atzs|zyxwvutsrqponmlkjihgfe", 100), None);
    assert_eq!(unfit_to_replace(later, SENT, 100), None);
    assert_eq!(unfit_to_replace("opaque", "opaque", 100), None);
    assert!(unfit_to_replace("opaque", "0123456789abcdefghijklmn", 100).is_some());
}

#[test]
fn an_access_token_of_any_kind_or_of_a_later_form_is_taken_and_other_texts_are_not() {
    let long = "x".repeat(4_097);
    for good in ["Atza|1", "Atc|1", "Atz.sprdt|1", "Atzb|0123456789abcdefghijkl", &long] {
        assert_eq!(access_token_fault(good, 5_000), None, "{good}");
    }
    for bad in [
        "Atzr|0123456789abcdefghijkl",
        "Atza|",
        "Atza|REDACTED",
        "[REDACTED]",
        "REDACTED",
        "null",
        "invalid_grant",
        "Service Unavailable",
        "<html><body>Forbidden</body></html>",
        "{\"access_token\":\"Atza|x\"}",
        "access_token=Atza|x",
        "Bearer Atza|x",
        "Atza%7Cx",
        "Atza&#124;x",
        "ATZA|x",
        "Atza|x,Atza|x",
        "Atza|Atza|x",
        "Atza|x|y",
        "Atza|x\"",
        "amzn1.oa2-cs.v1.x",
        "amzn1.account.x",
        "https://example.com/0123456789abcdefghijkl",
        "AKIAAAAAAAAAAAAAAAAA",
        "",
    ] {
        assert!(access_token_fault(bad, 5_000).is_some(), "{bad}");
    }
}

#[test]
fn a_secret_is_found_anywhere_in_a_text_in_letters_of_any_case() {
    for (mark, said) in [
        ("Atzr|", "a refresh token"),
        ("Atza|", "an access token, which ends within an hour"),
        ("Atc|", "an access token of the application itself"),
        ("Atz.sprdt|", "a restricted data token"),
        ("amzn1.oa2-cs.", "a client secret"),
        ("amzn.mws.", "a token of Marketplace Web Service"),
    ] {
        for text in [mark.to_owned(), mark.to_uppercase(), format!("\u{e9}aAt {mark}x"), format!("an {mark}")]
        {
            assert_eq!(secret_in(&text), Some(said), "{text}");
        }
        assert_eq!(secret_in(&mark[..mark.len() - 1]), None, "{mark} is not whole");
    }
    for text in
        ["", "a", "amzn1.sp.solution.1", "amzn1.application-oa2-client.1", "A2VENDOR", "\u{e9}a\u{e9}"]
    {
        assert_eq!(secret_in(text), None, "{text}");
    }
}
