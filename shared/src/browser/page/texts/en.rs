//! English.

use super::{Countries, Help, Word};
use crate::browser::page::Message;

pub(super) const SUPPORT_CODE: &str = "Support code:";
pub(super) const CONTINUE: &str = "Continue to Amazon";
pub(super) const START_AGAIN: &str = "Start again";
pub(super) const LOOK_AGAIN: &str = "Look again now";
pub(super) const WITHOUT_LINK: &str = "Continue without the link, because I started on Amazon’s own pages";

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Reference => "Reference:",
        Word::Support => "Support:",
        Word::Home => "Back to the application",
        Word::Done => "Done",
        Word::Waiting => "Not finished yet",
        Word::Problem => "Problem",
        Word::Partner => "Amazon account",
        Word::Expected => "Expected Amazon account",
        Word::Account => "Account in the application",
        Word::Stores => "Stores",
        Word::Until => "Valid until",
        Word::SignInAt => "Sign in at",
        Word::Site => "Amazon site",
        Word::Manage => "Renew or end the connection at Amazon (Manage Your Apps)",
        Word::OtherAccount => "Connect this Amazon account instead: {partner}",
        Word::WhoMay => {
            "Sign in to {central} as the primary user of the account, or as a user who has the permissions for this."
        }
        Word::SellerCentral => "Seller Central",
        Word::VendorCentral => "Vendor Central",
        Word::Plan => "The account needs a Professional selling plan.",
        Word::Language => "Language",
        Word::Help => "Error codes on Amazon’s pages",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "You are connected",
            "The application[ {name}] can now use your Amazon account. You can end this at Amazon at any time.\nYou can close this page.",
        ),
        Message::AuthorizedButDisabled => (
            "Authorized, but disabled",
            "We received your authorization for the application[ {name}]. The connection of your Amazon account {partner} is disabled on our side and stays disabled.\nPlease ask the application’s support to enable it.",
        ),
        Message::Conflict => (
            "We are checking your authorization",
            "We received your authorization for the application[ {name}]. It differs from the one that we already have for the Amazon account {partner}, so our team checks it before it takes effect. Until then, the existing connection keeps working.\nIf it is urgent, please contact the application’s support.",
        ),
        Message::Exchanging => (
            "One moment, please",
            "We are finishing your authorization with Amazon. This page refreshes automatically.",
        ),
        Message::ChooseJourney => (
            "Which connection do you want to finish?",
            "You have started more than one authorization of the application[ {name}] in this browser. Please choose the one that you want to finish.",
        ),
        Message::ChooseCentral => (
            "Where do you want to return to?",
            "Amazon did not tell us at which of its sites you are signed in.\nPlease choose the site that you came from, to continue the authorization of the application[ {name}].",
        ),
        Message::BadLink => (
            "This link does not work",
            "It is incomplete, or it was changed on its way to you. Your account has not been changed.\nPlease go back to the page that you came from and start the authorization again.",
        ),
        Message::Misdirected => (
            "This link leads to the wrong address",
            "At Amazon, the Login URI and the Redirect URI of the application[ {name}] are mixed up. This is not your fault, and your account has not been changed.\nYou can continue here. Please inform the application’s support.",
        ),
        Message::NotAmazon => (
            "We stopped here for your safety",
            "This link leads to a site that is not Amazon’s. Your account has not been changed.\nPlease start the authorization from the application[ {name}] or from Amazon’s own pages.",
        ),
        Message::UnknownApplication => (
            "We do not know this application",
            "The link names an application that does not use this service. Your account has not been changed.\nPlease contact the application’s support.",
        ),
        Message::StartElsewhere => (
            "Please start from the application",
            "This authorization cannot be started with this link.\nPlease sign in to the application[ {name}] and connect your Amazon account there.",
        ),
        Message::UnknownState => (
            "Please start again",
            "We do not know this authorization, or it is too old. Your account has not been changed.\nPlease start the authorization again.",
        ),
        Message::OtherBrowser => (
            "Please use the same browser",
            "This authorization was started in another browser, or your browser does not store cookies.\nPlease allow cookies for this site and start the authorization again, in one browser from beginning to end.",
        ),
        Message::OtherPartner => (
            "This is another Amazon account",
            "You are signed in to Amazon as {partner}, but this authorization is for another account. Nothing was saved.\nPlease start again, and sign in to Amazon with the expected account.",
        ),
        Message::Expired => (
            "This took too long",
            "An authorization has to be finished within ten minutes.\nPlease start it again.",
        ),
        Message::Interrupted => (
            "Please start again",
            "The authorization was interrupted before we could finish it.\nPlease start it again; Amazon will ask you to confirm once more.",
        ),
        Message::CodeRefused => (
            "Please start again",
            "Amazon no longer accepts this authorization: the authorization code is valid for five minutes, and only once.\nPlease start the authorization again.",
        ),
        Message::ApplicationRefused => (
            "The application has a problem with Amazon",
            "Amazon did not accept the credentials of the application[ {name}]. This is not your fault, and your account has not been changed.\nPlease inform the application’s support and try again later.",
        ),
        Message::NotConsented => (
            "Nothing was authorized",
            "Amazon reported that the authorization was not given or could not be completed.\nIf you want to connect the application[ {name}], please start again, signed in as the primary user of your Amazon account.",
        ),
        Message::Unavailable => (
            "Please try again in a moment",
            "A service is not responding right now. Nothing is lost.\nPlease reload this page in a minute.",
        ),
        Message::Internal => (
            "There is a problem on our side",
            "This is not your fault. We have recorded the problem.\nPlease try again later. If it happens again, please inform the support of the application[ {name}].",
        ),
        Message::ConfirmLink => (
            "Connect your Amazon account?",
            "You are about to connect your Amazon account to the application[ {name}], for this account in the application: {account}.\nIf you do not know this name or did not expect this link, please close this page; your Amazon account has not been changed.\nOtherwise continue: Amazon will then ask for your consent.",
        ),
        Message::LinkUsed => (
            "This link has been used",
            "A link works only once, and this one has already been used. Your account has not been changed again.\nIf you still need a link, please ask the support of the application[ {name}] for a new one.",
        ),
        Message::LinkExpired => (
            "This link has expired",
            "It is no longer valid. Your account has not been changed.\nPlease ask the support of the application[ {name}] for a new link.",
        ),
        Message::NotFound => ("There is no such page", "Please check the address."),
    }
}

