//! Configuration: the process's environment, read once, typed, failing by name.

use std::{
    collections::{BTreeSet, HashMap},
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
};

/// A variable that is missing or cannot be understood; names it, so that an operator knows what to set.
#[derive(Debug, thiserror::Error)]
#[error("{name} {problem}")]
pub struct Unset {
    name: String,
    problem: String,
}

impl Unset {
    /// The variable is set, but to something of the wrong form.
    #[must_use]
    pub fn malformed(name: &str, expected: &str) -> Self {
        Self { name: name.to_owned(), problem: format!("is malformed: {expected}") }
    }
}

/// The variables a function was started with.
#[derive(Clone, Debug, Default)]
pub struct Env {
    variables: HashMap<String, String>,
    /// Shared by clones.
    asked: Arc<Mutex<BTreeSet<String>>>,
}

impl Env {
    /// The environment of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self { variables: std::env::vars().collect(), ..Self::default() }
    }

    /// An environment made of these variables alone, for a function that shares its process with others.
    pub fn from_pairs<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        let variables = pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { variables, ..Self::default() }
    }

    /// The variable, which must be there and not empty.
    pub fn required(&self, name: &str) -> Result<&str, Unset> {
        self.optional(name).ok_or_else(|| Unset { name: name.to_owned(), problem: "is not set".to_owned() })
    }

    /// The variable, or nothing if it is missing or empty.
    #[must_use]
    pub fn optional(&self, name: &str) -> Option<&str> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The names that somebody has asked for so far, set or not: what a function reads.
    #[must_use]
    pub fn asked(&self) -> BTreeSet<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The variable as a `T`, or nothing if it is missing or empty.
    pub fn optional_parsed<T: FromStr<Err: std::fmt::Display>>(
        &self,
        name: &str,
    ) -> Result<Option<T>, Unset> {
        self.optional(name)
            .map(|value| value.parse().map_err(|error: T::Err| Unset::malformed(name, &error.to_string())))
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_variable_is_named() {
        let env = Env::from_pairs([("GRANTS_TABLE", "")]);

        assert_eq!(env.required("GRANTS_TABLE").unwrap_err().to_string(), "GRANTS_TABLE is not set");
    }

    #[test]
    fn a_malformed_variable_is_named() {
        let env = Env::from_pairs([("SIMULATED_AMAZON_PORT", "x")]);

        let error = env.optional_parsed::<u16>("SIMULATED_AMAZON_PORT").unwrap_err();
        assert!(error.to_string().starts_with("SIMULATED_AMAZON_PORT is malformed"));
    }
}
