//! The console's page of the last 24 hours: what CloudWatch answers, and what the page says where it may not be asked.

use reqwest::StatusCode;
use serde_json::json;

use crate::support::{console::Run, functions::Functions, stack::TestStack};

const PATH: &str = "/console/last-day";

#[tokio::test]
async fn a_token_that_is_handed_out_is_counted_on_the_page() {
    let stack = TestStack::start().await;
    stack.authorize("A1US").await;
    let run = Run::entered(&stack.tool(), &["console"]).await;
    let before = run.get(PATH).await;
    assert_eq!(before.status, StatusCode::OK);
    assert!(before.body.contains("0 tokens: 0 that were stored"), "{}", before.body);

    let hour = stack.now()[..13].replace('T', " ");
    stack.tool().succeeds("token A1US --show").await;
    let next_hour = stack.now()[..13].replace('T', " ");

    let page = run.get(PATH).await.body;
    assert!(
        page.contains("1 tokens: 1 that were stored, and 0 that Amazon issued for the request."),
        "{page}"
    );
    assert!(page.contains("A call to Login with Amazon took "), "the exchange of the code is timed: {page}");
    let row = |hour| format!("<th scope=\"row\">{hour}:00</th><td>1</td><td>1</td><td>0</td>");
    assert!(page.contains(&row(hour)) || page.contains(&row(next_hour)), "{page}");
}

#[tokio::test]
async fn without_the_permission_one_sentence_says_what_to_allow_and_the_other_pages_are_shown() {
    let functions = Functions::answering(Ok(json!({"applications": []}))).await;
    let run = Run::entered(&functions.tool(), &["console"]).await;

    let page = run.get(PATH).await;

    assert_eq!(page.status, StatusCode::OK);
    for part in
        ["Not shown: CloudWatch denied the metrics", "AccessDenied", "allow `cloudwatch:GetMetricData`"]
    {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    assert!(page.body.contains("The last 24 hours") && !page.body.contains("<svg"), "{}", page.body);
    assert_eq!(run.get("/").await.status, StatusCode::OK);
}
