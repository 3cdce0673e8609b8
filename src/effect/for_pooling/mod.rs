//! One effect from each release, to be pooled with others: what can be, with its caveats, and why the rest
//! cannot.

mod arm_moments;
mod index;
mod reported;
mod together;
mod values;

use self::index::Index;
use super::measures::{EffectMeasure, Family, Options};
use super::of_logarithms::BY_LOGARITHMS;
use crate::numeric::rounding::Rounding;
use crate::reported::{Cell, Outcome, OutcomeResult, Quantity, Release, SpreadMeaning};
use std::collections::HashMap;

/// What is asked of the releases.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// The outcome, or a number that is a part of a whole; the first of several names that a release has.
    pub outcomes: &'a [String],
    /// The occasion that counts; without it the last one.
    pub occasion: Option<&'a str>,
    /// The measure.
    pub measure: &'a EffectMeasure,
    /// The correlation of before and after, for changes.
    pub r: Option<f64>,
    /// Whether an effect that a release reports itself comes before what its values give.
    pub prefers_reported: bool,
    /// How an unexplained ± is read; without it, as an SD, unless other trials speak against that.
    pub unexplained: Option<SpreadMeaning>,
    /// Whether medians whose quantiles look skewed are converted as well.
    pub takes_skewed: bool,
    /// Options of the measure.
    pub options: Options,
    /// How numbers were rounded.
    pub rounding: Rounding,
}

impl Question<'_> {
    fn is_in(&self, release: &Release) -> bool {
        let has_values = match self.measure.family {
            Family::Proportions => self.outcomes.iter().any(|id| release.number(id).is_some()),
            _ => self.outcome(release).is_some(),
        };
        has_values || !self.reported(release).is_empty()
    }

    fn outcome<'r>(&self, release: &'r Release) -> Option<&'r Outcome> {
        self.outcomes.iter().find_map(|id| release.outcome(id))
    }

    /// The outcome of an effect: its own, where it was reported as such, or the one that was asked for.
    fn outcome_of<'r>(&self, releases: &Index<'r>, effect: &PoolableEffect) -> Option<&'r Outcome> {
        let release = releases.release(&effect.release)?;
        match &effect.outcome {
            Some(id) => release.outcome(id),
            None => self.outcome(release),
        }
    }

    /// The cell that counts: that of the occasion, or the last one.
    fn cell<'r>(&self, result: &'r OutcomeResult, quantity: Quantity) -> Option<&'r (String, Cell)> {
        let all = result.all(quantity);
        match self.occasion {
            Some(occasion) => all.iter().find(|(id, _)| id == occasion),
            None => all.last(),
        }
    }
}

/// What an effect compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Design {
    /// One group before and after.
    BeforeAfter,
    /// Two groups.
    TwoGroups,
    /// Nothing: it is a mean or a share of one group.
    OneGroup,
}

impl Design {
    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::BeforeAfter => "before-after",
            Self::TwoGroups => "two-group",
            Self::OneGroup => "one-group",
        }
    }
}

/// An effect that can be pooled.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PoolableEffect {
    /// The release, with the arm where it has several.
    pub name: String,
    /// The release.
    pub release: String,
    /// The outcome, where it is of one.
    pub outcome: Option<String>,
    /// The arm; of two, the first less the second.
    pub arms: Vec<String>,
    /// What is compared.
    pub design: Design,
    /// How many patients, where that is known.
    pub n: Option<u64>,
    /// The occasion that it is of, where that is known; of a change the later one.
    pub occasion: Option<String>,
    /// The effect.
    pub yi: f64,
    /// Its sampling variance.
    pub vi: f64,
    /// Whether it is taken as the release reports it, and not computed from its values.
    pub is_reported: bool,
    /// Whether a mean is that of a normal distribution with the reported median and its range or quartiles.
    pub is_from_median: bool,
    /// Whether the correlation of before and after is neither reported nor follows from what is, and was assumed.
    pub is_r_assumed: bool,
    /// What is to be known of it.
    pub caveats: Vec<String>,
    /// The SDs that it is made of, or that stand beside it where it is a reported one.
    spreads: Vec<ArmSpread>,
    /// Whether its numbers are printed in per cent.
    is_in_percent: bool,
}

impl PoolableEffect {
    /// Whether it is the ratio of means whose intervals are those of logarithms, which needs no correction for bias.
    pub fn is_of_logarithms(&self) -> bool {
        self.caveats.iter().any(|caveat| caveat.as_str() == BY_LOGARITHMS)
    }
}

/// The SD of one arm at one occasion.
#[derive(Clone, Copy, Debug, PartialEq)]
struct ArmSpread {
    sd: f64,
    n: u64,
    /// The spread is an unexplained ± that was read as the SD.
    is_guess: bool,
}

