//! `reffect fit` with `--residual` and `--family`, as scripts use it.

use crate::common::cli::{Folder, close, json_of, stderr};
use serde_json::Value;
use std::path::Path;

fn run(folder: &Folder, args: &[&str]) -> Value {
    let output = folder.run([&["fit", "--json"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    json_of(&output)
}

fn refused(folder: &Folder, args: &[&str]) -> String {
    let output = folder.run([&["fit"], args].concat());
    assert_eq!(output.status.code(), Some(2), "{args:?}");
    assert!(output.stdout.is_empty());
    stderr(&output)
}

fn folder(name: &str) -> Folder {
    let folder = Folder::with_data(name);
    for file in ["visits.csv", "relapses.csv"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/examples").join(file);
        std::fs::copy(from, folder.path(file)).unwrap();
    }
    folder
}

const VISITS: [&str; 8] =
    ["change ~ base + visit * arm", "visits.csv", "--residual", "us", "--time", "visit", "--subject", "patient"];

#[test]
fn repeated_visits_have_the_fields_of_the_interface() {
    let folder = folder("fit-visits");
    let args =
        ["--df", "kenward-roger", "--anova", "3", "--emmeans", "visit", "--contrast", "late=0,0,0,0,0,0,0,1,0,0,0,0,1"];
    let fit = run(&folder, &[&VISITS[..], &args[..]].concat());
    // tests/ref/mmrm/dense.csv
    close(&fit["criterion"], 883.732_052_116_298_2, 1e-9);
    assert_eq!((&fit["n"], &fit["method"], &fit["converged"]), (&185.into(), &"REML".into(), &true.into()));
    assert_eq!(fit["residual"]["structure"], "us");
    assert_eq!(fit["residual"]["times"].as_array().unwrap().len(), 6);
    let first = fit["residual"]["cov"][0][0].as_f64().unwrap();
    close(&fit["sigma"], first.sqrt(), 1e-14);
    assert_eq!(fit["fixef"].as_array().unwrap().len(), 13);
    assert_eq!(fit["anova"].as_array().unwrap().len(), 4);
    assert_eq!(fit["emmeans"].as_array().unwrap().len(), 6);
    assert_eq!(fit["contrasts"][0]["name"], "late");
    let (aic, criterion) = (fit["aic"].as_f64().unwrap(), fit["criterion"].as_f64().unwrap());
    assert!((aic - criterion - 2.0 * (21.0 + 13.0)).abs() < 1e-9);
    let se = fit["fixef"][1]["se"].as_f64().unwrap();
    close(&fit["vcov"][1][1], se * se, 1e-12);
    let by_arm = run(&folder, &[&VISITS[..2], &["--residual", "cs"], &VISITS[4..], &["--residual-by", "arm"]].concat());
    assert_eq!(by_arm["residual"].as_array().unwrap().len(), 2);
    assert_eq!(by_arm["residual"][1]["by"], "placebo");
    let compared = run(&folder, &[&VISITS[..], &["--compare", "change ~ base + visit + arm"]].concat());
    assert_eq!(compared["compare"][0]["df"], 5);
}

#[test]
fn counts_have_the_fields_of_the_interface() {
    let folder = folder("fit-counts");
    let formula = "cbind(incidence, size - incidence) ~ factor(period) + (1 | herd)";
    let fit = run(&folder, &[formula, "data/published/cbpp.csv", "--family", "binomial", "--ranef"]);
    // tests/ref/glmm/brute.csv
    close(&fit["criterion"], 184.052_563_729_530_2, 1e-9);
    assert_eq!((&fit["sigma"], &fit["dispersion"], &fit["method"]), (&Value::Null, &Value::Null, &"Laplace".into()));
    assert_eq!(fit["fixef"][0]["df"], Value::Null);
    assert_eq!(fit["ranef"]["herd"].as_array().unwrap().len(), 15);
    assert_eq!(fit["singular"], false);
    let relapses = ["relapses ~ after + (1 | patient)", "relapses.csv", "--offset", "log(years)", "--family"];
    let fit = run(&folder, &[&relapses[..], &["poisson"]].concat());
    assert!(fit["conditional"][0]["p"].as_f64().unwrap() < 0.05, "{}", fit["conditional"]);
    let fit = run(
        &folder,
        &["y ~ lbase * trt + lage + V4 + (1 | subject)", "data/published/epil.csv", "--family", "nbinom2"],
    );
    assert!(fit["dispersion"].as_f64().unwrap() > 1.0);
    let new = run(&folder, &[&relapses[..], &["poisson", "--predict", "relapses.csv"]].concat());
    assert_eq!(new["predict"].as_array().unwrap().len(), 24);
}

#[test]
fn what_cannot_be_had_together_is_said() {
    let folder = folder("fit-refused");
    let no_subject = refused(&folder, &VISITS[..6]);
    assert!(no_subject.contains("--subject"), "{no_subject}");
    let random = refused(&folder, &[&["change ~ base + (1 | patient)"], &VISITS[1..]].concat());
    assert!(random.contains("random"), "{random}");
    let texts = refused(&folder, &[&VISITS[..3], &["car1"], &VISITS[4..]].concat());
    assert!(texts.contains("car1"), "{texts}");
    folder.write("twice.csv", "y,t,id\n1,1,a\n2,1,a\n3,2,a\n4,1,b\n5,2,b\n6,1,c\n");
    let twice = refused(&folder, &["y ~ t", "twice.csv", "--residual", "cs", "--time", "t", "--subject", "id"]);
    assert!(twice.contains("line 2 and line 3"), "{twice}");
    let df = refused(
        &folder,
        &["y ~ lbase + (1 | subject)", "data/published/epil.csv", "--family", "poisson", "--df", "satterthwaite"],
    );
    assert!(df.contains("--df satterthwaite"), "{df}");
    let agq = refused(
        &folder,
        &["y ~ lbase + (period | subject)", "data/published/epil.csv", "--family", "poisson", "--agq", "9"],
    );
    assert!(agq.contains("--agq"), "{agq}");
    let texts = refused(&folder, &["trt ~ lbase + (1 | subject)", "data/published/epil.csv", "--family", "poisson"]);
    assert!(texts.contains("texts"), "{texts}");
    folder.write("below.csv", "y,x,id\n1,0,a\n-2,1,a\n3,0,b\n4,1,b\n");
    let below = refused(&folder, &["y ~ x + (1 | id)", "below.csv", "--family", "poisson"]);
    assert!(below.contains("line 3") && below.contains("-2"), "{below}");
}
