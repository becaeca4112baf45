use super::*;

const TOKEN: &str = "Atzr|IwEBIhunter2-_x4";

#[test]
fn a_refresh_token_is_taken_out_of_whatever_it_was_pasted_in() {
    for pasted in [
        "Atzr|IwEBIhunter2-_x4",
        "Atzr|IwEBIhunter2-_x4\n",
        "\r\n  Atzr|IwEBIhunter2-_x4\r\n",
        "\u{feff}Atzr|IwEBIhunter2-_x4\u{a0}\u{200b}",
        "'Atzr|IwEBIhunter2-_x4'",
        "\"Atzr|IwEBIhunter2-_x4\"",
        "“Atzr|IwEBIhunter2-_x4”",
        "„Atzr|IwEBIhunter2-_x4“",
        "«Atzr|IwEBIhunter2-_x4»",
        " ‘“Atzr|IwEBIhunter2-_x4”’, ",
        "`Atzr|IwEBIhunter2-_x4`;",
        "Atzr%7CIwEBIhunter2-_x4",
        "Atzr%7cIwEBIhunter2%2D_x4",
        "Atzr%257CIwEBIhunter2-_x4",
        "Atzr%25257CIwEBIhunter2-_x4",
        "Atzr%2525252525257cIwEBIhunter2-_x4",
        "\"{\\\"refresh_token\\\": \\\"Atzr|IwEBIhunter2-_x4\\\"}\"",
        "{\"data\": [{\"token\": {\"refreshToken\": \"Atzr|IwEBIhunter2-_x4\"}}]}",
        "\"Atzr\\u007cIwEBIhunter2-_x4\"",
        "Atzr\\|IwEBIhunter2-_x4",
        "Atzr&#124;IwEBIhunter2-_x4",
        "refresh_token=Atzr|IwEBIhunter2-_x4",
        "refresh_token = 'Atzr|IwEBIhunter2-_x4'",
        "export SP_API_REFRESH_TOKEN=\"Atzr|IwEBIhunter2-_x4\"",
        "refreshToken: Atzr|IwEBIhunter2-_x4",
        "\"refresh_token\" : \"Atzr|IwEBIhunter2-_x4\",",
        "grant_type=refresh_token&refresh_token=Atzr%7CIwEBIhunter2-_x4&client_id=amzn1.application-oa2-client.1",
        "LWA_APP_ID=amzn1.application-oa2-client.1\nREFRESH_TOKEN=Atzr|IwEBIhunter2-_x4\nCLIENT_SECRET=amzn1.oa2-cs.v1.1\n",
        "{\"access_token\": \"Atza|1\", \"refresh_token\": \"Atzr|IwEBIhunter2-_x4\", \"expires_in\": 3600}",
    ] {
        let token = refresh_token(pasted).unwrap_or_else(|error| panic!("{pasted}: {error}"));
        assert_eq!(token.expose(), TOKEN, "{pasted}");
    }
}

#[test]
fn the_one_refresh_token_of_a_text_is_taken_whole_whatever_is_around_it_and_however_it_was_wrapped() {
    const WHOLE: &str = "Atzr|IwEBIhunter2-_x4IwEBIhunter2-_x4IwEBIhunter2-_x4IwEBIhunter2-_x4";
    let (first, second, third) = (&WHOLE[..30], &WHOLE[30..55], &WHOLE[55..]);
    let around = [
        ("<refresh_token>", "</refresh_token>"),
        ("<token type=\"refresh\">\n  ", "\n</token>"),
        ("[\"", "\"]"),
        ("[[\"", "\"]]"),
        ("{\"refresh_token\":\"", "\"}"),
        ("{\\\"refresh_token\\\":\\\"", "\\\"}"),
        ("{refresh_token: '", "'}"),
        ("refresh_token\t", ""),
        ("refresh_token: ", ""),
        ("refresh_token => \"", "\","),
        ("- refresh_token: >-\n    ", "\n"),
        ("export REFRESH_TOKEN='", "'"),
        ("set REFRESH_TOKEN=", ""),
        ("$env:REFRESH_TOKEN = \"", "\""),
        ("--refresh-token ", ""),
        ("| refresh_token | ", " |"),
        ("Token of seller A1EXAMPLESELLER: ", ""),
        ("(", ")"),
        ("", ";"),
        ("", ","),
        ("", "."),
        ("", "\\n"),
        ("\u{1b}[200~", "\u{1b}[201~"),
        ("access_token: Atza|1\nrefresh_token: ", "\nexpires_in: 3600\n"),
        ("LWA_CLIENT_SECRET=amzn1.oa2-cs.v1.1\nREFRESH_TOKEN=", "\nAWS_REGION=eu-west-1\n"),
    ];
    let wraps = [
        WHOLE.to_owned(),
        format!("{first}\n{second}\n{third}"),
        format!("{first}\r\n{second}\r\n{third}"),
        format!("{first} {second} {third}"),
        format!("{first}\n    {second}\n    {third}"),
        format!("{first}\u{200b}{second}{third}"),
        format!("{first}=\r\n{second}=\r\n{third}"),
    ];
    for (before, behind) in around {
        for wrapped in &wraps {
            let pasted = format!("{before}{wrapped}{behind}");
            let token = refresh_token(&pasted).unwrap_or_else(|error| panic!("{pasted}: {error}"));
            assert_eq!(token.expose(), WHOLE, "{pasted}");
        }
    }
}

