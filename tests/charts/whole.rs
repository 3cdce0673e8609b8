//! What charts told wholly or not at all: scales of unnamed logits, transformations in documents, ends of profiles,
//! fitted means, numbers of narrow axes, groups of one time, means that there are not.

use crate::common::cli::{Folder, stderr, stdout};

fn run(folder: &Folder, call: &[&str]) -> String {
    let output = folder.run(call.iter().copied());
    assert!(output.status.success(), "{call:?}: {}", stderr(&output));
    stdout(&output)
}

fn file(folder: &Folder, name: &str) -> String {
    std::fs::read_to_string(folder.path(name)).unwrap()
}

/// The texts of a picture.
fn texts(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let all = document.descendants().filter(|node| node.has_tag_name("text")).filter_map(|node| node.text());
    all.map(str::to_owned).collect()
}

fn says(folder: &Folder, name: &str, what: &str) -> bool {
    texts(&file(folder, name)).join(" ").contains(what)
}

/// The pooled logit of these is that of a share of 28 %: a share of 0 stands for nothing, and no line is there.
#[test]
fn logits_without_a_measure_are_shown_as_shares() {
    let folder = Folder::new("unnamed-logits");
    folder.write("l.csv", "study,yi,vi\nA,-1.2,0.04\nB,-0.8,0.05\nC,-1.5,0.09\nD,-0.4,0.03\n");
    run(&folder, &["plot", "forest", "l.csv", "--transf", "ilogit", "-o", "l.svg"]);
    assert!(says(&folder, "l.svg", "Proportion, %"), "{:?}", texts(&file(&folder, "l.svg")));
    assert!(!says(&folder, "l.svg", "Test of the pooled effect"));
}

#[test]
fn documents_of_all_models_say_how_effects_are_shown() {
    let folder = Folder::with_data("transf-kept");
    let bcg = "data/published/bcg.csv";
    for model in [["--random", "1 | alloc/trial"], ["--scale", "ablat"], ["--method", "DL"]] {
        let common = ["meta", bcg, "--measure", "RR", "--transf", "exp", "--json", "-o", "m.json"];
        run(&folder, &[&common[..], &model[..]].concat());
        let document: serde_json::Value = serde_json::from_str(&file(&folder, "m.json")).unwrap();
        assert_eq!(document["transf"], "exp", "{model:?}");
        run(&folder, &["plot", "forest", "m.json", "-o", "m.svg"]);
        assert!(says(&folder, "m.svg", "(log scale)"), "{model:?}");
    }
}

/// lme4 1.1-31: confint(lmer(y ~ 1 + (1 | g)), oldNames = FALSE) has 0 to 0.8205106.
#[test]
fn an_interval_that_ends_where_a_parameter_does_is_drawn_so() {
    let folder = Folder::new("profile-limit");
    folder.write("p.csv", "g,y\na,1.0\na,2.1\na,1.4\nb,2.6\nb,1.9\nb,2.2\nc,1.1\nc,2.5\nc,1.9\nd,2.9\nd,1.7\nd,2.7\n");
    run(&folder, &["fit", "y ~ 1 + (1 | g)", "p.csv", "--ci", "profile", "--json", "-o", "p.json"]);
    run(&folder, &["plot", "profile", "p.json", "-o", "p.svg"]);
    assert!(says(&folder, "p.svg", "[95 % CI 0.000, 0.821]"), "{:?}", texts(&file(&folder, "p.svg")));
}

/// The model's share of F is 8.1 % (3.5 to 12.7), below every study's own: the axis has room for it.
#[test]
fn fitted_means_stand_on_the_axis() {
    let folder = Folder::new("fitted-on-axis");
    folder.write("f.csv", "study,xi,ni,dose\nA,30,100,1\nB,60,200,2\nC,84,300,3\nD,60,400,4\nE,66,600,5\nF,60,600,6\n");
    run(
        &folder,
        &["plot", "forest", "f.csv", "--measure", "PR", "--mods", "dose", "-o", "f.svg", "--data", "f.csv.out"],
    );
    let svg = file(&folder, "f.svg");
    let lowest =
        texts(&svg).iter().filter_map(|text| text.strip_suffix(" %")?.parse::<f64>().ok()).fold(100.0, f64::min);
    assert!(lowest <= 5.0, "{lowest}: {:?}", texts(&svg));
}

