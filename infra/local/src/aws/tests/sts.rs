use http::{Request, header::CONTENT_TYPE};

use super::*;

/// Sends a form as the SDKs do; returns status, media type and body.
async fn sent(served: &Served, form: &'static str) -> (u16, String, String) {
    let request = Request::post("/").header(CONTENT_TYPE, "application/x-www-form-urlencoded; charset=utf-8");
    let response = served.aws.router().oneshot(request.body(Body::from(form)).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let media_type = response.headers()[CONTENT_TYPE].to_str().unwrap().to_owned();
    let body = body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, media_type, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_caller_reads_its_identity_in_xml() {
    let served = Served::new().await;

    let (status, media_type, body) = sent(&served, "Action=GetCallerIdentity&Version=2011-06-15").await;

    assert_eq!((status, media_type.as_str()), (200, "text/xml"));
    assert!(body.starts_with("<GetCallerIdentityResponse xmlns="), "{body}");
    for part in ["<Account>123456789012</Account>", ":user/local</Arn>", "<UserId>", "<RequestId>"] {
        assert!(body.contains(part), "{part}: {body}");
    }
}

#[tokio::test]
async fn another_action_says_that_it_is_not_in_the_local_stack() {
    let served = Served::new().await;

    for form in ["Action=AssumeRole&Version=2011-06-15", "Action=GetCallerIdentity", "Action=ListTopics"] {
        let (status, media_type, body) = sent(&served, form).await;

        assert_eq!((status, media_type.as_str()), (400, "text/xml"), "{form}");
        assert!(
            body.contains("<Code>InvalidAction</Code>") && body.contains("not in the local stack"),
            "{body}"
        );
    }
}
