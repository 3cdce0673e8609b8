//! Nothing that follows is dropped in another format, and nothing that is read is written over.

use crate::common::cli::{Folder, json_of, stderr, stdout};

/// An estimate that is not defined has a row, with the reason.
#[test]
fn csv_keeps_what_has_no_interval() {
    let folder = Folder::new("kept-csv");
    let table = |args: &[&str]| stdout(&folder.run([&["effect"], args, &["--format", "csv"]].concat()));
    let row = |text: &str, name: &str| text.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
    let empty = table(&["--table", "0,5,0,6"]);
    assert!(row(&empty, "RR,").contains("no event"), "{empty}");
    assert!(row(&table(&["--paired-table", "3,0,0,4"]), "odds ratio,").len() > 20);
    let rates = table(&["--rate1", "0/7", "--rate2", "0/7"]);
    assert!(row(&rates, "rate ratio,").len() > 15 && rates.contains("exact"), "{rates}");
    let reported = table(&["--estimate", "0.21 (0.06–0.76)", "--kind", "hazard-ratio", "--estimate-p", "p = 0.017"]);
    assert!(reported.contains("0.017") && reported.contains(",reported,"), "{reported}");
    let below = table(&["--estimate", "0.21 (0.06–0.76)", "--kind", "hazard-ratio", "--estimate-p", "p < 0.05"]);
    assert!(below.contains("p < 0.05"), "{below}");
}

/// The interval of the ratio of means is that of its correlation, which stands beside it.
#[test]
fn a_ratio_of_means_names_its_correlation() {
    let folder = Folder::new("kept-ratio");
    let call = |r: &str, more: &[&str]| {
        let call = ["effect", "--before", "7.2 ± 2.0", "--after", "5.8 ± 2.1", "-n", "20", "--r", r];
        folder.run([&call[..], more].concat())
    };
    let both = json_of(&call("0,0.9", &["--json"]));
    let turned = json_of(&call("0.9,0", &["--json"]));
    assert_eq!(both["contrasts"][0]["ratio"]["r"], 0.0);
    assert_eq!(turned["contrasts"][0]["ratio"]["r"], 0.9);
    assert_eq!(both["contrasts"][0]["ratios"][1]["ci"], turned["contrasts"][0]["ratio"]["ci"]);
    let text = stdout(&call("0,0.9", &[]));
    assert_eq!(text.matches("−19.4 %").count(), 2, "{text}");
    assert!(stdout(&call("0,0.9", &["--format", "csv"])).matches(",ratio,").count() == 2);
}

#[test]
fn a_negative_correlation_is_shown_as_given() {
    let folder = Folder::new("kept-r");
    let text = stdout(&folder.run([
        "effect",
        "--before",
        "7.2 ± 2.0",
        "--after",
        "5.8 ± 2.1",
        "-n",
        "20",
        "--r=-0.1234,-0.1233,-0.55",
    ]));
    for r in ["−0.1234", "−0.1233", "−0.55 "] {
        assert!(text.contains(r), "{r}: {text}");
    }
    assert!(!text.contains("to < 0.0001"), "{text}");
}

/// An end that is 0 for practice does not make all numbers longer.
#[test]
fn an_end_near_0_takes_no_more_than_two_digits() {
    let folder = Folder::new("kept-digits");
    let call = ["effect", "--group1", "0.1 ± 0.2", "--n1", "19", "--group2", "0.5 ± 0.6", "--n2", "22"];
    let text = stdout(&folder.run(call));
    assert!(text.contains("−0.643  ") || text.contains("−0.64  "), "{text}");
}

#[test]
fn a_file_of_a_folder_that_is_read_is_not_written_over() {
    let folder = Folder::with_data("kept-input");
    let name = "data/sma-videos-2020.toml";
    let before = std::fs::read(folder.path(name)).unwrap();
    for command in ["show", "effect", "check"] {
        let output = folder.run([command, "data", "-o", name]);
        assert_eq!(output.status.code(), Some(2), "{command}: {}", stdout(&output));
        assert!(stderr(&output).contains("would be written over"), "{}", stderr(&output));
    }
    assert_eq!(std::fs::read(folder.path(name)).unwrap(), before);
    // Another file of the same folder is nobody's input.
    assert_eq!(folder.run(["show", "data", "-o", "data/shown.txt"]).status.code(), Some(0));
}

