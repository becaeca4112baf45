//! Keeps a flood of made-up codes from Amazon, without stopping partners who come by a link or a sign-in.

use std::{num::NonZeroU32, str::FromStr};

use shared::{
    amazon::lwa::Exchanged,
    aws::metrics::Metric,
    deadline::{Clock, retry_until},
    ids::Malformed,
    journey::{
        request::{AuthorizationRequest, Outcome},
        request_store::Redeemed,
    },
};

use crate::{CodeExchange, EXCHANGE_WITHIN, callback::Callback, stop::Stop};

/// How many codes of anonymous journeys Amazon may refuse within a minute, for each application.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget(NonZeroU32);

impl Default for Budget {
    fn default() -> Self {
        Self(const { NonZeroU32::new(30).expect("30 is not zero") })
    }
}

impl FromStr for Budget {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        text.parse().map(Self).map_err(|_| Malformed("a whole number above 0"))
    }
}

impl Budget {
    /// Returns how many units the journey may find taken, or nothing if it needs none.
    fn of(self, request: &AuthorizationRequest) -> Option<u32> {
        request.is_anonymous().then_some(self.0.get())
    }
}

impl CodeExchange {
    /// Exchanges the code, if the journey needs no unit of the budget or gets one. A unit is taken before Amazon is asked, so that any
    /// number of callbacks at once keep to the budget.
    pub(crate) async fn exchange_within_budget(
        &self,
        callback: &Callback,
        redeemed: &Redeemed,
        clock: Clock,
    ) -> Result<Exchanged, Stop> {
        let request = &redeemed.request;
        let Some(budget) = self.budget.of(request) else {
            return self.exchange(callback, redeemed, clock).await;
        };
        let take = || self.requests.take_unit(&request.application_id, budget, clock.began());
        let Some(unit) = retry_until(clock.by(EXCHANGE_WITHIN), take).await? else {
            self.metrics.count(Metric::CodesHeldBack(request.application_id.clone()));
            return Err(Stop::HeldBack);
        };
        let exchanged = self.exchange(callback, redeemed, clock).await;
        if !matches!(exchanged, Err(Stop::Refused(Outcome::CodeRefused, _)))
            && let Err(error) = self.requests.give_back(&unit).await
        {
            // The count ends with its minute.
            tracing::warn!(cause = %error, "A unit of the budget of refused codes was not given back: {error}");
        }
        exchanged
    }
}
