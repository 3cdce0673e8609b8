//! Every kind of wrong file gives its error: what was found, where, what was expected, what to do.

use crate::common::cli::{Folder, stderr, stdout};

const GOOD: &str = r#"label = "A drug in a rare disease"
title = "Relapses fall"
publisher = "A hospital"
date = 2014-03-15
language = "en"
kind = "trial"
source = { file = "release.txt" }

[[arm]]
id = "treated"
label = "treated patients"
n = 7
quote = "seven patients"

[[outcome]]
id = "edss"
label = "EDSS"
better = "lower"
scale = "edss"
  [[outcome.result]]
  before = "5.1 ± 1.7"
  after = "4.1 ± 1.6"
  spread = "unexplained"
  quote = "5.1 ± 1.7 to 4.1 ± 1.6"

[[number]]
id = "relapse-free"
label = "without a relapse"
value = "5"
of = "treated"
quote = "5 of 7"
"#;

/// What the program says of a file, and that it exits with 2 and prints nothing else.
fn error_of(name: &str, bytes: impl AsRef<[u8]>) -> String {
    let folder = Folder::new(name);
    folder.write("wrong.toml", bytes);
    let output = folder.run(["show", "wrong.toml"]);
    assert_eq!(output.status.code(), Some(2), "{name}: {}", stderr(&output));
    assert!(output.stdout.is_empty(), "{name} printed a result");
    stderr(&output)
}

/// The good file with one change.
fn changed(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    GOOD.replacen(from, to, 1)
}

/// The good file with medians and pairs in the place of means.
fn of_pairs(spread: &str, before: &str) -> String {
    changed("\"5.1 ± 1.7\"", &format!("\"{before}\""))
        .replace("\"4.1 ± 1.6\"", "\"4.0 (1–5)\"")
        .replace("unexplained\"", &format!("{spread}\"\n  statistic = \"median\""))
}

/// The good file with an outcome that counts events.
fn events(exposure: &str, time: &str) -> String {
    format!(
        "{GOOD}\n[[outcome]]\nid = \"relapses\"\nlabel = \"relapses\"\nbetter = \"lower\"\nscale = \"count\"\n{exposure}\n\
         [[outcome.result]]\nstatistic = \"events\"\nafter = \"12\"\n{time}\nquote = \"12 relapses\"\n"
    )
}

