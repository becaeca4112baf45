//! `export`: all grants as JSON lines, without secrets; and `diff`, which compares two of these files.

use std::fmt::Write as _;

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use serde_json::{Map, Value, json};

use crate::{
    failure::Failure,
    output::Output,
    session::{Pages, Session},
};

/// Prints every grant that is not removed.
pub(super) async fn export(session: &mut Session) -> Result<(), Failure> {
    let pages = Pages { request: session.request("listGrants"), field: "grants", limit: None };
    let each =
        |output: &mut Output, grants: Vec<Value>| grants.iter().try_for_each(|grant| output.document(grant));
    pages.read(session, each).await.map(drop)
}

/// A grant's application, region and partner.
type Key = (String, String, String);

/// What is compared. The version, the stores and the addresses may differ between stacks that have the same grants.
const COMPARED: [&str; 7] =
    ["status", "kind", "account", "partnerType", "fingerprint", "authorizedAt", "renewalDueAt"];

/// Prints what differs between two exports. Fails if something does, as `diff` does.
pub(crate) fn diff(a: &Path, b: &Path, output: &mut Output) -> Result<(), Failure> {
    let (in_a, mut in_b) = (grants(a)?, grants(b)?);
    let mut differences = 0_u64;
    for (key, had) in in_a {
        match in_b.remove(&key) {
            None => only(&key, a, output)?,
            Some(has) if has == had => continue,
            Some(has) => differ(&key, &had, &has, output)?,
        }
        differences += 1;
    }
    for key in in_b.keys() {
        differences += 1;
        only(key, b, output)?;
    }
    output.flush()?;
    if differences > 0 { Err(Failure::Unhealthy) } else { Ok(()) }
}

fn grants(path: &Path) -> Result<BTreeMap<Key, Map<String, Value>>, Failure> {
    let shown = path.display();
    let unusable = |why: String| Failure::usage(why, "give two files that `spapi-auth export` has written");
    let file =
        File::open(path).map_err(|error| unusable(format!("the file `{shown}` cannot be read: {error}")))?;
    let mut grants = BTreeMap::new();
    for (line, number) in BufReader::new(file).lines().zip(1..) {
        let line = line.map_err(|error| unusable(format!("the file `{shown}` cannot be read: {error}")))?;
        let grant: Value = serde_json::from_str(&line).unwrap_or_default();
        let text = |field: &str| grant[field].as_str().map(ToOwned::to_owned);
        let (Some(application), Some(region), Some(partner)) =
            (text("applicationId"), text("region"), text("sellingPartnerId"))
        else {
            return Err(unusable(format!("line {number} of `{shown}` is not a grant")));
        };
        let compared =
            COMPARED.iter().filter_map(|field| Some(((*field).to_owned(), grant.get(*field)?.clone())));
        grants.insert((application, region, partner), compared.collect());
    }
    Ok(grants)
}

fn only((application, region, partner): &Key, path: &Path, output: &mut Output) -> Result<(), Failure> {
    let document = json!({
        "applicationId": application, "region": region, "sellingPartnerId": partner, "onlyIn": path.display().to_string(),
    });
    output.either(&document, &format!("{partner} in {region} is only in {}", path.display()))
}

fn differ(
    (application, region, partner): &Key,
    had: &Map<String, Value>,
    has: &Map<String, Value>,
    output: &mut Output,
) -> Result<(), Failure> {
    let mut differs = Map::new();
    let mut sentence = format!("{partner} in {region} differs");
    for field in COMPARED.into_iter().filter(|field| had.get(*field) != has.get(*field)) {
        let value = |grant: &Map<String, Value>| grant.get(field).cloned().unwrap_or_default();
        let shown = |grant| value(grant).as_str().unwrap_or("none").to_owned();
        let _ = write!(sentence, "; {field}: {}, {}", shown(had), shown(has));
        differs.insert(field.to_owned(), json!([value(had), value(has)]));
    }
    let document = json!({ "applicationId": application, "region": region, "sellingPartnerId": partner, "differs": differs });
    output.either(&document, &sentence)
}
