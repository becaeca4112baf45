//! Spanish, with “tú” as on Amazon's pages, in words that Spain, Mexico and the United States share.

use super::{Countries, Help, Word};
use crate::browser::page::Message;

pub(super) const SUPPORT_CODE: &str = "Código para el equipo de soporte:";
pub(super) const CONTINUE: &str = "Continuar en Amazon";
pub(super) const START_AGAIN: &str = "Empezar de nuevo";
pub(super) const LOOK_AGAIN: &str = "Comprobar ahora";
pub(super) const WITHOUT_LINK: &str = "Continuar sin el enlace, porque empecé en las páginas de Amazon";

pub(super) fn word(word: Word) -> &'static str {
    match word {
        Word::Reference => "Referencia:",
        Word::Support => "Soporte:",
        Word::Home => "Volver a la aplicación",
        Word::Done => "Listo",
        Word::Waiting => "Aún sin terminar",
        Word::Problem => "Problema",
        Word::Partner => "Cuenta de Amazon",
        Word::Expected => "Cuenta de Amazon esperada",
        Word::Account => "Cuenta en la aplicación",
        Word::Stores => "Tiendas",
        Word::Until => "Válida hasta",
        Word::SignInAt => "Inicio de sesión en",
        Word::Site => "Sitio de Amazon",
        Word::Manage => "Renovar o finalizar la conexión en Amazon (Manage Your Apps)",
        Word::OtherAccount => "Conectar en su lugar esta cuenta de Amazon: {partner}",
        Word::WhoMay => {
            "Inicia sesión en {central} como usuario principal de la cuenta o como un usuario con los permisos necesarios."
        }
        Word::SellerCentral => "Seller Central",
        Word::VendorCentral => "Vendor Central",
        Word::Plan => "La cuenta necesita el plan de venta Profesional.",
        Word::Language => "Idioma",
        Word::Help => "Códigos de error en las páginas de Amazon",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "Tu cuenta de Amazon está conectada",
            "La aplicación[ {name}] ya puede acceder a tu cuenta de Amazon. Puedes finalizar el acceso en Amazon en cualquier momento.\nPuedes cerrar esta página.",
        ),
        Message::AuthorizedButDisabled => (
            "Autorizada, pero desactivada",
            "Hemos recibido tu autorización para la aplicación[ {name}]. La conexión de tu cuenta de Amazon {partner} está desactivada por nuestra parte y seguirá así.\nPonte en contacto con el equipo de soporte de la aplicación para que la active.",
        ),
        Message::Conflict => (
            "Estamos revisando tu autorización",
            "Hemos recibido tu autorización para la aplicación[ {name}]. Como es distinta de la que ya tenemos para la cuenta de Amazon {partner}, nuestro equipo la revisará antes de que surta efecto. Hasta entonces, la conexión actual sigue funcionando.\nSi es urgente, ponte en contacto con el equipo de soporte de la aplicación.",
        ),
        Message::Exchanging => (
            "Un momento, por favor",
            "Estamos terminando tu autorización con Amazon. Esta página se actualiza automáticamente.",
        ),
        Message::ChooseJourney => (
            "¿Qué autorización quieres continuar?",
            "Has iniciado más de una autorización para la aplicación[ {name}] en este navegador. Elige la que quieres continuar.",
        ),
        Message::ChooseCentral => (
            "¿A dónde quieres volver?",
            "Amazon no nos ha indicado en cuál de sus sitios has iniciado sesión.\nElige el sitio del que vienes para continuar con la autorización para la aplicación[ {name}].",
        ),
        Message::BadLink => (
            "Este enlace no funciona",
            "Está incompleto o se modificó antes de llegar a ti. Tu cuenta no ha cambiado.\nVuelve a la página de la que venías e inicia de nuevo la autorización.",
        ),
        Message::Misdirected => (
            "Este enlace lleva a la dirección equivocada",
            "En Amazon, la Login URI y la Redirect URI de la aplicación[ {name}] están intercambiadas. No es culpa tuya y tu cuenta no ha cambiado.\nPuedes continuar aquí. Por favor, avisa al equipo de soporte de la aplicación.",
        ),
        Message::NotAmazon => (
            "Nos hemos detenido aquí por tu seguridad",
            "Este enlace lleva a un sitio que no es de Amazon. Tu cuenta no ha cambiado.\nInicia la autorización desde la aplicación[ {name}] o desde las páginas de Amazon.",
        ),
        Message::UnknownApplication => (
            "No conocemos esta aplicación",
            "El enlace menciona una aplicación que no utiliza este servicio. Tu cuenta no ha cambiado.\nPonte en contacto con el equipo de soporte de la aplicación.",
        ),
        Message::StartElsewhere => (
            "Empieza desde la aplicación, por favor",
            "Esta autorización no se puede iniciar con este enlace.\nInicia sesión en la aplicación[ {name}] y conecta allí tu cuenta de Amazon.",
        ),
        Message::UnknownState => (
            "Empieza de nuevo, por favor",
            "No conocemos esta autorización, o es demasiado antigua. Tu cuenta no ha cambiado.\nInicia de nuevo la autorización.",
        ),
        Message::OtherBrowser => (
            "Utiliza el mismo navegador, por favor",
            "Esta autorización se inició en otro navegador, o tu navegador no guarda las cookies.\nPermite las cookies de este sitio e inicia de nuevo la autorización, en un solo navegador de principio a fin.",
        ),
        Message::OtherPartner => (
            "Esta es otra cuenta de Amazon",
            "Has iniciado sesión en Amazon como {partner}, pero esta autorización es para otra cuenta. No se ha guardado nada.\nEmpieza de nuevo e inicia sesión en Amazon con la cuenta esperada.",
        ),
        Message::Expired => (
            "Ha pasado demasiado tiempo",
            "Una autorización debe terminarse en un plazo de diez minutos.\nIníciala de nuevo, por favor.",
        ),
        Message::Interrupted => (
            "Empieza de nuevo, por favor",
            "La autorización se interrumpió antes de que pudiéramos terminarla.\nIníciala de nuevo; Amazon te pedirá que la confirmes una vez más.",
        ),
        Message::CodeRefused => (
            "Empieza de nuevo, por favor",
            "Amazon ya no acepta esta autorización: el código de autorización es válido durante cinco minutos y una sola vez.\nInicia de nuevo la autorización.",
        ),
        Message::ApplicationRefused => (
            "La aplicación tiene un problema con Amazon",
            "Amazon no ha aceptado las credenciales de la aplicación[ {name}]. No es culpa tuya y tu cuenta no ha cambiado.\nAvisa al equipo de soporte de la aplicación e inténtalo de nuevo más tarde.",
        ),
        Message::NotConsented => (
            "No se ha autorizado nada",
            "Amazon ha informado de que la autorización no se concedió o no se pudo completar.\nSi quieres conectar la aplicación[ {name}], empieza de nuevo con la sesión iniciada como usuario principal de tu cuenta de Amazon.",
        ),
        Message::Unavailable => (
            "Inténtalo de nuevo en un momento",
            "Un servicio no responde en este momento. No se ha perdido nada.\nVuelve a cargar esta página dentro de un minuto.",
        ),
        Message::Internal => (
            "Hay un problema por nuestra parte",
            "No es culpa tuya. Hemos registrado el problema.\nInténtalo de nuevo más tarde. Si vuelve a ocurrir, avisa al equipo de soporte de la aplicación[ {name}].",
        ),
        Message::ConfirmLink => (
            "¿Quieres conectar tu cuenta de Amazon?",
            "Estás a punto de conectar tu cuenta de Amazon a la aplicación[ {name}], para esta cuenta de la aplicación: {account}.\nSi no conoces este nombre o no esperabas este enlace, cierra esta página; tu cuenta de Amazon no ha cambiado.\nDe lo contrario, continúa: Amazon te pedirá entonces tu consentimiento.",
        ),
        Message::LinkUsed => (
            "Este enlace ya se ha utilizado",
            "Un enlace funciona una sola vez y este ya se ha utilizado. Tu cuenta no ha vuelto a cambiar.\nSi todavía necesitas un enlace, pide uno nuevo al equipo de soporte de la aplicación[ {name}].",
        ),
        Message::LinkExpired => (
            "Este enlace ha vencido",
            "Ya no es válido. Tu cuenta no ha cambiado.\nPide un enlace nuevo al equipo de soporte de la aplicación[ {name}].",
        ),
        Message::NotFound => ("Esta página no existe", "Comprueba la dirección, por favor."),
    }
}

