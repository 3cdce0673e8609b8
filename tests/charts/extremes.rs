//! Charts of numbers far from one another, very large or very small, and of many arms: nothing is cut, squeezed or
//! torn from what it belongs to.

use crate::common::cli::{Folder, stderr};
use crate::common::release::{outcome, release};

/// The texts of the chart of a call, with where they stand.
fn drawn(folder: &Folder, call: &[&str]) -> Vec<(String, f64, f64)> {
    let output = folder.run([&["plot"], call, &["-o", "c.svg"]].concat());
    assert!(output.status.success(), "{call:?}: {}", stderr(&output));
    let svg = std::fs::read_to_string(folder.path("c.svg")).unwrap();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let nodes = document.descendants().filter(|node| node.has_tag_name("text"));
    let place = |node: &roxmltree::Node<'_, '_>, name: &str| node.attribute(name).map_or(0.0, |at| at.parse().unwrap());
    nodes.filter_map(|node| Some((node.text()?.to_owned(), place(&node, "x"), place(&node, "y")))).collect()
}

fn texts(folder: &Folder, call: &[&str]) -> Vec<String> {
    drawn(folder, call).into_iter().map(|(text, ..)| text).collect()
}

/// A release of one arm, each outcome with what is printed before and after.
fn one_arm(outcomes: &[(&str, &str, &str)]) -> String {
    let lines = |before: &str, after: &str| format!("before = \"{before}\"\nm6 = \"{after}\"\nspread = \"sd\"");
    let all: String =
        outcomes.iter().map(|(id, before, after)| outcome(id, &[("drug", &lines(before, after))])).collect();
    release(&[("drug", "30")], &all)
}

#[test]
fn one_extreme_ratio_does_not_squeeze_an_overview() {
    let folder = Folder::new("overview-extreme");
    let usual =
        [("pain", "5.2 ± 1.1", "4.1 ± 1.6"), ("fatigue", "6.1 ± 2.0", "5.0 ± 1.4"), ("edss", "5.0 ± 1.0", "4.9 ± 1.3")];
    folder.write("usual.toml", one_arm(&usual));
    let extreme = [&usual[..], &[("load", "1234567.891 ± 345678.912", "1.2 ± 0.4")]].concat();
    folder.write("extreme.toml", one_arm(&extreme));
    // Intervals alone: 1.3 (0.003 to 502) among 0.8 to 1.
    let wide = [&usual[..], &[("titre", "1.0 ± 12.0", "1.3 ± 15.0")]].concat();
    folder.write("wide.toml", one_arm(&wide));
    let ticks = |file: &str| -> Vec<f64> {
        let all = texts(&folder, &["overview", file]);
        let note = all.iter().any(|text| text.starts_with("An arrow marks a ratio"));
        assert_eq!(note, file != "usual.toml", "{all:?}");
        // The numbers of people are whole.
        all.iter().filter_map(|text| text.parse().ok()).filter(|tick| *tick != 30.0).collect()
    };
    for file in ["usual.toml", "extreme.toml", "wide.toml"] {
        let ticks = ticks(file);
        assert!(ticks.len() > 2 && ticks.iter().all(|tick| (0.2..=5.0).contains(tick)), "{file}: {ticks:?}");
    }
    let numbers = texts(&folder, &["overview", "extreme.toml"]).join(" ");
    assert!(numbers.contains("9.7e−7 (8.3e−7 – 1.1e−6)"), "{numbers}");
    assert!(texts(&folder, &["overview", "extreme.toml", "--lang", "ja"]).join(" ").contains("矢印は比または区間が"));
    // Where extremes are half of the rows, they are what is to be seen.
    folder.write("both.toml", one_arm(&[("pain", "5.2 ± 1.1", "4.1 ± 1.6"), ("load", "900 ± 100", "0.9 ± 0.2")]));
    assert!(ticks_hold(&texts(&folder, &["overview", "both.toml"]), "0.001"));
}

