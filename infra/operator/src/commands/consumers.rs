//! `consumers`: the policy of each in `administration`, and its alias on the two functions that consumers invoke.
//!
//! Each command writes the policy before it makes an alias, and removes the policy before it deletes one: an alias without a policy
//! gets nothing. So each may end at any point, and be run again.

mod policy;
mod report;

use std::io::{self, IsTerminal, Write};

use serde_json::{Map, Value, json};

use self::policy::{FIELDS, everything, given, sorted, text};
pub(super) use self::report::Report;
use crate::{
    arguments::consumers::{Consumer, Consumers},
    failure::Failure,
    functions::{Function, OPERATORS},
    place::Place,
    request::Request,
    session::Session,
    table::Table,
    terminal, views,
};

/// The functions that a consumer invokes.
const INVOKED: [Function; 2] = [Function::GetAccessToken, Function::Authorizations];

pub(super) async fn run(command: Consumers, session: &mut Session) -> Result<(), Failure> {
    match command {
        Consumers::Add(consumer) => add(*consumer, session).await,
        Consumers::List => list(session).await,
        Consumers::Show { consumer } => {
            let policy = required(&consumer, session).await?;
            let aliases = made(&consumer, session).await?;
            show(&policy, &aliases, session)
        }
        Consumers::Update(consumer) => update(*consumer, session).await,
        Consumers::Remove { consumer, yes } => remove(&consumer, yes, session).await,
        Consumers::Apply => apply(session).await,
    }
}

async fn add(consumer: Consumer, session: &mut Session) -> Result<(), Failure> {
    Place::announce(&session.functions).await?;
    let mut policy = given(&consumer);
    policy.entry("regions").or_insert_with(|| json!("all"));
    if !policy.contains_key("applicationIds") {
        policy.insert("applicationIds".to_owned(), json!([session.application().await?]));
    }
    if let Some(there) = read(&consumer.name, session).await?
        && FIELDS.iter().any(|field| sorted(there.get(*field)) != sorted(policy.get(*field)))
    {
        return Err(Failure::usage(
            format!("there is a consumer {} with another policy", consumer.name),
            format!(
                "see it with `spapi-auth consumers show {0}`, change it with `spapi-auth consumers update {0}`",
                consumer.name
            ),
        ));
    }
    save(&consumer, policy, session).await
}

async fn update(consumer: Consumer, session: &mut Session) -> Result<(), Failure> {
    Place::announce(&session.functions).await?;
    let mut policy = required(&consumer.name, session).await?;
    policy.extend(given(&consumer));
    save(&consumer, policy, session).await
}

/// Writes the policy, makes what is missing beside it, and shows both.
async fn save(consumer: &Consumer, policy: Map<String, Value>, session: &mut Session) -> Result<(), Failure> {
    let name = &consumer.name;
    let policy = put(name, policy, session).await?;
    let aliases = made(name, session).await?;
    if let Some(principal) = &consumer.principal {
        for function in INVOKED {
            session.functions.permit(function, name, principal).await?;
        }
        let says = match session.functions.permit_layer(principal).await? {
            Some(layer) => format!("It may add the agent to its functions: {layer}"),
            None => format!(
                "There is no layer {} here, from which it could add the agent to its functions.",
                session.functions.layer()
            ),
        };
        note(&says, session)?;
    }
    show(&policy, &aliases, session)
}

async fn list(session: &mut Session) -> Result<(), Failure> {
    let All { consumers, unreadable } = all(session).await?;
    if session.output.is_json() {
        let broken = unreadable.iter().map(|name| json!({"consumer": name, "unreadable": true}));
        return consumers
            .into_iter()
            .chain(broken)
            .try_for_each(|consumer| session.output.document(&consumer));
    }
    if consumers.is_empty() && unreadable.is_empty() {
        return session.output.line("No consumers.");
    }
    let rows = consumers.iter().map(|consumer| {
        let mut row = vec![consumer["consumer"].as_str().unwrap_or_default().to_owned()];
        row.extend(FIELDS.iter().map(|field| text(&consumer[*field])));
        row
    });
    let mut table = Table::new(&[
        "CONSUMER",
        "APPLICATIONS",
        "REGIONS",
        "PARTNERS",
        "ACCOUNTS",
        "SCOPES",
        "RESTRICTED",
        "DELEGATES",
        "MAY",
    ]);
    let text = table.page(rows) + &table.end();
    session.output.block(&text)?;
    unreadable.iter().try_for_each(|name| session.output.line(&cannot_be_read(name)))
}

/// Says of a consumer that its policy cannot be read.
fn cannot_be_read(name: &str) -> String {
    format!(
        "The policy of the consumer {name} cannot be read by this release, and so it gets nothing: install the release that wrote it, or \
         replace it with `spapi-auth consumers remove {name}` and `spapi-auth consumers add`."
    )
}

async fn remove(name: &str, yes: bool, session: &mut Session) -> Result<(), Failure> {
    let can_confirm = io::stdin().is_terminal() && io::stderr().is_terminal();
    if !yes && !can_confirm {
        return Err(Failure::usage(
            format!("the removal of consumer {name} is not confirmed, and there is no terminal"),
            "add `--yes` to remove its policy and its aliases",
        ));
    }
    if !yes {
        let place = Place::of(&session.functions).await?;
        let mut stderr = io::stderr().lock();
        let question = format!("In {place}.\nRemove consumer {name}, its policy and its aliases? Type yes: ");
        stderr
            .write_all(question.lines().map(terminal::escaped).collect::<Vec<_>>().join("\n").as_bytes())?;
        stderr.flush()?;
        let mut answer = String::new();
        io::stdin().read_line(&mut answer)?;
        if answer.trim() != "yes" {
            return Err(Failure::usage(
                format!("consumer {name} was not removed: the answer was not `yes`"),
                "run the command again and type `yes`, or add `--yes`",
            ));
        }
    }
    let request = Request::new("removeConsumer").with("consumer", name).maybe("by", session.by.clone());
    let answer = session.administer(request).await?;
    for function in INVOKED {
        session.functions.delete_alias(function, name).await?;
    }
    let line = format!("Removed consumer {name}; tokens that it has already work for up to an hour.");
    session.output.either(&answer, &line)
}

