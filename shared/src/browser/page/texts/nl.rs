//! Dutch, with “je” as on Amazon's pages.

use super::{Countries, Help, Word};
use crate::browser::page::Message;

pub(super) const SUPPORT_CODE: &str = "Code voor de klantenservice:";
pub(super) const CONTINUE: &str = "Doorgaan naar Amazon";
pub(super) const START_AGAIN: &str = "Opnieuw beginnen";
pub(super) const LOOK_AGAIN: &str = "Nu opnieuw kijken";
pub(super) const WITHOUT_LINK: &str =
    "Doorgaan zonder de link, want ik ben op de pagina’s van Amazon begonnen";

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Reference => "Referentie:",
        Word::Support => "Klantenservice:",
        Word::Home => "Terug naar de applicatie",
        Word::Done => "Gereed",
        Word::Waiting => "Nog niet gereed",
        Word::Problem => "Probleem",
        Word::Partner => "Amazon-account",
        Word::Expected => "Verwacht Amazon-account",
        Word::Account => "Account in de applicatie",
        Word::Stores => "Winkels",
        Word::Until => "Geldig tot",
        Word::SignInAt => "Aanmelden bij",
        Word::Site => "Website van Amazon",
        Word::Manage => "Verbinding bij Amazon vernieuwen of beëindigen (Manage Your Apps)",
        Word::OtherAccount => "In plaats daarvan dit Amazon-account verbinden: {partner}",
        Word::WhoMay => {
            "Meld je bij {central} aan als hoofdgebruiker van het account of als gebruiker met de benodigde rechten."
        }
        Word::SellerCentral => "Seller Central",
        Word::VendorCentral => "Vendor Central",
        Word::Plan => "Het account heeft een Professioneel verkoopplan nodig.",
        Word::Language => "Taal",
        Word::Help => "Foutcodes op de pagina’s van Amazon",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "Je Amazon-account is verbonden",
            "De applicatie[ {name}] heeft nu toegang tot je Amazon-account. Je kunt dit op elk moment bij Amazon beëindigen.\nJe kunt deze pagina sluiten.",
        ),
        Message::AuthorizedButDisabled => (
            "Geautoriseerd, maar uitgeschakeld",
            "We hebben je autorisatie voor de applicatie[ {name}] ontvangen. De verbinding van je Amazon-account {partner} is aan onze kant uitgeschakeld en blijft dat.\nNeem contact op met de klantenservice van de applicatie om de verbinding te laten inschakelen.",
        ),
        Message::Conflict => (
            "We controleren je autorisatie",
            "We hebben je autorisatie voor de applicatie[ {name}] ontvangen. Omdat die afwijkt van de autorisatie die we al hebben voor het Amazon-account {partner}, controleert ons team de autorisatie voordat deze ingaat. Tot die tijd blijft de bestaande verbinding werken.\nNeem contact op met de klantenservice van de applicatie als het dringend is.",
        ),
        Message::Exchanging => (
            "Een ogenblik geduld",
            "We ronden je autorisatie bij Amazon af. Deze pagina wordt automatisch vernieuwd.",
        ),
        Message::ChooseJourney => (
            "Welke autorisatie wil je voortzetten?",
            "Je bent in deze browser meer dan één autorisatie voor de applicatie[ {name}] begonnen. Kies de autorisatie die je wilt voortzetten.",
        ),
        Message::ChooseCentral => (
            "Waarheen wil je terug?",
            "Amazon heeft ons niet laten weten op welke van zijn websites je bent aangemeld.\nKies de website waar je vandaan komt om door te gaan met de autorisatie voor de applicatie[ {name}].",
        ),
        Message::BadLink => (
            "Deze link werkt niet",
            "De link is onvolledig of is onderweg naar jou gewijzigd. Er is niets veranderd aan je account.\nGa terug naar de pagina waar je vandaan kwam en begin de autorisatie opnieuw.",
        ),
        Message::Misdirected => (
            "Deze link leidt naar het verkeerde adres",
            "Bij Amazon zijn de Login URI en de Redirect URI van de applicatie[ {name}] verwisseld. Dit ligt niet aan jou en er is niets veranderd aan je account.\nJe kunt hier doorgaan. Laat het de klantenservice van de applicatie weten.",
        ),
        Message::NotAmazon => (
            "We zijn hier gestopt voor je veiligheid",
            "Deze link leidt naar een website die niet van Amazon is. Er is niets veranderd aan je account.\nBegin de autorisatie vanuit de applicatie[ {name}] of vanaf de pagina’s van Amazon zelf.",
        ),
        Message::UnknownApplication => (
            "We kennen deze applicatie niet",
            "De link noemt een applicatie die deze dienst niet gebruikt. Er is niets veranderd aan je account.\nNeem contact op met de klantenservice van de applicatie.",
        ),
        Message::StartElsewhere => (
            "Begin vanuit de applicatie",
            "Deze autorisatie kan niet met deze link worden begonnen.\nMeld je aan bij de applicatie[ {name}] en verbind daar je Amazon-account.",
        ),
        Message::UnknownState => (
            "Begin opnieuw",
            "We kennen deze autorisatie niet, of ze is te lang geleden. Er is niets veranderd aan je account.\nBegin de autorisatie opnieuw.",
        ),
        Message::OtherBrowser => (
            "Gebruik dezelfde browser",
            "Deze autorisatie is in een andere browser begonnen, of je browser slaat geen cookies op.\nSta cookies toe voor deze website en begin de autorisatie opnieuw, van begin tot eind in één browser.",
        ),
        Message::OtherPartner => (
            "Dit is een ander Amazon-account",
            "Je bent bij Amazon aangemeld als {partner}, maar deze autorisatie is voor een ander account. Er is niets opgeslagen.\nBegin opnieuw en meld je bij Amazon aan met het verwachte account.",
        ),
        Message::Expired => (
            "Dit heeft te lang geduurd",
            "Een autorisatie moet binnen tien minuten worden afgerond.\nBegin opnieuw.",
        ),
        Message::Interrupted => (
            "Begin opnieuw",
            "De autorisatie werd onderbroken voordat we die konden afronden.\nBegin opnieuw; Amazon zal je nogmaals om een bevestiging vragen.",
        ),
        Message::CodeRefused => (
            "Begin opnieuw",
            "Amazon accepteert deze autorisatie niet meer: de autorisatiecode is vijf minuten en maar één keer geldig.\nBegin de autorisatie opnieuw.",
        ),
        Message::ApplicationRefused => (
            "De applicatie heeft een probleem met Amazon",
            "Amazon heeft de inloggegevens van de applicatie[ {name}] niet geaccepteerd. Dit ligt niet aan jou en er is niets veranderd aan je account.\nLaat het de klantenservice van de applicatie weten en probeer het later opnieuw.",
        ),
        Message::NotConsented => (
            "Er is niets geautoriseerd",
            "Amazon heeft gemeld dat de autorisatie niet is gegeven of niet kon worden voltooid.\nWil je de applicatie[ {name}] verbinden? Begin dan opnieuw, aangemeld als hoofdgebruiker van je Amazon-account.",
        ),
        Message::Unavailable => (
            "Probeer het zo dadelijk opnieuw",
            "Een dienst reageert op dit moment niet. Er is niets verloren gegaan.\nLaad deze pagina over een minuut opnieuw.",
        ),
        Message::Internal => (
            "Er is een probleem aan onze kant",
            "Dit ligt niet aan jou. We hebben het probleem vastgelegd.\nProbeer het later opnieuw. Laat het de klantenservice van de applicatie[ {name}] weten als het nog eens gebeurt.",
        ),
        Message::ConfirmLink => (
            "Wil je je Amazon-account verbinden?",
            "Je staat op het punt je Amazon-account te verbinden met de applicatie[ {name}], voor dit account in de applicatie: {account}.\nAls je deze naam niet kent of deze link niet verwachtte, sluit dan deze pagina; er is niets veranderd aan je Amazon-account.\nGa anders door: Amazon vraagt je dan om toestemming.",
        ),
        Message::LinkUsed => (
            "Deze link is al gebruikt",
            "Een link werkt maar één keer, en deze is al gebruikt. Er is verder niets veranderd aan je account.\nHeb je nog een link nodig? Vraag dan de klantenservice van de applicatie[ {name}] om een nieuwe.",
        ),
        Message::LinkExpired => (
            "Deze link is verlopen",
            "De link is niet meer geldig. Er is niets veranderd aan je account.\nVraag de klantenservice van de applicatie[ {name}] om een nieuwe link.",
        ),
        Message::NotFound => ("Deze pagina bestaat niet", "Controleer het adres."),
    }
}

