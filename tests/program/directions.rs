//! Which way results are better, what they are of, and what is said of them: numbers needed to treat, effects of
//! events, claims with an effect alone, crossovers; through the program.

use crate::common::cli::{Folder, json_of, stderr, stdout};
use crate::common::release::release;
use serde_json::Value;

const ARMS: [(&str, &str); 2] = [("drug", "170"), ("placebo", "170")];

/// An outcome of counts at six months.
fn counts(id: &str, better: &str, [drug, placebo]: [&str; 2]) -> String {
    let row = |arm: &str, count: &str| {
        format!(
            "[[outcome.result]]\narm = \"{arm}\"\nm6 = \"{count}\"\nstatistic = \"count\"\nquote = \"{count} people\"\n"
        )
    };
    format!(
        "\n[[outcome]]\nid = \"{id}\"\nlabel = \"{id}\"\nscale = \"count\"\n{better}{}{}",
        row("drug", drug),
        row("placebo", placebo)
    )
}

/// A reported effect of the drug over placebo.
fn effect(outcome: &str, fields: &str) -> String {
    format!(
        "\n[[estimate]]\nid = \"of-{outcome}\"\nlabel = \"of {outcome}\"\noutcome = \"{outcome}\"\n{fields}\nquote = \
         \"a phrase\"\n"
    )
}

fn survival(better: &str) -> String {
    format!(
        "\n[[outcome]]\nid = \"survival\"\nlabel = \"survival\"\nunit = \"months\"\nbetter = \"{better}\"\nscale = \
         \"continuous\"\n"
    )
}

const VERSUS: &str = "arm = \"drug\"\nversus = \"placebo\"";

/// 14 of 170 and 29 of 170: a difference of −15/170, so that 11.3 have to be treated.
#[test]
fn a_number_needed_is_of_benefit_or_of_harm() {
    let folder = Folder::new("direction-nnt");
    let of = |better: &str, rows: [&str; 2]| {
        folder.write("r.toml", release(&ARMS, &counts("readmission", better, rows)));
        let text = stdout(&folder.run(["effect", "r.toml"]));
        let found = json_of(&folder.run(["effect", "r.toml", "--json"]));
        (text, found["tables"][0]["NNT"]["estimate"].as_f64().unwrap())
    };
    let lower = "better = \"lower\"\n";
    let (text, nnt) = of(lower, ["14", "29"]);
    assert!(text.contains("NNTB 11, interval ") && text.contains("(lower is better)"), "{text}");
    assert!((nnt - 170.0 / 15.0).abs() < 1e-9, "{nnt}");
    let (text, nnt) = of(lower, ["29", "14"]);
    assert!(text.contains("NNTH 11, interval ") && nnt < 0.0, "{text}");
    let (text, nnt) = of("better = \"higher\"\n", ["29", "14"]);
    assert!(text.contains("NNTB 11, interval ") && nnt > 0.0, "{text}");
    let (text, _) = of(lower, ["14", "15"]);
    let told = "; the interval includes no effect (benefit from ";
    assert!(text.contains(told) && text.contains(", through ∞, to harm from "), "{text}");
    // Nobody knows which way is better: the sign is that of the difference.
    let (text, nnt) = of("", ["14", "29"]);
    assert!(text.contains("NNT −11, interval ") && nnt < 0.0, "{text}");
    // Before anything was done, nobody needed to be treated.
    folder.write("r.toml", release(&ARMS, &counts("readmission", lower, ["14", "29"]).replace("m6", "before")));
    let found = json_of(&folder.run(["effect", "r.toml", "--json"]));
    assert_eq!(found["tables"][0]["NNT"]["estimate"], Value::Null);
    assert!(!stdout(&folder.run(["effect", "r.toml"])).contains("NNT"));
}

#[test]
fn a_hazard_ratio_of_a_time_is_better_below_one_where_longer_is_better() {
    let folder = Folder::new("direction-hazard");
    let ratio = format!("measure = \"hazard-ratio\"\nvalue = \"0.68\"\nci = \"0.55–0.84\"\n{VERSUS}");
    let sides = |outcome: &str| {
        folder.write("r.toml", release(&ARMS, &(outcome.to_owned() + &effect("survival", &ratio))));
        let output = folder.run(["plot", "reported", "r.toml", "-o", "r.svg"]);
        assert!(output.status.success(), "{}", stderr(&output));
        let svg = std::fs::read_to_string(folder.path("r.svg")).unwrap();
        // The side below 1 is written first.
        svg.find(">favours drug<").zip(svg.find(">favours placebo<")).map(|(drug, placebo)| drug < placebo)
    };
    assert_eq!(sides(&survival("higher")), Some(true));
    assert_eq!(sides(&survival("lower")), Some(false));
    // Of a score nobody says what the event was.
    assert_eq!(sides(&survival("higher").replace("unit = \"months\"\n", "")), None);
}

