//! What charts tell of the numbers that they draw: where a correlation comes from, how a spread was read, what is not
//! shown, what arrows, marks and legends mean.

use crate::common::cli::{Folder, json_of, stderr};

/// Runs the program, which must succeed.
fn run(folder: &Folder, call: &[&str]) -> serde_json::Value {
    let output = folder.run(call.iter().copied());
    assert!(output.status.success(), "{call:?}: {}", stderr(&output));
    if output.stdout.is_empty() { serde_json::Value::Null } else { json_of(&output) }
}

/// Draws a chart, of which the texts are given.
fn texts(folder: &Folder, call: &str) -> String {
    let call: Vec<&str> = ["plot"].into_iter().chain(call.split(' ')).chain(["-o", "chart.svg"]).collect();
    run(folder, &call);
    let svg = file(folder, "chart.svg");
    let document = roxmltree::Document::parse(&svg).unwrap();
    let all = document.descendants().filter(|node| node.has_tag_name("text")).filter_map(|node| node.text());
    all.collect::<Vec<_>>().join(" ")
}

fn file(folder: &Folder, name: &str) -> String {
    std::fs::read_to_string(folder.path(name)).unwrap()
}

/// Writes the result of `effect` on numbers before and after.
fn effect(folder: &Folder, printed: [&str; 2], others: &[&str]) {
    let call = [&["effect", "--before", printed[0], "--after", printed[1], "-n", "7", "--json"][..], others].concat();
    let output = folder.run(call);
    folder.write("r.json", &output.stdout);
}

#[test]
fn charts_know_where_a_correlation_comes_from() {
    let folder = Folder::new("whence-r");
    let printed = ["2.9 ± 1.1", "0.4 ± 0.8"];
    effect(&folder, printed, &["--t", "5.2"]);
    for chart in ["before-after r.json", "estimation r.json", "sensitivity r.json"] {
        let told = texts(&folder, chart);
        assert!(told.contains("follows from what is reported of the change"), "{chart}: {told}");
        assert!(!told.contains("was not reported"), "{chart}: {told}");
    }
    assert!(texts(&folder, "sensitivity r.json").contains("The r that the reported change gives"));
    effect(&folder, printed, &["--r", "0.5", "--r-source", "Smith 2019"]);
    let told = texts(&folder, "before-after r.json");
    assert!(told.contains("r = 0.5 is borrowed from Smith 2019.") && !told.contains("was not reported"), "{told}");
    assert!(texts(&folder, "sensitivity r.json").contains("The r that was given"));
    // One that the chart is given instead is borrowed from nobody.
    assert!(!texts(&folder, "before-after r.json --r 0.2").contains("Smith"));
    effect(&folder, ["2.9 ± 0", "0.4 ± 0.8"], &[]);
    assert!(texts(&folder, "before-after r.json").contains("any"));
    effect(&folder, ["2.9 ± 0", "0.4 ± 0"], &[]);
    let told = texts(&folder, "before-after r.json");
    assert!(told.contains("both SDs are 0: no interval can be"), "{told}");
}

/// Two releases may have an arm of the same name.
#[test]
fn arms_that_can_be_chosen_are_listed_once() {
    let folder = Folder::with_data("arms-once");
    let told = stderr(&folder.run(["plot", "before-after", "data", "--arm", "foo", "-o", "x.svg"]));
    assert!(told.contains("muse") && told.matches("muse,").count() == 1, "{told}");
}

/// The release reports both; it is the choice that leaves nothing.
#[test]
fn what_is_not_chosen_is_not_said_to_be_unreported() {
    let folder = Folder::with_data("chosen-none");
    for (kind, outcome) in [("proportion", "edss"), ("before-after", "relapse-free")] {
        let call = ["plot", kind, "data/nmo-tocilizumab-2014.toml", "--outcome", outcome, "-o", "x.svg"];
        let output = folder.run(call);
        assert_eq!(output.status.code(), Some(2), "{kind}");
        assert!(stderr(&output).contains("what --outcome and --arm name"), "{kind}: {}", stderr(&output));
    }
}

