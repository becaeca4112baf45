//! Configuration from environment variables: read once, typed, with errors that name the variable.

use std::{
    collections::{BTreeSet, HashMap},
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
};

/// A variable that is missing or malformed. Its name says which one an operator must set.
#[derive(Debug, thiserror::Error)]
#[error("{name} {problem}")]
pub struct Unset {
    name: String,
    problem: String,
}

impl Unset {
    /// The variable is set but malformed.
    pub fn malformed(name: &str, expected: &str) -> Self {
        Self { name: name.to_owned(), problem: format!("is malformed: {expected}") }
    }
}

/// The environment variables of a function.
#[derive(Clone, Debug, Default)]
pub struct Env {
    variables: HashMap<String, String>,
    /// Clones share it.
    asked: Arc<Mutex<BTreeSet<String>>>,
}

impl Env {
    /// Returns the environment of this process.
    pub fn of_process() -> Self {
        Self { variables: std::env::vars().collect(), ..Self::default() }
    }

    /// Returns an environment of only these variables, for a function that shares its process with others.
    pub fn from_pairs<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        let variables = pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { variables, ..Self::default() }
    }

    /// Returns the variable, which must be set and not empty.
    pub fn required(&self, name: &str) -> Result<&str, Unset> {
        self.optional(name).ok_or_else(|| Unset { name: name.to_owned(), problem: "is not set".to_owned() })
    }

    /// Returns the variable, or `None` if it is missing or empty.
    pub fn optional(&self, name: &str) -> Option<&str> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Returns the name of the stack, which is the prefix of its names (`PREFIX`) without the hyphen at its end. Its metrics and client
    /// secrets are under this name, so that stacks in one account do not mix.
    pub fn stack_name(&self) -> Result<&str, Unset> {
        self.required("PREFIX").map(|prefix| prefix.strip_suffix('-').unwrap_or(prefix))
    }

    /// Returns the names of the variables that were read so far, set or not.
    pub fn asked(&self) -> BTreeSet<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the variable as a `T`, or `None` if it is missing or empty.
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
    fn the_name_of_a_stack_is_its_prefix_without_the_hyphen_at_its_end() {
        let named = |prefix: &str| Env::from_pairs([("PREFIX", prefix)]).stack_name().map(str::to_owned);

        assert_eq!(named("spapi-auth-").unwrap(), "spapi-auth");
        assert_eq!(named("spapi-auth-staging-").unwrap(), "spapi-auth-staging");
        assert_eq!(named("").unwrap_err().to_string(), "PREFIX is not set");
    }

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
