//! `restore tables`, against the local stack.

use aws_sdk_dynamodb::{Client, primitives::DateTime, types::AttributeValue};
use serde_json::json;

use crate::{
    local_stack::{APPLICATION, CLIENT_SECRET, registered},
    support::{stack::TestStack, tool::Tool},
};

const GRANTS: &str = "spapi-auth-grants";
const TOKENS: &str = "spapi-auth-access-tokens";

/// Two imported grants, a copy of every table, the time of the copy, and one of them disabled since.
async fn damaged() -> (TestStack, Tool, Client, String) {
    let (stack, tool) = registered().await;
    for partner in ["A1KEPT", "A1OFF"] {
        let refresh_token = stack.refresh_token(APPLICATION, CLIENT_SECRET, partner).await;
        let ran = tool.run_with(&["import", partner, "--kind", "self"], &refresh_token).await;
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let client = stack.dynamodb();
    for table in ["applications", "grants", "history"] {
        let table = format!("spapi-auth-{table}");
        client.create_backup().table_name(table).backup_name("rehearsal").send().await.unwrap();
    }
    stack.control("advance", json!({"seconds": 2})).await;
    let moment = stack.now();
    tool.succeeds("disable A1OFF").await;
    for row in client.scan().table_name(GRANTS).send().await.unwrap().items.unwrap() {
        let key: AttributeValue = row["grant_key"].clone();
        client.delete_item().table_name(GRANTS).key("grant_key", key).send().await.unwrap();
    }
    (stack, tool, client, moment)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_table_is_restored_reconciled_and_its_copies_deleted() {
    let (_stack, tool, client, moment) = damaged().await;

    let ran = tool.run(&format!("restore tables --to {moment}")).await;
    assert!(ran.code == 2 && ran.stderr.contains("--dry-run"), "{ran:?}");
    let ran = tool.succeeds(&format!("restore tables --to {moment} --dry-run")).await;
    ran.says("copy spapi-auth-grants to spapi-auth-grants-restore-").says("no row was compared");
    assert!(!tool.succeeds("list").await.stdout.contains("A1KEPT"), "a dry run restores nothing");

    let ran = tool.succeeds(&format!("restore tables --to {moment} --yes --keep-copies")).await;
    ran.says("There is no archive of the events here");
    ran.says("spapi-auth-grants: 2 of 2 rows were put back")
        .says("Compared 2 grants with their history.\nThe newest");
    tool.succeeds(&format!("restore reconcile --since {moment}"))
        .await
        .says("Compared 2 grants with their history.\nThe newest");
    let ran = tool.succeeds(&format!("restore tables --to {moment} --yes")).await;
    ran.says("spapi-auth-grants: 0 of 2 rows were put back").says("Deleted the copies.");

    ran.says("Not looked for: partners who authorized for the first time since");
    tool.succeeds("list --status active").await.says("A1KEPT");
    tool.succeeds("list --status disabled").await.says("A1OFF");
    tool.succeeds("history A1KEPT").await.says("GrantRepaired");
    assert!(tool.succeeds("token A1KEPT").await.stdout.starts_with("Atza|"));
    let tables = client.list_tables().send().await.unwrap().table_names.unwrap();
    assert!(tables.iter().all(|table| !table.contains("-restore-")), "{tables:?}");
    let ended = client.describe_time_to_live().table_name(TOKENS).send().await.unwrap();
    let status = ended.time_to_live_description.unwrap().time_to_live_status.unwrap();
    assert_eq!(status.as_str(), "ENABLED", "its settings are put back");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_was_interrupted_goes_on_with_the_same_command() {
    let (_stack, tool, client, moment) = damaged().await;
    let restore = format!("restore tables --to {moment} --table grants --yes");

    // One run ended when the copy was ordered, another one when a row was put back.
    let second = moment.parse::<jiff::Timestamp>().unwrap().as_second();
    let order = client.restore_table_to_point_in_time().source_table_name(GRANTS);
    let order = order.target_table_name(format!("{GRANTS}-restore-{second}"));
    order.restore_date_time(DateTime::from_secs(second)).send().await.unwrap();
    tool.succeeds(&format!("{restore} --keep-copies"))
        .await
        .says("spapi-auth-grants: 2 of 2 rows were put back");
    let key = AttributeValue::S(format!("{APPLICATION}#na#A1KEPT"));
    client.delete_item().table_name(GRANTS).key("grant_key", key).send().await.unwrap();

    tool.succeeds(&restore).await.says("spapi-auth-grants: 1 of 2 rows were put back");
    tool.succeeds("list --status active").await.says("A1KEPT");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_gone_ends_a_restore_before_anything_is_written() {
    let (_stack, tool, client, moment) = damaged().await;
    client.delete_table().table_name(TOKENS).send().await.unwrap();

    for more in ["--dry-run", "--yes", "--table grants --yes"] {
        let ran = tool.run(&format!("restore tables --to {moment} {more}")).await;
        assert!(ran.code == 2 && ran.stdout.is_empty(), "{more}: {ran:?}");
        assert!(ran.stderr.contains(TOKENS) && ran.stderr.contains("A table that is gone"), "{ran:?}");
    }
    let rows = client.scan().table_name(GRANTS).send().await.unwrap();
    assert_eq!(rows.count, 0);
    let tables = client.list_tables().send().await.unwrap().table_names.unwrap();
    assert!(tables.iter().all(|table| !table.contains("-restore-")), "{tables:?}");

    let ran = tool.run("doctor").await;
    assert!(ran.code == 1 && ran.stdout.contains("the table of access tokens is gone"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_gets_the_policy_of_its_table_and_a_moment_out_of_reach_is_named() {
    let (_stack, tool, client, moment) = damaged().await;
    let described = client.describe_table().table_name(GRANTS).send().await.unwrap();
    let arn = described.table.unwrap().table_arn.unwrap();
    let policy = json!({"Statement": [{"Resource": arn}]}).to_string();
    client.put_resource_policy().resource_arn(&arn).policy(policy).send().await.unwrap();

    let ran = tool.run("restore tables --to 40d --dry-run").await;
    assert!(ran.code == 2 && ran.stderr.contains("choose a time from"), "{ran:?}");
    let ran =
        tool.succeeds(&format!("restore tables --to {moment} --table grants --yes --keep-copies")).await;
    ran.says("warning: table spapi-auth-history has no policy of its own");
    assert!(!ran.stdout.contains("warning: table spapi-auth-grants"), "{ran:?}");

    let tables = client.list_tables().send().await.unwrap().table_names.unwrap();
    let copy = tables.into_iter().find(|table| table.contains("-restore-")).unwrap();
    let closed = client.get_resource_policy().resource_arn(arn.replace(GRANTS, &copy)).send().await.unwrap();
    assert!(closed.policy.unwrap().contains(&copy));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_and_an_account_are_erased_and_consumers_that_name_them_are_named() {
    let (_stack, tool, client, _) = damaged().await;
    let rows = client.scan().table_name("spapi-auth-history").send().await.unwrap().items.unwrap();
    assert!(format!("{rows:?}").contains("A1KEPT"));
    tool.succeeds("consumers add orders --partner A1KEPT").await;

    let ran = tool.run("erase A1KEPT").await;
    assert!(ran.code == 2 && ran.stderr.contains("--yes"), "{ran:?}");
    let ran = tool.succeeds("erase A1KEPT --reason asked --yes").await;
    ran.says("Erased 1 grants of partner A1KEPT").says("spapi-auth consumers update orders");
    tool.succeeds("erase A1KEPT --yes").await.says("Erased 0 grants");
    tool.succeeds("erase --account nobody --yes").await.says("Erased 0 grants of account nobody");

    let rows = client.scan().table_name("spapi-auth-history").send().await.unwrap().items.unwrap();
    assert!(!format!("{rows:?}").contains("A1KEPT"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_was_changed_by_hand_is_named_with_the_option_that_replaces_it() {
    let (_stack, tool, client, moment) = damaged().await;
    let restore = format!("restore tables --to {moment} --table grants --yes");
    tool.succeeds(&format!("{restore} --keep-copies")).await;
    let key = AttributeValue::S(format!("{APPLICATION}#na#A1OFF"));
    let change = client.update_item().table_name(GRANTS).key("grant_key", key);
    let change = change.update_expression("SET account = :evil");
    change.expression_attribute_values(":evil", AttributeValue::S("evil".to_owned())).send().await.unwrap();

    let ran = tool.succeeds(&format!("{restore} --keep-copies")).await;
    ran.says("0 of 2 rows were put back\n  amzn1.sp.solution.").says("#A1OFF: it differs from the copy");
    ran.says("account; hint: `--replace`");
    tool.succeeds(&format!("{restore} --replace")).await.says("1 of 2 rows were put back");
    assert!(!tool.succeeds("list").await.stdout.contains("evil"));
}
