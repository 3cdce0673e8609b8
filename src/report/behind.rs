//! The data behind the cells of releases: a table and sentences for people, and a chart.

use super::document::{Align, Document, Table};
use super::japanese::translated;
use super::number::{fixed, grouped, p_interval};
use super::words::{change_name, row_name};
use crate::check::cells::example;
use crate::check::readings::{CellWithout, Reading, readings, sentence};
use crate::check::slopes::slopes_of_rows;
use crate::numeric::dist::sign_test;
use crate::numeric::format::significant;
use crate::numeric::interval::Interval;
use crate::numeric::parallel::each_in_parallel;
use crate::numeric::rounding::Rounding;
use crate::reconstruct::DataSets;
use crate::reconstruct::of_release::{Behind, CellBehind};
use crate::reconstruct::paired::{JointTables, Paired, RNeeded, Thresholds};
use crate::reported::{Lang, Release};

/// The level of a claim that names none.
const LEVEL: f64 = 0.05;

/// So many joint tables are counted for a report.
const MOST_TABLES: u64 = 1_000_000;

/// What follows for the data behind a release: computed once, and told in several places.
#[derive(Debug)]
pub struct Findings<'a> {
    /// The data.
    pub behind: &'a [Behind],
    /// What an unexplained ± can be, where there is one.
    pub readings: Option<Vec<Reading>>,
    outcomes: Vec<Finding<'a>>,
}

impl<'a> Findings<'a> {
    /// Looks at all outcomes.
    pub fn of(behind: &'a [Behind]) -> Self {
        let changes: Vec<_> = behind.iter().flat_map(|row| row.later().map(move |after| (row, after))).collect();
        let outcomes = each_in_parallel(changes.len(), |at| Finding::of(changes[at].0, changes[at].1));
        let outcomes = outcomes.into_iter().flatten().collect();
        Self { behind, readings: readings(behind), outcomes }
    }

    /// The correlations that the data sets behind the first and a later occasion of a row can have; none where that is
    /// not known.
    pub fn correlations(&self, outcome: &str, arm: &str, occasions: [&str; 2]) -> Option<Interval> {
        let is_asked = |finding: &&Finding<'_>| {
            let (before, after) = finding.ends();
            let is_row = finding.behind.outcome == outcome && finding.behind.arm == arm;
            is_row && [before.occasion.as_str(), after.occasion.as_str()] == occasions
        };
        self.outcomes.iter().find(is_asked)?.paired.as_ref()?.r
    }
}

/// What follows for one change of an outcome.
#[derive(Debug)]
struct Finding<'a> {
    behind: &'a Behind,
    after: usize,
    paired: Option<Paired>,
    tables: Option<JointTables>,
    thresholds: Option<Thresholds>,
}

impl<'a> Finding<'a> {
    /// The first and a later occasion of a row; none where one of them has no data to look at.
    fn of(behind: &'a Behind, after: usize) -> Option<Self> {
        behind.is_reconstructed(after).then(|| Self {
            behind,
            after,
            paired: behind.paired(0, after, LEVEL).ok().flatten(),
            tables: behind.tables(0, after, LEVEL, MOST_TABLES),
            thresholds: behind.thresholds(0, after, LEVEL),
        })
    }

    fn ends(&self) -> (&CellBehind, &CellBehind) {
        (&self.behind.cells[0], &self.behind.cells[self.after])
    }

    /// Whether before and after differ at 5 %, whoever had which value, in a few words.
    fn claim(&self) -> String {
        let Some(paired) = &self.paired else {
            let existence = |cell: &CellBehind| cell.sets.as_ref().ok().and_then(DataSets::existence);
            let (before, after) = self.ends();
            let is_impossible = [before, after].into_iter().any(|cell| existence(cell) == Some(false));
            let reason =
                if is_impossible { "no data set prints as one of the cells" } else { "too many data sets to say" };
            return reason.to_owned();
        };
        let counts = self.tables.as_ref().map(|tables| (tables.significant, tables.tables));
        match (paired.r_needed, counts) {
            (_, Some((significant, all))) if significant == all => {
                format!("always: in all {} joint tables", grouped(all))
            }
            (_, Some((0, all))) => format!("never: in none of {} joint tables", grouped(all)),
            (RNeeded::Any, _) => "always".to_owned(),
            (RNeeded::None, _) => "never".to_owned(),
            (RNeeded::Undefined, _) => "before or after does not vary".to_owned(),
            (RNeeded::Between { r, .. }, Some((significant, all))) => {
                let [significant, all] = [significant, all].map(grouped);
                format!("in {significant} of {all} joint tables; needs {}", self.needs(r))
            }
            (RNeeded::Between { r, .. }, None) => format!("needs {}", self.needs(r)),
        }
    }

    /// The p of the exact signed-rank test, for readers who do not trust a t-test of so few people.
    fn by_ranks(&self) -> String {
        let p = self.tables.as_ref().map(|tables| p_interval(tables.wilcoxon_p));
        p.map(|p| format!("; by exact signed ranks p {p}")).unwrap_or_default()
    }

