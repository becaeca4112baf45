//! The names of the marketplaces' countries in every language of the pages.

use super::Language;

/// Returns the name of a country in this language. A country that an operator has added to the table of marketplaces has only the name
/// that is written there.
pub(super) fn name<'a>(language: Language, code: &str, otherwise: &'a str) -> &'a str {
    let column = Language::ALL.iter().position(|known| *known == language);
    let row = NAMES.iter().find(|(known, _)| *known == code);
    row.zip(column).and_then(|((_, names), column)| names.get(column)).copied().unwrap_or(otherwise)
}

/// Country codes with the names, in the order of [`Language::ALL`].
#[rustfmt::skip]
const NAMES: [(&str, [&str; 13]); 23] = [
    ("CA", ["كندا", "加拿大", "Canada", "Canada", "Canada", "Kanada", "Canada", "カナダ", "Kanada", "Canadá", "Canadá", "Kanada", "Kanada"]),
    ("US", ["الولايات المتحدة", "美国", "Verenigde Staten", "United States", "États-Unis", "USA", "Stati Uniti", "アメリカ", "Stany Zjednoczone", "Estados Unidos", "Estados Unidos", "USA", "ABD"]),
    ("MX", ["المكسيك", "墨西哥", "Mexico", "Mexico", "Mexique", "Mexiko", "Messico", "メキシコ", "Meksyk", "México", "México", "Mexiko", "Meksika"]),
    ("BR", ["البرازيل", "巴西", "Brazilië", "Brazil", "Brésil", "Brasilien", "Brasile", "ブラジル", "Brazylia", "Brasil", "Brasil", "Brasilien", "Brezilya"]),
    ("IE", ["أيرلندا", "爱尔兰", "Ierland", "Ireland", "Irlande", "Irland", "Irlanda", "アイルランド", "Irlandia", "Irlanda", "Irlanda", "Irland", "İrlanda"]),
    ("ES", ["إسبانيا", "西班牙", "Spanje", "Spain", "Espagne", "Spanien", "Spagna", "スペイン", "Hiszpania", "Espanha", "España", "Spanien", "İspanya"]),
    ("GB", ["المملكة المتحدة", "英国", "Verenigd Koninkrijk", "United Kingdom", "Royaume-Uni", "Vereinigtes Königreich", "Regno Unito", "イギリス", "Wielka Brytania", "Reino Unido", "Reino Unido", "Storbritannien", "Birleşik Krallık"]),
    ("FR", ["فرنسا", "法国", "Frankrijk", "France", "France", "Frankreich", "Francia", "フランス", "Francja", "França", "Francia", "Frankrike", "Fransa"]),
    ("BE", ["بلجيكا", "比利时", "België", "Belgium", "Belgique", "Belgien", "Belgio", "ベルギー", "Belgia", "Bélgica", "Bélgica", "Belgien", "Belçika"]),
    ("NL", ["هولندا", "荷兰", "Nederland", "Netherlands", "Pays-Bas", "Niederlande", "Paesi Bassi", "オランダ", "Holandia", "Países Baixos", "Países Bajos", "Nederländerna", "Hollanda"]),
    ("DE", ["ألمانيا", "德国", "Duitsland", "Germany", "Allemagne", "Deutschland", "Germania", "ドイツ", "Niemcy", "Alemanha", "Alemania", "Tyskland", "Almanya"]),
    ("IT", ["إيطاليا", "意大利", "Italië", "Italy", "Italie", "Italien", "Italia", "イタリア", "Włochy", "Itália", "Italia", "Italien", "İtalya"]),
    ("SE", ["السويد", "瑞典", "Zweden", "Sweden", "Suède", "Schweden", "Svezia", "スウェーデン", "Szwecja", "Suécia", "Suecia", "Sverige", "İsveç"]),
    ("ZA", ["جنوب أفريقيا", "南非", "Zuid-Afrika", "South Africa", "Afrique du Sud", "Südafrika", "Sudafrica", "南アフリカ", "Republika Południowej Afryki", "África do Sul", "Sudáfrica", "Sydafrika", "Güney Afrika"]),
    ("PL", ["بولندا", "波兰", "Polen", "Poland", "Pologne", "Polen", "Polonia", "ポーランド", "Polska", "Polônia", "Polonia", "Polen", "Polonya"]),
    ("EG", ["مصر", "埃及", "Egypte", "Egypt", "Égypte", "Ägypten", "Egitto", "エジプト", "Egipt", "Egito", "Egipto", "Egypten", "Mısır"]),
    ("TR", ["تركيا", "土耳其", "Turkije", "Turkey", "Turquie", "Türkei", "Turchia", "トルコ", "Turcja", "Turquia", "Turquía", "Turkiet", "Türkiye"]),
    ("SA", ["السعودية", "沙特阿拉伯", "Saoedi-Arabië", "Saudi Arabia", "Arabie saoudite", "Saudi-Arabien", "Arabia Saudita", "サウジアラビア", "Arabia Saudyjska", "Arábia Saudita", "Arabia Saudí", "Saudiarabien", "Suudi Arabistan"]),
    ("AE", ["الإمارات العربية المتحدة", "阿联酋", "Verenigde Arabische Emiraten", "United Arab Emirates", "Émirats arabes unis", "Vereinigte Arabische Emirate", "Emirati Arabi Uniti", "アラブ首長国連邦", "Zjednoczone Emiraty Arabskie", "Emirados Árabes Unidos", "Emiratos Árabes Unidos", "Förenade Arabemiraten", "Birleşik Arap Emirlikleri"]),
    ("IN", ["الهند", "印度", "India", "India", "Inde", "Indien", "India", "インド", "Indie", "Índia", "India", "Indien", "Hindistan"]),
    ("SG", ["سنغافورة", "新加坡", "Singapore", "Singapore", "Singapour", "Singapur", "Singapore", "シンガポール", "Singapur", "Singapura", "Singapur", "Singapore", "Singapur"]),
    ("AU", ["أستراليا", "澳大利亚", "Australië", "Australia", "Australie", "Australien", "Australia", "オーストラリア", "Australia", "Austrália", "Australia", "Australien", "Avustralya"]),
    ("JP", ["اليابان", "日本", "Japan", "Japan", "Japon", "Japan", "Giappone", "日本", "Japonia", "Japão", "Japón", "Japan", "Japonya"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amazon::marketplace::Marketplaces;

    #[test]
    fn every_marketplace_of_the_table_has_a_name_in_every_language_and_english_is_that_of_the_table() {
        for row in Marketplaces::default().iter() {
            assert_eq!(name(Language::English, &row.country, ""), row.name, "{}", row.country);
            for language in Language::ALL {
                assert_ne!(name(language, &row.country, ""), "", "{language:?} {}", row.country);
            }
        }
        assert_eq!(name(Language::German, "ZZ", "Nowhere"), "Nowhere");
        assert_eq!(name(Language::Japanese, "DE", ""), "ドイツ");
    }
}
