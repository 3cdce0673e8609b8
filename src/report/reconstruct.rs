//! The data sets behind cells, and what they make of a pair of cells.

use super::document::{Align, Document, Table};
use super::number::{correlation, p_value, significant};
use crate::check::cells::example;
use crate::check::readings::spoken;
use crate::numeric::dist::normal_critical;
use crate::numeric::interval::Interval;
use crate::numeric::rounding::Rounding;
use crate::reconstruct::Frequencies;
use crate::reconstruct::ensemble::Ensemble;
use crate::reconstruct::independent::Independent;
use crate::reconstruct::paired::{JointTables, Paired, Pairing, RNeeded};
use crate::reconstruct::{CountEstimate, DataSets, Unreconstructable};
use crate::reported::SpreadMeaning;

/// What was found for one reading of the ±.
#[derive(Debug)]
pub struct Found {
    /// What the ± is.
    pub meaning: SpreadMeaning,
    /// The first cell.
    pub before: CellFound,
    /// The second cell, where there is one.
    pub after: Option<CellFound>,
    /// Both cells as those of the same people.
    pub paired: Option<Paired>,
    /// Their joint tables, where they were counted.
    pub tables: Option<JointTables>,
    /// Whether the cells are those of different people.
    pub are_groups: bool,
    /// Both cells as those of different people, where both have data.
    pub independent: Option<Independent>,
    /// Why two cells with data are not compared, where they are not.
    pub uncompared: Option<String>,
    /// What else is to be known.
    pub notes: Vec<String>,
}

/// A reading of the ± under which nothing can be looked for.
#[derive(Clone, Debug)]
pub struct FailedReading {
    /// What the ± would be.
    pub meaning: SpreadMeaning,
    /// Why it cannot be.
    pub reason: String,
}

impl FailedReading {
    /// Both in one line.
    pub fn text(&self) -> String {
        format!("± as {}: {}", spoken(self.meaning), self.reason)
    }
}

/// What was found for one cell.
#[derive(Debug)]
pub struct CellFound {
    /// The cell, as printed.
    pub text: String,
    /// How its numbers were taken to be rounded.
    pub rounding: Rounding,
    /// What else is known of its data, as it was asked for.
    pub constraints: Vec<String>,
    /// Its data sets.
    pub sets: DataSets,
    /// How many there are.
    pub count: Result<u128, Unreconstructable>,
    /// About how many, where they are too many to be counted.
    pub about: Option<CountEstimate>,
    /// Those that are listed.
    pub listed: Vec<Vec<u32>>,
    /// What the listed ones are.
    pub listing: Listing,
    /// How often each value stands in them.
    pub frequencies: Option<Frequencies>,
    /// Statistics over them.
    pub statistics: Vec<(&'static str, Option<Ensemble>)>,
    /// Where there is none, why.
    pub failing: Option<String>,
}

/// Which data sets are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// None: they are only counted.
    None,
    /// The first ones, or all.
    First,
    /// Drawn uniformly.
    Drawn,
    /// The one of a rank, counted from 1.
    Nth(u128),
}

impl Found {
    /// All of it for people.
    pub fn document(&self) -> Document {
        let mut document = Document::default();
        let both = if self.are_groups { ["group 1", "group 2"] } else { ["before", "after"] };
        match &self.after {
            None => self.before.describe(None, self.meaning, &mut document),
            Some(after) => {
                self.before.describe(Some(both[0]), self.meaning, &mut document);
                after.describe(Some(both[1]), self.meaning, &mut document);
            }
        }
        if let Some(paired) = &self.paired {
            document.append(pairings(paired, self.tables.as_ref(), &self.before.sets));
        }
        if let Some(independent) = &self.independent {
            document.append(groups(independent));
        }
        document.list(self.uncompared.iter().chain(&self.notes).cloned().collect());
        document
    }
}

impl CellFound {
    fn describe(&self, name: Option<&str>, meaning: SpreadMeaning, document: &mut Document) {
        let reading = if self.text.contains('±') { format!(", ± as {}", spoken(meaning)) } else { String::new() };
        let title = format!("{}, n = {}{reading}", self.text, self.sets.n());
        document.heading(1, name.map_or(title.clone(), |name| format!("{name}: {title}")));
        let count = match &self.count {
            Ok(0) => "No data set prints so.".to_owned(),
            Ok(1) => "Exactly 1 data set prints so.".to_owned(),
            Ok(count) => format!("{count} data sets print so."),
            Err(reason) => match self.about {
                Some(about) => format!("{}, as draws say. Not counted: {reason}.", estimate(about)),
                None => format!("Not counted: {reason}."),
            },
        };
        document.text(match &self.failing {
            Some(reason) => format!("{count} {reason}."),
            None => count,
        });
        document.table(self.list());
        let shown = self.listed.len() as u128;
        if let (Listing::First, Ok(count)) = (self.listing, &self.count)
            && *count > shown
        {
            let rest = count - shown;
            document.text(format!("{rest} more; --format csv lists them all, --sample draws some, --nth picks one"));
        }
        if self.count.as_ref().map_or(self.about.is_some(), |count| *count > 1) {
            document.table(self.frequencies());
        }
        document.table(self.statistics());
    }

