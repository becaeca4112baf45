//! Italian, with “tu” as on Amazon's pages.

use super::{Countries, Help, Word};
use crate::browser::page::Message;

pub(super) const SUPPORT_CODE: &str = "Codice per l’assistenza:";
pub(super) const CONTINUE: &str = "Continua su Amazon";
pub(super) const START_AGAIN: &str = "Ricomincia";
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
        Word::Site => "Sito di Amazon",
        Word::Manage => "Rinnova o termina il collegamento su Amazon (Manage Your Apps)",
        Word::OtherAccount => "Collega invece questo account Amazon: {partner}",
        Word::WhoMay => {
            "Accedi a {central} come utente principale dell’account o come utente con le autorizzazioni necessarie."
        }
        Word::SellerCentral => "Seller Central",
        Word::VendorCentral => "Vendor Central",
        Word::Plan => "L’account deve avere un piano di vendita Professionale.",
        Word::Language => "Lingua",
        Word::Help => "Codici di errore sulle pagine di Amazon",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "Il tuo account Amazon è collegato",
            "L’applicazione[ {name}] può ora accedere al tuo account Amazon. Puoi interrompere l’accesso su Amazon in qualsiasi momento.\nPuoi chiudere questa pagina.",
        ),
        Message::AuthorizedButDisabled => (
            "Autorizzazione ricevuta, ma collegamento disattivato",
            "Abbiamo ricevuto la tua autorizzazione per l’applicazione[ {name}]. Il collegamento del tuo account Amazon {partner} è disattivato da parte nostra e rimane tale.\nPer farlo attivare, contatta l’assistenza dell’applicazione.",
        ),
        Message::Conflict => (
            "Stiamo verificando la tua autorizzazione",
            "Abbiamo ricevuto la tua autorizzazione per l’applicazione[ {name}]. Poiché è diversa da quella che abbiamo già per l’account Amazon {partner}, il nostro team la verifica prima che abbia effetto. Fino ad allora il collegamento esistente continua a funzionare.\nSe è urgente, contatta l’assistenza dell’applicazione.",
        ),
        Message::Exchanging => (
            "Un momento, per favore",
            "Stiamo completando la tua autorizzazione con Amazon. Questa pagina si aggiorna automaticamente.",
        ),
        Message::ChooseJourney => (
            "Quale autorizzazione vuoi continuare?",
            "Hai iniziato più di un’autorizzazione per l’applicazione[ {name}] in questo browser. Scegli quella che vuoi continuare.",
        ),
        Message::ChooseCentral => (
            "Dove vuoi tornare?",
            "Amazon non ci ha comunicato a quale dei suoi siti hai effettuato l’accesso.\nScegli il sito da cui provieni per continuare l’autorizzazione per l’applicazione[ {name}].",
        ),
        Message::BadLink => (
            "Questo link non funziona",
            "È incompleto o è stato modificato prima di arrivarti. Sul tuo account non è cambiato nulla.\nTorna alla pagina da cui provieni e ricomincia l’autorizzazione.",
        ),
        Message::Misdirected => (
            "Questo link porta all’indirizzo sbagliato",
            "Su Amazon, la Login URI e la Redirect URI dell’applicazione[ {name}] sono scambiate. Non è colpa tua e sul tuo account non è cambiato nulla.\nPuoi continuare qui. Informa l’assistenza dell’applicazione, per favore.",
        ),
        Message::NotAmazon => (
            "Abbiamo interrotto l’operazione per la tua sicurezza",
            "Questo link porta a un sito che non è di Amazon. Sul tuo account non è cambiato nulla.\nInizia l’autorizzazione dall’applicazione[ {name}] oppure dalle pagine di Amazon.",
        ),
        Message::UnknownApplication => (
            "Non conosciamo questa applicazione",
            "Il link indica un’applicazione che non utilizza questo servizio. Sul tuo account non è cambiato nulla.\nContatta l’assistenza dell’applicazione.",
        ),
        Message::StartElsewhere => (
            "Inizia dall’applicazione",
            "Questa autorizzazione non può essere iniziata con questo link.\nAccedi all’applicazione[ {name}] e collega lì il tuo account Amazon.",
        ),
        Message::UnknownState => (
            "Ricomincia dall’inizio",
            "Non conosciamo questa autorizzazione, oppure è passato troppo tempo. Sul tuo account non è cambiato nulla.\nRicomincia l’autorizzazione.",
        ),
        Message::OtherBrowser => (
            "Usa lo stesso browser",
            "Questa autorizzazione è stata iniziata in un altro browser, oppure il tuo browser non salva i cookie.\nConsenti i cookie per questo sito e ricomincia l’autorizzazione, in un solo browser dall’inizio alla fine.",
        ),
        Message::OtherPartner => (
            "Questo è un altro account Amazon",
            "Hai effettuato l’accesso ad Amazon come {partner}, ma questa autorizzazione riguarda un altro account. Non è stato salvato nulla.\nRicomincia e accedi ad Amazon con l’account previsto.",
        ),
        Message::Expired => (
            "È passato troppo tempo",
            "Un’autorizzazione va completata entro dieci minuti.\nRicominciala, per favore.",
        ),
        Message::Interrupted => (
            "Ricomincia dall’inizio",
            "L’autorizzazione è stata interrotta prima che potessimo completarla.\nRicominciala: Amazon ti chiederà di confermare ancora una volta.",
        ),
        Message::CodeRefused => (
            "Ricomincia dall’inizio",
            "Amazon non accetta più questa autorizzazione: il codice di autorizzazione vale cinque minuti e una volta sola.\nRicomincia l’autorizzazione.",
        ),
        Message::ApplicationRefused => (
            "L’applicazione ha un problema con Amazon",
            "Amazon non ha accettato le credenziali dell’applicazione[ {name}]. Non è colpa tua e sul tuo account non è cambiato nulla.\nInforma l’assistenza dell’applicazione e riprova più tardi.",
        ),
        Message::NotConsented => (
            "Non è stato autorizzato nulla",
            "Amazon ha segnalato che l’autorizzazione non è stata concessa o non ha potuto essere completata.\nSe vuoi collegare l’applicazione[ {name}], ricomincia dopo aver effettuato l’accesso come utente principale del tuo account Amazon.",
        ),
        Message::Unavailable => (
            "Riprova tra un momento",
            "Al momento un servizio non risponde. Non è andato perso nulla.\nRicarica questa pagina tra un minuto.",
        ),
        Message::Internal => (
            "Si è verificato un problema da parte nostra",
            "Non è colpa tua. Abbiamo registrato il problema.\nRiprova più tardi. Se succede di nuovo, informa l’assistenza dell’applicazione[ {name}].",
        ),
        Message::ConfirmLink => (
            "Vuoi collegare il tuo account Amazon?",
            "Stai per collegare il tuo account Amazon all’applicazione[ {name}], per questo account dell’applicazione: {account}.\nSe non conosci questo nome o non ti aspettavi questo link, chiudi questa pagina: sul tuo account Amazon non è cambiato nulla.\nAltrimenti continua: Amazon ti chiederà poi il consenso.",
        ),
        Message::LinkUsed => (
            "Questo link è già stato utilizzato",
            "Un link funziona una volta sola e questo è già stato utilizzato. Sul tuo account non è cambiato nient’altro.\nSe hai ancora bisogno di un link, chiedine uno nuovo all’assistenza dell’applicazione[ {name}].",
        ),
        Message::LinkExpired => (
            "Questo link è scaduto",
            "Non è più valido. Sul tuo account non è cambiato nulla.\nChiedi un nuovo link all’assistenza dell’applicazione[ {name}].",
        ),
        Message::NotFound => ("Questa pagina non esiste", "Verifica l’indirizzo, per favore."),
    }
}

