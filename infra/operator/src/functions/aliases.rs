//! The aliases of the functions, each of which is a consumer. They are made with the operator's own credentials.

use std::{collections::BTreeMap, error::Error as StdError};

use aws_sdk_lambda::error::{ProvideErrorMetadata, SdkError};

use crate::{
    failure::Failure,
    functions::{Function, Functions, unreachable::unreachable},
};

/// The version at which every alias points: none is published.
const LATEST: &str = "$LATEST";

impl Functions {
    /// The ARNs of the function's aliases, by their names.
    pub(crate) async fn aliases(&self, function: Function) -> Result<BTreeMap<String, String>, Failure> {
        let mut pages = self.client.list_aliases().function_name(self.name(function)).into_paginator().send();
        let mut aliases = BTreeMap::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| self.refused("list the aliases of", function, &error))?;
            let named = page.aliases().iter().filter_map(|alias| Some((alias.name()?, alias.alias_arn()?)));
            aliases.extend(named.map(|(name, arn)| (name.to_owned(), arn.to_owned())));
        }
        Ok(aliases)
    }

    /// Makes the alias, unless the function has it. Returns its ARN, and whether it was made.
    pub(crate) async fn make_alias(
        &self,
        function: Function,
        alias: &str,
    ) -> Result<(String, bool), Failure> {
        let request = self.client.create_alias().function_name(self.name(function)).name(alias);
        let text = "A consumer of spapi-auth: its policy says what it may have";
        match request.function_version(LATEST).description(text).send().await {
            Ok(made) => Ok((made.alias_arn.unwrap_or_default(), true)),
            Err(error) if error.code() == Some("ResourceConflictException") => {
                let there = self.client.get_alias().function_name(self.name(function)).name(alias).send();
                let there =
                    there.await.map_err(|error| self.refused("read an alias of", function, &error))?;
                Ok((there.alias_arn.unwrap_or_default(), false))
            }
            Err(error) => Err(self.refused("make an alias of", function, &error)),
        }
    }

    /// Deletes the alias. It is no error if the function does not have it.
    pub(crate) async fn delete_alias(&self, function: Function, alias: &str) -> Result<(), Failure> {
        let request = self.client.delete_alias().function_name(self.name(function)).name(alias);
        match request.send().await {
            Err(error) if error.code() != Some("ResourceNotFoundException") => {
                Err(self.refused("delete an alias of", function, &error))
            }
            _ => Ok(()),
        }
    }

    /// Lets an account or a role of another account invoke the alias. It is no error if it may already.
    pub(crate) async fn permit(
        &self,
        function: Function,
        alias: &str,
        principal: &str,
    ) -> Result<(), Failure> {
        // A statement's id has letters, digits, - and _ alone, 100 of them at most.
        let id: String = principal
            .chars()
            .map(|letter| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' })
            .collect();
        let id = &id[id.len().saturating_sub(100)..];
        let request = self.client.add_permission().function_name(self.name(function)).qualifier(alias);
        let request = request.statement_id(id).action("lambda:InvokeFunction").principal(principal);
        match request.send().await {
            Err(error) if error.code() != Some("ResourceConflictException") => {
                Err(self.refused("change who may invoke", function, &error))
            }
            _ => Ok(()),
        }
    }

    fn refused<E>(&self, what: &str, function: Function, error: &SdkError<E>) -> Failure
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        let name = self.name(function);
        match (error, error.code()) {
            (SdkError::ServiceError(_), Some(code)) if code != "ResourceNotFoundException" => {
                Failure::Unreachable {
                    message: format!("AWS did not {what} {name}: {} ({code})", error.message().unwrap_or("no reason given")),
                    hint: "allow the actions on aliases in IAM (`lambda:CreateAlias`, `lambda:GetAlias`, `lambda:ListAliases`, \
                           `lambda:DeleteAlias`, `lambda:AddPermission`), then run the command again: it continues"
                        .to_owned(),
                }
            }
            _ => unreachable(&name, error, &self.config),
        }
    }
}