    fn list(&self) -> Table {
        let heading = match self.listing {
            Listing::Drawn => "drawn uniformly",
            _ => "values",
        };
        let mut table = Table::new(&[("", Align::Right), (heading, Align::Left)]);
        let first = match self.listing {
            Listing::Nth(rank) => rank,
            _ => 1,
        };
        for (rank, counts) in (first..).zip(&self.listed) {
            table.row([rank.to_string(), example(&self.sets, counts)]);
        }
        table
    }

    fn frequencies(&self) -> Table {
        let over = match self.frequencies.as_ref().and_then(|found| found.draws) {
            None => "people, on average over the data sets".to_owned(),
            Some(draws) => format!("people, on average over {draws} drawn data sets"),
        };
        let columns =
            [("value", Align::Right), (over.as_str(), Align::Right), ("least", Align::Right), ("most", Align::Right)];
        let mut table = Table::new(&columns);
        let Some(found) = &self.frequencies else { return table };
        for (index, code) in self.sets.codes().iter().enumerate() {
            let ends = found.range.as_ref().map(|range| range[index]);
            if found.mean[index] == 0.0 {
                continue;
            }
            table.row([
                self.sets.grid().text(*code),
                significant(found.mean[index], 3),
                ends.map_or("—".to_owned(), |(least, _)| least.to_string()),
                ends.map_or("—".to_owned(), |(_, most)| most.to_string()),
            ]);
        }
        table
    }

    fn statistics(&self) -> Table {
        let columns = [
            ("statistic", Align::Left),
            ("lowest", Align::Right),
            ("mean", Align::Right),
            ("highest", Align::Right),
            ("over", Align::Left),
        ];
        let mut table = Table::new(&columns);
        for (name, found) in &self.statistics {
            let Some(found) = found else { continue };
            let [lower, mean, upper] =
                [found.range.lower, found.mean, found.range.upper].map(|value| significant(value, 4));
            let over =
                if found.is_complete { "all data sets".to_owned() } else { format!("{} drawn data sets", found.sets) };
            table.row([(*name).to_owned(), lower, mean, upper, over]);
        }
        table
    }
}

/// About how many data sets print so, with a 95 % interval.
fn estimate(about: CountEstimate) -> String {
    let power = about.log10.floor();
    let leading = 10f64.powf(about.log10 - power);
    let [low, high] =
        [-1.0, 1.0].map(|side| significant(leading * (1.0 + side * normal_critical(0.95) * about.relative_se), 3));
    format!(
        "About {} × 10^{power:.0} data sets print so (95 % CI {low} to {high} × 10^{power:.0})",
        significant(leading, 3)
    )
}

/// That some pairings have no t.
pub(super) const UNDEFINED: &str =
    "where nobody changes, as may be, the t-test is not defined; the ranges are those of the other pairings";

/// That no pairing has a t.
pub(super) const UNDEFINED_IN_ALL: &str = "nobody changes, in any pairing, so that the t-test is not defined";

/// Why there is no test of ranks.
pub(super) const TOO_MANY_TABLES: &str = "there are too many joint tables to visit them";

/// That no data sets of two groups have a t.
const UNDEFINED_BETWEEN_ALL: &str = "nobody differs from anybody, in any data set, so that no test is defined";

/// That some data sets of two groups have no t.
const UNDEFINED_BETWEEN: &str =
    "where nobody differs from anybody, as may be, no test is defined; the ranges are those of the other data sets";

/// A number of a few digits, or the sign of infinity.
fn digits(value: f64) -> String {
    match value.is_infinite() {
        true if value < 0.0 => "−∞".to_owned(),
        true => "∞".to_owned(),
        false => significant(value, 3),
    }
}

