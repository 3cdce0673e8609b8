//! Columns of tables that compare those beside them: "Difference (95% CI)", 群間差, "HR", "P value".

use super::assemble::Assembler;
use super::compared::OfGroups;
use super::effects::{Effect, level_named};
use super::flow::Flow;
use super::groups::is_control;
use super::scan::{Form, Found};
use super::table::{heading, label, row};
use crate::numeric::numeral::{Comparison, Expression, Numeral, SpreadName};
use crate::reported::{PrintedEstimate, ReportedMeasure, Statistic, USUAL_LEVEL};

/// What the names of such columns end in, or are.
const MEASURES: [(&str, ReportedMeasure); 19] = [
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
];

/// Numbers that stand below "P value" are probabilities: `<0.001`, `0.31`.
pub(super) fn with_probabilities(flow: &Flow, found: Vec<Found>) -> Vec<Found> {
    const NAMES: [&str; 8] = ["p", "p value", "p-value", "pvalue", "p値", "p 値", "p-値", "p値a"];
    let is_of_p = |number: &Found| {
        let heading = heading(flow, number.range.start).unwrap_or_default();
        NAMES.contains(&name_of(&heading))
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

impl Assembler<'_, '_> {
    /// The effect whose value is the number at a position, in a column that is called one, with the p of its row.
    pub(super) fn effect_of_column(&self, position: usize) -> Option<OfGroups> {
        let number = self.found.get(position)?;
        let heading = heading(self.flow, number.range.start)?;
        let name = name_of(&heading);
        // "mL/hr" is a unit, and "24 hr" a time.
        let is_word = |rest: &str| !rest.ends_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        let is_short_for =
            |word: &str, rest: &str| word.len() > 2 || !rest.trim_end().ends_with(|c: char| c.is_ascii_digit());
        let is_named =
            |word: &str| name.strip_suffix(word).is_some_and(|rest| is_word(rest) && is_short_for(word, rest));
        let named = MEASURES.iter().find(|(word, _)| is_named(word))?.1;
        let of_heading = level_named(&heading);
        let (value, ends, level) = match &number.form {
            Form::Result(Expression::Range { center, lower, upper, name: None }) => {
                (center, Some([lower.clone(), upper.clone()]), of_heading?)
            }
            Form::Result(Expression::Range { center, lower, upper, name: Some(SpreadName::Ci) }) => {
                (center, Some([lower.clone(), upper.clone()]), of_heading.unwrap_or(USUAL_LEVEL))
            }
            Form::Number(Expression::Number(value)) => (value, None, USUAL_LEVEL),
            _ => return None,
        };
        let own = row(self.flow, number.range.start)?;
        let p = self.found.get(position + 1).filter(|next| own.contains(&next.range.start));
        let p = p.and_then(|next| match &next.form {
            Form::Probability(p) => Some((p.clone(), next.range.end)),
            _ => None,
        });
        let measure = match named {
            ReportedMeasure::MeanDifference if self.is_row_of_shares(number) => ReportedMeasure::RiskDifference,
            named => named,
        };
        let fits = |number: &Numeral| number.exact().is_ok() && measure.scale().domain().contains(number.value());
        let is_possible = ends.iter().flatten().chain([value]).all(fits);
        if !is_possible || ends.is_none() && p.is_none() {
            return None;
        }
        let (group, versus) = self.groups_of_effect(number, value, named).unzip();
        let time = self.time_before(own.start..number.range.start, Some(Statistic::Change)).map(|(time, _)| time);
        let end = p.as_ref().map_or(number.range.end, |(_, end)| *end);
        let effect = Effect {
            measure,
            of_one_arm: false,
            is_open: false,
            printed: PrintedEstimate { value: value.clone(), ends, level: None },
            se: None,
            level,
            numbers: 1 + usize::from(p.is_some()),
            p: p.map(|(p, _)| p),
            of_other_test: None,
            range: number.range.start..end,
            value_start: number.range.start,
            value_end: number.range.end,
        };
        Some(OfGroups::of(effect, group.zip(versus), time.filter(|time| time.is_told())))
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
