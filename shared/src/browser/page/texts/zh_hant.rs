//! Chinese in traditional characters, with the words of Taiwan.

use super::{Countries, Help, Word};
use crate::browser::page::Message;

pub(super) const SUPPORT_CODE: &str = "支援代碼：";
pub(super) const CONTINUE: &str = "前往亞馬遜";
pub(super) const START_AGAIN: &str = "重新開始";
pub(super) const LOOK_AGAIN: &str = "立即查看";
pub(super) const WITHOUT_LINK: &str = "不使用連結繼續，因為我是從亞馬遜的頁面開始的";

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Reference => "參考編號：",
        Word::Support => "客服支援：",
        Word::Home => "返回應用程式",
        Word::Done => "完成",
        Word::Waiting => "尚未完成",
        Word::Problem => "發生問題",
        Word::Partner => "亞馬遜帳戶",
        Word::Expected => "應使用的亞馬遜帳戶",
        Word::Account => "應用程式中的帳戶",
        Word::Stores => "商店",
        Word::Until => "有效期限至",
        Word::SignInAt => "登入網站",
        Word::Site => "亞馬遜網站",
        Word::Manage => "在亞馬遜上續期或結束連接（Manage Your Apps）",
        Word::OtherAccount => "改為連接此亞馬遜帳戶：{partner}",
        Word::WhoMay => "請以帳戶的主要使用者身分，或以擁有所需權限的使用者身分登入{central}。",
        Word::SellerCentral => "賣家平台（Seller Central）",
        Word::VendorCentral => "供應商平台（Vendor Central）",
        Word::Plan => "帳戶需要使用專業銷售方案。",
        Word::Language => "語言",
        Word::Help => "亞馬遜頁面上的錯誤代碼",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "連接成功",
            "應用程式[「{name}」]現在可以存取您的亞馬遜帳戶。您可以隨時在亞馬遜上結束存取。\n您可以關閉此頁面。",
        ),
        Message::AuthorizedButDisabled => (
            "已授權，但連接已停用",
            "我們已收到您對應用程式[「{name}」]的授權。您的亞馬遜帳戶 {partner} 的連接已由我方停用，目前仍維持停用狀態。\n如需啟用，請聯絡該應用程式的客服支援。",
        ),
        Message::Conflict => (
            "我們正在確認您的授權",
            "我們已收到您對應用程式[「{name}」]的授權。由於它與我們現有的亞馬遜帳戶 {partner} 的授權不一致，需經我們的團隊確認後才會生效。在此之前，現有連接會繼續正常運作。\n如有急需，請聯絡該應用程式的客服支援。",
        ),
        Message::Exchanging => ("請稍候", "我們正在與亞馬遜完成您的授權。此頁面會自動重新整理。"),
        Message::ChooseJourney => (
            "您要繼續哪一項授權？",
            "您在此瀏覽器中開始了多項對應用程式[「{name}」]的授權。請選擇要繼續的那一項。",
        ),
        Message::ChooseCentral => (
            "您要返回哪個網站？",
            "亞馬遜沒有告知我們您登入的是它的哪個網站。\n請選擇您先前所在的網站，以繼續對應用程式[「{name}」]的授權。",
        ),
        Message::BadLink => (
            "此連結無法使用",
            "連結不完整，或在傳送過程中遭到變更。您的帳戶沒有任何變更。\n請返回先前的頁面，重新開始授權。",
        ),
        Message::Misdirected => (
            "此連結指向錯誤的網址",
            "在亞馬遜上，應用程式[「{name}」]的 Login URI 和 Redirect URI 互相對調了。這不是您的問題，您的帳戶沒有任何變更。\n您可以在此繼續。請通知該應用程式的客服支援。",
        ),
        Message::NotAmazon => (
            "為了您的安全，我們在此停止",
            "此連結指向一個不屬於亞馬遜的網站。您的帳戶沒有任何變更。\n請從應用程式[「{name}」]或亞馬遜自己的頁面開始授權。",
        ),
        Message::UnknownApplication => (
            "我們找不到此應用程式",
            "連結中指定的應用程式並未使用此服務。您的帳戶沒有任何變更。\n請聯絡該應用程式的客服支援。",
        ),
        Message::StartElsewhere => (
            "請從應用程式開始",
            "無法透過此連結開始授權。\n請登入應用程式[「{name}」]，並在其中連接您的亞馬遜帳戶。",
        ),
        Message::UnknownState => {
            ("請重新開始", "我們找不到此授權，或時間已經太久。您的帳戶沒有任何變更。\n請重新開始授權。")
        }
        Message::OtherBrowser => (
            "請使用同一個瀏覽器",
            "此授權是在另一個瀏覽器中開始的，或您的瀏覽器不儲存 Cookie。\n請允許本網站使用 Cookie，並在同一個瀏覽器中從頭到尾重新完成授權。",
        ),
        Message::OtherPartner => (
            "這是另一個亞馬遜帳戶",
            "您登入亞馬遜的帳戶是 {partner}，但此授權屬於另一個帳戶。我們沒有儲存任何內容。\n請重新開始，並以應使用的帳戶登入亞馬遜。",
        ),
        Message::Expired => ("操作逾時", "授權必須在十分鐘內完成。\n請重新開始。"),
        Message::Interrupted => ("請重新開始", "授權在完成之前中斷了。\n請重新開始；亞馬遜會請您再次確認。"),
        Message::CodeRefused => (
            "請重新開始",
            "亞馬遜不再接受此授權：授權碼的有效時間為五分鐘，且只能使用一次。\n請重新開始授權。",
        ),
        Message::ApplicationRefused => (
            "應用程式與亞馬遜之間發生問題",
            "亞馬遜未接受應用程式[「{name}」]的憑證。這不是您的問題，您的帳戶沒有任何變更。\n請通知該應用程式的客服支援，並稍後再試。",
        ),
        Message::NotConsented => (
            "未完成任何授權",
            "亞馬遜通知我們，授權未獲授予或無法完成。\n如果您想連接應用程式[「{name}」]，請以您的亞馬遜帳戶的主要使用者身分登入，然後重新開始。",
        ),
        Message::Unavailable => {
            ("請稍後再試", "部分服務暫時沒有回應，您的資料沒有遺失。\n請在一分鐘後重新載入此頁面。")
        }
        Message::Internal => (
            "我們這邊發生問題",
            "這不是您的問題。我們已記錄此問題。\n請稍後再試。如果再次發生，請通知應用程式[「{name}」]的客服支援。",
        ),
        Message::ConfirmLink => (
            "要連接您的亞馬遜帳戶嗎？",
            "您即將把您的亞馬遜帳戶連接到應用程式[「{name}」]，用於該應用程式中的帳戶：{account}。\n如果您不認得此名稱，或沒有預期會收到此連結，請關閉此頁面；您的亞馬遜帳戶沒有任何變更。\n否則請繼續：亞馬遜隨後會請您確認授權。",
        ),
        Message::LinkUsed => (
            "此連結已被使用",
            "每個連結只能使用一次，而此連結已被使用。您的帳戶沒有其他變更。\n如果您仍然需要連結，請向應用程式[「{name}」]的客服支援索取新的連結。",
        ),
        Message::LinkExpired => (
            "此連結已過期",
            "此連結已失效。您的帳戶沒有任何變更。\n請向應用程式[「{name}」]的客服支援索取新的連結。",
        ),
        Message::NotFound => ("此頁面不存在", "請檢查網址。"),
    }
}

