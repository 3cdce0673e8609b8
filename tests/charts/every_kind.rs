//! Charts of meta-analyses, counts, mixed models, and the further charts of releases: structure over
//! every kind, language, theme and hostile label; marks where their data are; sizes; plotted numbers.

use crate::common::svg::{check_structure, corners, number, texts};
use crate::kinds::{all, hostile, look, meta, plain, rows};
use reffect::chart::{Caption, Chart, ChartError, Forest, IconRow, Icons, Plane, Style, Theme};
use reffect::report::plots;
use reffect::reported::Lang;
use roxmltree::Document;

fn style() -> Style {
    Style::default()
}

#[test]
fn every_kind_is_sound_in_every_language_theme_and_width() {
    let mut drawn = 0;
    for lang in [Lang::En, Lang::Ja] {
        for (labels, what) in [(plain as fn(usize) -> String, "plain"), (hostile, "hostile")] {
            for (name, chart) in all(lang, labels, what) {
                for theme in Theme::NAMES {
                    let style = Style { theme: Theme::named(theme).unwrap(), ..style() };
                    check_structure(&format!("{name} {theme}"), &chart.chart().svg(&style).unwrap());
                    drawn += 1;
                }
                for width in [560.0, 900.0, 1600.0] {
                    check_structure(
                        &format!("{name} {width}"),
                        &chart.chart().svg(&style().with_width(width)).unwrap(),
                    );
                }
            }
        }
    }
    assert!(drawn > 300, "{drawn}");
}

#[test]
fn narrow_charts_are_sound_or_refused() {
    let mut refused = Vec::new();
    let charts = all(Lang::En, plain, "plain").into_iter().chain(all(Lang::Ja, plain, "plain"));
    for (name, chart) in charts {
        for width in [340.0, 420.0] {
            match chart.chart().svg(&style().with_width(width)) {
                Ok(svg) => check_structure(&format!("{name} {width}"), &svg),
                Err(ChartError::Crowded { .. }) => refused.push(name.clone()),
                Err(other) => panic!("{name}: {other}"),
            }
        }
    }
    // Rows with several columns of numbers fold; icons may need more than that.
    let points = ["between-arms", "forest", "funnel", "radial", "gosh", "qq", "trajectory", "sensitivity", "profile"];
    assert!(!refused.iter().any(|name| points.iter().any(|kind| name.starts_with(kind))), "{refused:?}");
}

#[test]
fn the_description_says_the_numbers() {
    let look = look(Lang::En, true, "");
    let svg = plots::forest(&meta(plain, 3), &look).unwrap().svg(&style()).unwrap();
    assert!(svg.contains("Study 1: Ratio [95 % CI]: 0.22 [0.18, 0.27], Weight, %: 6.7"), "{}", &svg[..2500]);
    assert!(svg.contains("Heterogeneity: τ² = 0.20, I² = 65 %, Q = 40.2 (df = 2)"));
    let svg = plots::funnel(&meta(plain, 3), &look).unwrap().svg(&style()).unwrap();
    assert!(svg.contains("Studies: Study 1 (0.223, 0.100)"), "{}", &svg[..2500]);
}

#[test]
fn labels_that_cannot_be_drawn_are_refused_by_name() {
    let emoji = |at: usize| if at == 4 { "trial 😀".to_owned() } else { plain(at) };
    let rtl = |at: usize| if at == 4 { "ניסוי".to_owned() } else { plain(at) };
    let look = look(Lang::En, false, "");
    for chart in [
        Box::new(plots::forest(&meta(emoji, 12), &look).unwrap()) as Box<dyn Chart>,
        Box::new(plots::radial(&meta(emoji, 12), &look).unwrap()),
    ] {
        assert!(matches!(chart.svg(&style()), Err(ChartError::MissingGlyph { character: '😀', .. })));
        assert!(matches!(chart.png(&style(), 1.0), Err(ChartError::MissingGlyph { character: '😀', .. })));
        assert!(matches!(chart.pdf(&style()), Err(ChartError::MissingGlyph { character: '😀', .. })));
    }
    assert!(matches!(plots::forest(&meta(rtl, 12), &look).unwrap().svg(&style()), Err(ChartError::RightToLeft { .. })));
}

