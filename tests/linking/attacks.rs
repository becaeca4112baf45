//! Promises 4 and 5: an attacker who tries to get another's grant, or to have his own counted as another's, changes nothing of
//! the victim's.

use serde_json::json;

use crate::support::{
    linking::SIGN_IN_URL,
    world::{Row, World, attribute},
};

/// Everything of the victim's that must stay as it is; conflicts may come to lie beside it.
fn held(grant: &Row) -> Row {
    let mut grant = grant.clone();
    grant.remove("conflicts");
    grant.remove("revision");
    grant.remove("waits_for_stores");
    grant
}

async fn victim(world: &World, vendor: bool) -> (&'static str, &'static str) {
    if vendor {
        let fields = json!({"account": "victim", "label": "Victim", "marketplace": "DE", "type": "vendor"});
        world.browser().authorize_with(&world.link_with(fields).await, "VVICTIM").await;
        ("eu", "VVICTIM")
    } else {
        world.browser().authorize_with(&world.link("victim").await, "A1VICTIM").await;
        ("na", "A1VICTIM")
    }
}

#[tokio::test]
async fn promise_4_anothers_id_on_the_callback_of_ones_own_link_takes_nothing_over() {
    for (vendor, returning) in [(false, false), (false, true), (true, false), (true, true)] {
        let world = World::with_integrator(false).await;
        world.website_form("4a").await;
        let (region, partner) = victim(&world, vendor).await;
        let before = world.grant(region, partner).await.unwrap();

        let mut fields = json!({"account": "attacker", "label": "Attacker",
            "marketplace": if vendor { "DE" } else { "US" }, "type": if vendor { "vendor" } else { "seller" }});
        if returning {
            fields["returnUrl"] = json!(crate::support::linking::RETURN_URL);
        }
        let attacker = world.browser();
        let own = if vendor { "VATTACKER" } else { "A1ATTACKER" };
        let consent = attacker.open_link(&world.link_with(fields).await).await;
        let callback = attacker.consent(&consent, own).await;
        let ended = attacker.open(&callback.replace(own, partner)).await;

        if returning {
            let result = ended.location_parameter("result");
            for account in ["attacker", "victim"] {
                let refused = world.complete(&result, account).await.unwrap_err();
                assert_eq!(refused.error_type, "RequestRefused", "{account}");
            }
        } else {
            assert_eq!(ended.support_code(), Some("AUTHORIZATION_CONFLICT"));
        }
        let after = world.grant(region, partner).await.unwrap();
        assert_eq!(held(&after), held(&before), "vendor {vendor}, returning {returning}");
        assert_eq!(world.caller().refusal(&json!({"account": "attacker"})).await, "UnknownSellingPartner");
        let token = world.caller().token(&json!({"account": "victim"})).await.unwrap();
        assert_eq!(token["sellingPartnerId"], partner);
    }
}

#[tokio::test]
async fn promise_4_an_unlinked_vendors_grant_is_not_linked_by_a_strangers_conflict() {
    let world = World::with_integrator(false).await;
    world.website_form("4a").await;
    world.browser().website("DE", "vendor", "VVICTIM").await;
    let before = world.grant("eu", "VVICTIM").await.unwrap();
    let fields = json!({"account": "attacker", "label": "Attacker", "marketplace": "DE", "type": "vendor",
        "returnUrl": crate::support::linking::RETURN_URL});
    let attacker = world.browser();
    let consent = attacker.open_link(&world.link_with(fields).await).await;
    let callback = attacker.consent(&consent, "VATTACKER").await;

    let ended = attacker.open(&callback.replace("VATTACKER", "VVICTIM")).await;

    let result = ended.location_parameter("result");
    assert_eq!(world.complete(&result, "attacker").await.unwrap_err().error_type, "RequestRefused");
    let after = world.grant("eu", "VVICTIM").await.unwrap();
    assert_eq!(held(&after), held(&before));
}

