//! Checks the settings of an application. Pure.

use shared::{
    amazon::scope::{self, is_scope},
    application::{Application, Branding},
    browser::integrator_url,
    client_secret::ROTATION_SCOPE,
    error::Error,
    printable::is_printable,
};

/// The highest number of scopes. Amazon has fewer (F§4.3).
const MOST_SCOPES: usize = 20;

/// The highest number of return URLs. Each request compares them one by one.
const MOST_RETURN_URLS: usize = 50;

/// The longest `mailto:` address, in characters: 7 and the longest e-mail address (RFC 5321 section 4.5.3.1.3).
const LONGEST_MAILTO: usize = 261;

/// Returns an error that names the first invalid field.
pub(crate) fn check(application: &Application) -> Result<(), Error> {
    if !is_printable(&application.name, 100) {
        return Err(Error::invalid("name", "1 to 100 printable characters without a blank at either end"));
    }
    let malformed = application.scopes.iter().find(|scope| !is_scope(scope));
    if application.scopes.len() > MOST_SCOPES || malformed.is_some() {
        let hint = malformed.and_then(|text| scope::did_you_mean(text));
        let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
        let expected = format!("at most {MOST_SCOPES} scopes such as sellingpartnerapi::notifications{hint}");
        return Err(Error::invalid("scopes", expected));
    }
    if application.scopes.contains(ROTATION_SCOPE) {
        let expected = "none that rotates client secrets: its tokens are never handed out";
        return Err(Error::invalid("scopes", expected));
    }
    if application.sign_in_url.as_ref().is_some_and(|url| !integrator_url::is_integrator_url(url)) {
        return Err(Error::invalid("signInUrl", integrator_url::EXPECTED));
    }
    if application.return_urls.len() > MOST_RETURN_URLS
        || !application.return_urls.iter().all(|url| integrator_url::is_integrator_url(url))
    {
        let expected = format!("at most {MOST_RETURN_URLS}, each {}", integrator_url::EXPECTED);
        return Err(Error::invalid("returnUrls", expected));
    }
    check_branding(&application.branding)
}

fn check_branding(branding: &Branding) -> Result<(), Error> {
    let Branding { company, support_url, home_url, language: _, logo: _ } = branding;
    if company.as_ref().is_some_and(|company| !is_printable(company, 100)) {
        return Err(Error::invalid("company", "1 to 100 printable characters without a blank at either end"));
    }
    if support_url.as_ref().is_some_and(|url| !is_mailto(url) && !integrator_url::is_integrator_url(url)) {
        let expected =
            format!("mailto: and an e-mail address without parameters, or {}", integrator_url::EXPECTED);
        return Err(Error::invalid("supportUrl", expected));
    }
    if home_url.as_ref().is_some_and(|url| !integrator_url::is_integrator_url(url)) {
        return Err(Error::invalid("homeUrl", integrator_url::EXPECTED));
    }
    Ok(())
}

/// Whether `text` opens a mail to one address. Parameters are refused, since they could add readers and a text (RFC 6068 section 2).
fn is_mailto(text: &str) -> bool {
    let Some((name, domain)) = text.strip_prefix("mailto:").and_then(|address| address.split_once('@'))
    else {
        return false;
    };
    let is_word = |text: &str, more: &[u8]| {
        let of_word = |b: u8| b.is_ascii_alphanumeric() || more.contains(&b);
        !text.is_empty() && text.bytes().all(of_word)
    };
    text.len() <= LONGEST_MAILTO
        && is_word(name, b"._+-")
        && domain.contains('.')
        && domain.split('.').all(|label| is_word(label, b"-"))
}

