//! Portuguese as in Portugal, in the third person without “você”.

use super::{Countries, Help, Word};
use crate::browser::page::Message;

pub(super) const SUPPORT_CODE: &str = "Código para a assistência:";
pub(super) const CONTINUE: &str = "Avançar para a Amazon";
pub(super) const START_AGAIN: &str = "Começar de novo";
pub(super) const LOOK_AGAIN: &str = "Verificar agora";
pub(super) const WITHOUT_LINK: &str = "Continuar sem a ligação, porque comecei nas páginas da Amazon";

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Reference => "Número de referência:",
        Word::Support => "Assistência:",
        Word::Home => "Voltar à aplicação",
        Word::Done => "Terminado",
        Word::Waiting => "Ainda não terminado",
        Word::Problem => "Problema",
        Word::Partner => "Conta Amazon",
        Word::Expected => "Conta Amazon esperada",
        Word::Account => "Conta na aplicação",
        Word::Stores => "Lojas",
        Word::Until => "Válida até",
        Word::SignInAt => "Início de sessão em",
        Word::Site => "Site da Amazon",
        Word::Manage => "Renovar ou terminar a associação na Amazon (Manage Your Apps)",
        Word::OtherAccount => "Associar antes esta conta Amazon: {partner}",
        Word::WhoMay => {
            "Inicie sessão no {central} como utilizador principal da conta ou como um utilizador com as permissões necessárias."
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
            "A sua conta Amazon está associada",
            "A aplicação[ {name}] já pode aceder à sua conta Amazon. Pode terminar o acesso na Amazon em qualquer altura.\nPode fechar esta página.",
        ),
        Message::AuthorizedButDisabled => (
            "Autorizada, mas desativada",
            "Recebemos a sua autorização para a aplicação[ {name}]. A associação da sua conta Amazon {partner} está desativada do nosso lado e assim permanece.\nContacte a assistência da aplicação para que seja ativada.",
        ),
        Message::Conflict => (
            "Estamos a verificar a sua autorização",
            "Recebemos a sua autorização para a aplicação[ {name}]. Como é diferente da que já temos para a conta Amazon {partner}, a nossa equipa verifica-a antes que produza efeito. Até lá, a associação existente continua a funcionar.\nSe for urgente, contacte a assistência da aplicação.",
        ),
        Message::Exchanging => (
            "Um momento, por favor",
            "Estamos a concluir a sua autorização com a Amazon. Esta página é atualizada automaticamente.",
        ),
        Message::ChooseJourney => (
            "Que autorização pretende continuar?",
            "Iniciou mais do que uma autorização para a aplicação[ {name}] neste navegador. Escolha a que pretende continuar.",
        ),
        Message::ChooseCentral => (
            "Para onde pretende voltar?",
            "A Amazon não nos indicou em qual dos seus sites tem sessão iniciada.\nEscolha o site de onde veio para continuar a autorização para a aplicação[ {name}].",
        ),
        Message::BadLink => (
            "Esta ligação não funciona",
            "Está incompleta ou foi alterada antes de chegar até si. A sua conta não foi alterada.\nVolte à página de onde veio e inicie a autorização de novo.",
        ),
        Message::Misdirected => (
            "Esta ligação conduz ao endereço errado",
            "Na Amazon, a Login URI e a Redirect URI da aplicação[ {name}] estão trocadas. A culpa não é sua, e a sua conta não foi alterada.\nPode continuar aqui. Por favor, avise a assistência da aplicação.",
        ),
        Message::NotAmazon => (
            "Parámos aqui para sua segurança",
            "Esta ligação conduz a um site que não é da Amazon. A sua conta não foi alterada.\nInicie a autorização na aplicação[ {name}] ou nas páginas da própria Amazon.",
        ),
        Message::UnknownApplication => (
            "Não conhecemos esta aplicação",
            "A ligação indica uma aplicação que não utiliza este serviço. A sua conta não foi alterada.\nContacte a assistência da aplicação.",
        ),
        Message::StartElsewhere => (
            "Comece na aplicação, por favor",
            "Esta autorização não pode ser iniciada com esta ligação.\nInicie sessão na aplicação[ {name}] e associe aí a sua conta Amazon.",
        ),
        Message::UnknownState => (
            "Comece de novo, por favor",
            "Não conhecemos esta autorização, ou é demasiado antiga. A sua conta não foi alterada.\nInicie a autorização de novo.",
        ),
        Message::OtherBrowser => (
            "Utilize o mesmo navegador, por favor",
            "Esta autorização foi iniciada noutro navegador, ou o seu navegador não guarda cookies.\nPermita cookies para este site e inicie a autorização de novo, num só navegador do princípio ao fim.",
        ),
        Message::OtherPartner => (
            "Esta é outra conta Amazon",
            "Tem sessão iniciada na Amazon como {partner}, mas esta autorização é para outra conta. Nada foi guardado.\nComece de novo e inicie sessão na Amazon com a conta esperada.",
        ),
        Message::Expired => (
            "Demorou demasiado tempo",
            "Uma autorização tem de ser concluída no prazo de dez minutos.\nInicie-a de novo, por favor.",
        ),
        Message::Interrupted => (
            "Comece de novo, por favor",
            "A autorização foi interrompida antes de a podermos concluir.\nInicie-a de novo; a Amazon pedirá a sua confirmação mais uma vez.",
        ),
        Message::CodeRefused => (
            "Comece de novo, por favor",
            "A Amazon já não aceita esta autorização: o código de autorização é válido durante cinco minutos e uma única vez.\nInicie a autorização de novo.",
        ),
        Message::ApplicationRefused => (
            "A aplicação tem um problema com a Amazon",
            "A Amazon não aceitou as credenciais da aplicação[ {name}]. A culpa não é sua, e a sua conta não foi alterada.\nAvise a assistência da aplicação e tente de novo mais tarde.",
        ),
        Message::NotConsented => (
            "Nada foi autorizado",
            "A Amazon comunicou que a autorização não foi concedida ou não pôde ser concluída.\nSe pretende associar a aplicação[ {name}], comece de novo com sessão iniciada como utilizador principal da sua conta Amazon.",
        ),
        Message::Unavailable => (
            "Tente de novo dentro de momentos",
            "De momento, um serviço não responde. Nada se perdeu.\nRecarregue esta página dentro de um minuto.",
        ),
        Message::Internal => (
            "Ocorreu um problema do nosso lado",
            "A culpa não é sua. Registámos o problema.\nTente de novo mais tarde. Se voltar a acontecer, avise a assistência da aplicação[ {name}].",
        ),
        Message::ConfirmLink => (
            "Pretende associar a sua conta Amazon?",
            "Está prestes a associar a sua conta Amazon à aplicação[ {name}], para esta conta na aplicação: {account}.\nSe não conhece este nome ou não esperava esta ligação, feche esta página; a sua conta Amazon não foi alterada.\nCaso contrário, continue: a Amazon pedirá então o seu consentimento.",
        ),
        Message::LinkUsed => (
            "Esta ligação já foi utilizada",
            "Uma ligação funciona uma única vez, e esta já foi utilizada. Nada mais foi alterado na sua conta.\nSe ainda precisar de uma ligação, peça uma nova à assistência da aplicação[ {name}].",
        ),
        Message::LinkExpired => (
            "Esta ligação expirou",
            "Já não é válida. A sua conta não foi alterada.\nPeça uma nova ligação à assistência da aplicação[ {name}].",
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
    ("NL", "Países Baixos"), ("PL", "Polónia"), ("GB", "Reino Unido"), ("SG", "Singapura"),
    ("SE", "Suécia"), ("TR", "Turquia"),
];

