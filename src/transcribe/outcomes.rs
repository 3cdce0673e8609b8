//! Outcomes of a draft: each with the results that are the same thing of several arms at several times.

use super::cells::{only, result, spread_beside};
use super::changes::{fall_in_front, is_unsigned, with_minus};
use super::draft::Drafted;
use super::names::is_called_adjusted;
use super::passage::{MOST, QUOTE};
use super::sentences::sentence;
use super::series::Placed;
use super::sizes::Size;
use crate::check::provenance::{TO_DO, holds_number};
use crate::numeric::numeral::Numeral;
use crate::reported::{Cell, CellForm, Localized, Outcome, OutcomeResult, Passage, Scale, SpreadMeaning, Statistic};
use std::ops::Range;

impl Drafted<'_> {
    /// Adds the outcome of results that are one thing; what has no place of its own in it is another.
    pub(super) fn outcome(&mut self, results: &[&Placed<'_>]) {
        let Some(first) = results.first() else { return };
        let whole = |of: &[&Placed<'_>]| Some(of.first()?.found.range.start..of.last()?.found.range.end);
        let with_sizes = |of: &[&Placed<'_>]| {
            let range = |placed: &&Placed<'_>| self.size_of(placed).map(|size| size.range.clone());
            let sizes: Vec<Range<usize>> = of.iter().filter_map(range).collect();
            let first = sizes.first()?;
            let (start, end) = (first.start, sizes.last().map_or(first.end, |last| last.end));
            whole(of).map(|of| of.start.min(start)..of.end.max(end))
        };
        // One quote for all, or else for each arm, if it is no longer than a phrase.
        let passage = |placed: &Placed<'_>| {
            let of_group = results.iter().copied().filter(|other| other.group == placed.group).collect::<Vec<_>>();
            let all = [results.to_vec(), of_group, vec![placed]];
            let sized = all.iter().filter_map(|of| with_sizes(of));
            let short = sized.chain(all.iter().filter_map(|of| whole(of))).find(|range| range.len() <= QUOTE);
            let range = short.unwrap_or_else(|| placed.found.range.clone());
            // The word that says that it fell is the sign of a number.
            let verb = fall_in_front(self.flow, placed.found.range.start).filter(|_| placed.falls);
            let begin = verb.filter(|verb| verb + MOST >= range.end).map_or(range.start, |verb| verb.min(range.start));
            self.passage(begin..range.end)
        };
        let quote = passage(first).quote;
        let mut of_arms: Vec<(String, Vec<(String, Cell)>)> = Vec::new();
        // What has no place of its own here is another outcome.
        let mut others = Vec::new();
        let mut told = None;
        for &placed in results {
            let arm = self.arm(placed.group.as_ref());
            let Some(mut cell) = self.cell(placed, passage(placed)) else { continue };
            told = self.what_the_pair_is(placed, &mut cell, told);
            self.what_others_say(placed, results, &mut cell);
            let occasion = placed.time.id();
            match of_arms.iter_mut().find(|(of, _)| *of == arm) {
                Some((_, cells)) if cells.iter().any(|(known, _)| *known == occasion) => others.push(placed),
                Some((_, cells)) => cells.push((occasion, cell)),
                None => of_arms.push((arm, vec![(occasion, cell)])),
            }
        }
        self.release.outcomes.push(Outcome {
            label: Localized::same(format!("{TO_DO}: what was measured ({quote})")),
            id: format!("outcome-{}", self.release.outcomes.len() + 1),
            unit: None,
            better: None,
            scale: Scale::Continuous,
            slope_of: None,
            exposure: None,
            results: of_arms.into_iter().map(|(arm, cells)| OutcomeResult::new(arm, cells)).collect(),
        });
        let place = self.release.outcomes.len() - 1;
        let fallen = results.iter().filter(|placed| placed.falls && is_unsigned(placed.found));
        self.fallen.extend(fallen.map(|placed| (place, placed.found.text.clone())));
        if !others.is_empty() {
            self.outcome(&others);
        }
    }

    /// What the text says of a pair in brackets goes for the next one in its sentence, where it says no more of that:
    /// "34.2 (IQR 21.0–55.1) at baseline and 25.3 (16.0–40.2) at month 6". Returns what holds from there on.
    fn what_the_pair_is(
        &self,
        placed: &Placed<'_>,
        cell: &mut Cell,
        told: Option<(SpreadMeaning, Statistic, Range<usize>)>,
    ) -> Option<(SpreadMeaning, Statistic, Range<usize>)> {
        let CellForm::Pair { meaning, .. } = &mut cell.form else { return told };
        let start = placed.found.range.start;
        if *meaning != SpreadMeaning::Unexplained {
            return Some((*meaning, cell.statistic, sentence(self.flow, start)));
        }
        let told = told.filter(|(.., own)| own.contains(&start));
        if let Some((known, statistic, _)) = &told {
            *meaning = *known;
            // It was taken for a median where nothing said that its pair is an interval.
            let is_open = matches!(placed.called, None | Some(Statistic::Rate)) && *known == SpreadMeaning::Ci95;
            cell.statistic = if is_open { *statistic } else { cell.statistic };
        }
        told
    }

    /// What the words beside another result of its sentence say of its spread goes for one that has none of its own,
    /// whatever the text says of other `±`: "−12.1 ± 1.1 (SE) in the drug group and −20.2 ± 1.2 in the placebo group".
    fn what_others_say(&self, placed: &Placed<'_>, results: &[&Placed<'_>], cell: &mut Cell) {
        let CellForm::PlusMinus { meaning, .. } = &mut cell.form else { return };
        let own = sentence(self.flow, placed.found.range.start);
        let is_alike = |other: &&&Placed<'_>| {
            let has_sign = |of: &Placed<'_>| of.found.text.contains('±');
            own.contains(&other.found.range.start) && has_sign(other) == has_sign(placed)
        };
        let told = results.iter().filter(is_alike).filter_map(|other| spread_beside(self.flow, other.found));
        if let Some(told) = only(told).filter(|_| spread_beside(self.flow, placed.found).is_none()) {
            *meaning = told;
        }
    }

    /// The number of people beside a result, where it is another than that of its arm.
    fn size_of<'p>(&self, placed: &'p Placed<'_>) -> Option<&'p Size> {
        let id = self.arm(placed.group.as_ref());
        let arm = self.release.arms.iter().find(|arm| arm.id == id);
        let of_arm = arm.and_then(|arm| arm.n.as_ref()).and_then(Numeral::count);
        placed.size.as_ref().filter(|size| size.n.count() != of_arm)
    }

    fn cell(&self, placed: &Placed<'_>, passage: Passage) -> Option<Cell> {
        let signed = if placed.falls && is_unsigned(placed.found) { with_minus(placed.found) } else { None };
        let found = signed.as_ref().unwrap_or(placed.found);
        let (statistic, form) = result(self.flow, &self.plus_minus, found, placed.called)?;
        let text = found.text.clone();
        let start = placed.found.range.start;
        let front = self.flow.text(sentence(self.flow, start).start..start);
        let least_squares = || Localized::new("least squares", "最小二乗");
        let adjusted = is_called_adjusted(&front).then(least_squares);
        let n = self.size_of(placed).map(|size| size.n.clone());
        let n = n.filter(|n| holds_number(&passage.quote, n.text()));
        Some(Cell { text, statistic, form, n, time: None, adjusted, percent: None, passage })
    }
}