/// 94 % is far from 46 % and 47 %, but no further from them than the line of no effect, which is on the axis.
#[test]
fn an_effect_is_shown_where_the_line_of_no_effect_is_as_far() {
    let folder = Folder::new("reach-reference");
    let effects: String = ["46%", "47%", "94%"]
        .iter()
        .enumerate()
        .map(|(at, value)| {
            format!(
                "\n[[estimate]]\nid = \"e{at}\"\nlabel = \"fall {at}\"\nmeasure = \"percent-reduction\"\nvalue = \"{value}\"\n\
                 arm = \"drug\"\nquote = \"a phrase\"\n"
            )
        })
        .collect();
    folder.write("falls.toml", release(&[("drug", "30")], &effects));
    let all = texts(&folder, &["reported", "falls.toml"]);
    assert!(ticks_hold(&all, "100 %") && !all.iter().any(|text| text.contains("arrow")), "{all:?}");
}

/// Of an effect that has a standard error and no interval, the axis holds ±1.96 SE; p stands without its name, in any
/// width.
#[test]
fn an_effect_with_a_standard_error_has_a_line() {
    let folder = Folder::new("reported-se");
    let effect = "\n[[estimate]]\nid = \"e\"\nlabel = \"fall\"\nmeasure = \"mean-change\"\nvalue = \"-6.8\"\nse = \"1.1\"\n\
                  p = \"ｐ＜0.001\"\narm = \"drug\"\nquote = \"a phrase\"\n";
    folder.write("se.toml", release(&[("drug", "30")], effect));
    let all = texts(&folder, &["reported", "se.toml"]);
    for text in ["-6.8 (SE 1.1)", "< 0.001", "−8"] {
        assert!(all.iter().any(|own| own == text), "{text}: {all:?}");
    }
    assert!(all.iter().any(|text| text.contains("±1.96 SE")), "{all:?}");
}

/// Equal studies give pooled effects that differ in the last bits of a double: these are one value, and get no axis of
/// sixteen decimals.
#[test]
fn what_differs_by_rounding_alone_is_one_value() {
    let folder = Folder::new("equal-subsets");
    folder.write("s.csv", format!("yi,vi\n{}", "0.5,0.1\n".repeat(6)));
    let all = texts(&folder, &["gosh", "s.csv"]);
    assert!(all.iter().all(|text| !text.contains("000")), "{all:?}");
    assert!(ticks_hold(&all, "0.5"), "{all:?}");
}

/// A moderator that is the same in all studies was given, and left out of the model.
#[test]
fn a_constant_moderator_is_not_asked_for_again() {
    let folder = Folder::new("constant-moderator");
    folder.write("s.csv", "yi,vi,x\n0.1,0.1,5\n0.2,0.1,5\n0.4,0.2,5\n");
    let output = folder.run(["plot", "regression", "s.csv", "--mods", "x", "-o", "c.svg"]);
    let told = stderr(&output);
    assert!(told.contains("x is left: they are the same in all studies") && !told.contains("pass --mods"), "{told}");
}

/// Long names stand above their rows on a narrow sheet, and are not torn into a column of single words.
#[test]
fn long_names_stand_above_narrow_rows() {
    let folder = Folder::new("long-names");
    let name = "A randomised controlled multicentre trial of one thing in people with another";
    let rows: String = (0..4).map(|at| format!("{name} {at},0.{at},0.1\n")).collect();
    folder.write("l.csv", format!("slab,yi,vi\n{rows}"));
    folder.write("s.csv", "slab,yi,vi\nA,0.1,0.1\nB,0.2,0.1\nC,0.3,0.1\nD,0.4,0.1\n");
    let lines = |table: &str, width: &str| {
        let all = drawn(&folder, &["forest", table, "--slab", "slab", "--width", width]);
        let from = all.iter().position(|(text, ..)| text.starts_with("Study")).unwrap();
        let to = all.iter().position(|(text, ..)| text.starts_with("Pooled")).unwrap();
        all[to].2 - all[from].2
    };
    // Two lines of a name and one of its row.
    assert!(lines("l.csv", "400") < 3.6 * lines("s.csv", "400"), "{} {}", lines("l.csv", "400"), lines("s.csv", "400"));
}

