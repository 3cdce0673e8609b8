//! Columns of tables that compare those beside them: "Difference (95% CI)", 群間差, "HR", "P value".

use super::assemble::Assembler;
use super::behind_effects::{are_joined, level_named};
use super::compared::OfGroups;
use super::effects::Effect;
use super::flow::Flow;
use super::groups::is_control;
use super::scan::{Form, Found};
use super::table::{cells_of, heading, heading_by_names, label, row};
use crate::numeric::numeral::{Comparison, Expression, Numeral, SpreadName, fold};
use crate::reported::{EffectScale, PrintedEstimate, ReportedMeasure, Statistic, USUAL_LEVEL};
use std::ops::Range;

/// What the names of such columns end in, or are.
const MEASURES: [(&str, ReportedMeasure); 39] = [
    ("risk difference", ReportedMeasure::RiskDifference),
    ("リスク差", ReportedMeasure::RiskDifference),
    ("difference", ReportedMeasure::MeanDifference),
    ("diff.", ReportedMeasure::MeanDifference),
    ("diff", ReportedMeasure::MeanDifference),
    ("群間差", ReportedMeasure::MeanDifference),
    ("平均差", ReportedMeasure::MeanDifference),
    ("の差", ReportedMeasure::MeanDifference),
    ("hazard ratio", ReportedMeasure::HazardRatio),
    ("hr", ReportedMeasure::HazardRatio),
    ("ハザード比", ReportedMeasure::HazardRatio),
    ("odds ratio", ReportedMeasure::OddsRatio),
    ("or", ReportedMeasure::OddsRatio),
    ("オッズ比", ReportedMeasure::OddsRatio),
    ("risk ratio", ReportedMeasure::RiskRatio),
    ("relative risk", ReportedMeasure::RiskRatio),
    ("rr", ReportedMeasure::RiskRatio),
    ("リスク比", ReportedMeasure::RiskRatio),
    ("rate ratio", ReportedMeasure::RateRatio),
    ("irr", ReportedMeasure::RateRatio),
    ("ahr", ReportedMeasure::HazardRatio),
    ("shr", ReportedMeasure::HazardRatio),
    ("aor", ReportedMeasure::OddsRatio),
    ("arr", ReportedMeasure::RiskRatio),
    ("odds ratios", ReportedMeasure::OddsRatio),
    ("hazard ratios", ReportedMeasure::HazardRatio),
    ("mean differences", ReportedMeasure::MeanDifference),
    ("b", ReportedMeasure::RegressionCoefficient),
    ("β", ReportedMeasure::RegressionCoefficient),
    ("βa", ReportedMeasure::RegressionCoefficient),
    ("est", ReportedMeasure::RegressionCoefficient),
    ("est.", ReportedMeasure::RegressionCoefficient),
    ("coefficients", ReportedMeasure::RegressionCoefficient),
    ("beta", ReportedMeasure::RegressionCoefficient),
    ("coefficient", ReportedMeasure::RegressionCoefficient),
    ("coef.", ReportedMeasure::RegressionCoefficient),
    ("coef", ReportedMeasure::RegressionCoefficient),
    ("estimate", ReportedMeasure::RegressionCoefficient),
    ("回帰係数", ReportedMeasure::RegressionCoefficient),
];

/// What columns of standard errors are called.
const ERRORS: [&str; 10] = [
    "se",
    "se b",
    "se of b",
    "s.e.",
    "std. error",
    "std error",
    "std. err.",
    "standard error",
    "robust se",
    "標準誤差",
];

/// What stands between a coefficient and its p in the tables of regressions.
const BETWEEN: [&str; 24] = [
    "t",
    "z",
    "t value",
    "z value",
    "t-value",
    "z-value",
    "t statistic",
    "z statistic",
    "t ratio",
    "wald",
    "wald z",
    "t値",
    "df",
    "自由度",
    "β",
    "beta",
    "std. beta",
    "標準化係数",
    "r",
    "r2",
    "partial r2",
    "t-ratio",
    "d.f.",
    "approx d.f.",
];

/// What the columns of probabilities are called.
const PROBABILITIES: [&str; 13] =
    ["p", "pr", "sig", "sig.", "有意確率", "p value", "p-value", "p-values", "pvalue", "p値", "p 値", "p-値", "p値a"];

