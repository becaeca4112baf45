//! The part of a request that asks for a restricted token: resources as Amazon takes them, or operations by their names.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::{
    amazon::restricted_data::{
        DataElement, RestrictedRequest, RestrictedResource, TargetApplication,
        operation::{Misnamed, NamedOperation},
    },
    error::Error,
    ids::Malformed,
    lambda::payload::Fields,
};

const RESOURCES: &str = "restrictedResources";
const OPERATION: &str = "operation";
const OPERATIONS: &str = "operations";
const ONE_WAY: &str = "only one of operation, operations and restrictedResources";

/// Takes the resources that a restricted token must open; nothing if the request asks for an ordinary token.
pub(crate) fn take(fields: &mut Fields, for_application: bool) -> Result<Option<RestrictedRequest>, Error> {
    let target: Option<TargetApplication> = fields.optional("targetApplication")?;
    let resources = resources(fields)?;
    let named = [one_operation(fields)?, operations(fields)?];
    let mut asked = resources.into_iter().chain(named.into_iter().flatten());
    let Some((name, resources)) = asked.next() else {
        return match target {
            Some(_) => Err(Error::invalid("targetApplication", format!("{ONE_WAY} beside it"))),
            None => Ok(None),
        };
    };
    if let Some((other, _)) = asked.last() {
        return Err(Error::invalid(if name == RESOURCES { name } else { other }, ONE_WAY));
    }
    if for_application {
        return Err(Error::invalid(name, "none together with scope"));
    }
    RestrictedRequest::new(resources, target)
        .map(Some)
        .map_err(|Malformed(expected)| Error::invalid(name, expected))
}

type Asked = Option<(&'static str, Vec<RestrictedResource>)>;

fn resources(fields: &mut Fields) -> Result<Asked, Error> {
    let expected = "a list of {method: GET, PUT, POST or DELETE, path, dataElements?}";
    Ok(fields.read(RESOURCES, expected, parsed)?.map(|resources| (RESOURCES, resources)))
}

fn one_operation(fields: &mut Fields) -> Result<Asked, Error> {
    let operation = fields.text(OPERATION)?;
    let elements = "a list of buyerInfo, shippingAddress or buyerTaxInformation";
    let data_elements: Option<BTreeSet<DataElement>> = fields.read("dataElements", elements, parsed)?;
    let values = "an object of texts, such as {reportDocumentId}";
    let parameters: Option<BTreeMap<String, String>> = fields.read("parameters", values, parsed)?;
    let Some(operation) = operation else {
        let without = if data_elements.is_some() { "dataElements" } else { "parameters" };
        return if data_elements.is_some() || parameters.is_some() {
            Err(Error::invalid(without, "none without operation"))
        } else {
            Ok(None)
        };
    };
    let named = NamedOperation { operation, data_elements, parameters };
    let resource =
        named.resource().map_err(|Misnamed { field, expected }| Error::invalid(field, expected))?;
    Ok(Some((OPERATION, vec![resource])))
}

fn operations(fields: &mut Fields) -> Result<Asked, Error> {
    let expected = "a list of {operation, dataElements?, parameters?}";
    let Some(named) = fields.read(OPERATIONS, expected, parsed::<Vec<NamedOperation>>)? else {
        return Ok(None);
    };
    let resources: Result<_, Misnamed> = named.iter().map(NamedOperation::resource).collect();
    resources
        .map(|resources| Some((OPERATIONS, resources)))
        .map_err(|Misnamed { field, expected }| Error::invalid(OPERATIONS, format!("{expected} ({field})")))
}

fn parsed<T: DeserializeOwned>(value: Value) -> Option<T> {
    serde_json::from_value(value).ok()
}
