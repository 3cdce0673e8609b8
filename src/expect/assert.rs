//! Assertions for tests.

use super::compare::{Answer, Tolerance, compare};
use crate::check::{Check, Status, cells};
use crate::diagnostic::Refused;
use crate::estimate::{Coefficient, Estimate, TestResult};
use crate::numeric::interval::Interval;
use crate::numeric::numeral::{Comparison, Numeral};
use crate::numeric::rounding::{Rounded, Rounding};
use crate::reported::{Expected, MeanSd, Release, Scale, SpreadMeaning};
use std::fmt::Display;

/// Something that can be compared with a printed number.
pub trait Reported {
    /// The value itself under `is`, and what stands around it under `ci`, `se`, `p`, `statistic`, `df`;
    /// none where it has no such part.
    fn part(&self, key: &str) -> Option<Answer>;
}

fn number(value: Option<f64>, notes: &[String]) -> Answer {
    value.map_or_else(|| Answer::Refused(notes.join("; ")), Answer::Number)
}

fn interval(value: Option<Interval>, notes: &[String]) -> Answer {
    value.map_or_else(|| Answer::Refused(notes.join("; ")), |ci| Answer::Interval(ci.lower, ci.upper))
}

impl Reported for f64 {
    fn part(&self, key: &str) -> Option<Answer> {
        (key == "is").then_some(Answer::Number(*self))
    }
}

impl Reported for Interval {
    fn part(&self, key: &str) -> Option<Answer> {
        (key == "is").then_some(Answer::Interval(self.lower, self.upper))
    }
}

impl Reported for Rounded {
    fn part(&self, key: &str) -> Option<Answer> {
        self.value.part(key)
    }
}

impl<T: Reported> Reported for Option<T> {
    fn part(&self, key: &str) -> Option<Answer> {
        match self {
            Some(value) => value.part(key),
            None => Some(Answer::Refused("there is no value".to_owned())),
        }
    }
}

impl<T: Reported + ?Sized> Reported for &T {
    fn part(&self, key: &str) -> Option<Answer> {
        (**self).part(key)
    }
}

impl Reported for Estimate {
    fn part(&self, key: &str) -> Option<Answer> {
        let notes = &self.notes;
        match key {
            "is" => Some(number(self.estimate, notes)),
            "ci" => Some(interval(self.ci, notes)),
            "se" => Some(number(self.se, notes)),
            "df" => Some(number(self.df, notes)),
            "statistic" => self.test(&[]).map(|test| Answer::Number(test.statistic)),
            "p" => self.test(&[]).map(|test| Answer::Number(test.p)),
            _ => None,
        }
    }
}

impl Reported for TestResult {
    fn part(&self, key: &str) -> Option<Answer> {
        match key {
            "is" | "statistic" => Some(Answer::Number(self.statistic)),
            "df" => Some(Answer::Number(self.df)),
            "p" => Some(Answer::Number(self.p)),
            _ => None,
        }
    }
}

impl Reported for Coefficient {
    fn part(&self, key: &str) -> Option<Answer> {
        match key {
            "is" => Some(Answer::Number(self.estimate)),
            "se" => Some(Answer::Number(self.se)),
            "ci" => Some(Answer::Interval(self.ci.lower, self.ci.upper)),
            "p" => Some(Answer::Number(self.p)),
            "statistic" => Some(Answer::Number(self.statistic)),
            "df" => self.df.map(Answer::Number),
            _ => None,
        }
    }
}

/// Something that was printed: a text, or the two ends of an interval.
pub trait Printed {
    /// What is expected.
    ///
    /// # Errors
    /// If the text is no number, comparison or refusal.
    fn expected(&self) -> Result<Expected, Refused>;
}

impl Printed for &str {
    fn expected(&self) -> Result<Expected, Refused> {
        let text = self.trim();
        if let Some(reason) = text.strip_prefix("refused") {
            return Ok(Expected::Refused(reason.trim_start_matches([':', ' ']).to_owned()));
        }
        if text.contains(['<', '>', '≤', '≥', '=', '＜', '＞']) {
            return text.parse::<Comparison>().map(Expected::Comparison).map_err(|error| error.to_string().into());
        }
        text.parse::<Numeral>().map(Expected::Number).map_err(|error| error.to_string().into())
    }
}

impl Printed for [&str; 2] {
    fn expected(&self) -> Result<Expected, Refused> {
        let end = |text: &str| text.parse::<Numeral>().map_err(|error| error.to_string());
        Ok(Expected::Interval(end(self[0])?, end(self[1])?))
    }
}