/// 11.2 (4.1 to 18.3) leaves out 0, and so does the claim of significance.
#[test]
fn a_claim_with_an_effect_alone_is_judged_by_its_interval() {
    let folder = Folder::new("direction-claim");
    let of = |ci: &str| {
        let estimate = effect("survival", &format!("measure = \"mean-reduction\"\nvalue = \"11.2\"\n{ci}"));
        let claim =
            "\n[[statement]]\nclaim = \"significant\"\nlabel = \"it fell\"\noutcome = \"survival\"\nquote = \"a\"\n";
        folder.write("r.toml", release(&ARMS[..1], &(survival("higher") + &estimate + claim)));
        let found = json_of(&folder.run(["check", "r.toml", "--select", "claim", "--json"]));
        found["checks"][0]["status"].as_str().map(str::to_owned)
    };
    assert_eq!(of("ci = \"4.1 to 18.3\"").as_deref(), Some("pass"));
    // Another test of the change may bear out what an interval near 0 does not; none does so far away.
    assert_eq!(of("ci = \"−4.1 to 26.5\"").as_deref(), Some("refused"));
    assert_eq!(of("ci = \"−80.4 to 102.8\"").as_deref(), Some("fail"));
    // An interval that is not symmetric says that much all the same.
    assert_eq!(of("ci = \"1.5 to 30.3\"").as_deref(), Some("pass"));
    assert_eq!(of("").as_deref(), Some("refused"));
}

#[test]
fn a_crossover_has_its_own_control_and_a_subgroup_is_none() {
    let folder = Folder::new("direction-crossover");
    let values = "\n[[outcome]]\nid = \"pain\"\nlabel = \"pain\"\nscale = \"continuous\"\n[[outcome.result]]\narm = \
                  \"drug\"\nm6 = \"5.1 ± 1.7\"\nm12 = \"4.1 ± 1.6\"\nspread = \"sd\"\nquote = \"a\"\n";
    let told = |text: &str| {
        folder.write("r.toml", text);
        let output = folder.run(["effect", "r.toml"]);
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output).contains("No control group")
    };
    let single = release(&ARMS[..1], values);
    let crossover = single.replace("kind = \"trial\"\n", "kind = \"trial\"\ndesign = \"crossover\"\n");
    assert!(told(&single) && !told(&crossover));
    assert!(stdout(&folder.run(["show", "r.toml"])).contains("design: crossover"));
    let subgroup = "\n[[arm]]\nid = \"women\"\nlabel = \"women\"\nn = 20\nof = \"drug\"\nquote = \"a\"\n";
    assert!(told(&release(&ARMS[..1], &(subgroup.to_owned() + values))));
    assert!(!told(&release(&ARMS, values)));
}

/// A p that equals a number goes with one correlation; a p below a bound needs one that is large enough.
#[test]
fn an_exact_p_goes_with_a_correlation_and_a_bound_needs_one() {
    let folder = Folder::new("direction-exact");
    let of = |p: &str| {
        let rest = format!(
            "\n[[outcome]]\nid = \"pain\"\nlabel = \"pain\"\nscale = \"continuous\"\n[[outcome.result]]\narm = \
             \"drug\"\nbefore = \"14.2 ± 4.1\"\nm6 = \"9.6 ± 5.3\"\nspread = \"sd\"\nquote = \
             \"a\"\n[[statement]]\nclaim = \"significant\"\nlabel = \"fell\"\noutcome = \"pain\"\np = \"{p}\"\nquote = \
             \"{p}\"\n"
        );
        folder.write("r.toml", release(&[("drug", "18")], &rest));
        let output = folder.run(["plot", "sensitivity", "r.toml", "-o", "r.svg"]);
        assert!(output.status.success(), "{}", stderr(&output));
        (stdout(&folder.run(["effect", "r.toml"])), std::fs::read_to_string(folder.path("r.svg")).unwrap())
    };
    let (text, svg) = of("p = 0.002");
    let told = "the reported p = 0.002, if it is that of a paired t-test, goes with r = 0.3";
    assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains(told), "{text}");
    assert!(svg.contains("The r that goes with the reported p = 0.002") && !svg.contains("p = 0.002 needs"), "{svg}");
    let (text, svg) = of("p < 0.002");
    let told = "the reported p < 0.002, if it is that of a paired t-test, needs r ≥ 0.3";
    assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains(told), "{text}");
    assert!(svg.contains("The r that the reported p &lt; 0.002 needs"));
}

