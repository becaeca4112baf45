//! The documents of the repository agree with its code.

mod facts;
mod promises;
