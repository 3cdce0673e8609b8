//! The tests that a text reports.

use crate::common::cli::{Folder, json_of, stderr, stdout};

const PAPER: &str = "The price mattered, t(34) = 2.31, p = .03.\nSo did age, F(2, 45) = 4.10,\np = .002, and not gender, \
                     F(1,45)=0.12, ns.\nA one-tailed test gave t(28) = 1.75, p = .045.\n";

#[test]
fn each_result_of_a_text_has_its_verdict() {
    let folder = Folder::new("prose");
    folder.write("paper.txt", PAPER);
    folder.write("other.md", "Nothing was tested.\n");
    let output = folder.run(["check", "paper.txt"]);
    let told = stdout(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(told.starts_with("  line 2: F(2, 45) = 4.10, p = .002: fails p-value (p-value: recomputed"), "{told}");
    assert!(told.ends_with("4 results: 1 inconsistent\n"), "{told}");
    let json = json_of(&folder.run(["check", "paper.txt", "--json"]));
    let of = |key: &str| json["rows"].as_array().unwrap().iter().map(|row| row[key].to_string()).collect::<Vec<_>>();
    assert_eq!((of("line").join(" "), of("p_value").join(" ")), ("1 2 3 4".into(), "true false true true".into()));
    assert_eq!(json["inconsistent"], 1);
    let several = json_of(&folder.run(["check", "paper.txt", "other.md", "--json"]));
    assert_eq!((several["texts"][1]["total"].as_u64(), several["total"].as_u64()), (Some(0), Some(4)));
    let none = folder.run(["check", "other.md"]);
    assert!(none.status.success() && stderr(&none).contains("no result such as"), "{}", stderr(&none));
    // Other endings, and standard input, are read where it is said.
    folder.write("paper", PAPER);
    assert_eq!(folder.run(["check", "--text", "paper"]).status.code(), Some(1));
    let junit = stdout(&folder.run(["check", "paper.txt", "--format", "junit"]));
    assert!(roxmltree::Document::parse(&junit).is_ok() && junit.contains("tests=\"4\" failures=\"1\""), "{junit}");
    let csv = stdout(&folder.run(["check", "paper.txt", "--format", "csv"]));
    assert!(
        csv.starts_with("file,line,text,p_value,notes,interval,grim\npaper.txt,1,\"t(34) = 2.31, p = .03\",true,"),
        "{csv}"
    );
    let github = stdout(&folder.run(["check", "paper.txt", "--format", "github"]));
    assert!(github.contains("::error file=paper.txt,line=2,"), "{github}");
    for call in [&["check", "paper.txt", "--update"][..], &["check", "paper.txt", "t.csv"], &["check", "none.txt"]] {
        assert_eq!(folder.run(call).status.code(), Some(2), "{call:?}");
    }
}

/// A text that cannot be read is told among the verdicts on the others, as a table is.
#[test]
fn an_unreadable_text_does_not_stop_the_others() {
    let folder = Folder::new("prose-unread");
    folder.write("paper.txt", PAPER);
    let both = folder.run(["check", "paper.txt", "none.txt"]);
    assert!(both.status.code() == Some(2) && stderr(&both).contains("none.txt"), "{}", stderr(&both));
    let told = stdout(&both);
    assert!(
        told.contains("fails p-value") && told.ends_with("2 texts (1 could not be read), 4 results: 1 inconsistent\n")
    );
    let json = json_of(&folder.run(["check", "paper.txt", "none.txt", "--json"]));
    assert_eq!((&json["texts"][0]["total"], &json["texts"][1]["total"]), (&4.into(), &0.into()));
    assert!(json["texts"][1]["notes"][0].as_str().unwrap().contains("could not be read"), "{json}");
    let junit = stdout(&folder.run(["check", "none.txt", "--format", "junit"]));
    assert!(roxmltree::Document::parse(&junit).is_ok() && junit.contains("<failure"), "{junit}");
}

/// The middle of 0.06 to 0.76 is 0.21 on the scale of the logarithm, with p = 0.017; 8/60 is 13.33 %. Shares that a
/// curve gives are none of counts.
#[test]
fn effects_and_shares_of_a_text_are_judged() {
    const EFFECTS: &str = "Fewer relapsed (hazard ratio 0.21; 95% CI 0.06 to 0.76; P=0.17).\n\
                           Pain went in 8 of 60 patients (15.3%) and in 21 of 60 (35.0%).\n\n\
                           By Kaplan-Meier estimates 8 of 60 patients (15.3%) relapsed.\n\n\
                           群間差は－３．３（９５％信頼区間：－５．４～－２．２、ｐ＝０．００２）であった。\n";
    let folder = Folder::new("prose-effects");
    folder.write("paper.txt", EFFECTS);
    let json = json_of(&folder.run(["check", "paper.txt", "--json"]));
    let rows = json["rows"].as_array().unwrap();
    let of = |key: &str| rows.iter().map(|row| row[key].to_string()).collect::<Vec<_>>().join(" ");
    assert_eq!(of("line"), "1 2 2 4 6", "{json}");
    assert_eq!(of("grim"), "null false true null null");
    assert_eq!(of("interval"), "true null null null false");
    assert_eq!(of("p_value"), "false null null null null");
    assert_eq!((json["inconsistent"].as_u64(), json["undecided"].as_u64()), (Some(3), Some(1)));
    let selected = json_of(&folder.run(["check", "paper.txt", "--json", "--select", "interval"]));
    assert_eq!(selected["inconsistent"], 1);
}

/// What the selected check has nothing to say of is not left undecided.
#[test]
fn a_check_that_is_not_of_a_row_leaves_nothing_open() {
    let folder = Folder::new("prose-beside");
    folder.write("paper.txt", PAPER);
    folder.write("t.csv", "mean,sd,n,min,max,step\n3.1,1.2,20,0,10,1\n");
    folder.write("p.csv", "t,df,p\n2.31,34,.03\n2.31,34,\n");
    let told = |call: &[&str]| {
        let output = folder.run(call.iter().copied().chain(["--strict"]));
        (output.status.code(), stdout(&output))
    };
    // Of a text no check of SDs is made.
    assert_eq!(told(&["check", "paper.txt", "--select", "grimmer"]).0, Some(2));
    let (code, text) = told(&["check", "t.csv", "--select", "p-value", "--verbose"]);
    assert!(code == Some(0) && text.contains("nothing to judge (p-value: it needs a p"), "{text}");
    // Without a choice, and where nothing stands in the row, it is open.
    assert_eq!(told(&["check", "p.csv"]).0, Some(1));
    assert_eq!(told(&["check", "p.csv", "--select", "p-value"]).0, Some(1));
}
