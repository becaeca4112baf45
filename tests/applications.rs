//! Applications: registered once, changed by named callers, and examined.

use serde_json::{Value, json};

use crate::support::{
    caller::Failure,
    world::{World, attribute},
};

const NEW: &str = "amzn1.sp.solution.99999999-2222-4333-8444-555555555555";
const CLIENT: &str = "amzn1.application-oa2-client.99999999";

/// A PNG image of one pixel.
const LOGO: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

fn new() -> Value {
    json!({
        "operation": "registerApplication", "applicationId": NEW, "clientId": CLIENT, "name": "Second", "draft": true,
        "defaultRegion": "eu", "scopes": ["sellingpartnerapi::notifications"], "signInUrl": "https://app.example.com/in",
        "returnUrls": ["https://app.example.com/done"], "by": "anne",
    })
}

fn with(mut request: Value, more: &Value) -> Value {
    request.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    request
}

async fn operate(world: &World, request: &Value) -> Result<Value, Failure> {
    world.caller().invoke("administration", request).await
}

#[tokio::test]
async fn an_application_is_registered_once_and_says_what_to_register_at_amazon() {
    let world = World::new().await;

    let registered = operate(&world, &new()).await.unwrap();

    assert_eq!(registered["loginUri"], world.site("/login"));
    assert_eq!(registered["redirectUri"], world.site("/callback"));
    assert_eq!(registered["application"]["signInUrl"], "https://app.example.com/in");
    assert_eq!(operate(&world, &new()).await.unwrap(), registered, "again, the same");
    let history = world.history_of(NEW).await;
    assert_eq!(history.len(), 1);
    assert_eq!(attribute(&history[0], "event"), "ApplicationRegistered");
    assert_eq!((attribute(&history[0], "actor"), attribute(&history[0], "by")), ("operator", "anne"));
    let listed = json!({"operation": "listApplications"});
    let listed = world.caller().invoke("authorizations", &listed).await.unwrap();
    assert_eq!(listed["applications"].as_array().unwrap().len(), 2);
    assert_eq!(listed["applications"][1], registered["application"]);
}

#[tokio::test]
async fn what_partners_see_is_taken_shown_and_cleared_part_by_part() {
    let world = World::new().await;
    let branding = json!({
        "company": "Clocks & Söhne GmbH", "supportUrl": "mailto:help@app.example.com", "homeUrl": "https://app.example.com/",
        "language": "de-AT", "logo": LOGO,
    });
    let shown = |answer: &Value| {
        let application = &answer["application"];
        ["company", "supportUrl", "homeUrl", "language", "logo"].map(|field| application[field].clone())
    };
    let update = async |more: Value| {
        let request = json!({"operation": "updateApplication", "applicationId": NEW, "by": "bert"});
        operate(&world, &with(request, &more)).await.unwrap()
    };

    let registered = operate(&world, &with(new(), &branding)).await.unwrap();
    assert_eq!(
        json!(shown(&registered)),
        json!([
            "Clocks & Söhne GmbH",
            "mailto:help@app.example.com",
            "https://app.example.com/",
            "de-AT",
            LOGO
        ])
    );
    assert_eq!(operate(&world, &with(new(), &branding)).await.unwrap(), registered, "again, the same");
    let renamed = update(json!({"name": "Third"})).await;
    assert_eq!(shown(&renamed), shown(&registered), "left out, all of it stays");
    let cleared = update(json!({"logo": null, "supportUrl": "https://app.example.com/help"})).await;
    assert_eq!(
        json!(shown(&cleared)),
        json!([
            "Clocks & Söhne GmbH",
            "https://app.example.com/help",
            "https://app.example.com/",
            "de-AT",
            null
        ])
    );
    update(json!({"company": null, "supportUrl": null, "homeUrl": null, "language": null})).await;
    let row = world.row("spapi-auth-applications", ("application_id", NEW)).await.unwrap();
    assert!(!row.contains_key("branding"), "nothing of it is left");

    let history = world.history_of(NEW).await;
    let reasons: Vec<_> = history[1..].iter().map(|record| attribute(record, "reason")).collect();
    let changed = ["name", "supportUrl, logo", "company, supportUrl, homeUrl, language"];
    assert_eq!(
        reasons,
        changed.map(|fields| format!("an operator changed the application's settings: {fields}"))
    );
}