#[test]
fn a_share_stands_apart_from_its_count() {
    let folder = Folder::new("direction-share");
    let checks = |text: &str| {
        folder.write("r.toml", text);
        let found = json_of(&folder.run(["check", "r.toml", "--select", "quote-number", "--json"]));
        let all = found["checks"].as_array().unwrap().clone();
        all.iter().filter(|check| check["status"] == "fail").count()
    };
    for (count, quote) in [
        ("14 (8.2%)", "14 of 170 patients (8.2%)"),
        ("14/170 (8.2%)", "14 of 170 (8.2%)"),
        ("14 (8.2%)", "8.2% (14/170)"),
    ] {
        let rows = counts("readmission", "", [count, "29"]).replace(&format!("{count} people"), quote);
        assert_eq!(checks(&release(&ARMS, &rows).replace("n 170", "170")), 0, "{count} in {quote}");
        let wrong = rows.replace(quote, &quote.replace("8.2", "8.3"));
        assert_eq!(checks(&release(&ARMS, &wrong).replace("n 170", "170")), 1, "{count} in {quote}");
    }
    // Counts of arms are drawn as shares.
    let output = folder.run(["plot", "proportion", "r.toml", "-o", "p.svg"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(std::fs::read_to_string(folder.path("p.svg")).unwrap().contains("29/170 (17.1 %)"));
    let number = "\n[[number]]\nid = \"responders\"\nlabel = \"responders\"\nvalue = \"Eleven of the 18 (61%)\"\nquote = \
                  \"Eleven of the 18 patients (61%)\"\n";
    let expect = |is: &str| {
        let expected =
            format!("[[expect]]\nresult = \"number\"\nnumber = \"responders\"\nis = \"{is}\"\nsource = \"a\"\n");
        folder.write("r.toml", release(&[("drug", "18")], &(number.to_owned() + &expected)));
        folder.run(["check", "r.toml", "--select", "expectation"]).status.code()
    };
    assert_eq!(expect("Eleven of the 18 (61%)"), Some(0));
    assert_eq!(expect("Eleven of the 18 (62%)"), Some(1));
    assert!(stdout(&folder.run(["show", "r.toml"])).contains("Eleven of the 18 (61%)"));
}

/// A value with a bracket of its own stands on its line, and not on the first one.
#[test]
fn values_with_brackets_have_their_place() {
    let folder = Folder::new("direction-place");
    let rest = "\n[[outcome]]\nid = \"alsfrs\"\nlabel = \"alsfrs\"\nscale = \"alsfrs-r\"\n[[outcome.result]]\narm = \
                \"drug\"\nbefore = \"38.4 (SD 4.6)\"\nm6 = \"35.8 (SD 5.8)\"\nspread = \"sd\"\nquote = \"38.4 (SD 4.6) and \
                35.9 (SD 5.8)\"\n";
    let text = release(&[("drug", "10")], rest);
    let line = 1 + text.lines().position(|line| line.starts_with("m6")).unwrap();
    folder.write("r.toml", &text);
    let found = stdout(&folder.run(["check", "r.toml", "--format", "github", "--select", "quote-number"]));
    assert!(found.contains(&format!("line={line},")) && !found.contains("line=1,"), "{found}");
}

/// 2 (1 to 9): the median stands far from the middle of its quartiles.
#[test]
fn medians_of_skewed_data_are_pooled_only_when_asked() {
    let folder = Folder::new("direction-skewed");
    let rows: String = [("drug", "2 (1–9)"), ("placebo", "3 (2–11)")]
        .map(|(arm, cell)| {
            format!(
                "[[outcome.result]]\narm = \"{arm}\"\nm6 = \"{cell}\"\nstatistic = \"median\"\nspread = \
                 \"quartiles\"\nquote = \"a\"\n"
            )
        })
        .concat();
    let claim = "[[statement]]\nclaim = \"difference\"\nlabel = \"a\"\noutcome = \"stay\"\narm = \"drug\"\nversus = \
                 \"placebo\"\nquote = \"a\"\n";
    let stay = format!(
        "\n[[outcome]]\nid = \"stay\"\nlabel = \"stay\"\nunit = \"days\"\nscale = \"continuous\"\n{rows}{claim}"
    );
    folder.write("a.toml", release(&ARMS, &stay));
    folder.write("b.toml", release(&ARMS, &stay));
    let words = ["meta", "a.toml", "b.toml", "--outcome", "stay", "--measure", "MD"];
    let refused = folder.run(words);
    assert!(stderr(&refused).contains("--no-test gives them"), "{}", stderr(&refused));
    let pooled = folder.run(words.into_iter().chain(["--no-test"]));
    assert!(pooled.status.success(), "{}", stderr(&pooled));
    assert!(stdout(&folder.run(["effect", "a.toml"])).contains("convert --to mean-sd"));
}

#[test]
fn an_effect_of_counts_is_expected_of_the_command() {
    let folder = Folder::new("direction-expected");
    let expected = "[[expect]]\nresult = \"effect\"\noutcome = \"readmission\"\narm = \"drug\"\nversus = \"placebo\"\nmeasure = \
                    \"RR\"\nis = \"0.48\"\nsource = \"a\"\n";
    folder.write("r.toml", release(&ARMS, &(counts("readmission", "", ["14", "29"]) + expected)));
    let told = stdout(&folder.run(["check", "r.toml", "--select", "expectation"]));
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("tables[0].RR.estimate"), "{told}");
    let run = "[[expect]]\nrun = \"effect r.toml\"\nat = \"tables[0].RR.estimate\"\nis = \"0.48\"\nsource = \"a\"\n";
    folder.write("r.toml", release(&ARMS, &(counts("readmission", "", ["14", "29"]) + run)));
    let output = folder.run(["check", "r.toml", "--select", "expectation"]);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
}