/// The value at a position, read back through two tick labels of the x axis.
fn value_at(document: &Document<'_>, x: f64, ticks: [&str; 2], is_log: bool) -> f64 {
    let nodes = texts(document);
    let of = |value: f64| if is_log { value.ln() } else { value };
    let [low, high] = ticks.map(|tick| {
        let node = nodes.iter().rev().find(|node| node.text() == Some(tick)).unwrap();
        let value: f64 = tick.replace('−', "-").parse().unwrap();
        (of(value), number(*node, "x") + number(*node, "textLength") / 2.0)
    });
    let value = low.0 + (x - low.1) / (high.1 - low.1) * (high.0 - low.0);
    if is_log { value.exp() } else { value }
}

#[test]
fn marks_of_a_forest_stand_at_their_effects_and_their_areas_are_the_weights() {
    let result = meta(plain, 12);
    let svg = plots::forest(&result, &look(Lang::En, true, "")).unwrap().svg(&style()).unwrap();
    let document = Document::parse(&svg).unwrap();
    let squares: Vec<Vec<(f64, f64)>> = document
        .descendants()
        .filter(|node| node.has_tag_name("polygon") && node.attribute("fill") == Some("#0072b2"))
        .map(corners)
        .collect();
    assert_eq!(squares.len(), 12);
    // Groups take the studies of even places first.
    let order = (0..12).step_by(2).chain((1..12).step_by(2));
    let most = result.studies.iter().filter_map(|study| study.weight).fold(0.0, f64::max);
    for (study, square) in order.map(|at| &result.studies[at]).zip(&squares) {
        let x = square.iter().map(|corner| corner.0).sum::<f64>() / 4.0;
        let found = value_at(&document, x, ["0.2", "1"], true);
        assert!((found / study.yi.exp() - 1.0).abs() < 0.005, "{found} for {}", study.yi.exp());
        let side = square[1].0 - square[0].0;
        let share = (side / 15.0).powi(2);
        assert!((share - study.weight.unwrap() / most).abs() < 0.02, "{share}");
    }
}

#[test]
fn marks_of_a_funnel_stand_at_their_effects() {
    let result = meta(plain, 12);
    let svg = plots::funnel(&result, &look(Lang::En, false, "")).unwrap().svg(&style()).unwrap();
    let document = Document::parse(&svg).unwrap();
    let marks: Vec<f64> = document
        .descendants()
        .filter(|node| {
            node.has_tag_name("circle")
                && node.attribute("r") == Some("4.2")
                && node.attribute("fill") == Some("#0072b2")
        })
        .map(|node| number(node, "cx"))
        .collect();
    assert_eq!(marks.len(), 12);
    for (x, study) in marks.iter().zip(&result.studies) {
        let found = value_at(&document, *x, ["−1.0", "1.0"], false);
        assert!((found - study.yi).abs() < 0.01, "{found} for {}", study.yi);
    }
}

fn changed(one: &str, other: &str) -> Vec<String> {
    let (one, other): (Vec<&str>, Vec<&str>) = (one.lines().collect(), other.lines().collect());
    assert_eq!(one.len(), other.len());
    let mut lines: Vec<String> = one.iter().zip(&other).filter(|(a, b)| a != b).map(|(a, _)| (*a).to_owned()).collect();
    // The description tells the numbers too.
    lines.retain(|line| {
        line.starts_with("<polygon")
            || line.starts_with("<polyline")
            || line.starts_with("<circle")
            || line.starts_with("<g fill")
    });
    lines
}

