//! What a function logs: which messages, in which form, and the request id on every line of an invocation.

use std::fmt;

use tracing::{Event, Level, Metadata, Span, Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    Layer,
    filter::{FilterExt, Targets, filter_fn},
    fmt::{
        FmtContext, FormatEvent, FormattedFields, MakeWriter,
        format::{Format, Json, JsonFields, Writer},
    },
    registry::LookupSpan,
};

use crate::vending::audit::TARGET;

/// Our crates, whose log level the environment may set.
const OUR_TARGETS: [&str; 9] = [
    "administration",
    "authorizations",
    "code_exchange",
    "event_publisher",
    "get_access_token",
    "login_uri",
    "secret_rotation",
    "shared",
    "token_refresher",
];

/// The name of the span whose fields are on every line.
const INVOCATION: &str = "invocation";

/// Which messages are logged: ours from `level` on, and warnings of all other crates. Those print raw events and
/// headers below WARN, so no variable raises them.
pub fn log_filter(level: Level) -> Targets {
    let ours = OUR_TARGETS.map(|target| (target, LevelFilter::from_level(level)));
    Targets::new()
        .with_default(LevelFilter::WARN)
        .with_targets(ours)
        // Who got which token is written down at any level.
        .with_target(TARGET, LevelFilter::INFO)
}

/// Writes the log as lines of JSON to `writer`, ours from `level` on. CloudWatch adds the time.
pub fn log_lines<S, W>(level: Level, writer: W) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let format = Format::default().json().with_current_span(false).with_span_list(false).without_time();
    tracing_subscriber::fmt::layer()
        .fmt_fields(JsonFields::new())
        .event_format(InvocationFormat(format))
        .with_ansi(false)
        .with_writer(writer)
        .with_filter(log_filter(level).and(filter_fn(|message| !is_reported_already(message))))
}

/// Whether a message repeats a function's error. The runtime logs each at ERROR, whatever it is, where it also logs
/// panics; those have a field `error`. [`super::runtime::reported`] has logged the error at its own level.
fn is_reported_already(message: &Metadata<'_>) -> bool {
    message.is_event()
        && message.target() == "lambda_runtime::layers::panic"
        && message.fields().field("error").is_none()
}

/// The span of one invocation: by `requestId`, Lambda's own, all its lines are found, and by `gatewayRequestId` what API
/// Gateway logged of it; `consumer` names the alias by which it came, once that is known. It has the level ERROR so that no log level hides it.
pub fn invocation_span(request_id: &str, gateway_request_id: Option<&str>) -> Span {
    let consumer = tracing::field::Empty;
    tracing::error_span!(INVOCATION, requestId = request_id, gatewayRequestId = gateway_request_id, consumer)
}

/// Lines of JSON that begin with the fields of the invocation, if there is one.
struct InvocationFormat(Format<Json, ()>);

impl<S> FormatEvent<S, JsonFields> for InvocationFormat
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonFields>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let invocation =
            context.event_scope().and_then(|mut spans| spans.find(|span| span.name() == INVOCATION));
        let Some(invocation) = invocation else {
            return self.0.format_event(context, writer, event);
        };
        let mut line = String::new();
        self.0.format_event(context, Writer::new(&mut line), event)?;
        let extensions = invocation.extensions();
        let fields = extensions.get::<FormattedFields<JsonFields>>().map(|fields| fields.fields.as_str());
        // Both are objects of JSON with at least one member: they become one.
        match fields.and_then(|fields| fields.strip_suffix('}')).zip(line.strip_prefix('{')) {
            Some((fields, rest)) => write!(writer, "{fields},{rest}"),
            None => writer.write_str(&line),
        }
    }
}

#[cfg(test)]
mod tests;
