//! Counts of people beside their percentage in running text: "8 of 60 patients (13.3%)".

use super::prose_percentages::{Said, Surroundings};
use super::prose_places::Places;
use super::prose_wholes::{is_of_others, percent_in_front_of_interval, whole_in_front};
use super::table::{RowVerdict, TableRow, judge};
use crate::numeric::numeral::Numeral;
use crate::numeric::rounding::Rounding;
use crate::reported::{CellForm, NumberForm, Passage, Release};

/// A count that a text reports with its percentage.
#[derive(Clone, Debug, PartialEq)]
pub struct PrintedShare {
    /// The line on which the count stands, counted from 1.
    pub line: u64,
    /// The count, its whole and the percentage as they are printed.
    pub text: String,
    row: TableRow,
    /// Whether its whole stands in front, and may not be that of those of whom something is known.
    is_implied: bool,
    /// What is said of the percentage.
    said: Said,
}

/// The counts of exactly known people among the numbers that were read from a text, with a percentage beside them.
///
/// ```
/// use reffect::check::prose_shares::shares_of;
/// use reffect::transcribe::draft;
///
/// let text = "The pain went in 8 of 60 patients (15.3%) on the drug.";
/// let draft = draft("trial", "trial.txt", text).ok_or("there is text")?;
/// let [share] = &shares_of(&draft, text)[..] else { return Err("one share".into()) };
/// assert_eq!(share.judge(0.95, Default::default()).grim, Some(false));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn shares_of(draft: &Release, text: &str) -> Vec<PrintedShare> {
    let places = Places::of(text);
    let surroundings = Surroundings::of(text);
    let share = |passage: &Passage, shown: String, (part, whole, percent): (&Numeral, &Numeral, &Numeral)| {
        let row = row(part, whole, percent)?;
        let place = places.place(passage, part.text(), &[whole.text(), percent.text()]);
        let line = place.map_or_else(|| places.line(passage, part.text()), |at| places.line_of(at));
        let near = place.map(|at| places.round(at, Said::BEFORE, Said::BEHIND));
        let near = near.unwrap_or_else(|| [String::new(), passage.quote.clone()]);
        let said = surroundings.said(line, &near, percent.text());
        Some(PrintedShare { line: line as u64, text: shown, row, is_implied: false, said })
    };
    let round = |passage: &Passage, part: &Numeral, others: &[&str]| {
        let place = places.place(passage, part.text(), others)?;
        Some(places.round(place, Said::BEFORE, Said::BEHIND))
    };
    let behind_its_whole = |passage: &Passage, part: &Numeral, percent: &Numeral| {
        let [before, behind] = round(passage, part, &[percent.text()])?;
        let whole = whole_in_front(&before).filter(|_| !is_of_others(&behind))?;
        let shown = format!("{part} ({percent}) of {whole}");
        Some(PrintedShare { is_implied: true, ..share(passage, shown, (part, &whole, percent))? })
    };
    let in_front_of_interval = |passage: &Passage, text: &str, (part, whole): (&Numeral, &Numeral)| {
        let [_, behind] = round(passage, part, &[whole.text()])?;
        let percent = percent_in_front_of_interval(&behind, whole.text())?;
        share(passage, format!("{text} ({percent})"), (part, whole, &percent))
    };
    let of_numbers = draft.numbers.iter().filter_map(|number| match &number.form {
        NumberForm::Fraction { text, part, whole } => {
            let Some(percent) = number.percent.as_ref() else {
                return in_front_of_interval(&number.passage, text, (part, whole));
            };
            share(&number.passage, format!("{text} ({})", percent.text()), (part, whole, percent))
        }
        NumberForm::Single(part) => behind_its_whole(&number.passage, part, number.percent.as_ref()?),
    });
    let cells = draft.outcomes.iter().flat_map(|outcome| &outcome.results).flat_map(|result| &result.cells);
    let of_cells = cells.filter_map(|(_, cell)| match &cell.form {
        CellForm::Fraction { part, whole } => {
            share(&cell.passage, cell.text.clone(), (part, whole, cell.percent.as_ref()?))
        }
        _ => None,
    });
    of_numbers.chain(of_cells).collect()
}

/// As a row of a table holds it.
fn row(part: &Numeral, whole: &Numeral, percent: &Numeral) -> Option<TableRow> {
    let exact = |number: &Numeral| number.count().filter(|_| number.is_whole());
    let (k, n) = (exact(part)?, exact(whole).filter(|n| *n > 0)?);
    Some(row_of(percent, k, n))
}

fn row_of(percent: &Numeral, k: u64, n: u64) -> TableRow {
    TableRow { mean: Some((percent.clone(), n)), counted: Some((k, n)), is_percent: true, ..TableRow::default() }
}

impl PrintedShare {
    /// The verdict on it by GRIM, as on a row of a table. Where the text says that the percentage is a bound, an estimate or
    /// without those of whom nothing is known, and it is near enough, it is not decidable.
    pub fn judge(&self, level: f64, rounding: Rounding) -> RowVerdict {
        let mut verdict = judge(&self.row, level, rounding);
        let is_cut_off = || judge(&self.row, level, Rounding::Floor).grim == Some(true);
        let (Some((percent, _)), Some((k, n)), Some(false)) = (&self.row.mean, self.row.counted, verdict.grim) else {
            return verdict;
        };
        if self.said.holds_as_bound(percent.value(), k, n) {
            verdict.grim = Some(true);
            verdict.notes.clear();
            return verdict;
        }
        let is_of_fewer = || {
            let with = |whole| judge(&row_of(percent, k, whole), level, rounding).grim == Some(true);
            self.is_implied && (n - n / 10..n).any(with)
        };
        let reason = match self.said.excuse(percent, (k, n)) {
            None if is_cut_off() => Some("it may be cut off, and not rounded"),
            None if is_of_fewer() => Some("it may be of those of whom it is known"),
            reason => reason,
        };
        if let Some(reason) = reason {
            verdict.grim = None;
            let told = verdict.notes.iter_mut().find_map(|note| note.strip_prefix("grim: ").map(str::to_owned));
            let told = told.map(|told| format!("{told}; ")).unwrap_or_default();
            verdict.notes = vec![format!("grim: not decidable: {told}{reason}")];
        }
        verdict
    }
}
