//! The template as it would be carried out with the defaults of its parameters.

use serde_json::{Map, Value, json};

pub use crate::support::repository::{root, source};

pub const REGION: &str = "eu-west-1";
pub const ACCOUNT: &str = "123456789012";

/// The template, with the names that its resources would have.
pub struct Deployment {
    template: Value,
}

impl Deployment {
    pub fn read() -> Self {
        Self::of("infra/template.yaml")
    }

    /// Another template of the repository.
    pub fn of(path: &str) -> Self {
        let template: yaml_serde::Value = yaml_serde::from_str(&source(path)).unwrap();
        Self { template: with_long_tags(&template) }
    }

    /// The template with another value of a parameter than its default.
    pub fn with(parameter: &str, value: &str) -> Self {
        Self::read().and(parameter, value)
    }

    /// The same with one more value.
    pub fn and(mut self, parameter: &str, value: &str) -> Self {
        self.template["Parameters"][parameter]["Default"] = json!(value);
        self
    }

    /// The resources of one type: their ids and properties.
    pub fn of_type(&self, kind: &str) -> Vec<(String, Value)> {
        let resources = self.resources().iter();
        let of_kind = resources.filter(|(_, resource)| resource["Type"] == kind);
        of_kind.map(|(id, _)| (id.clone(), self.properties(id))).collect()
    }

    /// A resource as it is written, but for its intrinsic functions.
    pub fn resource(&self, id: &str) -> Value {
        self.resolve(self.resources().get(id).unwrap_or_else(|| panic!("there is no {id}")))
    }

    pub fn properties(&self, id: &str) -> Value {
        self.resource(id)["Properties"].clone()
    }

    pub fn resources(&self) -> &Map<String, Value> {
        self.template["Resources"].as_object().unwrap()
    }

    pub fn parameters(&self) -> &Map<String, Value> {
        self.template["Parameters"].as_object().unwrap()
    }

    /// The value of an output.
    pub fn output(&self, name: &str) -> Value {
        self.resolve(&self.template["Outputs"][name]["Value"])
    }

    /// What every function has.
    pub fn globals(&self) -> Value {
        self.resolve(&self.template["Globals"]["Function"])
    }

    /// The functions: their ids and properties.
    pub fn functions(&self) -> Vec<(String, Value)> {
        self.of_type("AWS::Serverless::Function")
    }

