//! The countries of marketplaces, as a language names and orders them.

use super::{Language, texts};

/// A marketplace's country: its code, and the name in the table of marketplaces, which is English.
pub(super) type Country = (String, String);

/// Returns the name of the country in this language. A country that an operator has added to the table of marketplaces has only the name
/// that is written there.
pub(super) fn name(language: Language, (code, otherwise): &Country) -> String {
    let known = texts::countries(language).into_iter().find(|(known, _)| known == code);
    known.map_or_else(|| otherwise.clone(), |(_, name)| name.to_owned())
}

/// Returns the place of the country in a list in this language, as a key to sort by. Countries that are not known come last.
pub(super) fn place(language: Language, (code, otherwise): &Country) -> (usize, String) {
    let countries = texts::countries(language);
    let known = countries.iter().position(|(known, _)| known == code);
    (known.unwrap_or(countries.len()), otherwise.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amazon::marketplace::Marketplaces;

    #[test]
    fn every_country_of_the_table_of_marketplaces_has_a_name_in_every_language_and_english_is_that_of_the_table()
     {
        for row in Marketplaces::default().iter() {
            let country = (row.country.clone(), String::new());
            assert_eq!(name(Language::English, &country), row.name, "{}", row.country);
            for language in Language::ALL {
                assert_ne!(name(language, &country), "", "{language:?} {}", row.country);
            }
        }
        assert_eq!(name(Language::Japanese, &("DE".to_owned(), String::new())), "ドイツ");
    }

    #[test]
    fn a_list_has_the_order_of_its_language_and_ends_with_countries_that_are_not_known() {
        let listed = |language| {
            let codes = ["ZZ", "SE", "YY", "DE", "AE", "EG", "JP", "ZA"];
            let mut countries = codes.map(|code| (code.to_owned(), format!("Country {code}")));
            countries.sort_by_key(|country| place(language, country));
            countries.map(|country| name(language, &country)).join(", ")
        };
        for (language, list) in [
            (
                Language::German,
                "Ägypten, Deutschland, Japan, Schweden, Südafrika, Vereinigte Arabische Emirate, Country YY, Country ZZ",
            ),
            (
                Language::Japanese,
                "アラブ首長国連邦, エジプト, スウェーデン, ドイツ, 日本, 南アフリカ, Country YY, Country ZZ",
            ),
            (
                Language::Swedish,
                "Egypten, Förenade Arabemiraten, Japan, Sverige, Sydafrika, Tyskland, Country YY, Country ZZ",
            ),
        ] {
            assert_eq!(listed(language), list);
        }
    }
}