fn ticks_hold(texts: &[String], tick: &str) -> bool {
    texts.iter().any(|text| text == tick)
}

#[test]
fn no_number_is_cut_in_a_narrow_chart() {
    let folder = Folder::new("narrow-numbers");
    let tiny = ("tiny", "0.0000000021 ± 0.0000000006", "0.0000000012 ± 0.0000000005");
    folder.write("r.toml", one_arm(&[("load", "1234567.891 ± 345678.912", "1.2 ± 0.4"), tiny]));
    for kind in ["before-after", "overview", "estimation"] {
        for lang in ["en", "ja"] {
            let all = texts(&folder, &[kind, "r.toml", "--width", "320", "--lang", lang]).join("\n");
            for whole in ["1234567.891", "345678.912", "0.0000000021", "0.0000000006", "0.0000000012"] {
                assert!(all.contains(whole), "{kind}, {lang}: {whole} in {all}");
            }
        }
    }
    // Words under a narrow plot are not cut either.
    let names = drawn(&folder, &["estimation", "r.toml", "--width", "320"]);
    let name = |text: &str| names.iter().find(|(own, ..)| own == text).unwrap_or_else(|| panic!("{text}: {names:?}"));
    let (before, months) = (name("before"), name("0.3"));
    assert!(before.2 < months.2, "every other name stands lower");

    folder.write("t.csv", "study,yi,vi,mix,vm\nA,1.2e-9,1e-19,1234567.891,9e10\nB,2.4e-9,2e-19,0.5,0.01\nC,-9e-10,1.4e-19,1.2e-9,1e-19\nD,1.5e-9,8e-20,-0.3,0.04\n");
    let all = texts(&folder, &["forest", "t.csv", "--width", "400"]);
    assert!(all.iter().any(|text| text == "[1.5e−9, 3.3e−9]"), "{all:?}");
    assert!(!all.iter().any(|text| text.contains("0.000000")), "{all:?}");
    // A small effect among large ones keeps its digits, and one of a million does not squeeze them.
    let mixed = texts(&folder, &["forest", "t.csv", "--yi", "mix", "--vi", "vm"]);
    assert!(mixed.iter().any(|text| text.starts_with("1.2e−9 [")), "{mixed:?}");
    assert!(mixed.iter().any(|text| text.starts_with("Arrows mark effects and intervals")), "{mixed:?}");
    assert!(mixed.iter().filter_map(|text| text.parse::<f64>().ok()).all(|tick| tick < 1000.0), "{mixed:?}");
}

#[test]
fn differences_of_many_arms_stand_below_their_means() {
    let folder = Folder::new("many-arms");
    let arms: Vec<String> = (1..=7).map(|at| format!("dose{at}")).collect();
    let sizes: Vec<(&str, &str)> = arms.iter().map(|arm| (arm.as_str(), "20")).collect();
    let result = "before = \"5.2 ± 1.1\"\nm6 = \"4.1 ± 1.6\"\nspread = \"sd\"";
    let rows: Vec<(&str, &str)> = arms.iter().map(|arm| (arm.as_str(), result)).collect();
    folder.write("r.toml", release(&sizes, &outcome("pain", &rows)));
    for (width, columns) in [("1280", 4), ("700", 2), ("400", 1)] {
        let all = drawn(&folder, &["estimation", "r.toml", "--arrangement", "cumming", "--width", width]);
        let lefts =
            |start: &str| -> Vec<f64> { all.iter().filter(|(text, ..)| text == start).map(|(_, x, _)| *x).collect() };
        let (means, differences) = (lefts("Mean"), lefts("Difference"));
        assert_eq!((means.len(), &means), (7, &differences), "{width}");
        let mut distinct = means.clone();
        distinct.sort_by(f64::total_cmp);
        distinct.dedup();
        assert_eq!(distinct.len(), columns, "{width}");
    }
    // Beside one another they take three columns, and a page rather than a scroll.
    let all = drawn(&folder, &["estimation", "r.toml"]);
    let rows = all.iter().filter(|(text, x, _)| text == "Mean" && *x < 30.0).count();
    assert_eq!(rows, 3, "{all:?}");
}

