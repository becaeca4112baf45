//! Swedish, with “du”: “ni” would sound stiff.

use crate::browser::page::{Message, texts::Word};

pub(super) const THE_APPLICATION: &str = "applikationen";
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
        Word::Manage => "Förnya eller avsluta anslutningen hos Amazon (Manage Your Apps)",
        Word::OtherAccount => "Anslut det här Amazon-kontot i stället: {partner}",
        Word::WhoMay => {
            "Logga in på {central} som huvudanvändare för kontot eller som en användare med de behörigheter som krävs."
        }
        Word::Plan => "Kontot behöver en professionell säljplan.",
        Word::Help => "Felkoder på Amazons sidor (på engelska)",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "Ditt konto är anslutet",
            "Applikationen {name} kan nu använda ditt Amazon-konto. Du kan när som helst avsluta detta hos Amazon.\nDu kan stänga den här sidan.",
        ),
        Message::AuthorizedButDisabled => (
            "Auktoriserad, men avstängd",
            "Vi har tagit emot din auktorisering för {application}. Anslutningen av ditt Amazon-konto \
             {partner} är avstängd hos oss och förblir det.\nKontakta supporten för {application} för att \
             få den påslagen.",
        ),
        Message::Conflict => (
            "Vi kontrollerar din auktorisering",
            "Vi har tagit emot din auktorisering för {application}. Eftersom den skiljer sig från den vi \
             redan har för Amazon-kontot {partner} kontrolleras den av en person innan den börjar gälla. \
             Fram till dess fortsätter den befintliga anslutningen att fungera.\nKontakta supporten för \
             {application} om det är bråttom.",
        ),
        Message::Exchanging => (
            "Ett ögonblick",
            "Vi slutför din auktorisering hos Amazon. Den här sidan uppdateras av sig själv.",
        ),
        Message::ChooseJourney => (
            "Vilken är det?",
            "Du har påbörjat mer än en auktorisering för {application} i den här webbläsaren. Välj den som \
             du vill fortsätta med.",
        ),
        Message::ChooseCentral => (
            "Vart vill du återvända?",
            "Amazon har inte talat om för oss på vilken av sina webbplatser du är inloggad.\nVälj den som du kom från för att fortsätta auktoriseringen av {application}.",
        ),
        Message::BadLink => (
            "Den här länken fungerar inte",
            "Den är ofullständig eller har ändrats på vägen. Inget har hänt med ditt konto.\nGå tillbaka \
             dit du kom ifrån och börja om med auktoriseringen.",
        ),
        Message::Misdirected => (
            "Den här länken leder till fel adress",
            "Hos Amazon är Login URI och Redirect URI för {application} förväxlade. Det är inte ditt fel, och ingenting har hänt med ditt konto.\nDu kan fortsätta här. Kontakta gärna supporten för {application} om detta.",
        ),
        Message::NotAmazon => (
            "Vi stannade här för din säkerhet",
            "Den här länken skulle ha lett dig till en webbplats som inte är Amazons. Inget har hänt med \
             ditt konto.\nPåbörja auktoriseringen från {application} eller från Amazons egna sidor.",
        ),
        Message::UnknownApplication => (
            "Vi känner inte till den här applikationen",
            "Länken anger en applikation som inte hanteras här. Inget har hänt med ditt konto.\nKontakta \
             applikationens support.",
        ),
        Message::StartElsewhere => (
            "Börja från applikationen",
            "Den här auktoriseringen kan inte påbörjas med den här länken.\nLogga in i {application} och \
             anslut ditt Amazon-konto där.",
        ),
        Message::UnknownState => (
            "Börja om från början",
            "Vi känner inte till den här auktoriseringen, eller så var det så länge sedan att vi inte har \
             den kvar. Inget har hänt med ditt konto.\nBörja om med auktoriseringen.",
        ),
        Message::OtherBrowser => (
            "Använd samma webbläsare",
            "Den här auktoriseringen påbörjades i en annan webbläsare, eller så sparar din webbläsare inte \
             kakor.\nTillåt kakor för den här webbplatsen och börja om med auktoriseringen, i en och samma \
             webbläsare från början till slut.",
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
            "Auktoriseringen avbröts innan vi hann slutföra den.\nBörja om; Amazon kommer att be dig \
             bekräfta en gång till.",
        ),
        Message::CodeRefused => (
            "Börja om från början",
            "Amazon godtar inte längre den här auktoriseringen: koden gäller i fem minuter och bara en \
             gång.\nBörja om med auktoriseringen.",
        ),
        Message::ApplicationRefused => (
            "Amazon har inte godkänt {application}",
            "Amazon godtog inte inloggningsuppgifterna för {application}. Det är inte ditt fel, och inget \
             har hänt med ditt konto.\nMeddela supporten för {application} och försök igen senare.",
        ),
        Message::NotConsented => (
            "Inget har auktoriserats",
            "Amazon har meddelat att auktoriseringen inte gavs eller inte kunde slutföras.\nOm du vill \
             ansluta {application} börjar du om, inloggad som huvudanvändare för ditt Amazon-konto.",
        ),
        Message::Unavailable => (
            "Försök igen om en liten stund",
            "Något svarar inte just nu. Inget har gått förlorat.\nLadda om den här sidan om en minut.",
        ),
        Message::Internal => (
            "Något är fel hos oss",
            "Det är inte ditt fel. Vi har noterat problemet.\nFörsök igen senare och meddela supporten för \
             {application} om det händer igen.",
        ),
        Message::ConfirmLink => (
            "Vill du ansluta ditt Amazon-konto?",
            "Du är på väg att ansluta ditt Amazon-konto till {application}, för: {account}.\nOm du \
             inte känner igen namnet eller inte väntade dig den här länken stänger du sidan; inget \
             har hänt än.\nFortsätt annars: Amazon ber sedan om ditt samtycke.",
        ),
        Message::LinkUsed => (
            "Länken har redan använts",
            "En länk fungerar bara en gång, och den här har redan använts. Inget mer har hänt med \
             ditt konto.\nOm du fortfarande behöver en ber du supporten för {application} om en ny \
             länk.",
        ),
        Message::LinkExpired => (
            "Länken har gått ut",
            "Den gäller inte längre. Inget har hänt med ditt konto.\nBe supporten för {application} \
             om en ny länk.",
        ),
        Message::NotFound => ("Sidan finns inte", "Kontrollera adressen."),
    }
}
