//! Names beside marks: a name that is about as near to another mark is read as the name of that one.

use crate::common::cli::{Folder, stderr};
use roxmltree::{Document, Node};

/// The words of a line of a table, without its quotes.
fn fields(line: &str) -> Vec<&str> {
    line.split(',').map(|field| field.trim_matches('"')).collect()
}

fn number(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).unwrap().parse().unwrap()
}

/// Left, top, right and bottom of a name.
fn area(node: Node<'_, '_>) -> [f64; 4] {
    let (x, y, size) = (number(node, "x"), number(node, "y"), number(node, "font-size"));
    // The baseline is below the middle of the line.
    let middle = y - 0.366 * size;
    [x, middle - 0.65 * size, x + number(node, "textLength"), middle + 0.65 * size]
}

fn distance(area: [f64; 4], (x, y): (f64, f64)) -> f64 {
    let aside = |value: f64, low: f64, high: f64| (low - value).max(value - high).max(0.0);
    aside(x, area[0], area[2]).hypot(aside(y, area[1], area[3]))
}

/// The names of a chart with how far each is from its nearest mark and from the next one, and whether a line joins it
/// to one.
fn nearness(svg: &str, known: &[&str]) -> Vec<(String, f64, f64, bool)> {
    let document = Document::parse(svg).unwrap();
    let of = |tag: &'static str| document.descendants().filter(move |node| node.has_tag_name(tag));
    let mut marks: Vec<(f64, f64, f64)> = Vec::new();
    for node in of("circle") {
        let mark = (number(node, "cx"), number(node, "cy"), number(node, "r"));
        // A circle with an edge is drawn twice.
        if !marks.iter().any(|other| (other.0 - mark.0).hypot(other.1 - mark.1) < 0.2) {
            marks.push(mark);
        }
    }
    let leaders: Vec<(f64, f64)> = of("polyline")
        .filter(|node| node.attribute("stroke-width") == Some("0.7"))
        .filter_map(|node| {
            let (x, y) = node.attribute("points")?.split(' ').next_back()?.split_once(',')?;
            Some((x.parse().ok()?, y.parse().ok()?))
        })
        .collect();
    let names = of("text").filter(|node| node.text().is_some_and(|text| known.contains(&text)));
    let told = |node: Node<'_, '_>| {
        let own = area(node);
        let mut all: Vec<f64> = marks.iter().map(|(x, y, r)| distance(own, (*x, *y)) - r).collect();
        all.sort_by(f64::total_cmp);
        let is_led = leaders.iter().any(|end| distance(own, *end) < 3.0);
        (node.text().unwrap().to_owned(), all[0], all[1], is_led)
    };
    names.map(told).collect()
}

#[test]
fn names_are_clearly_nearest_to_their_own_marks_or_joined_to_them() {
    let folder = Folder::with_data("names-beside-marks");
    let (mut near, mut led) = (0, 0);
    for (table, column, calls) in [
        (
            "bcg",
            "author",
            &["baujat --measure RR", "radial --measure RR", "labbe --measure RR", "regression --mods ablat"][..],
        ),
        ("nielweise2007", "author", &["baujat --measure OR", "labbe --measure OR"]),
        ("hackshaw1998", "author", &["baujat", "radial"]),
        ("raudenbush1985", "author", &["baujat", "radial", "qq", "regression --mods weeks"]),
        ("normand1999", "source", &["baujat"]),
        ("yusuf1985-table6", "trial", &["labbe --measure OR", "baujat --measure OR"]),
        ("ishak2007", "study", &["baujat"]),
    ] {
        let path = format!("data/published/{table}.csv");
        let text = std::fs::read_to_string(folder.path(&path)).unwrap();
        let place = fields(text.lines().next().unwrap()).iter().position(|name| *name == column).unwrap();
        let known: Vec<&str> = text.lines().skip(1).map(|line| fields(line)[place]).collect();
        for call in calls {
            let (kind, options) = call.split_once(' ').unwrap_or((call, ""));
            let call = format!("plot {kind} {path} --slab {column} {options} -o c.svg");
            let output = folder.run(call.split_whitespace());
            assert!(output.status.success(), "{call}: {}", stderr(&output));
            let svg = std::fs::read_to_string(folder.path("c.svg")).unwrap();
            for (name, own, other, is_led) in nearness(&svg, &known) {
                // Coordinates are of tenths of a pixel.
                assert!(is_led || other > own + 4.6, "{call}: {name} is {own:.1} and {other:.1} from marks");
                (near, led) = (near + usize::from(!is_led), led + usize::from(is_led));
            }
        }
    }
    assert!(near > 100 && led > 15, "{near} {led}");
}

/// Every study of the vaccine has its name, also the two near the origin.
#[test]
fn crowded_names_are_joined_to_their_marks() {
    let folder = Folder::with_data("all-names");
    let output = folder.run("plot baujat data/published/bcg.csv --measure RR -o c.svg".split(' '));
    assert!(output.status.success(), "{}", stderr(&output));
    let svg = std::fs::read_to_string(folder.path("c.svg")).unwrap();
    assert!(!svg.contains("Without room") && svg.contains(">Stein &amp; Aronson 1953</text>"));
}
