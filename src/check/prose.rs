//! Results of tests in running text, as psychology prints them: t(18) = 2.31, p = .03; F(2, 45) = 3.2, p < .05;
//! χ2(1, N = 90) = 3.9, p = .048; r(58) = .28, p = .03; z = 2.1, p = .036.

use super::Status;
use super::prose_between::{is_one_of_several, leaves_its_p};
use super::prose_correlations::{PrintedInterval, has_others, interval_in};
use super::prose_methods::{Elsewhere, Methods};
use super::prose_p::p_behind;
use super::prose_statistic::{
    Letter, degrees_at, has_power, is_latin, is_of_a_score, letter_at, named_degrees, number_at, number_with, spaces,
};
use super::reported_test::{Tails, tails_in, verdict};
use super::row_verdict::decided;
use super::table::RowVerdict;
use super::test_statistic::TestStatistic;
use crate::numeric::dist::alpha_of;
use crate::numeric::numeral::{Comparison, fold_all};
use crate::numeric::rounding::Rounding;
use std::ops::Range;

/// A test that a text reports.
#[derive(Clone, Debug, PartialEq)]
pub struct PrintedTest {
    /// The line on which it begins, counted from 1.
    pub line: u64,
    /// The result as it is printed, on one line.
    pub text: String,
    /// The statistic with its degrees of freedom.
    pub statistic: TestStatistic,
    /// The p; its bound may lie outside of 0 to 1, as `p = 1.03` has it.
    pub p: Comparison,
    /// How many tails it counts, where its sentence says so.
    pub tails: Option<Tails>,
    /// Whether the text speaks of one-sided tests anywhere.
    pub is_one_sided_elsewhere: bool,
    /// How its p was made.
    methods: Methods,
    /// The interval of a correlation, where it is Fisher's.
    interval: Option<PrintedInterval>,
}

/// Every test with its p in a text. The level is that of `ns`.
///
/// What stands in another form is not found: a statistic without its p, or below a bound (F < 1).
///
/// Source: the forms are those of APA style that statcheck reads (Nuijten et al. 2016, Behav Res 48:1205), and with an
/// effect size or an interval in front of the p.
///
/// ```
/// use reffect::check::prose::tests_in;
///
/// let found = tests_in("Men ate more, t(18) = 2.31,\nd = 1.0, p = .03, than women, F(1, 45) = 0.12, ns.", 0.05);
/// let told: Vec<(u64, &str)> = found.iter().map(|test| (test.line, test.text.as_str())).collect();
/// assert_eq!(told, [(1, "t(18) = 2.31, d = 1.0, p = .03"), (2, "F(1, 45) = 0.12, ns")]);
/// ```
pub fn tests_in(text: &str, alpha: f64) -> Vec<PrintedTest> {
    let chars: Vec<char> = text.chars().collect();
    let (plain, places) = without_marks(&chars);
    let mut folded = fold_all(&plain);
    for (folded, _) in folded.iter_mut().zip(&plain).filter(|(_, plain)| **plain == PARAGRAPH) {
        *folded = PARAGRAPH;
    }
    let is_one_sided_elsewhere = mentions_one_side(text) || mentions_one_side(&plain.iter().collect::<String>());
    let (elsewhere, has_others) = (Elsewhere::of(text), has_others(text));
    let mut found = Vec::new();
    let (mut at, mut line, mut counted) = (0, 1, 0);
    while at < folded.len() {
        let Some(test) = test_at(&folded, at, alpha) else {
            at += 1;
            continue;
        };
        let whole = sentence(&plain, at, test.end, &[]);
        if is_one_of_several(&whole, &folded[test.end..]) || is_of_a_score(&test.statistic, &whole, &folded[..at]) {
            at = test.end;
            continue;
        }
        let start = places[at];
        line += chars[counted..start].iter().filter(|c| **c == '\n').count() as u64;
        counted = start;
        found.push(PrintedTest {
            line,
            text: plain[at..test.end].iter().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" "),
            statistic: test.statistic,
            p: test.p,
            tails: tails_in(&sentence(&plain, at, test.end, &[';'])),
            is_one_sided_elsewhere,
            methods: Methods::of(&whole, elsewhere),
            interval: test.between.filter(|_| !has_others).and_then(|between| interval_in(&folded[between])),
        });
        at = test.end;
    }
    found
}