/// Whatever was reported of the change, under whatever rounding and level: the chart marks the r of the result.
#[test]
fn a_chart_has_the_recovered_r_of_its_result() {
    let folder = Folder::new("recovered-r");
    let changes = [
        &["--t", "5.2", "--rounding", "floor"][..],
        &["--p", "0.004"],
        &["--sd-change", "1.20"],
        &["--se", "0.48", "--level", "0.9"],
        &["--ci", "-3.6,-1.4", "--level", "0.9"],
    ];
    for change in changes {
        effect(&folder, ["2.9 ± 1.1", "0.4 ± 0.8"], change);
        let result: serde_json::Value = serde_json::from_str(&file(&folder, "r.json")).unwrap();
        let recovered = &result["contrasts"][0]["r_recovered"];
        let r = recovered["r"].as_f64().unwrap_or_else(|| panic!("{change:?}: {result}"));
        run(&folder, &["plot", "sensitivity", "r.json", "-o", "s.svg", "--data", "s.csv"]);
        let points = file(&folder, "s.csv");
        let drawn = points.split([',', '\n']).filter_map(|cell| cell.parse().ok()).any(|x: f64| (x - r).abs() < 1e-12);
        assert!(drawn, "{change:?}: no r of {r} in {points}");
    }
}

#[test]
fn the_p_value_of_a_result_is_that_of_its_chart() {
    let folder = Folder::new("alpha");
    effect(&folder, ["2.9 ± 1.1", "0.4 ± 0.8"], &["--alpha", "0.001"]);
    assert!(texts(&folder, "sensitivity r.json").contains("The r that p < 0.001 needs"));
}

const RECOVERED: &str = r#"
[[outcome]]
id = "o"
label = "Score"
scale = "continuous"
[[outcome.result]]
arm = "a"
before = "10.3 ± 4.5"
m6 = "7.3 ± 4.8"
statistic = "mean"
spread = "sd"
quote = "a phrase"
"#;

const CHANGE: &str = r#"
[[outcome.result]]
arm = "a"
m6 = "-3.0 ± 1.2"
statistic = "change"
spread = "sd"
quote = "a phrase"
"#;

/// The widths are those of `effect`, which takes what goes with the reported change.
#[test]
fn rounding_is_compared_with_the_interval_at_a_known_correlation() {
    let folder = Folder::new("known-r");
    folder.write("rec.toml", crate::common::release::release(&[("a", "12")], &(RECOVERED.to_owned() + CHANGE)));
    let result = run(&folder, &["effect", "rec.toml", "--json"]);
    let told = texts(&folder, "rounding rec.toml");
    assert!(told.contains("CI (r = 0.969)"), "{told}");
    let estimates = result["contrasts"][0]["estimates"].as_array().unwrap();
    for measure in ["MC", "ROMC", "dpre", "dav"] {
        let own = estimates.iter().find(|of| of["measure"] == measure).unwrap();
        let width = |of: &serde_json::Value| of[1].as_f64().unwrap() - of[0].as_f64().unwrap();
        let share = format!("] {:.0} ", 100.0 * width(&own["rounding"]) / width(&own["ci"]));
        assert!(told.contains(&share), "{measure} {share}: {told}");
    }
}

#[test]
fn what_a_printed_number_stands_for_follows_the_convention() {
    let folder = Folder::with_data("stands-for");
    let release = "rounding data/nmo-tocilizumab-2014.toml";
    assert!(texts(&folder, release).contains("2.9 stands for 2.85 to 2.95."), "{}", texts(&folder, release));
    let floor = texts(&folder, &format!("{release} --rounding floor"));
    assert!(floor.contains("2.9 stands for 2.90 to 3.00."), "{floor}");
}

