//! What a reader has to bear in mind of the results of a release, whatever the numbers are.

use super::summary::outcomes;
use super::words::say;
use crate::effect::of_release::ReleaseEffects;
use crate::reported::{Lang, Release, Scale, Statistic, StudyDesign, StudyKind};

/// One thing to bear in mind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Caution {
    /// A single group before and after treatment.
    NoControlGroup,
    /// Ratios of means of a scale whose 0 is no absence of anything, or whose steps are unequal.
    RatiosOfScores,
    /// Counts that are taken as whole numbers of equal lengths of time.
    WholeCounts,
    /// Intervals of rates that take events as independent.
    IndependentEvents,
    /// Intervals of shares that may be no sample of anything.
    FullCounts,
}

impl Caution {
    const ALL: [Self; 5] =
        [Self::NoControlGroup, Self::RatiosOfScores, Self::WholeCounts, Self::IndependentEvents, Self::FullCounts];

    /// Whether the results of a release need it.
    pub fn applies(self, release: &Release, effects: &ReleaseEffects) -> bool {
        let scale = |id: &str| release.outcome(id).map(|outcome| &outcome.scale);
        match self {
            Self::NoControlGroup => {
                let has_changes = !effects.contrasts.is_empty() || !effects.changes.is_empty();
                // A subgroup is no control, and people who have one treatment after the other are their own.
                let is_single = release.arms.iter().filter(|arm| arm.of.is_none()).count() == 1;
                let is_own_control = release.design == Some(StudyDesign::Crossover);
                // Whatever the source is: a registry and animals change without a treatment too.
                is_single && !is_own_control && has_changes
            }
            Self::RatiosOfScores => effects
                .contrasts
                .iter()
                .filter(|named| named.contrast.ratio.is_some())
                .filter_map(|named| scale(&named.outcome))
                .any(|scale| {
                    matches!(scale, Scale::Edss | Scale::Nrs | Scale::AlsfrsR | Scale::Values(_) | Scale::Items { .. })
                }),
            Self::WholeCounts => {
                release.outcomes.iter().filter(|outcome| outcome.scale == Scale::Count).any(|outcome| {
                    let cells = outcome.results.iter().flat_map(|row| &row.cells);
                    cells.into_iter().any(|(_, cell)| matches!(cell.statistic, Statistic::Mean | Statistic::Rate))
                })
            }
            Self::IndependentEvents => !effects.rates.is_empty(),
            Self::FullCounts => {
                let is_count = matches!(release.kind, StudyKind::Registry | StudyKind::Announcement);
                let is_part = |id: &str| release.number(id).is_some_and(|number| number.split.is_some());
                let mut shares = effects.proportions.iter();
                shares.any(|share| is_count || is_part(&share.number))
            }
        }
    }

    /// In words.
    pub fn text(self, lang: Lang) -> String {
        match self {
            Self::NoControlGroup => say(
                lang,
                "No control group: the change may also be regression to the mean or the natural course of the disease.",
                "対照群はない。変化には平均への回帰や自然経過も含まれうる。",
            ),
            Self::RatiosOfScores => say(
                lang,
                "On a rating scale this is a ratio of means; it does not say what share of the symptoms remains.",
                "評価尺度の比は発表された平均どうしの比であり、症状がその割合になったことを意味しない。",
            ),
            Self::WholeCounts => say(
                lang,
                "Counts are taken as whole numbers, counted over the same time in everyone; averages of several years have \
                 other data behind them.",
                "回数は、全員について同じ長さの期間に数えた整数とみなす。複数年の平均なら、背後にありうるデータは異なる。",
            ),
            Self::IndependentEvents => say(
                lang,
                "Rates: the intervals take events as independent of each other; where some people have many, they are too \
                 narrow.",
                "率の区間は各件が互いに独立とみなす。件数の多い人がいる場合、区間は狭すぎる。",
            ),
            Self::FullCounts => say(
                lang,
                "Intervals of shares treat the people counted as a random sample; a complete count has no sampling error.",
                "割合の区間は、数えた対象を無作為標本とみなす。全数の集計に標本誤差はない。",
            ),
        }
    }
}

/// Everything that is to be borne in mind of a release.
pub fn cautions(release: &Release, effects: &ReleaseEffects, lang: Lang) -> Vec<String> {
    Caution::ALL.iter().filter(|of| of.applies(release, effects)).map(|of| of.text(lang)).collect()
}

/// The same of what a summary shows: that of shares only where one stands in it, and not among the details alone.
pub fn of_summary(release: &Release, effects: &ReleaseEffects, lang: Lang) -> Vec<String> {
    let is_shown = |of: &&Caution| **of != Caution::FullCounts || outcomes(release, effects).next().is_some();
    let all = Caution::ALL.iter().filter(|of| of.applies(release, effects));
    all.filter(is_shown).map(|of| of.text(lang)).collect()
}