pub(super) const DAY: &str = "{day} {month} {year}";
pub(super) const MONTHS: [&str; 12] = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
];
#[rustfmt::skip]
pub(super) const COUNTRIES: Countries = [
    ("SA", "Arabia Saudita"), ("AU", "Australia"), ("BE", "Belgio"), ("BR", "Brasile"), ("CA", "Canada"),
    ("EG", "Egitto"), ("AE", "Emirati Arabi Uniti"), ("FR", "Francia"), ("DE", "Germania"),
    ("JP", "Giappone"), ("IN", "India"), ("IE", "Irlanda"), ("IT", "Italia"), ("MX", "Messico"),
    ("NL", "Paesi Bassi"), ("PL", "Polonia"), ("GB", "Regno Unito"), ("SG", "Singapore"), ("ES", "Spagna"),
    ("US", "Stati Uniti"), ("ZA", "Sudafrica"), ("SE", "Svezia"), ("TR", "Turchia"),
];

pub(super) const HELP: Help = Help {
    intro: "Se Amazon ti ha mostrato uno di questi codici, non è stato autorizzato nulla e sul tuo account non è cambiato nulla. Ricomincia dall’applicazione. Se il codice si ripresenta, invialo all’assistenza dell’applicazione.",
    operators: "Per i gestori dell’applicazione:",
    blank: "Se una pagina di Amazon resta vuota, ricaricala.",
    codes: [
        (
            "Amazon non conosce l’applicazione, oppure è ancora una bozza.",
            "",
            "Confronta l’ID dell’applicazione e l’impostazione «draft» con la console per sviluppatori di Amazon. La pagina del consenso di una bozza richiede version=beta.",
        ),
        (
            "La pagina è di un altro Paese o di un’altra regione, oppure l’ID dell’applicazione non è corretto.",
            "Ricomincia e scegli il Paese in cui è registrato il tuo account.",
            "Usa la pagina del consenso del Paese dell’account e confronta l’ID dell’applicazione.",
        ),
        (
            "Amazon non accetta l’indirizzo che ha portato a questa pagina.",
            "",
            "Confronta i due URI con quelli registrati su Amazon e verifica se l’applicazione è offerta in questo Paese.",
        ),
        (
            "La Redirect URI non è registrata su Amazon.",
            "",
            "Registra la Redirect URI su Amazon esattamente come la mostra la registrazione dell’applicazione.",
        ),
        ("Un URI dell’applicazione contiene un frammento (#).", "", "Registra gli URI su Amazon senza #."),
        (
            "L’applicazione non può essere autorizzata in questa regione.",
            "Chiedi all’assistenza dell’applicazione se è offerta nel tuo Paese.",
            "Verifica nella console per sviluppatori di Amazon se l’applicazione accetta nuove autorizzazioni in questa regione.",
        ),
        ("Su Amazon manca la Login URI o la Redirect URI.", "", "Registra entrambi gli URI su Amazon."),
        (
            "L’indirizzo che ha portato alla pagina di Amazon non è corretto.",
            "",
            "Verifica il link utilizzato dal partner.",
        ),
        (
            "Non sei l’utente principale dell’account.",
            "Chiedi all’utente principale dell’account di autorizzare l’applicazione.",
            "",
        ),
        (
            "Amazon non consente a questo tipo di account aziendale di autorizzare applicazioni.",
            "Accedi con un altro account oppure rivolgiti all’assistenza di Amazon.",
            "",
        ),
        (
            "Al tuo gruppo di Vendor Central manca il ruolo richiesto da «Manage Your Apps».",
            "Chiedi questo ruolo a un amministratore del tuo account Vendor Central.",
            "",
        ),
        (
            "L’applicazione ha raggiunto il numero massimo di autorizzazioni.",
            "",
            "Una bozza ha poche autorizzazioni. Pubblica l’applicazione oppure rimuovi le autorizzazioni che non servono più.",
        ),
    ],
};