#[test]
fn data_sets_tell_how_the_spread_was_read() {
    let folder = Folder::with_data("ensemble-read");
    let scale = ["-n", "7", "--min", "0", "--max", "8", "--json", "-o", "r.json"];
    for (kind, cells, told) in [
        ("se", ["2.9 ± 0.4", "0.4 ± 0.3"], "(± read as the standard error)"),
        ("sample", ["2.9 ± 1.1", "0.4 ± 0.8"], "(± read as the sample SD)"),
    ] {
        run(&folder, &[&["reconstruct"], &cells[..], &["--sd", kind], &scale[..]].concat());
        let all = texts(&folder, "ensemble r.json");
        assert!(all.contains(told), "{kind}: {all}");
    }
    let cells = ["reconstruct", "-0.9 ± 0.8", "-1.2 ± 0.9", "-n", "7", "--min", "-3", "--max", "3", "--step", "0.5"];
    run(&folder, &[&cells[..], &["--json", "-o", "r.json"]].concat());
    let all = texts(&folder, "ensemble r.json");
    assert!(all.contains("−0.5") && !all.contains("-0.5"), "{all}");
}

/// The axes of 7 people have 7 where 10 would be the first step.
#[test]
fn axes_of_people_have_two_numbers() {
    let folder = Folder::with_data("two-people");
    let call = "ensemble data/nmo-tocilizumab-2014.toml --width 330 --outcome edss";
    let all = texts(&folder, call);
    let words: Vec<&str> = all.split(' ').collect();
    assert!(words.windows(2).filter(|pair| *pair == ["0", "7"]).count() >= 2, "{all}");
}

/// A random effect of 387 beside those of some −10.
#[test]
fn arrows_of_random_effects_are_explained() {
    let folder = Folder::new("far-effect");
    let group = |g: u32| {
        let level = if g == 0 { 400.0 } else { f64::from(g) * 0.3 };
        (0..3).map(move |i| format!("g{g},{}\n", level + f64::from(i)))
    };
    folder.write("g.csv", "g,y\n".to_owned() + &(0..30).flat_map(group).collect::<String>());
    run(&folder, &["fit", "y ~ 1 + (1 | g)", "g.csv", "--ranef", "--json", "-o", "f.json"]);
    let all = texts(&folder, "caterpillar f.json");
    assert!(all.contains("Arrows mark effects and intervals that lie or go on beyond the axis"), "{all}");
}

#[test]
fn observations_of_nobody_are_not_shown() {
    let folder = Folder::new("nobody");
    folder.write("t.csv", "id,month,y,arm\n1,0,1,1\n1,1,2,1\n3,0,5,NA\n3,1,6,NA\nNA,0,9,1\n");
    let call = "trajectory t.csv --response y --time month --subject id";
    let all = texts(&folder, &format!("{call} --group arm --data d.csv"));
    assert!(all.contains("3 observations are not shown") && all.contains("1 individual, 2 observations"), "{all}");
    assert!(!all.contains("NaN") && !file(&folder, "d.csv").contains("NaN"), "{all}");
    assert!(texts(&folder, call).contains("1 observation is not shown"));
}

/// Fitted means of some 1e-10 differ as those of some 1 do.
#[test]
fn small_fitted_means_differ_too() {
    let folder = Folder::new("small-means");
    let mut table = "id,month,arm,y\n".to_owned();
    for (arm, slope, base) in [("a", 1.0, 0.0), ("b", -1.0, 4.0)] {
        for id in 0..4 {
            for month in 0..4 {
                let y =
                    1e-10 * (base + slope * f64::from(month) + 0.3 * f64::from(id) + 0.1 * f64::from(month * id % 3));
                table += &format!("{arm}{id},{month},{arm},{y:e}\n");
            }
        }
    }
    folder.write("t.csv", table);
    let formula = "y ~ month * arm + (1 | id)";
    run(&folder, &["fit", formula, "t.csv", "--predict", "t.csv", "--json", "-o", "f.json"]);
    let call = "plot trajectory t.csv f.json --response y --time month --subject id -o t.svg";
    let output = folder.run(call.split(' '));
    assert!(stderr(&output).contains("different fitted means"), "{}", stderr(&output));
}

