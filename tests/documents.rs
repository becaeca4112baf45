//! The documents of the repository agree with its code: their commands run, their samples are accepted, their links resolve.

mod commands;
mod facts;
mod links;
mod markdown;
mod promises;
mod proofs;
mod samples;
mod tables;
mod texts;
