//! Secrets that a client holds: session tokens and one-time links. The store keeps their digest only.

use sha2::{Digest as _, Sha256};

/// A new token: 256 bits in hexadecimal.
pub(crate) fn make(random: [u8; 32]) -> String {
    hex::encode(random)
}

/// What the store keeps of a token.
pub(crate) fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
