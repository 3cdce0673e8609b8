//! The catalogue of effect sizes, under the codes, with the columns and by the definitions of R's
//! metafor.
//!
//! Each measure is one row of the table of its family: code, columns, formulas, sources and the
//! function that computes it. Help, documentation and errors are made from these rows, and
//! [`escalc`] computes any of them. Nothing here knows of files or printed numbers.
//!
//! ```
//! use reffect::effect::measures::{Field, Inputs, Options, escalc, measure};
//!
//! let row = Inputs::from([(Field::Ai, 4.0), (Field::N1i, 123.0), (Field::Ci, 11.0), (Field::N2i, 139.0)]);
//! let effect = escalc(measure("RR")?, &row, &Options::default())?;
//! assert!((effect.yi + 0.8893).abs() < 5e-5);
//! assert!((effect.vi.ok_or("a variance")? - 0.3256).abs() < 5e-5);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod association;
mod by_group;
mod change;
mod common_language;
mod correlations;
mod counts;
mod inputs;
mod one_group;
mod options;
mod pairs;
mod proportions;
mod rates;
mod reliability;
mod two_groups;
mod zeros;

pub use by_group::{GroupParts, group_parts, measures_by_group};
pub use inputs::{Field, Inputs, Reason};
pub use options::{Across, AddTo, Options, Vtype};
pub use zeros::Survey;

use super::small_sample::hedges_j;
use crate::diagnostic::{Refused, did_you_mean};
use crate::numeric::interval::Interval;

/// An effect with its sampling variance.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct YiVi {
    /// The effect.
    pub yi: f64,
    /// Its sampling variance, where it has one.
    pub vi: Option<f64>,
    /// Why it has none, or what was done to the numbers.
    pub note: Option<Reason>,
}

impl YiVi {
    fn new(yi: f64, vi: f64) -> Result<Self, Reason> {
        Ok(Self { yi, vi: Some(vi), note: None })
    }

    fn without_variance(yi: f64, reason: Reason) -> Self {
        Self { yi, vi: None, note: Some(reason) }
    }

    /// The effect ± a normal quantile times its standard error.
    pub fn interval(&self, quantile: f64) -> Option<Interval> {
        let half = quantile * self.vi?.sqrt();
        Some(Interval::around(self.yi, half))
    }

    fn noted(self, note: Option<Reason>) -> Self {
        Self { note: self.note.or(note), ..self }
    }
}

type Answer = Result<YiVi, Reason>;

/// What kind of numbers a measure is computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Family {
    /// Means and SDs of two groups.
    TwoGroups,
    /// 2×2 tables of two groups.
    Counts,
    /// 2×2 tables of two features.
    Association,
    /// Events over person-time in two groups.
    TwoRates,
    /// Parts of a whole.
    Proportions,
    /// Events over person-time in one group.
    OneRate,
    /// Mean and SD of one group.
    OneGroup,
    /// Correlations.
    Correlations,
    /// Means and SDs of one group at two times.
    Change,
    /// 2×2 tables of matched pairs.
    Pairs,
    /// Reliabilities, and genotypes.
    Other,
}

impl Family {
    /// What its measures are about.
    pub fn title(self) -> &'static str {
        match self {
            Self::TwoGroups => "two groups, means and SDs",
            Self::Counts => "two groups, yes or no",
            Self::Association => "two features, yes or no",
            Self::TwoRates => "two groups, events over time",
            Self::Proportions => "one group, yes or no",
            Self::OneRate => "one group, events over time",
            Self::OneGroup => "one group, mean and SD",
            Self::Correlations => "correlations",
            Self::Change => "one group twice, means and SDs",
            Self::Pairs => "matched pairs, yes or no",
            Self::Other => "others",
        }
    }

    /// Whether its numbers are counts, to which a constant may be added.
    fn has_counts(self) -> bool {
        matches!(
            self,
            Self::Counts | Self::Association | Self::TwoRates | Self::Proportions | Self::OneRate | Self::Pairs
        )
    }
}

/// How an effect is taken back to the scale that people think on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Back {
    /// It already is on that scale.
    Identity,
    /// exp y
    Exp,
    /// 1/(1 + exp(−y))
    Logistic,
    /// tanh y
    Tanh,
    /// sin² y
    SinSquared,
    /// y²
    Square,
    /// Φ(y)
    NormalCdf,
    /// Miller's inverse of the double arcsine, which needs n.
    DoubleArcsine,
    /// The inverse of the Freeman–Tukey square root, which needs the time.
    DoubleSquareRoot,
    /// 1 − (1 − y)³
    CubeComplement,
    /// 1 − exp(−y)
    ExpComplement,
    /// tanh² y
    TanhSquared,
}

