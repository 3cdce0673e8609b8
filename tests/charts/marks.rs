//! Marks of every kind of chart stand where their data are, and a datum that moves takes its own marks
//! along and nothing else.

use crate::common::svg::{corners, number, texts};
use crate::kinds::{Kind, all, plain};
use reffect::chart::{ChartError, Content, Forest, Frame, Plane, RowMark, Style, Theme};
use reffect::reported::Lang;
use roxmltree::{Document, Node};

fn style() -> Style {
    Style::default()
}

/// The lines of two drawings that differ; those of the descriptions, which tell the numbers, are left out.
fn changed(one: &str, other: &str, name: &str) -> Vec<String> {
    let drawn = |svg: &str| -> Vec<String> {
        let body = svg.split("</desc>").nth(1).unwrap();
        body.lines().map(str::to_owned).collect()
    };
    let (one, other) = (drawn(one), drawn(other));
    assert_eq!(one.len(), other.len(), "{name}: a moved datum added or removed marks");
    one.into_iter().zip(other).filter(|(a, b)| a != b).map(|(a, _)| a).collect()
}

/// The place of a value that lies strictly inside the others, so that moving it moves no axis.
fn inner(values: &[f64]) -> Option<(usize, f64)> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let (low, high) = (*sorted.first()?, *sorted.last()?);
    let middle = sorted[sorted.len() / 2];
    let step = 0.02 * (high - low);
    let is_inside = middle > low && middle + step < high;
    is_inside.then(|| (values.iter().position(|value| *value == middle).unwrap(), step))
}

/// Moves one datum of a layer; gives how many drawn things it may be at most, or nothing where it has none.
fn moved(content: &mut Content) -> Option<usize> {
    match content {
        Content::Dots { dots, .. } => {
            let (at, step) = inner(&dots.iter().map(|dot| dot.x).collect::<Vec<_>>())?;
            dots[at].x += step;
            // A ring is a disc with paper on it.
            Some(2)
        }
        Content::Curve { points, dashed: false, .. } => {
            let (at, step) = inner(&points.iter().map(|point| point.1).collect::<Vec<_>>())?;
            points[at].1 += step;
            Some(1)
        }
        Content::Lines { lines, .. } => {
            let values: Vec<f64> = lines.iter().map(|(_, points)| points[0].1).collect();
            let (at, step) = inner(&values)?;
            lines[at].1[0].1 += step;
            Some(1)
        }
        Content::Band { points } => {
            let (at, step) = inner(&points.iter().map(|point| point.2).collect::<Vec<_>>())?;
            points[at].2 += step;
            Some(1)
        }
        Content::Spans { spans, .. } => {
            let (at, step) = inner(&spans.iter().map(|span| span.upper).collect::<Vec<_>>())?;
            spans[at].upper += step;
            Some(1)
        }
        // The corner of an outline and the place of a rule may be the end of an axis.
        Content::Curve { .. } | Content::Area { .. } | Content::Rule { .. } => None,
    }
}

/// Names beside marks look for room, and so may go elsewhere when any mark moves.
fn without_names(mut chart: Plane) -> Plane {
    for layer in chart.panels.iter_mut().flat_map(|panel| &mut panel.layers) {
        if let Content::Dots { dots, .. } = &mut layer.content {
            dots.iter_mut().for_each(|dot| dot.named = false);
        }
    }
    chart
}

fn is_mark(line: &str) -> bool {
    ["<polygon", "<polyline", "<circle"].iter().any(|tag| line.starts_with(tag))
}

/// Moves a datum of each layer of a chart in turn; gives how many were moved.
fn mutate(name: &str, chart: &Plane) -> usize {
    use reffect::chart::Chart;
    let still = without_names(chart.clone());
    let drawn = still.svg(&style()).unwrap();
    let mut count = 0;
    for panel in 0..still.panels.len() {
        for layer in 0..still.panels[panel].layers.len() {
            let mut other = still.clone();
            let Some(most) = moved(&mut other.panels[panel].layers[layer].content) else { continue };
            let lines = changed(&drawn, &other.svg(&style()).unwrap(), name);
            let what = format!("{name}, panel {panel}, layer {layer}: {lines:#?}");
            assert!(!lines.is_empty() && lines.len() <= most, "{what}");
            assert!(lines.iter().all(|line| is_mark(line)), "{what}");
            count += 1;
        }
    }
    count
}

