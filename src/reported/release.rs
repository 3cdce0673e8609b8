//! A release: one document and all that it reports.

use super::text::name_in;
use super::{
    ArmOrder, Cell, Date, Expectation, Ignored, Lang, Localized, Occasion, Outcome, Paper, Passage, ReportedEstimate,
    SourceDocument,
};
use crate::numeric::numeral::{Comparison, Numeral};

/// One document that reports numbers: a press release, a report, an abstract.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Release {
    /// The name of its file without the ending.
    pub id: String,
    /// What kind of study it reports on.
    pub kind: StudyKind,
    /// How it compares treatments, where the file says so.
    pub design: Option<StudyDesign>,
    /// What it is about, in a few words of ours.
    pub label: Localized,
    /// The title.
    pub title: Localized,
    /// Who published it, if the source says so.
    pub publisher: Option<Localized>,
    /// When, if the source says so.
    pub date: Option<Date>,
    /// In which language.
    pub language: Lang,
    /// The document.
    pub source: SourceDocument,
    /// The paper behind it.
    pub paper: Option<Paper>,
    /// The numbers under which the study is registered.
    pub registrations: Vec<String>,
    /// Groups of patients, animals or entries.
    pub arms: Vec<Arm>,
    /// When outcomes were measured, in order of time.
    pub occasions: Vec<Occasion>,
    /// What was measured.
    pub outcomes: Vec<Outcome>,
    /// Every other number.
    pub numbers: Vec<ReportedNumber>,
    /// Effects that the source reports itself.
    pub estimates: Vec<ReportedEstimate>,
    /// What was claimed in words.
    pub statements: Vec<Statement>,
    /// Which results are expected to come out as they were printed.
    pub expectations: Vec<Expectation>,
    /// Which inconsistencies are accepted.
    pub ignored: Vec<Ignored>,
}

/// What a release reports on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StudyKind {
    /// Patients who were treated.
    Trial,
    /// Patients who were registered and observed.
    Registry,
    /// Animals.
    AnimalStudy,
    /// The results of several studies together.
    MetaAnalysis,
    /// No study at all.
    Announcement,
}

impl StudyKind {
    /// Every kind with its name in a release file.
    pub const ALL: [(&'static str, Self); 5] = [
        ("trial", Self::Trial),
        ("registry", Self::Registry),
        ("animal-study", Self::AnimalStudy),
        ("meta-analysis", Self::MetaAnalysis),
        ("announcement", Self::Announcement),
    ];

    /// The name in a release file.
    pub fn name(self) -> &'static str {
        name_in(&Self::ALL, self)
    }
}

/// How a trial compares its treatments, where its arms alone do not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StudyDesign {
    /// The same people have one treatment after the other, so that they are their own control.
    Crossover,
}

impl StudyDesign {
    /// Every design with its name in a release file.
    pub const ALL: [(&'static str, Self); 1] = [("crossover", Self::Crossover)];

    /// The name in a release file.
    pub fn name(self) -> &'static str {
        name_in(&Self::ALL, self)
    }
}

/// No group has more members; a larger number is one that ran together.
pub const LARGEST_COUNT: i128 = 1_000_000_000;

/// A group of patients, animals or entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arm {
    /// The name by which other parts of the file refer to it.
    pub id: String,
    /// What people call it.
    pub label: Localized,
    /// How many, if the source says so.
    pub n: Option<Numeral>,
    /// The arm that it is a subgroup of.
    pub of: Option<String>,
    /// Where it was read.
    pub passage: Passage,
}

/// A number that is no outcome at an occasion: a dose, a count, a share.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReportedNumber {
    /// The name by which other parts of the file refer to it.
    pub id: String,
    /// What people call it.
    pub label: Localized,
    /// The text, as printed, with the percentage beside a count.
    pub text: String,
    /// The number.
    pub form: NumberForm,
    /// The percentage that is printed beside a count: `27 (13.6%)`.
    pub percent: Option<Numeral>,
    /// The unit, if it has one.
    pub unit: Option<Localized>,
    /// The arm or number of which this is a part.
    pub of: Option<String>,
    /// The numbers of the same split are the parts of one whole, and add up to it.
    pub split: Option<String>,
    /// Where it was read.
    pub passage: Passage,
}

impl ReportedNumber {
    /// Whether it is a part of a known whole.
    pub fn is_part(&self) -> bool {
        self.of.is_some() || matches!(self.form, NumberForm::Fraction { .. })
    }
}

/// A single number, or a part with its whole.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NumberForm {
    /// `50,000`
    Single(Numeral),
    /// `5/7`
    Fraction {
        /// The text, as printed.
        text: String,
        /// The part.
        part: Numeral,
        /// The whole.
        whole: Numeral,
    },
}

