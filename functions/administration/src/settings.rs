//! Checks the settings of an application. Pure.

use shared::{
    amazon::scope::{self, is_scope},
    application::Application,
    browser::integrator_url,
    client_secret::ROTATION_SCOPE,
    error::Error,
    printable::is_printable,
};

/// The highest number of scopes. Amazon has fewer (F§4.3).
const MOST_SCOPES: usize = 20;

/// The highest number of return URLs. Each request compares them one by one.
const MOST_RETURN_URLS: usize = 50;

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
    Ok(())
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
        ] {
            let mut wrong = good.clone();
            wrong[column] = value;
            let error = checked(&wrong).unwrap_err().to_string();
            assert!(error.starts_with(&format!("{field}:")), "{wrong}: {error}");
        }
    }
}
