//! Differences of means and slopes, adjusted for their number, models side by side and other scales against lmerTest
//! and glmmTMB (`tests/ref/mixed/differences.R`), and what the command makes of them.

use crate::common::cli::{Folder, json_of, stderr, stdout};
use crate::common::meta::table_at;
use crate::common::{Comparison, golden, number};
use reffect::formula::{Formula, Frame};
use reffect::mixed::change::ChangePoint;
use reffect::mixed::result::{Adjusted, Coefficient, MarginalMeans, adjust};
use reffect::mixed::{Adjustment, DataOptions, LinearFit, LinearMixedModel, MeansOf, MixedFit, ModelData, Pairs};
use serde_json::Value;
use std::path::Path;
use std::process::Output;

fn fitted(formula: &str, frame: &Frame) -> LinearFit {
    let data = ModelData::new(Formula::parse(formula).unwrap(), frame, &DataOptions::default()).unwrap();
    LinearMixedModel::default().fit(data).unwrap()
}

/// The golden rows of a case: quantity, name, value.
fn rows(case: &str) -> Vec<(String, String, f64)> {
    let all = golden("mixed/differences.csv");
    let own = all.iter().filter(|row| row[0] == case);
    own.map(|row| (row[1].clone(), row[2].clone(), number(&row[3]).unwrap())).collect()
}

fn value(of: &Coefficient, quantity: &str) -> Option<f64> {
    match quantity {
        "estimate" => Some(of.estimate),
        "se" => Some(of.se),
        "df" => of.df,
        "p" => Some(of.p),
        _ => None,
    }
}

fn by(factor: &str) -> MeansOf {
    MeansOf { factors: vec![factor.to_owned()], ..MeansOf::default() }
}

#[test]
fn all_pairs_of_ten_means_and_their_adjusted_tests_are_those_of_r() {
    let fit = fitted("Reaction ~ factor(Days) + (1 | Subject)", &table_at("published/sleepstudy.csv"));
    let found = fit.means(&by("Days")).unwrap();
    assert_eq!((found.means.len(), found.contrasts.len(), found.adjusted.len()), (10, 45, 0));
    let adjusted =
        |adjustment| -> Vec<Option<Adjusted>> { fit.means(&MeansOf { adjustment, ..by("Days") }).unwrap().adjusted };
    let all = [Adjustment::Bonferroni, Adjustment::Holm, Adjustment::Tukey].map(adjusted);
    let mut comparison = Comparison::default();
    for (quantity, name, expected) in rows("pairs") {
        let at = found.contrasts.iter().position(|of| of.name == name).unwrap_or_else(|| panic!("{name}"));
        let test = |which: usize| all[which][at].unwrap();
        // R's ptukey is itself good to some 1e-8 here.
        let (value, relative, absolute) = match quantity.as_str() {
            "bonferroni" => (test(0).p, 1e-6, 0.0),
            "holm" => (test(1).p, 1e-6, 0.0),
            "tukey" => (test(2).p, 1e-6, 1e-8),
            "tukey upper" => (test(2).ci.unwrap().upper, 1e-6, 0.0),
            quantity => (value(&found.contrasts[at], quantity).unwrap(), 1e-6, 0.0),
        };
        comparison.close(&format!("{quantity} {name}"), value, expected, relative, absolute);
    }
    comparison.finish(360);
    let first = fit.means(&MeansOf { pairs: Pairs::First, ..by("Days") }).unwrap();
    assert_eq!(first.contrasts.len(), 9);
    assert!(first.contrasts.iter().all(|of| of.name.ends_with(" - 0") && found.contrasts.contains(of)));
    let refused = MeansOf { pairs: Pairs::First, adjustment: Adjustment::Tukey, ..by("Days") };
    assert!(fit.means(&refused).unwrap_err().to_string().contains("Tukey"));
    // The library's own function of a family.
    let holm = adjust(&found.contrasts, Adjustment::Holm, 10, 0.95).unwrap();
    assert!(holm.iter().zip(&all[1]).all(|(one, other)| Some(*one) == *other));
}

