//! The pages of Seller Central, Vendor Central and the Appstore, and the index of what is simulated.

pub(crate) mod appstore;
pub(crate) mod confirm;
pub(crate) mod consent;
pub(crate) mod index;
pub(crate) mod manage;

use maud::{Markup, html};

use crate::{
    ledger::Ledger,
    marketplaces::{Central, PartnerType},
};

/// The host that the browser asked for, without port and `.localhost`; the router adds it to each request.
#[derive(Clone, Debug)]
pub(crate) struct OfficialHost(pub(crate) String);

/// Returns the fields with which the partner says as whom to sign in.
fn sign_in_fields(ledger: &Ledger, central: Central) -> Markup {
    let known: Vec<_> = ledger.partners_of(central).collect();
    let (kind, example) = match central.kind {
        PartnerType::Seller => ("seller", "A1EXAMPLESELLER"),
        PartnerType::Vendor => ("vendor", "EXAMPLEVENDOR"),
    };
    html! {
        fieldset {
            legend { "Sign in to " (central.name()) " (" (central.host) ") as" }
            @for id in &known {
                p { label { input type="radio" name="_as" value=(id); " " (id) } }
            }
            p {
                label {
                    @if known.is_empty() { "a " (kind) " with this id " } @else { "another " (kind) ", with any id " }
                    // The first visitor can keep the example.
                    input type="text" name="_other" maxlength="64" placeholder=(example)
                        value=[known.is_empty().then_some(example)];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
