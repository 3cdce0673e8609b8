//! Rows of tables that a page has lost the columns of: "HR (95% CI) P value" and below it "Male 1.23 (1.22, 1.25) <0.001".

use super::assemble::Assembler;
use super::behind_effects::level_named;
use super::columns::measure_of;
use super::compared::OfGroups;
use super::effects::Effect;
use super::flow::Flow;
use super::scan::{Form, Found};
use super::table::holds_number;
use crate::numeric::numeral::{Comparison, Expression, fold};
use crate::reported::{PrintedEstimate, ReportedMeasure};
use std::collections::BTreeMap;
use std::ops::Range;

/// Longer lines are no rows.
const LONGEST: usize = 160;

/// So many lines may stand below their header.
const ROWS: usize = 80;

/// What a header names: its effects in order with the levels of their intervals, and whether a p stands behind each.
struct Header {
    effects: Vec<(ReportedMeasure, f64)>,
    has_p: bool,
}

/// What an effect of such a row is, by where its value begins.
#[derive(Clone, Debug, Default)]
pub(super) struct PlainRows(BTreeMap<usize, (ReportedMeasure, f64, bool)>);

impl PlainRows {
    pub(super) fn of(flow: &Flow, found: &[Found]) -> Self {
        let mut rows = BTreeMap::new();
        let mut header: Option<(Header, usize)> = None;
        let mut end = 0;
        for line in flow.lines.chunk_by(|one, other| one == other) {
            let own = end..end + line.len();
            end = own.end;
            if flow.in_row[own.clone()].contains(&true) || own.len() > LONGEST {
                header = None;
                continue;
            }
            if let Some(known) = header_of(flow, own.clone()) {
                header = Some((known, 0));
                continue;
            }
            let Some((known, below)) = header.as_mut().filter(|(_, below)| *below < ROWS) else { continue };
            *below += 1;
            let effects: Vec<usize> = pairs_within(found, &own).collect();
            if effects.len() == known.effects.len() {
                let each = effects.into_iter().zip(&known.effects);
                rows.extend(each.map(|(start, (measure, level))| (start, (*measure, *level, known.has_p))));
            }
        }
        Self(rows)
    }
}

/// Where the numbers with a pair in brackets begin in a stretch.
fn pairs_within<'a>(found: &'a [Found], own: &Range<usize>) -> impl Iterator<Item = usize> + 'a {
    let first = found.partition_point(|number| number.range.start < own.start);
    let end = own.end;
    let within = found[first..].iter().take_while(move |number| number.range.start < end);
    let is_pair = |number: &&Found| matches!(number.form, Form::Result(Expression::Range { .. }));
    within.filter(is_pair).map(|number| number.range.start)
}

/// What a line names, if it is the header of such rows: an interval of 95 % behind each effect, and no number.
fn header_of(flow: &Flow, line: Range<usize>) -> Option<Header> {
    if holds_number(&flow.chars[line.clone()]) {
        return None;
    }
    let text = fold(&flow.text(line)).to_lowercase();
    let is_p =
        |words: &str| ["p value", "p-value", "p値"].iter().any(|name| words.contains(name)) || words.ends_with(" p");
    let closed = text.replace("% ci", "%ci").replace("%信頼区間", "%ci");
    let mut pieces: Vec<&str> = closed.split("%ci").collect();
    let behind = pieces.pop()?;
    let effect = |piece: &&str| {
        let level = level_named(&format!("{piece}%ci"))?;
        let name = piece.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' ' | '(' | '[' | ','));
        Some((measure_of(name)?, level))
    };
    let effects: Vec<(ReportedMeasure, f64)> = pieces.iter().map(effect).collect::<Option<_>>()?;
    (!effects.is_empty()).then(|| Header { effects, has_p: is_p(behind.trim_end_matches([')', ' '])) || is_p(&text) })
}

impl Assembler<'_, '_> {
    /// The effect whose value is the number at a position in such a row, with the p right behind it.
    pub(super) fn effect_of_plain_row(&self, position: usize) -> Option<OfGroups> {
        let number = self.found.get(position)?;
        let &(measure, level, has_p) = self.plain_rows.0.get(&number.range.start)?;
        let Form::Result(Expression::Range { center, lower, upper, .. }) = &number.form else { return None };
        let next = self.found.get(position + 1).filter(|next| {
            let between = self.flow.chars.get(number.range.end..next.range.start);
            has_p && between.is_some_and(|between| between.iter().all(|c| *c == ' '))
        });
        let p = next.and_then(|next| match &next.form {
            Form::Probability(p) => Some((p.clone(), next.range.end)),
            Form::Number(_) => Some((next.text.parse::<Comparison>().ok()?, next.range.end)),
            _ => None,
        });
        let domain = measure.scale().domain();
        let fits = [center, lower, upper].iter().all(|of| of.exact().is_ok() && domain.contains(of.value()));
        let ends = Some([lower.clone(), upper.clone()]);
        let effect = Effect {
            measure,
            of_one_arm: false,
            is_open: false,
            printed: PrintedEstimate { value: center.clone(), ends, level: None },
            se: None,
            statistic: None,
            method: None,
            level,
            numbers: 1 + usize::from(p.is_some()),
            range: number.range.start..p.as_ref().map_or(number.range.end, |(_, end)| *end),
            p: p.map(|(p, _)| p),
            apart: Vec::new(),
            value_start: number.range.start,
            value_end: number.range.end,
        };
        fits.then(|| OfGroups::of(effect, None, None))
    }
}