impl Back {
    /// The formula.
    pub fn formula(self) -> &'static str {
        match self {
            Self::Identity => "y",
            Self::Exp => "exp y",
            Self::Logistic => "1/(1 + exp(−y))",
            Self::Tanh => "tanh y",
            Self::SinSquared => "sin² y",
            Self::Square => "y²",
            Self::NormalCdf => "Φ(y)",
            Self::DoubleArcsine => "Miller's inverse, with n",
            Self::DoubleSquareRoot => "(1/t − 8y² + 16ty⁴)/(16ty²)",
            Self::CubeComplement => "1 − (1 − y)³",
            Self::ExpComplement => "1 − exp(−y)",
            Self::TanhSquared => "tanh² y",
        }
    }
}

/// One measure: a row of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct EffectMeasure {
    /// Its code.
    pub code: &'static str,
    /// Other codes for it.
    pub aliases: &'static [&'static str],
    /// What it is.
    pub name: &'static str,
    /// What it is computed from.
    pub family: Family,
    /// The columns that it needs: the first set, or else one of the others.
    pub columns: &'static [&'static [Field]],
    /// The formula of the effect.
    pub estimate: &'static str,
    /// The formula of its sampling variance.
    pub variance: &'static str,
    /// How it is taken back.
    pub back: Back,
    /// The kinds of variance that it has beside LS.
    pub vtypes: &'static [Vtype],
    /// Whether it has a correction for bias.
    pub corrects: bool,
    /// Whether ½ is added to counts with a zero unless the options say otherwise.
    pub adds: bool,
    /// Where the formulas come from.
    pub reference: &'static str,
    compute: fn(&Inputs, &Options) -> Answer,
}

impl EffectMeasure {
    /// What it is, where its correction for bias is made or left out.
    pub fn name_where(&self, is_corrected: bool) -> &'static str {
        let uncorrected = [", bias-corrected", ", Hedges' g"];
        let stripped = || uncorrected.iter().find_map(|part| self.name.strip_suffix(part));
        if is_corrected { self.name } else { stripped().unwrap_or(self.name) }
    }

    /// Every column that it may read.
    pub fn fields(&self) -> Vec<Field> {
        Field::ALL.iter().copied().filter(|field| self.columns.iter().any(|set| set.contains(field))).collect()
    }

    /// The columns of sizes without which it has an effect all the same, and no variance; none where the effect depends on
    /// them, as one that is corrected for bias does.
    ///
    /// ```
    /// use reffect::effect::measures::{Options, measure};
    ///
    /// let plain = Options { correct: false, ..Options::default() };
    /// assert!(!measure("MD")?.sizes_it_may_lack(&plain).is_empty() && measure("SMD")?.sizes_it_may_lack(&plain).is_empty());
    /// assert!(measure("ROM")?.sizes_it_may_lack(&Options::default()).is_empty());
    /// # Ok::<(), reffect::diagnostic::Refused>(())
    /// ```
    pub fn sizes_it_may_lack(&self, options: &Options) -> &'static [Field] {
        let mut row = Inputs::default();
        // Any means, SDs and correlations will do.
        for (at, field) in self.fields().into_iter().filter(|field| !SIZES.contains(field)).enumerate() {
            row.set(field, Some(0.9 / (at as f64 + 1.0)));
        }
        if escalc(self, &row, options).is_ok() { &SIZES } else { &[] }
    }

    /// What is added to counts with a zero unless the call says otherwise.
    fn usual_addition(&self) -> f64 {
        if self.adds { 0.5 } else { 0.0 }
    }

    /// How much a row was observed, as `escalc` of metafor keeps it beside an effect (`ni`): people or pairs,
    /// or person-time where events are counted over time. None where the row does not say.
    ///
    /// ```
    /// use reffect::effect::measures::{Field, Inputs, measure};
    ///
    /// let row = Inputs::from([(Field::Ai, 4.0), (Field::N1i, 123.0), (Field::Ci, 11.0), (Field::N2i, 139.0)]);
    /// assert_eq!(measure("RR")?.size(&row), Some(262.0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn size(&self, row: &Inputs) -> Option<f64> {
        let sum = |fields: &[Field]| fields.iter().map(|field| row.get(*field)).sum::<Option<f64>>();
        let groups = || sum(&[Field::N1i, Field::N2i]);
        let cells = || sum(&[Field::Ai, Field::Bi, Field::Ci, Field::Di]);
        match self.family {
            Family::TwoGroups => groups(),
            Family::Counts | Family::Association => cells().or_else(groups),
            // The margins count everybody twice, once for each treatment.
            Family::Pairs if self.code == "MPORM" => cells().map(|both| both / 2.0),
            Family::Pairs => cells(),
            Family::Other if self.code == "REH" => sum(&[Field::Ai, Field::Bi, Field::Ci]),
            Family::TwoRates => sum(&[Field::T1i, Field::T2i]),
            Family::OneRate => row.get(Field::Ti),
            Family::Proportions => row.get(Field::Ni).or_else(|| sum(&[Field::Xi, Field::Mi])),
            Family::OneGroup | Family::Correlations | Family::Change | Family::Other => row.get(Field::Ni),
        }
    }
}

