//! Passwords: argon2id hashes in PHC form. Hashing is slow on purpose: callers on async threads use `spawn_blocking`.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// The fewest characters that a password may have.
pub const SHORTEST: usize = 10;
/// The most; longer ones only cost time.
pub const LONGEST: usize = 200;

/// The hash of a password; `None` when it is too short or too long.
pub fn hash(password: &str) -> Option<String> {
    let length = password.chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        return None;
    }
    Argon2::default().hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())
}

/// Whether a password has this hash.
pub fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// A password of 20 characters that nobody has to remember for long.
pub fn generate() -> String {
    use rand::seq::IndexedRandom;
    let letters: Vec<char> =
        ('a'..='z').chain('A'..='Z').chain('2'..='9').filter(|c| !"lIO".contains(*c)).collect();
    let mut rng = rand::rng();
    (0..20).filter_map(|_| letters.choose(&mut rng)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_its_own_hash_and_no_other() {
        let password = generate();
        let hashed = hash(&password).expect("long enough");
        assert!(hashed.starts_with("$argon2id$"));
        assert!(verify(&password, &hashed));
        assert!(!verify("something else", &hashed));
        assert!(!verify(&password, "no hash at all"));
        assert_eq!(hash("short"), None);
    }
}
