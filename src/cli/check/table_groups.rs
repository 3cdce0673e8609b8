//! The columns of two groups in a table that `reffect check` reads: means with SDs and sizes, or counts of events.

use crate::check::table_groups::{BesideGroups, GroupMeans, GroupValues, GroupsRow};
use crate::diagnostic::Diagnostic;
use crate::numeric::numeral::{Expression, Numeral, count_and_percent};
use crate::read::{Column, Row, Table};
use crate::reported::{MeanSd, SpreadMeaning};

/// The names of both sets.
const MEANS: [&str; 6] = ["m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"];
const COUNTS: [&str; 4] = ["ai", "n1i", "ci", "n2i"];

/// Where the values of both groups stand.
pub struct GroupColumns {
    /// Those of mean and size of group 1, and of group 2.
    means: Option<[Column; 4]>,
    /// Those of the SDs, which may stand beside the means instead.
    sds: Option<[Column; 2]>,
    counts: Option<[Column; 4]>,
}

impl GroupColumns {
    /// The columns of a table; none where it has neither set whole.
    pub fn of(table: &Table) -> Option<Self> {
        let column = |name: &str| table.column(name);
        let set = |[a, b, c, d]: [&str; 4]| Some([column(a)?, column(b)?, column(c)?, column(d)?]);
        let sds = column("sd1i").zip(column("sd2i")).map(<[Column; 2]>::from);
        let found = Self { means: set(["m1i", "n1i", "m2i", "n2i"]), sds, counts: set(COUNTS) };
        (found.means.is_some() || found.counts.is_some()).then_some(found)
    }

    /// Whether they are those of means.
    pub fn has_means(&self) -> bool {
        self.means.is_some()
    }

    /// Those of both sizes.
    pub fn sizes(&self) -> Option<(Column, Column)> {
        let [_, first, _, second] = self.means.or(self.counts)?;
        Some((first, second))
    }

    /// What the set lacks that a table has begun.
    pub fn lacking(table: &Table) -> Option<Vec<&'static str>> {
        let begins = |name: &str| table.column(name).is_some();
        let lacking = |names: &[&'static str]| names.iter().copied().filter(|name| !begins(name)).collect::<Vec<_>>();
        match (begins("m1i") || begins("m2i"), begins("ai") && begins("n1i")) {
            (true, _) => Some(lacking(&MEANS)),
            (false, true) => Some(lacking(&COUNTS)),
            (false, false) => None,
        }
    }

    /// The groups of a row, whose SDs mean the same in both; none where a value of theirs is missing.
    pub fn read(
        &self,
        row: &Row<'_>,
        meaning: SpreadMeaning,
        beside: BesideGroups,
    ) -> Result<Option<GroupsRow>, Diagnostic> {
        let Some(OfGroups { values, n, shares }) = self.values(row, meaning)? else { return Ok(None) };
        Ok(Some(GroupsRow { values, n, shares, beside }))
    }

    fn values(&self, row: &Row<'_>, meaning: SpreadMeaning) -> Result<Option<OfGroups>, Diagnostic> {
        let size = |column: Column| people(row, column);
        if let Some([m1, n1, m2, n2]) = self.means {
            let [first, second] = [0, 1].map(|at| moments(row, [m1, m2][at], self.sds.map(|sds| sds[at])));
            let n = size(n1)?.zip(size(n2)?).map(<[u64; 2]>::from);
            if let (Some((first, second)), Some(n)) = (first?.zip(second?), n) {
                let (means, sds) = ([first.0, second.0], [first.1, second.1]);
                let values = GroupValues::Means(Box::new(GroupMeans { means, sds, meaning }));
                return Ok(Some(OfGroups { values, n, shares: [None, None] }));
            }
        }
        let Some([a, n1, c, n2]) = self.counts else { return Ok(None) };
        let Some(n) = size(n1)?.zip(size(n2)?).map(<[u64; 2]>::from) else { return Ok(None) };
        let both = count(row, a, n[0])?.zip(count(row, c, n[1])?);
        Ok(both.map(|(first, second)| OfGroups {
            values: GroupValues::Counts([first.0, second.0]),
            n,
            shares: [first.1, second.1],
        }))
    }
}

/// What a row reports of its groups themselves.
struct OfGroups {
    values: GroupValues,
    n: [u64; 2],
    /// The percentages beside counts.
    shares: [Option<Numeral>; 2],
}

/// How many people a group has, 1 or more.
pub(super) fn people(row: &Row<'_>, column: Column) -> Result<Option<u64>, Diagnostic> {
    match row.numeral(column)? {
        None => Ok(None),
        Some(n) => n.count().filter(|n| *n > 0).map(Some).ok_or_else(|| {
            let message =
                format!("{}: `{n}`, and a number of people, 1 or more, was expected", row.column_name(column));
            row.diagnostic(Some(column), message, "correct the table")
        }),
    }
}

/// The mean and the SD of a group: `61.2` with its SD in a column of its own, `61.2 ± 9.8` or `61.2 (9.8)`.
pub(super) fn moments(
    row: &Row<'_>,
    column: Column,
    sd: Option<Column>,
) -> Result<Option<(Numeral, Numeral)>, Diagnostic> {
    let Some(text) = row.number_text(column)? else { return Ok(None) };
    let own = match sd {
        Some(column) => row.numeral(column)?.map(|sd| (sd, column)),
        None => None,
    };
    let cell = match text.parse::<MeanSd>() {
        Ok(cell) => cell,
        Err(_) => match row.numeral(column)? {
            Some(mean) => MeanSd { mean, spread: None },
            None => return Ok(None),
        },
    };
    if let (Some((sd, column)), Some(beside)) = (&own, &cell.spread)
        && sd.decimal() != beside.decimal()
    {
        let message =
            format!("{}: `{sd}`, and {beside}, the SD beside the mean, was expected", row.column_name(*column));
        return Err(row.diagnostic(Some(*column), message, "correct the table"));
    }
    if let Some((sd, column)) = own.as_ref().filter(|(sd, _)| sd.decimal().signum() < 0) {
        let message = format!("{}: `{sd}`, and a number not below 0 was expected", row.column_name(*column));
        return Err(row.diagnostic(Some(*column), message, "correct the table"));
    }
    Ok(own.map(|(sd, _)| sd).or(cell.spread).map(|sd| (cell.mean, sd)))
}

/// How many had an event, with or without the share beside it: `12`, `12 (34.3%)`, `12/35`.
pub(super) fn count(row: &Row<'_>, column: Column, n: u64) -> Result<Option<(u64, Option<Numeral>)>, Diagnostic> {
    let Some(text) = row.number_text(column)? else { return Ok(None) };
    let (counted, share) = count_and_percent(&text).unzip();
    let counted = counted.unwrap_or_else(|| text.to_string());
    let count = match counted.parse::<Expression>() {
        Ok(Expression::Number(count)) => count.count(),
        Ok(Expression::Fraction { part, whole }) if whole.count() == Some(n) => part.count(),
        _ => None,
    };
    count.filter(|count| *count <= n).map(|count| Some((count, share))).ok_or_else(|| {
        let message = format!("{}: `{text}`, and a count of at most {n} was expected", row.column_name(column));
        row.diagnostic(Some(column), message, "write how many had the event, as 12 or 12 (34.3%)")
    })
}
