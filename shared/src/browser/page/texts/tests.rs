//! What holds for every text of every language, and the words that a language avoids.

use std::collections::{BTreeSet, HashSet};

use super::*;

pub(in crate::browser::page) const EVERY_MESSAGE: [Message; 25] = [
    Message::Authorized,
    Message::AuthorizedButDisabled,
    Message::Conflict,
    Message::Exchanging,
    Message::ChooseJourney,
    Message::ChooseCentral,
    Message::BadLink,
    Message::NotAmazon,
    Message::Misdirected,
    Message::UnknownApplication,
    Message::StartElsewhere,
    Message::UnknownState,
    Message::OtherBrowser,
    Message::OtherPartner,
    Message::Expired,
    Message::Interrupted,
    Message::CodeRefused,
    Message::ApplicationRefused,
    Message::NotConsented,
    Message::Unavailable,
    Message::Internal,
    Message::ConfirmLink,
    Message::LinkUsed,
    Message::LinkExpired,
    Message::NotFound,
];

const EVERY_WORD: [Word; 21] = [
    Word::Reference,
    Word::Support,
    Word::Home,
    Word::Done,
    Word::Waiting,
    Word::Problem,
    Word::Partner,
    Word::Expected,
    Word::Account,
    Word::Stores,
    Word::Until,
    Word::SignInAt,
    Word::Site,
    Word::Manage,
    Word::OtherAccount,
    Word::WhoMay,
    Word::SellerCentral,
    Word::VendorCentral,
    Word::Plan,
    Word::Language,
    Word::Help,
];

/// What a language's texts avoid, in lower case: it alarms, is more or less polite than Amazon's pages, is not Amazon's word, belongs to
/// another country, or reads as a translation.
#[rustfmt::skip]
const AVOIDED: [(Language, &[&str]); 17] = [
    (Language::Arabic, &["amazon ", "amazon.", "لم يحدث", "ما لا يستجيب", "من أجل", "لصالح", "العمل مع حسابك"]),
    (Language::Chinese, &["amazon", "帐", "哪一个", "我们不认识", "弄丢", "人工"]),
    (Language::TraditionalChinese, &["amazon", "账", "登录", "链接", "软件", "程序", "网", "数据", "默认", "信息", "支持"]),
    (Language::Dutch, &[" u ", " uw ", "alstublieft", "koppel", "helpdesk", "ingelogd", "er is niets gebeurd", "iets niet", "vanzelf"]),
    (Language::English, &["main user", "looks again", "goes on", "nothing has happened", "hurry", "switched off", "does not answer", "forgotten", "keep cookies", "told ", "anew", "a person"]),
    (Language::French, &["travailler avec", "quelque chose", "de laquelle", "connecter votre compte amazon avec", "toute seule", "est arrivé à votre compte", "là d’où", "conserve"]),
    (Language::German, &["von selbst", "von einem menschen", "abgeschaltet", "nichts geschehen", "geschieht", "antwortet etwas", "welche ist es", "hauptbenutzer", " du ", "ihr code"]),
    (Language::Hindi, &["अमेज़न", "तुम", "आप का", "खाता", "उपयोगकर्ता"]),
    (Language::Italian, &["il suo account", "la sua", " lei ", "desidera", "lavorare con", "qualcosa", "per favore, inizi", "ci siamo fermati", "da sola"]),
    (Language::Japanese, &["何も起き", "接続先", "お越し", "戻ってこられ", "箇所", "seller central"]),
    (Language::Korean, &["amazon", "당신", "은(는)", "이(가)", "을(를)", "어플", "구좌"]),
    (Language::Polish, &["państw", "prosimy zalog", "prosimy zacz", "coś nie", "coś jest", "sama.", "po drodze", "zalogowany", "({application})"]),
    (Language::Portuguese, &["utilizador", "ligação", "sessão", "algo não", "há algo", "qual delas", "nada aconteceu", "trabalhar com", "suporte para", "contacte", "aceder"]),
    (Language::EuropeanPortuguese, &["você", "aplicativo", "usuário", "login em", "faça login", "salvo", "equipe ", "entre em contato", "acessar", " link", "nada aconteceu"]),
    (Language::Spanish, &["usted", "póngase", "desea", "su cuenta", "le corre prisa", "caducado", "servicio de asistencia", "le habría", "algo no", "algo va", "vosotros", "ocurrido nada", "por sí sola"]),
    (Language::Swedish, &[" ni ", "något svarar", "något är fel", "vilken är det", "fortsätt annars", "inget har hänt", "avstäng", "av en person", "av sig själv", "talat om"]),
    (Language::Turkish, &["sen ", "hangisi?", "yolda", "bir şey yanıt", "kendiliğinden", "birbirine karış", "bağlantıda", "bu bağlantı"]),
];