impl NumberForm {
    /// The text, as printed.
    pub fn text(&self) -> &str {
        match self {
            Self::Single(numeral) => numeral.text(),
            Self::Fraction { text, .. } => text,
        }
    }

    /// The number that stands first.
    pub fn numeral(&self) -> &Numeral {
        match self {
            Self::Single(numeral) | Self::Fraction { part: numeral, .. } => numeral,
        }
    }
}

/// What was claimed in words.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statement {
    /// What kind of claim it is.
    pub claim: Claim,
    /// What it says, in our words.
    pub label: Localized,
    /// The outcomes that it is about.
    pub outcomes: Vec<String>,
    /// The arm, where it is about one.
    pub arm: Option<String>,
    /// The arm that it was compared with.
    pub versus: Option<String>,
    /// The arms that were compared with each other, where they are three or more.
    pub between: Vec<String>,
    /// The occasion up to which something changed, or at which arms were compared, where it is about one.
    pub occasion: Option<String>,
    /// The p-value, where one is given.
    pub p: Option<Comparison>,
    /// Where it was read.
    pub passage: Passage,
}

impl Statement {
    /// Whether it is about the change of an outcome in one arm: it names this arm or none, and no arm to compare with.
    pub fn is_about(&self, outcome: &str, arm: &str) -> bool {
        let is_of_arm = self.arm.as_ref().is_none_or(|own| own == arm);
        !self.compares_arms() && is_of_arm && self.outcomes.iter().any(|own| own == outcome)
    }

    /// Whether it is about a difference between arms.
    pub fn compares_arms(&self) -> bool {
        self.versus.is_some() || !self.between.is_empty()
    }

    /// Whether it is about an occasion: it names this one or none.
    pub fn is_at(&self, occasion: &str) -> bool {
        self.occasion.as_ref().is_none_or(|own| own == occasion)
    }

    /// Whether it claims that a test is significant, or is not.
    pub fn claims_significance(&self) -> bool {
        matches!(self.claim, Claim::Significant | Claim::NotSignificant) || self.p.is_some()
    }

    /// Whether it compares two arms in an outcome. Where it names one arm only, the other may be any.
    pub fn compares(&self, outcome: &str, arms: [&str; 2]) -> bool {
        let Some(versus) = self.versus.as_deref() else { return false };
        let other = if arms[0] == versus { arms[1] } else { arms[0] };
        let asked = [self.arm.as_deref().unwrap_or(other), versus];
        let is_of_arms = ArmOrder::of(asked, arms).is_some();
        is_of_arms && self.outcomes.iter().any(|own| own == outcome)
    }
}

/// What kind of claim a statement makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claim {
    /// Statistical significance.
    Significant,
    /// The absence of statistical significance.
    NotSignificant,
    /// A tendency.
    Tendency,
    /// A difference, with no word on its significance.
    Difference,
    /// Something else that bears on the results.
    Other,
}

impl Claim {
    /// Every claim with its name in a release file.
    pub const ALL: [(&'static str, Self); 5] = [
        ("significant", Self::Significant),
        ("not-significant", Self::NotSignificant),
        ("tendency", Self::Tendency),
        ("difference", Self::Difference),
        ("other", Self::Other),
    ];

    /// The name in a release file.
    pub fn name(self) -> &'static str {
        name_in(&Self::ALL, self)
    }
}

impl Release {
    /// The arm of this name.
    pub fn arm(&self, id: &str) -> Option<&Arm> {
        self.arms.iter().find(|arm| arm.id == id)
    }

    /// Whether an occasion lies before anything was done: the last one that is called before or baseline, and all
    /// ahead of it.
    pub fn is_start(&self, occasion: &str) -> bool {
        let last = self.occasions.iter().rposition(|of| ["before", "baseline"].contains(&of.id.as_str()));
        let own = self.occasions.iter().position(|of| of.id == occasion);
        own.zip(last).is_some_and(|(own, last)| own <= last)
    }

    /// How many people are in an arm; none where that is not reported, or no plain count.
    pub fn size(&self, arm: &str) -> Option<u64> {
        self.arm(arm)?.n.as_ref()?.count()
    }

    /// Of how many people of an arm a result is: as it says itself, or all.
    pub fn size_at(&self, arm: &str, cell: &Cell) -> Option<u64> {
        self.people(arm, cell)?.count()
    }

    /// Of how many people of an arm a result is, as printed: a number that is no plain count has no size.
    pub fn people<'a>(&'a self, arm: &str, cell: &'a Cell) -> Option<&'a Numeral> {
        cell.n.as_ref().or_else(|| self.arm(arm)?.n.as_ref())
    }

