//! The world of the unit tests: two applications, a clock, and a browser that does not follow redirects.

use std::path::PathBuf;

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{
    amazon::SimulatedAmazon,
    applications::Application,
    clock::Clock,
    faults::Faults,
    urls::{Parameters, with_parameters},
};

pub(crate) const PUBLISHED: &str = "amzn1.sp.solution.00000000-0000-4000-8000-000000000001";
pub(crate) const DRAFT: &str = "amzn1.sellerapps.app.00000000-0000-4000-8000-000000000002";
pub(crate) const LOGIN_URI: &str = "https://app.example/login?tenant=1";
pub(crate) const REDIRECT_URI: &str = "https://app.example/callback";
pub(crate) const SECOND_REDIRECT_URI: &str = "https://app.example/other";
pub(crate) const US: &str = "sellercentral.amazon.com";
pub(crate) const TOKEN_URL: &str = "http://api.amazon.com.localhost:9001/auth/o2/token";
pub(crate) const PARTICIPATIONS: &str = "/sellers/v1/marketplaceParticipations";

/// A simulated Amazon of its own for each test.
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) amazon: SimulatedAmazon,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with_state_file(None)
    }

    pub(crate) fn with_state_file(state_file: Option<PathBuf>) -> Self {
        let clock = Clock::default();
        let amazon = SimulatedAmazon::open(9001, state_file, clock.clone(), Faults::default())
            .expect("the state file is one or is not there");
        amazon.register(application(PUBLISHED, false));
        amazon.register(application(DRAFT, true));
        Self { clock, amazon }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.amazon.router().oneshot(request).await.expect("a router does not fail");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("the body does not break off");
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.into()).expect("all bodies are text"),
        }
    }

    pub(crate) async fn get(&self, url: &str) -> Reply {
        self.send(request("GET", url).body(Body::empty()).expect("a request")).await
    }

    pub(crate) async fn post_form(&self, url: &str, fields: &[(&str, &str)]) -> Reply {
        let form = with_parameters("", fields).split_off(1);
        let request = request("POST", url).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form)).expect("a request")).await
    }

    pub(crate) async fn control(&self, path: &str, body: Value) -> Reply {
        let url = format!("http://127.0.0.1:9001/_control/{path}");
        self.send(request("POST", &url).body(Body::from(body.to_string())).expect("a request")).await
    }

    pub(crate) async fn use_form_4a(&self) {
        assert_eq!(self.control("website-form", json!({ "form": "4a" })).await.status, StatusCode::OK);
    }

    /// Consents as a partner in form 4a; returns the code.
    pub(crate) async fn code_of(&self, partner: &str) -> String {
        self.use_form_4a().await;
        let url = consent(US, &[("application_id", PUBLISHED), ("state", "s"), ("_as", partner)]);
        self.get(&url).await.parameter("spapi_oauth_code")
    }

    pub(crate) async fn token(&self, fields: &[(&str, &str)]) -> Reply {
        let client_id = client_id(PUBLISHED);
        let credentials = [("client_id", client_id.as_str()), ("client_secret", "secret")];
        self.post_form(TOKEN_URL, &[fields, &credentials].concat()).await
    }

    pub(crate) async fn exchange(&self, code: &str) -> Reply {
        self.token(&[("grant_type", "authorization_code"), ("code", code)]).await
    }

    pub(crate) async fn refresh(&self, refresh_token: &str) -> Reply {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await
    }

    /// Authorizes the published application; returns an access token and a refresh token.
    pub(crate) async fn authorize(&self, partner: &str) -> (String, String) {
        let reply = self.exchange(&self.code_of(partner).await).await;
        (reply.text("access_token"), reply.text("refresh_token"))
    }

    pub(crate) async fn participations(&self, access_token: &str, region: &str) -> Reply {
        let url = format!("http://sellingpartnerapi-{region}.amazon.com.localhost:9001{PARTICIPATIONS}");
        let request = request("GET", &url).header("x-amz-access-token", access_token);
        self.send(request.header(header::USER_AGENT, "test/1").body(Body::empty()).expect("a request")).await
    }

    pub(crate) async fn calls(&self) -> Value {
        self.get("http://127.0.0.1:9001/_control/calls").await.json()
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn location(&self) -> &str {
        let location = self.headers.get(header::LOCATION).expect("a redirect");
        location.to_str().expect("a URL is text")
    }

    /// Returns the value of a parameter of the URL to which this answer redirects.
    pub(crate) fn parameter(&self, name: &str) -> String {
        let query = self.location().split_once('?').map(|(_, query)| query);
        let parameters = Parameters::of_query(query).expect("a well-formed URL");
        parameters.value(name).expect("the parameter").to_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    pub(crate) fn text(&self, field: &str) -> String {
        self.json()[field].as_str().expect("the field").to_owned()
    }

    /// Asserts that this is Amazon's error page with this code.
    #[track_caller]
    pub(crate) fn assert_shows(&self, code: &str) {
        assert_eq!(self.status, StatusCode::BAD_REQUEST, "{self:?}");
        assert!(self.body.contains(code), "{code} is not in {self:?}");
    }
}

pub(crate) fn application(id: &str, draft: bool) -> Application {
    Application {
        application_id: id.to_owned(),
        client_id: client_id(id),
        name: "Ledger & Sons <3".to_owned(),
        draft,
        login_uri: LOGIN_URI.to_owned(),
        redirect_uris: vec![REDIRECT_URI.to_owned(), SECOND_REDIRECT_URI.to_owned()],
        client_secret: "secret".to_owned(),
    }
}

pub(crate) fn client_id(application_id: &str) -> String {
    let digits = application_id.rsplit('-').next().expect("a string has a last part");
    format!("amzn1.application-oa2-client.{digits}")
}

pub(crate) fn consent(host: &str, parameters: &[(&str, &str)]) -> String {
    with_parameters(&format!("http://{host}.localhost:9001/apps/authorize/consent"), parameters)
}

/// Returns a request as a client sends it: the host in a header, and only path and query in the first line.
pub(crate) fn request(method: &str, url: &str) -> axum::http::request::Builder {
    let rest = url.strip_prefix("http://").expect("an absolute URL");
    let (host, path) = rest.split_once('/').expect("a URL with a path");
    Request::builder().method(method).uri(format!("/{path}")).header(header::HOST, host)
}
