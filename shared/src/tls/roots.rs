//! Reads the root certificates of Lambda.
//!
//! The verifier of the platform reads the same ones, but takes over a millisecond of a cold start for it: it decodes them in constant time, which only keys
//! need, and where no variable names a file it also reads every other file in the folders of certificates.

use std::fs;

use base64::{Engine, engine::general_purpose::STANDARD};
use rustls::{RootCertStore, pki_types::CertificateDer};

use crate::env::Env;

/// The roots of Amazon Linux 2023, on which the functions run.
const OF_LAMBDA: &str = "/etc/pki/tls/certs/ca-bundle.crt";

/// Returns the roots in the file that `SSL_CERT_FILE` names, and in that of Lambda's system if no variable says otherwise. Returns none if there is no
/// such file, if it has no root, or if `SSL_CERT_DIR` names folders: the verifier of the platform knows these, and other systems.
pub(super) fn of_one_file(env: &Env) -> Option<RootCertStore> {
    if env.optional("SSL_CERT_DIR").is_some() {
        return None;
    }
    let file = fs::read(env.optional("SSL_CERT_FILE").unwrap_or(OF_LAMBDA)).ok()?;
    let texts = String::from_utf8(file)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    let roots = of_pem(&texts);
    (!roots.is_empty()).then_some(roots)
}

/// Returns the certificates among these texts (RFC 7468, section 5). What is none is left out, since one unusual root of a system must not cost the others.
fn of_pem(texts: &str) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    let (mut base64, mut der) = (String::new(), Vec::new());
    for line in texts.lines().map(str::trim) {
        match line {
            "-----BEGIN CERTIFICATE-----" => base64.clear(),
            "-----END CERTIFICATE-----" => {
                der.clear();
                if STANDARD.decode_vec(&base64, &mut der).is_ok() {
                    let _ = roots.add(CertificateDer::from_slice(&der));
                }
                base64.clear();
            }
            line => base64.push_str(line),
        }
    }
    roots
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "\
-----BEGIN CERTIFICATE-----
MIIBbjCCARWgAwIBAgIUbQh+K6asKDgzHl+NZu2vouYUwA8wCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBYTAgFw0yNjExMzAxMDM1MTJaGA8yMTI2MTEwNjEwMzUxMlow
DDEKMAgGA1UEAwwBYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJ7JQCqnS9Ag
4TD5jMr+f28dTPxAyHuaFnyNvzuZGabX50I4bersG5ZW9x8jy4U5xvnAuoZCKYoW
zVsa4h0FhWWjUzBRMB0GA1UdDgQWBBS6FYaXDd/GeGbHiRZqt+xfvDhJPzAfBgNV
HSMEGDAWgBS6FYaXDd/GeGbHiRZqt+xfvDhJPzAPBgNVHRMBAf8EBTADAQH/MAoG
CCqGSM49BAMCA0cAMEQCIHjjswHZLujNwO3qE7aAv+ZW0R6YwG2d4gqgfwOJ1uWV
AiB/zb8xx2fqmUtVNUzulsT+qB0oVfQoCYZjuaMigrX/Zw==
-----END CERTIFICATE-----
";

    const SECOND: &str = "\
-----BEGIN CERTIFICATE-----
MIIBLjCB4aADAgECAhQ/w0s4XlsYj8H77e0+s2iY8xxzZDAFBgMrZXAwDDEKMAgG
A1UEAwwBYjAgFw0yNjExMzAxMDM1MTJaGA8yMTI2MTEwNjEwMzUxMlowDDEKMAgG
A1UEAwwBYjAqMAUGAytlcAMhAJXjdVsqasreuk5IEHVfBfeLpJaPn4VIZrUNCTjV
4F/oo1MwUTAdBgNVHQ4EFgQU9eFlsFObKkaPochL9gXTOdXy5w0wHwYDVR0jBBgw
FoAU9eFlsFObKkaPochL9gXTOdXy5w0wDwYDVR0TAQH/BAUwAwEB/zAFBgMrZXAD
QQA0Uv/+zdEAfmT3xByokFUYeqtRPcyQQGHJnXYhvS+lkYd145+9arezGwkvhnQi
BH0yQ07MSQ8fWKogSbBmacMF
-----END CERTIFICATE-----
";

    fn in_file(test: &str, texts: &str) -> Option<RootCertStore> {
        let file = std::env::temp_dir().join(format!("spapi-auth-roots-{test}-{}.pem", std::process::id()));
        fs::write(&file, texts).unwrap();
        let roots = of_one_file(&Env::from_pairs([("SSL_CERT_FILE", file.to_str().unwrap())]));
        fs::remove_file(file).unwrap();
        roots
    }

    /// Lines with CR LF, comments, and the trust settings of OpenSSL, as files of roots have them.
    #[test]
    fn each_root_of_the_file_is_trusted_and_what_is_none_costs_no_other() {
        let broken = FIRST.replace("MIIB", "MII!");
        let cut = SECOND.lines().take(3).collect::<Vec<_>>().join("\n");
        let trusted = FIRST.replace("BEGIN", "BEGIN TRUSTED").replace("END", "END TRUSTED");
        let texts =
            format!("# \u{e9}\n{}{broken}\n{trusted}Root B\n{cut}\n{SECOND}", FIRST.replace('\n', "\r\n"));

        let roots = in_file("all", &texts).unwrap();

        let names = roots.roots.iter().map(|root| root.subject.last().copied().map(char::from));
        assert_eq!(names.collect::<Vec<_>>(), [Some('a'), Some('b')]);
    }

    #[test]
    fn a_file_without_a_root_and_a_folder_are_left_to_the_platform() {
        assert!(in_file("none", "no certificate").is_none());
        for variables in [
            &[("SSL_CERT_FILE", "/does/not/exist")][..],
            &[("SSL_CERT_DIR", "/etc/ssl/certs")],
            &[("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt"), ("SSL_CERT_DIR", "/etc/ssl/certs")],
        ] {
            assert!(of_one_file(&Env::from_pairs(variables.iter().copied())).is_none(), "{variables:?}");
        }
    }
}
