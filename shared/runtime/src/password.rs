//! Passwords of local users: argon2id (RFC 9106) with the crate's default cost (19 MiB, two passes), the
//! first choice of OWASP's password storage advice.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc},
};
use lotse_domain::ports::PasswordHash;

/// Why a password is not taken.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too short to keep anybody out.
    #[error("the password has {0} characters; use at least 12")]
    TooShort(usize),
    /// Longer than anybody types; hashing it would be work for nothing.
    #[error("the password is longer than 256 bytes; use a shorter one")]
    TooLong,
    /// The hash function failed.
    #[error("the password could not be hashed: {0}")]
    Hashing(argon2::password_hash::Error),
}

/// Hashes a new password. Takes tens of milliseconds and 19 MiB: keep it off an async thread.
pub fn hash_password(password: &str) -> Result<PasswordHash, PasswordError> {
    let characters = password.chars().count();
    if characters < 12 {
        return Err(PasswordError::TooShort(characters));
    }
    if password.len() > 256 {
        return Err(PasswordError::TooLong);
    }
    let hash: phc::PasswordHash =
        Argon2::default().hash_password(password.as_bytes()).map_err(PasswordError::Hashing)?;
    Ok(PasswordHash(hash.to_string()))
}

/// True where the password is the hashed one. Without a hash (no such user) the same work is done for
/// nothing, so that the time taken does not tell which names exist.
pub fn verify_password(password: &str, hash: Option<&PasswordHash>) -> bool {
    if password.len() > 256 {
        return false;
    }
    if let Some(hash) = hash.and_then(|hash| phc::PasswordHash::new(&hash.0).ok()) {
        return Argon2::default().verify_password(password.as_bytes(), &hash).is_ok();
    }
    let wasted: Result<phc::PasswordHash, _> = Argon2::default().hash_password(password.as_bytes());
    drop(wasted);
    false
}

/// A password to be printed once, from 120 random bits: groups of characters that nobody confuses.
pub fn random_password(random: &impl lotse_domain::ports::RandomSource) -> String {
    const CHARACTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz346789XYZ";
    let mut number = random.number();
    let mut password = String::with_capacity(27);
    for place in 0..24 {
        if place > 0 && place % 6 == 0 {
            password.push('-');
        }
        password.push(char::from(CHARACTERS[(number & 31) as usize]));
        number >>= 5;
    }
    password
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_signs_in() {
        let hash = hash_password("ein langes Passwort").unwrap();
        assert!(hash.0.starts_with("$argon2id$"));
        assert!(verify_password("ein langes Passwort", Some(&hash)));
        assert!(!verify_password("ein langes Passwort!", Some(&hash)));
        assert!(!verify_password("ein langes Passwort", None));
        assert!(!verify_password("x", Some(&PasswordHash("not a hash".to_owned()))));
    }

    #[test]
    fn passwords_that_protect_nothing_are_refused() {
        assert!(matches!(hash_password("kurz"), Err(PasswordError::TooShort(4))));
        assert!(matches!(hash_password(&"x".repeat(257)), Err(PasswordError::TooLong)));
    }

    #[test]
    fn a_random_password_is_long_enough_and_new_each_time() {
        let first = random_password(&crate::SystemRandom);
        assert_eq!(first.len(), 27);
        assert_ne!(first, random_password(&crate::SystemRandom));
        assert!(hash_password(&first).is_ok());
    }
}
