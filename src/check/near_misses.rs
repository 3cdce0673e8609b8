//! What would fit where a mean, an SD or a percentage does not: a few people fewer, or one digit otherwise.

use super::nearby::slips;
use crate::diagnostic::listed;
use crate::numeric::numeral::Numeral;

/// So many people may be missing.
const MOST_MISSING: u64 = 5;

/// So many numbers are told, the nearest first.
const MOST_TOLD: usize = 4;

/// A printed number with its name, and what would fit in its place.
type Tried<'a> = (&'a str, &'a Numeral, &'a dyn Fn(&Numeral) -> bool);

/// Which smaller n, and which numbers with one other digit or two exchanged, would fit; nothing where none would.
///
/// After `grim_map_seq` and `grimmer_map_seq` of scrutiny (Jung 2024), which step n and the last digit.
pub(super) fn near_misses(n: u64, fits_n: &dyn Fn(u64) -> bool, numbers: &[Tried<'_>]) -> String {
    let mut told = Vec::new();
    let fewer = (1..=MOST_MISSING.min(n.saturating_sub(1))).map(|missing| n - missing).filter(|n| fits_n(*n));
    let fewer: Vec<String> = fewer.map(|n| n.to_string()).collect();
    if !fewer.is_empty() {
        told.push(format!("n = {}", one_of(&fewer)));
    }
    for (name, printed, fits) in numbers {
        let fitting =
            |text: String| text.parse::<Numeral>().ok().filter(|number| fits(number)).map(|number| (number, text));
        let mut found: Vec<(Numeral, String)> = slips(printed.text()).into_iter().filter_map(fitting).collect();
        let apart = |number: &Numeral| number.decimal().minus(printed.decimal()).abs();
        found.sort_by_key(|(number, _)| apart(number));
        let found: Vec<String> = found.into_iter().take(MOST_TOLD).map(|(_, text)| text).collect();
        if !found.is_empty() {
            told.push(format!("{name} {}", one_of(&found)));
        }
    }
    match told.is_empty() {
        true => String::new(),
        false => format!("; it would fit with {}", told.join(", or ")),
    }
}

/// `27`, `27 or 26`, `27, 26 or 24`.
fn one_of(all: &[String]) -> String {
    match all {
        [front @ .., last] if !front.is_empty() => format!("{} or {last}", front.join(", ")),
        all => listed(all.iter().map(String::as_str)),
    }
}
