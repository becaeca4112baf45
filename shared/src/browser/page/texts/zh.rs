//! Chinese in simplified characters, with “您”, and with Amazon's names as on its Chinese pages.

use super::{Countries, Help, Word};
use crate::browser::page::Message;

pub(super) const SUPPORT_CODE: &str = "支持代码：";
pub(super) const CONTINUE: &str = "前往亚马逊";
pub(super) const START_AGAIN: &str = "重新开始";
pub(super) const LOOK_AGAIN: &str = "立即查看";
pub(super) const WITHOUT_LINK: &str = "不使用链接继续，因为我是从亚马逊的页面开始的";

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Reference => "参考编号：",
        Word::Support => "客服支持：",
        Word::Home => "返回应用程序",
        Word::Done => "完成",
        Word::Waiting => "尚未完成",
        Word::Problem => "出现问题",
        Word::Partner => "亚马逊账户",
        Word::Expected => "应使用的亚马逊账户",
        Word::Account => "应用程序中的账户",
        Word::Stores => "店铺",
        Word::Until => "有效期至",
        Word::SignInAt => "登录网站",
        Word::Site => "亚马逊网站",
        Word::Manage => "在亚马逊上续订或结束连接（管理您的应用程序，Manage Your Apps）",
        Word::OtherAccount => "改为连接此亚马逊账户：{partner}",
        Word::WhoMay => "请以账户的主用户身份，或以拥有所需权限的用户身份登录{central}。",
        Word::SellerCentral => "卖家平台（Seller Central）",
        Word::VendorCentral => "供应商平台（Vendor Central）",
        Word::Plan => "账户需要使用专业销售计划。",
        Word::Language => "语言",
        Word::Help => "亚马逊页面上的错误代码",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "连接成功",
            "应用程序[“{name}”]现在可以访问您的亚马逊账户。您可以随时在亚马逊上结束访问。\n您可以关闭此页面。",
        ),
        Message::AuthorizedButDisabled => (
            "已授权，但连接已停用",
            "我们已收到您对应用程序[“{name}”]的授权。您的亚马逊账户 {partner} 的连接已被我方停用，目前仍保持停用状态。\n如需启用，请联系该应用程序的客服支持。",
        ),
        Message::Conflict => (
            "我们正在核实您的授权",
            "我们已收到您对应用程序[“{name}”]的授权。由于它与我们已有的亚马逊账户 {partner} 的授权不一致，需经我们的团队核实后才能生效。在此之前，现有连接将继续正常工作。\n如有急需，请联系该应用程序的客服支持。",
        ),
        Message::Exchanging => ("请稍候", "我们正在与亚马逊完成您的授权。此页面会自动刷新。"),
        Message::ChooseJourney => (
            "您要继续哪一项授权？",
            "您在此浏览器中发起了多项对应用程序[“{name}”]的授权。请选择要继续的那一项。",
        ),
        Message::ChooseCentral => (
            "您要返回哪个网站？",
            "亚马逊没有告知我们您登录的是它的哪个网站。\n请选择您来自的网站，以继续对应用程序[“{name}”]的授权。",
        ),
        Message::BadLink => (
            "此链接无法使用",
            "链接不完整，或在传递过程中被更改。您的账户没有任何变化。\n请返回之前的页面，重新开始授权。",
        ),
        Message::Misdirected => (
            "此链接指向了错误的地址",
            "在亚马逊上，应用程序[“{name}”]的 Login URI 和 Redirect URI 被弄混了。这不是您的问题，您的账户没有任何变化。\n您可以在此继续。请告知该应用程序的客服支持。",
        ),
        Message::NotAmazon => (
            "为了您的安全，我们在此停止",
            "此链接指向一个不属于亚马逊的网站。您的账户没有任何变化。\n请从应用程序[“{name}”]或亚马逊自己的页面开始授权。",
        ),
        Message::UnknownApplication => (
            "我们没有找到此应用程序",
            "链接中指定的应用程序没有使用此服务。您的账户没有任何变化。\n请联系该应用程序的客服支持。",
        ),
        Message::StartElsewhere => (
            "请从应用程序开始",
            "无法通过此链接开始授权。\n请登录应用程序[“{name}”]，并在其中连接您的亚马逊账户。",
        ),
        Message::UnknownState => (
            "请重新开始",
            "我们没有找到此授权，或者已经过了太长时间。您的账户没有任何变化。\n请重新开始授权。",
        ),
        Message::OtherBrowser => (
            "请使用同一个浏览器",
            "此授权是在另一个浏览器中开始的，或者您的浏览器不保存 Cookie。\n请允许本网站使用 Cookie，并在同一个浏览器中从头到尾重新完成授权。",
        ),
        Message::OtherPartner => (
            "这是另一个亚马逊账户",
            "您登录亚马逊的账户是 {partner}，但此授权属于另一个账户。我们没有保存任何内容。\n请重新开始，并使用应使用的账户登录亚马逊。",
        ),
        Message::Expired => ("操作超时", "授权必须在十分钟内完成。\n请重新开始。"),
        Message::Interrupted => ("请重新开始", "授权在完成之前中断了。\n请重新开始；亚马逊会请您再次确认。"),
        Message::CodeRefused => (
            "请重新开始",
            "亚马逊不再接受此授权：授权代码的有效期为五分钟，且只能使用一次。\n请重新开始授权。",
        ),
        Message::ApplicationRefused => (
            "应用程序与亚马逊之间出现问题",
            "亚马逊未接受应用程序[“{name}”]的凭证。这不是您的问题，您的账户没有任何变化。\n请告知该应用程序的客服支持，并稍后重试。",
        ),
        Message::NotConsented => (
            "未完成任何授权",
            "亚马逊告知我们，授权未被授予或无法完成。\n如果您想连接应用程序[“{name}”]，请以您的亚马逊账户的主用户身份登录，然后重新开始。",
        ),
        Message::Unavailable => {
            ("请稍后重试", "部分服务暂时无响应，您的数据没有丢失。\n请在一分钟后重新加载此页面。")
        }
        Message::Internal => (
            "我们这边出现了问题",
            "这不是您的问题。我们已记录此问题。\n请稍后重试。如果再次发生，请告知应用程序[“{name}”]的客服支持。",
        ),
        Message::ConfirmLink => (
            "要连接您的亚马逊账户吗？",
            "您即将把您的亚马逊账户连接到应用程序[“{name}”]，用于该应用程序中的账户：{account}。\n如果您不认识此名称，或没有预料到会收到此链接，请关闭此页面；您的亚马逊账户没有任何变化。\n否则请继续：亚马逊随后会请您确认授权。",
        ),
        Message::LinkUsed => (
            "此链接已被使用",
            "每个链接只能使用一次，而此链接已被使用。您的账户没有其他变化。\n如果您仍然需要链接，请向应用程序[“{name}”]的客服支持索取新的链接。",
        ),
        Message::LinkExpired => (
            "此链接已过期",
            "此链接已失效。您的账户没有任何变化。\n请向应用程序[“{name}”]的客服支持索取新的链接。",
        ),
        Message::NotFound => ("此页面不存在", "请检查网址。"),
    }
}