#[test]
fn a_factor_of_many_levels_is_compared_with_its_first_one_and_says_so() {
    let mut frame = Frame::default();
    let level = |row: usize| row / 4;
    frame.numbers("y", (0..240).map(|row| ((row * 7919) % 101) as f64 + level(row) as f64).collect());
    frame.numbers("site", (0..240).map(|row| level(row) as f64).collect());
    frame.numbers("id", (0..240).map(|row| (row % 40) as f64).collect());
    let found = fitted("y ~ factor(site) + (1 | id)", &frame).means(&by("site")).unwrap();
    assert_eq!((found.means.len(), found.contrasts.len()), (60, 59));
    assert!(found.notes.iter().any(|note| note.contains("60 levels, more than 50")), "{:?}", found.notes);
}

fn check_slopes(case: &str, sets: &[MarginalMeans], least: usize) {
    let mut comparison = Comparison::default();
    for (quantity, name, expected) in rows(case) {
        let named = |set: &&MarginalMeans| sets.len() == 1 || name.starts_with(&set.what);
        let set = sets.iter().find(named).unwrap();
        let own = name.strip_prefix(&set.what).filter(|own| !own.is_empty()).unwrap_or(&name).trim();
        let slopes = set.means.iter().map(|of| &of.mean);
        let of = slopes.chain(&set.contrasts).find(|of| of.name == own).unwrap_or_else(|| panic!("{name}"));
        // df follow from derivatives at lme4's own optimum.
        comparison.close(&format!("{quantity} {name}"), value(of, &quantity).unwrap(), expected, 2e-5, 1e-9);
    }
    comparison.finish(least);
}