#[test]
fn every_message_has_a_title_and_paragraphs_in_every_language() {
    for (language, message) in every_message() {
        let (title, text) = super::text(language, message);
        let paragraphs = |text: &str| text.split('\n').count();
        assert!(!title.contains(['\n', '{', '[']), "{language:?} {message:?}");
        let english = super::text(Language::English, message).1;
        assert_eq!(paragraphs(text), paragraphs(english), "{language:?} {message:?}");
    }
}

#[test]
fn every_language_names_what_english_names() {
    for language in Language::ALL {
        for (text, english) in texts(language).into_iter().zip(texts(Language::English)) {
            assert_eq!(placeholders(text), placeholders(english), "{language:?}: {text}");
        }
    }
}

#[test]
fn every_language_has_its_own_words() {
    let messages = Language::ALL.map(|language| text(language, Message::ConfirmLink));
    assert_eq!(HashSet::from(messages).len(), Language::ALL.len());
    let all = Language::ALL.map(texts);
    for (first, one) in all.iter().enumerate() {
        for other in &all[..first] {
            let shared =
                one.iter().zip(other).filter(|(one, other)| one == other && !one.contains("Central"));
            assert!(shared.count() < texts(Language::English).len() / 3, "{one:?}\n{other:?}");
        }
    }
}

#[test]
fn the_name_of_an_application_stands_beside_the_word_for_it_and_can_be_left_out() {
    for (language, text) in every_text() {
        let mut rest = text;
        while let Some((before, inside)) = rest.split_once('[') {
            let (inside, after) = inside.split_once(']').unwrap();
            let leads = inside.starts_with(['“', '「', ' ']) && !before.ends_with([' ', '“', '「']);
            let follows = inside.ends_with(' ') && after.starts_with(char::is_alphabetic);
            assert!(inside.contains("{name}") && (leads || follows), "{language:?}: {text}");
            rest = after;
        }
        let outside: String =
            text.split('[').map(|part| part.split_once(']').map_or(part, |(_, after)| after)).collect();
        assert!(!outside.contains("{name}"), "{language:?}: {text}");
    }
}

#[test]
fn no_text_has_a_word_that_its_language_avoids() {
    assert_eq!(AVOIDED.map(|(language, _)| language), Language::ALL);
    let of = |(language, words): (_, &'static [&'static str])| {
        let hits =
            move |text: &'static str| words.iter().filter(move |word| text.to_lowercase().contains(**word));
        texts(language).into_iter().flat_map(move |text| hits(text).map(move |word| (*word, text)))
    };
    assert_eq!(AVOIDED.into_iter().flat_map(of).collect::<Vec<_>>(), []);
}

