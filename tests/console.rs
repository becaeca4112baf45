//! The console of the local stack: every page, every button, and the protection of both.

use reqwest::{StatusCode, header::LOCATION};
use serde_json::json;

use crate::support::{browser::Shown, world::World};

mod buttons;
mod guard;
mod html;
mod import;
mod last_day;
mod pages;
mod secrecy;
mod whole;

impl World {
    /// The page of an application's grants.
    fn grants_page(&self) -> String {
        format!("/console/applications/{}/grants", self.application())
    }

    /// The page of a grant in North America.
    fn grant_page(&self, partner: &str) -> String {
        format!("{}/na/{partner}", self.grants_page())
    }

    /// Opens a page of the console.
    async fn look(&self, path: &str) -> Shown {
        self.browser().open(&self.site(path)).await
    }

    /// Presses a button of the console, as a browser does, and answers its question with yes. Returns the next page.
    async fn press(&self, path: &str, form: &[(&str, &str)]) -> Shown {
        let origin = self.site("");
        let post = async |form: &[(&str, &str)]| {
            self.http().post(self.site(path)).header("origin", &origin).form(form).send().await.unwrap()
        };
        let mut sent = post(form).await;
        // What cannot be undone is asked once more.
        if sent.status() == StatusCode::OK {
            let question = sent.text().await.unwrap();
            html::assert_well_formed(&question, path);
            assert!(question.contains("name=\"sure\" value=\"yes\""), "{path} {form:?}: {question}");
            sent = post(&[form, &[("sure", "yes")]].concat()).await;
        }
        assert_eq!(sent.status(), StatusCode::SEE_OTHER, "{path} {form:?}");
        let back = sent.headers()[LOCATION].to_str().unwrap().to_owned();
        let shown = self.look(&back).await;
        html::assert_well_formed(&shown.body, &back);
        shown
    }

    /// Creates a seller in the United States that has authorized, and another browser that has authorized under its id.
    async fn disputed_seller(&self, partner: &str) {
        assert!(self.browser().website("US", "seller", partner).await.is_connected());
        self.website_form("4a").await;
        let stranger = self.browser();
        let callback = stranger.website_until_callback("US", "seller", "A9STRANGER").await;
        stranger.open(&callback.replace("A9STRANGER", partner)).await;
        let grant = json!({"operation": "getGrant", "sellingPartnerId": partner});
        let shown = self.caller().invoke("authorizations", &grant).await.unwrap();
        assert_eq!(shown["grant"]["conflicts"].as_array().unwrap().len(), 1);
    }
}

/// The notice on the page about the last command.
#[track_caller]
fn notice(shown: &Shown) -> &str {
    let (_, rest) = shown.body.split_once("<div class=\"notice").expect("a notice");
    let (_, rest) = rest.split_once("<p>").unwrap();
    rest.split_once("</p>").unwrap().0
}