/// Files that are read through a folder, beside another file or behind a name are read as well.
#[test]
fn what_is_read_unnamed_is_not_written_over() {
    let folder = Folder::with_data("kept-unnamed");
    std::fs::create_dir(folder.path("tables")).unwrap();
    folder.write("tables/t.csv", "mean,sd,n\n3.1,1.2,20\n");
    let keeps = |name: &str, call: &[&str]| {
        let before = std::fs::read(folder.path(name)).unwrap();
        let output = folder.run(call);
        assert_eq!(output.status.code(), Some(2), "{call:?}: {}", stdout(&output));
        assert!(stderr(&output).contains("would be written over"), "{call:?}: {}", stderr(&output));
        assert_eq!(std::fs::read(folder.path(name)).unwrap(), before);
    };
    keeps("tables/t.csv", &["check", "tables", "--format", "csv", "-o", "tables/t.csv"]);
    let release = "data/examples/release.toml";
    let text = "data/examples/release.txt";
    keeps(text, &["check", release, "--sources", "data/examples", "-o", text]);
    let expected = "data/als-muse-2023.expect.toml";
    folder.write(expected, "");
    keeps(expected, &["check", "data/als-muse-2023.toml", "-o", expected]);
    folder.write("tree.csv", "sp,a,b\na,1,0.5\nb,0.5,1\n");
    folder.write("k.csv", "yi,vi,sp\n0.1,0.2,a\n0.3,0.2,b\n");
    let call = ["meta", "k.csv", "--random", "1 | sp", "--known-cor", "sp=tree.csv", "--format", "csv"];
    keeps("tree.csv", &[&call[..], &["-o", "tree.csv"]].concat());
    // A result that stands beside what is read is no input, also the second time.
    for _ in 0..2 {
        let call = ["check", release, "--sources", "data/examples", "-o", "data/examples/checks.txt"];
        assert_eq!(folder.run(call).status.code(), Some(0));
    }
}

#[test]
fn a_scale_is_shown_with_its_steps() {
    let folder = Folder::with_data("kept-scale");
    let path = folder.path("data/nmo-tocilizumab-2014.toml");
    let text = std::fs::read_to_string(&path).unwrap().replacen(
        "scale = \"nrs\"",
        "scale = { min = 0, max = 10, step = 0.5 }",
        1,
    );
    folder.write("s.toml", text);
    let shown = stdout(&folder.run(["show", "s.toml"]));
    assert!(shown.contains("0 to 10 by 0.5"), "{shown}");
    assert!(stdout(&folder.run(["show", "s.toml", "--json"])).contains("\"step\": 0.5"));
}

/// A single person has no spread, and a group without a control is one whatever kind of source tells of it.
#[test]
fn reports_say_what_is_missing() {
    let folder = Folder::with_data("kept-words");
    let text = std::fs::read_to_string(folder.path("data/nmo-tocilizumab-2014.toml")).unwrap();
    folder.write("registry.toml", text.replacen("kind = \"trial\"", "kind = \"registry\"", 1));
    let released = text.find("[[number]]").unwrap();
    folder.write("one.toml", text[..released].replacen("\nn = 7\n", "\nn = 1\n", 1));
    let page = |file: &str| {
        let output = folder.run(["report", file, "-o", "out", "--quiet"]);
        assert!(output.status.code() < Some(2), "{}", stderr(&output));
        std::fs::read_to_string(folder.path("out/index.html")).unwrap()
    };
    assert!(page("registry.toml").contains("No control group"));
    let one = page("one.toml");
    assert!(one.contains("one person has no spread") && !one.contains("both SDs are 0"));
}

#[test]
fn pages_for_shells_take_no_options_of_results() {
    let folder = Folder::new("kept-shell");
    for call in [&["man", "--json"][..], &["completions", "bash", "--level", "0.9"], &["man", "--quiet"]] {
        let output = folder.run(call);
        assert_eq!(output.status.code(), Some(2), "{call:?}");
        assert!(stderr(&output).contains("has no effect"), "{call:?}: {}", stderr(&output));
    }
}
