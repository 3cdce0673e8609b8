//! Which rows and columns of a table are analysed. Golden numbers are those of metafor 3.8-1 in R 4.2.2; the calls
//! stand with each.

use crate::common::cli::{Folder, close, json_of, stderr, stdout};
use serde_json::Value;

fn document(name: &str, table: &str, args: &[&str]) -> Value {
    let folder = Folder::with_data(name);
    folder.write("t.csv", table);
    let output = folder.run([&["meta"], args, &["--json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    json_of(&output)
}

/// Means of two groups beside the cells of a 2×2 table, as in a table of trials with two outcomes: `di` is a cell.
const BOTH: &str = "study,m1i,sd1i,n1i,m2i,sd2i,n2i,ai,bi,ci,di\n\
                    A,10.2,2.1,40,11.3,2.4,38,12,28,18,20\n\
                    B,8.4,1.9,25,8.9,2.2,27,5,20,9,18\n\
                    C,9.9,3.0,60,10.1,2.8,58,20,40,22,37\n";

/// escalc(measure = "SMD", m1i, sd1i, n1i, m2i, sd2i, n2i): −0.4834, −0.2390, −0.0684.
#[test]
fn a_cell_of_a_table_is_no_cohens_d() {
    let found = document("rows-both", BOTH, &["t.csv", "--measure", "SMD"]);
    close(&found["studies"][0]["yi"], smd(10.2 - 11.3, [2.1, 2.4], [40.0, 38.0]), 1e-10);
    let folder = Folder::new("rows-di");
    folder.write("t.csv", "n1i,n2i,ai,bi,ci,di\n40,38,12,28,18,20\n25,27,5,20,9,18\n");
    let told = stderr(&folder.run(["meta", "t.csv", "--measure", "SMD"]));
    assert!(told.contains("--map di=di"), "{told}");
    let output = folder.run(["effect", "t.csv", "--measure", "SMD", "--map", "di=di"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

/// Hedges' g by its definition, with the exact correction of Hedges (1981), eq. 6e: J(76) = 0.990099…, by its Γ
/// functions.
fn smd(difference: f64, s: [f64; 2], n: [f64; 2]) -> f64 {
    let m = n[0] + n[1] - 2.0;
    let pooled = (((n[0] - 1.0) * s[0] * s[0] + (n[1] - 1.0) * s[1] * s[1]) / m).sqrt();
    let correction = (libm::lgamma(0.5 * m) - libm::lgamma(0.5 * (m - 1.0))).exp() / (0.5 * m).sqrt();
    correction * difference / pooled
}

/// 18 + 20 are the 38 of n2i in study A; 22 + 37 are not the 58 of study C.
#[test]
fn cells_and_sizes_that_do_not_add_up_are_told() {
    let pooled = |args: &[&str]| document("rows-mh", BOTH, &[&["t.csv", "--mh", "--measure", "OR"], args].concat());
    let found = pooled(&[]);
    assert!(found["k"] == 2 && found["notes"].to_string().contains("do not add up"), "{}", found["notes"]);
    assert_eq!(pooled(&["--map", "n1i=n1i,n2i=n2i"])["k"], 3);
    // One size alone does not make the cells of the other column another thing: 12/40 and 18/38, 5/25 and 9/27 as they
    // are.
    let table = "ai,bi,ci,di,tot1\n12,28,18,20,40\n5,20,9,18,25\n";
    let plain = document("rows-plain", table, &["t.csv", "--measure", "OR"]);
    let mapped = document("rows-mapped", table, &["t.csv", "--measure", "OR", "--map", "n1i=tot1"]);
    assert_eq!(mapped["estimate"], plain["estimate"]);
    let by_cells = pooled(&["--map", "bi=bi,di=di"]);
    assert_eq!(by_cells["k"], 3);
    assert!(by_cells["r_call"].as_str().unwrap().contains("di = di"), "{}", by_cells["r_call"]);
}

const BERKEY: &str = "data/published/berkey1998.csv";
const BLOCKS: [&str; 4] = ["--v-block", "v1i,v2i", "--v-cluster", "trial"];

/// rma.mv(yi, V, mods = ~ outcome - 1, data = dat.berkey1998), V by vcalc(vi = 1, cluster = author, rvars = c(v1i,
/// v2i)).
#[test]
fn effects_with_dependent_errors_may_be_fixed() {
    let found = document("rows-fixed", "", &[&[BERKEY, "--mods", "outcome - 1"], &BLOCKS[..]].concat());
    for (at, estimate, se) in
        [(0, -0.394_377_007_899, 0.018_649_225_036_1), (1, 0.307_218_608_491, 0.028_575_152_440_2)]
    {
        close(&found["coefficients"][at]["estimate"], estimate, 1e-10);
        close(&found["coefficients"][at]["se"], se, 1e-10);
    }
    close(&found["QE"], 128.226_716_213, 1e-10);
    close(&found["fit"]["loglik"], -49.613_439_693_5, 1e-10);
    let folder = Folder::with_data("rows-fixed-text");
    let text = stdout(&folder.run([&["meta", BERKEY, "--mods", "outcome - 1"], &BLOCKS[..]].concat()));
    assert!(text.contains("Fixed-effects meta-analysis of 10") && text.contains("generalised least squares"), "{text}");
    assert!(!text.contains("random ="), "{text}");
}

/// The third effect and its covariances are missing: rma.mv(yi, V, mods = ~ outcome - 1, random = ~ outcome | trial,
/// struct = "UN") has k = 9.
#[test]
fn a_row_needs_no_covariance_with_one_that_is_left_out() {
    let folder = Folder::with_data("rows-gap");
    let table = std::fs::read_to_string(folder.path(BERKEY)).unwrap();
    let gap = table
        .replace("PD,0.2,0.0057,0.0057,0.0009", "PD,,0.0057,,")
        .replace("AL,-0.6,0.0008,0.0009,", "AL,-0.6,0.0008,,");
    assert_ne!(table, gap);
    let model = ["t.csv", "--mods", "outcome - 1", "--random", "outcome | trial", "--struct", "UN"];
    let found = document("rows-gap", &gap, &[&model[..], &BLOCKS[..]].concat());
    assert_eq!(found["k"], 9);
    for (at, estimate, se) in [(0, -0.355_343_837_786, 0.088_589_117_756_9), (1, 0.409_266_459_7, 0.061_203_558_078_1)]
    {
        close(&found["coefficients"][at]["estimate"], estimate, 1e-5);
        close(&found["coefficients"][at]["se"], se, 1e-5);
    }
    // The variances stand on the diagonal as well.
    let without = gap.replace("yi,vi,", "yi,other,");
    let same = document("rows-diagonal", &without, &[&model[..], &BLOCKS[..]].concat());
    assert_eq!(same["coefficients"], found["coefficients"]);
}

/// dat.bonett2010: permutest(rma(yi, vi, mods = ~ caregivers), exact = TRUE) of escalc(measure = "ARAW") has 84
/// distinct orders, since six of nine studies are alike.
#[test]
fn orders_of_alike_studies_are_all_taken() {
    let alphas = "study,ni,mi,ai,caregivers\n1,103,20,0.93,women\n2,64,20,0.91,mixed\n3,118,20,0.94,women\n\
                  4,401,20,0.89,mixed\n5,215,20,0.9,mixed\n6,51,20,0.89,mixed\n7,175,20,0.86,mixed\n8,311,20,0.91,mixed\n\
                  9,492,20,0.9,women\n";
    let args = ["t.csv", "--measure", "ARAW", "--mods", "caregivers", "--permutest"];
    let found = document("rows-orders", alphas, &args)["permutest"].clone();
    assert_eq!((&found["exact"], &found["permutations"]), (&Value::Bool(true), &Value::from(84)), "{found}");
    close(&found["p"][0], 0.142_857_142_86, 1e-9);
    close(&found["p"][1], 0.095_238_095_24, 1e-9);
}

/// The call of R fits the same rows where R would keep others, or their levels, or stop.
#[test]
fn calls_of_r_take_the_rows_of_the_model() {
    let table = "yi,vi,g,x\n0.1,0.1,a,\n0.5,0.1,b,1\n0.9,0.2,b,2\n-0.3,0.1,c,3\n0.2,0.3,c,4\n0.4,0.13,c,2\n";
    let call = |args: &[&str]| {
        let all: Vec<&str> = ["t.csv"].iter().chain(args).copied().collect();
        document("rows-in-r", table, &all)["r_call"].as_str().unwrap().to_owned()
    };
    for (args, part) in [
        (vec!["--mods", "g + x"], "data = subset(data, complete.cases(x))"),
        (vec!["--mods", "g"], "data = data)"),
        (vec!["--subset", "!(x %in% c(1, 2))"], "data = subset(data, complete.cases(x) & (!(x %in% c(1, 2))))"),
        (vec!["--subset", "x %in% c(1, 2)"], "data = subset(data, x %in% c(1, 2))"),
        (vec!["--mods", "relevel(g, ref = 'c')"], "mods = ~ relevel(factor(g), ref = 'c')"),
        (vec!["--mods", "relevel(factor(x), ref = '2')"], "mods = ~ relevel(factor(x), ref = '2')"),
        (vec!["--mods", "ns(x, df = 2)"], "mods = ~ splines::ns(x, df = 2)"),
    ] {
        assert!(call(&args).contains(part), "{}", call(&args));
    }
}

/// What --subset takes is what a table of these rows gives, and R is told of it.
#[test]
fn a_subset_is_a_table_of_its_rows() {
    let table = "study,yi,vi,arm,year\nA,0.1,0.02,x,1990\nB,0.3,0.03,y,1991\nC,0.2,0.01,x,\nD,-0.1,0.02,x,1999\nE,0.4,0.05,x,2001\n";
    let rows = "study,yi,vi,arm,year\nD,-0.1,0.02,x,1999\nE,0.4,0.05,x,2001\n";
    let found = document("rows-subset", table, &["t.csv", "--subset", "arm == 'x'", "--subset", "year > 1995"]);
    let alone = document("rows-alone", rows, &["t.csv"]);
    assert_eq!(found["studies"], alone["studies"]);
    assert_eq!(found["coefficients"], alone["coefficients"]);
    let call = found["r_call"].as_str().unwrap();
    assert!(call.contains("data = subset(data, arm == 'x' & year > 1995)"), "{call}");
    // Rows keep the numbers that they have in the table.
    let unnamed = table.replace("study", "site");
    let slab = document("rows-numbered", &unnamed, &["t.csv", "--subset", "year > 1995"])["studies"].clone();
    assert_eq!((&slab[0]["slab"], &slab[1]["slab"]), (&Value::from("4"), &Value::from("5")), "{slab}");
    let folder = Folder::new("rows-none");
    folder.write("t.csv", table);
    for (condition, told) in [("arm == 'z'", "holds for none"), ("yi", "this is no condition"), ("age > 3", "`age`")] {
        let output = folder.run(["meta", "t.csv", "--subset", condition]);
        assert_eq!(output.status.code(), Some(2), "{condition}");
        assert!(stderr(&output).contains(told), "{condition}: {}", stderr(&output));
    }
}

/// A row of no level is left out with its line, as rows without another column are.
#[test]
fn rows_of_no_level_are_aggregated_into_none() {
    let table = "study,yi,vi,g\na,0.1,0.04,1\nb,0.3,0.05,1\nc,0.2,0.04,\nd,0.5,0.04,2\n";
    let of = document("rows-aggregate", table, &["t.csv", "--aggregate", "g", "--rho", "0.3"]);
    assert_eq!(of["k"], 2);
    let notes = of["notes"].to_string();
    assert!(
        notes.contains("line 4 left out: g is missing") && notes.contains("3 effects were aggregated into 2"),
        "{notes}"
    );
}
