//! The policy of a consumer, and what it covers. Pure. A field that is absent covers nothing.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    amazon::restricted_data::{DataElement, RestrictedRequest, RestrictedResource},
    ids::{Account, ApplicationId, SellingPartnerId, parsed_text},
    region::Region,
};

parsed_text!(
    /// An operation of SP-API by its name, such as `orders.v0.getOrders`.
    OperationName,
    "an operation such as orders.v0.getOrders",
    |text| (1..=100).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b))
);

/// What a consumer may have. Requests, answers and rows spell it the same way.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Policy {
    /// The applications of which it may have tokens.
    pub application_ids: Listed<ApplicationId>,
    /// The partners of whom it may have tokens, whatever account their grants carry.
    pub partners: Listed<SellingPartnerId>,
    /// The accounts of whose grants it may have tokens.
    pub accounts: Accounts,
    /// The regions in which it may have tokens.
    pub regions: Listed<Region>,
    /// The scopes of which it may have the application's own tokens.
    pub scopes: Listed<String>,
    /// Which restricted data tokens it may have.
    pub restricted: Restricted,
    /// The applications to which it may delegate personal data.
    pub delegates: Listed<ApplicationId>,
    /// What it may do with `authorizations`.
    pub may: BTreeSet<May>,
}

/// Everything of a kind, which must be said, or what is listed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Listed<T: Ord> {
    /// The word `all`.
    All(All),
    /// A list.
    Of(BTreeSet<T>),
}

/// The word `all`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum All {
    /// Everything.
    All,
}

/// Accounts: all, those that are listed, or those that begin with a text.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Accounts {
    /// The accounts of a list, or all grants, also those without an account.
    Listed(Listed<Account>),
    /// The accounts that begin with a text, which is not empty.
    Prefixed(Prefixed),
}

/// The beginning of accounts.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Prefixed {
    prefix: Account,
}

/// Restricted data tokens: none, all, or those of some operations.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Restricted {
    /// All or none.
    Whole(bool),
    /// Those of these operations.
    Of(BTreeSet<RestrictedOperation>),
}

/// An operation that returns personal data, and the parts of it that are meant.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RestrictedOperation {
    /// The operation.
    pub operation: OperationName,
    /// The data elements. None are covered if they are left out.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub data_elements: BTreeSet<DataElement>,
}

/// What a consumer may do with `authorizations`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum May {
    /// List and read grants, applications and histories.
    Read,
    /// Make links, and complete sign-ins and authorizations.
    Link,
    /// Disable grants.
    Disable,
    /// Remove grants.
    Remove,
}

impl<T: Ord> Default for Listed<T> {
    fn default() -> Self {
        Self::Of(BTreeSet::new())
    }
}

impl<T: Ord> Listed<T> {
    /// Whether `one` is covered.
    pub fn covers(&self, one: &T) -> bool {
        match self {
            Self::All(All::All) => true,
            Self::Of(listed) => listed.contains(one),
        }
    }

    /// How many are listed.
    pub fn count(&self) -> usize {
        match self {
            Self::All(All::All) => 0,
            Self::Of(listed) => listed.len(),
        }
    }

    fn is_nothing(&self) -> bool {
        matches!(self, Self::Of(listed) if listed.is_empty())
    }
}

impl Default for Accounts {
    fn default() -> Self {
        Self::Listed(Listed::default())
    }
}

impl Accounts {
    /// Whether a grant with this account is covered. One without an account is covered by `all` alone.
    pub fn covers(&self, account: Option<&Account>) -> bool {
        match (self, account) {
            (Self::Listed(Listed::All(All::All)), _) => true,
            (Self::Listed(Listed::Of(listed)), Some(account)) => listed.contains(account),
            (Self::Prefixed(Prefixed { prefix }), Some(account)) => {
                account.as_str().starts_with(prefix.as_str())
            }
            (_, None) => false,
        }
    }

    fn is_nothing(&self) -> bool {
        matches!(self, Self::Listed(listed) if listed.is_nothing())
    }
}

impl Default for Restricted {
    fn default() -> Self {
        Self::Whole(false)
    }
}

impl Restricted {
    /// Whether restricted data tokens of all these operations are covered. `None` are resources of no operation that is
    /// known by name: only `true` covers those.
    fn covers(&self, asked: Option<&[RestrictedOperation]>) -> bool {
        match (self, asked) {
            (Self::Whole(covers), _) => *covers,
            (Self::Of(_), None) => false,
            (Self::Of(listed), Some(asked)) => {
                !asked.is_empty() && asked.iter().all(|one| listed.iter().any(|known| known.covers(one)))
            }
        }
    }
}

impl RestrictedOperation {
    fn covers(&self, asked: &Self) -> bool {
        self.operation == asked.operation && asked.data_elements.is_subset(&self.data_elements)
    }
}

impl Policy {
    /// Whether the application and, where one is named, the region are listed.
    pub fn covers_place(&self, application: &ApplicationId, region: Option<Region>) -> bool {
        self.application_ids.covers(application) && region.is_none_or(|region| self.regions.covers(&region))
    }

    /// Whether a grant of this application, region, partner and account is covered. The account is the one in the grant's row.
    pub fn covers(
        &self,
        application: &ApplicationId,
        region: Region,
        partner: &SellingPartnerId,
        account: Option<&Account>,
    ) -> bool {
        self.covers_place(application, Some(region))
            && (self.partners.covers(partner) || self.accounts.covers(account))
    }

    /// Whether a grant with this key is covered, if it carries the right account.
    pub fn may_cover(&self, application: &ApplicationId, region: Region, partner: &SellingPartnerId) -> bool {
        self.covers_place(application, Some(region))
            && (self.partners.covers(partner) || !self.accounts.is_nothing())
    }

    /// Whether a grant of this partner is covered only by its account, so that its row must be read.
    pub fn depends_on_account(&self, partner: &SellingPartnerId) -> bool {
        !self.partners.covers(partner) && !self.accounts.covers(None)
    }

    /// Whether it lists partners.
    pub fn names_partners(&self) -> bool {
        !self.partners.is_nothing()
    }

    /// Whether it lists accounts.
    pub fn names_accounts(&self) -> bool {
        !self.accounts.is_nothing()
    }

    /// Whether it covers a restricted data token for this request.
    pub fn covers_restricted(&self, request: &RestrictedRequest) -> bool {
        let delegated = request.target_application().map(|target| target.application_id().parse());
        let may_delegate =
            delegated.is_none_or(|id| id.is_ok_and(|id: ApplicationId| self.delegates.covers(&id)));
        may_delegate && self.restricted.covers(operations_of(request).as_deref())
    }
}

/// Returns the operations whose personal data a request is for, or nothing if a resource of it is of no operation that is known by
/// name.
fn operations_of(request: &RestrictedRequest) -> Option<Vec<RestrictedOperation>> {
    let named = |resource: &RestrictedResource| {
        let operation = resource.operation()?.name.parse().ok()?;
        Some(RestrictedOperation { operation, data_elements: resource.data_elements().clone() })
    };
    request.resources().map(named).collect()
}

#[cfg(test)]
mod tests;
