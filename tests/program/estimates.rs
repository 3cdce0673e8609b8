//! Effects that a release reports itself, and results with an n and a quote of their own; through the program.

use crate::common::cli::{Folder, json_of, stderr, stdout};

const HEAD: &str = concat!(
    include_str!("../common/two-arms.toml"),
    r#"[[outcome]]
id = "pain"
label = "Pain"
better = "lower"
scale = "nrs"
  [[outcome.result]]
  arm = "drug"
  before = "6.0 ± 1.5"
  after = "3.0 ± 1.6"
  spread = "sd"
  quote = "from 6.0 ± 1.5 to 3.0 ± 1.6"
  [[outcome.result]]
  arm = "placebo"
  before = "6.2 ± 1.4"
  after = "5.0 ± 1.7"
  spread = "sd"
  quote = "from 6.2 ± 1.4 to 5.0 ± 1.7"

[[outcome]]
id = "responders"
label = "Responders"
better = "higher"
scale = "percent"
  [[outcome.result]]
  arm = "drug"
  after = "28/40"
  quote = "28/40 against 14/42"
  [[outcome.result]]
  arm = "placebo"
  after = "14/42"
  quote = "28/40 against 14/42"
"#
);

/// An estimate with these fields; its quote holds every number in them.
fn estimate(fields: &str) -> String {
    let numbers: Vec<&str> = fields.split('"').skip(1).step_by(2).collect();
    format!("\n[[estimate]]\nid = \"e\"\nlabel = \"effect\"\n{fields}\nquote = \"{}\"\n", numbers.join(" ; "))
}

