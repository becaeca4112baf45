//! Gives the inputs of libFuzzer to the judge that `JUDGE` names.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use shared::lambda::untrusted::{JUDGES, Judge};

static JUDGE: LazyLock<Judge> = LazyLock::new(|| {
    let others: [(&str, Judge); 2] =
        [("callback_target", login_uri::judged), ("notification", secret_rotation::judged)];
    let name = std::env::var("JUDGE").expect("JUDGE names a folder of the corpus");
    let all = JUDGES.into_iter().chain(others);
    let mut of_name = all.filter(|(known, _)| *known == name).map(|(_, judge)| judge);
    of_name.next().unwrap_or_else(|| panic!("no judge is called {name}"))
});

fuzz_target!(|bytes: &[u8]| JUDGE(bytes));