#[tokio::test]
async fn a_client_id_never_changes_and_belongs_to_one_application() {
    let world = World::new().await;
    operate(&world, &new()).await.unwrap();
    for wrong in [
        json!({"clientId": "amzn1.application-oa2-client.88888888"}),
        json!({"applicationId": "amzn1.sp.solution.77777777"}),
    ] {
        let failure = operate(&world, &with(new(), &wrong)).await.unwrap_err();
        assert!(failure.error_message.starts_with("clientId: "), "{wrong}: {failure:?}");
    }
    let other_settings = operate(&world, &with(new(), &json!({"draft": false}))).await.unwrap_err();
    assert_eq!(other_settings.error_type, "RequestRefused");
    assert_eq!(world.history_of(NEW).await.len(), 1);
}

#[tokio::test]
async fn promise_12_changes_of_an_application_and_of_its_secret_share_one_history() {
    let world = World::new().await;
    let update = |more: Value| {
        with(
            json!({"operation": "updateApplication", "applicationId": world.application(), "by": "anne"}),
            &more,
        )
    };
    let secret = world.press_rotate().await;
    let set = json!({
        "operation": "setClientSecret", "applicationId": world.application(), "secret": secret, "by": "bert",
    });
    let wishes = ["One", "Two", "Three"].map(|name| update(json!({"name": name})));
    let renamings = wishes.iter().map(|request| operate(&world, request));
    let (renamings, set) = tokio::join!(futures::future::join_all(renamings), operate(&world, &set));
    for answer in renamings {
        answer.unwrap();
    }
    assert_eq!(set.unwrap()["changed"], true);
    let signed = operate(&world, &update(json!({"signInUrl": "https://app.example.com/in"}))).await.unwrap();
    assert_eq!(signed["application"]["signInUrl"], "https://app.example.com/in");
    let cleared = operate(&world, &update(json!({"signInUrl": null, "returnUrls": []}))).await.unwrap();
    assert!(cleared["application"].get("signInUrl").is_none());
    assert_eq!(
        cleared["application"]["scopes"],
        json!(["sellingpartnerapi::notifications"]),
        "left out, it stays"
    );

    let history = world.application_history().await;
    let by = |event: &str, by: &str| {
        let matching = |record: &&_| attribute(record, "event") == event && attribute(record, "by") == by;
        history.iter().filter(matching).count()
    };
    assert_eq!(by("ApplicationUpdated", "anne"), 5);
    assert_eq!(by("ClientSecretRotated", "bert"), 1);
    let unregistered = json!({"operation": "updateApplication", "applicationId": NEW, "name": "x"});
    assert_eq!(operate(&world, &unregistered).await.unwrap_err().error_type, "UnknownApplication");
}

#[tokio::test]
async fn promise_12_who_asked_for_a_new_client_secret_is_in_the_history() {
    let world = World::new().await;
    let rotate = json!({"operation": "rotateClientSecret", "applicationId": world.application(), "by": "bert", "insist": true});

    assert_eq!(operate(&world, &rotate).await.unwrap()["asked"], true);
    assert_eq!(operate(&world, &rotate).await.unwrap_err().error_type, "RequestRefused");
    world.advance(5).await;

    let history = world.application_history().await;
    let asked = history.iter().filter(|record| attribute(record, "event") == "ClientSecretRequested");
    let by: Vec<_> = asked.map(|record| attribute(record, "by")).collect();
    assert_eq!(by, ["bert"]);
}

