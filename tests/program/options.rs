//! An option that would change nothing is refused, and what was not meant is not done.

use crate::common::cli::{Folder, json_of, stderr, stdout};
use std::sync::atomic::{AtomicUsize, Ordering};

const BCG: &str = "data/published/bcg.csv";

/// What the program says of a call that it refuses.
fn refused(args: &[&str]) -> String {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let name = format!("options-call-{}", CALLS.fetch_add(1, Ordering::Relaxed));
    let output = Folder::with_data(&name).run(args);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
    assert!(output.stdout.is_empty(), "{args:?} printed a result");
    stderr(&output)
}

/// `--lang` is that of names in every format, and each part of a statement has its column.
#[test]
fn the_table_of_printed_texts_has_names_in_a_language_and_every_field() {
    let folder = Folder::with_data("show-csv");
    let rows = |file: &str, lang: &str| -> Vec<std::collections::BTreeMap<String, String>> {
        let output = folder.run(["show", file, "--format", "csv", "--lang", lang]);
        assert!(output.status.success(), "{}", stderr(&output));
        let text = stdout(&output);
        csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
    };
    let label = |lang: &str| {
        let rows = rows("data/nmo-tocilizumab-2014.toml", lang);
        rows.iter().find(|row| row["id"] == "relapse-rate").unwrap()["label"].clone()
    };
    assert_eq!([label("en"), label("ja")], ["Annual relapse rate", "年間再発率"]);
    let rows = rows("data/trials/als-centaur-2020.toml", "en");
    let statement = rows.iter().find(|row| row["kind"] == "statement").unwrap();
    let found = ["arm", "versus", "claim", "outcome"].map(|column| statement[column].as_str());
    assert_eq!(found, ["pb-turso", "placebo", "significant", "alsfrs-r-change"]);
    // The columns that were there first stay as they are.
    assert_eq!((statement["arm_of_or_claim"].as_str(), statement["text"].as_str()), ("significant", "p = 0.03"));
    let estimate = rows.iter().find(|row| row["kind"] == "estimate").unwrap();
    assert_eq!([&estimate["arm"], &estimate["versus"]], ["pb-turso", "placebo"]);
}

