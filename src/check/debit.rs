//! DEBIT: whether any number of ones among zeros and ones prints as the reported mean and SD.

use crate::reconstruct::{MOST_PEOPLE, Summary, Unreconstructable};

/// Every number of ones among n zeros and ones that prints as the mean and the SD.
///
/// Source: Heathers & Brown (2019), DEBIT, osf.io/5vb3u, who let the intervals of mean and SD overlap;
/// here each count is tried.
///
/// # Errors
/// If there is no SD, n is too small for it, or the numbers are too large.
///
/// ```
/// use reffect::check::debit::debit;
/// use reffect::reconstruct::Summary;
///
/// assert_eq!(debit(&Summary::sample(&"0.35 ± 0.49".parse()?, 20))?, [7]);
/// assert!(debit(&Summary::sample(&"0.36 ± 0.11".parse()?, 20))?.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn debit(summary: &Summary) -> Result<Vec<u64>, Unreconstructable> {
    if summary.n > MOST_PEOPLE {
        let message = format!("n is {}, and at most {MOST_PEOPLE} people are searched", summary.n);
        return Err(Unreconstructable::TooLarge(message));
    }
    let n = i128::from(summary.n);
    let (first, last) = summary.totals(1)?;
    let Some((least, most)) = summary.dispersion(1)? else {
        return Err(Unreconstructable::Summary("no SD is reported".to_owned()));
    };
    // A one is its own square, so that n·Σx² − (Σx)² = k(n − k).
    let fits = |k: &i128| (least..=most).contains(&(k * (n - k)));
    Ok((first.max(0)..=last.min(n)).filter(fits).filter_map(|k| u64::try_from(k).ok()).collect())
}
