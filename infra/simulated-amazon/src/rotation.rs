//! The life of a client secret: reminders before its end, and its rotation (F§5).

use jiff::{SignedDuration, Timestamp};

use crate::{
    amazon::SimulatedAmazon,
    applications::{ClientSecret, Registration},
    facts::{CLIENT_SECRET_LIFE, CLIENT_SECRET_PREFIX, EXPIRY_REMINDERS},
    notifications::{Message, Notification, Subscriber},
    random::letters_and_digits,
};

impl SimulatedAmazon {
    /// Subscribes to the notifications about an application, in place of an earlier subscriber. Notifications without a
    /// subscriber are lost.
    pub fn subscribe(&self, application_id: impl Into<String>, subscriber: Subscriber) {
        self.backend().notifications.subscribe(application_id.into(), subscriber);
    }

    /// Sends the reminders that have become due since the last call.
    pub fn tick(&self) {
        let now = self.now();
        let mut backend = self.backend();
        let newest = |application: &Registration| application.client_secrets.last().cloned();
        if backend
            .ledger()
            .applications
            .values()
            .filter_map(newest)
            .all(|secret| due(&secret, now).is_empty())
        {
            return;
        }
        let mut notifications = Vec::new();
        for (id, application) in &mut backend.ledger_mut().applications {
            let Some(secret) = application.client_secrets.last_mut() else { continue };
            for days in due(secret, now) {
                secret.reminded_of_days = Some(days);
                let (client_id, ends_at) = (application.client_id.clone(), secret.ends_at);
                notifications.push((id.clone(), Notification::SecretExpiry { client_id, ends_at }));
            }
        }
        let message = |(id, notification): &(String, Notification)| {
            backend.notifications.message(id, notification, now)
        };
        let messages: Vec<_> = notifications.iter().filter_map(message).collect();
        drop(backend);
        self.send(messages);
    }

    /// Rotates an application's client secret and notifies its subscriber, as Amazon does when the developer calls the API or
    /// presses the portal's button. Returns the new secret, which the portal shows, or nothing if the application is
    /// unknown.
    pub(crate) fn rotate(&self, application_id: &str) -> Option<String> {
        let now = self.now();
        let mut backend = self.backend();
        let valid_from = backend.new_secret_delay.map(|delay| now + delay);
        let application = backend.ledger_mut().applications.get_mut(application_id)?;
        let text = format!("{CLIENT_SECRET_PREFIX}{}", letters_and_digits(64));
        let new = ClientSecret { valid_from, ..ClientSecret::new(text.clone(), now + CLIENT_SECRET_LIFE) };
        let notification = Notification::NewSecret {
            client_id: application.client_id.clone(),
            secret: text.clone(),
            ends_at: new.ends_at,
            old_ends_at: application.replace_secret(new, now),
        };
        let message = backend.notifications.message(application_id, &notification, now);
        drop(backend);
        self.send(message);
        Some(text)
    }

    /// Saves what the messages report, then delivers them.
    fn send(&self, messages: impl IntoIterator<Item = Message>) {
        if let Err(error) = self.save() {
            tracing::error!(%error, "The state of the simulated Amazon could not be saved");
        }
        messages.into_iter().for_each(Message::deliver);
    }
}

/// Returns the reminders that have become due for a secret, each as days before its end.
fn due(secret: &ClientSecret, now: Timestamp) -> Vec<i64> {
    let reached = |days: i64| now >= secret.ends_at - SignedDuration::from_hours(24 * days);
    let new = |days: i64| secret.reminded_of_days.is_none_or(|before| days < before);
    EXPIRY_REMINDERS.into_iter().filter(|days| reached(*days) && new(*days)).collect()
}

#[cfg(test)]
mod tests;
