//! Spanish, with “usted”.

use crate::browser::page::{Message, texts::Word};

pub(super) const THE_APPLICATION: &str = "la aplicación";
pub(super) const SUPPORT_CODE: &str = "Código para el servicio de asistencia:";
pub(super) const CONTINUE: &str = "Continuar a Amazon";
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
            "Inicie sesión en {central} como usuario principal de la cuenta o como un usuario con los permisos necesarios."
        }
        Word::Plan => "La cuenta necesita el plan de venta Profesional.",
        Word::Help => "Códigos de error en las páginas de Amazon (en inglés)",
    }
}

pub(super) fn text(message: Message) -> (&'static str, &'static str) {
    match message {
        Message::Authorized => (
            "Su cuenta está conectada",
            "La aplicación {name} ya puede acceder a su cuenta de Amazon. Puede finalizar el acceso en Amazon en cualquier momento.\nPuede cerrar esta página.",
        ),
        Message::AuthorizedButDisabled => (
            "Autorizada, pero desactivada",
            "Hemos recibido su autorización para {application}. La conexión de su cuenta de Amazon \
             {partner} está desactivada por nuestra parte y seguirá así.\nPóngase en contacto con el \
             servicio de asistencia de {application} para que la activen.",
        ),
        Message::Conflict => (
            "Estamos revisando su autorización",
            "Hemos recibido su autorización para {application}. Como es distinta de la que ya tenemos para \
             la cuenta de Amazon {partner}, una persona la revisará antes de que surta efecto. Hasta \
             entonces, la conexión actual sigue funcionando.\nSi le corre prisa, póngase en contacto con el \
             servicio de asistencia de {application}.",
        ),
        Message::Exchanging => (
            "Un momento, por favor",
            "Estamos terminando su autorización con Amazon. Esta página se actualiza por sí sola.",
        ),
        Message::ChooseJourney => (
            "¿Cuál de ellas es?",
            "Ha iniciado más de una autorización de {application} en este navegador. Elija la que desea \
             continuar.",
        ),
        Message::ChooseCentral => (
            "¿Adónde quiere volver?",
            "Amazon no nos ha indicado en cuál de sus sitios ha iniciado sesión.\nElija el sitio del que viene para continuar con la autorización para {application}.",
        ),
        Message::BadLink => (
            "Este enlace no funciona",
            "Está incompleto o se modificó por el camino. No ha ocurrido nada en su cuenta.\nVuelva al \
             lugar del que venía e inicie de nuevo la autorización.",
        ),
        Message::Misdirected => (
            "Este enlace lleva a la dirección equivocada",
            "En Amazon, la Login URI y la Redirect URI registradas para {application} están intercambiadas. No es culpa suya y no ha ocurrido nada en su cuenta.\nPuede continuar aquí. Informe al servicio de asistencia responsable de {application}, por favor.",
        ),
        Message::NotAmazon => (
            "Nos hemos detenido aquí por su seguridad",
            "Este enlace le habría llevado a un sitio que no es de Amazon. No ha ocurrido nada en su \
             cuenta.\nInicie la autorización desde {application} o desde las páginas de Amazon.",
        ),
        Message::UnknownApplication => (
            "No conocemos esta aplicación",
            "El enlace menciona una aplicación que no se atiende aquí. No ha ocurrido nada en su \
             cuenta.\nPóngase en contacto con el servicio de asistencia de la aplicación.",
        ),
        Message::StartElsewhere => (
            "Empiece desde la aplicación, por favor",
            "Esta autorización no se puede iniciar con este enlace.\nInicie sesión en {application} y \
             conecte allí su cuenta de Amazon.",
        ),
        Message::UnknownState => (
            "Empiece de nuevo, por favor",
            "No conocemos esta autorización, o hace tanto tiempo de ella que ya no la conservamos. No ha \
             ocurrido nada en su cuenta.\nInicie de nuevo la autorización.",
        ),
        Message::OtherBrowser => (
            "Utilice el mismo navegador, por favor",
            "Esta autorización se inició en otro navegador, o su navegador no guarda las cookies.\nPermita \
             las cookies de este sitio e inicie de nuevo la autorización, en un solo navegador de principio \
             a fin.",
        ),
        Message::OtherPartner => (
            "Esta es otra cuenta de Amazon",
            "Ha iniciado sesión en Amazon como {partner}, pero esta autorización es para otra cuenta. No se ha guardado nada.\nEmpiece de nuevo e inicie sesión en Amazon con la cuenta esperada.",
        ),
        Message::Expired => (
            "Ha pasado demasiado tiempo",
            "Una autorización debe terminarse en un plazo de diez minutos.\nIníciela de nuevo, por favor.",
        ),
        Message::Interrupted => (
            "Empiece de nuevo, por favor",
            "La autorización se interrumpió antes de que pudiéramos terminarla.\nIníciela de nuevo; Amazon \
             le pedirá que la confirme una vez más.",
        ),
        Message::CodeRefused => (
            "Empiece de nuevo, por favor",
            "Amazon ya no acepta esta autorización: su código es válido durante cinco minutos y una sola \
             vez.\nInicie de nuevo la autorización.",
        ),
        Message::ApplicationRefused => (
            "Amazon no ha aceptado {application}",
            "Amazon no ha aceptado las credenciales de {application}. No es culpa suya y no ha ocurrido \
             nada en su cuenta.\nAvise al servicio de asistencia de {application} e inténtelo de nuevo más \
             tarde.",
        ),
        Message::NotConsented => (
            "No se ha autorizado nada",
            "Amazon ha informado de que la autorización no se concedió o no se pudo completar.\nSi desea \
             conectar {application}, empiece de nuevo con la sesión iniciada como usuario principal de su \
             cuenta de Amazon.",
        ),
        Message::Unavailable => (
            "Inténtelo de nuevo en un momento",
            "Algo no responde en este momento. No se ha perdido nada.\nVuelva a cargar esta página dentro \
             de un minuto.",
        ),
        Message::Internal => (
            "Algo va mal por nuestra parte",
            "No es culpa suya. Hemos tomado nota del problema.\nInténtelo de nuevo más tarde y avise al \
             servicio de asistencia de {application} si vuelve a ocurrir.",
        ),
        Message::ConfirmLink => (
            "¿Desea conectar su cuenta de Amazon?",
            "Está a punto de conectar su cuenta de Amazon con {application}, para: {account}.\nSi no \
             conoce este nombre o no esperaba este enlace, cierre esta página; todavía no ha \
             ocurrido nada.\nSi no es así, continúe: Amazon le pedirá entonces su consentimiento.",
        ),
        Message::LinkUsed => (
            "Este enlace ya se ha utilizado",
            "Un enlace funciona una sola vez y este ya se ha utilizado. No ha ocurrido nada más en \
             su cuenta.\nSi todavía lo necesita, pida un enlace nuevo al servicio de asistencia de \
             {application}.",
        ),
        Message::LinkExpired => (
            "Este enlace ha caducado",
            "Ya no es válido. No ha ocurrido nada en su cuenta.\nPida un enlace nuevo al servicio de \
             asistencia de {application}.",
        ),
        Message::NotFound => ("Esta página no existe", "Compruebe la dirección, por favor."),
    }
}
