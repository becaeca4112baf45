//! Gives the inputs of libFuzzer to the check that `CHECK` names.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use shared::lambda::untrusted::{CHECKS, Check};

static CHECK: LazyLock<Check> = LazyLock::new(|| {
    let others: [(&str, Check); 2] =
        [("callback_target", login_uri::check_any_bytes), ("notification", secret_rotation::check_any_bytes)];
    let name = std::env::var("CHECK").expect("CHECK names a folder of the corpus");
    let all = CHECKS.into_iter().chain(others);
    let mut of_name = all.filter(|(known, _)| *known == name).map(|(_, check)| check);
    of_name.next().unwrap_or_else(|| panic!("no check is called {name}"))
});

fuzz_target!(|bytes: &[u8]| CHECK(bytes));
