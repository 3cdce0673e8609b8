//! Charts of a release with two arms: which statement belongs to which panel, shared axes, what is left out,
//! and the arms against one another; through the program.

use crate::common::cli::{Folder, stderr};
use reffect::effect::contrast::ContrastOptions;
use reffect::effect::of_release::effects;
use reffect::read::Dataset;
use reffect::report::plots::{self, Arrangement};
use reffect::reported::Lang;

/// Two arms: counts that some data and that no data print as, a rating, a change, a median, words only.
const TRIAL: &str = r#"
label = { en = "Drug in disease", ja = "ある病気への薬" }
title = "Drug works"
publisher = "A hospital"
date = 2021-03-12
language = "en"
kind = "trial"
source = { file = "drug.txt" }
[[arm]]
id = "drug"
label = { en = "drug", ja = "薬" }
n = 48
quote = "48"
[[arm]]
id = "placebo"
label = { en = "placebo", ja = "偽薬" }
n = 46
quote = "46"
[[outcome]]
id = "relapses"
label = { en = "Relapse rate", ja = "再発率" }
unit = "relapses/year"
better = "lower"
scale = "count"
  [[outcome.result]]
  arm = "drug"
  before = "1.42 ± 0.61"
  after = "0.31 ± 0.55"
  spread = "unexplained"
  quote = "a"
  [[outcome.result]]
  arm = "placebo"
  before = "1.39 ± 0.58"
  after = "0.82 ± 0.74"
  spread = "unexplained"
  quote = "b"
[[outcome]]
id = "edss"
label = "EDSS"
unit = "points"
better = "lower"
scale = "edss"
  [[outcome.result]]
  arm = "drug"
  before = "3.6 ± 1.4"
  after = "3.1 ± 1.5"
  spread = "sd"
  quote = "c"
  [[outcome.result]]
  arm = "placebo"
  before = "3.5 ± 1.3"
  after = "3.6 ± 1.4"
  spread = "sd"
  quote = "d"
[[outcome]]
id = "pain"
label = { en = "Pain", ja = "痛み" }
better = "lower"
scale = "nrs"
  [[outcome.result]]
  arm = "drug"
  after = "1.8 (1.1 to 2.5)"
  statistic = "change"
  spread = "ci95"
  quote = "e"
[[outcome]]
id = "survival"
label = { en = "Survival", ja = "生存期間" }
unit = "months"
better = "lower"
scale = "continuous"
  [[outcome.result]]
  arm = "drug"
  after = "24.5 (18.0–31.2)"
  statistic = "median"
  spread = "quartiles"
  quote = "f"
  [[outcome.result]]
  arm = "placebo"
  after = "19.1 (13.4–26.0)"
  statistic = "median"
  spread = "quartiles"
  quote = "g"
[[outcome]]
id = "mood"
label = { en = "Mood", ja = "気分" }
better = "lower"
scale = "continuous"
[[statement]]
claim = "significant"
label = "mood is better"
outcome = "mood"
quote = "h"
"#;

fn statement(outcome: &str, rest: &str) -> String {
    format!("[[statement]]\nclaim = \"significant\"\nlabel = \"s\"\noutcome = \"{outcome}\"\n{rest}\nquote = \"q\"\n")
}

/// The chart of a release as SVG, and its data.
fn draw(folder: &Folder, call: &str) -> (String, String) {
    let output = folder.run(["plot"].into_iter().chain(call.split(' ')).chain(["-o", "x.svg", "--data", "x.csv"]));
    assert!(output.status.success(), "{call}: {}", stderr(&output));
    let read = |name: &str| std::fs::read_to_string(folder.path(name)).unwrap();
    (read("x.svg"), read("x.csv"))
}

