//! Portuguese as in Brazil, with “você”.

use super::{Countries, Help, Word};
use crate::browser::page::Message;

pub(super) const SUPPORT_CODE: &str = "Código para o suporte:";
pub(super) const CONTINUE: &str = "Continuar na Amazon";
pub(super) const START_AGAIN: &str = "Começar novamente";
pub(super) const LOOK_AGAIN: &str = "Verificar agora";
pub(super) const WITHOUT_LINK: &str = "Continuar sem o link, porque comecei nas páginas da Amazon";

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Reference => "Referência:",
        Word::Support => "Suporte:",
        Word::Home => "Voltar ao aplicativo",
        Word::Done => "Concluído",
        Word::Waiting => "Ainda não concluído",
        Word::Problem => "Problema",
        Word::Partner => "Conta da Amazon",
        Word::Expected => "Conta da Amazon esperada",
        Word::Account => "Conta no aplicativo",
        Word::Stores => "Lojas",
        Word::Until => "Válida até",
        Word::SignInAt => "Login em",
        Word::Site => "Site da Amazon",
        Word::Manage => "Renovar ou encerrar a conexão na Amazon (Manage Your Apps)",
        Word::OtherAccount => "Conectar esta conta da Amazon em vez da outra: {partner}",
        Word::WhoMay => {
            "Faça login no {central} como usuário principal da conta ou como um usuário com as permissões necessárias."
        }
        Word::SellerCentral => "Seller Central",
        Word::VendorCentral => "Vendor Central",
        Word::Plan => "A conta precisa do plano de vendas Profissional.",
        Word::Language => "Idioma",
        Word::Help => "Códigos de erro nas páginas da Amazon",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "Sua conta da Amazon está conectada",
            "O aplicativo[ {name}] já pode acessar a sua conta da Amazon. Você pode encerrar o acesso na Amazon a qualquer momento.\nVocê pode fechar esta página.",
        ),
        Message::AuthorizedButDisabled => (
            "Autorizada, mas desativada",
            "Recebemos a sua autorização para o aplicativo[ {name}]. A conexão da sua conta da Amazon {partner} está desativada do nosso lado e continua assim.\nEntre em contato com o suporte do aplicativo e peça que ela seja ativada.",
        ),
        Message::Conflict => (
            "Estamos verificando a sua autorização",
            "Recebemos a sua autorização para o aplicativo[ {name}]. Como ela é diferente da que já temos para a conta da Amazon {partner}, nossa equipe a verifica antes que entre em vigor. Até lá, a conexão existente continua funcionando.\nSe for urgente, entre em contato com o suporte do aplicativo.",
        ),
        Message::Exchanging => (
            "Um momento, por favor",
            "Estamos concluindo a sua autorização com a Amazon. Esta página é atualizada automaticamente.",
        ),
        Message::ChooseJourney => (
            "Qual autorização deseja continuar?",
            "Você iniciou mais de uma autorização para o aplicativo[ {name}] neste navegador. Escolha a que deseja continuar.",
        ),
        Message::ChooseCentral => (
            "Para onde você quer voltar?",
            "A Amazon não nos informou em qual dos seus sites você está conectado.\nEscolha o site de onde você veio para continuar a autorização para o aplicativo[ {name}].",
        ),
        Message::BadLink => (
            "Este link não funciona",
            "Ele está incompleto ou foi alterado antes de chegar até você. Sua conta não foi alterada.\nVolte para a página de onde veio e inicie a autorização novamente.",
        ),
        Message::Misdirected => (
            "Este link leva ao endereço errado",
            "Na Amazon, a Login URI e a Redirect URI do aplicativo[ {name}] estão trocadas. A culpa não é sua, e sua conta não foi alterada.\nVocê pode continuar aqui. Por favor, avise o suporte do aplicativo.",
        ),
        Message::NotAmazon => (
            "Paramos aqui para a sua segurança",
            "Este link leva a um site que não é da Amazon. Sua conta não foi alterada.\nInicie a autorização no aplicativo[ {name}] ou nas páginas da própria Amazon.",
        ),
        Message::UnknownApplication => (
            "Não conhecemos este aplicativo",
            "O link indica um aplicativo que não usa este serviço. Sua conta não foi alterada.\nEntre em contato com o suporte do aplicativo.",
        ),
        Message::StartElsewhere => (
            "Comece pelo aplicativo, por favor",
            "Esta autorização não pode ser iniciada com este link.\nFaça login no aplicativo[ {name}] e conecte por lá a sua conta da Amazon.",
        ),
        Message::UnknownState => (
            "Comece novamente, por favor",
            "Não conhecemos esta autorização, ou ela é antiga demais. Sua conta não foi alterada.\nInicie a autorização novamente.",
        ),
        Message::OtherBrowser => (
            "Use o mesmo navegador, por favor",
            "Esta autorização foi iniciada em outro navegador, ou o seu navegador não armazena cookies.\nPermita cookies para este site e inicie a autorização novamente, em um só navegador do começo ao fim.",
        ),
        Message::OtherPartner => (
            "Esta é outra conta da Amazon",
            "Você está na Amazon com a conta {partner}, mas esta autorização é para outra conta. Nada foi salvo.\nComece novamente e faça login na Amazon com a conta esperada.",
        ),
        Message::Expired => (
            "Demorou demais",
            "Uma autorização precisa ser concluída em até dez minutos.\nInicie-a novamente, por favor.",
        ),
        Message::Interrupted => (
            "Comece novamente, por favor",
            "A autorização foi interrompida antes que pudéssemos concluí-la.\nInicie-a novamente; a Amazon pedirá a sua confirmação mais uma vez.",
        ),
        Message::CodeRefused => (
            "Comece novamente, por favor",
            "A Amazon não aceita mais esta autorização: o código de autorização vale por cinco minutos e uma única vez.\nInicie a autorização novamente.",
        ),
        Message::ApplicationRefused => (
            "O aplicativo tem um problema com a Amazon",
            "A Amazon não aceitou as credenciais do aplicativo[ {name}]. A culpa não é sua, e sua conta não foi alterada.\nAvise o suporte do aplicativo e tente novamente mais tarde.",
        ),
        Message::NotConsented => (
            "Nada foi autorizado",
            "A Amazon informou que a autorização não foi concedida ou não pôde ser concluída.\nSe quiser conectar o aplicativo[ {name}], comece novamente, com o login do usuário principal da sua conta da Amazon.",
        ),
        Message::Unavailable => (
            "Tente novamente em um momento",
            "Um serviço não está respondendo no momento. Nada foi perdido.\nRecarregue esta página em um minuto.",
        ),
        Message::Internal => (
            "Ocorreu um problema do nosso lado",
            "A culpa não é sua. Registramos o problema.\nTente novamente mais tarde. Se acontecer de novo, avise o suporte do aplicativo[ {name}].",
        ),
        Message::ConfirmLink => (
            "Deseja conectar a sua conta da Amazon?",
            "Você está prestes a conectar a sua conta da Amazon ao aplicativo[ {name}], para esta conta no aplicativo: {account}.\nSe você não conhece este nome ou não esperava este link, feche esta página; sua conta da Amazon não foi alterada.\nCaso contrário, continue: a Amazon pedirá então o seu consentimento.",
        ),
        Message::LinkUsed => (
            "Este link já foi usado",
            "Um link funciona uma única vez, e este já foi usado. Nada mais foi alterado na sua conta.\nSe ainda precisar de um link, peça um novo ao suporte do aplicativo[ {name}].",
        ),
        Message::LinkExpired => (
            "Este link expirou",
            "Ele não é mais válido. Sua conta não foi alterada.\nPeça um novo link ao suporte do aplicativo[ {name}].",
        ),
        Message::NotFound => ("Esta página não existe", "Verifique o endereço, por favor."),
    }
}

