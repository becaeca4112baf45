//! The parameters that name a journey. Each consists of the request's id and a secret.

use std::str::FromStr;

use crate::{
    ids::{Malformed, RequestId},
    secret::{ResultSecret, StateSecret},
};

/// The `state` parameter: the request's id and a secret that only the journey's browser gets.
#[derive(Clone, Debug)]
pub struct State {
    /// The request's id.
    pub request_id: RequestId,
    /// Proves that the callback belongs to the request.
    pub secret: StateSecret,
}

impl State {
    /// Returns the parameter's value, for the URL in which Amazon requires it.
    pub fn expose(&self) -> String {
        format!("{}.{}", self.request_id, self.secret.expose())
    }
}

impl FromStr for State {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        const EXPECTED: Malformed = Malformed("a state that we issued");
        let (request_id, secret) = text.split_once('.').ok_or(EXPECTED)?;
        // The secret half has the form of a request id.
        let well_formed = secret.parse::<RequestId>().is_ok();
        let request_id = request_id.parse().map_err(|_| EXPECTED)?;
        well_formed.then(|| Self { request_id, secret: StateSecret::new(secret.to_owned()) }).ok_or(EXPECTED)
    }
}

/// The `result` parameter of a return URL: the request's id and a secret that only the journey's browser gets.
#[derive(Clone, Debug)]
pub struct ResultHandle {
    /// The request's id.
    pub request_id: RequestId,
    /// Allows the integrator to complete the authorization.
    pub secret: ResultSecret,
}

impl ResultHandle {
    /// Returns the parameter's value, for the return URL.
    pub fn expose(&self) -> String {
        format!("{}.{}", self.request_id, self.secret.expose())
    }
}

impl FromStr for ResultHandle {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        const EXPECTED: Malformed = Malformed("the result that a browser brought to the return URL");
        let (request_id, secret) = text.split_once('.').ok_or(EXPECTED)?;
        // The secret half has the form of a request id.
        secret.parse::<RequestId>().map_err(|_| EXPECTED)?;
        let request_id = request_id.parse().map_err(|_| EXPECTED)?;
        Ok(Self { request_id, secret: ResultSecret::new(secret.to_owned()) })
    }
}
