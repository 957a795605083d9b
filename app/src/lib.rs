//! What people see: pages, components, server functions.
//!
//! One crate, built twice: with `ssr` for the server, which renders every page whole, and with `hydrate` for
//! the browser, which makes it quick. Everything works before the browser's half has arrived and without it:
//! buttons are forms, panes are addresses.
//!
//! **To add a page:** 1. its texts in `locales/{ja,en}/<area>.json`; 2. a folder in `pages/` with the view (a
//! `LazyRoute`: data beside view) and `server.rs` with its server functions, each of which calls one service
//! and returns what is ready to show; 3. a route in `routes`; 4. a spec in `end2end/tests`.

#![recursion_limit = "256"]

pub mod components;
pub mod error;
#[cfg(feature = "ssr")]
mod export;
#[cfg(feature = "ssr")]
pub mod format;
pub mod look;
pub mod pages;
#[cfg(feature = "ssr")]
mod quoting;
#[cfg(feature = "ssr")]
pub mod request;
pub mod routes;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod texts;
pub mod viewer;
#[cfg(feature = "hydrate")]
pub mod waking;

pub use routes::App;
