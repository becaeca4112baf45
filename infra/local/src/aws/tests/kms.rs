use aws_sdk_kms::{Client, error::ProvideErrorMetadata, primitives::Blob, types::DataKeySpec};

use super::*;

async fn decrypt(client: &Client, sealed: &[u8], purpose: &str) -> Result<Vec<u8>, String> {
    let decrypt = client.decrypt().ciphertext_blob(Blob::new(sealed)).encryption_context("purpose", purpose);
    match decrypt.send().await {
        Ok(opened) => Ok(opened.plaintext.unwrap().into_inner()),
        Err(error) => Err(error.into_service_error().code().unwrap_or_default().to_owned()),
    }
}

#[tokio::test]
async fn a_data_key_decrypts_after_a_restart_with_its_own_context_and_unchanged() {
    let data = Scratch::new();
    let first = Served::on(Some(&data.0)).await;
    let client = Client::new(&first.sdk);
    let key = client.create_key().send().await.unwrap().key_metadata.unwrap().key_id;
    client.create_alias().alias_name("alias/tokens").target_key_id(&key).send().await.unwrap();
    let made = client
        .generate_data_key()
        .key_id("alias/tokens")
        .key_spec(DataKeySpec::Aes256)
        .encryption_context("purpose", "refresh-token")
        .send()
        .await
        .unwrap();
    let sealed = made.ciphertext_blob.unwrap().into_inner();
    first.stop().await;

    let second = Served::on(Some(&data.0)).await;
    let client = Client::new(&second.sdk);

    let opened = decrypt(&client, &sealed, "refresh-token").await.unwrap();
    assert_eq!(opened, made.plaintext.unwrap().into_inner());
    assert_eq!(decrypt(&client, &sealed, "access-token").await.unwrap_err(), "InvalidCiphertextException");
    for position in 0..sealed.len() {
        let mut tampered = sealed.clone();
        tampered[position] ^= 1;
        assert!(decrypt(&client, &tampered, "refresh-token").await.is_err(), "byte {position}");
    }
}

#[tokio::test]
async fn a_ciphertext_is_refused_under_another_key() {
    let served = Served::new().await;
    let client = Client::new(&served.sdk);
    let one = client.create_key().send().await.unwrap().key_metadata.unwrap().key_id;
    let other = client.create_key().send().await.unwrap().key_metadata.unwrap().key_id;
    let made = client.generate_data_key().key_id(&one).number_of_bytes(32).send().await.unwrap();

    let refused = client.decrypt().key_id(&other).ciphertext_blob(made.ciphertext_blob.unwrap()).send().await;

    assert_eq!(refused.unwrap_err().into_service_error().code(), Some("IncorrectKeyException"));
}

#[tokio::test]
async fn using_a_key_writes_no_file() {
    let data = Scratch::new();
    let served = Served::on(Some(&data.0)).await;
    let client = Client::new(&served.sdk);
    let key = client.create_key().send().await.unwrap().key_metadata.unwrap().key_id;
    let file = data.0.join("aws-kms.json");
    fs::remove_file(&file).unwrap();

    client.generate_data_key().key_id(&key).number_of_bytes(32).send().await.unwrap();
    assert!(!file.exists());

    client.update_key_description().key_id(&key).description("changed").send().await.unwrap();
    assert!(file.exists());
}
