//! Tables for models whose columns are of odd shapes or units, and what models write as a table.

use crate::common::cli::{Folder, stderr, stdout};
use serde_json::Value;

fn json(folder: &Folder, call: &[&str]) -> Value {
    let output = folder.run(call.iter().copied().chain(["--json"]));
    assert!(output.status.success(), "{call:?}: {}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

fn near(found: &Value, expected: f64, relative: f64) {
    let found = found.as_f64().unwrap_or(f64::NAN);
    assert!((found - expected).abs() <= relative * expected.abs(), "{found} for {expected}");
}

/// metafor 3.8-1: rma.mv(yi, bldiag(…), random = ~ 1 | trial). A trial of two effects has no third covariance to give.
#[test]
fn small_blocks_need_no_more_columns_than_rows() {
    let folder = Folder::new("ragged-blocks");
    folder.write(
        "r.csv",
        "trial,yi,vi,v1,v2,v3\n1,0.2,0.10,0.10,0.03,\n1,0.4,0.12,0.03,0.12,\n2,0.9,0.11,0.11,0.02,0.03\n\
         2,1.1,0.15,0.02,0.15,0.04\n2,0.7,0.13,0.03,0.04,0.13\n3,-0.3,0.2,0.2,,\n4,0.1,0.2,0.2,,\n",
    );
    let call = ["meta", "r.csv", "--random", "1 | trial", "--v-block", "v1,v2,v3", "--v-cluster", "trial"];
    let of = json(&folder, &call);
    assert_eq!(of["k"], 7);
    near(&of["coefficients"][0]["estimate"], 0.332_983_172_3, 1e-6);
    near(&of["coefficients"][0]["se"], 0.256_344_244_4, 1e-6);
    // What a block needs it must have.
    folder.write(
        "gap.csv",
        "trial,yi,vi,v1,v2\n1,0.2,0.10,0.10,\n1,0.4,0.12,0.03,0.12\n2,0.9,0.11,0.11,\n3,0.1,0.2,0.2,\n",
    );
    let of = json(&folder, &["meta", "gap.csv", "--random", "1 | trial", "--v-block", "v1,v2", "--v-cluster", "trial"]);
    assert_eq!(of["k"], 3, "{}", of["notes"]);
}

/// The ends of intervals of variances are where the likelihood says, whatever the unit of the effects.
#[test]
fn profile_intervals_do_not_depend_on_the_unit() {
    let folder = Folder::new("profile-units");
    let effects = [0.62, -0.45, 0.31, 1.10, 0.92, -0.20, 0.05, 0.71, 1.42, 0.15];
    let variances = [0.16, 0.10, 0.08, 0.12, 0.09, 0.11, 0.14, 0.07, 0.10, 0.13];
    let intervals = |scale: f64| {
        let rows = effects.iter().zip(variances).enumerate();
        let line =
            |(at, (yi, vi)): (usize, (&f64, f64))| format!("{},{at},{},{}\n", at / 2, yi * scale, vi * scale * scale);
        folder.write("u.csv", format!("trial,effect,yi,vi\n{}", rows.map(line).collect::<String>()));
        let of = json(&folder, &["meta", "u.csv", "--random", "1 | trial/effect"]);
        let ends = of["sigma2_ci"].as_array().unwrap().iter().flat_map(|ci| ci.as_array().unwrap().clone());
        ends.map(|end| end.as_f64().unwrap() / (scale * scale)).collect::<Vec<f64>>()
    };
    let usual = intervals(1.0);
    for (end, same) in usual.iter().zip(intervals(2f64.powi(-20))) {
        assert!((end - same).abs() <= 1e-6 * end.abs().max(1e-3), "{usual:?}: {same}");
    }
}

/// Cho et al. (2019): a share t of ties takes t/4 from the numerator, 0.2/4/(19·24) in the first row.
#[test]
fn ties_count_in_the_variance_of_an_area() {
    let folder = Folder::new("cles-ties");
    folder.write("c.csv", "ai,n1i,n2i,mi\n0.7,20,25,0.2\n0.7,20,25,0\n0.7,20,25,1.2\n");
    let of = json(&folder, &["effect", "--measure", "CLES", "--vtype", "LS2", "c.csv"]);
    let vi = |row: usize| of["rows"][row]["vi"].as_f64();
    let less = vi(1).unwrap() - vi(0).unwrap();
    assert!((less - 0.05 / (19.0 * 24.0)).abs() < 1e-15, "{less}");
    assert_eq!(vi(2), None);
}

#[test]
fn the_analysis_in_two_stages_stands_in_the_table() {
    let folder = Folder::with_data("two-stage-csv");
    let call =
        ["fit", "alsfrs ~ month + (1 | patient)", "data/examples/als-5.csv", "--change-at", "0", "--time", "month"];
    let output = folder.run(call.into_iter().chain(["--format", "csv"]));
    let text = stdout(&output);
    assert!(text.lines().any(|line| line.starts_with("two_stage: ")), "{text}");
    assert!(!text.lines().next().unwrap().contains("two_stage"), "{text}");
}

/// Columns of the scale in other units, or with their 0 elsewhere, have the same fit: metafor 3.8-1 has 0.0702 for the
/// standard error as the data are.
#[test]
fn scales_do_not_depend_on_units_and_origins() {
    let folder = Folder::with_data("scale-units");
    let table = std::fs::read_to_string(folder.path("data/published/bcg.csv")).unwrap();
    let mut lines = table.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let place = |name: &str| header.iter().position(|own| *own == name).unwrap();
    let (yi, vi, ablat) = (place("yi"), place("vi"), place("ablat"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let fitted = |shift: f64, unit: f64| {
        let x = |row: &Vec<&str>| (row[ablat].parse::<f64>().unwrap() + shift) * unit;
        let text: String = rows.iter().map(|row| format!("{},{},{}\n", row[yi], row[vi], x(row))).collect();
        folder.write("s.csv", format!("yi,vi,x\n{text}"));
        let of = json(&folder, &["meta", "s.csv", "--scale", "x"]);
        let slope = &of["scale"]["coefficients"][1];
        ["estimate", "se"].map(|field| slope[field].as_f64().unwrap() * unit)
    };
    let usual = fitted(0.0, 1.0);
    assert!((usual[1] - 0.0702).abs() < 1e-3, "{usual:?}");
    for (shift, unit) in [(1e5, 1.0), (1e6, 1.0), (0.0, 1e5), (0.0, 1e-5)] {
        for (found, expected) in fitted(shift, unit).into_iter().zip(usual) {
            assert!((found - expected).abs() < 1e-5 * expected.abs(), "{shift} {unit}: {found} for {expected}");
        }
    }
}

/// The years of a scale may be counted from 0 or from 2000, beside groups without an intercept and in a product too.
#[test]
fn scales_of_several_columns_do_not_depend_on_their_origins() {
    let folder = Folder::new("scale-origins");
    let row = |at: u32, origin: f64| {
        let i = f64::from(at);
        let (yi, vi) = ((1.7 * i).sin() * (0.5 * (0.9 * i).cos()).exp(), 0.05 + 0.04 * (2.3 * i).sin().abs());
        let (group, year, x) = (["a", "b", "c"][(at % 3) as usize], f64::from(1990 + (7 * at) % 31), (0.6 * i).cos());
        format!("{yi},{vi},{group},{},{x}\n", year - origin)
    };
    for (formula, column) in [("0 + g + year", "year"), ("year * x", "year:x")] {
        let fitted = |origin: f64| {
            let rows: String = (0..36).map(|at| row(at, origin)).collect();
            folder.write("s.csv", format!("yi,vi,g,year,x\n{rows}"));
            let of = json(&folder, &["meta", "s.csv", "--method", "ML", "--scale", formula]);
            let all = of["scale"]["coefficients"].as_array().unwrap();
            let named = all.iter().find(|of| of["name"] == column).unwrap();
            [&of["fit"]["loglik"], &named["estimate"], &named["se"]].map(|number| number.as_f64().unwrap())
        };
        for (found, expected) in fitted(0.0).into_iter().zip(fitted(2000.0)) {
            assert!((found - expected).abs() < 1e-6 * expected.abs(), "{formula}: {found} for {expected}");
        }
    }
}

/// The variances of a block are those of the model, also where a column contradicts them.
#[test]
fn rows_have_the_variances_of_their_blocks() {
    let folder = Folder::with_data("blocks-vi");
    let text = std::fs::read_to_string(folder.path("data/published/berkey1998.csv")).unwrap();
    folder.write("wrong.csv", text.replacen(",0.0075,0.0075,", ",0.75,0.0075,", 1));
    let call = |file| ["meta", file, "--random", "outcome | trial", "--mods", "0 + outcome", "--v-cluster", "trial"];
    let blocks = ["--v-block", "v1i,v2i"];
    let right = json(&folder, &[&call("data/published/berkey1998.csv")[..], &blocks].concat());
    let wrong = json(&folder, &[&call("wrong.csv")[..], &blocks].concat());
    assert_eq!(wrong["studies"], right["studies"]);
    let told = "the variances are those on the diagonal of --v-block, not vi";
    let is_told = |of: &Value| of["notes"].to_string().contains(told);
    assert!(is_told(&wrong) && !is_told(&right));
    folder.write("below.csv", text.replacen(",0.0075,0.0075,", ",0.0075,-0.0075,", 1));
    let refused = folder.run([&call("below.csv")[..], &blocks].concat());
    assert!(stderr(&refused).contains("line 2: the variance on the diagonal"), "{}", stderr(&refused));
}

/// `rma` has no `correct` and passes over it; `escalc` has it, so that the effects are made by that.
#[test]
fn an_uncorrected_effect_is_made_by_escalc_in_r() {
    let folder = Folder::with_data("r-correct");
    let call = ["meta", "data/published/normand1999.csv", "--measure", "SMD"];
    let r_call = |more: &[&str]| json(&folder, &[&call[..], more].concat())["r_call"].as_str().unwrap().to_owned();
    assert!(r_call(&[]).starts_with("rma(measure = \"SMD\", "));
    let plain = r_call(&["--no-correct"]);
    assert!(plain.starts_with("rma(yi, vi, ") && plain.contains("escalc(measure = \"SMD\", "), "{plain}");
    assert!(plain.contains("correct = FALSE, data = data))"), "{plain}");
}

/// What stands beside the call of R is told of every kind of model.
#[test]
fn the_call_of_r_says_what_it_leaves_out() {
    let folder = Folder::with_data("r-only");
    for more in
        [&["--mh", "--measure", "OR", "--cumulative", "year"][..], &["--random", "1 | trial", "--leave-one-out"]]
    {
        let told = stdout(&folder.run([&["meta", "data/published/bcg.csv"][..], more].concat()));
        assert!(told.replace('\n', " ").contains("R call reproduces the model only"), "{told}");
    }
}
