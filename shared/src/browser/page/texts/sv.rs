//! Swedish, with “du”: “ni” would sound stiff.

use crate::browser::page::{Message, texts::Word};

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
        Word::SellerCentral => "Seller Central",
        Word::VendorCentral => "Vendor Central",
        Word::Plan => "Kontot behöver en professionell säljplan.",
        Word::Language => "Språk",
        Word::Help => "Felkoder på Amazons sidor (på engelska)",
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
