//! Files of rows: their format, their mode, and files that are something else.

use std::{fs, os::unix::fs::PermissionsExt};

use serde_json::{Value, json};

use super::{functions, imports, rows, summary};
use crate::{local_stack::APPLICATION, support::folder::Folder};

#[tokio::test]
async fn standard_input_is_a_file_of_either_format() {
    let folder = Folder::new("stdin");
    let functions = functions(|_| None).await;
    let result = folder.path("result");
    let lines = "{\"sellingPartnerId\": \"A1\", \"refreshToken\": \"Atzr|hunter2-1\", \"kind\": \"self\", \"region\": \"na\"}\n\
                 {\"sellingPartnerId\": \"A7\", \"refreshToken\": \"Atzr|hunter2-7\", \"kind\": \"self\", \"marketplaceId\": \"ATVPDKIKX0DER\"}\n";

    let ran = functions.tool().run_with(&["import", "--file", "-", "--result", &result], &rows(0..3)).await;
    assert_eq!(
        (ran.code, &summary(&ran)["imported"], &summary(&ran)["note"]),
        (0, &json!(3), &Value::Null),
        "{ran:?}"
    );
    let ran = functions.tool().run_with(&["import", "--file", "-", "--result", &result], lines).await;
    assert_eq!(
        (ran.code, &summary(&ran)["earlier"], &summary(&ran)["imported"]),
        (0, &json!(1), &json!(2)),
        "{ran:?}"
    );
    let (_, request) = functions.last_request();
    assert_eq!((&request["marketplaceId"], &request["by"]), (&json!("ATVPDKIKX0DER"), &json!("olga")));
    assert_eq!(request["applicationId"], APPLICATION);
}

#[tokio::test]
async fn a_file_that_others_may_read_is_warned_of() {
    let folder = Folder::new("mode");
    let functions = functions(|_| None).await;
    let file = folder.file("rows.csv", &rows(0..1));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();

    let ran = functions.tool().run_with(&["import", "--file", &file], "").await;

    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stderr.starts_with("warning: other users") && ran.stderr.contains("chmod 600"),
        "{}",
        ran.stderr
    );
}

#[tokio::test]
async fn another_file_is_not_taken_for_a_result_file_or_a_file_of_rows() {
    let folder = Folder::new("wrong-file");
    let functions = functions(|_| None).await;
    let file = folder.file("rows.csv", &rows(0..1));
    let secret = folder.file("secret", "Atzr|hunter2");
    let headless = folder.file("headless", "A1,Atzr|hunter2,self\n");
    for arguments in [
        ["import", "--file", &file, "--result", &file],
        ["import", "--file", &file, "--result", &secret],
        ["import", "--file", &headless, "--result", &folder.path("r1")],
        ["import", "--file", &folder.path("none"), "--result", &folder.path("r2")],
    ] {
        let ran = functions.tool().run_with(&arguments, "").await;
        assert_eq!(ran.code, 2, "{arguments:?}: {ran:?}");
        assert!(!format!("{ran:?}").contains("hunter2"), "{ran:?}");
    }
    assert_eq!(imports(&functions), 0);
    assert_eq!(fs::read_to_string(&secret).unwrap(), "Atzr|hunter2", "it is left as it was");
    let ran = functions.tool().run("import --file rows.csv A1EXAMPLE --kind self").await;
    assert_eq!(ran.code, 2, "{ran:?}");
}
