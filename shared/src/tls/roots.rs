//! The root certificates of one file.
//!
//! The verifier of the platform would find the same ones. Where no variable names a file, it also reads every other file in the system's folders
//! of certificates, and a cold start waits for it.

use std::{env, fs, path::PathBuf};

use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};

/// The roots of Amazon Linux 2023, on which the functions run.
const OF_LAMBDA: &str = "/etc/pki/tls/certs/ca-bundle.crt";

/// Returns the file that `SSL_CERT_FILE` names, or that of Lambda's system. Returns none if `SSL_CERT_DIR` names folders.
#[expect(
    clippy::disallowed_methods,
    reason = "SSL_CERT_FILE and SSL_CERT_DIR are variables of OpenSSL, not of a function"
)]
pub(super) fn file() -> Option<PathBuf> {
    env::var_os("SSL_CERT_DIR")
        .is_none()
        .then(|| env::var_os("SSL_CERT_FILE").map_or_else(|| OF_LAMBDA.into(), PathBuf::from))
}

/// Returns the roots in the file, or none if there is no file or no root in it. A root that rustls refuses is left out, and the
/// others are trusted.
pub(super) fn of(file: PathBuf) -> Option<RootCertStore> {
    let pem = fs::read(file).ok()?;
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&pem).flatten());
    (!roots.is_empty()).then_some(roots)
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
        let file = env::temp_dir().join(format!("spapi-auth-roots-{test}-{}.pem", std::process::id()));
        fs::write(&file, texts).unwrap();
        let roots = of(file.clone());
        fs::remove_file(file).unwrap();
        roots
    }

    /// Lines with CR LF, comments, and the trust settings of OpenSSL, as files of roots have them.
    #[test]
    fn each_root_of_the_file_is_trusted_and_what_is_none_costs_no_other() {
        let broken = FIRST.replace("MIIB", "MII!");
        let no_certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let trusted = FIRST.replace("BEGIN", "BEGIN TRUSTED").replace("END", "END TRUSTED");
        let texts = format!(
            "# \u{e9}\n{}{broken}{no_certificate}{trusted}Root B\n{SECOND}",
            FIRST.replace('\n', "\r\n")
        );

        let roots = in_file("all", &texts).unwrap();

        let names = roots.roots.iter().map(|root| root.subject.last().copied().map(char::from));
        assert_eq!(names.collect::<Vec<_>>(), [Some('a'), Some('b')]);
    }

    #[test]
    fn a_missing_file_and_one_without_a_root_are_left_to_the_platform() {
        assert!(in_file("none", "no certificate").is_none());
        assert!(of("/does/not/exist".into()).is_none());
    }
}