pub(super) const DAY: &str = "{year}年{month}月{day}日";
pub(super) const MONTHS: [&str; 12] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"];
#[rustfmt::skip]
pub(super) const COUNTRIES: Countries = [
    ("TR", "土耳其"), ("BR", "巴西"), ("BE", "比利時"), ("CA", "加拿大"), ("IN", "印度"), ("ES", "西班牙"),
    ("SA", "沙烏地阿拉伯"), ("FR", "法國"), ("PL", "波蘭"), ("AE", "阿拉伯聯合大公國"), ("US", "美國"), ("GB", "英國"),
    ("EG", "埃及"), ("NL", "荷蘭"), ("IE", "愛爾蘭"), ("SG", "新加坡"), ("SE", "瑞典"), ("IT", "義大利"), ("DE", "德國"),
    ("MX", "墨西哥"), ("AU", "澳洲"), ("JP", "日本"), ("ZA", "南非"),
];

pub(super) const HELP: Help = Help {
    intro: "如果亞馬遜向您顯示了以下任一代碼，則未完成任何授權，您的帳戶沒有任何變更。請從應用程式重新開始。如果該代碼再次出現，請將其告知該應用程式的客服支援。",
    operators: "應用程式的營運者請注意：",
    blank: "如果亞馬遜的頁面一直空白，請重新載入。",
    codes: [
        (
            "亞馬遜找不到該應用程式，或者它仍是草稿。",
            "",
            "請將應用程式 ID 和「draft」設定與亞馬遜的開發人員主控台核對。草稿的授權頁面需要 version=beta。",
        ),
        (
            "該頁面屬於其他國家或區域，或者應用程式 ID 的格式不正確。",
            "請重新開始，並選擇您的帳戶註冊所在的國家。",
            "請使用帳戶所在國家的授權頁面，並核對應用程式 ID。",
        ),
        (
            "亞馬遜不接受通往其頁面的網址。",
            "",
            "請將兩個 URI 與亞馬遜上登記的 URI 核對，並檢查該應用程式是否在此國家提供。",
        ),
        (
            "Redirect URI 沒有在亞馬遜上登記。",
            "",
            "請在亞馬遜上登記 Redirect URI，並與應用程式註冊時顯示的內容完全一致。",
        ),
        ("應用程式的某個 URI 含有片段（#）。", "", "請在亞馬遜上登記不含 # 的 URI。"),
        (
            "該應用程式無法在此區域獲得授權。",
            "請向該應用程式的客服支援詢問，您所在的國家是否可以使用。",
            "請在亞馬遜的開發人員主控台中檢查，該應用程式在此區域是否接受新的授權。",
        ),
        ("亞馬遜上缺少 Login URI 或 Redirect URI。", "", "請在亞馬遜上登記這兩個 URI。"),
        ("通往亞馬遜頁面的網址格式不正確。", "", "請檢查合作夥伴使用的連結。"),
        ("您不是該帳戶的主要使用者。", "請讓該帳戶的主要使用者為應用程式授權。", ""),
        ("亞馬遜不允許此類企業帳戶為應用程式授權。", "請使用其他帳戶登入，或詢問亞馬遜的客服支援。", ""),
        (
            "您的供應商群組缺少「Manage Your Apps」所需的角色。",
            "請向您的供應商平台帳戶的管理員申請該角色。",
            "",
        ),
        (
            "該應用程式的授權數量已達上限。",
            "",
            "草稿可用的授權數量很少。請發布應用程式，或移除不再需要的授權。",
        ),
    ],
};
