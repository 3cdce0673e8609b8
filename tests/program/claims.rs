//! Claims of significance about the change of one arm; through the program.

use crate::common::cli::{Folder, json_of, stderr};
use crate::common::release::{outcome, release};

/// A release of one outcome, and a statement about it.
struct Claimed<'a> {
    n: u64,
    scale: &'a str,
    cells: [&'a str; 2],
    claim: &'a str,
}

impl Claimed<'_> {
    /// Status and message of its verdict.
    fn verdict(&self) -> (String, String) {
        let Self { n, scale, cells: [before, after], claim } = self;
        let p = if claim.starts_with("p ") { format!("p = \"{claim}\"\n") } else { String::new() };
        let release = format!(
            "label = \"A claim\"\ntitle = \"A drug\"\npublisher = \"A hospital\"\ndate = 2020-01-15\nlanguage = \
             \"en\"\nkind = \"trial\"\nsource = {{ file = \"r.txt\" }}\n[[arm]]\nid = \"a\"\nlabel = \"a\"\nn = \
             {n}\nquote = \"{n} patients\"\n[[outcome]]\nid = \"score\"\nlabel = \"Score\"\nscale = {scale}\n\
             [[outcome.result]]\nbefore = \"{before}\"\nafter = \"{after}\"\nspread = \"sd\"\nquote = \"{before} to \
             {after}\"\n[[statement]]\nclaim = \"significant\"\nlabel = \"fell\"\noutcome = \"score\"\n{p}quote = \
             \"it fell ({claim})\"\n"
        );
        // Tests run side by side, each in a folder of its own.
        let name = format!("{before}{after}{claim}").replace(|c: char| !c.is_alphanumeric(), "");
        let folder = Folder::new(&format!("claims-{n}-{name}"));
        folder.write("r.toml", release);
        let output = folder.run(["check", "r.toml", "--select", "claim", "--json"]);
        let document = json_of(&output);
        let check = &document["checks"][0];
        (check["status"].as_str().unwrap().to_owned(), check["message"].as_str().unwrap().to_owned())
    }
}

const TO_SIX: &str = "{ min = 0, max = 6, step = 1 }";

/// One data set before, one after, and 33 tables, whose t-tests have p of 0.0161, 0.0993, 0.178 … 0.477: R 4.2.2,
/// t.test(paired = TRUE) of 2, 3, 3, 4, 5 and every order of 1, 2, 3, 3, 4.
#[test]
fn a_printed_p_has_to_be_that_of_a_table() {
    let of = |claim: &str| Claimed { n: 5, scale: TO_SIX, cells: ["3.4 ± 1.14", "2.6 ± 1.14"], claim }.verdict();
    let (status, message) = of("p = 0.03");
    assert!(status == "fail" && message.starts_with("impossible by the paired t-test"), "{message}");
    let (status, message) = of("p = 0.016");
    assert!(status == "refused" && message.starts_with("possible by the paired t-test"), "{message}");
    // The sign test of 5 people has p of 1/16, 1/8, 1/4, 3/8 … and nothing about 0.2.
    assert!(of("p = 0.20").1.contains("impossible by the sign test"));
}

/// Where nobody looked at the ranks, the t-test alone makes no claim impossible.
#[test]
fn what_the_t_test_makes_impossible_a_test_of_ranks_may_bear_out() {
    // R 4.2.2: counts of 20 people with one outlier; t.test has p = 0.6, wilcox.test(paired = TRUE) p = 0.0088.
    let cells = ["1.4 ± 1.1", "2.6 ± 9.5"];
    let (status, message) = Claimed { n: 20, scale: "\"count\"", cells, claim: "significantly" }.verdict();
    assert_eq!(status, "refused", "{message}");
    assert!(message.contains("impossible by the paired t-test") && message.contains("were not looked at"), "{message}");
    // Of few people every test is looked at.
    let cells = ["3.4 ± 1.14", "3.4 ± 1.14"];
    let (status, message) = Claimed { n: 5, scale: TO_SIX, cells, claim: "significantly" }.verdict();
    assert_eq!(status, "fail", "{message}");
}

/// Who had which value is what a verdict depends on only where the t-test is undecided.
#[test]
fn what_a_verdict_depends_on() {
    let certain = Claimed { n: 7, scale: "\"nrs\"", cells: ["8.0 ± 1.0", "1.0 ± 1.0"], claim: "p < 0.05" };
    let (status, message) = certain.verdict();
    assert!(status == "pass" && message.contains("whoever had which value"), "{message}");
    let open = Claimed { n: 7, scale: "\"edss\"", cells: ["5.1 ± 1.7", "4.1 ± 1.6"], claim: "significantly" };
    assert!(open.verdict().1.contains("depending on the pairing"));
}

