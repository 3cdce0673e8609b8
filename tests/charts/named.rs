//! Whose numbers charts show, and of what they are: names of studies, responses of models, correlations, axes.

use crate::common::cli::{Folder, json_of, stderr};

/// Runs the program, which must succeed.
pub fn run(folder: &Folder, args: &[&str]) {
    let output = folder.run(args);
    assert!(output.status.success(), "{args:?}: {}", stderr(&output));
}

/// What the program says where it refuses.
pub fn refused(folder: &Folder, args: &[&str]) -> String {
    let output = folder.run(args);
    assert!(!output.status.success(), "{args:?}");
    stderr(&output)
}

pub fn file(folder: &Folder, name: &str) -> String {
    std::fs::read_to_string(folder.path(name)).unwrap()
}

/// The only study of level c cannot be left out; `rstudent(rma(yi, vi, mods = ~ alloc))` of metafor 3.8-1 gives 8.718
/// for S6.
#[test]
fn points_have_the_names_of_their_studies() {
    let folder = Folder::new("named-points");
    folder.write(
        "t.csv",
        "study,yi,vi,alloc\nS1,0.10,0.04,a\nS2,0.30,0.05,a\nS3,0.55,0.03,b\nS4,-0.20,0.06,c\nS5,0.80,0.05,b\nS6,2.90,0.04,a\n\
         S7,0.15,0.05,b\n",
    );
    let mods = ["--mods", "alloc"];
    run(&folder, &[&["plot", "qq", "t.csv", "-o", "q.svg", "--data", "q.csv"], &mods[..]].concat());
    let largest = file(&folder, "q.csv").lines().find(|line| line.contains("8.71")).unwrap_or_default().to_owned();
    assert!(largest.contains("S6"), "{largest}");
    run(&folder, &[&["plot", "baujat", "t.csv", "-o", "b.svg", "--data", "b.csv"], &mods[..]].concat());
    let text = file(&folder, "b.csv");
    assert!(text.contains("S6") && text.contains("S7") && !text.contains("S4"), "{text}");
    // It stays in the chart that leaves each out.
    folder.write("one.csv", "study,yi,vi,year\nA,0.1,0.04,2001\nB,0.4,0.05,2002\n");
    run(&folder, &["plot", "cumulative", "one.csv", "--order", "year", "-o", "c.svg"]);
    assert!(file(&folder, "c.svg").contains("—"), "the first study alone has no I²");
}

/// Groups of a multilevel model have their own names.
#[test]
fn points_of_groups_have_the_names_of_groups() {
    let folder = Folder::new("named-groups");
    folder.write(
        "t.csv",
        "study,lab,yi,vi\nr1,L1,0.1,0.04\nr2,L1,0.2,0.05\nr3,L2,0.3,0.03\nr4,L2,0.1,0.04\nr5,L3,3.9,0.05\nr6,L4,0.2,0.04\nr7,L5,0.1,0.05\n",
    );
    run(&folder, &["meta", "t.csv", "--random", "1|lab/study", "--influence", "--json", "-o", "m.json"]);
    run(&folder, &["plot", "qq", "m.json", "-o", "q.svg", "--data", "q.csv"]);
    let text = file(&folder, "q.csv");
    assert!(text.contains("L3") && !text.contains("r3"), "{text}");
    // There is no single variance that a radial plot could divide by.
    assert!(refused(&folder, &["plot", "radial", "m.json", "-o", "r.svg"]).contains("no single variance"));
}