impl PoolableEffect {
    /// The arm, or both as a difference.
    pub fn contrast(&self) -> String {
        self.arms.join(" − ")
    }
}

/// A release, or an arm of one, that is not pooled.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOut {
    /// Its name.
    pub name: String,
    /// Why.
    pub reason: String,
}

impl std::fmt::Display for LeftOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.name, self.reason)
    }
}

/// What can be pooled and what cannot.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Pool {
    /// The effects.
    pub effects: Vec<PoolableEffect>,
    /// What is left out.
    pub refused: Vec<LeftOut>,
    /// What concerns several of them.
    pub caveats: Vec<String>,
}

/// Collects the effects of all releases that answer the question.
pub fn pool(releases: &[Release], question: &Question<'_>) -> Pool {
    let mut pool = Pool::default();
    // The release that is taken for each registered trial.
    let mut taken: HashMap<&str, &Release> = HashMap::new();
    // Of several reports of one trial the one of most patients is taken.
    let patients = |release: &&Release| -> u64 { release.arms.iter().filter_map(|arm| arm.n.as_ref()?.count()).sum() };
    let mut order: Vec<&Release> = releases.iter().collect();
    order.sort_by_key(|release| (release.registrations.is_empty(), std::cmp::Reverse(patients(release))));
    let mut lacking = Vec::new();
    for release in order {
        if !question.is_in(release) {
            match question.of_other_measure(release) {
                Some(reason) => pool.refuse(&release.id, reason),
                None => lacking.push(release.id.clone()),
            }
            continue;
        }
        let twin = release.registrations.iter().find_map(|id| taken.get(id.as_str()));
        if let Some(twin) = twin {
            let reason = format!(
                "it reports the same trial ({}) as {}: its patients would be counted twice; name one of both files",
                release.registrations.join(", "),
                twin.id
            );
            pool.refuse(&release.id, reason);
            continue;
        }
        let before = pool.effects.len();
        pool.add_release(release, question);
        pool.refuse_other_outcomes(release, question);
        if pool.effects.len() > before {
            for id in &release.registrations {
                taken.entry(id).or_insert(release);
            }
        }
    }
    let index = Index::of(releases);
    pool.effects.sort_by_cached_key(|effect| index.place(&effect.release));
    pool.refuse_other_directions(&index, question);
    pool.refuse_other_units(&index, question);
    pool.refuse_doubtful_spreads(question);
    pool.compare_designs(&index, question);
    pool.refused.sort_by_cached_key(|of| index.place(&of.name));
    if !lacking.is_empty() {
        lacking.sort();
        let what = if question.measure.family == Family::Proportions { "[[number]] called " } else { "" };
        let reason = format!("no {what}`{}` is reported there", question.outcomes.join("` or `"));
        pool.refuse(&lacking.join(", "), reason);
    }
    pool
}

impl Pool {
    fn refuse(&mut self, name: &str, reason: impl Into<String>) {
        self.refused.push(LeftOut { name: name.to_owned(), reason: reason.into() });
    }

    /// Other outcomes that are asked for of the same patients: the names are those of one outcome in several releases.
    fn refuse_other_outcomes(&mut self, release: &Release, question: &Question<'_>) {
        let has = |id: &&String| release.outcome(id).is_some();
        let mut named = question.outcomes.iter().filter(has);
        let Some(first) = named.next() else { return };
        for other in named {
            let reason = format!(
                "its `{other}` is of the same patients as its `{first}`, which is named first: name one of them alone, or pool \
                 the effects of a table with --v-cluster"
            );
            self.refuse(&release.id, reason);
        }
    }

    /// What the values of a release give, or what it reports itself: the one that is asked for first, then the other.
    fn add_release(&mut self, release: &Release, question: &Question<'_>) {
        let told = self.refused.len();
        if question.prefers_reported && self.add_reported(release, question) {
            return;
        }
        let of_reported = self.refused.split_off(told);
        let (effects, refused) = (self.effects.len(), self.refused.len());
        match question.measure.family {
            Family::Proportions => self.add_number(release, question),
            _ => self.add_outcome(release, question),
        }
        let reasons = self.refused.split_off(refused);
        let is_reported = self.effects.len() == effects && !question.prefers_reported;
        let is_answered = is_reported && self.add_reported(release, question);
        match self.effects[effects..].first_mut() {
            None => self.refused.extend(of_reported),
            Some(effect) => {
                let told =
                    of_reported.into_iter().map(|of| format!("what it reports itself is not taken: {}", of.reason));
                effect.caveats.extend(told);
            }
        }
        if !is_answered {
            self.refused.extend(reasons);
        }
    }
}