/// A scale without steps has every data set; means and SDs at every correlation decide all the same.
#[test]
fn claims_on_a_scale_without_steps() {
    let of = |cells, claim| Claimed { n: 20, scale: "\"continuous\"", cells, claim }.verdict();
    // R 4.2.2: 2 * pt(-10.8 * sqrt(20) / 6.1, 19) = 2.0e-07 is the largest p that these have.
    let (status, message) = of(["82.3 ± 3.1", "71.4 ± 2.9"], "p < 0.001");
    assert!(status == "pass" && message.contains("certain by the paired t-test (p < 0.0001)"), "{message}");
    // 2 * pt(-4.8 * sqrt(20) / 26.1, 19) = 0.4210; at r = 0.9 it is far below 0.001.
    let (status, message) = of(["132.3 ± 13.1", "127.4 ± 12.9"], "p < 0.05");
    assert!(status == "refused" && message.contains("p is anywhere from < 0.0001 to 0.42"), "{message}");
    assert!(message.contains("it needs a correlation of before and after of at least 0."), "{message}");
    // 2 * pt(-0.1 * sqrt(20) / 0.9, 19) = 0.6248 is the smallest; nobody looked at ranks.
    let (status, message) = of(["132.3 ± 13.1", "132.3 ± 12.1"], "significantly");
    assert!(status == "refused" && message.contains("impossible by the paired t-test (p 0.62 to 1.0)"), "{message}");
    assert!(message.contains("were not looked at"), "{message}");
    // 5 people have no p of ranks below 1/16.
    let few = Claimed { n: 5, scale: "\"continuous\"", cells: ["132.3 ± 13.1", "132.3 ± 12.1"], claim: "p < 0.01" };
    assert_eq!(few.verdict().0, "fail");
}

/// The same value in everybody, before and after: there is nothing to test, for however many people.
#[test]
fn where_nothing_varies_nothing_is_significant() {
    for (n, claim) in [(20, "significantly"), (20, "p < 0.0000001"), (20, "p = 0.03"), (7, "p < 0.05")] {
        let found = Claimed { n, scale: "\"nrs\"", cells: ["3.0 ± 0.0", "3.0 ± 0.0"], claim }.verdict();
        let (status, message) = found;
        assert!(
            status == "fail" && message.contains("nothing varies, and nothing changed"),
            "{claim}: {status} {message}"
        );
    }
    let none = Claimed { n: 20, scale: "\"nrs\"", cells: ["3.0 ± 0.0", "3.0 ± 0.0"], claim: "p > 0.05" }.verdict();
    assert!(none.0 != "pass" && none.1.contains("nothing varies"), "{none:?}");
}

/// R 4.2.2: at p ≤ 0.05 the same correlation is needed as below it.
#[test]
fn a_claim_of_at_most_a_level_needs_a_correlation_as_well() {
    let of = |claim| Claimed { n: 7, scale: "\"edss\"", cells: ["5.1 ± 1.7", "4.1 ± 1.6"], claim }.verdict().1;
    let (below, at_most) = (of("p < 0.05"), of("p ≤ 0.05"));
    assert!(below.contains("it needs a correlation of before and after of at least"), "{below}");
    assert_eq!(below, at_most);
}

