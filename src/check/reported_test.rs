//! The verdict on a printed test: whether its p belongs to its statistic, and what else it may be.

use super::Status;
use super::cells::Verdict;
use super::named_test::{as_another_p, is_p_of};
use super::test_statistic::{Sides, TestStatistic, is_other_decision};
use crate::diagnostic::Refused;
use crate::numeric::format::significant;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Comparison, NumeralError, Relation};
use crate::numeric::rounding::Rounding;
use std::str::FromStr;

/// Which tails a p is said to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tails {
    /// One, in whichever direction.
    One,
    /// Both.
    Two,
}

impl FromStr for Tails {
    type Err = Refused;

    fn from_str(text: &str) -> Result<Self, Refused> {
        let word = text.trim().to_lowercase();
        let name = word.trim_end_matches("sided").trim_end_matches("tailed").trim_end_matches(['-', ' ', '.', '_']);
        match name {
            "one" | "1" | "greater" | "less" => Ok(Self::One),
            "two" | "2" | "both" => Ok(Self::Two),
            _ => Err(format!("`{}`, and one or two was expected", text.trim()).into()),
        }
    }
}

/// How many tails a text says that a p counts: "(one-sided)", "two-tailed"; none where it says nothing, or both.
pub fn tails_in(text: &str) -> Option<Tails> {
    let is_gap = |c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–');
    // A line may be wrapped behind the hyphen.
    let text = text.to_lowercase().split(is_gap).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    let says = |numbers: [&str; 2]| {
        let ends = ["-sided", "-tailed", "-tail-", "-directional"];
        numbers.iter().any(|number| ends.iter().any(|end| text.contains(&format!("{number}{end}"))))
    };
    match (says(["one", "1"]) || text.contains("片側"), says(["two", "2"]) || text.contains("両側")) {
        (true, false) => Some(Tails::One),
        (false, true) => Some(Tails::Two),
        _ => None,
    }
}

/// A p as tables and papers print it: `< .001`, `0.04*` with the mark of a footnote, and `ns` or `n.s.` for one above
/// the level. Where a number stands beside those words, as in `0.42 (ns)`, the number is read.
///
/// # Errors
/// If it is none.
///
/// ```
/// use reffect::check::reported_test::read_p;
/// use reffect::numeric::numeral::Relation;
///
/// assert_eq!(read_p("0.04*", 0.05)?.bound.value(), 0.04);
/// let open = read_p("n.s.", 0.05)?;
/// assert_eq!((open.relation, open.bound.value()), (Relation::Greater, 0.05));
/// assert_eq!(read_p("0.42 (ns)", 0.05)?.bound.value(), 0.42);
/// # Ok::<(), reffect::numeric::numeral::NumeralError>(())
/// ```
pub fn read_p(text: &str, alpha: f64) -> Result<Comparison, NumeralError> {
    const MARKS: [char; 7] = ['*', '†', '‡', '§', '¶', '#', ' '];
    let whole = text.trim();
    let text = whole.trim_end_matches(MARKS);
    // Marks alone hold no number, which is said of them as they stand.
    let text = if text.is_empty() { whole } else { text };
    // What stands in brackets behind it may say how many tails it counts.
    let text = match text.rsplit_once(['(', '（']).filter(|(_, inside)| tails_in(inside).is_some()) {
        Some((p, _)) => p.trim_end_matches(MARKS),
        None => text,
    };
    let word: String = text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    if !NOT_SIGNIFICANT.contains(&word.trim_matches('p')) {
        return text.parse();
    }
    if text.chars().any(char::is_numeric) {
        return without_words(text).parse();
    }
    let above: Comparison = format!("p > {}", (alpha * 1e12).round() / 1e12).parse()?;
    Ok(Comparison { text: whole.to_owned(), ..above })
}

/// What tables write of a p above the level, without what is no letter.
const NOT_SIGNIFICANT: [&str; 4] = ["ns", "notsignificant", "nonsignificant", "有意差なし"];

/// The p beside the words that say that it is above the level: that of `0.42 (ns)`, `p = 0.42, n.s.` and `ns (0.42)`.
fn without_words(text: &str) -> &str {
    let mut last = ' ';
    let start = text.char_indices().find(|(_, c)| {
        let is_behind_letter = std::mem::replace(&mut last, *c).is_alphabetic();
        // The point in front of a number is its own; those of `n.s.` stand behind a letter.
        c.is_numeric() || "=<>≤≥＝＜＞".contains(*c) || *c == '.' && !is_behind_letter
    });
    let text = start.map_or(text, |(at, _)| &text[at..]);
    let end = text.char_indices().rev().find(|(_, c)| c.is_numeric());
    end.map_or(text, |(at, c)| &text[..at + c.len_utf8()])
}