#[test]
fn a_changed_datum_moves_its_own_marks_only() {
    let look = look(Lang::En, false, "");
    let draw = |chart: &Plane| chart.svg(&style()).unwrap();
    let chart = plots::baujat(&meta(plain, 12), &look).unwrap();
    let mut moved = chart.clone();
    let reffect::chart::Content::Dots { dots, .. } = &mut moved.panels[0].layers[0].content else { panic!() };
    dots[6].x += 0.02;
    dots[6].named = false;
    let mut still = chart.clone();
    let reffect::chart::Content::Dots { dots, .. } = &mut still.panels[0].layers[0].content else { panic!() };
    dots[6].named = false;
    assert_eq!(changed(&draw(&still), &draw(&moved)).len(), 1);

    let forest = plots::forest(&meta(plain, 12), &look).unwrap();
    let mut moved: Forest = forest.clone();
    let reffect::chart::RowMark::Study { estimate, .. } = &mut moved.rows[3].mark else { panic!() };
    *estimate += 0.05;
    let lines = changed(&forest.svg(&style()).unwrap(), &moved.svg(&style()).unwrap());
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0].starts_with("<polygon"));
}

#[test]
fn heights_are_kept_or_refused() {
    let look = look(Lang::En, false, "");
    let funnel = plots::funnel(&meta(plain, 12), &look).unwrap();
    for height in [420.0, 900.0] {
        let svg = funnel.svg(&Style { height: Some(height), ..style() }).unwrap();
        check_structure("funnel", &svg);
        assert!(svg.contains(&format!("height=\"{height}\"")), "{height}");
    }
    let refused = funnel.svg(&Style { height: Some(150.0), ..style() });
    assert!(matches!(refused, Err(ChartError::TooLow { .. })), "{refused:?}");
    let forest = plots::forest(&meta(plain, 12), &look).unwrap();
    assert!(forest.svg(&Style { height: Some(1000.0), ..style() }).unwrap().contains("height=\"1000\""));
    assert!(matches!(forest.svg(&Style { height: Some(100.0), ..style() }), Err(ChartError::TooLow { .. })));
}

/// The smallest text of a picture, in pixels.
fn smallest_text(svg: &str) -> f64 {
    let document = Document::parse(svg).unwrap();
    texts(&document).into_iter().map(|node| number(node, "font-size")).fold(f64::INFINITY, f64::min)
}

#[test]
fn every_kind_fits_800_by_600_or_says_the_height_that_it_needs() {
    let mut refused = Vec::new();
    for lang in [Lang::En, Lang::Ja] {
        for (name, chart) in all(lang, plain, "plain") {
            let small = |height: f64| Style { width: Some(800.0), height: Some(height), ..style() };
            let svg = match chart.chart().svg(&small(600.0)) {
                Ok(svg) => svg,
                Err(ChartError::TooLow { least, .. }) => {
                    refused.push(name.clone());
                    assert!(chart.chart().svg(&small(least - 1.0)).is_err(), "{name} fits {least} less 1");
                    chart.chart().svg(&small(least)).unwrap_or_else(|error| panic!("{name}, {least}: {error}"))
                }
                Err(other) => panic!("{name}: {other}"),
            };
            check_structure(&format!("{name} 800 × 600"), &svg);
            assert!(svg.contains("width=\"800\""), "{name}");
            assert!(smallest_text(&svg) >= 11.0, "{name}: {}", smallest_text(&svg));
        }
    }
    assert!(refused.is_empty(), "{refused:?}");
    // Sixty studies find no place on 600 px, and get one in the height that the refusal names.
    let long = plots::forest(&meta(plain, 60), &look(Lang::En, true, "")).unwrap();
    let style = |height: f64| Style { width: Some(800.0), height: Some(height), ..style() };
    let Err(ChartError::TooLow { least, .. }) = long.svg(&style(600.0)) else { panic!("60 studies fit 600 px") };
    assert!(least > 600.0 && long.svg(&style(least)).is_ok() && long.svg(&style(least - 1.0)).is_err());
}

