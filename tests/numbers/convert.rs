//! Means and SDs from quantiles against their papers (`tests/ref/effect/fivenum.py`), and
//! `reffect convert` as it is used.

use crate::common::{Comparison, golden, number};
use reffect::recover::{FiveNumbers, QuantileMethod};

#[test]
fn means_and_sds_from_quantiles_agree_with_their_papers() {
    let mut comparison = Comparison::default();
    for row in golden("effect/fivenum.csv") {
        let what = row.join(",");
        let [min, q1, median, q3, max, n] = [0, 1, 2, 3, 4, 5].map(|i| number(&row[i]));
        let numbers = FiveNumbers { min, q1, median, q3, max, n: n.unwrap() };
        let found = numbers.mean_and_sd().unwrap();
        let test = numbers.skewness().unwrap();
        let values = [found.mean.unwrap(), found.sd, test.statistic, test.critical];
        for (found, expected) in values.into_iter().zip(&row[6..10]) {
            comparison.close(&what, found, number(expected).unwrap(), 1e-12, 1e-14);
        }
        assert_eq!(test.is_significant, number(&row[8]) >= number(&row[9]), "{what}");
    }
    comparison.finish(200);
}

/// Sought minima and maxima agree to about half the digits (`tests/ref/effect/skewed.py`).
#[test]
fn means_and_sds_of_skewed_data_agree_with_another_program() {
    let mut comparison = Comparison::default();
    for row in golden("effect/skewed.csv") {
        let what = row.join(",");
        let [min, q1, median, q3, max, n] = [0, 1, 2, 3, 4, 5].map(|i| number(&row[i]));
        let numbers = FiveNumbers { min, q1, median, q3, max, n: n.unwrap() };
        let method = match row[6].as_str() {
            "qe" => QuantileMethod::Qe,
            "bc" => QuantileMethod::Bc,
            _ => QuantileMethod::Mln,
        };
        let found = numbers.mean_and_sd_by(method).unwrap_or_else(|reason| panic!("{what}: {reason}"));
        comparison.close(&what, found.mean.unwrap(), number(&row[7]).unwrap(), 1e-6, 0.0);
        comparison.close(&what, found.sd, number(&row[8]).unwrap(), 1e-6, 0.0);
    }
    comparison.finish(350);
}

#[cfg(feature = "cli")]
mod program {
    use crate::common::cli::{Folder, json_of, stderr, stdout};
    use serde_json::Value;

