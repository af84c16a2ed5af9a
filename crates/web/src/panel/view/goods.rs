//! The goods of an order and what they cost, on its card and on its sheet.

/// The goods with their sums.
pub struct Goods {
    /// A line each.
    pub lines: Vec<Line>,
    /// Σ at the seller's price.
    pub total: String,
    /// Σ at the customer's price, each currency apart; whether it is paid is another matter.
    pub customer_price: Option<String>,
    /// The price of delivery.
    pub delivery_price: Option<String>,
}

/// A line of goods.
pub struct Line {
    /// Article.
    pub offer_id: String,
    /// Ozon's SKU.
    pub sku: Option<String>,
    /// Name.
    pub name: String,
    /// Pieces to send.
    pub quantity: u32,
    /// Pieces that were cancelled.
    pub cancelled: u64,
    /// All pieces are cancelled.
    pub gone: bool,
    /// Price a piece.
    pub price: String,
    /// Crossed-out price.
    pub old_price: Option<String>,
    /// The customer's price a piece.
    pub customer_price: Option<String>,
    /// Sum.
    pub sum: String,
}

#[cfg(test)]
impl Goods {
    /// Lines that go, in part and not at all, with every sum.
    pub fn sample(v: voice::Voice) -> Self {
        use domain::{Currency, Money};

        let rub = |minor| v.money(&Money { minor, currency: Currency::RUB });
        let line = |article: &str, name: &str, quantity: u32, cancelled| Line {
            offer_id: article.into(),
            sku: Some("180550365".into()),
            name: name.into(),
            quantity,
            cancelled,
            gone: quantity == 0,
            price: rub(153_000),
            old_price: Some(rub(199_000)),
            customer_price: Some(rub(141_075)),
            sum: rub(153_000 * i64::from(quantity)),
        };
        Self {
            lines: vec![
                line("MUG-330-FOG", "Кружка керамическая 330 мл, «Туман», ручная работа", 2, 1),
                line("CASE-14-FELT", "Чехол для ноутбука 14″, войлок", 1, 0),
                line("BRUSH-2-12", "Набор кистей синтетика № 2–12 <b>", 0, 1),
            ],
            total: rub(459_000),
            customer_price: Some(rub(423_225)),
            delivery_price: Some(rub(29_900)),
        }
    }

    /// No goods at all.
    pub fn none(v: voice::Voice) -> Self {
        let total = v.money(&domain::Money { minor: 0, currency: domain::Currency::RUB });
        Self { lines: Vec::new(), total, customer_price: None, delivery_price: None }
    }
}
