//! A walk through the flags of `reffect meta`: what each must give by metafor (`tests/ref/meta/walk.tsv`), and what it
//! must say where it cannot.

use crate::common::cli::{Folder, stderr, stdout, words};
use crate::common::{Comparison, number};
use serde_json::Value;

fn document(folder: &Folder, call: &str) -> Value {
    let mut args = vec!["meta".to_owned()];
    args.extend(words(call));
    args.push("--json".to_owned());
    let output = folder.run(&args);
    assert_eq!(output.status.code(), Some(0), "{call}: {}", stderr(&output));
    let text = stdout(&output);
    assert!(!text.contains("NaN") && !text.contains("Infinity"), "{call}");
    serde_json::from_str(&text).unwrap()
}

/// Every call of the table once, with every number that metafor gives for it.
#[test]
fn every_flag_gives_what_metafor_gives() {
    agree(include_str!("../ref/meta/walk.tsv"), "walk", 5000);
}

/// Variances and correlations that are given, and what is estimated beside them (`tests/ref/meta/given.tsv`).
#[test]
fn given_variances_and_correlations_give_what_metafor_gives() {
    agree(include_str!("../ref/meta/given.tsv"), "given", 320);
}

/// Effects of species with the correlations of a tree, independent ones beside them and given variances
/// (`tests/ref/meta/known.tsv`).
#[test]
fn known_correlations_give_what_metafor_gives() {
    let folder = Folder::new("known");
    folder.write("known_effects.csv", include_str!("../ref/meta/known_effects.csv"));
    folder.write("known_tree.csv", include_str!("../ref/meta/known_tree.csv"));
    agree_in(&folder, include_str!("../ref/meta/known.tsv"), 230);
}

/// Selection models with given weights (`tests/ref/meta/given_weights.tsv`).
#[test]
fn given_weights_give_what_metafor_gives() {
    agree(include_str!("../ref/meta/given_weights.tsv"), "given-weights", 170);
}

/// Profile likelihoods (`tests/ref/meta/profile.tsv`).
#[test]
fn profiles_are_the_likelihoods_of_metafor_with_the_parameter_fixed() {
    agree(include_str!("../ref/meta/profile.tsv"), "profile", 120);
}

/// Tests of some coefficients together (`tests/ref/meta/btt.tsv`).
#[test]
fn joint_tests_give_what_metafor_gives() {
    agree(include_str!("../ref/meta/btt.tsv"), "btt", 90);
}

/// Several effects against one control, from the raw numbers of both groups (`tests/ref/meta/shared.tsv`).
#[test]
fn shared_groups_give_what_metafor_gives_with_their_covariances() {
    let folder = Folder::new("shared");
    folder.write("shared_counts.csv", include_str!("../ref/meta/shared_counts.csv"));
    folder.write("shared_means.csv", include_str!("../ref/meta/shared_means.csv"));
    folder.write("shared_smoke.csv", include_str!("../ref/meta/shared_smoke.csv"));
    folder.write("shared_chain.csv", include_str!("../ref/meta/shared_chain.csv"));
    folder.write("shared_sugar.csv", include_str!("../ref/meta/shared_sugar.csv"));
    agree_in(&folder, include_str!("../ref/meta/shared.tsv"), 100);
}

/// Every call of a table once, with every number that is expected of it.
fn agree(table: &str, folder: &str, least: usize) {
    agree_in(&Folder::with_data(folder), table, least);
}

fn agree_in(folder: &Folder, table: &str, least: usize) {
    let rows: Vec<Vec<&str>> =
        table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect()).collect();
    let mut comparison = Comparison::default();
    for same in rows.chunk_by(|a, b| a[0] == b[0]) {
        let found = document(folder, same[0][0]);
        for row in same {
            let value = found.pointer(row[1]).and_then(Value::as_f64).unwrap_or(f64::NAN);
            comparison.close(&row[..2].join(" "), value, number(row[2]).unwrap(), number(row[3]).unwrap(), 1e-10);
        }
    }
    comparison.finish(least);
}

const BCG: &str = "data/published/bcg.csv";
const OUTCOMES: &str = "data/published/berkey1998.csv --random \"outcome | trial\"";
const TIMES: &str = "data/published/ishak2007.csv --random \"time | study\"";
const SCHOOLS: &str = "data/published/konstantopoulos2011.csv --random \"1 | district/school\"";