/// What stands for the blank lines between two paragraphs; no result and no sentence goes on behind them.
pub(super) const PARAGRAPH: char = '\n';

/// The characters without the marks of Markdown, LaTeX and HTML round letters (`*t*(18)`, `$\chi^2$`, `<i>p</i>`), and
/// the place of each. White space is a blank, the end of a wrapped line as well; with a blank line in it, it is one
/// [`PARAGRAPH`].
fn without_marks(chars: &[char]) -> (Vec<char>, Vec<usize>) {
    let is_letter = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphanumeric());
    let (mut plain, mut places) = (Vec::with_capacity(chars.len()), Vec::with_capacity(chars.len()));
    let mut at = 0;
    while at < chars.len() {
        let is_mark = match chars[at] {
            '*' | '`' | '$' | '\\' => true,
            // `r_s` is no r.
            '_' => !(is_letter(at.checked_sub(1)) && is_letter(Some(at + 1))),
            _ => false,
        };
        if let Some(length) = tag_at(chars, at) {
            at += length;
            continue;
        }
        let blanks = chars[at..].iter().take_while(|c| c.is_whitespace()).count();
        if blanks > 0 {
            let is_paragraph = chars[at..at + blanks].iter().filter(|c| **c == '\n').count() > 1;
            plain.push(if is_paragraph { PARAGRAPH } else { ' ' });
            places.push(at);
            at += blanks;
            continue;
        }
        if !is_mark {
            plain.push(chars[at]);
            places.push(at);
        }
        at += 1;
    }
    (plain, places)
}

/// How long the tag is that begins at a character, if one does that marks letters.
fn tag_at(chars: &[char], at: usize) -> Option<usize> {
    const TAGS: [&str; 7] = ["i", "em", "b", "strong", "sub", "sup", "span"];
    /// So long is a tag with its attributes, at most.
    const LONGEST: usize = 80;
    if chars.get(at) != Some(&'<') {
        return None;
    }
    let length = chars[at..].iter().take(LONGEST).position(|c| *c == '>')?;
    let inside: String = chars[at + 1..at + length].iter().collect();
    let name = inside.trim_start_matches('/').split_whitespace().next()?.to_lowercase();
    TAGS.contains(&name.as_str()).then_some(length + 1)
}

/// Whether a text has a one-sided test, whatever else it has.
pub(super) fn mentions_one_side(text: &str) -> bool {
    text.split(['.', ';', '(', ')', '\n']).any(|part| tails_in(part) == Some(Tails::One))
}

impl PrintedTest {
    /// The verdict on it: `p-value`, by the rules of rows of tables. A one-sided p is one where its sentence says so,
    /// and may be one where the text speaks of one-sided tests elsewhere, as statcheck has it.
    pub fn judge(&self, level: f64, rounding: Rounding) -> RowVerdict {
        if let Some(reason) = impossible(&self.statistic) {
            return RowVerdict::of_p((Status::Fail, reason.to_owned()));
        }
        if !(0.0..=1.0).contains(&self.p.bound.value()) {
            let told = format!("{} is no probability: it does not lie between 0 and 1", self.p.bound);
            return RowVerdict::of_p((Status::Fail, told));
        }
        let of = |tails| verdict(&self.statistic, &self.p, tails, alpha_of(level), rounding);
        let said = self.tails.filter(|tails| *tails == Tails::Two);
        let (mut status, mut told) = of(said);
        let may_be_one = self.tails == Some(Tails::One) || self.tails.is_none() && self.is_one_sided_elsewhere;
        if status != Status::Pass && may_be_one && of(Some(Tails::One)).0 == Status::Pass {
            let place = if self.tails.is_some() { "its sentence" } else { "the text, elsewhere," };
            (status, told) = (Status::Pass, format!("one-sided, as {place} says; two-sided it would not fit"));
        }
        let excuse = || self.methods.excuse(&self.statistic, &self.p, rounding);
        if let Some(reason) = (status == Status::Fail).then(excuse).flatten() {
            (status, told) = (Status::Refused, format!("{told}; {reason}"));
        }
        let mut found = RowVerdict::of_p((status, told));
        // An interval is of as many people only where the p is.
        let interval = self.interval.as_ref().filter(|_| status == Status::Pass);
        if let Some((status, told)) = interval.and_then(|interval| interval.verdict(&self.statistic, rounding)) {
            found.interval = decided(status);
            if status != Status::Pass {
                found.notes.push(format!("interval: {told}"));
            }
        }
        found
    }
}

