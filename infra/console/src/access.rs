//! Who may use the pages: anybody on this machine (the local stack, which has nothing to protect), or the holder of a key.
//!
//! The key is in the address that the terminal shows. It works once: the browser gets a cookie for it, and an address without it. The
//! name of the cookie belongs to one run, since a browser sends the cookies of a host to each of its ports. Every form carries a second
//! secret, which no other page can know.

use std::sync::{Mutex, PoisonError};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use http::{HeaderMap, header::COOKIE};

use crate::{fields::Fields, random::random_word};

/// Who may use the pages.
pub enum Access {
    /// Every program that reaches the port.
    Open,
    /// The browser that brought the key.
    Held(Keys),
}

/// The secrets of one run.
pub struct Keys {
    /// The key of the address, until it is used.
    door: Mutex<Option<String>>,
    cookie_name: String,
    cookie: String,
    form: String,
}

/// The path to which the address with the key leads.
pub(crate) const ENTRANCE: &str = "/enter";

/// The hidden field of every form.
pub(crate) const FORM_KEY: &str = "form-key";

impl Keys {
    /// New secrets, and the path with the key.
    pub fn new() -> (Self, String) {
        let (door, run) = (random_word(), random_word());
        let address = format!("{ENTRANCE}?key={door}");
        let keys = Self {
            door: Mutex::new(Some(door)),
            cookie_name: format!("spapi-auth-console-{}", &run[..12]),
            cookie: random_word(),
            form: random_word(),
        };
        (keys, address)
    }

    /// Takes the key of an address. Returns the header `Set-Cookie`, the first time alone.
    pub(crate) fn enter(&self, query: &str) -> Option<String> {
        let fields = Fields::of(query.as_bytes());
        let mut door = self.door.lock().unwrap_or_else(PoisonError::into_inner);
        let known = door.as_deref()?;
        if !same(known, fields.text("key")?) {
            return None;
        }
        *door = None;
        Some(format!("{}={}; Path=/; HttpOnly; SameSite=Strict", self.cookie_name, self.cookie))
    }

    /// Whether a request carries the cookie of this run.
    pub(crate) fn are_held_in(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
        let mut pairs =
            cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.split_once('='));
        pairs.any(|(name, value)| name.trim() == self.cookie_name && same(&self.cookie, value.trim()))
    }

    /// Whether a form carries its secret.
    pub(crate) fn are_in_form(&self, form: &[u8]) -> bool {
        Fields::of(form).text(FORM_KEY).is_some_and(|given| same(&self.form, given))
    }
}

impl Access {
    /// The secret of every form, if the pages have one.
    pub(crate) fn form_key(&self) -> Option<&str> {
        match self {
            Self::Open => None,
            Self::Held(keys) => Some(&keys.form),
        }
    }
}

/// Compares in a time that does not depend on where two texts differ.
fn same(known: &str, given: &str) -> bool {
    verify_slices_are_equal(known.as_bytes(), given.as_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn cookies(text: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(text).unwrap())])
    }

    #[test]
    fn a_key_works_once_and_a_wrong_one_does_not_use_it_up() {
        let (keys, address) = Keys::new();
        let query = address.split_once('?').unwrap().1;

        for wrong in ["", "key=", "key=x", "kez=1", &query[..query.len() - 1], &format!("{query}0")] {
            assert_eq!(keys.enter(wrong), None, "{wrong}");
        }
        let cookie = keys.enter(query).unwrap();
        assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{cookie}");
        assert_eq!(keys.enter(query), None);
    }

    #[test]
    fn a_cookie_belongs_to_one_run_and_stands_among_others() {
        let [(one, first), (other, second)] = [Keys::new(), Keys::new()];
        let set = |keys: &Keys, address: &str| {
            let cookie = keys.enter(address.split_once('?').unwrap().1).unwrap();
            cookie.split_once(';').unwrap().0.to_owned()
        };
        let (mine, others) = (set(&one, &first), set(&other, &second));

        assert!(one.are_held_in(&cookies(&format!("a=b; {others}; {mine}"))));
        assert!(other.are_held_in(&cookies(&format!("{others};{mine}; broken"))));
        let name = mine.split_once('=').unwrap().0;
        let value_of_other = others.split_once('=').unwrap().1;
        for wrong in [&others, "", name, &format!("{name}="), &format!("{name}={value_of_other}")] {
            assert!(!one.are_held_in(&cookies(wrong)), "{wrong}");
        }
        assert!(!one.are_held_in(&HeaderMap::new()));
        assert_ne!(one.form, other.form);
    }

    #[test]
    fn a_form_without_the_secret_of_the_run_is_not_admitted() {
        let (keys, _) = Keys::new();
        let form = |key: &str| format!("do=disable&{FORM_KEY}={key}");

        assert!(keys.are_in_form(form(&keys.form).as_bytes()));
        for wrong in ["", "x", &keys.cookie, &format!("{}0", keys.form)] {
            assert!(!keys.are_in_form(form(wrong).as_bytes()), "{wrong}");
        }
        assert!(!keys.are_in_form(b"do=disable"));
    }
}