/// Returns the names of the settings in which `wanted` differs from `seen`, as requests spell them. The history holds the names and
/// no values, which the next change would make out of date, and which may be large.
pub(crate) fn changed(seen: &Application, wanted: &Application) -> Vec<&'static str> {
    let (before, after) = (&seen.branding, &wanted.branding);
    let settings = [
        ("name", seen.name != wanted.name),
        ("draft", seen.draft != wanted.draft),
        ("vendorsNeedBeta", seen.vendors_need_beta != wanted.vendors_need_beta),
        ("defaultRegion", seen.default_region != wanted.default_region),
        ("scopes", seen.scopes != wanted.scopes),
        ("signInUrl", seen.sign_in_url != wanted.sign_in_url),
        ("returnUrls", seen.return_urls != wanted.return_urls),
        ("rolesChangedAt", seen.roles_changed_at != wanted.roles_changed_at),
        ("company", before.company != after.company),
        ("supportUrl", before.support_url != after.support_url),
        ("homeUrl", before.home_url != after.home_url),
        ("language", before.language != after.language),
        ("logo", before.logo != after.logo),
    ];
    settings.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}

/// Returns a question for each scope that is nearly one that Amazon documents. Amazon may have introduced it since, so it is
/// not refused.
pub(crate) fn questions(application: &Application) -> Vec<String> {
    let question = |text: &String| Some(format!("scope {text}: {}", scope::did_you_mean(text)?));
    application.scopes.iter().filter_map(question).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_setting_that_may_not_be_is_named() {
        let good = json!({
            "application_id": "amzn1.sp.solution.1", "client_id": "amzn1.application-oa2-client.1", "name": "Über",
            "draft": false, "default_region": "eu", "scopes": ["sellingpartnerapi::notifications"],
            "sign_in_url": "https://app.example.com/in", "return_urls": ["http://127.0.0.1:8080/done"],
            "branding": {
                "company": "Über GmbH", "support_url": "mailto:help+amazon@app.example.com", "home_url": "https://app.example.com/",
            },
        });
        let checked = |good: &serde_json::Value| check(&serde_json::from_value(good.clone()).unwrap());
        checked(&good).unwrap();

        for (field, column, value) in [
            ("name", "name", json!("")),
            ("name", "name", json!("a\u{200b}b")),
            ("name", "name", json!("x".repeat(101))),
            ("scopes", "scopes", json!(["profile"])),
            ("scopes", "scopes", json!([ROTATION_SCOPE])),
            (
                "scopes",
                "scopes",
                json!((0..21).map(|n| format!("sellingpartnerapi::s{n}")).collect::<Vec<_>>()),
            ),
            ("signInUrl", "sign_in_url", json!("http://app.example.com/in")),
            ("signInUrl", "sign_in_url", json!("https://user@app.example.com/in")),
            ("returnUrls", "return_urls", json!(["https://app.example.com/#x"])),
            (
                "returnUrls",
                "return_urls",
                json!((0..51).map(|n| format!("https://a.example/{n}")).collect::<Vec<_>>()),
            ),
            ("company", "company", json!("")),
            ("company", "company", json!("x".repeat(101))),
            ("company", "company", json!("a\u{202e}b")),
            ("supportUrl", "support_url", json!("help@app.example.com")),
            ("supportUrl", "support_url", json!("mailto:a@b.example,c@d.example")),
            ("supportUrl", "support_url", json!("mailto:a@b.example?bcc=c@d.example")),
            ("supportUrl", "support_url", json!("mailto:a%0a@b.example")),
            ("supportUrl", "support_url", json!("mailto:a@b")),
            ("supportUrl", "support_url", json!("mailto:@b.example")),
            ("supportUrl", "support_url", json!(format!("mailto:a@b.{}", "c".repeat(260)))),
            ("supportUrl", "support_url", json!("javascript:alert(1)")),
            ("supportUrl", "support_url", json!("http://app.example.com/")),
            ("homeUrl", "home_url", json!("mailto:a@b.example")),
            ("homeUrl", "home_url", json!("data:text/html,x")),
        ] {
            let mut wrong = good.clone();
            match column {
                "company" | "support_url" | "home_url" => wrong["branding"][column] = value,
                _ => wrong[column] = value,
            }
            let error = checked(&wrong).unwrap_err().to_string();
            assert!(error.starts_with(&format!("{field}:")), "{wrong}: {error}");
        }
    }
}
