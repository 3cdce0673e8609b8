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

/// DAPA-HF (McMurray et al. 2019, N Engl J Med 381:1995), with the p of the second made one that its interval excludes.
#[test]
fn effects_of_a_text_are_judged_by_their_intervals() {
    let folder = Folder::new("prose-effects");
    let text = "Age did not matter, t(28) = 2.20, p = .036.\nFewer had an event (hazard ratio, 0.74; 95% CI, 0.65 to 0.85; \
                P<0.001)\nor died (hazard ratio, 0.83; 95% CI, 0.71 to 0.97; P=0.16).\n";
    folder.write("trial.txt", text);
    let json = json_of(&folder.run(["check", "trial.txt", "--json"]));
    let of = |key: &str| json["rows"].as_array().unwrap().iter().map(|row| row[key].to_string()).collect::<Vec<_>>();
    assert_eq!((of("line").join(" "), of("p_value").join(" ")), ("1 2 3".into(), "true true false".into()), "{json}");
    assert_eq!(of("interval").join(" "), "null true true");
    assert_eq!(of("text")[1], "\"hazard ratio 0.74 (0.65 to 0.85), P<0.001\"");
    let intervals = folder.run(["check", "trial.txt", "--select", "interval"]);
    assert!(intervals.status.success(), "{}", stdout(&intervals));
    let csv = stdout(&folder.run(["check", "trial.txt", "--format", "csv"]));
    assert!(csv.contains("trial.txt,2,\"hazard ratio 0.74 (0.65 to 0.85), P<0.001\",true,,true,\n"), "{csv}");
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
                           \n\
                           Pain went in 8 of 60 patients (31.3%) and in 21 of 60 (35.0%).\n\n\
                           By Kaplan-Meier estimates 8 of 60 patients (15.3%) relapsed.\n\n\
                           群間差は－３．３（９５％信頼区間：－５．４～－２．２、ｐ＝０．００２）であった。\n";
    let folder = Folder::new("prose-shares");
    folder.write("paper.txt", EFFECTS);
    let json = json_of(&folder.run(["check", "paper.txt", "--json"]));
    let rows = json["rows"].as_array().unwrap();
    let of = |key: &str| rows.iter().map(|row| row[key].to_string()).collect::<Vec<_>>().join(" ");
    assert_eq!(of("line"), "1 3 3 5 7", "{json}");
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

/// The text of each effect with its verdicts: of the interval, and of the p.
fn verdicts_on_effects(text: &str) -> Vec<(String, Option<bool>, Option<bool>)> {
    let draft = reffect::transcribe::draft("text", "text.txt", text).unwrap();
    let of = |effect: reffect::check::prose_effects::PrintedEffect| {
        let verdict = effect.judge(Default::default());
        (effect.text, verdict.interval, verdict.p_value)
    };
    reffect::check::prose_effects::effects_of(&draft, text).into_iter().map(of).collect()
}

/// Effects as trials print them: SPRINT 2015, KEYNOTE-024 2016, CheckMate 067 2015, SAkuraSky 2019 (N Engl J Med
/// 373:2103, 375:1823, 373:23, 381:2114), N-MOmentum and CREDENCE 2019 (Lancet 394:1352, N Engl J Med 380:2295),
/// edaravone 2017 (Lancet Neurol 16:505), donanemab 2023 (JAMA 330:512).
#[test]
fn published_effects_hold() {
    for (text, expected) in [
        ("(hazard ratio, 0.75; 95% confidence interval [CI], 0.64 to 0.89; P<0.001)", Some(true)),
        // The log-rank test beside Cox's interval.
        ("(hazard ratio for death, 0.60; 95% CI, 0.41 to 0.89; P=0.005)", None),
        ("(hazard ratio for progression, 0.42; 99.5% CI, 0.31 to 0.57; P<0.001)", Some(true)),
        ("(hazard ratio 0·272 [95% CI 0·150–0·496]; p<0·0001)", Some(true)),
        ("relative risk was lower (hazard ratio, 0.70; 95% CI, 0.59 to 0.82; P=0.00001)", Some(true)),
        ("再発リスクは減少しました（ハザード比0.38、95％信頼区間：0.16～0.88、p=0.0184）", None),
        ("The mean difference between groups was 2.49 (SE 0.76, 95% CI 0.99-3.98; p=0.0013)", Some(true)),
        ("(difference, 3.25 [95% CI, 1.88-4.62]; P < .001)", Some(true)),
    ] {
        let found = verdicts_on_effects(text);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!((found[0].1, found[0].2), (Some(true), expected), "{found:?}");
    }
}

/// The interval of TORCH (N Engl J Med 356:775) is adjusted for interim analyses, and hardly misses its effect; that of
/// 0.835 does.
#[test]
fn an_adjusted_interval_may_hardly_miss_its_effect() {
    let of = |value: &str| {
        verdicts_on_effects(&format!("The hazard ratio was {value} (95% CI, 0.681 to 1.002; P=0.052)."))[0].1
    };
    assert_eq!((of("0.825"), of("0.826"), of("0.835")), (None, Some(true), Some(false)));
}

/// Published effects with one digit changed.
#[test]
fn slips_are_found() {
    let found = verdicts_on_effects(
        "(hazard ratio, 0.57; 95% CI, 0.64 to 0.89; P<0.001), (hazard ratio, 0.83; 95% CI, 0.71 to 0.97; P=0.16), \
         (odds ratio, 1.3; 95% CI, 1.0 to 1.6)",
    );
    let verdicts: Vec<_> = found.iter().map(|(_, interval, p)| (*interval, *p)).collect();
    assert_eq!(verdicts, [(Some(false), None), (Some(true), Some(false)), (Some(true), None)], "{found:?}");
}

#[test]
fn a_p_of_one_side_passes_where_the_text_speaks_of_one() {
    let result = "HR 0.70 (95% CI 0.49 to 1.00; p=0.025)";
    assert_ne!(verdicts_on_effects(&format!("We saw {result}."))[0].2, Some(true));
    assert_eq!(verdicts_on_effects(&format!("Tests were one-sided. We saw {result}."))[0].2, Some(true));
}

/// Two coefficients that are made up: t = 4.2 of any degrees of freedom has a p far below 0.55. Beside a standardised one
/// the error may be that of the other.
#[test]
fn coefficients_of_regressions_are_judged_by_their_error() {
    let folder = Folder::new("prose-coefficients");
    let text = "It rose with age, b = 0.42, SE = 0.10, p < .001, and fell with\nincome, b = -0.42, SE = 0.10, p = .55.\n\
                Sex, β = 0.42, SE = 0.10, p = .55.\nIn group B = 5.1 (95% CI 4.0 to 9.9).\n\n\
                | Predictor | B | SE | t | p |\n|---|---|---|---|---|\n| Age | 0.40 | 0.20 | 2.00 | 0.047 |\n\
                | Sex | 0.40 | 0.10 | 4.00 | 0.47 |\n";
    folder.write("paper.txt", text);
    let output = folder.run(["check", "paper.txt", "--json"]);
    let json = json_of(&output);
    let of = |key: &str| json["rows"].as_array().unwrap().iter().map(|row| row[key].to_string()).collect::<Vec<_>>();
    assert_eq!(of("line").join(" "), "1 2 3 8 9", "{json}");
    assert_eq!(of("p_value").join(" "), "true false null true false", "{json}");
    assert_eq!(of("text")[3], "\"regression coefficient 0.40, SE 0.20, statistic 2.00, p=0.047\"");
}

/// Marks of HTML, Markdown and LaTeX hide no p, and leave the lines as they are. HR 0.74 (0.60 to 0.91) has p = 0.004.
#[test]
fn texts_with_marks_are_read() {
    let folder = Folder::new("prose-marks");
    let text = "HR 0.74 (95% CI 0.60&ndash;0.91; <i>P</i>&nbsp;=&nbsp;0.9)\nHR 0.74 (95% CI 0.60–0.91; *P* = 0.9)\n\
                8 of 60 (**15.3%**)\nt(18)&nbsp;= 2.31, p &lt; .05; &chi;<sup>2</sup>(1) = 2.94, p = .09\n\
                the hazard ra-\ntio was 0.74 (95% confi-\ndence interval, 0.60 to 0.91; P<0.000)\n";
    folder.write("paper.txt", text);
    let json = json_of(&folder.run(["check", "paper.txt", "--json"]));
    let of = |key: &str| json["rows"].as_array().unwrap().iter().map(|row| row[key].to_string()).collect::<Vec<_>>();
    assert_eq!(of("line").join(" "), "1 2 3 4 4 6", "{json}");
    assert_eq!(of("p_value").join(" "), "false false null true true null", "{json}");
    assert_eq!(of("text")[3], "\"t(18) = 2.31, p < .05\"");
    folder.write("paper.tex", "HR~0.74 (95\\%~CI 0.60--0.91; $p=0.9$)\n$F_{2,45} = 4.10$, $p = .23$\n");
    let json = json_of(&folder.run(["check", "--text", "paper.tex", "--json"]));
    assert_eq!(json["inconsistent"], 2, "{json}");
}

/// The texts of a folder are checked where `--text` asks for them, and errors say so where it does not.
#[test]
fn texts_of_a_folder_are_checked() {
    let folder = Folder::new("prose-folder");
    for name in ["of", "none"] {
        std::fs::create_dir(folder.path(name)).unwrap();
    }
    folder.write("of/b.txt", PAPER);
    folder.write("of/a.md", PAPER);
    folder.write("of/c.log", PAPER);
    let told = stdout(&folder.run(["check", "of", "--text"]));
    assert!(told.starts_with("of/a.md") && told.ends_with("2 texts, 8 results: 2 inconsistent\n"), "{told}");
    let without = folder.run(["check", "of"]);
    assert!(without.status.code() == Some(2) && stderr(&without).contains("--text"), "{}", stderr(&without));
    folder.write("none/c.log", PAPER);
    let none = folder.run(["check", "none", "--text"]);
    assert!(none.status.code() == Some(2) && stderr(&none).contains("holds no text"), "{}", stderr(&none));
}

/// The same of a table: 0.40/0.20 is 2.00 for some numbers that print so, 1.20/0.30 nowhere near 4.50.
#[test]
fn tables_of_coefficients_have_their_statistic() {
    let folder = Folder::new("coefficients");
    folder.write(
        "b.csv",
        "measure,estimate,se,t,p\nregression-coefficient,0.40,0.20,2.00,0.047\nregression-coefficient,1.20,0.30,4.50,<0.001\n",
    );
    let json = json_of(&folder.run(["check", "b.csv", "--json"]));
    let of: Vec<String> = json["rows"].as_array().unwrap().iter().map(|row| row["p_value"].to_string()).collect();
    assert_eq!(of, ["true", "false"], "{json}");
}

/// Intervals of profile likelihoods of R's data (R 4.2.2, survival: coxph with an offset; lung by ECOG, veteran by adenoma,
/// ovarian by residual disease), and the same with a digit changed.
#[test]
fn intervals_of_profiles_of_hazard_ratios_are_open() {
    let of = |text: &str| verdicts_on_effects(&format!("The hazard ratio was {text}."))[0].1;
    for text in ["2.00 (95% CI, 1.40 to 2.80)", "1.91 (95% CI, 1.20 to 2.96)", "3.35 (95% CI, 0.99 to 15.23)"] {
        assert_ne!(of(text), Some(false), "{text}");
    }
    for text in ["2.00 (95% CI, 1.10 to 2.80)", "1.91 (95% CI, 1.20 to 3.96)", "3.35 (95% CI, 0.99 to 95.23)"] {
        assert_eq!(of(text), Some(false), "{text}");
    }
}

/// Made-up numbers: ln 1.5 is 0.405, and 0.405/0.20 = 2.03, which 0.30 gives as the error of the ratio.
#[test]
fn an_error_beside_a_ratio_is_of_it_or_of_its_logarithm() {
    let folder = Folder::new("prose-ratios");
    let rows =
        "| a | 1.50 | 0.20 | 2.03 | 0.043 |\n| b | 1.50 | 0.30 | 2.03 | 0.043 |\n| c | 1.50 | 0.30 | 2.03 | 0.43 |\n";
    folder.write("t.md", format!("| Term | OR | SE | z | p |\n|---|---|---|---|---|\n{rows}"));
    let json = json_of(&folder.run(["check", "t.md", "--json"]));
    let of: Vec<String> = json["rows"].as_array().unwrap().iter().map(|row| row["p_value"].to_string()).collect();
    assert_eq!(of, ["true", "true", "null"], "{json}");
}
