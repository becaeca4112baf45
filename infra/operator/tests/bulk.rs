//! `import --file`: every row gets an outcome, whatever the other rows are, and whenever a run is killed.

mod files;
mod long_runs;

use std::{collections::HashMap, fs, os::unix::fs::PermissionsExt, sync::Mutex};

use serde_json::{Value, json};

use crate::{
    grants::grant,
    local_stack::APPLICATION,
    support::{folder::Folder, functions::Functions, tool::Run},
};

/// Functions that import each partner once; `before` may answer in their place.
async fn functions(
    before: impl Fn(&str) -> Option<(&'static str, &'static str)> + Send + Sync + 'static,
) -> Functions {
    let grants: Mutex<HashMap<String, Value>> = Mutex::default();
    Functions::with(move |name, request| {
        if name == "authorizations" {
            let application = json!({
                "applicationId": APPLICATION, "clientId": "c", "name": "n", "draft": false, "defaultRegion": "na",
            });
            return Ok(json!({ "applications": [application] }));
        }
        let partner = request["sellingPartnerId"].as_str().unwrap();
        if let Some(refused) = before(partner) {
            return Err(refused);
        }
        let token = &request["refreshToken"];
        let mut grants = grants.lock().unwrap();
        match grants.insert(partner.to_owned(), token.clone()) {
            Some(had) if had != *token => Err(("InvalidRequest", "sellingPartnerId: expected one without a grant")),
            Some(_) => Ok(json!({"grant": grant(partner), "outcome": "present"})),
            None => Ok(json!({"grant": grant(partner), "outcome": "imported"})),
        }
    })
    .await
}

fn rows(numbers: std::ops::Range<u32>) -> String {
    let row = |n| format!("A{n},Atzr|hunter2-{n},oauth,unknown\n");
    format!("sellingPartnerId,refreshToken,kind,authorizedAt\n{}", numbers.map(row).collect::<String>())
}

fn imports(functions: &Functions) -> usize {
    functions.requests().iter().filter(|(name, _)| name == "administration").count()
}

/// The summary, which is the last document.
fn summary(ran: &Run) -> Value {
    assert!(!format!("{ran:?}").contains("hunter2"), "{ran:?}");
    ran.documents().pop().unwrap()
}

#[tokio::test]
async fn a_bad_row_stops_no_other_and_the_second_run_sends_only_what_is_not_done() {
    let folder = Folder::new("bad-rows");
    let functions = functions(|partner| match partner {
        "A2" => Some(("InvalidRequest", "refreshToken: expected a refresh token that Amazon accepts")),
        "A3" => Some(("Internal", "it broke")),
        _ => None,
    })
    .await;
    let more = "A9;Atzr|hunter2\nA10,,oauth,unknown\n\"A11,Atzr|hunter2,oauth,unknown\nAtzr|hunter2,A12,self,\n\
                A13,Atzr|hunter2-13,oauth,2020-01-01\n";
    let file = folder.file("rows.csv", &(rows(0..5) + more));
    let arguments = ["import", "--file", &file];

    let ran = functions.tool().run_with(&arguments, "").await;

    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""), "{ran:?}");
    let counts = json!({
        "rows": 10, "earlier": 0, "imported": 3, "present": 0, "refused": 1, "invalid": 5, "failed": 1,
        "result": format!("{file}.result.jsonl"), "note": format!("delete `{file}`: it contains refresh tokens"),
    });
    assert_eq!(summary(&ran), counts);
    let mut records = folder.records("rows.csv.result.jsonl");
    records.sort_by_key(|record| record["line"].as_u64());
    let outcomes: Vec<_> = records.iter().map(|record| record["outcome"].as_str().unwrap()).collect();
    let expected = [
        "imported", "imported", "refused", "failed", "imported", "invalid", "invalid", "invalid", "invalid",
        "invalid",
    ];
    assert_eq!(outcomes, expected);
    assert_eq!(
        (&records[0]["line"], &records[0]["sellingPartnerId"], &records[0]["region"]),
        (&json!(2), &json!("A0"), &json!("na"))
    );
    assert!(records[2]["reason"].as_str().unwrap().contains("Amazon accepts"), "{}", records[2]);
    let written = fs::read_to_string(folder.path("rows.csv.result.jsonl")).unwrap();
    assert!(!written.contains("hunter2"), "{written}");
    let granted = fs::metadata(folder.path("rows.csv.result.jsonl")).unwrap().permissions().mode();
    assert_eq!(granted & 0o777, 0o600);

    // The operator sorts the file and corrects some rows, and the others are tried again.
    let corrected = rows(0..5).lines().rev().take(5).fold(String::new(), |text, line| text + line + "\n");
    folder.file("rows.csv", &(rows(0..0) + "A10,Atzr|hunter2-10,oauth,unknown\n" + &corrected));
    let before = imports(&functions);
    let ran = functions.tool().run_with(&arguments, "").await;
    assert_eq!((ran.code, imports(&functions) - before), (1, 3), "{ran:?}");
    let last = summary(&ran);
    assert_eq!(
        (&last["imported"], &last["earlier"], &last["refused"], &last["failed"]),
        (&json!(4), &json!(3), &json!(1), &json!(1))
    );

    folder.file("rows.csv", &(rows(0..2) + "A10,Atzr|hunter2-10,oauth,unknown\n"));
    let before = imports(&functions);
    let ran = functions.tool().run_with(&arguments, "").await;
    assert_eq!((ran.code, imports(&functions) - before), (0, 0), "what is left is done: {ran:?}");
}

