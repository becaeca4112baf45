use super::*;
use crate::amazon::look_alike::unfit_to_replace;

fn answer(status: u16, body: &str) -> Answer {
    Answer {
        status: StatusCode::from_u16(status).unwrap(),
        retry_after: None,
        rate: None,
        date: None,
        request_id: None,
        body: body.as_bytes().to_vec(),
    }
}

#[test]
fn an_error_is_what_the_caller_does_next() {
    let failed = |status| Reason::unavailable(NoAnswer::Status(status));
    let unclear = |status| Reason::unavailable(NoAnswer::NotUnderstood(status));
    let refused = |word, status| Reason::Refused(ErrorWord::of(word), status);
    let unusable = || Reason::Unusable(NoAnswer::NotUnderstood(200));
    let cases = [
        (400, r#"{"error":"invalid_grant"}"#, Reason::InvalidGrant),
        (401, r#"{"error":"invalid_client"}"#, Reason::InvalidClient),
        (200, r#"{"error":"invalid_grant"}"#, Reason::InvalidGrant),
        (400, r#"{"error":"invalid_scope"}"#, refused("invalid_scope", 400)),
        (401, r#"{"error":"unauthorized_client"}"#, refused("unauthorized_client", 401)),
        (400, r#"{"error":"INVALID_GRANT"}"#, refused("INVALID_GRANT", 400)),
        (401, r#"{"error":"invalid_token"}"#, refused("invalid_token", 401)),
        (200, r#"{"error":"something new"}"#, refused("something new", 200)),
        (408, r#"{"error":"invalid_request"}"#, unclear(408)),
        (425, r#"{"error":"invalid_request"}"#, unclear(425)),
        (503, r#"{"error":"invalid_grant"}"#, failed(503)),
        (500, r#"{"error":"server_error"}"#, failed(500)),
        (400, r#"{"error":"something new"}"#, refused("something new", 400)),
        (400, r#"{"message":"Bad Request"}"#, unclear(400)),
        (403, "<html>blocked</html>", unclear(403)),
        (302, "", failed(302)),
        (200, "", unusable()),
        (200, r#"{"access_token":"Atza|x","#, unusable()),
        (200, r#"{"access_token":"","expires_in":3600}"#, unusable()),
        (200, r#"{"access_token":null,"refresh_token":"Atzr|x"}"#, unusable()),
        (200, "[]", unusable()),
        (429, r#"{"error":"invalid_grant"}"#, Reason::Throttled { retry_after: None }),
    ];
    for (status, body, expected) in cases {
        assert_eq!(understand(&answer(status, body)).err(), Some(expected), "{status} {body}");
    }
}

#[test]
fn amazons_id_of_a_call_is_in_a_header_or_in_an_errors_body() {
    let in_body = answer(400, r#"{"error":"invalid_grant","request_id":"b-1"}"#);
    let in_header = Answer { request_id: AmazonRequestId::of("h-1"), ..answer(400, "") };
    let both =
        Answer { request_id: AmazonRequestId::of("h-1"), body: in_body.body.clone(), ..answer(400, "") };

    for (answer, expected) in [(in_body, Some("b-1")), (in_header, Some("h-1")), (both, Some("h-1"))] {
        assert_eq!(request_id(&answer).as_ref().map(AmazonRequestId::as_str), expected);
    }
    assert_eq!(request_id(&answer(400, r#"{"request_id":"Atza|secret"}"#)), None);
}

#[test]
fn a_token_is_taken_as_long_as_a_row_can_hold_it() {
    let reply = |length| format!(r#"{{"access_token":"{}","expires_in":3600}}"#, "x".repeat(length));

    assert!(understand(&answer(200, &reply(LONGEST_TOKEN))).is_ok());
    assert!(understand(&answer(200, &reply(LONGEST_TOKEN + 1))).is_err());
}

fn refreshed(body: &str) -> Reply {
    const SENT: &str = "Atzr|0123456789abcdefghijkl";
    let fault = |text: &str| unfit_to_replace(SENT, text, LONGEST_REFRESH_TOKEN);
    understand(&answer(200, body)).unwrap().without_a_faulty_refresh_token(fault)
}

#[test]
fn an_odd_optional_field_does_not_cost_the_access_token() {
    let long = format!("\"Atzr|{}\"", "y".repeat(LONGEST_REFRESH_TOKEN));
    let odd = [
        r#""""#,
        r#""   ""#,
        r#""a b""#,
        r#""é""#,
        r#""a\nb""#,
        r#""Atza|y""#,
        r#""amzn1.oa2-cs.v1.y""#,
        r#""Atc|y""#,
        r#""atza|y""#,
        r#""Atz.sprdt|y""#,
        r#""null""#,
        r#""\"Atzr|y\"""#,
        r#""Atzr|""#,
        r#""atzr|""#,
        r#"" Atzr|y""#,
        r#""Atzr|y ""#,
        r#""Atzr|y\n""#,
        r#""Atzr|y\u0000""#,
        r#""Atzr%7Cy""#,
        r#""Atzr%7cy""#,
        r#""Atzr%257Cy""#,
        r#""amzn1.sp.solution.y""#,
        r#""undefined""#,
        r#""<token>""#,
        "5",
        "true",
        "[]",
        "{}",
        &long,
    ];
    for value in odd {
        for odd_too in ["7", "null", "[]"] {
            let body = format!(
                r#"{{"access_token":"Atza|x","refresh_token":{value},"token_type":{odd_too},"expires_in":{odd_too}}}"#
            );
            let reply = refreshed(&body);

            assert!(reply.refresh_token.is_none() && reply.oddity.is_some(), "{value}");
            assert_eq!(reply.access_token.expose(), "Atza|x");
        }
    }
    for none in ["", r#","refresh_token":null"#] {
        let reply = refreshed(&format!(r#"{{"access_token":"Atza|x"{none}}}"#));
        assert!(reply.refresh_token.is_none() && reply.oddity.is_none());
    }
    let longer = format!(r#"{{"access_token":"Atza|x","refresh_token":"Atzr|{}"}}"#, "x".repeat(5000));
    assert!(refreshed(&longer).refresh_token.is_some());
}

#[test]
fn a_shape_names_known_fields_and_repeats_no_value() {
    for (body, expected) in [
        ("", "0 bytes, no JSON"),
        (r#"{"access_token":"Atza|x","#, "25 bytes, no JSON"),
        ("[1]", "3 bytes, JSON that is no object"),
        (
            r#"{"access_token":"secret","expires_in":3600,"refresh_token":null,"Atza|secret":[1]}"#,
            "82 bytes, an object: access_token is a text of 6 characters, expires_in is a number, \
             refresh_token is null, and 1 other field",
        ),
    ] {
        assert_eq!(shape(body.as_bytes()), expected);
    }
}

#[test]
fn a_lifetime_that_cannot_be_believed_is_ten_minutes() {
    use serde_json::json;

    for nonsense in [
        json!(null),
        json!(-1),
        json!(0),
        json!(0.5),
        json!(1),
        json!("9.9"),
        json!("soon"),
        json!(""),
        json!("NaN"),
        json!("inf"),
        json!(9e9),
        json!(86_401),
        json!("-3600"),
        json!([3600]),
        json!({"seconds": 3600}),
        json!(true),
    ] {
        assert_eq!(lifetime(Some(&nonsense)), SignedDuration::from_mins(10), "{nonsense}");
    }
    assert_eq!(lifetime(None), SignedDuration::from_mins(10));
    for hour in [
        json!(3600),
        json!(3600.0),
        json!(3600.9),
        json!("3600"),
        json!("3600.0"),
        json!(" 3600 "),
        json!("3.6e3"),
    ] {
        assert_eq!(lifetime(Some(&hour)), SignedDuration::from_hours(1), "{hour}");
    }
    assert_eq!(lifetime(Some(&json!(10))), SignedDuration::from_secs(10));
}
