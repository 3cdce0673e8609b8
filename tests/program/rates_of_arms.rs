//! Events of all people of an arm over their person-time; through the program.

use crate::common::cli::{Folder, json_of, stderr, stdout};
use serde_json::Value;

/// Two arms with events; each row as it stands in the file.
fn release(exposure: &str, rows: [&str; 2], more: &str) -> String {
    let mut text = "label = \"Relapses\"\ntitle = \"A drug against placebo\"\npublisher = \"A hospital\"\ndate = \
                    2020-01-15\nlanguage = \"en\"\nkind = \"trial\"\nsource = { file = \"r.txt\" }\n"
        .to_owned();
    for arm in ["drug", "placebo"] {
        text += &format!("[[arm]]\nid = \"{arm}\"\nlabel = \"{arm}\"\nn = 60\nquote = \"60\"\n");
    }
    text += &format!(
        "[[outcome]]\nid = \"relapses\"\nlabel = \"Relapses\"\nbetter = \"lower\"\nscale = \"count\"\nexposure = {exposure}\n"
    );
    for (arm, row) in ["drug", "placebo"].into_iter().zip(rows) {
        text += &format!("[[outcome.result]]\narm = \"{arm}\"\n{row}\n");
    }
    text + more
}

const YEARS: &str = "{ unit = \"patient-years\" }";
const ROWS: [&str; 2] = [
    "after = \"45\"\nstatistic = \"events\"\ntime = \"120.5\"\nquote = \"45 relapses in 120.5 patient-years\"",
    "after = \"80\"\nstatistic = \"events\"\ntime = \"118\"\nquote = \"80 relapses in 118 patient-years\"",
];
const COMPARED: &str = "[[statement]]\nclaim = \"significant\"\nlabel = \"fewer\"\noutcome = \"relapses\"\narm = \
                        \"drug\"\nversus = \"placebo\"\np = \"p < 0.005\"\nquote = \"p < 0.005\"\n[[estimate]]\nid = \
                        \"irr\"\nlabel = \"rate ratio\"\nmeasure = \"rate-ratio\"\nvalue = \"0.55\"\noutcome = \
                        \"relapses\"\narm = \"drug\"\nversus = \"placebo\"\nquote = \"0.55\"\n";

fn json(folder: &Folder, arguments: &[&str]) -> Value {
    json_of(&folder.run(arguments))
}

/// R 4.2.2: poisson.test(45, 120.5), poisson.test(c(45, 80), c(120.5, 118)).
#[test]
fn rates_and_their_ratio_are_those_of_r() {
    let folder = Folder::new("events");
    folder.write("r.toml", release(YEARS, ROWS, COMPARED));
    let found = json(&folder, &["effect", "r.toml", "--json"]);
    let rates = found["rates"].as_array().unwrap();
    let close = |value: &Value, expected: f64| (value.as_f64().unwrap() / expected - 1.0).abs() < 1e-8;
    let garwood = &rates[0]["rates"][0]["intervals"]["garwood"];
    assert!(close(&garwood[0], GARWOOD[0]) && close(&garwood[1], GARWOOD[1]), "{garwood}");
    let ratio = &rates[2]["rate_ratio"];
    assert!(close(&ratio["estimate"], 45.0 / 120.5 / (80.0 / 118.0)), "{ratio}");
    let exact = &ratio["intervals"]["exact"];
    assert!(close(&exact[0], EXACT[0]) && close(&exact[1], EXACT[1]), "{exact}");
    let text = stdout(&folder.run(["effect", "r.toml"]));
    assert!(
        text.contains("45 events in 120.5 patient-years (drug) against 80 events in 118 patient-years (placebo)"),
        "{text}"
    );
    assert!(stdout(&folder.run(["show", "r.toml"])).contains("45 / 120.5 patient-years"));
    let csv = stdout(&folder.run(["effect", "r.toml", "--format", "csv"]));
    assert!(csv.contains(",IRR,") && csv.contains("exact-rates"), "{csv}");
}

const GARWOOD: [f64; 2] = [0.272_392_604_051_738, 0.499_697_431_510_032];
const EXACT: [f64; 2] = [0.373_527_924_315_992, 0.803_415_923_133_594];

