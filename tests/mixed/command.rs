//! `reffect fit` as scripts and people use it.

use crate::common::cli::{Folder, json_of, stderr, stdout, within};
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::Output;

const SLEEP: &str = "Reaction ~ Days + (Days | Subject)";

fn run(name: &str, formula: &str, file: &str, args: &[&str]) -> Output {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(file);
    Folder::new(name).run([&["fit", formula, path.to_str().unwrap()], args].concat())
}

fn json(name: &str, formula: &str, file: &str, args: &[&str]) -> Value {
    let output = run(name, formula, file, &[&["--json"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let document = json_of(&output);
    let text = stdout(&output);
    assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
    document
}

/// Bates, Mächler, Bolker & Walker (2015), J Stat Softw 67(1), page 28, print these.
#[test]
fn the_document_of_sleepstudy_is_what_the_paper_prints() {
    let document = json("sleep", SLEEP, "published/sleepstudy.csv", &["--ranef"]);
    assert_eq!((&document["n"], &document["method"]), (&Value::from(180), &Value::from("REML")));
    assert_eq!(document["groups"], serde_json::json!([{ "name": "Subject", "levels": 18 }]));
    within(&document["criterion"], 1743.6, 0.05);
    within(&document["loglik"], -871.8, 0.05);
    within(&document["fixef"][0]["estimate"], 251.405, 5e-4);
    within(&document["fixef"][0]["se"], 6.825, 5e-4);
    within(&document["fixef"][1]["statistic"], 6.77, 5e-3);
    within(&document["varcorr"][0]["sd"][1], 5.92, 5e-3);
    within(&document["varcorr"][0]["cor"][0][1], 0.07, 5e-3);
    within(&document["sigma"], 25.59, 5e-3);
    within(&document["fixef"][1]["df"], 17.0, 1e-5);
    assert_eq!(document["theta"].as_array().unwrap().len(), 3);
    assert_eq!(document["ranef"]["Subject"][0]["level"], "308");
    within(&document["ranef"]["Subject"][0]["Days"], 9.1989719, 1e-6);
    assert_eq!((&document["converged"], &document["singular"]), (&Value::from(true), &Value::from(false)));
    assert!(document["residual"].is_null() && document["dispersion"].is_null());
    assert!(document["history"].as_array().unwrap().len() > 2);
    let (first, last) = (&document["vcov"][0][0], &document["fixef"][0]["se"]);
    within(first, last.as_f64().unwrap().powi(2), 1e-9);
}

#[test]
fn every_extra_stands_under_its_key() {
    let args = [
        "--anova",
        "3",
        "--contrast",
        "boys=0,1,0,1",
        "--emmeans",
        "Sex",
        "--compare",
        "distance ~ age * Sex + (1 | Subject)",
        "--ref",
        "Sex=Male",
        "--ci",
        "profile",
    ];
    let document = json("extras", "distance ~ age * Sex + (age | Subject)", "published/orthodont.csv", &args);
    assert_eq!(document["fixef"][2]["name"], "SexFemale");
    assert_eq!(document["anova"][2]["term"], "age:Sex");
    within(&document["anova"][2]["F"], 5.1185980912144, 1e-6);
    assert_eq!(document["contrasts"][0]["name"], "boys");
    assert_eq!(document["emmeans"][0]["level"], "Male");
    assert_eq!(document["compare"][0]["df"], 2);
    assert!(document["compare"][0]["p_boundary"].as_f64().unwrap() < document["compare"][0]["p"].as_f64().unwrap());
    for range in [&document["sigma_ci"], &document["varcorr"][0]["sd_ci"][1], &document["varcorr"][0]["cor_ci"][0]] {
        assert!(range[0].as_f64().unwrap() < range[1].as_f64().unwrap(), "{range}");
    }
    let none = json("df", SLEEP, "published/sleepstudy.csv", &["--ml"]);
    assert!(none["fixef"][0]["df"].is_null() && none["method"] == "ML");
    let residual = json("residual", SLEEP, "published/sleepstudy.csv", &["--df", "residual"]);
    within(&residual["fixef"][0]["df"], 178.0, 0.0);
}

#[test]
fn five_patients_get_two_stages_and_a_warning() {
    let args = ["--change-at", "0", "--time", "month"];
    let document = json("five", "alsfrs ~ month + (month | patient)", "examples/als-5.csv", &args);
    let names: Vec<&str> = (0..3).map(|at| document["contrasts"][at]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["slope before", "slope after", "change of slope"]);
    assert_eq!(document["two_stage"][2]["df"], 4.0);
    assert_eq!(document["singular"], true);
    let notes = document["notes"].to_string();
    assert!(notes.contains("regression to the mean") && notes.contains("singular fit"), "{notes}");
    let apart = json("apart", "alsfrs ~ month + post + (month + post || patient)", "examples/als-5.csv", &[]);
    assert_eq!(apart["varcorr"].as_array().unwrap().len(), 3);
    assert_eq!(apart["varcorr"][2]["sd"][0], 0.0);
    assert_eq!(apart["theta"][2], 0.0);
}

#[test]
fn compressed_tables_standard_forms_and_new_rows_are_read() {
    let folder = Folder::new("gz");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/published/sleepstudy.csv");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&std::fs::read(path).unwrap()).unwrap();
    folder.write("s.csv.gz", packed.finish().unwrap());
    folder.write("new.csv", "Days,Subject\n3,308\n5,nobody\n");
    let output = folder.run(["fit", SLEEP, "s.csv.gz", "--predict", "new.csv", "--json"]);
    let document = json_of(&output);
    within(&document["predict"][0]["conditional"], 312.662444228703, 1e-5);
    assert_eq!(document["predict"][1]["conditional"], document["predict"][1]["population"]);
    for (format, said) in [("csv", "name,estimate,se"), ("markdown", "| fixed effects |"), ("table", "random effects")]
    {
        let output = folder.run(["fit", SLEEP, "s.csv.gz", "--format", format]);
        assert!(stdout(&output).contains(said), "{}", stdout(&output));
    }
}

#[test]
fn mistakes_are_errors_with_their_place() {
    for (at, (formula, args, said)) in [
        ("Reaction ~ Days", vec![], "no random part"),
        ("Reaction ~ Dayz + (1 | Subject)", vec![], "did you mean `Days`?"),
        ("Reaction ~ Days + (1 | Subjct)", vec![], "did you mean `Subject`?"),
        ("Reaction ~ Days + 1 | Subject", vec![], "stands in parentheses"),
        ("Days + (1 | Subject)", vec![], "no response"),
        ("scale(Reaction) ~ Days + (1 | Subject)", vec![], "scale() makes a term of the right side"),
        ("Reaction ~ log(poly(Days, 2)) + (1 | Subject)", vec![], "poly() makes a term of the right side"),
        (SLEEP, vec!["--contrast", "c=1"], "2 coefficients"),
        (SLEEP, vec!["--emmeans", "Days"], "no factor"),
        (SLEEP, vec!["--ref", "Days=1"], "holds numbers"),
        (SLEEP, vec!["--ml", "--df", "kenward-roger"], "REML"),
        (SLEEP, vec!["--compare", SLEEP], "with itself"),
        (SLEEP, vec!["--weights", "w"], "no column `w`"),
        (SLEEP, vec!["--link", "log"], "gaussian"),
        (SLEEP, vec!["--agq", "5"], "exact"),
        (SLEEP, vec!["--change-at", "0", "--time", "Subject"], "no term"),
    ]
    .into_iter()
    .enumerate()
    {
        let output = run(&format!("wrong-{at}"), formula, "published/sleepstudy.csv", &args);
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{formula}: {told}");
        assert!(told.contains(said), "{formula}: {told}");
        assert!(stdout(&output).is_empty());
    }
}

#[test]
fn counts_are_compared_within_each_other_alone() {
    let formula = "cbind(incidence, size - incidence) ~ period + (1 | herd)";
    let compared = |other: &str| {
        let args = ["--family", "binomial", "--compare", other];
        json("counts-within", formula, "published/cbpp.csv", &args)["compare"][0].clone()
    };
    let found = compared("cbind(incidence, size - incidence) ~ 1 + (1 | period)");
    assert!(found["chisq"].is_null() && found["notes"][0].as_str().unwrap().contains("the random part of"), "{found}");
    assert_eq!(found["method"], "Laplace");
    assert!(compared("cbind(incidence, size - incidence) ~ 1 + (1 | herd)")["chisq"].is_number());
}

/// Where neither model lies within the other there is no χ², and AIC and BIC by one likelihood stand side by side.
#[test]
fn models_beside_each_other_have_their_criteria_and_no_test() {
    for (at, (formula, other, more, method, told)) in [
        (SLEEP, "Reaction ~ I(Days^2) + (1 | Subject)", "--quiet", "ML", "the fixed part of"),
        (SLEEP, "Reaction ~ Days + (1 | Days)", "--quiet", "REML", "the random part of"),
        (
            "Reaction ~ Days + (Days || Subject)",
            "Reaction ~ Days + (0 + I(Days - 3) | Subject)",
            "--quiet",
            "REML",
            "the random part of",
        ),
        ("Reaction ~ Days + (1 | Subject)", "Reaction ~ offset(Days^2)", "--ml", "ML", "the fixed part of"),
        ("Reaction ~ Days + (1 | Subject)", "Reaction ~ I(Days^2) + (1 | Subject)", "--ml", "ML", "both models have 4"),
    ]
    .into_iter()
    .enumerate()
    {
        let found = json(&format!("beside-{at}"), formula, "published/sleepstudy.csv", &["--compare", other, more]);
        let found = &found["compare"][0];
        for name in ["chisq", "df", "p", "p_boundary"] {
            assert!(found[name].is_null(), "{other}: {found}");
        }
        assert_eq!(found["method"], method, "{other}");
        assert!(found["notes"].to_string().contains(told), "{found}");
        for model in found["models"].as_array().unwrap() {
            let of = |name: &str| model[name].as_f64().unwrap();
            within(&model["aic"], 2.0 * of("parameters") - 2.0 * of("loglik"), 1e-9);
            within(&model["bic"], 180f64.ln() * of("parameters") - 2.0 * of("loglik"), 1e-9);
        }
    }
}

/// One model lies within another by what its columns and covariances span, whatever their names are.
#[test]
fn models_within_others_are_compared() {
    for (at, (formula, smaller, df)) in [
        (SLEEP, "Reaction ~ I(2 * Days - 3) + (1 | Subject)", 2),
        (SLEEP, "Reaction ~ 1 + (I(Days - 4) || Subject)", 2),
        ("Reaction ~ Days + (1 | Subject)", "Reaction ~ 1 + offset(10 * Days) + (1 | Subject)", 1),
        ("Reaction ~ Days + (1 | Subject)", "Reaction ~ Days", 1),
    ]
    .into_iter()
    .enumerate()
    {
        let found = json(&format!("within-{at}"), formula, "published/sleepstudy.csv", &["--compare", smaller]);
        assert_eq!(found["compare"][0]["df"], df, "{smaller}");
        assert!(found["compare"][0]["chisq"].as_f64().unwrap() >= 0.0, "{smaller}");
    }
}

/// The cells of EDSS, 5.1 ± 1.7 and 4.1 ± 1.6 of seven patients, fix the mean change to its rounding.
#[test]
fn models_of_reconstructed_data_give_ranges() {
    let release = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/nmo-tocilizumab-2014.toml");
    let formula = "edss ~ after + (1 | patient)";
    let args = ["fit", formula, "--reconstructed", release.to_str().unwrap(), "--replicates", "50", "--json"];
    let output = Folder::new("reconstructed").run(args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let document = json_of(&output);
    assert_eq!((&document["fitted"], &document["failed"]), (&Value::from(50), &Value::from(0)));
    let change = &document["fixef"][1];
    assert_eq!(change["name"], "after");
    let (lower, upper) = (change["estimate"][0].as_f64().unwrap(), change["estimate"][1].as_f64().unwrap());
    assert!(lower > -1.1 && upper < -0.9 && lower < upper, "{change}");
    let wrong = Folder::new("no-outcome").run([
        "fit",
        "x ~ after + (1 | patient)",
        "--reconstructed",
        release.to_str().unwrap(),
    ]);
    assert!(stderr(&wrong).contains("relapse_rate"), "{}", stderr(&wrong));
}

/// What a reader sees on one screen.
#[test]
fn the_text_of_sleepstudy_is_pinned() {
    let output = run("pinned", SLEEP, "published/sleepstudy.csv", &[]);
    insta::assert_snapshot!(stdout(&output));
}

/// Five rows of three patients: by maximum likelihood, fixed and random effects fit every row, and there is nothing to
/// profile, though the restricted likelihood has a maximum.
#[test]
fn profiles_without_a_maximum_are_refused() {
    let folder = Folder::new("fit-saturated");
    folder.write("b.csv", "id,arm,visit,y\n0,a,1,141.574\n1,b,0,-5.968\n1,b,1,-146.669\n2,a,0,43.871\n2,a,1,27.716\n");
    let output = folder.run(["fit", "y ~ arm*factor(visit) + (1|id)", "b.csv", "--ci", "profile"]);
    assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
    assert!(stderr(&output).contains("no profile intervals"), "{}", stderr(&output));
}

/// Independent residuals belong to no visits: `lme(distance ~ age * Sex, Orthodont, random = ~ age | Subject,
/// weights = varIdent(form = ~ 1 | Sex))`, tests/ref/mmrm/lme.csv
#[test]
fn independent_residuals_need_no_visits() {
    let folder = Folder::with_data("id-without-time");
    let call = ["fit", "distance ~ age * Sex + (age | Subject)", "data/published/orthodont.csv", "--residual", "id"];
    let own = ["--residual-by", "Sex", "--json"];
    for more in [&[][..], &["--subject", "Subject"]] {
        let fit = json_of(&folder.run([&call[..], &own, more].concat()));
        within(&fit["criterion"], 411.522479851238, 1e-5);
        assert_eq!(fit["residual"][0]["parameters"].as_array().map(Vec::len), Some(1), "{}", fit["residual"]);
        let groups = fit["groups"].to_string();
        assert!(groups.contains("Subject") && !groups.contains("row"), "{groups}");
    }
    let refused = folder.run(["fit", "distance ~ age", "data/published/orthodont.csv", "--residual", "ar1"]);
    assert!(stderr(&refused).contains("add --time VISIT --subject PATIENT"), "{}", stderr(&refused));
}
