//! What can go wrong at the door.

/// An error of the store. It never holds what a person typed; services turn it into words for people.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine refused or could not be reached.
    #[error("the database refused: {0}")]
    Engine(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A row that the condition of a statement named is no longer as it was.
    #[error("somebody else changed this in the meantime")]
    Stale,
    /// A unique key is taken.
    #[error("this exists already ({constraint})")]
    Taken {
        /// The name of the key, as the engine gives it.
        constraint: String,
    },
    /// The same key came with another content (SPEC 4, "Quote = charge").
    #[error("this key was used for something else")]
    KeyReused,
    /// What is stored contradicts the rules.
    #[error("the database holds something impossible: {what}")]
    Corrupt {
        /// Where and what.
        what: String,
    },
    /// A unit of work changed something and said nothing to the audit (house rule "One door for writing").
    #[error("a unit of work changed {changes} rows without an audit record")]
    Unaudited {
        /// How many rows.
        changes: u64,
    },
    /// The program of the unit failed.
    #[error("a unit of work stopped half-way and was undone")]
    Panicked,
    /// The store is being closed.
    #[error("the store is closed")]
    Closed,
    /// The database was made by a newer version of the program, or not by this program.
    #[error("cannot use this database: {0}")]
    Unusable(String),
}

impl StoreError {
    pub(crate) fn engine(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Engine(error.into())
    }
}
