//! Counts of people beside their percentage in running text: "8 of 60 patients (13.3%)".

use super::prose_places::Places;
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
    /// Whether its paragraph speaks of shares that are not those of the counts beside them.
    is_of_a_model: bool,
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
    let of_models = lines_of_models(text);
    let share = |passage: &Passage, shown: String, (part, whole, percent): (&Numeral, &Numeral, &Numeral)| {
        let row = row(part, whole, percent)?;
        let line = places.line(passage, part.text());
        let is_of_a_model = of_models.get(line.saturating_sub(1)).copied().unwrap_or(true);
        Some(PrintedShare { line: line as u64, text: shown, row, is_of_a_model })
    };
    let of_numbers = draft.numbers.iter().filter_map(|number| match &number.form {
        NumberForm::Fraction { text, part, whole } => {
            let percent = number.percent.as_ref()?;
            share(&number.passage, format!("{text} ({})", percent.text()), (part, whole, percent))
        }
        NumberForm::Single(_) => None,
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
    Some(TableRow { mean: Some((percent.clone(), n)), counted: Some((k, n)), is_percent: true, ..TableRow::default() })
}

/// Of each line, whether its paragraph speaks of shares that are not those of the counts beside them: curves of survival
/// and models.
fn lines_of_models(text: &str) -> Vec<bool> {
    const WORDS: [&str; 12] = [
        "kaplan",
        "estimate",
        "cumulative",
        "adjusted",
        "weighted",
        "imput",
        "actuarial",
        "model",
        "推定",
        "累積",
        "調整",
        "カプラン",
    ];
    let mut of_lines = Vec::new();
    let mut start = 0;
    for line in text.lines().chain([""]) {
        let folded = line.to_lowercase();
        of_lines.push(WORDS.iter().any(|word| folded.contains(word)));
        if line.trim().is_empty() {
            let is_any = of_lines[start..].contains(&true);
            of_lines[start..].fill(is_any);
            start = of_lines.len();
        }
    }
    of_lines
}

impl PrintedShare {
    /// The verdict on it by GRIM, as on a row of a table.
    pub fn judge(&self, level: f64, rounding: Rounding) -> RowVerdict {
        let mut verdict = judge(&self.row, level, rounding);
        if verdict.grim == Some(false) && self.is_of_a_model {
            verdict.grim = None;
            verdict.notes.push("grim: not decidable: the text speaks of estimated or adjusted shares".to_owned());
        }
        verdict
    }
}
