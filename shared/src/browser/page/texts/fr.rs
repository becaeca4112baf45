//! French, with “vous”. A no-break space stands before a colon, a narrow one before a semicolon and a question mark.

use super::{Countries, Help, Word};
use crate::browser::page::Message;

pub(super) const SUPPORT_CODE: &str = "Code pour l’assistance\u{a0}:";
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
        Word::Site => "Site d’Amazon",
        Word::Manage => "Renouveler la connexion ou y mettre fin chez Amazon (Manage Your Apps)",
        Word::OtherAccount => "Connecter plutôt ce compte Amazon\u{a0}: {partner}",
        Word::WhoMay => {
            "Connectez-vous à {central} en tant qu’utilisateur principal du compte ou en tant qu’utilisateur disposant des autorisations nécessaires."
        }
        Word::SellerCentral => "Seller Central",
        Word::VendorCentral => "Vendor Central",
        Word::Plan => "Le compte doit avoir un plan de vente Professionnel.",
        Word::Language => "Langue",
        Word::Help => "Codes d’erreur sur les pages d’Amazon",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "Votre compte Amazon est connecté",
            "L’application[ {name}] peut maintenant accéder à votre compte Amazon. Vous pouvez y mettre fin à tout moment chez Amazon.\nVous pouvez fermer cette page.",
        ),
        Message::AuthorizedButDisabled => (
            "Autorisation reçue, mais connexion désactivée",
            "Nous avons reçu votre autorisation pour l’application[ {name}]. La connexion de votre compte Amazon {partner} est désactivée de notre côté et le reste.\nVeuillez contacter l’assistance de l’application pour la faire activer.",
        ),
        Message::Conflict => (
            "Nous vérifions votre autorisation",
            "Nous avons reçu votre autorisation pour l’application[ {name}]. Comme elle diffère de celle que nous avons déjà pour le compte Amazon {partner}, notre équipe la vérifie avant qu’elle prenne effet. D’ici là, la connexion existante continue de fonctionner.\nSi c’est urgent, veuillez contacter l’assistance de l’application.",
        ),
        Message::Exchanging => (
            "Un instant, s’il vous plaît",
            "Nous terminons votre autorisation auprès d’Amazon. Cette page s’actualise automatiquement.",
        ),
        Message::ChooseJourney => (
            "Quelle autorisation souhaitez-vous poursuivre\u{202f}?",
            "Vous avez commencé plusieurs autorisations pour l’application[ {name}] dans ce navigateur. Veuillez choisir celle que vous souhaitez poursuivre.",
        ),
        Message::ChooseCentral => (
            "Où souhaitez-vous retourner\u{202f}?",
            "Amazon ne nous a pas indiqué sur lequel de ses sites votre session est ouverte.\nVeuillez choisir le site d’où vous venez pour poursuivre l’autorisation de l’application[ {name}].",
        ),
        Message::BadLink => (
            "Ce lien ne fonctionne pas",
            "Il est incomplet ou a été modifié avant de vous parvenir. Rien n’a changé sur votre compte.\nVeuillez revenir à la page précédente et recommencer l’autorisation.",
        ),
        Message::Misdirected => (
            "Ce lien mène à la mauvaise adresse",
            "Chez Amazon, la Login URI et la Redirect URI de l’application[ {name}] sont interverties. Vous n’y êtes pour rien, et rien n’a changé sur votre compte.\nVous pouvez continuer ici. Veuillez prévenir l’assistance de l’application.",
        ),
        Message::NotAmazon => (
            "Nous avons interrompu l’opération pour votre sécurité",
            "Ce lien mène à un site qui n’appartient pas à Amazon. Rien n’a changé sur votre compte.\nVeuillez commencer l’autorisation depuis l’application[ {name}] ou depuis les pages d’Amazon.",
        ),
        Message::UnknownApplication => (
            "Nous ne connaissons pas cette application",
            "Le lien désigne une application qui n’utilise pas ce service. Rien n’a changé sur votre compte.\nVeuillez contacter l’assistance de l’application.",
        ),
        Message::StartElsewhere => (
            "Veuillez commencer depuis l’application",
            "Ce lien ne permet pas de commencer cette autorisation.\nVeuillez vous connecter à l’application[ {name}] et y connecter votre compte Amazon.",
        ),
        Message::UnknownState => (
            "Veuillez recommencer",
            "Nous ne connaissons pas cette autorisation, ou elle est trop ancienne. Rien n’a changé sur votre compte.\nVeuillez recommencer l’autorisation.",
        ),
        Message::OtherBrowser => (
            "Veuillez utiliser le même navigateur",
            "Cette autorisation a été commencée dans un autre navigateur, ou votre navigateur n’enregistre pas les cookies.\nVeuillez autoriser les cookies pour ce site et recommencer l’autorisation, dans un seul navigateur du début à la fin.",
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
            "L’autorisation a été interrompue avant que nous ayons pu la terminer.\nVeuillez la recommencer\u{202f}; Amazon vous demandera de confirmer une nouvelle fois.",
        ),
        Message::CodeRefused => (
            "Veuillez recommencer",
            "Amazon n’accepte plus cette autorisation\u{a0}: le code d’autorisation est valable cinq minutes et une seule fois.\nVeuillez recommencer l’autorisation.",
        ),
        Message::ApplicationRefused => (
            "L’application a un problème avec Amazon",
            "Amazon n’a pas accepté les identifiants de l’application[ {name}]. Vous n’y êtes pour rien, et rien n’a changé sur votre compte.\nVeuillez prévenir l’assistance de l’application et réessayer plus tard.",
        ),
        Message::NotConsented => (
            "Rien n’a été autorisé",
            "Amazon a signalé que l’autorisation n’a pas été donnée ou n’a pas pu aboutir.\nSi vous souhaitez connecter l’application[ {name}], veuillez recommencer en vous identifiant comme utilisateur principal de votre compte Amazon.",
        ),
        Message::Unavailable => (
            "Veuillez réessayer dans un instant",
            "Un service ne répond pas pour le moment. Rien n’est perdu.\nVeuillez recharger cette page dans une minute.",
        ),
        Message::Internal => (
            "Un problème est survenu de notre côté",
            "Vous n’y êtes pour rien. Le problème a été enregistré.\nVeuillez réessayer plus tard. Si cela se reproduit, veuillez prévenir l’assistance de l’application[ {name}].",
        ),
        Message::ConfirmLink => (
            "Souhaitez-vous connecter votre compte Amazon\u{202f}?",
            "Vous allez connecter votre compte Amazon à l’application[ {name}], pour ce compte dans l’application\u{a0}: {account}.\nSi vous ne connaissez pas ce nom ou n’attendiez pas ce lien, veuillez fermer cette page\u{202f}; rien n’a changé sur votre compte Amazon.\nSinon, continuez\u{a0}: Amazon vous demandera alors votre accord.",
        ),
        Message::LinkUsed => (
            "Ce lien a déjà été utilisé",
            "Un lien ne fonctionne qu’une seule fois, et celui-ci a déjà été utilisé. Rien d’autre n’a changé sur votre compte.\nSi vous avez encore besoin d’un lien, veuillez en demander un nouveau à l’assistance de l’application[ {name}].",
        ),
        Message::LinkExpired => (
            "Ce lien a expiré",
            "Il n’est plus valable. Rien n’a changé sur votre compte.\nVeuillez demander un nouveau lien à l’assistance de l’application[ {name}].",
        ),
        Message::NotFound => ("Cette page n’existe pas", "Veuillez vérifier l’adresse."),
    }
}

