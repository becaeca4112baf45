//! On the local stack: a link that leads to a grant, and events that are sent again.

use serde_json::json;

use crate::{
    local_stack::{APPLICATION, CLIENT_SECRET, registered},
    support::tool::Tool,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_link_leads_to_a_grant_that_is_linked_to_its_account() {
    let (stack, tool) = registered().await;
    let words = "link --account tenant-42 --label Tenant --marketplace US --type seller --valid 3d --json";
    let link = tool.succeeds(words).await.document();

    let page = stack.authorize_with(link["url"].as_str().unwrap(), "A1LINKED").await;

    assert!(page.contains("You are connected"), "{page}");
    tool.succeeds("show --account tenant-42").await.says("A1LINKED").says("active");
    tool.succeeds("renewals --until 366d").await.says("A1LINKED");
    tool.succeeds("renew A1LINKED").await.says(&stack.site("/authorize?link="));
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_sent_again_from_the_history() {
    let (stack, tool) = registered().await;
    let refresh_token = stack.refresh_token(APPLICATION, CLIENT_SECRET, "A1IMPORTED").await;
    let ran = tool.run_with(&["import", "A1IMPORTED", "--kind", "self"], &refresh_token).await;
    assert_eq!(ran.code, 0, "{ran:?}");
    tool.succeeds("disable A1IMPORTED").await;

    let replay = async |tool: &Tool, words: &str| tool.succeeds(words).await.document();
    // Registered and its secret set; granted and disabled.
    assert_eq!(replay(&tool, "events replay --from 1h --json").await, json!({"sent": 4}));
    assert_eq!(replay(&tool, "events replay A1IMPORTED --from 1h --json").await, json!({"sent": 2}));
    assert_eq!(replay(&tool, "events replay --from 2h --until 1h --json").await, json!({"sent": 0}));
}
