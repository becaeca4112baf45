//! KMS: real AES-256-GCM under keys that last as long as the data directory.

use std::path::Path;

use winterbaume_core::{MockRequest, MockResponse, MockService, StatefulService};
use winterbaume_kms::KmsService;

use crate::{
    arn::{ACCOUNT, REGION},
    aws::{OpenError, kept::Kept, service::Service},
};

pub(super) struct Kms {
    engine: KmsService,
    kept: Kept,
}

impl Kms {
    pub(super) async fn open(data: Option<&Path>) -> Result<Self, OpenError> {
        let kms = Self { engine: KmsService::new(), kept: Kept::new(data, "kms") };
        if let Some(state) = kms.kept.read().await? {
            // The engine's restore has no way to fail.
            let _ = kms.engine.restore(ACCOUNT, REGION, state).await;
        }
        Ok(kms)
    }

    pub(super) async fn handle(&self, operation: &str, request: MockRequest) -> MockResponse {
        if READING.iter().any(|verb| operation.starts_with(verb)) {
            return self.engine.handle(request).await;
        }
        let mut turn = self.kept.turn().await;
        let answer = self.engine.handle(request).await;
        match turn.write(&self.engine.snapshot(ACCOUNT, REGION).await).await {
            Ok(()) => answer,
            Err(error) => {
                tracing::error!(%error, "The state of KMS could not be kept");
                Service::Kms.internal_error()
            }
        }
    }
}

/// What the operations begin with that change no key.
const READING: [&str; 9] =
    ["Decrypt", "Describe", "Encrypt", "Generate", "Get", "List", "ReEncrypt", "Sign", "Verify"];
