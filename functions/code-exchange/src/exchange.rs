//! The exchange of a code for a refresh token (F§4.2).

use shared::{
    amazon::{
        credentials::Credentials,
        failure::NoAnswer,
        lwa::{self, Exchanged, NoAccessToken, Tokens},
    },
    aws::metrics::Metric,
    deadline::{Clock, Pauses, Transient, retry_until},
    error::{Cause, Error},
    journey::{request::Outcome, request_store::Redeemed},
};

use crate::{
    CodeExchange, EXCHANGE_WITHIN, SAVING_TAKES,
    callback::Callback,
    sends::{Next, Sends},
    stop::Stop,
};

impl CodeExchange {
    /// Exchanges the code with the current client secret. If Amazon rejects the secret, tries once with the other stored
    /// version. [`Sends`] says how often the code is sent.
    pub(crate) async fn exchange(
        &self,
        callback: &Callback,
        redeemed: &Redeemed,
        clock: Clock,
    ) -> Result<Exchanged, Stop> {
        let request = &redeemed.request;
        let application = &request.application_id;
        let until = clock.by(EXCHANGE_WITHIN);
        let mut credentials =
            retry_until(until, || self.credentials.current(application, clock.began())).await?;
        let (mut sends, mut pauses) = (Sends::of_attempt(redeemed.attempts), Pauses::until(until));
        let mut is_other = false;
        loop {
            // Once Amazon has accepted the code, its tokens must be saved. No call begins without time for that.
            if clock.deadline().remaining() < SAVING_TAKES * 2 {
                return Err(later(lwa::Reason::unavailable(NoAnswer::NotCalled).into()));
            }
            let call = self.lwa.exchange(&callback.code, &request.redirect_uri, &credentials, clock.began());
            let error = match call.await {
                Ok(exchanged) => return Ok(self.with_access_token(exchanged, &credentials, clock).await),
                Err(error) => error,
            };
            if error.reason == lwa::Reason::InvalidClient && !is_other {
                is_other = true;
                let other = retry_until(until, || {
                    self.credentials.instead_of(&credentials, application, clock.began())
                });
                if let Some(other) = other.await? {
                    credentials = other;
                    continue;
                }
            }
            match sends.after(&error.reason) {
                Next::Again if pauses.pause(error.retry_after()).await => {}
                Next::Again | Next::Later => return Err(later(error)),
                Next::End(outcome) => {
                    if outcome == Outcome::ApplicationRefused {
                        self.metrics.count(Metric::ApplicationCredentialsRejected);
                    }
                    return Err(Stop::Refused(outcome, error));
                }
            }
        }
    }

    /// The access token shows whose authorization it is: without stores, a seller that renews its authorization has a conflict. So if
    /// that of the code's answer cannot be used, the refresh token fetches another, once. Without that one too, the journey goes on.
    async fn with_access_token(
        &self,
        exchanged: Exchanged,
        credentials: &Credentials,
        clock: Clock,
    ) -> Exchanged {
        if exchanged.access_token.is_some() || clock.deadline().remaining() < SAVING_TAKES * 2 {
            return exchanged;
        }
        match self.lwa.refresh(&exchanged.refresh_token, credentials, clock.began()).await {
            Ok(Tokens { access_token, expires_at, refresh_token }) => Exchanged {
                refresh_token: refresh_token.unwrap_or(exchanged.refresh_token),
                access_token: Some((access_token, expires_at)),
            },
            Err(NoAccessToken { replacement, .. }) => Exchanged {
                refresh_token: replacement.unwrap_or(exchanged.refresh_token),
                access_token: None,
            },
        }
    }
}

/// A reload continues the journey. A request that Amazon refused for now is no request that it refused.
fn later(error: lwa::Error) -> Stop {
    Stop::Later(Error::Unavailable(Cause::Amazon(error.into())))
}
