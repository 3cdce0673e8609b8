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

/// Well-formed, named, in a language; no text outside the canvas or on another; no shape outside.
pub fn check_structure(name: &str, svg: &str) {
    let document = Document::parse(svg).unwrap_or_else(|error| panic!("{name}: {error}"));
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"), "{name}");
    assert!(root.attribute("lang").is_some(), "{name}");
    for id in root.attribute("aria-labelledby").unwrap().split(' ') {
        assert!(root.children().any(|child| child.attribute("id") == Some(id)), "{name}: {id}");
    }
    let view: Vec<f64> = root.attribute("viewBox").unwrap().split(' ').map(|part| part.parse().unwrap()).collect();
    let (width, height) = (view[2], view[3]);
    let nodes = texts(&document);
    let boxes: Vec<[f64; 4]> = nodes.iter().map(|node| text_box(*node)).collect();
    for (i, a) in boxes.iter().enumerate() {
        let text = nodes[i].text();
        assert!(number(nodes[i], "font-size") >= 11.0, "{name}: {text:?}");
        assert!(a[0] >= 0.0 && a[1] >= 0.0 && a[2] <= width && a[3] <= height, "{name}: {text:?} {a:?}");
        for (j, b) in boxes.iter().enumerate().skip(i + 1) {
            let apart = a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
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
