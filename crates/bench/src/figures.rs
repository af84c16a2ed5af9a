//! Figures: percentiles, and rows of a table with the bound that is wanted and how the figure stands to it.

use std::fmt::Display;
use std::time::Duration;

/// Which way a bound goes.
#[derive(Clone, Copy, Debug)]
pub enum Wanted {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
    /// Only told.
    Told,
}

/// Begins a table.
pub fn head(title: impl Display) {
    println!("\n### {title}\n");
    println!("| what | measured | wanted | measured ÷ wanted |");
    println!("|---|---:|---:|---:|");
}

/// Prints one row. A figure that misses its bound says so.
pub fn row(what: impl Display, figure: f64, unit: &str, wanted: Wanted) {
    let shown = number(figure);
    let (bound, ratio, missed) = match wanted {
        Wanted::AtMost(most) => (format!("≤ {} {unit}", number(most)), ratio(figure, most), figure > most),
        Wanted::AtLeast(least) => {
            (format!("≥ {} {unit}", number(least)), ratio(figure, least), figure < least)
        }
        Wanted::Told => (String::new(), String::new(), false),
    };
    let missed = if missed { " **missed**" } else { "" };
    println!("| {what} | {shown} {unit} | {bound} | {ratio}{missed} |");
}

/// Nothing where nothing is allowed.
fn ratio(figure: f64, bound: f64) -> String {
    if bound > 0.0 { format!("{:.2}", figure / bound) } else { String::new() }
}

/// As many digits as tell something.
fn number(figure: f64) -> String {
    match figure.abs() {
        size if size >= 100.0 => format!("{figure:.0}"),
        size if size >= 10.0 => format!("{figure:.1}"),
        _ => format!("{figure:.2}"),
    }
}

/// Times of many requests.
#[derive(Clone, Debug, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Adds one.
    pub fn add(&mut self, took: Duration) {
        self.0.push(took);
    }

    /// Adds all of another's.
    pub fn join(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The time that so many of a hundred stay within, milliseconds; nought of none.
    pub fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        sorted.get(at).map_or(0.0, millis)
    }

    /// Prints the percentiles, the 99th beside its bound in milliseconds.
    pub fn rows(&self, what: &str, bound: f64) {
        let count = self.count();
        row(format!("{what}, p50 of {count}"), self.percentile(50), "ms", Wanted::Told);
        row(format!("{what}, p99 of {count}"), self.percentile(99), "ms", Wanted::AtMost(bound));
    }
}

/// Milliseconds.
pub fn millis(time: &Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// A count as a figure; none here is so large that it would lose anything.
pub fn count(many: u64) -> f64 {
    u32::try_from(many).map_or(f64::MAX, f64::from)
}

/// Bytes as megabytes of 1,000,000.
pub fn megabytes(bytes: u64) -> f64 {
    count(bytes / 1_000) / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_99th_percentile_of_a_hundred_is_the_last_but_one() {
        let mut times = Times::default();
        for n in (1..=100).rev() {
            times.add(Duration::from_millis(n));
        }
        assert!((times.percentile(99) - 99.0).abs() < 1e-9);
        assert!((times.percentile(50) - 50.0).abs() < 1e-9);
        assert!(Times::default().percentile(99).abs() < 1e-9);
    }
}
