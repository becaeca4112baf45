//! The policy of a consumer in a request, and how it is parsed.

use serde::de::DeserializeOwned;
use shared::{
    amazon::restricted_data::operation::named,
    consumer::{Accounts, Listed, Policy, Restricted, RestrictedOperation},
    error::Error,
    history::actor::By,
    ids::ConsumerName,
    lambda::payload::Fields,
};

/// The longest list of a policy. A row of DynamoDB has room for more, but an answer with many consumers does not.
const LONGEST_LIST: usize = 500;

/// A consumer with its whole policy.
pub(crate) struct PutConsumer {
    pub(crate) name: ConsumerName,
    pub(crate) policy: Policy,
    pub(crate) by: Option<By>,
}

impl PutConsumer {
    pub(super) fn parse(fields: &mut Fields) -> Result<Self, Error> {
        let name = fields.required("consumer")?;
        let policy = Policy {
            application_ids: list(fields, "applicationIds", "application ids", Listed::count)?,
            partners: list(fields, "partners", "selling partner ids", Listed::count)?,
            accounts: part(
                fields,
                "accounts",
                "all, a list of at most 500 accounts, or {prefix: a text that is not empty}",
                |accounts: &Accounts| match accounts {
                    Accounts::Listed(listed) => listed.count(),
                    Accounts::Prefixed(_) => 1,
                },
            )?,
            regions: list(fields, "regions", "the regions na, eu and fe", Listed::count)?,
            scopes: list(fields, "scopes", "scopes", Listed::count)?,
            restricted: known_operations(part(
                fields,
                "restricted",
                "true, false, or a list of at most 500 {operation: such as orders.v0.getOrders, dataElements?}",
                |restricted: &Restricted| match restricted {
                    Restricted::Whole(_) => 0,
                    Restricted::Of(operations) => operations.len(),
                },
            )?)?,
            delegates: list(fields, "delegates", "application ids", Listed::count)?,
            may: part(fields, "may", "a list of read, link, disable and remove", |_| 0)?,
        };
        Ok(Self { name, policy, by: fields.optional("by")? })
    }
}

fn list<T: DeserializeOwned + Ord>(
    fields: &mut Fields,
    name: &'static str,
    of: &str,
    count: impl Fn(&Listed<T>) -> usize,
) -> Result<Listed<T>, Error> {
    part(fields, name, &format!("all, or a list of at most {LONGEST_LIST} {of}"), count)
}

/// Returns the same restricted operations by their whole names.
fn known_operations(restricted: Restricted) -> Result<Restricted, Error> {
    let Restricted::Of(operations) = restricted else { return Ok(restricted) };
    let whole = |operation: RestrictedOperation| {
        let known = named(operation.operation.as_str());
        let name = known.map_err(|expected| Error::invalid("restricted", expected))?.name;
        let operation_name = name.parse().expect("names of the table are names of operations");
        Ok(RestrictedOperation { operation: operation_name, ..operation })
    };
    Ok(Restricted::Of(operations.into_iter().map(whole).collect::<Result<_, Error>>()?))
}

/// A part of the policy. One that is left out covers nothing.
fn part<T: DeserializeOwned + Default>(
    fields: &mut Fields,
    name: &'static str,
    expected: &str,
    count: impl Fn(&T) -> usize,
) -> Result<T, Error> {
    let read = fields.read(name, expected, |value| serde_json::from_value(value).ok())?;
    let read: T = read.unwrap_or_default();
    if count(&read) > LONGEST_LIST { Err(Error::invalid(name, expected)) } else { Ok(read) }
}
