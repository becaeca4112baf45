//! Japanese, in the polite form.

use crate::browser::page::{Message, texts::Word};

pub(super) const THE_APPLICATION: &str = "アプリケーション";
pub(super) const SUPPORT_CODE: &str = "サポート用コード：";
pub(super) const CONTINUE: &str = "Amazonに進む";
pub(super) const START_AGAIN: &str = "もう一度開始する";
pub(super) const LOOK_AGAIN: &str = "今すぐ確認する";
pub(super) const WITHOUT_LINK: &str = "リンクを使わずに続ける（Amazonのページから開始したため）";

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Reference => "参照番号：",
        Word::Support => "サポート：",
        Word::Home => "アプリケーションに戻る",
        Word::Done => "完了",
        Word::Waiting => "手続き中",
        Word::Problem => "エラー",
        Word::Partner => "Amazonアカウント",
        Word::Expected => "対象のAmazonアカウント",
        Word::Account => "アプリケーションのアカウント",
        Word::Stores => "ストア",
        Word::Until => "有効期限",
        Word::SignInAt => "サインイン先",
        Word::Manage => "Amazonで接続を更新または終了する（Manage Your Apps）",
        Word::OtherAccount => "代わりにこのAmazonアカウントを接続する：{partner}",
        Word::WhoMay => {
            "{central}に、アカウントのプライマリユーザーとして、または必要な権限を持つユーザーとしてサインインしてください。"
        }
        Word::Plan => "アカウントは大口出品プランである必要があります。",
        Word::Help => "Amazonのページに表示されるエラーコード（英語）",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "接続が完了しました",
            "アプリケーション {name} がお客様のAmazonアカウントを利用できるようになりました。接続はAmazonでいつでも終了できます。\nこのページは閉じていただいて構いません。",
        ),
        Message::AuthorizedButDisabled => (
            "承認されましたが、接続は無効になっています",
            "{application}への承認を受け付けました。ただし、お客様のAmazonアカウント（{partner}）の接続は弊\
             社側で無効にされており、現在もそのままです。\n有効にするには、{application}のサポートまでお問い\
             合わせください。",
        ),
        Message::Conflict => (
            "承認内容を確認しています",
            "{application}への承認を受け付けました。Amazonアカウント（{partner}）についてすでにお預かりして\
             いる承認と異なるため、有効にする前に担当者が確認いたします。それまでは、現在の接続を引き続きご\
             利用いただけます。\nお急ぎの場合は、{application}のサポートまでお問い合わせください。",
        ),
        Message::Exchanging => {
            ("少々お待ちください", "Amazonとの承認手続きを完了しています。このページは自動的に更新されます。")
        }
        Message::ChooseJourney => (
            "どの手続きを続けますか？",
            "このブラウザーで、{application}の承認手続きが複数開始されています。続ける手続きをお選びくださ\
             い。",
        ),
        Message::ChooseCentral => (
            "どちらに戻りますか",
            "どのサイトでサインインされているかをAmazonから受け取れませんでした。\n{application}の承認手続きを続けるには、元のサイトを選択してください。",
        ),
        Message::BadLink => (
            "このリンクは使用できません",
            "リンクが不完全であるか、途中で変更されています。お客様のアカウントには何も起きていません。\n元\
             のページに戻り、承認手続きをもう一度開始してください。",
        ),
        Message::Misdirected => (
            "リンク先のアドレスが正しくありません",
            "Amazonに登録された{application}のLogin URIとRedirect URIが入れ替わっています。お客様に問題はなく、お客様のアカウントには何も起きていません。\nここから続けることができます。{application}のサポートにお知らせください。",
        ),
        Message::NotAmazon => (
            "安全のため、ここで停止しました",
            "このリンクは、Amazon以外のサイトに移動するものでした。お客様のアカウントには何も起きていませ\
             ん。\n{application}またはAmazonのページから承認手続きを開始してください。",
        ),
        Message::UnknownApplication => (
            "このアプリケーションは登録されていません",
            "リンクに含まれるアプリケーションは、こちらでは取り扱っていません。お客様のアカウントには何も起\
             きていません。\nアプリケーションのサポートまでお問い合わせください。",
        ),
        Message::StartElsewhere => (
            "アプリケーションから開始してください",
            "このリンクから承認手続きを開始することはできません。\n{application}にサインインし、そこから\
             Amazonアカウントを接続してください。",
        ),
        Message::UnknownState => (
            "もう一度開始してください",
            "この承認手続きが見つからないか、時間が経過したため記録が残っていません。お客様のアカウントには\
             何も起きていません。\n承認手続きをもう一度開始してください。",
        ),
        Message::OtherBrowser => (
            "同じブラウザーをご使用ください",
            "この承認手続きは別のブラウザーで開始されたか、お使いのブラウザーがCookieを保存していません。\n\
             このサイトのCookieを許可し、最初から最後まで同じブラウザーで、承認手続きをもう一度行ってくださ\
             い。",
        ),
        Message::OtherPartner => (
            "別のAmazonアカウントです",
            "Amazonには{partner}としてサインインされていますが、この承認手続きは別のアカウントのものです。何も保存されていません。\n対象のアカウントでAmazonにサインインし、もう一度開始してください。",
        ),
        Message::Expired => (
            "時間切れになりました",
            "承認手続きは10分以内に完了していただく必要があります。\nもう一度開始してください。",
        ),
        Message::Interrupted => (
            "もう一度開始してください",
            "承認手続きが完了する前に中断されました。\nもう一度開始してください。Amazonで再度確認が求められ\
             ます。",
        ),
        Message::CodeRefused => (
            "もう一度開始してください",
            "この承認はAmazonで受け付けられなくなりました。承認コードの有効期限は5分で、使用できるのは1回限\
             りです。\n承認手続きをもう一度開始してください。",
        ),
        Message::ApplicationRefused => (
            "Amazonとの間で{application}に問題が発生しています",
            "{application}の認証情報がAmazonに受け付けられませんでした。お客様に原因はなく、アカウントには何\
             も起きていません。\n{application}のサポートにお知らせいただき、後ほどもう一度お試しください。",
        ),
        Message::NotConsented => (
            "何も承認されていません",
            "承認が行われなかったか、完了できなかったとの通知がAmazonからありました。\n{application}を接続す\
             る場合は、Amazonアカウントのプライマリユーザーとしてサインインし、もう一度開始してください。",
        ),
        Message::Unavailable => (
            "しばらくしてからもう一度お試しください",
            "現在、応答のない箇所があります。失われたものはありません。\n1分ほど待ってから、このページを再読\
             み込みしてください。",
        ),
        Message::Internal => (
            "弊社側で問題が発生しました",
            "お客様に原因はありません。問題は記録されました。\n後ほどもう一度お試しください。再び発生する場\
             合は、{application}のサポートにお知らせください。",
        ),
        Message::ConfirmLink => (
            "Amazonアカウントを接続しますか？",
            "お客様のAmazonアカウントを{application}に接続しようとしています。接続先：{account}\nこの\
             名前に心当たりがない場合や、このリンクに覚えがない場合は、このページを閉じてください。ま\
             だ何も起きていません。\n問題がなければお進みください。続いてAmazonで同意の確認が求められ\
             ます。",
        ),
        Message::LinkUsed => (
            "このリンクはすでに使用されています",
            "リンクを使用できるのは1回限りで、このリンクはすでに使用されています。お客様のアカウント\
             には、それ以外何も起きていません。\n引き続き必要な場合は、{application}のサポートに新し\
             いリンクをご依頼ください。",
        ),
        Message::LinkExpired => (
            "このリンクは期限切れです",
            "このリンクはもう有効ではありません。お客様のアカウントには何も起きていません。\n\
             {application}のサポートに新しいリンクをご依頼ください。",
        ),
        Message::NotFound => ("このページは存在しません", "アドレスをご確認ください。"),
    }
}
