//! The three regions of SP-API. A grant belongs to one, and the region decides the endpoint (F§7.1).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::ids::Malformed;

/// A region of SP-API.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Region {
    /// North America and Brazil.
    Na,
    /// Europe, Middle East, Africa and India.
    Eu,
    /// Japan, Australia and Singapore.
    Fe,
}

impl Region {
    /// Every region, in the order in which they are tried if the region is unknown.
    pub const ALL: [Self; 3] = [Self::Na, Self::Eu, Self::Fe];

    /// The region as it is written in requests, keys and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Na => "na",
            Self::Eu => "eu",
            Self::Fe => "fe",
        }
    }

    /// The host of the region's production endpoint (F§7.1).
    pub fn sp_api_host(self) -> &'static str {
        match self {
            Self::Na => "sellingpartnerapi-na.amazon.com",
            Self::Eu => "sellingpartnerapi-eu.amazon.com",
            Self::Fe => "sellingpartnerapi-fe.amazon.com",
        }
    }
}

impl FromStr for Region {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        Self::ALL.into_iter().find(|region| region.as_str() == text).ok_or(Malformed("na, eu or fe"))
    }
}

impl fmt::Display for Region {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}
