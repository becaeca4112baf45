//! The layer that has the agent, and the accounts that may use it.

use aws_sdk_lambda::error::{ProvideErrorMetadata, SdkError};

use crate::{failure::Failure, functions::Functions};

impl Functions {
    /// The name of the layer in `infra/template.yaml`.
    pub(crate) fn layer(&self) -> String {
        format!("{}agent", self.prefix)
    }

    /// Lets the account of a principal add the newest version of the layer to its functions, and returns the ARN of that version;
    /// nothing where there is no layer, as on the local stack. It is no error if the account may already.
    pub(crate) async fn permit_layer(&self, principal: &str) -> Result<Option<String>, Failure> {
        let layer = self.layer();
        let listed = self.client.list_layer_versions().layer_name(&layer).max_items(1).send().await;
        let newest = match listed {
            Ok(listed) => listed.layer_versions.unwrap_or_default().into_iter().next(),
            Err(error) if is_missing(&error) => None,
            Err(error) => return Err(refused(&layer, "list the versions of", &error)),
        };
        let Some(newest) = newest else { return Ok(None) };
        let account = account_of(principal);
        let request = self.client.add_layer_version_permission().layer_name(&layer);
        let request = request.version_number(newest.version).statement_id(account).principal(account);
        match request.action("lambda:GetLayerVersion").send().await {
            Err(error) if error.code() != Some("ResourceConflictException") => {
                Err(refused(&layer, "change who may use", &error))
            }
            _ => Ok(newest.layer_version_arn),
        }
    }
}

/// The account of a principal: itself, or the one in the ARN of a role. A layer is permitted to whole accounts.
fn account_of(principal: &str) -> &str {
    principal.split(':').nth(4).unwrap_or(principal)
}

/// Whether there is no such layer, or the endpoint knows no layers.
fn is_missing<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    matches!(error.code(), Some("ResourceNotFoundException" | "UnknownOperationException"))
}

fn refused<E: ProvideErrorMetadata>(layer: &str, what: &str, error: &SdkError<E>) -> Failure {
    let reason = error.message().unwrap_or("AWS was not reached");
    let code = error.code().map(|code| format!(" ({code})")).unwrap_or_default();
    Failure::Unreachable {
        message: format!("AWS did not {what} the layer {layer}: {reason}{code}"),
        hint: "allow `lambda:ListLayerVersions` and `lambda:AddLayerVersionPermission` in IAM, then run the command again: it continues"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_is_permitted_to_the_account_of_a_role() {
        assert_eq!(account_of("210987654321"), "210987654321");
        assert_eq!(account_of("arn:aws:iam::210987654321:role/orders"), "210987654321");
        assert_eq!(account_of("arn:aws-cn:iam::210987654321:root"), "210987654321");
    }
}
