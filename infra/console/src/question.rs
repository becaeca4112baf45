//! Asks once more before what cannot be undone, or hits many grants.

use axum::response::Response;
use maud::html;

use crate::{
    Console,
    access::FORM_KEY,
    fields::{Fields, Visit, return_path},
};

/// A question, which the button answers with yes.
pub(crate) struct Question {
    pub(crate) title: String,
    /// What will happen, in sentences.
    pub(crate) text: String,
    pub(crate) button: &'static str,
}

/// The field of a form whose question was answered with yes.
const SURE: &str = "sure";

/// Whether the operator has answered the question of this form with yes.
pub(crate) fn is_sure(form: &Fields) -> bool {
    form.text(SURE) == Some("yes")
}

impl Console {
    /// Returns the page with the question. Its button sends the form again, to the same address.
    pub(crate) async fn ask(&self, visit: &Visit, form: &Fields, question: &Question) -> Response {
        let fields = html! {
            @for (name, value) in form.pairs().filter(|(name, _)| *name != FORM_KEY && *name != SURE) {
                input type="hidden" name=(name) value=(value);
            }
            input type="hidden" name=(SURE) value="yes";
            button.danger { (question.button) }
            a href=(return_path(form).unwrap_or(visit.path())) { "No, go back" }
        };
        let content = html! {
            p { (question.text) }
            (self.form("row", visit.path(), &fields))
        };
        self.page(visit, &question.title, &content).await
    }
}
