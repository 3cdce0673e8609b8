//! Structure of the drawn charts: what a reader, a browser and a program find in them.

use crate::common::svg::{check_structure, corners, number, texts};
use reffect::chart::{BeforeAfter, Chart, ChartError, Overview, Style, Typeface};
use reffect::numeric::interval::Interval;
use reffect::reported::Lang;
use roxmltree::Document;

/// Half the height of a digit at the size of tick labels: 0.733 of 11.5 px.
const HALF_DIGIT: f64 = 0.733 * 11.5 / 2.0;

fn style() -> Style {
    Style::default()
}

/// Every chart of these tests as SVG, with a name for messages.
fn all_svgs() -> Vec<(String, String)> {
    let mut svgs = Vec::new();
    for lang in [Lang::En, Lang::Ja] {
        svgs.push((format!("nmo {lang:?}"), crate::samples::nmo(lang).svg(&style())));
        svgs.push((format!("als {lang:?}"), crate::samples::als(lang).svg(&style())));
        svgs.push((format!("overview {lang:?}"), crate::samples::overview(lang).svg(&style())));
        for width in [330.0, 700.0] {
            let narrow = style().with_width(width);
            let name = format!("overview {lang:?}, {width} px");
            svgs.push((name, crate::samples::overview(lang).svg(&narrow)));
        }
        let narrow = style().with_width(420.0);
        svgs.push((format!("narrow nmo {lang:?}"), crate::samples::nmo(lang).svg(&narrow)));
    }
    svgs.push(("hostile panels".to_owned(), crate::samples::hostile().svg(&style())));
    svgs.push(("hostile overview".to_owned(), crate::samples::hostile_overview().svg(&style())));
    svgs.push(("hostile, wide".to_owned(), crate::samples::hostile().svg(&style().with_width(2000.0))));
    svgs.push(("empty texts".to_owned(), empty_texts().svg(&style())));
    svgs.into_iter().map(|(name, svg)| (name, svg.unwrap())).collect()
}

/// Panels whose every text is empty.
fn empty_texts() -> BeforeAfter {
    let mut chart = crate::samples::nmo(Lang::Ja);
    chart.caption.title.clear();
    chart.caption.subtitle.clear();
    chart.caption.source.clear();
    chart.caption.footnotes.clear();
    for panel in &mut chart.panels {
        panel.outcome.clear();
        panel.unit = Some(String::new());
        panel.n = None;
        panel.better = None;
        panel.remark = Some(String::new());
        for occasion in [&mut panel.before, &mut panel.after] {
            occasion.label.clear();
            occasion.printed.clear();
        }
        let difference = &mut panel.difference;
        for text in [&mut difference.label, &mut difference.printed, &mut difference.axis_title] {
            text.clear();
        }
        difference.intervals_title.clear();
    }
    chart
}

#[test]
fn every_chart_is_well_formed_and_no_text_leaves_it_or_touches_another() {
    for (name, svg) in all_svgs() {
        let document = Document::parse(&svg).unwrap_or_else(|error| panic!("{name}: {error}"));
        let nodes = texts(&document);
        assert!(nodes.len() > 30 || name.starts_with("als"), "{name}: {} texts", nodes.len());
        let root = document.root_element();
        let xml = "http://www.w3.org/XML/1998/namespace";
        assert_eq!(root.attribute((xml, "lang")), root.attribute("lang"), "{name}");
        check_structure(&name, &svg);
    }
}

#[test]
fn text_is_real_text_and_at_least_11_px() {
    let svg = crate::samples::nmo(Lang::Ja).svg(&style()).unwrap();
    let document = Document::parse(&svg).unwrap();
    let contents: Vec<&str> = texts(&document).iter().filter_map(|node| node.text()).collect();
    for expected in ["2.9 ± 1.1", "0.4 ± 0.8", "−2.5", "年間再発率（回/年）", "n = 7", "↓ 低いほど良い", "0.9"]
    {
        assert!(contents.contains(&expected), "{expected}");
    }
    for node in texts(&document) {
        assert!(number(node, "font-size") >= 11.0);
    }
}

#[test]
fn the_description_says_every_number() {
    let svg = crate::samples::nmo(Lang::En).svg(&style()).unwrap();
    let document = Document::parse(&svg).unwrap();
    let node = document.descendants().find(|node| node.has_tag_name("desc")).unwrap();
    let description = node.text().unwrap();
    let sentence = "Annual relapse rate (relapses/year), n = 7, lower is better: before 2.9 ± 1.1, \
                    1 year 0.4 ± 0.8, difference −2.5; 95 % CI if r = 0: −3.76 to −1.24, 0.3: −3.56 to −1.44";
    assert!(description.contains(sentence), "{description}");
    for printed in ["5.1 ± 1.7", "0.9 ± 1.2", "6.1 ± 2.0", "p < 0.05 needs r ≥ 0.79"] {
        assert!(description.contains(printed), "{printed}");
    }
}

