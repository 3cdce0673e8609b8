//! What is said of options that change nothing, of values that no model has, and of data that do not allow something.

use crate::common::cli::{Folder, json_of, stderr, stdout, within};

const BCG: &str = "data/published/bcg.csv";
const SCHOOLS: [&str; 3] = ["data/published/konstantopoulos2011.csv", "--random", "1 | district/school"];

/// Three studies with a weight of 0, a gap in an order and two groups.
const SMALL: &str = "study,yi,vi,w,g,ord,name\na,0.1,0.04,1,x,3,C\nb,0.5,0.05,0,x,,\nc,0.9,0.02,0,y,1,A\n";

fn notes(folder: &Folder, args: &[&str]) -> String {
    let output = folder.run([&["meta", "--json"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    json_of(&output)["notes"].to_string()
}

fn refused(folder: &Folder, args: &[&str]) -> String {
    let output = folder.run([&["meta"], args].concat());
    assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stdout(&output));
    stderr(&output)
}

#[test]
fn what_would_be_dropped_is_refused() {
    let folder = Folder::with_data("answers-refused");
    let of_bcg = |args: &[&'static str]| [&[BCG], args].concat();
    let of_schools = |args: &[&'static str]| [&SCHOOLS[..], args].concat();
    let mods: &[&str] = &["--mods", "ablat"];
    for (args, expected) in [
        (of_bcg(&["--mods", "ablat", "--compare", "1 + (1|alloc)"]), "--compare takes no random terms"),
        (of_bcg(&["--mods", "ablat", "--compare", "zz ~ 1"]), "--compare takes the right-hand side"),
        (of_bcg(&["--mods", "ablat", "--compare", "offset(year)"]), "--compare takes no offset"),
        (of_bcg(&["--scale", "zz ~ ablat"]), "--scale takes the right-hand side"),
        (of_bcg(&["--scale", "1 + offset(ablat)"]), "--scale takes no offset"),
        (of_bcg(&["--mods", "offset(year)"]), "--mods takes no offset"),
        (of_schools(&["--mods", "year", "--compare", "1 + offset(year)"]), "--compare takes no offset"),
        (of_bcg(&["--cluster", "alloc", "--test", "knha"]), "--test knha does not go with --cluster"),
        (of_bcg(&["--cluster", "alloc", "--test", "adhoc"]), "--test adhoc does not go with --cluster"),
        (of_bcg(&["--seed", "5"]), "--seed has no effect"),
        (of_bcg(&["--mods", "ablat", "--blup", "--pi-type", "simple"]), "--pi-type has no effect"),
        (of_bcg(&["--mods", "ablat", "--fsn"]), "a fail-safe number is for models without moderators"),
        (of_bcg(&["--mods", "ablat", "--fsn", "--fsn-type", "orwin"]), "a fail-safe number is for models without"),
        (
            vec![
                "data/trials",
                "--outcome",
                "alsfrs-r-change,alsfrs-r-decline",
                "--measure",
                "MD",
                "--unexplained",
                "se",
                "--weights",
                "foo",
            ],
            "there is no column `foo` of numbers",
        ),
        ([&[BCG][..], mods, &["--predict", "--newmods", "ablat=13,year=1970"]].concat(), "`year` is no moderator"),
        ([&[BCG][..], mods, &["--predict", "--newmods", "ablat=13,ablat=50"]].concat(), "gives ablat twice"),
        (of_bcg(&["--mods", "alloc+ablat", "--predict", "--newmods", "allocrandom=1"]), "does not give `ablat`"),
        (of_schools(&["--predict", "--newmods", "year=3"]), "`year` is no moderator of the model"),
        (of_bcg(&["--scale", "ablat", "--predict", "--newmods", "ablat=3,year=1970"]), "`year` is no moderator"),
        (
            vec![
                "data/published/berkey1998.csv",
                "--random",
                "outcome | trial",
                "--struct",
                "UN",
                "--predict",
                "--newmods",
                "outcome=XX",
            ],
            "outcome has no level `XX`",
        ),
    ] {
        let message = refused(&folder, &args);
        assert!(message.contains(expected), "{args:?}: {message}");
    }
    // What is in the model may be given: the levels of a factor by their coefficients, and those of --random.
    let estimate = |new: &'static str| {
        let call = of_bcg(&["--mods", "alloc+ablat", "--predict", "--newmods", new]);
        let output = folder.run([&["meta", "--json"], &call[..]].concat());
        json_of(&output)["predict"][0]["estimate"].as_f64().unwrap()
    };
    assert!((estimate("alloc=random,ablat=13") - estimate("allocrandom=1,ablat=13")).abs() < 1e-12);
    let levels = [
        "data/published/berkey1998.csv",
        "--random",
        "outcome | trial",
        "--struct",
        "UN",
        "--predict",
        "--newmods",
        "outcome=AL",
    ];
    let output = folder.run([&["meta", "--json"], &levels[..]].concat());
    assert!(json_of(&output)["predict"][0]["pi"].is_array(), "{}", stdout(&output));
    notes(&folder, &of_bcg(&["--gosh", "--gosh-subsets", "50", "--seed", "5"]));
    // A measure may be written in small letters, also of releases.
    notes(
        &folder,
        &["data/trials", "--outcome", "alsfrs-r-change,alsfrs-r-decline", "--measure", "md", "--unexplained", "se"],
    );
}

#[test]
fn notes_name_what_an_option_does_not_reach() {
    let folder = Folder::with_data("answers-notes");
    folder.write("w.csv", SMALL);
    for flags in [
        &["--subgroup", "alloc"][..],
        &["--egger"],
        &["--tes"],
        &["--fsn", "--fsn-type", "general"],
        &["--leave-one-out"],
    ] {
        let told = notes(&folder, &[&[BCG, "--cluster", "trial"], flags].concat());
        assert!(told.contains(&format!("{} as if all studies were independent", flags[0])), "{flags:?}: {told}");
    }
    let own = notes(&folder, &[BCG, "--cluster", "trial", "--predict", "--blup"]);
    assert!(!own.contains("as if all studies were independent"), "{own}");
    let begg = notes(&folder, &[BCG, "--mods", "ablat", "--begg"]);
    assert!(begg.contains("Begg's test is that of the effects themselves"), "{begg}");
    for (column, order) in [("ord", ["c", "a", "b"]), ("name", ["c", "a", "b"])] {
        let output = folder.run(["meta", "w.csv", "--slab", "study", "--cumulative", column, "--json"]);
        let of = json_of(&output);
        let added: Vec<&str> = (0..3).filter_map(|at| of["cumulative"][at]["study"].as_str()).collect();
        assert_eq!(added, order, "{of}");
        assert!(of["notes"].to_string().contains(&format!("without {column}, and therefore last: b")), "{of}");
    }
    // `anova(rma(yi, vi, weights = w, mods = ~ x, method = "ML"), rma(yi, vi, weights = w, method = "ML"))` gives the
    // same number with `control = list(threshold = 1e-14)`: 6.054365903 for weights 3, 1, 2, 3, … of these trials.
    let mut table = std::fs::read_to_string(folder.path(BCG)).unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
    table[0].push_str(",w");
    [3, 1, 2].iter().cycle().zip(table.iter_mut().skip(1)).for_each(|(w, line)| line.push_str(&format!(",{w}")));
    folder.write("bw.csv", table.join("\n"));
    let output = folder.run(["meta", "bw.csv", "--weights", "w", "--mods", "ablat", "--compare", "1", "--json"]);
    let of = json_of(&output);
    within(&of["compare"]["chisq"], 6.054_365_903, 1e-8);
    assert!(of["compare"]["notes"].to_string().contains("do not maximise the likelihood"), "{}", of["compare"]);
}

/// The word robust stands wherever standard errors are, and what is not theirs does not.
#[test]
fn robust_tests_are_called_robust() {
    let folder = Folder::with_data("answers-robust");
    for test in ["z", "t"] {
        let text = stdout(&folder.run(["meta", BCG, "--cluster", "trial", "--test", test]));
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("t distribution with cluster-robust standard errors"), "{text}");
    }
    let text = stdout(
        &folder.run([&["meta"], &SCHOOLS[..], &["--mods", "year", "--transf", "ilogit", "--leave-one-out"]].concat()),
    );
    // Slopes are shown on the scale of the model: about 0.005, and not a proportion of a half.
    let slopes: Vec<f64> = text
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("year "))
        .map(|rest| rest.split_whitespace().next().unwrap_or_default().replace('−', "-").parse().unwrap())
        .collect();
    assert!(slopes.len() == 12 && slopes.iter().all(|slope| slope.abs() < 0.1), "{slopes:?}: {text}");
}

#[test]
fn what_counts_and_few_groups_do_not_allow_is_told_truly() {
    let folder = Folder::new("answers-counts");
    folder.write("z.csv", "study,ai,n1i,ci,n2i\na,0,30,4,31\nb,0,50,3,49\nc,0,20,2,22\n");
    folder.write("none.csv", "study,ai,n1i,ci,n2i\na,0,30,0,31\nb,0,50,0,49\n");
    folder.write("g.csv", "study,yi,vi,g\na,0.1,0.04,x\nb,0.5,0.05,x\nc,0.9,0.02,\n");
    let hint = refused(&folder, &["z.csv", "--glmm", "CM.EL", "--measure", "OR"]);
    assert!(hint.contains("--peto or --mh --mh-add 0.5 give an estimate"), "{hint}");
    // `rma.peto()` gives −2.0427 and `rma.mh(measure = "OR", add = c(.5, .5), to = c("only0", "only0"))` −2.0115.
    for (flags, expected) in
        [(&["--peto"][..], -2.042_661_546), (&["--mh", "--measure", "OR", "--mh-add", "0.5"], -2.011_530_805)]
    {
        let of = json_of(&folder.run([&["meta", "z.csv", "--json"], flags].concat()));
        assert!((of["coefficients"][0]["estimate"].as_f64().unwrap() - expected).abs() < 1e-8, "{of}");
    }
    let none = refused(&folder, &["none.csv", "--glmm", "UM.FS", "--measure", "OR"]);
    assert!(none.contains("the counts say nothing of a ratio") && !none.contains("missing"), "{none}");
    let csv = refused(&folder, &["g.csv", "--subgroup", "g", "--format", "csv"]);
    assert!(csv.contains("nothing to write as CSV: --subgroup gives nothing: a subgroup analysis needs"), "{csv}");
}

#[test]
fn suspicions_fit_the_model_and_are_all_told() {
    let folder = Folder::with_data("answers-suspicions");
    let with = notes(&folder, &[&SCHOOLS[..], &["--slab", "district"]].concat());
    assert!(!with.contains("names stand in several rows"), "{with}");
    let without = notes(&folder, &[SCHOOLS[0], "--slab", "district"]);
    assert!(without.contains("11 names stand in several rows"), "{without}");
    let table = std::fs::read_to_string(folder.path(BCG)).unwrap();
    let (head, rows) = table.split_once('\n').unwrap();
    folder.write("twice.csv", format!("{head}\n{}\n{}\n", rows.trim_end(), rows.trim_end()));
    let twice = notes(&folder, &["twice.csv"]);
    assert!(twice.contains("and 8 more pairs have the same effect and variance"), "{twice}");
}

/// `I(ablat-33)` is the moderator that is called `I(ablat - 33)`.
#[test]
fn moderators_are_known_however_they_are_spaced() {
    let folder = Folder::with_data("answers-spaced");
    let predicted = |name: &str| {
        let at = format!("{name}=0");
        let call = ["meta", BCG, "--mods", "I(ablat-33)", "--predict", "--newmods", &at, "--json"];
        json_of(&folder.run(call))["predict"][0]["estimate"].clone()
    };
    let whole = predicted("I(ablat - 33)");
    assert!(whole.is_number());
    assert_eq!(predicted("I(ablat-33)"), whole);
}