pub(super) const HELP: Help = Help {
    intro: "Se a Amazon lhe mostrou um destes códigos, nada foi autorizado e a sua conta não foi alterada. Comece de novo na aplicação. Se o código voltar a aparecer, envie-o à assistência da aplicação.",
    operators: "Para os operadores da aplicação:",
    blank: "Se uma página da Amazon ficar em branco, recarregue-a.",
    codes: [
        (
            "A Amazon não conhece a aplicação, ou esta ainda é um rascunho.",
            "",
            "Compare o ID da aplicação e a definição «draft» com a consola de programador da Amazon. A página de consentimento de um rascunho precisa de version=beta.",
        ),
        (
            "A página é de outro país ou de outra região, ou o ID da aplicação está incorreto.",
            "Comece de novo e escolha o país em que a sua conta está registada.",
            "Utilize a página de consentimento do país da conta e compare o ID da aplicação.",
        ),
        (
            "A Amazon não aceita o endereço que conduziu à sua página.",
            "",
            "Compare os dois URI com os registados na Amazon e verifique se a aplicação é disponibilizada neste país.",
        ),
        (
            "A Redirect URI não está registada na Amazon.",
            "",
            "Registe a Redirect URI na Amazon exatamente como o registo da aplicação a mostra.",
        ),
        ("Um URI da aplicação contém um fragmento (#).", "", "Registe os URI na Amazon sem #."),
        (
            "A aplicação não pode ser autorizada nesta região.",
            "Pergunte à assistência da aplicação se esta é disponibilizada no seu país.",
            "Verifique na consola de programador da Amazon se a aplicação aceita novas autorizações nesta região.",
        ),
        ("Falta na Amazon a Login URI ou a Redirect URI.", "", "Registe os dois URI na Amazon."),
        (
            "O endereço que conduziu à página da Amazon está incorreto.",
            "",
            "Verifique a ligação que o parceiro utilizou.",
        ),
        (
            "Não é o utilizador principal da conta.",
            "Peça ao utilizador principal da conta que autorize a aplicação.",
            "",
        ),
        (
            "A Amazon não permite que este tipo de conta empresarial autorize aplicações.",
            "Inicie sessão com outra conta ou contacte a assistência da Amazon.",
            "",
        ),
        (
            "Falta ao seu grupo do Vendor Central a função exigida por «Manage Your Apps».",
            "Peça essa função a um administrador da sua conta do Vendor Central.",
            "",
        ),
        (
            "A aplicação atingiu o número máximo de autorizações.",
            "",
            "Um rascunho tem poucas autorizações. Publique a aplicação ou remova as autorizações que já não são necessárias.",
        ),
    ],
};
