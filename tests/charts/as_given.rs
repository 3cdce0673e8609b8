//! Charts of tables and results as people have them: without a column that is not needed, with repeated rows, of
//! factors without an order, in narrow formats.

use crate::common::cli::{Folder, stderr, stdout};
use crate::named::{file, refused, run};
use reffect::chart::{Caption, Chart, IconRow, Icons, MethodInterval, Style};
use reffect::numeric::interval::Interval;

/// The rows of a chart's data that have a word.
fn rows<'t>(text: &'t str, word: &str) -> Vec<&'t str> {
    text.lines().filter(|line| line.contains(word)).collect()
}

#[test]
fn a_profile_of_a_meta_analysis_needs_its_table() {
    let folder = Folder::with_data("profile-of-meta");
    run(&folder, &["meta", "data/published/bcg.csv", "--measure", "RR", "--json", "-o", "m.json"]);
    let said = refused(&folder, &["plot", "profile", "m.json", "-o", "p.svg"]);
    assert!(said.contains("this result of a meta-analysis has no profile"), "{said}");
    // A result is one under any name.
    folder.write("m.txt", file(&folder, "m.json"));
    run(&folder, &["plot", "forest", "m.txt", "-o", "f.svg"]);
    run(&folder, &["plot", "forest", "m.json", "-o", "g.svg"]);
    assert_eq!(file(&folder, "f.svg"), file(&folder, "g.svg"));
}

/// A response can be texts or more than a column; the residuals of the result are all that is drawn.
#[test]
fn residuals_of_a_result_need_no_table() {
    let folder = Folder::new("residuals-alone");
    let row = |at: usize| format!("p{},{},{}\n", at / 4, at % 4, ["n", "y"][(at * 7 % 5) % 2]);
    folder.write("b.csv", "id,week,y\n".to_owned() + &(0..40).map(row).collect::<String>());
    run(
        &folder,
        &["fit", "y ~ week + (1 | id)", "b.csv", "--family", "binomial", "--residuals", "--json", "-o", "b.json"],
    );
    run(&folder, &["plot", "residuals", "b.json", "-o", "r.svg", "--data", "r.csv"]);
    assert_eq!(rows(&file(&folder, "r.csv"), ",Pearson residual,").len(), 40, "{}", file(&folder, "r.csv"));
    run(&folder, &["plot", "residuals", "b.csv", "b.json", "--subject", "id", "-o", "s.svg", "--data", "s.csv"]);
    assert!(rows(&file(&folder, "s.csv"), "p9").len() >= 8, "{}", file(&folder, "s.csv"));
    let said = refused(&folder, &["plot", "residuals", "b.json", "--response", "y", "-o", "r.svg"]);
    assert!(said.contains("--response has no effect"), "{said}");

    let row = |at: usize| format!("p{},{},{}\n", at / 4, at % 4, 20 + (at * 11) % 9);
    folder.write("c.csv", "id,week,conc\n".to_owned() + &(0..40).map(row).collect::<String>());
    let fit = ["fit", "log(conc) ~ week + (1 | id)", "c.csv", "--json", "-o", "c.json"];
    run(&folder, &[&fit[..], &["--residuals"]].concat());
    run(&folder, &["plot", "residuals", "c.csv", "c.json", "-o", "r.svg"]);
    run(&folder, &fit);
    let said = refused(&folder, &["plot", "residuals", "c.json", "-o", "r.svg"]);
    assert!(said.contains("pass --residuals to `fit`"), "{said}");
}

