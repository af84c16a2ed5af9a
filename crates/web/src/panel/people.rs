//! What is typed about people: e-mail addresses and passwords.

use voice::Voice;

/// An e-mail address as it is kept: trimmed, in lower case; `None` when it cannot be one.
pub(crate) fn email(typed: &str) -> Option<String> {
    let email = typed.trim().to_lowercase();
    let (name, host) = email.split_once('@')?;
    let plain = email.len() <= 200 && !email.chars().any(|c| c.is_whitespace() || c.is_control());
    (plain && !name.is_empty() && !host.is_empty() && !host.contains('@')).then_some(email)
}

/// What was typed, trimmed; the fault when nothing was.
pub(crate) fn filled(v: Voice, typed: &str) -> Result<String, String> {
    let text = typed.trim();
    if text.is_empty() { Err(v.t("fault-empty")) } else { Ok(text.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_name_and_a_host() {
        assert_eq!(email("  Olga@Example.COM ").as_deref(), Some("olga@example.com"));
        for wrong in ["", "olga", "@example.com", "olga@", "a b@c.d", "a@b@c"] {
            assert_eq!(email(wrong), None);
        }
    }
}
