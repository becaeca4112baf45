//! German, with “Sie”. Amazon says “primärer Benutzer” and “Verkaufstarif Professionell”.

use super::{Countries, Help, Word};
use crate::browser::page::Message;

pub(super) const SUPPORT_CODE: &str = "Code für den Support:";
pub(super) const CONTINUE: &str = "Weiter zu Amazon";
pub(super) const START_AGAIN: &str = "Noch einmal beginnen";
pub(super) const LOOK_AGAIN: &str = "Jetzt noch einmal nachsehen";
pub(super) const WITHOUT_LINK: &str =
    "Ohne den Link fortfahren, denn ich habe auf den Seiten von Amazon begonnen";

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Reference => "Referenz:",
        Word::Support => "Support:",
        Word::Home => "Zurück zur Anwendung",
        Word::Done => "Erledigt",
        Word::Waiting => "Noch nicht abgeschlossen",
        Word::Problem => "Problem",
        Word::Partner => "Amazon-Konto",
        Word::Expected => "Erwartetes Amazon-Konto",
        Word::Account => "Konto in der Anwendung",
        Word::Stores => "Shops",
        Word::Until => "Gültig bis",
        Word::SignInAt => "Anmeldung bei",
        Word::Site => "Website von Amazon",
        Word::Manage => "Verbindung bei Amazon erneuern oder beenden (Manage Your Apps)",
        Word::OtherAccount => "Stattdessen dieses Amazon-Konto verbinden: {partner}",
        Word::WhoMay => {
            "Melden Sie sich bei {central} als primärer Benutzer des Kontos an oder als ein Benutzer, der die nötigen Berechtigungen hat."
        }
        Word::SellerCentral => "Seller Central",
        Word::VendorCentral => "Vendor Central",
        Word::Plan => "Das Konto braucht den Verkaufstarif „Professionell“.",
        Word::Language => "Sprache",
        Word::Help => "Fehlercodes auf den Seiten von Amazon",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "Ihr Amazon-Konto ist verbunden",
            "Die Anwendung[ {name}] kann jetzt auf Ihr Amazon-Konto zugreifen. Sie können das jederzeit bei Amazon beenden.\nSie können diese Seite schließen.",
        ),
        Message::AuthorizedButDisabled => (
            "Autorisiert, aber deaktiviert",
            "Wir haben Ihre Autorisierung für die Anwendung[ {name}] erhalten. Die Verbindung Ihres Amazon-Kontos {partner} ist auf unserer Seite deaktiviert und bleibt es.\nBitte wenden Sie sich an den Support der Anwendung, um sie aktivieren zu lassen.",
        ),
        Message::Conflict => (
            "Wir prüfen Ihre Autorisierung",
            "Wir haben Ihre Autorisierung für die Anwendung[ {name}] erhalten. Weil sie von derjenigen abweicht, die uns für das Amazon-Konto {partner} bereits vorliegt, wird sie von unserem Team geprüft, bevor sie wirksam wird. Bis dahin funktioniert die bestehende Verbindung weiter.\nBitte wenden Sie sich an den Support der Anwendung, wenn es eilt.",
        ),
        Message::Exchanging => (
            "Einen Moment bitte",
            "Wir schließen Ihre Autorisierung bei Amazon gerade ab. Diese Seite aktualisiert sich automatisch.",
        ),
        Message::ChooseJourney => (
            "Welche Autorisierung möchten Sie fortsetzen?",
            "Sie haben in diesem Browser mehr als eine Autorisierung für die Anwendung[ {name}] begonnen. Bitte wählen Sie diejenige, die Sie fortsetzen möchten.",
        ),
        Message::ChooseCentral => (
            "Wohin möchten Sie zurückkehren?",
            "Amazon hat uns nicht mitgeteilt, auf welcher seiner Websites Sie angemeldet sind.\nBitte wählen Sie die Website, von der Sie kommen, um mit der Autorisierung für die Anwendung[ {name}] fortzufahren.",
        ),
        Message::BadLink => (
            "Dieser Link funktioniert nicht",
            "Er ist unvollständig oder wurde auf dem Weg zu Ihnen verändert. An Ihrem Konto wurde nichts geändert.\nBitte gehen Sie zurück zu der Seite, von der Sie gekommen sind, und beginnen Sie die Autorisierung noch einmal.",
        ),
        Message::Misdirected => (
            "Dieser Link führt an die falsche Adresse",
            "Bei Amazon sind für die Anwendung[ {name}] die Login URI und die Redirect URI vertauscht. Das liegt nicht an Ihnen, und an Ihrem Konto wurde nichts geändert.\nSie können hier fortfahren. Bitte informieren Sie den Support der Anwendung.",
        ),
        Message::NotAmazon => (
            "Zu Ihrer Sicherheit geht es hier nicht weiter",
            "Dieser Link führt auf eine Website, die nicht zu Amazon gehört. An Ihrem Konto wurde nichts geändert.\nBitte öffnen Sie die Anwendung[ {name}] oder die Seiten von Amazon selbst und beginnen Sie die Autorisierung dort.",
        ),
        Message::UnknownApplication => (
            "Wir kennen diese Anwendung nicht",
            "Der Link nennt eine Anwendung, die diesen Dienst nicht nutzt. An Ihrem Konto wurde nichts geändert.\nBitte wenden Sie sich an den Support der Anwendung.",
        ),
        Message::StartElsewhere => (
            "Bitte beginnen Sie in der Anwendung",
            "Mit diesem Link lässt sich die Autorisierung nicht beginnen.\nBitte melden Sie sich in der Anwendung[ {name}] an und verbinden Sie dort Ihr Amazon-Konto.",
        ),
        Message::UnknownState => (
            "Bitte beginnen Sie noch einmal",
            "Wir kennen diese Autorisierung nicht, oder sie liegt zu lange zurück. An Ihrem Konto wurde nichts geändert.\nBitte beginnen Sie die Autorisierung noch einmal.",
        ),
        Message::OtherBrowser => (
            "Bitte verwenden Sie denselben Browser",
            "Diese Autorisierung wurde in einem anderen Browser begonnen, oder Ihr Browser speichert keine Cookies.\nBitte erlauben Sie Cookies für diese Website und beginnen Sie die Autorisierung noch einmal, von Anfang bis Ende im selben Browser.",
        ),
        Message::OtherPartner => (
            "Das ist ein anderes Amazon-Konto",
            "Sie sind bei Amazon als {partner} angemeldet, aber diese Autorisierung ist für ein anderes Konto bestimmt. Es wurde nichts gespeichert.\nBitte beginnen Sie noch einmal, und melden Sie sich bei Amazon mit dem erwarteten Konto an.",
        ),
        Message::Expired => (
            "Das hat zu lange gedauert",
            "Eine Autorisierung muss innerhalb von zehn Minuten abgeschlossen werden.\nBitte beginnen Sie sie noch einmal.",
        ),
        Message::Interrupted => (
            "Bitte beginnen Sie noch einmal",
            "Die Autorisierung wurde unterbrochen, bevor wir sie abschließen konnten.\nBitte beginnen Sie sie noch einmal; Amazon wird Sie erneut um Ihre Bestätigung bitten.",
        ),
        Message::CodeRefused => (
            "Bitte beginnen Sie noch einmal",
            "Amazon nimmt diese Autorisierung nicht mehr an: Der Autorisierungscode gilt nur fünf Minuten und nur einmal.\nBitte beginnen Sie die Autorisierung noch einmal.",
        ),
        Message::ApplicationRefused => (
            "Die Anwendung hat ein Problem mit Amazon",
            "Amazon hat die Zugangsdaten der Anwendung[ {name}] nicht akzeptiert. Das liegt nicht an Ihnen, und an Ihrem Konto wurde nichts geändert.\nBitte informieren Sie den Support der Anwendung und versuchen Sie es später noch einmal.",
        ),
        Message::NotConsented => (
            "Es wurde nichts autorisiert",
            "Amazon hat gemeldet, dass die Autorisierung nicht erteilt wurde oder nicht abgeschlossen werden konnte.\nWenn Sie die Anwendung[ {name}] verbinden möchten, beginnen Sie bitte noch einmal und melden Sie sich dazu als primärer Benutzer Ihres Amazon-Kontos an.",
        ),
        Message::Unavailable => (
            "Bitte versuchen Sie es gleich noch einmal",
            "Im Moment antwortet ein Dienst nicht. Es ist nichts verloren.\nBitte laden Sie diese Seite in einer Minute neu.",
        ),
        Message::Internal => (
            "Bei uns ist ein Problem aufgetreten",
            "Das liegt nicht an Ihnen. Wir haben das Problem festgehalten.\nBitte versuchen Sie es später noch einmal. Wenn es wieder auftritt, informieren Sie bitte den Support der Anwendung[ {name}].",
        ),
        Message::ConfirmLink => (
            "Möchten Sie Ihr Amazon-Konto verbinden?",
            "Sie sind dabei, Ihr Amazon-Konto mit der Anwendung[ {name}] zu verbinden, für dieses Konto in der Anwendung: {account}.\nWenn Sie diesen Namen nicht kennen oder diesen Link nicht erwartet haben, schließen Sie bitte diese Seite; an Ihrem Amazon-Konto wurde nichts geändert.\nAndernfalls fahren Sie fort: Amazon bittet Sie dann um Ihre Zustimmung.",
        ),
        Message::LinkUsed => (
            "Dieser Link wurde bereits verwendet",
            "Ein Link funktioniert nur einmal, und dieser wurde schon verwendet. An Ihrem Konto wurde nichts weiter geändert.\nWenn Sie noch einen Link brauchen, bitten Sie den Support der Anwendung[ {name}] um einen neuen.",
        ),
        Message::LinkExpired => (
            "Dieser Link ist abgelaufen",
            "Er ist nicht mehr gültig. An Ihrem Konto wurde nichts geändert.\nBitte fordern Sie beim Support der Anwendung[ {name}] einen neuen Link an.",
        ),
        Message::NotFound => ("Diese Seite gibt es nicht", "Bitte prüfen Sie die Adresse."),
    }
}