/// One number alone tells no distance.
#[test]
fn narrow_axes_have_two_numbers() {
    let folder = Folder::new("narrow-axis");
    folder.write("n.csv", "study,yi,vi\nA,0.3,0.02\nB,0.5,0.03\nC,0.45,0.01\nD,0.7,0.05\n");
    for width in ["330", "380", "420", "460"] {
        run(&folder, &["plot", "forest", "n.csv", "--transf", "exp", "--width", width, "-o", "n.svg"]);
        let svg = file(&folder, "n.svg");
        let document = roxmltree::Document::parse(&svg).unwrap();
        let numbers = document
            .descendants()
            .filter(|node| node.has_tag_name("text") && node.text().is_some_and(|text| text.parse::<f64>().is_ok()));
        let heights: Vec<f64> = numbers.map(|node| node.attribute("y").unwrap().parse().unwrap()).collect();
        // The axis stands below the rows, each of which has numbers of its own.
        let lowest = heights.iter().copied().fold(0.0, f64::max);
        assert!(heights.iter().filter(|height| **height == lowest).count() >= 2, "{width}: {heights:?}");
    }
}

#[test]
fn a_group_of_one_time_keeps_its_band() {
    let folder = Folder::new("one-time");
    let rows = |id: &str, arm: &str, all: &[(u32, f64)]| {
        all.iter().map(|(time, y)| format!("{id},{arm},{time},{y}\n")).collect::<String>()
    };
    let mut table = "id,arm,time,y\n".to_owned();
    for (id, arm, all) in [
        ("a", "placebo", &[(0, 3.0), (8, 4.1)][..]),
        ("b", "placebo", &[(0, 2.2), (8, 3.9)]),
        ("c", "placebo", &[(0, 2.9), (8, 3.2)]),
        ("d", "verum", &[(8, 1.1)]),
        ("e", "verum", &[(8, 1.9)]),
        ("f", "verum", &[(8, 1.4)]),
    ] {
        table += &rows(id, arm, all);
    }
    folder.write("t.csv", &table);
    run(&folder, &["fit", "y ~ time + arm + (1 | id)", "t.csv", "--predict", "t.csv", "--json", "-o", "t.json"]);
    let columns = ["--response", "y", "--time", "time", "--subject", "id", "--group", "arm"];
    run(
        &folder,
        &[&["plot", "trajectory", "t.csv", "t.json", "-o", "t.svg", "--data", "d.csv"][..], &columns[..]].concat(),
    );
    let data = file(&folder, "d.csv");
    let bands: Vec<&str> = data.lines().filter(|line| line.contains("verum: 95 % band of the mean")).collect();
    assert_eq!(bands.len(), 1, "{data}");
}

#[test]
fn means_that_there_are_not_are_told() {
    let folder = Folder::new("no-mean");
    folder.write(
        "m.csv",
        "id,arm,visit,y\na,x,v1,1\na,x,v2,2\nb,x,v1,1.5\nb,x,v2,2.2\nc,z,v1,1.1\nd,z,v1,0.7\ne,z,v1,0.9\n",
    );
    run(&folder, &["fit", "y ~ arm * visit + (1 | id)", "m.csv", "--emmeans", "arm:visit", "--json", "-o", "m.json"]);
    for (lang, told) in [("en", "No mean of z:v2"), ("ja", "データから決まらない")] {
        run(&folder, &["plot", "means", "m.json", "--lang", lang, "-o", "m.svg"]);
        assert!(says(&folder, "m.svg", told), "{:?}", texts(&file(&folder, "m.svg")));
    }
}

/// metafor 3.8-1: make.unique of its own has "Ross 1990.1" and "Ross 1990.2".
#[test]
fn names_that_repeat_are_numbered() {
    let folder = Folder::new("same-names");
    folder.write("s.csv", "study,yi,vi\nRoss 1990,0.3,0.02\nKim 1994,0.5,0.03\nRoss 1990,0.45,0.01\n");
    let document: serde_json::Value = serde_json::from_str(&run(&folder, &["meta", "s.csv", "--json"])).unwrap();
    let names: Vec<&str> =
        document["studies"].as_array().unwrap().iter().filter_map(|of| of["slab"].as_str()).collect();
    assert_eq!(names, ["Ross 1990.1", "Kim 1994", "Ross 1990.2"]);
}