/// Satterthwaite's degrees of freedom differ from one value of the moderator to the next.
#[test]
fn a_mean_whose_degrees_of_freedom_differ_has_no_band() {
    let folder = Folder::new("robust-band");
    folder.write(
        "t.csv",
        "study,yi,vi,dose,lab\nS1,0.10,0.04,1,a\nS2,0.30,0.05,2,a\nS3,0.55,0.03,3,b\nS4,-0.20,0.06,2,b\nS5,0.80,0.05,5,c\nS6,0.90,0.04,4,c\n\
         S7,0.15,0.05,1,d\nS8,0.25,0.05,9,d\nS9,0.65,0.02,3,e\n",
    );
    let model = ["--mods", "dose", "--cluster", "lab"];
    run(&folder, &[&["meta", "t.csv", "--json", "-o", "m.json"], &model[..]].concat());
    run(&folder, &["plot", "regression", "m.json", "-o", "r.svg", "--data", "r.csv"]);
    assert!(!file(&folder, "r.csv").contains("CI of the mean effect"));
    assert!(file(&folder, "r.svg").contains("degrees of freedom differ"));
    run(&folder, &["meta", "t.csv", "--mods", "dose", "--json", "-o", "plain.json"]);
    run(&folder, &["plot", "regression", "plain.json", "-o", "r.svg", "--data", "r.csv"]);
    assert!(file(&folder, "r.csv").contains("CI of the mean effect"));
}

/// A slope without an intercept is no pooled effect, and the likelihood of moments is not restricted.
#[test]
fn charts_are_called_what_they_are() {
    let folder = Folder::with_data("called");
    let bcg = "data/published/bcg.csv";
    let table = [bcg, "--measure", "RR"];
    run(&folder, &[&["plot", "forest", "-o", "f.svg", "--mods", "0 + ablat"], &table[..]].concat());
    assert!(!file(&folder, "f.svg").contains("Pooled effect"));
    let text = folder.run([&["meta", "--mods", "0 + ablat"], &table[..]].concat());
    assert!(String::from_utf8_lossy(&text.stdout).contains("Mixed-effects meta-regression"));
    for (method, restricted) in [("REML", true), ("ML", false), ("DL", false), ("PM", false)] {
        run(&folder, &[&["plot", "profile", "-o", "p.svg", "--method", method], &table[..]].concat());
        assert_eq!(file(&folder, "p.svg").contains("Restricted log-likelihood"), restricted, "{method}");
    }
    folder.write(
        "small.csv",
        "study,yi,vi\nA,0.0021,0.0000004\nB,0.0032,0.0000006\nC,0.0011,0.0000003\nD,0.0045,0.0000009\n",
    );
    run(&folder, &["plot", "radial", "small.csv", "-o", "r.svg"]);
    assert!(!file(&folder, "r.svg").contains("Pooled effect 0.00."));
}

/// R: `resid(lmer(log(Reaction) ~ Days + (Days | Subject), sleepstudy))[1]` is −0.02510 (lme4 1.1-31).
#[test]
fn residuals_are_those_of_the_response_that_was_modelled() {
    let folder = Folder::with_data("modelled");
    let table = "data/published/sleepstudy.csv";
    run(
        &folder,
        &["fit", "log(Reaction) ~ Days + (Days|Subject)", table, "--predict", table, "--json", "-o", "f.json"],
    );
    let said = refused(&folder, &["plot", "residuals", table, "f.json", "--response", "Reaction", "-o", "r.svg"]);
    assert!(said.contains("its model is of `log(Reaction)`"), "{said}");
    let trajectory =
        ["plot", "trajectory", table, "f.json", "--response", "Reaction", "--time", "Days", "--subject", "Subject"];
    let said = refused(&folder, &[&trajectory[..], &["-o", "t.svg"]].concat());
    assert!(said.contains("its model is of `log(Reaction)`"), "{said}");
    let mut lines = file(&folder, table).lines().map(str::to_owned).collect::<Vec<_>>();
    let at = lines[0].split(',').position(|name| name == "Reaction").unwrap();
    for line in &mut lines[1..] {
        let value: f64 = line.split(',').nth(at).unwrap().parse().unwrap();
        *line = format!("{line},{}", value.ln());
    }
    lines[0] += ",logged";
    folder.write("logged.csv", lines.join("\n") + "\n");
    run(
        &folder,
        &["fit", "logged ~ Days + (Days|Subject)", "logged.csv", "--predict", "logged.csv", "--json", "-o", "l.json"],
    );
    run(
        &folder,
        &["plot", "residuals", "logged.csv", "l.json", "--response", "logged", "-o", "r.svg", "--data", "r.csv"],
    );
    let text = file(&folder, "r.csv");
    let first = text.lines().find(|line| line.contains("Residual,")).unwrap();
    assert!(first.contains(",-0.02510"), "{first}");
}

