//! Colours and sizes, all in one place.

/// A colour by its red, green and blue parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colour(
    /// Red.
    pub u8,
    /// Green.
    pub u8,
    /// Blue.
    pub u8,
);

impl Colour {
    /// Relative luminance of WCAG 2: 0 for black, 1 for white.
    #[must_use]
    pub fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let c = f64::from(part) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// Contrast ratio of WCAG 2 between two colours, 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Colour) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}

/// Colours and text sizes of a chart.
///
/// The default is the palette of Okabe and Ito, told apart by all common kinds of colour vision.
/// Vermilion is too light for text on white, so text takes a darker shade of it. No colour carries
/// a meaning alone: before is a circle, after a square, a difference a diamond.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// The ground.
    pub paper: Colour,
    /// Titles, labels, and the marks of differences.
    pub ink: Colour,
    /// Notes, tick labels and headings of columns.
    pub muted: Colour,
    /// Marks of the value before.
    pub before: Colour,
    /// Printed text of the value before.
    pub before_text: Colour,
    /// Marks of the value after.
    pub after: Colour,
    /// Printed text of the value after.
    pub after_text: Colour,
    /// Axes and the line that joins two means.
    pub line: Colour,
    /// The line of no change.
    pub reference: Colour,
    /// Light rules that only guide the eye.
    pub rule: Colour,
    /// Size of the title, in pixels like all that follow.
    pub title: f64,
    /// Size of a panel's or group's name.
    pub heading: f64,
    /// Size of the subtitle.
    pub subtitle: f64,
    /// Size of labels and printed values.
    pub label: f64,
    /// Size of tick labels, interval labels, headings of columns and footnotes.
    pub small: f64,
}

impl Default for Theme {
    fn default() -> Self {
        Theme {
            paper: Colour(255, 255, 255),
            ink: Colour(0x1A, 0x1A, 0x1A),
            muted: Colour(0x59, 0x59, 0x59),
            before: Colour(0x00, 0x72, 0xB2),
            before_text: Colour(0x00, 0x62, 0x9A),
            after: Colour(0xD5, 0x5E, 0x00),
            after_text: Colour(0xA6, 0x48, 0x00),
            line: Colour(0x59, 0x59, 0x59),
            reference: Colour(0x8C, 0x8C, 0x8C),
            rule: Colour(0xDD, 0xDD, 0xDD),
            title: 20.0,
            heading: 15.0,
            subtitle: 13.0,
            label: 12.5,
            small: 11.5,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_ends_are_1_and_21() {
        let (black, white) = (Colour(0, 0, 0), Colour(255, 255, 255));
        assert!((black.contrast(white) - 21.0).abs() < 1e-12);
        assert!((white.contrast(white) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn text_has_contrast_4_5_and_marks_have_3() {
        let theme = Theme::default();
        for text in [theme.ink, theme.muted, theme.before_text, theme.after_text] {
            assert!(text.contrast(theme.paper) >= 4.5, "{text:?}");
        }
        for mark in [theme.before, theme.after, theme.line, theme.reference] {
            assert!(mark.contrast(theme.paper) >= 3.0, "{mark:?}");
        }
    }

    #[test]
    fn no_text_is_smaller_than_11_px() {
        let theme = Theme::default();
        for size in [theme.title, theme.heading, theme.subtitle, theme.label, theme.small] {
            assert!(size >= 11.0);
        }
    }
}