/// What cannot be had: exit status 2, and a sentence that says why.
#[test]
fn what_does_not_apply_says_why() {
    let folder = Folder::with_data("walk-refusals");
    let dependent = "independent effects with one tau2";
    for (call, expected) in [
        (format!("{SCHOOLS} --cumulative year"), dependent),
        (format!("{SCHOOLS} --baujat"), dependent),
        (format!("{SCHOOLS} --gosh"), dependent),
        (format!("{SCHOOLS} --permutest"), dependent),
        (format!("{SCHOOLS} --subgroup year"), "--mods \"0 + COLUMN\""),
        (format!("{SCHOOLS} --trimfill"), dependent),
        (format!("{SCHOOLS} --egger"), "regress on the standard errors instead"),
        (format!("{SCHOOLS} --begg"), dependent),
        (format!("{SCHOOLS} --fsn"), dependent),
        (format!("{SCHOOLS} --tes"), dependent),
        (format!("{SCHOOLS} --hc"), dependent),
        (format!("{SCHOOLS} --selmodel stepfun"), dependent),
        (format!("{SCHOOLS} --method DL"), "REML or ML"),
        (format!("{SCHOOLS} --test knha"), "z or t"),
        (format!("{SCHOOLS} --tau2 0.1"), "--tau2 belongs to a random term with a column before the bar"),
        (format!("{SCHOOLS} --rho 0.1"), "--rho belongs to a random term with a column before the bar"),
        (format!("{SCHOOLS} --gamma2 0.1"), "a second random term"),
        (format!("{SCHOOLS} --sigma2 0.1,NA,3"), "gives 3 variances, and 2 are needed: district, district/school"),
        (format!("{SCHOOLS} --sigma2 -0.1,NA"), "it must be at least 0"),
        (format!("{OUTCOMES} --struct CS --rho 1.5"), "it must lie between -1 and 1"),
        (format!("{OUTCOMES} --struct UN --tau2 1,2,3"), "3 variances are given, and there are 2"),
        (format!("{TIMES} --struct UN --rho 0.5"), "all variances and correlations are given, or none"),
        (format!("{TIMES} --struct UN --tau2 9 --rho -0.9"), "those of no covariance"),
        (format!("{BCG} --tau2 0.1,0.2"), "--tau2 takes one number here"),
        (
            format!("{BCG} --selmodel stepfun --delta 1,0.5,0.2"),
            "--delta 1,0.5,0.2: 3 weights are given for 2 intervals",
        ),
        (
            format!("{BCG} --selmodel stepfun --delta a=1,0"),
            "--delta a: the weight 0 of an interval of p-values is given",
        ),
        (format!("{BCG} --selmodel stepfun --delta 1,x"), "--delta 1,x: `x` is no number"),
        (format!("{BCG} --selmodel stepfun --delta vevea-woods --steps 0.5"), "brings steps of its own"),
        (format!("{BCG} --selmodel beta --delta 1,1"), "--delta gives the weights of the selection model stepfun"),
        (format!("{BCG} --selmodel stepfun --delta 1,1,1 --steps 0.5,0.025"), "stand in their order"),
        (format!("{BCG} --profile --method DL"), "a profile is that of the likelihood by ML or REML, and not of DL"),
        (format!("{BCG} --profile --weights year"), "a profile takes no other weights"),
        (format!("{BCG} --profile --scale ablat"), "no single variance between studies"),
        (format!("{BCG} --profile --mh --measure OR"), "no single variance between studies"),
        (format!("{BCG} --profile --v-cluster trial --v-rho 0.5"), "or give random effects"),
        (format!("{BCG} --table model"), "--table has no effect"),
        (format!("{BCG} --format csv --table modl"), "did you mean `model`?"),
        (format!("{BCG} --btt 1:2"), "the coefficients have the numbers 1 to 1, and not 1:2"),
        (format!("{BCG} --btt 0"), "the coefficients have the numbers 1 to 1, and not 0"),
        (format!("{BCG} --mods ablat --btt ablt"), "no coefficient has `ablt` in its name"),
        (format!("{BCG} --mods ablat --btt 1,"), "no coefficient has ``"),
        (format!("{BCG} --mh --measure OR --btt 1"), "--btt does not go with --mh and --peto"),
        (format!("{BCG} --rho 0.5"), "of --aggregate, or of the random effects of --random"),
        (format!("{SCHOOLS} --weights year"), "--random takes no weights"),
        (format!("{SCHOOLS} --tau2-ci GENQ"), "profile-likelihood intervals"),
        (format!("{SCHOOLS} --struct UN"), "--struct belongs to random terms such as"),
        (format!("{SCHOOLS} --scale year"), "different models"),
        (format!("{SCHOOLS} --compare-random \"1 | district/school\""), "neither random part is within the other"),
        (format!("{SCHOOLS} --compare-random \"1 | year\""), "neither random part is within the other"),
        (format!("{SCHOOLS} --compare 1"), "the same moderators"),
        (format!("{SCHOOLS} --delete-by year"), "ask for one of them"),
        (format!("{BCG} --scale ablat --leave-one-out"), "gives each study its own"),
        (format!("{BCG} --scale ablat --egger"), "gives each study its own"),
        (format!("{BCG} --scale ablat --cluster alloc"), "cluster-robust variances are built for one tau2"),
        (format!("{BCG} --scale ablat --tau2-ci PL"), "each study has a tau2 of its own"),
        (format!("{BCG} --scale ablat --test knha"), "z or t"),
        (format!("{BCG} --mh --measure OR --influence"), "pool the counts"),
        (format!("{BCG} --mh --measure OR --egger"), "pool the counts"),
        (format!("{BCG} --mh --measure OR --method DL"), "no tau2"),
        (format!("{BCG} --mh --measure OR --test knha"), "those of z"),
        (format!("{BCG} --mh --measure SMD"), "--measure"),
        (format!("{BCG} --peto --cluster alloc"), "no random effects, no clusters, no covariances and no scale"),
        (format!("{BCG} --glmm UM.FS --measure OR --leave-one-out"), "--glmm models the counts"),
        (format!("{BCG} --glmm UM.FS --measure OR --nagq 7"), "quadrature of UM.RS"),
        (format!("{BCG} --newmods ablat=3"), "the model has none"),
        (format!("{BCG} --peto --measure RR"), "--peto pools odds ratios"),
        (format!("{BCG} --predict --newmods ablat=3"), "the model has none"),
        (format!("{BCG} --mods ablat --predict --newmods ablat"), "gives no moderator"),
        (format!("{BCG} --mods ablat --predict --newmods ablta=3"), "there is no column `ablta`"),
        (format!("{BCG} --contrast one"), "has no name"),
        (format!("{BCG} --contrast one=1,2"), "2 numbers for 1 coefficients"),
        (format!("{BCG} --contrast none=0"), "is 0 whatever"),
        (format!("{BCG} --influence --delete-by alloc"), "that of --random"),
        (format!("{BCG} --delete-by alloc"), "ask for one of them"),
        (format!("{BCG} --mods ablat --leave-one-out"), "without moderators"),
        (format!("{BCG} --influence --blup --format csv"), "CSV holds one table"),
        (format!("{BCG} --level 195"), "between 0 and 1"),
        (format!("{BCG} --method FE --tau2 1"), "FE has no tau2"),
        (format!("{BCG} --subgroup alloc --mods ablat"), "exclude each other"),
        (format!("{BCG} --unweighted --weights year"), "exclude each other"),
        (format!("{BCG} --format junit"), "only `reffect check`"),
    ] {
        let mut args = vec!["meta".to_owned()];
        args.extend(words(&call));
        let output = folder.run(&args);
        assert_eq!(output.status.code(), Some(2), "{call}: {}", stdout(&output));
        assert!(stderr(&output).contains(expected), "{call}: {}", stderr(&output));
    }
}