#[tokio::test]
async fn promise_5_ones_own_link_sent_to_a_victim_links_nothing_to_the_sender() {
    let world = World::with_integrator(false).await;
    let (region, partner) = victim(&world, false).await;
    let before = world.grant(region, partner).await.unwrap();
    let sent = world.returning_link("attacker").await;

    // A victim who is known, and one who is not, open it, and their own integrator session answers.
    let known = world.browser().authorize_with(&sent, partner).await.location_parameter("result");
    let sent = world.returning_link("attacker").await;
    let unknown = world.browser().authorize_with(&sent, "A2VICTIM").await.location_parameter("result");

    for result in [&known, &unknown] {
        assert_eq!(world.complete(result, "victim").await.unwrap_err().error_type, "RequestRefused");
    }
    let after = world.grant(region, partner).await.unwrap();
    assert_eq!(attribute(&after, "account"), attribute(&before, "account"));
    assert_eq!(world.account_of("A2VICTIM").await, None);
    assert_eq!(world.caller().refusal(&json!({"account": "attacker"})).await, "UnknownSellingPartner");
}

#[tokio::test]
async fn promise_5_a_link_without_return_url_names_its_account_before_consent() {
    let world = World::with_integrator(false).await;
    let (region, partner) = victim(&world, false).await;
    let before = world.grant(region, partner).await.unwrap();
    let sent = world.link("attacker").await;
    let browser = world.browser();

    let page = browser.open(&sent).await;
    assert!(page.body.contains("Shop of attacker") && page.body.contains("close this page"));
    let ended = browser.authorize_with(&sent, partner).await;

    assert_eq!(ended.support_code(), Some("AUTHORIZATION_CONFLICT"));
    assert_eq!(held(&world.grant(region, partner).await.unwrap()), held(&before));
}

#[tokio::test]
async fn promise_5_ones_own_sign_in_request_sent_to_a_victim_gains_nothing() {
    let world = World::with_integrator(true).await;
    let (region, partner) = victim(&world, false).await;
    let before = world.grant(region, partner).await.unwrap();
    let (attacker, target) = (world.browser(), world.browser());
    let sign_in = attacker.open(&world.appstore(&attacker, "A1ATTACKER").await).await;
    assert!(sign_in.location().starts_with(SIGN_IN_URL));
    let request = sign_in.location_parameter("request");

    // The victim, signed in at the integrator's, opens what the attacker sent, and the integrator answers.
    let answer = world.ask("completeSignIn", json!({"request": request, "account": "victim"})).await.unwrap();
    let continue_url = answer["continueUrl"].as_str().unwrap();
    assert_eq!(target.open(continue_url).await.support_code(), Some("OTHER_BROWSER"));
    // The attacker has the cookie and lacks the proof; his own account comes too late.
    let random = shared::secret::random_word();
    let guess = world.site(&format!("/login/continue?request={request}&proof={random}"));
    assert_eq!(attacker.open(&guess).await.support_code(), Some("UNKNOWN_STATE"));
    let own = world.ask("completeSignIn", json!({"request": request, "account": "attacker"})).await;
    assert_eq!(own.unwrap_err().error_type, "RequestRefused");

    assert_eq!(world.grant(region, partner).await.unwrap(), before);
    assert!(world.grant("na", "A1ATTACKER").await.is_none());
    let token = world.caller().token(&json!({"account": "victim"})).await.unwrap();
    assert_eq!(token["sellingPartnerId"], partner);
}

#[tokio::test]
async fn promise_4_a_sign_in_of_another_account_takes_no_known_partner_over() {
    let world = World::with_integrator(true).await;
    let (region, partner) = victim(&world, false).await;
    let before = world.grant(region, partner).await.unwrap();
    let attacker = world.browser();
    let sign_in = attacker.open(&world.appstore(&attacker, partner).await).await;
    let fields = json!({"request": sign_in.location_parameter("request"), "account": "attacker"});
    let answer = world.ask("completeSignIn", fields).await.unwrap();

    let ended = attacker.follow(answer["continueUrl"].as_str().unwrap()).await;

    assert_eq!(ended.support_code(), Some("AUTHORIZATION_CONFLICT"));
    assert_eq!(held(&world.grant(region, partner).await.unwrap()), held(&before));
}