pub(super) const DAY: &str = "{day} {month} {year}";
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
#[rustfmt::skip]
pub(super) const COUNTRIES: Countries = [
    ("AU", "Australia"), ("BE", "Belgium"), ("BR", "Brazil"), ("CA", "Canada"), ("EG", "Egypt"),
    ("FR", "France"), ("DE", "Germany"), ("IN", "India"), ("IE", "Ireland"), ("IT", "Italy"),
    ("JP", "Japan"), ("MX", "Mexico"), ("NL", "Netherlands"), ("PL", "Poland"), ("SA", "Saudi Arabia"),
    ("SG", "Singapore"), ("ZA", "South Africa"), ("ES", "Spain"), ("SE", "Sweden"), ("TR", "Türkiye"),
    ("AE", "United Arab Emirates"), ("GB", "United Kingdom"), ("US", "United States"),
];

pub(super) const HELP: Help = Help {
    intro: "If Amazon stopped you with one of these codes, nothing was authorized and your account has not been changed. Please start again from the application. If the code comes back, send it to the application’s support.",
    operators: "For the operators of the application:",
    blank: "If a page of Amazon’s stays blank, please reload it.",
    codes: [
        (
            "Amazon does not know the application, or it is still a draft.",
            "",
            "Compare the application id and the setting “draft” with Amazon’s developer console. The consent page of a draft needs version=beta.",
        ),
        (
            "The page belongs to another country or region, or the application id is malformed.",
            "Start again, and choose the country in which your account is registered.",
            "Use the consent page of the account’s country, and compare the application id.",
        ),
        (
            "Amazon does not accept the address that led to its page.",
            "",
            "Compare both URIs with those at Amazon, and check whether the application is offered in this country.",
        ),
        (
            "The Redirect URI is not registered at Amazon.",
            "",
            "Register the Redirect URI at Amazon exactly as the registration of the application shows it.",
        ),
        ("A URI of the application has a fragment (#).", "", "Register the URIs without # at Amazon."),
        (
            "The application cannot be authorized in this region.",
            "Ask the application’s support whether it is offered in your country.",
            "Check in Amazon’s developer console whether the application is open for new authorizations in this region.",
        ),
        ("The Login URI or the Redirect URI is missing at Amazon.", "", "Register both URIs at Amazon."),
        ("The address that led to Amazon’s page is malformed.", "", "Check the link that the partner used."),
        (
            "You are not the primary user of the account.",
            "Ask the primary user of the account to authorize the application.",
            "",
        ),
        (
            "Amazon does not allow this kind of business account to authorize applications.",
            "Sign in with another account, or ask Amazon’s support.",
            "",
        ),
        (
            "Your vendor group lacks the role that Manage Your Apps needs.",
            "Ask an administrator of your Vendor Central account for this role.",
            "",
        ),
        (
            "The application has used up its number of authorizations.",
            "",
            "A draft has few authorizations. Publish the application, or remove authorizations that are no longer needed.",
        ),
    ],
};
