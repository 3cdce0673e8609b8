//! Releases with several occasions, scales without steps, and counts with their shares.

use crate::common::cli::{Folder, json_of, stdout};
use serde_json::Value;

const HEAD: &str = r#"label = "Several occasions"
title = "only 5 mg"
publisher = "A hospital"
date = 2020-01-15
language = "en"
kind = "trial"
source = { file = "release.txt" }

[[occasion]]
id = "before"
label = "before"

[[occasion]]
id = "week-4"
label = "week 4"

[[occasion]]
id = "week-8"
label = "week 8"

[[arm]]
id = "drug"
label = "drug"
n = 24
quote = "of 24 patients"
"#;

const PAIN: &str = r#"
[[outcome]]
id = "pain"
label = "only pain"
better = "lower"
scale = "nrs"
  [[outcome.result]]
  before = "6.8 ± 1.3"
  week-4 = "2.0 ± 1.0"
  week-8 = "6.8 ± 1.3"
  spread = "sd"
  quote = "from 6.8 ± 1.3 to 2.0 ± 1.0 and 6.8 ± 1.3"
"#;

fn claim(more: &str) -> String {
    format!(
        "\n[[statement]]\nclaim = \"significant\"\nlabel = \"it fell\"\noutcome = \"pain\"\n{more}p = \"p < 0.001\"\nquote \
         = \"(p < 0.001)\"\n"
    )
}

/// The checks of a code as (subject, status, message).
fn checks(name: &str, release: &str, code: &str) -> Vec<(String, String, String)> {
    let folder = Folder::new(name);
    folder.write("r.toml", release);
    let output = folder.run(["check", "r.toml", "--select", code, "--json"]);
    let document = json_of(&output);
    let text = |check: &Value, key: &str| check[key].as_str().unwrap().to_owned();
    let checks = document["checks"].as_array().unwrap();
    checks.iter().map(|of| (text(of, "subject"), text(of, "status"), text(of, "message"))).collect()
}

/// The change to week 4 is certain to be significant, that to week 8 is 0 on average.
#[test]
fn a_claim_is_about_the_occasion_that_it_names() {
    let of = |name: &str, more: &str| checks(name, &format!("{HEAD}{PAIN}{}", claim(more)), "claim").remove(0);
    let week_4 = of("occasion-4", "occasion = \"week-4\"\n");
    assert_eq!((week_4.0.as_str(), week_4.1.as_str()), ("pain week-4: p < 0.001", "pass"));
    let week_8 = of("occasion-8", "occasion = \"week-8\"\n");
    // 24 people are too many for the tests of ranks.
    assert!(week_8.1 == "refused" && week_8.2.starts_with("doubtful: impossible by the paired t-test"), "{week_8:?}");
    let any = of("occasion-any", "");
    assert_eq!((any.0.as_str(), any.1.as_str()), ("pain: p < 0.001", "refused"));
    assert!(
        any.2.contains("names no `occasion`: at `week-4` certain")
            && any.2.contains("at `week-8` doubtful: impossible")
    );
}

