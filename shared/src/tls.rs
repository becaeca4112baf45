//! The one configuration of TLS in a process, for AWS, Login with Amazon and SP-API.

mod roots;

use std::sync::{Arc, LazyLock};

use rustls::{ClientConfig, crypto::aws_lc_rs};
use rustls_platform_verifier::BuilderVerifierExt;

/// Trusts the roots of the system, or those of `SSL_CERT_FILE` or `SSL_CERT_DIR`. Parsing some 140 of them takes about a millisecond, so it is done once.
static CONFIGURATION: LazyLock<ClientConfig> = LazyLock::new(|| {
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider supports TLS 1.2 and 1.3");
    match roots::file().and_then(roots::of) {
        Some(roots) => config.with_root_certificates(roots),
        None => config
            .with_platform_verifier()
            .expect("no CA certificates were found; hint: install those of the system, or name a file of them in SSL_CERT_FILE"),
    }
    .with_no_client_auth()
});

/// Returns a copy that shares its roots and its sessions with every other.
pub(crate) fn configuration() -> ClientConfig {
    CONFIGURATION.clone()
}