/// An I² of 99.7 is not 100, which none can be.
#[test]
fn an_i2_near_all_is_not_all() {
    let folder = Folder::with_data("i2");
    run(&folder, &["plot", "leave-one-out", "data/published/bcg.csv", "--measure", "RD", "-o", "l.svg"]);
    let all = texts(&file(&folder, "l.svg"));
    assert!(all.iter().any(|text| text == "99.95") && !all.iter().any(|text| text == "100"), "{all:?}");
    folder.write("w.csv", "study,yi,vi\nA,0,0.0001\nB,1,0.0001\nC,2,0.0001\n");
    run(&folder, &["plot", "forest", "w.csv", "-o", "w.svg"]);
    assert!(says(&folder, "w.svg", "I² = 99.99 %"), "{:?}", texts(&file(&folder, "w.svg")));
}

/// A picture goes its own way: its subtitle names no method that estimated nothing, and tells other weights and errors.
#[test]
fn the_subtitle_tells_what_was_given_to_the_model() {
    let folder = Folder::with_data("given-to-model");
    let forest = |call: &str| {
        let call = format!("meta data/published/{call} --json -o m.json");
        run(&folder, &call.replace('_', " ").split(' ').collect::<Vec<_>>());
        run(&folder, &["plot", "forest", "m.json", "-o", "m.svg"]);
        texts(&file(&folder, "m.svg")).join(" ")
    };
    for (call, told) in [
        ("bcg.csv --measure RR --tau2 0.2", "random-effects model (τ² given), 95 % intervals"),
        ("bcg.csv --measure RR --unweighted", "random-effects model (REML, unweighted)"),
        (
            "konstantopoulos2011.csv --cluster district",
            "random-effects model (REML, standard errors robust by district)",
        ),
        ("bcg.csv --measure RR", "random-effects model (REML), 95 % intervals"),
    ] {
        let all = forest(call);
        assert!(all.contains(told), "{call}: {all}");
    }
    run(
        &folder,
        &[
            "meta",
            "data/published/ishak2007.csv",
            "--random",
            "1 | study/time",
            "--sigma2",
            "20,NA",
            "--json",
            "-o",
            "m.json",
        ],
    );
    run(&folder, &["plot", "forest", "m.json", "-o", "m.svg"]);
    assert!(
        says(&folder, "m.svg", "multilevel model (REML, variances or correlations given)"),
        "{:?}",
        texts(&file(&folder, "m.svg"))
    );
}

#[test]
fn groups_that_are_left_out_are_called_groups() {
    let folder = Folder::with_data("left-out-groups");
    let schools =
        ["meta", "data/published/konstantopoulos2011.csv", "--random", "1 | district/school", "--leave-one-out"];
    run(&folder, &[&schools[..], &["--json", "-o", "m.json"]].concat());
    run(&folder, &["plot", "leave-one-out", "m.json", "-o", "m.svg"]);
    let all = texts(&file(&folder, "m.svg"));
    for told in ["Group left out", "district 11", "None: all effects"] {
        assert!(all.iter().any(|text| text == told), "{told}: {all:?}");
    }
    assert!(!all.iter().any(|text| text.contains("I², %")), "{all:?}");
    run(&folder, &[&schools[..], &["--mods", "year", "--json", "-o", "r.json"]].concat());
    let refused = folder.run(["plot", "leave-one-out", "r.json", "-o", "r.svg"]);
    assert!(stderr(&refused).contains("a regression has no single effect"), "{}", stderr(&refused));
    run(&folder, &["plot", "leave-one-out", "data/published/bcg.csv", "--measure", "RR", "-o", "s.svg"]);
    assert!(says(&folder, "s.svg", "Study left out") && says(&folder, "s.svg", "None: all studies"));
}

/// Half a diamond tells something else than a whole one.
#[test]
fn an_axis_cuts_no_grey_diamond() {
    let folder = Folder::with_data("cut-diamonds");
    let call = ["plot", "forest", "data/published/bcg.csv", "--measure", "RR", "--mods", "ablat", "-o", "m.svg"];
    run(&folder, &call);
    assert!(!says(&folder, "m.svg", "left out: the axis"));
    run(&folder, &[&call[..], &["--xlim", "0.4,2"]].concat());
    assert!(
        says(&folder, "m.svg", "The grey diamonds of 8 studies are left out"),
        "{:?}",
        texts(&file(&folder, "m.svg"))
    );
}

