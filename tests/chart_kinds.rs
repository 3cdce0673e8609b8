//! Charts of meta-analyses, counts, mixed models, and the further charts of releases: structure over
//! every kind, language, theme and hostile label; marks where their data are; sizes; plotted numbers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(feature = "cli")]

#[path = "common/svg.rs"]
mod svg;

use reffect::chart::{Chart, ChartError, Forest, Plane, Style, Theme};
use reffect::effect::contrast::ContrastOptions;
use reffect::effect::of_release::{ReleaseEffects, effects};
use reffect::read::Dataset;
use reffect::report::plots::{self, Arms, Arrangement, CountsResult, FitResult, Look, MetaResult, Rows};
use reffect::reported::{Lang, Release};
use roxmltree::Document;
use serde_json::json;
use svg::{check_structure, corners, number, texts};

/// Labels that break careless layouts; all can be drawn.
fn hostile(at: usize) -> String {
    match at % 6 {
        0 => "Studyofaverylongnamewithoutanyspacethatcouldbebrokenanywhereatallinitswholelength".to_owned(),
        1 => "A <b> & \"c\" > d'e \u{202E}reversed".to_owned(),
        2 => String::new(),
        3 => "多施設共同無作為化比較試験における長い研究名（第Ⅲ相、２０２４年、日本語）のとても長い例".to_owned(),
        4 => "x\ty\n z".to_owned(),
        _ => "Ærø–Ångström & Müller-Lüdenscheid et al. 1999, a trial with a long and windy name".to_owned(),
    }
}

fn plain(at: usize) -> String {
    format!("Study {}", at + 1)
}

/// A meta-analysis as its document says it, of studies with these names.
fn meta(name: impl Fn(usize) -> String, k: usize) -> MetaResult {
    let at = |i: usize| i as f64 / k as f64;
    let yi = |i: usize| -1.5 + 2.2 * at((i * 7) % k);
    let vi = |i: usize| 0.01 + 0.5 * at((i * 5) % k) * at((i * 5) % k);
    let studies: Vec<_> = (0..k)
        .map(|i| {
            let half = 1.96 * f64::sqrt(vi(i));
            json!({ "slab": name(i), "yi": yi(i), "vi": vi(i), "sei": vi(i).sqrt(), "ci": [yi(i) - half, yi(i) + half],
                "weight": 100.0 / k as f64 * (0.2 + 1.6 * at(i)), "x": { "intrcpt": 1.0, "dose": 10.0 * at((i * 3) % k) },
                "subgroup": name(i % 2) })
        })
        .collect();
    let refits: Vec<_> = (0..k)
        .map(|i| json!({ "study": name(i), "k": k - 1, "estimate": -0.5 + 0.01 * at(i), "ci": [-0.9, -0.1 - 0.05 * at(i)], "p": 0.01, "I2": 60.0 }))
        .collect();
    let group = |i: usize| json!({ "level": name(i), "estimate": -0.6 + 0.2 * at(i), "ci": [-1.0, -0.1], "tau2": 0.1, "I2": 50.0 });
    serde_json::from_value(json!({
        "k": k, "method": "REML", "level": 0.95, "tau2": 0.2, "I2": 65.0, "QE": 40.2, "QE_df": k - 1, "QE_p": 0.0001,
        "coefficients": [{ "name": "intrcpt", "estimate": -0.5, "se": 0.18, "statistic": -2.8, "p": 0.005, "ci": [-0.85, -0.15] }],
        "prediction": [-1.6, 0.6], "studies": studies, "leave_one_out": refits, "cumulative": refits,
        "subgroup": { "groups": [group(0), group(1)], "QB": 1.2, "QB_df": 1.0, "QB_p": 0.27 },
        "influence": (0..k).map(|i| json!({ "rstudent": -2.4 + 4.5 * at(i) })).collect::<Vec<_>>(),
        "baujat": (0..k).map(|i| json!({ "x": 3.0 * at((i * 3) % k), "y": at((i * 7) % k) })).collect::<Vec<_>>(),
        "trimfill": { "k0": 2.0, "coefficients": [{ "name": "intrcpt", "estimate": -0.3, "se": null, "statistic": null, "p": null, "ci": null }],
            "filled": [{ "yi": 0.9, "vi": 0.2 }, { "yi": 1.1, "vi": 0.3 }] },
        "gosh": (0..80).map(|i| json!({ "estimate": -1.0 + 0.01 * f64::from(i), "I2": f64::from(i) })).collect::<Vec<_>>(),
    }))
    .unwrap()
}

