//! A QR code drawn as one SVG path, for devices that read from the screen.

use std::fmt;

use askama::filters::HtmlSafe;
use qrcode::{Color, EcLevel, QrCode};

/// The blank margin that readers need on each side, in modules.
const QUIET: usize = 4;

/// A drawn QR code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qr {
    path: String,
    width: usize,
}

impl Qr {
    /// Draws a text; `None` when it is too long for one.
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let width = code.width();
        let colours = code.to_colors();
        let mut drawn = Vec::new();
        for (y, row) in colours.chunks(width).enumerate() {
            let mut x = 0;
            while x < width {
                let run = row[x..].iter().take_while(|colour| **colour == row[x]).count();
                if row[x] == Color::Dark {
                    drawn.push(format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET));
                }
                x += run;
            }
        }
        Some(Self { path: drawn.concat(), width: width + 2 * QUIET })
    }
}

impl fmt::Display for Qr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, width } = self;
        // Black on white in both themes: some readers know nothing else.
        write!(
            f,
            "<svg class=\"qr\" viewBox=\"0 0 {width} {width}\" shape-rendering=\"crispEdges\" aria-hidden=\"true\">\
             <rect width=\"{width}\" height=\"{width}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
        )
    }
}

impl HtmlSafe for Qr {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_is_a_square_of_21_modules_with_its_three_corners() {
        let drawn = Qr::of("VYGRUZKA").expect("short enough");
        assert_eq!(drawn.width, 21 + 2 * QUIET);
        // The upper edges of the two finders above, and that of the one below.
        for edge in ["M4 4h7v1h-7z", "M18 4h7v1h-7z", "M4 18h7v1h-7z"] {
            assert!(drawn.path.contains(edge), "{edge} is missing");
        }
        assert!(drawn.to_string().starts_with("<svg class=\"qr\" viewBox=\"0 0 29 29\""));
    }

    #[test]
    fn what_is_too_long_is_not_drawn() {
        assert_eq!(Qr::of(&"x".repeat(3000)), None);
    }
}
