//! How measures are computed: the options of metafor's `escalc`.

use crate::diagnostic::{Refused, named};

use super::{EffectMeasure, Family};

/// Which rows get a constant added to their counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AddTo {
    /// Those with a zero.
    #[default]
    Only0,
    /// All.
    All,
    /// All, if any of them has a zero.
    If0All,
    /// None.
    None,
}

/// How the sampling variance is estimated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Vtype {
    /// The usual large-sample approximation of the measure.
    #[default]
    Ls,
    /// A second one.
    Ls2,
    /// A third one.
    Ls3,
    /// Without bias.
    Ub,
    /// The large-sample approximation at the average over all rows, weighted by size.
    Av,
    /// The second approximation at the average over all rows.
    Av2,
    /// As if the variances of both groups were the same.
    Ho,
    /// As if the coefficients of variation of both groups were the same in all rows.
    AvHo,
    /// For sampling with fixed group sizes.
    St,
    /// For cross-sectional sampling, where group sizes are random.
    Cs,
}

impl Vtype {
    /// Whether it stands on an average over all rows.
    pub(super) fn is_average(self) -> bool {
        matches!(self, Self::Av | Self::Av2 | Self::AvHo)
    }
}

named!(AddTo, "rule for adding to counts", [Only0 "only0", All "all", If0All "if0all", None "none"]);
named!(
    Vtype,
    "kind of sampling variance",
    [Ls "LS", Ls2 "LS2", Ls3 "LS3", Ub "UB", Av "AV", Av2 "AV2", Ho "HO", AvHo "AVHO", St "ST", Cs "CS"]
);

/// How measures are computed. The defaults are those of metafor 5.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// What is added to counts; without it ½, or 0 for measures that need nothing added.
    pub add: Option<f64>,
    /// To which.
    pub to: AddTo,
    /// Whether tables without events, or with events only, have no value.
    pub drop00: bool,
    /// How variances are estimated.
    pub vtype: Vtype,
    /// Whether measures with a correction for bias are corrected.
    pub correct: bool,
    /// What is known of all rows together, where the other options ask for it.
    pub across: Across,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            add: None,
            to: AddTo::default(),
            drop00: false,
            vtype: Vtype::default(),
            correct: true,
            across: Across::default(),
        }
    }
}

/// What `if0all` and `AV` need to know of all rows together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Across {
    /// Whether any row has a zero.
    pub has_zero: bool,
    /// The average of the effects, weighted by sample size.
    pub average: Option<f64>,
    /// The averages of the coefficients of variation, weighted by group size: of group 1, of group 2,
    /// and of both.
    pub variations: Option<[f64; 3]>,
    /// The shares with the event in group 1 and in group 2 of all rows together, or in the only group.
    pub shares: [Option<f64>; 2],
    /// The pooled variance of groups of one each.
    pub variance: Option<f64>,
}

impl Options {
    /// Whether all rows have to be seen before the first of a measure is computed.
    pub fn needs_all_rows(&self, measure: &EffectMeasure) -> bool {
        // Of two groups each row has a pooled variance of its own, of one only all rows have one.
        let pools = self.vtype == Vtype::Ho && measure.family == Family::OneGroup;
        self.vtype.is_average() || pools || self.to == AddTo::If0All
    }

    /// Whether a measure knows these options, each of which was given on purpose.
    ///
    /// # Errors
    /// Which does not apply, and which would.
    pub fn check(&self, measure: &EffectMeasure) -> Result<(), Refused> {
        let code = measure.code;
        let usual = Self::default();
        let counts = measure.family.has_counts();
        if !counts && (self.add != usual.add || self.to != usual.to || self.drop00) {
            return Err(format!("{code} has no zero counts to add to: --add, --to and --drop00 do not apply").into());
        }
        if self.drop00 && !matches!(measure.family, Family::Counts | Family::Association | Family::TwoRates) {
            return Err(
                format!("{code} compares no two groups whose events could both be 0: --drop00 does not apply").into()
            );
        }
        if let Some(add) = self.add.filter(|add| !add.is_finite() || *add < 0.0) {
            return Err(format!("--add {add} is no number that could be added to a count").into());
        }
        if self.vtype != Vtype::Ls && !measure.vtypes.contains(&self.vtype) {
            let known: Vec<String> = measure.vtypes.iter().map(Vtype::to_string).collect();
            let known = if known.is_empty() { "only LS".to_owned() } else { format!("LS, {}", known.join(", ")) };
            return Err(format!("{code} has no variance of type {}; it has {known}", self.vtype).into());
        }
        if !self.correct && !measure.corrects {
            return Err(format!("{code} has no correction for bias that could be left out").into());
        }
        Ok(())
    }
}