/// The same with a moderator.
fn regression_of(mut result: MetaResult) -> MetaResult {
    let slope =
        json!({ "name": "dose", "estimate": 0.04, "se": 0.02, "statistic": 2.0, "p": 0.046, "ci": [0.0008, 0.0792] });
    result.coefficients.push(serde_json::from_value(slope).unwrap());
    result.vcov = vec![vec![Some(0.03), Some(-0.002)], vec![Some(-0.002), Some(0.0004)]];
    result
}

fn look(lang: Lang, ratio: bool, side: &str) -> Look {
    let sides =
        if side.is_empty() { [String::new(), String::new()] } else { [format!("← {side}"), format!("{side} →")] };
    Look { lang, ratio, effect: String::new(), sides, title: String::new(), source: String::new() }
}

fn rows(name: impl Fn(usize) -> String, people: usize, visits: usize) -> Rows {
    let all = || (0..people).flat_map(|person| (0..visits).map(move |visit| (person, visit)));
    Rows {
        subject: all().map(|(person, _)| format!("{}{person}", name(person))).collect(),
        time: all().map(|(_, visit)| visit as f64).collect(),
        value: all()
            .map(|(person, visit)| {
                40.0 - 0.5 * visit as f64 + (person * 13 % 17) as f64 * 0.7 + ((person + visit) % 3) as f64
            })
            .collect(),
        response: "score".to_owned(),
        time_name: "month".to_owned(),
        change_at: Some(visits as f64 / 2.0),
        group: Vec::new(),
    }
}

fn fit(name: impl Fn(usize) -> String, people: usize, visits: usize) -> FitResult {
    let all = (0..people).flat_map(|person| (0..visits).map(move |visit| (person, visit)));
    let predict: Vec<_> = all
        .map(|(person, visit)| {
            let population = 46.0 - 0.5 * visit as f64;
            json!({ "population": population, "conditional": population + (person % 5) as f64, "se": 0.8 })
        })
        .collect();
    let levels: Vec<_> = (0..people)
        .map(|person| json!({ "level": name(person), "(Intercept)": (person * 7 % 11) as f64 - 5.0, "se": { "(Intercept)": 1.1 } }))
        .collect();
    serde_json::from_value(json!({ "n": people * visits, "level": 0.95, "sigma": 2.0, "predict": predict, "ranef": { "patient": levels } })).unwrap()
}

fn releases() -> Vec<Release> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/data");
    Dataset::load(root).unwrap().releases().to_vec()
}

fn nmo() -> (Release, ReleaseEffects) {
    let release = releases().into_iter().find(|release| release.id.starts_with("nmo")).unwrap();
    let computed = effects(&release, &ContrastOptions::default(), Default::default());
    (release, computed)
}

fn rate_counts() -> CountsResult {
    serde_json::from_value(json!({
        "rates": [
            { "events": 20.0, "time": 7.0, "estimate": 2.857, "intervals": { "garwood": [1.745, 4.413] } },
            { "events": 0.0, "time": 7.0, "estimate": 0.0, "intervals": { "garwood": [0.0, 0.527] } },
        ],
        "rate_ratio": { "estimate": 6.67, "intervals": { "exact": [1.98, null], "mid-p": [2.2, 28.0], "wald": [0.0, 22.0] }, "p": { "exact": 0.0005 } },
        "level": 0.95,
    }))
    .unwrap()
}

type Drawn = (String, Box<dyn Chart>);

