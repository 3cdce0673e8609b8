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

    /// The colour that lies `share` of the way to another; 0 is this one, 1 the other.
    #[must_use]
    pub fn towards(self, other: Colour, share: f64) -> Colour {
        let share = share.clamp(0.0, 1.0);
        let mix = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
        Colour(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }
}

/// Colours and text sizes of a chart.
///
/// The default is the palette of Okabe and Ito, told apart by all common kinds of colour vision.
/// Vermilion is too light for text on white, so text takes a darker shade of it, and so do marks of series,
/// which lie on tinted areas too. No colour carries
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
    /// Marks of several series, in this order; each also has a shape or a line of its own.
    pub series: [Colour; 4],
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
    /// Free space at every edge of the picture.
    pub margin: f64,
    /// Distance of baselines, in sizes of the text.
    pub leading: f64,
    /// Free space between the parts of a chart, as a share of the usual.
    pub spacing: f64,
}

impl Default for Theme {
    fn default() -> Self {
        Theme {
            paper: Colour(255, 255, 255),
            ink: Colour(0x1A, 0x1A, 0x1A),
            muted: Colour(0x59, 0x59, 0x59),
            before: BLUE,
            before_text: Colour(0x00, 0x62, 0x9A),
            after: VERMILION,
            after_text: Colour(0xA6, 0x48, 0x00),
            line: Colour(0x59, 0x59, 0x59),
            reference: Colour(0x70, 0x70, 0x70),
            rule: Colour(0xDD, 0xDD, 0xDD),
            series: [BLUE, Colour(0xBD, 0x53, 0x00), Colour(0x00, 0x86, 0x61), Colour(0x8F, 0x4F, 0x7B)],
            title: 20.0,
            heading: 15.0,
            subtitle: 13.0,
            label: 12.5,
            small: 11.5,
            margin: 20.0,
            leading: 1.36,
            spacing: 1.0,
        }
    }
}

/// The smallest text of any chart, in pixels.
const LEAST_TEXT: f64 = 11.0;
/// The least that is left of the free space between parts.
const LEAST_SPACING: f64 = 0.3;

/// Blue and vermilion of Okabe and Ito.
const BLUE: Colour = Colour(0x00, 0x72, 0xB2);
const VERMILION: Colour = Colour(0xD5, 0x5E, 0x00);