/// The height at which a mark stands, read back as a value through two tick labels.
fn value_at(document: &Document<'_>, y: f64, ticks: [&str; 2]) -> f64 {
    let [low, high] = ticks.map(|tick| {
        let nodes = texts(document);
        let node = nodes.iter().find(|node| node.text() == Some(tick)).unwrap();
        (tick.parse::<f64>().unwrap(), number(*node, "y") - HALF_DIGIT)
    });
    low.0 + (y - low.1) / (high.1 - low.1) * (high.0 - low.0)
}

#[test]
fn marks_stand_at_their_values() {
    let mut chart = crate::samples::nmo(Lang::En);
    chart.panels.truncate(1);
    let svg = chart.svg(&style()).unwrap();
    let document = Document::parse(&svg).unwrap();
    let circle = document.descendants().find(|node| node.has_tag_name("circle")).unwrap();
    let before = value_at(&document, number(circle, "cy"), ["1", "3"]);
    assert!((before - 2.9).abs() < 0.003, "{before}");

    let square = document
        .descendants()
        .find(|node| {
            node.has_tag_name("polygon") && node.attribute("fill") == Some("#d55e00") && corners(*node).len() == 4
        })
        .unwrap();
    let ys: Vec<f64> = corners(square).iter().map(|corner| corner.1).collect();
    let after = value_at(&document, ys.iter().sum::<f64>() / 4.0, ["1", "3"]);
    assert!((after - 0.4).abs() < 0.003, "{after}");
}

#[test]
fn ratios_stand_at_their_values_on_the_log_axis() {
    let svg = crate::samples::overview(Lang::En).svg(&style()).unwrap();
    let document = Document::parse(&svg).unwrap();
    let centre = |tick: &str| {
        let nodes = texts(&document);
        let node = nodes.iter().find(|node| node.text() == Some(tick)).unwrap();
        number(*node, "x") + number(*node, "textLength") / 2.0
    };
    let (tenth, one) = (centre("0.1"), centre("1"));
    let found: Vec<f64> = document
        .descendants()
        .filter(|node| node.has_tag_name("circle") && node.attribute("r") == Some("4.2"))
        .map(|node| 10_f64.powf((number(node, "cx") - one) / (one - tenth)))
        .skip(2) // the samples of the legend
        .collect();
    for (found, ratio) in found.iter().zip([0.138, 0.804, 0.3, 0.492]) {
        assert!((found / ratio - 1.0).abs() < 0.003, "{found} for {ratio}");
    }
    assert_eq!(found.len(), 4);
}

#[test]
fn a_changed_datum_moves_its_own_marks_only() {
    let chart = crate::samples::nmo(Lang::En);
    let mut moved = chart.clone();
    moved.panels[2].after.mean += 0.2;
    let lines =
        |chart: &BeforeAfter| -> Vec<String> { chart.svg(&style()).unwrap().lines().map(str::to_owned).collect() };
    let (one, other) = (lines(&chart), lines(&moved));
    assert_eq!(one.len(), other.len());
    let changed: Vec<&String> = one.iter().zip(&other).filter(|(a, b)| a != b).map(|(a, _)| a).collect();
    // The line that joins the means, and the square itself.
    assert_eq!(changed.len(), 2, "{changed:?}");
    assert!(changed[0].starts_with("<polyline") && changed[1].contains("#d55e00"), "{changed:?}");
}

#[test]
fn intervals_are_drawn_alike() {
    let mut chart = crate::samples::nmo(Lang::En);
    chart.panels = vec![chart.panels.swap_remove(1)];
    let svg = chart.svg(&style()).unwrap();
    let stems = svg.lines().filter(|line| line.contains("stroke=\"#1a1a1a\" stroke-width=\"1.6\""));
    assert_eq!(stems.count(), 5);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    assert_eq!(crate::samples::nmo(Lang::Ja).svg(&style()), crate::samples::nmo(Lang::Ja).svg(&style()));
    assert_eq!(crate::samples::als(Lang::Ja).png(&style(), 1.0), crate::samples::als(Lang::Ja).png(&style(), 1.0));
}

#[test]
fn charts_in_one_page_share_no_id() {
    let ids = |svg: &str| -> Vec<String> {
        let document = Document::parse(svg).unwrap();
        document.descendants().filter_map(|node| node.attribute("id").map(str::to_owned)).collect()
    };
    let one = ids(&crate::samples::nmo(Lang::Ja).svg(&style().with_id_prefix("nmo")).unwrap());
    let other = ids(&crate::samples::nmo(Lang::Ja).svg(&style().with_id_prefix("nmo-2")).unwrap());
    assert!(one.len() > 50 && one.iter().all(|id| !other.contains(id)));
    let mut distinct = one.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), one.len());
}

#[test]
fn every_use_finds_its_outline() {
    let svg = crate::samples::overview(Lang::Ja).svg(&style().with_id_prefix("1 \"x\"")).unwrap();
    let document = Document::parse(&svg).unwrap();
    for node in document.descendants().filter(|node| node.has_tag_name("use")) {
        let id = node.attribute("href").unwrap().trim_start_matches('#');
        assert!(document.descendants().any(|target| target.attribute("id") == Some(id)), "{id}");
    }
}

/// Width and height in the header of a PNG.
fn png_size(png: &[u8]) -> (u32, u32) {
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let field = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (field(16), field(20))
}

