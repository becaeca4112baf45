//! English.

use crate::browser::page::{Message, texts::Word};

pub(super) const THE_APPLICATION: &str = "the application";
pub(super) const SUPPORT_CODE: &str = "Support code:";
pub(super) const CONTINUE: &str = "Continue to Amazon";
pub(super) const START_AGAIN: &str = "Start again";
pub(super) const LOOK_AGAIN: &str = "Look again now";
pub(super) const WITHOUT_LINK: &str = "Continue without the link, because I started on Amazon's own pages";

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
        Word::Manage => "Renew or end the connection at Amazon (Manage Your Apps)",
        Word::OtherAccount => "Connect this Amazon account instead: {partner}",
        Word::WhoMay => {
            "Sign in to {central} as the primary user of the account, or as a user who has the permissions for this."
        }
        Word::Plan => "The account needs a Professional selling plan.",
        Word::Help => "Error codes on Amazon’s pages",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "You are connected",
            "The application {name} can now use your Amazon account. You can end this at Amazon at any time.\nYou can close this page.",
        ),
        Message::AuthorizedButDisabled => (
            "Authorized, but switched off",
            "We received your authorization for {application}. The connection of your Amazon account \
             {partner} is switched off on our side and stays so.\nPlease contact the support of \
             {application} to have it switched on.",
        ),
        Message::Conflict => (
            "We are checking your authorization",
            "We received your authorization for {application}. Because it differs from the one we already \
             have for the Amazon account {partner}, a person checks it before it takes effect. Until then \
             the existing connection continues to work.\nPlease contact the support of {application} if you \
             are in a hurry.",
        ),
        Message::Exchanging => (
            "One moment, please",
            "We are finishing your authorization with Amazon. This page refreshes automatically.",
        ),
        Message::ChooseJourney => (
            "Which one is this?",
            "You have started more than one authorization of {application} in this browser. Please choose \
             the one to continue.",
        ),
        Message::ChooseCentral => (
            "Where do you want to return to?",
            "Amazon did not tell us at which of its sites you are signed in.\nPlease choose the one that you came from, to continue the authorization of {application}.",
        ),
        Message::BadLink => (
            "This link does not work",
            "It is incomplete or was changed on the way. Nothing has happened to your account.\nPlease go \
             back to where you came from and start the authorization again.",
        ),
        Message::Misdirected => (
            "This link leads to the wrong address",
            "At Amazon, the Login URI and the Redirect URI of {application} are mixed up. This is not your fault, and nothing has happened to your account.\nYou can continue here. Please tell the support of {application}.",
        ),
        Message::NotAmazon => (
            "We stopped here for your safety",
            "This link would have sent you to a site that is not Amazon. Nothing has happened to your \
             account.\nPlease start the authorization from {application} or from Amazon's own pages.",
        ),
        Message::UnknownApplication => (
            "We do not know this application",
            "The link names an application that is not served here. Nothing has happened to your \
             account.\nPlease contact the application's support.",
        ),
        Message::StartElsewhere => (
            "Please start from the application",
            "This authorization cannot be started with this link.\nPlease sign in to {application} and \
             connect your Amazon account there.",
        ),
        Message::UnknownState => (
            "Please start again",
            "We do not know this authorization, or it was so long ago that we have forgotten it. Nothing has \
             happened to your account.\nPlease start the authorization again.",
        ),
        Message::OtherBrowser => (
            "Please use the same browser",
            "This authorization was started in another browser, or your browser does not keep \
             cookies.\nPlease allow cookies for this site and start the authorization again, in one browser \
             from beginning to end.",
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
            "The authorization broke off before we could finish it.\nPlease start it again; Amazon will ask \
             you to confirm once more.",
        ),
        Message::CodeRefused => (
            "Please start again",
            "Amazon no longer accepts this authorization: its code is valid for five minutes and only \
             once.\nPlease start the authorization again.",
        ),
        Message::ApplicationRefused => (
            "{application} has a problem with Amazon",
            "Amazon did not accept the credentials of {application}. This is not your fault, and nothing has \
             happened to your account.\nPlease tell the support of {application} and try again later.",
        ),
        Message::NotConsented => (
            "Nothing was authorized",
            "Amazon reported that the authorization was not given or could not be completed.\nIf you want to \
             connect {application}, please start again, signed in as the primary user of your Amazon account.",
        ),
        Message::Unavailable => (
            "Please try again in a moment",
            "A service is temporarily unavailable. Nothing is lost.\nPlease reload this page in a minute.",
        ),
        Message::Internal => (
            "Something is wrong on our side",
            "This is not your fault. We have noted the problem.\nPlease try again later, and tell the \
             support of {application} if it happens again.",
        ),
        Message::ConfirmLink => (
            "Connect your Amazon account?",
            "You are about to connect your Amazon account with {application}, for: {account}.\nIf \
             you do not know this name or did not expect this link, please close this page; nothing \
             has happened yet.\nOtherwise continue: Amazon will then ask for your consent.",
        ),
        Message::LinkUsed => (
            "This link has been used",
            "A link works only once, and this one has already been used. Nothing more has happened \
             to your account.\nIf you still need one, please ask the support of {application} for a \
             new link.",
        ),
        Message::LinkExpired => (
            "This link has expired",
            "It is no longer valid. Nothing has happened to your account.\nPlease ask the support of \
             {application} for a new link.",
        ),
        Message::NotFound => ("There is no such page", "Please check the address."),
    }
}
