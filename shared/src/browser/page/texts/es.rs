//! Spanish, with “tú” as on Amazon's pages, in words that Spain, Mexico and the United States share.

use crate::browser::page::{Message, texts::Word};

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
        Word::Manage => "Renovar o finalizar la conexión en Amazon (Manage Your Apps)",
        Word::OtherAccount => "Conectar en su lugar esta cuenta de Amazon: {partner}",
        Word::WhoMay => {
            "Inicia sesión en {central} como usuario principal de la cuenta o como un usuario con los permisos necesarios."
        }
        Word::SellerCentral => "Seller Central",
        Word::VendorCentral => "Vendor Central",
        Word::Plan => "La cuenta necesita el plan de venta Profesional.",
        Word::Language => "Idioma",
        Word::Help => "Códigos de error en las páginas de Amazon (en inglés)",
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
