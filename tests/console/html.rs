//! The rules for the HTML of every page.

use std::collections::BTreeSet;

/// Tags are balanced. Every field has a label, every table a caption, every header cell a scope, every button a text. No script
/// runs, and nothing is loaded from another place.
#[track_caller]
pub(super) fn assert_well_formed(html: &str, what: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut ids = BTreeSet::new();
    let mut before = "";
    let mut rest = html.strip_prefix("<!DOCTYPE html>").unwrap_or_else(|| panic!("{what}: no doctype"));
    while let Some((text, after)) = rest.split_once('<') {
        let (tag, after) = after.split_once('>').unwrap_or_else(|| panic!("{what}: an open tag"));
        rest = after;
        let name = tag.split([' ', '\n']).next().unwrap();
        if let Some(name) = name.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{what}: </{name}> closes nothing");
            assert!(
                name != "button" || !text.is_empty() || before == "/span",
                "{what}: a button without a text"
            );
            before = tag;
            continue;
        }
        match name {
            "input" | "select" | "textarea" => {
                let is_hidden = tag.contains("type=\"hidden\"");
                assert!(is_hidden || open.contains(&"label"), "{what}: <{tag}> has no label");
            }
            "th" => assert!(tag.contains(" scope=\""), "{what}: <{tag}> has no scope"),
            "script" | "style" | "img" | "iframe" => panic!("{what}: <{tag}>"),
            _ => assert!(!tag.contains(" style=\"") && !tag.contains(" on"), "{what}: <{tag}>"),
        }
        assert!(!before.starts_with("table") || name == "caption", "{what}: a table without a caption");
        if let Some((_, id)) = tag.split_once(" id=\"") {
            let id = id.split('"').next().unwrap();
            assert!(ids.insert(id.to_owned()), "{what}: two of the id {id}");
        }
        if !["br", "input", "link", "meta"].contains(&name) {
            open.push(name);
        }
        before = tag;
    }
    assert!(open.is_empty(), "{what}: {open:?} stay open");
    assert_eq!(html.matches("<h1>").count(), 1, "{what}: one heading of the page");
    assert!(html.contains("<html lang=\"en\">") && html.contains("<title>"), "{what}");
}

#[test]
fn a_malformed_page_is_detected() {
    let page =
        |body: &str| format!("<!DOCTYPE html><html lang=\"en\"><title>x</title><h1>x</h1>{body}</html>");
    assert_well_formed(&page("<label>x<input name=\"x\"></label>"), "good");
    for bad in [
        "<p>",
        "</p>",
        "<input name=\"x\">",
        "<select></select>",
        "<table><tbody></tbody></table>",
        "<th>x</th>",
        "<script></script>",
        "<p onclick=\"x\"></p>",
        "<p id=\"x\"></p><p id=\"x\"></p>",
        "<button></button>",
        "<h1>x</h1>",
    ] {
        let outcome = std::panic::catch_unwind(|| assert_well_formed(&page(bad), "bad"));
        assert!(outcome.is_err(), "{bad}");
    }
}
