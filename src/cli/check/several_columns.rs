//! The columns of three groups or more in a table that `reffect check` reads: means with SDs and sizes, or counts of
//! events.

use super::table_groups::{count, moments, people};
use crate::check::several_groups::{BesideSeveral, SeveralMeans, SeveralRow, SeveralValues};
use crate::check::table_groups::{BesideGroups, GroupMeans, GroupValues, GroupsRow};
use crate::diagnostic::Diagnostic;
use crate::numeric::numeral::Numeral;
use crate::read::{Column, Row, Table};
use crate::reported::SpreadMeaning;

/// The columns of each group: its mean, the SD, the size, and how many had an event.
pub const GROUPS: [[&str; 4]; 9] = [
    ["m1i", "sd1i", "n1i", "x1i"],
    ["m2i", "sd2i", "n2i", "x2i"],
    ["m3i", "sd3i", "n3i", "x3i"],
    ["m4i", "sd4i", "n4i", "x4i"],
    ["m5i", "sd5i", "n5i", "x5i"],
    ["m6i", "sd6i", "n6i", "x6i"],
    ["m7i", "sd7i", "n7i", "x7i"],
    ["m8i", "sd8i", "n8i", "x8i"],
    ["m9i", "sd9i", "n9i", "x9i"],
];

/// Where the values of a group stand.
#[derive(Clone, Copy)]
struct OfGroup {
    /// Its number.
    number: usize,
    value: Column,
    n: Column,
    /// The SD, which may stand beside the mean instead.
    sd: Option<Column>,
}

/// Where the values of all groups stand, of which a table has three or more.
pub struct SeveralColumns {
    means: Vec<OfGroup>,
    counts: Vec<OfGroup>,
}

/// The groups of a row of a table.
pub enum GroupsOfRow {
    /// Two.
    Two(Box<GroupsRow>),
    /// More.
    Several(Box<SeveralRow>),
    /// A group has some of its values and lacks others, as this says, so that nothing can be said of all.
    Lacking(String),
}

impl SeveralColumns {
    /// The columns of a table; none where it has no third group.
    ///
    /// # Errors
    /// One of several groups lacks its size.
    pub fn of(table: &Table) -> Result<Option<Self>, Diagnostic> {
        let set = |values: fn(&[&'static str; 4]) -> &'static str| {
            let mut groups = Vec::new();
            for (at, names) in GROUPS.iter().enumerate() {
                let Some(value) = table.column(values(names)) else { continue };
                let n = table.column(names[2]);
                groups.push((at + 1, value, n, table.column(names[1]), names[2]));
            }
            if groups.len() < 3 {
                return Ok(Vec::new());
            }
            let with_size =
                |(number, value, n, sd, name): (usize, Column, Option<Column>, Option<Column>, &'static str)| {
                    n.map(|n| OfGroup { number, value, n, sd }).ok_or_else(|| table.missing(&[name]))
                };
            groups.into_iter().map(with_size).collect::<Result<Vec<_>, _>>()
        };
        let found = Self { means: set(|names| names[0])?, counts: set(|names| names[3])? };
        Ok((!found.means.is_empty() || !found.counts.is_empty()).then_some(found))
    }

    /// Whether they are those of means.
    pub fn has_means(&self) -> bool {
        !self.means.is_empty()
    }

    /// The groups of a row, whose SDs mean the same in all; none where it has fewer than two.
    pub fn read(
        &self,
        row: &Row<'_>,
        meaning: SpreadMeaning,
        (of_two, of_several): (BesideGroups, BesideSeveral),
    ) -> Result<Option<GroupsOfRow>, Diagnostic> {
        let beside = || (of_two.clone(), of_several.clone());
        match self.read_means(row, meaning, beside())? {
            Some(found) => Ok(Some(found)),
            None => self.read_counts(row, beside()),
        }
    }

    fn read_means(
        &self,
        row: &Row<'_>,
        meaning: SpreadMeaning,
        (of_two, of_several): (BesideGroups, BesideSeveral),
    ) -> Result<Option<GroupsOfRow>, Diagnostic> {
        let (mut means, mut sds, mut sizes) = (Vec::new(), Vec::new(), Vec::new());
        for OfGroup { number, value, n, sd } in self.means.iter().copied() {
            let own = moments(row, value, sd)?;
            let has_value = row.number_text(value)?.is_some();
            match (own, people(row, n)?) {
                (Some((mean, sd)), Some(n)) => {
                    means.push(mean);
                    sds.push(sd);
                    sizes.push(n);
                }
                (_, None) if has_value => return Ok(Some(lacking(number, "n"))),
                (None, _) if has_value => return Ok(Some(lacking(number, "SD"))),
                // A row has fewer groups than its table, each of which has a size all the same.
                _ => {}
            }
        }
        Ok(match <[u64; 2]>::try_from(&sizes[..]) {
            Ok(n) => {
                <[Numeral; 2]>::try_from(means).ok().zip(<[Numeral; 2]>::try_from(sds).ok()).map(|(means, sds)| {
                    let values = GroupValues::Means(Box::new(GroupMeans { means, sds, meaning }));
                    GroupsOfRow::Two(Box::new(GroupsRow { values, n, shares: [None, None], beside: of_two }))
                })
            }
            Err(_) if sizes.len() > 2 => {
                let shares = vec![None; sizes.len()];
                let values = SeveralValues::Means(SeveralMeans { means, sds, meaning });
                Some(GroupsOfRow::Several(Box::new(SeveralRow { values, n: sizes, shares, beside: of_several })))
            }
            Err(_) => None,
        })
    }

    fn read_counts(
        &self,
        row: &Row<'_>,
        (of_two, of_several): (BesideGroups, BesideSeveral),
    ) -> Result<Option<GroupsOfRow>, Diagnostic> {
        let (mut events, mut shares, mut sizes) = (Vec::new(), Vec::new(), Vec::new());
        for OfGroup { number, value, n, .. } in self.counts.iter().copied() {
            if row.number_text(value)?.is_none() {
                continue;
            }
            let Some(n) = people(row, n)? else { return Ok(Some(lacking(number, "n"))) };
            let Some((counted, share)) = count(row, value, n)? else { continue };
            events.push(counted);
            shares.push(share);
            sizes.push(n);
        }
        Ok(match (<[u64; 2]>::try_from(&events[..]), <[u64; 2]>::try_from(&sizes[..])) {
            (Ok(events), Ok(n)) => {
                let shares = [shares.first().cloned().flatten(), shares.get(1).cloned().flatten()];
                let values = GroupValues::Counts(events);
                Some(GroupsOfRow::Two(Box::new(GroupsRow { values, n, shares, beside: of_two })))
            }
            _ if sizes.len() > 2 => {
                let values = SeveralValues::Counts(events);
                Some(GroupsOfRow::Several(Box::new(SeveralRow { values, n: sizes, shares, beside: of_several })))
            }
            _ => None,
        })
    }
}

fn lacking(number: usize, what: &str) -> GroupsOfRow {
    GroupsOfRow::Lacking(format!("group {number} has no {what}, so that nothing can be said of all groups"))
}

/// The column that is spelled with the name of a group alone: `mean3`, `sd3`, `n3` of three groups or more.
pub fn spelled_of_group(plain: &str) -> Option<&'static str> {
    let digit = plain.chars().last()?.to_digit(10)? as usize;
    let names = GROUPS.get(digit.checked_sub(1)?).filter(|_| digit > 2)?;
    let at = match &plain[..plain.len() - 1] {
        "mean" | "m" => 0,
        "sd" | "s" => 1,
        "n" => 2,
        _ => return None,
    };
    Some(names[at])
}
