use lambda_http::http::HeaderValue;

use super::*;

fn secrets(secrets: &[&str]) -> OriginSecrets {
    let hashes: Vec<_> = secrets.iter().map(|secret| Fingerprint::of(secret).as_str().to_owned()).collect();
    hashes.join(",").parse().unwrap()
}

fn headers(values: &[&str]) -> HeaderMap {
    values.iter().map(|value| (HEADER.parse().unwrap(), HeaderValue::from_str(value).unwrap())).collect()
}

#[test]
fn without_a_hash_every_request_is_answered() {
    let env = Env::from_pairs([("ORIGIN_SECRET_HASHES", "")]);

    assert!(OriginSecrets::from_env(&env).unwrap().admit(&HeaderMap::new()));
}

#[test]
fn one_of_the_valid_secrets_is_needed_and_no_hash_is_one() {
    let valid = secrets(&["old", "new"]);

    assert!(valid.admit(&headers(&["old"])));
    assert!(valid.admit(&headers(&["new"])));
    for refused in
        [&[][..], &[""], &["other"], &["old,new"], &["old", "new"], &[Fingerprint::of("old").as_str()]]
    {
        assert!(!valid.admit(&headers(refused)), "{refused:?}");
    }
    assert!(!secrets(&["new"]).admit(&headers(&["old"])), "a secret that is no longer valid");
}

#[test]
fn what_is_no_hash_stops_the_start() {
    let hash = Fingerprint::of("x").as_str().to_owned();
    for malformed in ["secret", &format!("{hash},"), &format!("{hash} {hash}"), &hash.to_uppercase()] {
        let env = Env::from_pairs([("ORIGIN_SECRET_HASHES", malformed)]);
        assert!(OriginSecrets::from_env(&env).is_err(), "{malformed}");
    }
}