/// Colours alone do not tell groups apart on paper.
#[test]
fn groups_of_many_people_have_marks() {
    let folder = Folder::new("many-people");
    let rows = (0..80).flat_map(|id| (0..3).map(move |t| format!("{id},{t},{},{}\n", id % 4, f64::from(id + t) * 0.1)));
    folder.write("t.csv", "id,t,arm,y\n".to_owned() + &rows.collect::<String>());
    let all = texts(&folder, "trajectory t.csv --response y --time t --subject id --group arm --theme print");
    assert!(all.contains("A mark stands at the last observation of each individual."), "{all}");
}

#[test]
fn the_ends_of_a_part_of_the_range_are_those_of_the_axis() {
    let folder = Folder::new("ends");
    run(&folder, &["effect", "--proportion", "19550/42000", "--json", "-o", "r.json"]);
    let all = texts(&folder, "proportion r.json");
    assert!(all.contains("Share, %: 46.0–47.1 of 0–100"), "{all}");
}

#[test]
fn an_area_is_a_weight_where_there_are_weights() {
    let folder = Folder::with_data("no-weights");
    let counts = ["meta", "data/published/nielweise2007.csv", "--measure", "OR", "--glmm", "UM.FS", "--mods", "year"];
    run(&folder, &[&counts[..], &["--json", "-o", "r.json"]].concat());
    assert!(!texts(&folder, "regression r.json").contains("area"));
    assert!(texts(&folder, "regression data/published/bcg.csv --mods ablat").contains("Studies (area: weight)"));
}

/// The names of models as the text of `meta` has them.
#[test]
fn models_are_called_what_they_are() {
    let folder = Folder::with_data("models");
    let counts = "meta data/published/nielweise2007.csv --measure OR --json -o r.json --glmm CM.EL --method";
    for (call, told) in [
        (&format!("{counts} FE")[..], "17 studies, fixed-effects model (CM.EL)"),
        (&format!("{counts} EE"), "17 studies, equal-effects model (CM.EL)"),
        (
            "meta data/published/konstantopoulos2011.csv --v-cluster district --v-rho 0.5 --json -o r.json",
            "56 effects, fixed-effects model with dependent sampling errors",
        ),
        ("meta data/published/bcg.csv --measure RR --scale ablat --json -o r.json", "location–scale model (REML)"),
    ] {
        run(&folder, &call.split(' ').collect::<Vec<_>>());
        let all = texts(&folder, "forest r.json");
        assert!(all.contains(told) && !all.contains("τ²"), "{call}: {all}");
    }
}

#[test]
fn each_set_of_means_can_be_drawn() {
    let folder = Folder::with_data("sets-of-means");
    let formula = "change ~ arm + visit + (1 | patient)";
    let sets = ["--emmeans", "arm", "--emmeans", "visit", "--json", "-o", "m.json"];
    run(&folder, &[&["fit", formula, "data/examples/visits.csv"][..], &sets].concat());
    let first = texts(&folder, "means m.json");
    assert!(first.contains("change by arm") && first.contains("The means by visit are not drawn"), "{first}");
    assert!(first.contains("over the levels of visit") && !first.contains("over the levels of arm"), "{first}");
    assert!(texts(&folder, "means m.json --time visit").contains("change by visit"));
    let output = folder.run("plot means m.json --time visit --group arm -o m.svg".split(' '));
    assert!(stderr(&output).contains("they are by arm, by visit"), "{}", stderr(&output));
}

#[test]
fn every_chart_of_counts_tells_what_was_added() {
    let folder = Folder::with_data("added-to-counts");
    for kind in ["forest", "labbe", "profile"] {
        let all = texts(&folder, &format!("{kind} data/published/nielweise2007.csv --measure OR"));
        assert!(all.contains("0.5 was added to the counts of 6 of 18 studies"), "{kind}: {all}");
    }
}

