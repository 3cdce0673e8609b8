//! What charts tell of how a result was made comes from fields of its document, whatever its notes and its call of R
//! say; a document of an older version, which has these alone, gives the same chart.

use crate::common::cli::{Folder, stderr};
use serde_json::{Map, Value};

/// The fields that older versions did not write.
const NEW: [&str; 8] =
    ["estimator", "weighting", "given", "cluster", "added", "caveats", "emmeans_taken", "slopes_taken"];

/// What the words of a document are without its fields.
const WORDS: [&str; 3] = ["notes", "r_call", "methods"];

fn run(folder: &Folder, call: &str) {
    let output = folder.run(call.split(' ').map(|word| word.replace('_', " ")));
    assert!(output.status.success(), "{call}: {}", stderr(&output));
}

/// The document without some of its fields, also those of its rows.
fn without(document: &Value, fields: &[&str]) -> Value {
    match document {
        Value::Object(all) => {
            let kept = all.iter().filter(|(name, _)| !fields.contains(&name.as_str()));
            // Sentences of one kind in a field of their own.
            let inner = |name: &String| if name == "emmeans_taken" { &[][..] } else { fields };
            let kept = kept.map(|(name, value)| (name.clone(), without(value, inner(name))));
            Value::Object(kept.collect::<Map<_, _>>())
        }
        Value::Array(all) => all.iter().map(|value| without(value, fields)).collect(),
        other => other.clone(),
    }
}

/// The charts of a result in both languages: of the whole document, without its words, and without its new fields.
fn charts(folder: &Folder, call: &str, kind: &str, more: &[&str]) -> [String; 3] {
    run(folder, &format!("{call} --json -o r.json"));
    let read = |name: &str| std::fs::read_to_string(folder.path(name)).unwrap();
    let whole: Value = serde_json::from_str(&read("r.json")).unwrap();
    [whole.clone(), without(&whole, &WORDS), without(&whole, &[&NEW[..], more].concat())].map(|document| {
        folder.write("d.json", document.to_string());
        let of = |lang: &str| {
            run(folder, &format!("plot {kind} d.json --lang {lang} -o c.svg"));
            read("c.svg")
        };
        ["en", "ja"].map(of).concat()
    })
}

#[test]
fn charts_of_meta_analyses_need_no_sentence() {
    let folder = Folder::with_data("facts-of-meta");
    folder.write("gap.csv", "slab,yi,vi,x\nA,0.1,0.02,1\nB,,0.03,2\n,,,\nC,0.4,0.05,3\nD,0.2,0.01,\nE,0.6,0.04,5\n");
    let counts = "meta data/published/nielweise2007.csv --measure OR";
    let bcg = "meta data/published/bcg.csv --measure RR";
    for (call, kind, told) in [
        (format!("{bcg} --tau2 0.2"), "forest", "τ² given"),
        (format!("{bcg} --unweighted"), "forest", "unweighted"),
        (format!("{bcg} --weights year"), "funnel", "weights as given"),
        (format!("{bcg} --cluster alloc"), "forest", "robust by alloc"),
        (counts.to_owned(), "forest", "0.5 was added to the counts of 6 of 18 studies."),
        (format!("{counts} --mh"), "forest", "and not to what is"),
        (format!("{counts} --glmm UM.FS --method FE"), "forest", "fixed-effects model (UM.FS)"),
        (format!("{counts} --glmm CM.EL"), "forest", "random-effects model (CM.EL)"),
        (
            "meta data/published/konstantopoulos2011.csv --random 1_|_district/study --sigma2 0.1".to_owned(),
            "forest",
            "variances or correlations given",
        ),
        ("meta gap.csv --mods x".to_owned(), "forest", "1 of 5 studies is not shown: no effect"),
        ("meta gap.csv --leave-one-out".to_owned(), "leave-one-out", "1 of 5 studies is not shown"),
        ("meta gap.csv --baujat".to_owned(), "baujat", "1 of 5 studies is not shown"),
        ("meta data --outcome relapse-rate --measure MC --r 0.5".to_owned(), "forest", "Caveat: "),
    ] {
        let [whole, without_words, older] = charts(&folder, &call, kind, &["part"]);
        assert!(whole.contains(told), "{call}: {whole}");
        assert_eq!(whole, without_words, "{call}");
        assert_eq!(whole, older, "{call}");
    }
}

#[test]
fn charts_of_mixed_models_need_no_sentence() {
    let folder = Folder::with_data("facts-of-fits");
    let fit = "fit change_~_arm_*_visit_+_base_+_(1_|_patient) data/examples/visits.csv";
    for (more, told) in [
        ("--emmeans arm --emmeans visit", "Means go over the levels of visit with equal weights."),
        ("--emmeans arm:visit", "Means are taken at base = "),
    ] {
        let [whole, without_words, older] = charts(&folder, &format!("{fit} {more}"), "means", &[]);
        assert!(whole.contains(told), "{more}: {whole}");
        assert_eq!([&without_words, &older], [&whole, &whole], "{more}");
    }
}

#[test]
fn charts_of_changes_need_no_sentence() {
    let folder = Folder::new("facts-of-changes");
    let call = "effect --before 2.9_±_1.1 --after 0.4_±_0.8 -n 7 --r 0.5,0.7 --r-source Smith_2019";
    let [whole, without_words, older] = charts(&folder, call, "before-after", &["r_source"]);
    assert!(whole.contains("r = 0.5, 0.7 is borrowed from Smith 2019."), "{whole}");
    assert_eq!([&without_words, &older], [&whole, &whole]);
}
