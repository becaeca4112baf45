//! `getOrders` of Orders v0 and `searchOrders` of Orders 2026-01-01: three made-up orders in each of a seller's stores (F§7.4).

use axum::http::Uri;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::{
    backend::Backend,
    facts::Operation,
    marketplaces::NON_AMAZON,
    roles::DataElement,
    sp_api::{SpApiError, caller::Caller, endpoint::Endpoint},
    urls::Parameters,
};

/// A made-up order.
struct Order {
    id: String,
    marketplace_id: String,
    at: Timestamp,
}

/// Returns the orders of the stores that a request names. Their buyers and addresses are there if a restricted data token asks
/// for them.
pub(super) fn get_orders(
    caller: &Caller,
    endpoint: Endpoint,
    uri: &Uri,
    backend: &Backend,
    now: Timestamp,
) -> Result<Value, SpApiError> {
    let parameters = Parameters::of_query(uri.query()).map_err(|malformed| invalid(&malformed))?;
    let marketplaces =
        parameters.filled("MarketplaceIds").ok_or_else(|| invalid(&"MarketplaceIds is missing"))?;
    let after = one_moment(&parameters, ["CreatedAfter", "LastUpdatedAfter"])?;
    let orders: Vec<_> = orders(caller, endpoint, Some(marketplaces), backend, now)?
        .into_iter()
        .filter(|order| order.at >= after)
        .map(|order| {
            let mut shown = json!({
                "AmazonOrderId": order.id,
                "PurchaseDate": order.at,
                "LastUpdateDate": order.at,
                "OrderStatus": "Unshipped",
                "FulfillmentChannel": "MFN",
                "MarketplaceId": order.marketplace_id,
                "NumberOfItemsUnshipped": 1,
                "OrderTotal": { "CurrencyCode": "USD", "Amount": "19.99" },
            });
            if caller.may_see(DataElement::BuyerInfo, Operation::OrdersV0) {
                shown["BuyerInfo"] = json!({ "BuyerName": NAME, "BuyerEmail": EMAIL });
            }
            if caller.may_see(DataElement::ShippingAddress, Operation::OrdersV0) {
                shown["ShippingAddress"] =
                    json!({ "Name": NAME, "AddressLine1": STREET, "City": CITY, "CountryCode": "US" });
            }
            shown
        })
        .collect();
    Ok(json!({ "payload": { "Orders": orders, "CreatedBefore": now } }))
}

/// Returns the orders of the stores that a request names, or of all. An ordinary token gets what `includedData` names and the
/// authorization has the roles for (F§6). Whether there are restricted ones is unconfirmed; here they get what they were asked for.
pub(super) fn search_orders(
    caller: &Caller,
    endpoint: Endpoint,
    uri: &Uri,
    backend: &Backend,
    now: Timestamp,
) -> Result<Value, SpApiError> {
    let parameters = Parameters::of_query(uri.query()).map_err(|malformed| invalid(&malformed))?;
    let after = one_moment(&parameters, ["createdAfter", "lastUpdatedAfter"])?;
    let datasets: Vec<_> = parameters.value("includedData").unwrap_or_default().split(',').collect();
    let includes = |dataset: &str, element: DataElement| {
        let by_role =
            caller.is_unrestricted() && datasets.contains(&dataset) && caller.missing_roles.opens(element);
        by_role || caller.may_see(element, Operation::SearchOrders)
    };
    let orders: Vec<_> = orders(caller, endpoint, parameters.filled("marketplaceIds"), backend, now)?
        .into_iter()
        .filter(|order| order.at >= after)
        .map(|order| {
            let mut shown = json!({
                "orderId": order.id,
                "createdTime": order.at,
                "lastUpdatedTime": order.at,
                "salesChannel": { "channelName": "AMAZON", "marketplaceId": order.marketplace_id },
                "orderItems": [{ "orderItemId": order.id.replace('-', ""), "quantityOrdered": 1 }],
            });
            if includes("BUYER", DataElement::BuyerInfo) {
                shown["buyer"] = json!({ "buyerName": NAME, "buyerEmail": EMAIL });
            }
            if includes("RECIPIENT", DataElement::ShippingAddress) {
                let address =
                    json!({ "name": NAME, "addressLine1": STREET, "city": CITY, "countryCode": "US" });
                shown["recipient"] = json!({ "deliveryAddress": address });
            }
            shown
        })
        .collect();
    Ok(json!({ "orders": orders, "createdBefore": now }))
}

/// Returns three orders in each store, one for each of the last three full hours. Their ids stay the same for a day.
fn orders(
    caller: &Caller,
    endpoint: Endpoint,
    marketplaces: Option<&str>,
    backend: &Backend,
    now: Timestamp,
) -> Result<Vec<Order>, SpApiError> {
    let seller = caller.seller(backend.ledger())?;
    if !endpoint.sandbox && endpoint.region.is_some_and(|region| region != caller.account.region) {
        return Ok(Vec::new());
    }
    let named: Option<Vec<_>> = marketplaces.map(|ids| ids.split(',').collect());
    let asked_for = |id: &str| id != NON_AMAZON && named.as_ref().is_none_or(|named| named.contains(&id));
    let hour = Timestamp::from_second(now.as_second().div_euclid(3600) * 3600).unwrap_or(now);
    let day = now.as_second().div_euclid(86_400);
    let mut orders = Vec::new();
    for (marketplace_id, store) in seller.store_names.keys().zip(100..).filter(|(id, _)| asked_for(id)) {
        orders.extend((1..=3).map(|number| Order {
            id: format!("{store:03}-{day:07}-{number:07}"),
            marketplace_id: marketplace_id.clone(),
            at: hour - SignedDuration::from_hours(number),
        }));
    }
    Ok(orders)
}

/// Returns the moment that exactly one of two parameters names.
fn one_moment(parameters: &Parameters, names: [&str; 2]) -> Result<Timestamp, SpApiError> {
    let [first, second] = names;
    let either = (parameters.filled(first), parameters.filled(second));
    let ((Some(text), None) | (None, Some(text))) = either else {
        return Err(invalid(&format!("exactly one of {first} and {second} must be there")));
    };
    text.parse().map_err(|_| invalid(&format!("{first} or {second} is not a date and time of ISO 8601")))
}

fn invalid(details: &impl ToString) -> SpApiError {
    SpApiError::InvalidInput(details.to_string())
}

const NAME: &str = "Example Buyer";
const EMAIL: &str = "buyer@marketplace.example";
const STREET: &str = "1 Example Street";
const CITY: &str = "Exampleton";
