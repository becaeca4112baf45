//! Dutch, with “u”.

use crate::browser::page::{Message, texts::Word};

pub(super) const THE_APPLICATION: &str = "de applicatie";
pub(super) const SUPPORT_CODE: &str = "Code voor de klantenservice:";
pub(super) const CONTINUE: &str = "Doorgaan naar Amazon";
pub(super) const START_AGAIN: &str = "Opnieuw beginnen";
pub(super) const LOOK_AGAIN: &str = "Nu opnieuw kijken";
pub(super) const WITHOUT_LINK: &str = "Doorgaan zonder de link, want ik ben bij Amazon begonnen";

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
        Word::Manage => "Verbinding bij Amazon vernieuwen of beëindigen (Manage Your Apps)",
        Word::OtherAccount => "In plaats daarvan dit Amazon-account verbinden: {partner}",
        Word::WhoMay => {
            "Meld u bij {central} aan als hoofdgebruiker van het account of als gebruiker met de benodigde rechten."
        }
        Word::Plan => "Het account heeft een Professioneel verkoopplan nodig.",
        Word::Help => "Foutcodes op de pagina’s van Amazon (in het Engels)",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "Uw account is verbonden",
            "De applicatie {name} kan nu uw Amazon-account gebruiken. U kunt dit op elk moment bij Amazon beëindigen.\nU kunt deze pagina sluiten.",
        ),
        Message::AuthorizedButDisabled => (
            "Geautoriseerd, maar uitgeschakeld",
            "We hebben uw autorisatie voor {application} ontvangen. De verbinding van uw Amazon-account \
             {partner} is aan onze kant uitgeschakeld en blijft dat.\nNeem contact op met de klantenservice \
             van {application} om de verbinding weer te laten inschakelen.",
        ),
        Message::Conflict => (
            "We controleren uw autorisatie",
            "We hebben uw autorisatie voor {application} ontvangen. Omdat die afwijkt van de autorisatie \
             die we al hebben voor het Amazon-account {partner}, wordt ze door een medewerker gecontroleerd \
             voordat ze ingaat. Tot die tijd blijft de bestaande verbinding werken.\nHebt u haast? Neem dan \
             contact op met de klantenservice van {application}.",
        ),
        Message::Exchanging => (
            "Een ogenblik geduld",
            "We ronden uw autorisatie bij Amazon af. Deze pagina wordt vanzelf vernieuwd.",
        ),
        Message::ChooseJourney => (
            "Welke is het?",
            "U bent in deze browser meer dan één autorisatie voor {application} begonnen. Kies de \
             autorisatie waarmee u wilt doorgaan.",
        ),
        Message::ChooseCentral => (
            "Waarheen wilt u terug?",
            "Amazon heeft ons niet laten weten op welke van zijn sites u bent ingelogd.\nKies de site waar u vandaan komt om door te gaan met de autorisatie van {application}.",
        ),
        Message::BadLink => (
            "Deze link werkt niet",
            "De link is onvolledig of is onderweg gewijzigd. Er is niets gebeurd met uw account.\nGa terug \
             naar waar u vandaan kwam en begin de autorisatie opnieuw.",
        ),
        Message::Misdirected => (
            "Deze link leidt naar het verkeerde adres",
            "Bij Amazon zijn de Login URI en de Redirect URI van {application} verwisseld. Dit ligt niet aan u en er is niets met uw account gebeurd.\nU kunt hier doorgaan. Laat het de klantenservice van {application} weten.",
        ),
        Message::NotAmazon => (
            "We zijn hier gestopt voor uw veiligheid",
            "Deze link zou u naar een website hebben gebracht die niet van Amazon is. Er is niets gebeurd \
             met uw account.\nBegin de autorisatie vanuit {application} of vanaf de pagina’s van Amazon \
             zelf.",
        ),
        Message::UnknownApplication => (
            "We kennen deze applicatie niet",
            "De link noemt een applicatie die hier niet wordt ondersteund. Er is niets gebeurd met uw \
             account.\nNeem contact op met de klantenservice van de applicatie.",
        ),
        Message::StartElsewhere => (
            "Begin alstublieft vanuit de applicatie",
            "Deze autorisatie kan niet met deze link worden begonnen.\nMeld u aan bij {application} en \
             verbind daar uw Amazon-account.",
        ),
        Message::UnknownState => (
            "Begin alstublieft opnieuw",
            "We kennen deze autorisatie niet, of het is zo lang geleden dat we haar niet meer bewaren. Er \
             is niets gebeurd met uw account.\nBegin de autorisatie opnieuw.",
        ),
        Message::OtherBrowser => (
            "Gebruik alstublieft dezelfde browser",
            "Deze autorisatie is in een andere browser begonnen, of uw browser bewaart geen cookies.\nSta \
             cookies toe voor deze website en begin de autorisatie opnieuw, van begin tot eind in één \
             browser.",
        ),
        Message::OtherPartner => (
            "Dit is een ander Amazon-account",
            "U bent bij Amazon aangemeld als {partner}, maar deze autorisatie is voor een ander account. Er is niets opgeslagen.\nBegin opnieuw en meld u bij Amazon aan met het verwachte account.",
        ),
        Message::Expired => (
            "Dit heeft te lang geduurd",
            "Een autorisatie moet binnen tien minuten worden afgerond.\nBegin alstublieft opnieuw.",
        ),
        Message::Interrupted => (
            "Begin alstublieft opnieuw",
            "De autorisatie werd afgebroken voordat we haar konden afronden.\nBegin opnieuw; Amazon zal u \
             nogmaals om een bevestiging vragen.",
        ),
        Message::CodeRefused => (
            "Begin alstublieft opnieuw",
            "Amazon accepteert deze autorisatie niet meer: de code is vijf minuten en maar één keer \
             geldig.\nBegin de autorisatie opnieuw.",
        ),
        Message::ApplicationRefused => (
            "Amazon heeft {application} niet geaccepteerd",
            "Amazon heeft de inloggegevens van {application} niet geaccepteerd. Dit ligt niet aan u en er \
             is niets gebeurd met uw account.\nLaat het de klantenservice van {application} weten en \
             probeer het later opnieuw.",
        ),
        Message::NotConsented => (
            "Er is niets geautoriseerd",
            "Amazon heeft gemeld dat de autorisatie niet is gegeven of niet kon worden voltooid.\nWilt u \
             {application} verbinden? Begin dan opnieuw, aangemeld als hoofdgebruiker van uw Amazon-account.",
        ),
        Message::Unavailable => (
            "Probeer het zo dadelijk opnieuw",
            "Er reageert iets niet op dit moment. Er is niets verloren gegaan.\nLaad deze pagina over een \
             minuut opnieuw.",
        ),
        Message::Internal => (
            "Er is iets mis aan onze kant",
            "Dit ligt niet aan u. We hebben het probleem genoteerd.\nProbeer het later opnieuw en laat het \
             de klantenservice van {application} weten als het nog eens gebeurt.",
        ),
        Message::ConfirmLink => (
            "Wilt u uw Amazon-account koppelen?",
            "U staat op het punt uw Amazon-account te koppelen met {application}, voor: \
             {account}.\nAls u deze naam niet kent of deze link niet verwachtte, sluit dan deze \
             pagina; er is nog niets gebeurd.\nGa anders door: Amazon vraagt u dan om toestemming.",
        ),
        Message::LinkUsed => (
            "Deze link is al gebruikt",
            "Een link werkt maar één keer, en deze is al gebruikt. Er is verder niets met uw account \
             gebeurd.\nAls u er nog een nodig hebt, vraag dan de helpdesk van {application} om een \
             nieuwe link.",
        ),
        Message::LinkExpired => (
            "Deze link is verlopen",
            "Hij is niet meer geldig. Er is niets met uw account gebeurd.\nVraag de helpdesk van \
             {application} om een nieuwe link.",
        ),
        Message::NotFound => ("Deze pagina bestaat niet", "Controleer het adres."),
    }
}