pub(super) const DAY: &str = "{day} de {month} de {year}";
pub(super) const MONTHS: [&str; 12] = [
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
];
#[rustfmt::skip]
pub(super) const COUNTRIES: Countries = [
    ("ZA", "África do Sul"), ("DE", "Alemanha"), ("SA", "Arábia Saudita"), ("AU", "Austrália"),
    ("BE", "Bélgica"), ("BR", "Brasil"), ("CA", "Canadá"), ("EG", "Egito"),
    ("AE", "Emirados Árabes Unidos"), ("ES", "Espanha"), ("US", "Estados Unidos"), ("FR", "França"),
    ("IN", "Índia"), ("IE", "Irlanda"), ("IT", "Itália"), ("JP", "Japão"), ("MX", "México"),
    ("NL", "Países Baixos"), ("PL", "Polônia"), ("GB", "Reino Unido"), ("SG", "Singapura"),
    ("SE", "Suécia"), ("TR", "Turquia"),
];

pub(super) const HELP: Help = Help {
    intro: "Se a Amazon mostrou um destes códigos, nada foi autorizado e sua conta não foi alterada. Comece novamente no aplicativo. Se o código aparecer de novo, envie-o ao suporte do aplicativo.",
    operators: "Para os operadores do aplicativo:",
    blank: "Se uma página da Amazon ficar em branco, recarregue-a.",
    codes: [
        (
            "A Amazon não conhece o aplicativo, ou ele ainda é um rascunho.",
            "",
            "Compare o ID do aplicativo e a configuração “draft” com o console de desenvolvedor da Amazon. A página de consentimento de um rascunho precisa de version=beta.",
        ),
        (
            "A página é de outro país ou de outra região, ou o ID do aplicativo está incorreto.",
            "Comece novamente e escolha o país em que a sua conta está registrada.",
            "Use a página de consentimento do país da conta e compare o ID do aplicativo.",
        ),
        (
            "A Amazon não aceita o endereço que levou à página dela.",
            "",
            "Compare as duas URIs com as registradas na Amazon e verifique se o aplicativo é oferecido neste país.",
        ),
        (
            "A Redirect URI não está registrada na Amazon.",
            "",
            "Registre a Redirect URI na Amazon exatamente como o registro do aplicativo a mostra.",
        ),
        ("Uma URI do aplicativo contém um fragmento (#).", "", "Registre as URIs na Amazon sem #."),
        (
            "O aplicativo não pode ser autorizado nesta região.",
            "Pergunte ao suporte do aplicativo se ele é oferecido no seu país.",
            "Verifique no console de desenvolvedor da Amazon se o aplicativo aceita novas autorizações nesta região.",
        ),
        ("Falta na Amazon a Login URI ou a Redirect URI.", "", "Registre as duas URIs na Amazon."),
        (
            "O endereço que levou à página da Amazon está incorreto.",
            "",
            "Verifique o link que o parceiro usou.",
        ),
        (
            "Você não é o usuário principal da conta.",
            "Peça ao usuário principal da conta que autorize o aplicativo.",
            "",
        ),
        (
            "A Amazon não permite que este tipo de conta empresarial autorize aplicativos.",
            "Faça login com outra conta ou fale com o suporte da Amazon.",
            "",
        ),
        (
            "Falta ao seu grupo do Vendor Central a função exigida por “Manage Your Apps”.",
            "Peça essa função a um administrador da sua conta do Vendor Central.",
            "",
        ),
        (
            "O aplicativo atingiu o número máximo de autorizações.",
            "",
            "Um rascunho tem poucas autorizações. Publique o aplicativo ou remova as autorizações que não são mais necessárias.",
        ),
    ],
};
