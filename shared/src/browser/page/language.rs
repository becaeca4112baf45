//! Selects the language of a page for a browser (RFC 9110 section 12.5.4).

use lambda_http::http::{HeaderMap, header};

use crate::browser::query::Query;

/// The languages of the pages.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Language {
    /// Arabic.
    Arabic,
    /// Chinese in simplified characters.
    Chinese,
    /// Chinese in traditional characters, as in Taiwan, Hong Kong and Macao.
    TraditionalChinese,
    /// Dutch.
    Dutch,
    /// English, which is also shown where no other language is asked for.
    English,
    /// French.
    French,
    /// German.
    German,
    /// Hindi.
    Hindi,
    /// Italian.
    Italian,
    /// Japanese.
    Japanese,
    /// Korean.
    Korean,
    /// Polish.
    Polish,
    /// Portuguese as in Brazil.
    Portuguese,
    /// Portuguese as in Portugal and in Africa.
    EuropeanPortuguese,
    /// Spanish.
    Spanish,
    /// Swedish.
    Swedish,
    /// Turkish.
    Turkish,
}

/// The regions that write Chinese in traditional characters.
const TRADITIONAL: [&str; 3] = ["TW", "HK", "MO"];

/// The regions that write Portuguese as in Portugal.
const EUROPEAN: [&str; 8] = ["PT", "AO", "CV", "GW", "MO", "MZ", "ST", "TL"];

impl Language {
    /// Every language.
    pub const ALL: [Self; 17] = [
        Self::Arabic,
        Self::Chinese,
        Self::TraditionalChinese,
        Self::Dutch,
        Self::English,
        Self::French,
        Self::German,
        Self::Hindi,
        Self::Italian,
        Self::Japanese,
        Self::Korean,
        Self::Polish,
        Self::Portuguese,
        Self::EuropeanPortuguese,
        Self::Spanish,
        Self::Swedish,
        Self::Turkish,
    ];

    /// Returns the language that the query of a request names, if there are pages in it. Whatever else the parameter holds is ignored.
    pub fn asked_for(query: &Query<'_>) -> Option<Self> {
        query.text("language").ok()?.and_then(|tag| Self::of_tag(&tag))
    }

    /// Returns the supported language that the browser prefers, if there is one. Of equal ones the first wins. `*` is ignored.
    pub fn wanted_by(headers: &HeaderMap) -> Option<Self> {
        let accepted =
            headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut best = (None, 0.0);
        // A reader needs no more languages. The limit protects against a header with very many commas.
        for range in accepted.split(',').take(20) {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, "q=1"));
            let weight = weight(parameters);
            if let Some(language) = Self::of_tag(tag.trim())
                && weight > best.1
            {
                best = (Some(language), weight);
            }
        }
        best.0
    }

    /// Returns the language in which a reader of the language with this tag (BCP 47) is served, if there is one. Scripts and regions
    /// count where a language is written in more than one way (RFC 4647 section 3.4 would drop them one by one).
    pub fn of_tag(tag: &str) -> Option<Self> {
        let mut subtags = tag.split('-');
        let language = subtags.next()?.to_ascii_lowercase();
        let has = |known: &[&str]| {
            subtags.clone().any(|subtag| known.iter().any(|known| known.eq_ignore_ascii_case(subtag)))
        };
        Some(match language.as_str() {
            "ar" => Self::Arabic,
            "zh" if has(&["Hant"]) || has(&TRADITIONAL) && !has(&["Hans"]) => Self::TraditionalChinese,
            "zh" => Self::Chinese,
            "nl" => Self::Dutch,
            "en" => Self::English,
            "fr" => Self::French,
            "de" => Self::German,
            "hi" => Self::Hindi,
            "it" => Self::Italian,
            "ja" => Self::Japanese,
            "ko" => Self::Korean,
            "pl" => Self::Polish,
            "pt" if has(&EUROPEAN) => Self::EuropeanPortuguese,
            "pt" => Self::Portuguese,
            "es" => Self::Spanish,
            "sv" => Self::Swedish,
            "tr" => Self::Turkish,
            _ => return None,
        })
    }

    /// Returns the language's tag (BCP 47), with script or region if it has more than one written form.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Arabic => "ar",
            Self::Chinese => "zh-Hans",
            Self::TraditionalChinese => "zh-Hant",
            Self::Dutch => "nl",
            Self::English => "en",
            Self::French => "fr",
            Self::German => "de",
            Self::Hindi => "hi",
            Self::Italian => "it",
            Self::Japanese => "ja",
            Self::Korean => "ko",
            Self::Polish => "pl",
            Self::Portuguese => "pt-BR",
            Self::EuropeanPortuguese => "pt-PT",
            Self::Spanish => "es",
            Self::Swedish => "sv",
            Self::Turkish => "tr",
        }
    }

    /// Returns the language's name in itself.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Arabic => "العربية",
            Self::Chinese => "简体中文",
            Self::TraditionalChinese => "繁體中文",
            Self::Dutch => "Nederlands",
            Self::English => "English",
            Self::French => "Français",
            Self::German => "Deutsch",
            Self::Hindi => "हिन्दी",
            Self::Italian => "Italiano",
            Self::Japanese => "日本語",
            Self::Korean => "한국어",
            Self::Polish => "Polski",
            Self::Portuguese => "Português (Brasil)",
            Self::EuropeanPortuguese => "Português (Portugal)",
            Self::Spanish => "Español",
            Self::Swedish => "Svenska",
            Self::Turkish => "Türkçe",
        }
    }

    /// Returns the direction of writing.
    pub fn direction(self) -> &'static str {
        if self == Self::Arabic { "rtl" } else { "ltr" }
    }

    /// Returns what stands between two sentences, and after a colon.
    pub(super) fn blank(self) -> &'static str {
        if self.has_wide_signs() { "" } else { " " }
    }

    /// Returns `text` in brackets, to stand after a word.
    pub(super) fn in_brackets(self, text: &str) -> String {
        if self.has_wide_signs() { format!("（{text}）") } else { format!(" ({text})") }
    }

    /// Returns what stands between two items of a list.
    pub(super) fn comma(self) -> &'static str {
        match self {
            Self::Arabic => "، ",
            _ if self.has_wide_signs() => "、",
            _ => ", ",
        }
    }

    fn has_wide_signs(self) -> bool {
        matches!(self, Self::Chinese | Self::TraditionalChinese | Self::Japanese)
    }
}