/// The size of each group follows from what a row has.
#[test]
fn each_study_of_a_labbe_plot_has_its_circle() {
    let folder = Folder::new("mixed-rows");
    folder.write("l.csv", "study,ai,bi,ci,di,n1i,n2i\nA,1,9,4,6,10,10\nB,2,8,3,7,,\nC,3,7,5,5,10,10\n");
    let all = texts(&folder, "labbe l.csv --measure RR --data d.csv");
    let data = file(&folder, "d.csv");
    assert!(all.contains("3 studies") && data.contains(",30,20,") && data.contains(",B"), "{data}");
}

/// A mean of 98.5 with a bar to 102.7 on a scale that ends at 100.
#[test]
fn an_arrow_is_seen_and_explained_where_there_is_one() {
    let folder = Folder::with_data("arrows-seen");
    let scale = RECOVERED.replace("\"continuous\"", "{ min = 0, max = 100, step = 0.1 }");
    let high = scale.replace("7.3 ± 4.8", "98.5 ± 4.2");
    folder.write("high.toml", crate::common::release::release(&[("a", "not stated")], &high));
    let all = texts(&folder, "before-after high.toml");
    assert!(all.contains("An arrow marks an end beyond the axis."), "{all}");
    // Over the mark of the mean.
    let svg = file(&folder, "chart.svg");
    let document = roxmltree::Document::parse(&svg).unwrap();
    let is_white = |node: &roxmltree::Node<'_, '_>| node.attribute("fill") == Some("#ffffff");
    let corners = document.descendants().filter(is_white).filter_map(|node| node.attribute("points"));
    assert_eq!(corners.filter(|points| points.split(' ').count() == 3).count(), 1);
    let inside = texts(&folder, "before-after data/nmo-tocilizumab-2014.toml --outcome edss");
    assert!(!inside.contains("An arrow marks"), "{inside}");
}

/// Of 10.3 ± 4.5 → 7.3 ± 4.8 on a scale of 30 all correlations but those below −0.999 are possible.
#[test]
fn what_is_too_narrow_to_be_seen_is_not_explained() {
    let folder = Folder::new("narrow-part");
    let scale = RECOVERED.replace("\"continuous\"", "{ min = 0, max = 30, step = 1 }");
    folder.write("s.toml", crate::common::release::release(&[("a", "12")], &scale));
    let all = texts(&folder, "sensitivity s.toml");
    assert!(!all.contains("Hatched") && !all.contains("No data set has this r"), "{all}");
}

/// Names stand beyond the normal quantile of the level, as the band follows it.
#[test]
fn a_quantile_plot_names_what_lies_beyond_its_level() {
    let folder = Folder::with_data("qq-level");
    let names = |level: &str| {
        let all = texts(&folder, &format!("qq data/published/bcg.csv --level {level}"));
        ["Hart & Sutherland 1977", "TPT Madras 1980"].map(|name| all.contains(name))
    };
    assert_ne!(names("0.8"), names("0.999"));
    assert_eq!(names("0.999"), [false, false]);
}

/// metafor 3.8-1's `rma.mh` keeps a study without events among its k and has no effect of it.
#[test]
fn studies_without_an_effect_are_told_in_every_chart() {
    let folder = Folder::new("no-effect");
    folder.write("t.csv", "ai,bi,ci,di\n1,9,3,7\n2,18,5,15\n0,10,0,10\n4,16,6,14\n");
    run(&folder, &["meta", "t.csv", "--measure", "OR", "--mh", "--json", "-o", "r.json"]);
    for chart in ["forest r.json", "funnel r.json", "radial r.json"] {
        let told = texts(&folder, chart);
        assert!(told.contains("1 of 4 studies, without an event"), "{chart}: {told}");
    }
}

