//! What `reffect fit` must not say: tests of models that were not fitted, of people who are not those that were
//! measured, and sentences about designs that are others. Golden numbers are those of lme4 and lmerTest
//! (`tests/ref/mixed/verdicts.R`, with the tables beside it).

use crate::common::cli::{Folder, close, json_of, stderr, stdout};
use serde_json::Value;
use std::path::Path;

fn table(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ref/mixed/verdicts").join(name);
    path.to_str().unwrap().to_owned()
}

fn run(formula: &str, args: &[&str]) -> std::process::Output {
    let folder = Folder::new("verdicts");
    let args: Vec<String> =
        args.iter().map(|arg| if Path::new(&table(arg)).is_file() { table(arg) } else { (*arg).to_owned() }).collect();
    folder.run([vec!["fit".to_owned(), formula.to_owned()], args].concat())
}

fn fitted(formula: &str, args: &[&str]) -> Value {
    let output = run(formula, &[args, &["--json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{formula} {args:?}: {}", stderr(&output));
    json_of(&output)
}

fn shown(formula: &str, args: &[&str]) -> String {
    let output = run(formula, args);
    assert_eq!(output.status.code(), Some(0), "{formula} {args:?}: {}", stderr(&output));
    // Notes are broken into lines.
    stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn refused(formula: &str, args: &[&str]) -> String {
    let output = run(formula, args);
    assert_eq!(output.status.code(), Some(2), "{formula} {args:?}: {}", stdout(&output));
    stderr(&output)
}

/// The same twenty patients stand behind the regression of each of three raters: these are not independent.
#[test]
fn crossed_factors_have_no_analysis_in_two_stages() {
    let fit = fitted("y ~ after + (after | patient) + (1 | rater)", &["raters.csv"]);
    // lmer ends its search at about 1e-5 of the minimum.
    close(&fit["fixef"][1]["p"], 0.558229214247, 1e-4);
    assert!(fit["two_stage"].is_null(), "{}", fit["two_stage"]);
    assert!(fit["notes"].to_string().contains("without a control group"), "{}", fit["notes"]);
    // Alone, or with patients that lie in them, raters have one.
    for formula in ["y ~ after + (1 | rater)", "y ~ after + (1 | rater / patient)"] {
        assert_eq!(fitted(formula, &["raters.csv"])["two_stage"][1]["df"], 2.0, "{formula}");
    }
}

const VISITS: [&str; 7] = ["arms.csv", "--residual", "us", "--time", "month", "--subject", "patient"];

#[test]
fn no_model_is_compared_under_another_formula() {
    for other in ["y ~ month + arm + (1 | patient)", "y ~ month + (1 | patient)"] {
        let told = refused("y ~ month", &[&VISITS[..], &["--compare", other]].concat());
        assert!(told.contains("((Intercept) | patient) apart from unstructured residuals"), "{told}");
    }
    let own = refused("y ~ month + (1 | patient)", &VISITS);
    assert!(own.contains("only their sum is determined"), "{own}");
    assert_eq!(fitted("y ~ month", &[&VISITS[..], &["--compare", "y ~ month + arm"]].concat())["compare"][0]["df"], 1);
}

#[test]
fn likelihoods_of_other_trials_are_not_compared() {
    let compared = |response: &str| {
        let other = format!("{response} ~ x + z + (1 | g)");
        run("cbind(events, none) ~ x + (1 | g)", &["cb.csv", "--family", "binomial", "--compare", &other, "--json"])
    };
    let told = stderr(&compared("cbind(events, n)"));
    assert!(told.contains("different numbers of trials"), "{told}");
    close(&json_of(&compared("cbind(events, none)"))["compare"][0]["chisq"], 0.65461, 1e-4);
}

/// The mean of 7 patients is printed as 2.9 whatever other outcome of 5 of them stands beside it.
#[test]
fn outcomes_of_fewer_patients_cut_none_of_the_others_off() {
    let args = ["--reconstructed", "rel.toml", "--replicates", "5"];
    let alone = fitted("aa ~ after + (1 | patient)", &args);
    let both = fitted("value ~ outcome * after + (1 | patient)", &[&args[..], &["--stack", "aa,bb"]].concat());
    for at in 0..2 {
        close(&both["fixef"][0]["estimate"][at], alone["fixef"][0]["estimate"][at].as_f64().unwrap(), 1e-9);
        let printed = both["fixef"][0]["estimate"][at].as_f64().unwrap();
        assert!((2.85..2.95).contains(&printed), "{printed}");
    }
    let notes = both["notes"].to_string();
    assert!(notes.contains("aa 7 in treated, bb 5 in treated"), "{notes}");
}

#[test]
fn people_who_are_not_known_to_be_the_same_are_not_paired() {
    let told = refused("aa ~ after + (1 | patient)", &["--reconstructed", "rel2.toml"]);
    assert!(told.contains("who was measured twice is not reported"), "{told}");
}

#[test]
fn a_change_that_is_compared_between_arms_has_a_control_group() {
    let change = ["arms.csv", "--change-at", "1", "--time", "month"];
    let notes = |formula: &str| fitted(formula, &change)["notes"].to_string();
    let both = fitted("y ~ month * arm + (1 | patient)", &change);
    let compared = both["notes"].to_string();
    assert!(!compared.contains("control group"), "{compared}");
    // The slopes of the reference stand once, among those of all arms.
    assert!(both["contrasts"].is_null() && !compared.contains("those where arm"), "{compared}");
    let slopes = both["slopes"].to_string();
    assert!(slopes.contains("slope before") && slopes.contains("change of slope"), "{slopes}");
    for formula in ["y ~ month + (1 | patient)", "y ~ month + arm + (1 | patient)", "y ~ month * age + (1 | patient)"] {
        assert!(notes(formula).contains("without a control group"), "{formula}");
    }
    assert!(notes("y ~ month * age + (1 | patient)").contains("those where age is 0"));
    let sums = [&change[..], &["--contrasts", "sum"]].concat();
    let told = fitted("y ~ month * arm + (1 | patient)", &sums)["notes"].to_string();
    assert!(told.contains("those where arm is the mean of its levels"), "{told}");
}

#[test]
fn two_eyes_are_before_and_after_only_if_they_are() {
    let notes = |formula: &str, file: &str| fitted(formula, &[file])["notes"].to_string();
    let eyes = notes("pressure_mmHg ~ laser + (1 | patient)", "eyes.csv");
    assert!(eyes.contains("if laser is before and after"), "{eyes}");
    let raters = notes("y ~ after + (1 | patient)", "raters.csv");
    assert!(raters.contains("\"before and after without a control group"), "{raters}");
}

/// `lmer(y ~ poly(log(dose), 2) + (1 | g), subset(dose, dose > 0))`
#[test]
fn the_logarithm_of_zero_is_no_part_of_a_curve() {
    let curve = fitted("y ~ poly(log(dose), 2) + (1 | g)", &["dose.csv"]);
    for (at, expected) in [4.221125, 1.324764554553, 0.491892290039].into_iter().enumerate() {
        close(&curve["fixef"][at]["estimate"], expected, 1e-9);
    }
    close(&curve["fixef"][1]["se"], 0.478405145614, 1e-6);
    let scaled = fitted("y ~ scale(log(dose)) + (1 | g)", &["dose.csv"]);
    close(&scaled["fixef"][1]["estimate"], 0.212132102347, 1e-9);
}

/// Patients as fixed effects leave nothing for their variance.
#[test]
fn where_kenward_and_roger_have_no_degrees_of_freedom_there_is_no_p() {
    let args = ["arms.csv", "--df", "kenward-roger", "--anova", "3"];
    let fit = fitted("y ~ patient + month + (1 | patient)", &args);
    for row in fit["fixef"].as_array().unwrap() {
        assert!(row["df"].is_null() && row["p"].is_null() && row["se"].as_f64().unwrap() > 0.0, "{row}");
        assert!(row["ci"][0].is_null(), "{row}");
    }
    let month = fit["anova"].as_array().unwrap().iter().find(|of| of["term"] == "month").unwrap();
    assert!(month["p"].is_null() && month["den_df"].is_null() && month["num_df"] == 1.0, "{month}");
    assert!(fit["notes"].to_string().contains("there are no p-values"), "{}", fit["notes"]);
    let text = shown("y ~ patient + month + (1 | patient)", &args);
    assert!(
        text.contains("Kenward and Roger's method has no degrees of freedom here") && !text.contains("NaN"),
        "{text}"
    );
    assert!(!text.contains('∞'), "{text}");
    // Over many tables, fits without p are no part of the share.
    let folder = Folder::new("one-trial");
    let rows = std::fs::read_to_string(table("arms.csv")).unwrap();
    let numbered = rows.lines().enumerate().map(|(at, row)| format!("{row},{}\n", if at == 0 { "trial" } else { "1" }));
    folder.write("trial.csv", numbered.collect::<String>());
    let model =
        ["y ~ patient + month + (1 | patient)", "trial.csv", "--each", "trial", "--df", "kenward-roger", "--json"];
    let each = json_of(&folder.run([&["fit"], &model[..]].concat()));
    let month = each["fixef"].as_array().unwrap().iter().find(|of| of["name"] == "month").unwrap();
    assert!(month["share"].is_null() && month["p"][0].is_null(), "{month}");
    assert_eq!((&each["fitted"], &each["unconverged"]), (&Value::from(1), &Value::from(1)));
    assert!(each["notes"].to_string().contains("1 of the fits did not end in a clear minimum"), "{}", each["notes"]);
}

/// As in R: "contrasts can be applied only to factors with 2 or more levels".
#[test]
fn a_factor_of_one_level_is_told() {
    let told = refused("y ~ arm + month + (1 | patient)", &["one.csv"]);
    assert!(told.contains("arm has one level in these rows, placebo"), "{told}");
    let never = refused("y ~ I(age > 200) + month + (1 | patient)", &["arms.csv"]);
    assert!(never.contains("one level in these rows, FALSE"), "{never}");
    // Without contrasts it is a column like others.
    assert_eq!(fitted("y ~ 0 + arm + month + (1 | patient)", &["one.csv"])["fixef"][0]["name"], "armplacebo");
}

#[test]
fn which_part_of_a_table_comes_first_does_not_matter() {
    for file in ["siteA.csv", "siteB.csv"] {
        let each = fitted("y ~ month + (1 | patient)", &[file, "--each", "site"]);
        assert_eq!((&each["fitted"], &each["failed"]), (&Value::from(2), &Value::from(1)), "{file}");
    }
    let slip = refused("y ~ mnth + (1 | patient)", &["siteA.csv", "--each", "site"]);
    assert!(slip.contains("did you mean `month`?"), "{slip}");
}

/// `predict(lmer(…, arms), data.frame(arm = "placebo", month = 1:2), re.form = NA)`
#[test]
fn rows_of_one_arm_are_predicted() {
    let folder = Folder::new("one-arm");
    folder.write("new.csv", "arm,month\nplacebo,1\nplacebo,2\n");
    for formula in
        ["y ~ month * I(arm == 'drug') + (1 | patient)", "y ~ month * relevel(arm, ref='drug') + (1 | patient)"]
    {
        let output = folder.run(["fit", formula, &table("arms.csv"), "--predict", "new.csv", "--json"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let fit = json_of(&output);
        close(&fit["predict"][0]["population"], 10.3210555556, 1e-9);
        close(&fit["predict"][1]["population"], 10.5843055556, 1e-9);
    }
    // A slip in the name of a level of the fit is still one.
    for formula in ["y ~ I(arm == 'drg') + (1 | patient)", "y ~ relevel(arm, ref = 'drg') + (1 | patient)"] {
        let told = refused(formula, &["arms.csv"]);
        assert!(told.contains("arm has no level `drg`") && told.contains("placebo"), "{told}");
    }
}

#[test]
fn rows_of_one_line_are_told_apart_by_their_outcome() {
    let stacked = ["wide.csv", "--stack", "pain,edss", "--residual", "us", "--time", "visit", "--subject", "patient"];
    let told = refused("value ~ outcome * visit", &stacked);
    assert!(told.contains("two rows at visit 0, both from line 2") && told.contains("outcome:visit"), "{told}");
}

/// The test of a term of one coefficient is the square of its t, however far from 0 the years lie.
#[test]
fn f_of_one_coefficient_is_the_square_of_its_t() {
    let fit = fitted("y ~ year + I(year^2) + (1 | g)", &["years.csv", "--anova", "3"]);
    for at in 0..2 {
        let t = fit["fixef"][at + 1]["statistic"].as_f64().unwrap();
        close(&fit["anova"][at]["F"], t * t, 1e-9);
    }
}

/// However many patients there are: what bounds the work is the number of events.
#[test]
fn the_exact_test_stands_beside_models_of_many_patients() {
    let many = fitted("y ~ after + (1 | patient)", &["p201.csv", "--family", "poisson"]);
    assert!(many["conditional"][0]["p"].as_f64().is_some(), "{}", many["notes"]);
}

/// A model of residual covariances has no random effects to predict with.
#[test]
fn predictions_without_random_effects_have_one_column() {
    let told = shown("y ~ month * arm", &[&VISITS[..], &["--predict", "arms.csv"]].concat());
    assert!(told.contains("row population SE") && !told.contains("with random effects"), "{told}");
}
