//! What an order is found by, and how a search term is read.

use crate::order::Order;
use crate::posting::Posting;

/// Folds text for search: lower case, ё as е, runs of white space (or of control characters, which no database index can
/// be asked for) as one space.
pub fn fold(text: &str) -> String {
    let lower = text.to_lowercase().replace('ё', "е");
    lower
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The digits of a phone number, without the leading 7 or 8 of a full Russian one, so that both are found.
fn phone_digits(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix(['7', '8']) {
        Some(rest) if digits.len() == 11 => rest.to_owned(),
        _ => digits,
    }
}

/// The folded text that an order is found by: numbers, names, phones, track number. Its lines are found by their products.
pub fn document(order: &Order, posting: &Posting) -> String {
    let mut parts = vec![order.number.clone(), order.posting_number.to_string(), order.customer_name.clone()];
    parts.extend(order.ozon_order_number.clone());
    parts.extend(order.track_number.clone());
    if let Some(customer) = &posting.customer {
        parts.extend(customer.name.clone());
        parts.extend(customer.phone.as_deref().map(phone_digits));
    }
    if let Some(recipient) = &posting.recipient {
        parts.extend(recipient.name.clone());
        parts.extend(recipient.phone.as_deref().map(phone_digits));
    }
    folded(parts)
}

/// The folded text that a product is found by: its article and its SKU.
pub fn product_document(offer_id: &str, sku: Option<i64>) -> String {
    folded([offer_id.to_owned()].into_iter().chain(sku.map(|sku| sku.to_string())))
}

fn folded(parts: impl IntoIterator<Item = String>) -> String {
    let mut folded: Vec<String> = Vec::new();
    for part in parts {
        let part = fold(&part);
        // What stands in another part is found there: an order's number in its posting's.
        if !part.is_empty() && !folded.iter().any(|kept| kept.contains(&part)) {
            folded.push(part);
        }
    }
    folded.join("\n")
}

/// The folded text that a customer is found by.
pub fn customer_document(name: &str, phone: Option<&str>, email: Option<&str>) -> String {
    let parts = [fold(name), phone.map(phone_digits).unwrap_or_default(), fold(email.unwrap_or_default())];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// How a search term wants to be looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// Nothing to look for.
    Nothing,
    /// Shaped as Ozon's numbers are: the beginning of a posting number.
    PostingNumber(String),
    /// Anything else, as folded words that must all occur.
    Words(Vec<String>),
}

/// No more of a search term than this many characters is looked up: a longer one only costs time.
const LONGEST_TERM: usize = 200;

/// Reads what a person typed.
pub fn term(typed: &str) -> Term {
    let folded = fold(&typed.chars().take(LONGEST_TERM).collect::<String>());
    if folded.is_empty() {
        return Term::Nothing;
    }
    let digits = phone_digits(&folded);
    let groups: Vec<&str> = folded.split('-').collect();
    let only_digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if groups.iter().all(|group| only_digits(group)) {
        // Ozon's numbers have a long first group and two more; an article or a phone may have dashes too.
        if matches!((groups.len(), groups[0].len()), (2, 8..) | (3, 5..)) {
            return Term::PostingNumber(folded);
        }
        if groups.len() > 1 && (1..=3).contains(&groups[0].len()) && digits.len() == 10 {
            return Term::Words(vec![digits]);
        }
    }
    let phonelike = folded.chars().all(|c| c.is_ascii_digit() || "+()- ".contains(c));
    if phonelike
        && (7..=12).contains(&digits.len())
        && (folded.starts_with(['+', '('])
            || folded.contains([' ', '('])
            || (only_digits(&folded) && folded.len() == 11))
    {
        return Term::Words(vec![digits]);
    }
    Term::Words(folded.split(' ').map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yo_and_ye_are_one_letter() {
        assert_eq!(fold("  Семён   ЁЛКИН "), "семен елкин");
    }

    #[test]
    fn the_shape_of_a_term_chooses_the_way() {
        assert_eq!(term("0105259411-0854-2"), Term::PostingNumber("0105259411-0854-2".into()));
        assert_eq!(term("+7 (903) 123-45-67"), Term::Words(vec!["9031234567".into()]));
        assert_eq!(term("8 903 1234567"), Term::Words(vec!["9031234567".into()]));
        assert_eq!(term("Пётр Иванов"), Term::Words(vec!["петр".into(), "иванов".into()]));
        assert_eq!(term("SK-58 (малиновый)"), Term::Words(vec!["sk-58".into(), "(малиновый)".into()]));
        assert_eq!(term("   "), Term::Nothing);
    }
}
