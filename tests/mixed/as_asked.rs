//! Answers are about what was asked for: means and slopes on both sides of a change against lmerTest and emmeans
//! (`tests/ref/mixed/change_of_slope.R`), coefficients that keep their meaning when rows are left out or fitted level
//! by level, and intervals that do not depend on units.

use crate::common::cli::{Folder, json_of, stderr, stdout, within};
use crate::common::{Comparison, golden, number};
use reffect::formula::{Formula, Frame};
use reffect::mixed::{DataOptions, LinearFit, LinearMixedModel, MeansOf, MixedFit, ModelData};
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;
use std::process::Output;

fn run(files: &[(&str, &str)], args: &[&str]) -> Output {
    let folder = Folder::new("as-asked");
    files.iter().for_each(|(name, text)| folder.write(name, text));
    folder.run([&["fit"], args].concat())
}

fn json(files: &[(&str, &str)], args: &[&str]) -> Value {
    let output = run(files, &[args, &["--json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    json_of(&output)
}

fn published(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/published").join(name)).unwrap()
}

fn fitted(formula: &str, frame: &Frame) -> LinearFit {
    let data = ModelData::new(Formula::parse(formula).unwrap(), frame, &DataOptions::default()).unwrap();
    LinearMixedModel::default().fit(data).unwrap()
}

/// The model of the R script, which writes `pmax(age - 11, 0)` for the column that the command makes.
#[test]
fn means_and_slopes_are_those_before_and_after_the_change() {
    let table = published("orthodont.csv");
    let call = |more: &[&str]| {
        let model = ["distance ~ age * Sex + (1 | Subject)", "o.csv", "--change-at", "11", "--time", "age"];
        json(&[("o.csv", &table)], &[&model, more].concat())
    };
    let means = call(&["--emmeans", "age:Sex", "--at", "age=9,14"]);
    let [before, after] = ["9", "14"].map(|age| call(&["--slopes", "age:Sex", "--at", &format!("age={age}")]));
    let mut comparison = Comparison::default();
    for row in golden("mixed/change_of_slope.csv").iter().filter(|row| row[0] != "compare") {
        let set = match row[0].as_str() {
            "means" => [&means["emmeans"], &means["emmeans_contrasts"]],
            "slopes at 9" => [&before["slopes"], &before["slopes_contrasts"]],
            _ => [&after["slopes"], &after["slopes_contrasts"]],
        };
        let mut own = set.into_iter().flat_map(|of| of.as_array().unwrap());
        let is_own = |of: &&Value| of["level"] == row[2].as_str() || of["name"] == row[2].as_str();
        let of = own.find(is_own).unwrap_or_else(|| panic!("{row:?}: {set:?}"));
        // df follow from derivatives at lme4's own optimum.
        let found = of[&row[1]].as_f64().unwrap();
        comparison.close(&row.join(" "), found, number(&row[3]).unwrap(), 2e-5, 1e-9);
    }
    comparison.finish(30);
    // The column that follows from time has no place of its own, and slopes depend on where time is.
    assert!(!means["notes"].to_string().contains("are taken at age_after_11"), "{}", means["notes"]);
    let at_mean = call(&["--slopes", "age"])["notes"].to_string();
    assert!(at_mean.contains("slopes are taken at age = 11.00, its mean"), "{at_mean}");
    assert!(at_mean.contains("age_after_11 begins to rise where age is"), "{at_mean}");
}

#[test]
fn a_model_with_a_change_is_compared_with_the_one_without() {
    let table = published("orthodont.csv");
    let formula = "distance ~ age * Sex + (1 | Subject)";
    let call = [formula, "o.csv", "--change-at", "11", "--time", "age", "--compare"];
    let found = json(&[("o.csv", &table)], &[&call[..], &[formula]].concat());
    let test = &found["compare"][0];
    let rows = golden("mixed/change_of_slope.csv").into_iter().filter(|row| row[0] == "compare").collect::<Vec<_>>();
    assert_eq!(rows.len(), 3);
    for row in rows {
        within(&test[&row[1]], number(&row[3]).unwrap(), 1e-5);
    }
    assert!(test["larger"].as_str().unwrap().ends_with("with age_after_11"), "{test}");
    // The same columns in another order are the same model.
    let same = run(&[("o.csv", &table)], &[formula, "o.csv", "--compare", "distance ~ Sex * age + (1 | Subject)"]);
    assert!(stderr(&same).contains("are one model in two forms"), "{}", stderr(&same));
}

/// Kenward and Roger's degrees of freedom are 1e-13 where a variance is nearly 0.
#[test]
fn tests_with_hardly_any_degrees_of_freedom_are_adjusted_at_once() {
    let table = "id,arm,visit,y\np0,A,V0,3.4219\np0,A,V1,2.4859\np1,B,V0,2.0404\np1,B,V2,1.1866\np2,A,V0,1.4195\n\
                 p2,A,V1,-0.6215\np3,B,V0,-0.3982\np3,B,V1,0.2228\np4,A,V0,-0.9830\np4,A,V1,-1.3867\np4,A,V2,0.9207\n";
    for adjust in ["tukey", "mvt"] {
        let model = ["y ~ arm*visit", "t.csv", "--residual", "toep", "--time", "visit", "--subject", "id", "--df"];
        let more = ["kenward-roger", "--emmeans", "visit", "--adjust", adjust];
        let found = json(&[("t.csv", table)], &[&model[..], &more].concat());
        let tests = found["emmeans_contrasts"].as_array().unwrap();
        let least = tests.iter().find(|test| test["df"].as_f64().unwrap() < 1e-9).unwrap();
        within(&least["p_adjusted"], 1.0, 1e-9);
    }
}

#[test]
fn a_variance_that_is_negative_has_no_standard_error() {
    let table = "id,arm,visit,y\np0,A,V0,0.1551\np0,A,V2,0.2554\np1,B,V0,-0.0405\np1,B,V1,0.6885\np1,B,V2,1.5571\n\
                 p2,A,V0,-1.6460\np3,B,V0,0.5218\np3,B,V2,0.0984\n";
    let new = "id,arm,visit\np0,A,V0\np1,B,V1\n";
    let model = ["y ~ arm*visit", "t.csv", "--residual", "ar1h", "--time", "visit", "--subject", "id", "--df"];
    let found =
        json(&[("t.csv", table), ("n.csv", new)], &[&model[..], &["kenward-roger", "--predict", "n.csv"]].concat());
    // A variance that the adjustment makes negative is no standard error of 0.
    let rows = &found["predict"];
    assert!(rows[1]["population"].is_number() && rows[1]["se"].is_null() && rows[1]["ci"].is_null(), "{rows}");
    assert!(
        rows[0]["se"].is_number()
            && found["notes"].to_string().contains("row 2 of --predict: its variance, as adjusted, is negative"),
        "{rows}"
    );
}

#[test]
fn a_coefficient_that_means_something_else_without_a_group_is_none() {
    let table = published("orthodont.csv");
    let call = ["distance ~ age * Sex + (1 | Subject)", "o.csv", "--influence", "Sex"];
    let found = json(&[("o.csv", &table)], &call);
    let [female, male] = [0, 1].map(|at| found["influence"][at].clone());
    // Of boys alone the intercept is their own, not that of girls.
    assert_eq!(female["level"], "Female");
    assert!(female["fixef"].as_object().unwrap().values().all(Value::is_null), "{female}");
    let told = "do not determine (Intercept), age, SexMale, age:SexMale";
    assert!(female["notes"].to_string().contains(told), "{female}");
    // lme4: fixef(lmer(distance ~ age + (1 | Subject), subset = Sex == "Female")): the girls' line.
    within(&male["fixef"]["(Intercept)"], 17.372_727_272_7, 1e-8);
    within(&male["fixef"]["age"], 0.479_545_454_5, 1e-8);
    assert!(male["fixef"]["SexMale"].is_null() && male["fixef"]["age:SexMale"].is_null(), "{male}");
}

/// Five trials of twelve patients with two columns of the same two levels.
fn two_factors() -> String {
    let mut text = "trial,id,smoker,diabetic,t,y\n".to_owned();
    for at in 0..180usize {
        let (trial, id, t) = (at / 36, at / 3, at % 3);
        let (smoker, diabetic) = (id % 2, id / 2 % 3 / 2);
        let noise = ((id * 37 + t * 11 + id * t * 5) % 23) as f64 / 10.0;
        let y = noise + 3.0 * smoker as f64 - 0.2 * diabetic as f64 + 0.5 * t as f64;
        let level = |of: usize| ["no", "yes"][of];
        writeln!(text, "{trial},p{id},{},{},{t},{y}", level(smoker), level(diabetic)).unwrap();
    }
    text
}

#[test]
fn ranges_of_different_quantities_are_apart_though_their_names_are_equal() {
    let table = two_factors();
    let call = ["y ~ smoker + diabetic + t + (1 | id)", "t.csv", "--each", "trial", "--emmeans", "smoker"];
    let more = ["--emmeans", "diabetic", "--contrast", "smokeryes=diabeticyes", "--slopes", "t"];
    let found = json(&[("t.csv", &table)], &[&call[..], &more].concat());
    let row = |section: &str, name: &str| {
        let rows = found["fixef"].as_array().unwrap();
        let own = rows.iter().find(|row| row["section"] == section && row["name"] == name);
        own.unwrap_or_else(|| panic!("{section} {name}: {rows:?}")).clone()
    };
    for (section, name, coefficient) in [
        ("means of smoker", "yes - no", "smokeryes"),
        ("means of diabetic", "yes - no", "diabeticyes"),
        ("contrast", "smokeryes", "diabeticyes"),
    ] {
        let (own, of) = (row(section, name), row("", coefficient));
        assert_eq!((&own["tested"], &of["tested"]), (&Value::from(5), &Value::from(5)));
        within(&own["mean"], of["mean"].as_f64().unwrap(), 1e-10);
    }
    let text = stdout(&run(&[("t.csv", &table)], &[&call[..], &more].concat()));
    assert!(text.contains("means of diabetic: yes - no") && text.contains("contrast: smokeryes"), "{text}");
}

#[test]
fn the_title_of_ranges_says_what_was_fitted() {
    let table = two_factors().replace("smoker", "weight|kg");
    let call = ["smokes ~ `weight|kg` + t", "t.csv", "--each", "trial", "--family", "binomial"];
    let table = table.replacen("y\n", "smokes\n", 1);
    let mut lines: Vec<String> = table.lines().map(str::to_owned).collect();
    for (at, line) in lines.iter_mut().enumerate().skip(1) {
        *line = format!("{},{}", line.rsplit_once(',').unwrap().0, usize::from(scrambled(at, 1).is_multiple_of(3)));
    }
    let found = json(&[("t.csv", &lines.join("\n"))], &call);
    assert_eq!(found["title"], "Generalised linear models of each trial");
}

#[test]
fn a_part_without_the_reference_level_is_not_compared_with_another_one() {
    let mut text = "trial,id,arm,t,y\n".to_owned();
    for at in 0..120usize {
        let (trial, id, t) = (at / 60, at / 3, at % 3);
        // The second trial has no arm A.
        let arm = if trial == 0 { id % 3 } else { 1 + id % 2 };
        let y = 4 * arm + (id * 37 + t * 11 + id * t * 5) % 23;
        writeln!(text, "{trial},p{id},{},{t},{y}", ["A", "B", "C"][arm]).unwrap();
    }
    let call = ["y ~ arm + t + (1 | id)", "t.csv", "--each", "trial"];
    let found = json(&[("t.csv", &text)], &call);
    assert_eq!((&found["fitted"], &found["failed"]), (&Value::from(1), &Value::from(1)));
    assert!(found["notes"].to_string().contains("arm has no level `A` there"), "{}", found["notes"]);
    let found = json(&[("t.csv", &text)], &[&call[..], &["--ref", "arm=B"]].concat());
    assert_eq!(found["fitted"], 2);
    let rows = found["fixef"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["name"] == "armA" && row["tested"] == 1), "{rows:?}");
}

/// sleepstudy with days as they are, and in other units of time.
fn in_units(seconds: f64) -> String {
    let text = published("sleepstudy.csv");
    let mut table = "Reaction,Days,Subject\n".to_owned();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let days: f64 = fields[1].parse().unwrap();
        writeln!(table, "{},{},{}", fields[0], days * seconds, fields[2]).unwrap();
    }
    table
}

#[test]
fn profile_intervals_do_not_depend_on_the_unit_of_time() {
    let residual = |structure: &'static str| ["--residual", structure, "--time", "Days", "--subject", "Subject"];
    let profile = |unit: f64, formula: &str, more: &[&str]| {
        json(&[("s.csv", &in_units(unit))], &[&[formula, "s.csv", "--ci", "profile"], more].concat())
    };
    for (more, unit) in [(&[][..], 86_400e6), (&residual("ar1")[..], 86_400.0)] {
        let formula = "Reaction ~ Days + (Days | Subject)";
        let [days, others] = [1.0, unit].map(|unit| profile(unit, formula, more)["varcorr"][0]["sd_ci"][1].clone());
        for end in 0..2 {
            let expected = days[end].as_f64().unwrap();
            assert!(expected > 0.0);
            assert!((others[end].as_f64().unwrap() * unit / expected - 1.0).abs() < 1e-4, "{others} {days}");
        }
    }
    // The correlation of two times one unit apart: that of a day is that of an hour 24 times over.
    let of = |unit: f64| {
        let found = profile(unit, "Reaction ~ Days", &residual("car1"));
        found["residual"]["parameters"][1]["ci"].clone()
    };
    let (days, seconds) = (of(1.0), of(86_400.0));
    for end in 0..2 {
        let (day, second) = (days[end].as_f64().unwrap(), seconds[end].as_f64().unwrap());
        assert!((second.ln() * 86_400.0 / day.ln() - 1.0).abs() < 1e-4, "{days} {seconds}");
    }
}

#[test]
fn a_visit_that_a_group_never_had_is_told_with_its_name() {
    let mut text = "id,arm,visit,y\n".to_owned();
    for at in 0..160usize {
        let (id, visit) = (at / 4, at % 4);
        if id % 2 == 0 || visit < 3 {
            writeln!(text, "p{id},{},{visit},{}", ["A", "B"][id % 2], (id * 37 + visit * 11 + id * visit * 5) % 23)
                .unwrap();
        }
    }
    for structure in ["us", "idh", "ar1h"] {
        let call = ["y ~ arm + factor(visit)", "t.csv", "--residual", structure, "--time", "visit", "--subject", "id"];
        let told = stderr(&run(&[("t.csv", &text)], &[&call[..], &["--residual-by", "arm"]].concat()));
        assert!(told.contains("nobody in B was seen at visit 3"), "{structure}: {told}");
    }
    // What the advice names can be fitted.
    let call = ["y ~ arm + factor(visit)", "t.csv", "--residual", "ar1", "--time", "visit", "--subject", "id"];
    assert!(json(&[("t.csv", &text)], &[&call[..], &["--residual-by", "arm"]].concat())["converged"] == true);
}

#[test]
fn numbers_in_an_interaction_are_levels() {
    let table = published("orthodont.csv");
    let call = |formula| json(&[("o.csv", &table)], &[formula, "o.csv", "--emmeans", "Sex", "--emmeans", "age"]);
    let (own, crossed) = (
        call("distance ~ interaction(Sex, age) + (1 | Subject)"),
        call("distance ~ Sex * factor(age) + (1 | Subject)"),
    );
    for (set, count) in [(0, 2), (1, 4)] {
        for at in 0..count {
            let at = if set == 0 { at } else { 2 + at };
            let expected = crossed["emmeans"][at]["estimate"].as_f64().unwrap();
            within(&own["emmeans"][at]["estimate"], expected, 1e-9);
        }
    }
}

#[test]
fn predictions_say_which_random_effects_they_lack() {
    let mut text = "y,t,id,site\n".to_owned();
    for at in 0..90usize {
        let (id, t) = (at / 3, at % 3);
        writeln!(text, "{},{t},p{id},s{}", (id * 37 + t * 11 + id * t * 5) % 23 + 3 * (id % 4), id % 4).unwrap();
    }
    let notes = |new: &str| {
        let call = ["y ~ t + (1 | id) + (1 | site)", "t.csv", "--predict", "n.csv"];
        json(&[("t.csv", &text), ("n.csv", new)], &call)["notes"].to_string()
    };
    let told = notes("t,id,site\n1,p1,s1\n1,,s1\n1,new,newer\n");
    assert!(!told.contains("row 1 of --predict"), "{told}");
    assert!(told.contains("row 2 of --predict: id is missing, and its random effects are taken as 0"), "{told}");
    assert!(
        told.contains("row 3 of --predict: id is new to the fit") && told.contains("; site is new to the fit"),
        "{told}"
    );
    let told = notes("t,site\n1,s1\n");
    assert!(told.contains("there is no column id, and the random effects of id are taken as 0"), "{told}");
}

#[test]
fn what_the_data_determine_does_not_depend_on_the_unit() {
    for unit in [1e-12, 1.0, 1e12] {
        let mut frame = Frame::default();
        frame.numbers("y", vec![1.0, 3.0, 2.0, 5.0, 4.0, 7.0]);
        frame.numbers("dose", [1.0, 2.0, 3.0, 1.0, 2.0, 3.0].map(|dose| dose * unit).to_vec());
        frame.numbers("twice", [2.0, 4.0, 6.0, 2.0, 4.0, 6.0].map(|dose| dose * unit).to_vec());
        let formula = Formula::parse("y ~ dose + twice").unwrap();
        let data = ModelData::new(formula, &frame, &DataOptions::default()).unwrap();
        assert!(data.estimable(&[1.0, 2.0 * unit, 4.0 * unit]).is_some() && data.estimable(&[0.0; 3]).is_some());
        assert!(data.estimable(&[1.0, 2.0 * unit, 4.1 * unit]).is_none(), "{unit}");
    }
}

/// Numbers without order.
fn scrambled(row: usize, step: usize) -> usize {
    let mixed = (row as u32 + 1).wrapping_mul(2_654_435_761).wrapping_add((step as u32).wrapping_mul(2_246_822_519));
    let mixed = (mixed ^ (mixed >> 15)).wrapping_mul(2_246_822_519);
    (mixed ^ (mixed >> 13)) as usize
}

/// Means by the whole product of all factors, row by row.
#[test]
fn means_over_factors_that_stand_apart_are_those_over_all_their_combinations() {
    let level = |row: usize, step: usize, count: usize| scrambled(row, step) % count;
    let factors = [("a", 3, 2), ("b", 5, 3), ("c", 7, 2), ("d", 11, 4)];
    let mut frame = Frame::default();
    frame.numbers("y", (0..240).map(|row| ((row * 7919) % 101) as f64 / 10.0).collect());
    frame.numbers("x", (0..240).map(|row| ((row * 104_729) % 97) as f64 / 10.0).collect());
    frame.texts("id", (0..240).map(|row| Some(format!("p{}", row % 40))));
    for (name, step, count) in factors {
        frame.texts(name, (0..240).map(|row| Some(format!("{name}{}", level(row, step, count)))));
    }
    let fit = fitted("y ~ a * b + b * c + d + c:x + (1 | id)", &frame);
    let data = fit.data();
    let mean_x = (0..240).map(|row| ((row * 104_729) % 97) as f64 / 10.0).sum::<f64>() / 240.0;
    let of = MeansOf { factors: vec!["a".to_owned()], ..MeansOf::default() };
    let found = fit.means(&of).unwrap();
    for (at, of) in found.means.iter().enumerate() {
        let count = 3 * 2 * 4;
        let mut all = Frame::default();
        let text = |name: &str, code: usize| Some(format!("{name}{code}"));
        all.texts("a", (0..count).map(|_| text("a", at)));
        all.texts("b", (0..count).map(|row| text("b", row % 3)));
        all.texts("c", (0..count).map(|row| text("c", row / 3 % 2)));
        all.texts("d", (0..count).map(|row| text("d", row / 6)));
        all.numbers("x", vec![mean_x; count]);
        all.texts("id", (0..count).map(|_| Some("p0".to_owned())));
        let rows = fit.predict(&all).unwrap();
        let mean = rows.iter().map(|row| row.population.unwrap()).sum::<f64>() / count as f64;
        assert!((of.mean.estimate - mean).abs() < 1e-10, "{} {mean}", of.mean.estimate);
        let columns = data.columns_for(&all, &(0..count).collect::<Vec<_>>()).unwrap().columns;
        let weights: Vec<f64> = columns.iter().map(|column| column.iter().sum::<f64>() / count as f64).collect();
        let se = fit.vcov().quadratic(&weights).sqrt();
        assert!((of.mean.se / se - 1.0).abs() < 1e-10, "{} {se}", of.mean.se);
    }
}

#[test]
fn means_over_millions_of_combinations_need_no_grid_of_them_or_are_refused() {
    let mut frame = Frame::default();
    let names: Vec<String> = (0..12).map(|at| format!("f{at}")).collect();
    frame.numbers("y", (0..400).map(|row| ((row * 7919) % 101) as f64).collect());
    frame.numbers("id", (0..400).map(|row| (row % 40) as f64).collect());
    for (at, name) in names.iter().enumerate() {
        frame.texts(name, (0..400).map(|row| Some(format!("l{}", scrambled(row, at) % 8))));
    }
    // 8^12 combinations.
    let fit = fitted(&format!("y ~ {} + (1 | id)", names.join(" + ")), &frame);
    let of = |factors: &[String]| MeansOf { factors: factors.to_vec(), ..MeansOf::default() };
    let means = fit.means(&of(&names[..1])).unwrap().means;
    let weighted = means.iter().map(|of| of.mean.estimate).sum::<f64>() / 8.0;
    assert!(means.len() == 8 && weighted.is_finite());
    let told = fit.means(&of(&names)).unwrap_err().to_string();
    assert!(told.contains("too many combinations of levels: 8 of f0"), "{told}");
}
