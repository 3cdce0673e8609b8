//! The arms of a draft: groups that the text names, with their sizes, or all patients.

use super::draft::Drafted;
use super::named::Named;
use super::scan::{Form, Found};
use super::series::{Assembled, Placed};
use crate::check::provenance::TO_DO;
use crate::numeric::numeral::{Expression, Numeral, Qualifier, fold};
use crate::reported::{Arm, Localized};
use std::ops::Range;

impl Drafted<'_> {
    /// One arm for each group with results, if the text names two and more; and one for all patients, where there are
    /// results of no group.
    pub(super) fn arms(&mut self, found: &[Found], all: &Assembled<'_>) {
        let Assembled { series, effects, groups: names, .. } = all;
        let of_results = series.iter().flatten().filter_map(|placed| placed.group.as_ref());
        let of_effects = effects.iter().flat_map(|of| [&of.group, &of.versus]).flatten();
        for group in of_results.chain(of_effects) {
            if !self.groups.contains(group) {
                self.groups.push(group.clone());
            }
        }
        let is_another = |named: &Named<String>| !self.groups.contains(&named.what);
        if self.groups.len() < 2 && !names.iter().any(is_another) {
            self.groups.clear();
        }
        for group in self.groups.clone() {
            let arm = self.arm_of_group(&group, found, names);
            self.release.arms.push(arm);
        }
        let is_of_none = |placed: &Placed<'_>| placed.group.is_none();
        if self.groups.is_empty() || series.iter().flatten().any(is_of_none) {
            let arm = self.arm_of_all(found);
            self.release.arms.push(arm);
        }
    }

    fn arm_of_group(&self, group: &str, found: &[Found], names: &[Named<String>]) -> Arm {
        let own = names.iter().filter(|named| named.what == group);
        let places: Vec<Range<usize>> = own.map(|named| named.range.clone()).collect();
        // "placebo group (n = 46)", プラセボ群46例
        let is_size = |place: &Range<usize>, number: &Found| {
            /// No count stands further from its group.
            const FAR: usize = 160;
            let between =
                place.start.saturating_sub(number.range.end).max(number.range.start.saturating_sub(place.end));
            if between > FAR {
                return false;
            }
            if number.range.end < place.start {
                return assigns(&self.flow.text(number.range.end..place.start));
            }
            let is_count = number.text.trim_end().ends_with(['名', '人', '例']);
            let between = fold(&self.flow.text(place.end..number.range.start.max(place.end))).to_lowercase();
            let between: String = between.chars().filter(|c| !c.is_whitespace()).collect();
            number.range.start >= place.end
                && (is_count && matches!(&*between, "" | "(") || matches!(&*between, "(n=" | "n="))
        };
        let sized = places
            .iter()
            .find_map(|place| Some((place, found.iter().find(|of| counted(of).is_some() && is_size(place, of))?)));
        let first = places.first().cloned().unwrap_or(0..0);
        let (n, range) = match sized {
            Some((place, number)) => {
                (counted(number), place.start.min(number.range.start)..place.end.max(number.range.end))
            }
            None => (None, first),
        };
        let id = self.arm_id(group);
        Arm { id, label: Localized::same(group), n, of: None, passage: self.passage(range) }
    }

    /// A name for a group that the file can refer to.
    fn arm_id(&self, group: &str) -> String {
        const KNOWN: [(&str, &str); 7] = [
            ("プラセボ", "placebo"),
            ("偽薬", "placebo"),
            ("対照", "control"),
            ("実薬", "active"),
            ("本剤", "active"),
            ("治療", "treatment"),
            ("介入", "intervention"),
        ];
        let words = group.to_lowercase().replace(" group", "").replace(" arm", "");
        let latin: String = words.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let latin = latin.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
        let known = KNOWN.iter().find(|(word, _)| group.starts_with(word)).map(|(_, id)| (*id).to_owned());
        let is_free = |id: &String| !id.is_empty() && self.release.arms.iter().all(|arm| arm.id != *id);
        let numbered = || format!("arm-{}", self.release.arms.len() + 1);
        known.filter(is_free).or_else(|| Some(latin).filter(is_free)).unwrap_or_else(numbered)
    }

    /// The first count of patients is taken for the size of the one arm.
    fn arm_of_all(&self, found: &[Found]) -> Arm {
        let is_count = |number: &&Found| counted(number).is_some() && self.counts_people(number);
        let counted_first = found.iter().find(is_count);
        let (n, passage) = match counted_first {
            Some(number) => (counted(number), self.passage(number.range.clone())),
            None => (None, self.passage(0..self.flow.chars.len().min(20))),
        };
        let label = Localized::same(format!("{TO_DO}: the patients"));
        Arm { id: format!("arm-{}", self.release.arms.len() + 1), label, n, of: None, passage }
    }

    fn counts_people(&self, number: &Found) -> bool {
        let after =
            fold(&self.flow.text(number.range.end..(number.range.end + 12).min(self.flow.chars.len()))).to_lowercase();
        let before = self.flow.text(number.range.start.saturating_sub(4)..number.range.start);
        let counter =
            number.text.trim_end().ends_with(['名', '人', '例']) || after.trim_start().starts_with(['名', '人', '例']);
        (counter && before.contains("患者"))
            || ["patient", "participant"].iter().any(|noun| after.trim_start().starts_with(noun))
    }

    /// The arm of a group; the one of all patients where it names none.
    pub(super) fn arm(&self, group: Option<&String>) -> String {
        let place = group.and_then(|group| self.groups.iter().position(|known| known == group));
        let arm = place.map_or(self.release.arms.last(), |place| self.release.arms.get(place));
        arm.map(|arm| arm.id.clone()).unwrap_or_default()
    }
}

/// Whether words between a count and a group say that so many are in it: "48 patients were assigned to the". Events are
/// "in" a group as well.
fn assigns(between: &str) -> bool {
    const WORDS: [&str; 12] =
        ["patients", "participants", "subjects", "adults", "were", "was", "the", "of", "them", "randomly", "to", "or"];
    const ASSIGNED: [&str; 5] = ["assigned", "allocated", "randomized", "randomised", "to"];
    let between = between.to_lowercase();
    let words: Vec<&str> = between.split(' ').filter(|word| !word.is_empty()).collect();
    words.iter().any(|word| ASSIGNED.contains(word))
        && words.iter().all(|word| WORDS.contains(word) || ASSIGNED.contains(word))
}

/// A plain count.
fn counted(number: &Found) -> Option<Numeral> {
    let Form::Number(Expression::Number(n)) = &number.form else { return None };
    let is_count = n.count().is_some_and(|n| n > 0) && n.qualifier() == Qualifier::Exact;
    if is_count { number.text.parse().ok() } else { None }
}