/// A result of `fit` with these means, by their factors.
fn of_means(factors: &[(&str, &[&str])]) -> String {
    let mut all = vec![String::new()];
    for (factor, levels) in factors {
        let with = |start: &String| {
            let comma = if start.is_empty() { "" } else { "," };
            levels.iter().map(|level| format!("{start}{comma}\"{factor}\":\"{level}\"")).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(with).collect();
    }
    let mean =
        |(at, levels): (usize, &String)| format!(r#"{{"levels":{{{levels}}},"estimate":{at},"ci":[{at},{at}.5]}}"#);
    let means: Vec<String> = all.iter().enumerate().map(mean).collect();
    format!(r#"{{"formula":"y ~ x","n":9,"link":"identity","emmeans":[{}]}}"#, means.join(","))
}

#[test]
fn means_say_of_which_factor_a_level_is() {
    let folder = Folder::new("means-factors");
    let level = ["High", "Low"];
    folder.write("m.json", of_means(&[("Infl", &level), ("Type", &["Flat", "House"]), ("Cont", &level)]));
    run(&folder, &["plot", "means", "m.json", "-o", "m.svg"]);
    let svg = file(&folder, "m.svg");
    assert!(svg.contains(">Cont: High<") && svg.contains(">Infl: High<") && svg.contains(">Flat<"), "{svg}");
    run(&folder, &["plot", "means", "m.json", "--lang", "ja", "-o", "m.svg"]);
    assert!(file(&folder, "m.svg").contains(">Cont：High<"));
    // Two factors without a level in common need no names.
    folder.write("m.json", of_means(&[("Infl", &level), ("Type", &["Flat", "House"])]));
    run(&folder, &["plot", "means", "m.json", "-o", "m.svg"]);
    assert!(file(&folder, "m.svg").contains(">High<"));
}

/// Under the chart 40 names would be broken into letters.
#[test]
fn many_means_stand_in_rows() {
    let folder = Folder::new("means-rows");
    let names: Vec<String> = (10..50).map(|at| format!("Sort{at}x")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    folder.write("m.json", of_means(&[("variety", &names)]));
    run(&folder, &["plot", "means", "m.json", "-o", "m.svg"]);
    let svg = file(&folder, "m.svg");
    assert!(names.iter().all(|name| svg.contains(&format!(">{name}<"))), "{svg}");
    let place = |name: &str| {
        let document = roxmltree::Document::parse(&svg).unwrap();
        let texts = crate::common::svg::texts(&document);
        crate::common::svg::text_box(*texts.iter().find(|node| node.text() == Some(name)).unwrap())
    };
    let [first, second] = [place("Sort10x"), place("Sort11x")];
    assert!((first[0] - second[0]).abs() < 0.01 && first[1] + 5.0 < second[1], "{first:?} {second:?}");
    // Few of them stand side by side, and those of visits in their course.
    folder.write("m.json", of_means(&[("variety", &names[..5])]));
    run(&folder, &["plot", "means", "m.json", "-o", "m.svg", "--data", "m.csv"]);
    let few = file(&folder, "m.csv").lines().count();
    folder.write("m.json", of_means(&[("visit", &names)]));
    run(&folder, &["plot", "means", "m.json", "-o", "m.svg", "--data", "m.csv"]);
    assert!(few > 5 && !file(&folder, "m.svg").contains(">Mean [95"), "{few}");
}

/// Names that end in numbers are treatments as well as visits: only what is known to be time is joined.
#[test]
fn only_means_in_time_are_joined() {
    let folder = Folder::new("means-joined");
    let lines = |factor: &str, levels: &[&str], more: &[&str]| {
        folder.write("m.json", of_means(&[(factor, levels)]));
        run(&folder, &[&["plot", "means", "m.json", "-o", "m.svg", "--data", "m.csv"], more].concat());
        // A mean and its interval; a line repeats the mean.
        file(&folder, "m.csv").lines().count() - 1 - 2 * levels.len()
    };
    let numbered = ["T1", "T2", "T3", "T4"];
    assert_eq!(lines("Type", &numbered, &[]), 0);
    assert_eq!(lines("Type", &numbered, &["--time", "Type"]), 4);
    assert_eq!(lines("visit", &numbered, &[]), 4);
    assert_eq!(lines("arm", &["Week 4", "Week 12"], &[]), 2);
    assert_eq!(lines("dose", &["-50", "0", "50"], &[]), 3);
    let svg = file(&folder, "m.svg");
    assert!(svg.contains(">−50<") && !svg.contains(">-50<"), "{svg}");
}

/// Groups stand beside a number by about a mark, however far the next number is.
#[test]
fn groups_stand_close_to_their_number() {
    let folder = Folder::new("means-apart");
    folder.write("m.json", of_means(&[("arm", &["a", "b", "c"]), ("dose", &["0", "500", "1000"])]));
    run(&folder, &["plot", "means", "m.json", "-o", "m.svg"]);
    let svg = file(&folder, "m.svg");
    // The last number is not cut for want of room right of the plot.
    assert!(svg.contains(">1000<"), "{svg}");
    let document = roxmltree::Document::parse(&svg).unwrap();
    let x = |node: roxmltree::Node<'_, '_>| node.attribute("cx").and_then(|x| x.parse::<f64>().ok());
    // Arm a is drawn with discs; the tick of 500 stands in the middle.
    let mut discs: Vec<f64> = document.descendants().filter_map(x).collect();
    discs.sort_by(f64::total_cmp);
    let texts = crate::common::svg::texts(&document);
    let tick = texts.iter().find(|node| node.text() == Some("500")).unwrap();
    let tick = crate::common::svg::text_box(*tick);
    let middle = (tick[0] + tick[2]) / 2.0;
    let nearest = discs.iter().map(|disc| (disc - middle).abs()).fold(f64::INFINITY, f64::min);
    assert!((4.0..16.0).contains(&nearest), "{nearest}: {discs:?}");
}

#[test]
fn parameters_of_residuals_are_told_in_words() {
    let folder = Folder::new("profile-words");
    let one = |name: &str| {
        format!(r#"{{"parameter":"{name}","points":[{{"value":0.1,"zeta":-2}},{{"value":0.9,"zeta":2}}]}}"#)
    };
    let names = ["sd 8.5", "sd 10", "cor 10.8.5", "cor lag 2", "sd|F", "dispersion"];
    let all: Vec<String> = names.iter().map(|name| one(name)).collect();
    folder.write("p.json", format!(r#"{{"n":9,"profile":[{}]}}"#, all.join(",")));
    for (lang, words) in [
        ("en", ["SD at 8.5", "SD at 10", "Correlation of 8.5 and 10", "Correlation at lag 2", "SD, F", "Dispersion"]),
        ("ja", ["8.5のSD", "10のSD", "8.5と10の相関", "ラグ2の相関", "SD（F）", "分散パラメータ"]),
    ] {
        run(&folder, &["plot", "profile", "p.json", "--lang", lang, "-o", "p.svg"]);
        let svg = file(&folder, "p.svg");
        assert!(words.iter().all(|word| svg.contains(&format!(">{word}<"))), "{svg}");
    }
}

/// Options that decide the effects give the chart of a table what `meta` has with them.
#[test]
fn charts_of_tables_take_what_decides_their_effects() {
    let folder = Folder::with_data("plot-options");
    let table = "data/published/bcg.csv";
    for options in [
        &["--subset", "alloc == 'random'"][..],
        &["--add", "2", "--to", "all"],
        &["--drop00"],
        &["--weights", "year"],
        &["--vtype", "LS"],
    ] {
        let options = [&["--measure", "RR"], options].concat();
        run(&folder, &[&["meta", table, "--json", "-o", "m.json"], &options[..]].concat());
        run(&folder, &["plot", "forest", "m.json", "-o", "m.svg"]);
        run(&folder, &[&["plot", "forest", table, "-o", "t.svg"], &options[..]].concat());
        assert_eq!(file(&folder, "m.svg"), file(&folder, "t.svg"), "{options:?}");
    }
    let said = refused(&folder, &["plot", "forest", "m.json", "--subset", "year > 1950", "-o", "t.svg"]);
    assert!(said.contains("--subset has no effect"), "{said}");
}

#[test]
fn rows_of_one_time_are_their_mean() {
    let folder = Folder::new("at-once");
    folder.write("c.csv", "id,arm,t,y\n1,A,0,1\n1,A,0,3\n1,A,1,5\n1,B,1,6\n2,B,0,4\n2,B,1,8\n");
    let plot = ["plot", "trajectory", "c.csv", "--response", "y", "--time", "t", "--subject", "id", "-o", "c.svg"];
    run(&folder, &[&plot[..], &["--data", "t.csv"]].concat());
    let text = file(&folder, "t.csv");
    assert_eq!(
        rows(&text, "observed,1,"),
        [",Each individual as observed,1,0,2,,", ",Each individual as observed,1,1,5.5,,"]
    );
    assert!(file(&folder, "c.svg").contains("its line goes through their mean"));
    let said = refused(&folder, &[&plot[..], &["--group", "arm"]].concat());
    assert!(said.contains("make a column of subject and group together"), "{said}");
}

/// In a column of a journal the plot has a share of the width in which intervals are seen, and says what it left out.
#[test]
fn a_narrow_forest_leaves_its_plot_room() {
    let folder = Folder::with_data("narrow-forest");
    let plot = ["plot", "forest", "data/published/bcg.csv", "--measure", "RR", "-o", "f.svg"];
    run(&folder, &[&plot[..], &["--journal", "lancet:1"]].concat());
    let svg = file(&folder, "f.svg");
    assert!(svg.contains("Columns that found no room: Weight, %."), "{svg}");
    run(&folder, &plot);
    assert!(!file(&folder, "f.svg").contains("found no room"));
}

/// Studies of one level that would hide each other stand side by side, and their data do not change.
#[test]
fn studies_of_a_level_stand_beside_each_other() {
    let folder = Folder::new("swarm");
    let row = |at: usize| format!("S{at},{},0.04,{}\n", (at % 6) as f64 / 60.0, ["a", "b"][at % 2]);
    folder.write("t.csv", "study,yi,vi,kind\n".to_owned() + &(0..24).map(row).collect::<String>());
    run(&folder, &["plot", "regression", "t.csv", "--mods", "kind", "-o", "r.svg", "--data", "r.csv"]);
    let svg = file(&folder, "r.svg");
    let document = roxmltree::Document::parse(&svg).unwrap();
    let place =
        |node: roxmltree::Node<'_, '_>| Some((node.attribute("cx")?.to_owned(), node.attribute("cy")?.to_owned()));
    let places: std::collections::HashSet<_> = document.descendants().filter_map(place).collect();
    assert!(places.len() >= 24, "{}", places.len());
    let text = file(&folder, "r.csv");
    assert!(rows(&text, ",S").iter().all(|row| row.contains(",0,") || row.contains(",1,")), "{text}");
}

/// The rows of a forest stand in the order that was asked for, within subgroups too; studies without a value are last.
#[test]
fn a_forest_has_the_order_that_is_asked_for() {
    let folder = Folder::new("as-given-order");
    folder.write(
        "t.csv",
        "study,yi,vi,year,g\nA,0.3,0.05,2001,x\nB,-0.1,0.02,,x\nC,0.8,0.09,1999,y\nD,0.1,0.04,2010,x\n",
    );
    folder.write("r.json", stdout(&folder.run(["meta", "t.csv", "--json"])));
    let names = |call: &[&str]| {
        let output = folder.run([&["plot", "forest"], call, &["-o", "f.svg", "--data", "f.csv"]].concat());
        assert_eq!(output.status.code(), Some(0), "{call:?}: {}", stderr(&output));
        let table = file(&folder, "f.csv");
        let studies = table.lines().filter_map(|line| line.strip_prefix("study,")?.split(',').next());
        studies.collect::<String>()
    };
    for (order, expected) in [("yi", "BDAC"), ("-yi", "CADB"), ("prec", "BDAC"), ("year", "CADB"), ("-year", "DACB")] {
        assert_eq!(names(&["t.csv", &format!("--order={order}")]), expected, "{order}");
    }
    assert_eq!(names(&["t.csv"]), "ABCD");
    assert_eq!(names(&["t.csv", "--subgroup", "g", "--order", "year"]), "ADBC");
    assert_eq!(names(&["r.json", "--order=-prec"]), "CADB");
    let told = |call: &[&str]| stderr(&folder.run([&["plot", "forest"], call, &["-o", "g.svg"]].concat()));
    assert!(told(&["r.json", "--order", "year"]).contains("a result holds no columns of its table"));
    assert!(told(&["t.csv", "--order", "yaer"]).contains("did you mean `year`?"));
}

/// The axis ends where it was asked to, and a column has the heading that it was given.
#[test]
fn axis_and_headings_are_as_given() {
    let folder = Folder::new("as-given-axis");
    folder.write("t.csv", "study,yi,vi,g\nA,0.3,0.05,x\nB,-0.1,0.02,y\nC,0.8,0.09,y\n");
    let call = ["plot", "forest", "t.csv", "--columns", "g=Allocation", "-o", "f.svg", "--xlim"];
    let drawn = |more: &[&str]| folder.run([&call[..], more].concat());
    assert_eq!(drawn(&["-0.5,1"]).status.code(), Some(0));
    let svg = file(&folder, "f.svg");
    assert!(svg.contains(">Allocation<") && svg.contains("beyond the axis"), "{svg}");
    for (limits, expected) in [
        (&["1,0"][..], "the lower one first"),
        (&["1"], "takes two numbers"),
        (&["0,1", "--transf", "exp"], "an axis of ratios does not begin at 0"),
        (&["0.2,1"], "would cut the interval"),
    ] {
        let told = stderr(&drawn(limits));
        assert!(told.contains(expected), "{limits:?}: {told}");
    }
}

#[test]
fn authors_have_several_names_of_columns() {
    let folder = Folder::new("authors");
    for (columns, name) in [("authors,year", "Bo 2001"), ("authorName,k", "Bo")] {
        folder.write("t.csv", format!("{columns},yi,vi\nBo,2001,0.1,0.04\nCy,2002,0.3,0.05\n"));
        run(&folder, &["plot", "forest", "t.csv", "-o", "f.svg"]);
        assert!(file(&folder, "f.svg").contains(&format!(">{name}<")), "{columns}");
    }
}

/// Intervals of large groups would lie hidden under their dots on an axis from 0 to 100 %.
#[test]
fn an_axis_of_shares_shows_the_part_where_intervals_lie() {
    let interval = Interval::between(0.431, 0.472);
    let row = IconRow {
        name: "relapse".to_owned(),
        printed: "1071/2373".to_owned(),
        k: 1071,
        n: 2373,
        intervals: vec![MethodInterval { method: "Wilson".to_owned(), printed: "43.1–47.2".to_owned(), interval }],
    };
    let legend = ["with".to_owned(), "without".to_owned()];
    let chart = Icons { caption: Caption::default(), legend, rows: vec![row], axis_title: "Share, %".to_owned() };
    let svg = chart.svg(&Style::default()).unwrap();
    assert!(svg.contains("Share, %: 43–48 of 0–100") && svg.contains(">45<"), "{svg}");
}

/// The data sets of a result are those of its scale and its rounding.
#[test]
fn charts_of_data_sets_keep_their_scale_and_their_rounding() {
    let folder = Folder::new("sets-as-given");
    let items = ["reconstruct", "3.67 ± 0.58", "3.33 ± 0.6", "-n", "3", "--items", "3", "--min", "1", "--max", "7"];
    run(&folder, &[&items[..], &["--json", "-o", "i.json"]].concat());
    run(&folder, &["plot", "ensemble", "i.json", "-o", "i.svg", "--data", "i.csv"]);
    // 10/3, 10/3, 13/3 and 3, 4, 4: each has two people of one value.
    let text = file(&folder, "i.csv");
    let before: Vec<&str> = rows(&text, ",before,");
    assert_eq!(before.len(), 4, "{text}");
    assert!(before[1].starts_with("outcome,before,3.333") && before[1].ends_with(",1,0,2"), "{text}");

    let floor = ["reconstruct", "6.1 ± 2.0", "3.0 ± 1.4", "-n", "7", "--scale", "nrs", "--rounding", "floor"];
    run(&folder, &[&floor[..], &["--json", "-o", "f.json"]].concat());
    run(&folder, &["plot", "ensemble", "f.json", "-o", "f.svg", "--data", "f.csv"]);
    let result: serde_json::Value = serde_json::from_str(&file(&folder, "f.json")).unwrap();
    let told: Vec<f64> = ["before", "after"]
        .iter()
        .flat_map(|cell| result[cell]["frequencies"].as_array().unwrap())
        .filter_map(|of| of["mean"].as_f64().filter(|mean| *mean > 0.0))
        .collect();
    let text = file(&folder, "f.csv");
    let drawn: Vec<f64> = [",before,", ",after,"]
        .iter()
        .flat_map(|side| rows(&text, side))
        .filter_map(|row| row.split(',').nth(4)?.parse().ok())
        .filter(|mean| *mean > 0.0)
        .collect();
    // A double that is read back may be its neighbour.
    let are_same = told.iter().zip(&drawn).all(|(told, drawn)| (told - drawn).abs() < 1e-12);
    assert!(!told.is_empty() && told.len() == drawn.len() && are_same, "{told:?} {drawn:?}");
    let said = refused(&folder, &["plot", "ensemble", "f.json", "-o", "f.svg", "--rounding", "ceil"]);
    assert!(said.contains("the result is of --rounding floor"), "{said}");

    let values = ["reconstruct", "1.5 ± 0.6", "1.6 ± 0.3", "-n", "4", "--values", "1,4/3,5/3,2"];
    run(&folder, &[&values[..], &["--json", "-o", "v.json"]].concat());
    let said = refused(&folder, &["plot", "ensemble", "v.json", "-o", "v.svg"]);
    assert!(said.contains("fractions such as 4/3"), "{said}");
}

/// R: −2.5 ± qt(0.975, 6) · √(0.4² + 0.3²) at r = 0: the ± is a standard error in the result and in its chart.
#[test]
fn charts_of_effects_keep_what_the_spread_is() {
    let folder = Folder::new("spread-as-given");
    let call = ["effect", "--before", "2.9 ± 0.4", "--after", "0.4 ± 0.3", "--spread", "se", "-n", "7"];
    run(&folder, &[&call[..], &["--json", "-o", "e.json"]].concat());
    let result: serde_json::Value = serde_json::from_str(&file(&folder, "e.json")).unwrap();
    let contrast = &result["contrasts"][0];
    assert_eq!(contrast["printed"], serde_json::json!({ "before": "2.9 ± 0.4", "after": "0.4 ± 0.3" }));
    assert_eq!(contrast["spread"], serde_json::json!({ "before": "se", "after": "se" }));
    run(&folder, &["plot", "estimation", "e.json", "-o", "e.svg", "--data", "e.csv"]);
    let text = file(&folder, "e.csv");
    let ends: Vec<f64> = rows(&text, "CI of the difference,r = 0,")[0]
        .split(',')
        .rev()
        .take(2)
        .map(|end| end.parse().unwrap())
        .collect();
    assert!((ends[1] + 3.7235).abs() < 1e-4 && (ends[0] + 1.2765).abs() < 1e-4, "{ends:?}");
    // Two groups may have a spread each.
    let groups =
        ["effect", "--group1", "2.9 (95% CI 2.0 to 3.8)", "--n1", "7", "--group2", "0.4 (SE 0.3)", "--n2", "9"];
    run(&folder, &[&groups[..], &["--json", "-o", "b.json"]].concat());
    run(&folder, &["plot", "between-arms", "b.json", "-o", "b.svg"]);
    let mixed = ["effect", "--before", "2.9 (SE 0.4)", "--after", "0.4 (SD 0.3)", "-n", "7", "--json", "-o", "m.json"];
    run(&folder, &mixed);
    let said = refused(&folder, &["plot", "estimation", "m.json", "-o", "m.svg"]);
    assert!(said.contains("the spread is se before and sd after"), "{said}");
}

/// At r = 1 both SDs cancel: a difference without a standard error has no density, and takes nothing from the others.
#[test]
fn a_density_is_seen_beside_one_without_width() {
    let folder = Folder::new("without-width");
    let call = ["effect", "--before", "5.0 ± 1.1", "--after", "3.0 ± 1.1", "-n", "7", "--json", "-o", "e.json"];
    run(&folder, &call);
    let widest = |r: &str| -> f64 {
        run(&folder, &["plot", "estimation", "e.json", "--r", r, "-o", "e.svg", "--data", "e.csv"]);
        let text = file(&folder, "e.csv");
        let places = rows(&text, "Density of the difference,,").into_iter();
        places.filter_map(|row| row.split(',').nth(3)?.parse::<f64>().ok()).fold(0.0, f64::max)
    };
    assert_eq!(widest("0,0.5,1"), widest("0,0.5"));
}

/// 42 % of 7 people is 3/7 where percentages are cut off, and none where they are rounded.
#[test]
fn shares_of_arms_are_rounded_as_it_is_said() {
    let folder = Folder::new("shares-rounded");
    let arm = |id: &str| format!("[[arm]]\nid = \"{id}\"\nlabel = \"{id}\"\nn = 7\nquote = \"seven patients\"\n");
    let row = |arm: &str, share: &str| {
        format!(
            "[[outcome.result]]\narm = \"{arm}\"\nafter = \"{share}\"\nstatistic = \"percent\"\nquote = \"{share}\"\n"
        )
    };
    let head = "label = \"A drug\"\ntitle = \"A drug\"\npublisher = \"A hospital\"\ndate = 2014-03-15\nlanguage = \"en\"\n\
                kind = \"trial\"\nsource = { file = \"release.txt\" }\n";
    let outcome = "[[outcome]]\nid = \"free\"\nlabel = \"Free\"\nbetter = \"higher\"\nscale = \"percent\"\n";
    let release = [head, &arm("a"), &arm("b"), outcome, &row("a", "42%"), &row("b", "28%")].concat();
    folder.write("trial.toml", release);
    run(&folder, &["plot", "proportion", "trial.toml", "--rounding", "floor", "-o", "p.svg", "--data", "p.csv"]);
    let text = file(&folder, "p.csv");
    assert!(text.contains("a,Wilson,3,7,") && text.contains("b,Wilson,2,7,"), "{text}");
    refused(&folder, &["plot", "proportion", "trial.toml", "-o", "p.svg"]);
}