/// A test that begins at a character.
struct Found {
    statistic: TestStatistic,
    p: Comparison,
    end: usize,
    /// What stands between a correlation and its p.
    between: Option<Range<usize>>,
}

fn test_at(text: &[char], start: usize, alpha: f64) -> Option<Found> {
    let is_word = |c: char| is_latin(c) || matches!(c, '_' | '-' | '\'');
    if start > 0 && is_word(text[start - 1]) {
        return None;
    }
    let (letter, at) = letter_at(text, start)?;
    let (degrees, at) = degrees_at(text, spaces(text, at), letter)?;
    let at = spaces(text, at);
    if text.get(at) != Some(&'=') {
        return None;
    }
    let value_start = spaces(text, at + 1);
    let (value, at) = number_at(text, value_start)?;
    let (p, p_start, end) = p_behind(text, at, alpha)?;
    // A power of 10 is not read, nor is the p of another clause.
    if has_power(&text[at..p_start]) || !leaves_its_p(&text[at..p_start]) {
        return None;
    }
    // A text that prints p with a decimal comma does so elsewhere.
    let has_decimal_commas = text[p_start..end].contains(&',');
    let (value, at) = if has_decimal_commas { number_with(text, value_start, true)? } else { (value, at) };
    let degrees = if degrees.is_empty() { named_degrees(&text[at..p_start]) } else { degrees };
    let mut degrees = degrees.into_iter();
    let statistic = match letter {
        Letter::T => TestStatistic::T { value, df: degrees.next()? },
        Letter::R => TestStatistic::R { value, df: degrees.next()? },
        Letter::ChiSquared => TestStatistic::ChiSquared { value, df: degrees.next()? },
        Letter::F => TestStatistic::F { value, df1: degrees.next()?, df2: degrees.next()? },
        Letter::Z => TestStatistic::Z(value),
    };
    let between = (letter == Letter::R).then_some(at..p_start);
    Some(Found { statistic, p, end, between })
}

/// Why a statistic cannot be what its letter says.
fn impossible(statistic: &TestStatistic) -> Option<&'static str> {
    match statistic {
        TestStatistic::R { value, .. } => {
            (value.value().abs() > 1.0).then_some("a correlation lies between −1 and 1: a digit or the point is wrong")
        }
        TestStatistic::F { value, .. } | TestStatistic::ChiSquared { value, .. } => {
            (value.value() < 0.0).then_some("no F and no χ² is below 0: the sign or the letter is wrong")
        }
        TestStatistic::T { .. } | TestStatistic::Z(_) => None,
    }
}

/// Whether a sentence ends at a character: a point behind which a blank and a capital stand, or the end of the
/// paragraph.
pub(super) fn ends_sentence(text: &[char], at: usize) -> bool {
    if !matches!(text.get(at), Some('.' | '?' | '!' | '。')) {
        return false;
    }
    let next = spaces(text, at + 1);
    // `F(1, 45) = 0.12. P = .7` is one result all the same.
    let is_p = text.get(next) == Some(&'P') && !text.get(next + 1).is_some_and(|c| c.is_alphabetic());
    next > at + 1 && text.get(next).is_some_and(|c| c.is_uppercase() && !is_p)
        || text.get(next).is_none_or(|c| *c == PARAGRAPH)
        || text.get(at) == Some(&'。')
}

