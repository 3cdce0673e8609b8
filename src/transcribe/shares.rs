//! Shares of people with their intervals: "62.3% (95% CI, 55.3 to 68.9)".

use super::assemble::{Assembler, is_right_behind};
use super::behind_effects::interval_behind;
use super::cells::range_before;
use super::flow::Flow;
use super::names::{called, is_called_difference, is_unit_of_measured};
use super::numbers::{Ends, OfNumber};
use super::scan::{Form, Found};
use super::sentences::{said_before, sentence};
use crate::numeric::numeral::{Expression, Numeral, SpreadName, fold};
use crate::reported::{SpreadMeaning, USUAL_LEVEL};

/// A share with its interval of 95 %.
pub(super) struct ShareWithInterval {
    pub(super) share: Numeral,
    pub(super) ends: [Numeral; 2],
    pub(super) interval: OfNumber,
    /// How many of the numbers that were found it takes.
    pub(super) numbers: usize,
}

impl Assembler<'_, '_> {
    /// The share at a position that has its interval right behind it. Behind another with its interval, the brackets
    /// need not say what they hold.
    pub(super) fn share_with_interval(&self, position: usize, is_behind_another: bool) -> Option<ShareWithInterval> {
        let number = self.found.get(position)?;
        let (share, ends, end, numbers) = match &number.form {
            Form::Number(Expression::Number(share)) => {
                let (ends, end) = self.interval_right_behind(position)?;
                (share, ends, end, 3)
            }
            Form::Result(Expression::Range { center, lower, upper, name }) => {
                let is_named = *name == Some(SpreadName::Ci)
                    || name.is_none() && range_before(self.flow, number.range.start) == Some(SpreadMeaning::Ci95);
                if !is_named && (name.is_some() || !is_behind_another) {
                    return None;
                }
                (center, [lower.clone(), upper.clone()], number.range.end, 1)
            }
            _ => return None,
        };
        let (low, middle, high) = (ends[0].value(), share.value(), ends[1].value());
        let is_share = share.is_percent() && 0.0 <= low && low <= middle && middle <= high && high <= 100.0;
        if !is_share || self.is_of_change(number) {
            return None;
        }
        let start = number.range.start;
        let interval = OfNumber { number: start, ends: Ends::Both(ends.clone()), level: Some(USUAL_LEVEL), end };
        Some(ShareWithInterval { share: share.clone(), ends, interval, numbers })
    }

    /// The ends of the interval of 95 % right behind the number at a position, and where it ends.
    pub(super) fn interval_right_behind(&self, position: usize) -> Option<([Numeral; 2], usize)> {
        let found = &self.found[position..];
        let (ends, level, end) = interval_behind(self.flow, found)?;
        (level == USUAL_LEVEL && is_right_behind(self.flow, found)).then_some((ends, end))
    }

    /// Whether per cents are how much something changed or differs, or the mean of something.
    pub(super) fn is_of_change(&self, number: &Found) -> bool {
        const CHANGED: [&str; 14] = [
            "reduc",
            "decreas",
            "increas",
            "lower",
            "higher",
            "declin",
            "rise",
            "fell",
            "improvement",
            "減少",
            "低下",
            "増加",
            "抑制",
            "短縮",
        ];
        let own = sentence(self.flow, number.range.start);
        let front = fold(&self.flow.text(own.start..number.range.start)).to_lowercase();
        is_called_difference(self.flow, number)
            || is_unit_of_measured(&front)
            || CHANGED.iter().any(|word| front.contains(word))
            || called(&said_before(self.flow, own.start, number.range.start)).is_some()
    }
}

/// Where the bracket ends that closes right behind a place, but for a noun of people.
pub(super) fn closed_behind(flow: &Flow, end: usize) -> Option<usize> {
    const NOUNS: [&str; 5] = ["patients", "participants", "subjects", "例", "名"];
    let rest = fold(&flow.text(end..flow.chars.len().min(end + 16)));
    let bare = NOUNS.iter().find_map(|noun| rest.trim_start().strip_prefix(noun)).unwrap_or(&rest);
    let bracket = bare.trim_start();
    let skipped = rest.chars().count() - bracket.chars().count();
    bracket.starts_with([')', ']']).then_some(end + skipped + 1)
}
