//! Turkish, with “siz”. Names take no suffixes, hence “adlı uygulama”. “Link” is an address and “bağlantı” a connection.

use super::{Countries, Help, Word};
use crate::browser::page::Message;

pub(super) const SUPPORT_CODE: &str = "Destek kodu:";
pub(super) const CONTINUE: &str = "Amazon’a devam edin";
pub(super) const START_AGAIN: &str = "Yeniden başlayın";
pub(super) const LOOK_AGAIN: &str = "Şimdi kontrol edin";
pub(super) const WITHOUT_LINK: &str = "Link olmadan devam edin (Amazon’un kendi sayfalarında başladım)";

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Reference => "Referans:",
        Word::Support => "Destek:",
        Word::Home => "Uygulamaya dönün",
        Word::Done => "Tamamlandı",
        Word::Waiting => "Henüz tamamlanmadı",
        Word::Problem => "Sorun",
        Word::Partner => "Amazon hesabı",
        Word::Expected => "Beklenen Amazon hesabı",
        Word::Account => "Uygulamadaki hesap",
        Word::Stores => "Mağazalar",
        Word::Until => "Son geçerlilik tarihi",
        Word::SignInAt => "Oturum açılacak site",
        Word::Site => "Amazon sitesi",
        Word::Manage => "Bağlantıyı Amazon’da yenileyin veya sonlandırın (Manage Your Apps)",
        Word::OtherAccount => "Bunun yerine bu Amazon hesabını bağlayın: {partner}",
        Word::WhoMay => {
            "{central} sitesinde hesabın ana kullanıcısı olarak veya gerekli izinlere sahip bir kullanıcı olarak oturum açın."
        }
        Word::SellerCentral => "Seller Central",
        Word::VendorCentral => "Vendor Central",
        Word::Plan => "Hesabın Profesyonel satış planı olmalıdır.",
        Word::Language => "Dil",
        Word::Help => "Amazon sayfalarındaki hata kodları",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "Amazon hesabınız bağlandı",
            "[{name} adlı ]uygulama artık Amazon hesabınıza erişebilir. Erişimi istediğiniz zaman Amazon’da sonlandırabilirsiniz.\nBu sayfayı kapatabilirsiniz.",
        ),
        Message::AuthorizedButDisabled => (
            "Yetki verildi, ancak devre dışı",
            "[{name} adlı ]uygulama için verdiğiniz yetkiyi aldık. Amazon hesabınızın ({partner}) bağlantısı bizim tarafımızda devre dışı ve öyle kalıyor.\nEtkinleştirilmesi için lütfen uygulamanın destek ekibiyle iletişime geçin.",
        ),
        Message::Conflict => (
            "Yetkilendirmenizi kontrol ediyoruz",
            "[{name} adlı ]uygulama için verdiğiniz yetkiyi aldık. Bu yetki, Amazon hesabı ({partner}) için elimizde bulunan yetkiden farklı olduğundan, geçerli olmadan önce ekibimiz tarafından kontrol edilecek. O zamana kadar mevcut bağlantı çalışmaya devam eder.\nAcil bir durumda lütfen uygulamanın destek ekibiyle iletişime geçin.",
        ),
        Message::Exchanging => (
            "Bir dakika lütfen",
            "Amazon ile yetkilendirmenizi tamamlıyoruz. Bu sayfa otomatik olarak yenilenir.",
        ),
        Message::ChooseJourney => (
            "Hangi yetkilendirmeyle devam etmek istiyorsunuz?",
            "Bu tarayıcıda [{name} adlı ]uygulama için birden fazla yetkilendirme başlattınız. Lütfen devam etmek istediğinizi seçin.",
        ),
        Message::ChooseCentral => (
            "Nereye dönmek istiyorsunuz?",
            "Amazon bize hangi sitesinde oturum açtığınızı bildirmedi.\nLütfen [{name} adlı ]uygulama için yetkilendirmeye devam etmek üzere geldiğiniz siteyi seçin.",
        ),
        Message::BadLink => (
            "Bu link çalışmıyor",
            "Link eksik veya iletim sırasında değiştirilmiş. Hesabınızda hiçbir şey değişmedi.\nLütfen geldiğiniz sayfaya dönün ve yetkilendirmeyi yeniden başlatın.",
        ),
        Message::Misdirected => (
            "Bu link yanlış adrese götürüyor",
            "Amazon’da [{name} adlı ]uygulamanın Login URI ve Redirect URI adresleri birbiriyle karıştırılmış. Bu sizin hatanız değil ve hesabınızda hiçbir şey değişmedi.\nBuradan devam edebilirsiniz. Lütfen uygulamanın destek ekibine haber verin.",
        ),
        Message::NotAmazon => (
            "Güvenliğiniz için burada durduk",
            "Bu link Amazon’a ait olmayan bir siteye götürüyor. Hesabınızda hiçbir şey değişmedi.\nLütfen yetkilendirmeyi [{name} adlı ]uygulamadan veya Amazon’un kendi sayfalarından başlatın.",
        ),
        Message::UnknownApplication => (
            "Bu uygulamayı tanımıyoruz",
            "Linkte belirtilen uygulama bu hizmeti kullanmıyor. Hesabınızda hiçbir şey değişmedi.\nLütfen uygulamanın destek ekibiyle iletişime geçin.",
        ),
        Message::StartElsewhere => (
            "Lütfen uygulamadan başlayın",
            "Bu yetkilendirme bu linkle başlatılamaz.\nLütfen [{name} adlı ]uygulamada oturum açın ve Amazon hesabınızı orada bağlayın.",
        ),
        Message::UnknownState => (
            "Lütfen yeniden başlayın",
            "Bu yetkilendirmeyi tanımıyoruz veya üzerinden çok zaman geçti. Hesabınızda hiçbir şey değişmedi.\nLütfen yetkilendirmeyi yeniden başlatın.",
        ),
        Message::OtherBrowser => (
            "Lütfen aynı tarayıcıyı kullanın",
            "Bu yetkilendirme başka bir tarayıcıda başlatılmış veya tarayıcınız çerezleri saklamıyor.\nLütfen bu site için çerezlere izin verin ve yetkilendirmeyi baştan sona aynı tarayıcıda yeniden yapın.",
        ),
        Message::OtherPartner => (
            "Bu başka bir Amazon hesabı",
            "Amazon’da {partner} olarak oturum açtınız, ancak bu yetkilendirme başka bir hesap içindir. Hiçbir şey kaydedilmedi.\nLütfen yeniden başlayın ve Amazon’da beklenen hesapla oturum açın.",
        ),
        Message::Expired => (
            "Bu çok uzun sürdü",
            "Bir yetkilendirmenin on dakika içinde tamamlanması gerekir.\nLütfen yeniden başlatın.",
        ),
        Message::Interrupted => (
            "Lütfen yeniden başlayın",
            "Yetkilendirme, biz tamamlayamadan yarıda kesildi.\nLütfen yeniden başlatın; Amazon sizden bir kez daha onay isteyecek.",
        ),
        Message::CodeRefused => (
            "Lütfen yeniden başlayın",
            "Amazon bu yetkilendirmeyi artık kabul etmiyor: yetkilendirme kodu yalnızca beş dakika ve yalnızca bir kez geçerlidir.\nLütfen yetkilendirmeyi yeniden başlatın.",
        ),
        Message::ApplicationRefused => (
            "Uygulamanın Amazon ile bir sorunu var",
            "Amazon, [{name} adlı ]uygulamanın kimlik bilgilerini kabul etmedi. Bu sizin hatanız değil ve hesabınızda hiçbir şey değişmedi.\nLütfen uygulamanın destek ekibine haber verin ve daha sonra tekrar deneyin.",
        ),
        Message::NotConsented => (
            "Hiçbir yetki verilmedi",
            "Amazon, yetkinin verilmediğini veya yetkilendirmenin tamamlanamadığını bildirdi.\nHesabınızı [{name} adlı ]uygulamaya bağlamak istiyorsanız lütfen Amazon hesabınızın ana kullanıcısı olarak oturum açıp yeniden başlayın.",
        ),
        Message::Unavailable => (
            "Lütfen birazdan tekrar deneyin",
            "Bir hizmet şu anda yanıt vermiyor. Hiçbir şey kaybolmadı.\nLütfen bu sayfayı bir dakika sonra yeniden yükleyin.",
        ),
        Message::Internal => (
            "Bizim tarafımızda bir sorun oluştu",
            "Bu sizin hatanız değil. Sorunu kaydettik.\nLütfen daha sonra tekrar deneyin. Yeniden olursa lütfen [{name} adlı ]uygulamanın destek ekibine haber verin.",
        ),
        Message::ConfirmLink => (
            "Amazon hesabınızı bağlamak istiyor musunuz?",
            "Amazon hesabınızı [{name} adlı ]uygulamaya bağlamak üzeresiniz; uygulamadaki hesap: {account}.\nBu adı tanımıyorsanız veya bu linki beklemiyorsanız lütfen bu sayfayı kapatın; Amazon hesabınızda hiçbir şey değişmedi.\nAksi takdirde devam edin: Amazon daha sonra onayınızı isteyecek.",
        ),
        Message::LinkUsed => (
            "Bu link daha önce kullanılmış",
            "Bir link yalnızca bir kez çalışır ve bu link daha önce kullanılmış. Hesabınızda başka bir şey değişmedi.\nHâlâ bir linke ihtiyacınız varsa lütfen [{name} adlı ]uygulamanın destek ekibinden yenisini isteyin.",
        ),
        Message::LinkExpired => (
            "Bu linkin süresi dolmuş",
            "Artık geçerli değil. Hesabınızda hiçbir şey değişmedi.\nLütfen [{name} adlı ]uygulamanın destek ekibinden yeni bir link isteyin.",
        ),
        Message::NotFound => ("Böyle bir sayfa yok", "Lütfen adresi kontrol edin."),
    }
}

