//! The smallest parts of a page that write themselves as HTML: icons and status dots.

use std::fmt;

use askama::filters::HtmlSafe;

/// An icon of the sprite; decoration only, the words stand beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Icon(&'static str);

/// The icon `name` of `templates/sprite.html`.
pub fn icon(name: &'static str) -> Icon {
    Icon(name)
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"#i-{}\"/></svg>", self.0)
    }
}

impl HtmlSafe for Icon {}

/// A status's dot in the colour that the shop chose. The strict content policy allows no inline style, and an SVG
/// attribute needs none; the ring keeps a pale or dark colour visible in both themes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dot {
    colour: String,
}

impl Dot {
    /// A dot; anything but `#rrggbb` becomes grey.
    pub fn new(colour: &str) -> Self {
        let hex =
            colour.strip_prefix('#').filter(|h| h.len() == 6 && h.bytes().all(|b| b.is_ascii_hexdigit()));
        Self { colour: hex.map_or_else(|| "#8a8f98".to_owned(), |h| format!("#{h}")) }
    }
}

impl fmt::Display for Dot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<svg class=\"dot\" viewBox=\"0 0 10 10\" aria-hidden=\"true\"><circle cx=\"5\" cy=\"5\" r=\"4\" fill=\"{}\"/></svg>",
            self.colour
        )
    }
}

impl HtmlSafe for Dot {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_that_is_no_colour_cannot_break_out_of_its_attribute() {
        assert_eq!(Dot::new("\"><script>").colour, "#8a8f98");
        assert_eq!(Dot::new("#12ab9F").colour, "#12ab9F");
    }
}
