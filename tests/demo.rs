//! The demo integrator: its users connect their Amazon accounts through the functions, and its forms are protected as those of a real one.

use reqwest::StatusCode;
use serde_json::json;

use crate::support::{
    browser::{Browser, Shown},
    linking::RETURN_URL,
    world::World,
};

mod connecting;
mod protection;

/// A user of the demo with a browser.
struct Visitor<'w> {
    world: &'w World,
    browser: Browser,
}

impl<'w> Visitor<'w> {
    fn new(world: &'w World) -> Self {
        Self { world, browser: world.browser() }
    }

    /// A user who has signed in, at a website whose addresses are registered.
    async fn signed_in(world: &'w World, user: &str) -> Self {
        let visitor = Self::new(world);
        let page = visitor.open("/").await;
        assert_eq!(visitor.press(&page, "/sign-in", &[("user", user)]).await.location(), "/");
        let home = visitor.open("/").await;
        if home.body.contains("Register them") {
            visitor.press(&home, "/set-up", &[("do", "register")]).await;
        }
        visitor
    }

    fn url(&self, path: &str) -> String {
        format!("http://integrator.localhost:{}{path}", self.world.stack.ports().gateway)
    }

    async fn open(&self, path: &str) -> Shown {
        self.browser.open(&self.url(path)).await
    }

    /// Presses the button of the first form that posts to `action`.
    async fn press(&self, page: &Shown, action: &str, more: &[(&str, &str)]) -> Shown {
        let fields = hidden_fields(page, action);
        let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let answer = self
            .browser
            .submit(&self.url(action), &fields.chain(more.iter().copied()).collect::<Vec<_>>())
            .await;
        assert_eq!(answer.headers["x-frame-options"], "DENY");
        answer
    }

    /// Connects a seller in the United States with a link, and returns the address at which the browser comes back.
    async fn connected(&self, partner: &str) -> String {
        let connect = self.press(&self.open("/").await, "/connect", &[("marketplace", "US")]).await;
        assert!(connect.location().starts_with(&self.world.site("/authorize?link=")), "{}", connect.body);
        let back = self.browser.authorize_with(connect.location(), partner).await;
        assert!(
            back.location().starts_with(&self.url("/amazon/return?status=authorized&result=")),
            "{}",
            back.body
        );
        back.location().to_owned()
    }
}

/// The hidden fields of the first form that posts to `action`.
fn hidden_fields(page: &Shown, action: &str) -> Vec<(String, String)> {
    let start = format!("<form method=\"post\" action=\"{action}\">");
    let (_, rest) = page.body.split_once(&start).unwrap_or_else(|| panic!("no {start}: {}", page.body));
    let form = rest.split_once("</form>").unwrap().0;
    let fields = form.split("<input type=\"hidden\" name=\"").skip(1);
    let fields = fields.map(|rest| rest.split_once('>').unwrap().0.split_once("\" value=\"").unwrap());
    fields.map(|(name, value)| (name.to_owned(), value.trim_end_matches('"').replace("&amp;", "&"))).collect()
}

/// What the page says of a tenant.
fn tenant<'p>(page: &'p Shown, name: &str) -> &'p str {
    let (_, rest) =
        page.body.split_once(&format!("<h3>{name}</h3>")).unwrap_or_else(|| panic!("{}", page.body));
    rest.split_once("</section>").unwrap().0
}

#[tokio::test]
async fn the_demo_registers_its_own_addresses_and_leaves_those_of_others() {
    let world = World::with_integrator(true).await;
    let visitor = Visitor::signed_in(&world, "carol").await;
    let urls = async || {
        let answer = world.ask("listApplications", json!({})).await.unwrap();
        let application = &answer["applications"][0];
        (application["returnUrls"].clone(), application["signInUrl"].clone())
    };
    let (own_return, own_sign_in) = (visitor.url("/amazon/return"), visitor.url("/amazon/sign-in"));
    assert_eq!(urls().await, (json!([own_return, RETURN_URL]), json!(own_sign_in)));

    let withdrawn = visitor.press(&visitor.open("/").await, "/set-up", &[("do", "withdraw")]).await;

    assert_eq!((withdrawn.status, withdrawn.location()), (StatusCode::SEE_OTHER, "/"));
    assert_eq!(urls().await, (json!([RETURN_URL]), json!(null)));
    let home = visitor.open("/").await;
    assert!(home.body.contains("Before anything can be connected"), "{}", home.body);
    let connect = visitor.press(&home, "/connect", &[("marketplace", "US")]).await;
    assert!(connect.body.contains("<code>InvalidRequest</code>: returnUrl"), "{}", connect.body);
}