#[tokio::test]
async fn what_is_there_is_present_and_another_stack_is_not_taken_for_this_one() {
    let folder = Folder::new("present");
    let (here, there) = (functions(|_| None).await, functions(|_| None).await);
    let file = folder.file("rows.csv", &rows(0..3));
    let result = folder.path("result");
    for (functions, result, imported, present) in
        [(&here, result.as_str(), 3, 0), (&here, &folder.path("other"), 0, 3), (&there, &result, 3, 0)]
    {
        let ran = functions.tool().run_with(&["import", "--file", &file, "--result", result], "").await;
        let last = summary(&ran);
        assert_eq!(last["earlier"], 0, "every row was sent: {last}");
        assert_eq!(
            (ran.code, &last["imported"], &last["present"]),
            (0, &json!(imported), &json!(present)),
            "{ran:?}"
        );
    }
}

#[tokio::test]
async fn a_row_is_sent_again_when_amazon_has_time_for_it() {
    let folder = Folder::new("throttled");
    let seen: Mutex<HashMap<String, u32>> = Mutex::default();
    let functions = functions(move |partner| {
        let mut seen = seen.lock().unwrap();
        let times = seen.entry(partner.to_owned()).or_default();
        *times += 1;
        match (partner, *times) {
            ("A1", 1) => Some(("AmazonThrottled", "Amazon throttles")),
            ("A2", 1..=2) => Some(("AmazonUnavailable", "Amazon does not answer")),
            _ => None,
        }
    })
    .await;
    let file = folder.file("rows.csv", &rows(0..30));

    let ran = functions.tool().run_with(&["import", "--file", &file, "--concurrency", "8"], "").await;

    assert_eq!((ran.code, &summary(&ran)["imported"]), (0, &json!(30)), "{ran:?}");
    assert_eq!(imports(&functions), 33);
}

#[tokio::test]
async fn a_failure_that_every_row_would_have_stops_the_run() {
    let folder = Folder::new("stops");
    let functions =
        functions(|_| Some(("ApplicationCredentialsRejected", "Amazon rejects the client secret"))).await;
    let file = folder.file("rows.csv", &rows(0..500));

    let ran = functions.tool().run_with(&["import", "--file", &file], "").await;

    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("ApplicationCredentialsRejected"), "{}", ran.stderr);
    assert!(imports(&functions) <= 4 && folder.records("rows.csv.result.jsonl").is_empty());
}

#[tokio::test]
async fn without_aws_nothing_is_read_or_written() {
    let folder = Folder::new("no-aws");
    let file = folder.file("rows.csv", &rows(0..3));
    let functions = functions(|_| None).await;
    let tool = functions.tool().with("AWS_ENDPOINT_URL", "http://127.0.0.1:1");

    let ran = tool.run_with(&["import", "--file", &file], "").await;
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(!fs::exists(folder.path("rows.csv.result.jsonl")).unwrap());

    let ran =
        tool.without("AWS_REGION").run_with(&["import", "--file", &file, "--dry-run", "--json"], "").await;
    assert_eq!((ran.code, summary(&ran)), (0, json!({"rows": 3, "valid": 3, "invalid": 0})), "{ran:?}");
    assert!(!fs::exists(folder.path("rows.csv.result.jsonl")).unwrap());
}