/// The texts of a picture, as if each stood on one line.
fn words(svg: &str) -> String {
    let document = roxmltree::Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text")).filter_map(|node| node.text());
    texts.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_p_value_stands_in_the_panel_of_its_own_change() {
    let folder = Folder::new("arms-sensitivity");
    let own = [
        statement("edss", "arm = \"drug\"\np = \"P<0.001\""),
        statement("edss", "arm = \"drug\"\np = \"p < 0.01\""),
        statement("edss", "arm = \"drug\"\nversus = \"placebo\"\np = \"p = 0.03\""),
    ];
    folder.write("trial.toml", format!("{TRIAL}{}", own.concat()));
    let (svg, csv) = draw(&folder, "sensitivity trial.toml");
    let lines = |panel: &str| csv.lines().filter(|line| line.starts_with(panel) && line.contains("reported")).count();
    assert_eq!((lines("EDSS · drug"), lines("EDSS · placebo")), (2, 0), "{csv}");
    assert!(!csv.contains("p = 0.03") && !words(&svg).contains("0.03 needs"), "a claim between arms");
    // Both are written alike, and their lines differ in the legend.
    let text = words(&svg);
    assert!(text.contains("reported p < 0.001 needs") && text.contains("reported p < 0.01 needs"), "{text}");
    assert!(text.contains("Not drawn: Pain (reported as a change only); Survival (a median); Mood (compared in words"));
}

#[test]
fn an_ensemble_says_what_it_cannot_show() {
    let folder = Folder::new("arms-ensemble");
    folder.write("trial.toml", TRIAL);
    let (svg, csv) = draw(&folder, "ensemble trial.toml");
    let text = words(&svg);
    for expected in ["Relapse rate · drug", "EDSS · drug", "EDSS · placebo", "16,722,685,090 data sets, too many for"]
    {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(
        text.contains("Not drawn: Relapse rate · placebo. No data set on the scale prints as 0.82 ± 0.74 (after).")
    );
    assert!(text.contains("unless there are too many") && csv.contains("\nEDSS · placebo,before,"), "{text}");
    // Where no bar has a whisker, nothing is said of bars without.
    let edss_only = TRIAL.replace("scale = \"count\"", "scale = \"continuous\"");
    folder.write("trial.toml", edss_only);
    let text = words(&draw(&folder, "ensemble trial.toml").0);
    assert!(text.contains("too many for whiskers: the least") && !text.contains("without a whisker"), "{text}");
}

/// The labels of the axes of values, panel by panel: numbers without a sign that end at the same place.
fn axes_of(svg: &str) -> Vec<Vec<String>> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let mut axes: std::collections::BTreeMap<i64, Vec<String>> = std::collections::BTreeMap::new();
    for node in document.descendants().filter(|node| node.has_tag_name("text")) {
        let text = node.text().unwrap_or_default();
        let number = |name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap();
        if text.chars().all(|c| c.is_ascii_digit() || c == '.') {
            let end = (10.0 * (number("x") + number("textLength"))).round() as i64;
            axes.entry(end).or_default().push(text.to_owned());
        }
    }
    axes.into_values().filter(|axis| axis.len() > 2).collect()
}

#[test]
fn the_arms_of_an_outcome_share_their_axes() {
    let folder = Folder::new("arms-axes");
    // One outcome, whose arms differ widely: each alone would have another axis.
    let only = TRIAL.split("[[outcome]]\nid = \"edss\"").next().unwrap();
    folder.write("trial.toml", only.replace("1.39 ± 0.58", "9.39 ± 4.58").replace("0.82", "6.82"));
    let axes = axes_of(&draw(&folder, "before-after trial.toml --width 1200").0);
    assert!(axes.len() == 2 && axes[0] == axes[1], "{axes:?}");
    let dataset = Dataset::load(folder.path("trial.toml")).unwrap();
    let release = &dataset.releases()[0];
    let computed = effects(release, &ContrastOptions::default(), Default::default());
    for (arrangement, rows) in [(Arrangement::GardnerAltman, 1), (Arrangement::Cumming, 2)] {
        let chart = plots::estimation(release, &computed, arrangement, Lang::En).unwrap();
        assert_eq!(chart.panels.len(), 2 * rows);
        for arms in chart.panels.chunks(2) {
            assert!(arms[0].y.range.is_some() && arms[0].y.range == arms[1].y.range, "{arrangement:?}");
        }
    }
}

#[test]
fn charts_name_the_outcomes_that_they_leave_out() {
    let folder = Folder::new("arms-left-out");
    folder.write("trial.toml", TRIAL);
    let note = "Pain (reported as a change only); Survival (a median); Mood (compared in words only).";
    for kind in ["before-after", "estimation", "sensitivity", "overview"] {
        let (svg, _) = draw(&folder, &format!("{kind} trial.toml --width 1400"));
        assert!(words(&svg).contains(&format!("Not drawn: {note}")), "{kind}: {}", words(&svg));
    }
    let (svg, _) = draw(&folder, "before-after trial.toml --lang ja --width 1400");
    let note = "図にない項目：痛み（変化量のみの報告）、生存期間（中央値のみ）、気分（言葉での比較のみ）。";
    assert!(words(&svg).contains(note), "{}", words(&svg));
}

/// g by its formula: with m = (3.1, 3.6), s = (1.5, 1.4), n = (48, 46), d = −0.5/1.4519 and J = 1 − 3/(4·92 − 1).
#[test]
fn arms_stand_against_one_another() {
    let folder = Folder::new("arms-between");
    folder.write("trial.toml", TRIAL);
    let (svg, csv) = draw(&folder, "between-arms trial.toml");
    let rows: Vec<&str> = csv.lines().filter(|line| line.starts_with("study,")).collect();
    assert_eq!(rows.len(), 4, "{csv}");
    let after: Vec<&str> = rows[3].split(',').collect();
    assert_eq!(after[1], "after");
    let g: f64 = after[2].parse().unwrap();
    let pooled = ((47.0 * 1.5f64.powi(2) + 45.0 * 1.4f64.powi(2)) / 92.0).sqrt();
    assert!((g - -0.5 / pooled * (1.0 - 3.0 / (4.0 * 92.0 - 1.0))).abs() < 1e-4, "{g}");
    let text = words(&svg);
    for expected in [
        "drug (n = 48)",
        "placebo (n = 46)",
        "3.1 ± 1.5",
        "Hedges' g (drug − placebo)",
        "favours drug",
        "favours placebo",
        "0.098",
        "± read as the SD",
        "Pain (reported of one arm only); Survival (a median); Mood (compared in words only).",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    // Where the directions differ none is turned, and nothing is favoured.
    folder.write("mixed.toml", TRIAL.replacen("better = \"lower\"", "better = \"higher\"", 1));
    let text = words(&draw(&folder, "between-arms mixed.toml").0);
    assert!(text.contains("Which way is better differs") && text.contains("higher in drug"), "{text}");
    assert!(!text.contains("favours"), "{text}");
    // A missing SD is told.
    folder.write("bare.toml", TRIAL.replace("\"3.1 ± 1.5\"", "\"3.1\"\n  statistic = \"mean\""));
    let text = words(&draw(&folder, "between-arms bare.toml --lang ja").0);
    assert!(text.contains("EDSS · 後（SD の報告なし）"), "{text}");
}

/// With several pairs of arms the columns cannot name them: each pair has a heading, and its rows the bare numbers.
#[test]
fn each_pair_of_three_arms_has_a_heading() {
    let folder = Folder::new("arms-three");
    let third =
        "[[arm]]\nid = \"high\"\nlabel = { en = \"high dose\", ja = \"高用量\" }\nn = 40\nquote = \"40\"\n[[outcome]]";
    let result = "  [[outcome.result]]\n  arm = \"high\"\n  before = \"3.7 ± 1.2\"\n  after = \"2.6 ± 1.1\"\n  spread = \"sd\"\n  \
                  quote = \"x\"\n[[outcome]]\nid = \"pain\"";
    let three = TRIAL.replacen("[[outcome]]", third, 1).replace("[[outcome]]\nid = \"pain\"", result);
    folder.write("trial.toml", three);
    let text = words(&draw(&folder, "between-arms trial.toml --width 1400").0);
    for pair in ["drug (n = 48) − placebo (n = 46)", "drug (n = 48) − high dose (n = 40)"] {
        assert_eq!(text.matches(&format!("EDSS (points, lower is better): {pair}")).count(), 1, "{pair}: {text}");
    }
    assert!(text.contains("2.6 ± 1.1") && !text.contains("2.6 ± 1.1 ("), "{text}");
    let text = words(&draw(&folder, "between-arms trial.toml --width 1400 --lang ja").0);
    assert!(text.contains("：薬（n = 48） − 高用量（n = 40）"), "{text}");
}

#[test]
fn without_two_arms_there_is_nothing_between_them() {
    let folder = Folder::with_data("arms-none");
    let output = folder.run(["plot", "between-arms", "data/nmo-tocilizumab-2014.toml", "-o", "x.svg"]);
    assert_eq!(output.status.code(), Some(2));
    let told = stderr(&output);
    assert!(told.contains("no contrast between two arms") && told.contains("would allow one"), "{told}");
    assert!(told.contains("EDSS (reported of one arm only)"), "{told}");
    assert!(!folder.path("x.svg").exists());
}

#[test]
fn the_report_shows_the_arms_after_before_and_after() {
    let folder = Folder::new("arms-report");
    folder.write("trial.toml", TRIAL);
    let output = folder.run(["report", "trial.toml", "-o", "out", "--format", "markdown", "--quiet"]);
    assert!(output.status.code() == Some(0) || output.status.code() == Some(1), "{}", stderr(&output));
    let text = std::fs::read_to_string(folder.path("out/index.md")).unwrap();
    let at = |name: &str| text.find(&format!("trial.{name}.en.svg")).unwrap_or_else(|| panic!("{name}: {text}"));
    assert!(at("before-after") < at("between-arms") && at("between-arms") < at("ensemble"));
    let page = std::fs::read_to_string(folder.path("out/index.html")).unwrap();
    assert!(page.contains("g (drug − placebo)") && page.contains("Hedges の g（薬 − 偽薬）"));
}

#[test]
fn numbers_stay_whole_where_an_overview_is_narrow() {
    let folder = Folder::new("arms-overview");
    let wide = TRIAL.replace("1.42 ± 0.61", "１．４２±０．６１").replace("0.31 ± 0.55", "０．３１±０．５５");
    folder.write("trial.toml", wide);
    for (width, lang) in [("640", "en"), ("700", "en"), ("700", "ja"), ("900", "ja")] {
        let (svg, _) = draw(&folder, &format!("overview trial.toml --width {width} --lang {lang}"));
        let text = words(&svg);
        for number in ["１．４２±０．６１", "０．３１±０．５５", "3.6 ± 1.4"] {
            assert!(text.contains(number), "{number}, {width} {lang}: {text}");
        }
    }
}

#[test]
fn outcomes_and_arms_are_chosen() {
    let folder = Folder::new("arms-chosen");
    folder.write("trial.toml", TRIAL);
    let rows =
        |csv: &str| csv.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect::<Vec<_>>();
    let (svg, csv) = draw(&folder, "overview trial.toml --outcome edss");
    assert_eq!(rows(&csv).len(), 2, "{csv}");
    assert!(csv.contains("EDSS · drug") && csv.contains("EDSS · placebo") && !csv.contains("Relapse"), "{csv}");
    let text = words(&svg);
    assert!(text.contains("Only a part of the release is drawn, as asked for (outcomes: EDSS)."), "{text}");
    assert!(!text.contains("Not drawn"), "{text}");
    let (svg, csv) = draw(&folder, "overview trial.toml --outcome relapses,edss --arm placebo --lang ja");
    assert_eq!(rows(&csv).len(), 2, "{csv}");
    assert!(csv.contains(",再発率,") && csv.contains(",EDSS,") && !csv.contains(" · "), "{csv}");
    assert!(words(&svg).contains("指定した部分のみを図示（項目：再発率、EDSS／群：偽薬）。"), "{}", words(&svg));
    // Without a choice nothing is said of one.
    assert!(!words(&draw(&folder, "overview trial.toml").0).contains("as asked for"));
    // Two arms are compared where both are named.
    let refused = |call: &str| {
        let output = folder.run(["plot"].into_iter().chain(call.split(' ')).chain(["-o", "y.svg"]));
        assert_eq!(output.status.code(), Some(2), "{call}");
        stderr(&output)
    };
    assert!(refused("between-arms trial.toml --arm drug").contains("no contrast between two arms"));
    let (_, csv) = draw(&folder, "between-arms trial.toml --arm drug,placebo --outcome edss");
    assert_eq!(csv.lines().filter(|line| line.starts_with("study,")).count(), 2, "{csv}");
    for (call, expected) in [
        ("overview trial.toml --outcome edsss", ["there is no outcome `edsss`", "did you mean `edss`?"]),
        ("overview trial.toml --arm placbo", ["there is no arm `placbo`", "did you mean `placebo`?"]),
        ("overview trial.toml --outcome pain --arm placebo", ["nothing is reported in the arms", "reffect show"]),
    ] {
        let told = refused(call);
        assert!(expected.iter().all(|text| told.contains(text)), "{call}: {told}");
    }
}

#[test]
fn a_report_draws_what_is_chosen_and_tells_everything() {
    let folder = Folder::new("arms-chosen-report");
    folder.write("trial.toml", TRIAL);
    let output = folder.run(["report", "trial.toml", "-o", "out", "--outcome", "edss"]);
    // Its quotes stand in no text, which the checks say.
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let text = words(&std::fs::read_to_string(folder.path("out/trial.before-after.en.svg")).unwrap());
    assert!(text.contains("EDSS") && !text.contains("Relapse rate"), "{text}");
    let page = std::fs::read_to_string(folder.path("out/index.html")).unwrap();
    assert!(page.contains("<td>Relapse rate · drug<td"), "the tables tell of all");
    let output = folder.run(["report", "trial.toml", "--arm", "drug"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("without a folder there are none"), "{}", stderr(&output));
}

/// 30 outcomes of two arms make a chart that no screen shows; it is drawn all the same.
#[test]
fn a_chart_too_high_to_be_read_names_the_way_out() {
    let folder = Folder::new("arms-high");
    let (head, rest) = TRIAL.split_once("[[outcome]]\nid = \"edss\"").unwrap();
    let one = format!("[[outcome]]\nid = \"edss\"{}", rest.split("[[outcome]]\nid = \"pain\"").next().unwrap());
    let many: String = (0..30).map(|at| one.replace("id = \"edss\"", &format!("id = \"edss-{at}\""))).collect();
    folder.write("trial.toml", format!("{head}{many}"));
    let run = |more: &[&str]| {
        let call = ["plot", "before-after", "trial.toml", "-o", "x.svg"];
        let output = folder.run(call.into_iter().chain(more.iter().copied()));
        assert!(output.status.success(), "{}", stderr(&output));
        stderr(&output)
    };
    let told = run(&[]);
    assert!(told.contains("pixels high") && told.contains("--outcome and --arm draw a part of it"), "{told}");
    assert_eq!(run(&["--outcome", "edss-3,edss-4"]), "");
    assert_eq!(run(&["--quiet"]), "");
}