pub(super) const DAY: &str = "{day} {month} {year}";
pub(super) const MONTHS: [&str; 12] = [
    "Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım",
    "Aralık",
];
#[rustfmt::skip]
pub(super) const COUNTRIES: Countries = [
    ("DE", "Almanya"), ("US", "Amerika Birleşik Devletleri"), ("AU", "Avustralya"), ("BE", "Belçika"),
    ("AE", "Birleşik Arap Emirlikleri"), ("GB", "Birleşik Krallık"), ("BR", "Brezilya"), ("FR", "Fransa"),
    ("ZA", "Güney Afrika"), ("IN", "Hindistan"), ("NL", "Hollanda"), ("IE", "İrlanda"), ("ES", "İspanya"),
    ("SE", "İsveç"), ("IT", "İtalya"), ("JP", "Japonya"), ("CA", "Kanada"), ("MX", "Meksika"),
    ("EG", "Mısır"), ("PL", "Polonya"), ("SG", "Singapur"), ("SA", "Suudi Arabistan"), ("TR", "Türkiye"),
];

pub(super) const HELP: Help = Help {
    intro: "Amazon size bu kodlardan birini gösterdiyse hiçbir yetki verilmedi ve hesabınızda hiçbir değişiklik olmadı. Lütfen uygulamadan yeniden başlayın. Kod tekrar görünürse lütfen uygulamanın destek ekibine iletin.",
    operators: "Uygulamayı işletenler için:",
    blank: "Amazon’un bir sayfası boş kalırsa lütfen sayfayı yenileyin.",
    codes: [
        (
            "Amazon uygulamayı tanımıyor veya uygulama hâlâ taslak durumunda.",
            "",
            "Uygulama kimliğini ve “draft” ayarını Amazon’un geliştirici konsoluyla karşılaştırın. Bir taslağın onay sayfası için version=beta gerekir.",
        ),
        (
            "Sayfa başka bir ülkeye veya bölgeye ait ya da uygulama kimliği hatalı.",
            "Yeniden başlayın ve hesabınızın kayıtlı olduğu ülkeyi seçin.",
            "Hesabın kayıtlı olduğu ülkenin onay sayfasını kullanın ve uygulama kimliğini karşılaştırın.",
        ),
        (
            "Amazon, kendi sayfasına götüren adresi kabul etmiyor.",
            "",
            "Her iki URI’yi Amazon’dakilerle karşılaştırın ve uygulamanın bu ülkede sunulup sunulmadığını kontrol edin.",
        ),
        (
            "Redirect URI, Amazon’da kayıtlı değil.",
            "",
            "Redirect URI’yi Amazon’da tam olarak uygulama kaydında gösterildiği gibi kaydedin.",
        ),
        ("Uygulamanın bir URI’si parça (#) içeriyor.", "", "URI’leri Amazon’da # olmadan kaydedin."),
        (
            "Uygulama için bu bölgede yetki verilemiyor.",
            "Uygulamanın ülkenizde sunulup sunulmadığını uygulamanın destek ekibine sorun.",
            "Uygulamanın bu bölgede yeni yetkilendirmelere açık olup olmadığını Amazon’un geliştirici konsolunda kontrol edin.",
        ),
        ("Amazon’da Login URI veya Redirect URI eksik.", "", "Her iki URI’yi de Amazon’da kaydedin."),
        ("Amazon’un sayfasına götüren adres hatalı.", "", "İş ortağının kullandığı linki kontrol edin."),
        (
            "Hesabın ana kullanıcısı değilsiniz.",
            "Hesabın ana kullanıcısından uygulamaya yetki vermesini isteyin.",
            "",
        ),
        (
            "Amazon bu tür işletme hesaplarının uygulamalara yetki vermesine izin vermiyor.",
            "Başka bir hesapla oturum açın veya Amazon’un destek ekibine danışın.",
            "",
        ),
        (
            "Vendor Central grubunuzda “Manage Your Apps” için gereken rol yok.",
            "Vendor Central hesabınızın bir yöneticisinden bu rolü isteyin.",
            "",
        ),
        (
            "Uygulama, en yüksek yetkilendirme sayısına ulaştı.",
            "",
            "Taslakların yetkilendirme sayısı düşüktür. Uygulamayı yayınlayın veya artık gerekmeyen yetkilendirmeleri kaldırın.",
        ),
    ],
};
