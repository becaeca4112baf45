//! The users of this website, and the tenants to which they belong.

/// A user. Each tenant has one here.
#[derive(Debug)]
pub(crate) struct User {
    /// The name by which the user signs in.
    pub(crate) id: &'static str,
    /// The name that pages show.
    pub(crate) name: &'static str,
    /// The name of the tenant, which a partner reads before it consents.
    pub(crate) tenant: &'static str,
    /// The key of the tenant in this website's database, which grants carry as their account. It never comes from a browser.
    pub(crate) account: &'static str,
}

/// All users.
pub(crate) const USERS: [User; 2] = [
    User { id: "carol", name: "Carol", tenant: "Clocks Ltd", account: "demo-clocks" },
    User { id: "walter", name: "Walter", tenant: "Watches GmbH", account: "demo-watches" },
];

impl User {
    /// Returns the user with this name.
    pub(crate) fn of(id: &str) -> Option<&'static Self> {
        USERS.iter().find(|user| user.id == id)
    }
}
