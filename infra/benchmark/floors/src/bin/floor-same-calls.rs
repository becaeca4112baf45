//! A function that makes only the AWS calls of a request for a stored token: it reads grant and token together and, the first
//! time, calls KMS to decrypt the token's data key.

use std::collections::HashMap;

use aws_config::BehaviorVersion;
use aws_sdk_dynamodb::types::{KeysAndAttributes, builders::KeysAndAttributesBuilder};
use aws_sdk_kms::primitives::Blob;
use floors::{Key, grant_key, table, token_key};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;
use tokio::sync::OnceCell;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let dynamodb = aws_sdk_dynamodb::Client::new(&config);
    let (grants, tokens) = (table("GRANTS_TABLE"), table("ACCESS_TOKENS_TABLE"));
    let sealing_key = table("SEALING_KEY_ID");
    let data_key = OnceCell::new();

    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| {
        let wanted = HashMap::from([
            (grants.clone(), projected(rows(grant_key(&event.payload)).consistent_read(true)).build()?),
            (tokens.clone(), rows(token_key(&event.payload)).consistent_read(false).build()?),
        ]);
        let read = Box::pin(dynamodb.batch_get_item().set_request_items(Some(wanted)).send()).await?;
        let found = read.responses.unwrap_or_default();
        let token =
            found.get(&tokens).and_then(|rows| rows.first()).ok_or("the partner has no stored token")?;
        let sealed = token
            .get("access_token")
            .and_then(|sealed| sealed.as_b().ok())
            .ok_or("the stored row has no access token")?;

        let decrypt = async || {
            let kms = aws_sdk_kms::Client::new(&config);
            let decrypt = kms
                .decrypt()
                .key_id(&sealing_key)
                .ciphertext_blob(Blob::new(wrapped(sealed.as_ref()).unwrap_or_default()))
                .encryption_context("purpose", "access-token");
            Box::pin(decrypt.send()).await
        };
        let data_key = data_key.get_or_try_init(decrypt).await?;
        Ok::<_, Error>(Value::Bool(data_key.plaintext.is_some()))
    }))
    .await
}

fn rows(key: Key) -> KeysAndAttributesBuilder {
    KeysAndAttributes::builder().keys(key)
}

/// The grant without its conflicts, as the function reads it, consistently and the token not, so that DynamoDB does the same work for both.
fn projected(keys: KeysAndAttributesBuilder) -> KeysAndAttributesBuilder {
    keys.projection_expression(
        "grant_key, application_id, #region, selling_partner_id, #status, version, revision, kind, partner_type, draft, \
         central_host, account, authorized_at, renewal_due_at, stores, fingerprint, refresh_token, resealed, reminded",
    )
    .expression_attribute_names("#region", "region")
    .expression_attribute_names("#status", "status")
}

/// The wrapped data key of a sealed token. It follows one byte with the version and two bytes with its length.
fn wrapped(sealed: &[u8]) -> Option<&[u8]> {
    let (length, rest) = sealed.get(1..)?.split_first_chunk()?;
    rest.get(..usize::from(u16::from_be_bytes(*length)))
}
