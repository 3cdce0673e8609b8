//! Expectations beside a release: what is misspelt, counts as papers print them, and that nobody waits for what nobody
//! asked.

use crate::common::cli::{Folder, json_of};
use crate::common::release::{outcome, release};

const RELEASE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/nmo-tocilizumab-2014.toml"));

/// Status and message of each expectation of a release.
fn verdicts(name: &str, release: &str, expected: &str) -> Vec<(String, String)> {
    let folder = Folder::new(name);
    folder.write("nmo.toml", release);
    folder.write("nmo.expect.toml", expected);
    let found = json_of(&folder.run(["check", "nmo.toml", "--json"]));
    let checks = found["checks"].as_array().cloned().unwrap_or_default();
    let text = |check: &serde_json::Value, key: &str| check[key].as_str().unwrap_or_default().to_owned();
    let own = checks.iter().filter(|check| check["check"] == "expectation" && check["file"] == "nmo.expect.toml");
    own.map(|check| (text(check, "status"), text(check, "message"))).collect()
}

fn expectation(lines: &str) -> String {
    format!("[[expect]]\n{lines}\nsource = \"a test\"\n\n")
}

/// A name that the release does not have is no refusal of its numbers.
#[test]
fn what_is_misspelt_is_not_refused() {
    let expected: String = [
        "result = \"effect\"\noutcome = \"edss\"\noccasion = \"aftr\"\nmeasure = \"MC\"\nis = \"refused\"",
        "result = \"effect\"\noutcome = \"edss\"\nversus = \"placbo\"\nmeasure = \"MD\"\nis = \"refused\"",
        "result = \"effect\"\noutcome = \"edss\"\narm = \"tociluzumab\"\nmeasure = \"MC\"\nis = \"refused\"",
        "result = \"pairing\"\noutcome = \"edss\"\noccasion = \"aftr\"\nquantity = \"r\"\nis = \"refused\"",
        "result = \"sets\"\noutcome = \"edss\"\nis = \"3\"",
    ]
    .map(expectation)
    .concat();
    let found = verdicts("expect-misspelt", RELEASE, &expected);
    let told = [
        "there is no occasion of edss `aftr`",
        "there is no arm `placbo`",
        "there is no arm `tociluzumab`",
        "there is no occasion `aftr`",
        "there are several occasions: write occasion = one of",
    ];
    assert_eq!(found.len(), told.len(), "{found:?}");
    for ((status, message), told) in found.iter().zip(told) {
        assert!(status == "fail" && message.contains(told), "{told}: {status} {message}");
    }
    assert!(found[0].1.contains("did you mean `after`?"), "{found:?}");
}

#[test]
fn counts_are_numbers() {
    let rows = [("t", "m6 = \"5.0 ± 2.0\"\nspread = \"sd\"")];
    let text = release(&[("t", "20")], &outcome("pain", &rows)).replace("\"continuous\"", "\"nrs\"");
    let of = |value: &str| {
        let lines = format!("result = \"sets\"\noutcome = \"pain\"\nis = \"{value}\"");
        verdicts("expect-counts", &text, &expectation(&lines)).remove(0)
    };
    let (_, told) = of("1");
    let count: u64 =
        told.split("found ").nth(1).and_then(|rest| rest.split(':').next()).and_then(|n| n.parse().ok()).unwrap();
    assert!((1_000..1_000_000).contains(&count), "{told}");
    let grouped = format!("{},{:03}", count / 1000, count % 1000);
    assert_eq!(of(&grouped).0, "pass");
    assert_eq!(of(&format!("{}\"\nwithin = \"5", count + 5)).0, "pass");
    assert_eq!(of(&format!("{}\"\nwithin = \"5", count + 6)).0, "fail");
}

/// An expectation that runs a command would take its time, and says so if it is judged.
#[test]
fn nobody_waits_for_what_is_not_asked_for() {
    let expected = expectation("run = \"effect --nonsense\"\nat = \"x\"\nis = \"1\"");
    assert_eq!(verdicts("expect-asked", RELEASE, &expected).len(), 1);
    let folder = Folder::new("expect-not-asked");
    folder.write("nmo.toml", RELEASE);
    folder.write("nmo.expect.toml", &expected);
    let found = json_of(&folder.run(["check", "nmo.toml", "--select", "grim", "--json"]));
    let codes: Vec<&str> = found["checks"].as_array().unwrap().iter().filter_map(|of| of["check"].as_str()).collect();
    assert!(codes.len() > 1 && codes.iter().all(|code| *code == "grim"), "{codes:?}");
    // Who accepts what fails of an expectation has it judged: it fails, and what does not is told.
    for (subject, code) in [("x of effect --nonsense", 0), ("y of effect --nonsense", 1)] {
        let accepted = format!("[[ignore]]\ncheck = \"expectation\"\nsubject = \"{subject}\"\nreason = \"a test\"\n");
        folder.write("nmo.expect.toml", expected.clone() + &accepted);
        let output = folder.run(["check", "nmo.toml", "--select", "ignore,grim"]);
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(code), "{told}");
        assert_eq!(told.contains("nothing of this kind fails any more"), code == 1, "{told}");
    }
}

/// No total of seven whole numbers prints as 2.2 to the nearest, and 16 does where numbers are cut off: what is found out
/// of the data follows the rounding of the expectation.
#[test]
fn an_expectation_has_its_own_rounding() {
    let rows = [("t", "before = \"3.0 ± 1.1\"\nm6 = \"2.2 ± 1.1\"\nspread = \"sd\"")];
    let text = release(&[("t", "7")], &outcome("pain", &rows)).replace("\"continuous\"", "\"nrs\"");
    let folder = Folder::new("expect-rounding-sets");
    folder.write("r.toml", &text);
    for (result, more) in [
        ("sets", ""),
        ("pairing", "quantity = \"r\"\n"),
        ("check", "check = \"existence\"\nsubject = \"pain m6: 2.2 ± 1.1\"\n"),
    ] {
        let lines = |rounding: &str, is: &str| {
            let of_cell = if result == "check" { "" } else { "outcome = \"pain\"\noccasion = \"m6\"\n" };
            expectation(&format!("result = \"{result}\"\n{of_cell}{more}{rounding}is = {is}"))
        };
        // What is found under a rounding of the whole run is what is found under that of the expectation.
        let told = |args: &[&str], rounding: &str| {
            folder
                .write("r.expect.toml", lines(rounding, if result == "pairing" { "[\"9\", \"9\"]" } else { "\"9\"" }));
            let found =
                json_of(&folder.run([&["check", "r.toml", "--json", "--select", "expectation"], args].concat()));
            found["checks"][0]["found"].clone()
        };
        let own = told(&[], "rounding = \"floor\"\n");
        assert_eq!(own, told(&["--rounding", "floor"], ""), "{result}");
        assert_ne!(own, told(&[], ""), "{result}");
    }
}

/// A call is written as it is typed in a terminal.
#[test]
fn a_call_may_name_the_program_and_its_format() {
    let of = |run: &str| {
        let lines = format!("run = \"{run}\"\nat = \"contrasts[0].estimates[measure=MC].estimate\"\nis = \"-1.0\"");
        verdicts("expect-typed", RELEASE, &expectation(&lines)).remove(0)
    };
    for run in ["", "reffect "].map(|name| format!("{name}effect --before '5.1 ± 1.7' --after '4.1 ± 1.6' -n 7")) {
        for run in [run.clone(), format!("{run} --json")] {
            assert_eq!(of(&run).0, "pass", "{run}: {:?}", of(&run));
        }
    }
}
