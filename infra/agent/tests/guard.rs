//! What comes through a browser, or without a key, is refused.

use reqwest::header::{HOST, ORIGIN};

use crate::support::here::{Here, read};

#[tokio::test]
async fn a_host_that_is_not_loopback_and_any_origin_are_refused() {
    let here = Here::with(None).await;
    let url = format!("http://127.0.0.1:{}", here.port);
    let get =
        || here.http.get(format!("{url}/access-token?sellingPartnerId=A1")).header("x-spapi-auth-agent", "1");
    assert_eq!(get().send().await.unwrap().status(), 200);

    for request in [
        get().header(HOST, "rebound.example"),
        get().header(ORIGIN, "https://evil.example"),
        get().header(ORIGIN, "null"),
        get().header(ORIGIN, url.clone()),
        here.post().header(ORIGIN, "null").body("grant_type=refresh_token&refresh_token=A1"),
        here.http.get(format!("{url}/health")).header(HOST, "rebound.example"),
        here.http.request(reqwest::Method::OPTIONS, &url).header(ORIGIN, "https://evil.example"),
    ] {
        let (status, answer) = read(request.send().await.unwrap()).await;
        assert_eq!((status.as_u16(), answer["error"].as_str()), (403, Some("access_denied")));
    }
    assert_eq!(here.lambda.count(), 1);
}

#[tokio::test]
async fn without_a_key_get_needs_a_header_that_no_page_can_send() {
    let here = Here::with(None).await;
    let url = format!("http://127.0.0.1:{}/access-token?sellingPartnerId=A1", here.port);
    assert_eq!(here.http.get(&url).send().await.unwrap().status(), 401);
    assert_eq!(here.http.get(&url).header("X-Spapi-Auth-Agent", "1").send().await.unwrap().status(), 200);
    let body = "grant_type=refresh_token&refresh_token=A1";
    assert_eq!(here.post().body(body).send().await.unwrap().status(), 200);
}