    /// A name without the stack's prefix.
    pub fn bare<'n>(&self, name: &'n Value) -> &'n str {
        let prefix = self.parameters()["Prefix"]["Default"].as_str().unwrap();
        let name = name.as_str().unwrap();
        name.strip_prefix(prefix).unwrap_or_else(|| panic!("{name} is not of this stack"))
    }

    /// What `!GetAtt <id>.Arn` would be.
    pub fn arn(&self, id: &str) -> String {
        self.attribute(id, "Arn").as_str().unwrap().to_owned()
    }

    fn resolve(&self, value: &Value) -> Value {
        match value {
            Value::Array(values) => {
                values.iter().map(|value| self.resolve(value)).filter(|value| !value.is_null()).collect()
            }
            Value::Object(object) => match object.iter().next() {
                Some((function, argument)) if object.len() == 1 && is_intrinsic(function) => {
                    self.apply(function, argument)
                }
                _ => {
                    let members = object.iter().map(|(name, value)| (name.clone(), self.resolve(value)));
                    members.filter(|(_, value)| !value.is_null()).collect()
                }
            },
            plain => plain.clone(),
        }
    }

    fn apply(&self, function: &str, argument: &Value) -> Value {
        match function {
            "Ref" => self.reference(argument.as_str().unwrap()),
            "Fn::GetAtt" => {
                let (id, attribute) = argument.as_str().unwrap().split_once('.').unwrap();
                self.attribute(id, attribute)
            }
            "Fn::Sub" => Value::String(match argument {
                Value::Array(parts) => {
                    let text = parts[0].as_str().unwrap().to_owned();
                    let names = parts[1].as_object().unwrap().iter();
                    let with_names = names.fold(text, |text, (name, value)| {
                        text.replace(&format!("${{{name}}}"), self.resolve(value).as_str().unwrap())
                    });
                    self.substitute(&with_names)
                }
                text => self.substitute(text.as_str().unwrap()),
            }),
            "Fn::Join" => json!(texts(&self.resolve(&argument[1])).join(argument[0].as_str().unwrap())),
            "Fn::Select" => {
                let from = self.resolve(&argument[1]);
                from[usize::try_from(argument[0].as_u64().unwrap()).unwrap()].clone()
            }
            "Fn::Split" => {
                let (at, text) = (argument[0].as_str().unwrap(), self.resolve(&argument[1]));
                text.as_str().unwrap().split(at).collect()
            }
            "Fn::If" => {
                let holds = self.holds(&self.template["Conditions"][argument[0].as_str().unwrap()]);
                self.resolve(&argument[if holds { 1 } else { 2 }])
            }
            other => panic!("{other} is not understood"),
        }
    }

    fn holds(&self, condition: &Value) -> bool {
        match condition.as_object().unwrap().iter().next().unwrap() {
            (name, argument) if name == "Fn::Not" => !self.holds(&argument[0]),
            (name, argument) if name == "Fn::Equals" => {
                self.resolve(&argument[0]) == self.resolve(&argument[1])
            }
            (name, _) => panic!("{name} is not understood"),
        }
    }

    fn substitute(&self, text: &str) -> String {
        let mut parts = text.split("${");
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').unwrap();
            let value = match name.strip_prefix('!') {
                Some(literal) => json!(format!("${{{literal}}}")),
                None if name.starts_with("AWS::") => self.reference(name),
                None => match name.split_once('.') {
                    Some((id, attribute)) => self.attribute(id, attribute),
                    None => self.reference(name),
                },
            };
            out.push_str(value.as_str().map_or_else(|| value.to_string(), str::to_owned).as_str());
            out.push_str(rest);
        }
        out
    }

    fn reference(&self, name: &str) -> Value {
        match name {
            "AWS::AccountId" => json!(ACCOUNT),
            "AWS::NoValue" => Value::Null,
            "AWS::Partition" => json!("aws"),
            "AWS::Region" => json!(REGION),
            "AWS::URLSuffix" => json!("amazonaws.com"),
            parameter if self.parameters().contains_key(parameter) => {
                self.parameters()[parameter]["Default"].clone()
            }
            id => match self.kind(id) {
                "AWS::SQS::Queue" => {
                    json!(format!("https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{}", self.name(id)))
                }
                _ => json!(self.name(id)),
            },
        }
    }

    fn attribute(&self, id: &str, attribute: &str) -> Value {
        let name = self.name(id);
        let arn = |service: &str, rest: String| json!(format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"));
        match (self.kind(id), attribute) {
            ("AWS::DynamoDB::Table", "Arn") => arn("dynamodb", format!("table/{name}")),
            ("AWS::DynamoDB::Table", "StreamArn") => {
                arn("dynamodb", format!("table/{name}/stream/2026-11-21T00:00:00.000"))
            }
            ("AWS::Events::ApiDestination", "Arn") => arn("events", format!("api-destination/{name}/{id}")),
            ("AWS::Events::Connection", "Arn") => arn("events", format!("connection/{name}/{id}")),
            ("AWS::Events::EventBus", "Arn") => arn("events", format!("event-bus/{name}")),
            ("AWS::Events::Rule", "Arn") => {
                let bus = self.resolve(&self.resources()[id]["Properties"]["EventBusName"]);
                arn("events", format!("rule/{}/{name}", bus.as_str().unwrap()))
            }
            ("AWS::IAM::Role", "Arn") => json!(format!("arn:aws:iam::{ACCOUNT}:role/{name}")),
            ("AWS::KMS::Key", "Arn") => arn("kms", format!("key/{id}")),
            ("AWS::Logs::LogGroup", "Arn") => arn("logs", format!("log-group:{name}:*")),
            ("AWS::Scheduler::ScheduleGroup", "Arn") => arn("scheduler", format!("schedule-group/{name}")),
            ("AWS::Serverless::Function", "Arn") => arn("lambda", format!("function:{name}")),
            ("AWS::SQS::Queue", "Arn") => arn("sqs", name),
            ("AWS::SQS::Queue", "QueueName") | ("AWS::Events::EventBus", "Name") => json!(name),
            (kind, attribute) => panic!("{kind} has no {attribute} that is understood"),
        }
    }

    fn kind(&self, id: &str) -> &str {
        self.resources()[id]["Type"].as_str().unwrap()
    }

    /// The resource's own name, or its id where AWS would make one up.
    fn name(&self, id: &str) -> String {
        let named = ["TableName", "QueueName", "FunctionName", "LogGroupName", "Name"];
        let properties = &self.resources()[id]["Properties"];
        let name = named.iter().find_map(|name| properties.get(name)).map(|name| self.resolve(name));
        name.map_or_else(|| id.to_owned(), |name| name.as_str().unwrap().to_owned())
    }
}

/// The texts of a list, or the one text where a list may be left out.
pub fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().map(|value| value.as_str().unwrap().to_owned()).collect(),
        Value::String(text) => vec![text.clone()],
        other => panic!("{other} is no text"),
    }
}

fn is_intrinsic(name: &str) -> bool {
    name == "Ref" || name.starts_with("Fn::")
}

/// The same as JSON: `!Ref x` becomes `{"Ref": "x"}`.
fn with_long_tags(value: &yaml_serde::Value) -> Value {
    match value {
        yaml_serde::Value::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            let name = match tag.trim_start_matches('!') {
                "Ref" => "Ref".to_owned(),
                name => format!("Fn::{name}"),
            };
            json!({ name: with_long_tags(&tagged.value) })
        }
        yaml_serde::Value::Sequence(values) => values.iter().map(with_long_tags).collect(),
        yaml_serde::Value::Mapping(members) => {
            let members = members.iter();
            members.map(|(name, value)| (name.as_str().unwrap().to_owned(), with_long_tags(value))).collect()
        }
        plain => serde_json::to_value(plain).unwrap(),
    }
}