#[test]
fn claims_estimates_and_pools_see_events() {
    let folder = Folder::new("events-check");
    folder.write("r.toml", release(YEARS, ROWS, COMPARED));
    let status = |code: &str| {
        let found = json(&folder, &["check", "r.toml", "--select", code, "--json"]);
        let check = &found["checks"][0];
        (check["status"].as_str().unwrap_or_else(|| panic!("{found}")).to_owned(), check["message"].to_string())
    };
    let (claim, message) = status("claim");
    assert!(claim == "pass" && message.contains("exact test of the rates"), "{message}");
    assert_eq!(status("estimate").0, "pass");
    let pooled = json(&folder, &["meta", "r.toml", "--outcome", "relapses", "--measure", "IRR", "--json"]);
    let study = &pooled["studies"][0];
    assert!((study["yi"].as_f64().unwrap() - (45.0 / 120.5 / (80.0 / 118.0f64)).ln()).abs() < 1e-12, "{study}");
    assert!((study["vi"].as_f64().unwrap() - (1.0 / 45.0 + 1.0 / 80.0)).abs() < 1e-12, "{study}");
}

/// 4 events in "10" against 13 in "10": times of 9.5 and 10.5 print so, and make p 0.078 by twice the smaller tail
/// (R 4.2.2: 2 * pbinom(4, 17, 9.5/20)).
#[test]
fn a_claim_holds_for_every_time_that_prints_so() {
    let folder = Folder::new("events-times");
    let rows = [
        "after = \"4\"\nstatistic = \"events\"\ntime = \"10\"\nquote = \"4 in 10\"",
        "after = \"13\"\nstatistic = \"events\"\ntime = \"10\"\nquote = \"13 in 10\"",
    ];
    let claim = "[[statement]]\nclaim = \"significant\"\nlabel = \"fewer\"\noutcome = \"relapses\"\narm = \
                 \"drug\"\nversus = \"placebo\"\nquote = \"fewer\"\n";
    folder.write("r.toml", release(YEARS, rows, claim));
    let found = json(&folder, &["check", "r.toml", "--select", "claim", "--json"]);
    let (status, message) = (&found["checks"][0]["status"], found["checks"][0]["message"].to_string());
    assert!(status == "refused" && message.contains("0.078"), "{message}");
    let output = folder.run(["plot", "rate", "r.toml", "-o", "r.svg"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(std::fs::read_to_string(folder.path("r.svg")).unwrap().contains("drug"));
    // A ratio of rates that is far from that of the events is none of a model.
    let estimate = |value: &str| {
        let estimate = format!(
            "[[estimate]]\nid = \"irr\"\nlabel = \"irr\"\nmeasure = \"rate-ratio\"\nvalue = \"{value}\"\noutcome = \
             \"relapses\"\narm = \"drug\"\nversus = \"placebo\"\nquote = \"{value}\"\n"
        );
        folder.write("e.toml", release(YEARS, rows, &estimate));
        let found = json(&folder, &["check", "e.toml", "--select", "estimate", "--json"]);
        found["checks"][0]["status"].as_str().unwrap_or_else(|| panic!("{found}")).to_owned()
    };
    assert_eq!(["0.31", "0.40", "3.2"].map(estimate), ["pass", "refused", "fail"]);
}

#[test]
fn the_time_of_each_person_will_do_and_wrong_files_say_what_to_write() {
    let folder = Folder::new("events-wrong");
    let rows = ROWS.map(|row| row.replace("time = \"120.5\"\n", "").replace("time = \"118\"\n", ""));
    let rows = [rows[0].as_str(), rows[1].as_str()];
    // 60 people over two years each.
    folder.write("r.toml", release("{ time = 2, unit = \"patient-years\" }", rows, ""));
    let found = json(&folder, &["effect", "r.toml", "--json"]);
    assert_eq!(found["rates"][0]["rates"][0]["time"].as_f64(), Some(120.0), "{found}");
    folder.write("r.toml", release(YEARS, rows, ""));
    assert!(stdout(&folder.run(["effect", "r.toml"])).contains("person-time"));
    let text = std::fs::read_to_string(folder.path("r.toml")).unwrap();
    for (wrong, message) in [
        (release(YEARS, ROWS, "").replace("events", "count"), "only events have a `time`"),
        (release(YEARS, ROWS, "").replace("after = \"45\"", "after = \"45.5\""), "no whole number of events"),
        (release(YEARS, ROWS, "").replace("time = \"118\"", "time = \"0\""), "a person-time is above 0"),
        (release(YEARS, ROWS, "").replace(&format!("exposure = {YEARS}\n"), ""), "the unit of 120.5 is not said"),
    ] {
        folder.write("w.toml", &wrong);
        let output = folder.run(["show", "w.toml"]);
        assert_eq!(output.status.code(), Some(2), "{message}: {}", stdout(&output));
        assert!(stderr(&output).contains(message), "{message}: {}", stderr(&output));
    }
    // Written and read again it is the same.
    let release = reffect::read::read_release("r", "r.toml", &text).unwrap();
    let written = reffect::report::release_toml::release_toml(&release);
    assert_eq!(reffect::read::read_release("r", "r.toml", &written).unwrap(), release, "{written}");
}
