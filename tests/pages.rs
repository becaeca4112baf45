//! What partners see: whose page it is, what happened, what they can do, and where to ask.

mod branding;
mod ending;
mod languages;
mod nowhere;
mod size;

use serde_json::{Value, json};

use crate::support::{browser::Shown, world::World};

/// A PNG image of one pixel.
const LOGO: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

const HOME: &str = "https://app.example.com/";

/// Changes settings of the first application, as its operator would.
async fn update(world: &World, more: Value) {
    let mut request = json!({"operation": "updateApplication", "applicationId": world.application()});
    request.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    world.caller().invoke("administration", &request).await.unwrap();
}

/// Where Amazon opens the Login URI without saying at which of its sites the partner is signed in.
fn arrival_without_host(world: &World, amazon_state: &str) -> String {
    let target = format!("%2Fapps%2Fauthorize%2Fconfirm%2F{}", world.application());
    world.site(&format!(
        "/login?amazon_callback_uri={target}&amazon_state={amazon_state}&selling_partner_id=A1US&version=beta"
    ))
}

/// The text between two others on a page.
fn between<'p>(page: &'p Shown, before: &str, after: &str) -> &'p str {
    let (_, rest) = page.body.split_once(before).unwrap_or_else(|| panic!("no {before}: {}", page.body));
    rest.split_once(after).unwrap().0
}

fn reference(page: &Shown) -> &str {
    between(page, "<span dir=\"ltr\"><b>", "</b>, ")
}

/// Where the way back leads, if the page has one.
fn way_back(page: &Shown) -> Option<String> {
    let (_, rest) = page.body.split_once("<a class=\"back\" href=\"")?;
    Some(rest.split_once('"')?.0.replace("&amp;", "&"))
}