/// Numbers that stand below "P value" are probabilities: `<0.001`, `0.31`.
pub(super) fn with_probabilities(flow: &Flow, found: Vec<Found>) -> Vec<Found> {
    let is_of_p = |number: &Found| {
        let heading = heading_of(flow, number.range.start).unwrap_or_default();
        PROBABILITIES.contains(&name_of(&heading))
    };
    let in_column = |number: Found| {
        let is_number = matches!(number.form, Form::Number(Expression::Number(_)));
        match number.text.parse::<Comparison>() {
            Ok(p) if is_number && is_of_p(&number) => Found { form: Form::Probability(p), ..number },
            _ => number,
        }
    };
    found.into_iter().map(in_column).collect()
}

/// What a heading says in front of its brackets.
fn name_of(heading: &str) -> &str {
    heading.split(['(', '[', ',', ';', '*', '†']).next().unwrap_or_default().trim()
}

/// What the column of a place is called. A header without a cell above the names of the rows begins with the first column
/// of numbers; else the top row of the table names it, or the nearest row of names.
fn heading_of(flow: &Flow, at: usize) -> Option<String> {
    let of_numbers = |first: &str| measure_of(first).is_some() || PROBABILITIES.contains(&name_of(first));
    match heading_by_names(flow, at, of_numbers) {
        Some(heading) if heading.begins_with_numbers || is_known(&heading.name) => Some(heading.name),
        nearest => heading(flow, at).or(nearest.map(|heading| heading.name)),
    }
}

/// Whether a heading is of a value, its error, its interval or its test.
fn is_known(heading: &str) -> bool {
    let (name, whole) = (name_of(heading), heading.trim());
    measure_of(heading).is_some()
        || [&PROBABILITIES[..], &ERRORS, &BETWEEN].iter().any(|names| names.contains(&name) || names.contains(&whole))
        || level_named(heading).is_some()
}

/// The measure that a heading names.
pub(super) fn measure_of(heading: &str) -> Option<ReportedMeasure> {
    let name = name_of(heading);
    // "Odds ratio or mean difference" is one or the other; a logarithm lies in the middle of its interval as a coefficient.
    let is_either = heading.contains("difference") && names_ratio(heading);
    if is_either {
        return None;
    }
    if ["log", "ln"].iter().any(|word| name.starts_with(word)) {
        return names_ratio(heading).then_some(ReportedMeasure::RegressionCoefficient);
    }
    // "mL/hr" is a unit, and "24 hr" a time.
    let is_word = |rest: &str| !rest.ends_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    let is_short_for =
        |word: &str, rest: &str| word.len() > 2 || !rest.trim_end().ends_with(|c: char| c.is_ascii_digit());
    let is_letter =
        |word: &str| word.chars().count() == 1 || matches!(word, "beta" | "estimate" | "coef" | "est" | "βa");
    let is_named = |word: &str| {
        let rest = name.strip_suffix(word);
        rest.is_some_and(|rest| is_word(rest) && is_short_for(word, rest) && (rest.is_empty() || !is_letter(word)))
    };
    MEASURES.iter().find(|(word, _)| is_named(word)).map(|(_, measure)| *measure)
}

/// Whether words in small letters name a ratio.
fn names_ratio(words: &str) -> bool {
    const RATIOS: [&str; 9] = ["ratio", "ratios", "hr", "or", "rr", "irr", "gmr", "ahr", "aor"];
    let mut each = words.split(|c: char| !c.is_ascii_alphabetic());
    words.contains("relative risk") || words.contains('比') || each.any(|word| RATIOS.contains(&word))
}

/// Whether words in small letters, in front of a value in its cell or at the head of its row, name a measure of another
/// scale than that of its column.
fn names_another(words: &str, named: ReportedMeasure) -> bool {
    let mut each = words.split(|c: char| !c.is_ascii_alphabetic());
    match named.scale() {
        EffectScale::Log => words.contains("difference") || each.any(|word| matches!(word, "md" | "smd" | "rd")),
        // An "or" joins two words.
        _ => names_ratio(&each.filter(|word| *word != "or").collect::<Vec<_>>().join(" ")) || words.contains("odds"),
    }
}

fn number_of(found: &Found) -> Option<Numeral> {
    match &found.form {
        Form::Number(Expression::Number(number)) => Some(number.clone()),
        _ => None,
    }
}