    fn needs(&self, r: Interval) -> String {
        if r.lower == r.upper {
            return format!("r above {}", fixed(r.lower, 2));
        }
        let [from, to] = [r.lower, r.upper].map(|r| fixed(r, 2));
        let needs = format!("r ≥ a threshold between {from} and {to}, depending on the data set");
        match self.thresholds {
            Some(Thresholds { least_significant: Some(least), most_not_significant: Some(most) }) => {
                let [below, above] = [least, most].map(|r| fixed(r, 2));
                let always = format!("every pairing with r above {above} has it");
                if least > most {
                    format!("{needs} ({always})")
                } else {
                    format!("{needs} ({always}, none below {below})")
                }
            }
            _ => needs,
        }
    }
}

/// The data sets of a cell in a few words: the data themselves where they are the only ones.
fn sets_of(cell: &CellBehind) -> String {
    let Ok(sets) = &cell.sets else { return "—".to_owned() };
    let count = if sets.are_soon_counted() { sets.count().ok() } else { None };
    match (count, sets.existence()) {
        (Some(1), _) => {
            sets.first().map_or_else(|| "1 data set".to_owned(), |only| format!("only {}", example(sets, &only)))
        }
        (Some(count), _) => format!("{} data sets", grouped(count)),
        (None, Some(true)) => "very many".to_owned(),
        (None, Some(false)) => "none".to_owned(),
        (None, None) => "not decided".to_owned(),
    }
}

/// One sentence an outcome on the data behind it, ready to paste.
pub fn sentences(release: &Release, findings: &Findings<'_>, lang: Lang) -> Vec<String> {
    let sentence = |finding: &Finding<'_>| {
        let (before, after) = finding.ends();
        let name = change_name(release, finding.behind, finding.after, lang);
        let has = |cell: &CellBehind| format!("{} ({})", cell.text, sets_of(cell));
        if lang == Lang::Ja {
            let told = |text: String| translated(&text).unwrap_or(text);
            let has = |cell: &CellBehind| format!("{}（{}）", cell.text, told(sets_of(cell)));
            let test = match finding.paired {
                Some(_) => format!("対応のある t 検定で p < {LEVEL}：{}", told(finding.claim() + &finding.by_ranks())),
                None => format!("対応のある t 検定は判断できない：{}", told(finding.claim())),
            };
            return format!("{name}の背後にありうるデータ：前 {}、後 {}。{test}。", has(before), has(after));
        }
        let test = match finding.paired {
            Some(_) => format!("p < {LEVEL} by the paired t-test: {}{}", finding.claim(), finding.by_ranks()),
            None => format!("the paired t-test cannot be judged: {}", finding.claim()),
        };
        format!("{name}, data behind the numbers: before {}, after {}; {test}.", has(before), has(after))
    };
    findings.outcomes.iter().map(sentence).collect()
}

/// What data can be behind the numbers of a release; empty where there is nothing to say.
pub fn document(release: &Release, findings: &Findings<'_>, rounding: Rounding, lang: Lang) -> Document {
    let mut document = Document::default();
    document.list(without_data(release, findings.behind, rounding, lang));
    if findings.outcomes.is_empty() {
        return document;
    }
    document.text(
        "What data can be behind these numbers, whoever had which value: each data set that prints so, and p of the \
         paired t-test over all of them and all pairings.",
    );
    let mut table = Table::new(&[
        ("outcome", Align::Left),
        ("before", Align::Left),
        ("after", Align::Left),
        ("p", Align::Left),
        ("p < 0.05", Align::Left),
    ]);
    for finding in &findings.outcomes {
        let (before, after) = finding.ends();
        let p = finding.paired.as_ref().and_then(|paired| paired.p);
        let p = p.map_or("—".to_owned(), p_interval);
        let name = change_name(release, finding.behind, finding.after, lang);
        table.row([name, sets_of(before), sets_of(after), p, finding.claim() + &finding.by_ranks()]);
    }
    document.table(table);
    if let Some(readings) = &findings.readings {
        let name = |cell: &CellWithout| {
            let outcome = row_name(release, &cell.outcome, &cell.arm, lang);
            let occasion = cell.occasion.as_str();
            let occasion = release.occasion(occasion).map_or(occasion, |occasion| occasion.label.get(lang));
            match lang {
                Lang::En => format!("{outcome} ({occasion})"),
                Lang::Ja => format!("{outcome}（{occasion}）"),
            }
        };
        document.list(vec![sentence(readings, &name)]);
    }
    document
}

/// What can be said of rows whose data cannot be reconstructed: the follow-up that a slope needs, and
/// the smallest p that tests of ranks can give.
fn without_data(release: &Release, behind: &[Behind], rounding: Rounding, lang: Lang) -> Vec<String> {
    let mut points: Vec<String> = slopes_of_rows(release, rounding)
        .into_iter()
        .map(|(outcome, arm, check)| format!("{}: {}", row_name(release, outcome, arm, lang), check.message))
        .collect();
    let has_data = |row: &Behind| row.later().any(|after| row.is_reconstructed(after));
    for row in behind.iter().filter(|row| row.cells.len() > 1 && !has_data(row)) {
        if let Some(n) = row.n.filter(|n| (1..=12).contains(n)) {
            points.push(format!(
                "{}: with n = {n} no exact two-sided signed-rank or sign test can give a p below {}, so that a claim of \
                 significance at a smaller level needs another test: a t-test, a mixed model, ranks by a normal \
                 approximation, or a one-sided one",
                row_name(release, &row.outcome, &row.arm, lang),
                significant(sign_test(0, n as u32), 3)
            ));
        }
    }
    points
}
