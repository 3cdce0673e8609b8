//! Means with confidence intervals of their logarithms, as geometric means and the rates of models have them.

use super::between::BetweenContrast;
use super::two_groups::TwoGroups;
use crate::diagnostic::Refused;
use crate::estimate::{Estimate, Measure, Moments, TWO_GROUP_MEASURES};
use crate::numeric::rounding::{Rounded, Rounding};
use crate::recover::sd_from_spread;
use crate::reported::{Cell, CellForm, SpreadMeaning, Statistic};

/// What stands beside a ratio that was computed so.
pub(crate) const BY_LOGARITHMS: &str = "each mean lies in the middle of the logarithms of its interval: their ratio, its \
                                        interval and its tests are computed on logarithms";

/// Why nothing but the ratio of such means is computed.
const ONLY_THEIR_RATIO: &str = "the intervals are those of logarithms, which give no SD of the values: see ROM";

/// Whether two cells are to be compared by their logarithms: one can be nothing else, and the other can be such a mean.
pub(crate) fn are_on_logarithms(cells: [&Cell; 2], rounding: Rounding) -> bool {
    cells.iter().all(|cell| cell.statistic != Statistic::Median)
        && are_geometric(cells.map(|cell| &cell.form), rounding)
}

/// The same of two forms, none of them that of a median.
pub(crate) fn are_geometric(forms: [&CellForm; 2], rounding: Rounding) -> bool {
    forms.iter().any(|form| form.is_geometric(rounding)) && forms.iter().all(|form| form.may_be_geometric(rounding))
}

/// Mean and SD of the logarithms behind a mean of n people.
///
/// # Errors
/// If the cell has no interval of positive numbers, or n is not known or too small.
pub(crate) fn moments_of_logarithms(cell: &Cell, n: Option<u64>, rounding: Rounding) -> Result<Moments, Refused> {
    of_form(&cell.form, &cell.text, n, rounding)
}

/// Two means with the intervals of their logarithms, compared by these.
///
/// # Errors
/// Those of [`moments_of_logarithms`].
pub(crate) fn by_logarithms(
    forms: [&CellForm; 2],
    n: [Option<u64>; 2],
    level: f64,
    rounding: Rounding,
) -> Result<BetweenContrast, Refused> {
    let read = |at: usize| of_form(forms[at], &forms[at].center().to_string(), n[at], rounding);
    let logarithms = TwoGroups { n, groups: [read(0)?, read(1)?] };
    let mean = |form: &CellForm| Moments { mean: form.center().rounded(rounding), sd: None };
    Ok(BetweenContrast::of_logarithms(TwoGroups { n, groups: forms.map(mean) }, logarithms, level))
}

fn of_form(form: &CellForm, text: &str, n: Option<u64>, rounding: Rounding) -> Result<Moments, Refused> {
    let CellForm::Pair { center, lower, upper, meaning: SpreadMeaning::Ci95 } = form else {
        return Err(format!("`{text}` has no confidence interval").into());
    };
    let n = n.ok_or("the sizes of the groups are not both reported")?;
    let [center, lower, upper] = [center, lower, upper].map(|number| number.rounded(rounding));
    if lower.range.lower <= 0.0 {
        return Err(format!("`{text}` goes down to 0 or below: it has no logarithm").into());
    }
    let [mean, lower, upper] = [center, lower, upper].map(logarithm);
    let half = upper.minus(lower).scaled(0.5);
    Ok(Moments { mean, sd: Some(sd_from_spread(half, SpreadMeaning::Ci95, n)?.sd) })
}

fn logarithm(of: Rounded) -> Rounded {
    Rounded { value: of.value.ln(), range: of.range.map_monotone(f64::ln) }
}

impl BetweenContrast {
    /// Two means that are compared by their logarithms: the difference of these is the log ratio of the means, with the
    /// intervals and tests of a difference of means. It needs no correction for bias.
    ///
    /// Source: Higgins, White & Anzures-Cabrera (2008), Stat Med 27:6072, method 1 (geometric means), with Welch's
    /// degrees of freedom.
    pub(crate) fn of_logarithms(means: TwoGroups, logarithms: TwoGroups, level: f64) -> Self {
        let ratio = Estimate { measure: Measure::Rom, ..logarithms.estimate(Measure::Md, level) };
        let of = |measure: Measure| match measure {
            Measure::Rom => ratio.clone(),
            measure => Estimate::absent(measure, None, ONLY_THEIR_RATIO),
        };
        let by_logarithms = Self::new(logarithms, level);
        Self {
            input: means,
            logarithms: Some(logarithms),
            estimates: TWO_GROUP_MEASURES.iter().map(|info| of(info.measure)).collect(),
            common_language: Vec::new(),
            number_needed: None,
            caveats: vec![BY_LOGARITHMS.to_owned()],
            ..by_logarithms
        }
    }
}