/// Weights and correlated visits give each residual an SD of its own: the document's `scaled` is drawn.
#[test]
fn residuals_are_divided_by_their_own_sd() {
    let folder = Folder::new("own-sd");
    let rows: String = (0..40)
        .map(|at| {
            let (group, x, weight) = (at / 4, at % 4, 1 + 3 * (at % 3));
            format!(
                "g{group},{x},{weight},{}\n",
                10.0 + 0.3 * f64::from(x) + f64::from(group % 3) + f64::from((at * 7919) % 13) / 6.0
            )
        })
        .collect();
    folder.write("w.csv", "g,x,w,y\n".to_owned() + &rows);
    for options in
        [&["y ~ x + (1|g)", "--weights", "w"][..], &["y ~ x", "--residual", "us", "--time", "x", "--subject", "g"][..]]
    {
        run(&folder, &[&["fit"], options, &["w.csv", "--predict", "w.csv", "--json", "-o", "f.json"]].concat());
        let plot = ["plot", "residuals", "w.csv", "f.json", "--response", "y", "-o", "r.svg", "--data", "r.csv"];
        assert!(refused(&folder, &plot).contains("pass --residuals to `fit`"));
        let output = folder.run([&["fit"], options, &["w.csv", "--residuals", "--json"]].concat());
        let document = json_of(&output);
        folder.write("f.json", &output.stdout);
        run(&folder, &plot);
        let scaled = document["residuals"].as_array().unwrap().iter().map(|row| row["scaled"].as_f64().unwrap());
        let largest = scaled.fold(f64::NEG_INFINITY, f64::max);
        let text = file(&folder, "r.csv");
        let numbers = text.lines().skip(1).flat_map(|line| line.split(',').map(str::parse::<f64>));
        assert!(numbers.flatten().any(|number| (number - largest).abs() < 1e-9), "{largest}\n{text}");
    }
}

/// 0.0332 to 0.572 is the interval at r = 0.3; 0.0305 to 0.623 that at r = 0 (delta method by hand).
#[test]
fn intervals_of_a_given_r_are_called_so() {
    let folder = Folder::with_data("overview-r");
    let release = "data/nmo-tocilizumab-2014.toml";
    run(&folder, &["plot", "overview", release, "--r", "0.3", "-o", "o.svg", "--data", "o.csv"]);
    let picture = file(&folder, "o.svg");
    assert!(picture.contains("if r = 0.3") && !picture.contains("if r = 0)") && !picture.contains("r = 0.9"));
    assert!(file(&folder, "o.csv").contains("0.0332"));
    run(&folder, &["plot", "overview", release, "--r", "0.8,0", "-o", "o.svg", "--data", "o.csv"]);
    let picture = file(&folder, "o.svg");
    assert!(picture.contains("if r = 0)") && picture.contains("if r = 0.8"));
    assert!(file(&folder, "o.csv").contains("0.0305"));
    assert!(
        refused(&folder, &["plot", "overview", release, "--r", "0,0.5,0.8", "-o", "o.svg"])
            .contains("lowest and the highest")
    );
}

/// An effect may have the name of a field.
#[test]
fn random_effects_keep_their_levels() {
    let folder = Folder::new("ranef-level");
    let rows: String = (0..36)
        .map(|at| {
            let (group, x) = (at / 6, f64::from(at % 6));
            format!("g{group},{x},{}\n", 2.0 + x * (0.5 + 0.2 * f64::from(group)) + f64::from((at * 31) % 7) / 10.0)
        })
        .collect();
    folder.write("t.csv", "g,level,y\n".to_owned() + &rows);
    let output = folder.run(["fit", "y ~ level + (0 + level|g)", "t.csv", "--ranef", "--json"]);
    let document = json_of(&output);
    let first = &document["ranef"]["g"][0];
    assert!(first["level"] == "g0" && first["`level`"].is_number() && first["se"]["`level`"].is_number(), "{first}");
    folder.write("f.json", &output.stdout);
    run(&folder, &["plot", "caterpillar", "f.json", "-o", "c.svg"]);
    assert!(file(&folder, "c.svg").contains("g5"));
    assert!(
        refused(&folder, &["plot", "caterpillar", "f.json", "--level", "0.8", "-o", "c.svg"])
            .contains("--level has no effect")
    );
}

