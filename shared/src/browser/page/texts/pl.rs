//! Polish, with “Ty” as on Amazon's pages. “Aplikacja” is declined, and the name after it is not. A no-break space stands after a word
//! of one letter, which must not end a line.

use super::{Countries, Help, Word};
use crate::browser::page::Message;

pub(super) const SUPPORT_CODE: &str = "Kod dla pomocy technicznej:";
pub(super) const CONTINUE: &str = "Przejdź do Amazon";
pub(super) const START_AGAIN: &str = "Zacznij od nowa";
pub(super) const LOOK_AGAIN: &str = "Sprawdź teraz";
pub(super) const WITHOUT_LINK: &str = "Kontynuuj bez linku, bo autoryzacja zaczęła się na stronach Amazon";

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Reference => "Numer referencyjny:",
        Word::Support => "Pomoc techniczna:",
        Word::Home => "Wróć do aplikacji",
        Word::Done => "Gotowe",
        Word::Waiting => "Jeszcze nie ukończono",
        Word::Problem => "Problem",
        Word::Partner => "Konto Amazon",
        Word::Expected => "Oczekiwane konto Amazon",
        Word::Account => "Konto w\u{a0}aplikacji",
        Word::Stores => "Sklepy",
        Word::Until => "Ważne do",
        Word::SignInAt => "Logowanie na stronie",
        Word::Site => "Serwis Amazon",
        Word::Manage => "Odnów lub zakończ połączenie w\u{a0}Amazon (Manage Your Apps)",
        Word::OtherAccount => "Połącz zamiast tego to konto Amazon: {partner}",
        Word::WhoMay => {
            "Zaloguj się w\u{a0}{central} jako główny użytkownik konta lub jako użytkownik z\u{a0}odpowiednimi uprawnieniami."
        }
        Word::SellerCentral => "Seller Central",
        Word::VendorCentral => "Vendor Central",
        Word::Plan => "Konto musi mieć Profesjonalny plan sprzedaży.",
        Word::Language => "Język",
        Word::Help => "Kody błędów na stronach Amazon",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "Twoje konto Amazon jest połączone",
            "Aplikacja[ {name}] ma teraz dostęp do Twojego konta Amazon. Dostęp możesz w\u{a0}każdej chwili zakończyć w\u{a0}Amazon.\nMożesz zamknąć tę stronę.",
        ),
        Message::AuthorizedButDisabled => (
            "Autoryzacja przyjęta, ale połączenie wyłączone",
            "Otrzymaliśmy Twoją autoryzację dla aplikacji[ {name}]. Połączenie Twojego konta Amazon {partner} jest po naszej stronie wyłączone i\u{a0}takie pozostaje.\nAby je włączyć, skontaktuj się z\u{a0}pomocą techniczną aplikacji.",
        ),
        Message::Conflict => (
            "Sprawdzamy Twoją autoryzację",
            "Otrzymaliśmy Twoją autoryzację dla aplikacji[ {name}]. Ponieważ różni się ona od tej, którą już mamy dla konta Amazon {partner}, zanim zacznie obowiązywać, sprawdzi ją nasz zespół. Do tego czasu dotychczasowe połączenie działa nadal.\nW\u{a0}pilnych sprawach skontaktuj się z\u{a0}pomocą techniczną aplikacji.",
        ),
        Message::Exchanging => {
            ("Chwileczkę", "Kończymy Twoją autoryzację w\u{a0}Amazon. Ta strona odświeży się automatycznie.")
        }
        Message::ChooseJourney => (
            "Którą autoryzację chcesz kontynuować?",
            "W\u{a0}tej przeglądarce rozpoczęto więcej niż jedną autoryzację dla aplikacji[ {name}]. Wybierz tę, którą chcesz kontynuować.",
        ),
        Message::ChooseCentral => (
            "Dokąd chcesz wrócić?",
            "Amazon nie przekazał nam, w\u{a0}którym ze swoich serwisów masz otwartą sesję.\nWybierz serwis, z\u{a0}którego tu przechodzisz, aby kontynuować autoryzację dla aplikacji[ {name}].",
        ),
        Message::BadLink => (
            "Ten link nie działa",
            "Jest niekompletny lub został zmieniony, zanim do Ciebie dotarł. Na Twoim koncie nic się nie zmieniło.\nWróć do poprzedniej strony i\u{a0}rozpocznij autoryzację ponownie.",
        ),
        Message::Misdirected => (
            "Ten link prowadzi pod niewłaściwy adres",
            "W\u{a0}Amazon zamieniono miejscami Login URI i\u{a0}Redirect URI aplikacji[ {name}]. To nie Twoja wina i\u{a0}na Twoim koncie nic się nie zmieniło.\nMożesz kontynuować tutaj. Prosimy, powiadom pomoc techniczną aplikacji.",
        ),
        Message::NotAmazon => (
            "Zatrzymaliśmy się tu dla Twojego bezpieczeństwa",
            "Ten link prowadzi do witryny, która nie należy do Amazon. Na Twoim koncie nic się nie zmieniło.\nRozpocznij autoryzację w\u{a0}aplikacji[ {name}] lub na stronach Amazon.",
        ),
        Message::UnknownApplication => (
            "Nie znamy tej aplikacji",
            "Link wskazuje aplikację, która nie korzysta z\u{a0}tej usługi. Na Twoim koncie nic się nie zmieniło.\nSkontaktuj się z\u{a0}pomocą techniczną aplikacji.",
        ),
        Message::StartElsewhere => (
            "Zacznij w\u{a0}aplikacji",
            "Tej autoryzacji nie można rozpocząć za pomocą tego linku.\nZaloguj się w\u{a0}aplikacji[ {name}] i\u{a0}tam połącz swoje konto Amazon.",
        ),
        Message::UnknownState => (
            "Zacznij od nowa",
            "Nie znamy tej autoryzacji albo minęło zbyt dużo czasu. Na Twoim koncie nic się nie zmieniło.\nRozpocznij autoryzację ponownie.",
        ),
        Message::OtherBrowser => (
            "Użyj tej samej przeglądarki",
            "Tę autoryzację rozpoczęto w\u{a0}innej przeglądarce albo Twoja przeglądarka nie zapisuje plików cookie.\nZezwól tej witrynie na pliki cookie i\u{a0}rozpocznij autoryzację ponownie, od początku do końca w\u{a0}jednej przeglądarce.",
        ),
        Message::OtherPartner => (
            "To jest inne konto Amazon",
            "W\u{a0}Amazon jest zalogowane konto {partner}, ale ta autoryzacja dotyczy innego konta. Niczego nie zapisano.\nZacznij od nowa i\u{a0}zaloguj się w\u{a0}Amazon na oczekiwane konto.",
        ),
        Message::Expired => (
            "Trwało to zbyt długo",
            "Autoryzację trzeba zakończyć w\u{a0}ciągu dziesięciu minut.\nRozpocznij ją ponownie.",
        ),
        Message::Interrupted => (
            "Zacznij od nowa",
            "Autoryzacja została przerwana, zanim mogliśmy ją zakończyć.\nRozpocznij ją ponownie; Amazon jeszcze raz poprosi o\u{a0}potwierdzenie.",
        ),
        Message::CodeRefused => (
            "Zacznij od nowa",
            "Amazon nie przyjmuje już tej autoryzacji: kod autoryzacji jest ważny pięć minut i\u{a0}tylko jeden raz.\nRozpocznij autoryzację ponownie.",
        ),
        Message::ApplicationRefused => (
            "Aplikacja ma problem z\u{a0}Amazon",
            "Amazon nie przyjął danych uwierzytelniających aplikacji[ {name}]. To nie Twoja wina i\u{a0}na Twoim koncie nic się nie zmieniło.\nPowiadom pomoc techniczną aplikacji i\u{a0}spróbuj ponownie później.",
        ),
        Message::NotConsented => (
            "Niczego nie autoryzowano",
            "Amazon zgłosił, że autoryzacji nie udzielono lub nie można było jej ukończyć.\nJeśli chcesz połączyć aplikację[ {name}], zacznij od nowa po zalogowaniu się jako główny użytkownik swojego konta Amazon.",
        ),
        Message::Unavailable => (
            "Spróbuj ponownie za chwilę",
            "Jedna z\u{a0}usług w\u{a0}tej chwili nie odpowiada. Nic nie zostało utracone.\nOdśwież tę stronę za minutę.",
        ),
        Message::Internal => (
            "Wystąpił problem po naszej stronie",
            "To nie Twoja wina. Problem został zarejestrowany.\nSpróbuj ponownie później. Jeśli problem się powtórzy, powiadom pomoc techniczną aplikacji[ {name}].",
        ),
        Message::ConfirmLink => (
            "Czy chcesz połączyć swoje konto Amazon?",
            "Za chwilę połączysz swoje konto Amazon z\u{a0}aplikacją[ {name}], dla tego konta w\u{a0}aplikacji: {account}.\nJeśli nie znasz tej nazwy lub nie spodziewasz się tego linku, zamknij tę stronę; na Twoim koncie Amazon nic się nie zmieniło.\nW\u{a0}przeciwnym razie przejdź dalej: Amazon poprosi wtedy o\u{a0}Twoją zgodę.",
        ),
        Message::LinkUsed => (
            "Ten link został już użyty",
            "Link działa tylko raz, a\u{a0}ten został już użyty. Na Twoim koncie nic więcej się nie zmieniło.\nJeśli nadal potrzebujesz linku, poproś pomoc techniczną aplikacji[ {name}] o\u{a0}nowy.",
        ),
        Message::LinkExpired => (
            "Ten link stracił ważność",
            "Nie można go już użyć. Na Twoim koncie nic się nie zmieniło.\nPoproś pomoc techniczną aplikacji[ {name}] o\u{a0}nowy link.",
        ),
        Message::NotFound => ("Nie ma takiej strony", "Sprawdź adres."),
    }
}

