//! The programs of the repository, built as a user builds them.

use std::path::PathBuf;

use tokio::{process::Command, sync::OnceCell};

use super::repository::root;

/// Builds `spapi-auth` once, and returns the folder that it is in.
pub async fn folder_of_spapi_auth() -> PathBuf {
    static BUILT: OnceCell<()> = OnceCell::const_new();
    BUILT
        .get_or_init(async || {
            let mut build = Command::new(env!("CARGO"));
            build.arg("programs");
            assert!(build.current_dir(root()).status().await.unwrap().success(), "spapi-auth was not built");
        })
        .await;
    // This test is an executable in the folder `deps` beside it.
    std::env::current_exe().unwrap().parent().unwrap().with_file_name("")
}