#[test]
fn the_good_file_is_good_in_every_dress() {
    let folder = Folder::new("good");
    for (name, text) in [
        ("lf.toml", GOOD.to_owned()),
        ("crlf.toml", GOOD.replace('\n', "\r\n")),
        ("bom.toml", format!("\u{FEFF}{GOOD}")),
        ("bom-crlf.toml", format!("\u{FEFF}{}", GOOD.replace('\n', "\r\n"))),
    ] {
        folder.write(name, text);
        let output = folder.run(["show", name]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", stderr(&output));
        assert!(crate::common::cli::stdout(&output).contains("5.1 ± 1.7"), "{name}");
    }
}

/// One snapshot holds all of them, so that they can be read side by side.
#[test]
fn each_mistake_has_its_message() {
    let mistakes: Vec<(&str, String)> = vec![
        ("unknown key", changed("better = ", "bettr = ")),
        ("unknown table", format!("{GOOD}\n[[outcomes]]\nid = \"x\"\n")),
        ("missing n", changed("n = 7\n", "")),
        ("n of zero", changed("n = 7", "n = 0")),
        ("n of seven and a half", changed("n = 7", "n = 7.5")),
        ("mean outside its scale", changed("5.1 ± 1.7\"\n  after", "51 ± 1.7\"\n  after")),
        (
            "duplicate outcome",
            format!("{GOOD}\n[[outcome]]\nid = \"edss\"\nlabel = \"EDSS again\"\nscale = \"edss\"\n"),
        ),
        ("wrong date", changed("2014-03-15", "\"2014-13-45\"")),
        ("date that TOML refuses", changed("2014-03-15", "2014-13-45")),
        ("date in another order", changed("2014-03-15", "\"15.3.2014\"")),
        ("unexplained plus-minus", changed("  spread = \"unexplained\"\n", "")),
        ("number without its kind", changed("\"5.1 ± 1.7\"\n  after", "\"5.1\"\n  after")),
        ("unreadable number", changed("\"5.1 ± 1.7\"\n  after", "\"5,1 ± 1.7\"\n  after")),
        ("negative spread", changed("\"5.1 ± 1.7\"\n  after", "\"5.1 ± -1.7\"\n  after")),
        ("unknown scale", changed("scale = \"edss\"", "scale = \"edds\"")),
        ("unknown kind", changed("kind = \"trial\"", "kind = \"trail\"")),
        ("part of nothing", changed("of = \"treated\"", "of = \"treatd\"")),
        ("part larger than its whole", changed("value = \"5\"", "value = \"9\"")),
        ("no quote", changed("quote = \"5 of 7\"\n", "")),
        (
            "a sentence as a quote",
            changed("quote = \"5 of 7\"", &format!("quote = \"{}\"", "5 of 7 and so on ".repeat(8))),
        ),
        ("hidden characters", changed("treated patients", "treated \\u001b[31mpatients")),
        ("bound as a mean", changed("\"5.1 ± 1.7\"\n  after", "\"<5.1 ± 1.7\"\n  after")),
        (
            "range that leaves out its centre",
            changed("\"5.1 ± 1.7\"\n  after", "\"9.9 (1–5)\"\n  after")
                .replace("\"4.1 ± 1.6\"", "\"4.1 (1–5)\"")
                .replace("unexplained\"", "range\"\n  statistic = \"median\""),
        ),
        (
            "before behind after",
            format!(
                "{GOOD}\n[[occasion]]\nid = \"after\"\nlabel = \"A\"\n\n[[occasion]]\nid = \"before\"\nlabel = \"B\"\n"
            ),
        ),
        (
            "occasion named like a field",
            changed("  after =", "  adjusted =")
                + "\n[[occasion]]\nid = \"before\"\nlabel = \"B\"\n\n[[occasion]]\nid = \"adjusted\"\nlabel = \"A\"\n",
        ),
        ("range beyond its scale", of_pairs("range", "3.0 (0–12)")),
        ("range between the steps of its scale", of_pairs("range", "3.0 (0.5–6)")),
        ("quartiles below their scale", of_pairs("quartiles", "3.0 (−2–4)")),
        ("size in per cent", changed("n = 7", "n = \"50%\"")),
        (
            "subgroup larger than its whole",
            changed("  before =", "  arm = \"treated\"\n  before =")
                + "\n[[arm]]\nid = \"women\"\nlabel = \"women\"\nn = 9\nof = \"treated\"\nquote = \"nine women\"\n",
        ),
        (
            "statement of an arm against itself",
            format!(
                "{GOOD}\n[[statement]]\nclaim = \"difference\"\nlabel = \"better\"\narm = \"treated\"\nversus = \
                 \"treated\"\nquote = \"better\"\n"
            ),
        ),
        ("time that is approximate", events("exposure = { unit = \"years\" }", "time = \"about 20\"")),
        ("exposure that is approximate", events("exposure = { unit = \"years\", time = \"about 2\" }", "")),
        ("undeclared occasion", changed("  after =", "  month-6 = \"4.5 ± 1.0\"\n  after =")),
        ("single brackets", changed("[[outcome.result]]", "[outcome.result]")),
        ("source as a path", changed("release.txt", "../secret.txt")),
        ("text where a table belongs", changed("source = { file = \"release.txt\" }", "source = \"release.txt\"")),
        ("no TOML", changed("title = \"Relapses fall\"", "title = \"Relapses fall")),
        ("key twice", changed("language = \"en\"", "language = \"en\"\nlanguage = \"ja\"")),
        ("several mistakes", changed("n = 7", "n = 0").replace("scale = \"edss\"", "scale = \"edds\"")),
        ("empty", String::new()),
        ("blank", " \n\t\n".to_owned()),
    ];
    let mut transcript = String::new();
    for (name, text) in mistakes {
        let told = error_of(&name.replace(' ', "-"), text);
        transcript.push_str(&format!("## {name}\n{told}\n"));
    }
    insta::assert_snapshot!(transcript);
}

#[test]
fn bytes_that_are_no_text_are_told_with_their_place() {
    let latin1 = [GOOD.as_bytes(), b"# caf\xE9\n"].concat();
    let shift_jis = [b"label = \"\x8e_\x8co\"\n", GOOD.as_bytes()].concat();
    let transcript =
        format!("## Latin-1\n{}\n## Shift_JIS\n{}", error_of("latin1", latin1), error_of("sjis", shift_jis));
    insta::assert_snapshot!(transcript);
}

#[test]
fn a_huge_file_is_refused_unread() {
    let folder = Folder::new("huge");
    let file = std::fs::File::create(folder.path("huge.toml")).unwrap();
    file.set_len(100 << 20).unwrap();
    let output = folder.run(["show", "huge.toml"]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(stderr(&output));
}

#[test]
fn paths_that_are_not_there_are_told() {
    let folder = Folder::new("paths");
    folder.write("good.toml", GOOD);
    folder.write("copy.txt", "no release");
    std::fs::create_dir(folder.path("empty")).unwrap();
    std::fs::create_dir(folder.path("again")).unwrap();
    std::fs::copy(folder.path("good.toml"), folder.path("again/good.toml")).unwrap();
    let mut transcript = String::new();
    for args in [
        vec!["show", "missing.toml"],
        vec!["show", "empty"],
        vec!["show", "good.toml", "again"],
        vec!["show", "copy.txt"],
        vec!["report", "good.toml", "-o", "copy.txt"],
        vec!["plot", "before-after", "good.toml", "-o", "missing/chart.svg"],
        vec!["plot", "before-after", "good.toml", "-o", "chart.gif"],
    ] {
        let output = folder.run(&args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        transcript.push_str(&format!("$ reffect {}\n{}\n", args.join(" "), stderr(&output)));
    }
    insta::assert_snapshot!(transcript);
}

/// Expectations and their release are one, in whichever order both are named, as a list of changed files does.
#[test]
fn a_release_and_its_expectations_are_checked_once() {
    let folder = Folder::new("both-named");
    folder.write("good.toml", GOOD);
    folder.write("good.expect.toml", "");
    let told = |args: &[&str]| {
        let output = folder.run(["check"].iter().chain(args));
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
        stdout(&output)
    };
    let expected = told(&["good.toml"]);
    for both in [&["good.expect.toml", "good.toml"][..], &["good.toml", "good.expect.toml"]] {
        assert_eq!(told(both), expected, "{both:?}");
    }
}

/// A percentage is not the number in front of its sign.
#[test]
fn a_percentage_in_a_table_is_refused() {
    let folder = Folder::new("percentage");
    folder.write("t.csv", "study,yi,vi\nA,4%,0.1\nB,0.3,0.2\n");
    let output = folder.run(["meta", "t.csv"]);
    assert_eq!(output.status.code(), Some(2));
    let told = stderr(&output);
    assert!(told.contains("`4%` is a percentage") && told.contains("t.csv:2:3"), "{told}");
    folder.write("q.csv", "n,mean,p\n10,5,0.5%\n");
    let output = folder.run(["convert", "q.csv", "--to", "mean-sd"]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("`0.5%` is a percentage"), "{told}");
}

/// What is read is never written over.
#[test]
fn an_output_is_none_of_the_inputs() {
    let folder = Folder::new("overwritten");
    let table = "study,ai,bi,ci,di\nA,1,9,2,8\nB,2,8,3,7\n";
    folder.write("b.csv", table);
    for args in [
        &["effect", "--measure", "RR", "b.csv", "-o", "b.csv"] as &[&str],
        &["meta", "b.csv", "--measure", "RR", "--json", "-o", "./b.csv"],
        &["plot", "forest", "b.csv", "--measure", "RR", "-o", "f.svg", "--data", "b.csv"],
    ] {
        let output = folder.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains("b.csv is read, and would be written over"), "{args:?}");
        assert_eq!(std::fs::read_to_string(folder.path("b.csv")).unwrap(), table);
    }
}

/// Numbers of options that are none, or lead nowhere.
#[test]
fn impossible_numbers_of_options_are_told() {
    let folder = Folder::new("options-numbers");
    folder.write("t.csv", "study,yi,vi\nA,0.4,0.1\nB,0.3,0.2\nC,0.1,0.2\n");
    for (args, expected) in [
        (&["plot", "forest", "t.csv", "-o", "f.svg", "--height", "nan"] as &[&str], "a number of pixels above 0"),
        (&["plot", "forest", "t.csv", "-o", "f.svg", "--width", "1e308"], "a number of pixels above 0"),
        (&["meta", "t.csv", "--tau2", "x"], "a number was expected"),
        (&["meta", "t.csv", "--scale", "0"], "the scale has no column"),
        (&["effect", "--proportion", "5/7%"], "is no part of a whole"),
    ] {
        let output = folder.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains(expected), "{args:?}: {}", stderr(&output));
    }
}

/// Limits in the wrong order are no scale on which a row can be consistent.
#[test]
fn limits_in_the_wrong_order_are_not_read() {
    let folder = Folder::new("limits-order");
    folder.write("t.csv", "x,n,min,max,step\n5,10,8,1,\n5,10,1,8,-1\n5,10,1,8,1\n");
    let output = folder.run(["check", "t.csv"]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("a largest value not below the smallest") && told.contains("a step above 0"), "{told}");
    assert!(told.contains("3 rows: 0 inconsistent, 2 could not be read"), "{told}");
}

/// `check` reads tables as well as releases.
#[test]
fn an_empty_folder_holds_neither_releases_nor_tables() {
    let folder = Folder::new("wrong-files-empty");
    std::fs::create_dir(folder.path("empty")).unwrap();
    let told = |command: &str| stderr(&folder.run([command, "empty"]));
    assert!(told("check").contains("no release file (*.toml) and no table (.csv, .tsv)"), "{}", told("check"));
    assert!(told("show").contains("the folder holds no release file (*.toml)\n"), "{}", told("show"));
}
