//! PNG files against references, with a tolerance: anti-aliasing may differ by a shade, marks may not move.
//!
//! `REFFECT_ACCEPT=1 cargo test --test charts pictures` writes the references anew; look at each before it is
//! committed.

use reffect::chart::{Chart, Style, Theme};
use reffect::reported::Lang;
use std::path::Path;
use tiny_skia::Pixmap;

/// A pixel differs where a channel differs by more than this.
const SHADE: u8 = 32;
/// So many pixels of ten thousand may differ.
const FEW: usize = 2;

/// The pixels that differ, of ten thousand; all where the sizes differ.
fn difference(one: &[u8], other: &[u8]) -> f64 {
    let [one, other] = [one, other].map(|png| Pixmap::decode_png(png).unwrap());
    if (one.width(), one.height()) != (other.width(), other.height()) {
        return 10_000.0;
    }
    let pixels = one.data().chunks(4).zip(other.data().chunks(4));
    let differs = |(a, b): &(&[u8], &[u8])| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > SHADE);
    let count = pixels.clone().filter(differs).count();
    10_000.0 * count as f64 / pixels.count() as f64
}

/// At a scale that is no whole number too, whose last row and column the picture covers in part.
#[test]
fn every_point_of_a_png_is_opaque_and_the_last_ones_are_paper() {
    for (theme, scale) in [("default", 1.37), ("dark", 2.113)] {
        let style = Style { theme: Theme::named(theme).unwrap(), ..Style::default() };
        let png = Pixmap::decode_png(&crate::samples::als(Lang::En).png(&style, scale).unwrap()).unwrap();
        let corner = png.pixel(png.width() - 1, png.height() - 1).unwrap().demultiply();
        assert!(png.pixels().iter().all(|pixel| pixel.alpha() == u8::MAX), "{theme}");
        let paper = style.theme.paper;
        for (found, expected) in [(corner.red(), paper.0), (corner.green(), paper.1), (corner.blue(), paper.2)] {
            assert!(found.abs_diff(expected) <= 1, "{theme}: {corner:?}");
        }
    }
}

fn pictures() -> Vec<(&'static str, Vec<u8>)> {
    let style = |theme: &str| Style { theme: Theme::named(theme).unwrap(), ..Style::default() };
    let narrow = |theme: &str| style(theme).with_width(640.0);
    vec![
        ("als-en", crate::samples::als(Lang::En).png(&style("default"), 1.0).unwrap()),
        ("als-ja-dark", crate::samples::als(Lang::Ja).png(&style("dark"), 1.0).unwrap()),
        ("nmo-ja-print", crate::samples::nmo(Lang::Ja).png(&narrow("print"), 1.0).unwrap()),
        ("overview-ja", crate::samples::overview(Lang::Ja).png(&narrow("default"), 1.0).unwrap()),
    ]
}

/// One picture of most kinds, each in a language and a theme.
#[cfg(feature = "cli")]
fn pictures_of_kinds() -> Vec<(String, Vec<u8>)> {
    let wanted = [
        ("forest of groups", Lang::Ja, "default", 560.0),
        ("cumulative", Lang::En, "print", 349.0),
        ("funnel", Lang::En, "dark", 480.0),
        ("radial", Lang::Ja, "print", 480.0),
        ("trajectory of groups", Lang::En, "print", 480.0),
        ("sensitivity", Lang::Ja, "print", 560.0),
        ("estimation", Lang::En, "default", 560.0),
        ("proportion", Lang::Ja, "dark", 349.0),
    ];
    let draw = |(kind, lang, theme, width): (&str, Lang, &str, f64)| {
        let all = crate::kinds::all(lang, crate::kinds::plain, "plain");
        let name = format!("{kind} {lang:?} plain");
        let (_, chart) = all.into_iter().find(|(own, _)| *own == name).unwrap();
        let style = Style { theme: Theme::named(theme).unwrap(), ..Style::default() }.with_width(width);
        let file = format!("{}-{lang}-{theme}", kind.replace(' ', "-"));
        (file, chart.chart().png(&style, 1.0).unwrap())
    };
    wanted.into_iter().map(draw).collect()
}

#[test]
fn pictures_are_those_that_were_looked_at() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures");
    let all = pictures().into_iter().map(|(name, png)| (name.to_owned(), png));
    #[cfg(feature = "cli")]
    let all = all.chain(pictures_of_kinds());
    for (name, png) in all {
        let kept = folder.join(format!("{name}.png"));
        if std::env::var_os("REFFECT_ACCEPT").is_some() {
            std::fs::write(&kept, &png).unwrap();
        }
        let found = difference(&png, &std::fs::read(&kept).unwrap());
        assert!(found <= FEW as f64, "{name}: {found:.1} of 10000 pixels differ from {}", kept.display());
    }
}

#[test]
fn a_moved_datum_is_no_shade() {
    let chart = crate::samples::als(Lang::En);
    let mut moved = chart.clone();
    moved.panels[0].after.mean += 0.01;
    let [one, other] = [&chart, &moved].map(|chart| chart.png(&Style::default(), 1.0).unwrap());
    assert!(difference(&one, &other) > FEW as f64, "{}", difference(&one, &other));
    assert_eq!(difference(&one, &one), 0.0);
}
