//! Italian, with “Lei”. `THE_APPLICATION` merges with no preposition, hence “per” and none of “di”, “a”,
//! “da”, “in” and “su”.

use crate::browser::page::{Message, texts::Word};

pub(super) const THE_APPLICATION: &str = "l’applicazione";
pub(super) const SUPPORT_CODE: &str = "Codice per l’assistenza:";
pub(super) const CONTINUE: &str = "Continua su Amazon";
pub(super) const START_AGAIN: &str = "Inizia di nuovo";
pub(super) const LOOK_AGAIN: &str = "Controlla ora";
pub(super) const WITHOUT_LINK: &str = "Continua senza il link, perché ho iniziato dalle pagine di Amazon";

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Reference => "Riferimento:",
        Word::Support => "Assistenza:",
        Word::Home => "Torna all’applicazione",
        Word::Done => "Completato",
        Word::Waiting => "Non ancora completato",
        Word::Problem => "Problema",
        Word::Partner => "Account Amazon",
        Word::Expected => "Account Amazon previsto",
        Word::Account => "Account nell’applicazione",
        Word::Stores => "Negozi",
        Word::Until => "Valida fino al",
        Word::SignInAt => "Accesso su",
        Word::Manage => "Rinnova o termina il collegamento su Amazon (Manage Your Apps)",
        Word::OtherAccount => "Collega invece questo account Amazon: {partner}",
        Word::WhoMay => {
            "Acceda a {central} come utente principale dell’account o come utente con le autorizzazioni necessarie."
        }
        Word::Plan => "L’account deve avere un piano di vendita Professionale.",
        Word::Help => "Codici di errore sulle pagine di Amazon (in inglese)",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "Il Suo account è collegato",
            "L’applicazione {name} può ora accedere al Suo account Amazon. Può interrompere l’accesso su Amazon in qualsiasi momento.\nPuò chiudere questa pagina.",
        ),
        Message::AuthorizedButDisabled => (
            "Autorizzazione ricevuta, ma collegamento disattivato",
            "Abbiamo ricevuto la Sua autorizzazione per {application}. Il collegamento del Suo account \
             Amazon {partner} è disattivato da parte nostra e rimane tale.\nPer farlo attivare, contatti \
             l’assistenza per {application}.",
        ),
        Message::Conflict => (
            "Stiamo verificando la Sua autorizzazione",
            "Abbiamo ricevuto la Sua autorizzazione per {application}. Poiché è diversa da quella che \
             abbiamo già per l’account Amazon {partner}, una persona la verifica prima che abbia effetto. \
             Fino ad allora il collegamento esistente continua a funzionare.\nSe ha urgenza, contatti \
             l’assistenza per {application}.",
        ),
        Message::Exchanging => (
            "Un momento, per favore",
            "Stiamo completando la Sua autorizzazione con Amazon. Questa pagina si aggiorna da sola.",
        ),
        Message::ChooseJourney => (
            "Di quale si tratta?",
            "Ha iniziato più di un’autorizzazione per {application} in questo browser. Scelga quella con \
             cui desidera continuare.",
        ),
        Message::ChooseCentral => (
            "Dove desidera tornare?",
            "Amazon non ci ha comunicato a quale dei suoi siti ha effettuato l’accesso.\nScelga quello da cui proviene per continuare l’autorizzazione per {application}.",
        ),
        Message::BadLink => (
            "Questo link non funziona",
            "È incompleto o è stato modificato lungo il percorso. Sul Suo account non è cambiato \
             nulla.\nTorni alla pagina da cui proveniva e inizi di nuovo l’autorizzazione.",
        ),
        Message::Misdirected => (
            "Questo link porta all’indirizzo sbagliato",
            "Presso Amazon, la Login URI e la Redirect URI registrate per {application} sono scambiate. Non è colpa Sua e al Suo account non è successo nulla.\nPuò continuare qui. Informi l’assistenza per {application}, per favore.",
        ),
        Message::NotAmazon => (
            "Ci siamo fermati qui per la Sua sicurezza",
            "Questo link L’avrebbe portata su un sito che non è di Amazon. Sul Suo account non è cambiato \
             nulla.\nPer iniziare l’autorizzazione, apra {application} oppure le pagine di Amazon.",
        ),
        Message::UnknownApplication => (
            "Non conosciamo questa applicazione",
            "Il link indica un’applicazione che non è gestita qui. Sul Suo account non è cambiato \
             nulla.\nContatti l’assistenza dell’applicazione.",
        ),
        Message::StartElsewhere => (
            "Inizi dall’applicazione, per favore",
            "Questa autorizzazione non può essere iniziata con questo link.\nApra {application}, effettui \
             l’accesso e colleghi lì il Suo account Amazon.",
        ),
        Message::UnknownState => (
            "Inizi di nuovo, per favore",
            "Non conosciamo questa autorizzazione, oppure è passato così tanto tempo che non la conserviamo \
             più. Sul Suo account non è cambiato nulla.\nInizi di nuovo l’autorizzazione.",
        ),
        Message::OtherBrowser => (
            "Usi lo stesso browser, per favore",
            "Questa autorizzazione è stata iniziata in un altro browser, oppure il Suo browser non conserva \
             i cookie.\nConsenta i cookie per questo sito e inizi di nuovo l’autorizzazione, in un solo \
             browser dall’inizio alla fine.",
        ),
        Message::OtherPartner => (
            "Questo è un altro account Amazon",
            "Ha effettuato l’accesso ad Amazon come {partner}, ma questa autorizzazione riguarda un altro account. Non è stato salvato nulla.\nInizi di nuovo e acceda ad Amazon con l’account previsto.",
        ),
        Message::Expired => (
            "È passato troppo tempo",
            "Un’autorizzazione va completata entro dieci minuti.\nLa inizi di nuovo, per favore.",
        ),
        Message::Interrupted => (
            "Inizi di nuovo, per favore",
            "L’autorizzazione si è interrotta prima che potessimo completarla.\nLa inizi di nuovo: Amazon \
             Le chiederà di confermare ancora una volta.",
        ),
        Message::CodeRefused => (
            "Inizi di nuovo, per favore",
            "Amazon non accetta più questa autorizzazione: il suo codice vale cinque minuti e una volta \
             sola.\nInizi di nuovo l’autorizzazione.",
        ),
        Message::ApplicationRefused => (
            "Amazon non ha accettato {application}",
            "Amazon non ha accettato le credenziali usate per {application}. Non è colpa Sua e sul Suo \
             account non è cambiato nulla.\nInformi l’assistenza per {application} e riprovi più tardi.",
        ),
        Message::NotConsented => (
            "Non è stato autorizzato nulla",
            "Amazon ha segnalato che l’autorizzazione non è stata concessa o non ha potuto essere \
             completata.\nSe desidera collegare {application}, inizi di nuovo dopo aver effettuato \
             l’accesso come utente principale del Suo account Amazon.",
        ),
        Message::Unavailable => (
            "Riprovi tra un momento, per favore",
            "Al momento qualcosa non risponde. Non è andato perso nulla.\nRicarichi questa pagina tra un \
             minuto.",
        ),
        Message::Internal => (
            "Qualcosa non va da parte nostra",
            "Non è colpa Sua. Abbiamo preso nota del problema.\nRiprovi più tardi e, se succede di nuovo, \
             informi l’assistenza per {application}.",
        ),
        Message::ConfirmLink => (
            "Desidera collegare il Suo account Amazon?",
            "Sta per autorizzare {application} a lavorare con il Suo account Amazon, per: \
             {account}.\nSe non conosce questo nome o non si aspettava questo link, chiuda questa \
             pagina: non è ancora cambiato nulla.\nAltrimenti continui: Amazon Le chiederà poi il \
             consenso.",
        ),
        Message::LinkUsed => (
            "Questo link è già stato utilizzato",
            "Un link funziona una volta sola e questo è già stato utilizzato. Sul Suo account non è \
             cambiato nient’altro.\nSe ne ha ancora bisogno, chieda un nuovo link all’assistenza per \
             {application}.",
        ),
        Message::LinkExpired => (
            "Questo link è scaduto",
            "Non è più valido. Sul Suo account non è cambiato nulla.\nChieda un nuovo link \
             all’assistenza per {application}.",
        ),
        Message::NotFound => ("Questa pagina non esiste", "Verifichi l’indirizzo, per favore."),
    }
}
