//! The three kinds of token, and the grant or application to which each belongs.

use crate::{
    access_token::TokenKey, amazon::restricted_data::RestrictedRequest, grant::GrantKey, ids::ApplicationId,
};

/// The token that a caller wants.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// A partner's own token.
    Partner(GrantKey),
    /// A partner's token for restricted resources.
    Restricted(GrantKey, RestrictedRequest),
    /// The application's own token for one scope.
    Scope(ApplicationId, String),
}

/// The three kinds, without what they are for.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Kind {
    /// A partner's own token.
    Own,
    /// A partner's token for restricted resources.
    Restricted,
    /// The application's own token for one scope.
    Scope,
}

impl Kind {
    /// Returns the kind as the log names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Restricted => "restricted",
            Self::Scope => "scope",
        }
    }
}

impl Wanted {
    /// Returns which kind of token it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Partner(_) => Kind::Own,
            Self::Restricted(..) => Kind::Restricted,
            Self::Scope(..) => Kind::Scope,
        }
    }

    pub(super) fn key(&self) -> TokenKey {
        match self {
            Self::Partner(grant) => TokenKey::of_partner(grant),
            Self::Restricted(grant, request) => TokenKey::of_restricted(grant, request),
            Self::Scope(application, scope) => TokenKey::of_scope(application, scope),
        }
    }

    /// Returns the grant of the token, if it is of one.
    pub fn grant(&self) -> Option<&GrantKey> {
        match self {
            Self::Partner(grant) | Self::Restricted(grant, _) => Some(grant),
            Self::Scope(..) => None,
        }
    }

    /// Returns the grant whose own token this is, if it is one.
    pub(super) fn own_of(&self) -> Option<&GrantKey> {
        match self {
            Self::Partner(grant) => Some(grant),
            Self::Restricted(..) | Self::Scope(..) => None,
        }
    }

    pub(super) fn application(&self) -> &ApplicationId {
        match self {
            Self::Partner(grant) | Self::Restricted(grant, _) => &grant.application_id,
            Self::Scope(application, _) => application,
        }
    }
}