#[test]
fn blanks_and_signs_are_those_of_the_language() {
    for (language, text) in every_text() {
        let shown = format!("{language:?}: {text}");
        assert!(
            !text.is_empty() && text.split('\n').all(|part| part.trim() == part && !part.is_empty()),
            "{shown}"
        );
        assert!(!text.contains(['\'', '"']) && !text.contains("  ") && !text.contains("..."), "{shown}");
        let before =
            |sign: char| text.split(sign).rev().skip(1).map(|part| part.chars().next_back().unwrap());
        match language {
            Language::French => {
                assert!(before(':').all(|sign| sign == '\u{a0}'), "{shown}");
                assert!(
                    [';', '?', '!'].into_iter().flat_map(before).all(|sign| sign == '\u{202f}'),
                    "{shown}"
                );
            }
            Language::Polish => {
                let short = |word: &&str| word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
                assert_eq!(
                    text.split([' ', '\n']).find(short),
                    None,
                    "a word of one letter ends a line, {shown}"
                );
            }
            Language::Spanish => assert_eq!(text.matches('?').count(), text.matches('¿').count(), "{shown}"),
            Language::Arabic => assert!(!text.contains([',', ';', '?']), "{shown}"),
            Language::Chinese | Language::TraditionalChinese | Language::Japanese => {
                assert!(!text.contains([',', ':', ';', '?', '!', '(']), "{shown}");
            }
            _ => {}
        }
    }
}

#[test]
fn every_language_explains_each_code_of_amazon_as_english_does() {
    let signs = ["Login URI", "Redirect URI", "version=beta", "#", "Manage Your Apps"];
    let of = |text: &str| {
        let text = text.replace('\u{a0}', " ");
        (text.is_empty(), signs.map(|sign| text.contains(sign)))
    };
    for language in Language::ALL {
        for (code, english) in help(language).codes.into_iter().zip(help(Language::English).codes) {
            let [code, english] = [code, english].map(<[_; 3]>::from);
            assert_eq!(code.map(of), english.map(of), "{language:?}: {code:?}");
        }
    }
}

#[test]
fn every_language_writes_days_with_its_own_names_of_months() {
    for (language, day) in [
        (Language::English, "5 March 2027"),
        (Language::German, "5. März 2027"),
        (Language::Polish, "5 marca 2027"),
        (Language::Portuguese, "5 de março de 2027"),
        (Language::Arabic, "5 مارس 2027"),
        (Language::Japanese, "2027年3月5日"),
        (Language::Korean, "2027년 3월 5일"),
    ] {
        assert_eq!(super::day(language, jiff::civil::date(2027, 3, 5)), day);
    }
    for language in Language::ALL {
        let days = [1, 6, 12].map(|month| super::day(language, jiff::civil::date(2027, month, 30)));
        assert_eq!(HashSet::from(days.clone()).len(), 3, "{days:?}");
        assert!(days.iter().all(|day| day.contains("2027") && !day.contains('{')), "{days:?}");
    }
}

fn every_message() -> impl Iterator<Item = (Language, Message)> {
    Language::ALL.into_iter().flat_map(|language| EVERY_MESSAGE.map(|message| (language, message)))
}

fn every_text() -> impl Iterator<Item = (Language, &'static str)> {
    Language::ALL
        .into_iter()
        .flat_map(|language| texts(language).into_iter().map(move |text| (language, text)))
}

/// Every text of a language, in one order.
fn texts(language: Language) -> Vec<&'static str> {
    let messages = EVERY_MESSAGE.map(|message| text(language, message));
    let words = EVERY_WORD.map(|each| word(language, each));
    let more = [
        go_on(language),
        start_again(language),
        look_again(language),
        without_link(language),
        support_code(language),
    ];
    let Help { intro, operators, blank, codes } = help(language);
    let help = [intro, operators, blank].into_iter().chain(codes.into_iter().flat_map(<[_; 3]>::from));
    let messages = messages.into_iter().flat_map(|(title, text)| [title, text]);
    messages.chain(words).chain(more).chain(help.filter(|text| !text.is_empty())).collect()
}

/// The placeholders of a text. A translation may order and repeat them differently.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect()
}