pub(super) const DAY: &str = "{day}. {month} {year}";
pub(super) const MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
#[rustfmt::skip]
pub(super) const COUNTRIES: Countries = [
    ("EG", "Ägypten"), ("AU", "Australien"), ("BE", "Belgien"), ("BR", "Brasilien"), ("DE", "Deutschland"),
    ("FR", "Frankreich"), ("IN", "Indien"), ("IE", "Irland"), ("IT", "Italien"), ("JP", "Japan"),
    ("CA", "Kanada"), ("MX", "Mexiko"), ("NL", "Niederlande"), ("PL", "Polen"), ("SA", "Saudi-Arabien"),
    ("SE", "Schweden"), ("SG", "Singapur"), ("ES", "Spanien"), ("ZA", "Südafrika"), ("TR", "Türkei"),
    ("US", "USA"), ("AE", "Vereinigte Arabische Emirate"), ("GB", "Vereinigtes Königreich"),
];

pub(super) const HELP: Help = Help {
    intro: "Wenn Amazon Ihnen einen dieser Codes angezeigt hat, wurde nichts autorisiert, und an Ihrem Konto wurde nichts geändert. Bitte beginnen Sie in der Anwendung noch einmal. Wenn der Code wieder erscheint, senden Sie ihn an den Support der Anwendung.",
    operators: "Für die Betreiber der Anwendung:",
    blank: "Wenn eine Seite von Amazon leer bleibt, laden Sie sie bitte neu.",
    codes: [
        (
            "Amazon kennt die Anwendung nicht, oder sie ist noch ein Entwurf.",
            "",
            "Vergleichen Sie die Anwendungs-ID und die Einstellung „draft“ mit der Entwicklerkonsole von Amazon. Die Zustimmungsseite eines Entwurfs braucht version=beta.",
        ),
        (
            "Die Seite gehört zu einem anderen Land oder einer anderen Region, oder die Anwendungs-ID ist fehlerhaft.",
            "Beginnen Sie noch einmal, und wählen Sie das Land, in dem Ihr Konto registriert ist.",
            "Verwenden Sie die Zustimmungsseite des Landes, in dem das Konto registriert ist, und vergleichen Sie die Anwendungs-ID.",
        ),
        (
            "Amazon akzeptiert die Adresse nicht, die auf seine Seite geführt hat.",
            "",
            "Vergleichen Sie beide URIs mit denen bei Amazon, und prüfen Sie, ob die Anwendung in diesem Land angeboten wird.",
        ),
        (
            "Die Redirect URI ist bei Amazon nicht registriert.",
            "",
            "Registrieren Sie die Redirect URI bei Amazon genau so, wie die Registrierung der Anwendung sie zeigt.",
        ),
        (
            "Eine URI der Anwendung enthält ein Fragment (#).",
            "",
            "Registrieren Sie die URIs bei Amazon ohne #.",
        ),
        (
            "Die Anwendung kann in dieser Region nicht autorisiert werden.",
            "Fragen Sie den Support der Anwendung, ob sie in Ihrem Land angeboten wird.",
            "Prüfen Sie in der Entwicklerkonsole von Amazon, ob die Anwendung in dieser Region für neue Autorisierungen offen ist.",
        ),
        (
            "Bei Amazon fehlt die Login URI oder die Redirect URI.",
            "",
            "Registrieren Sie beide URIs bei Amazon.",
        ),
        (
            "Die Adresse, die auf die Seite von Amazon geführt hat, ist fehlerhaft.",
            "",
            "Prüfen Sie den Link, den der Partner verwendet hat.",
        ),
        (
            "Sie sind nicht der primäre Benutzer des Kontos.",
            "Bitten Sie den primären Benutzer des Kontos, die Anwendung zu autorisieren.",
            "",
        ),
        (
            "Amazon lässt nicht zu, dass diese Art von Geschäftskonto Anwendungen autorisiert.",
            "Melden Sie sich mit einem anderen Konto an, oder fragen Sie den Support von Amazon.",
            "",
        ),
        (
            "Ihrer Vendor-Gruppe fehlt die Rolle, die „Manage Your Apps“ voraussetzt.",
            "Bitten Sie einen Administrator Ihres Vendor-Central-Kontos um diese Rolle.",
            "",
        ),
        (
            "Die Anwendung hat die Höchstzahl ihrer Autorisierungen erreicht.",
            "",
            "Ein Entwurf hat nur wenige Autorisierungen. Veröffentlichen Sie die Anwendung, oder entfernen Sie Autorisierungen, die nicht mehr gebraucht werden.",
        ),
    ],
};
