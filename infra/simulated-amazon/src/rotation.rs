//! The life of a client secret: reminders of its end, and a new one when its developer asks (F§5).

use jiff::{SignedDuration, Timestamp};

use crate::{
    SimulatedAmazon,
    applications::{ClientSecret, Registration},
    facts::{CLIENT_SECRET_LIFE, CLIENT_SECRET_PREFIX, EXPIRY_REMINDERS},
    notifications::{Letter, News, Subscriber},
    random::letters_and_digits,
};

impl SimulatedAmazon {
    /// Has the notifications about an application delivered to `subscriber`, in place of an earlier one. Notifications of
    /// which nobody is to hear are lost.
    pub fn subscribe(&self, application_id: impl Into<String>, subscriber: Subscriber) {
        self.office().notifications.subscribe(application_id.into(), subscriber);
    }

    /// Does what has fallen due since the clock was last looked at: reminds of secrets that end soon.
    pub fn tick(&self) {
        let now = self.now();
        let mut office = self.office();
        let newest = |application: &Registration| application.client_secrets.last().cloned();
        if office.ledger().applications.values().filter_map(newest).all(|secret| due(&secret, now).is_empty())
        {
            return;
        }
        let mut news = Vec::new();
        for (id, application) in &mut office.ledger_mut().applications {
            let Some(secret) = application.client_secrets.last_mut() else { continue };
            for days in due(secret, now) {
                secret.reminded_of_days = Some(days);
                let (client_id, ends_at) = (application.client_id.clone(), secret.ends_at);
                news.push((id.clone(), News::SecretExpiry { client_id, ends_at }));
            }
        }
        let address = |(id, news): &(String, News)| office.notifications.address(id, news, now);
        let letters: Vec<_> = news.iter().filter_map(address).collect();
        drop(office);
        self.send(letters);
    }

    /// Gives an application a new secret and tells its subscriber, as Amazon does when its developer asks by the API or by the
    /// portal's button; returns the secret, which the portal shows, or nothing if there is no such application.
    pub(crate) fn rotate(&self, application_id: &str) -> Option<String> {
        let now = self.now();
        let mut office = self.office();
        let good_from = office.new_secrets_wait.map(|wait| now + wait);
        let application = office.ledger_mut().applications.get_mut(application_id)?;
        let text = format!("{CLIENT_SECRET_PREFIX}{}", letters_and_digits(64));
        let new = ClientSecret { good_from, ..ClientSecret::new(text.clone(), now + CLIENT_SECRET_LIFE) };
        let news = News::NewSecret {
            client_id: application.client_id.clone(),
            secret: text.clone(),
            ends_at: new.ends_at,
            old_ends_at: application.replace_secret(new, now),
        };
        let letter = office.notifications.address(application_id, &news, now);
        drop(office);
        self.send(letter);
        Some(text)
    }

    /// Sends letters about what has just been written into the books, and is safe there before anybody hears of it.
    fn send(&self, letters: impl IntoIterator<Item = Letter>) {
        if let Err(error) = self.save() {
            tracing::error!(%error, "the state of the simulated Amazon could not be saved");
        }
        letters.into_iter().for_each(Letter::deliver);
    }
}

/// The reminders that have become due for a secret, each as its days before the end.
fn due(secret: &ClientSecret, now: Timestamp) -> Vec<i64> {
    let reached = |days: i64| now >= secret.ends_at - SignedDuration::from_hours(24 * days);
    let new = |days: i64| secret.reminded_of_days.is_none_or(|before| days < before);
    EXPIRY_REMINDERS.into_iter().filter(|days| reached(*days) && new(*days)).collect()
}

#[cfg(test)]
mod tests;
