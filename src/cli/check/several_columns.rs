//! The columns of three groups or more in a table that `reffect check` reads: means with SDs and sizes, or counts of
//! events.

use super::table_groups::{GroupColumns, count, moments, people};
use crate::check::several_groups::{BesideSeveral, SeveralMeans, SeveralRow, SeveralValues};
use crate::check::table_groups::{BesideGroups, GroupMeans, GroupValues, GroupsRow};
use crate::diagnostic::{Diagnostic, Place};
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
    /// The columns of a table; none where it has no third group, and no two that only these name.
    ///
    /// # Errors
    /// One of several groups lacks its size, or there are more of them than are read.
    pub fn of(table: &Table) -> Result<Option<Self>, Diagnostic> {
        let set = |values: fn(&[&'static str; 4]) -> &'static str| {
            let mut groups = Vec::new();
            for (at, names) in GROUPS.iter().enumerate() {
                let name = values(names);
                // The first two of counts may be called as those of two groups are.
                let of_two = ["ai", "ci"].get(at).filter(|_| name == names[3]);
                let Some(value) = table.column(name).or(of_two.and_then(|name| table.column(name))) else { continue };
                groups.push((at + 1, value, names));
            }
            // Two groups are read by other columns, if they have these.
            let are_of_two = |groups: &[(usize, Column, &[&'static str; 4])]| {
                let are_means =
                    groups.iter().map(|(number, ..)| *number).eq([1, 2]) && values(&GROUPS[0]) == GROUPS[0][0];
                groups.len() == 2 && (are_means || GroupColumns::of(table).is_some())
            };
            if groups.len() < 2 || are_of_two(&groups) {
                return Ok(Vec::new());
            }
            let with_size = |(number, value, names): (usize, Column, &[&'static str; 4])| {
                let n = table.column(names[2]).ok_or_else(|| without_size(table, number, names[2]))?;
                Ok(OfGroup { number, value, n, sd: table.column(names[1]) })
            };
            groups.into_iter().map(with_size).collect::<Result<Vec<_>, _>>()
        };
        let found = Self { means: set(|names| names[0])?, counts: set(|names| names[3])? };
        if found.means.is_empty() && found.counts.is_empty() {
            return Ok(None);
        }
        match table.names().iter().find(|name| is_of_later_group(name)) {
            Some(name) => {
                let message = format!("the table has a column `{name}`, and groups are read up to {}", GROUPS.len());
                Err(about(
                    table,
                    message,
                    "what is printed of all groups cannot be held against some: take such rows out",
                ))
            }
            None => Ok(Some(found)),
        }
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
        let (mut means, mut sds, mut sizes, mut without) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
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
                _ if sd.map_or(Ok(None), |sd| row.number_text(sd))?.is_some() => {
                    return Ok(Some(lacking(number, "mean")));
                }
                // A row has fewer groups than its table, each of which has a size all the same.
                (_, Some(_)) => without.push(number),
                _ => {}
            }
        }
        let of_two = BesideGroups { without: without.clone(), ..of_two };
        let of_several = BesideSeveral { without, ..of_several };
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
        let (mut events, mut shares, mut sizes, mut without) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for OfGroup { number, value, n, .. } in self.counts.iter().copied() {
            let n = people(row, n)?;
            if row.number_text(value)?.is_none() {
                without.extend(n.map(|_| number));
                continue;
            }
            let Some(n) = n else { return Ok(Some(lacking(number, "n"))) };
            let Some((counted, share)) = count(row, value, n)? else { continue };
            events.push(counted);
            shares.push(share);
            sizes.push(n);
        }
        let of_two = BesideGroups { without: without.clone(), ..of_two };
        let of_several = BesideSeveral { without, ..of_several };
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

/// The error for a group that has no size, where that of all may stand instead.
pub(super) fn without_size(table: &Table, number: usize, name: &str) -> Diagnostic {
    let message = format!("group {number} of the table has no column `{name}` with its size");
    let hint = match table.column("n") {
        Some(_) => {
            format!("`n` is no size of a group: write that of each one, or say which it is: --map {name}=COLUMN")
        }
        None => format!("write how many people each group has, or say which column it is: --map {name}=COLUMN"),
    };
    about(table, message, &hint)
}

fn about(table: &Table, message: String, hint: &str) -> Diagnostic {
    let place = Place { file: table.name().to_owned(), excerpt: None };
    Diagnostic { message, place, hint: Some(hint.to_owned()) }
}

/// Whether a column is one of a group beyond those that are read: `m10i`, `mean10`, `x12i`.
fn is_of_later_group(name: &str) -> bool {
    let name: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let letters = name.trim_end_matches('i').trim_end_matches(|c: char| c.is_ascii_digit());
    let number = name[letters.len()..].trim_end_matches('i').parse::<usize>();
    let is_value = ["m", "mean", "sd"].contains(&letters) || letters == "x" && name.ends_with('i');
    is_value && number.is_ok_and(|number| (GROUPS.len() + 1..100).contains(&number))
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