#[cfg(test)]
mod tests {
    use crate::reported::{CellForm, SpreadMeaning, Statistic};
    use crate::transcribe::draft;

    #[test]
    fn spreads_are_what_the_text_calls_them() {
        let meanings = |text: &str| -> Vec<SpreadMeaning> {
            let release = draft("t", "t.txt", text).unwrap();
            let cells = release.outcomes.iter().flat_map(|outcome| &outcome.results).flat_map(|result| &result.cells);
            cells
                .map(|(_, cell)| match &cell.form {
                    CellForm::PlusMinus { meaning, .. } | CellForm::Pair { meaning, .. } => *meaning,
                    _ => SpreadMeaning::Unexplained,
                })
                .collect()
        };
        assert_eq!(meanings("Pain fell to 3.1 ± 0.4 (SE) in all."), [SpreadMeaning::Se]);
        assert_eq!(meanings("Scores were 12.0 (SD 1.2) at week 4."), [SpreadMeaning::Sd]);
        assert_eq!(meanings("スコアは 3.1±0.4 であった（平均値±標準誤差）。"), [SpreadMeaning::Se]);
        assert_eq!(meanings("Age was 41 (range 20–60) years."), [SpreadMeaning::Range]);
        let quartiles = "The median was 34.2 (IQR 21.0–55.1) at baseline and 25.3 (16.0–40.2) at month 6.";
        assert_eq!(meanings(quartiles), [SpreadMeaning::Quartiles; 2]);
        let intervals =
            "Median survival was 12.3 months (95% CI, 10.1 to 15.2) with drug A and 7.8 months (6.9–9.4) with placebo.";
        assert_eq!(meanings(intervals), [SpreadMeaning::Ci95; 2]);
        assert_eq!(
            meanings("Values are mean ± SD or mean ± SEM. Pain was 3.1 ± 0.4 in seven patients."),
            [SpreadMeaning::Unexplained]
        );
        assert_eq!(meanings("Pain was 3.1 ± 0.4 in seven patients."), [SpreadMeaning::Unexplained]);
        let (sd, se, open) = (SpreadMeaning::Sd, SpreadMeaning::Se, SpreadMeaning::Unexplained);
        let english = "Pain fell from 6.3 ± 1.4 to 4.2 ± 1.9 in 12 patients. Time went from 0.32 ± 0.11 to 0.25 ± 0.09 \
                       (mean ± SE).";
        assert_eq!(meanings(english), [open, open, se, se]);
        assert_eq!(meanings(&format!("{english} Other values are mean ± SD.")), [sd, sd, se, se]);
        let japanese =
            "疼痛は6.3±1.4から\n4.2±1.9に低下した（p<0.01）。時間は0.32±0.11から0.25±0.09（平均±標準誤差）へ変化した。";
        assert_eq!(meanings(japanese), [open, open, se, se]);
        assert_eq!(meanings("The mean (±SE) score was 4.2±0.8 in 51 and 7.9±0.9 in 49 controls."), [se, se]);
    }

    #[test]
    fn statistics_are_what_the_text_calls_them() {
        for (text, expected, printed) in [
            ("Mean age was 51.9 (range, 35 to 71).", Statistic::Mean, "51.9 (range, 35 to 71)"),
            ("年齢は平均51.9（範囲35～71）", Statistic::Mean, "51.9（範囲35～71）"),
            ("中央値14.2（範囲3～31）", Statistic::Median, "14.2（範囲3～31）"),
            ("12週時の変化量−0.8±1.2", Statistic::Change, "−0.8±1.2"),
            ("12週時のEDSS障害度−0.8±1.2であった", Statistic::Mean, "−0.8±1.2"),
        ] {
            let release = draft("t", "t.txt", text).unwrap();
            let (occasion, cell) = release.outcomes[0].results[0].reported().next().unwrap();
            assert_eq!((cell.statistic, cell.text.as_str()), (expected, printed), "{text}");
            assert_eq!(occasion == "open", expected != Statistic::Change && !text.contains("12週時"), "{text}");
        }
    }
}