#[test]
fn options_without_effect_are_refused() {
    const CONTRAST: [&str; 7] = ["effect", "--before", "5.1 ± 1.7", "--after", "4.1 ± 1.6", "-n", "7"];
    let beside = |more: &[&'static str]| [&CONTRAST[..], more].concat();
    for (args, option) in [
        (beside(&["--add", "1"]), "--add"),
        (beside(&["--vtype", "UB"]), "--vtype"),
        (beside(&["--p", "0.03", "--r-source", "Smith"]), "--r-source"),
        (vec!["effect", "--proportion", "5/7", "--r", "0.5"], "--r "),
        (vec!["effect", "--table", "5,2,1,6", "--add", "1"], "--add"),
        (vec!["effect", "--rate1", "3/7", "--rate2", "20/7", "--alpha", "0.1"], "--alpha"),
        (vec!["effect", "--measure", "RR", "data/published/bcg.csv", "--alpha", "0.1"], "--alpha"),
        (vec!["meta", BCG, "--sei", "vi", "--v-shared", "alloc"], "--v-shared has no effect"),
        (vec!["meta", BCG, "--sei", "vi", "--add", "0.1"], "--add has no effect"),
        (vec!["meta", BCG, "--sei", "vi", "--vtype", "UB"], "--vtype has no effect"),
        (vec!["meta", BCG, "--measure", "RR", "--v-shared", "alloc", "--v-rho", "0.5"], "--v-rho has no effect"),
        (vec!["meta", BCG, "--measure", "OR", "--tau2", "0.1", "--nagq", "5"], "--nagq has no effect"),
        (vec!["check", "data/examples/means.csv", "data/examples/means.csv"], "named twice"),
        (vec!["check", "data", "--sd", "population"], "--sd"),
        (vec!["check", "data/examples/means.csv", "--sources", "data"], "--sources"),
        (vec!["reconstruct", "0.4 ± 0.8", "-n", "7", "--scale", "nrs", "--alpha", "0.1"], "--alpha"),
        (vec!["reconstruct", "0.4 ± 0.8", "-n", "7", "--scale", "nrs", "--layout", "counts"], "--layout"),
        (vec!["reconstruct", "0.4 ± 0.8", "-n", "7", "--scale", "nrs", "--where", "before: 0 = 5"], "one of two cells"),
        (vec!["reconstruct", "0.4 ± 0.8", "-n", "7", "--scale", "nrs", "--seed", "3"], "--seed"),
        (vec!["reconstruct", "2.9 ± 1.1", "0.4 ± 0.8", "-n", "7", "--scale", "nrs", "--limit", "3"], "--limit"),
        (vec!["convert", "data/quartiles.csv", "--to", "mean-sd", "--method", "bc", "--no-test"], "--no-test"),
        (vec!["convert", "data/quartiles.csv", "--to", "mean-sd", "--ci-level", "0.9"], "--ci-level"),
        (vec!["convert", "data/quartiles.csv", "--to", "2x2", "--ci-level", "0.9"], "--ci-level"),
        (
            vec!["fit", "distance ~ age + (1 | Subject)", "data/published/orthodont.csv", "--ref", "Sex=Male"],
            "--ref Sex=Male has no effect",
        ),
        (
            vec![
                "fit",
                "Reaction ~ factor(Days) + (1 | Subject)",
                "data/published/sleepstudy.csv",
                "--ref",
                "Days=1",
                "--ref",
                "Days=2",
            ],
            "two levels",
        ),
        (vec!["simulate", "--arm", "a: n=9; 1 ± 1; 2 ± 1", "--r", "0.5", "--visits", "3,1"], "1 stands behind 3"),
        (vec!["simulate", "--arm", "a: n=9; 1 ± 1; 2 ± 1", "--r", "0.5", "--visits", "1,1"], "1 stands behind 1"),
        (
            vec!["simulate", "--arm", "a: n=9; 1 ± 1; 2 ± 1", "--r", "0.5", "--visits", "0"],
            "has 2 means, and there are 1 visits",
        ),
        (vec!["simulate", "--arm", ": n=9; 1 ± 1"], "no name before the colon"),
        (vec!["simulate", "--arm", "a: n=9; 40% ± 5", "--arm", "b: n=9; 40 ± 5"], "of one arm are percentages"),
        (vec!["simulate", "--arm", "a: n=9; 1 ± 1", "--arm", "a: n=9; 2 ± 1"], "two arms are called a"),
    ] {
        let told = refused(&args);
        assert!(told.contains(option), "{args:?}: {told}");
        assert!(told.contains("help"), "{args:?} says nothing of what to do: {told}");
    }
}

#[test]
fn numbers_below_zero_stand_behind_any_option() {
    for (args, told) in [
        (&["plot", "forest", "data/published/bcg.csv", "-o", "f.svg", "--width", "-3"][..], "invalid value '-3'"),
        (&["fit", "y ~ x + (1 | g)", "t.csv", "--replicates", "-3"], "invalid value '-3'"),
        (&["effect", "--proportion", "-1/5"], "`-1/5` is no"),
        (&["effect", "--proportion", "-o"], "a value is required"),
    ] {
        assert!(refused(args).contains(told), "{args:?}: {}", refused(args));
    }
    let folder = Folder::with_data("options-below-zero");
    let call = ["plot", "forest", "data/published/bcg.csv", "--measure", "RR", "-o", "f.svg"];
    let output = folder.run([&call[..], &["--title", "-5 points", "--sides", "- better,- worse"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(std::fs::read_to_string(folder.path("f.svg")).unwrap().contains("-5 points"));
}

#[test]
fn a_draft_overwrites_nothing() {
    let folder = Folder::new("options-draft");
    folder.write("source.txt", "Pain fell from 2.9 ± 1.1 to 0.4 ± 0.8.\n");
    folder.write("draft.toml", "# finished by hand\n");
    let output = folder.run(["transcribe", "source.txt", "-o", "draft.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("is there already"), "{}", stderr(&output));
    assert!(std::fs::read_to_string(folder.path("draft.toml")).unwrap().starts_with("# finished"));
}

/// Texts such as 1a among numbers once gave groups an order that contradicted itself, and merged them.
/// metafor 3.8-1: `rma.mv(yi, vi, random = ~ 1 | study)` has 5 levels and sigma2 0.1055 here.
#[test]
fn every_label_is_a_level_of_its_own() {
    let folder = Folder::new("options-levels");
    let rows = "yi,vi,study\n0.1,0.04,2\n0.2,0.04,10\n0.9,0.04,1a\n0.8,0.04,3\n0.5,0.04,11\n0.15,0.04,2\n0.25,0.04,10\n\
                0.95,0.04,1a\n0.85,0.04,3\n0.45,0.04,11\n";
    folder.write("levels.csv", rows);
    let output = folder.run(["meta", "levels.csv", "--random", "1 | study", "--json"]);
    let found: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let sigma2 = found["sigma2"][0].as_f64().unwrap();
    assert!((sigma2 - 0.1055).abs() < 1e-6, "{sigma2}");
    // −0 is the level 0.
    folder.write("zeros.csv", "y,g\n1,0\n1.2,-0.0\n3,1\n3.3,1\n5,2\n5.1,2\n0.9,0\n");
    let output = folder.run(["fit", "y ~ 1 + (1 | g)", "zeros.csv", "--json"]);
    let found: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(found["groups"][0]["levels"], 3);
}

/// metafor 3.8-1 on the same table with yi of line 4 missing:
/// `rma.mv(yi, V, mods = ~ outcome - 1, random = ~ 1 | trial)` with V the blocks of v1i and v2i.
#[test]
fn a_missing_effect_keeps_the_others_in_their_places_of_v() {
    let folder = Folder::new("options-blocks");
    let table = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/data/published/berkey1998.csv")).unwrap();
    let header: Vec<&str> = table.lines().next().unwrap().split(',').collect();
    let at = header.iter().position(|name| *name == "yi").unwrap();
    let lines = table.lines().enumerate().map(|(line, text)| {
        let mut fields: Vec<&str> = text.split(',').collect();
        if line == 3 {
            fields[at] = "NA";
        }
        fields.join(",") + "\n"
    });
    folder.write("gap.csv", lines.collect::<String>());
    let call = ["meta", "gap.csv", "--random", "1 | trial", "--mods", "0 + outcome", "--v-block", "v1i,v2i"];
    let output = folder.run(call.iter().chain(&["--v-cluster", "trial", "--json"]));
    let found: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    for (at, expected) in [-0.2878269155, 0.2991302533].into_iter().enumerate() {
        let estimate = found["coefficients"][at]["estimate"].as_f64().unwrap();
        assert!((estimate - expected).abs() < 1e-5, "{}: {estimate}", found["coefficients"][at]["name"]);
    }
}

#[test]
fn a_column_that_is_nearly_numbers_is_told_of() {
    let folder = Folder::new("options-factor");
    folder.write("t.csv", "yi,vi,year\n0.1,0.04,2001\n0.2,0.04,n/a\n0.9,0.04,2003\n0.8,0.04,2004\n0.3,0.05,2001\n");
    let told = stdout(&folder.run(["meta", "t.csv", "--mods", "year"]));
    assert!(told.contains("year is taken as a factor of 4 levels, because `n/a` is no number"), "{told}");
}

#[test]
fn two_cells_are_written_in_every_format() {
    let call = ["reconstruct", "2.9 ± 1.1", "0.4 ± 0.8", "-n", "7", "--scale", "count", "--format", "csv"];
    let told = stdout(&Folder::new("options-csv").run(call));
    assert!(
        told.starts_with("sd,quantity,lower,upper,value\n,before_count,,,3\n,after_count,,,1\n,r,-0.9058"),
        "{told}"
    );
    assert!(told.contains("\n,tables,,,26\n"), "{told}");
}

#[test]
fn tests_without_means_are_checked() {
    let folder = Folder::new("options-tests");
    folder.write("tests.csv", "t,df,p\n2.20,28,0.03\n2.20,28,0.036\n1.1,10,ns\n1.1,10,often\n");
    let output = folder.run(["check", "tests.csv", "--json"]);
    let found: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let verdicts: Vec<&serde_json::Value> =
        found["rows"].as_array().unwrap().iter().map(|row| &row["p_value"]).collect();
    let [no, yes] = [false, true].map(serde_json::Value::Bool);
    assert_eq!(verdicts, [&no, &yes, &yes, &serde_json::Value::Null]);
}

/// Cells may begin with a minus sign; what begins like an option is one that does not exist. Hints name the options of
/// the command that was called.
#[test]
fn unknown_options_and_wrong_files_are_told_as_what_they_are() {
    let told = refused(&["reconstruct", "2.9 ± 1.1", "-n", "7", "--scale", "nrs", "--cuont"]);
    assert!(told.contains("did you mean `--count`?") && !told.contains("5/7"), "{told}");
    let told = refused(&["reconstruct", "5/7", "-n", "7", "--scale", "nrs"]);
    assert!(told.contains("--sd ci95") && !told.contains("--spread"), "{told}");
    let told = refused(&["fit", "y ~ x + (1 | id)", "data/nmo-tocilizumab-2014.toml"]);
    assert!(told.contains("this is a release"), "{told}");
}

#[test]
fn nothing_is_said_twice_and_no_zero_is_negative() {
    let folder = Folder::new("said-once");
    for more in [&["-n", "1"] as &[&str], &[]] {
        let call = [&["effect", "--before", "2.9 ± 1.1", "--after", "0.4 ± 0.8", "--r", "0.5"], more].concat();
        let text = stdout(&folder.run(call));
        let said = text.matches("has no spread").count() + text.matches("is not reported").count();
        assert_eq!(said, 1, "{text}");
    }
    let call = ["reconstruct", "2.0 ± 1.0", "-n", "300", "--scale", "alsfrs-r", "--count", "--json"];
    let text = stdout(&folder.run(call));
    assert!(text.contains("\"mean\"") && !text.contains("-0.0"), "{text}");
}

#[test]
fn a_column_with_another_name_keeps_its_own_in_formulas() {
    let folder = Folder::new("options-map");
    folder.write("t.csv", "effect,variance\n0.1,0.02\n0.3,0.03\n0.5,0.04\n0.4,0.02\n");
    let slope = |mods: &str| {
        let output = folder.run(["meta", "t.csv", "--map", "yi=effect,vi=variance", "--mods", mods, "--json"]);
        json_of(&output)["coefficients"][1]["estimate"].as_f64().unwrap()
    };
    assert_eq!(slope("variance"), slope("vi"));
}

/// An option of another program, or of another command, is told with what stands for it here.
#[test]
fn options_from_elsewhere_lead_to_those_of_here() {
    for (args, expected) in [
        (&["meta", "data/published/bcg.csv", "--method", "MH"][..], "--mh"),
        (&["meta", "data/published/bcg.csv", "--method", "peto"], "--peto"),
        (&["meta", "data/published/bcg.csv", "--forest"], "reffect plot forest"),
        (&["meta", "data/published/bcg.csv", "--order", "year"], "--cumulative COLUMN"),
        (&["meta", "data/published/bcg.csv", "--digits", "3"], "there is no such option"),
        (&["meta", "data/published/bcg.csv", "--digits=3"], "there is no such option"),
        (&["meta", "data/published/bcg.csv", "--fixed"], "--method EE"),
    ] {
        let told = refused(args);
        assert!(told.contains(expected) && !told.contains("similar"), "{args:?}: {told}");
    }
    assert!(refused(&["meta", "data/published/bcg.csv", "--method", "XY"]).contains("REML"));
}

#[test]
fn columns_are_found_whatever_their_capitals() {
    let folder = Folder::new("options-capitals");
    folder.write("means.csv", "X,Mean,SD,N\n1,3.1,1.2,10\n2,3.15,1.2,10\n");
    folder.write("quartiles.csv", "Q1,Median,Q3,N\n1,2,3,20\n");
    folder.write("effects.csv", "Study,YI,Vi\nAblett,0.1,0.04\nBerg,0.3,0.09\n");
    folder.write("revman.csv", "Study or Subgroup,Yi,vi\nAblett 1990,0.1,0.04\nBerg 1991,0.3,0.09\n");
    folder.write("years.csv", "Author,Year,yi,vi\nAblett,1990,0.1,0.04\nAblett,1991,0.3,0.09\n");
    folder.write("both.csv", "Yi,YI,vi\n0.1,0.2,0.04\n0.3,0.4,0.09\n");
    let checked = json_of(&folder.run(["check", "means.csv", "--json"]));
    assert_eq!((&checked["rows"][0]["grim"], &checked["rows"][1]["grim"]), (&true.into(), &false.into()), "{checked}");
    let converted = json_of(&folder.run(["convert", "quartiles.csv", "--to", "mean-sd", "--json"]));
    assert!(converted["rows"][0]["mean"].is_number(), "{converted}");
    for (table, names) in [
        ("effects.csv", ["Ablett", "Berg"]),
        ("revman.csv", ["Ablett 1990", "Berg 1991"]),
        ("years.csv", ["Ablett 1990", "Ablett 1991"]),
    ] {
        let text = stdout(&folder.run(["meta", table, "--leave-one-out"]));
        assert!(names.iter().all(|name| text.contains(name)), "{table}: {text}");
    }
    let both = folder.run(["meta", "both.csv"]);
    assert_eq!(both.status.code(), Some(2));
    assert!(stderr(&both).contains("no column `yi`"), "{}", stderr(&both));
}

#[test]
fn levels_and_tables_are_read_in_both_their_forms() {
    let folder = Folder::new("options-forms");
    let json = |args: &[&str]| json_of(&folder.run(args.iter().copied().chain(["--json"])));
    let contrast = ["effect", "--change", "-1.0 +- 1.5", "-n", "7", "--level"];
    let of_level = |level: &'static str| json(&[&contrast[..], &[level]].concat());
    assert_eq!(of_level("95"), of_level("0.95"));
    assert_ne!(of_level("90"), of_level("0.95"));
    assert_eq!(json(&["effect", "--table", "88/257,56/255"]), json(&["effect", "--table", "88,169,56,199"]));
    for (table, told) in [("7/5,1/7", "7 events are more than the total 5"), ("5/7,1", "events/total of two groups")] {
        assert!(refused(&["effect", "--table", table]).contains(told), "{table}");
    }
}

#[test]
fn effects_of_releases_may_be_those_of_a_part() {
    let folder = Folder::with_data("options-part");
    const NMO: &str = "data/nmo-tocilizumab-2014.toml";
    let outcomes = |more: &[&str]| -> Vec<String> {
        let document = json_of(&folder.run([&["effect", NMO, "--json"], more].concat()));
        let contrasts = document["contrasts"].as_array().unwrap().iter();
        contrasts.map(|of| of["outcome"].as_str().unwrap().to_owned()).collect()
    };
    let all = outcomes(&[]);
    let part = outcomes(&["--outcome", "edss"]);
    assert!(!part.is_empty() && part.len() < all.len() && part.iter().all(|of| of == "edss"), "{all:?} {part:?}");
    assert!(refused(&["effect", NMO, "--outcome", "edsss"]).contains("`edss`"));
    assert!(refused(&["effect", "--proportion", "5/7", "--outcome", "edss"]).contains("--outcome"));
}

/// Lines that are laid out by hand are not broken again.
#[test]
fn hand_laid_lines_of_help_fit_their_screen() {
    const WIDEST: usize = 96;
    let folder = Folder::new("options-help");
    for command in
        ["effect", "check", "meta", "plot", "report", "transcribe", "convert", "show", "reconstruct", "simulate"]
    {
        let help = stdout(&folder.run(["help", command]));
        let by_hand = help.split("\nExamples:\n").nth(1).unwrap().lines().filter(|line| line.starts_with(' '));
        for line in by_hand {
            assert!(line.chars().count() <= WIDEST, "{command}: {line}");
            // What is broken goes on at two blanks, where a call or a name was begun.
            assert!(!line.starts_with("  --"), "{command}: {line} was broken");
        }
    }
}

/// A shell names expectations beside the releases that they belong to; alone they are no release.
#[test]
fn expectations_among_releases_are_left_aside() {
    let folder = Folder::with_data("glob");
    let paths = ["data/nmo-tocilizumab-2014.toml", "data/nmo-tocilizumab-2014.expect.toml"];
    let of = |paths: &[&str]| folder.run([&["effect"], paths].concat());
    assert_eq!(of(&paths).stdout, of(&paths[..1]).stdout);
    let alone = of(&paths[1..]);
    assert!(alone.status.code() == Some(2) && stderr(&alone).contains("expectations beside"), "{}", stderr(&alone));
}

/// Several names are those of one outcome in several releases: of one release that has two of them, one is pooled.
#[test]
fn a_second_outcome_of_the_same_patients_is_told() {
    let folder = Folder::with_data("two-outcomes");
    let meta = |outcomes: &str| {
        let of = ["meta", "data/nmo-tocilizumab-2014.toml", "--measure", "SMCR", "--r", "0.5", "--json", "--outcome"];
        json_of(&folder.run(of.into_iter().chain([outcomes])))
    };
    let both = meta("relapse-rate,edss");
    let notes = both["notes"].to_string();
    assert!(both["k"] == 1 && notes.contains("its `edss` is of the same patients as its `relapse-rate`"), "{notes}");
    assert!(!meta("edss,no-such-one")["notes"].to_string().contains("same patients"));
}

/// What would be passed over is refused, before anything is written.
#[test]
fn what_has_no_effect_on_a_call_is_refused() {
    let folder = Folder::with_data("options-passed-over");
    let refused = |call: &[&str]| {
        let output = folder.run(call);
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), String::new()), "{call:?}");
        stderr(&output)
    };
    let visits = ["fit", "alsfrs ~ month + (1 | patient)", "data/examples/als-40.csv"];
    for more in [&["--each", "post"][..], &["--simulate", "1"], &[]] {
        let told = refused(&[&visits[..], &["--time", "post"], more].concat());
        assert!(told.contains("--time has no effect"), "{told}");
    }
    let counts = ["fit", "relapses ~ after", "data/examples/relapses.csv", "--family", "poisson", "--ranef"];
    assert!(refused(&counts).contains("--ranef: the formula has no random effects"));
    assert!(refused(&[&visits[..], &["--slopes", "month", "--adjust", "holm"]].concat()).contains("--adjust holm"));
    assert!(refused(&["report", "data/als-muse-2023.toml", "--font", "none.ttf"]).contains("--font is for charts"));
    assert!(refused(&["report", "data/als-muse-2023.toml", "-o", "out", "--format", "junit"]).contains("junit"));
    assert!(!folder.path("out").exists());
    assert!(refused(&["show", "data", "--toml", "-o", "all.toml"]).contains("one release"));
    let map = ["--map", "m1i=year"];
    let told = refused(&[&["effect", "--measure", "RR", "data/published/bcg.csv"][..], &map].concat());
    assert!(told.contains("nothing in this call is named m1i"), "{told}");
    assert!(refused(&[&visits[..], &map].concat()).contains("nothing in this call is named m1i"));
    let told = refused(&["simulate", "--arm", "a: n=7; 2.9% ± 1.1%; 0.4 ± 0.8", "--r", "0.5"]);
    assert!(told.contains("one mean is a percentage"), "{told}");
    let told = refused(&["simulate", "--arm", "a: n=7; 2.9 (SE 0.4)"]);
    assert!(told.contains("write the mean and its SD") && !told.contains("--spread"), "{told}");
}

/// What stands for a number has to be one: none that is approximate, and none of another unit.
#[test]
fn numbers_of_a_change_are_exact_and_in_its_unit() {
    let folder = Folder::new("options-exact");
    let told = |call: &[&str]| {
        let output = folder.run([&["effect"], call].concat());
        assert_eq!(output.status.code(), Some(2), "{call:?}");
        stderr(&output)
    };
    for fraction in ["約5/7", "about 5/7", "5/約7", ">5/7"] {
        assert!(told(&["--proportion", fraction]).contains("no part of a whole"), "{fraction}");
    }
    let pair = ["--before", "2.9 ± 1.1", "--after", "0.4 ± 0.8", "-n", "7"];
    assert!(told(&[&pair[..], &["--p", "p = 約0.03"]].concat()).contains("approximate"));
    for option in ["--sd-change=1%", "--se=1%", "--ci=-3%,-2"] {
        assert!(told(&[&pair[..], &[option]].concat()).contains("is a percentage"), "{option}");
    }
}

/// A change of slope without a control is told of whatever the model is.
#[test]
fn a_change_of_slope_is_told_to_lack_a_control() {
    let folder = Folder::with_data("options-change");
    let change = ["--change-at", "0", "--time", "month"];
    for (formula, more) in [
        ("alsfrs ~ month + (1 | patient)", &[][..]),
        ("alsfrs ~ month + (1 | patient)", &["--family", "poisson"]),
        ("alsfrs ~ month", &["--residual", "cs", "--subject", "patient"]),
    ] {
        let call = [&["fit", formula, "data/examples/als-40.csv"][..], &change, more].concat();
        let told = stdout(&folder.run(call));
        assert_eq!(told.matches("before and after without a control group").count(), 1, "{more:?}: {told}");
    }
    // What is added to the table of the model is none of its columns.
    let call = ["fit", "alsfrs ~ month + (1 | patient)", "data/examples/als-40.csv", "--simulate", "1"];
    let drawn = stdout(&folder.run(call.iter().chain(&change)));
    assert!(drawn.starts_with("trial,patient,month,post,alsfrs\n"), "{}", drawn.lines().next().unwrap_or_default());
}
