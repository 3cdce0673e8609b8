//! What a report says of each release, part by part, for every form that it is written in.

use super::behind::{self, Findings};
use super::cautions::{Caution, of_summary};
use super::document::{Align, Block, Document, Table};
use super::effects::{NamedContrast, percentage, proportions, refused_subject};
use super::japanese::Labels;
use super::summary::{SummaryOptions, changes, results, sentence, shares};
use super::words::Wording;
use super::{between, japanese, rates, show};
use crate::check::{Check, Status, Tally};
use crate::effect::of_release::ReleaseEffects;
use crate::reported::{Lang, Release};
use std::collections::HashSet;

/// A release with everything that is known of it.
#[derive(Debug)]
pub struct Told<'a> {
    /// What it reports.
    pub release: &'a Release,
    /// What follows.
    pub effects: &'a ReleaseEffects,
    /// What follows for the data behind it.
    pub findings: &'a Findings<'a>,
    /// The verdicts of its checks.
    pub checks: Vec<&'a Check>,
}

/// Each release with its results and the verdicts of its checks.
pub fn told<'a>(
    releases: &'a [(&'a Release, ReleaseEffects)],
    findings: &'a [Findings<'a>],
    checks: &'a [Check],
) -> Vec<Told<'a>> {
    let of = |((release, effects), findings): (&'a (&'a Release, ReleaseEffects), &'a Findings<'a>)| Told {
        release,
        effects,
        findings,
        checks: checks.iter().filter(|check| check.release == release.id).collect(),
    };
    releases.iter().zip(findings).map(of).collect()
}

/// A part of what is told of a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The main results.
    Results,
    /// Sentences ready to paste.
    Sentences,
    /// What was said, with the phrase and where it stands.
    Said,
    /// What can be computed.
    Computed,
    /// What was refused, and why.
    Refused,
    /// What the checks found and could not decide.
    Found,
    /// What the checks found in order.
    Passed,
    /// What data can be behind the numbers.
    Behind,
}

impl Part {
    /// All, in the order of the report.
    pub const ALL: [Self; 8] = [
        Self::Results,
        Self::Sentences,
        Self::Behind,
        Self::Refused,
        Self::Found,
        Self::Passed,
        Self::Said,
        Self::Computed,
    ];

    /// Its heading.
    pub fn heading(self, lang: Lang) -> &'static str {
        let [en, ja] = match self {
            Self::Results => ["Results", "結果"],
            Self::Sentences => ["In a sentence", "一文にまとめると"],
            Self::Said => ["What was said", "発表に書かれていること"],
            Self::Computed => ["What can be computed", "計算できること"],
            Self::Refused => ["What was refused, and why", "計算できないことと、その理由"],
            Self::Found => ["What the checks found", "検査の結果"],
            Self::Passed => ["Checks that hold", "適合した検査"],
            Self::Behind => ["What data can be behind it", "背後にありうるデータ"],
        };
        match lang {
            Lang::En => en,
            Lang::Ja => ja,
        }
    }

    /// Whether it is long, and only for those who want every detail.
    pub fn is_long(self) -> bool {
        matches!(self, Self::Said | Self::Computed | Self::Passed)
    }
}