impl Theme {
    /// The themes by their names.
    pub const NAMES: [&'static str; 3] = ["default", "print", "dark"];

    /// A theme by its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "default" => Some(Theme::default()),
            "print" => Some(Theme::print()),
            "dark" => Some(Theme::dark()),
            _ => None,
        }
    }

    /// The same colours with smaller texts and less free space, for a picture too low for the usual: at 0 nothing
    /// changes, at 1 everything has its least size, in which texts are still read.
    #[must_use]
    pub(super) fn tightened(&self, share: f64) -> Self {
        let to = |usual: f64, least: f64| usual + share * (least - usual).min(0.0);
        Theme {
            title: to(self.title, 16.0),
            heading: to(self.heading, 13.0),
            subtitle: to(self.subtitle, LEAST_TEXT),
            label: to(self.label, LEAST_TEXT),
            small: to(self.small, LEAST_TEXT),
            margin: to(self.margin, 10.0),
            leading: to(self.leading, 1.2),
            spacing: to(self.spacing, LEAST_SPACING),
            ..self.clone()
        }
    }

    /// How far the spacing is from the least, 0 to 1: what may vary between two sizes takes the larger at 1.
    pub(super) fn slack(&self) -> f64 {
        ((self.spacing - LEAST_SPACING) / (1.0 - LEAST_SPACING)).clamp(0.0, 1.0)
    }

    /// A size between that of the tightest and that of the usual theme.
    pub(super) fn between(&self, least: f64, usual: f64) -> f64 {
        least + self.slack() * (usual - least)
    }

    /// Black, white and greys that a photocopy keeps apart.
    #[must_use]
    pub fn print() -> Self {
        let (black, dark, grey) = (Colour(0, 0, 0), Colour(0x45, 0x45, 0x45), Colour(0x75, 0x75, 0x75));
        Theme {
            ink: black,
            muted: dark,
            before: grey,
            before_text: dark,
            after: black,
            after_text: black,
            line: dark,
            series: [black, Colour(0x6E, 0x6E, 0x6E), dark, Colour(0x60, 0x60, 0x60)],
            ..Theme::default()
        }
    }

    /// Light marks on a dark ground: the light colours of Okabe and Ito, which white paper swallows.
    #[must_use]
    pub fn dark() -> Self {
        let (sky, orange) = (Colour(0x56, 0xB4, 0xE9), Colour(0xE6, 0x9F, 0x00));
        Theme {
            paper: Colour(0x16, 0x1A, 0x1F),
            ink: Colour(0xF2, 0xF2, 0xF2),
            muted: Colour(0xB4, 0xBA, 0xC2),
            before: sky,
            before_text: sky,
            after: orange,
            after_text: orange,
            line: Colour(0xB4, 0xBA, 0xC2),
            reference: Colour(0x9A, 0xA1, 0xAA),
            rule: Colour(0x3A, 0x41, 0x4A),
            series: [sky, orange, Colour(0x2B, 0xC4, 0x9A), Colour(0xCC, 0x79, 0xA7)],
            ..Theme::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Ink;

    #[test]
    fn contrast_ends_are_1_and_21() {
        let (black, white) = (Colour(0, 0, 0), Colour(255, 255, 255));
        assert!((black.contrast(white) - 21.0).abs() < 1e-12);
        assert!((white.contrast(white) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn text_has_contrast_4_5_and_marks_have_3() {
        for name in Theme::NAMES {
            let Some(theme) = Theme::named(name) else { panic!("{name}") };
            for text in [theme.ink, theme.muted, theme.before_text, theme.after_text] {
                assert!(text.contrast(theme.paper) >= 4.5, "{name}: {text:?}");
            }
            let marks = [theme.before, theme.after, theme.line, theme.reference];
            for mark in marks.into_iter().chain(theme.series) {
                assert!(mark.contrast(theme.paper) >= 3.0, "{name}: {mark:?}");
            }
        }
    }

    #[test]
    fn marks_and_names_are_seen_on_bands_and_areas_too() {
        for name in Theme::NAMES {
            let Some(theme) = Theme::named(name) else { panic!("{name}") };
            let grounds = [Ink::Tint(0), Ink::Shade(0), Ink::Shade(1), Ink::Shade(2), Ink::Contour(2)];
            for ground in grounds.map(|ink| ink.colour(&theme)) {
                assert!(theme.ink.contrast(ground) >= 4.5, "{name}: text on {ground:?}");
                for mark in [theme.line, theme.reference].into_iter().chain(theme.series) {
                    assert!(mark.contrast(ground) >= 3.0, "{name}: {mark:?} on {ground:?}");
                }
            }
        }
    }

    #[test]
    fn colours_mix() {
        let (black, white) = (Colour(0, 0, 0), Colour(255, 255, 255));
        assert_eq!(black.towards(white, 0.0), black);
        assert_eq!(black.towards(white, 0.5), Colour(128, 128, 128));
        assert_eq!(black.towards(white, 2.0), white);
    }

    #[test]
    fn no_text_is_smaller_than_11_px() {
        let usual = Theme::default();
        for theme in [usual.clone(), usual.tightened(0.5), usual.tightened(1.0)] {
            for size in [theme.title, theme.heading, theme.subtitle, theme.label, theme.small] {
                assert!(size >= 11.0);
            }
        }
        assert_eq!(usual.tightened(0.0), usual);
        // A theme of smaller texts keeps them.
        let small = Theme { small: 9.0, ..usual };
        assert_eq!(small.tightened(1.0).small, 9.0);
    }
}