/// The levels 2, 10, 100 of a column of numbers: the first mark is that of the first level.
#[test]
fn groups_of_numbers_stand_in_their_order() {
    let folder = Folder::new("numbered-groups");
    let row = |(at, dose): (usize, &&str)| {
        let value = |time: usize| (at * 7 % 5) + time * (at % 3);
        format!("p{at},0,{},{dose}\np{at},1,{},{dose}\n", value(0), value(1))
    };
    let doses = ["10", "100", "2"].repeat(4);
    let rows: String = doses.iter().enumerate().map(row).collect();
    folder.write("dose.csv", format!("id,t,y,dose\n{rows}"));
    let call = "trajectory dose.csv --response y --time t --subject id --group dose";
    let told = texts(&folder, call);
    let at = |name: &str| told.find(name).unwrap_or_else(|| panic!("{name} in {told}"));
    assert!(at("dose 2") < at("dose 10 ") && at("dose 10 ") < at("dose 100"), "{told}");
}

/// A result on two groups has no before and after, and is Japanese in Japanese.
#[test]
fn two_groups_of_a_result_have_names() {
    let folder = Folder::new("names-of-groups");
    let call = ["effect", "--group1", "2.9 ± 1.1", "--group2", "0.4 ± 0.8", "--n1", "7", "--n2", "9", "--json"];
    folder.write("e.json", folder.run(call).stdout);
    let english = texts(&folder, "between-arms e.json");
    assert!(english.contains("group 1") && !english.contains("after"), "{english}");
    let japanese = texts(&folder, "between-arms e.json --lang ja");
    assert!(japanese.contains("群1") && japanese.contains("入力"), "{japanese}");
    assert!(!japanese.contains("group") && !japanese.contains("given"), "{japanese}");
}

/// One study has no I² in any row.
#[test]
fn one_study_left_in_has_no_heterogeneity() {
    let folder = Folder::new("one-study");
    folder.write("one.csv", "study,yi,vi\nA,0.5,0.04\n");
    run(&folder, &["meta", "one.csv", "--leave-one-out", "--json", "-o", "r.json"]);
    let told = texts(&folder, "leave-one-out r.json");
    assert!(told.contains('—') && !told.contains(" 0 "), "{told}");
}

/// Of a row of which one occasion is drawn, the others are told.
#[test]
fn occasions_that_are_not_drawn_are_told() {
    let folder = Folder::new("occasions-left-out");
    let head = "label = \"Part\"\ntitle = \"x\"\npublisher = \"P\"\ndate = 2024-03-01\nlanguage = \"en\"\nkind = \"trial\"\n\
                source = { file = \"x.txt\" }\n[[occasion]]\nid = \"before\"\nlabel = \"before\"\n[[occasion]]\nid = \"w4\"\nlabel = \"week 4\"\n\
                [[occasion]]\nid = \"w52\"\nlabel = \"week 52\"\n[[arm]]\nid = \"a\"\nlabel = \"A\"\nn = 12\nquote = \"x\"\n\
                [[outcome]]\nid = \"pain\"\nlabel = \"Pain\"\nunit = \"points\"\nscale = \"nrs\"\n";
    let result = |fields: &str| format!("[[outcome.result]]\nquote = \"x\"\n{fields}\n");
    let whole = result("before = \"6.0 ± 1.5\"\nw52 = \"3.0 ± 1.6\"\nspread = \"sd\"");
    folder.write("part.toml", format!("{head}{whole}{}", result("w4 = \"5.0\"\nstatistic = \"mean\"")));
    for (chart, reason) in
        [("estimation", "no SD reported"), ("sensitivity", "no SD reported"), ("ensemble", "no mean with SD and n")]
    {
        let told = texts(&folder, &format!("{chart} part.toml"));
        assert!(told.contains(&format!("Not drawn: Pain · week 4 ({reason}).")), "{chart}: {told}");
    }
    assert!(!texts(&folder, "before-after part.toml").contains("Not drawn"));
    let same = result("before = \"6.0 ± 1.5\"\nw4 = \"6.0 ± 1.5\"\nw52 = \"3.0 ± 1.6\"\nspread = \"sd\"");
    folder.write("same.toml", format!("{head}{same}"));
    let told = texts(&folder, "rounding same.toml");
    assert!(told.contains("Not drawn: Pain · week 4 (no change, of which nothing is a percentage)."), "{told}");
    // Of two spreads each is told for its side.
    let mixed =
        [result("before = \"6.0 ± 1.5\"\nspread = \"sd\""), result("w52 = \"3.0 ± 0.4\"\nspread = \"se\"")].concat();
    folder.write("mixed.toml", format!("{head}{mixed}"));
    let told = texts(&folder, "before-after mixed.toml");
    assert!(told.contains("before: Mean and standard deviation (SD). week 52: Mean and standard error (SE)"), "{told}");
}

