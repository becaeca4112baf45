//! Turkish. Names take no suffixes, hence “için”, “üzerinden” and “destek ekibi”.

use crate::browser::page::{Message, texts::Word};

pub(super) const THE_APPLICATION: &str = "uygulama";
pub(super) const SUPPORT_CODE: &str = "Destek kodu:";
pub(super) const CONTINUE: &str = "Amazon’a devam et";
pub(super) const START_AGAIN: &str = "Yeniden başla";
pub(super) const LOOK_AGAIN: &str = "Şimdi kontrol et";
pub(super) const WITHOUT_LINK: &str =
    "Bağlantı olmadan devam et, çünkü Amazon’un kendi sayfalarında başladım";

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Reference => "Referans:",
        Word::Support => "Destek:",
        Word::Home => "Uygulamaya dön",
        Word::Done => "Tamamlandı",
        Word::Waiting => "Henüz tamamlanmadı",
        Word::Problem => "Sorun",
        Word::Partner => "Amazon hesabı",
        Word::Expected => "Beklenen Amazon hesabı",
        Word::Account => "Uygulamadaki hesap",
        Word::Stores => "Mağazalar",
        Word::Until => "Son geçerlilik tarihi",
        Word::SignInAt => "Oturum açılacak site",
        Word::Manage => "Bağlantıyı Amazon’da yenileyin veya sonlandırın (Manage Your Apps)",
        Word::OtherAccount => "Bunun yerine bu Amazon hesabını bağlayın: {partner}",
        Word::WhoMay => {
            "{central} sitesinde hesabın ana kullanıcısı olarak veya gerekli izinlere sahip bir kullanıcı olarak oturum açın."
        }
        Word::Plan => "Hesabın Profesyonel satış planı olmalıdır.",
        Word::Help => "Amazon sayfalarındaki hata kodları (İngilizce)",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "Hesabınız bağlandı",
            "{name} uygulaması artık Amazon hesabınıza erişebilir. Erişimi istediğiniz zaman Amazon’da sonlandırabilirsiniz.\nBu sayfayı kapatabilirsiniz.",
        ),
        Message::AuthorizedButDisabled => (
            "Yetki verildi, ancak bağlantı kapalı",
            "Vermiş olduğunuz {application} yetkilendirmesini aldık. Amazon hesabınızın ({partner}) \
             bağlantısı bizim tarafımızda kapalı ve kapalı kalmaya devam ediyor.\nBağlantıyı açtırmak için \
             lütfen {application} destek ekibiyle iletişime geçin.",
        ),
        Message::Conflict => (
            "Yetkilendirmenizi kontrol ediyoruz",
            "Vermiş olduğunuz {application} yetkilendirmesini aldık. Amazon hesabı ({partner}) için \
             elimizde bulunan yetkilendirmeden farklı olduğundan, geçerli olmadan önce bir görevlimiz \
             tarafından kontrol edilecek. O zamana kadar mevcut bağlantı çalışmaya devam eder.\nAceleniz \
             varsa lütfen {application} destek ekibiyle iletişime geçin.",
        ),
        Message::Exchanging => (
            "Bir dakika lütfen",
            "Amazon ile yetkilendirmenizi tamamlıyoruz. Bu sayfa kendiliğinden yenilenir.",
        ),
        Message::ChooseJourney => (
            "Hangisi?",
            "Bu tarayıcıda {application} için birden fazla yetkilendirme başlattınız. Lütfen devam etmek \
             istediğinizi seçin.",
        ),
        Message::ChooseCentral => (
            "Nereye dönmek istiyorsunuz?",
            "Amazon bize hangi sitesinde oturum açtığınızı bildirmedi.\n{application} için yetkilendirmeye devam etmek üzere lütfen geldiğiniz siteyi seçin.",
        ),
        Message::BadLink => (
            "Bu bağlantı çalışmıyor",
            "Bağlantı eksik veya yolda değiştirilmiş. Hesabınızda hiçbir şey değişmedi.\nLütfen geldiğiniz \
             yere dönün ve yetkilendirmeyi yeniden başlatın.",
        ),
        Message::Misdirected => (
            "Bu bağlantı yanlış adrese götürüyor",
            "Amazon’da {application} için kayıtlı Login URI ile Redirect URI birbirine karışmış. Bu sizin hatanız değil ve hesabınızda hiçbir değişiklik olmadı.\nBuradan devam edebilirsiniz. Lütfen {application} destek ekibine haber verin.",
        ),
        Message::NotAmazon => (
            "Güvenliğiniz için burada durduk",
            "Bu bağlantı sizi Amazon’a ait olmayan bir siteye götürecekti. Hesabınızda hiçbir şey \
             değişmedi.\nLütfen yetkilendirmeyi {application} üzerinden veya Amazon’un kendi sayfalarından \
             başlatın.",
        ),
        Message::UnknownApplication => (
            "Bu uygulamayı tanımıyoruz",
            "Bağlantıda belirtilen uygulamaya burada hizmet verilmiyor. Hesabınızda hiçbir şey \
             değişmedi.\nLütfen uygulamanın destek ekibiyle iletişime geçin.",
        ),
        Message::StartElsewhere => (
            "Lütfen uygulamadan başlayın",
            "Bu yetkilendirme bu bağlantıyla başlatılamaz.\nLütfen {application} üzerinden oturum açın ve \
             Amazon hesabınızı orada bağlayın.",
        ),
        Message::UnknownState => (
            "Lütfen yeniden başlayın",
            "Bu yetkilendirmeyi tanımıyoruz veya üzerinden çok zaman geçtiği için artık kaydımızda yok. \
             Hesabınızda hiçbir şey değişmedi.\nLütfen yetkilendirmeyi yeniden başlatın.",
        ),
        Message::OtherBrowser => (
            "Lütfen aynı tarayıcıyı kullanın",
            "Bu yetkilendirme başka bir tarayıcıda başlatılmış veya tarayıcınız çerezleri \
             saklamıyor.\nLütfen bu site için çerezlere izin verin ve yetkilendirmeyi baştan sona aynı \
             tarayıcıda yeniden yapın.",
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
            "Yetkilendirme, biz tamamlayamadan yarıda kesildi.\nLütfen yeniden başlatın; Amazon sizden bir \
             kez daha onay isteyecek.",
        ),
        Message::CodeRefused => (
            "Lütfen yeniden başlayın",
            "Amazon bu yetkilendirmeyi artık kabul etmiyor: kodu beş dakika ve yalnızca bir kez \
             geçerlidir.\nLütfen yetkilendirmeyi yeniden başlatın.",
        ),
        Message::ApplicationRefused => (
            "Amazon tarafında sorun: {application}",
            "Amazon, {application} için kullanılan kimlik bilgilerini kabul etmedi. Bu sizin hatanız değil \
             ve hesabınızda hiçbir şey değişmedi.\nLütfen {application} destek ekibine haber verin ve daha \
             sonra tekrar deneyin.",
        ),
        Message::NotConsented => (
            "Hiçbir yetki verilmedi",
            "Amazon, yetkinin verilmediğini veya yetkilendirmenin tamamlanamadığını bildirdi.\nBağlantıyı \
             {application} için kurmak istiyorsanız lütfen Amazon hesabınızın ana kullanıcısı olarak oturum \
             açıp yeniden başlayın.",
        ),
        Message::Unavailable => (
            "Lütfen birazdan tekrar deneyin",
            "Şu anda bir şey yanıt vermiyor. Hiçbir şey kaybolmadı.\nLütfen bu sayfayı bir dakika sonra \
             yeniden yükleyin.",
        ),
        Message::Internal => (
            "Bizim tarafımızda bir sorun var",
            "Bu sizin hatanız değil. Sorunu kaydettik.\nLütfen daha sonra tekrar deneyin; yeniden olursa \
             {application} destek ekibine haber verin.",
        ),
        Message::ConfirmLink => (
            "Amazon hesabınızı bağlamak istiyor musunuz?",
            "Amazon hesabınızı {application} için bağlamak üzeresiniz; bağlantının sahibi: \
             {account}.\nBu adı tanımıyorsanız veya bu bağlantıyı beklemiyorsanız lütfen bu sayfayı \
             kapatın; henüz hiçbir şey değişmedi.\nAksi takdirde devam edin: Amazon daha sonra \
             onayınızı isteyecek.",
        ),
        Message::LinkUsed => (
            "Bu bağlantı daha önce kullanılmış",
            "Bir bağlantı yalnızca bir kez çalışır ve bu bağlantı daha önce kullanılmış. Hesabınızda \
             başka bir şey değişmedi.\nHâlâ gerekiyorsa lütfen {application} destek ekibinden yeni \
             bir bağlantı isteyin.",
        ),
        Message::LinkExpired => (
            "Bu bağlantının süresi dolmuş",
            "Artık geçerli değil. Hesabınızda hiçbir şey değişmedi.\nLütfen {application} destek \
             ekibinden yeni bir bağlantı isteyin.",
        ),
        Message::NotFound => ("Böyle bir sayfa yok", "Lütfen adresi kontrol edin."),
    }
}
