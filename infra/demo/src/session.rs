//! Sessions of browsers, in memory: who has signed in, and the key that each form of the session carries.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, MutexGuard, PoisonError},
};

use aws_lc_rs::{constant_time::verify_slices_are_equal, rand};
use http::{HeaderMap, header::COOKIE};

use crate::tenants::User;

/// The name of the cookie. On https it would be `__Host-demo-session`, with `Secure`.
const COOKIE_NAME: &str = "demo-session";

/// The field of every form that holds the key of its session.
pub(crate) const FORM_KEY: &str = "form-key";

/// The most sessions that are stored. Strangers may begin any number of them.
const MOST: usize = 1000;

/// One browser's session.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// Who has signed in.
    pub(crate) user: Option<&'static User>,
    /// Proves that a form is of this session. Another site can make a browser send a form, but does not know the key.
    pub(crate) form_key: String,
}

/// All sessions, and the tenants that have begun to connect.
#[derive(Default)]
pub(crate) struct Sessions {
    by_id: Mutex<HashMap<String, Session>>,
    connecting: Mutex<BTreeSet<&'static str>>,
}

impl Session {
    /// Returns whether a form carries the key of this session.
    pub(crate) fn sent(&self, form_key: &str) -> bool {
        verify_slices_are_equal(self.form_key.as_bytes(), form_key.as_bytes()).is_ok()
    }
}

impl Sessions {
    /// Returns the session of the browser that sent these headers.
    pub(crate) fn find(&self, headers: &HeaderMap) -> Option<Session> {
        self.sessions().get(id_in(headers)?).cloned()
    }

    /// Begins a session with a new id, and ends the one that the browser had: a person who knew the old id does not know the new one. Returns
    /// the session and its cookie.
    pub(crate) fn begin(&self, headers: &HeaderMap, user: Option<&'static User>) -> (Session, String) {
        let (id, session) = (random_word(), Session { user, form_key: random_word() });
        let mut sessions = self.sessions();
        if let Some(old) = id_in(headers) {
            sessions.remove(old);
        }
        if sessions.len() >= MOST {
            sessions.clear();
        }
        sessions.insert(id.clone(), session.clone());
        // Without `SameSite=Lax`, a form of another site would come with the cookie; with `Strict`, a partner who comes back from Amazon would
        // come without it.
        (session, format!("{COOKIE_NAME}={id}; Path=/; HttpOnly; SameSite=Lax"))
    }

    /// Notes that the tenant's user has begun to connect.
    pub(crate) fn connecting(&self, user: &'static User) {
        self.tenants().insert(user.account);
    }

    /// Returns whether the tenant's user has begun to connect, and notes that the browser is back.
    pub(crate) fn came_back(&self, user: &'static User) -> bool {
        self.tenants().remove(user.account)
    }

    fn sessions(&self) -> MutexGuard<'_, HashMap<String, Session>> {
        self.by_id.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tenants(&self) -> MutexGuard<'_, BTreeSet<&'static str>> {
        self.connecting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn id_in(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
    let mut pairs =
        cookies.flat_map(|header| header.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find_map(|(name, value)| (name == COOKIE_NAME).then_some(value))
}

/// 32 random bytes in lower-case hexadecimal.
fn random_word() -> String {
    let mut bytes = [0_u8; 32];
    rand::fill(&mut bytes).expect("the operating system has random numbers");
    bytes.iter().fold(String::new(), |word, byte| format!("{word}{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn with(cookie: &str) -> HeaderMap {
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(cookie.split(';').next().unwrap()).unwrap())])
    }

    #[test]
    fn a_sign_in_ends_the_session_of_before_and_the_key_of_one_session_is_not_that_of_another() {
        let sessions = Sessions::default();
        let (before, old_cookie) = sessions.begin(&HeaderMap::new(), None);
        let (after, new_cookie) = sessions.begin(&with(&old_cookie), User::of("carol"));

        assert!(sessions.find(&with(&old_cookie)).is_none());
        let found = sessions.find(&with(&new_cookie)).unwrap();
        assert_eq!(found.user.unwrap().account, "demo-clocks");
        assert!(found.sent(&after.form_key) && !found.sent(&before.form_key) && !found.sent(""));
        assert!(sessions.find(&with("demo-session=x")).is_none());
    }

    #[test]
    fn strangers_cannot_fill_the_memory() {
        let sessions = Sessions::default();
        for _ in 0..=MOST {
            sessions.begin(&HeaderMap::new(), None);
        }
        assert!(sessions.sessions().len() <= MOST);
    }
}