    /// Of how many people two results of an arm are; none where they are of different numbers.
    pub fn size_of_both(&self, arm: &str, cells: [&Cell; 2]) -> Option<u64> {
        let [first, second] = cells.map(|cell| self.size_at(arm, cell));
        first.filter(|_| first == second)
    }

    /// The outcome of this name.
    pub fn outcome(&self, id: &str) -> Option<&Outcome> {
        self.outcomes.iter().find(|outcome| outcome.id == id)
    }

    /// The number of this name.
    pub fn number(&self, id: &str) -> Option<&ReportedNumber> {
        self.numbers.iter().find(|number| number.id == id)
    }

    /// The reported effect of this name.
    pub fn estimate(&self, id: &str) -> Option<&ReportedEstimate> {
        self.estimates.iter().find(|estimate| estimate.id == id)
    }

    /// The arms of a reported effect: those that it names, or else the only one of its outcome, or of the release.
    pub fn arms_of<'a>(&'a self, estimate: &'a ReportedEstimate) -> Vec<&'a str> {
        let named = estimate.arms();
        if !named.is_empty() {
            return named;
        }
        let only_result = estimate.outcome.as_deref().and_then(|id| self.outcome(id)?.only_result());
        match (only_result, self.arms.as_slice()) {
            (Some(row), _) => vec![&row.arm],
            (None, [arm]) => vec![&arm.id],
            (None, _) => Vec::new(),
        }
    }

    /// The occasion of a reported effect: its own, or else the last one that its outcome reports of all of its arms.
    pub fn occasion_of<'a>(&'a self, estimate: &'a ReportedEstimate) -> Option<&'a str> {
        let of_values = || {
            let outcome = self.outcome(estimate.outcome.as_deref()?)?;
            let arms = self.arms_of(estimate);
            let reported = |arm: &str, id: &str| outcome.of_arm(arm).is_some_and(|row| row.reported_at(id).is_some());
            let is_of_all = |id: &str| match arms.as_slice() {
                [] => outcome.results.iter().any(|row| row.reported_at(id).is_some()),
                arms => arms.iter().all(|arm| reported(arm, id)),
            };
            self.occasions.iter().rev().map(|occasion| occasion.id.as_str()).find(|id| is_of_all(id))
        };
        estimate.occasion.as_deref().or_else(of_values)
    }

    /// Whether a reported effect is that of an occasion, as far as the release says.
    pub fn is_estimate_at(&self, estimate: &ReportedEstimate, occasion: &str) -> bool {
        self.occasion_of(estimate).is_none_or(|own| own == occasion)
    }

    /// The occasion of this name.
    pub fn occasion(&self, id: &str) -> Option<&Occasion> {
        self.occasions.iter().find(|occasion| occasion.id == id)
    }

    /// The whole that an arm or a number stands for: its size as printed.
    pub fn whole(&self, id: &str) -> Option<&Numeral> {
        match self.arm(id) {
            Some(arm) => arm.n.as_ref(),
            None => self.number(id).map(|number| number.form.numeral()),
        }
    }

    /// Every passage, with the texts of the numbers that were read from it.
    pub fn passages(&self) -> Vec<(&Passage, Vec<&str>)> {
        let arms = self.arms.iter().map(|arm| (&arm.passage, arm.n.iter().map(Numeral::text).collect()));
        let results = self.outcomes.iter().flat_map(|outcome| &outcome.results);
        let cells = results.flat_map(|result| by_passage(&result.cells).chain(by_passage(&result.changes)));
        let numbers = self.numbers.iter().map(|number| {
            let percent = number.percent.as_ref().map(Numeral::text);
            (&number.passage, [number.form.text()].into_iter().chain(percent).collect())
        });
        let estimates = self.estimates.iter().map(|estimate| (&estimate.passage, estimate.texts()));
        let statements = self
            .statements
            .iter()
            .map(|statement| (&statement.passage, statement.p.iter().map(|p| p.text.as_str()).collect()));
        arms.chain(cells).chain(numbers).chain(estimates).chain(statements).collect()
    }
}

/// The cells of a row with the passages that they were read from, neighbours of one passage together.
fn by_passage(cells: &[(String, Cell)]) -> impl Iterator<Item = (&Passage, Vec<&str>)> {
    cells
        .chunk_by(|(_, one), (_, next)| (&one.passage, &one.n, &one.time) == (&next.passage, &next.n, &next.time))
        .filter_map(|together| {
            let (_, first) = together.first()?;
            let texts = together.iter().flat_map(|(_, cell)| cell.texts());
            let own = [&first.n, &first.time].into_iter().flatten().map(Numeral::text);
            Some((&first.passage, texts.chain(own).collect()))
        })
}
