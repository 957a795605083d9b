//! Idempotency keys: a form carries one, so that sending it twice does what it asks once.

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use store::Key;

use crate::ServiceError;
use crate::asker::Place;

/// How long a key from outside may be; the door has room for the action and the person beside it.
const LONGEST: usize = 100;

/// The key of what a person asks. `key` is what their form calls it; two people never share one.
pub(crate) fn key_of<T: Serialize>(
    action: &str,
    place: &Place,
    key: &str,
    content: &T,
) -> Result<Key, ServiceError> {
    let key: String = key.chars().take(LONGEST).collect();
    Ok(Key { name: format!("{action}:{}:{key}", place.person.id), digest: digest(content)? })
}

/// The key of what only one thing can be the cause of: whoever asks, it is done once.
pub(crate) fn key_about(action: &str, about: &dyn std::fmt::Display) -> Key {
    let name = format!("{action}:{about}");
    let digest = Sha256::digest(name.as_bytes()).into();
    Key { name, digest }
}

/// SHA-256 of a content as JSON.
pub(crate) fn digest<T: Serialize>(content: &T) -> Result<[u8; 32], ServiceError> {
    let bytes = serde_json::to_vec(content).map_err(ServiceError::broken)?;
    Ok(Sha256::digest(bytes).into())
}
