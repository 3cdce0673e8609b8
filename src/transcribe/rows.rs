//! Rows of tables that hold counts: "Female, n (%)" with "31 (59.6)" in the column of each arm.

use super::assemble::Assembler;
use super::flow::Flow;
use super::occasions::Time;
use super::people::with_share;
use super::scan::{Form, Found};
use super::table::{cells_of, heading, label, row};
use super::tallies::{Tally, count_of};
use crate::numeric::numeral::{Expression, Numeral, fold};
use crate::reported::{CellForm, Statistic};
use std::ops::Range;

/// Numbers in the rows of counts with their shares are two: "31 (60)" below "n (%)" is no mean with its spread.
pub(super) fn with_counts(flow: &Flow, found: Vec<Found>) -> Vec<Found> {
    let apart = |number: Found| match &number.form {
        Form::Result(Expression::Spread { center, spread, name: None })
            if center.count().is_some()
                && center.decimal().decimals() == 0
                && !number.text.contains('±')
                && row(flow, number.range.start).is_some_and(|own| is_of_counts(flow, &own)) =>
        {
            let behind = number.text.rfind(spread.text()).map(|at| number.text[..at].chars().count());
            let of = |form: &Numeral, at: usize| {
                let text = form.text().to_owned();
                let start = number.range.start + at;
                let range = start..start + text.chars().count();
                Found { form: Form::Number(Expression::Number(form.clone())), text, range }
            };
            behind.map_or_else(|| vec![number.clone()], |behind| vec![of(center, 0), of(spread, behind)])
        }
        _ => vec![number],
    };
    found.into_iter().flat_map(apart).collect()
}

/// Whether a row holds counts with their shares, from its name or that of the column of names: "Female, n (%)".
fn is_of_counts(flow: &Flow, row: &Range<usize>) -> bool {
    const NAMES: [&str; 7] = ["n(%)", "no.(%)", "number(%)", "no(%)", "例数(%)", "人数(%)", "例(%)"];
    const OTHERS: [&str; 8] = ["mean", "median", "(sd)", "±", "iqr", "(se)", "平均", "中央値"];
    let says = |name: Option<String>, words: &[&str]| {
        let name: String = name.unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
        words.iter().any(|word| name.contains(word))
    };
    let first = cells_of(flow, row).into_iter().next();
    says(label(flow, row), &NAMES)
        || says(first.and_then(|cell| heading(flow, cell.start)), &NAMES) && !says(label(flow, row), &OTHERS)
}

impl<'a> Assembler<'_, 'a> {
    /// The counts of a row that is called one of counts with their shares, from the number at a position, each of the
    /// group of its column; the shares that no cell holds, since they are printed without their sign; and how many
    /// numbers these are.
    pub(super) fn counts_of_row(&self, position: usize) -> Option<(Vec<Tally>, Vec<&'a Found>, usize)> {
        let first = self.found.get(position)?;
        let own = row(self.flow, first.range.start)?;
        if !is_of_counts(self.flow, &own) {
            return None;
        }
        let (mut tallies, mut shares) = (Vec::new(), Vec::new());
        for pair in self.found[position..].chunks_exact(2) {
            let [count, share] = pair else { break };
            let Some(group) = self.groups.of_column(self.flow, count.range.start) else { break };
            let Some((text, percent)) = self.count_with_share(count, share).filter(|_| own.contains(&share.range.end))
            else {
                break;
            };
            let Some(form) = count_of(count).map(CellForm::Single) else { break };
            if percent.is_none() {
                shares.push(share);
            }
            tallies.push(Tally {
                text,
                form,
                percent,
                statistic: Statistic::Count,
                time: None,
                group: Some(group),
                at: Time::Open,
                range: count.range.start..share.range.end + 1,
                interval: None,
            });
        }
        let groups: Vec<_> = tallies.iter().map(|tally| tally.group.clone()).collect();
        let is_each_another = groups.iter().enumerate().all(|(at, group)| !groups[..at].contains(group));
        let numbers = 2 * tallies.len();
        (tallies.len() > 1 && is_each_another).then_some((tallies, shares, numbers))
    }

    /// The text of a count with a share in brackets right behind it, and that share where its sign is printed.
    fn count_with_share(&self, count: &Found, share: &Found) -> Option<(String, Option<Numeral>)> {
        if let Some((text, percent, _)) = with_share(self.flow, count, share) {
            let percent = percent?;
            return Some((format!("{text} ({})", percent.text()), Some(percent)));
        }
        let between = fold(&self.flow.text(count.range.end.min(share.range.start)..share.range.start));
        let behind = fold(&self.flow.text(share.range.end..share.range.end + 1));
        let is_beside = matches!(between.trim(), "(" | "[") && matches!(&*behind, ")" | "]");
        is_beside.then(|| (count.text.clone(), None))
    }
}
