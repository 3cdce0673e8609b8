//! A claim about a row of results, whatever its unexplained ± is.

use super::claim_sources::{of_means, of_paired_counts, p_of_source};
use super::claims::{Known, all_agree, as_called, condition, later_occasions, level, verdict};
use super::readings::spoken;
use super::{Check, NOT_DECIDABLE, Status, arm_in_subject, occasion_in_subject};
use crate::effect::of_release::ReleaseEffects;
use crate::numeric::dist::sign_test;
use crate::numeric::format::significant;
use crate::numeric::rounding::Rounding;
use crate::reconstruct::of_release::Behind;
use crate::reported::{Release, SpreadMeaning, Statement};

/// A claim, and what it is about.
#[derive(Clone, Copy)]
pub(super) struct About<'a> {
    pub(super) release: &'a Release,
    pub(super) effects: &'a ReleaseEffects,
    pub(super) statement: &'a Statement,
    pub(super) rounding: Rounding,
}

impl About<'_> {
    /// The claim about a row, whatever of the given readings its unexplained ± has.
    pub(super) fn row(&self, row: &Behind, readings: &[SpreadMeaning]) -> Check {
        let condition = condition(self.statement);
        let arm = arm_in_subject(self.release, &row.outcome, &row.arm);
        let occasion = occasion_in_subject(self.statement);
        let subject = format!("{}{occasion}{arm}: {condition}", row.outcome);
        let is_unexplained = row.cells.iter().any(|cell| !cell.is_explained && cell.sets.is_ok());
        let verdict = match readings {
            [first, others @ ..] if is_unexplained => self.whatever_it_is(row, *first, others),
            _ => self.judged(row, true),
        };
        Check::of(self.release, "claim", &subject, as_called(self.statement, verdict))
    }

    /// The verdict that every reading of an unexplained ± bears out.
    fn whatever_it_is(&self, row: &Behind, first: SpreadMeaning, others: &[SpreadMeaning]) -> (Status, String) {
        let of = |meaning| match meaning {
            SpreadMeaning::Sd => self.judged(row, true),
            _ => self.judged(&row.read_as(meaning), false),
        };
        let (status, words) = of(first);
        // What the first leaves open, no other closes.
        let other = others.iter().filter(|_| status != Status::Refused).find_map(|&meaning| {
            let (other, told) = of(meaning);
            (other != status).then_some((meaning, told))
        });
        let Some((meaning, told)) = other else {
            let which = if others.is_empty() { ", which alone the unexplained ± can be: " } else { ", " };
            let told = format!("as {}{which}{}", spoken(first), words.trim_start_matches(NOT_DECIDABLE));
            return match (first, status) {
                (SpreadMeaning::Sd, _) => (status, words),
                (_, Status::Refused) => super::refused(told),
                _ => (status, told),
            };
        };
        super::refused(format!(
            "the ± is not explained: as {}, {words}; as {}, {}",
            spoken(first),
            spoken(meaning),
            told.trim_start_matches(NOT_DECIDABLE)
        ))
    }

    /// The verdict on a row as it is read; whether it is read as the effects of the release are.
    fn judged(&self, row: &Behind, is_as_effects: bool) -> (Status, String) {
        let Self { release, effects, statement, rounding } = *self;
        let refused = |reason: String| {
            let least = row.n.filter(|n| *n <= 12 && row.cells.len() > 1).map(|n| {
                let least = significant(sign_test(0, n as u32), 3);
                format!("; with n = {n} the exact two-sided p of signed ranks, and of signs, is never below {least}")
            });
            (Status::Refused, format!("not decidable: {reason}{}", least.unwrap_or_default()))
        };
        let later = later_occasions(effects, row).into_iter().filter(|(occasion, _)| statement.is_at(occasion));
        let verdicts = later.map(|(occasion, at)| {
            let known = Known {
                of_source: p_of_source(*self, row, occasion),
                of_means: of_means(effects, row, occasion, level(statement)).filter(|_| is_as_effects),
            };
            (occasion, verdict(statement, row, at, &known, rounding))
        });
        let told: Vec<(String, (Status, String))> = verdicts
            .map(|(occasion, verdict)| {
                let of_pairs = || of_paired_counts(release, row, occasion, rounding);
                let told = verdict.map_or_else(
                    |reason| of_pairs().map_or_else(|| refused(reason.to_string()), super::refused),
                    |verdict| verdict.in_words(),
                );
                (format!("at `{occasion}`"), told)
            })
            .collect();
        all_agree(&told, "the statement names no `occasion`").unwrap_or_else(|| {
            refused(match statement.occasion {
                Some(_) => "nothing is reported of this occasion and one before it".to_owned(),
                None => "only one occasion is reported".to_owned(),
            })
        })
    }
}
