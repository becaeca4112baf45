use serde_json::json;

use super::*;

#[test]
fn a_record_becomes_its_detail_whatever_its_texts_hold() {
    let odd = "\"quoted\" \\ <$.dynamodb> \n \u{1f600} {}";
    let image = json!({
        "id": {"S": "x"}, "event": {"S": "OfAVersionToCome"}, "at": {"S": "2026-03-01T09:30:00Z"}, "subject": {"S": "a#na#A1"},
        "revision": {"N": "7"}, "reason": {"S": odd}, "selling_partner_id": {"S": "A1"}, "unknown": {"S": "left out"},
    });

    let detail = detail(&image).unwrap();

    assert_eq!(detail["event"], "OfAVersionToCome");
    assert_eq!(detail["revision"], "7");
    assert_eq!(detail["reason"], odd);
    assert_eq!(detail["sellingPartnerId"], "A1");
    assert_eq!(detail["gained"], "", "a record of an earlier version lacks it");
    assert_eq!(detail.as_object().unwrap().len(), 19);
}

#[test]
fn the_attribute_without_which_a_row_is_no_record_is_named() {
    let whole = json!({
        "id": {"S": "x"}, "event": {"S": "e"}, "at": {"S": "t"}, "subject": {"S": "s"}, "revision": {"N": "1"},
    });
    assert!(detail(&whole).is_ok());
    for attribute in ["id", "event", "at", "subject", "revision"] {
        let mut row = whole.clone();
        for no_text in [json!({"BOOL": true}), json!({"S": ""})] {
            row[attribute] = no_text;
            assert_eq!(detail(&row), Err(Lacking(attribute)));
        }
    }
}