#[test]
fn pictures_have_the_size_of_the_svg_times_the_scale() {
    let chart = crate::samples::als(Lang::En);
    let svg = chart.svg(&style()).unwrap();
    let document = Document::parse(&svg).unwrap();
    let root = document.root_element();
    let (width, height) = (number(root, "width") as u32, number(root, "height") as u32);
    assert_eq!(width, 640);
    assert_eq!(png_size(&chart.png(&style(), 1.0).unwrap()), (width, height));
    assert_eq!(png_size(&chart.png(&style(), 2.0).unwrap()), (2 * width, 2 * height));
    let four = crate::samples::nmo(Lang::En).png(&style(), 1.0).unwrap();
    assert_eq!(png_size(&four).0, 1280);
    let overview = crate::samples::overview(Lang::En).png(&style(), 1.0).unwrap();
    assert_eq!(png_size(&overview).0, 1100);
}

#[test]
fn impossible_sizes_are_refused() {
    let chart = crate::samples::als(Lang::En);
    for scale in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e4] {
        assert!(matches!(chart.png(&style(), scale), Err(ChartError::Size { .. })), "{scale}");
    }
    for width in [0.0, f64::NAN, 1e9] {
        let refused = chart.svg(&style().with_width(width));
        assert!(matches!(refused, Err(ChartError::Size { .. })), "{width}");
    }
    // The height or the scale may be the cause, and so all three are named.
    let told = chart.png(&style().with_width(640.0), 1e4).unwrap_err().to_string();
    assert!(told.contains(" × ") && told.contains("640 × ") && told.contains(" px at a scale of 10000"), "{told}");
    let told = chart.svg(&style().with_width(9000.0)).unwrap_err().to_string();
    assert!(told.contains("9000 px in width") && !told.contains("scale of"), "{told}");
}

#[test]
fn a_character_without_glyph_is_refused_by_name() {
    let mut chart = crate::samples::nmo(Lang::En);
    chart.panels[3].remark = Some("fatigue 😀".to_owned());
    let error = chart.svg(&style()).unwrap_err();
    assert!(matches!(error, ChartError::MissingGlyph { character: '😀', .. }));
    assert!(error.to_string().contains("U+1F600"), "{error}");
    assert_eq!(chart.png(&style(), 1.0).unwrap_err(), error);

    let mut overview: Overview = crate::samples::overview(Lang::Ja);
    overview.groups[1].rows[0].outcome = "ألم".to_owned();
    assert!(matches!(overview.svg(&style()), Err(ChartError::RightToLeft { .. })));
}

#[test]
fn nothing_to_show_is_an_error() {
    let mut chart = crate::samples::nmo(Lang::En);
    chart.panels.clear();
    assert_eq!(chart.svg(&style()), Err(ChartError::Empty));
    let mut overview = crate::samples::overview(Lang::En);
    overview.groups.clear();
    assert_eq!(overview.svg(&style()), Err(ChartError::Empty));
}

#[test]
fn numbers_without_a_place_are_refused() {
    let mut chart = crate::samples::nmo(Lang::En);
    chart.panels[0].before.mean = f64::NAN;
    let error = chart.svg(&style()).unwrap_err();
    assert!(error.to_string().contains("Annual relapse rate, before"), "{error}");

    let mut chart = crate::samples::nmo(Lang::En);
    chart.panels[0].after.bar = Some(Interval { lower: 2.0, upper: 1.0 });
    assert!(matches!(chart.svg(&style()), Err(ChartError::Limits { .. })));

    let mut chart = crate::samples::nmo(Lang::En);
    chart.panels[0].before.mean = 1e300;
    // Whatever its size, it does not take three hundred digits.
    assert!(!chart.svg(&style()).unwrap().contains("000000000000000000"));

    for ratio in [0.0, -0.5, f64::INFINITY, f64::NAN] {
        let mut overview = crate::samples::overview(Lang::En);
        overview.groups[0].rows[0].ratio = Some(ratio);
        assert!(matches!(overview.svg(&style()), Err(ChartError::Number { .. })), "{ratio}");
    }
}

#[test]
fn cut_intervals_end_in_arrows() {
    let triangles = |svg: &str| {
        let document = Document::parse(svg).unwrap();
        let polygons = document.descendants().filter(|node| node.has_tag_name("polygon"));
        polygons.filter(|node| corners(*node).len() == 3).count()
    };
    // Relapses and pain: a bar each below zero; five and four intervals below zero.
    assert_eq!(triangles(&crate::samples::nmo(Lang::En).svg(&style()).unwrap()), 2 + 5 + 4);
    assert_eq!(triangles(&crate::samples::als(Lang::En).svg(&style()).unwrap()), 0);
}

#[test]
fn a_typeface_from_bytes_draws_the_same() {
    let bytes = include_bytes!("../../src/chart/font/reffect-sans-jp.ttf").to_vec();
    let own = Style::new(Typeface::from_bytes(bytes).unwrap());
    let chart = crate::samples::als(Lang::Ja);
    assert_eq!(chart.svg(&own), chart.svg(&style()));
}
