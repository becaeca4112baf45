//! What integrators and their users do: links, return URLs, the sign-in.

use reqwest::{StatusCode, Url};
use serde_json::{Value, json};
use shared::{
    application::{Application, ApplicationStore},
    aws::transaction::{Commit, Transactions},
    secret::random_word,
};

use super::{
    browser::{Browser, Shown},
    caller::Failure,
    world::{World, attribute},
};

/// The integrator's page for browsers that come back.
pub const RETURN_URL: &str = "https://app.example.com/amazon/return?lang=en";

/// The integrator's sign-in.
pub const SIGN_IN_URL: &str = "https://app.example.com/amazon/sign-in";

impl World {
    /// A system whose first application has the return URL, and the sign-in URL if need be.
    pub async fn with_integrator(sign_in: bool) -> Self {
        let world = Self::new().await;
        world.register_urls(sign_in.then_some(SIGN_IN_URL), &[RETURN_URL]).await;
        world
    }

    /// Takes the first application's URLs away.
    pub async fn deregister_urls(&self) {
        self.register_urls(None, &[]).await;
    }

    /// Gives the first application these URLs, as its operator would.
    pub async fn register_urls(&self, sign_in_url: Option<&str>, return_urls: &[&str]) {
        let row = self.row("spapi-auth-applications", ("application_id", self.application())).await;
        let application: Application = serde_dynamo::from_item(row.unwrap()).unwrap();
        let client = aws_sdk_dynamodb::Client::new(&self.stack.sdk_config());
        let applications = ApplicationStore::new(client.clone(), "spapi-auth-applications".to_owned());
        let application = Application {
            sign_in_url: sign_in_url.map(ToOwned::to_owned),
            return_urls: return_urls.iter().map(|url| (*url).to_owned()).collect(),
            ..application
        };
        let writes = applications.put(&application, Some(&application));
        let committed = Transactions::new(client).commit(&writes, &random_word()).await.unwrap();
        assert_eq!(committed, Commit::Made);
    }

    /// Asks `authorizations`.
    pub async fn ask(&self, operation: &str, mut fields: Value) -> Result<Value, Failure> {
        fields["operation"] = json!(operation);
        self.caller().invoke("authorizations", &fields).await
    }

    /// A link for a seller in the United States.
    pub async fn link(&self, account: &str) -> String {
        let label = format!("Shop of {account}");
        self.link_with(json!({"account": account, "label": label, "marketplace": "US"})).await
    }

    /// The same, with the way back to the integrator.
    pub async fn returning_link(&self, account: &str) -> String {
        let label = format!("Shop of {account}");
        let fields =
            json!({"account": account, "label": label, "marketplace": "US", "returnUrl": RETURN_URL});
        self.link_with(fields).await
    }

    pub async fn link_with(&self, fields: Value) -> String {
        let answer = self.ask("createAuthorizationLink", fields).await.unwrap();
        answer["url"].as_str().unwrap().to_owned()
    }

    /// Completes an authorization for a user of the integrator's.
    pub async fn complete(&self, result: &str, account: &str) -> Result<Value, Failure> {
        self.ask("completeAuthorization", json!({"result": result, "account": account})).await
    }

    /// The account of a grant in North America, if it has one.
    pub async fn account_of(&self, partner: &str) -> Option<String> {
        let grant = self.grant("na", partner).await?;
        grant.contains_key("account").then(|| attribute(&grant, "account").to_owned())
    }

    /// Where Amazon sends a partner who authorizes in the Appstore: our Login URI.
    pub async fn appstore(&self, browser: &Browser, partner: &str) -> String {
        let page = format!("/appstore/{}?_as={partner}", self.application());
        browser.follow_until(&self.amazon("sellercentral.amazon.com", &page), "/login?").await
    }
}

impl Browser {
    /// Posts the link of this URL, as the button of its page does.
    pub async fn post_link(&self, url: &str) -> Shown {
        self.post_link_with(url, &[]).await
    }

    /// Opens a link's page and presses its button.
    pub async fn open_link(&self, url: &str) -> Shown {
        let page = self.open(url).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let answer = self.post_link(url).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer
    }

    /// Presses the button of the page of a link.
    pub async fn press(&self, page: &Shown) -> Shown {
        let (_, rest) = page.body.split_once("<input type=\"hidden\" name=\"").unwrap();
        let (name, rest) = rest.split_once("\" value=\"").unwrap();
        let answer = self.post_form(&[(name, rest.split_once('"').unwrap().0)], &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer
    }

    /// From Amazon's consent page, as this partner, to the callback, which is not opened.
    pub async fn consent(&self, consent: &Shown, partner: &str) -> String {
        self.follow_until(&format!("{}&_as={partner}", consent.location()), "/callback?").await
    }

    /// The whole way of a link, as this partner.
    pub async fn authorize_with(&self, url: &str, partner: &str) -> Shown {
        let consent = self.open_link(url).await;
        let callback = self.consent(&consent, partner).await;
        self.open(&callback).await
    }
}

/// The `link` parameter of a link's URL.
pub fn token_of(url: &str) -> String {
    let url = Url::parse(url).unwrap();
    url.query_pairs().find(|(name, _)| name == "link").unwrap().1.into_owned()
}