fn mutate_rows(name: &str, chart: &Forest) -> usize {
    use reffect::chart::Chart;
    let drawn = chart.svg(&style()).unwrap();
    let estimates: Vec<f64> = chart
        .rows
        .iter()
        .map(|row| match &row.mark {
            RowMark::Study { estimate, .. } => *estimate,
            _ => f64::NAN,
        })
        .collect();
    let Some((at, step)) = inner(&estimates) else { return 0 };
    let mut other = chart.clone();
    let RowMark::Study { estimate, .. } = &mut other.rows[at].mark else { panic!("{name}") };
    *estimate += step;
    let lines = changed(&drawn, &other.svg(&style()).unwrap(), name);
    assert_eq!(lines.len(), 1, "{name}: {lines:#?}");
    assert!(lines[0].starts_with("<polygon"), "{name}: {lines:#?}");
    1
}

#[test]
fn in_every_kind_a_datum_that_moves_takes_its_own_marks_along() {
    let mut without = Vec::new();
    for (name, kind) in all(Lang::En, plain, "plain") {
        let count = match &kind {
            Kind::Plane(chart) => mutate(&name, chart),
            Kind::Forest(chart) => mutate_rows(&name, chart),
            Kind::Panels(chart) => {
                let mut other = chart.clone();
                let rows = other.panels.iter_mut().flat_map(|panel| &mut panel.rows);
                let moved = rows.filter_map(|row| match &mut row.mark {
                    RowMark::Reported { estimate, .. } => Some(estimate),
                    _ => None,
                });
                let all: Vec<&mut f64> = moved.collect();
                let count = all.len();
                all.into_iter().for_each(|estimate| *estimate *= 1.05);
                use reffect::chart::Chart;
                let [one, other] = [chart, &other].map(|chart| chart.svg(&style()).unwrap());
                let lines = changed(&one, &other, &name);
                assert!(lines.len() == count && lines.iter().all(|line| line.starts_with("<polygon")), "{lines:#?}");
                count
            }
            Kind::Icons(chart) => {
                let mut other = chart.clone();
                other.rows[0].intervals[1].interval.lower += 0.02;
                use reffect::chart::Chart;
                let [one, other] = [chart, &other].map(|chart| chart.svg(&style()).unwrap());
                let lines = changed(&one, &other, &name);
                assert!(lines.len() == 1 && lines[0].starts_with("<polyline"), "{name}: {lines:#?}");
                1
            }
        };
        if count == 0 {
            without.push(name);
        }
    }
    // All rows of the rounding chart stand at zero, and a rate is alone in its layer: the next test sees to them.
    assert!(without.iter().all(|name| name.starts_with("rounding") || name.starts_with("rate")), "{without:?}");
}

#[test]
fn rates_and_roundings_move_their_own_marks() {
    use reffect::chart::Chart;
    for (name, kind) in all(Lang::En, plain, "plain") {
        let [one, other] = match &kind {
            Kind::Plane(chart) if name.starts_with("rate") => {
                let mut other = chart.clone();
                let dot = other.panels[0].layers.iter_mut().find_map(|layer| match &mut layer.content {
                    Content::Dots { dots, .. } => dots.first_mut(),
                    _ => None,
                });
                dot.unwrap().x -= 0.1;
                [chart, &other].map(|chart| chart.svg(&style()).unwrap())
            }
            Kind::Forest(chart) if name.starts_with("rounding") => {
                let mut other = chart.clone();
                let RowMark::Study { ci: Some(ci), .. } = &mut other.rows[1].mark else { panic!("{name}") };
                ci.upper -= 0.5;
                [chart, &other].map(|chart| chart.svg(&style()).unwrap())
            }
            _ => continue,
        };
        let lines = changed(&one, &other, &name);
        assert!(lines.len() == 1 && is_mark(&lines[0]), "{name}: {lines:#?}");
    }
}

/// A line through pairs of value and place, and how far the worst pair lies from it.
fn line(pairs: &[(f64, f64)]) -> ((f64, f64), f64) {
    let low = pairs.iter().copied().min_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
    let high = pairs.iter().copied().max_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
    let slope = (high.1 - low.1) / (high.0 - low.0);
    let at = |value: f64| low.1 + slope * (value - low.0);
    let worst = pairs.iter().map(|(value, place)| (at(*value) - place).abs()).fold(0.0, f64::max);
    ((slope, low.1 - slope * low.0), worst)
}

