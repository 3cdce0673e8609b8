//! Mean and SD of an arm as they are pooled: one number each, also where a model of the data has to give it.

use super::{ArmSpread, Question};
use crate::diagnostic::Refused;
use crate::effect::of_release::{geometric, note_on_model};
use crate::numeric::format::significant;
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
        let mut notes = Vec::new();
        let mean = cell.center().value();
        notes.extend(note_on_model(cell));
        let statistic = cell.statistic;
        match (&cell.form, statistic) {
            (_, Statistic::Count | Statistic::Percent | Statistic::Events) | (CellForm::Fraction { .. }, _) => {
                Err(format!("`{cell}` counts patients and is no mean").into())
            }
            (CellForm::Single(_), _) => Err(format!("`{cell}` has no SD, SE or interval").into()),
            (CellForm::Pair { lower, upper, meaning, .. }, Statistic::Median) => {
                let (low, high) = (Some(lower.value()), Some(upper.value()));
                let numbers = match meaning {
                    SpreadMeaning::Range => {
                        FiveNumbers { min: low, q1: None, median: Some(mean), q3: None, max: high, n: n as f64 }
                    }
                    SpreadMeaning::Quartiles => {
                        FiveNumbers { min: None, q1: low, median: Some(mean), q3: high, max: None, n: n as f64 }
                    }
                    _ => return Err(format!("`{cell}` is a median whose pair is neither a range nor quartiles").into()),
                };
                let found = numbers.mean_and_sd().map_err(|reason| format!("`{cell}`: {reason}"))?;
                let mean = found.mean.ok_or_else(|| format!("`{cell}` gives no mean"))?;
                let skewed = numbers.skewness().filter(|skewness| skewness.is_significant);
                if let Some(test) = skewed.filter(|_| !question.takes_skewed) {
                    return Err(format!(
                        "`{cell}` is a median of skewed data (Shi 2023: {:.3} reaches {:.3}); mean and SD for normal data \
                         would mislead (--no-test gives them)",
                        test.statistic, test.critical
                    )
                    .into());
                }
                notes.push(format!(
                    "the median {cell} is converted to {mean:.2} ± {:.2} as if the data were normal{}",
                    found.sd,
                    if skewed.is_some() { ", and they look skewed" } else { "" }
                ));
                Ok(Self { mean, sd: found.sd, n, is_guess: false, is_from_median: true, notes })
            }
            (_, Statistic::Median) => Err(format!("`{cell}` is a median without range or quartiles").into()),
            (CellForm::PlusMinus { spread, meaning, .. }, _) => {
                let is_unexplained = *meaning == SpreadMeaning::Unexplained;
                let read = question.unexplained.filter(|_| is_unexplained).unwrap_or(*meaning);
                let found = sd_from_spread(spread.rounded(question.rounding), read, n)?;
                let sd = found.sd.value;
                match (is_unexplained, read) {
                    (true, SpreadMeaning::Unexplained | SpreadMeaning::Sd) => {
                        notes.push(format!("what the ± of {cell} is, is not said: read as the SD"));
                    }
                    (true, _) => notes.push(format!(
                        "what the ± of {cell} is, is not said: taken for {}, as was asked, and the SD is {}",
                        if read == SpreadMeaning::Se { "the standard error" } else { "half of a confidence interval" },
                        significant(sd, 3)
                    )),
                    (_, SpreadMeaning::Se) => {
                        notes.push(format!(
                            "the ± of {cell} is the standard error: the SD is {}, √{n} times as large",
                            significant(sd, 3)
                        ));
                    }
                    _ => notes.extend(found.note.map(str::to_owned)),
                }
                let is_guess = is_unexplained && question.unexplained.is_none();
                Ok(Self { mean, sd, n, is_guess, is_from_median: false, notes })
            }
            (CellForm::Pair { meaning: SpreadMeaning::Ci95, .. }, _) if cell.is_geometric(question.rounding) => {
                Err(geometric(cell))
            }
            (CellForm::Pair { lower, upper, meaning: SpreadMeaning::Ci95, .. }, _) => {
                let half = upper.rounded(question.rounding).minus(lower.rounded(question.rounding)).scaled(0.5);
                let found = sd_from_spread(half, SpreadMeaning::Ci95, n)?;
                notes.push(format!("the SD behind {cell} is recovered from its confidence interval"));
                Ok(Self { mean, sd: found.sd.value, n, is_guess: false, is_from_median: false, notes })
            }
            (CellForm::Pair { .. }, _) => {
                Err(format!("`{cell}`: the pair of a mean gives no SD without a model of the data").into())
            }
        }
    }
}
