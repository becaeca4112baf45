//! The texts of the partners' pages: each is shown somewhere, and each code on them is documented.

use std::{collections::BTreeSet, fs, path::Path};

use crate::support::repository::source;

const PAGE: &str = "shared/src/browser/page";

#[test]
fn every_text_of_the_pages_is_shown_by_some_code() {
    let messages = source(&format!("{PAGE}/message.rs"));
    let words = source(&format!("{PAGE}/texts.rs"));
    let of_page = source(&format!("{PAGE}.rs")) + &sources(PAGE, &["texts", "texts.rs"]);
    // The functions name a message, or get it from what stopped a journey.
    let (_, conversions) = messages.split_once("impl From<").unwrap();
    let by_functions = sources("functions", &[]) + &conversions.replace("Self::", "Message::");
    for (name, shown_by) in [("Message", &by_functions), ("Word", &of_page)] {
        let declared = variants(if name == "Word" { &words } else { &messages }, name);
        assert!(declared.len() > 15, "{declared:?}");
        let used = after(shown_by, &format!("{name}::"));
        let unused: Vec<_> = declared.difference(&used).collect();
        assert!(unused.is_empty(), "texts that no page shows: {name} {unused:?}");
    }
}

#[test]
fn every_code_on_a_page_is_documented_and_no_other() {
    let messages = source(&format!("{PAGE}/message.rs"));
    let codes: BTreeSet<_> =
        messages.split("=> Some(\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let codes: BTreeSet<_> = codes.into_iter().filter(|code| code.chars().all(is_of_code)).collect();
    let readme = source("functions/README.md");
    let (_, table) = readme.split_once("| Code | Meaning |").unwrap();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let listed: BTreeSet<_> =
        rows.flat_map(|row| row.split(" | ").next().unwrap().split('`').skip(1).step_by(2)).collect();
    assert!(codes.len() > 15, "{codes:?}");
    assert_eq!(codes, listed, "left is the code, right the table of support codes in functions/README.md");
}

#[test]
fn every_code_of_amazon_on_the_help_page_is_a_fact() {
    let facts = source("infra/simulated-amazon/FACTS.md");
    let help = source(&format!("{PAGE}/help.rs"));
    let codes: BTreeSet<_> = help
        .split('"')
        .skip(1)
        .step_by(2)
        .flat_map(|text| text.split(", "))
        .filter(|text| text.len() > 5 && text.chars().all(is_of_code))
        .collect();
    assert!(codes.len() > 10, "{codes:?}");
    let unknown: Vec<_> = codes.into_iter().filter(|code| !facts.contains(code)).collect();
    assert!(unknown.is_empty(), "codes that FACTS.md does not have: {unknown:?}");
}

fn is_of_code(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'
}

/// The names of an enum's variants.
fn variants(text: &str, name: &str) -> BTreeSet<String> {
    let (_, body) = text.split_once(&format!("enum {name} {{")).unwrap();
    let lines = body.split("\n}").next().unwrap().lines().map(str::trim);
    lines
        .filter(|line| !line.starts_with("//"))
        .filter_map(|line| Some(line.strip_suffix(',')?.to_owned()))
        .collect()
}

/// The names that follow `path` in a text.
fn after(text: &str, path: &str) -> BTreeSet<String> {
    let rests = text.split(path).skip(1);
    rests.map(|rest| rest.chars().take_while(char::is_ascii_alphanumeric).collect()).collect()
}

/// The sources in a folder, without those of these names.
fn sources(folder: &str, without: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let entries = fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut text = String::new();
    for name in entries.filter(|name| !without.contains(&name.as_str())) {
        let path = format!("{folder}/{name}");
        if root.join(&name).is_dir() {
            text += &sources(&path, &[]);
        } else if Path::new(&name).extension().is_some_and(|extension| extension == "rs") {
            text += &source(&path);
        }
    }
    text
}