/// One, two and three studies, identical effects, gaps, text among numbers, and a header alone.
#[test]
fn small_and_broken_tables_are_answered() {
    let folder = Folder::new("walk-small");
    folder.write("k1.csv", "yi,vi,x,g\n0.4,0.04,1,a\n");
    folder.write("k2.csv", "yi,vi,x,g\n0.4,0.04,1,a\n-0.3,0.05,2,b\n");
    folder.write("k3.csv", "yi,vi,x,g\n0.4,0.04,1,a\n-0.3,0.05,2,b\n0.1,0.02,4,a\n");
    folder.write("alike.csv", "yi,vi,x,g\n0.4,0.04,1,a\n0.4,0.05,2,b\n0.4,0.02,4,a\n0.4,0.03,3,b\n");
    folder.write(
        "gaps.csv",
        "yi,vi,x,g\n0.4,0.04,1,a\n,0.05,2,b\n0.1,NA,4,a\n0.2,0.03,,b\n0.3,0.03,2,\n0.5,0.1,3,b\n0.2,0.04,4,a\n",
    );
    folder.write("text.csv", "yi,vi\n0.4,0.04\n0.2,about 0.1\n");
    folder.write("header.csv", "yi,vi\n");
    folder.write("zeros.csv", "ai,n1i,ci,n2i\n0,10,0,12\n3,10,0,12\n2,20,5,20\n20,20,20,20\n");
    for (call, note) in [
        ("k1.csv --test knha", "one study shows no heterogeneity"),
        ("k1.csv --pi-type riley", "one study shows no heterogeneity"),
        ("k1.csv --leave-one-out --influence --blup --baujat --cumulative x", "cannot be fitted"),
        ("k1.csv --permutest --gosh --vif", "one study shows"),
        ("k1.csv --mods x", "left out, because it follows from the columns before it: x"),
        ("k2.csv --pi-type riley", "too few studies for this prediction interval"),
        ("k2.csv --test adhoc --subgroup g", "one study, whose interval is by z and not by adhoc"),
        ("k2.csv --random \"1 | g\" --leave-one-out --influence", "in turn the rest cannot be fitted"),
        ("k3.csv --random \"1 | g\" --predict --blup --ranef", "I² are the shares of the random effects"),
        ("k3.csv --egger --begg --fsn --tes --hc --trimfill --permutest --gosh", "fewer than 10 studies are too few"),
        ("k1.csv --egger", "--egger gives nothing: a regression test needs at least two studies more"),
        ("k2.csv --trimfill", "name the side"),
        ("k1.csv --subgroup g", "at least two groups"),
        ("alike.csv --test knha", "use the test adhoc"),
        ("alike.csv --egger --begg --fsn --tes --hc --trimfill --permutest --gosh --influence", "empty"),
        ("alike.csv --random \"1 | g\" --influence --leave-one-out", "estimated as 0"),
        ("gaps.csv", "line 4 left out: vi is missing"),
        ("gaps.csv --mods x", "line 5 left out: x is missing"),
        ("gaps.csv --random \"1 | g\"", "line 6 left out: g is missing"),
        ("gaps.csv --cluster g --vcov CR0", "line 6 left out: g is missing"),
        ("gaps.csv --subgroup g", "is part of the overall result, and of no subgroup"),
        ("gaps.csv --leave-one-out --delete-by g", "line 6 left out: g is missing"),
        ("zeros.csv --measure OR", "0.5 was added to each cell"),
        ("zeros.csv --measure OR --drop00", "lines 2, 5: both groups"),
        ("zeros.csv --mh --measure OR", "have no effect of their own"),
        ("zeros.csv --peto", "have no effect of their own"),
        ("zeros.csv --glmm CM.EL --measure OR", "say nothing of a ratio"),
    ] {
        let notes = document(&folder, call)["notes"].to_string();
        assert!(notes.contains(note), "{call}: {notes}");
    }
    for (call, expected) in [
        ("header.csv", "a header and no rows"),
        ("text.csv", "column `vi`: `about 0.1`"),
        ("k1.csv --random \"1 | g\"", "more effects than coefficients"),
        ("k1.csv --cluster g", "1 cluster is too few for robust tests of 1 coefficient"),
        ("alike.csv --scale x", "leave --scale out"),
        ("k1.csv --selmodel stepfun", "take another step"),
    ] {
        let mut args = vec!["meta".to_owned()];
        args.extend(words(call));
        let output = folder.run(&args);
        assert_eq!(output.status.code(), Some(2), "{call}: {}", stdout(&output));
        assert!(stderr(&output).contains(expected), "{call}: {}", stderr(&output));
    }
}

