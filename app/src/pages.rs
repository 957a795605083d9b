//! The pages, a folder each: the view, and `server.rs` with its server functions.

pub mod catalog;
pub mod home;
pub mod link;
pub mod not_found;
pub mod organizations;
pub mod product;
pub mod settings;
pub mod sign_in;
