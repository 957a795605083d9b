//! What a file says, or does not say.

/// What a file says about a field. What a file leaves out stays as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stated<T> {
    /// The file has no such column or key: what is stored stays; what is new gets the default.
    LeftOut,
    /// What the file says.
    Said(T),
}

impl<T> Stated<T> {
    /// The value said, or the one that is stored (or the default, for what is new).
    pub fn or(self, otherwise: T) -> T {
        match self {
            Self::LeftOut => otherwise,
            Self::Said(value) => value,
        }
    }
}
