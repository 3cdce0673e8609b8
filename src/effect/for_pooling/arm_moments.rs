//! Mean and SD of an arm as they are pooled: one number each, also where a model of the data has to give it.

use super::{ArmSpread, Question};
use crate::diagnostic::Refused;
use crate::effect::of_release::{geometric, note_on_model};
use crate::numeric::format::{fixed, significant};
use crate::numeric::numeral::Numeral;
use crate::recover::{FiveNumbers, sd_from_spread};
use crate::reported::{Cell, CellForm, SpreadMeaning, Statistic};

/// Mean, SD and size of one cell, with what was done to it.
pub(super) struct ArmMoments {
    pub mean: f64,
    pub sd: f64,
    pub n: u64,
    /// The spread is an unexplained ± that was read as the SD.
    pub is_guess: bool,
    /// Mean and SD are those of a normal distribution with these quantiles.
    pub is_from_median: bool,
    pub notes: Vec<String>,
}

impl ArmMoments {
    /// The SD alone.
    pub(super) fn spread(&self) -> ArmSpread {
        ArmSpread { sd: self.sd, n: self.n, is_guess: self.is_guess }
    }

    /// Those of a cell of n people.
    ///
    /// # Errors
    /// Why a cell has no mean or no SD.
    pub(super) fn of(cell: &Cell, n: Option<u64>, question: &Question<'_>) -> Result<Self, Refused> {
        let Some(n) = n else { return Err("the number of patients is not stated".into()) };
        let found = match (&cell.form, cell.statistic) {
            (_, Statistic::Count | Statistic::Percent | Statistic::Events) | (CellForm::Fraction { .. }, _) => {
                Err(format!("`{cell}` counts patients and is no mean").into())
            }
            (CellForm::Single(_), _) => Err(format!("`{cell}` has no SD, SE or interval").into()),
            (CellForm::Pair { lower, upper, meaning, .. }, Statistic::Median) => {
                Self::of_median(cell, [lower, upper].map(Numeral::value), *meaning, n, question)
            }
            (_, Statistic::Median) => Err(format!("`{cell}` is a median without range or quartiles").into()),
            (CellForm::PlusMinus { spread, meaning, .. }, _) => Self::of_spread(cell, spread, *meaning, n, question),
            (CellForm::Pair { meaning: SpreadMeaning::Ci95, .. }, _) if cell.is_geometric(question.rounding) => {
                Err(geometric(cell))
            }
            (CellForm::Pair { lower, upper, meaning: SpreadMeaning::Ci95, .. }, _) => {
                let half = upper.rounded(question.rounding).minus(lower.rounded(question.rounding)).scaled(0.5);
                let sd = sd_from_spread(half, SpreadMeaning::Ci95, n)?.sd.value;
                let notes = vec![format!("the SD behind {cell} is recovered from its confidence interval")];
                Ok(Self { mean: cell.center().value(), sd, n, is_guess: false, is_from_median: false, notes })
            }
            (CellForm::Pair { .. }, _) => {
                Err(format!("`{cell}`: the pair of a mean gives no SD without a model of the data").into())
            }
        }?;
        let notes = note_on_model(cell).into_iter().chain(found.notes).collect();
        Ok(Self { notes, ..found })
    }

    /// Those of normal data with the median and the range or the quartiles of a cell.
    fn of_median(
        cell: &Cell,
        [low, high]: [f64; 2],
        meaning: SpreadMeaning,
        n: u64,
        question: &Question<'_>,
    ) -> Result<Self, Refused> {
        let none =
            FiveNumbers { min: None, q1: None, median: Some(cell.center().value()), q3: None, max: None, n: n as f64 };
        let numbers = match meaning {
            SpreadMeaning::Range => FiveNumbers { min: Some(low), max: Some(high), ..none },
            SpreadMeaning::Quartiles => FiveNumbers { q1: Some(low), q3: Some(high), ..none },
            _ => return Err(format!("`{cell}` is a median whose pair is neither a range nor quartiles").into()),
        };
        let found = numbers.mean_and_sd().map_err(|reason| format!("`{cell}`: {reason}"))?;
        let mean = found.mean.ok_or_else(|| format!("`{cell}` gives no mean"))?;
        let skewed = numbers.skewness().filter(|skewness| skewness.is_significant);
        if let Some(test) = skewed.filter(|_| !question.takes_skewed) {
            let reason = format!(
                "`{cell}` is a median of skewed data (Shi 2023: {} reaches {}); mean and SD for normal data would mislead \
                 (--no-test gives them)",
                fixed(test.statistic, 3),
                fixed(test.critical, 3)
            );
            return Err(reason.into());
        }
        let note = format!(
            "the median {cell} is converted to {} ± {} as if the data were normal{}",
            significant(mean, 3),
            significant(found.sd, 3),
            if skewed.is_some() { ", and they look skewed" } else { "" }
        );
        Ok(Self { mean, sd: found.sd, n, is_guess: false, is_from_median: true, notes: vec![note] })
    }

    /// Those of a mean with a ±.
    fn of_spread(
        cell: &Cell,
        spread: &Numeral,
        meaning: SpreadMeaning,
        n: u64,
        question: &Question<'_>,
    ) -> Result<Self, Refused> {
        let is_unexplained = meaning == SpreadMeaning::Unexplained;
        let read = question.unexplained.filter(|_| is_unexplained).unwrap_or(meaning);
        let found = sd_from_spread(spread.rounded(question.rounding), read, n)?;
        let sd = found.sd.value;
        let note = match (is_unexplained, read) {
            (true, SpreadMeaning::Unexplained | SpreadMeaning::Sd) => {
                Some(format!("what the ± of {cell} is, is not said: read as the SD"))
            }
            (true, _) => Some(format!(
                "what the ± of {cell} is, is not said: taken for {}, as was asked, and the SD is {}",
                if read == SpreadMeaning::Se { "the standard error" } else { "half of a confidence interval" },
                significant(sd, 3)
            )),
            (_, SpreadMeaning::Se) => {
                let shown = significant(sd, 3);
                Some(format!("the ± of {cell} is the standard error: the SD is {shown}, √{n} times as large"))
            }
            _ => found.note.map(str::to_owned),
        };
        let is_guess = is_unexplained && question.unexplained.is_none();
        let notes = note.into_iter().collect();
        Ok(Self { mean: cell.center().value(), sd, n, is_guess, is_from_median: false, notes })
    }
}