#[test]
fn slopes_by_group_of_lines_and_curves_are_those_of_lmer() {
    let orthodont = table_at("published/orthodont.csv");
    let fit = fitted("distance ~ age * Sex + (age | Subject)", &orthodont);
    let found = fit.slopes("age", &by("Sex")).unwrap();
    assert_eq!((found.title.as_str(), found.notes.len()), ("slope of age by Sex", 0));
    check_slopes("slopes", &[found], 12);
    let curve = fitted("Reaction ~ ns(Days, df = 3) + (1 | Subject)", &table_at("published/sleepstudy.csv"));
    let at = MeansOf { at: vec![("Days".to_owned(), vec![3.0])], ..MeansOf::default() };
    let found = curve.slopes("Days", &at).unwrap();
    assert!(found.notes.iter().any(|note| note == "slopes are taken at Days = 3"), "{:?}", found.notes);
    check_slopes("curve", &[found], 4);
    for (covariate, of, told) in [
        ("Sex", MeansOf::default(), "`Sex` is no covariate"),
        ("Agee", MeansOf::default(), "no column `Agee`"),
        (
            "age",
            MeansOf { at: vec![("age".to_owned(), vec![8.0, 9.0])], ..MeansOf::default() },
            "for each of its values",
        ),
    ] {
        let error = fit.slopes(covariate, &of).unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn slopes_before_and_after_a_change_by_group_are_those_of_lmer() {
    let change = ChangePoint { time: "age".to_owned(), at: 11.0 };
    let data_of = |mut frame: Frame, formula: &str| {
        let mut formula = Formula::parse(formula).unwrap();
        change.add_to(&mut formula, &mut frame).unwrap();
        LinearMixedModel::default().fit(ModelData::new(formula, frame, &DataOptions::default()).unwrap()).unwrap()
    };
    let mut frame = table_at("published/orthodont.csv");
    let fit = data_of(frame.clone(), "distance ~ age * Sex + (1 | Subject)");
    let found = change.by_group(&fit, &MeansOf::default()).unwrap();
    check_slopes("change", &found, 36);
    // Groups of a column of two values are groups; without one there are none.
    let male = match frame.column("Sex").unwrap() {
        reffect::formula::Column::Texts { values, .. } => {
            values.iter().map(|sex| f64::from(u8::from(sex.as_deref() == Some("Male")))).collect()
        }
        reffect::formula::Column::Numbers(_) => unreachable!(),
    };
    frame.numbers("male", male);
    let coded = data_of(frame.clone(), "distance ~ age * male + (1 | Subject)");
    let by_code = change.by_group(&coded, &MeansOf::default()).unwrap();
    for (one, other) in by_code.iter().zip(&found) {
        assert_eq!(one.contrasts[0].name, "1 - 0");
        assert!((one.contrasts[0].estimate - other.contrasts[0].estimate).abs() < 1e-8);
        assert!((one.contrasts[0].p / other.contrasts[0].p - 1.0).abs() < 1e-5);
    }
    // Held at a level, there is that group alone.
    let held = MeansOf { levels: vec![("Sex".to_owned(), vec!["Male".to_owned()])], ..MeansOf::default() };
    let males = change.by_group(&fit, &held).unwrap();
    for (one, other) in males.iter().zip(&found) {
        assert_eq!((one.means.len(), one.contrasts.len(), &one.means[0].mean.name), (1, 0, &one.what));
        assert!((one.means[0].mean.estimate - other.means[1].mean.estimate).abs() < 1e-10);
    }
    assert_eq!(males.len(), 3);
    let alone = data_of(frame, "distance ~ age + Sex + (1 | Subject)");
    assert!(change.by_group(&alone, &MeansOf::default()).unwrap().is_empty());
}

#[test]
fn models_side_by_side_are_those_of_anova() {
    let frame = table_at("published/sleepstudy.csv");
    let fit = fitted("Reaction ~ Days + (Days | Subject)", &frame);
    let other = Formula::parse("Reaction ~ factor(Days) + (1 | Subject)").unwrap();
    let found = fit.compare(&ModelData::new(other, &frame, &DataOptions::default()).unwrap()).unwrap();
    assert!(found.test.is_none() && found.method == "ML", "{found:?}");
    assert!(found.notes.iter().any(|note| note.contains("neither lies within")), "{:?}", found.notes);
    let mut comparison = Comparison::default();
    for (quantity, name, expected) in rows("compare") {
        let model = &found.models[usize::from(name == "days")];
        let value = match quantity.as_str() {
            "npar" => model.parameters as f64,
            "aic" => model.aic,
            "bic" => model.bic,
            _ => model.loglik,
        };
        comparison.close(&format!("{quantity} {name}"), value, expected, 1e-8, 0.0);
    }
    comparison.finish(8);
}

fn path(file: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(file).to_str().unwrap().to_owned()
}

fn run(formula: &str, file: &str, args: &[&str]) -> Output {
    Folder::new("differences").run([&["fit", formula, &path(file)], args].concat())
}

const EPIL: &[&str] = &["--family", "poisson"];

#[test]
fn counts_have_means_and_ratios_as_columns() {
    let found = json_of(&run(
        "y ~ trt + (1 | subject)",
        "published/epil.csv",
        &[EPIL, &["--emmeans", "trt", "--json"]].concat(),
    ));
    let mut comparison = Comparison::default();
    for (quantity, name, expected) in rows("counts") {
        let means = found["emmeans"].as_array().unwrap();
        let mean = means.iter().find(|of| of["level"] == name.as_str());
        let difference = &found["emmeans_contrasts"][0];
        let value = match quantity.as_str() {
            "response" => &mean.unwrap()["response"],
            "lower" => &mean.unwrap()["response_ci"][0],
            "ratio" => &difference["ratio"],
            _ => &difference["ratio_ci"][1],
        };
        // glmmTMB stops a little short.
        comparison.close(&format!("{quantity} {name}"), value.as_f64().unwrap(), expected, 2e-5, 0.0);
    }
    comparison.finish(6);
    // The only coefficient is that difference, and the intercept is no ratio.
    assert_eq!(found["ratio_name"], "rate ratio");
    assert_eq!(found["fixef"][1]["ratio"], found["emmeans_contrasts"][0]["ratio"]);
    assert!(found["fixef"][0].get("ratio").is_none());
    // Predictions on both scales.
    let new = path("published/epil.csv");
    let args = [EPIL, &["--predict", &new, "--json"]].concat();
    let found = json_of(&run("y ~ trt + (1 | subject)", "published/epil.csv", &args));
    for row in found["predict"].as_array().unwrap() {
        for name in ["population", "conditional"] {
            let response = row[format!("{name}_response")].as_f64().unwrap();
            assert!((row[name].as_f64().unwrap().exp() / response - 1.0).abs() < 1e-12);
        }
        assert!(row["columns"]["subject"].is_number() && row["columns"]["trt"].is_string(), "{row}");
    }
}

#[test]
fn csv_holds_the_table_that_is_named() {
    let formula = "y ~ lbase * trt + (1 | subject)";
    let header = |args: &[&str]| stdout(&run(formula, "published/epil.csv", args)).lines().next().unwrap().to_owned();
    let of = |more: &[&'static str]| [EPIL, &["--emmeans", "trt", "--format", "csv"], more].concat();
    assert_eq!(header(&of(&[])), "trt,estimate,se,df,ci_lower,ci_upper,response,response_lower,response_upper");
    let tested = "estimate,se,statistic,df,p,ci_lower,ci_upper";
    assert_eq!(header(&of(&["--table", "differences"])), format!("of,by,name,{tested},ratio,ratio_lower,ratio_upper"));
    let adjusted = header(&of(&["--table", "differences", "--adjust", "tukey"]));
    assert!(adjusted.contains("p_adjusted,ci_lower_adjusted,ci_upper_adjusted,ratio"), "{adjusted}");
    assert_eq!(header(&of(&["--table", "fixef"])), format!("name,{tested},ratio,ratio_lower,ratio_upper"));
    let both = run(formula, "published/epil.csv", &of(&["--ranef"]));
    assert!(stderr(&both).contains("--table"), "{}", stderr(&both));
    let unknown = run(formula, "published/epil.csv", &of(&["--table", "slopes"]));
    assert!(stderr(&unknown).contains("fixef, varcorr, means, differences"), "{}", stderr(&unknown));
    // SDs and correlations with the intervals of the profile.
    let args = ["--ci", "profile", "--format", "csv", "--table", "varcorr"];
    let found = run("Reaction ~ Days + (Days | Subject)", "published/sleepstudy.csv", &args);
    let rows: Vec<Vec<String>> =
        stdout(&found).lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
    let kinds: Vec<&str> = rows[1..].iter().map(|row| row[1].as_str()).collect();
    assert_eq!(kinds, ["sd", "sd", "cor", "sd"]);
    // lme4: confint(fm1): −0.482 to 0.685
    assert!((number(&rows[3][5]).unwrap() + 0.482).abs() < 2e-3 && (number(&rows[3][6]).unwrap() - 0.685).abs() < 2e-3);
}

#[test]
fn rows_of_residuals_say_which_they_are() {
    let found =
        json_of(&run("Reaction ~ Days + (Days | Subject)", "published/sleepstudy.csv", &["--residuals", "--json"]));
    let rows = found["residuals"].as_array().unwrap();
    assert_eq!(rows.len(), 180);
    for row in rows {
        let of = |name: &str| row[name].as_f64().unwrap();
        assert!((of("observed") - of("fitted") - of("response")).abs() < 1e-9);
    }
    assert_eq!(
        (&rows[12]["columns"]["Subject"], &rows[12]["columns"]["Days"]),
        (&Value::from(309.0), &Value::from(2.0))
    );
    let csv =
        run("Reaction ~ Days + (Days | Subject)", "published/sleepstudy.csv", &["--residuals", "--format", "csv"]);
    let header = stdout(&csv).lines().next().unwrap().to_owned();
    assert_eq!(header, "row,fitted,response,pearson,scaled,leverage,observed,Subject,Days,notes");
}

#[test]
fn contrasts_are_written_by_names_and_factors_held_at_levels() {
    let formula = "distance ~ age * Sex + (age | Subject)";
    let of = |args: &[&str]| json_of(&run(formula, "published/orthodont.csv", &[args, &["--json"]].concat()));
    let found = of(&["--contrast", "boys = age + age:SexMale", "--contrast", "boys=0,1,0,1", "--adjust", "holm"]);
    let [named, placed] = [0, 1].map(|at| found["contrasts"][at].clone());
    assert_eq!(named, placed);
    let p = named["p"].as_f64().unwrap();
    assert!((named["p_adjusted"].as_f64().unwrap() / p - 2.0).abs() < 1e-12, "{named}");
    let wrong = run(formula, "published/orthodont.csv", &["--contrast", "d=0,1,x,0"]);
    assert!(stderr(&wrong).contains("(Intercept), age, SexMale, age:SexMale"), "{}", stderr(&wrong));
    // The slope of the boys, and their mean at two ages among several sets of means.
    let found = of(&["--slopes", "age", "--at", "Sex=Male"]);
    assert!((found["slopes"][0]["estimate"].as_f64().unwrap() - named["estimate"].as_f64().unwrap()).abs() < 1e-9);
    let found = of(&["--emmeans", "Sex", "--emmeans", "age", "--at", "age=8,14"]);
    let levels: Vec<&str> =
        found["emmeans"].as_array().unwrap().iter().map(|of| of["level"].as_str().unwrap()).collect();
    assert_eq!(levels, ["Female:8", "Male:8", "Female:14", "Male:14", "8", "14"]);
    let unknown = run(formula, "published/orthodont.csv", &["--emmeans", "Sex", "--at", "Sex=male"]);
    assert!(stderr(&unknown).contains("Female, Male"), "{}", stderr(&unknown));
    let alone = run(formula, "published/orthodont.csv", &["--adjust", "tukey"]);
    assert!(stderr(&alone).contains("none were asked for"), "{}", stderr(&alone));
}

#[test]
fn rows_are_told_apart_by_columns_of_any_name() {
    let folder = Folder::new("row-names");
    folder.write("t.csv", "y,fitted,row\n1,0,a\n2,1,a\n4,0,b\n6,1,b\n3,0,c\n3,1,c\n5,0,d\n7,1,d\n");
    let asked = ["fit", "y ~ fitted + (fitted || row)", "t.csv", "--residuals", "--format", "csv"];
    let text = stdout(&folder.run(asked));
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("row,fitted,response,pearson,scaled,leverage,observed,`row`,`fitted`,notes"));
    assert!(lines.next().unwrap().ends_with(",1,a,0,"), "{text}");
}

#[test]
fn structures_of_two_parameters_are_listed_by_these() {
    let folder = Folder::new("short");
    let call = |structure: &str| {
        let own = ["--residual", structure, "--time", "visit", "--subject", "patient"];
        stdout(&folder.run([&["fit", "change ~ base + visit * arm", &path("examples/visits.csv")], &own[..]].concat()))
    };
    let (cs, toep) = (call("cs"), call("toep"));
    assert!(cs.contains("residuals (cs)") && !cs.contains("residuals by visit"), "{cs}");
    assert!(toep.contains("residuals by visit (toep)"), "{toep}");
    // A p for the boundary is a column only where there is one.
    let compared = |other: &str| {
        stdout(&run("Reaction ~ Days + (Days | Subject)", "published/sleepstudy.csv", &["--compare", other]))
    };
    assert!(compared("Reaction ~ Days + (1 | Subject)").contains("p at the boundary"));
    assert!(!compared("Reaction ~ 1 + (Days | Subject)").contains("boundary"));
}
