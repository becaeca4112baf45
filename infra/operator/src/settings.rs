//! The configuration file of this tool: what an operator would otherwise repeat with every command.
//!
//! An option of the command line outranks the environment, which outranks the file, which outranks the default. The file's profile
//! is like a variable `AWS_PROFILE`: a shell that has credentials or a profile of its own does not use it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::{ArgMatches, parser::ValueSource};
use serde::{Deserialize, Serialize};

use crate::{
    arguments::{Arguments, aws_region},
    failure::Failure,
};

/// The name of a configuration file other than the usual one. Empty, it names none.
const CONFIG: &str = "SPAPI_AUTH_CONFIG";

/// Credentials of the environment: with one of them, the file's profile does not count.
const CREDENTIALS: [&str; 5] = [
    "AWS_PROFILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

/// Regions of the environment, of a profile that it names included: with one of them, the file's region does not count.
const REGIONS: [&str; 3] = ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"];

/// The values of the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    application: Option<String>,
    prefix: Option<String>,
    profile: Option<String>,
    region: Option<String>,
}

/// What decided a value.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Source {
    Option,
    Environment,
    ConfigFile,
    #[default]
    Default,
}

impl Source {
    /// As the sentence of `whoami` names it.
    pub(crate) fn described(self) -> &'static str {
        match self {
            Self::Option => "from the command line",
            Self::Environment => "from the environment",
            Self::ConfigFile => "from the configuration file",
            Self::Default => "by default",
        }
    }
}

/// The file that was read, and what decided each value.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// The configuration file, if there is one.
    pub(crate) file: Option<PathBuf>,
    pub(crate) application: Source,
    pub(crate) prefix: Source,
    pub(crate) profile: Source,
    pub(crate) region: Source,
}

/// Gives `arguments` the values of the file for what neither the command line nor the environment says. With `--local` the file is
/// not read: it is about a stack on AWS.
pub(crate) fn apply(
    arguments: &mut Arguments,
    matches: &ArgMatches,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Settings, Failure> {
    let set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let is_set = |names: &[&str]| names.iter().any(|name| set(name));
    let path = if arguments.aws.local { None } else { path(variable) };
    let (file, path) = match path {
        Some(path) => read(&path, set(CONFIG))?,
        None => (File::default(), None),
    };
    let option = |name: &str| match matches.value_source(name) {
        Some(ValueSource::CommandLine) => Some(Source::Option),
        Some(ValueSource::EnvVariable) => Some(Source::Environment),
        _ => None,
    };
    let or_file = |before: Option<Source>, value: &Option<String>| match (before, value) {
        (Some(before), _) => before,
        (None, Some(_)) => Source::ConfigFile,
        (None, None) => Source::Default,
    };
    let environment = |is: bool| is.then_some(Source::Environment);
    let settings = Settings {
        application: or_file(option("application"), &file.application),
        prefix: or_file(option("prefix"), &file.prefix),
        profile: or_file(option("profile").or(environment(is_set(&CREDENTIALS))), &file.profile),
        region: or_file(
            // A profile of the command line brings its own region.
            option("aws_region").or(option("profile")).or(environment(is_set(&REGIONS))),
            &file.region,
        ),
        file: path,
    };
    if settings.application == Source::ConfigFile {
        arguments.application = file.application;
    }
    if let (Source::ConfigFile, Some(prefix)) = (settings.prefix, file.prefix) {
        arguments.aws.prefix = prefix;
    }
    if settings.profile == Source::ConfigFile {
        arguments.aws.default_profile = file.profile;
    }
    if settings.region == Source::ConfigFile {
        arguments.aws.region = file.region;
    }
    Ok(settings)
}

/// Where the file is, if the environment names a place.
fn path(variable: &dyn Fn(&str) -> Option<String>) -> Option<PathBuf> {
    if let Some(named) = variable(CONFIG) {
        return Some(PathBuf::from(named)).filter(|path| !path.as_os_str().is_empty());
    }
    // The XDG Base Directory Specification: a relative path is ignored.
    let absolute = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = absolute("XDG_CONFIG_HOME").or_else(|| Some(absolute("HOME")?.join(".config")))?;
    Some(folder.join("spapi-auth/config.toml"))
}

/// Reads the file. One that is not there is an error only if it is named.
fn read(path: &Path, is_named: bool) -> Result<(File, Option<PathBuf>), Failure> {
    let shown = path.display();
    match fs::read_to_string(path) {
        Ok(text) => Ok((parsed(&text, &shown.to_string())?, Some(path.to_owned()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !is_named => Ok((File::default(), None)),
        Err(error) => Err(Failure::usage(
            format!("the configuration file {shown} cannot be read: {error}"),
            format!("correct `{CONFIG}`, or set it to nothing to use no file"),
        )),
    }
}

fn parsed(text: &str, shown: &str) -> Result<File, Failure> {
    const HINT: &str =
        "its keys are application, prefix, profile and region, each with a text in quotation marks";
    let file: File = toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| 1 + text[..span.start].matches('\n').count());
        let place = line.map(|line| format!(", line {line}")).unwrap_or_default();
        Failure::usage(format!("the configuration file {shown}{place}: {}", error.message()), HINT)
    })?;
    if let Some(Err(wrong)) = file.region.as_deref().map(aws_region) {
        return Err(Failure::usage(format!("the configuration file {shown}, `region`: {wrong}"), HINT));
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(text: &str) -> String {
        parsed(text, "config.toml").unwrap_err().to_string()
    }

    #[test]
    fn what_is_wrong_with_a_file_is_named_with_its_line() {
        let unknown = failure("application = \"a\"\n\nregoin = \"eu-west-1\"\n");
        assert!(
            unknown.starts_with("the configuration file config.toml, line 3: unknown field `regoin`"),
            "{unknown}"
        );
        assert!(failure("prefix = 1").contains("line 1: invalid type"), "{}", failure("prefix = 1"));
        assert!(failure("prefix = \"a\"\nprefix = \"b\"").contains("line 2: duplicate key"));
        assert!(failure("# a\nprofile = prod").contains("line 2"));
        assert!(failure("region = \"eu\"").contains("`region`: expected an AWS region"));
    }

    #[test]
    fn the_place_of_the_file_follows_the_variables() {
        let place = |variables: &[(&str, &str)]| {
            let find = |name: &str| Some(variables.iter().find(|(known, _)| *known == name)?.1.to_owned());
            path(&find).map(|path| path.display().to_string())
        };
        let home = ("HOME", "/home/olga");
        assert_eq!(place(&[home]).as_deref(), Some("/home/olga/.config/spapi-auth/config.toml"));
        assert_eq!(
            place(&[home, ("XDG_CONFIG_HOME", "/xdg")]).as_deref(),
            Some("/xdg/spapi-auth/config.toml")
        );
        assert_eq!(
            place(&[home, ("XDG_CONFIG_HOME", "xdg")]).as_deref(),
            Some("/home/olga/.config/spapi-auth/config.toml")
        );
        assert_eq!(place(&[home, (CONFIG, "mine.toml")]).as_deref(), Some("mine.toml"));
        assert_eq!(place(&[home, (CONFIG, "")]), None);
        assert_eq!(place(&[]), None);
    }
}
