//! Chinese in traditional characters, with the words of Taiwan.

use crate::browser::page::{Message, texts::Word};

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
        Word::Manage => "在亞馬遜上續期或結束連接（Manage Your Apps）",
        Word::OtherAccount => "改為連接此亞馬遜帳戶：{partner}",
        Word::WhoMay => "請以帳戶的主要使用者身分，或以擁有所需權限的使用者身分登入{central}。",
        Word::SellerCentral => "賣家平台（Seller Central）",
        Word::VendorCentral => "供應商平台（Vendor Central）",
        Word::Plan => "帳戶需要使用專業銷售方案。",
        Word::Language => "語言",
        Word::Help => "亞馬遜頁面上的錯誤代碼（英文）",
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