pub(super) const DAY: &str = "{day} de {month} de {year}";
pub(super) const MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];
#[rustfmt::skip]
pub(super) const COUNTRIES: Countries = [
    ("DE", "Alemania"), ("SA", "Arabia Saudí"), ("AU", "Australia"), ("BE", "Bélgica"), ("BR", "Brasil"),
    ("CA", "Canadá"), ("EG", "Egipto"), ("AE", "Emiratos Árabes Unidos"), ("ES", "España"),
    ("US", "Estados Unidos"), ("FR", "Francia"), ("IN", "India"), ("IE", "Irlanda"), ("IT", "Italia"),
    ("JP", "Japón"), ("MX", "México"), ("NL", "Países Bajos"), ("PL", "Polonia"), ("GB", "Reino Unido"),
    ("SG", "Singapur"), ("ZA", "Sudáfrica"), ("SE", "Suecia"), ("TR", "Turquía"),
];

pub(super) const HELP: Help = Help {
    intro: "Si Amazon te ha mostrado uno de estos códigos, no se ha autorizado nada y tu cuenta no ha cambiado. Empieza de nuevo desde la aplicación. Si el código vuelve a aparecer, envíalo al equipo de soporte de la aplicación.",
    operators: "Para los operadores de la aplicación:",
    blank: "Si una página de Amazon se queda en blanco, vuelve a cargarla.",
    codes: [
        (
            "Amazon no conoce la aplicación, o todavía es un borrador.",
            "",
            "Compara el ID de la aplicación y el ajuste «draft» con la consola para desarrolladores de Amazon. La página de consentimiento de un borrador necesita version=beta.",
        ),
        (
            "La página es de otro país o de otra región, o el ID de la aplicación no es correcto.",
            "Empieza de nuevo y elige el país en el que está registrada tu cuenta.",
            "Usa la página de consentimiento del país de la cuenta y compara el ID de la aplicación.",
        ),
        (
            "Amazon no acepta la dirección que ha llevado a su página.",
            "",
            "Compara las dos URI con las registradas en Amazon y comprueba si la aplicación se ofrece en este país.",
        ),
        (
            "La Redirect URI no está registrada en Amazon.",
            "",
            "Registra la Redirect URI en Amazon exactamente como la muestra el registro de la aplicación.",
        ),
        ("Una URI de la aplicación contiene un fragmento (#).", "", "Registra en Amazon las URI sin #."),
        (
            "La aplicación no se puede autorizar en esta región.",
            "Pregunta al equipo de soporte de la aplicación si se ofrece en tu país.",
            "Comprueba en la consola para desarrolladores de Amazon si la aplicación admite nuevas autorizaciones en esta región.",
        ),
        ("En Amazon falta la Login URI o la Redirect URI.", "", "Registra las dos URI en Amazon."),
        (
            "La dirección que ha llevado a la página de Amazon no es correcta.",
            "",
            "Comprueba el enlace que ha usado el partner.",
        ),
        (
            "No eres el usuario principal de la cuenta.",
            "Pide al usuario principal de la cuenta que autorice la aplicación.",
            "",
        ),
        (
            "Amazon no permite que este tipo de cuenta de empresa autorice aplicaciones.",
            "Inicia sesión con otra cuenta o consulta al equipo de soporte de Amazon.",
            "",
        ),
        (
            "A tu grupo de Vendor Central le falta el rol que necesita «Manage Your Apps».",
            "Pide este rol a un administrador de tu cuenta de Vendor Central.",
            "",
        ),
        (
            "La aplicación ha alcanzado su número máximo de autorizaciones.",
            "",
            "Un borrador tiene pocas autorizaciones. Publica la aplicación o elimina las autorizaciones que ya no se necesitan.",
        ),
    ],
};
