//! Swedish, with “du”: “ni” would sound stiff.

use super::{Countries, Help, Word};
use crate::browser::page::Message;

pub(super) const SUPPORT_CODE: &str = "Kod till supporten:";
pub(super) const CONTINUE: &str = "Fortsätt till Amazon";
pub(super) const START_AGAIN: &str = "Börja om";
pub(super) const LOOK_AGAIN: &str = "Titta igen nu";
pub(super) const WITHOUT_LINK: &str = "Fortsätt utan länken, eftersom jag började på Amazons egna sidor";

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Reference => "Referens:",
        Word::Support => "Support:",
        Word::Home => "Tillbaka till applikationen",
        Word::Done => "Klart",
        Word::Waiting => "Inte klart ännu",
        Word::Problem => "Problem",
        Word::Partner => "Amazon-konto",
        Word::Expected => "Förväntat Amazon-konto",
        Word::Account => "Konto i applikationen",
        Word::Stores => "Butiker",
        Word::Until => "Giltig till",
        Word::SignInAt => "Inloggning på",
        Word::Site => "Amazons webbplats",
        Word::Manage => "Förnya eller avsluta anslutningen hos Amazon (Manage Your Apps)",
        Word::OtherAccount => "Anslut det här Amazon-kontot i stället: {partner}",
        Word::WhoMay => {
            "Logga in på {central} som huvudanvändare för kontot eller som en användare med de behörigheter som krävs."
        }
        Word::SellerCentral => "Seller Central",
        Word::VendorCentral => "Vendor Central",
        Word::Plan => "Kontot behöver en professionell säljplan.",
        Word::Language => "Språk",
        Word::Help => "Felkoder på Amazons sidor",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "Ditt Amazon-konto är anslutet",
            "Applikationen[ {name}] har nu åtkomst till ditt Amazon-konto. Du kan när som helst avsluta detta hos Amazon.\nDu kan stänga den här sidan.",
        ),
        Message::AuthorizedButDisabled => (
            "Auktoriserad, men inaktiverad",
            "Vi har tagit emot din auktorisering för applikationen[ {name}]. Anslutningen av ditt Amazon-konto {partner} är inaktiverad hos oss och förblir det.\nKontakta applikationens support för att få den aktiverad.",
        ),
        Message::Conflict => (
            "Vi kontrollerar din auktorisering",
            "Vi har tagit emot din auktorisering för applikationen[ {name}]. Eftersom den skiljer sig från den vi redan har för Amazon-kontot {partner} kontrollerar vårt team den innan den börjar gälla. Fram till dess fortsätter den befintliga anslutningen att fungera.\nKontakta applikationens support om det är bråttom.",
        ),
        Message::Exchanging => (
            "Ett ögonblick",
            "Vi slutför din auktorisering hos Amazon. Den här sidan uppdateras automatiskt.",
        ),
        Message::ChooseJourney => (
            "Vilken auktorisering vill du fortsätta med?",
            "Du har påbörjat mer än en auktorisering för applikationen[ {name}] i den här webbläsaren. Välj den som du vill fortsätta med.",
        ),
        Message::ChooseCentral => (
            "Vart vill du återvända?",
            "Amazon har inte meddelat oss på vilken av sina webbplatser du är inloggad.\nVälj den webbplats som du kom från för att fortsätta auktoriseringen för applikationen[ {name}].",
        ),
        Message::BadLink => (
            "Den här länken fungerar inte",
            "Den är ofullständig eller ändrades på vägen till dig. Inget har ändrats på ditt konto.\nGå tillbaka till sidan som du kom från och börja om med auktoriseringen.",
        ),
        Message::Misdirected => (
            "Den här länken leder till fel adress",
            "Hos Amazon är Login URI och Redirect URI för applikationen[ {name}] förväxlade. Det är inte ditt fel, och inget har ändrats på ditt konto.\nDu kan fortsätta här. Meddela gärna applikationens support.",
        ),
        Message::NotAmazon => (
            "Vi stannade här för din säkerhet",
            "Den här länken leder till en webbplats som inte är Amazons. Inget har ändrats på ditt konto.\nPåbörja auktoriseringen från applikationen[ {name}] eller från Amazons egna sidor.",
        ),
        Message::UnknownApplication => (
            "Vi känner inte till den här applikationen",
            "Länken anger en applikation som inte använder den här tjänsten. Inget har ändrats på ditt konto.\nKontakta applikationens support.",
        ),
        Message::StartElsewhere => (
            "Börja från applikationen",
            "Den här auktoriseringen kan inte påbörjas med den här länken.\nLogga in i applikationen[ {name}] och anslut ditt Amazon-konto där.",
        ),
        Message::UnknownState => (
            "Börja om från början",
            "Vi känner inte till den här auktoriseringen, eller så är den för gammal. Inget har ändrats på ditt konto.\nBörja om med auktoriseringen.",
        ),
        Message::OtherBrowser => (
            "Använd samma webbläsare",
            "Den här auktoriseringen påbörjades i en annan webbläsare, eller så sparar din webbläsare inte kakor.\nTillåt kakor för den här webbplatsen och börja om med auktoriseringen, i en och samma webbläsare från början till slut.",
        ),
        Message::OtherPartner => (
            "Det här är ett annat Amazon-konto",
            "Du är inloggad hos Amazon som {partner}, men den här auktoriseringen gäller ett annat konto. Inget har sparats.\nBörja om och logga in hos Amazon med det förväntade kontot.",
        ),
        Message::Expired => {
            ("Det tog för lång tid", "En auktorisering måste slutföras inom tio minuter.\nBörja om med den.")
        }
        Message::Interrupted => (
            "Börja om från början",
            "Auktoriseringen avbröts innan vi hann slutföra den.\nBörja om; Amazon kommer att be dig bekräfta en gång till.",
        ),
        Message::CodeRefused => (
            "Börja om från början",
            "Amazon godtar inte längre den här auktoriseringen: auktoriseringskoden gäller i fem minuter och bara en gång.\nBörja om med auktoriseringen.",
        ),
        Message::ApplicationRefused => (
            "Applikationen har ett problem med Amazon",
            "Amazon godtog inte inloggningsuppgifterna för applikationen[ {name}]. Det är inte ditt fel, och inget har ändrats på ditt konto.\nMeddela applikationens support och försök igen senare.",
        ),
        Message::NotConsented => (
            "Inget har auktoriserats",
            "Amazon har meddelat att auktoriseringen inte gavs eller inte kunde slutföras.\nOm du vill ansluta applikationen[ {name}] börjar du om, inloggad som huvudanvändare för ditt Amazon-konto.",
        ),
        Message::Unavailable => (
            "Försök igen om en liten stund",
            "En tjänst svarar inte just nu. Inget har gått förlorat.\nLadda om den här sidan om en minut.",
        ),
        Message::Internal => (
            "Ett problem har uppstått hos oss",
            "Det är inte ditt fel. Vi har registrerat problemet.\nFörsök igen senare. Meddela supporten för applikationen[ {name}] om det händer igen.",
        ),
        Message::ConfirmLink => (
            "Vill du ansluta ditt Amazon-konto?",
            "Du är på väg att ansluta ditt Amazon-konto till applikationen[ {name}], för det här kontot i applikationen: {account}.\nOm du inte känner igen namnet eller inte väntade dig den här länken stänger du sidan; inget har ändrats på ditt Amazon-konto.\nAnnars fortsätter du: Amazon ber sedan om ditt samtycke.",
        ),
        Message::LinkUsed => (
            "Länken har redan använts",
            "En länk fungerar bara en gång, och den här har redan använts. Inget mer har ändrats på ditt konto.\nOm du fortfarande behöver en länk ber du supporten för applikationen[ {name}] om en ny.",
        ),
        Message::LinkExpired => (
            "Länken har gått ut",
            "Den gäller inte längre. Inget har ändrats på ditt konto.\nBe supporten för applikationen[ {name}] om en ny länk.",
        ),
        Message::NotFound => ("Sidan finns inte", "Kontrollera adressen."),
    }
}

