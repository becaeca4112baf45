//! One row of a file: its cells, and the request that they make. Pure. No reason repeats a value, which may be a token in the
//! wrong column.

use std::collections::BTreeMap;

use aws_lc_rs::digest::{SHA256, digest};
use jiff::{SignedDuration, Timestamp};

use crate::{request::Request, time::TimeArgument};

/// The columns that a file may have.
pub(crate) const COLUMNS: [&str; 8] = [
    "sellingPartnerId",
    "refreshToken",
    "kind",
    "region",
    "authorizedAt",
    "partnerType",
    "account",
    "marketplaceId",
];

/// The columns that a file must have.
pub(crate) const REQUIRED: [&str; 3] = ["sellingPartnerId", "refreshToken", "kind"];

/// The cells of a row by column; an empty one is absent. It has no `Debug`, because one of them is a secret.
pub(crate) type Cells = BTreeMap<&'static str, String>;

/// A row that can be sent.
pub(crate) struct Import {
    pub(crate) partner: String,
    pub(crate) region: Option<String>,
    /// The SHA-256 of the refresh token, as the functions show it.
    pub(crate) fingerprint: String,
    /// The request, without the application.
    pub(crate) request: Request,
}

/// A row that cannot be sent: what is known of it, and why.
#[derive(Debug)]
pub(crate) struct Invalid {
    pub(crate) partner: Option<String>,
    pub(crate) reason: String,
}

/// How long an authorization in a browser lasts.
const YEAR: SignedDuration = SignedDuration::from_hours(365 * 24);

/// How far this machine's clock may be behind.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(5);

/// The first characters of what is not a refresh token.
const OTHERS: [&str; 5] = ["Atza|", "Atc|", "Atz.sprdt|", "amzn1.", "{"];

/// The import that the cells ask for.
pub(crate) fn import(mut cells: Cells, now: Timestamp) -> Result<Import, Invalid> {
    let partner = cells.remove("sellingPartnerId").filter(|partner| is_partner(partner));
    match request(&mut cells, now) {
        Ok((request, region, fingerprint)) => match partner {
            Some(partner) => {
                let request = request.with("sellingPartnerId", partner.clone());
                Ok(Import { partner, region, fingerprint, request })
            }
            None => Err(Invalid {
                partner: None,
                reason: "`sellingPartnerId` is not 1 to 64 letters, digits, dots, - or _".to_owned(),
            }),
        },
        Err(reason) => Err(Invalid { partner, reason }),
    }
}

/// The request with everything but the partner, the region, and the token's fingerprint. The error is the reason.
fn request(cells: &mut Cells, now: Timestamp) -> Result<(Request, Option<String>, String), String> {
    let token = cells.remove("refreshToken").ok_or("`refreshToken` is empty")?;
    if let Some(other) = OTHERS.iter().find(|other| token.starts_with(**other)) {
        return Err(format!("`refreshToken` is not a refresh token: it begins with `{other}`"));
    }
    if token.len() > 4096 || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("`refreshToken` is not a refresh token as Amazon gives it, without blanks".to_owned());
    }
    let kind = one_of(cells, "kind", &["oauth", "self"])?.ok_or("`kind` is empty: expected oauth or self")?;
    let region = one_of(cells, "region", &["na", "eu", "fe"])?;
    let partner_type = one_of(cells, "partnerType", &["seller", "vendor"])?;
    let marketplace = cells.remove("marketplaceId");
    if !marketplace.as_ref().is_none_or(|id| id.len() <= 32 && id.bytes().all(|b| b.is_ascii_alphanumeric()))
    {
        return Err("`marketplaceId` is not an id such as ATVPDKIKX0DER".to_owned());
    }
    if partner_type == Some("vendor") && region.is_none() && marketplace.is_none() {
        return Err("`region` is empty: Amazon does not show the region of a vendor".to_owned());
    }
    let account = cells.remove("account");
    let is_account =
        |text: &String| text.len() <= 128 && text.bytes().all(|b| b.is_ascii_graphic() && b != b'#');
    if !account.as_ref().is_none_or(is_account) {
        return Err("`account` is not 1 to 128 visible ASCII characters other than #".to_owned());
    }
    let authorized_at = consent(cells.remove("authorizedAt").as_deref(), kind, now)?;
    let fingerprint = fingerprint(&token);
    let request = Request::new("importGrant")
        .with("refreshToken", token)
        .with("kind", kind)
        .maybe("region", region)
        .maybe("partnerType", partner_type)
        .maybe("marketplaceId", marketplace)
        .maybe("account", account)
        .maybe("authorizedAt", authorized_at);
    Ok((request, region.map(ToOwned::to_owned), fingerprint))
}