/// What of a value is not as it was printed, one line for each part; nothing where all is. The rounding
/// is that of the source, and the source is named in the lines.
pub fn reported(
    value: &dyn Reported,
    parts: &[(&str, &dyn Printed)],
    rounding: Option<Rounding>,
    source: Option<&str>,
) -> Option<String> {
    let tolerance = Tolerance { rounding: rounding.unwrap_or_default(), within: None };
    let mut lines = Vec::new();
    for (key, printed) in parts {
        let name = if *key == "is" { "the value".to_owned() } else { format!("its {key}") };
        match (printed.expected(), value.part(key)) {
            (Err(problem), _) => lines.push(format!("what is expected of {name}: {problem}")),
            (_, None) => lines.push(format!("it has no {key}")),
            (Ok(expected), Some(answer)) => {
                if let Some(difference) = compare(&expected, &answer, tolerance) {
                    lines.push(format!("{name} is {} and not {expected}: {}", difference.found, difference.why));
                }
            }
        }
    }
    lines.extend(source.filter(|_| !lines.is_empty()).map(|source| format!("source: {source}")));
    (!lines.is_empty()).then(|| lines.join("\n  "))
}

/// Something whose numbers have to fit together.
pub trait Consistent {
    /// What does not fit, one line each.
    fn contradictions(&self) -> Vec<String>;
}

impl Consistent for Release {
    fn contradictions(&self) -> Vec<String> {
        let checks = crate::check::of_release(self, Rounding::default());
        let told = |check: &Check| format!("{} · {}: {}", check.code, check.subject, check.message);
        let is_accepted = |check: &Check| self.ignored.iter().any(|entry| entry.accepts(check.code, &check.subject));
        checks.iter().filter(|check| check.status == Status::Fail && !is_accepted(check)).map(told).collect()
    }
}

impl<T: Consistent + ?Sized> Consistent for &T {
    fn contradictions(&self) -> Vec<String> {
        (**self).contradictions()
    }
}