/// Receptors are no days, and visits have their order in the legend too.
#[test]
fn only_what_has_an_order_has_one() {
    let names = |levels: [&str; 3]| -> Vec<String> {
        let folder = Folder::new("order-of-levels");
        let rows: Vec<String> = (0..60)
            .map(|row| format!("{},{},{},{}", row % 12, row % 2, levels[row % 3], row as f64 * 0.31 % 2.7))
            .collect();
        folder.write("d.csv", format!("id,g,at,y\n{}\n", rows.join("\n")));
        run(
            &folder,
            &["fit", "y ~ factor(g) * at + (1 | id)", "d.csv", "--emmeans", "factor(g):at", "--json", "-o", "m.json"],
        );
        run(&folder, &["plot", "means", "m.json", "--time", "g", "--group", "at", "-o", "m.svg"]);
        let svg = file(&folder, "m.svg");
        let document = roxmltree::Document::parse(&svg).unwrap();
        let texts = document.descendants().filter(|node| node.has_tag_name("text")).filter_map(|node| node.text());
        texts.filter(|text| levels.contains(text)).map(str::to_owned).collect()
    };
    assert_eq!(names(["Week 12", "Week 4", "Baseline"]), ["Baseline", "Week 4", "Week 12"]);
}

/// An end at nothing takes the room of an arrow and no more; a column that nothing fills is not there.
#[test]
fn ends_at_nothing_do_not_stretch_the_axis() {
    let folder = Folder::new("ends-at-nothing");
    let estimate = |id: &str, value: &str, ci: &str| {
        format!(
            "[[estimate]]\nid = \"{id}\"\nlabel = \"{id}\"\nmeasure = \"hazard-ratio\"\nvalue = \"{value}\"\nci = \"{ci}\"\nquote = \"x\"\n"
        )
    };
    let head = "label = \"One\"\ntitle = \"x\"\npublisher = \"P\"\ndate = 2024-03-01\nlanguage = \"en\"\nkind = \"trial\"\n\
                source = { file = \"x.txt\" }\n";
    let both = [estimate("rare", "0.01", "0.00–0.06"), estimate("huge", "678.5", "1.2–38000")].concat();
    folder.write("one.toml", format!("{head}{both}"));
    run(&folder, &["plot", "reported", "one.toml", "-o", "one.svg"]);
    let svg = file(&folder, "one.svg");
    let document = roxmltree::Document::parse(&svg).unwrap();
    let all = document.descendants().filter(|node| node.has_tag_name("text")).filter_map(|node| node.text());
    let all: Vec<&str> = all.collect();
    let ticks: Vec<f64> = all.iter().filter_map(|text| text.parse().ok()).collect();
    // Printed 0.01 and 0.06 stand for 0.005 and more.
    assert!(ticks.contains(&1.0) && ticks.iter().all(|tick| *tick >= 0.0001), "{all:?}");
    assert!(
        !all.contains(&"Printed p") && all.contains(&"Arrows mark intervals that go on beyond the axis."),
        "{all:?}"
    );
}

#[test]
fn a_chart_of_several_releases_explains_its_arrows_once() {
    let folder = Folder::with_data("arrows-once");
    let told = texts(&folder, "before-after data data/trials");
    assert_eq!(told.matches("An arrow marks an end beyond the axis.").count(), 1, "{told}");
}