/// The time of the consent, as requests spell it. A year that is over is questioned, because a token of it would be refused.
fn consent(text: Option<&str>, kind: &str, now: Timestamp) -> Result<Option<String>, String> {
    let at = match (text, kind) {
        (None, "oauth") => {
            return Err("`authorizedAt` is empty: its year began with the consent; if the time is not known, write unknown"
                .to_owned());
        }
        (None, _) => return Ok(None),
        (Some("unknown"), _) => return Ok(Some("unknown".to_owned())),
        (Some(text), _) => match text.parse() {
            Ok(TimeArgument::At(at)) => at,
            _ => {
                return Err("`authorizedAt` is not a time such as 2026-05-20T00:00:00Z, a date such as 2026-05-20, or unknown"
                    .to_owned());
            }
        },
    };
    if at > now + CLOCKS_DIFFER {
        return Err("`authorizedAt` is in the future".to_owned());
    }
    if kind == "oauth" && now.duration_since(at) >= YEAR {
        return Err("`authorizedAt` is more than 365 days ago, so the authorization would have ended: correct it, write \
                    unknown, or set `kind` to self"
            .to_owned());
    }
    Ok(Some(at.to_string()))
}

/// The cell, in lower case, if it is one of these words.
fn one_of(
    cells: &mut Cells,
    column: &'static str,
    words: &[&'static str],
) -> Result<Option<&'static str>, String> {
    let Some(text) = cells.remove(column) else { return Ok(None) };
    let found = words.iter().find(|word| text.eq_ignore_ascii_case(word));
    found.copied().map(Some).ok_or_else(|| format!("`{column}` is not one of {}", words.join(", ")))
}

fn is_partner(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

/// The SHA-256 of the text in lower-case hexadecimal digits.
fn fingerprint(text: &str) -> String {
    use std::fmt::Write;

    digest(&SHA256, text.as_bytes()).as_ref().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-28T12:00:00Z";

    fn checked(cells: &[(&'static str, &str)]) -> Result<Import, Invalid> {
        let mut row: Cells = [("sellingPartnerId", "A1"), ("refreshToken", "Atzr|hunter2"), ("kind", "self")]
            .map(|(column, text)| (column, text.to_owned()))
            .into();
        for (column, text) in cells {
            row.remove(column);
            if !text.is_empty() {
                row.insert(column, (*text).to_owned());
            }
        }
        import(row, NOW.parse().unwrap())
    }

    #[test]
    fn a_row_becomes_a_request() {
        let import =
            checked(&[("kind", "OAUTH"), ("region", "EU"), ("authorizedAt", "2026-05-20")]).ok().unwrap();
        assert_eq!((import.partner.as_str(), import.region.as_deref()), ("A1", Some("eu")));
        assert_eq!(import.request.text("authorizedAt"), Some("2026-05-20T00:00:00Z"));
        assert_eq!(import.fingerprint.len(), 64);
        let unknown = checked(&[("kind", "oauth"), ("authorizedAt", "unknown")]).ok().unwrap();
        assert_eq!(unknown.request.text("authorizedAt"), Some("unknown"));
        assert!(checked(&[("authorizedAt", "2020-01-01")]).is_ok(), "a self-authorization has no year");
    }

    #[test]
    fn an_invalid_cell_is_named_and_not_repeated() {
        for (column, text) in [
            ("sellingPartnerId", ""),
            ("sellingPartnerId", "Atzr|hunter2"),
            ("refreshToken", ""),
            ("refreshToken", "Atza|hunter2"),
            ("refreshToken", "Atzr|hun ter2"),
            ("kind", ""),
            ("kind", "hunter2"),
            ("region", "hunter2"),
            ("partnerType", "hunter2"),
            ("account", "hunter2#"),
            ("marketplaceId", "hunter2!"),
            ("authorizedAt", "hunter2"),
            ("authorizedAt", "30d"),
            ("authorizedAt", "2026-11-30"),
        ] {
            let invalid = checked(&[(column, text)]).err().unwrap();
            assert!(invalid.reason.starts_with(&format!("`{column}` is")), "{invalid:?}");
            assert!(!format!("{invalid:?}").contains("hunter2"), "{invalid:?}");
        }
        let over = checked(&[("kind", "oauth"), ("authorizedAt", "2025-11-28")]).err().unwrap();
        assert!(over.reason.contains("more than 365 days ago"), "{over:?}");
        assert!(checked(&[("kind", "oauth"), ("authorizedAt", "2025-11-29")]).is_ok());
        let vendor = checked(&[("partnerType", "vendor")]).err().unwrap();
        assert!(vendor.reason.starts_with("`region` is empty"), "{vendor:?}");
    }
}