async fn apply(session: &mut Session) -> Result<(), Failure> {
    Place::announce(&session.functions).await?;
    let mut report = Report::read(session).await?;
    if report.stray.iter().any(|(_, alias)| alias == OPERATORS) {
        put(OPERATORS, everything(), session).await?;
        report = Report::read(session).await?;
        note("Added the policy of the consumer operators: everything.", session)?;
    }
    for (function, alias) in &report.missing {
        session.functions.make_alias(*function, alias).await?;
        let function = session.functions.name(*function);
        note(
            &format!(
                "Made the alias {function}:{alias}. If another AWS account uses it, permit that again: `spapi-auth consumers update \
                 {alias} --principal ACCOUNT`."
            ),
            session,
        )?;
    }
    for (function, alias) in &report.stray {
        let function = session.functions.name(*function);
        note(&format!("The alias {function}:{alias} has no policy, and gets nothing."), session)?;
    }
    for name in &report.unreadable {
        note(&cannot_be_read(name), session)?;
    }
    let names = |pairs: &[(Function, String)]| -> Vec<String> {
        pairs
            .iter()
            .map(|(function, alias)| format!("{}:{alias}", session.functions.name(*function)))
            .collect()
    };
    let mut document = json!({"made": names(&report.missing), "withoutPolicy": names(&report.stray)});
    if !report.unreadable.is_empty() {
        document["unreadable"] = json!(report.unreadable);
    }
    let line = format!("Consumers with a policy: {}.", report.consumers);
    session.output.either(&document, &line)
}

async fn put(
    name: &str,
    policy: Map<String, Value>,
    session: &Session,
) -> Result<Map<String, Value>, Failure> {
    let mut request = Request::new("putConsumer").with("consumer", name).maybe("by", session.by.clone());
    for field in FIELDS {
        request = request.maybe(field, policy.get(field).cloned());
    }
    let answer = session.administer(request).await?;
    views::field(&answer, "consumer")
}

/// The policies that can be read, and the names of the other consumers.
struct All {
    consumers: Vec<Value>,
    unreadable: Vec<String>,
}

async fn all(session: &Session) -> Result<All, Failure> {
    let answer = session.administer(Request::new("listConsumers")).await?;
    let unreadable: Option<Vec<String>> = views::field(&answer, "unreadable")?;
    Ok(All { consumers: views::field(&answer, "consumers")?, unreadable: unreadable.unwrap_or_default() })
}

/// Returns the policy of a consumer, if it has one. One that cannot be read is a failure, so that nothing replaces it unseen.
async fn read(name: &str, session: &Session) -> Result<Option<Map<String, Value>>, Failure> {
    let answer = session.administer(Request::new("getConsumer").with("consumer", name)).await?;
    if answer["unreadable"] == true {
        return Err(Failure::usage(
            format!(
                "the policy of the consumer {name} cannot be read by this release, and so it gets nothing"
            ),
            format!(
                "install the release that wrote it, or remove it with `spapi-auth consumers remove {name}` and add it again"
            ),
        ));
    }
    views::field(&answer, "consumer")
}

async fn required(name: &str, session: &Session) -> Result<Map<String, Value>, Failure> {
    read(name, session).await?.ok_or_else(|| {
        Failure::usage(
            format!("there is no consumer {name}"),
            "list the consumers with `spapi-auth consumers list`, or add one with `spapi-auth consumers add`",
        )
    })
}

/// Makes the consumer's aliases where they are missing, and returns their ARNs.
async fn made(name: &str, session: &Session) -> Result<Vec<String>, Failure> {
    let mut arns = Vec::new();
    for function in INVOKED {
        arns.push(session.functions.make_alias(function, name).await?.0);
    }
    Ok(arns)
}

/// Prints the policy, the statement for the role of the consumer, and the option of its agent.
fn show(policy: &Map<String, Value>, aliases: &[String], session: &mut Session) -> Result<(), Failure> {
    let statement = json!({"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": aliases});
    let name = policy.get("consumer").and_then(Value::as_str).unwrap_or_default();
    let function = format!("{}:{name}", session.functions.name(Function::GetAccessToken));
    if session.output.is_json() {
        return session
            .output
            .document(&json!({"consumer": policy, "statement": statement, "function": function}));
    }
    let mut facts = vec![("consumer", name.to_owned())];
    facts.extend(FIELDS.iter().map(|field| (*field, text(policy.get(*field).unwrap_or(&Value::Null)))));
    session.output.facts(&facts)?;
    session.output.line("For the role of the consumer, in IAM:")?;
    let pretty = serde_json::to_string_pretty(&statement).unwrap_or_default();
    pretty.lines().try_for_each(|line| session.output.line(line))?;
    session.output.line(&format!("For its agent: --function {function}"))
}

/// Prints a sentence about what was found, but not beside JSON.
fn note(sentence: &str, session: &mut Session) -> Result<(), Failure> {
    if session.output.is_json() { Ok(()) } else { session.output.line(sentence) }
}