impl Told<'_> {
    /// A part in a language; empty where there is nothing to say.
    pub fn part(&self, part: Part, options: SummaryOptions) -> Document {
        let lang = options.lang;
        let (release, effects) = (self.release, self.effects);
        let mut document = match part {
            Part::Results => {
                let mut document = Document::default();
                document.table(changes(release, effects, lang));
                document.table(between::in_lines(release, effects, Wording::page(lang)));
                document.table(between::tables_in_lines(release, effects, options.level, Wording::page(lang)));
                document.table(rates::in_lines(release, effects, options.level, lang));
                document.table(super::reported::table(release, effects, Wording::page(lang)));
                document.table(shares(release, effects, options.level, lang));
                document.list(between::readings(release, effects, lang));
                document.list(of_summary(release, effects, lang));
                document
            }
            Part::Sentences => self.sentences(lang),
            Part::Said => show::show(release, lang),
            Part::Computed => self.computed(options),
            Part::Refused => self.refused(lang),
            Part::Found => {
                let mut document = self.checked(|status| status != Status::Pass);
                let tally = Tally::of(&self.checks.iter().map(|check| (*check).clone()).collect::<Vec<_>>());
                document.text(super::checks::counted(&tally));
                document
            }
            Part::Passed => self.checked(|status| status == Status::Pass),
            Part::Behind => behind::document(release, self.findings, options.rounding, lang),
        };
        document.blocks.retain(|block| !matches!(block, Block::Heading(1, _)));
        // Sentences to paste are made in their language.
        let is_english = lang == Lang::Ja && part != Part::Sentences;
        if is_english { in_japanese(document, &said(&[release])) } else { document }
    }

    fn sentences(&self, lang: Lang) -> Document {
        let (release, effects) = (self.release, self.effects);
        let of_contrasts = effects.contrasts.iter().map(|named| sentence(release, effects, named, lang));
        let mut document = Document::default();
        document.list(of_contrasts.chain(behind::sentences(release, self.findings, lang)).collect());
        document
    }

    fn computed(&self, options: SummaryOptions) -> Document {
        let (release, effects, lang) = (self.release, self.effects, options.lang);
        let mut document = Document::default();
        for contrast in &effects.contrasts {
            document.append(NamedContrast::of_release(release, effects, contrast, lang).document());
        }
        for named in &effects.changes {
            document.append(between::change_of_release(release, named, lang));
        }
        for named in &effects.between {
            document.append(between::between_of_release(release, named, lang));
        }
        for named in &effects.tables {
            document.append(between::table_of_release(release, named, options.level, lang));
        }
        document.append(rates::of_release(release, effects, options.level, lang));
        document.table(proportions(release, &effects.proportions, options.level, lang));
        document.list(effects.percentages.iter().map(|p| percentage(release, p, lang)).collect());
        let of_shares = Some(Caution::FullCounts).filter(|of| of.applies(release, effects));
        document.list(of_shares.map(|of| of.text(lang)).into_iter().collect());
        document
    }

    fn refused(&self, lang: Lang) -> Document {
        let mut table = Table::new(&[("subject", Align::Left), ("reason", Align::Left)]);
        for refusal in &self.effects.refusals {
            let subject = refused_subject(self.release, refusal, lang);
            table.row([subject.unwrap_or_else(|| "the release as a whole".to_owned()), refusal.reason.clone()]);
        }
        let mut document = Document::default();
        document.table(table);
        document
    }

    fn checked(&self, is_wanted: impl Fn(Status) -> bool) -> Document {
        let columns = ["result", "check", "subject", "found"].map(|name| (name, Align::Left));
        let mut table = Table::new(&columns);
        for check in self.checks.iter().filter(|check| is_wanted(check.status)) {
            let status = if check.status == Status::Refused { "not decidable" } else { check.status.name() };
            // The first column says already that it is not decidable.
            let found = check.message.strip_prefix("not decidable: ").unwrap_or(&check.message);
            table.row([status, check.code, &check.subject, found]);
        }
        let mut document = Document::default();
        document.table(table);
        document
    }
}

/// What releases say in words of their own or of their sources, and what of it a Japanese page shows as it stands.
#[derive(Debug, Default)]
pub struct Said<'a> {
    /// Labels, quotes and printed values, where one of them is all that a text says.
    texts: HashSet<&'a str>,
    /// Labels, wherever they stand.
    labels: Labels<'a>,
}