/// What all pairings of all data sets give.
fn pairings(paired: &Paired, tables: Option<&JointTables>, sets: &DataSets) -> Document {
    let mut document = Document::default();
    document.heading(1, "Before and after, whoever had which value");
    if !paired.exact {
        document.text(
            "There are too many data sets to pair them one by one. Every pairing lies within the certified bounds, and \
             the attained values show how far they can be from exact.",
        );
    }
    let mut table = Table::new(&[
        ("after − before", Align::Left),
        (if paired.exact { "from" } else { "certified from" }, Align::Right),
        ("to", Align::Right),
        (if paired.exact { "" } else { "attained" }, Align::Left),
    ]);
    let attained = paired.attained.as_deref();
    let mut row = |name: &str, found: Option<Interval>, attained: Option<Interval>, text: &dyn Fn(f64) -> String| {
        if let Some(found) = found {
            let attained = attained.map(|range| format!("{} to {}", text(range.lower), text(range.upper)));
            table.row([name.to_owned(), text(found.lower), text(found.upper), attained.unwrap_or_default()]);
        }
    };
    row("r, before with after", paired.r, attained.and_then(|a| a.r), &correlation);
    row("SD of change", Some(paired.sd_change), attained.map(|a| a.sd_change), &digits);
    row("dz", paired.dz, attained.and_then(|a| a.dz), &digits);
    row("t", paired.t, attained.and_then(|a| a.t), &digits);
    row("p, paired t-test", paired.p, attained.and_then(|a| a.p), &p_value);
    if let Some(tables) = tables {
        row("p, exact signed-rank, zeros dropped", Some(tables.wilcoxon_p), None, &p_value);
        row("p, exact signed-rank, zeros ranked", Some(tables.pratt_p), None, &p_value);
        row("p, signed-rank by normal approximation", Some(tables.normal_p), None, &p_value);
        row("p, sign test", Some(tables.sign_p), None, &p_value);
    }
    document.table(table);
    let mut points = vec![format!("p < {} by the paired t-test is {}", paired.alpha, paired.claim().name())];
    if paired.t.is_none() {
        points.push(UNDEFINED_IN_ALL.to_owned());
    } else if paired.is_sometimes_undefined {
        points.push(UNDEFINED.to_owned());
    }
    points.push(needed(paired));
    points.push(match tables {
        Some(tables) => counted(tables, paired.alpha),
        None => format!("no test of ranks: {TOO_MANY_TABLES}"),
    });
    for (which, pairing) in [("smallest", &paired.most_significant), ("largest", &paired.least_significant)] {
        if let Some(pairing) = pairing.as_ref().filter(|pairing| pairing.0.len() <= 12) {
            points.push(format!("with the {which} p: {}", pairs(pairing, sets)));
        }
    }
    document.list(points);
    document
}

/// Which correlation the claim needs.
pub fn needed(paired: &Paired) -> String {
    let alpha = paired.alpha;
    match paired.r_needed {
        RNeeded::Any => format!("p < {alpha} needs no particular r"),
        RNeeded::Undefined => "before or after does not vary, so that there is no correlation".to_owned(),
        RNeeded::None => format!("p < {alpha} needs more than any r can give"),
        RNeeded::Between { r, sometimes_none } => {
            let [lower, upper] = [r.lower, r.upper].map(correlation);
            let needs = if lower == upper {
                format!("p < {alpha} needs r above {lower}")
            } else {
                format!("p < {alpha} needs r above {lower} to {upper}, depending on the data set")
            };
            if sometimes_none { format!("{needs}; in some data sets no r will do") } else { needs }
        }
    }
}

/// How many joint tables there are. Their share is no probability.
pub fn counted(tables: &JointTables, alpha: f64) -> String {
    let share = format!(
        "of {} joint tables, {} have p < {alpha} by the t-test and {} by the exact signed-rank test",
        tables.tables, tables.significant, tables.wilcoxon_significant
    );
    match (tables.least_r_significant, tables.most_r_not_significant) {
        (Some(least), Some(most)) if tables.significant < tables.tables => {
            let is_clear = least > most;
            let [least, most] = [least, most].map(correlation);
            if is_clear {
                format!(
                    "{share}: those with r from {least} on have it by the t-test, those with r up to {most} have not"
                )
            } else if tables.most_r_not_significant.is_some_and(|r| r >= 1.0) {
                format!("{share}; none with r below {least} has, and no r makes it certain")
            } else {
                format!("{share}; none with r below {least} has, every one with r above {most} has")
            }
        }
        _ => share,
    }
}

fn pairs(pairing: &Pairing, sets: &DataSets) -> String {
    let text = |code: &i64| sets.grid().text(*code);
    pairing.0.iter().map(|(x, y)| format!("{}→{}", text(x), text(y))).collect::<Vec<_>>().join(", ")
}

/// What is told where data sets of two groups have no test.
pub(super) fn undefined_between(found: &Independent) -> Option<&'static str> {
    match found.student_t {
        None => Some(UNDEFINED_BETWEEN_ALL),
        Some(_) => found.is_sometimes_undefined.then_some(UNDEFINED_BETWEEN),
    }
}

fn groups(found: &Independent) -> Document {
    let mut document = Document::default();
    document.heading(1, "Group 1 − group 2, over all data sets of both");
    let mut table = Table::new(&[("", Align::Left), ("from", Align::Right), ("to", Align::Right)]);
    let mut row = |name: &str, range: Option<Interval>, text: &dyn Fn(f64) -> String| {
        let ends = range.map(|range| range.ends().map(text));
        let [lower, upper] = ends.unwrap_or(["—".to_owned(), "—".to_owned()]);
        table.row([name.to_owned(), lower, upper]);
    };
    row("difference of means", Some(found.difference), &digits);
    row("Student's t", found.student_t, &digits);
    row("p", found.student_p, &p_value);
    row("Welch's t", found.welch_t, &digits);
    row("degrees of freedom", found.welch_df, &digits);
    row("p", found.welch_p, &p_value);
    row("Hedges' g", found.g, &digits);
    document.table(table);
    document.list(undefined_between(found).map(str::to_owned).into_iter().collect());
    document
}