/// The verdict on a printed test. The level is that of its decision. Where nothing says how many tails a p counts, one
/// that is of one side is not decidable, as is one that is two or three times as much: it may be adjusted for several
/// comparisons.
///
/// A whole number of degrees of freedom that does not fit, while all that round to it would, may be Welch's.
///
/// ```
/// use reffect::check::Status;
/// use reffect::check::reported_test::{Tails, verdict};
/// use reffect::check::test_statistic::TestStatistic;
/// use reffect::numeric::rounding::Rounding;
///
/// let t = TestStatistic::T { value: "1.75".parse()?, df: "28".parse()? };
/// let of = |p: &str, tails| -> Result<_, Box<dyn std::error::Error>> {
///     Ok(verdict(&t, &p.parse()?, tails, 0.05, Rounding::default()).0)
/// };
/// assert_eq!(of("p = .091", None)?, Status::Pass);
/// assert_eq!(of("p = .045", None)?, Status::Refused);
/// assert_eq!(of("p = .045", Some(Tails::One))?, Status::Pass);
/// assert_eq!(of("p = .045", Some(Tails::Two))?, Status::Fail);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verdict(
    statistic: &TestStatistic,
    printed: &Comparison,
    tails: Option<Tails>,
    alpha: f64,
    rounding: Rounding,
) -> Verdict {
    let tails = tails.filter(|tails| statistic.has_sides() || *tails == Tails::Two);
    let two = statistic.check(printed, Sides::Two, alpha, rounding);
    if let Some(told) = of_whole_zero(printed, two.p) {
        return (Status::Refused, told);
    }
    // That of the other direction is meant where it is said, or where a number is printed: every `ns` is one.
    let may_be_either = tails == Some(Tails::One) || printed.relation == Relation::Equal;
    let of_other_direction = || two.p.map_monotone(|p| 1.0 - 0.5 * p);
    let is_one_sided = printed.holds_in(two.p.scaled(0.5), rounding)
        || may_be_either && statistic.has_sides() && printed.holds_in(of_other_direction(), rounding);
    let p = if tails == Some(Tails::One) { two.p.scaled(0.5) } else { two.p };
    match tails {
        Some(Tails::One) if is_one_sided => return (Status::Pass, style(printed).unwrap_or_default()),
        Some(Tails::One) => {}
        _ if two.is_consistent => return (Status::Pass, style(printed).unwrap_or_default()),
        _ => {}
    }
    let decision = if is_other_decision(printed, p, alpha) { "; the decision changes" } else { "" };
    let told = format!("{}{decision}", recomputed(p));
    if statistic.p_of_rounded_degrees(rounding).is_some_and(|p| is_p_of(printed, p, tails, rounding)) {
        let told = format!(
            "{told}; Welch's test? Its degrees of freedom have decimals, and with some that round to those it fits"
        );
        return (Status::Refused, told);
    }
    if tails == Some(Tails::One) && two.is_consistent {
        return (Status::Fail, format!("{told}; it is said to be one-sided, and is that of both sides"));
    }
    let sides = tails.or(if statistic.has_sides() { None } else { Some(Tails::Two) });
    if let Some(other) = as_another_p(printed, two.p, sides, rounding) {
        return (Status::Refused, format!("{told}; {other}"));
    }
    let one = match (is_one_sided, statistic.has_sides()) {
        (true, true) => "; it is that of one side",
        (true, false) => "; it is half of it, as of one side, and this statistic has none",
        (false, _) => "",
    };
    (Status::Fail, format!("{told}{one}"))
}

/// The range of a p in words.
fn recomputed(p: Interval) -> String {
    let [low, high] = p.ends().map(|end| significant(end, 3));
    if low == high { format!("recomputed, p is {low}") } else { format!("recomputed, p lies between {low} and {high}") }
}

/// What is to be said of a p that is printed as `0`, without decimals, where it is more than what is printed as 0.00:
/// every p up to 0.5 rounds to it.
fn of_whole_zero(printed: &Comparison, p: Interval) -> Option<String> {
    const OF_DECIMALS: f64 = 0.005;
    let is_zero = printed.relation == Relation::Equal && printed.bound.value() <= 0.0;
    let is_whole = is_zero && printed.bound.decimal().decimals() == 0;
    (is_whole && p.lower > OF_DECIMALS).then(|| format!("{}, and no p is 0; print it with its decimals", recomputed(p)))
}

