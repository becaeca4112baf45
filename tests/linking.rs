//! Which account an authorization belongs to: links, return URLs and the integrator's sign-in (promises 4, 5, 7 and 12).

mod attacks;
mod bad_input;
mod completion;
mod consents_honoured;
mod crossing;
mod links;
mod renewal;
mod sign_in;
mod stopped;
