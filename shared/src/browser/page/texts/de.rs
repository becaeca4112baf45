//! German. `THE_APPLICATION` serves as subject and object, hence “für” and no preposition with the dative.

use crate::browser::page::{Message, texts::Word};

pub(super) const THE_APPLICATION: &str = "die Anwendung";
pub(super) const SUPPORT_CODE: &str = "Code für den Support:";
pub(super) const CONTINUE: &str = "Weiter zu Amazon";
pub(super) const START_AGAIN: &str = "Noch einmal beginnen";
pub(super) const LOOK_AGAIN: &str = "Jetzt noch einmal nachsehen";
pub(super) const WITHOUT_LINK: &str = "Ohne den Link fortfahren, denn ich habe bei Amazon begonnen";

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
        Word::Manage => "Verbindung bei Amazon erneuern oder beenden (Manage Your Apps)",
        Word::OtherAccount => "Stattdessen dieses Amazon-Konto verbinden: {partner}",
        Word::WhoMay => {
            "Melden Sie sich bei {central} als Hauptbenutzer des Kontos an oder mit einem Benutzer, der die nötigen Berechtigungen hat."
        }
        Word::Plan => "Das Konto braucht den Verkaufstarif „Professionell“.",
        Word::Help => "Fehlercodes auf den Seiten von Amazon (auf Englisch)",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "Ihr Amazon-Konto ist verbunden",
            "Die Anwendung {name} kann jetzt auf Ihr Amazon-Konto zugreifen. Sie können das jederzeit bei Amazon beenden.\nSie können diese Seite schließen.",
        ),
        Message::AuthorizedButDisabled => (
            "Autorisiert, aber abgeschaltet",
            "Wir haben Ihre Autorisierung für {application} erhalten. Die Verbindung Ihres Amazon-Kontos \
             {partner} ist auf unserer Seite abgeschaltet und bleibt es.\nBitte wenden Sie sich an den \
             Support für {application}, um sie wieder einschalten zu lassen.",
        ),
        Message::Conflict => (
            "Wir prüfen Ihre Autorisierung",
            "Wir haben Ihre Autorisierung für {application} erhalten. Weil sie von derjenigen abweicht, die \
             uns für das Amazon-Konto {partner} bereits vorliegt, wird sie von einem Menschen geprüft, \
             bevor sie wirksam wird. Bis dahin funktioniert die bestehende Verbindung weiter.\nBitte wenden \
             Sie sich an den Support für {application}, wenn es eilt.",
        ),
        Message::Exchanging => (
            "Einen Moment bitte",
            "Wir schließen Ihre Autorisierung bei Amazon gerade ab. Diese Seite sieht von selbst wieder \
             nach.",
        ),
        Message::ChooseJourney => (
            "Welche ist es?",
            "Sie haben in diesem Browser mehr als eine Autorisierung für {application} begonnen. Bitte \
             wählen Sie diejenige, die Sie fortsetzen möchten.",
        ),
        Message::ChooseCentral => (
            "Wohin möchten Sie zurückkehren?",
            "Amazon hat uns nicht mitgeteilt, auf welcher seiner Websites Sie angemeldet sind.\nBitte wählen Sie diejenige, von der Sie kommen, um mit der Autorisierung für {application} fortzufahren.",
        ),
        Message::BadLink => (
            "Dieser Link funktioniert nicht",
            "Er ist unvollständig oder wurde unterwegs verändert. Mit Ihrem Konto ist nichts \
             geschehen.\nBitte gehen Sie dorthin zurück, woher Sie gekommen sind, und beginnen Sie die \
             Autorisierung noch einmal.",
        ),
        Message::Misdirected => (
            "Dieser Link führt an die falsche Adresse",
            "Bei Amazon sind für {application} die Login URI und die Redirect URI vertauscht. Das liegt nicht an Ihnen, und mit Ihrem Konto ist nichts geschehen.\nSie können hier fortfahren. Bitte informieren Sie den Support für {application}.",
        ),
        Message::NotAmazon => (
            "Zu Ihrer Sicherheit geht es hier nicht weiter",
            "Dieser Link hätte Sie auf eine Website geführt, die nicht zu Amazon gehört. Mit Ihrem Konto \
             ist nichts geschehen.\nBitte öffnen Sie {application} oder die Seiten von Amazon selbst und \
             beginnen Sie die Autorisierung dort.",
        ),
        Message::UnknownApplication => (
            "Wir kennen diese Anwendung nicht",
            "Der Link nennt eine Anwendung, für die wir hier nicht zuständig sind. Mit Ihrem Konto ist \
             nichts geschehen.\nBitte wenden Sie sich an den Support der Anwendung.",
        ),
        Message::StartElsewhere => (
            "Bitte beginnen Sie in der Anwendung",
            "Mit diesem Link lässt sich die Autorisierung nicht beginnen.\nBitte öffnen Sie {application}, \
             melden Sie sich an und verbinden Sie dort Ihr Amazon-Konto.",
        ),
        Message::UnknownState => (
            "Bitte beginnen Sie noch einmal",
            "Wir kennen diese Autorisierung nicht, oder sie liegt so lange zurück, dass sie bei uns nicht \
             mehr gespeichert ist. Mit Ihrem Konto ist nichts geschehen.\nBitte beginnen Sie die \
             Autorisierung noch einmal.",
        ),
        Message::OtherBrowser => (
            "Bitte verwenden Sie denselben Browser",
            "Diese Autorisierung wurde in einem anderen Browser begonnen, oder Ihr Browser speichert keine \
             Cookies.\nBitte erlauben Sie Cookies für diese Website und beginnen Sie die Autorisierung noch \
             einmal, von Anfang bis Ende im selben Browser.",
        ),
        Message::OtherPartner => (
            "Das ist ein anderes Amazon-Konto",
            "Sie sind bei Amazon als {partner} angemeldet, aber diese Autorisierung ist für ein anderes Konto bestimmt. Es wurde nichts gespeichert.\nBitte beginnen Sie noch einmal, und melden Sie sich bei Amazon mit dem erwarteten Konto an.",
        ),
        Message::Expired => (
            "Das hat zu lange gedauert",
            "Eine Autorisierung muss innerhalb von zehn Minuten abgeschlossen werden.\nBitte beginnen Sie \
             sie noch einmal.",
        ),
        Message::Interrupted => (
            "Bitte beginnen Sie noch einmal",
            "Die Autorisierung brach ab, bevor wir sie abschließen konnten.\nBitte beginnen Sie sie noch \
             einmal; Amazon wird Sie erneut um Ihre Bestätigung bitten.",
        ),
        Message::CodeRefused => (
            "Bitte beginnen Sie noch einmal",
            "Amazon nimmt diese Autorisierung nicht mehr an: Ihr Code gilt fünf Minuten lang und nur \
             einmal.\nBitte beginnen Sie die Autorisierung noch einmal.",
        ),
        Message::ApplicationRefused => (
            "Amazon hat {application} nicht akzeptiert",
            "Amazon hat die Zugangsdaten für {application} nicht akzeptiert. Das liegt nicht an Ihnen, und \
             mit Ihrem Konto ist nichts geschehen.\nBitte informieren Sie den Support für {application} und \
             versuchen Sie es später noch einmal.",
        ),
        Message::NotConsented => (
            "Es wurde nichts autorisiert",
            "Amazon hat gemeldet, dass die Autorisierung nicht erteilt wurde oder nicht abgeschlossen \
             werden konnte.\nWenn Sie {application} verbinden möchten, beginnen Sie bitte noch einmal und \
             melden Sie sich dazu als Hauptbenutzer Ihres Amazon-Kontos an.",
        ),
        Message::Unavailable => (
            "Bitte versuchen Sie es gleich noch einmal",
            "Im Moment antwortet etwas nicht. Es ist nichts verloren.\nBitte laden Sie diese Seite in einer \
             Minute neu.",
        ),
        Message::Internal => (
            "Bei uns stimmt etwas nicht",
            "Das liegt nicht an Ihnen. Wir haben das Problem festgehalten.\nBitte versuchen Sie es später \
             noch einmal und informieren Sie den Support für {application}, wenn es wieder geschieht.",
        ),
        Message::ConfirmLink => (
            "Möchten Sie Ihr Amazon-Konto verbinden?",
            "Ihr Amazon-Konto wird für {application} freigegeben, und zwar für: {account}.\nWenn Sie \
             diesen Namen nicht kennen oder diesen Link nicht erwartet haben, schließen Sie bitte \
             diese Seite; noch ist nichts geschehen.\nAndernfalls fahren Sie fort: Amazon bittet Sie \
             dann um Ihre Zustimmung.",
        ),
        Message::LinkUsed => (
            "Dieser Link wurde bereits verwendet",
            "Ein Link funktioniert nur einmal, und dieser wurde schon verwendet. Mit Ihrem Konto ist \
             nichts weiter geschehen.\nWenn Sie noch einen brauchen, bitten Sie den Support für \
             {application} um einen neuen Link.",
        ),
        Message::LinkExpired => (
            "Dieser Link ist abgelaufen",
            "Er ist nicht mehr gültig. Mit Ihrem Konto ist nichts geschehen.\nBitte fordern Sie beim \
             Support für {application} einen neuen Link an.",
        ),
        Message::NotFound => ("Diese Seite gibt es nicht", "Bitte prüfen Sie die Adresse."),
    }
}
