//! `spapi-auth console`: who gets in, what is refused, and what the pages show of where they act.

use reqwest::{
    StatusCode,
    header::{COOKIE, HOST, ORIGIN},
};

use crate::support::{
    console::{Run, browser, form_key, shown},
    stack::TestStack,
    tool::Tool,
};

/// A stack with an active grant of the seller A1US, and the pages of its application and of the grant.
async fn with_a_seller() -> (TestStack, String, String) {
    let stack = TestStack::start().await;
    stack.authorize("A1US").await;
    let application = format!("/console/applications/{}", local::seed::FIRST_APPLICATION);
    let grant = format!("{application}/grants/na/A1US");
    (stack, application, grant)
}

async fn status_of(tool: &Tool) -> String {
    tool.succeeds("list --json").await.document()["status"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_key_opens_the_console_once_and_leaves_the_address() {
    let (stack, ..) = with_a_seller().await;
    let run = Run::start(&stack.tool(), &["console"]).await;
    assert!(run.origin.starts_with("http://127.0.0.1:"), "{}", run.origin);
    assert!(run.printed.contains("AWS account 123456789012, region us-east-1"), "{}", run.printed);

    let without = run.get("/").await;
    assert_eq!(without.status, StatusCode::FORBIDDEN);
    assert!(
        !without.body.contains(local::seed::FIRST_APPLICATION) && without.body.contains("spapi-auth console")
    );
    for wrong in ["/enter", "/enter?key=", "/enter?key=0123", "/?key=0123"] {
        let refused = run.get(wrong).await;
        assert_eq!((refused.status, refused.cookie.as_str()), (StatusCode::FORBIDDEN, ""), "{wrong}");
    }
    let head = run.browser.head(&run.entrance).send().await.unwrap();
    assert_eq!(head.status(), StatusCode::FORBIDDEN, "a program that only looks does not use the key up");

    let entered = shown(run.browser.get(&run.entrance)).await;
    assert_eq!((entered.status, entered.location.as_str()), (StatusCode::SEE_OTHER, "/"));
    assert!(entered.cookie.contains("; HttpOnly; SameSite=Strict"), "{}", entered.cookie);
    let home = run.get("/").await;
    assert_eq!(home.status, StatusCode::OK, "{}", home.body);
    let key = run.entrance.split_once("key=").unwrap().1;
    assert!(!home.body.contains(key));

    let again = shown(run.browser.get(&run.entrance)).await;
    assert_eq!(
        (again.status, again.cookie.as_str()),
        (StatusCode::SEE_OTHER, ""),
        "the same browser goes on"
    );
    let another = shown(browser().get(&run.entrance)).await;
    assert_eq!(
        (another.status, another.cookie.as_str()),
        (StatusCode::FORBIDDEN, ""),
        "another one does not"
    );
}

#[tokio::test]
async fn each_page_says_where_it_acts_and_as_whom() {
    let (stack, application, grant) = with_a_seller().await;
    let run = Run::entered(&stack.tool(), &["console"]).await;

    for path in ["/", &application, &format!("{application}/grants"), &grant, "/console/nowhere"] {
        let page = run.get(path).await.body;
        assert!(
            page.contains("AWS account 123456789012, region us-east-1, at http://127.0.0.1:"),
            "{path}: {page}"
        );
        assert!(page.contains("as arn:aws:"), "{path}");
        assert!(
            !page.contains("Clock:") && !page.contains("Break Amazon") && !page.contains("<script"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_button_does_what_the_command_does_in_the_name_of_the_operator() {
    let (stack, _, grant) = with_a_seller().await;
    let run = Run::entered(&stack.tool(), &["console"]).await;

    let pressed = run.press(&grant, &[("do", "disable"), ("reason", "asked by support")]).await;
    assert_eq!(pressed.status, StatusCode::SEE_OTHER, "{}", pressed.body);
    let page = run.get(&pressed.location).await.body;
    assert!(page.contains("Disabled: within 60 seconds"), "{page}");
    assert!(page.contains("operator: <bdi>olga</bdi>") && page.contains("asked by support"), "{page}");
    assert_eq!(status_of(&stack.tool()).await, "disabled");

    let token = run.press(&grant, &[("do", "enable")]).await;
    assert_eq!(token.status, StatusCode::SEE_OTHER);
    let fetched = run.press(&grant, &[("do", "fetch")]).await;
    let page = run.get(&fetched.location).await.body;
    assert!(page.contains("It is not shown here") && !page.contains("Atza|"), "{page}");
}

/// What is sent: its name, the form, and the headers.
type Case<'c> = (&'c str, &'c [(&'c str, &'c str)], &'c [(&'c str, &'c str)]);

#[tokio::test]
async fn a_form_from_elsewhere_is_refused_and_changes_nothing() {
    let (stack, application, grant) = with_a_seller().await;
    let run = Run::entered(&stack.tool(), &["console"]).await;
    let other = Run::entered(&stack.tool(), &["console"]).await;
    let key = form_key(&run.get(&grant).await.body);
    let of_other = form_key(&other.get(&grant).await.body);
    assert_ne!(key, of_other);
    let own = run.origin.as_str();
    let right = [("do", "disable"), ("form-key", key.as_str())];
    let cases: [Case; 10] = [
        ("no secret in the form", &[("do", "disable")], &[("origin", own)]),
        ("an empty secret", &[("do", "disable"), ("form-key", "")], &[("origin", own)]),
        ("the secret of another run", &[("do", "disable"), ("form-key", &of_other)], &[("origin", own)]),
        ("no origin at all", &right, &[]),
        ("a foreign origin", &right, &[("origin", "http://evil.example")]),
        ("an unknown origin", &right, &[("origin", "null")]),
        ("the other console's origin", &right, &[("origin", &other.origin)]),
        ("a neighbouring port", &right, &[("origin", own), ("sec-fetch-site", "same-site")]),
        ("another site", &right, &[("origin", own), ("sec-fetch-site", "cross-site")]),
        (
            "a foreign name of this machine",
            &right,
            &[("origin", "http://evil.example"), ("host", "evil.example")],
        ),
    ];

    for (what, form, headers) in cases {
        for path in [&grant, &application] {
            let mut request = run.browser.post(format!("{own}{path}")).form(form);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let refused = shown(request).await.status.as_u16();
            assert!([403, 421].contains(&refused), "{what}: {refused}");
        }
    }
    let stranger = browser().post(format!("{own}{grant}")).header(ORIGIN, own).form(&right);
    assert_eq!(shown(stranger).await.status, StatusCode::FORBIDDEN, "without the cookie");
    assert_eq!(status_of(&stack.tool()).await, "active");
    let history = stack.tool().succeeds("history A1US --json").await.documents();
    assert_eq!(history.len(), 1, "{history:?}");

    let large = "x".repeat(70_000);
    let request =
        run.browser.post(format!("{own}{grant}")).header(ORIGIN, own).form(&[("reason", large.as_str())]);
    assert_eq!(shown(request).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_foreign_host_is_not_answered_even_with_the_cookie() {
    let (stack, ..) = with_a_seller().await;
    let run = Run::entered(&stack.tool(), &["console"]).await;
    let port = run.origin.rsplit_once(':').unwrap().1.to_owned();

    for host in [
        "evil.example",
        &format!("evil.example:{port}"),
        "127.0.0.1",
        "127.0.0.1:1",
        &format!("127.0.0.1.evil.example:{port}"),
    ] {
        let refused = shown(run.browser.get(format!("{}/", run.origin)).header(HOST, host)).await;
        assert_eq!(refused.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
        assert!(!refused.body.contains(local::seed::FIRST_APPLICATION), "{host}");
    }
    assert_eq!(run.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn two_consoles_have_cookies_beside_each_other_in_one_browser() {
    let (stack, _, grant) = with_a_seller().await;
    let [one, other] =
        [Run::start(&stack.tool(), &["console"]).await, Run::start(&stack.tool(), &["console"]).await];
    // A browser knows hosts and no ports: both cookies go to both consoles.
    let mut cookies = Vec::new();
    for run in [&one, &other] {
        let entered = shown(browser().get(&run.entrance)).await;
        cookies.push(entered.cookie.split_once(';').unwrap().0.to_owned());
    }
    assert_ne!(cookies[0].split_once('=').unwrap().0, cookies[1].split_once('=').unwrap().0);
    let both = cookies.join("; ");
    for run in [&one, &other] {
        let page = shown(browser().get(format!("{}{grant}", run.origin)).header(COOKIE, &both)).await;
        assert_eq!(page.status, StatusCode::OK);
    }
    let of_the_other = browser().get(format!("{}{grant}", one.origin)).header(COOKIE, &cookies[1]);
    assert_eq!(shown(of_the_other).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_read_only_console_shows_no_button_and_refuses_every_command_before_it_invokes_anything() {
    let (stack, application, grant) = with_a_seller().await;
    let changing = Run::entered(&stack.tool(), &["console"]).await;
    let run = Run::entered(&stack.tool(), &["console", "--read-only"]).await;

    for path in ["/", &application, &format!("{application}/grants"), &grant] {
        let page = run.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
        assert!(
            page.body.contains("Read-only") && !page.body.contains("method=\"post\""),
            "{path}: {}",
            page.body
        );
        assert!(changing.get(path).await.body.contains("method=\"post\""), "{path}");
    }
    for page in ["overview", "past", "edit", "import"] {
        assert!(!run.get(&format!("{application}/{page}")).await.body.contains("method=\"post\""), "{page}");
    }
    let before = stack.invocations();
    for (path, form) in [
        (&grant, [("do", "disable")]),
        (&grant, [("do", "fetch")]),
        (&grant, [("do", "remove")]),
        (&application, [("do", "disable")]),
        (&format!("{application}/edit"), [("name", "Other")]),
        (&format!("{application}/import"), [("refreshToken", "Atzr|x")]),
        (&"/console/register".to_owned(), [("name", "Other")]),
        (&"/console/links".to_owned(), [("account", "tenant-42")]),
        (&"/console/nowhere".to_owned(), [("do", "disable")]),
    ] {
        let request =
            run.browser.post(format!("{}{path}", run.origin)).header(ORIGIN, &run.origin).form(&form);
        let refused = shown(request).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path} {form:?}");
        assert!(refused.body.contains("--read-only"), "{path}: {}", refused.body);
    }
    assert_eq!(stack.invocations(), before, "nothing was invoked");
    assert_eq!(status_of(&stack.tool()).await, "active");
}

#[tokio::test]
async fn support_staff_are_held_by_the_policy_of_their_consumer() {
    let (stack, _, grant) = with_a_seller().await;
    stack.authorize("A2US").await;
    stack.tool().succeeds("consumers add support --partner A1US --may read").await;
    let run = Run::entered(&stack.tool(), &["console", "--read-only", "--consumer", "support"]).await;

    let list =
        run.get(&format!("/console/applications/{}/grants", local::seed::FIRST_APPLICATION)).await.body;
    assert!(list.contains("A1US") && !list.contains("A2US"), "{list}");
    assert_eq!(run.get(&grant).await.status, StatusCode::OK);
    let other = run.get(&grant.replace("A1US", "A2US")).await;
    assert!(other.status == StatusCode::FORBIDDEN && other.body.contains("RequestRefused"), "{}", other.body);
}

#[tokio::test]
async fn a_console_that_cannot_start_says_why() {
    let stack = TestStack::start().await;
    let taken = stack.site("").rsplit_once(':').unwrap().1.to_owned();
    let ran = stack.tool().run(&format!("console --port {taken}")).await;
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains(&taken) && ran.stderr.contains("hint: choose another port"), "{ran:?}");
    let nowhere = Tool::at("http://127.0.0.1:9").run("console").await;
    assert_eq!((nowhere.code, nowhere.stdout.as_str()), (3, ""), "{nowhere:?}");
}
