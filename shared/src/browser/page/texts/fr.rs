//! French, with “vous”.

use crate::browser::page::{Message, texts::Word};

pub(super) const THE_APPLICATION: &str = "l’application";
pub(super) const SUPPORT_CODE: &str = "Code pour l’assistance :";
pub(super) const CONTINUE: &str = "Continuer vers Amazon";
pub(super) const START_AGAIN: &str = "Recommencer";
pub(super) const LOOK_AGAIN: &str = "Vérifier maintenant";
pub(super) const WITHOUT_LINK: &str = "Continuer sans le lien, car j’ai commencé sur les pages d’Amazon";

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Reference => "Référence\u{a0}:",
        Word::Support => "Assistance\u{a0}:",
        Word::Home => "Retour à l’application",
        Word::Done => "Terminé",
        Word::Waiting => "Pas encore terminé",
        Word::Problem => "Problème",
        Word::Partner => "Compte Amazon",
        Word::Expected => "Compte Amazon attendu",
        Word::Account => "Compte dans l’application",
        Word::Stores => "Boutiques",
        Word::Until => "Valable jusqu’au",
        Word::SignInAt => "Connexion sur",
        Word::Manage => "Renouveler la connexion ou y mettre fin chez Amazon (Manage Your Apps)",
        Word::OtherAccount => "Connecter plutôt ce compte Amazon\u{a0}: {partner}",
        Word::WhoMay => {
            "Connectez-vous à {central} en tant qu’utilisateur principal du compte ou avec un utilisateur disposant des autorisations nécessaires."
        }
        Word::Plan => "Le compte doit avoir un plan de vente Professionnel.",
        Word::Help => "Codes d’erreur sur les pages d’Amazon (en anglais)",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "Votre compte est connecté",
            "L’application {name} peut maintenant accéder à votre compte Amazon. Vous pouvez y mettre fin à tout moment chez Amazon.\nVous pouvez fermer cette page.",
        ),
        Message::AuthorizedButDisabled => (
            "Autorisation reçue, mais connexion désactivée",
            "Nous avons reçu votre autorisation pour {application}. La connexion de votre compte Amazon \
             {partner} est désactivée de notre côté et le reste.\nVeuillez contacter l’assistance de \
             {application} pour la faire réactiver.",
        ),
        Message::Conflict => (
            "Nous vérifions votre autorisation",
            "Nous avons reçu votre autorisation pour {application}. Comme elle diffère de celle que nous \
             avons déjà pour le compte Amazon {partner}, une personne la vérifie avant qu’elle prenne \
             effet. D’ici là, la connexion existante continue de fonctionner.\nSi c’est urgent, veuillez \
             contacter l’assistance de {application}.",
        ),
        Message::Exchanging => (
            "Un instant, s’il vous plaît",
            "Nous terminons votre autorisation auprès d’Amazon. Cette page s’actualise toute seule.",
        ),
        Message::ChooseJourney => (
            "De laquelle s’agit-il ?",
            "Vous avez commencé plusieurs autorisations pour {application} dans ce navigateur. Veuillez \
             choisir celle que vous souhaitez poursuivre.",
        ),
        Message::ChooseCentral => (
            "Où souhaitez-vous retourner ?",
            "Amazon ne nous a pas indiqué sur lequel de ses sites vous êtes connecté.\nVeuillez choisir celui d’où vous venez pour poursuivre l’autorisation pour {application}.",
        ),
        Message::BadLink => (
            "Ce lien ne fonctionne pas",
            "Il est incomplet ou a été modifié en chemin. Rien n’a changé sur votre compte.\nVeuillez \
             revenir là d’où vous veniez et recommencer l’autorisation.",
        ),
        Message::Misdirected => (
            "Ce lien mène à la mauvaise adresse",
            "Chez Amazon, la Login URI et la Redirect URI enregistrées pour {application} sont interverties. Ce n’est pas votre faute, et rien n’est arrivé à votre compte.\nVous pouvez continuer ici. Veuillez prévenir l’assistance pour {application}.",
        ),
        Message::NotAmazon => (
            "Nous nous sommes arrêtés ici pour votre sécurité",
            "Ce lien vous aurait conduit vers un site qui n’appartient pas à Amazon. Rien n’a changé sur \
             votre compte.\nVeuillez commencer l’autorisation depuis {application} ou depuis les pages \
             d’Amazon.",
        ),
        Message::UnknownApplication => (
            "Nous ne connaissons pas cette application",
            "Le lien désigne une application qui n’est pas prise en charge ici. Rien n’a changé sur votre \
             compte.\nVeuillez contacter l’assistance de l’application.",
        ),
        Message::StartElsewhere => (
            "Veuillez commencer depuis l’application",
            "Cette autorisation ne peut pas être commencée avec ce lien.\nVeuillez vous connecter à \
             {application} et y relier votre compte Amazon.",
        ),
        Message::UnknownState => (
            "Veuillez recommencer",
            "Nous ne connaissons pas cette autorisation, ou elle est si ancienne que nous ne l’avons plus. \
             Rien n’a changé sur votre compte.\nVeuillez recommencer l’autorisation.",
        ),
        Message::OtherBrowser => (
            "Veuillez utiliser le même navigateur",
            "Cette autorisation a été commencée dans un autre navigateur, ou votre navigateur ne conserve \
             pas les cookies.\nVeuillez autoriser les cookies pour ce site et recommencer l’autorisation, \
             dans un seul navigateur du début à la fin.",
        ),
        Message::OtherPartner => (
            "Il s’agit d’un autre compte Amazon",
            "Votre session Amazon est celle du compte {partner}, mais cette autorisation concerne un autre compte. Rien n’a été enregistré.\nVeuillez recommencer et ouvrir une session Amazon avec le compte attendu.",
        ),
        Message::Expired => (
            "Le délai est dépassé",
            "Une autorisation doit être terminée en dix minutes.\nVeuillez la recommencer.",
        ),
        Message::Interrupted => (
            "Veuillez recommencer",
            "L’autorisation s’est interrompue avant que nous ayons pu la terminer.\nVeuillez la recommencer \
             ; Amazon vous demandera de confirmer une nouvelle fois.",
        ),
        Message::CodeRefused => (
            "Veuillez recommencer",
            "Amazon n’accepte plus cette autorisation : son code est valable cinq minutes et une seule \
             fois.\nVeuillez recommencer l’autorisation.",
        ),
        Message::ApplicationRefused => (
            "Amazon n’a pas accepté {application}",
            "Amazon n’a pas accepté les identifiants de {application}. Vous n’y êtes pour rien, et rien n’a \
             changé sur votre compte.\nVeuillez prévenir l’assistance de {application} et réessayer plus \
             tard.",
        ),
        Message::NotConsented => (
            "Rien n’a été autorisé",
            "Amazon a signalé que l’autorisation n’a pas été donnée ou n’a pas pu aboutir.\nSi vous \
             souhaitez connecter {application}, veuillez recommencer en vous identifiant comme utilisateur \
             principal de votre compte Amazon.",
        ),
        Message::Unavailable => (
            "Veuillez réessayer dans un instant",
            "Quelque chose ne répond pas pour le moment. Rien n’est perdu.\nVeuillez recharger cette page \
             dans une minute.",
        ),
        Message::Internal => (
            "Un problème est survenu de notre côté",
            "Vous n’y êtes pour rien. Nous avons pris note du problème.\nVeuillez réessayer plus tard et \
             prévenir l’assistance de {application} si cela se reproduit.",
        ),
        Message::ConfirmLink => (
            "Souhaitez-vous connecter votre compte Amazon ?",
            "Vous allez connecter votre compte Amazon avec {application}, pour : {account}.\nSi vous \
             ne connaissez pas ce nom ou n’attendiez pas ce lien, veuillez fermer cette page ; rien \
             n’a encore changé.\nSinon, continuez : Amazon vous demandera alors votre accord.",
        ),
        Message::LinkUsed => (
            "Ce lien a déjà été utilisé",
            "Un lien ne fonctionne qu’une seule fois, et celui-ci a déjà été utilisé. Rien d’autre \
             n’a changé sur votre compte.\nSi vous en avez encore besoin, veuillez demander un \
             nouveau lien à l’assistance de {application}.",
        ),
        Message::LinkExpired => (
            "Ce lien a expiré",
            "Il n’est plus valable. Rien n’a changé sur votre compte.\nVeuillez demander un nouveau \
             lien à l’assistance de {application}.",
        ),
        Message::NotFound => ("Cette page n’existe pas", "Veuillez vérifier l’adresse."),
    }
}