#[tokio::test]
async fn a_wrong_setting_names_its_field() {
    let world = World::new().await;
    for (wrong, field) in [
        (json!({"name": ""}), "name"),
        (json!({"name": "a\u{202e}b"}), "name"),
        (json!({"name": 7}), "name"),
        (json!({"clientId": "hunter2"}), "clientId"),
        (json!({"applicationId": CLIENT}), "applicationId"),
        (json!({"draft": "yes"}), "draft"),
        (json!({"defaultRegion": "us"}), "defaultRegion"),
        (json!({"scopes": ["sellingpartnerapi::client_credential:rotation"]}), "scopes"),
        (json!({"scopes": "sellingpartnerapi::notifications"}), "scopes"),
        (json!({"signInUrl": "http://app.example.com/in"}), "signInUrl"),
        (json!({"returnUrls": ["https://app.example.com/#x"]}), "returnUrls"),
        (json!({"returnUrls": ["https://hunter2@app.example.com/"]}), "returnUrls"),
        (json!({"company": "a\u{202e}b"}), "company"),
        (json!({"supportUrl": "hunter2@app.example.com"}), "supportUrl"),
        (json!({"homeUrl": "http://app.example.com/"}), "homeUrl"),
        (json!({"language": "German (hunter2)"}), "language"),
        (json!({"language": ["de"]}), "language"),
        (json!({"logo": "PHN2Zz5odW50ZXIyPC9zdmc+"}), "logo"),
        (json!({"logo": {"bytes": "iVBORw0KGgo="}}), "logo"),
    ] {
        let failure = operate(&world, &with(new(), &wrong)).await.unwrap_err();
        assert_eq!(failure.error_type, "InvalidRequest", "{wrong}");
        assert!(failure.error_message.starts_with(&format!("{field}: ")), "{wrong}: {failure:?}");
        assert!(!failure.error_message.contains("hunter2"));
    }
    assert!(world.history_of(NEW).await.is_empty());
}

#[tokio::test]
async fn an_examination_finds_what_is_wrong_and_says_what_to_do() {
    let world = World::new().await;
    let examine = async |application: &str| {
        operate(&world, &json!({"operation": "examine", "applicationId": application})).await.unwrap()
    };
    let verdict = |examined: &Value, check: &str| {
        let findings = examined["findings"].as_array().unwrap();
        let found = findings.iter().find(|finding| finding["check"] == check);
        found.unwrap_or_else(|| panic!("{check} in {findings:?}"))["verdict"].as_str().unwrap().to_owned()
    };

    let healthy = examine(world.application()).await;

    for check in ["uris", "domain", "draft", "clientSecret", "testCall", "limits", "clock"] {
        assert_eq!(verdict(&healthy, check), "ok", "{healthy}");
    }
    assert_eq!(verdict(&healthy, "queue"), "warning", "nothing has come through it yet");
    assert_eq!(healthy["loginUri"], world.site("/login"));
    let secret = world.current_secret().await["clientSecret"].as_str().unwrap().to_owned();
    assert!(!healthy.to_string().contains(&secret));

    world.press_rotate().await;
    world.advance(5).await;
    assert_eq!(verdict(&examine(world.application()).await, "queue"), "ok");
    world.fault("token", "invalid_client", json!({"times": 1})).await;
    assert_eq!(verdict(&examine(world.application()).await, "testCall"), "failure");
    world.fault("token", "html", json!({"times": 1})).await;
    assert_eq!(verdict(&examine(world.application()).await, "testCall"), "warning");

    operate(&world, &new()).await.unwrap();
    let bare = examine(NEW).await;
    for (check, expected) in [("clientSecret", "failure"), ("testCall", "failure"), ("draft", "warning")] {
        assert_eq!(verdict(&bare, check), expected);
    }
    let unknown = json!({"operation": "examine", "applicationId": "amzn1.sp.solution.0"});
    assert_eq!(operate(&world, &unknown).await.unwrap_err().error_type, "UnknownApplication");
}