/// What stays as it is of these releases.
pub fn said<'a>(releases: &[&'a Release]) -> Said<'a> {
    let mut texts = HashSet::new();
    let mut labels = Vec::new();
    for release in releases {
        let own = [&release.label, &release.title].into_iter().chain(release.publisher.as_ref());
        let own = own
            .chain(release.arms.iter().map(|arm| &arm.label))
            .chain(release.occasions.iter().map(|occasion| &occasion.label))
            .chain(release.outcomes.iter().map(|outcome| &outcome.label))
            .chain(release.numbers.iter().map(|number| &number.label))
            .chain(release.estimates.iter().map(|estimate| &estimate.label))
            .chain(release.statements.iter().map(|statement| &statement.label))
            .map(|label| label.get(Lang::Ja))
            // What is not stated has no words of its own.
            .filter(|label| *label != "not stated");
        labels.extend(own);
        let units = release.outcomes.iter().flat_map(|outcome| &outcome.unit);
        let units = units.chain(release.numbers.iter().flat_map(|number| &number.unit));
        let beside = units.chain(release.estimates.iter().flat_map(|estimate| &estimate.adjusted));
        texts.extend(beside.map(|label| label.get(Lang::Ja)));
        for (passage, own) in release.passages() {
            texts.extend([passage.quote.as_str()].into_iter().chain(own));
        }
    }
    texts.extend(labels.iter().copied());
    Said { texts, labels: Labels::new(labels.into_iter()) }
}

/// A document with what can be translated in Japanese, but for texts that stay as they are.
pub fn in_japanese(mut document: Document, said: &Said<'_>) -> Document {
    let hidden: Vec<String> = said.texts.iter().map(|text| said.labels.hidden(text)).collect();
    let kept: HashSet<&str> = hidden.iter().map(String::as_str).collect();
    let by = |of: fn(&str, &HashSet<&str>) -> Option<String>, text: &mut String| {
        if let Some(japanese) = of(&said.labels.hidden(text), &kept) {
            *text = said.labels.put_back(&japanese);
        }
    };
    let told = |text: &mut String| by(japanese::translated_but, text);
    for block in &mut document.blocks {
        match block {
            Block::Heading(_, text) | Block::Text(text) => told(text),
            Block::List(points) => points.iter_mut().for_each(told),
            Block::Table(table) => {
                // Codes of checks are names: `reffect explain` knows them as they are.
                let codes = table.columns().iter().position(|(name, _)| name == "check");
                let width = table.columns().len();
                let subjects =
                    table.columns().iter().position(|(name, _)| name == "subject").filter(|_| codes.is_some());
                for text in table.columns_mut() {
                    *text = japanese::translated(text).unwrap_or_else(|| std::mem::take(text));
                }
                for (at, text) in table.fields_mut().enumerate().filter(|(at, _)| Some(at % width) != codes) {
                    if Some(at % width) == subjects { by(japanese::subject, text) } else { told(text) }
                }
            }
        }
    }
    document
}

/// The checks of files that are no release; empty where there are none.
pub fn of_other_files(all: &[Told<'_>], checks: &[Check], lang: Lang) -> Document {
    let is_other = |check: &&Check| all.iter().all(|told| told.release.id != check.release);
    let others: Vec<Check> = checks.iter().filter(is_other).cloned().collect();
    if others.is_empty() {
        return Document::default();
    }
    let document = super::checks::document(&others, true);
    if lang == Lang::Ja { in_japanese(document, &Said::default()) } else { document }
}

/// What stands over them.
pub fn others_heading(lang: Lang) -> &'static str {
    lang.choose("Checks of other files", "その他のファイルの検査")
}

/// The releases side by side: results, refusals, checks.
pub fn at_a_glance(all: &[Told<'_>], lang: Lang) -> Document {
    let columns = [
        ("release", Align::Left),
        ("results", Align::Right),
        ("refused", Align::Right),
        ("checks passed", Align::Right),
        ("failed", Align::Right),
        ("not decidable", Align::Right),
        ("accepted", Align::Right),
    ];
    let mut table = Table::new(&columns);
    for told in all {
        let count = |status: Status| told.checks.iter().filter(|check| check.status == status).count().to_string();
        let effects = told.effects;
        table.row([
            told.release.label.get(lang).to_owned(),
            results(told.release, effects).to_string(),
            effects.refusals.len().to_string(),
            count(Status::Pass),
            count(Status::Fail),
            count(Status::Refused),
            count(Status::Accepted),
        ]);
    }
    let mut document = Document::default();
    document.table(table);
    let releases: Vec<&Release> = all.iter().map(|told| told.release).collect();
    if lang == Lang::Ja { in_japanese(document, &said(&releases)) } else { document }
}
