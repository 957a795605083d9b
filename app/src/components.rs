//! The parts that pages are made of. Each stands on a real element; classes are those of `style/README.md`.

pub mod change_quote;
pub mod choices;
pub mod commands;
pub mod empty;
pub mod entry;
pub mod facts;
pub mod field;
pub mod frame;
pub mod icon;
pub mod legal;
pub mod live_form;
pub mod notice;
pub mod pager;
pub mod quote;
pub mod seats;
pub mod seats_box;
pub mod status;
pub mod timeline;

pub use change_quote::{ChangeQuote, ChangeQuoteView};
pub use choices::{ChoiceView, Choices};
pub use commands::{Command, CommandKind, Commands, menu_items};
pub use empty::Empty;
pub use entry::Entry;
pub use facts::Facts;
pub use field::{Banner, BannerKind, Failed, TextField};
pub use frame::{Frame, PageHead};
pub use icon::{Icon, Tile};
pub use legal::Legal;
pub use notice::Notice;
pub use pager::Pager;
pub use quote::Quote;
pub use seats::SeatsBar;
pub use seats_box::{SeatsBox, SeatsBoxView};
pub use status::{StatusBadge, StatusView};
pub use timeline::{Timeline, TimelineEntry};