/// R 4.2.2, on data with these means and SDs: oneway.test has p = 6.8e-07, and of 5.0, 5.5, 6.0 p = 0.222;
/// fisher.test(rbind(c(4, 14, 22), c(26, 16, 8))) has p = 1.3e-05.
#[test]
fn three_arms_are_judged_at_once() {
    let of = |at: &str, means: [&str; 3], claim: &str| {
        let arms = ["low", "high", "placebo"];
        let statistic = if means[0].contains('/') { "count" } else { "mean" };
        let rows: Vec<(&str, String)> = arms
            .into_iter()
            .zip(means)
            .map(|(arm, cell)| (arm, format!("m6 = \"{cell}\"\nstatistic = \"{statistic}\"\nspread = \"sd\"")))
            .collect();
        let rows: Vec<(&str, &str)> = rows.iter().map(|(arm, lines)| (*arm, lines.as_str())).collect();
        let statement = format!(
            "\n[[statement]]\nclaim = \"significant\"\nlabel = \"they differ\"\noutcome = \"score\"\nbetween = [\"low\", \
             \"high\", \"placebo\"]\n{claim}quote = \"a phrase\"\n"
        );
        let text = release(&arms.map(|arm| (arm, "30")), &(outcome("score", &rows) + &statement));
        let folder = Folder::new(&format!("claims-of-three-{at}"));
        folder.write("r.toml", text);
        let document = json_of(&folder.run(["check", "r.toml", "--select", "claim", "--json"]));
        let check = &document["checks"][0];
        ["status", "subject", "message"].map(|key| check[key].as_str().unwrap_or_default().to_owned())
    };
    let [status, subject, message] = of("far", ["5.0 ± 1.0", "6.0 ± 2.0", "7.0 ± 1.5"], "p = \"p < 0.001\"\n");
    assert!(status == "pass" && subject == "score (low, high, placebo): p < 0.001", "{subject} {message}");
    assert!(message.starts_with("certain by Welch's ANOVA of the values `m6`"), "{message}");
    let [status, _, message] = of("near", ["5.0 ± 1.9", "5.5 ± 2.0", "6.0 ± 2.5"], "");
    assert!(status == "refused" && message.contains("impossible by Welch's ANOVA"), "{message}");
    let [status, _, message] = of("counts", ["4/30", "14/30", "22/30"], "p = \"p < 0.001\"\n");
    assert!(status == "pass" && message.starts_with("certain by the Fisher–Freeman–Halton test"), "{message}");
    let [status, _, message] = of("one", ["5.0", "6.0 ± 2.0", "7.0 ± 1.5"], "");
    assert!(status == "refused" && message.contains("`5.0` has no SD"), "{message}");
    // Nobody has an event: every test has a p of 1.
    let [_, _, message] = of("zero", ["0/30", "0/30", "0/30"], "p = \"p > 0.05\"\n");
    assert!(message.contains("certain by the Fisher–Freeman–Halton test of the values `m6` (p 1.0)"), "{message}");
}

/// The people of a subgroup are in its whole: no test of independent groups compares both.
#[test]
fn an_arm_is_not_compared_with_its_own_subgroup() {
    let rows = [("a", "5.0"), ("b", "6.0"), ("c", "7.0")]
        .map(|(arm, mean)| (arm, format!("m6 = \"{mean} ± 1.0\"\nspread = \"sd\"")));
    let rows: Vec<(&str, &str)> = rows.iter().map(|(arm, cell)| (*arm, cell.as_str())).collect();
    let statement = "\n[[statement]]\nclaim = \"significant\"\nlabel = \"l\"\noutcome = \"score\"\nbetween = [\"a\", \"b\", \"c\"]\n\
                     quote = \"q\"\n";
    let text = release(&[("a", "30"), ("b", "30"), ("c", "10")], &(outcome("score", &rows) + statement));
    let folder = Folder::new("claims-between-subgroup");
    folder.write("r.toml", text.replace("id = \"c\"", "id = \"c\"\nof = \"b\""));
    let document = json_of(&folder.run(["check", "r.toml", "--select", "claim", "--json"]));
    let check = &document["checks"][0];
    assert!(
        check["status"] == "refused" && check["message"].to_string().contains("the people of c are some of those of b"),
        "{document}"
    );
}

#[test]
fn between_names_three_arms_or_more() {
    for (at, named, told) in [
        ("two", "between = [\"a\", \"b\"]", "three or more were expected"),
        ("none", "between = []", "`between` names no arm"),
        ("twice", "between = [\"a\", \"b\", \"a\"]", "names `a` twice"),
        ("unknown", "between = [\"a\", \"b\", \"d\"]", "there is no arm `d`"),
        ("beside", "between = [\"a\", \"b\", \"c\"]\nversus = \"c\"", "`between` beside `arm` or `versus`"),
    ] {
        let statement = format!(
            "\n[[statement]]\nclaim = \"significant\"\nlabel = \"l\"\noutcome = \"score\"\n{named}\nquote = \"q\"\n"
        );
        let rows = [("a", "m6 = \"5.0 ± 1.0\"\nspread = \"sd\"")];
        let text = release(&[("a", "30"), ("b", "30"), ("c", "30")], &(outcome("score", &rows) + &statement));
        let folder = Folder::new(&format!("claims-between-{at}"));
        folder.write("r.toml", text);
        let output = folder.run(["check", "r.toml"]);
        assert!(output.status.code() == Some(2) && stderr(&output).contains(told), "{at}: {output:?}");
    }
}
