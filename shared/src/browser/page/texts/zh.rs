//! Chinese, simplified.

use crate::browser::page::{Message, texts::Word};

pub(super) const THE_APPLICATION: &str = "该应用程序";
pub(super) const SUPPORT_CODE: &str = "支持代码：";
pub(super) const CONTINUE: &str = "前往 Amazon";
pub(super) const START_AGAIN: &str = "重新开始";
pub(super) const LOOK_AGAIN: &str = "立即查看";
pub(super) const WITHOUT_LINK: &str = "不使用链接继续，因为我是从 Amazon 的页面开始的";

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Reference => "参考编号：",
        Word::Support => "客服支持：",
        Word::Home => "返回应用程序",
        Word::Done => "完成",
        Word::Waiting => "尚未完成",
        Word::Problem => "出现问题",
        Word::Partner => "Amazon 账户",
        Word::Expected => "应使用的 Amazon 账户",
        Word::Account => "应用程序中的账户",
        Word::Stores => "店铺",
        Word::Until => "有效期至",
        Word::SignInAt => "登录网站",
        Word::Manage => "在 Amazon 上续订或结束连接（Manage Your Apps）",
        Word::OtherAccount => "改为连接此 Amazon 账户：{partner}",
        Word::WhoMay => "请以账户的主用户身份，或以拥有所需权限的用户身份登录 {central}。",
        Word::Plan => "账户需要使用专业销售计划。",
        Word::Help => "Amazon 页面上的错误代码（英文）",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "连接成功",
            "应用程序 {name} 现在可以访问您的 Amazon 账户。您可以随时在 Amazon 上结束访问。\n您可以关闭此页面。",
        ),
        Message::AuthorizedButDisabled => (
            "已授权，但连接已停用",
            "我们已收到您对{application}的授权。您的 Amazon 账户 {partner} 的连接已被我方停用，目前仍保持停\
             用状态。\n如需启用，请联系{application}的客服支持。",
        ),
        Message::Conflict => (
            "我们正在核实您的授权",
            "我们已收到您对{application}的授权。由于它与我们已有的 Amazon 账户 {partner} 的授权不一致，需经\
             人工核实后才能生效。在此之前，现有连接将继续正常工作。\n如果您有急需，请联系{application}的客服\
             支持。",
        ),
        Message::Exchanging => ("请稍候", "我们正在与 Amazon 完成您的授权。此页面会自动刷新。"),
        Message::ChooseJourney => {
            ("您要继续哪一个？", "您在此浏览器中发起了多个针对{application}的授权。请选择要继续的那一个。")
        }
        Message::ChooseCentral => (
            "您要返回哪里？",
            "Amazon 没有告诉我们您登录的是它的哪个网站。\n请选择您来自的网站，以继续对{application}的授权。",
        ),
        Message::BadLink => (
            "此链接无法使用",
            "链接不完整，或在传递过程中被更改。您的账户未发生任何变化。\n请返回您来时的页面，重新开始授权。",
        ),
        Message::Misdirected => (
            "此链接指向了错误的地址",
            "在 Amazon 处，{application}的 Login URI 和 Redirect URI 被弄混了。这不是您的过错，您的账户没有任何变化。\n您可以在此继续。请告知{application}的支持团队。",
        ),
        Message::NotAmazon => (
            "为了您的安全，我们在此停止",
            "此链接会将您带到一个不属于 Amazon 的网站。您的账户未发生任何变化。\n请从{application}或 Amazon \
             自己的页面开始授权。",
        ),
        Message::UnknownApplication => (
            "我们不认识此应用程序",
            "链接中指定的应用程序不由此处提供服务。您的账户未发生任何变化。\n请联系该应用程序的客服支持。",
        ),
        Message::StartElsewhere => (
            "请从应用程序开始",
            "无法通过此链接开始授权。\n请登录{application}，并在其中连接您的 Amazon 账户。",
        ),
        Message::UnknownState => (
            "请重新开始",
            "我们没有找到此授权，或者时间过久，我们已不再保留相关记录。您的账户未发生任何变化。\n请重新开始\
             授权。",
        ),
        Message::OtherBrowser => (
            "请使用同一个浏览器",
            "此授权是在另一个浏览器中开始的，或者您的浏览器不保存 Cookie。\n请允许本网站使用 Cookie，并在同\
             一个浏览器中从头到尾重新完成授权。",
        ),
        Message::OtherPartner => (
            "这是另一个 Amazon 账户",
            "您登录 Amazon 的账户是 {partner}，但此授权属于另一个账户。我们没有保存任何内容。\n请重新开始，并使用应使用的账户登录 Amazon。",
        ),
        Message::Expired => ("操作超时", "授权必须在十分钟内完成。\n请重新开始。"),
        Message::Interrupted => ("请重新开始", "授权在完成之前中断了。\n请重新开始；Amazon 会请您再次确认。"),
        Message::CodeRefused => (
            "请重新开始",
            "Amazon 不再接受此授权：授权代码的有效期为五分钟，且只能使用一次。\n请重新开始授权。",
        ),
        Message::ApplicationRefused => (
            "Amazon 未接受{application}",
            "Amazon 未接受{application}的凭证。这不是您的问题，您的账户也未发生任何变化。\n请告知\
             {application}的客服支持，并稍后重试。",
        ),
        Message::NotConsented => (
            "未完成任何授权",
            "Amazon 告知我们，授权未被授予或无法完成。\n如果您想连接{application}，请以您的 Amazon 账户的主\
             用户身份登录，然后重新开始。",
        ),
        Message::Unavailable => {
            ("请稍后重试", "目前有部分服务没有响应。没有丢失任何内容。\n请在一分钟后重新加载此页面。")
        }
        Message::Internal => (
            "我们这边出现了问题",
            "这不是您的问题。我们已记录此问题。\n请稍后重试；如果再次发生，请告知{application}的客服支持。",
        ),
        Message::ConfirmLink => (
            "要连接您的 Amazon 账户吗？",
            "您即将把您的 Amazon 账户连接到{application}，用于：{account}。\n如果您不认识此名称，或没\
             有预料到会收到此链接，请关闭此页面；目前尚未发生任何变化。\n否则请继续：Amazon 随后会请\
             您确认授权。",
        ),
        Message::LinkUsed => (
            "此链接已被使用",
            "每个链接只能使用一次，而此链接已被使用。您的账户未发生其他变化。\n如果您仍然需要，请向\
             {application}的客服支持索取新的链接。",
        ),
        Message::LinkExpired => (
            "此链接已过期",
            "此链接已失效。您的账户未发生任何变化。\n请向{application}的客服支持索取新的链接。",
        ),
        Message::NotFound => ("此页面不存在", "请检查网址。"),
    }
}
