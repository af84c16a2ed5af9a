//! When personal data has had its time, and what of a posting names a person. Erases nothing itself.

use chrono::{DateTime, Duration, Utc};

use crate::ozon_status::OzonStatus;
use crate::posting::{Details, Posting};

/// What stands in place of a name that was erased.
pub const ERASED: &str = "Данные удалены";

/// The rule of the installation: personal data goes so many days after delivery or cancellation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EraseAfter(u32);

impl EraseAfter {
    /// The fewest days.
    pub const LEAST: u32 = 1;
    /// The most days: ten years.
    pub const MOST: u32 = 3650;

    /// A rule of so many days; `None` for a number that is not allowed.
    pub fn days(days: u32) -> Option<Self> {
        (Self::LEAST..=Self::MOST).contains(&days).then_some(Self(days))
    }

    /// How many days.
    pub fn get(self) -> u32 {
        self.0
    }

    /// What ended then or before is due.
    pub fn cutoff(self, now: DateTime<Utc>) -> DateTime<Utc> {
        now - Duration::days(i64::from(self.0))
    }

    /// Whether what ended at that time is due; what has not ended never is.
    pub fn is_due(self, ended_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
        ended_at.is_some_and(|at| at <= self.cutoff(now))
    }
}

/// Since when a posting is at its end. One that is opened again, as by a dispute, has not ended; the time begins anew.
pub fn ended_at(
    status: &OzonStatus,
    known: Option<DateTime<Utc>>,
    read_at: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    status.is_closed().then(|| known.unwrap_or(read_at))
}

/// The posting without anything that tells who buys or receives it and where they live. That it went to a legal entity
/// stays; which one does not, since a sole trader's name is a person's.
#[must_use]
pub fn without_persons(posting: Posting) -> Posting {
    Posting {
        details: Details { city: None, region: None, company: None, ..posting.details },
        customer: None,
        recipient: None,
        ..posting
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::{Currency, Money};
    use crate::posting::{Address, Company, Customer, Product, Recipient};

    fn noon() -> DateTime<Utc> {
        "2026-11-23T12:00:00Z".parse().expect("a literal time")
    }

    #[test]
    fn a_rule_has_between_one_day_and_ten_years() {
        assert_eq!(EraseAfter::days(0), None);
        assert_eq!(EraseAfter::days(3651), None);
        assert_eq!(EraseAfter::days(1).map(EraseAfter::get), Some(1));
        assert_eq!(EraseAfter::days(3650).map(EraseAfter::get), Some(3650));
    }

    #[test]
    fn what_ended_is_due_after_the_days_to_the_second_and_what_goes_on_never() {
        let rule = EraseAfter::days(90).expect("a rule");
        let ended = noon() - Duration::days(90);
        assert!(rule.is_due(Some(ended), noon()));
        assert!(!rule.is_due(Some(ended + Duration::microseconds(1)), noon()));
        assert!(rule.is_due(Some(ended - Duration::days(3000)), noon()));
        assert!(!rule.is_due(None, noon()));
    }

    #[test]
    fn the_end_is_when_it_was_first_seen_closed_and_is_forgotten_when_it_opens_again() {
        let earlier = noon() - Duration::days(3);
        for closed in ["delivered", "cancelled", "not_accepted", "cancelled_from_split_pending"] {
            let status = OzonStatus::from(closed);
            assert_eq!(ended_at(&status, None, noon()), Some(noon()), "{closed}");
            assert_eq!(ended_at(&status, Some(earlier), noon()), Some(earlier), "{closed}");
        }
        for open in ["awaiting_packaging", "delivering", "client_arbitration", "teleported"] {
            assert_eq!(ended_at(&OzonStatus::from(open), Some(earlier), noon()), None, "{open}");
        }
    }

    #[test]
    fn nothing_of_a_person_is_left_and_everything_else_is() {
        let word = || Some("Ёлкин".to_owned());
        let address = Address { tail: word(), city: word(), comment: word(), ..Address::default() };
        let product = Product {
            offer_id: "MUG".into(),
            sku: Some(7),
            name: "Кружка".into(),
            quantity: 2,
            price: Money { minor: 49_900, currency: Currency::RUB },
            old_price: None,
            customer_price: None,
            weight_grams: None,
            color: None,
        };
        let bare = Posting {
            number: crate::PostingNumber::new("1-1-1").expect("a number"),
            status: OzonStatus::Delivered,
            substatus: None,
            products: vec![product],
            details: Details {
                is_legal: Some(true),
                upper_barcode: Some("%101%".into()),
                ..Details::default()
            },
            customer: None,
            recipient: None,
            related: None,
        };
        let told = Posting {
            details: Details {
                city: word(),
                region: word(),
                company: Some(Company { name: word(), inn: word(), kpp: None }),
                ..bare.details.clone()
            },
            customer: Some(Customer {
                id: Some(1),
                name: word(),
                phone: word(),
                email: word(),
                address: Some(address),
            }),
            recipient: Some(Recipient { name: word(), phone: word(), pin: word() }),
            ..bare.clone()
        };
        assert_eq!(without_persons(told), bare);
    }
}