    fn rows(folder: &Folder, args: &[&str]) -> Vec<Value> {
        let output = folder.run([&["convert"], args, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let document = json_of(&output);
        document["rows"].as_array().unwrap().clone()
    }

    /// 1, 2, 3 and 5, 9 have the means 2 and 7 and the variances 1 and 8; all five have 4 and 10.
    #[test]
    fn two_groups_are_combined_as_if_all_their_people_were_known() {
        let folder = Folder::new("convert-combined");
        folder.write("t.csv", "n1i,m1i,sd1i,n2i,m2i,sd2i\n3,2,1,2,7,2.8284271247461903\n3,2,1,0,7,1\n1,2,0,1,3,0\n");
        let of = rows(&folder, &["t.csv", "--to", "combined"]);
        let close = |name: &str, expected: f64| assert!((of[0][name].as_f64().unwrap() - expected).abs() < 1e-12);
        close("n", 5.0);
        close("mean", 4.0);
        close("sd", 10.0f64.sqrt());
        assert!(of[1]["n"].is_null() && of[1]["notes"][0].as_str().unwrap().contains("n2i = 0"));
        assert!(of[2]["sd"].is_null());
    }

    /// Cochrane Handbook 6.5.2.3: of 25 and 22 people with a difference of 3.8, t = 2.78 has the SD 4.69 there, by way of an
    /// SE that is rounded to 1.37; the p of 0.008 is that t's.
    #[test]
    fn the_sd_of_two_groups_comes_from_their_difference() {
        let folder = Folder::new("convert-group-sds");
        folder.write(
            "t.csv",
            "m1i,m2i,n1i,n2i,md,se,ci.lb,ci.ub,t,p,F\n\
             5,1.2,25,22,,,,,2.78,,\n5,1.2,25,22,,,,,,0.008,\n,,25,22,3.8,,,,,,7.7284\n\
             ,,25,22,,1.37,,,,,\n,,25,22,,,1.04,6.56,,,\n5,1.2,25,22,,,,,-2.78,,\n5,5,25,22,,,,,2,,\n",
        );
        let of = rows(&folder, &["t.csv", "--to", "group-sds"]);
        for (row, expected) in of.iter().zip([4.676, 4.683, 4.676, 4.687, 4.688, 4.676]) {
            assert_eq!(row["sd1i"], row["sd2i"]);
            assert!((row["sd1i"].as_f64().unwrap() - expected).abs() < 6e-4, "{row}");
            assert!(row["notes"].to_string().contains("taken as the same"), "{row}");
        }
        assert!(of[5]["notes"].to_string().contains("opposite difference"), "{}", of[5]);
        assert!(of[6]["sd1i"].is_null() && of[6]["notes"].to_string().contains("says nothing of the SD"), "{}", of[6]);
        // F = t², of one group: 1·√7/2.5.
        folder.write("f.csv", "n,mean,F\n7,-1,6.25\n7,-1,-1\n");
        let of = rows(&folder, &["f.csv", "--to", "mean-sd"]);
        assert!((of[0]["sd"].as_f64().unwrap() - 7.0f64.sqrt() / 2.5).abs() < 1e-12, "{}", of[0]);
        assert!(of[1]["sd"].is_null());
    }

    #[test]
    fn both_groups_of_a_table_are_converted_one_after_the_other() {
        let folder = Folder::new("convert-as");
        folder.write("t.csv", "study,eq1,emed,eq3,en,cq1,cmed,cq3,cn\na,10,14,19,40,12,16,22,41\n");
        let call = |file: &str, map: &str, names: &str| {
            let args = ["convert", file, "--to", "mean-sd", "--map", map, "--as", names, "--format", "csv"];
            let output = folder.run(args);
            assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
            stdout(&output)
        };
        folder.write("one.csv", call("t.csv", "q1=eq1,median=emed,q3=eq3,n=en", "m1i,sd1i"));
        let both = call("one.csv", "q1=cq1,median=cmed,q3=cq3,n=cn", "m2i,sd2i");
        let header = both.lines().next().unwrap();
        assert!(header.ends_with("cn,m1i,sd1i,m1i_method,m1i_notes,m2i,sd2i,m2i_method,m2i_notes"), "{header}");
        let wrong = folder.run(["convert", "t.csv", "--to", "mean-sd", "--map", "q1=eq1,q3=eq3,n=en", "--as", "m1i"]);
        assert_eq!(wrong.status.code(), Some(2));
        assert!(stderr(&wrong).contains("--as m1i names no columns for mean, sd"), "{}", stderr(&wrong));
    }

    #[test]
    fn each_row_has_its_values_or_its_reason() {
        let folder = Folder::with_data("convert-rows");
        let of = rows(&folder, &["data/quartiles.csv", "--to", "mean-sd"]);
        assert_eq!(of.len(), 5);
        assert!((of[0]["mean"].as_f64().unwrap() - 15.352_437_5).abs() < 1e-12);
        assert!(of[0]["method"].as_str().unwrap().contains("Luo 2018, eq. 11"));
        assert!(of[3]["mean"].is_null() && of[3]["notes"][0].as_str().unwrap().contains("skewed"));
        assert!(of[4]["sd"].is_null() && of[4]["notes"][0].as_str().unwrap().contains("at least 5"));
        let untested = rows(&folder, &["data/quartiles.csv", "--to", "mean-sd", "--no-test"]);
        assert!((untested[3]["mean"].as_f64().unwrap() - 4.1195).abs() < 1e-12);
        let of = rows(&folder, &["data/odds-ratios.csv", "--to", "yi-vi", "--transf", "log"]);
        // The documentation of metafor's conv.wald has −0.4463 and 0.1113 for this odds ratio.
        assert!((of[0]["yi"].as_f64().unwrap() + 0.4463).abs() < 5e-5);
        assert!((of[0]["vi"].as_f64().unwrap() - 0.1113).abs() < 5e-5);
        // (0.7/1.96)² by a p of 0.05, under either name.
        for name in ["p", "pval"] {
            folder.write("p.csv", format!("yi,{name}\n0.7,0.05\n"));
            let of = rows(&folder, &["p.csv", "--to", "yi-vi"]);
            assert!((of[0]["vi"].as_f64().unwrap() - 0.127_555).abs() < 1e-6, "{}", of[0]);
        }
    }

    /// Borenstein et al. (2009), 7.3: d = 0.5 with a variance of 0.01; the rest by hand, such as ln 2.5 and (0.4/2.5)².
    #[test]
    fn estimates_change_their_scale_with_their_variance() {
        let folder = Folder::new("convert-rescaled");
        folder.write("t.csv", "yi,vi,sei,n1i,n2i\n0.5,0.01,,,\n2.5,,0.4,25,22\n0.5,0,,,\n");
        let of = |name: &str| rows(&folder, &["t.csv", "--to", "yi-vi", "--transf", name]);
        let close = |row: &serde_json::Value, yi: f64, vi: f64| {
            let apart = |name: &str, expected: f64| (row[name].as_f64().unwrap() - expected).abs();
            assert!(apart("yi", yi) < 5e-5 && apart("vi", vi) < 5e-5, "{row}");
        };
        close(&of("dtolnor")[0], 0.9069, 0.0329);
        close(&of("log")[1], 2.5f64.ln(), 0.0256);
        // h = 45·(1/25 + 1/22).
        close(&of("dtorpb")[1], 2.5 / (6.25f64 + 45.0 * (1.0 / 25.0 + 1.0 / 22.0)).sqrt(), 0.002_299_5);
        assert!(of("rpbtod")[1]["yi"].is_null() && of("rpbtod")[1]["notes"].to_string().contains("between −1 and 1"));
        assert!(of("log")[2]["vi"].is_null() && of("log")[2]["notes"].to_string().contains("variance of 0"));
        let plain = rows(&folder, &["t.csv", "--to", "yi-vi"]);
        close(&plain[1], 2.5, 0.16);
        folder.write("own.csv", "yi,vi,notes\n0.5,0.01,two patients left\n");
        let own = folder.run(["convert", "own.csv", "--to", "yi-vi", "--format", "csv"]);
        assert!(stderr(&own).contains("own column `notes` gives way"), "{}", stderr(&own));
        let wrong = folder.run(["convert", "t.csv", "--to", "yi-vi", "--transf", "logs"]);
        assert!(stderr(&wrong).contains("did you mean `log`"), "{}", stderr(&wrong));
    }

    /// The examples of metafor's documentation of conv.2x2.
    #[test]
    fn tables_come_back_from_their_margins() {
        let folder = Folder::new("convert-2x2");
        folder.write("t.csv", "ni,n1i,n2i,ori,ri,x2i\n240,122,56,2.05,,\n240,122,56,,0.15,\n240,122,56,,,4.61\n400,200,248,,0.54,\n400,200,50,,0.54,\n");
        let of = rows(&folder, &["t.csv", "--to", "2x2"]);
        for row in &of[..3] {
            assert_eq!(
                (row["ai"].as_u64(), row["bi"].as_u64(), row["ci"].as_u64(), row["di"].as_u64()),
                (Some(36), Some(86), Some(20), Some(98))
            );
        }
        // The true table is 176, 24, 72, 128; phi was rounded.
        assert!(of[3]["ai"].as_u64().unwrap().abs_diff(176) <= 1, "{}", of[3]);
        assert!(of[4]["ai"].is_null() && of[4]["notes"][0].as_str().unwrap().contains("below 0"));
        folder.write("y.csv", "ni,n1i,n2i,x2i\n72,42,40,3.62\n");
        // Without Yates' correction the same statistic belongs to another table.
        let [with, without] = [&["y.csv", "--to", "2x2"][..], &["y.csv", "--to", "2x2", "--no-yates"][..]]
            .map(|args| rows(&folder, args)[0]["ai"].as_u64());
        assert_ne!(with, without);
    }

    #[test]
    fn screens_and_errors_are_pinned() {
        let folder = Folder::with_data("convert-screens");
        folder.write("mean.csv", "mean,se,ci.lb,ci.ub,t,p,n\n5,1,,,,,9\n5,,4,6,,,9\n5,,,,2,,9\n5,,,,,0.05,9\n5,-1,,,,,9\n5,,,,,,9\n5,x,,,,,9\n");
        let mut transcript = String::new();
        for args in [
            vec!["convert", "data/quartiles.csv", "--to", "mean-sd"],
            vec!["convert", "mean.csv", "--to", "mean-sd"],
            vec!["convert", "data/odds-ratios.csv", "--to", "yi-vi", "--format", "csv"],
            vec!["convert", "data/odds-ratios.csv", "--to", "2x2"],
            vec!["convert", "data/quartiles.csv", "--to", "mean-sd", "--method", "qe"],
            vec!["convert", "data/quartiles.csv", "--to", "mean-sd", "--method", "bc", "--format", "markdown"],
            vec!["convert", "data/quartiles.csv", "--to", "mean-sd", "--method", "mln", "--format", "csv"],
            vec!["convert", "data/odds-ratios.csv", "--to", "yi-vi", "--method", "mln"],
            vec!["convert", "data/odds-ratios.csv", "--to", "yi-vi", "--method", "luo"],
            vec!["convert", "data/quartiles.csv", "--to", "mean-sd", "--transf", "log"],
        ] {
            let output = folder.run(&args);
            transcript.push_str(&format!("$ reffect {}\n{}{}\n", args.join(" "), stdout(&output), stderr(&output)));
        }
        insta::assert_snapshot!(transcript);
    }
}

/// A name that no one asks for would take the column away from its own.
#[cfg(feature = "cli")]
#[test]
fn a_map_of_an_unused_name_is_refused() {
    let folder = crate::common::cli::Folder::new("map");
    folder.write("t.csv", "out,ci.lb,ci.ub,g\n0.5,0.2,1.2,a\n0.7,0.3,1.4,b\n0.6,0.4,1.3,a\n0.9,0.25,1.1,b\n");
    let told = |args: &[&str]| {
        let output = folder.run(args);
        (output.status.code(), crate::common::cli::stderr(&output))
    };
    let (code, text) = told(&["convert", "t.csv", "--to", "yi-vi", "--map", "ci_lb=ci.lb"]);
    assert!(code == Some(2) && text.contains("nothing in this call is named ci_lb"), "{text}");
    let (code, text) = told(&["meta", "t.csv", "--yi", "out", "--sei", "ci.lb", "--map", "foo=g"]);
    assert!(code == Some(2) && text.contains("named foo"), "{text}");
    for args in [
        &["convert", "t.csv", "--to", "yi-vi", "--map", "ci_lower=ci.lb"] as &[&str],
        &["meta", "t.csv", "--yi", "effect", "--sei", "ci.lb", "--map", "effect=out"],
        &["fit", "out ~ scale(lower) + (1 | g)", "t.csv", "--map", "lower=ci.lb"],
    ] {
        let (code, text) = told(args);
        assert_eq!(code, Some(0), "{args:?}: {text}");
    }
}

/// A mean outside of its interval has no SD, as it has no variance.
#[cfg(feature = "cli")]
#[test]
fn a_mean_outside_of_its_interval_gives_no_sd() {
    let folder = crate::common::cli::Folder::new("of-mean");
    folder.write("t.csv", "mean,ci.lb,ci.ub,n\n5,10,20,30\n15,10,20,30\n12,10,20,30\n");
    let output = folder.run(["convert", "t.csv", "--to", "mean-sd", "--json"]);
    let document = crate::common::cli::json_of(&output);
    let rows = &document["rows"];
    assert!(rows[0]["sd"].is_null() && rows[0]["notes"].to_string().contains("outside of its interval"), "{rows}");
    // 5·√30/t(29), R: qt(0.975, 29) = 2.045230
    assert!((rows[1]["sd"].as_f64().unwrap() - 13.390_246).abs() < 1e-5, "{rows}");
    assert!(rows[2]["notes"].to_string().contains("far from the middle"), "{rows}");
}

/// In a table of two arms, an unnamed mean may be the other arm's: what `--map` names comes first, row by row.
#[cfg(feature = "cli")]
#[test]
fn named_columns_come_before_others() {
    let folder = crate::common::cli::Folder::new("convert-named");
    let (numbers, second) = ("median,q1,q3", "5.5,3.5,7.5");
    folder.write("alone.csv", format!("n,{numbers}\n20,{second}\n"));
    folder.write("both.csv", "n,med2,low2,high2,mean,sd\n20,5.5,3.5,7.5,4.1,2.2\n20,,,,4.1,2.2\n");
    let of = |args: &[&str]| {
        let output = folder.run([&["convert"], args, &["--to", "mean-sd", "--json"]].concat());
        crate::common::cli::json_of(&output)["rows"].clone()
    };
    let alone = of(&["alone.csv"]);
    let both = of(&["both.csv", "--map", "median=med2,q1=low2,q3=high2"]);
    assert_eq!((&both[0]["mean"], &both[0]["sd"]), (&alone[0]["mean"], &alone[0]["sd"]));
    assert!(both[0]["notes"].to_string().contains("mean, sd were passed over"), "{both}");
    // A row without them has the other way.
    assert_eq!((both[1]["mean"].as_f64(), both[1]["sd"].as_f64()), (Some(4.1), Some(2.2)));
    // Both named, or neither: a reported mean with its SD comes first, as always.
    let named = of(&["both.csv", "--map", "median=med2,q1=low2,q3=high2,mean=mean"]);
    assert_eq!(named[0]["mean"].as_f64(), Some(4.1));
}