pub(super) const DAY: &str = "{day} {month} {year}";
pub(super) const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
#[rustfmt::skip]
pub(super) const COUNTRIES: Countries = [
    ("ZA", "Afrique du Sud"), ("DE", "Allemagne"), ("SA", "Arabie saoudite"), ("AU", "Australie"),
    ("BE", "Belgique"), ("BR", "Brésil"), ("CA", "Canada"), ("EG", "Égypte"), ("AE", "Émirats arabes unis"),
    ("ES", "Espagne"), ("US", "États-Unis"), ("FR", "France"), ("IN", "Inde"), ("IE", "Irlande"),
    ("IT", "Italie"), ("JP", "Japon"), ("MX", "Mexique"), ("NL", "Pays-Bas"), ("PL", "Pologne"),
    ("GB", "Royaume-Uni"), ("SG", "Singapour"), ("SE", "Suède"), ("TR", "Turquie"),
];

pub(super) const HELP: Help = Help {
    intro: "Si Amazon vous a affiché l’un de ces codes, rien n’a été autorisé et rien n’a changé sur votre compte. Veuillez recommencer depuis l’application. Si le code réapparaît, envoyez-le à l’assistance de l’application.",
    operators: "Pour les exploitants de l’application\u{a0}:",
    blank: "Si une page d’Amazon reste vide, veuillez la recharger.",
    codes: [
        (
            "Amazon ne connaît pas l’application, ou celle-ci est encore à l’état de brouillon.",
            "",
            "Comparez l’identifiant de l’application et le paramètre «\u{a0}draft\u{a0}» avec la console pour développeurs d’Amazon. La page de consentement d’un brouillon exige version=beta.",
        ),
        (
            "La page est celle d’un autre pays ou d’une autre région, ou l’identifiant de l’application est mal formé.",
            "Recommencez et choisissez le pays dans lequel votre compte est enregistré.",
            "Utilisez la page de consentement du pays du compte, et comparez l’identifiant de l’application.",
        ),
        (
            "Amazon n’accepte pas l’adresse qui a mené à sa page.",
            "",
            "Comparez les deux URI avec celles enregistrées chez Amazon, et vérifiez si l’application est proposée dans ce pays.",
        ),
        (
            "La Redirect URI n’est pas enregistrée chez Amazon.",
            "",
            "Enregistrez la Redirect URI chez Amazon exactement comme l’indique l’enregistrement de l’application.",
        ),
        ("Une URI de l’application contient un fragment (#).", "", "Enregistrez les URI sans # chez Amazon."),
        (
            "L’application ne peut pas être autorisée dans cette région.",
            "Demandez à l’assistance de l’application si elle est proposée dans votre pays.",
            "Vérifiez dans la console pour développeurs d’Amazon si l’application accepte de nouvelles autorisations dans cette région.",
        ),
        ("La Login URI ou la Redirect URI manque chez Amazon.", "", "Enregistrez les deux URI chez Amazon."),
        (
            "L’adresse qui a mené à la page d’Amazon est mal formée.",
            "",
            "Vérifiez le lien que le partenaire a utilisé.",
        ),
        (
            "Vous n’êtes pas l’utilisateur principal du compte.",
            "Demandez à l’utilisateur principal du compte d’autoriser l’application.",
            "",
        ),
        (
            "Amazon ne permet pas à ce type de compte professionnel d’autoriser des applications.",
            "Connectez-vous avec un autre compte, ou adressez-vous à l’assistance d’Amazon.",
            "",
        ),
        (
            "Il manque à votre groupe de fournisseurs le rôle qu’exige «\u{a0}Manage Your Apps\u{a0}».",
            "Demandez ce rôle à un administrateur de votre compte Vendor Central.",
            "",
        ),
        (
            "L’application a atteint son nombre maximal d’autorisations.",
            "",
            "Un brouillon n’a que peu d’autorisations. Publiez l’application, ou supprimez les autorisations qui ne sont plus nécessaires.",
        ),
    ],
};
