//! The parts that pages are made of. Each stands on a real element; classes are those of `style/README.md`.

pub mod entry;
pub mod field;
pub mod frame;
pub mod icon;
pub mod notice;

pub use entry::Entry;
pub use field::{Banner, BannerKind, Failed, TextField};
pub use frame::{Frame, PageHead};
pub use icon::{Icon, Tile};
pub use notice::Notice;
