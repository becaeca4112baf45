//! `export` and `diff`.

use serde_json::json;

use crate::{
    grants::grant,
    support::{folder::Folder, functions::Functions},
};

#[tokio::test]
async fn an_export_has_every_grant_and_two_are_compared() {
    let folder = Folder::new("export");
    let mut here = vec![grant("A1"), grant("A2"), grant("A3")];
    let answer = json!({ "grants": here });
    let functions = Functions::with(move |_, _| Ok(answer.clone())).await;
    let ran = functions.tool().succeeds("export").await;
    assert_eq!(ran.documents(), here);

    let a = folder.file("a", &ran.stdout);
    here[1]["status"] = json!("disabled");
    here[2]["version"] = json!(99);
    here[0]["sellingPartnerId"] = json!("A9");
    let b = folder.file("b", &here.iter().map(|grant| grant.to_string() + "\n").collect::<String>());
    let tool = functions.tool().without("AWS_REGION");
    assert_eq!(tool.run_with(&["diff", &a, &a], "").await.code, 0);
    let ran = tool.run_with(&["diff", &a, &b], "").await;
    assert_eq!((ran.code, ran.stdout.lines().count()), (1, 3), "{ran:?}");
    ran.says("A1 in na is only in")
        .says("A9 in na is only in")
        .says("A2 in na differs; status: active, disabled");
    let ran = tool.run_with(&["diff", &a, &b, "--json"], "").await;
    assert_eq!(ran.documents()[1]["differs"], json!({"status": ["active", "disabled"]}));
    assert_eq!(tool.run_with(&["diff", &a, "/nonexistent"], "").await.code, 2);
}
