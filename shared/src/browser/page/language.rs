//! Selects the language of a page for a browser (RFC 9110 section 12.5.4).

use lambda_http::http::{HeaderMap, header};

/// The languages of the pages.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Language {
    /// Arabic.
    Arabic,
    /// Chinese in simplified characters, also for readers of traditional ones.
    Chinese,
    /// Dutch.
    Dutch,
    /// English, also the default.
    English,
    /// French.
    French,
    /// German.
    German,
    /// Italian.
    Italian,
    /// Japanese.
    Japanese,
    /// Polish.
    Polish,
    /// Portuguese as in Brazil, also for Portugal.
    Portuguese,
    /// Spanish.
    Spanish,
    /// Swedish.
    Swedish,
    /// Turkish.
    Turkish,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 13] = [
        Self::Arabic,
        Self::Chinese,
        Self::Dutch,
        Self::English,
        Self::French,
        Self::German,
        Self::Italian,
        Self::Japanese,
        Self::Polish,
        Self::Portuguese,
        Self::Spanish,
        Self::Swedish,
        Self::Turkish,
    ];

    /// Returns the supported language that the browser prefers, or English if there is none. Of equal ones the first
    /// wins. Regions and scripts are ignored, and so is `*`.
    pub fn wanted_by(headers: &HeaderMap) -> Self {
        let accepted =
            headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut best = (Self::English, 0.0);
        // A reader needs no more languages. The limit protects against a header with very many commas.
        for range in accepted.split(',').take(20) {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, "q=1"));
            let weight = weight(parameters);
            if let Some(language) = Self::spoken(tag.trim())
                && weight > best.1
            {
                best = (language, weight);
            }
        }
        best.0
    }

    /// Returns the language's tag (BCP 47), with script or region if it has more than one written form.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Arabic => "ar",
            Self::Chinese => "zh-Hans",
            Self::Dutch => "nl",
            Self::English => "en",
            Self::French => "fr",
            Self::German => "de",
            Self::Italian => "it",
            Self::Japanese => "ja",
            Self::Polish => "pl",
            Self::Portuguese => "pt-BR",
            Self::Spanish => "es",
            Self::Swedish => "sv",
            Self::Turkish => "tr",
        }
    }

    /// Returns the direction of writing.
    pub fn direction(self) -> &'static str {
        if self == Self::Arabic { "rtl" } else { "ltr" }
    }

    fn spoken(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| primary(language.tag()).eq_ignore_ascii_case(primary(tag)))
    }
}

/// Returns the language subtag of a tag.
fn primary(tag: &str) -> &str {
    tag.split_once('-').map_or(tag, |(primary, _)| primary)
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
    fn regions_and_scripts_and_case_make_no_difference() {
        assert_eq!(wanted("de-AT"), Language::German);
        assert_eq!(wanted("ES-419"), Language::Spanish);
        for chinese in ["zh", "zh-CN", "zh-TW", "zh-Hant-HK"] {
            assert_eq!(wanted(chinese), Language::Chinese);
        }
        for portuguese in ["pt", "pt-BR", "pt-PT"] {
            assert_eq!(wanted(portuguese), Language::Portuguese);
        }
    }

    #[test]
    fn a_weight_of_zero_means_never() {
        assert_eq!(wanted("de;q=0"), Language::English);
        assert_eq!(wanted("de;q=0.000, nl;q=0.001"), Language::Dutch);
    }

    #[test]
    fn a_header_without_a_supported_language_gets_english() {
        let many = format!("{}de", "xx,".repeat(1000));
        let garbage =
            ["", "*", "*;q=1", "tlh", "german", "deu", "-de", ";;,=,;q", "de;q=", "de;q=NaN", "de;q=inf"];
        for accepted in garbage.into_iter().chain(["de;q=-1", "de;q=7", "de;level=1", &many]) {
            assert_eq!(wanted(accepted), Language::English, "{accepted}");
        }
        assert_eq!(Language::wanted_by(&HeaderMap::new()), Language::English);
        assert_eq!(wanted_by_bytes(b"de\xff"), Language::English);
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
        wanted_by_bytes(accepted.as_bytes())
    }

    fn wanted_by_bytes(accepted: &[u8]) -> Language {
        let value = HeaderValue::from_bytes(accepted).unwrap();
        Language::wanted_by(&HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, value)]))
    }
}
