//! Reading a drawn chart back.

use roxmltree::{Document, Node};

pub fn number(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).unwrap().parse().unwrap()
}

/// Left, top, right and bottom of a `<text>`, a little more generous than its glyphs.
pub fn text_box(node: Node<'_, '_>) -> [f64; 4] {
    let (x, y) = (number(node, "x"), number(node, "y"));
    let (size, length) = (number(node, "font-size"), number(node, "textLength"));
    let (above, below) = (0.95 * size, 0.25 * size);
    match node.attribute("transform") {
        None => [x, y - above, x + length, y + below],
        Some(turn) => {
            assert!(turn.starts_with("rotate(90 "), "{turn}");
            [x - below, y, x + above, y + length]
        }
    }
}

pub fn texts<'a, 'i>(document: &'a Document<'i>) -> Vec<Node<'a, 'i>> {
    document.descendants().filter(|node| node.has_tag_name("text")).collect()
}

pub fn corners(node: Node<'_, '_>) -> Vec<(f64, f64)> {
    let pair = |point: &str| {
        let (x, y) = point.split_once(',').unwrap();
        (x.parse().unwrap(), y.parse().unwrap())
    };
    node.attribute("points").unwrap().split(' ').map(pair).collect()
}

/// Relative luminance of WCAG 2 of a colour such as `#0072b2`.
fn luminance(colour: &str) -> f64 {
    let part = |at: usize| {
        let c = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Whether a point lies inside an outline (crossings of a ray).
fn is_inside(outline: &[(f64, f64)], (x, y): (f64, f64)) -> bool {
    let ends = outline.iter().zip(outline.iter().cycle().skip(1));
    let crosses =
        |(a, b): &(&(f64, f64), &(f64, f64))| (a.1 > y) != (b.1 > y) && x < (b.0 - a.0) * (y - a.1) / (b.1 - a.1) + a.0;
    ends.filter(crosses).count() % 2 == 1
}

/// Text has contrast 4.5 and round marks 3 against what lies behind them: paper, bands, shaded areas.
fn check_contrast(name: &str, document: &Document<'_>) {
    let mut grounds: Vec<(Vec<(f64, f64)>, &str)> = Vec::new();
    let mut paper = "";
    for node in document.descendants() {
        let fill = node.attribute("fill").unwrap_or_default();
        match node.tag_name().name() {
            "rect" => paper = fill,
            "polygon" => {
                let outline = corners(node);
                let side = |of: fn(&(f64, f64)) -> f64| {
                    let values = outline.iter().map(of);
                    values.clone().fold(f64::MIN, f64::max) - values.fold(f64::MAX, f64::min)
                };
                // Marks are no ground, but for what lies wholly on them.
                if side(|p| p.0) * side(|p| p.1) > 1200.0 {
                    grounds.push((outline, fill));
                }
            }
            "circle" | "g" if fill.starts_with('#') && fill != paper => {
                let (at, least) = if node.has_tag_name("circle") {
                    ((number(node, "cx"), number(node, "cy")), 3.0)
                } else {
                    let Some(place) = node.attribute("transform").and_then(|turn| turn.strip_prefix("translate("))
                    else {
                        continue;
                    };
                    let (x, y) = place.split_once(')').unwrap().0.split_once(' ').unwrap();
                    ((x.parse::<f64>().unwrap() + 3.0, y.parse::<f64>().unwrap() - 3.0), 4.5)
                };
                let behind = grounds.iter().rev().find(|(outline, _)| is_inside(outline, at));
                let behind = behind.map_or(paper, |(_, fill)| fill);
                let found = contrast(fill, behind);
                // What recedes on purpose, such as dots of single observations behind a model, is no mark.
                assert!(
                    found >= least || node.attribute("r") == Some("1.8"),
                    "{name}: {fill} on {behind} at {at:?}: {found:.2}"
                );
            }
            _ => {}
        }
    }
}

/// Well-formed, named, in a language; no text outside the canvas or on another; no shape outside.
pub fn check_structure(name: &str, svg: &str) {
    let document = Document::parse(svg).unwrap_or_else(|error| panic!("{name}: {error}"));
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"), "{name}");
    assert!(root.attribute("lang").is_some(), "{name}");
    for id in root.attribute("aria-labelledby").unwrap().split(' ') {
        assert!(root.children().any(|child| child.attribute("id") == Some(id)), "{name}: {id}");
    }
    check_contrast(name, &document);
    let view: Vec<f64> = root.attribute("viewBox").unwrap().split(' ').map(|part| part.parse().unwrap()).collect();
    let (width, height) = (view[2], view[3]);
    let nodes = texts(&document);
    let boxes: Vec<[f64; 4]> = nodes.iter().map(|node| text_box(*node)).collect();
    for (i, a) in boxes.iter().enumerate() {
        let text = nodes[i].text();
        assert!(number(nodes[i], "font-size") >= 11.0, "{name}: {text:?}");
        assert!(a[0] >= 0.0 && a[1] >= 0.0 && a[2] <= width && a[3] <= height, "{name}: {text:?} {a:?}");
        for (j, b) in boxes.iter().enumerate().skip(i + 1) {
            // Lines that stand as close as they may touch, to the last digit of a sum.
            let ends = |first: f64, second: f64| first <= second + 1e-9;
            let apart = ends(a[2], b[0]) || ends(b[2], a[0]) || ends(a[3], b[1]) || ends(b[3], a[1]);
            assert!(apart, "{name}: {text:?} {a:?} meets {:?} {b:?}", nodes[j].text());
        }
    }
    for node in document.descendants().filter(|node| node.has_attribute("points")) {
        for (x, y) in corners(node) {
            assert!((0.0..=width).contains(&x) && (0.0..=height).contains(&y), "{name}: {x},{y}");
        }
    }
    for node in document.descendants().filter(|node| node.has_tag_name("circle")) {
        let (x, y, r) = (number(node, "cx"), number(node, "cy"), number(node, "r"));
        assert!(x >= r && y >= r && x + r <= width && y + r <= height, "{name}: circle at {x},{y}");
    }
}
