//! What a person reads: chosen columns, short confirmations, colours, man pages and completions.

use serde_json::json;

use crate::{
    grants::grant,
    support::{folder::Folder, functions::Functions},
};

async fn one_grant() -> Functions {
    Functions::answering(Ok(json!({"grant": grant("A1EXAMPLE"), "grants": [grant("A1EXAMPLE")]}))).await
}

#[tokio::test]
async fn columns_are_chosen_by_the_names_of_json() {
    let functions = one_grant().await;
    let ran = functions
        .tool()
        .succeeds("list --columns sellingPartnerId,renewalDueAt,verified,conflicts,rolesOutdated,movedTo")
        .await;
    let lines: Vec<Vec<&str>> = ran.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(
        lines[0],
        ["sellingPartnerId", "renewalDueAt", "verified", "conflicts", "rolesOutdated", "movedTo"]
    );
    assert_eq!(lines[1], ["A1EXAMPLE", "2027-01-01", "yes", "0", "no", "-"]);
    let ran = functions.tool().succeeds("list --columns status,stores --json").await;
    assert_eq!(ran.document(), json!({"status": "active", "stores": grant("A1EXAMPLE")["stores"]}));

    let asked = functions.requests().len();
    let ran = functions.tool().run("list --columns status,due").await;
    assert_eq!(ran.code, 2, "{ran:?}");
    for name in ["'due'", "sellingPartnerId", "renewalDueAt", "manageYourAppsUrl", "revision"] {
        assert!(ran.stderr.contains(name), "{name}: {}", ran.stderr);
    }
    assert_eq!(functions.requests().len(), asked, "nothing was invoked");
}

#[tokio::test]
async fn every_field_of_a_grant_can_be_a_column() {
    for field in grant("A1EXAMPLE").as_object().unwrap().keys() {
        one_grant().await.tool().succeeds(&format!("list --columns {field}")).await.says(field);
    }
}

#[tokio::test]
async fn a_change_is_confirmed_in_a_line_on_a_terminal_and_by_the_grant_elsewhere() {
    let functions = one_grant().await;
    let tool = functions.tool().with("TERM", "xterm");
    for (words, done) in [
        ("disable A1EXAMPLE", "Disabled the grant of A1EXAMPLE in na: it is active."),
        (
            "account link A1EXAMPLE tenant-42",
            "Linked to account tenant-42 the grant of A1EXAMPLE in na: it is active.",
        ),
        ("set-region A1EXAMPLE --to na", "Set the region of the grant of A1EXAMPLE in na: it is active."),
    ] {
        let ran = tool.on_a_terminal(words, "").await;
        ran.says("\u{1b}[32m✓\u{1b}[0m ").says(done);
        assert!(!ran.stdout.contains("fingerprint"), "{words}: {}", ran.stdout);
        let ran = functions.tool().with("TERM", "xterm").with("NO_COLOR", "1").on_a_terminal(words, "").await;
        ran.says(&format!("✓ {done}"));
        assert!(!ran.stdout.contains('\u{1b}'), "{words}: {:?}", ran.stdout);
        tool.succeeds(words).await.says("fingerprint").says("0123456789abcdef");
        let ran = tool.on_a_terminal(&format!("{words} --json"), "").await;
        ran.says("\"fingerprint\":\"0123456789abcdef\"");
    }
}

#[tokio::test]
async fn errors_have_colours_on_a_terminal_that_wants_them() {
    let functions = Functions::answering(Err(("UnknownSellingPartner", "no such partner"))).await;
    let coloured = functions.tool().with("TERM", "xterm");
    coloured.on_a_terminal("show A1EXAMPLE", "").await.says("\u{1b}[1m\u{1b}[31merror:\u{1b}[0m");
    for (variable, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let ran = functions
            .tool()
            .with("TERM", "xterm")
            .with(variable, value)
            .on_a_terminal("show A1EXAMPLE", "")
            .await;
        assert!(
            ran.stdout.contains("error:") && !ran.stdout.contains('\u{1b}'),
            "{variable}: {:?}",
            ran.stdout
        );
    }
    assert!(!coloured.run("show A1EXAMPLE").await.stderr.contains('\u{1b}'));
}

#[tokio::test]
async fn there_is_a_man_page_for_every_command() {
    let functions = one_grant().await;
    let folder = Folder::new("man");
    let pages = folder.path("man1");
    functions.tool().succeeds(&format!("man {pages}")).await.says(&pages);
    for (page, says) in
        [("spapi-auth", "Exit codes"), ("spapi-auth-list", "columns"), ("spapi-auth-events-tail", "Ctrl")]
    {
        let text = std::fs::read_to_string(format!("{pages}/{page}.1")).unwrap_or_else(|_| panic!("{page}"));
        assert!(text.contains(says), "{page}: {text}");
    }
    let ran = functions.tool().run("man /dev/null/man1").await;
    assert_eq!((ran.code, ran.stderr.contains("hint: name a folder")), (2, true), "{ran:?}");
}

#[tokio::test]
async fn completions_say_on_a_terminal_where_they_belong() {
    let functions = one_grant().await;
    for (shell, place) in [
        ("bash", "~/.local/share/bash-completion/completions/spapi-auth"),
        ("zsh", "~/.zfunc/_spapi-auth"),
        ("fish", "~/.config/fish/completions/spapi-auth.fish"),
        ("elvish", "~/.config/elvish/rc.elv"),
        ("powershell", "$PROFILE"),
    ] {
        functions.tool().on_a_terminal(&format!("completions {shell}"), "").await.says(place);
        let ran = functions.tool().succeeds(&format!("completions {shell}")).await;
        assert!(!ran.stdout.contains(place), "{shell}");
    }
}