pub(super) const DAY: &str = "{day} {month} {year}";
pub(super) const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
];
#[rustfmt::skip]
pub(super) const COUNTRIES: Countries = [
    ("AU", "Australien"), ("BE", "Belgien"), ("BR", "Brasilien"), ("EG", "Egypten"), ("FR", "Frankrike"),
    ("AE", "Förenade Arabemiraten"), ("IN", "Indien"), ("IE", "Irland"), ("IT", "Italien"), ("JP", "Japan"),
    ("CA", "Kanada"), ("MX", "Mexiko"), ("NL", "Nederländerna"), ("PL", "Polen"), ("SA", "Saudiarabien"),
    ("SG", "Singapore"), ("ES", "Spanien"), ("GB", "Storbritannien"), ("SE", "Sverige"),
    ("ZA", "Sydafrika"), ("TR", "Turkiet"), ("DE", "Tyskland"), ("US", "USA"),
];

pub(super) const HELP: Help = Help {
    intro: "Om Amazon har visat någon av de här koderna har inget auktoriserats, och inget har ändrats på ditt konto. Börja om från applikationen. Om koden visas igen skickar du den till applikationens support.",
    operators: "För applikationens operatörer:",
    blank: "Om en av Amazons sidor förblir tom laddar du om den.",
    codes: [
        (
            "Amazon känner inte till applikationen, eller så är den fortfarande ett utkast.",
            "",
            "Jämför applikations-id och inställningen ”draft” med Amazons utvecklarkonsol. Ett utkasts sida för samtycke behöver version=beta.",
        ),
        (
            "Sidan hör till ett annat land eller en annan region, eller så är applikations-id felaktigt.",
            "Börja om och välj det land där ditt konto är registrerat.",
            "Använd sidan för samtycke i kontots land och jämför applikations-id.",
        ),
        (
            "Amazon godtar inte adressen som ledde till deras sida.",
            "",
            "Jämför båda URI:erna med dem hos Amazon och kontrollera om applikationen erbjuds i det här landet.",
        ),
        (
            "Redirect URI är inte registrerad hos Amazon.",
            "",
            "Registrera Redirect URI hos Amazon exakt så som applikationens registrering visar den.",
        ),
        (
            "En av applikationens URI:er innehåller ett fragment (#).",
            "",
            "Registrera URI:erna hos Amazon utan #.",
        ),
        (
            "Applikationen kan inte auktoriseras i den här regionen.",
            "Fråga applikationens support om den erbjuds i ditt land.",
            "Kontrollera i Amazons utvecklarkonsol om applikationen är öppen för nya auktoriseringar i den här regionen.",
        ),
        ("Login URI eller Redirect URI saknas hos Amazon.", "", "Registrera båda URI:erna hos Amazon."),
        ("Adressen som ledde till Amazons sida är felaktig.", "", "Kontrollera länken som partnern använde."),
        (
            "Du är inte kontots huvudanvändare.",
            "Be kontots huvudanvändare att auktorisera applikationen.",
            "",
        ),
        (
            "Amazon tillåter inte att den här typen av företagskonto auktoriserar applikationer.",
            "Logga in med ett annat konto eller fråga Amazons support.",
            "",
        ),
        (
            "Din leverantörsgrupp saknar den roll som ”Manage Your Apps” kräver.",
            "Be en administratör för ditt Vendor Central-konto om den rollen.",
            "",
        ),
        (
            "Applikationen har nått sitt högsta antal auktoriseringar.",
            "",
            "Ett utkast har få auktoriseringar. Publicera applikationen eller ta bort auktoriseringar som inte längre behövs.",
        ),
    ],
};
