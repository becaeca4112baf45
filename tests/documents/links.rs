//! Every relative link of a document leads to a file or a folder, and every anchor to a heading.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use super::markdown::Document;
use crate::support::repository::root;

#[test]
fn every_link_of_a_document_leads_somewhere() {
    let documents = Document::all();
    let anchors: BTreeMap<PathBuf, BTreeSet<String>> = documents
        .iter()
        .map(|document| (root().join(&document.path).canonicalize().unwrap(), anchors(document)))
        .collect();
    let mut broken = Vec::new();
    for document in &documents {
        let file = root().join(&document.path);
        for (line, target) in document.prose().into_iter().flat_map(targets) {
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let led_to = if path.is_empty() { file.clone() } else { file.parent().unwrap().join(path) };
            let resolves = led_to.canonicalize().is_ok_and(|led_to| {
                let headings = anchors.get(&led_to);
                anchor.is_empty() || headings.is_some_and(|headings| headings.contains(anchor))
            });
            if !resolves {
                broken.push(format!("{}:{line}: {target}", document.path));
            }
        }
    }
    assert!(broken.is_empty(), "links that lead nowhere:\n{}", broken.join("\n"));
}

/// The targets of a line's links within the repository.
fn targets((number, line): (usize, &str)) -> Vec<(usize, &str)> {
    // What stands between backticks is code; with the backticks of a line paired, it is every second part.
    let prose = line.split('`').step_by(2);
    let targets = prose.flat_map(|part| part.split("](").skip(1)).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://")).map(|target| (number, target)).collect()
}

/// What GitHub calls a document's headings in links.
fn anchors(document: &Document) -> BTreeSet<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let unique = |heading: &str| {
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        let slug = kept.collect::<String>().to_lowercase().replace(' ', "-");
        let before = seen.entry(slug.clone()).or_default();
        *before += 1;
        if *before == 1 { slug } else { format!("{slug}-{}", *before - 1) }
    };
    document.headings().map(unique).collect()
}