/// The ends of an interval that have a column of their own, or two, with the level that it is called: "HR | 95% CI",
/// "HR | Lower 95% CI | Upper 95% CI".
fn interval_of_next_column(flow: &Flow, found: &[Found]) -> Option<([Numeral; 2], f64)> {
    let [value, lower, upper, ..] = found else { return None };
    let own = row(flow, value.range.start)?;
    let heading = heading_of(flow, lower.range.start).filter(|_| own.contains(&upper.range.start))?;
    let of_upper = heading_of(flow, upper.range.start)?;
    let is_called = |heading: &str, words: [&str; 3]| words.iter().any(|word| heading.contains(word));
    let are_two = is_called(&heading, ["low", "lcl", "下限"]) && is_called(&of_upper, ["upper", "ucl", "上限"])
        || heading.contains("low") && of_upper.contains("high");
    // "HR (95% CI)" in the next column is another effect.
    let of_heading = level_named(&heading).filter(|_| measure_of(&heading).is_none());
    let level = of_heading.or(are_two.then_some(USUAL_LEVEL))?;
    let (low, high) = number_of(lower).zip(number_of(upper))?;
    let is_one = (are_two || are_joined(flow, lower, upper)) && low.decimal() <= high.decimal();
    is_one.then_some(([low, high], level))
}

/// The test of an effect in a row.
struct OfTest {
    statistic: Option<Numeral>,
    p: Option<Comparison>,
    /// How many numbers these are, with those between.
    numbers: usize,
    /// The places of those between that are something else.
    apart: Vec<usize>,
}

impl Assembler<'_, '_> {
    /// The effect whose value is the number at a position, in a column that is called one, with the p of its row.
    pub(super) fn effect_of_column(&self, position: usize) -> Option<OfGroups> {
        let number = self.found.get(position)?;
        let heading = heading_of(self.flow, number.range.start)?;
        let named = measure_of(&heading).filter(|named| !self.is_named_otherwise(number, *named))?;
        let of_heading = level_named(&heading);
        let se = self.error_of_next_column(position);
        let beside = interval_of_next_column(self.flow, &self.found[position + usize::from(se.is_some())..]);
        let numbers = 1 + usize::from(se.is_some()) + if beside.is_some() { 2 } else { 0 };
        let (value, ends, level) = match &number.form {
            Form::Result(Expression::Range { center, lower, upper, name: None }) => {
                (center, Some([lower.clone(), upper.clone()]), of_heading?)
            }
            Form::Result(Expression::Range { center, lower, upper, name: Some(SpreadName::Ci) }) => {
                (center, Some([lower.clone(), upper.clone()]), of_heading.unwrap_or(USUAL_LEVEL))
            }
            Form::Number(Expression::Number(value)) => {
                let (ends, level) = beside.unzip();
                (value, ends, level.unwrap_or(USUAL_LEVEL))
            }
            _ => return None,
        };
        let own = row(self.flow, number.range.start)?;
        let test = self.test_from(position + numbers, &own, se.is_some());
        let measure = match named {
            ReportedMeasure::MeanDifference if self.is_row_of_shares(number) => ReportedMeasure::RiskDifference,
            named => named,
        };
        let fits = |number: &Numeral| number.exact().is_ok() && measure.scale().domain().contains(number.value());
        let is_possible = ends.iter().flatten().chain([value]).all(fits);
        if !is_possible || ends.is_none() && test.p.is_none() && test.statistic.is_none() {
            return None;
        }
        let (group, versus) = self.groups_of_effect(number, value, named).unzip();
        let time = self.time_before(own.start..number.range.start, Some(Statistic::Change)).map(|(time, _)| time);
        let numbers = numbers + test.numbers;
        let end = self.found.get(position + numbers - 1).unwrap_or(number).range.end;
        let effect = Effect {
            measure,
            of_one_arm: false,
            is_open: false,
            printed: PrintedEstimate { value: value.clone(), ends, level: None },
            statistic: test.statistic,
            se,
            level,
            numbers,
            p: test.p,
            apart: test.apart,
            method: None,
            range: number.range.start..end,
            value_start: number.range.start,
            value_end: number.range.end,
        };
        Some(OfGroups::of(effect, group.zip(versus), time.filter(|time| time.is_told())))
    }

    /// Whether the cell of a number, or its row, names another measure than its column.
    fn is_named_otherwise(&self, number: &Found, named: ReportedMeasure) -> bool {
        let Some(own) = row(self.flow, number.range.start) else { return false };
        let cell = cells_of(self.flow, &own).into_iter().find(|cell| cell.contains(&number.range.start));
        let front = cell.map(|cell| fold(&self.flow.text(cell.start..number.range.start)).to_lowercase());
        let label = label(self.flow, &own);
        [front, label].into_iter().flatten().any(|words| names_another(&words, named))
    }

