//! One-time codes for the second step of a sign-in (RFC 6238: SHA-1, six digits, 30 seconds, one step either way), and the
//! recovery codes that replace a lost device. Which of them were used is the store's to know.

use chrono::{DateTime, Utc};
use rand::Rng;
use rand::seq::IndexedRandom;
use secrecy::{ExposeSecret, SecretString};
use totp_rs::{Algorithm, Builder, Secret, Totp};
use url::Url;

/// Digits of a code.
const DIGITS: u8 = 6;
/// Seconds for which a code stands.
const STEP: u64 = 30;
/// How many recovery codes a person gets.
const CODES: usize = 10;
/// Groups of a recovery code, and characters of each: some 79 random bits, so that a fast hash of it is enough.
const GROUPS: usize = 4;
const GROUP: usize = 4;
/// Without what is easily taken for another.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// A new secret of 160 bits, in base32.
pub(crate) fn new_secret() -> SecretString {
    let mut bytes = [0_u8; 20];
    rand::rng().fill_bytes(&mut bytes);
    Secret::from(bytes).to_base32().into()
}

fn totp(secret: &SecretString) -> Option<Totp> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(DIGITS)
        .with_step_duration(STEP)
        .with_skew(1)
        .with_secret(Secret::try_from_base32(secret.expose_secret()).ok()?)
        .build()
        .ok()
}

/// The step that a typed code belongs to; `None` when it is wrong now.
pub(crate) fn step_of(secret: &SecretString, typed: &str, now: DateTime<Utc>) -> Option<i64> {
    let digits = digits(typed)?;
    let step = totp(secret)?.check(&digits, u64::try_from(now.timestamp()).ok()?)?;
    i64::try_from(step).ok()
}

/// What was typed as the digits of a one-time code; `None` when it cannot be one.
fn digits(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let right = digits.len() == usize::from(DIGITS) && digits.bytes().all(|b| b.is_ascii_digit());
    right.then_some(digits)
}

/// Whether what was typed has the form of a one-time code, rather than that of a recovery code.
pub(crate) fn is_digits(typed: &str) -> bool {
    digits(typed).is_some()
}

/// The secret in groups of four, for those who type it.
pub(crate) fn grouped(secret: &SecretString) -> String {
    let letters: Vec<char> = secret.expose_secret().chars().collect();
    letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
}

/// What a device reads from the picture.
pub(crate) fn address(secret: &SecretString, email: &str, issuer: &str) -> Option<String> {
    let mut url = Url::parse("otpauth://totp/").ok()?;
    url.path_segments_mut().ok()?.clear().push(&format!("{issuer}:{email}"));
    url.query_pairs_mut()
        .append_pair("secret", secret.expose_secret())
        .append_pair("issuer", issuer)
        .append_pair("algorithm", "SHA1")
        .append_pair("digits", &DIGITS.to_string())
        .append_pair("period", &STEP.to_string());
    // A space as a plus is read as a plus by some devices.
    let query = url.query().unwrap_or_default().replace('+', "%20");
    url.set_query(Some(&query));
    Some(url.to_string())
}

/// New recovery codes, as people write them down.
pub(crate) fn recovery_codes() -> Vec<String> {
    let mut rng = rand::rng();
    let mut group = || -> String {
        (0..GROUP).filter_map(|_| LETTERS.choose(&mut rng)).map(|b| char::from(*b)).collect()
    };
    (0..CODES).map(|_| (0..GROUPS).map(|_| group()).collect::<Vec<_>>().join("-")).collect()
}

/// A recovery code as the store knows it, however it was typed.
pub(crate) fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("a literal time")
    }

    /// The secret of the examples of RFC 6238.
    fn example() -> SecretString {
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".into()
    }

    #[test]
    fn the_codes_are_those_of_the_standard_cut_to_six_digits() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(step_of(&example(), code, at(seconds)), Some(seconds / 30), "{code}");
        }
    }

    #[test]
    fn a_code_stands_one_step_before_and_after_and_no_longer() {
        for (seconds, told) in [(29, Some(1)), (30, Some(1)), (89, Some(1)), (90, None), (-1, None)] {
            assert_eq!(step_of(&example(), "287082", at(seconds)), told, "{seconds}");
        }
        assert_eq!(step_of(&example(), " 287 082", at(59)), Some(1));
        for wrong in ["287083", "28708", "2870822", "", "٢٨٧٠٨٢", "28708a"] {
            assert_eq!(step_of(&example(), wrong, at(59)), None, "{wrong}");
        }
        assert_eq!(step_of(&"not base32!".into(), "287082", at(59)), None);
    }

    #[test]
    fn a_new_secret_makes_codes_and_reads_in_groups() {
        let secret = new_secret();
        assert_eq!(secret.expose_secret().len(), 32);
        assert!(totp(&secret).is_some());
        assert_eq!(grouped(&example()), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_ne!(secret.expose_secret(), new_secret().expose_secret());
    }

    #[test]
    fn the_picture_says_whose_secret_it_is() {
        let told = address(&example(), "olga+shop@example.com", "Моя Выгрузка").expect("an address");
        assert!(told.starts_with("otpauth://totp/"), "{told}");
        assert!(told.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%D0%9C"), "{told}");
        assert!(told.contains(":olga+shop@example.com?") && told.contains("%20%D0%92"), "{told}");
    }

    #[test]
    fn recovery_codes_are_ten_different_ones_and_read_however_they_are_typed() {
        let mut codes = recovery_codes();
        assert!(codes.iter().all(|code| code.len() == 19 && plain(code).len() == 16 && !is_digits(code)));
        assert_eq!(plain(" ABCD-efgh jkmn2345"), "abcdefghjkmn2345");
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), 10);
    }
}
