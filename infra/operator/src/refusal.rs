//! An error that a function answered: the grant, account or application that the request concerned, and what to do now.

use std::fmt::{self, Display, Formatter};

use crate::request::Request;

/// An error answer of a function.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// The function's name in this stack.
    pub(crate) function: String,
    /// Its `errorType`.
    pub(crate) kind: String,
    /// Its `errorMessage`.
    pub(crate) message: String,
    pub(crate) subject: Subject,
}

/// What a request concerns, by its fields.
#[derive(Debug, Default)]
pub(crate) struct Subject {
    application: Option<String>,
    partner: Option<String>,
    account: Option<String>,
    region: Option<String>,
    marketplace: Option<String>,
    partner_type: Option<String>,
}

impl Refusal {
    /// What failed, for which subject, and why.
    pub(crate) fn sentence(&self, command: &str) -> String {
        let Self { kind, message, subject, .. } = self;
        format!("`spapi-auth {command}` failed{subject}: {message} ({kind})")
    }

    /// What to do now; nothing where `message` says everything.
    pub(crate) fn hint(&self, command: &str) -> Option<String> {
        let Self { function, kind, message, subject } = self;
        Some(match kind.as_str() {
            "RequestRefused" if message.contains("the policy of this consumer") => {
                "see what each consumer may have with `spapi-auth consumers list`, and change it with `spapi-auth consumers update`"
                    .to_owned()
            }
            "RequestRefused" => refused(command)?.to_owned(),
            "UnknownSellingPartner" if subject.partner.is_none() => {
                "list the grants with `spapi-auth list`, or link one to the account with `spapi-auth account link`".to_owned()
            }
            "UnknownSellingPartner" => "list the grants with `spapi-auth list`, or create a link with `spapi-auth link` \
                                        that the partner opens to authorize"
                .to_owned(),
            "AmbiguousSellingPartner" => match (&subject.partner, &subject.account) {
                (Some(partner), _) => format!(
                    "find the regions of its grants with `spapi-auth list --partner {partner}`, then add `--in REGION`"
                ),
                (None, Some(account)) => format!(
                    "list its grants with `spapi-auth list --account {account}`, then add `--in REGION`, \
                     `--marketplace ID` or `--type TYPE`, or give the partner instead of the account"
                ),
                (None, None) => "list the grants with `spapi-auth list`, then add `--in REGION`".to_owned(),
            },
            "ReauthorizationRequired" => {
                format!("create a link for the partner with `spapi-auth renew {}`", subject.selector())
            }
            "AuthorizationDisabled" => format!("enable it with `spapi-auth enable {}`", subject.selector()),
            "ApplicationDisabled" => {
                "find out why with `spapi-auth history`, and start it with `spapi-auth applications enable`".to_owned()
            }
            "UnknownApplication" => "list the registered applications with `spapi-auth applications list`, or register \
                                     one with `spapi-auth applications register`"
                .to_owned(),
            "ApplicationCredentialsRejected" => {
                "find out more with `spapi-auth doctor`, and store a valid secret with `spapi-auth secret set`".to_owned()
            }
            "AmazonThrottled" => "wait a minute, then run the command again".to_owned(),
            "AmazonUnavailable" => {
                "run the command again; `spapi-auth doctor` checks whether Amazon answers".to_owned()
            }
            "InvalidRequest" => correction(message.split_once(':').map_or("", |(field, _)| field), command),
            _ => format!("look for the cause in the log of the function {function}"),
        })
    }
}

impl Subject {
    /// The subject of `request`.
    pub(crate) fn of(request: &Request) -> Self {
        let text = |field| request.text(field).map(ToOwned::to_owned);
        Self {
            application: text("applicationId"),
            partner: text("sellingPartnerId"),
            account: text("account"),
            region: text("region"),
            marketplace: text("marketplaceId"),
            partner_type: text("partnerType"),
        }
    }

    /// The arguments that select the same grant again.
    fn selector(&self) -> String {
        let mut grant = match (&self.partner, &self.account) {
            (Some(partner), _) => partner.clone(),
            (None, Some(account)) => format!("--account {account}"),
            (None, None) => "PARTNER".to_owned(),
        };
        let options =
            [("in", &self.region), ("marketplace", &self.marketplace), ("type", &self.partner_type)];
        for (option, value) in options {
            if let Some(value) = value {
                grant.extend([" --", option, " ", value]);
            }
        }
        grant
    }
}