/// Every kind, in one language, with labels of one kind.
fn all(lang: Lang, name: fn(usize) -> String, what: &str) -> Vec<Drawn> {
    let result = meta(name, 12);
    let side = name(5);
    let mut charts: Vec<Drawn> = Vec::new();
    let mut put = |kind: &str, chart: Box<dyn Chart>| charts.push((format!("{kind} {lang:?} {what}"), chart));
    for ratio in [false, true] {
        let look = look(lang, ratio, &side);
        let mut wide = result.clone();
        wide.columns = vec![(name(1), (0..12).map(|i| format!("{i}/100")).collect())];
        put("forest of groups", Box::new(plots::forest(&wide, &look).unwrap()));
        wide.subgroup = None;
        put("forest", Box::new(plots::forest(&wide, &look).unwrap()));
        put("funnel", Box::new(plots::funnel(&result, &look).unwrap()));
        put("radial", Box::new(plots::radial(&result, &look).unwrap()));
        put("baujat", Box::new(plots::baujat(&result, &look).unwrap()));
        put("gosh", Box::new(plots::gosh(&result, &look).unwrap()));
        put("qq", Box::new(plots::qq(&result, &look).unwrap()));
        put("cumulative", Box::new(plots::cumulative(&result, &look).unwrap()));
        put("leave-one-out", Box::new(plots::leave_one_out(&result, &look).unwrap()));
        put("regression", Box::new(plots::regression(&regression_of(result.clone()), &look, None).unwrap()));
        let arms: Vec<Arms> = (0..12)
            .map(|i| Arms {
                name: name(i),
                treated: i as f64 / 60.0,
                control: (i * 5 % 12) as f64 / 40.0,
                size: 50.0 + 40.0 * i as f64,
            })
            .collect();
        put("labbe", Box::new(plots::labbe(&arms, &result, if ratio { "RR" } else { "RD" }, &look).unwrap()));
        let curve: Vec<(f64, f64)> =
            (0..40).map(|i| (0.03 * f64::from(i), -12.0 - (0.03 * f64::from(i) - 0.2).powi(2) * 9.0)).collect();
        put("profile", Box::new(plots::likelihood(&curve, &result, 1.92, &look).unwrap()));
    }
    put("trajectory", Box::new(plots::trajectory(&rows(name, 20, 8), Some(&fit(name, 20, 8)), lang).unwrap()));
    let mut grouped = rows(name, 20, 8);
    grouped.group = (0..160).map(|row| format!("{}{}", name(5), (row / 8) % 3)).collect();
    put("trajectory of groups", Box::new(plots::trajectory(&grouped, Some(&fit(name, 20, 8)), lang).unwrap()));
    put("trajectory of groups as observed", Box::new(plots::trajectory(&grouped, None, lang).unwrap()));
    let profile: FitResult = serde_json::from_value(json!({ "n": 10, "profile": (0..5).map(|parameter| json!({
        "parameter": name(parameter), "points": (-20..=20).map(|step| json!({ "value": f64::from(step) * 0.3, "zeta": f64::from(step) * 0.15 }))
            .collect::<Vec<_>>() })).collect::<Vec<_>>() })).unwrap();
    put("profile of a fit", Box::new(plots::zeta(&profile, lang).unwrap()));
    put("caterpillar", Box::new(plots::caterpillar(&fit(name, 12, 4), None, None, lang).unwrap()));
    put("residuals", Box::new(plots::residuals(&rows(name, 12, 4), &fit(name, 12, 4), lang).unwrap()));
    put("rate", Box::new(plots::rates(&rate_counts(), &[name(0), name(5)], &name(5), lang).unwrap()));
    let proportion: CountsResult = serde_json::from_value(json!({ "proportion": { "k": 83, "n": 150, "level": 0.95,
        "intervals": { "wilson": [0.47, 0.63], "clopper-pearson": [0.47, 0.64], "mid-p": [0.47, 0.63], "jeffreys": [0.47, 0.63] } } })).unwrap();
    put("proportion", Box::new(plots::proportions_of_json(&proportion, lang, &name(5)).unwrap()));
    let (mut release, computed) = nmo();
    if what == "hostile" {
        for (at, outcome) in release.outcomes.iter_mut().enumerate() {
            outcome.label.en = name(at);
            outcome.label.ja = name(at);
        }
    }
    let computed = [(&release, computed)];
    let effects = &computed[0].1;
    put("proportions", Box::new(plots::proportions_of_releases(&computed, 0.95, lang).unwrap()));
    put("rounding", Box::new(plots::rounding(&release, effects, lang).unwrap()));
    for arrangement in [Arrangement::GardnerAltman, Arrangement::Cumming] {
        put("estimation", Box::new(plots::estimation(&release, effects, arrangement, lang).unwrap()));
    }
    let feasible = |_: &_| Some(reffect::numeric::interval::Interval { lower: -0.8, upper: 0.7 });
    put("sensitivity", Box::new(plots::sensitivity(&release, effects, feasible, lang).unwrap()));
    charts
}

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
                    check_structure(&format!("{name} {theme}"), &chart.svg(&style).unwrap());
                    drawn += 1;
                }
                for width in [560.0, 900.0, 1600.0] {
                    check_structure(&format!("{name} {width}"), &chart.svg(&style().with_width(width)).unwrap());
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
            match chart.svg(&style().with_width(width)) {
                Ok(svg) => check_structure(&format!("{name} {width}"), &svg),
                Err(ChartError::Crowded { .. }) => refused.push(name.clone()),
                Err(other) => panic!("{name}: {other}"),
            }
        }
    }
    // Rows with several columns of numbers need more than that; points never do.
    let points = ["funnel", "radial", "gosh", "qq", "trajectory", "sensitivity", "profile"];
    assert!(!refused.iter().any(|name| points.iter().any(|kind| name.starts_with(kind))), "{refused:?}");
}

#[test]
fn the_description_says_the_numbers() {
    let look = look(Lang::En, true, "");
    let svg = plots::forest(&meta(plain, 3), &look).unwrap().svg(&style()).unwrap();
    assert!(svg.contains("Study 1: Ratio [95 % CI] 0.22 [0.18, 0.27], Weight, % 6.7"), "{}", &svg[..2500]);
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
        let data = chart.data();
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