/// The verdicts of one code for a release with one estimate: (status, message).
fn verdict(name: &str, code: &str, fields: &str) -> (String, String) {
    let folder = Folder::new(name);
    folder.write("r.toml", format!("{HEAD}{}", estimate(fields)));
    let output = folder.run(["check", "r.toml", "--select", code, "--json"]);
    let document = json_of(&output);
    let checks = document["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["subject"].as_str().unwrap().starts_with("e: "));
    let check = check.unwrap_or_else(|| panic!("{document}"));
    (check["status"].as_str().unwrap().to_owned(), check["message"].as_str().unwrap().to_owned())
}

/// "0.81 (0.70 to 0.94)" has P = 0.005: the example of Altman & Bland (2011), BMJ 343:d2304.
#[test]
fn a_p_is_that_of_its_interval() {
    let ratio = |p: &str| format!("measure = \"odds-ratio\"\nvalue = \"0.81\"\nci = \"0.70–0.94\"\np = \"{p}\"");
    for (p, expected) in [
        ("p = 0.005", "pass"),
        ("p < 0.01", "pass"),
        ("p = 0.05", "fail"),
        ("p < 0.001", "refused"),
        ("p < 0.0001", "fail"),
    ] {
        let (status, message) = verdict("estimate-p", "p-value", &ratio(p));
        assert_eq!(status, expected, "{p}: {message}");
    }
    // A log-rank test beside a Cox model differs a little; a digit that moved by one place differs more.
    let hazard = |more: &str| format!("measure = \"hazard-ratio\"\nvalue = \"0.62\"\nci = \"0.41 to 0.94\"\n{more}");
    for (more, expected) in [
        ("p = \"p = 0.024\"", "pass"),
        ("p = \"p = 0.015\"", "refused"),
        ("p = \"p = 0.24\"", "fail"),
        ("p = \"p = 0.24\"\ntest = \"log-rank\"", "refused"),
    ] {
        let (status, message) = verdict("estimate-hr", "p-value", &hazard(more));
        assert_eq!(status, expected, "{more}: {message}");
    }
    // R 4.2.2, z <- c(-1, -2.1, -2.2, -2.9, -3.05, -4, -2.75): t.test(z) has this interval, wilcox.test(z) p = 0.0156,
    // the smallest that 7 people can have.
    let change = |arm: &str, p: &str| {
        let text = format!("measure = \"mean-change\"\nvalue = \"−2.57\"\nci = \"−3.44 to −1.71\"\np = \"{p}\"\n{arm}");
        let folder = Folder::new("estimate-ranks");
        folder.write("r.toml", format!("{}{}", HEAD.replace("n = 40", "n = 7"), estimate(&text)));
        let output = folder.run(["check", "r.toml", "--select", "p-value", "--json"]);
        let document = json_of(&output);
        document["checks"][0]["status"].as_str().unwrap().to_owned()
    };
    assert_eq!(change("arm = \"drug\"", "p = 0.0156"), "refused");
    assert_eq!(change("arm = \"drug\"", "p = 0.156"), "fail");
    assert_eq!(change("arm = \"placebo\"", "p = 0.0156"), "fail");
    // Counts of one and two: R 4.2.2, fisher.test of 1/76 against 2/76 has p = 1, Wald's interval of the log 0.57.
    let sparse = "measure = \"odds-ratio\"\nvalue = \"0.49\"\nci = \"0.04 to 5.56\"\np = \"p = 1.000\"";
    assert_eq!(verdict("estimate-sparse", "p-value", sparse).0, "refused");
    // Means of few people are tested by t: 3 against 3 has a p of its own.
    let means = "measure = \"mean-difference\"\nvalue = \"−2.0\"\nci = \"−2.7 to −1.3\"\np = \"p < 0.001\"";
    assert_eq!(verdict("estimate-t", "p-value", means).0, "pass");
    // R 4.2.2: 2*pnorm(-2.1/0.7) is 0.0027, 2*pt(-2.1/0.7, 39) is 0.0047.
    for (p, expected) in [
        ("p = \"p = 0.003\"", "pass"),
        ("p = \"p = 0.03\"", "refused"),
        ("p = \"p = 0.3\"", "fail"),
        ("p = \"p = 0.3\"\ntest = \"Mann–Whitney\"", "refused"),
    ] {
        let arms = "outcome = \"pain\"\narm = \"drug\"\nversus = \"placebo\"";
        let alone = format!("measure = \"mean-difference\"\nvalue = \"−2.10\"\nse = \"0.70\"\n{arms}\n{p}");
        let (status, message) = verdict("estimate-se", "p-value", &alone);
        let told = "the standard error goes with a p of 0.002";
        assert!(status == expected && message.contains(told), "{p}: {status}: {message}");
    }
}

#[test]
fn an_effect_lies_in_the_middle_of_its_interval() {
    let of = |measure: &str, value: &str, ci: &str| {
        verdict("middle", "interval", &format!("measure = \"{measure}\"\nvalue = \"{value}\"\nci = \"{ci}\""))
    };
    assert_eq!(of("mean-difference", "−0.51", "−0.81 to −0.21").0, "pass");
    let (status, message) = of("mean-difference", "−0.46", "−0.81 to −0.21");
    assert!(status == "fail" && message.contains("−0.5"), "{message}");
    // The numbers of a ratio are in the middle on the scale of their logarithm, and not as they stand.
    assert_eq!(of("hazard-ratio", "0.21", "0.06–0.76").0, "pass");
    assert_eq!(of("hazard-ratio", "0.41", "0.06–0.76").0, "fail");
    assert_eq!(of("odds-ratio", "0.18", "0.06–0.76").0, "refused");
    assert_eq!(of("odds-ratio", "0.41", "0.06–0.76").0, "fail");
    // R 4.2.2: poisson.test(c(3, 20), c(7, 7)) has 0.15 with 0.0285 to 0.506.
    assert_eq!(of("rate-ratio", "0.150", "0.0285 to 0.506").0, "refused");
    assert_eq!(of("odds-ratio", "0.81", "0.06–0.76").0, "fail");
    // A mistyped end makes an interval more lopsided than exact ones are; 0·72 is 0.72.
    assert_eq!(of("odds-ratio", "1·29", "0·72 to 9·28").0, "fail");
    assert_eq!(of("odds-ratio", "1.29", "0.72 to 2.28").0, "pass");
    // Efficacy of 100 % has no place on the scale of its logarithm.
    let (status, message) = of("percent-reduction", "100%", "86.9% to 100%");
    assert!(status == "refused" && message.contains("has no end"), "{message}");
    assert_eq!(of("percent-reduction", "79%", "24%–94%").0, "pass");
    assert_eq!(of("correlation", "0.50", "0.19 to 0.72").0, "pass");
    // By t with 39 degrees of freedom at least, 1.495/2.023, and by the normal quantile 1.495/1.960.
    let se = |se: &str| {
        let arms = "arm = \"drug\"\nversus = \"placebo\"";
        let fields = "measure = \"mean-difference\"\nvalue = \"2.49\"\nci = \"0.99–3.98\"";
        verdict("middle-se", "interval", &format!("{fields}\nse = \"{se}\"\n{arms}"))
    };
    assert_eq!((se("0.76").0.as_str(), se("0.74").0.as_str()), ("pass", "pass"));
    let (status, message) = se("0.67");
    assert!(status == "fail" && message.contains("standard error of 0.7"), "{message}");
}

/// Of 30 % (11 to 49) the p is 0.002 (2 · (1 − Φ(30/(19/1.96)))), as a difference of means of percentages.
#[test]
fn no_scale_of_percentages_brings_a_p_to_the_other_side() {
    let of = |p: &str| {
        let fields = format!(
            "measure = \"percent-reduction\"\nvalue = \"30%\"\nci = \"11 to 49\"\np = \"{p}\"\narm = \"drug\"\nversus = \"placebo\""
        );
        verdict("percentages", "p-value", &fields).0
    };
    let found = ["p = 0.002", "p = 0.02", "p = 0.9"].map(of);
    assert_eq!(found, ["pass", "refused", "fail"]);
}

#[test]
fn reported_values_give_the_reported_effect() {
    let of = |fields: &str| verdict("implied", "estimate", fields);
    let within = "outcome = \"pain\"\narm = \"drug\"";
    let between = "outcome = \"pain\"\narm = \"drug\"\nversus = \"placebo\"";
    let counts = "outcome = \"responders\"\narm = \"drug\"\nversus = \"placebo\"";
    for (fields, expected) in [
        (format!("measure = \"percent-reduction\"\nvalue = \"50%\"\n{within}"), "pass"),
        (format!("measure = \"percent-reduction\"\nvalue = \"56%\"\n{within}"), "refused"),
        (format!("measure = \"percent-reduction\"\nvalue = \"68%\"\n{within}"), "fail"),
        (format!("measure = \"mean-reduction\"\nvalue = \"3.0\"\n{within}"), "pass"),
        (format!("measure = \"mean-change\"\nvalue = \"3.0\"\n{within}"), "fail"),
        (format!("measure = \"ratio-of-means\"\nvalue = \"0.5\"\n{within}"), "pass"),
        // The values after differ by −2, the changes by −1.8; both are called the difference.
        (format!("measure = \"mean-difference\"\nvalue = \"−2.0\"\n{between}"), "pass"),
        (format!("measure = \"mean-difference\"\nvalue = \"−1.8\"\n{between}"), "pass"),
        (format!("measure = \"mean-difference\"\nvalue = \"−1.2\"\n{between}"), "fail"),
        (format!("measure = \"mean-difference\"\nvalue = \"2.0\"\n{between}"), "fail"),
        (format!("measure = \"mean-difference\"\nvalue = \"−1.2\"\nadjusted = \"for age\"\n{between}"), "refused"),
        // 28/40 = 0.7 against 14/42 = 0.333
        (format!("measure = \"risk-ratio\"\nvalue = \"2.10\"\n{counts}"), "pass"),
        (format!("measure = \"odds-ratio\"\nvalue = \"4.67\"\n{counts}"), "pass"),
        // R 4.2.2: fisher.test(matrix(c(28, 12, 14, 28), 2)) has 4.571; with ½ in each cell it is 4.48.
        (format!("measure = \"odds-ratio\"\nvalue = \"4.57\"\n{counts}"), "pass"),
        (format!("measure = \"odds-ratio\"\nvalue = \"4.48\"\n{counts}"), "pass"),
        (format!("measure = \"odds-ratio\"\nvalue = \"4.76\"\n{counts}"), "fail"),
        (format!("measure = \"risk-difference\"\nvalue = \"0.37\"\n{counts}"), "pass"),
        (format!("measure = \"risk-difference\"\nvalue = \"36.7%\"\n{counts}"), "pass"),
        (format!("measure = \"risk-difference\"\nvalue = \"36.7\"\nci = \"15.2–54.1\"\n{counts}"), "pass"),
        (format!("measure = \"risk-difference\"\nvalue = \"37.6%\"\n{counts}"), "fail"),
        (format!("measure = \"hazard-ratio\"\nvalue = \"0.5\"\n{counts}"), "refused"),
        // (3.0 − 5.0)/1.652 = −1.211, corrected −1.199; by the SD of placebo −1.18.
        (format!("measure = \"standardized-mean-difference\"\nvalue = \"−1.21\"\n{between}"), "pass"),
        (format!("measure = \"standardized-mean-difference\"\nvalue = \"−1.20\"\n{between}"), "pass"),
        (format!("measure = \"standardized-mean-difference\"\nvalue = \"−1.90\"\n{between}"), "refused"),
        // No SD turns a sign.
        (format!("measure = \"standardized-mean-difference\"\nvalue = \"1.90\"\n{between}"), "fail"),
    ] {
        let (status, message) = of(&fields);
        assert_eq!(status, expected, "{fields}: {message}");
    }
    assert!(of(&format!("measure = \"mean-change\"\nvalue = \"3.0\"\n{within}")).1.contains("mean-reduction"));
}

/// The interval of a mean, as it stands in a result.
#[test]
fn a_mean_lies_in_the_middle_of_its_interval() {
    let of = |value: &str| {
        let outcome = format!(
            "\n[[outcome]]\nid = \"weight\"\nlabel = \"Weight\"\nscale = \"continuous\"\n[[outcome.result]]\narm = \
             \"drug\"\nafter = \"{value}\"\nstatistic = \"mean\"\nspread = \"ci95\"\nquote = \"{value}\"\n"
        );
        let folder = Folder::new("mean-interval");
        folder.write("r.toml", format!("{HEAD}{outcome}"));
        let output = folder.run(["check", "r.toml", "--select", "interval", "--json"]);
        let document = json_of(&output);
        document["checks"][0]["status"].as_str().unwrap_or_else(|| panic!("{document}")).to_owned()
    };
    let told = ["12.1 (10.1 to 14.1)", "12.1 (9.1 to 14.1)", "12.5 (10.0 to 14.6)", "20.0 (10.0 to 40.0)"].map(of);
    assert_eq!(told, ["pass", "fail", "refused", "pass"]);
}

/// Ratios and differences of counts by software that adds ½ where a cell is empty, and ratios that end in a 5.
#[test]
fn counts_of_nobody_and_ties() {
    let of = |n: [&str; 2], counts: [&str; 2], measure: &str, value: &str| {
        let head = HEAD.replace("n = 40", n[0]).replace("n = 42", n[1]);
        let rows = ["drug", "placebo"].into_iter().zip(counts).map(|(arm, count)| {
            format!(
                "[[outcome.result]]\narm = \"{arm}\"\nafter = \"{count}\"\nstatistic = \"count\"\nquote = \"{count}\"\n"
            )
        });
        let outcome = "\n[[outcome]]\nid = \"events\"\nlabel = \"Events\"\nscale = \"percent\"\n";
        let fields = format!(
            "measure = \"{measure}\"\nvalue = \"{value}\"\noutcome = \"events\"\narm = \"drug\"\nversus = \"placebo\""
        );
        let folder = Folder::new("estimate-nobody");
        folder.write("r.toml", format!("{head}{outcome}{}{}", rows.collect::<String>(), estimate(&fields)));
        let output = folder.run(["check", "r.toml", "--select", "estimate", "--json"]);
        let document = json_of(&output);
        document["checks"][0]["status"].as_str().unwrap_or_else(|| panic!("{document}")).to_owned()
    };
    // metafor 3.8-1: escalc(measure = "RR", ai = 0, n1i = 20, ci = 4, n2i = 20) is log 0.111; RD is −0.190.
    let twenty = ["n = 20", "n = 20"];
    assert_eq!(of(twenty, ["0", "4"], "risk-ratio", "0.11"), "pass");
    assert_eq!(of(twenty, ["0", "4"], "risk-difference", "−0.19"), "pass");
    assert_eq!(of(twenty, ["0", "4"], "risk-ratio", "0.21"), "fail");
    // 5/40 over 5/37 is 0.925.
    assert_eq!(of(["n = 40", "n = 37"], ["5", "5"], "risk-ratio", "0.93"), "pass");
    assert_eq!(of(["n = 40", "n = 37"], ["5", "5"], "risk-ratio", "0.92"), "pass");
}

/// What is reported bears out a claim where the values alone do not say.
#[test]
fn a_claim_follows_from_the_reported_interval() {
    let claim = |ci: &str| {
        let folder = Folder::new("estimate-claim");
        let effect = estimate(&format!(
            "measure = \"mean-difference\"\nvalue = \"−1.2\"\nci = \"{ci}\"\nadjusted = \"for baseline\"\noutcome = \
             \"fatigue\"\narm = \"drug\"\nversus = \"placebo\""
        ));
        let more = "\n[[outcome]]\nid = \"fatigue\"\nlabel = \"Fatigue\"\nscale = \"nrs\"\n  [[outcome.result]]\n  arm = \
                    \"drug\"\n  after = \"3.0\"\n  statistic = \"mean\"\n  quote = \"3.0\"\n\n[[statement]]\nclaim = \
                    \"significant\"\nlabel = \"less fatigue\"\noutcome = \"fatigue\"\narm = \"drug\"\nversus = \
                    \"placebo\"\nquote = \"significantly\"\n";
        let (before, behind) = more.split_once("\n[[statement]]").unwrap();
        folder.write("r.toml", format!("{HEAD}{before}{effect}\n[[statement]]{behind}"));
        let output = folder.run(["check", "r.toml", "--select", "claim", "--json"]);
        let document = json_of(&output);
        document["checks"][0].clone()
    };
    let certain = claim("−2.0 to −0.4");
    assert_eq!(certain["status"], "pass", "{certain}");
    assert!(certain["message"].as_str().unwrap().contains("the reported interval"));
    assert_eq!(claim("−2.5 to 0.1")["status"], "refused");
}

#[test]
fn reported_effects_are_shown_and_pooled() {
    let folder = Folder::new("estimate-pool");
    let of = |value: &str, ci: &str| {
        let hazard = format!(
            "measure = \"hazard-ratio\"\nvalue = \"{value}\"\nci = \"{ci}\"\narm = \"drug\"\nversus = \"placebo\""
        );
        format!("{HEAD}{}", estimate(&hazard))
    };
    folder.write("a.toml", of("0.62", "0.41–0.94"));
    folder.write("b.toml", of("0.80", "0.55–1.16"));
    let output = folder.run(["effect", "a.toml", "--json"]);
    let document = json_of(&output);
    let reported = &document["reported"][0];
    let se = (0.94f64.ln() - 0.41f64.ln()) / (2.0 * 1.959_963_984_540_054);
    assert!((reported["se"].as_f64().unwrap() - se).abs() < 1e-12, "{reported}");
    assert_eq!((reported["measure"].as_str(), reported["scale"].as_str()), (Some("hazard-ratio"), Some("log")));
    let pooled =
        folder.run(["meta", "a.toml", "b.toml", "--outcome", "e", "--measure", "HR", "--method", "FE", "--json"]);
    let document = json_of(&pooled);
    // R 4.2.2, metafor 3.8-1: rma(log(c(.62,.8)), sei=(log(c(.94,1.16))-log(c(.41,.55)))/(2*qnorm(.975)), method="FE")
    let pooled = document["coefficients"][0]["estimate"].as_f64().unwrap();
    assert!((pooled - POOLED.0).abs() < 1e-8, "{pooled}");
    assert!((document["coefficients"][0]["se"].as_f64().unwrap() - POOLED.1).abs() < 1e-8);
    // Counts of both arms are pooled as risk ratios, since the effect says that the arms are compared.
    let compared = format!(
        "{HEAD}{}",
        estimate(
            "measure = \"risk-ratio\"\nvalue = \"2.1\"\nci = \"1.3–3.4\"\noutcome = \"responders\"\narm = \"drug\"\nversus = \"placebo\""
        )
    );
    folder.write("c.toml", &compared);
    let yi = |more: &[&str]| {
        let words = ["meta", "c.toml", "--outcome", "responders", "--measure", "RR", "--json"];
        let output = folder.run(words.iter().chain(more.iter()));
        let document = json_of(&output);
        document["coefficients"][0]["se"].as_f64().unwrap()
    };
    // sqrt(1/28 − 1/40 + 1/14 − 1/42), and the width of the interval.
    let of_counts = (1.0 / 28.0 - 1.0 / 40.0 + 1.0 / 14.0 - 1.0 / 42.0f64).sqrt();
    assert!((yi(&[]) - of_counts).abs() < 1e-9);
    assert!((yi(&["--reported"]) - (3.4f64 / 1.3).ln() / 2.0 / 1.959_963_984_540_054).abs() < 1e-9);
    let shown = stdout(&folder.run(["show", "c.toml"]));
    assert!(shown.contains("2.1 (1.3 to 3.4)") && shown.contains("risk ratio"), "{shown}");
}

/// R 4.2.2, metafor 3.8-1, the call in the test above.
const POOLED: (f64, f64) = (-0.337_128_045_953_126, 0.141_546_608_261_493);

#[test]
fn wrong_estimates_say_what_to_write() {
    for (fields, message) in [
        ("measure = \"hazard-ratio\"\nvalue = \"−0.2\"", "−0.2 is no hazard ratio"),
        ("measure = \"hazard\"\nvalue = \"0.2\"", "one of mean-difference"),
        ("measure = \"correlation\"\nvalue = \"1.2\"", "it lies between -1 and 1"),
        ("measure = \"mean-change\"\nvalue = \"2.5 ± 1.0\"", "stands by itself"),
        ("measure = \"mean-change\"\nvalue = \"2.5\"\nci = \"3 to 1\"", "ends below its beginning"),
        ("measure = \"mean-change\"\nvalue = \"2.5\"\nci = \"3\"", "is no interval"),
        ("measure = \"mean-change\"\nvalue = \"2.5\"\narm = \"drug\"\nversus = \"placebo\"", "is that of one arm"),
        ("measure = \"mean-difference\"\nvalue = \"2.5\"\nversus = \"placebo\"", "has no `arm`"),
        ("measure = \"mean-difference\"\nvalue = \"2.5\"\nlevel = \"3\"", "a level between 0.5 and 1"),
        ("measure = \"mean-difference\"\nvalue = \"2.5 (1 to 4)\"\nci = \"1–4\"", "in `value` and in `ci`"),
        ("measure = \"mean-difference\"\nvalue = \"about 2.5\"", "about 2.5"),
        ("measure = \"mean-difference\"\nvalue = \"2.5 (90% CI 1 to 4)\"", "level = 0.9"),
        ("measure = \"mean-difference\"\nvalue = \"2.5\"\nse = \"<1\"", "<1"),
    ] {
        let folder = Folder::new("estimate-wrong");
        folder.write("r.toml", format!("{HEAD}{}", estimate(fields)));
        let output = folder.run(["show", "r.toml"]);
        assert_eq!(output.status.code(), Some(2), "{fields}");
        assert!(stderr(&output).contains(message), "{fields}: {}", stderr(&output));
    }
}

/// Two sentences of a release, with other people in them.
#[test]
fn results_of_an_arm_have_their_own_n_and_quote() {
    let of = |n: [&str; 2]| {
        let row = |occasion: &str, value: &str, n: &str| {
            let own = if n.is_empty() { String::new() } else { format!("  n = {n}\n") };
            format!(
                "  [[outcome.result]]\n  arm = \"drug\"\n  {occasion} = \"{value}\"\n{own}  spread = \"sd\"\n  quote = \
                 \"{value} (n = {n})\"\n"
            )
        };
        let scale = "\n[[outcome]]\nid = \"mmse\"\nlabel = \"MMSE\"\nscale = { min = 0, max = 30, step = 1 }\n";
        format!("{HEAD}{scale}{}{}", row("after", "21.0 ± 4.2", n[1]), row("before", "22.4 ± 3.1", n[0]))
    };
    let folder = Folder::new("own-n");
    let contrast = |release: &str| {
        folder.write("r.toml", release);
        let output = folder.run(["effect", "r.toml", "--json"]);
        let document = json_of(&output);
        let found = document["contrasts"].as_array().unwrap().iter().find(|of| of["outcome"] == "mmse").cloned();
        found.unwrap()
    };
    // The same 36 of 40 twice: a paired contrast of 36, before first.
    let same = contrast(&of(["36", "36"]));
    assert_eq!((same["n"].as_u64(), same["occasions"][0].as_str()), (Some(36), Some("before")));
    assert!((same["before"]["mean"].as_f64().unwrap() - 22.4).abs() < 1e-12);
    // Other people: the means differ by −1.4, and nothing is known of the change of anybody.
    let other = contrast(&of(["38", "36"]));
    assert!(other["n"].is_null() && other["r_needed"]["r"].is_null(), "{other}");
    assert!(other["notes"].to_string().contains("38 people are reported before and 36 after"), "{}", other["notes"]);
    let checks = stdout(&folder.run(["check", "r.toml", "--verbose"]));
    assert!(checks.contains("mmse before: 22.4 ± 3.1") && checks.contains("mmse after: 21.0 ± 4.2"), "{checks}");
    // Written and read again it is the same.
    let text = std::fs::read_to_string(folder.path("r.toml")).unwrap();
    let release = reffect::read::read_release("r", "r.toml", &text).unwrap();
    let written = reffect::report::release_toml::release_toml(&release);
    assert_eq!(reffect::read::read_release("r", "r.toml", &written).unwrap(), release, "{written}");
    // One occasion twice is an error.
    let twice = of(["36", "36"]).replace("  before = \"22.4", "  after = \"22.4");
    folder.write("r.toml", &twice);
    assert!(stderr(&folder.run(["show", "r.toml"])).contains("two values of the arm `drug` at `after`"));
}

/// A number in the news, without a file.
#[test]
fn one_effect_on_the_command_line() {
    let folder = Folder::new("estimate-one");
    let of = |args: &[&str]| folder.run(["effect"].iter().chain(args.iter()).copied());
    let hazard = ["--estimate", "0.21 (0.06–0.76)", "--kind", "hazard-ratio", "--estimate-p", "p = 0.017"];
    let text = stdout(&of(&hazard));
    assert!(
        text.contains("0.011 to 0.022") && text.contains("pass interval") && text.contains("pass p-value"),
        "{text}"
    );
    let output = of(&[&hazard[..], &["--json"]].concat());
    let document = json_of(&output);
    let se = (0.76f64.ln() - 0.06f64.ln()) / (2.0 * 1.959_963_984_540_054);
    assert!((document["reported"][0]["se"].as_f64().unwrap() - se).abs() < 1e-12);
    let verdicts: Vec<_> = document["checks"].as_array().unwrap().iter().map(|of| of["status"].clone()).collect();
    assert_eq!(verdicts, ["pass", "pass"]);
    // Outside of its interval: the numbers contradict each other.
    let wrong = of(&["--estimate", "0.91 (0.06–0.76)", "--kind", "hazard-ratio"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(stderr(&wrong).contains("outside of its interval"));
    // By t with 38 degrees of freedom: t = 2.0244 for an effect at the end of its interval.
    let unused = of(&["--estimate", "0.9 (0.7–1.2)", "--kind", "odds-ratio", "--n1", "5", "--n2", "5"]);
    assert!(unused.status.code() == Some(2) && stderr(&unused).contains("leave -n"), "{}", stderr(&unused));
    let means = ["--estimate", "−2.0 (−4.0 to 0.0)", "--kind", "mean-difference", "--n1", "20", "--n2", "20", "--json"];
    let document = json_of(&of(&means));
    // R 4.2.2: 2/qt(0.975, 38)
    assert!((document["reported"][0]["se"].as_f64().unwrap() - 0.987_949_894_172).abs() < 1e-9, "{document}");
    let refused = of(&["--estimate", "0.21"]);
    assert!(refused.status.code() == Some(2) && stderr(&refused).contains("--kind"), "{}", stderr(&refused));
}

#[test]
fn means_with_their_interval_on_the_command_line() {
    let folder = Folder::new("estimate-mean");
    let of = |before: &str, more: &[&str]| {
        let words = ["effect", "--before", before, "--after", "4.1 ± 1.6", "-n", "7", "--json"];
        folder.run(words.iter().chain(more).copied())
    };
    let sd = |output: &std::process::Output| {
        let document = json_of(output);
        document["contrasts"][0]["before"]["sd"].as_f64().unwrap()
    };
    // R 4.2.2: 1.6*sqrt(7)/qt(0.975, 6), and 0.6*sqrt(7)
    assert!((sd(&of("5.1 (95% CI 3.5 to 6.7)", &[])) - INTERVAL_SD).abs() < 1e-9);
    assert!((sd(&of("5.1 (3.5–6.7)", &["--spread", "ci95"])) - INTERVAL_SD).abs() < 1e-9);
    assert!((sd(&of("5.1 (SE 0.6)", &[])) - 0.6 * 7f64.sqrt()).abs() < 1e-12);
    for (before, more, message) in [
        ("5.1 (3.5–6.7)", &[] as &[&str], "nothing says what it is"),
        ("5.1 (IQR 3.5–6.7)", &[], "quartiles"),
        ("5.1 (3.5–6.7)", &["--spread", "se"], "two ends"),
    ] {
        let output = of(before, more);
        assert_eq!(output.status.code(), Some(2), "{before}");
        assert!(stderr(&output).contains(message), "{before}: {}", stderr(&output));
    }
    let outside = of("5.1 (95% CI 5.5 to 6.7)", &[]);
    assert!(outside.status.code() == Some(1) && stderr(&outside).contains("outside of its interval"));
    let skewed = of("5.1 (95% CI 4.5 to 6.7)", &[]);
    assert!(stdout(&skewed).contains("does not lie in the middle of its interval"));
}

/// R 4.2.2: 1.6*sqrt(7)/qt(0.975, 6)
const INTERVAL_SD: f64 = 1.730_018_225_103_83;

/// A sheet of extracted effects: the second p has lost a digit, the third interval lies elsewhere, the fourth has none.
#[test]
fn tables_of_effects_are_checked_row_by_row() {
    let folder = Folder::new("estimate-table");
    folder.write(
        "effects.csv",
        "study,estimate,measure,ci_lower,ci_upper,p,n1,n2\nA,0.62,hazard-ratio,0.41,0.94,0.024,,\n\
         B,0.81,odds-ratio,0.70,0.94,0.05,,\nC,−0.46,mean-difference,−0.21,−0.05,0.01,20,20\nD,1.4,risk-ratio,,,,,\n\
         E,2.49 (0.99–3.98),mean-difference,,,p = 0.0013,68,66\n",
    );
    let output = folder.run(["check", "effects.csv", "--json"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let document = json_of(&output);
    let of = |key: &str| document["rows"].as_array().unwrap().iter().map(|row| row[key].as_bool()).collect::<Vec<_>>();
    assert_eq!(of("p_value"), [Some(true), Some(false), None, None, Some(true)], "{document}");
    assert_eq!(of("interval"), [Some(true), Some(true), Some(false), None, Some(true)], "{document}");
    let text = stdout(&folder.run(["check", "effects.csv"]));
    assert!(text.contains("0.81 (0.70 to 0.94), p = 0.05: fails p-value"), "{text}");
    folder.write("wrong.csv", "estimate,measure\n0.5,hazards\n");
    let wrong = stdout(&folder.run(["check", "wrong.csv"]));
    assert!(
        wrong.contains("`hazards` is no measure of a reported effect") && wrong.contains("hazard-ratio"),
        "{wrong}"
    );
    folder.write("none.csv", "estimate,ci_lower\n0.5,0.2\n");
    assert!(stderr(&folder.run(["check", "none.csv"])).contains("measure"));
}

/// R 4.2.2: cor.test of 8 pairs with r = 0.906 has Fisher's interval 0.557 to 0.983 and, by the t-test, p = 0.002.
#[test]
fn a_correlation_has_the_p_of_its_t_test() {
    let fields = "measure = \"correlation\"\nvalue = \"0.906\"\nci = \"0.557 to 0.983\"\np = \"p = 0.002\"";
    assert_eq!(verdict("correlation", "p-value", fields).0, "pass");
    assert_eq!(verdict("correlation", "p-value", &fields.replace("0.002", "0.02")).0, "fail");
}

/// An effect without an occasion is that of the last one; a claim about an earlier one does not follow from it.
#[test]
fn an_effect_is_that_of_its_occasion() {
    let folder = Folder::new("estimate-occasion");
    let effect = estimate(
        "measure = \"mean-difference\"\nvalue = \"−2.0\"\nci = \"−2.7 to −1.3\"\noutcome = \"pain\"\narm = \"drug\"\nversus = \
         \"placebo\"",
    );
    let claim = |occasion: &str| {
        format!(
            "\n[[statement]]\nclaim = \"significant\"\nlabel = \"less pain\"\noutcome = \"pain\"\narm = \"drug\"\nversus = \
             \"placebo\"\noccasion = \"{occasion}\"\nquote = \"significantly\"\n"
        )
    };
    folder.write("r.toml", format!("{HEAD}{effect}{}{}", claim("before"), claim("after")));
    let output = folder.run(["check", "r.toml", "--select", "claim", "--json"]);
    let document = json_of(&output);
    let status = |at: usize| document["checks"][at]["status"].as_str().unwrap().to_owned();
    assert_eq!((status(0).as_str(), status(1).as_str()), ("refused", "pass"), "{document}");
    let pooled = |occasion: &str| {
        let words =
            ["meta", "r.toml", "--outcome", "pain", "--measure", "MD", "--reported", "--occasion", occasion, "--json"];
        let document = json_of(&folder.run(words));
        document["coefficients"][0]["estimate"].as_f64().unwrap()
    };
    assert!((pooled("after") + 2.0).abs() < 1e-12 && (pooled("before") + 0.2).abs() < 1e-9);
    // The other way round it is turned where the release compares the arms so first, whatever the order of the values.
    let turned = effect.replace("arm = \"drug\"\nversus = \"placebo\"", "arm = \"placebo\"\nversus = \"drug\"");
    let turned = turned.replace("\"−2.0\"", "\"2.0\"").replace("−2.7 to −1.3", "1.3 to 2.7");
    folder.write("r.toml", format!("{HEAD}{turned}{}", claim("after")));
    assert!((pooled("after") + 2.0).abs() < 1e-12);
    folder.write("r.toml", format!("{HEAD}{turned}"));
    assert!((pooled("after") - 2.0).abs() < 1e-12 && (pooled("before") - 0.2).abs() < 1e-9);
    assert!(stdout(&folder.run(["effect", "r.toml"])).contains("reports 2.0 (1.3 to 2.7) (placebo − drug)"));
}

/// SDs of 1.5 and 1.6 make an SD of change of 0.1 at least; an interval of ±0.02 of 40 people has one of 0.06.
#[test]
fn an_interval_of_a_change_fits_the_sds() {
    let of = |ci: &str| {
        let fields = "measure = \"mean-change\"\nvalue = \"−3.00\"\noutcome = \"pain\"\narm = \"drug\"";
        verdict("change-sd", "estimate", &format!("{fields}\nci = \"{ci}\""))
    };
    assert_eq!(of("−3.40 to −2.60").0, "pass");
    // Rounding lets SDs of 1.55 and 1.55 through, so that the change may have any small SD.
    assert_eq!(of("−3.02 to −2.98").0, "pass");
    let (status, message) = of("−4.50 to −1.50");
    assert!(status == "fail" && message.contains("SD of change"), "{message}");
}

/// A chart of the reported effects: ratios above differences, what contradicts itself hollow and with its reason.
#[test]
fn reported_effects_are_drawn_as_they_are_printed() {
    let folder = Folder::new("estimate-chart");
    let fields = |id: &str, fields: &str| estimate(fields).replace("id = \"e\"", &format!("id = \"{id}\""));
    let arms = "arm = \"drug\"\nversus = \"placebo\"";
    let pain =
        "measure = \"mean-difference\"\nvalue = \"−2.0\"\nci = \"−2.7 to −1.3\"\np = \"p < 0.001\"\noutcome = \"pain\"";
    let all = [
        fields("pain-after", &format!("{pain}\n{arms}")),
        fields(
            "hazard",
            &format!("measure = \"hazard-ratio\"\nvalue = \"0.62\"\nci = \"0.41–0.94\"\np = \"p = 0.024\"\n{arms}"),
        ),
        fields("wrong", &format!("measure = \"odds-ratio\"\nvalue = \"0.30\"\nci = \"0.41–0.94\"\n{arms}")),
        fields("none", &format!("measure = \"risk-ratio\"\nvalue = \"0\"\n{arms}")),
        // Long words that each number has are said once.
        fields(
            "share",
            "measure = \"risk-difference\"\nvalue = \"31.2 percentage points\"\n\
             ci = \"12.3 percentage points to 50.1 percentage points\"",
        ),
        fields("fall", "measure = \"percent-reduction\"\nvalue = \"38 %\"\nci = \"6–59 %\""),
    ];
    folder.write("r.toml", format!("{HEAD}{}", all.concat()));
    let draw = |more: &[&str]| {
        let words = ["plot", "reported", "r.toml", "-o", "r.svg", "--data", "r.csv"];
        let output = folder.run(words.iter().chain(more).copied());
        assert!(output.status.success(), "{}", stderr(&output));
        let text = std::fs::read_to_string(folder.path("r.svg")).unwrap();
        (text, std::fs::read_to_string(folder.path("r.csv")).unwrap())
    };
    let (svg, csv) = draw(&[]);
    let at = |text: &str| svg.find(text).unwrap_or_else(|| panic!("{text}: {svg}"));
    assert!(at(">Ratios<") < at(">Differences<") && at(">Differences<") < at(">Reductions in per cent<"));
    // A logarithmic axis has no 0, a linear one has; percentages have their sign.
    for text in
        ["drug ÷ placebo (log scale)", "drug − placebo", "favours drug", "0.62 [0.41, 0.94]", "&lt; 0.001", ">40 %<"]
    {
        at(text);
    }
    at(">31.2 [12.3, 50.1] percentage points<");
    at("× (hollow square)");
    at("the effect lies outside of its interval (interval)");
    at("Not drawn: effect 0 (0 has no place on a logarithmic axis).");
    let row = |start: &str| {
        let line = csv.lines().find(|line| line.contains(start)).unwrap_or_else(|| panic!("{start}: {csv}"));
        line.split(',').map(|field| field.parse::<f64>().unwrap_or(f64::NAN)).collect::<Vec<_>>()
    };
    let hazard = row(",0.62,");
    assert_eq!((hazard[3], hazard[4]), (0.41, 0.94), "{csv}");
    assert!((hazard[8] - 0.615).abs() < 1e-12 && (hazard[9] - 0.625).abs() < 1e-12, "{csv}");
    let (japanese, _) = draw(&["--lang", "ja"]);
    for text in
        ["比", "ハザード比", "発表された効果", "中空の四角", "placeboに有利", "31.2 [12.3, 50.1] パーセントポイント"]
    {
        assert!(japanese.contains(text), "{text}");
    }
    // The report shows it between the arms and the data behind.
    let report = folder.run(["report", "r.toml", "-o", "out", "--format", "markdown", "--quiet"]);
    assert_eq!(report.status.code(), Some(1), "{}", stderr(&report));
    let text = std::fs::read_to_string(folder.path("out/index.md")).unwrap();
    let at = |name: &str| text.find(&format!("r.{name}.en.svg")).unwrap_or_else(|| panic!("{name}: {text}"));
    assert!(at("between-arms") < at("reported"));
    assert!(
        std::fs::read_to_string(folder.path("out/index.html")).unwrap().contains("Effects as reported")
            || text.contains("effects as reported")
    );
    // Without an effect there is no chart, and the reason is told.
    folder.write("r.toml", HEAD);
    let output = folder.run(["plot", "reported", "r.toml", "-o", "none.svg"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("[[estimate]]"), "{}", stderr(&output));
    assert!(!folder.path("none.svg").exists());
}