impl Display for Subject {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { application, partner, account, region, .. } = self;
        match (partner, account, application) {
            (Some(partner), ..) => write!(f, " for partner {partner}")?,
            (None, Some(account), _) => write!(f, " for account {account}")?,
            (None, None, Some(application)) => write!(f, " for application {application}")?,
            (None, None, None) => {}
        }
        region.as_ref().map_or(Ok(()), |region| write!(f, " in {region}"))
    }
}

/// What to do after a request that is not allowed.
fn refused(command: &str) -> Option<&'static str> {
    match command {
        "applications register" => Some("change the application with `spapi-auth applications update`"),
        "list" | "show" | "history" | "renewals" | "link" | "renew" | "export" | "applications list" => {
            Some("check `--consumer`, and its policy with `spapi-auth consumers list`")
        }
        "secret rotate" => Some(
            "check the client secret and the queue with `spapi-auth doctor`; `--insist` requests a client secret that may be lost",
        ),
        "secret set" => Some(
            "copy the client secret again from Amazon's developer console, and compare the client id there with \
             `spapi-auth applications list`",
        ),
        "token" => Some(
            "check the scopes and roles of the application: here with `spapi-auth applications list --json`, and at Amazon",
        ),
        _ => None,
    }
}

/// How to correct a field of a request on the command line.
fn correction(field: &str, command: &str) -> String {
    let help = format!("see `spapi-auth {command} --help`");
    let argument = match field {
        "applicationId" if !command.starts_with("applications") => {
            return "list the applications with `spapi-auth applications list`, then add `--application ID`"
                .to_owned();
        }
        "sellingPartnerId" => "the argument PARTNER",
        "region" => "the option `--in`",
        "marketplaceId" => "the option `--marketplace`",
        "mintedAfter" => "the option `--minted-after`",
        "minValidSeconds" => "the option `--min-valid`",
        "partnerType" => "the option `--type`",
        "validSeconds" => "the option `--valid`",
        "refreshToken" | "secret" => "read from standard input or from `--secret-file`",
        _ => return help,
    };
    format!("`{field}` is {argument}; {help}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(kind: &str, message: &str, request: &Request) -> Refusal {
        Refusal {
            function: "authorizations".to_owned(),
            kind: kind.to_owned(),
            message: message.to_owned(),
            subject: Subject::of(request),
        }
    }

    #[test]
    fn a_refusal_names_the_command_and_what_it_concerned() {
        let sentence = |request: &Request| refusal("Kind", "why", request).sentence("show");
        let partner = Request::new("getGrant").with("sellingPartnerId", "A1").with("region", "na");

        assert_eq!(sentence(&partner), "`spapi-auth show` failed for partner A1 in na: why (Kind)");
        let account = Request::new("getGrant").with("account", "tenant-42").with("applicationId", "x");
        assert_eq!(sentence(&account), "`spapi-auth show` failed for account tenant-42: why (Kind)");
        let application = Request::new("examine").with("applicationId", "x");
        assert_eq!(sentence(&application), "`spapi-auth show` failed for application x: why (Kind)");
        assert_eq!(sentence(&Request::new("listGrants")), "`spapi-auth show` failed: why (Kind)");
    }

    #[test]
    fn a_hint_is_a_command_for_the_same_grant() {
        let account = Request::default().with("account", "tenant-42").with("region", "eu");
        let hint = refusal("AuthorizationDisabled", "disabled", &account).hint("token").unwrap();
        assert_eq!(hint, "enable it with `spapi-auth enable --account tenant-42 --in eu`");
        let one_of_several = Request::default()
            .with("account", "tenant-42")
            .with("marketplaceId", "A1VC38T7YXB528")
            .with("partnerType", "seller");
        let hint = refusal("ReauthorizationRequired", "refused", &one_of_several).hint("token").unwrap();
        let selector = "--account tenant-42 --marketplace A1VC38T7YXB528 --type seller";
        assert_eq!(hint, format!("create a link for the partner with `spapi-auth renew {selector}`"));

        let invalid =
            refusal("InvalidRequest", "validSeconds: expected less", &account).hint("link").unwrap();
        assert_eq!(invalid, "`validSeconds` is the option `--valid`; see `spapi-auth link --help`");
        let broken = refusal("Runtime.ExitError", "it ended", &account).hint("link").unwrap();
        assert_eq!(broken, "look for the cause in the log of the function authorizations");
    }
}
