//! Polish. Names are not declined, so they are subjects or stand in brackets, and so does `THE_APPLICATION`.

use crate::browser::page::{Message, texts::Word};

pub(super) const THE_APPLICATION: &str = "aplikacja";
pub(super) const SUPPORT_CODE: &str = "Kod dla pomocy technicznej:";
pub(super) const CONTINUE: &str = "Przejdź do Amazon";
pub(super) const START_AGAIN: &str = "Zacznij od nowa";
pub(super) const LOOK_AGAIN: &str = "Sprawdź teraz";
pub(super) const WITHOUT_LINK: &str = "Kontynuuj bez linku, bo zaczęto na stronach Amazon";

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
        Word::Account => "Konto w aplikacji",
        Word::Stores => "Sklepy",
        Word::Until => "Ważne do",
        Word::SignInAt => "Logowanie w",
        Word::Manage => "Odnów lub zakończ połączenie w Amazon (Manage Your Apps)",
        Word::OtherAccount => "Połącz zamiast tego to konto Amazon: {partner}",
        Word::WhoMay => {
            "Prosimy zalogować się w {central} jako główny użytkownik konta lub jako użytkownik z odpowiednimi uprawnieniami."
        }
        Word::Plan => "Konto musi mieć Profesjonalny plan sprzedaży.",
        Word::Help => "Kody błędów na stronach Amazon (po angielsku)",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "Konto jest połączone",
            "Aplikacja {name} może teraz korzystać z Państwa konta Amazon. Dostęp można w każdej chwili zakończyć w Amazon.\nMogą Państwo zamknąć tę stronę.",
        ),
        Message::AuthorizedButDisabled => (
            "Autoryzacja przyjęta, ale połączenie wyłączone",
            "Otrzymaliśmy Państwa autoryzację ({application}). Połączenie Państwa konta Amazon {partner} \
             jest po naszej stronie wyłączone i takie pozostaje.\nAby je włączyć, prosimy o kontakt z \
             pomocą techniczną ({application}).",
        ),
        Message::Conflict => (
            "Sprawdzamy Państwa autoryzację",
            "Otrzymaliśmy Państwa autoryzację ({application}). Ponieważ różni się ona od tej, którą już \
             mamy dla konta Amazon {partner}, zanim zacznie obowiązywać, sprawdzi ją nasz pracownik. Do \
             tego czasu dotychczasowe połączenie działa nadal.\nW pilnych sprawach prosimy o kontakt z \
             pomocą techniczną ({application}).",
        ),
        Message::Exchanging => {
            ("Chwileczkę", "Kończymy Państwa autoryzację w Amazon. Ta strona odświeży się sama.")
        }
        Message::ChooseJourney => (
            "Którą autoryzację kontynuować?",
            "W tej przeglądarce rozpoczęto więcej niż jedną autoryzację ({application}). Prosimy wybrać tę, \
             którą chcą Państwo kontynuować.",
        ),
        Message::ChooseCentral => (
            "Dokąd wrócić?",
            "Amazon nie przekazał nam, w którym ze swoich serwisów są Państwo zalogowani.\nProsimy wybrać serwis, z którego Państwo przyszli, aby kontynuować autoryzację ({application}).",
        ),
        Message::BadLink => (
            "Ten link nie działa",
            "Jest niekompletny lub został po drodze zmieniony. Na Państwa koncie nic się nie \
             zmieniło.\nProsimy wrócić do miejsca, z którego Państwo przyszli, i rozpocząć autoryzację \
             ponownie.",
        ),
        Message::Misdirected => (
            "Ten link prowadzi pod niewłaściwy adres",
            "W Amazon zamieniono miejscami Login URI i Redirect URI ({application}). To nie jest Państwa wina i na Państwa koncie nic się nie zmieniło.\nMożna kontynuować tutaj. Prosimy powiadomić pomoc techniczną ({application}).",
        ),
        Message::NotAmazon => (
            "Zatrzymaliśmy się tu dla Państwa bezpieczeństwa",
            "Ten link prowadził do witryny, która nie należy do Amazon. Na Państwa koncie nic się nie \
             zmieniło.\nProsimy rozpocząć autoryzację w miejscu, w którym działa {application}, lub na \
             stronach Amazon.",
        ),
        Message::UnknownApplication => (
            "Nie znamy tej aplikacji",
            "Link wskazuje aplikację, która nie jest tutaj obsługiwana. Na Państwa koncie nic się nie \
             zmieniło.\nProsimy o kontakt z pomocą techniczną aplikacji.",
        ),
        Message::StartElsewhere => (
            "Prosimy zacząć w aplikacji",
            "Tej autoryzacji nie można rozpocząć za pomocą tego linku.\nProsimy zalogować się tam, gdzie \
             działa {application}, i tam połączyć swoje konto Amazon.",
        ),
        Message::UnknownState => (
            "Prosimy zacząć od nowa",
            "Nie znamy tej autoryzacji albo minęło tak dużo czasu, że już jej nie przechowujemy. Na Państwa \
             koncie nic się nie zmieniło.\nProsimy rozpocząć autoryzację ponownie.",
        ),
        Message::OtherBrowser => (
            "Prosimy użyć tej samej przeglądarki",
            "Tę autoryzację rozpoczęto w innej przeglądarce albo Państwa przeglądarka nie zapisuje plików \
             cookie.\nProsimy zezwolić tej witrynie na pliki cookie i rozpocząć autoryzację ponownie, od \
             początku do końca w jednej przeglądarce.",
        ),
        Message::OtherPartner => (
            "To jest inne konto Amazon",
            "W Amazon jest zalogowane konto {partner}, ale ta autoryzacja dotyczy innego konta. Niczego nie zapisano.\nProsimy zacząć od nowa i zalogować się w Amazon na oczekiwane konto.",
        ),
        Message::Expired => (
            "Trwało to zbyt długo",
            "Autoryzację trzeba zakończyć w ciągu dziesięciu minut.\nProsimy rozpocząć ją ponownie.",
        ),
        Message::Interrupted => (
            "Prosimy zacząć od nowa",
            "Autoryzacja została przerwana, zanim mogliśmy ją zakończyć.\nProsimy rozpocząć ją ponownie; \
             Amazon jeszcze raz poprosi o potwierdzenie.",
        ),
        Message::CodeRefused => (
            "Prosimy zacząć od nowa",
            "Amazon nie przyjmuje już tej autoryzacji: jej kod jest ważny pięć minut i tylko jeden \
             raz.\nProsimy rozpocząć autoryzację ponownie.",
        ),
        Message::ApplicationRefused => (
            "Problem z Amazon ({application})",
            "Amazon nie przyjął danych uwierzytelniających, których używa {application}. To nie Państwa \
             wina, a na Państwa koncie nic się nie zmieniło.\nProsimy powiadomić pomoc techniczną \
             ({application}) i spróbować później.",
        ),
        Message::NotConsented => (
            "Niczego nie autoryzowano",
            "Amazon zgłosił, że autoryzacji nie udzielono lub nie można było jej ukończyć.\nJeśli \
             {application} ma współpracować z Państwa kontem Amazon, prosimy zacząć od nowa po zalogowaniu \
             się jako główny użytkownik tego konta.",
        ),
        Message::Unavailable => (
            "Prosimy spróbować za chwilę",
            "W tej chwili coś nie odpowiada. Nic nie zostało utracone.\nProsimy odświeżyć tę stronę za \
             minutę.",
        ),
        Message::Internal => (
            "Coś jest nie tak po naszej stronie",
            "To nie Państwa wina. Odnotowaliśmy ten problem.\nProsimy spróbować później, a jeśli problem \
             się powtórzy, powiadomić pomoc techniczną ({application}).",
        ),
        Message::ConfirmLink => (
            "Czy chcą Państwo połączyć swoje konto Amazon?",
            "Połączenie ({application}) obejmie Państwa konto Amazon i będzie dotyczyć: \
             {account}.\nJeśli nie znają Państwo tej nazwy lub nie spodziewali się Państwo tego \
             linku, prosimy zamknąć tę stronę; nic się jeszcze nie zmieniło.\nW przeciwnym razie \
             prosimy przejść dalej: Amazon poprosi wtedy o Państwa zgodę.",
        ),
        Message::LinkUsed => (
            "Ten link został już użyty",
            "Link działa tylko raz, a ten został już użyty. Na Państwa koncie nic więcej się nie \
             zmieniło.\nJeśli link jest nadal potrzebny, prosimy poprosić pomoc techniczną \
             ({application}) o nowy.",
        ),
        Message::LinkExpired => (
            "Ten link stracił ważność",
            "Nie jest już ważny. Na Państwa koncie nic się nie zmieniło.\nProsimy poprosić pomoc \
             techniczną ({application}) o nowy link.",
        ),
        Message::NotFound => ("Nie ma takiej strony", "Prosimy sprawdzić adres."),
    }
}