/// The numbers written on one height, with their middles: the labels of an axis.
fn ticks(document: &Document<'_>, above: f64, from: f64, to: f64) -> Vec<(f64, f64)> {
    let own = |node: &Node<'_, '_>| {
        let value: f64 = node.text()?.replace('−', "-").parse().ok()?;
        let middle = number(*node, "x") + number(*node, "textLength") / 2.0;
        Some((value, middle, number(*node, "y")))
    };
    let all: Vec<(f64, f64, f64)> = texts(document).iter().filter_map(own).collect();
    let inside = |one: &&(f64, f64, f64)| one.1 >= from - 2.0 && one.1 <= to + 2.0;
    // The labels of the other axis stand one above the other.
    let is_row = |height: f64| all.iter().filter(|one| (one.2 - height).abs() < 0.5).count() > 2;
    let below = all.iter().filter(inside).filter(|one| one.2 > above && is_row(one.2));
    let Some(height) = below.map(|one| one.2).min_by(f64::total_cmp) else { return Vec::new() };
    all.iter().filter(inside).filter(|one| (one.2 - height).abs() < 0.5).map(|one| (one.0, one.1)).collect()
}

/// Checks that marks lie on one line with their values, and tick labels on the same.
fn check_axis(name: &str, pairs: &[(f64, f64)], ticks: &[(f64, f64)], is_log: bool) {
    let of = |value: f64| if is_log { value.ln() } else { value };
    let pairs: Vec<(f64, f64)> = pairs.iter().map(|(value, place)| (of(*value), *place)).collect();
    let ((slope, start), worst) = line(&pairs);
    assert!(worst < 0.12, "{name}: a mark is {worst} px away from its place");
    let read: Vec<f64> = ticks.iter().map(|(value, place)| (start + slope * of(*value) - place).abs()).collect();
    assert!(read.len() >= 2, "{name}: {ticks:?}");
    // Coordinates have a tenth of a pixel, which grows where the axis is longer than the marks lie apart.
    let span = |of: &mut dyn Iterator<Item = f64>| {
        let all: Vec<f64> = of.collect();
        all.iter().copied().fold(f64::MIN, f64::max) - all.iter().copied().fold(f64::MAX, f64::min)
    };
    let stretch = span(&mut ticks.iter().map(|one| one.1)) / span(&mut pairs.iter().map(|one| one.1));
    let slack = 0.5 + 0.1 * stretch.max(1.0);
    assert!(read.iter().all(|off| *off < slack), "{name}: tick labels are off by {read:?} px");
}

/// Values and places of the dots of the first panel, where its first layer of several dots has discs or rings.
fn dots_of(panel: &Frame, document: &Document<'_>) -> Option<Vec<(f64, f64, f64)>> {
    let dots = panel.layers.iter().find_map(|layer| match &layer.content {
        Content::Dots { dots, .. } if dots.len() > 2 => Some(dots),
        _ => None,
    })?;
    let circles: Vec<Node<'_, '_>> = document.descendants().filter(|node| node.has_tag_name("circle")).collect();
    // The first run of circles that has the radii of the layer.
    let starts = 0..circles.len().checked_sub(dots.len())? + 1;
    let radius = |at: usize| number(circles[at], "r");
    for step in [1, 2] {
        for start in starts.clone() {
            let places: Vec<usize> = (0..dots.len()).map(|at| start + step * at).collect();
            let is_own = |(dot, at): (&reffect::chart::Dot, &usize)| {
                *at < circles.len() && (radius(*at) - dot.radius).abs() < 0.051
            };
            if dots.iter().zip(&places).all(is_own) {
                let place = |(dot, at): (&reffect::chart::Dot, &usize)| {
                    (dot.x, number(circles[*at], "cx"), number(circles[*at], "cy"))
                };
                return Some(dots.iter().zip(&places).map(place).collect());
            }
        }
    }
    None
}

/// The squares of the last rows of a chart stand where the ticks below them say.
fn check_rows(name: &str, chart: &Forest, document: &Document<'_>) {
    let colour = Theme::default().series[0];
    let colour = format!("#{:02x}{:02x}{:02x}", colour.0, colour.1, colour.2);
    let squares = document
        .descendants()
        .filter(|node| node.has_tag_name("polygon") && node.attribute("fill") == Some(&colour))
        .map(corners)
        .filter(|outline| outline.len() == 4);
    let all: Vec<(f64, f64)> = squares
        .map(|outline| {
            let sum = outline.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
            (sum.0 / 4.0, sum.1 / 4.0)
        })
        .collect();
    let studies: Vec<f64> = chart
        .rows
        .iter()
        .filter_map(|row| match &row.mark {
            RowMark::Study { estimate, .. } | RowMark::Reported { estimate, .. } => Some(*estimate),
            _ => None,
        })
        .collect();
    let centres = &all[all.len() - studies.len()..];
    let pairs: Vec<(f64, f64)> = studies.into_iter().zip(centres).map(|(value, centre)| (value, centre.0)).collect();
    if name.starts_with("rounding") {
        assert!(pairs.windows(2).all(|pair| pair[0].1 == pair[1].1), "{name}");
        return;
    }
    let lowest = centres.iter().map(|one| one.1).fold(0.0, f64::max);
    let title = texts(document).into_iter().rfind(|node| node.text() == Some(&chart.scale.axis.title));
    // The labels of the axis stand just above its title.
    let above = (number(title.unwrap(), "y") - 32.0).max(lowest);
    check_axis(name, &pairs, &ticks(document, above, 0.0, 1e4), chart.scale.axis.logarithmic);
}

