//! Callback URIs that look like Amazon's and are not, in the shape that Amazon has on this machine.

const HOST: &str = "sellercentral.amazon.com";

/// Whatever must not be taken for `good`, the callback URI that Amazon would send.
pub(super) fn hostile_uris(good: &str) -> Vec<String> {
    let rest = good.trim_start_matches("http://");
    let (authority, path) = rest.split_at(rest.find('/').unwrap());
    let port = authority.rsplit(':').next().unwrap().parse().unwrap();
    let mut uris: Vec<_> =
        other_authorities(port).iter().map(|authority| format!("http://{authority}{path}")).collect();
    uris.extend(other_schemes(rest));
    uris.extend(other_paths(path).map(|path| format!("http://{authority}{path}")));
    uris.extend(not_quite_relative(path));
    uris
}

fn other_authorities(port: u16) -> Vec<String> {
    let other_port = port ^ 1;
    let mut authorities = vec![
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        format!("evil.localhost:{port}"),
        format!("{HOST}.localhost"),
        format!("{HOST}.localhost:"),
        format!("{HOST}.localhost:{other_port}"),
        format!("{HOST}.localhost:0{port}"),
        format!("{HOST}.localhost:{port}0"),
        format!("{HOST}.localhost:{port}:{port}"),
        format!("{HOST}.localhost:443"),
        format!("{HOST}.localhost.:{port}"),
        format!("{HOST}..localhost:{port}"),
        format!("{HOST}:{port}"),
        HOST.to_owned(),
        format!("[::1]:{port}"),
        format!("[::ffff:127.0.0.1]:{port}"),
        format!("[{HOST}.localhost]:{port}"),
        format!("127.0.0.1:{port}"),
        format!("2130706433:{port}"),
        format!("localhost:{port}"),
        String::new(),
    ];
    authorities.extend(
        [
            "x",
            "evil.",
            "evil-",
            "user@",
            "user:password@",
            "@",
            "evil.example@",
            "evil.example%40",
            "evil.example#",
            "evil.example?",
            "evil.example\\@",
            "evil.example\\",
            " ",
            "\t",
            "\n",
            "\u{0}",
            "\u{200b}",
            ".",
        ]
        .map(|before| format!("{before}{HOST}.localhost:{port}")),
    );
    authorities.extend(
        [
            ".evil.example",
            "@evil.example",
            ":x@evil.example",
            "\\@evil.example",
            "\\.evil.example",
            "#.evil.example",
            "?.evil.example",
            "%2eevil.example",
            "%2f@evil.example",
            "%00.evil.example",
            "%09",
            "%20",
            " ",
            "\t",
            "\r\n",
            "\u{0}",
            ".",
            "\u{ff0e}",
            "\u{3002}",
        ]
        .map(|after| format!("{HOST}.localhost:{port}{after}")),
    );
    authorities.extend(
        [
            "SELLERCENTRAL.AMAZON.COM",
            "Sellercentral.amazon.com",
            "sellercentral.amazon.com.evil.example",
            "sellercentral.amazon.com.evil",
            "sellercentral.amazon.xyz",
            "sellercentral.amazon.co",
            "sellercentral.amazon.comm",
            "sellercentral-amazon.com",
            "evil-amazon.com",
            "xamazon.com",
            "payments.amazon.com",
            "api.amazon.com",
            "sellingpartnerapi-na.amazon.com",
            "s\u{435}llercentral.amazon.com",
            "sellercentral.\u{430}mazon.com",
            "sellercentral.xn--mazon-3ve.com",
            "xn--sellercentral-amazon.com",
            "sellercentral\u{3002}amazon\u{3002}com",
            "sellercentral.amazon\u{ff0e}com",
            "sellercentral%2eamazon.com",
            "%73ellercentral.amazon.com",
            "sellercentral.amazon.com\u{ad}",
        ]
        .map(|host| format!("{host}.localhost:{port}")),
    );
    authorities
}

fn other_schemes(rest: &str) -> Vec<String> {
    let mut uris: Vec<_> = [
        "https://",
        "HTTP://",
        "Http://",
        "ftp://",
        "ws://",
        "file://",
        "//",
        "///",
        "http:",
        "http:/",
        "http:///",
        "http:\\\\",
        "http:/\\",
        "http%3A//",
        "http:%2f%2f",
        "http:/\t/",
        "ht\ntp://",
        "\u{1}http://",
        " http://",
        "http ://",
        "view-source:http://",
        "javascript:alert(1)//",
        "javascript://",
        "data:text/html,",
        "blob:http://",
        "",
        "\\\\",
        "@",
    ]
    .map(|scheme| format!("{scheme}{rest}"))
    .into();
    uris.extend(["javascript:alert(1)", "data:text/html,x", "http://", "http", "x"].map(ToOwned::to_owned));
    uris
}

/// Paths that are not the one of a confirmation.
fn other_paths(path: &str) -> impl Iterator<Item = String> {
    let application = path.rsplit('/').next().unwrap();
    let mut paths: Vec<_> = [
        "//",
        "/.",
        "/..",
        "/../../../x",
        "/%2e%2e",
        "/x",
        "#",
        "#x",
        "?",
        "?state=x",
        "&x",
        ";x",
        "%2f",
        "%2e",
        "%00",
        "%0d%0a",
        "%20",
        " ",
        ".",
        "\\",
        "\\..\\x",
        "\r\nSet-Cookie: x=y",
        "\u{0}",
        "@evil.example",
        "*",
    ]
    .map(|after| format!("{path}{after}"))
    .into();
    paths.extend(
        [
            "",
            "/",
            "/apps/authorize/confirm",
            "/apps/authorize/confirm/",
            "/apps/authorize/confirm//",
            "/apps/authorize/confirm/amzn1.application-oa2-client.1",
            "/apps/authorize/confirm/x",
        ]
        .map(ToOwned::to_owned),
    );
    paths.extend(
        [
            "/apps/authorize/consent/",
            "/Apps/Authorize/Confirm/",
            "/APPS/AUTHORIZE/CONFIRM/",
            "//apps/authorize/confirm/",
            "/./apps/authorize/confirm/",
            "/x/../apps/authorize/confirm/",
            "/apps/authorize/../authorize/confirm/",
            "/apps/authorize/confirm/../confirm/",
            "/apps/authorize/confirm/%2e%2e/",
            "/apps/authorize/confirm//",
            "/apps/authorize/confirm%2f",
            "/apps%2fauthorize%2fconfirm/",
            "/apps\\authorize\\confirm\\",
            "/apps/authorize/confirm/\\",
            "/%61pps/authorize/confirm/",
            "/apps/authorize/confirm/ ",
            "/gp/redirect?url=/apps/authorize/confirm/",
        ]
        .map(|before| format!("{before}{application}")),
    );
    paths.into_iter()
}

/// Paths without a host that lead elsewhere than to a confirmation.
fn not_quite_relative(path: &str) -> Vec<String> {
    let mut uris: Vec<_> = [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/%2f/evil.example",
        "/%09/evil.example",
        "/%5cevil.example",
        "/.",
        "/..",
        "/../..",
        ".",
        "..",
        " ",
        "@evil.example",
        ".evil.example",
        ":80",
        "?",
        "#",
    ]
    .map(|before| format!("{before}{path}"))
    .into();
    uris.extend(other_paths(path).filter(|path| !path.is_empty()));
    uris.push(path.trim_start_matches('/').to_owned());
    uris
}