#[test]
fn what_is_no_refresh_token_is_refused_with_what_it_looks_like_and_never_repeated() {
    for (pasted, said) in [
        ("", "is empty"),
        (" \n", "is empty"),
        ("\"\"", "is empty"),
        ("Atza|hunter2", "looks like an access token"),
        ("access_token=Atza%7Chunter2", "looks like an access token"),
        ("Bearer Atza|hunter2", "looks like an access token"),
        ("Atc|hunter2", "looks like an access token of the application itself"),
        ("Atz.sprdt|hunter2", "looks like a restricted data token"),
        ("'amzn1.oa2-cs.v1.hunter2'", "looks like a client secret"),
        ("amzn1.application-oa2-client.hunter2", "looks like a client id"),
        ("amzn1.sp.solution.hunter2", "looks like an application id"),
        ("amzn1.sellerapps.app.hunter2", "looks like an application id"),
        ("amzn.mws.hunter2", "looks like a token of Marketplace Web Service"),
        ("ANBhunter2mNCTeAszag", "looks like an authorization code"),
        (
            "https://app.example.com/callback?state=hunter2&spapi_oauth_code=hunter2",
            "looks like an authorization code",
        ),
        ("Atzr|hunter2Atzr|hunter2", "pasted twice"),
        ("Atzr|hunter2\nAtzr|hunter2", "pasted twice"),
        ("hunter2hunter2hunter2hunter2hunter2hunter2hunter2hunter2", "pasted twice"),
        ("Atzr|hunter2 amzn1.oa2-cs.v1.hunter2", "has other secrets or ids too"),
        ("Atzr|hun ter2", "has blanks or line breaks inside"),
        ("Atzr|hun\r\nter2", "has blanks or line breaks inside"),
        ("xAtzr|0123456789hunter2_abcdefg", "has something in front of it"),
        ("Atzr|0123456789hunter2_abcdefg...", "was shortened"),
        ("Atzr|0123456789hunter2_abcdefg\u{e9}", "has characters"),
        ("Atzr|0123456789hunter2 Atzr|0123456789hunter2", "pasted twice"),
        ("<refresh_token>hunter2</refresh_token>", "is a placeholder"),
        ("Atzr|hunter2…", "was shortened"),
        ("Atzr|hunter2***", "was shortened"),
        ("Atzr|", "is its beginning alone"),
        ("Atzr|hüntér2", "has characters"),
        ("Atzr|hunter2\0", "has control characters"),
        ("\u{7}Atzr|hunter2", "has control characters"),
        ("Atzr|hunter2\u{9c}", "has control characters"),
        ("<token>", "is a placeholder"),
        ("<hunter2>", "is a placeholder"),
        ("YOUR_REFRESH_TOKEN", "is a placeholder"),
        ("\"YOUR_REFRESH_TOKEN\"", "is a placeholder"),
        ("REFRESH_TOKEN=<your refresh token>", "is a placeholder"),
        ("{{refresh_token}}", "is a placeholder"),
        ("undefined", "is a placeholder"),
        ("null", "is a placeholder"),
        ("{\"hunter2\": {\"hunter2\": 1}}", "looks like JSON"),
        ("eyJhunter2.eyJhunter2.hunter2", "looks like a JSON Web Token"),
        ("AKIAHUNTER2EXAMPLE12", "looks like an access key id of AWS"),
        ("wJalrXUtnFEMIK7MDENGbPxRfiCYhunter2KEY/7", "looks like a secret access key of AWS"),
        ("amzn1.application.hunter2", "looks like an application id"),
        ("AMZN1.SP.SOLUTION.hunter2", "looks like an application id"),
        ("amzn1.account.hunter2", "looks like an id of Amazon's"),
        ("arn:aws:iam::1:role/hunter2", "looks like an ARN of AWS"),
        ("https://example.com/hunter2", "a URL"),
        ("A1HUNTER22EXAMPLE", "looks like the id of a selling partner"),
    ] {
        let error = refresh_token(pasted).err().unwrap_or_else(|| panic!("{pasted}")).to_string();
        assert!(error.starts_with("refreshToken: expected a refresh token"), "{pasted}: {error}");
        assert!(error.contains(said), "{pasted}: {error}");
        assert!(!error.contains("hunter2") && !error.contains("nter2"), "{error}");
    }
    let long = format!("Atzr|{}", (0..1000).map(|n| n.to_string()).collect::<String>()) + &"x".repeat(2000);
    assert!(refresh_token(&long).unwrap_err().to_string().contains("longer than 4096 bytes"));
}

#[test]
fn a_text_of_no_known_form_is_no_fault() {
    for unknown in
        ["hunter2-of-a-later-form", "Atzs|a-token-of-a-later-form", "0123456789abcdef0123456789abcdef"]
    {
        assert_eq!(refresh_token(unknown).unwrap().expose(), unknown);
    }
}

#[test]
fn a_client_secret_is_read_in_the_same_way() {
    for pasted in ["amzn1.oa2-cs.v1.1\n", "“amzn1.oa2-cs.v1.1”", "CLIENT_SECRET=amzn1.oa2-cs.v1.1"] {
        assert_eq!(client_secret(pasted).unwrap().expose(), "amzn1.oa2-cs.v1.1");
    }
    let error = client_secret("Atzr|hunter2").unwrap_err().to_string();
    assert!(error.starts_with("secret: expected a client secret"), "{error}");
    assert!(error.ends_with("the text looks like a refresh token"), "{error}");
}