/// Every extra in every format: text and Markdown show it, CSV holds its table.
#[test]
fn every_extra_has_every_format() {
    let folder = Folder::with_data("walk-formats");
    let multilevel = |extra: &str| format!("{SCHOOLS} {extra}");
    let bcg = |extra: &str| format!("{BCG} {extra}");
    for (call, column, word) in [
        (bcg(""), "name", "all studies"),
        (bcg("--predict"), "pi_upper", "predicted"),
        (bcg("--leave-one-out"), "tau2", "without"),
        (bcg("--leave-one-out --delete-by alloc"), "tau2", "systematic"),
        (bcg("--cumulative year"), "ci_lower", "up to"),
        (bcg("--influence"), "dfbetas_1", "rstudent"),
        (bcg("--blup"), "pi_lower", "true effect of"),
        (bcg("--mods \"ablat + year\" --vif"), "vif", "VIF"),
        (bcg("--baujat"), "x", "squared Pearson residual"),
        (bcg("--gosh --gosh-subsets 50"), "estimate", "random 50 subsets"),
        (bcg("--mods ablat --compare 1"), "chisq", "likelihood ratio"),
        (bcg("--contrast double=2"), "statistic", "double"),
        (bcg("--permutest"), "QM_p", "8192 permutations"),
        (bcg("--subgroup alloc"), "level", "between subgroups"),
        (bcg("--trimfill"), "k0", "trim and fill"),
        (bcg("--egger"), "limit_estimate", "Egger"),
        (bcg("--begg"), "tau", "Begg"),
        (bcg("--harbord"), "slope", "Harbord"),
        (bcg("--peters"), "slope", "Peters"),
        (bcg("--fsn"), "fsnum", "fail-safe"),
        (bcg("--tes"), "observed", "excess significance"),
        (bcg("--hc"), "ci_upper", "Henmi"),
        (bcg("--selmodel beta"), "delta_2", "with selection (beta)"),
        (bcg("--scale ablat"), "name", "ln tau²"),
        (bcg("--scale ablat --predict"), "pi_lower", "predicted"),
        (bcg("--mh --measure OR --cumulative year"), "estimate", "up to"),
        (bcg("--glmm CM.AL --measure OR --predict"), "pi_lower", "predicted"),
        (bcg("--glmm CM.AL --measure OR --mods ablat"), "name", "Q by Wald"),
        (bcg("--glmm UM.FS --measure OR --mods alloc --vif"), "vif", "VIF"),
        (multilevel(""), "name", "district/school"),
        (multilevel("--predict"), "pi_upper", "predicted"),
        (multilevel("--leave-one-out"), "sigma2_1", "without"),
        (multilevel("--influence"), "cook_d", "Cook's d"),
        (multilevel("--blup"), "pi_lower", "true effect of"),
        (multilevel("--mods year --vif"), "vif", "VIF"),
        (multilevel("--mods \"I(year - 1990)\" --compare 1"), "chisq", "likelihood ratio"),
        (multilevel("--compare-random \"1 | district\""), "chisq", "random effects"),
        (multilevel("--contrast double=2"), "statistic", "double"),
        (multilevel("--ranef"), "level", "random effect"),
    ] {
        for format in ["table", "markdown", "csv", "json"] {
            let mut args = vec!["meta".to_owned()];
            args.extend(words(&call));
            args.extend(["--format".to_owned(), format.to_owned()]);
            let output = folder.run(&args);
            let text = stdout(&output);
            assert_eq!(output.status.code(), Some(0), "{call}: {}", stderr(&output));
            assert!(!text.contains("NaN"), "{call} {format}");
            match format {
                "csv" => {
                    let header = text.lines().next().unwrap();
                    assert!(header.split(',').any(|name| name == column), "{call}: {header}");
                    assert!(text.lines().count() > 1, "{call}");
                }
                "json" => assert!(serde_json::from_str::<Value>(&text).is_ok()),
                _ => assert!(text.contains(word), "{call} {format}: {text}"),
            }
        }
    }
}

/// Releases are effects like others: with groups, clusters, moderators and scales.
#[test]
fn releases_take_the_same_flags() {
    let folder = Folder::with_data("walk-releases");
    let all = "data data/trials --outcome relapse-rate --measure ROMC --r 0.5 --no-test";
    let plain = document(&folder, all);
    for extra in [
        "--random \"1 | release\" --ranef --predict --influence",
        "--leave-one-out --influence --egger --egger-predictor ni",
        "--mods year --predict --vif",
        "--cluster release --vcov CR0",
        "--scale year",
        "--aggregate release --rho 0.5",
        "--cumulative year --transf exp",
    ] {
        let found = document(&folder, &format!("{all} {extra}"));
        let k = if extra.starts_with("--aggregate") { 3 } else { plain["k"].as_u64().unwrap() };
        assert_eq!(found["k"], k, "{extra}");
        assert!(found["notes"].to_string().contains("caveat"), "{extra}");
    }
}