/// Means of 120 to 124 leave no room for 0, which is no mean of no effect.
#[test]
fn a_funnel_of_one_group_does_not_reach_to_nothing() {
    let folder = Folder::new("funnel-of-means");
    folder.write("m.csv", "study,mi,sdi,ni\nA,120.1,10,50\nB,123.5,11,40\nC,121.8,9,80\nD,122.7,12,35\n");
    run(&folder, &["plot", "funnel", "m.csv", "--measure", "MN", "-o", "m.svg"]);
    let all = texts(&file(&folder, "m.svg"));
    assert!(all.iter().any(|text| text == "122") && !all.iter().any(|text| text == "0" || text == "50"), "{all:?}");
}

/// Shares with narrow intervals, and rates taken back from their roots, have the digits of what is shown.
#[test]
fn digits_are_those_of_the_numbers_that_are_shown() {
    let folder = Folder::new("digits-shown");
    folder.write("p.csv", "study,xi,ni\nA,450,90000\nB,520,100000\nC,480,99000\n");
    run(&folder, &["plot", "leave-one-out", "p.csv", "--measure", "PLO", "--transf", "ilogit", "-o", "p.svg"]);
    // R 4.2: plogis(predict(rma(measure = "PLO", xi = xi, ni = ni))) of metafor 3.8-1 without A is 0.50269 [0.46938, 0.53835].
    let all = texts(&file(&folder, "p.svg"));
    assert!(all.iter().any(|text| text == "0.503 [0.469, 0.538]"), "{all:?}");
    folder.write("r.csv", "study,xi,ti\nA,20000,2\nB,29000,3\nC,11000,1\n");
    run(&folder, &["plot", "forest", "r.csv", "--measure", "IRS", "--transf", "isqrt", "-o", "r.svg"]);
    // (√10000 ± 1.959964 · √(1/(4 · 2)))² is 9861.9 to 10139.1.
    let all = texts(&file(&folder, "r.svg"));
    assert!(all.iter().any(|text| text == "10000 [9862, 10139]"), "{all:?}");
}

/// `ZPHI` taken back is φ, of a result as of a table.
#[test]
fn an_effect_taken_back_has_the_name_of_its_measure() {
    let folder = Folder::new("phi");
    folder.write("p.csv", "study,ai,bi,ci,di\nA,10,20,5,30\nB,12,18,9,25\nC,14,20,6,28\n");
    run(&folder, &["meta", "p.csv", "--measure", "ZPHI", "--json", "-o", "p.json"]);
    run(&folder, &["plot", "forest", "p.json", "--transf", "ztor", "-o", "p.svg"]);
    assert!(says(&folder, "p.svg", "Phi coefficient [95 % CI]"), "{:?}", texts(&file(&folder, "p.svg")));
}

/// An option that changes nothing is refused, as on other charts.
#[test]
fn options_without_effect_on_a_chart_are_refused() {
    let folder = Folder::with_data("no-effect");
    let bcg = "data/published/bcg.csv";
    for (call, told) in [
        (["forest", bcg, "-o", "f.svg", "--scale", "2"], "--scale has no effect on f.svg"),
        (["funnel", bcg, "-o", "f.svg", "--test", "knha"], "--test has no effect on a funnel chart"),
        (["profile", bcg, "-o", "f.svg", "--test", "t"], "--test has no effect on a profile chart"),
        (["gosh", bcg, "-o", "f.svg", "--slab", "author"], "--slab has no effect on a gosh chart"),
    ] {
        let refused = folder.run([&["plot"], &call[..]].concat());
        assert!(stderr(&refused).contains(told), "{call:?}: {}", stderr(&refused));
    }
    run(&folder, &["effect", "--rate1", "5/7", "--rate2", "3/7", "--json", "-o", "r.json"]);
    let refused = folder.run(["plot", "rate", "r.json", "-o", "r.svg", "--groups", "a,b,c"]);
    assert!(stderr(&refused).contains("--groups takes two names"), "{}", stderr(&refused));
}
