//! Passwords: what is accepted, how they are kept, and that checking them cannot starve the pages.

use std::sync::Arc;

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::ServiceError;

/// Shortest password. A password that stands alone has at least 15 characters (NIST SP 800-63B-4).
pub const SHORTEST: usize = 15;
/// Longest password, so that hashing has a bound.
pub const LONGEST: usize = 256;

/// How many passwords are hashed at once. Two keep a flood of sign-ins from taking every core.
const AT_ONCE: usize = 2;

/// Why a new password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProblem {
    /// Fewer than [`SHORTEST`] characters.
    TooShort,
    /// More than [`LONGEST`] characters.
    TooLong,
    /// It is, for the most part, the person's own mail address or name.
    AboutYourself,
    /// One character or one short piece again and again, or a run like `123456789…`.
    Monotonous,
}

/// Hashes and checks passwords.
#[derive(Clone, Debug)]
pub struct Passwords {
    argon2: Argon2<'static>,
    places: Arc<Semaphore>,
    nobody: Arc<str>,
}

impl Passwords {
    /// With the cost that is fit for a live deployment: argon2id, 19 MiB, 2 passes (OWASP).
    pub fn new() -> Result<Self, ServiceError> {
        Self::with_cost(19_456, 2)
    }

    /// With a cost of one's own: `memory` in KiB. Tests take the smallest.
    pub fn with_cost(memory: u32, passes: u32) -> Result<Self, ServiceError> {
        let params = Params::new(memory, passes, 1, None).map_err(ServiceError::broken)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        // What an unknown address is checked against, so that it takes as long as a known one.
        let nobody = hash(&argon2, "nobody has this password", [7; 16])?.into();
        Ok(Self { argon2, places: Arc::new(Semaphore::new(AT_ONCE)), nobody })
    }

    /// The hash to keep. `salt` is random.
    pub async fn hash(&self, password: String, salt: [u8; 16]) -> Result<String, ServiceError> {
        let argon2 = self.argon2.clone();
        self.aside(move || hash(&argon2, &password, salt)).await
    }

    /// Whether the password is the one behind `kept`. Takes the same time if there is none.
    pub async fn check(&self, password: String, kept: Option<String>) -> Result<bool, ServiceError> {
        let argon2 = self.argon2.clone();
        let nobody = Arc::clone(&self.nobody);
        self.aside(move || {
            let known = kept.is_some();
            let kept = kept.as_deref().unwrap_or(&nobody);
            let kept = PasswordHash::new(kept).map_err(ServiceError::broken)?;
            let same = argon2.verify_password(password.as_bytes(), &kept).is_ok();
            Ok(known && same)
        })
        .await
    }

    async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, ServiceError> + Send + 'static,
    ) -> Result<T, ServiceError> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(ServiceError::broken)?;
        tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(place);
            outcome
        })
        .await
        .map_err(ServiceError::broken)?
    }
}

fn hash(argon2: &Argon2<'_>, password: &str, salt: [u8; 16]) -> Result<String, ServiceError> {
    let salt = SaltString::encode_b64(&salt).map_err(ServiceError::broken)?;
    let hash = argon2.hash_password(password.as_bytes(), &salt).map_err(ServiceError::broken)?;
    Ok(hash.to_string())
}

/// Whether a new password is accepted. `about` is what everybody knows of the person: address, names.
pub fn judge(password: &str, about: &[&str]) -> Result<(), PasswordProblem> {
    let characters: Vec<char> = password.to_lowercase().chars().collect();
    if characters.len() < SHORTEST {
        return Err(PasswordProblem::TooShort);
    }
    if characters.len() > LONGEST {
        return Err(PasswordProblem::TooLong);
    }
    if is_monotonous(&characters) {
        return Err(PasswordProblem::Monotonous);
    }
    let folded: String = characters.iter().collect();
    let rest = about
        .iter()
        .map(|word| word.to_lowercase())
        .filter(|word| word.chars().count() >= 3)
        .fold(folded, |rest, word| rest.replace(&word, ""));
    // What is left without the person's own words has to carry the weight alone.
    if rest.chars().count() * 2 < SHORTEST { Err(PasswordProblem::AboutYourself) } else { Ok(()) }
}

/// A piece of at most four characters repeated, or a run of neighbors, over the whole length.
fn is_monotonous(characters: &[char]) -> bool {
    let repeats = (1..=4).any(|length| characters.iter().skip(length).zip(characters).all(|(a, b)| a == b));
    let runs = |step: i64| {
        characters.windows(2).all(|pair| {
            matches!(pair, &[a, b] if {
                let difference = i64::from(u32::from(b)) - i64::from(u32::from(a));
                difference == step || (a == '9' && b == '0') || (a == '0' && b == '9')
            })
        })
    };
    repeats || runs(1) || runs(-1)
}

#[cfg(test)]
mod tests {
    use super::{PasswordProblem, Passwords, judge};

    #[test]
    fn new_passwords() {
        let about = ["misaki.sasaki@harukaze.example", "misaki", "sasaki"];
        for (password, verdict) in [
            ("four seats by the window", Ok(())),
            ("窓ぎわの席を四つください、今日は晴れです", Ok(())),
            ("short", Err(PasswordProblem::TooShort)),
            ("abcabcabcabcabcabc", Err(PasswordProblem::Monotonous)),
            ("aaaaaaaaaaaaaaaaaaaa", Err(PasswordProblem::Monotonous)),
            ("12345678901234567890", Err(PasswordProblem::Monotonous)),
            ("misaki.sasaki@harukaze.example1", Err(PasswordProblem::AboutYourself)),
            ("SasakiMisakiSasaki", Err(PasswordProblem::AboutYourself)),
            ("misaki likes four seats by the window", Ok(())),
        ] {
            assert_eq!(judge(password, &about), verdict, "{password}");
        }
        assert_eq!(judge(&"long enough ".repeat(30), &[]), Err(PasswordProblem::TooLong));
    }

    #[tokio::test]
    async fn a_password_opens_only_its_own_lock() {
        let passwords = Passwords::with_cost(8, 1).expect("a small cost is allowed");
        let kept = passwords.hash("four seats by the window".into(), [1; 16]).await.expect("it hashes");
        for (password, kept, opens) in [
            ("four seats by the window", Some(kept.clone()), true),
            ("five seats by the window", Some(kept), false),
            ("nobody has this password", None, false),
        ] {
            assert_eq!(passwords.check(password.into(), kept).await.expect("it checks"), opens, "{password}");
        }
    }
}
