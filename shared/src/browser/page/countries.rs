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
const NAMES: [(&str, [&str; 17]); 23] = [
    ("CA", ["كندا", "加拿大", "加拿大", "Canada", "Canada", "Canada", "Kanada", "कनाडा", "Canada", "カナダ", "캐나다", "Kanada", "Canadá", "Canadá", "Canadá", "Kanada", "Kanada"]),
    ("US", ["الولايات المتحدة", "美国", "美國", "Verenigde Staten", "United States", "États-Unis", "USA", "अमेरिका", "Stati Uniti", "アメリカ", "미국", "Stany Zjednoczone", "Estados Unidos", "Estados Unidos", "Estados Unidos", "USA", "ABD"]),
    ("MX", ["المكسيك", "墨西哥", "墨西哥", "Mexico", "Mexico", "Mexique", "Mexiko", "मेक्सिको", "Messico", "メキシコ", "멕시코", "Meksyk", "México", "México", "México", "Mexiko", "Meksika"]),
    ("BR", ["البرازيل", "巴西", "巴西", "Brazilië", "Brazil", "Brésil", "Brasilien", "ब्राज़ील", "Brasile", "ブラジル", "브라질", "Brazylia", "Brasil", "Brasil", "Brasil", "Brasilien", "Brezilya"]),
    ("IE", ["أيرلندا", "爱尔兰", "愛爾蘭", "Ierland", "Ireland", "Irlande", "Irland", "आयरलैंड", "Irlanda", "アイルランド", "아일랜드", "Irlandia", "Irlanda", "Irlanda", "Irlanda", "Irland", "İrlanda"]),
    ("ES", ["إسبانيا", "西班牙", "西班牙", "Spanje", "Spain", "Espagne", "Spanien", "स्पेन", "Spagna", "スペイン", "스페인", "Hiszpania", "Espanha", "Espanha", "España", "Spanien", "İspanya"]),
    ("GB", ["المملكة المتحدة", "英国", "英國", "Verenigd Koninkrijk", "United Kingdom", "Royaume-Uni", "Vereinigtes Königreich", "यूनाइटेड किंगडम", "Regno Unito", "イギリス", "영국", "Wielka Brytania", "Reino Unido", "Reino Unido", "Reino Unido", "Storbritannien", "Birleşik Krallık"]),
    ("FR", ["فرنسا", "法国", "法國", "Frankrijk", "France", "France", "Frankreich", "फ़्रांस", "Francia", "フランス", "프랑스", "Francja", "França", "França", "Francia", "Frankrike", "Fransa"]),
    ("BE", ["بلجيكا", "比利时", "比利時", "België", "Belgium", "Belgique", "Belgien", "बेल्जियम", "Belgio", "ベルギー", "벨기에", "Belgia", "Bélgica", "Bélgica", "Bélgica", "Belgien", "Belçika"]),
    ("NL", ["هولندا", "荷兰", "荷蘭", "Nederland", "Netherlands", "Pays-Bas", "Niederlande", "नीदरलैंड", "Paesi Bassi", "オランダ", "네덜란드", "Holandia", "Países Baixos", "Países Baixos", "Países Bajos", "Nederländerna", "Hollanda"]),
    ("DE", ["ألمانيا", "德国", "德國", "Duitsland", "Germany", "Allemagne", "Deutschland", "जर्मनी", "Germania", "ドイツ", "독일", "Niemcy", "Alemanha", "Alemanha", "Alemania", "Tyskland", "Almanya"]),
    ("IT", ["إيطاليا", "意大利", "義大利", "Italië", "Italy", "Italie", "Italien", "इटली", "Italia", "イタリア", "이탈리아", "Włochy", "Itália", "Itália", "Italia", "Italien", "İtalya"]),
    ("SE", ["السويد", "瑞典", "瑞典", "Zweden", "Sweden", "Suède", "Schweden", "स्वीडन", "Svezia", "スウェーデン", "스웨덴", "Szwecja", "Suécia", "Suécia", "Suecia", "Sverige", "İsveç"]),
    ("ZA", ["جنوب أفريقيا", "南非", "南非", "Zuid-Afrika", "South Africa", "Afrique du Sud", "Südafrika", "दक्षिण अफ़्रीका", "Sudafrica", "南アフリカ", "남아프리카 공화국", "Republika Południowej Afryki", "África do Sul", "África do Sul", "Sudáfrica", "Sydafrika", "Güney Afrika"]),
    ("PL", ["بولندا", "波兰", "波蘭", "Polen", "Poland", "Pologne", "Polen", "पोलैंड", "Polonia", "ポーランド", "폴란드", "Polska", "Polônia", "Polónia", "Polonia", "Polen", "Polonya"]),
    ("EG", ["مصر", "埃及", "埃及", "Egypte", "Egypt", "Égypte", "Ägypten", "मिस्र", "Egitto", "エジプト", "이집트", "Egipt", "Egito", "Egito", "Egipto", "Egypten", "Mısır"]),
    ("TR", ["تركيا", "土耳其", "土耳其", "Turkije", "Turkey", "Turquie", "Türkei", "तुर्किये", "Turchia", "トルコ", "튀르키예", "Turcja", "Turquia", "Turquia", "Turquía", "Turkiet", "Türkiye"]),
    ("SA", ["السعودية", "沙特阿拉伯", "沙烏地阿拉伯", "Saoedi-Arabië", "Saudi Arabia", "Arabie saoudite", "Saudi-Arabien", "सऊदी अरब", "Arabia Saudita", "サウジアラビア", "사우디아라비아", "Arabia Saudyjska", "Arábia Saudita", "Arábia Saudita", "Arabia Saudí", "Saudiarabien", "Suudi Arabistan"]),
    ("AE", ["الإمارات العربية المتحدة", "阿联酋", "阿拉伯聯合大公國", "Verenigde Arabische Emiraten", "United Arab Emirates", "Émirats arabes unis", "Vereinigte Arabische Emirate", "संयुक्त अरब अमीरात", "Emirati Arabi Uniti", "アラブ首長国連邦", "아랍에미리트", "Zjednoczone Emiraty Arabskie", "Emirados Árabes Unidos", "Emirados Árabes Unidos", "Emiratos Árabes Unidos", "Förenade Arabemiraten", "Birleşik Arap Emirlikleri"]),
    ("IN", ["الهند", "印度", "印度", "India", "India", "Inde", "Indien", "भारत", "India", "インド", "인도", "Indie", "Índia", "Índia", "India", "Indien", "Hindistan"]),
    ("SG", ["سنغافورة", "新加坡", "新加坡", "Singapore", "Singapore", "Singapour", "Singapur", "सिंगापुर", "Singapore", "シンガポール", "싱가포르", "Singapur", "Singapura", "Singapura", "Singapur", "Singapore", "Singapur"]),
    ("AU", ["أستراليا", "澳大利亚", "澳洲", "Australië", "Australia", "Australie", "Australien", "ऑस्ट्रेलिया", "Australia", "オーストラリア", "호주", "Australia", "Austrália", "Austrália", "Australia", "Australien", "Avustralya"]),
    ("JP", ["اليابان", "日本", "日本", "Japan", "Japan", "Japon", "Japan", "जापान", "Giappone", "日本", "일본", "Japonia", "Japão", "Japão", "Japón", "Japan", "Japonya"]),
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