pub(super) const DAY: &str = "{day} {month} {year}";
pub(super) const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];
#[rustfmt::skip]
pub(super) const COUNTRIES: Countries = [
    ("AU", "Australië"), ("BE", "België"), ("BR", "Brazilië"), ("CA", "Canada"), ("DE", "Duitsland"),
    ("EG", "Egypte"), ("FR", "Frankrijk"), ("IE", "Ierland"), ("IN", "India"), ("IT", "Italië"),
    ("JP", "Japan"), ("MX", "Mexico"), ("NL", "Nederland"), ("PL", "Polen"), ("SA", "Saoedi-Arabië"),
    ("SG", "Singapore"), ("ES", "Spanje"), ("TR", "Turkije"), ("GB", "Verenigd Koninkrijk"),
    ("AE", "Verenigde Arabische Emiraten"), ("US", "Verenigde Staten"), ("ZA", "Zuid-Afrika"),
    ("SE", "Zweden"),
];

pub(super) const HELP: Help = Help {
    intro: "Als Amazon je een van deze codes heeft getoond, is er niets geautoriseerd en is er niets veranderd aan je account. Begin opnieuw vanuit de applicatie. Als de code weer verschijnt, stuur die dan naar de klantenservice van de applicatie.",
    operators: "Voor de beheerders van de applicatie:",
    blank: "Als een pagina van Amazon leeg blijft, laad die dan opnieuw.",
    codes: [
        (
            "Amazon kent de applicatie niet, of de applicatie is nog een concept.",
            "",
            "Vergelijk de applicatie-ID en de instelling ‘draft’ met de ontwikkelaarsconsole van Amazon. De toestemmingspagina van een concept heeft version=beta nodig.",
        ),
        (
            "De pagina is van een ander land of een andere regio, of de applicatie-ID is onjuist.",
            "Begin opnieuw en kies het land waar je account is geregistreerd.",
            "Gebruik de toestemmingspagina van het land van het account en vergelijk de applicatie-ID.",
        ),
        (
            "Amazon accepteert het adres niet dat naar zijn pagina heeft geleid.",
            "",
            "Vergelijk beide URI’s met die bij Amazon en controleer of de applicatie in dit land wordt aangeboden.",
        ),
        (
            "De Redirect URI is niet geregistreerd bij Amazon.",
            "",
            "Registreer de Redirect URI bij Amazon precies zoals de registratie van de applicatie die toont.",
        ),
        ("Een URI van de applicatie bevat een fragment (#).", "", "Registreer de URI’s bij Amazon zonder #."),
        (
            "De applicatie kan in deze regio niet worden geautoriseerd.",
            "Vraag de klantenservice van de applicatie of die in jouw land wordt aangeboden.",
            "Controleer in de ontwikkelaarsconsole van Amazon of de applicatie in deze regio openstaat voor nieuwe autorisaties.",
        ),
        ("Bij Amazon ontbreekt de Login URI of de Redirect URI.", "", "Registreer beide URI’s bij Amazon."),
        (
            "Het adres dat naar de pagina van Amazon heeft geleid, is onjuist.",
            "",
            "Controleer de link die de partner heeft gebruikt.",
        ),
        (
            "Je bent niet de hoofdgebruiker van het account.",
            "Vraag de hoofdgebruiker van het account om de applicatie te autoriseren.",
            "",
        ),
        (
            "Amazon staat niet toe dat dit soort zakelijk account applicaties autoriseert.",
            "Meld je aan met een ander account, of vraag het de klantenservice van Amazon.",
            "",
        ),
        (
            "Je leveranciersgroep mist de rol die ‘Manage Your Apps’ vereist.",
            "Vraag een beheerder van je Vendor Central-account om deze rol.",
            "",
        ),
        (
            "De applicatie heeft het maximale aantal autorisaties bereikt.",
            "",
            "Een concept heeft weinig autorisaties. Publiceer de applicatie, of verwijder autorisaties die niet meer nodig zijn.",
        ),
    ],
};
