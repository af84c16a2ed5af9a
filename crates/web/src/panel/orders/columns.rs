//! The columns of the list of orders: which there are, and which a person chose, in her order.

use storage::order_views::ListPreferences;
use strum::{Display, EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

/// A column of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, EnumString, Display, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Column {
    /// The number people see.
    Number,
    /// The shop's status.
    Status,
    /// Ozon's status.
    OzonStatus,
    /// The customer.
    Customer,
    /// The goods in one line.
    Goods,
    /// The total.
    Total,
    /// Whether it is paid.
    Paid,
    /// What is left until shipping.
    ShipBy,
    /// The order's date.
    Date,
    /// FBS or realFBS, and Express.
    Scheme,
    /// The warehouse it leaves from.
    Warehouse,
    /// The track number.
    TrackNumber,
    /// Who works it.
    Manager,
    /// The cabinet.
    Cabinet,
    /// The source.
    Source,
}

/// What is shown as long as a person has chosen nothing.
const USUAL: [Column; 11] = [
    Column::Number,
    Column::Status,
    Column::Customer,
    Column::Goods,
    Column::Total,
    Column::Paid,
    Column::ShipBy,
    Column::Date,
    Column::Scheme,
    Column::Cabinet,
    Column::Source,
];
/// Hours left that count as a risk, as long as a person has chosen nothing.
const USUAL_RISK: u32 = 4;
/// The most hours that make sense: a week.
const MOST_RISK: u32 = 168;

impl Column {
    /// The key of its words.
    pub fn key(self) -> &'static str {
        match self {
            Self::Number => "column-number",
            Self::Status => "column-status",
            Self::OzonStatus => "column-ozon-status",
            Self::Customer => "column-customer",
            Self::Goods => "column-goods",
            Self::Total => "column-total",
            Self::Paid => "column-paid",
            Self::ShipBy => "column-ship-by",
            Self::Date => "column-date",
            Self::Scheme => "column-scheme",
            Self::Warehouse => "column-warehouse",
            Self::TrackNumber => "column-track-number",
            Self::Manager => "column-manager",
            Self::Cabinet => "column-cabinet",
            Self::Source => "column-source",
        }
    }

    /// The class of its cells.
    pub fn class(self) -> &'static str {
        match self {
            Self::Number => "c-number",
            Self::Status => "c-status",
            Self::OzonStatus => "c-ozon",
            Self::Customer => "c-person",
            Self::Goods => "c-goods",
            Self::Total => "c-sum num",
            Self::Paid => "c-paid",
            Self::ShipBy => "c-ship",
            Self::Date => "c-date",
            Self::Scheme => "c-scheme",
            Self::Warehouse => "c-warehouse",
            Self::TrackNumber => "c-track",
            Self::Manager => "c-manager",
            Self::Cabinet => "c-cabinet",
            Self::Source => "c-source",
        }
    }

    /// Its head is for ears alone: an icon tells it to eyes.
    pub fn is_an_icon(self) -> bool {
        self == Self::Paid
    }
}

/// How a person wants the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Columns in their order; the number is always there, since it leads to the order.
    pub(crate) columns: Vec<Column>,
    /// An order that must leave within so many hours is at risk.
    pub(crate) risk_hours: u32,
}

impl Layout {
    /// As it was kept; what is unknown by now is passed over.
    pub(crate) fn of(kept: Option<ListPreferences>) -> Self {
        let Some(kept) = kept else { return Self { columns: USUAL.into(), risk_hours: USUAL_RISK } };
        Self {
            columns: chosen(kept.columns.iter().map(String::as_str)),
            risk_hours: kept.risk_hours.clamp(1, MOST_RISK),
        }
    }

    /// As a form says it; `moved` is a column with `up` or `down` after a colon.
    pub(crate) fn typed(columns: &[String], moved: Option<&str>, risk_hours: Option<&str>) -> Self {
        let mut columns = chosen(columns.iter().map(String::as_str));
        if let Some((column, way)) = moved.and_then(|moved| moved.split_once(':'))
            && let Some(at) = columns.iter().position(|known| known.to_string() == column)
        {
            match way {
                "up" if at > 0 => columns.swap(at, at - 1),
                "down" if at + 1 < columns.len() => columns.swap(at, at + 1),
                _ => {}
            }
        }
        let risk = risk_hours.and_then(|hours| hours.trim().parse().ok()).unwrap_or(USUAL_RISK);
        Self { columns, risk_hours: risk.clamp(1, MOST_RISK) }
    }

    /// For the store.
    pub(crate) fn kept(&self) -> ListPreferences {
        ListPreferences {
            columns: self.columns.iter().map(ToString::to_string).collect(),
            risk_hours: self.risk_hours,
        }
    }

    /// Columns that are not shown.
    pub(crate) fn hidden(&self) -> Vec<Column> {
        Column::iter().filter(|column| !self.columns.contains(column)).collect()
    }
}

/// The columns that words name, each once; the number first where it is missing.
fn chosen<'a>(words: impl Iterator<Item = &'a str>) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for column in words.filter_map(|word| word.parse().ok()) {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    if !columns.contains(&Column::Number) {
        columns.insert(0, Column::Number);
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(wanted: &Layout) -> Vec<String> {
        wanted.columns.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_was_chosen_is_shown_in_its_order_and_the_number_always() {
        let typed = ["goods", "goods", "rubbish", "ship_by"].map(str::to_owned);
        assert_eq!(words(&Layout::typed(&typed, None, None)), ["number", "goods", "ship_by"]);
        let again = Layout::of(Some(Layout::typed(&typed, None, Some("9999")).kept()));
        assert_eq!((words(&again).len(), again.risk_hours), (3, MOST_RISK));
        assert_eq!(words(&Layout::of(None)).len(), USUAL.len());
    }

    #[test]
    fn a_column_moves_by_one_place_and_not_beyond_the_ends() {
        let typed = ["number", "goods", "ship_by"].map(str::to_owned);
        let moved = |way: &str| words(&Layout::typed(&typed, Some(way), None));
        assert_eq!(moved("ship_by:up"), ["number", "ship_by", "goods"]);
        assert_eq!(moved("number:up"), ["number", "goods", "ship_by"]);
        assert_eq!(moved("ship_by:down"), ["number", "goods", "ship_by"]);
        assert_eq!(moved("nothing"), ["number", "goods", "ship_by"]);
    }
}