/// Returns the weight, from 0 (never) to 1. A malformed one counts as 0.
fn weight(parameters: &str) -> f32 {
    let parameters = parameters.trim();
    let value = parameters.strip_prefix("q=").or_else(|| parameters.strip_prefix("Q="));
    value
        .and_then(|value| value.parse().ok())
        .filter(|weight| (0.0..=1.0).contains(weight))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use lambda_http::http::HeaderValue;

    use super::*;

    #[test]
    fn the_greatest_weight_wins() {
        assert_eq!(wanted("en;q=0.3, de;q=0.9, fr;q=0.5"), Language::German);
        assert_eq!(wanted("en;q=0.9, ja"), Language::Japanese);
        assert_eq!(wanted("da, nb;q=0.9, sv;q=0.2"), Language::Swedish);
        assert_eq!(wanted("en; q=0.1 ,\tit ;Q=0.200"), Language::Italian);
    }

    #[test]
    fn the_first_of_equal_weights_wins() {
        assert_eq!(wanted("fr, de"), Language::French);
        assert_eq!(wanted("en;q=0.5, pl;q=0.8, tr;q=0.8"), Language::Polish);
    }

    #[test]
    fn regions_and_scripts_count_where_a_language_is_written_in_more_than_one_way() {
        assert_eq!(wanted("de-AT"), Language::German);
        assert_eq!(wanted("ES-419"), Language::Spanish);
        for simplified in ["zh", "zh-CN", "ZH-sg", "zh-Hans", "zh-Hans-HK", "zh-hans-tw"] {
            assert_eq!(wanted(simplified), Language::Chinese, "{simplified}");
        }
        for traditional in ["zh-TW", "zh-HK", "zh-MO", "zh-Hant", "zh-Hant-HK", "ZH-HANT-CN", "zh-tw"] {
            assert_eq!(wanted(traditional), Language::TraditionalChinese, "{traditional}");
        }
        for brazilian in ["pt", "pt-BR", "pt-US", "pt-419"] {
            assert_eq!(wanted(brazilian), Language::Portuguese, "{brazilian}");
        }
        for european in ["pt-PT", "pt-AO", "PT-mz", "pt-Latn-PT"] {
            assert_eq!(wanted(european), Language::EuropeanPortuguese, "{european}");
        }
        assert_eq!(wanted("zh-TW, zh;q=0.9, en;q=0.8"), Language::TraditionalChinese);
        assert_eq!(wanted("zh-TW;q=0.3, zh-CN;q=0.9"), Language::Chinese);
        assert_eq!(wanted("hi-IN, en-IN;q=0.9"), Language::Hindi);
        assert_eq!(wanted("ko-KR,ko;q=0.9,en-US;q=0.8"), Language::Korean);
    }

    #[test]
    fn a_weight_of_zero_means_never() {
        assert_eq!(wanted_by_bytes(b"de;q=0"), None);
        assert_eq!(wanted("de;q=0.000, nl;q=0.001"), Language::Dutch);
    }

    #[test]
    fn a_header_without_a_supported_language_asks_for_none() {
        let many = format!("{}de", "xx,".repeat(1000));
        let garbage =
            ["", "*", "*;q=1", "tlh", "german", "deu", "-de", ";;,=,;q", "de;q=", "de;q=NaN", "de;q=inf"];
        for accepted in garbage.into_iter().chain(["de;q=-1", "de;q=7", "de;level=1", &many]) {
            assert_eq!(wanted_by_bytes(accepted.as_bytes()), None, "{accepted}");
        }
        assert_eq!(Language::wanted_by(&HeaderMap::new()), None);
        assert_eq!(wanted_by_bytes(b"de\xff"), None);
    }

    #[test]
    fn garbage_does_not_hide_the_languages_beside_it() {
        assert_eq!(wanted("*, fr;q=7, %%%, es;q=0.1"), Language::Spanish);
    }

    #[test]
    fn every_language_is_found_by_its_own_tag() {
        for language in Language::ALL {
            assert_eq!(wanted(language.tag()), language);
        }
        assert_eq!(HashSet::from(Language::ALL.map(Language::tag)).len(), Language::ALL.len());
    }

    #[test]
    fn arabic_alone_runs_from_right_to_left() {
        for language in Language::ALL {
            assert_eq!(language.direction() == "rtl", language == Language::Arabic, "{language:?}");
        }
    }

    fn wanted(accepted: &str) -> Language {
        wanted_by_bytes(accepted.as_bytes()).unwrap()
    }

    fn wanted_by_bytes(accepted: &[u8]) -> Option<Language> {
        let value = HeaderValue::from_bytes(accepted).unwrap();
        Language::wanted_by(&HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, value)]))
    }
}