/// The sentence round a result, which other characters may end as well.
fn sentence(text: &[char], start: usize, end: usize, others: &[char]) -> String {
    /// So many characters of it stand on each side, at most: what is farther off says nothing of the result.
    const LONGEST: usize = 1000;
    let is_end = |at: usize| ends_sentence(text, at) || others.contains(&text[at]) || text[at] == PARAGRAPH;
    let (least, most) = (start.saturating_sub(LONGEST), text.len().min(end + LONGEST));
    let first = (least..start).rev().find(|at| is_end(*at)).map_or(least, |at| at + 1);
    let last = (end..most).find(|at| is_end(*at)).unwrap_or(most);
    text[first..last].iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::dist::{chi_squared_sf, f_sf, normal_two_sided_p, t_two_sided_p};
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<String> {
        tests_in(text, 0.05).into_iter().map(|test| test.text).collect()
    }

    fn verdicts(text: &str) -> Vec<Option<bool>> {
        tests_in(text, 0.05).iter().map(|test| test.judge(0.95, Rounding::default()).p_value).collect()
    }

    #[test]
    fn what_no_statistic_can_be_fails() {
        let text = "r(58) = 1.28, p = .03; F(1, 30) = -2.1, p = .03; χ2(2) = -3.1, p = .21; t(28) = -2.20, p = .036";
        assert_eq!(verdicts(text), [Some(false), Some(false), Some(false), Some(true)]);
    }

    /// No p lies outside of 0 to 1; what is a count of parameters, a power of 10 or a pressure is not read as one.
    #[test]
    fn a_p_that_is_no_probability_fails() {
        for text in [
            "t(28) = 0.20, p = 1.03.",
            "F(2, 45) = 3.2, P = 3.4; and",
            "t(28) = -2.20, p = -.036)",
            "t(28) = 2,20, p = 1,2",
            "χ2(2) = 3.1, p-value = -0.21 for men",
        ] {
            assert_eq!(verdicts(text), [Some(false)], "{text}");
        }
        for text in [
            "F(3, 96) = 4.2 in a model of p = 3 predictors",
            "z = 8.1, p = 10-5",
            "z = 8.1, p = 1.2·10-5",
            "z = 8.1, p = 2.5 %",
            "t(18) = 3.45, p = 0.3%",
            "t(18) = 2.00, .05 > p > .01",
            "t(18) = 2.31, 0.05 < p < 0.10",
            "z = 1.90, .05 >= p >= .01",
            "F(3, 96) = 4.2 at P = 1.5 kPa",
        ] {
            assert_eq!(verdicts(text), [], "{text}");
        }
        assert_eq!(
            verdicts("z = 0.0, p = 1.00; z = 8.1, p = 1.2 × 10-5; t(28) = 0.1, p > 1.5"),
            [Some(true), Some(false)]
        );
    }

    #[test]
    fn results_are_found_in_the_forms_of_papers() {
        for (text, expected) in [
            ("(t(18) = 2.31, p = .03)", vec!["t(18) = 2.31, p = .03"]),
            ("t (18)=-2.31; P<0.05.", vec!["t (18)=-2.31; P<0.05"]),
            ("t[18] = − 2.31, p-value = 0.033", vec!["t[18] = − 2.31, p-value = 0.033"]),
            ("t = 2.31, df = 18, p = .03", vec!["t = 2.31, df = 18, p = .03"]),
            ("F(2, 1,245) = 3.2, p < .05", vec!["F(2, 1,245) = 3.2, p < .05"]),
            (
                "F(1,245) = 3.2, p = .08; t(1,245) = 2.0, p < .05",
                vec!["F(1,245) = 3.2, p = .08", "t(1,245) = 2.0, p < .05"],
            ),
            ("F(1, 2, 45) = 3.2, p < .05; χ2(1,245) = 3.9, p = .048", vec!["χ2(1,245) = 3.9, p = .048"]),
            ("F(2, 45) = 1,003.2, p < .001", vec!["F(2, 45) = 1,003.2, p < .001"]),
            (
                "F(1.8, 45.2) = 3.2, MSE = 1.2, ηp² = .07, p ≤ .05",
                vec!["F(1.8, 45.2) = 3.2, MSE = 1.2, ηp² = .07, p ≤ .05"],
            ),
            ("χ²(2, N = 90) = 9.9, p = .007", vec!["χ²(2, N = 90) = 9.9, p = .007"]),
            ("X2 (2) = 9.9, p = .007", vec!["X2 (2) = 9.9, p = .007"]),
            ("chi-square(2) = 9.9, p = .007", vec!["chi-square(2) = 9.9, p = .007"]),
            ("Qw(7) = 9.9, p = .19", vec!["Qw(7) = 9.9, p = .19"]),
            ("r(58) = .28, 95% CI [.03, .50], p = .03", vec!["r(58) = .28, 95% CI [.03, .50], p = .03"]),
            ("z = 2.1, p = .036; Z = 0.3, n.s., and so on", vec!["z = 2.1, p = .036", "Z = 0.3, n.s"]),
            (
                "t(50) = 40.0, p = 1.2e-39 and t(50) = 9.0, p = 4.9 × 10−12.",
                vec!["t(50) = 40.0, p = 1.2e-39", "t(50) = 9.0, p = 4.9 × 10−12"],
            ),
            // Marks of Markdown, LaTeX and HTML, and decimal commas.
            (
                "*t*(48) = 2.31, *p* = .025; __F__(2, 9) = 3.1, **p** = .09",
                vec!["t(48) = 2.31, p = .025", "F(2, 9) = 3.1, p = .09"],
            ),
            ("$\\chi^2(3, N = 120) = 7.89$, $p = .048$", vec!["chi^2(3, N = 120) = 7.89, p = .048"]),
            ("<i>χ</i><sup>2</sup>(1) = 3.9, <em>p</em> = .048", vec!["χ2(1) = 3.9, p = .048"]),
            ("t(48) = 2,34, p = .024, d = 0,67", vec!["t(48) = 2,34, p = .024"]),
            ("t(48) = 2,340, p = 0,024", vec!["t(48) = 2,340, p = 0,024"]),
            ("r_s(48) = .31, p = .03", vec![]),
            // No p, or that of the next result; and what only looks like one.
            ("t(18) = 2.31. Prices rose (p = .03).", vec![]),
            ("t(18) = 2.31, F(1, 9) = 3.0, p = .12", vec!["F(1, 9) = 3.0, p = .12"]),
            ("F < 1, p = .5; at(18) = 2, p = .5; t(a) = 1, p = .3", vec![]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
        let lines: Vec<u64> =
            tests_in("a\nt(18) =\n2.31, p = .03\n\nz = 2.1, p = .036", 0.05).iter().map(|test| test.line).collect();
        assert_eq!(lines, [2, 5]);
    }

    /// R 4.2.2: 2 * pt(-1.75, 28) = 0.0911.
    #[test]
    fn sentences_say_how_many_tails() {
        let result = "t(28) = 1.75, p = .045";
        for (text, expected) in [
            (format!("We saw {result}."), None),
            (format!("A one-tailed test gave {result}."), Some(true)),
            (format!("Tests were one-sided. We saw {result}."), Some(true)),
            (format!("Tests were one-sided. We saw {result} (two-tailed)."), Some(false)),
            ("One-tailed, t(28) = 1.75, p = .091.".to_owned(), Some(true)),
            ("One-tailed, t(28) = 1.75, p = .012.".to_owned(), Some(false)),
        ] {
            assert_eq!(verdicts(&text), [expected], "{text}");
        }
    }

    #[test]
    fn scores_and_powers_are_no_statistics() {
        for text in [
            "The mean BMI z = 0.52, p = 0.03.",
            "HAZ z = −1.2 (p < .001)",
            "The mean z = −1.2 (p < .001)",
            "z-scores fell, z = −1.2, p < .001",
            "F(1, 20) = 1.25e+03, p < .5; F(1, 20) = 1.3 × 10^3, p < .5",
        ] {
            assert_eq!(verdicts(text), [], "{text}");
        }
        assert_eq!(
            verdicts("Age did not matter, Wilcoxon Z = 1.96, p = .05; 効果はz = 1.96でp = .05"),
            [Some(true); 2]
        );
        let zero = tests_in("F(1, 38) = 205.2, p < .000; t(38) = 1.0, p < .000", 0.05);
        let found = |at: usize| zero[at].judge(0.95, Rounding::default());
        assert_eq!((found(0).p_value, found(1).p_value), (Some(true), Some(false)));
        assert!(found(0).notes[0].contains("p < 0.001 says what is meant"), "{:?}", found(0));
    }

    /// A paper wraps its lines anywhere, with either end of a line, and a blank line ends sentence and result.
    #[test]
    fn lines_are_wrapped_and_paragraphs_end() {
        let result = "t(28) = 1.75, p = .045";
        for (text, expected) in [
            (format!("We saw {result}.\nAll other tests are two-tailed."), vec![None]),
            (format!("We saw {result}. All other tests are two-tailed."), vec![None]),
            (format!("A two-\ntailed test gave {result}."), vec![Some(false)]),
            (format!("A two-\r\ntailed test gave {result}."), vec![Some(false)]),
            (format!("A one-\ntailed test gave {result}."), vec![Some(true)]),
            (format!("Elsewhere, tests were one-\ntailed. We saw {result}."), vec![Some(true)]),
            (format!("{result}\n\nTests of sex were two-sided."), vec![None]),
            (format!("{result}\r\n\r\nTests of sex were two-sided.\r\n"), vec![None]),
            (format!("Two-sided tests\n \t\n{result}"), vec![None]),
            ("t(18) = 2.31\n\nOf another test p = .9 was found.".to_owned(), vec![]),
            ("t(18) = 2.31\r\n\r\nOf another test p = .9 was found.".to_owned(), vec![]),
            ("t(28)\t=\u{A0}1.75,\r\np\n= .091".to_owned(), vec![Some(true)]),
        ] {
            assert_eq!(verdicts(&text), expected, "{text:?}");
        }
        let lines: Vec<u64> = tests_in("a\r\n\r\nb,\r\nt(18) = 2.31, p = .03", 0.05).iter().map(|of| of.line).collect();
        assert_eq!(lines, [4]);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(t|F|r|z|χ2|p|ns|=|<|\\(|\\)|,|\\.|[0-9]|-|e|×10| |\\n|df|chi|\\PC){0,40}") {
            for test in tests_in(&text, 0.05) {
                test.judge(0.95, Rounding::default());
            }
        }

        /// Honest results, printed to any number of decimals, are found and never fail; with another p they do, or may
        /// be one-sided or adjusted.
        #[test]
        fn honest_results_never_fail(x in 0.05..6.0f64, df in 2u32..90, decimals in 1usize..4, places in 2usize..5) {
            let d = f64::from(df);
            let f = |x: f64| format!("{x:.decimals$}");
            let r = x / (d + x * x).sqrt();
            let results = [
                (format!("t({df}) = {}", f(x)), t_two_sided_p(x, d)),
                (format!("t({df}) = −{}", f(x)), t_two_sided_p(x, d)),
                (format!("F(2, {df}) = {}", f(x)), f_sf(x, 2.0, d)),
                (format!("r({df}) = {}", f(r).trim_start_matches('0')), t_two_sided_p(x, d)),
                (format!("χ2({df}, N = 200) = {}", f(x)), chi_squared_sf(x, d)),
                (format!("z = {}", f(x)), normal_two_sided_p(x)),
            ];
            let text: String = results.iter().map(|(result, p)| {
                let p = if *p < 0.001 { "p < .001".to_owned() } else { format!("p = {p:.places$}") };
                format!("We saw {result}, {p}. ")
            }).collect();
            let found = verdicts(&text);
            prop_assert_eq!(found.len(), results.len(), "{}", text);
            prop_assert!(found.iter().all(|verdict| *verdict == Some(true)), "{} {:?}", text, found);
        }
    }

    /// U, W and H have no degrees of freedom in brackets, and a p behind them is theirs; a p that is not read ends a
    /// result.
    #[test]
    fn a_p_of_another_test_is_not_taken() {
        for text in [
            "t(18) = 2.31 (U = 33, p = .9)",
            "t(18) = 2.31 vs. control and U = 33, p = .9",
            "t(18) = 2.31, H = 6.1, p = .9",
            "t(18) = 2.31, Mann-Whitney p = .9",
            "F(2, 45) = 3.2, sphericity: W = .9, p = .9",
            "t(18) = 2.31, p less than .05, U = 33, p = .9",
            "z = 8.1, p = 10^-10, U = 33, p = .9",
        ] {
            assert_eq!(tests_in(text, 0.05), [], "{text}");
        }
        let with_sizes = tests_in("t(18) = 2.31, d = 1.0, 95% CI [0.1, 1.9], SE = 0.4, p = .033", 0.05);
        assert_eq!(with_sizes.len(), 1);
    }
}