#[test]
fn fishers_z_is_shown_as_correlations() {
    let folder = Folder::new("ztor");
    folder.write("c.csv", "study,ri,ni\nA,0.2,40\nB,0.55,55\nC,-0.1,30\nD,0.35,200\n");
    let call = ["forest", "c.csv", "--measure", "ZCOR"];
    let raw = texts(&folder, &call);
    assert!(raw.iter().any(|text| text == "Fisher’s z of the correlation"), "{raw:?}");
    let shown = texts(&folder, &[&call[..], &["--transf", "ztor"]].concat());
    assert!(shown.iter().any(|text| text == "Correlation"), "{shown:?}");
    // 0.55 comes back: its z is 0.618, with the interval tanh(0.618 ± 1.96/√52).
    assert!(shown.iter().any(|text| text == "0.55 [0.33, 0.71]"), "{shown:?}");
    let document = folder.run([
        "meta",
        "c.csv",
        "--measure",
        "ZCOR",
        "--transf",
        "ztor",
        "--leave-one-out",
        "--json",
        "-o",
        "c.json",
    ]);
    assert!(document.status.success(), "{}", stderr(&document));
    let told = texts(&folder, &["leave-one-out", "c.json", "--lang", "ja"]);
    assert!(told.iter().any(|text| text == "相関係数"), "{told:?}");
    let refused = folder.run(["plot", "funnel", "c.csv", "--measure", "ZCOR", "--transf", "ztor", "-o", "f.svg"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("Fisher's z as a correlation"), "{}", stderr(&refused));
}

#[test]
fn equal_studies_and_single_people_are_told_rightly() {
    let folder = Folder::new("equal");
    folder.write("e.csv", "study,yi,vi\nA,0.5,0.04\nB,0.5,0.04\nC,0.5,0.04\n");
    let all = texts(&folder, &["baujat", "e.csv"]);
    assert!(!all.iter().any(|text| text.starts_with('−')), "squares are not below 0: {all:?}");
    folder.write("t.csv", "id,week,value\np,0,-5.5\np,1,-5.4\n");
    let call = ["trajectory", "t.csv", "--response", "value", "--time", "week", "--subject", "id"];
    assert!(texts(&folder, &call).iter().any(|text| text.starts_with("1 individual, 2 observations")));
    folder.write("x.csv", "study,yi,vi,x\nA,1e5,1e10,0\nB,3e5,2e10,1e-7\nC,2e5,1e10,2e-7\nD,5e5,3e10,4e-7\n");
    let all = texts(&folder, &["regression", "x.csv", "--mods", "x"]).join(" ");
    assert!(all.contains("e11 per unit") || all.contains("e12 per unit"), "{all}");
}

/// The least r is (110.25 + 105.0625 − 8·0.25²/2.3646²)/(2·10.5·10.25) = 0.99987, with t of 7 degrees of freedom.
#[test]
fn a_needed_correlation_below_1_is_not_1() {
    let folder = Folder::new("needed-r");
    let text = one_arm(&[("score", "12.75 ± 10.5", "12.5 ± 10.25")]).replace("n = \"30\"", "n = \"8\"");
    folder.write("r.toml", text);
    for (lang, told) in [("en", "needs r ≥ 0.9999"), ("ja", "r ≥ 0.9999 が必要")] {
        let all = texts(&folder, &["sensitivity", "r.toml", "--lang", lang]).join(" ");
        assert!(all.contains(told), "{all}");
    }
}
