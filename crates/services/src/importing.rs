//! Importing a catalog, organizations and people: all of a file or nothing, and only what changed.

mod catalog;
mod organizations;
mod people;

use domain::id::ImportId;

use crate::ServiceError;
use crate::import::Problem;

pub use people::{PeopleOptions, Step};
pub use store::shelf::Changed;

/// How many problems of a file are listed; the others are counted.
pub const LISTED: usize = 100;

/// What an import has done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// What the file was recognized to be.
    pub recognized: String,
    /// How many things changed.
    pub changed: Changed,
    /// Worth a look; it was imported all the same.
    pub warnings: Vec<Problem>,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum NotImported {
    /// The file is not right; nothing has changed.
    #[error("{} problems in the file", .problems.len() + .more)]
    Problems {
        /// The first [`LISTED`] problems, in the order of the file.
        problems: Vec<Problem>,
        /// How many there are beside them.
        more: usize,
    },
    /// More people would be deactivated than one does by the way (SPEC 6, "Leavers"): asks first.
    #[error("{leaving} of {active} active people would be deactivated")]
    ManyLeavers {
        /// How many would be deactivated.
        leaving: i64,
        /// Of how many in that organization.
        active: i64,
        /// The organization's key.
        organization: String,
    },
    /// Somebody changed the same people in the meantime.
    #[error("somebody changed the same data in the meantime; import the file again")]
    Stale,
    /// Something failed that nobody asked for.
    #[error(transparent)]
    Failed(ServiceError),
}

impl From<ServiceError> for NotImported {
    fn from(error: ServiceError) -> Self {
        if matches!(error, ServiceError::Stale) { Self::Stale } else { Self::Failed(error) }
    }
}

impl From<store::StoreError> for NotImported {
    fn from(error: store::StoreError) -> Self {
        ServiceError::from(error).into()
    }
}

impl NotImported {
    fn problems(mut problems: Vec<Problem>) -> Self {
        let more = problems.len().saturating_sub(LISTED);
        problems.truncate(LISTED);
        Self::Problems { problems, more }
    }
}

/// The id of a new import.
fn new_import(services: &crate::Services) -> ImportId {
    ImportId::new(services.environment().now(), services.environment().bytes())
}
