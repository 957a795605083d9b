//! Files that a publisher and its customers bring: read, checked, and turned into plain values.
//!
//! Nothing here knows the database. The formats are described in `docs/imports.md`. Every reader says all that
//! is wrong with a file, each problem with its line, and none stops at the first.

pub mod catalog;
pub mod organizations;
pub mod people;
pub mod text;

mod near;
mod problem;
mod rows;
mod stated;
mod toml_file;
mod value;

pub use problem::{Problem, ProblemCode};
pub use stated::Stated;
