mod hosts;
mod journeys;
mod refusals;

use crate::{
    testing::{PUBLISHED, Reply, US, World, consent},
    urls::with_parameters,
};

impl World {
    async fn consent(&self, parameters: &[(&str, &str)]) -> Reply {
        self.get(&consent(US, parameters)).await
    }

    /// Returns from the login URI to Amazon, with changed or added parameters.
    async fn return_from_login(&self, login: &Reply, changes: &[(&str, &str)]) -> Reply {
        let amazon_state = login.parameter("amazon_state");
        let mut parameters = vec![("amazon_state", amazon_state.as_str()), ("state", "second")];
        for change in changes {
            parameters.retain(|(name, _)| *name != change.0);
            parameters.push(*change);
        }
        self.get(&with_parameters(&login.parameter("amazon_callback_uri"), &parameters)).await
    }

    async fn begin(&self, partner: &str) -> Reply {
        self.consent(&[("application_id", PUBLISHED), ("state", "first"), ("_as", partner)]).await
    }
}
