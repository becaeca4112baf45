//! Who may have which tokens. A consumer is a Lambda alias of a function: IAM decides who may invoke the function by it, and
//! the policy of that name decides what such an invocation gets.

mod admission;
mod policy;
mod store;

pub use self::{
    admission::{Consumers, Invoked, Reach, not_covered},
    policy::{Accounts, Listed, May, OperationName, Policy, Restricted, RestrictedOperation},
    store::{AllConsumers, ConsumerStore, Saved, Stored, WithoutPolicy},
};