#[test]
fn in_every_kind_marks_stand_at_their_values() {
    let mut checked: Vec<String> = Vec::new();
    for (name, kind) in all(Lang::En, plain, "plain") {
        let svg = kind.chart().svg(&style()).unwrap();
        let document = Document::parse(&svg).unwrap();
        match &kind {
            Kind::Plane(chart) => {
                // Dots on named places have no numbers below them.
                if !chart.panels[0].x.names.is_empty() {
                    continue;
                }
                let Some(found) = dots_of(&chart.panels[0], &document) else { continue };
                let lowest = found.iter().map(|one| one.2).fold(0.0, f64::max);
                let (from, to) =
                    found.iter().fold((f64::MAX, f64::MIN), |(low, high), one| (low.min(one.1), high.max(one.1)));
                let pairs: Vec<(f64, f64)> = found.iter().map(|one| (one.0, one.1)).collect();
                let (from, to) = (from - 30.0, to + 30.0);
                let axis = &chart.panels[0].x;
                check_axis(&name, &pairs, &ticks(&document, lowest + 6.0, from, to), axis.logarithmic);
            }
            Kind::Forest(chart) => check_rows(&name, chart, &document),
            Kind::Panels(chart) => check_rows(&name, chart.panels.last().unwrap(), &document),
            Kind::Icons(chart) => {
                // The marks of shares are smaller than icons.
                let marks = document
                    .descendants()
                    .filter(|node| node.has_tag_name("circle") && node.attribute("r") == Some("4.2"));
                let shares =
                    chart.rows.iter().flat_map(|row| row.intervals.iter().map(|_| 100.0 * row.k as f64 / row.n as f64));
                let mut pairs: Vec<(f64, f64)> =
                    shares.zip(marks).map(|(share, node)| (share, number(node, "cx"))).collect();
                let below = ticks(
                    &document,
                    number(
                        texts(&document)
                            .into_iter()
                            .find(|node| node.text().is_some_and(|text| text.starts_with(&chart.axis_title)))
                            .unwrap(),
                        "y",
                    ) - 32.0,
                    0.0,
                    1e4,
                );
                // One proportion alone makes no line.
                if pairs.iter().all(|pair| pair.0 == pairs[0].0) {
                    pairs.extend(&below[..1]);
                }
                check_axis(&name, &pairs, &below, false);
            }
        }
        checked.push(name.split(' ').next().unwrap().to_owned());
    }
    checked.sort();
    checked.dedup();
    // The others have lines and bands only, or dots on named places.
    let expected = [
        "baujat",
        "between-arms",
        "caterpillar",
        "cumulative",
        "forest",
        "funnel",
        "gosh",
        "labbe",
        "leave-one-out",
        "proportion",
        "proportions",
        "qq",
        "radial",
        "regression",
        "reported",
        "residuals",
        "rounding",
    ];
    for kind in expected {
        assert!(checked.iter().any(|name| name == kind), "{kind} was not checked: {checked:?}");
    }
}

#[test]
fn in_every_kind_characters_without_glyph_and_right_to_left_are_refused_by_name() {
    let emoji = |at: usize| format!("trial 😀 {at}");
    let turned = |at: usize| format!("ניסוי {at}");
    let mut refused = 0;
    for (labels, what) in [(emoji as fn(usize) -> String, "hostile"), (turned, "hostile")] {
        for (name, kind) in all(Lang::En, labels, what) {
            let drawn = kind.chart().svg(&style());
            match &drawn {
                Err(ChartError::MissingGlyph { character: '😀', .. } | ChartError::RightToLeft { .. }) => {
                    refused += 1
                }
                Err(other) => panic!("{name}: {other}"),
                // A chart that writes no label may be drawn; its picture then holds none of them.
                Ok(svg) => {
                    let document = Document::parse(svg).unwrap();
                    let written = |node: &Node<'_, '_>| node.text().unwrap_or_default().contains(['😀', 'נ']);
                    assert!(!texts(&document).iter().any(written), "{name}");
                }
            }
            assert_eq!(kind.chart().png(&style(), 1.0).err(), drawn.err(), "{name}");
        }
    }
    assert!(refused > 30, "{refused}");
}