pub(super) const DAY: &str = "{day} {month} {year}";
pub(super) const MONTHS: [&str; 12] = [
    "stycznia",
    "lutego",
    "marca",
    "kwietnia",
    "maja",
    "czerwca",
    "lipca",
    "sierpnia",
    "września",
    "października",
    "listopada",
    "grudnia",
];
#[rustfmt::skip]
pub(super) const COUNTRIES: Countries = [
    ("SA", "Arabia Saudyjska"), ("AU", "Australia"), ("BE", "Belgia"), ("BR", "Brazylia"), ("EG", "Egipt"),
    ("FR", "Francja"), ("ES", "Hiszpania"), ("NL", "Holandia"), ("IN", "Indie"), ("IE", "Irlandia"),
    ("JP", "Japonia"), ("CA", "Kanada"), ("MX", "Meksyk"), ("DE", "Niemcy"), ("PL", "Polska"),
    ("ZA", "Republika Południowej Afryki"), ("SG", "Singapur"), ("US", "Stany Zjednoczone"),
    ("SE", "Szwecja"), ("TR", "Turcja"), ("GB", "Wielka Brytania"), ("IT", "Włochy"),
    ("AE", "Zjednoczone Emiraty Arabskie"),
];

pub(super) const HELP: Help = Help {
    intro: "Jeśli Amazon wyświetlił jeden z\u{a0}tych kodów, niczego nie autoryzowano i\u{a0}na Twoim koncie nic się nie zmieniło. Zacznij od nowa w\u{a0}aplikacji. Jeśli kod pojawi się ponownie, wyślij go do pomocy technicznej aplikacji.",
    operators: "Dla operatorów aplikacji:",
    blank: "Jeśli strona Amazon pozostaje pusta, odśwież ją.",
    codes: [
        (
            "Amazon nie zna aplikacji albo jest ona jeszcze wersją roboczą.",
            "",
            "Porównaj identyfikator aplikacji i\u{a0}ustawienie „draft” z\u{a0}konsolą dla deweloperów Amazon. Strona zgody wersji roboczej wymaga version=beta.",
        ),
        (
            "To strona innego kraju lub regionu albo identyfikator aplikacji jest nieprawidłowy.",
            "Zacznij od nowa i\u{a0}wybierz kraj, w\u{a0}którym zarejestrowano Twoje konto.",
            "Użyj strony zgody dla kraju konta i\u{a0}porównaj identyfikator aplikacji.",
        ),
        (
            "Amazon nie akceptuje adresu, który prowadził na jego stronę.",
            "",
            "Porównaj oba adresy URI z\u{a0}adresami w\u{a0}Amazon i\u{a0}sprawdź, czy aplikacja jest oferowana w\u{a0}tym kraju.",
        ),
        (
            "Redirect URI nie jest zarejestrowany w\u{a0}Amazon.",
            "",
            "Zarejestruj Redirect URI w\u{a0}Amazon dokładnie tak, jak pokazuje go rejestracja aplikacji.",
        ),
        (
            "Adres URI aplikacji zawiera fragment (#).",
            "",
            "Zarejestruj w\u{a0}Amazon adresy URI bez znaku #.",
        ),
        (
            "Aplikacji nie można autoryzować w\u{a0}tym regionie.",
            "Zapytaj pomoc techniczną aplikacji, czy jest ona oferowana w\u{a0}Twoim kraju.",
            "Sprawdź w\u{a0}konsoli dla deweloperów Amazon, czy aplikacja przyjmuje nowe autoryzacje w\u{a0}tym regionie.",
        ),
        (
            "W\u{a0}Amazon brakuje Login URI lub Redirect URI.",
            "",
            "Zarejestruj oba adresy URI w\u{a0}Amazon.",
        ),
        (
            "Adres, który prowadził na stronę Amazon, jest nieprawidłowy.",
            "",
            "Sprawdź link, którego użył partner.",
        ),
        (
            "Nie jesteś głównym użytkownikiem konta.",
            "Poproś głównego użytkownika konta o\u{a0}autoryzację aplikacji.",
            "",
        ),
        (
            "Amazon nie zezwala kontom firmowym tego rodzaju na autoryzowanie aplikacji.",
            "Zaloguj się na inne konto albo zwróć się do pomocy technicznej Amazon.",
            "",
        ),
        (
            "Twojej grupie w\u{a0}Vendor Central brakuje roli, której wymaga „Manage Your Apps”.",
            "Poproś administratora swojego konta Vendor Central o\u{a0}tę rolę.",
            "",
        ),
        (
            "Aplikacja osiągnęła maksymalną liczbę autoryzacji.",
            "",
            "Wersja robocza ma niewiele autoryzacji. Opublikuj aplikację albo usuń autoryzacje, które nie są już potrzebne.",
        ),
    ],
};