/// A forest too high with all its columns goes without the inner ones, and says so.
#[test]
fn columns_without_room_are_named() {
    let mut result = meta(plain, 22);
    let long =
        |i: usize| format!("{} and number {i}", "a long remark that takes several lines of its column".repeat(2));
    result.columns = vec![("Remark".to_owned(), (0..22).map(long).collect())];
    result.subgroup = None;
    let chart = plots::forest(&result, &look(Lang::En, false, "")).unwrap();
    let style = Style { width: Some(800.0), height: Some(600.0), ..style() };
    let svg = chart.svg(&style).unwrap();
    check_structure("without columns", &svg);
    assert!(svg.contains("Columns that found no room: Remark."));
    assert!(!svg.contains(">Remark<"));
    assert!(smallest_text(&svg) >= 11.0);
}

#[test]
fn names_without_room_stand_under_the_chart() {
    let crowd = |i: usize| (1.0 + 0.001 * i as f64, 2.0);
    let dots = |named: usize| -> Vec<reffect::chart::Dot> {
        let dot = |i: usize| {
            let (x, y) = crowd(i);
            reffect::chart::Dot::new(x, y, 4.0, format!("Trial {i}")).named()
        };
        (0..named).map(dot).chain([reffect::chart::Dot::new(3.0, 5.0, 4.0, "").named()]).collect()
    };
    let draw = |named: usize, lang: Lang, height: Option<f64>| {
        let layer = reffect::chart::Layer::dots(
            "trials",
            reffect::chart::Ink::Series(0),
            reffect::chart::Shape::Disc,
            dots(named),
        );
        let panel = reffect::chart::Frame { layers: vec![layer], ..Default::default() };
        let caption = Caption { title: "Crowd".into(), lang, ..Caption::default() };
        let chart = Plane { caption, facts: Vec::new(), panels: vec![panel], columns: 1, aspect: 0.6 };
        let svg = chart.svg(&Style { height, ..style() }).unwrap();
        let document = Document::parse(&svg).unwrap();
        let all: Vec<String> = texts(&document).iter().filter_map(|node| node.text()).map(str::to_owned).collect();
        all
    };
    for height in [None, Some(260.0)] {
        let all = draw(12, Lang::En, height);
        let written = (0..12).filter(|i| all.iter().any(|text| *text == format!("Trial {i}"))).count();
        let told: String = all.join(" ");
        let note = told.split_once("Without room for their names: ").expect("a note").1;
        // Each name stands at its mark or in the note, and in one of them only.
        let listed = (0..12).filter(|i| note.split([';', '.']).any(|name| name.trim() == format!("Trial {i}"))).count();
        assert_eq!(written + listed, 12, "{height:?}: {told}");
        assert!(written > 0 && listed > 0, "{height:?}: {told}");
    }
    assert!(draw(60, Lang::En, None).join(" ").contains(" more."));
    assert!(draw(60, Lang::Ja, None).join("").contains("名前を書く場所のない点："));
    assert!(!draw(1, Lang::En, None).join(" ").contains("Without room"));
}

/// Shares stand in per cent at the axis and in their column; on the scale of the analysis they stay what they are.
#[test]
fn shares_have_an_axis_in_per_cent() {
    let result = meta(plain, 12);
    for (lang, sign) in [(Lang::En, " %"), (Lang::Ja, "%")] {
        let shares = plots::Look {
            back: plots::Transformation::InverseLogit,
            percent: true,
            one_group: true,
            ..look(lang, false, "")
        };
        let chart = plots::forest(&result, &shares).unwrap();
        let svg = chart.svg(&style()).unwrap();
        let document = Document::parse(&svg).unwrap();
        let ticks: Vec<f64> = texts(&document)
            .iter()
            .filter_map(|node| node.text()?.strip_suffix(sign)?.parse().ok())
            .filter(|tick: &f64| tick.fract() == 0.0)
            .collect();
        assert!(ticks.len() > 2 && ticks.windows(2).all(|pair| pair[0] < pair[1]), "{lang:?}: {ticks:?}");
        let reffect::chart::RowMark::Study { estimate, .. } =
            &chart.rows.iter().find(|row| matches!(row.mark, reffect::chart::RowMark::Study { .. })).unwrap().mark
        else {
            panic!()
        };
        assert!((0.0..=1.0).contains(estimate), "{estimate}");
        assert!(
            (estimate.ln() - (1.0 - estimate).ln() - result.studies[0].yi).abs() < 1e-9 || result.subgroup.is_some()
        );
    }
    let plain_axis = plots::forest(&result, &look(Lang::En, false, "")).unwrap().svg(&style()).unwrap();
    assert!(!plain_axis.contains("0 %</text>"));
}