    /// The standard error in the column right of a number.
    fn error_of_next_column(&self, position: usize) -> Option<Numeral> {
        let [value, error, ..] = self.found.get(position..)? else { return None };
        let own = row(self.flow, value.range.start).filter(|own| own.contains(&error.range.start))?;
        let heading = heading_of(self.flow, error.range.start).filter(|_| !own.is_empty())?;
        let se = number_of(error).filter(|se| se.decimal().signum() >= 0);
        se.filter(|_| ERRORS.contains(&name_of(&heading)))
    }

    /// The test of an effect in the columns of its row from a position on: what stands between a coefficient and its p, and
    /// that. Without a p the statistic is the last of them.
    fn test_from(&self, first: usize, own: &Range<usize>, has_se: bool) -> OfTest {
        let heading = |number: &Found| heading_of(self.flow, number.range.start).unwrap_or_default();
        let is_between = |number: &&Found| {
            let is_number = matches!(number.form, Form::Number(_)) && own.contains(&number.range.start);
            is_number && BETWEEN.contains(&heading(number).trim())
        };
        let behind = self.found.get(first..).unwrap_or_default();
        let passed = behind.iter().take_while(is_between).count();
        let p = behind.get(passed).filter(|next| own.contains(&next.range.start)).and_then(|next| match &next.form {
            Form::Probability(p) => Some(p.clone()),
            _ => None,
        });
        let is_statistic = |number: &Found| has_se && heading(number).starts_with(['t', 'z']);
        let place = behind[..passed].iter().position(is_statistic);
        let passed = if p.is_some() { passed } else { place.map_or(0, |place| place + 1) };
        OfTest {
            statistic: place.and_then(|place| number_of(&behind[place])),
            apart: (0..passed).filter(|at| Some(*at) != place).map(|at| first + at).collect(),
            numbers: passed + usize::from(p.is_some()),
            p,
        }
    }

    /// The two groups that a number in a table with one column for each of them compares: the one, and the control, or
    /// else the second.
    pub(super) fn groups_compared(&self, number: &Found) -> Option<[String; 2]> {
        let [one, other] = self.groups.of_header(self.flow, number.range.start)? else { return None };
        let (one, other) = (one.what.clone(), other.what.clone());
        match [is_control(&one), is_control(&other)] {
            _ if one == other => None,
            [true, false] => Some([other, one]),
            _ => Some([one, other]),
        }
    }

    /// The group that an effect of a row is of, and the other one: the values of both tell which is taken from which.
    /// None where they fit neither.
    fn groups_of_effect(&self, number: &Found, value: &Numeral, named: ReportedMeasure) -> Option<(String, String)> {
        /// So far, in parts of the difference of the values, an adjusted one may be from the other.
        const NEAR: f64 = 0.5;
        let [group, versus] = self.groups_compared(number)?;
        let own = row(self.flow, number.range.start)?;
        let center = |of: &String| {
            let mut here = self.found_from(own.start).iter().take_while(|next| next.range.start < number.range.start);
            let cell = here.find(|next| self.groups.of_column(self.flow, next.range.start).as_ref() == Some(of))?;
            match &cell.form {
                Form::Result(Expression::Spread { center, .. } | Expression::Range { center, .. }) => {
                    Some(center.value())
                }
                Form::Number(Expression::Number(center)) => Some(center.value()),
                _ => None,
            }
        };
        let is_difference = named == ReportedMeasure::MeanDifference && !self.is_row_of_shares(number);
        let Some((one, other)) = center(&group).zip(center(&versus)).filter(|_| is_difference) else {
            return Some((group, versus));
        };
        let difference = one - other;
        let (as_is, turned) = ((value.value() - difference).abs(), (value.value() + difference).abs());
        if as_is <= turned {
            return Some((group, versus));
        }
        (turned <= NEAR * difference.abs()).then_some((versus, group))
    }

    /// Whether the row of a number is called one of people: "Responders, n (%)". With values that have a spread a rate
    /// is one of events or of the heart, and no share.
    fn is_row_of_shares(&self, number: &Found) -> bool {
        const NAMES: [&str; 9] = ["n (%)", "n(%)", "no. (%)", "rate", "responders", "例数", "人数", "割合", "率"];
        let Some(own) = row(self.flow, number.range.start) else { return false };
        let label = label(self.flow, &own).unwrap_or_default();
        let mut values = self.found_from(own.start).iter().take_while(|next| next.range.start < number.range.start);
        let has_spread = values.any(|next| matches!(next.form, Form::Result(Expression::Spread { .. })));
        NAMES.iter().any(|name| label.contains(name)) && !has_spread
    }
}