/// What contradicts itself in a printed mean and SD of n values on a scale: GRIM, GRIMMER, the limits of
/// the SD and the existence of data. A mean of nobody and an SD of one value are contradictions as well, and so that a
/// wrong n or meaning does not pass for ever, it is told where no check at all could be made.
///
/// ```
/// use reffect::expect::consistency;
/// use reffect::reported::{Scale, SpreadMeaning};
/// assert!(consistency(&"2.9 ± 1.1", 7, &Scale::Count, SpreadMeaning::Sd).is_empty());
/// let found = consistency(&"2.8 ± 1.1", 7, &Scale::Count, SpreadMeaning::Sd);
/// assert!(found[0].starts_with("grim: no total of 7 people prints as the mean 2.8"));
/// let unchecked = consistency(&"2.9 ± 1.1", 7, &Scale::Count, SpreadMeaning::Quartiles);
/// assert!(unchecked[0].starts_with("nothing could be checked"));
/// ```
pub fn consistency(cell: &dyn Display, n: u64, scale: &Scale, meaning: SpreadMeaning) -> Vec<String> {
    let read: MeanSd = match cell.to_string().parse() {
        Ok(read) => read,
        Err(error) => return vec![error.to_string()],
    };
    if n == 0 {
        return vec!["n = 0: there is no mean of nobody".to_owned()];
    }
    // The SD of one value as that of a population is 0, which the checks see.
    if n == 1 && read.spread.is_some() && meaning != SpreadMeaning::PopulationSd {
        return vec!["n = 1: one value has no spread".to_owned()];
    }
    let verdicts = cells::of_mean_sd(&read, n, scale, meaning, Rounding::default());
    let of = |wanted: Status| verdicts.iter().filter(move |(_, (status, _))| *status == wanted);
    let told = |(code, (_, message)): &(&'static str, cells::Verdict)| format!("{code}: {message}");
    if of(Status::Fail).chain(of(Status::Pass)).next().is_none() {
        let reasons: Vec<String> = of(Status::Refused).map(told).collect();
        return vec![format!("nothing could be checked: {}", reasons.join("; "))];
    }
    of(Status::Fail).map(told).collect()
}

/// Asserts that a value prints as it was reported: `2.05` holds for everything from 2.045 to 2.055.
///
/// The value is a number, an interval, an [`Estimate`](crate::estimate::Estimate), a test or a coefficient. `ci`, `se`,
/// `p`, `statistic` and `df` compare what stands around it; `rounding` says how the source rounded, and
/// `source` names it in the message.
///
/// ```
/// use reffect::assert_reported;
/// use reffect::numeric::rounding::Rounding;
///
/// assert_reported!(0.1 + 0.2, "0.3");
/// assert_reported!(2.45, "2.5", rounding = Rounding::HalfAway, source = "Table 2");
/// assert_reported!(0.0312, "p < 0.05");
/// ```
///
/// The message says what was found, what the print stands for, and by how much it misses:
///
/// ```should_panic
/// # use reffect::assert_reported;
/// assert_reported!(2.0941, "2.05", source = "Araki 2014, abstract");
/// // the value is 2.0941 and not 2.05: 2.05 stands for 2.045 to 2.055, missed by 0.0391
/// // source: Araki 2014, abstract
/// ```
#[macro_export]
macro_rules! assert_reported {
    ($value:expr, $printed:expr $(,)?) => {
        $crate::assert_reported!(@ $value, $printed, [], ::core::option::Option::None, ::core::option::Option::None,)
    };
    ($value:expr, $printed:expr, $($rest:tt)+) => {
        $crate::assert_reported!(@ $value, $printed, [], ::core::option::Option::None, ::core::option::Option::None, $($rest)+)
    };
    (@ $value:expr, $printed:expr, [$($parts:tt)*], $rounding:expr, $source:expr, rounding = $given:expr $(, $($rest:tt)*)?) => {
        $crate::assert_reported!(@ $value, $printed, [$($parts)*], ::core::option::Option::Some($given), $source, $($($rest)*)?)
    };
    (@ $value:expr, $printed:expr, [$($parts:tt)*], $rounding:expr, $source:expr, source = $given:expr $(, $($rest:tt)*)?) => {
        $crate::assert_reported!(@ $value, $printed, [$($parts)*], $rounding, ::core::option::Option::Some($given), $($($rest)*)?)
    };
    (@ $value:expr, $printed:expr, [$($parts:tt)*], $rounding:expr, $source:expr, $key:ident = $expected:expr $(, $($rest:tt)*)?) => {
        $crate::assert_reported!(
            @ $value, $printed, [$($parts)* (::core::stringify!($key), &$expected as &dyn $crate::expect::Printed),],
            $rounding, $source, $($($rest)*)?
        )
    };
    (@ $value:expr, $printed:expr, [$($parts:tt)*], $rounding:expr, $source:expr $(,)?) => {
        match &$value {
            value => {
                let parts = [("is", &$printed as &dyn $crate::expect::Printed), $($parts)*];
                if let ::core::option::Option::Some(missed) = $crate::expect::reported(value, &parts, $rounding, $source) {
                    ::core::panic!("`{}` is not as reported\n  {missed}", ::core::stringify!($value));
                }
            }
        }
    };
}

/// Asserts that numbers fit together: all of a release but what an `[[ignore]]` in its file accepts, or a printed mean
/// and SD with n and scale. A cell of which nothing can be judged, such as one of nobody, an SD of one value, or
/// quartiles, fails as well, with that reason.
///
/// ```
/// use reffect::assert_consistent;
/// use reffect::reported::Scale;
///
/// assert_consistent!("0.4 ± 0.8", n = 7, scale = Scale::Count);
/// let trials = reffect::read::Dataset::load("data")?;
/// assert_consistent!(trials.release("nmo-tocilizumab-2014")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// ```should_panic
/// # use reffect::{assert_consistent, reported::Scale};
/// // 7 whole numbers have no mean that prints as 2.8.
/// assert_consistent!("2.8 ± 1.1", n = 7, scale = Scale::Count);
/// ```
#[macro_export]
macro_rules! assert_consistent {
    ($cell:expr, n = $n:expr, scale = $scale:expr $(,)?) => {
        $crate::assert_consistent!($cell, n = $n, scale = $scale, sd = $crate::reported::SpreadMeaning::Sd)
    };
    ($cell:expr, n = $n:expr, scale = $scale:expr, sd = $meaning:expr $(,)?) => {
        match &$cell {
            cell => {
                let found = $crate::expect::consistency(cell, $n, &$scale, $meaning);
                if !found.is_empty() {
                    ::core::panic!("{cell} with n = {} does not fit\n  {}", $n, found.join("\n  "));
                }
            }
        }
    };
    ($release:expr $(,)?) => {
        match &$release {
            release => {
                let found = $crate::expect::Consistent::contradictions(release);
                if !found.is_empty() {
                    ::core::panic!("`{}` contradicts itself\n  {}", ::core::stringify!($release), found.join("\n  "));
                }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use crate::estimate::{CiMethod, Estimate, Measure};
    use crate::numeric::interval::Interval;
    use crate::reported::Scale;
    use std::panic::catch_unwind;

    fn message(work: impl FnOnce() + std::panic::UnwindSafe) -> String {
        *catch_unwind(work).unwrap_err().downcast::<String>().unwrap()
    }

    fn estimate() -> Estimate {
        Estimate {
            estimate: Some(-0.4123),
            se: Some(0.2),
            df: Some(6.0),
            ci: Some(Interval { lower: -0.9017, upper: 0.0771 }),
            ci_method: CiMethod::T,
            ..Estimate::absent(Measure::Md, None, String::new())
        }
    }

    #[test]
    fn messages_say_what_was_found_and_by_how_much_it_misses() {
        crate::assert_reported!(estimate(), "−0.41", ci = ["−0.90", "0.08"], se = "0.2", p = "< 0.1");
        // −0.4123/0.2
        crate::assert_reported!(estimate(), "−0.41", statistic = "−2.06", df = "6");
        crate::assert_reported!(Some(2.0541), "2.05");
        crate::assert_reported!(None::<f64>, "refused");
        let wrong = message(|| {
            crate::assert_reported!(estimate(), "−0.42", ci = ["−0.93", "0.08"], p = "p < 0.05", source = "Table 2")
        });
        let lines: Vec<&str> = wrong.lines().collect();
        assert_eq!(lines[0], "`estimate()` is not as reported");
        assert_eq!(
            lines[1],
            "  the value is −0.41230 and not −0.42: −0.42 stands for −0.425 to −0.415, missed by 0.00270"
        );
        assert_eq!(
            lines[2],
            "  its ci is −0.90170 to 0.077100 and not −0.93 to 0.08: lower end −0.9017: −0.93 stands for −0.935 to −0.925, missed by 0.0233"
        );
        // 2 * pt(-2.0615, 6) in R 4.2.2
        assert!(lines[3].contains("0.08488"), "{wrong}");
        assert_eq!(lines[4], "  source: Table 2");
        assert!(message(|| crate::assert_reported!(2.0, "two and a half")).contains("is not one number"));
        assert!(message(|| crate::assert_reported!(2.0, "2", ci = ["1", "3"])).contains("it has no ci"));
    }

    #[test]
    fn what_cannot_be_checked_does_not_pass() {
        use crate::reported::SpreadMeaning;
        let nobody = message(|| crate::assert_consistent!("2.9 ± 1.1", n = 0, scale = Scale::Count));
        assert!(nobody.ends_with("n = 0: there is no mean of nobody"), "{nobody}");
        let one = message(|| crate::assert_consistent!("3 ± 1.1", n = 1, scale = Scale::Count));
        assert!(one.ends_with("n = 1: one value has no spread"), "{one}");
        let quartiles = SpreadMeaning::Quartiles;
        let open = message(|| crate::assert_consistent!("2.9 ± 1.1", n = 7, scale = Scale::Count, sd = quartiles));
        assert!(open.contains("nothing could be checked: existence: not decidable"), "{open}");
        // One value alone is its own mean, and a mean without an SD can be judged.
        crate::assert_consistent!("3", n = 1, scale = Scale::Count);
        crate::assert_consistent!("2.9", n = 7, scale = Scale::Count);
    }

    /// As `assert_folder` has it: what a file accepts is no contradiction, and the rest is.
    #[test]
    fn what_a_file_accepts_is_consistent() {
        use crate::read::read_release;
        let text = "label = \"x\"\ntitle = \"x\"\npublisher = \"x\"\ndate = 2020-01-15\nlanguage = \"en\"\nkind = \"trial\"\n\
                    source = { file = \"r.txt\" }\n[[arm]]\nid = \"a\"\nlabel = \"a\"\nn = 20\nquote = \"20 of them\"\n\
                    [[number]]\nid = \"m\"\nlabel = \"m\"\nvalue = 7\nquote = \"8 of them\"\n";
        let accepted = "[[ignore]]\ncheck = \"quote-number\"\nsubject = \"7\"\nreason = \"a test\"\n";
        let plain = read_release("x", "x.toml", text).unwrap();
        assert!(message(|| crate::assert_consistent!(plain)).contains("quote-number · 7"));
        let release = read_release("x", "x.toml", &format!("{text}{accepted}")).unwrap();
        crate::assert_consistent!(release);
        let other = accepted.replace("\"7\"", "\"8\"");
        let release = read_release("x", "x.toml", &format!("{text}{other}")).unwrap();
        assert!(message(|| crate::assert_consistent!(release)).contains("quote-number · 7"));
    }

    #[test]
    fn what_does_not_fit_says_why() {
        let wrong = message(|| crate::assert_consistent!("2.8 ± 1.1", n = 7, scale = Scale::Count));
        assert!(wrong.starts_with("2.8 ± 1.1 with n = 7 does not fit\n  grim: no total of 7 people"), "{wrong}");
    }
}