/// What a release with the same numbers shows: the chart of the result of a call is that of the release that reports
/// it.
#[test]
fn numbers_of_a_call_are_drawn_as_those_of_a_release() {
    let folder = Folder::with_data("of-a-call");
    let write = |name: &str, args: &[&str]| {
        let output = folder.run(args.iter().chain(&["--json", "-o", name]).copied());
        assert!(output.status.success(), "{}", stderr(&output));
    };
    let draw = |kind: &str, of: &str, more: &[&str]| {
        let args = ["plot", kind, of, "-o", "c.svg", "--data", "c.csv"];
        let output = folder.run(args.iter().chain(more).copied());
        assert!(output.status.success(), "{kind} {of}: {}", stderr(&output));
        // Names of release, outcome and arm stand in front.
        let text = std::fs::read_to_string(folder.path("c.csv")).unwrap();
        let numbers =
            |line: &str| line.split(',').filter(|field| field.parse::<f64>().is_ok()).collect::<Vec<_>>().join(",");
        text.lines().skip(1).map(numbers).collect::<Vec<_>>()
    };
    write("edss.json", &["effect", "--before", "5.1 ± 1.7", "--after", "4.1 ± 1.6", "-n", "7"]);
    let release = ["--outcome", "edss"];
    // A release knows the scale as well, and which correlations the data behind the numbers can have.
    assert!(!draw("sensitivity", "edss.json", &[]).is_empty());
    for kind in ["before-after", "estimation", "rounding"] {
        let found = draw(kind, "edss.json", &[]);
        assert!(!found.is_empty(), "{kind}");
        assert!(found == draw(kind, "data/nmo-tocilizumab-2014.toml", &release), "{kind}");
    }
    write("sets.json", &["reconstruct", "5.1 ± 1.7", "4.1 ± 1.6", "-n", "7", "--scale", "edss"]);
    assert!(draw("ensemble", "sets.json", &[]) == draw("ensemble", "data/nmo-tocilizumab-2014.toml", &release));
    // The level is that of the result.
    write(
        "wide.json",
        &["effect", "--before", "5.1 ± 1.7", "--after", "4.1 ± 1.6", "-n", "7", "--r", "0.5", "--level", "0.9"],
    );
    draw("before-after", "wide.json", &[]);
    let svg = std::fs::read_to_string(folder.path("c.svg")).unwrap();
    assert!(svg.contains("90 % CI") && !svg.contains("95 %"));
    write("groups.json", &["effect", "--group1", "5.1 ± 1.7", "--n1", "7", "--group2", "4.1 ± 1.6", "--n2", "9"]);
    assert!(!draw("between-arms", "groups.json", &[]).is_empty());
    write("release.json", &["effect", "data/nmo-tocilizumab-2014.toml", "--outcome", "edss"]);
    write(
        "where.json",
        &["reconstruct", "2.9 ± 1.1", "0.4 ± 0.8", "-n", "7", "--scale", "count", "--where", "after: 0 = 5"],
    );
    for (kind, of, reason) in [
        ("before-after", "release.json", "is that of a release"),
        ("ensemble", "where.json", "--where"),
        ("ensemble", "edss.json", "no release has"),
    ] {
        let output = folder.run(["plot", kind, of, "-o", "c.svg"]);
        assert!(
            output.status.code() == Some(2) && stderr(&output).contains(reason),
            "{kind} {of}: {}",
            stderr(&output)
        );
    }
}