#[test]
fn a_width_on_paper_is_stated() {
    let chart = plots::funnel(&meta(plain, 12), &look(Lang::En, false, "")).unwrap();
    let style = Style { width: Some(414.0), millimetres: Some(89.0), ..style() };
    let svg = chart.svg(&style).unwrap();
    assert!(svg.contains("width=\"89mm\"") && svg.contains("viewBox=\"0 0 414 "), "{}", &svg[..200]);
    check_structure("funnel, 89 mm", &svg);
    let pdf = String::from_utf8_lossy(&chart.pdf(&style).unwrap()).into_owned();
    let points = 89.0 * 72.0 / 25.4;
    assert!(pdf.contains(&format!("/MediaBox [0 0 {:.3}", points)[..18]), "no page of {points} points");
}

#[test]
fn pdf_files_are_whole_and_equal() {
    for (name, chart) in all(Lang::Ja, plain, "plain") {
        let chart = chart.chart();
        let pdf = chart.pdf(&style()).unwrap();
        assert!(pdf.starts_with(b"%PDF-") && pdf.ends_with(b"%%EOF"), "{name}");
        assert_eq!(pdf, chart.pdf(&style()).unwrap(), "{name}");
        assert!(pdf.len() < 400_000, "{name}: {} bytes", pdf.len());
    }
}

#[test]
fn plotted_numbers_are_a_table() {
    let chart = plots::forest(&meta(hostile, 12), &look(Lang::En, false, "")).unwrap();
    let data = chart.data();
    let mut reader = csv::Reader::from_reader(data.as_bytes());
    let columns: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(&columns[..5], ["kind", "name", "estimate", "lower", "upper"]);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let studies = rows.iter().filter(|row| &row[0] == "study");
    assert_eq!(studies.count(), 12);
    assert!(rows.iter().any(|row| row[2].parse::<f64>() == Ok(-1.5)), "{data}");
    for (name, chart) in all(Lang::En, hostile, "hostile") {
        let data = chart.chart().data();
        let rows = csv::Reader::from_reader(data.as_bytes()).into_records().map(Result::unwrap).count();
        assert!(rows > 1, "{name}");
        assert!(!data.contains("NaN") && !data.contains("inf"), "{name}");
    }
}

#[test]
fn large_charts_stay_small() {
    let forest = plots::forest(&meta(plain, 500), &look(Lang::En, false, "")).unwrap().svg(&style()).unwrap();
    assert!(forest.len() < 5_000_000, "{}", forest.len());
    let many = plots::trajectory(&rows(plain, 10_000, 6), None, Lang::En).unwrap().svg(&style()).unwrap();
    assert!(many.len() < 5_000_000, "{}", many.len());
    assert!(many.matches("<polyline").count() >= 10_000);
}

/// Icons of many shares would fill pages: then people are counted by bars, and by icons where few are drawn.
#[test]
fn many_shares_are_bars() {
    let shares = |rows: usize| Icons {
        caption: Caption::default(),
        legend: ["with".to_owned(), "without".to_owned()],
        rows: vec![
            IconRow { name: "relapse".to_owned(), printed: "9/180".to_owned(), k: 9, n: 180, intervals: vec![] };
            rows
        ],
        axis_title: "Share, %".to_owned(),
    };
    let drawn = |rows: usize| {
        let svg = shares(rows).svg(&style()).unwrap();
        let height = number(Document::parse(&svg).unwrap().root_element(), "height");
        (height, svg.matches("<circle").count())
    };
    let ((few, icons), (many, bars)) = (drawn(2), drawn(13));
    assert!(icons > 300 && bars < 20, "{icons} {bars}");
    assert!(many < 1200.0 && many < 2.0 * few, "{few} {many}");
}
