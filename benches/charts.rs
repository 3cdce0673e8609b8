//! How long charts take: `cargo bench --bench charts`.

#[path = "measure.rs"]
mod measure;

use measure::measure;
use reffect::chart::{
    Axis, Caption, Chart, Column, Content, Dot, Forest, ForestRow, ForestScale, Frame, Ink, Layer, Plane, RowMark,
    Shape, Style,
};
use reffect::numeric::interval::Interval;
use reffect::reported::Lang;
use std::hint::black_box;

fn forest(studies: usize) -> Forest {
    let row = |at: usize| {
        let estimate = ((at * 37 % 100) as f64 - 50.0) / 40.0;
        let half = 0.1 + (at * 13 % 50) as f64 / 60.0;
        let ci = Interval { lower: estimate - half, upper: estimate + half };
        let cells = vec![format!("Study {at}"), format!("{estimate:.2} [{:.2}, {:.2}]", ci.lower, ci.upper)];
        ForestRow { cells, mark: RowMark::Study { estimate, ci: Some(ci), weight: Some(0.1 / half), fitted: None } }
    };
    Forest {
        caption: Caption {
            title: "Forest plot".into(),
            subtitle: String::new(),
            footnotes: Vec::new(),
            source: String::new(),
            lang: Lang::En,
        },
        left: vec![Column { heading: "Study".into(), numeric: false, spare: false }],
        right: vec![Column { heading: "Effect".into(), numeric: true, spare: false }],
        rows: (0..studies).map(row).collect(),
        scale: ForestScale { axis: Axis::linear("Effect"), reference: Some(0.0), summary: None },
    }
}

fn plane(layer: Layer) -> Plane {
    let (x, y) = (Axis::linear("x"), Axis::linear("y"));
    Plane {
        caption: Caption {
            title: "Points".into(),
            subtitle: String::new(),
            footnotes: Vec::new(),
            source: String::new(),
            lang: Lang::En,
        },
        facts: Vec::new(),
        panels: vec![Frame { x, y, layers: vec![layer], ..Frame::default() }],
        columns: 1,
        aspect: 0.6,
    }
}

fn main() {
    let style = Style::default().with_width(1280.0);
    let value = |at: usize, visit: usize| 40.0 - 0.5 * visit as f64 + (at * 31 % 97) as f64 / 8.0;
    let dots = (0..40).map(|at| Dot::new(value(at, 0), value(at * 7, 2), 4.2, format!("Study {at}")).named()).collect();
    let points = plane(Layer::dots("studies", Ink::Series(0), Shape::Disc, dots));
    let line = |at: usize| (at.to_string(), (0..6).map(|visit| (visit as f64, value(at, visit))).collect());
    let lines = Content::Lines { lines: (0..10_000).map(line).collect(), width: 0.5 };
    let many =
        plane(Layer { name: "people".into(), listed: false, ink: Ink::Line, origin: 0.0, beside: 0.0, content: lines });
    let (usual, large) = (forest(20), forest(500));
    for (name, chart, runs) in [
        ("40 named points", &points as &dyn DynChart, 60),
        ("a forest of 20 studies", &usual, 60),
        ("a forest of 500 studies", &large, 5),
        ("10,000 lines of 6 points", &many, 5),
    ] {
        measure(&format!("{name}, SVG"), runs, || chart.svg_size(black_box(&style)));
        measure(&format!("{name}, PNG 1280 px wide"), runs, || chart.png_size(black_box(&style)));
        println!("{:<48} {:>10} bytes of SVG", name, chart.svg_size(&style));
    }
}

/// Charts of several kinds in one list.
trait DynChart {
    fn svg_size(&self, style: &Style) -> usize;
    fn png_size(&self, style: &Style) -> usize;
}

impl<T: Chart> DynChart for T {
    fn svg_size(&self, style: &Style) -> usize {
        self.svg(style).map_or(0, |svg| svg.len())
    }

    fn png_size(&self, style: &Style) -> usize {
        self.png(style, 1.0).map_or(0, |png| png.len())
    }
}
