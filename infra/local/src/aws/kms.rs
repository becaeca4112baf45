//! KMS: real AES-256-GCM under keys that live as long as the data directory.

use std::path::Path;

use winterbaume_core::{MockRequest, MockResponse, MockService, StatefulService};
use winterbaume_kms::KmsService;

use crate::{
    arn::{ACCOUNT, REGION},
    aws::{OpenError, service::Service, state_file::StateFile},
};

pub(super) struct Kms {
    engine: KmsService,
    file: StateFile,
}

impl Kms {
    pub(super) async fn open(data: Option<&Path>) -> Result<Self, OpenError> {
        let kms = Self { engine: KmsService::new(), file: StateFile::new(data, "kms") };
        if let Some(state) = kms.file.read().await? {
            // The engine's restore cannot fail.
            let _ = kms.engine.restore(ACCOUNT, REGION, state).await;
        }
        Ok(kms)
    }

    pub(super) async fn handle(&self, operation: &str, request: MockRequest) -> MockResponse {
        if READING.iter().any(|verb| operation.starts_with(verb)) {
            return self.engine.handle(request).await;
        }
        let mut turn = self.file.turn().await;
        let answer = self.engine.handle(request).await;
        match turn.write(&self.engine.snapshot(ACCOUNT, REGION).await).await {
            Ok(()) => answer,
            Err(error) => {
                tracing::error!(%error, "Could not store the state of KMS");
                Service::Kms.internal_error()
            }
        }
    }
}

/// The first words of the operations that change no key.
const READING: [&str; 9] =
    ["Decrypt", "Describe", "Encrypt", "Generate", "Get", "List", "ReEncrypt", "Sign", "Verify"];
