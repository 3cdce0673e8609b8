//! `reffect check` over folders, its updates, and `reffect transcribe`.

use crate::common::cli::{Folder, json_of, stderr, stdout};
use serde_json::Value;

const EXPECTED: &str = "\
# What the paper says.
[[expect]]
result = \"effect\"
outcome = \"relapse-rate\"
measure = \"MC\"
r = 0.5
is = \"−2.4\"   # Table 2
ci = [\"−3.41\", \"−1.60\"]
p = \"p < 0.05\"
source = \"Table 2\"

[[expect]]
run = \"effect --proportion 5/7\"
at = \"proportion.intervals.wilson\"
is = [\"0.359\", \"0.918\"]
source = \"by hand\"
";

#[test]
fn updates_are_shown_and_written_only_where_told_to() {
    let folder = Folder::with_data("updates");
    folder.write("data/nmo-tocilizumab-2014.expect.toml", EXPECTED);
    let output = folder.run(["check", "data", "--select", "expectation"]);
    assert_eq!(output.status.code(), Some(1));
    let told = stdout(&output);
    for part in [
        "MC of relapse-rate at r = 0.5: found −2.5",
        "missed by 0.05",
        "source of the expectation: Table 2",
        "nmo-tocilizumab-2014.expect.toml:2",
    ] {
        assert!(told.replace("\n    ", " ").contains(part), "{part}: {told}");
    }
    let shown = folder.run(["check", "data", "--update"]);
    assert_eq!(shown.status.code(), Some(1));
    let told = stdout(&shown);
    assert!(told.contains("\"−2.4\" → \"−2.5\"") && told.contains("2 values differ; --accept writes them"), "{told}");
    assert_eq!(std::fs::read_to_string(folder.path("data/nmo-tocilizumab-2014.expect.toml")).unwrap(), EXPECTED);
    let accepted = folder.run(["check", "data", "--accept"]);
    assert!(stdout(&accepted).contains("2 values written"));
    let written = std::fs::read_to_string(folder.path("data/nmo-tocilizumab-2014.expect.toml")).unwrap();
    assert_eq!(written, EXPECTED.replace("\"−2.4\"", "\"−2.5\"").replace("−1.60", "−1.59"));
    let again = folder.run(["check", "data", "--update"]);
    assert_eq!(again.status.code(), Some(0), "{}", stdout(&again));
    assert!(stdout(&again).contains("nothing to update"));
}

#[test]
fn one_unreadable_file_is_told_and_the_others_are_checked() {
    let folder = Folder::with_data("unreadable");
    folder.write("data/broken.toml", "label = \n");
    let output = folder.run(["check", "data", "--json"]);
    assert_eq!(output.status.code(), Some(2));
    let document = json_of(&output);
    let checks = document["checks"].as_array().unwrap();
    let file = checks.iter().find(|check| check["check"] == "file").unwrap();
    assert_eq!((&file["status"], &file["release"], &file["line"]), (&"fail".into(), &"broken".into(), &1.into()));
    assert!(document["passed"].as_u64().unwrap() > 100 && document["failed"] == 1);
    assert!(stderr(&output).contains("broken.toml:1"), "{}", stderr(&output));
    let junit = stdout(&folder.run(["check", "data", "--format", "junit"]));
    assert!(junit.contains("<testsuite name=\"broken\"") && junit.ends_with("</testsuites>\n"), "{junit}");
    let github = stdout(&folder.run(["check", "data", "--format", "github"]));
    assert!(github.contains("::error file=data/broken.toml,line=1,title=file in broken::"), "{github}");
    let csv = stdout(&folder.run(["check", "data", "--format", "csv"]));
    assert_eq!(csv.lines().filter(|line| line.starts_with("release,subject")).count(), 1);
}

#[test]
fn commands_of_expectations_only_read() {
    let folder = Folder::new("commands");
    let expect = |run: &str, at: &str| {
        folder.write("x.expect.toml", format!("[[expect]]\nrun = {run}\nat = \"{at}\"\nis = \"1\"\nsource = \"s\"\n"));
        stdout(&folder.run(["check", "x.expect.toml"])).replace("\n    ", " ")
    };
    for (run, at, told) in [
        ("\"effect --proportion 5/7 -o y.json\"", "proportion.k", "writes a file, and an expectation only reads"),
        ("\"report data\"", "x", "have a result to compare"),
        ("\"effect --proportion 5/7\"", "proportion.kk", "did you mean `k`?"),
        ("\"efect --proportion 5/7\"", "proportion.k", "unrecognized subcommand"),
        ("\"meta none.csv\"", "tau2", "none.csv"),
        ("[\"effect\", \"--proportion\", \"5/7\"]", "proportion.k", "1 stands for 0.5 to 1.5, missed by 3.50"),
    ] {
        let found = expect(run, at);
        assert!(found.contains(told), "{run}: {found}");
    }
    assert!(!folder.path("y.json").exists());
}

#[test]
fn wrong_expectations_are_told_with_line_and_column() {
    let folder = Folder::new("wrong-expectations");
    for (text, told) in [
        ("[[expect]]\nresult = \"efect\"\nis = \"1\"\nsource = \"s\"\n", "did you mean `effect`?"),
        ("[[expect]]\nrun = \"show\"\nat = \"x\"\nsource = \"s\"\n", "has no `is`"),
        ("[[expect]]\nrun = \"show\"\nat = \"x\"\nis = \"1\"\n", "has no `source`"),
        ("[[expect]]\nrun = \"show\"\nat = \"x\"\nis = [\"1\", \"2\", \"3\"]\nsource = \"s\"\n", "an interval has two"),
        (
            "[[expect]]\nrun = \"show\"\nat = \"x\"\nis = \"1\"\nwithin = \"-1\"\nsource = \"s\"\n",
            "`within` is negative",
        ),
        ("[[ignore]]\ncheck = \"grim\"\n", "has no `reason`"),
        ("[[expectation]]\nis = \"1\"\n", "known here: expect, ignore"),
    ] {
        folder.write("x.expect.toml", text);
        let output = folder.run(["check", "x.expect.toml"]);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(
            stderr(&output).contains(told) && stderr(&output).contains("x.expect.toml:"),
            "{text}: {}",
            stderr(&output)
        );
    }
}

#[test]
fn drafts_are_written_and_compared() {
    let folder = Folder::new("drafts");
    folder.write(
        "release.txt",
        "視神経脊髄炎患者 7 名の年間再発率は ２．９ ±\n1.1 回から 0.4 ± 0.8 回に減少 (p < 0.005)\n",
    );
    let output = folder.run(["transcribe", "release.txt", "-o", "draft.toml"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    std::fs::create_dir(folder.path("texts")).unwrap();
    std::fs::copy(folder.path("release.txt"), folder.path("texts/release.txt")).unwrap();
    let checked = folder.run(["check", "draft.toml", "--sources", "texts"]);
    assert_eq!(checked.status.code(), Some(0), "{}{}", stdout(&checked), stderr(&checked));
    let same = folder.run(["transcribe", "release.txt", "--compare", "draft.toml"]);
    assert!(
        stdout(&same)
            .contains("numbers of the text that are not in the file: 0; of the file that are not in the text: 0")
    );
    let wrong = std::fs::read_to_string(folder.path("draft.toml")).unwrap().replace("0.4 ± 0.8", "0.5 ± 0.8");
    folder.write("wrong.toml", wrong);
    let differs = folder.run(["transcribe", "release.txt", "--compare", "wrong.toml"]);
    assert_eq!(differs.status.code(), Some(1));
    assert!(
        stdout(&differs).contains("0.5 ± 0.8 回 of wrong was not found in the text near line 1"),
        "{}",
        stdout(&differs)
    );
    folder.write("empty.txt", " \n");
    assert!(stderr(&folder.run(["transcribe", "empty.txt"])).contains("holds no text"));
}

/// Several tables, and folders of them, also beside releases; every verdict names its file.
#[test]
fn several_tables_are_checked_in_one_call() {
    let folder = Folder::with_data("several-tables");
    std::fs::create_dir(folder.path("tables")).unwrap();
    folder.write("tables/a.csv", "x,n\n5.18,28\n5.19,28\nabc,28\n");
    folder.write("tables/b.tsv", "x\tn\n2.95\t7\n");
    folder.write("tables/c.csv", "a,b\n1,2\n");
    folder.write("tables/d.csv", "x,n\n");
    let run = |args: &[&str]| folder.run([&["check"], args].concat());
    let output = run(&["tables", "--json"]);
    assert_eq!(output.status.code(), Some(2));
    let document = json_of(&output);
    assert_eq!((&document["total"], &document["inconsistent"]), (&4.into(), &2.into()));
    let of = |at: usize, key: &str| document["tables"][at][key].clone();
    let files: Vec<Value> = (0..4).map(|at| of(at, "file")).collect();
    assert_eq!(files, ["tables/a.csv", "tables/b.tsv", "tables/c.csv", "tables/d.csv"]);
    assert_eq!((of(0, "rows")[1]["grim"].clone(), of(1, "rows")[0]["grim"].clone()), (false.into(), false.into()));
    assert_eq!((of(2, "rows"), of(3, "rows")), (serde_json::json!([]), serde_json::json!([])));
    assert!(of(2, "notes")[0].as_str().unwrap().contains("no column"), "{document}");
    assert!(of(3, "notes")[0].as_str().unwrap().contains("no rows"), "{document}");
    let told = stderr(&output);
    assert!(told.contains("tables/c.csv") && told.contains("tables/d.csv") && told.contains("2 errors"), "{told}");
    // A table by itself keeps its document.
    let alone = json_of(&run(&["tables/a.csv", "--json"]));
    assert_eq!(alone["rows"], of(0, "rows"));
    let text = stdout(&run(&["tables/a.csv", "tables/b.tsv"]));
    for part in
        ["tables/a.csv\n  line 3: 5.19, n = 28: fails grim", "tables/b.tsv\n  line 2:", "2 tables, 4 rows: 2 inc"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let csv = stdout(&run(&["tables/a.csv", "tables/b.tsv", "--format", "csv"]));
    assert_eq!(csv.lines().filter(|line| line.starts_with("file,line,grim")).count(), 1);
    assert!(csv.contains("\ntables/b.tsv,2,false"), "{csv}");
    let junit = stdout(&run(&["tables", "--format", "junit"]));
    let suites = roxmltree::Document::parse(&junit).unwrap();
    let count = |name: &str| suites.descendants().filter(|node| node.has_tag_name(name)).count();
    assert_eq!((count("testsuite"), count("testcase"), count("failure")), (4, 6, 5), "{junit}");
    let github = stdout(&run(&["tables", "--format", "github"]));
    assert!(github.contains("::error file=tables/b.tsv,line=2,") && github.contains("file=tables/c.csv"), "{github}");
    let markdown = stdout(&run(&["tables/a.csv", "tables/b.tsv", "--format", "markdown"]));
    assert!(markdown.contains("## tables/b.tsv\n\n| line |"), "{markdown}");
}

#[test]
fn tables_stand_below_releases_in_one_document() {
    let folder = Folder::with_data("tables-and-releases");
    folder.write("a.csv", "x,n\n5.19,28\n");
    let release = "data/nmo-tocilizumab-2014.toml";
    let output = folder.run(["check", release, "a.csv", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("1 of 1 rows is inconsistent"), "{}", stderr(&output));
    let document = json_of(&output);
    assert!(document["checks"].as_array().unwrap().len() > 10 && document["failed"] == 0);
    assert_eq!(document["tables"][0]["rows"][0]["grim"], false);
    let junit = stdout(&folder.run(["check", release, "a.csv", "--format", "junit"]));
    assert!(roxmltree::Document::parse(&junit).is_ok() && junit.contains("name=\"a.csv\" tests=\"1\""), "{junit}");
    let csv = folder.run(["check", release, "a.csv", "--format", "csv"]);
    assert!(csv.status.code() == Some(2) && stderr(&csv).contains("two calls"), "{}", stderr(&csv));
}

/// What runs builds reads a document and no standard error: it also says that there was nothing to read.
#[test]
fn builds_are_told_what_could_not_be_read() {
    let folder = Folder::new("builds");
    std::fs::create_dir(folder.path("empty")).unwrap();
    folder.write("bad.csv", "a,b\n1,2\n");
    for (path, told) in
        [("empty", "empty"), ("none.toml", "none.toml"), ("bad.csv", "no column"), ("none.csv", "none.csv")]
    {
        for format in ["junit", "github"] {
            let output = folder.run(["check", path, "--format", format]);
            let (text, shown) = (stdout(&output), stderr(&output));
            assert!(output.status.code() == Some(2) && shown.contains(told), "{path} {format}: {shown}");
            assert!(text.contains(told), "{path} {format}: {text}");
            match format {
                "junit" => {
                    let suites = roxmltree::Document::parse(&text).unwrap();
                    let failed =
                        suites.descendants().filter(|node| ["failure", "error"].contains(&node.tag_name().name()));
                    assert_eq!(failed.count(), 1, "{path}: {text}");
                }
                _ => assert!(text.contains("::error"), "{path}: {text}"),
            }
        }
    }
}

/// Programs that keep one case of each name lose none.
#[test]
fn cases_of_a_suite_have_names_of_their_own() {
    let folder = Folder::with_data("suites");
    let release = "data/nmo-tocilizumab-2014.toml";
    let text = std::fs::read_to_string(folder.path(release)).unwrap();
    let at = text.find("[[statement]]").unwrap();
    let end = text[at + 1..].find("\n[[").map_or(text.len(), |end| at + 1 + end);
    folder.write("data/twice.toml", format!("{text}\n{}\n", &text[at..end]));
    let junit = stdout(&folder.run(["check", "data/twice.toml", "--format", "junit"]));
    let suites = roxmltree::Document::parse(&junit).unwrap();
    let names: Vec<&str> =
        suites.descendants().filter(|of| of.has_tag_name("testcase")).filter_map(|of| of.attribute("name")).collect();
    let mut once = names.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), names.len(), "{junit}");
    assert!(names.iter().any(|name| name.ends_with(" (2)")), "{junit}");
}

/// A draft that nobody has finished shows that at once.
#[test]
fn what_is_to_do_in_a_draft_is_always_shown() {
    let folder = Folder::new("to-do");
    folder.write("release.txt", "The rate fell from 2.9 ± 1.1 to 0.4 ± 0.8 in seven patients (p < 0.005).\n");
    folder.run(["transcribe", "release.txt", "-o", "draft.toml"]);
    let output = folder.run(["check", "draft.toml"]);
    assert!(output.status.code() == Some(0) && stdout(&output).contains("to-do"), "{}", stdout(&output));
    let strict = folder.run(["check", "draft.toml", "--strict"]);
    assert_eq!(strict.status.code(), Some(1), "{}", stderr(&strict));
    assert!(stderr(&strict).contains("not decidable, and --strict"), "{}", stderr(&strict));
}

/// A file of expectations that could not be read was not compared, and a kind that there is not has no fields.
#[test]
fn expectations_with_a_typing_mistake_are_not_called_up_to_date() {
    let folder = Folder::with_data("expect-typo");
    folder.write(
        "x.expect.toml",
        "[[expect]]\nresult = \"effekt\"\noutcome = \"edss\"\nmeasure = \"MC\"\nis = \"1\"\nsource = \"s\"\n",
    );
    let output = folder.run(["check", "x.expect.toml", "--accept"]);
    let (text, told) = (stdout(&output), stderr(&output));
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(!text.contains("nothing to update") && text.contains("were not evaluated"), "{text}");
    assert!(told.contains("effekt") && !told.contains("has no field"), "{told}");
}

/// What is wrong is told once, and by what was expected.
#[test]
fn errors_of_files_are_told_once() {
    let folder = Folder::with_data("told-once");
    folder.write("x.toml", "[[claim]]\nx = 1\n");
    let output = folder.run(["check", "x.toml"]);
    // A file of somebody else is one error, and not one for each of its fields.
    let text = stdout(&output);
    assert!(text.contains("1 failed") && text.contains("the file is TOML, but no release"), "{text}");
    folder.write("x.toml", "label = \"x\"\n[[claim]]\nx = 1\n");
    let output = folder.run(["check", "x.toml"]);
    let (text, told) = (stdout(&output), stderr(&output));
    assert!(text.contains("fail file · x.toml:1:"), "{text}");
    let known = told.lines().find(|line| line.contains("known here: ")).unwrap();
    let mut names: Vec<&str> = known.split("known here: ").nth(1).unwrap().split(", ").collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "{known}");
    let sources = folder.run(["check", "data", "--sources", "x.toml"]);
    assert!(stderr(&sources).contains("a folder was expected, and this is a file"), "{}", stderr(&sources));
    assert_eq!(sources.status.code(), Some(2));
}

/// `--quiet` is for people's eyes: a document that was asked for is written.
#[test]
fn quiet_leaves_documents_to_programs() {
    let folder = Folder::with_data("quiet");
    folder.write("a.csv", "x,n\n5.19,28\n");
    let run = |call: &str, format: &str| {
        let output = folder.run(call.split(' ').chain(["--format", format, "--quiet"]));
        (stdout(&output), stderr(&output))
    };
    for call in ["meta data/published/bcg.csv", "effect --proportion 5/7", "explain grim", "check a.csv"] {
        for format in ["json", "csv"] {
            assert!(!run(call, format).0.is_empty(), "{call} --format {format}");
        }
        assert_eq!(run(call, "table").0, "", "{call}");
        assert_eq!(run(call, "markdown").0, "", "{call}");
    }
    assert!(run("check a.csv data/nmo-tocilizumab-2014.toml", "junit").0.ends_with("</testsuites>\n"));
    let both = folder.run(["effect", "--proportion", "5/7", "--json", "--format", "json"]);
    assert_eq!(both.status.code(), Some(0), "{}", stderr(&both));
    assert!(serde_json::from_slice::<Value>(&both.stdout).is_ok());
    let other = folder.run(["effect", "--proportion", "5/7", "--json", "--format", "csv"]);
    assert!(other.status.code() == Some(2) && stderr(&other).contains("--format csv is another"));
}

#[test]
fn errors_of_the_call_have_the_colours_that_it_asks_for() {
    let folder = Folder::new("call-colours");
    let is_coloured = |args: &[&str]| stderr(&folder.run([&["effect", "--foo"], args].concat())).contains('\u{1b}');
    assert!(is_coloured(&["--color", "always"]) && is_coloured(&["--color=always"]));
    assert!(!is_coloured(&["--color", "never"]) && !is_coloured(&[]));
}

#[test]
fn tables_beside_releases_are_named_and_not_checked() {
    let folder = Folder::new("checks-beside");
    folder.write(
        "one.expect.toml",
        "[[expect]]\nrun = \"effect --proportion 5/7\"\nat = \"proportion.k\"\nis = \"5\"\nsource = \"counted\"\n",
    );
    folder.write("means.csv", "x,n\n5.19,28\n");
    folder.write("studies.csv", "yi,vi\n0.1,0.2\n");
    let output = folder.run(["check", "."]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let told = stderr(&output);
    assert!(told.contains("means.csv stands in a folder of releases and was not checked"), "{told}");
    assert!(!told.contains("studies.csv"), "{told}");
    assert_eq!(folder.run(["check", ".", "means.csv"]).status.code(), Some(1));
}

/// Windows writes a mark in front of a text, which `sha256sum` counts and no reader sees.
#[test]
fn the_draft_of_a_text_with_a_byte_order_mark_is_that_of_its_file() {
    let folder = Folder::new("checks-mark");
    folder.write("t.txt", "\u{FEFF}A drug\r\n\r\nIn 24 patients pain was 6.2 ± 1.4 at baseline.\r\n");
    let drafted = folder.run(["transcribe", "t.txt", "-o", "t.toml"]);
    assert_eq!(drafted.status.code(), Some(0), "{}", stderr(&drafted));
    let checked = folder.run(["check", "t.toml", "--sources", ".", "--verbose"]);
    assert_eq!(checked.status.code(), Some(0), "{}", stdout(&checked));
    assert!(stdout(&checked).contains("pass source-hash"), "{}", stdout(&checked));
}

/// Of an arm of 24 no 45 can be counted; what has nothing to judge does not keep `--strict` from passing.
#[test]
fn the_whole_of_a_fraction_is_no_more_than_its_arm() {
    let folder = Folder::with_data("checks-whole");
    let release = |whole: &str| {
        let text = std::fs::read_to_string(folder.path("data/examples/release.toml")).unwrap();
        text.replace("11 of 24 (45.8%)", whole).replace("11 of 24 patients (45.8%)", whole)
    };
    folder.write("t.toml", release("11 of 45 (24.4%)"));
    let told = stdout(&folder.run(["check", "t.toml"]));
    assert!(told.contains("of 45: the arm has 24, and 45 is more"), "{told}");
    let without_claim = release("11 of 24 (45.8%)").split("[[statement]]").next().unwrap().to_owned();
    folder.write("t.toml", without_claim);
    let strict = folder.run(["check", "t.toml", "--strict"]);
    assert_eq!(strict.status.code(), Some(0), "{}", stdout(&strict));
}

/// Runs `check -` on a text.
fn check_of(folder: &Folder, text: &str, more: &[&str]) -> std::process::Output {
    use std::process::{Command, Stdio};
    let mut command = Command::new(env!("CARGO_BIN_EXE_reffect"));
    command.args(["check", "-"].iter().chain(more)).current_dir(folder.path(""));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// Standard input is checked as a file of what it holds: with its options, and for a build with a document.
#[test]
fn standard_input_is_checked_as_a_file_is() {
    let folder = Folder::with_data("checks-stdin");
    let release = std::fs::read_to_string(folder.path("data/examples/release.toml")).unwrap();
    let refused = |text: &str, more: &[&str]| stderr(&check_of(&folder, text, more));
    assert!(refused(&release, &["--baseline"]).contains("--baseline has no effect on the check of releases"));
    assert!(refused("mean,sd,n\n3.1,1.2,20\n", &["--sources", "."]).contains("has no effect on the check of a table"));
    let marked = check_of(&folder, &format!("\u{FEFF}# a comment\n{release}"), &[]);
    assert!(stdout(&marked).contains("passed"), "{}", stderr(&marked));
    for (text, is_there) in
        [("a,b\n1,2\n", "<failure"), ("mean,sd,n\n3.1,1.2,20\n", "line 2"), ("a = 1\n[[\n", "<failure")]
    {
        let junit = stdout(&check_of(&folder, text, &["--format", "junit"]));
        assert!(roxmltree::Document::parse(&junit).is_ok() && junit.contains(is_there), "{text}: {junit}");
    }
}

/// A table that breaks off says so in JSON as well: its rows are not all.
#[test]
fn json_of_a_table_that_breaks_off_says_so() {
    let folder = Folder::new("checks-broken");
    let rows = "3.1,1.2,20\n".repeat(60_000);
    folder.write("big.csv", format!("mean,sd,n\n{rows}\"3.1,1.2,20\n"));
    let output = folder.run(["check", "big.csv", "--json", "--quiet"]);
    assert_eq!(output.status.code(), Some(2));
    let notes = crate::common::cli::json_of(&output)["notes"].to_string();
    assert!(notes.contains("the rows end before the table does") && notes.contains("never closed"), "{notes}");
    folder.write("effects.csv", format!("yi,vi,ni\n{}\"0.1,0.2,20\n", "0.1,0.2,20\n".repeat(60_000)));
    let output = folder.run(["effect", "--measure", "COR", "effects.csv", "--map", "ri=yi", "--json", "--quiet"]);
    let notes = crate::common::cli::json_of(&output)["notes"].to_string();
    assert!(notes.contains("the rows end before the table does"), "{notes}");
}
