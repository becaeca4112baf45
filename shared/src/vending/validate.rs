//! Validates refresh tokens: asks Amazon whether it accepts one, before the token is used.

use std::time::Duration;

use super::{Vending, fetch::Call};
use crate::{
    amazon::lwa::Tokens,
    aws::sealing::Sealed,
    deadline::{Clock, Pauses, retry_until},
    error::Error,
    grant::{Grant, GrantKey},
    grant_change::by_operator::ValidatedToken,
    ids::ApplicationId,
    secret::{AccessToken, Fingerprint, RefreshToken},
};

/// How long validation is retried while Amazon does not answer. The caller can repeat its request too.
const VALIDATION_TAKES: Duration = Duration::from_secs(10);

/// What Amazon's answer has for a refresh token that it accepts.
pub struct Accepted {
    /// An access token, unless the answer has none that can be used.
    pub access_token: Option<AccessToken>,
    /// The refresh token that was sent, or one that replaces it; without an access token always the latter.
    pub refresh_token: Option<RefreshToken>,
}

impl Accepted {
    /// Returns the refresh token by which Amazon has replaced the one that was `sent`.
    pub fn replacement_of(&self, sent: &RefreshToken) -> Option<&RefreshToken> {
        self.refresh_token.as_ref().filter(|issued| issued.fingerprint() != sent.fingerprint())
    }
}

impl Vending {
    /// Validates a grant's own refresh token, whatever the grant's status. If Amazon answers with another refresh token,
    /// that one is stored. Returns the fingerprint of the token that the grant then has.
    ///
    /// # Errors
    /// [`Error::ReauthorizationRequired`] if Amazon refuses the token; then nothing is changed.
    pub async fn validate(&self, grant: &Grant, clock: Clock) -> Result<Fingerprint, Error> {
        let key = grant.key();
        let token = self.refresh_token_of(&key, grant.refresh_token.as_ref(), clock.began()).await?;
        let tokens = self.validate_token(&key.application_id, &token, clock).await?;
        self.keep_replacement(tokens.refresh_token.as_ref(), grant, clock)
            .await
            .map_err(|error| error.into_error(clock.now()))?;
        Ok(tokens.refresh_token.map_or_else(|| grant.fingerprint.clone(), |token| token.fingerprint()))
    }

    /// Puts the refresh token that Amazon has `issued` in place of the grant's own, if the grant still has that one.
    ///
    /// # Errors
    /// [`Error::RefreshTokenLost`] if it could not be stored.
    pub async fn replace_token_of(
        &self,
        grant: &Grant,
        issued: &RefreshToken,
        clock: Clock,
    ) -> Result<(), Error> {
        let kept = self.keep_replacement(Some(issued), grant, clock).await;
        kept.map(|_| ()).map_err(|error| error.into_error(clock.now()))
    }

    /// Validates a token that was sealed for the grant of this key, and returns what to store of it.
    ///
    /// # Errors
    /// As [`Self::validate`].
    pub async fn validate_sealed(
        &self,
        key: &GrantKey,
        sealed: &Sealed,
        clock: Clock,
    ) -> Result<ValidatedToken, Error> {
        let sent = self.refresh_token_of(key, Some(sealed), clock.began()).await?;
        let tokens = self.validate_token(&key.application_id, &sent, clock).await?;
        match tokens.refresh_token {
            Some(other) if other.fingerprint() != sent.fingerprint() => self
                .seal_refresh_token(key, &other, clock)
                .await
                .map_err(|error| self.report_loss(key, error)),
            _ => Ok(ValidatedToken { refresh_token: sealed.clone(), fingerprint: sent.fingerprint() }),
        }
    }

    /// Validates a token that belongs to no grant yet, and returns Amazon's answer. An answer that replaces the token accepts it,
    /// even if its access token cannot be used: the token that was sent may be dead, so it is not sent again.
    ///
    /// # Errors
    /// As [`Self::validate`].
    pub async fn validate_token(
        &self,
        application: &ApplicationId,
        token: &RefreshToken,
        clock: Clock,
    ) -> Result<Accepted, Error> {
        let mut pauses = Pauses::until(clock.deadline().within(VALIDATION_TAKES));
        let call = Call::Refresh(token.clone());
        loop {
            let error = match self.with_accepted_secret(application, &call, clock.began()).await {
                Ok(Tokens { access_token, refresh_token, .. }) => {
                    return Ok(Accepted { access_token: Some(access_token), refresh_token });
                }
                Err(none) => match none.replacement() {
                    Some(replacement) => {
                        return Ok(Accepted { access_token: None, refresh_token: Some(replacement.clone()) });
                    }
                    None => none.into_error(clock.now()),
                },
            };
            let may_pass = error.is_of_a_service();
            if !may_pass || !pauses.pause(None).await {
                return Err(error);
            }
        }
    }

    /// Seals a refresh token for the grant of this key.
    pub async fn seal_refresh_token(
        &self,
        key: &GrantKey,
        token: &RefreshToken,
        clock: Clock,
    ) -> Result<ValidatedToken, Error> {
        let owner = key.refresh_token_owner();
        let refresh_token =
            retry_until(clock.deadline(), || self.sealer.seal(token.expose(), &owner, clock.began())).await?;
        Ok(ValidatedToken { refresh_token, fingerprint: token.fingerprint() })
    }
}