pub(super) const DAY: &str = "{year}年{month}月{day}日";
pub(super) const MONTHS: [&str; 12] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"];
#[rustfmt::skip]
pub(super) const COUNTRIES: Countries = [
    ("AE", "阿拉伯联合酋长国"), ("EG", "埃及"), ("IE", "爱尔兰"), ("AU", "澳大利亚"), ("BR", "巴西"), ("BE", "比利时"),
    ("PL", "波兰"), ("DE", "德国"), ("FR", "法国"), ("NL", "荷兰"), ("CA", "加拿大"), ("US", "美国"), ("MX", "墨西哥"),
    ("SE", "瑞典"), ("SA", "沙特阿拉伯"), ("TR", "土耳其"), ("ES", "西班牙"), ("SG", "新加坡"), ("IT", "意大利"), ("IN", "印度"),
    ("GB", "英国"), ("JP", "日本"), ("ZA", "南非"),
];

pub(super) const HELP: Help = Help {
    intro: "如果亚马逊向您显示了以下任一代码，则未完成任何授权，您的账户没有任何变化。请从应用程序重新开始。如果该代码再次出现，请将其告知该应用程序的客服支持。",
    operators: "应用程序的运营者请注意：",
    blank: "如果亚马逊的页面一直空白，请重新加载。",
    codes: [
        (
            "亚马逊没有找到该应用程序，或者它仍是草稿。",
            "",
            "请将应用程序 ID 和“draft”设置与亚马逊的开发者控制台核对。草稿的授权页面需要 version=beta。",
        ),
        (
            "该页面属于其他国家或区域，或者应用程序 ID 的格式不正确。",
            "请重新开始，并选择您的账户注册所在的国家。",
            "请使用账户所在国家的授权页面，并核对应用程序 ID。",
        ),
        (
            "亚马逊不接受通向其页面的网址。",
            "",
            "请将两个 URI 与亚马逊上登记的 URI 核对，并检查该应用程序是否在此国家提供。",
        ),
        (
            "Redirect URI 没有在亚马逊上登记。",
            "",
            "请在亚马逊上登记 Redirect URI，并与应用程序注册时显示的内容完全一致。",
        ),
        ("应用程序的某个 URI 含有片段（#）。", "", "请在亚马逊上登记不含 # 的 URI。"),
        (
            "该应用程序无法在此区域获得授权。",
            "请向该应用程序的客服支持咨询，您所在的国家是否可以使用。",
            "请在亚马逊的开发者控制台中检查，该应用程序在此区域是否接受新的授权。",
        ),
        ("亚马逊上缺少 Login URI 或 Redirect URI。", "", "请在亚马逊上登记这两个 URI。"),
        ("通向亚马逊页面的网址格式不正确。", "", "请检查合作伙伴使用的链接。"),
        ("您不是该账户的主用户。", "请让该账户的主用户为应用程序授权。", ""),
        ("亚马逊不允许此类企业账户为应用程序授权。", "请使用其他账户登录，或咨询亚马逊的客服支持。", ""),
        ("您的供应商组缺少“Manage Your Apps”所需的角色。", "请向您的供应商平台账户的管理员申请该角色。", ""),
        (
            "该应用程序的授权数量已达上限。",
            "",
            "草稿可用的授权数量很少。请发布应用程序，或移除不再需要的授权。",
        ),
    ],
};
