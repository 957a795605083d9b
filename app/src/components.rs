//! The parts that pages are made of. Each stands on a real element; classes are those of `style/README.md`.

pub mod empty;
pub mod entry;
pub mod facts;
pub mod field;
pub mod frame;
pub mod icon;
pub mod live_form;
pub mod notice;
pub mod pager;
pub mod quote;
pub mod seats;
pub mod status;

pub use empty::Empty;
pub use entry::Entry;
pub use facts::Facts;
pub use field::{Banner, BannerKind, Failed, TextField};
pub use frame::{Frame, PageHead};
pub use icon::{Icon, Tile};
pub use notice::Notice;
pub use pager::Pager;
pub use quote::Quote;
pub use seats::SeatsBar;
pub use status::{StatusBadge, StatusView};
