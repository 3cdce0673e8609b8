//! Numbers that differ by one slip of typing and would be consistent.

use crate::numeric::numeral::Numeral;
use crate::reconstruct::{DataSets, Grid, Summary};
use std::fmt;

/// A number that a slip may have turned into the printed one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Nearby {
    /// Which number: `mean`, `SD` or `n`.
    pub what: &'static str,
    /// What it would be.
    pub text: String,
}

impl fmt::Display for Nearby {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.what, self.text.replace('-', "−"))
    }
}

/// Every consistent cell that differs by one digit, or by two neighbouring digits that changed
/// places, in the mean, the SD or n.
///
/// ```
/// use reffect::check::nearby::nearby;
/// use reffect::reconstruct::{Grid, Summary};
/// use reffect::reported::Scale;
///
/// // 0.4 ± 0.8 with its SD mistyped.
/// let found = nearby(&Summary::sample(&"0.4 ± 0.9".parse()?, 7), &Grid::of_scale(&Scale::Count)?);
/// assert!(found.iter().any(|near| near.to_string() == "SD 0.8"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn nearby(summary: &Summary, grid: &Grid) -> Vec<Nearby> {
    let mut found = Vec::new();
    let exists =
        |candidate: &Summary| DataSets::new(candidate, grid, &[]).is_ok_and(|sets| sets.existence() == Some(true));
    if let Some(spread) = &summary.spread {
        for text in slips(spread.text()) {
            let Ok(spread) = text.parse::<Numeral>() else { continue };
            if exists(&Summary { spread: Some(spread), ..summary.clone() }) {
                found.push(Nearby { what: "SD", text });
            }
        }
    }
    for text in slips(summary.mean.text()) {
        let Ok(mean) = text.parse::<Numeral>() else { continue };
        if exists(&Summary { mean, ..summary.clone() }) {
            found.push(Nearby { what: "mean", text });
        }
    }
    for text in slips(&summary.n.to_string()) {
        let Some(n) = text.parse::<Numeral>().ok().and_then(|n| n.count()).filter(|n| *n > 0) else { continue };
        if exists(&Summary { n, ..summary.clone() }) {
            found.push(Nearby { what: "n", text });
        }
    }
    found
}

/// The texts with one digit replaced, nearest digits first, or two neighbouring digits exchanged.
pub(super) fn slips(text: &str) -> Vec<String> {
    let characters: Vec<char> = crate::numeric::numeral::fold(text).chars().collect();
    let mut slips: Vec<(u32, String)> = Vec::new();
    let mut add = |distance: u32, characters: Vec<char>| {
        let text: String = characters.into_iter().collect();
        // A number does not begin with a 0 that stands in front of another digit.
        let digits = text.trim_start_matches('-');
        let odd =
            digits.len() > 1 && digits.starts_with('0') && digits.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
        if !odd && !slips.iter().any(|(_, known)| *known == text) {
            slips.push((distance, text));
        }
    };
    for (position, c) in characters.iter().enumerate() {
        let Some(digit) = c.to_digit(10) else { continue };
        for other in (0..10).filter(|other| *other != digit) {
            let mut slipped = characters.clone();
            slipped[position] = char::from_digit(other, 10).unwrap_or(*c);
            add(digit.abs_diff(other), slipped);
        }
        if let Some(next) = characters.get(position + 1).filter(|next| next.is_ascii_digit() && *next != c) {
            let mut slipped = characters.clone();
            (slipped[position], slipped[position + 1]) = (*next, *c);
            add(1, slipped);
        }
    }
    slips.sort_by_key(|(distance, _)| *distance);
    slips.into_iter().map(|(_, text)| text).collect()
}