/// The tables of all families, in the order of the documentation.
const TABLES: [&[EffectMeasure]; 13] = [
    two_groups::MEASURES,
    common_language::MEASURES,
    counts::MEASURES,
    association::MEASURES,
    rates::TWO_GROUPS,
    proportions::MEASURES,
    rates::ONE_GROUP,
    one_group::MEASURES,
    correlations::MEASURES,
    change::MEASURES,
    pairs::MEASURES,
    reliability::MEASURES,
    reliability::GENERIC,
];

/// Every measure.
pub fn measures() -> impl Iterator<Item = &'static EffectMeasure> {
    TABLES.into_iter().flatten()
}

/// The measure of a code.
///
/// # Errors
/// If there is none, with the code that may have been meant.
///
/// ```
/// use reffect::effect::measures::measure;
/// assert_eq!(measure("SMD").map(|measure| measure.corrects), Ok(true));
/// assert!(measure("SDM").unwrap_err().reason().contains("did you mean `SMD`?"));
/// ```
pub fn measure(code: &str) -> Result<&'static EffectMeasure, Refused> {
    /// Codes of metafor 5 whose formulas were not at hand.
    const NOT_BUILT: [&str; 2] = ["R2F", "ZR2F"];
    let named = |measure: &&EffectMeasure| measure.code == code || measure.aliases.contains(&code);
    measures().find(named).ok_or_else(|| {
        if NOT_BUILT.contains(&code) {
            let random = code.trim_end_matches('F');
            return format!("`{code}` of metafor is not built here; {random} takes the predictors as random").into();
        }
        let codes = measures().flat_map(|measure| measure.aliases.iter().copied().chain([measure.code]));
        let meant = did_you_mean(code, codes).unwrap_or_else(|| "`reffect effect --measures` lists all".to_owned());
        format!("`{code}` is no measure that is known here; {meant}").into()
    })
}

/// Computes a measure for one row.
///
/// # Errors
/// Why it has no value: what is missing, impossible or not defined.
///
/// ```
/// use reffect::effect::measures::{Field, Inputs, Options, escalc, measure};
/// // The first trial of BCG in Colditz et al. (1994), JAMA 271:698: 4 of 123 against 11 of 139.
/// let row = Inputs::from([(Field::Ai, 4.0), (Field::N1i, 123.0), (Field::Ci, 11.0), (Field::N2i, 139.0)]);
/// let effect = escalc(measure("RR")?, &row, &Options::default())?;
/// // metafor 3.8-1: escalc(measure = "RR", ai = 4, n1i = 123, ci = 11, n2i = 139)
/// assert!((effect.yi + 0.889_311_333_920_205_4).abs() < 1e-12 && effect.vi.is_some_and(|vi| (vi - 0.325_584_765_003_961_3).abs() < 1e-12));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn escalc(measure: &EffectMeasure, inputs: &Inputs, options: &Options) -> Answer {
    let options = Options { add: options.add.or(Some(measure.usual_addition())), ..*options };
    let answer = match (measure.compute)(inputs, &options) {
        Err(Reason::Missing(missing)) if missing.iter().all(|field| SIZES.contains(field)) => {
            without_sizes(measure, inputs, &options, missing)?
        }
        other => other?,
    };
    if !answer.yi.is_finite() {
        return Err(Reason::Overflow("effect"));
    }
    match answer.vi {
        Some(vi) if !vi.is_finite() => Ok(YiVi::without_variance(answer.yi, Reason::Overflow("variance"))),
        Some(vi) if vi < 0.0 => {
            let reason = "the formula gives a variance below 0 here, which is none";
            Ok(YiVi::without_variance(answer.yi, Reason::Undefined(reason)))
        }
        // Such a row would count infinitely in an average.
        Some(0.0) => Ok(answer.noted(Some(Reason::Undefined("the sampling variance is 0")))),
        _ => Ok(answer),
    }
}

/// The sizes of groups, on which a variance always depends.
const SIZES: [Field; 3] = [Field::N1i, Field::N2i, Field::Ni];

/// The effect of a row whose sizes are missing, where it is the same whatever they are.
fn without_sizes(measure: &EffectMeasure, inputs: &Inputs, options: &Options, missing: Vec<Field>) -> Answer {
    // Of counts they are numbers of events and others, and no mere weights.
    if measure.family.has_counts() || measure.family == Family::Other {
        return Err(Reason::Missing(missing));
    }
    let with = |sizes: [f64; 2]| {
        let mut inputs = *inputs;
        for (field, size) in missing.iter().zip(sizes) {
            inputs.set(*field, Some(size));
        }
        (measure.compute)(&inputs, options).map(|answer| answer.yi)
    };
    match [with([11.0, 29.0]), with([503.0, 307.0])] {
        [Ok(yi), Ok(other)] if yi == other => Ok(YiVi::without_variance(yi, Reason::WithoutSize(missing))),
        _ => Err(Reason::Missing(missing)),
    }
}

/// Hedges' J, or 1 where no correction is asked for.
fn correction(degrees_of_freedom: f64, options: &Options) -> Result<f64, Reason> {
    if !options.correct {
        return Ok(1.0);
    }
    hedges_j(degrees_of_freedom).ok_or(Reason::NoCorrection(degrees_of_freedom))
}

#[cfg(test)]
mod tests;
