//! Imports of many refresh tokens: the rows of a file, the pace, the result file, and what a run shows.

pub(crate) mod display;
pub(crate) mod outcome;
pub(crate) mod pace;
pub(crate) mod results;
pub(crate) mod row;
pub(crate) mod rows;
pub(crate) mod run;
pub(crate) mod source;