#[test]
fn an_occasion_that_nobody_declared_is_refused() {
    let folder = Folder::new("occasion-unknown");
    folder.write("r.toml", format!("{HEAD}{PAIN}{}", claim("occasion = \"week-6\"\n")));
    let output = folder.run(["check", "r.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(crate::common::cli::stderr(&output).contains("there is no occasion `week-6`"));
}

/// Each later occasion has its own row of data behind it, and its own panel.
#[test]
fn data_behind_every_later_occasion_are_told() {
    let folder = Folder::new("occasion-behind");
    folder.write("r.toml", format!("{HEAD}{PAIN}"));
    let report = stdout(&folder.run(["report", "r.toml", "-o", "page"]));
    assert!(report.contains("only pain · week 4") && report.contains("only pain · week 8"), "{report}");
}

/// A Japanese page says what was said as it was said: "from … to …" and "only …" are words of our own elsewhere.
#[test]
fn a_japanese_page_leaves_quotes_and_labels_as_they_are() {
    let folder = Folder::new("occasion-ja");
    folder.write("r.toml", format!("{HEAD}{PAIN}"));
    folder.run(["report", "r.toml", "-o", "page", "--lang", "ja"]);
    let page = std::fs::read_to_string(folder.path("page/index.html")).unwrap();
    assert!(page.contains("from 6.8 ± 1.3 to 2.0 ± 1.0 and 6.8 ± 1.3") && page.contains("of 24 patients"));
    assert!(!page.contains("5 mg のみ") && !page.contains("pain のみ"));
}

/// The bound is that of values at both ends of the scale and one between: R,
/// `sd(c(rep(0, 10), rep(100, 14)))` is 50.36102, with a mean of 58.33.
#[test]
fn limits_without_steps_bound_the_sd() {
    let scale = |cell: &str| {
        format!(
            "{HEAD}\n[[outcome]]\nid = \"q\"\nlabel = \"q\"\nscale = {{ min = 0, max = 100 }}\n  [[outcome.result]]\n  \
             before = \"{cell}\"\n  spread = \"sd\"\n  quote = \"{cell}\"\n"
        )
    };
    for (cell, expected) in [("58.3 ± 81.4", "fail"), ("58.3 ± 50.4", "pass"), ("58.3 ± 50.5", "fail")] {
        let found = checks("occasion-limits", &scale(cell), "sd-limits");
        assert_eq!(found[0].1, expected, "{found:?}");
        assert!(found[0].2.contains("at most 50.4"), "{found:?}");
    }
}

#[test]
fn a_count_is_compared_with_the_percentage_beside_it() {
    let number = |value: &str, of: &str| {
        format!(
            "{HEAD}\n[[number]]\nid = \"k\"\nlabel = \"responders\"\nvalue = \"{value}\"\n{of}quote = \"in 3 (12.5%) and \
             4 (18.2%), 12.5% (3/24)\"\n"
        )
    };
    for (value, of, expected) in [
        ("3 (12.5%)", "of = \"drug\"\n", "pass"),
        ("4 (18.2%)", "of = \"drug\"\n", "fail"),
        ("12.5% (3/24)", "", "pass"),
        ("3 (12.5%)", "", "refused"),
    ] {
        let found = checks("occasion-share", &number(value, of), "percentage");
        assert_eq!(found[0].1, expected, "{value}: {found:?}");
        let quotes = checks("occasion-share", &number(value, of), "quote-number");
        assert!(quotes.iter().all(|check| check.1 == "pass"), "{quotes:?}");
    }
}

/// Of two outcomes with opposite directions the mean would cancel both effects.
#[test]
fn effects_of_opposite_directions_are_not_pooled() {
    let folder = Folder::new("occasion-directions");
    let release = |better: &str, after: &str| {
        format!("{HEAD}{PAIN}").replace("\"lower\"", &format!("\"{better}\"")).replace("6.8 ± 1.3\"\n  spread", after)
    };
    for (name, better) in [("a", "lower"), ("b", "lower"), ("c", "higher")] {
        folder.write(&format!("{name}.toml"), release(better, "3.1 ± 1.3\"\n  spread"));
    }
    let args = ["meta", "a.toml", "b.toml", "c.toml", "--outcome", "pain", "--measure", "SMCR", "--r", "0.5", "--json"];
    let document = json_of(&folder.run(args));
    assert_eq!(document["k"], 2);
    assert!(document["notes"].to_string().contains("cancel each other out"), "{}", document["notes"]);
}

/// The mean of six items has steps of a sixth, and that of 12 people steps of 1/72: 108/72 = 1.50, 109/72 = 1.514 and
/// 110/72 = 1.528, so that no mean prints as 1.52.
#[test]
fn means_of_items_have_their_steps() {
    let of = |mean: &str| {
        let outcome = format!(
            "\n[[outcome]]\nid = \"acq\"\nlabel = \"ACQ-6\"\nscale = {{ min = 0, max = 6, items = 6 }}\n  \
             [[outcome.result]]\n  before = \"{mean} ± 0.60\"\n  spread = \"sd\"\n  quote = \"{mean} ± 0.60\"\n"
        );
        let release = format!("{HEAD}{outcome}").replace("n = 24", "n = 12");
        checks("items", &release, "grim").remove(0).1
    };
    assert_eq!((of("1.50").as_str(), of("1.51").as_str(), of("1.52").as_str()), ("pass", "pass", "fail"));
    let folder = Folder::new("items-wrong");
    folder.write(
        "r.toml",
        format!("{HEAD}\n[[outcome]]\nid = \"a\"\nlabel = \"a\"\nscale = {{ min = 0.5, max = 6, items = 6 }}\n"),
    );
    let output = folder.run(["show", "r.toml"]);
    assert!(crate::common::cli::stderr(&output).contains("as whole numbers"));
}
