//! The form that the page of a link posts.

use lambda_http::{
    Request,
    http::{HeaderMap, header},
};
use shared::browser::query::BadParameter;

use crate::{LoginUri, stop::Stop};

impl LoginUri {
    /// Returns whether a page of this site posted the form. Otherwise another site could make a visitor open a link without
    /// seeing the account that it names. Browsers send the origin of a form. A request without it is not from a browser.
    pub(crate) fn is_our_own_form(&self, headers: &HeaderMap) -> bool {
        let said = |name| headers.get_all(name).iter().collect::<Vec<_>>();
        match (said("sec-fetch-site").as_slice(), said("origin").as_slice()) {
            // A page under "no-referrer" sends "null" as its origin, and so does a sandboxed frame.
            ([site], [origin]) => {
                *site == "same-origin" && (*origin == "null" || *origin == self.site.origin())
            }
            ([site], []) => *site == "same-origin",
            ([], [origin]) => *origin == self.site.origin(),
            ([], []) => true,
            _ => false,
        }
    }
}

/// Returns the body of a form, still encoded.
pub(crate) fn form(request: &Request) -> Result<&str, Stop> {
    let refused =
        || Stop::Bad(BadParameter::not("link", "part of a form of type application/x-www-form-urlencoded"));
    let kind =
        request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(refused());
    }
    str::from_utf8(request.body().as_ref()).map_err(|_| refused())
}
