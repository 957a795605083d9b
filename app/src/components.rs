//! The parts that pages are made of. Each stands on a real element; classes are those of `style/README.md`.

pub mod entry;
pub mod field;
pub mod frame;
pub mod icon;
pub mod live_form;
pub mod notice;
pub mod quote;
pub mod seats;
pub mod status;

pub use entry::Entry;
pub use field::{Banner, BannerKind, Failed, TextField};
pub use frame::{Frame, PageHead};
pub use icon::{Icon, Tile};
pub use notice::Notice;
pub use quote::Quote;
pub use seats::SeatsBar;
pub use status::{StatusBadge, StatusView};
