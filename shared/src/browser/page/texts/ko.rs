//! Korean, in the polite form. A particle depends on the last sound of the word before it, so a name stands before “애플리케이션”.

use crate::browser::page::{Message, texts::Word};

pub(super) const SUPPORT_CODE: &str = "지원 코드:";
pub(super) const CONTINUE: &str = "아마존으로 계속";
pub(super) const START_AGAIN: &str = "다시 시작";
pub(super) const LOOK_AGAIN: &str = "지금 다시 확인";
pub(super) const WITHOUT_LINK: &str = "링크 없이 계속(아마존 페이지에서 시작했음)";

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Reference => "참조 번호:",
        Word::Support => "고객 지원:",
        Word::Home => "애플리케이션으로 돌아가기",
        Word::Done => "완료",
        Word::Waiting => "아직 완료되지 않음",
        Word::Problem => "문제 발생",
        Word::Partner => "아마존 계정",
        Word::Expected => "사용해야 할 아마존 계정",
        Word::Account => "애플리케이션의 계정",
        Word::Stores => "스토어",
        Word::Until => "유효 기간 종료일",
        Word::SignInAt => "로그인 사이트",
        Word::Manage => "아마존에서 연결 갱신 또는 종료(Manage Your Apps)",
        Word::OtherAccount => "대신 이 아마존 계정 연결: {partner}",
        Word::WhoMay => "계정의 기본 사용자 또는 필요한 권한이 있는 사용자로 {central}에 로그인해 주세요.",
        Word::SellerCentral => "셀러 센트럴(Seller Central)",
        Word::VendorCentral => "벤더 센트럴(Vendor Central)",
        Word::Plan => "계정에는 프로페셔널 판매 플랜이 필요합니다.",
        Word::Language => "언어",
        Word::Help => "아마존 페이지의 오류 코드(영어)",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "아마존 계정이 연결되었습니다",
            "이제 [{name} ]애플리케이션이 고객님의 아마존 계정을 이용할 수 있습니다. 연결은 언제든지 아마존에서 종료할 수 있습니다.\n이 페이지를 닫으셔도 됩니다.",
        ),
        Message::AuthorizedButDisabled => (
            "승인되었지만 연결이 비활성화되어 있습니다",
            "[{name} ]애플리케이션에 대한 승인을 받았습니다. 고객님의 아마존 계정({partner})의 연결은 저희 쪽에서 비활성화되어 있으며 계속 비활성화 상태입니다.\n활성화하려면 애플리케이션의 고객 지원팀에 문의해 주세요.",
        ),
        Message::Conflict => (
            "승인 내용을 확인하고 있습니다",
            "[{name} ]애플리케이션에 대한 승인을 받았습니다. 아마존 계정({partner})에 대해 이미 보유한 승인과 다르므로, 저희 담당 팀이 확인한 후에 적용됩니다. 그때까지 기존 연결은 계속 작동합니다.\n급하신 경우 애플리케이션의 고객 지원팀에 문의해 주세요.",
        ),
        Message::Exchanging => (
            "잠시만 기다려 주세요",
            "아마존과의 승인 절차를 완료하고 있습니다. 이 페이지는 자동으로 새로 고침됩니다.",
        ),
        Message::ChooseJourney => (
            "어떤 승인을 계속하시겠습니까?",
            "이 브라우저에서 [{name} ]애플리케이션에 대한 승인을 두 번 이상 시작하셨습니다. 계속할 승인을 선택해 주세요.",
        ),
        Message::ChooseCentral => (
            "어느 사이트로 돌아가시겠습니까?",
            "고객님이 아마존의 어느 사이트에 로그인했는지 전달받지 못했습니다.\n[{name} ]애플리케이션에 대한 승인을 계속하려면 이전에 이용하던 사이트를 선택해 주세요.",
        ),
        Message::BadLink => (
            "사용할 수 없는 링크입니다",
            "링크가 불완전하거나 전달 과정에서 변경되었습니다. 고객님의 계정은 변경되지 않았습니다.\n이전 페이지로 돌아가 승인을 다시 시작해 주세요.",
        ),
        Message::Misdirected => (
            "링크의 주소가 잘못되었습니다",
            "아마존에 등록된 [{name} ]애플리케이션의 Login URI와 Redirect URI가 서로 바뀌어 있습니다. 고객님의 잘못이 아니며, 고객님의 계정은 변경되지 않았습니다.\n여기에서 계속하실 수 있습니다. 애플리케이션의 고객 지원팀에 알려 주세요.",
        ),
        Message::NotAmazon => (
            "안전을 위해 여기에서 중단했습니다",
            "이 링크는 아마존이 아닌 사이트로 연결됩니다. 고객님의 계정은 변경되지 않았습니다.\n[{name} ]애플리케이션 또는 아마존 페이지에서 승인을 시작해 주세요.",
        ),
        Message::UnknownApplication => (
            "알 수 없는 애플리케이션입니다",
            "링크에 지정된 애플리케이션은 이 서비스를 사용하지 않습니다. 고객님의 계정은 변경되지 않았습니다.\n애플리케이션의 고객 지원팀에 문의해 주세요.",
        ),
        Message::StartElsewhere => (
            "애플리케이션에서 시작해 주세요",
            "이 링크로는 승인을 시작할 수 없습니다.\n[{name} ]애플리케이션에 로그인한 다음 그곳에서 아마존 계정을 연결해 주세요.",
        ),
        Message::UnknownState => (
            "다시 시작해 주세요",
            "이 승인을 찾을 수 없거나 너무 오래되었습니다. 고객님의 계정은 변경되지 않았습니다.\n승인을 다시 시작해 주세요.",
        ),
        Message::OtherBrowser => (
            "같은 브라우저를 사용해 주세요",
            "이 승인은 다른 브라우저에서 시작되었거나, 사용 중인 브라우저가 쿠키를 저장하지 않습니다.\n이 사이트의 쿠키를 허용하고 처음부터 끝까지 같은 브라우저에서 승인을 다시 진행해 주세요.",
        ),
        Message::OtherPartner => (
            "다른 아마존 계정입니다",
            "아마존에 {partner} 계정으로 로그인되어 있지만, 이 승인은 다른 계정에 대한 것입니다. 저장된 내용은 없습니다.\n사용해야 할 계정으로 아마존에 로그인하여 다시 시작해 주세요.",
        ),
        Message::Expired => {
            ("시간이 초과되었습니다", "승인은 10분 이내에 완료해야 합니다.\n다시 시작해 주세요.")
        }
        Message::Interrupted => (
            "다시 시작해 주세요",
            "승인이 완료되기 전에 중단되었습니다.\n다시 시작해 주세요. 아마존에서 한 번 더 확인을 요청합니다.",
        ),
        Message::CodeRefused => (
            "다시 시작해 주세요",
            "아마존에서 이 승인을 더 이상 받아들이지 않습니다. 승인 코드는 5분 동안 한 번만 사용할 수 있습니다.\n승인을 다시 시작해 주세요.",
        ),
        Message::ApplicationRefused => (
            "애플리케이션과 아마존 사이에 문제가 있습니다",
            "아마존이 [{name} ]애플리케이션의 자격 증명을 받아들이지 않았습니다. 고객님의 잘못이 아니며, 고객님의 계정은 변경되지 않았습니다.\n애플리케이션의 고객 지원팀에 알린 후 나중에 다시 시도해 주세요.",
        ),
        Message::NotConsented => (
            "승인된 내용이 없습니다",
            "승인이 이루어지지 않았거나 완료할 수 없었다고 아마존에서 알려 왔습니다.\n[{name} ]애플리케이션을 연결하려면 아마존 계정의 기본 사용자로 로그인하여 다시 시작해 주세요.",
        ),
        Message::Unavailable => (
            "잠시 후 다시 시도해 주세요",
            "현재 응답하지 않는 서비스가 있습니다. 손실된 데이터는 없습니다.\n1분 후에 이 페이지를 새로 고침해 주세요.",
        ),
        Message::Internal => (
            "저희 쪽에서 문제가 발생했습니다",
            "고객님의 잘못이 아닙니다. 문제는 기록되었습니다.\n나중에 다시 시도해 주세요. 문제가 다시 발생하면 [{name} ]애플리케이션의 고객 지원팀에 알려 주세요.",
        ),
        Message::ConfirmLink => (
            "아마존 계정을 연결하시겠습니까?",
            "고객님의 아마존 계정을 [{name} ]애플리케이션에 연결하려고 합니다. 애플리케이션의 대상 계정: {account}\n이 이름을 모르거나 이 링크를 예상하지 못하셨다면 이 페이지를 닫아 주세요. 고객님의 아마존 계정은 변경되지 않았습니다.\n문제가 없으면 계속해 주세요. 이어서 아마존에서 동의를 요청합니다.",
        ),
        Message::LinkUsed => (
            "이미 사용된 링크입니다",
            "링크는 한 번만 사용할 수 있으며, 이 링크는 이미 사용되었습니다. 고객님의 계정에 그 밖의 변경은 없습니다.\n링크가 여전히 필요하면 [{name} ]애플리케이션의 고객 지원팀에 새 링크를 요청해 주세요.",
        ),
        Message::LinkExpired => (
            "만료된 링크입니다",
            "더 이상 유효하지 않습니다. 고객님의 계정은 변경되지 않았습니다.\n[{name} ]애플리케이션의 고객 지원팀에 새 링크를 요청해 주세요.",
        ),
        Message::NotFound => ("존재하지 않는 페이지입니다", "주소를 확인해 주세요."),
    }
}
