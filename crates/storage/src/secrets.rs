//! Secrets at rest: Api-Keys and passwords are kept encrypted with a key that is not in the database.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use rand::RngExt;
use secrecy::{ExposeSecret, SecretString};

use crate::error::{Error, Result};

const NONCE: usize = 24;

/// The installation's secret key: 32 bytes.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

impl SecretKey {
    /// A new one from the system's random source.
    pub fn generate() -> Self {
        Self(rand::rng().random())
    }

    /// Reads base64 of 32 bytes; `None` when it is anything else.
    pub fn from_base64(text: &str) -> Option<Self> {
        STANDARD.decode(text.trim()).ok()?.try_into().ok().map(Self)
    }

    /// The key as base64, for the file in the data folder.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Tells one key from another without telling the key; also the key's id in front of each secret.
    pub fn fingerprint(&self) -> String {
        let derived = blake3::derive_key("vygruzka secret key fingerprint", &self.0);
        derived[..8].iter().fold(String::with_capacity(16), |text, byte| text + &format!("{byte:02x}"))
    }

    fn key_id(&self) -> u8 {
        blake3::derive_key("vygruzka secret key fingerprint", &self.0)[0]
    }

    /// Encrypts: key id, nonce, sealed text. `purpose` binds the secret to its place.
    pub fn seal(&self, purpose: &str, secret: &SecretString) -> Result<Vec<u8>> {
        let nonce: [u8; NONCE] = rand::rng().random();
        let sealed = self
            .cipher(purpose)
            .encrypt(&XNonce::from(nonce), secret.expose_secret().as_bytes())
            .map_err(|_| Error::Corrupt("a secret could not be encrypted".to_owned()))?;
        Ok([&[self.key_id()][..], &nonce, &sealed].concat())
    }

    /// Decrypts what [`Self::seal`] made for the same purpose.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<SecretString> {
        let (head, body) = sealed.split_at_checked(1 + NONCE).ok_or(Error::WrongSecretKey)?;
        if head[0] != self.key_id() {
            return Err(Error::WrongSecretKey);
        }
        let nonce: [u8; NONCE] = head[1..].try_into().map_err(|_| Error::WrongSecretKey)?;
        let plain =
            self.cipher(purpose).decrypt(&XNonce::from(nonce), body).map_err(|_| Error::WrongSecretKey)?;
        String::from_utf8(plain).map(SecretString::from).map_err(|_| Error::WrongSecretKey)
    }

    /// One key a purpose, so that a secret moved to another place does not open there.
    fn cipher(&self, purpose: &str) -> XChaCha20Poly1305 {
        let derived = blake3::Hasher::new_derive_key("vygruzka secrets at rest")
            .update(&self.0)
            .update(purpose.as_bytes())
            .finalize();
        XChaCha20Poly1305::new(&Key::from(*derived.as_bytes()))
    }
}

/// The hash under which a random token is kept. Tokens have 256 random bits, so a fast hash is enough.
pub fn token_hash(token: &str) -> Vec<u8> {
    blake3::hash(token.as_bytes()).as_bytes().to_vec()
}

/// A new random token of 256 bits as URL-safe text.
pub fn new_token() -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 32]>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_only_with_its_key_and_for_its_purpose() {
        let (key, other) = (SecretKey::generate(), SecretKey::generate());
        let sealed = key.seal("cabinet 1", &"the-api-key".into()).expect("seals");
        assert_eq!(key.open("cabinet 1", &sealed).expect("opens").expose_secret(), "the-api-key");
        assert!(key.open("cabinet 2", &sealed).is_err());
        assert!(other.open("cabinet 1", &sealed).is_err());
        assert!(key.open("cabinet 1", &sealed[..10]).is_err());
        assert!(!sealed.windows(7).any(|w| w == b"api-key"));
    }

    #[test]
    fn a_key_reads_back_from_base64_and_a_short_one_is_refused() {
        let key = SecretKey::generate();
        let again = SecretKey::from_base64(&key.to_base64()).expect("reads");
        assert_eq!(again.fingerprint(), key.fingerprint());
        assert!(SecretKey::from_base64("c2hvcnQ=").is_none());
    }
}
