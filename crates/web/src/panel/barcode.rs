//! Barcodes of Ozon's labels, drawn as one SVG path.
//!
//! The upper and lower codes of a label are Code 128: digits of any count, some with `%`, which only that symbology of
//! the usual ones can carry at such lengths. ScanIt's symbology is not published, so it is shown as text alone.

use std::fmt;

use askama::filters::HtmlSafe;
use barcoders::sym::code128::Code128;

/// Bars' height in modules.
const HEIGHT: usize = 44;
/// The blank margin that scanners need on each side, in modules.
const QUIET: usize = 10;
/// A label's code has 16 characters at most; far longer text would make an unreadable picture.
const LONGEST: usize = 48;

/// A drawn barcode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Barcode {
    path: String,
    width: usize,
}

impl Barcode {
    /// Draws printable ASCII as Code 128; `None` for anything else.
    pub fn code128(text: &str) -> Option<Self> {
        let bars = Code128::new(charsets(text)?).ok()?.encode();
        let mut bars_drawn = Vec::new();
        let mut at = 0;
        while at < bars.len() {
            let run = bars[at..].iter().take_while(|bar| **bar == bars[at]).count();
            if bars[at] == 1 {
                bars_drawn.push(format!("M{} 0h{run}v{HEIGHT}h-{run}z", at + QUIET));
            }
            at += run;
        }
        Some(Self { path: bars_drawn.concat(), width: bars.len() + 2 * QUIET })
    }
}

/// The text with the marks that `barcoders` takes for a change of character set: pairs of digits go in set C at half
/// the width, the rest in set B.
fn charsets(text: &str) -> Option<String> {
    if text.is_empty() || text.len() > LONGEST || !text.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        return None;
    }
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let paired = if digits >= 4 { digits - digits % 2 } else { 0 };
    let (head, tail) = text.split_at(text.len() - paired);
    let head = if head.is_empty() { String::new() } else { format!("\u{181}{head}") };
    let tail = if tail.is_empty() { String::new() } else { format!("\u{106}{tail}") };
    Some(head + &tail)
}

impl fmt::Display for Barcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<svg class=\"barcode\" viewBox=\"0 0 {width} {HEIGHT}\" shape-rendering=\"crispEdges\" aria-hidden=\"true\">\
             <rect width=\"{width}\" height=\"{HEIGHT}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>",
            width = self.width,
            path = self.path
        )
    }
}

impl HtmlSafe for Barcode {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_digits_take_one_of_set_b_and_seven_pairs() {
        assert_eq!(charsets("201864523528000").as_deref(), Some("\u{181}2\u{106}01864523528000"));
        assert_eq!(charsets("%101%10293145035").as_deref(), Some("\u{181}%101%1\u{106}0293145035"));
    }

    #[test]
    fn the_bars_are_those_of_the_standard() {
        // Start C, "12", "34", check digit (105 + 12 + 2·34) mod 103 = 82, stop.
        let drawn = Barcode::code128("1234").expect("digits can be drawn");
        let modules = "11010011100 10110011100 10001011000 10010111100 1100011101011".replace(' ', "");
        assert_eq!(drawn.width, modules.len() + 2 * QUIET);
        let first_dark: Vec<_> =
            modules.char_indices().filter(|(_, m)| *m == '1').map(|(at, _)| at).collect();
        assert!(drawn.path.starts_with(&format!("M{} 0h2", first_dark[0] + QUIET)));
        let dark: usize = drawn
            .path
            .split('M')
            .filter_map(|bar| bar.split_once(" 0h")?.1.split('v').next()?.parse::<usize>().ok())
            .sum();
        assert_eq!(dark, first_dark.len());
    }

    #[test]
    fn what_code_128_cannot_carry_is_not_drawn() {
        assert_eq!(Barcode::code128(""), None);
        assert_eq!(Barcode::code128("штрихкод"), None);
        assert_eq!(Barcode::code128(&"1".repeat(99)), None);
    }
}