/// What is to be said of a p that is printed as 0.
pub(super) fn style(printed: &Comparison) -> Option<String> {
    let is_zero = printed.relation == Relation::Equal && printed.bound.value() <= 0.0;
    let unit = match printed.bound.decimal().decimals() {
        0 => "0.001".to_owned(),
        _ => printed.bound.unit().to_string(),
    };
    is_zero.then(|| format!("no p is 0, however it was rounded: p < {unit} says what is meant"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn t(value: &str, df: &str) -> TestStatistic {
        TestStatistic::T { value: value.parse().unwrap(), df: df.parse().unwrap() }
    }

    fn of(statistic: &TestStatistic, p: &str, tails: Option<Tails>) -> (Status, String) {
        verdict(statistic, &p.parse().unwrap(), tails, 0.05, Rounding::default())
    }

    /// R 4.2.2: 2 * pt(-2.2, 28) = 0.0362.
    #[test]
    fn texts_say_how_many_tails() {
        for (text, tails) in [
            ("< 0.05 (one-sided)", Some(Tails::One)),
            ("p = .03, One-tailed", Some(Tails::One)),
            ("a 1-tailed test", Some(Tails::One)),
            ("two sided", Some(Tails::Two)),
            ("one-sided and two-sided tests", None),
            ("0.03", None),
        ] {
            assert_eq!(tails_in(text), tails, "{text}");
        }
        for (text, tails) in
            [("two.sided", Tails::Two), ("greater", Tails::One), ("One-tailed", Tails::One), ("2", Tails::Two)]
        {
            assert_eq!(text.parse(), Ok(tails), "{text}");
        }
        assert!("both ways".parse::<Tails>().is_err());
        assert_eq!(read_p("< 0.05 (one-sided)", 0.05).unwrap().bound.value(), 0.05);
        assert!(read_p("0.05 (of 12)", 0.05).is_err() && read_p("nsx", 0.05).is_err());
    }

    #[test]
    fn what_else_a_p_may_be() {
        let statistic = t("2.20", "28");
        for (p, status, told) in [
            ("0.036", Status::Pass, ""),
            ("0.018", Status::Refused, "one-sided one may have been meant"),
            ("0.072", Status::Refused, "the decision changes; that is 2 times"),
            ("0.109", Status::Refused, "3 times"),
            ("0.063", Status::Fail, "the decision changes"),
            ("0.000", Status::Fail, "recomputed, p lies between 0.0358 and 0.0366"),
        ] {
            let found = of(&statistic, p, None);
            assert!(found.0 == status && found.1.contains(told), "{p}: {found:?}");
        }
        assert_eq!(of(&statistic, "0.036", Some(Tails::One)).0, Status::Fail);
        assert!(of(&t("5.20", "28"), "0.000", None).1.contains("p < 0.001"));
        // R 4.2.2: pt(-5.150637850450595, 15.659843651448726) = 0.0000517, of which papers print t = −5.2, df = 16 and
        // 0.0001.
        assert_eq!(of(&t("-5.2", "16"), "0.0001", Some(Tails::One)).0, Status::Refused);
        // A one-sided test in the other direction than expected.
        assert_eq!(of(&statistic, "0.982", Some(Tails::One)).0, Status::Pass);
    }

    #[test]
    fn statistics_without_sides_have_no_one_sided_p() {
        let f = |df1: &str| TestStatistic::F {
            value: "4.84".parse().unwrap(),
            df1: df1.parse().unwrap(),
            df2: "28".parse().unwrap(),
        };
        assert_eq!(of(&f("1"), "0.018", None).0, Status::Refused);
        // R 4.2.2: pf(4.84, 2, 28, lower.tail = FALSE) = 0.0156.
        assert_eq!(of(&f("2"), "0.0156", Some(Tails::One)).0, Status::Pass);
        let (status, told) = of(&f("2"), "0.0078", None);
        assert!(status == Status::Fail && told.contains("has none"), "{told}");
    }

    proptest! {
        /// What is printed of one honest test, two-sided or Welch's with any number of decimals, never fails; another p
        /// does.
        #[test]
        fn honest_tests_pass(value in -6.0..6.0f64, df in 1.5..90.0f64, decimals in 1usize..4, of_df in 0usize..3) {
            let p = 2.0 * crate::numeric::dist::t_sf(value.abs(), df);
            let statistic = t(&format!("{value:.decimals$}"), &format!("{df:.of_df$}"));
            for printed in [format!("{p:.3}"), format!("{p:.2}"), format!("{p:.6}")] {
                let found = of(&statistic, &printed, None);
                prop_assert!(found.0 != Status::Fail, "{statistic:?} {printed} {found:?}");
                if of_df > 0 {
                    prop_assert!(found.0 == Status::Pass, "{statistic:?} {printed} {found:?}");
                }
            }
            let half = of(&statistic, &format!("{:.4}", 0.5 * p), Some(Tails::One));
            prop_assert!(half.0 != Status::Fail, "{half:?}");
        }
    }
}
