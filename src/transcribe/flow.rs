//! The text of a document as it reads, without the breaks of its lines.

use super::decimal_commas::decimal_commas;
use super::sentences::sentence_starts;
use super::table::{Row, rows};
use crate::numeric::numeral::{divides_thousands, fold_char};
use crate::reported::is_hidden;
use std::ops::Range;

/// A text in one line, and the line of the document on which each of its characters stands.
///
/// Text from a PDF breaks lines inside sentences and numbers. Here a break between letters of a Latin
/// script is a space and every other break is nothing; blanks in a row are one.
#[derive(Clone, Debug, Default)]
pub struct Flow {
    /// The characters.
    pub chars: Vec<char>,
    /// The line of each, counted from 1.
    pub lines: Vec<u32>,
    /// Which characters begin a line of the document.
    pub starts_line: Vec<bool>,
    /// Which of them begin one below an empty line.
    pub starts_paragraph: Vec<bool>,
    /// Which of them stand in the row of a table: its line begins with `|` or has several, has tabs in it, or numbers
    /// in columns.
    pub in_row: Vec<bool>,
    /// Which of them divide two cells, or begin one behind a tab.
    pub starts_cell: Vec<bool>,
    /// Where a point stands for a comma of the document, in front of decimals.
    pub(super) decimal_commas: Vec<usize>,
    /// Where the sentences behind the first one begin.
    pub(super) sentences: Vec<usize>,
    /// The rows of its tables.
    pub(super) rows: Vec<Row>,
}

/// Blanks of this width, in letters of a Latin script, divide columns.
const WIDE: usize = 2;

/// Longer is no cell of a table of numbers.
const WIDEST_CELL: usize = 32;

/// How wide a blank is.
fn width_of(blank: char) -> usize {
    match blank {
        '\u{3000}' => 2,
        ' ' => 1,
        _ => 0,
    }
}

/// Whether a line has three columns and more that only blanks divide, each short; where numbers stand in two of them,
/// the first may be long. In front of the names of a header there is nothing.
fn are_columns(line: &str) -> bool {
    let mut cells: Vec<String> = vec![String::new()];
    let mut width = 0;
    for c in line.trim_end().chars() {
        if c.is_whitespace() {
            width += width_of(c);
            continue;
        }
        if width >= WIDE {
            cells.push(String::new());
        }
        width = 0;
        if let Some(last) = cells.last_mut() {
            last.push(c);
        }
    }
    let holds_number = |cell: &&String| cell.chars().any(|c| fold_char(c).is_ascii_digit());
    let with_numbers = cells.iter().skip(1).filter(holds_number).count();
    let is_short = cells.iter().skip(1).all(|cell| cell.chars().count() <= WIDEST_CELL);
    cells.len() > 2 && !are_words(&cells) && is_short && (with_numbers > 1 || cells[0].chars().count() <= WIDEST_CELL)
}

/// Whether what wide blanks divide is a sentence in a justified text: particles begin its parts, or commas end them, or
/// words say from what to what.
fn are_words(cells: &[String]) -> bool {
    const PARTICLES: [&str; 4] = ["から", "に", "へ", "を"];
    const WORDS: [&str; 10] = ["from", "to", "and", "in", "the", "of", "with", "was", "were", "by"];
    let is_particle = |cell: &String| PARTICLES.iter().any(|word| cell.starts_with(word));
    let says_from = |cell: &String| {
        let behind = cell.split_once("from").map(|(_, behind)| behind);
        behind.is_some_and(|behind| behind.starts_with(|c: char| fold_char(c).is_ascii_digit()))
    };
    let is_word = |cell: &String| WORDS.contains(&cell.as_str());
    cells.iter().skip(1).any(|cell| is_particle(cell) || is_word(cell))
        || cells.iter().any(|cell| cell.ends_with(['、', '。']) || says_from(cell))
}

impl Flow {
    /// The text of a document as it reads.
    pub fn of(text: &str) -> Self {
        let mut flow = Self::default();
        // The blank that waits for the next character.
        let mut gap: Option<char> = None;
        let (mut is_start, mut is_below_empty) = (true, true);
        for (number, line) in (1u32..).zip(text.lines()) {
            let is_aligned = are_columns(line);
            // "Outcome | Drug | Placebo" has no stroke at its ends.
            let ends_cell = || line.trim_end().ends_with('|') && line.contains(" |");
            let is_divided = line.trim_start().starts_with('|') || line.matches(" | ").count() > 1 || ends_cell();
            let is_row = is_aligned || is_divided || line.trim().contains('\t');
            let (mut begins_cell, mut width) = (false, 0);
            for c in line.chars() {
                if c.is_whitespace() || is_hidden(c) {
                    width += width_of(c);
                    begins_cell |= c == '\t' || is_aligned && width >= WIDE;
                    gap = gap.or(Some(if is_hidden(c) { ' ' } else { c }));
                    continue;
                }
                width = 0;
                flow.close_gap(gap.take(), c, number);
                flow.push(c, number, is_start);
                let is_stroke = fold_char(c) == '|' && (is_divided || !is_aligned) && !flow.is_in_absolute_value();
                flow.mark_cell(is_row, is_row && (is_stroke || std::mem::take(&mut begins_cell)));
                if let Some(last) = flow.starts_paragraph.last_mut() {
                    *last = is_start && is_below_empty;
                }
                is_start = false;
            }
            gap = Some('\n');
            // Nothing on this line has ended its start.
            is_below_empty = is_start;
            is_start = true;
        }
        flow.decimal_commas = decimal_commas(&flow.chars);
        for at in &flow.decimal_commas {
            flow.chars[*at] = '.';
        }
        flow.sentences = sentence_starts(&flow);
        flow.rows = rows(&flow);
        flow
    }

    fn close_gap(&mut self, gap: Option<char>, next: char, line: u32) {
        let is_narrow = |c: char| c.is_ascii_graphic() || matches!(c, '±' | '−' | '–');
        let (Some(blank), Some(last)) = (gap, self.chars.last().copied()) else { return };
        if blank == '\n' && !(is_narrow(last) && is_narrow(next)) {
            return;
        }
        // "A difference -" at the end of a line, and its number on the next.
        let is_sign = matches!(last, '-' | '−' | '–') && self.chars.iter().rev().nth(1) == Some(&' ');
        if blank == '\n' && is_sign && next.is_ascii_digit() {
            return;
        }
        // A blank that does not break stands between thousands, and says so.
        let is_inside = last.is_ascii_digit() && next.is_ascii_digit() && divides_thousands(blank);
        self.push(if is_inside { blank } else { ' ' }, line, false);
    }

    /// Whether the last character stands in "Pr(>|t|)", and divides no cells there.
    fn is_in_absolute_value(&self) -> bool {
        matches!(self.chars[..], [.., '>', '|'] | [.., '>', '|', 't' | 'z', '|'])
    }

    fn push(&mut self, c: char, line: u32, is_start: bool) {
        self.chars.push(c);
        self.lines.push(line);
        self.starts_line.push(is_start);
        self.starts_paragraph.push(false);
        self.in_row.push(false);
        self.starts_cell.push(false);
    }

    /// Says of the last character whether it stands in the row of a table, and begins a cell there.
    fn mark_cell(&mut self, is_row: bool, is_start: bool) {
        if let Some((in_row, starts_cell)) = self.in_row.last_mut().zip(self.starts_cell.last_mut()) {
            (*in_row, *starts_cell) = (is_row, is_start);
        }
    }

    /// The same text with every digit and point in some stretches as a mark that is neither letter nor number: what
    /// stands in "week 24" and "50 mg group" is no number between a word and its value.
    pub(super) fn without_digits(&self, stretches: &[Range<usize>]) -> Self {
        let mut flow = self.clone();
        for at in stretches.iter().cloned().flatten() {
            let c = &mut flow.chars[at];
            if fold_char(*c).is_ascii_digit() || matches!(fold_char(*c), '.') {
                *c = '#';
            }
        }
        flow.sentences = sentence_starts(&flow);
        flow
    }

    /// Whether a place begins a paragraph: below an empty line with a capital letter. A sentence may go on over a page.
    pub(super) fn heads_paragraph(&self, at: usize) -> bool {
        let is_capital = self.chars.get(at).is_some_and(char::is_ascii_uppercase);
        is_capital && self.starts_paragraph.get(at) == Some(&true)
    }

    /// The characters of a stretch as the document has them.
    pub(super) fn printed(&self, range: Range<usize>) -> String {
        let is_comma = |at: &usize| self.decimal_commas.binary_search(at).is_ok();
        let chars = range.filter_map(|at| Some(if is_comma(&at) { ',' } else { *self.chars.get(at)? }));
        chars.collect()
    }

    /// The characters of a stretch as text.
    pub fn text(&self, range: Range<usize>) -> String {
        self.chars.get(range).map(|chars| chars.iter().collect()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_numbers_with_blanks_between() {
        for row in [
            "HbA1c, baseline   7.8±0.9    7.7±0.8",
            "            Drug group (n=40)   Placebo group (n=38)",
            "年齢（歳）　　　62.4±8.1　　　61.7±9.0",
        ] {
            assert!(are_columns(row), "{row}");
        }
        for line in [
            "The rate fell from 2.9 ± 1.1 to 0.4 ± 0.8.  It rose to 0.5.",
            "　年間再発率は2.9±1.1回から0.4±0.8回に減少した。",
            "and of those who had been treated before      was seen in 12 of the 24 patients of the other hospital",
            "7.8 7.7 7.6",
        ] {
            assert!(!are_columns(line), "{line}");
        }
    }

    #[test]
    fn broken_lines_read_on() {
        let flow = Flow::of("年間再発率は 2.9 ±\u{3000}\n1.1 回\nから\n\nthe rate\nfell");
        let text = flow.text(0..flow.chars.len());
        assert_eq!(text, "年間再発率は 2.9 ± 1.1 回からthe rate fell");
        let place = flow.chars.iter().position(|c| *c == '回').unwrap();
        assert_eq!(flow.lines[place], 2);
        let heads = |text: &str| {
            let flow = Flow::of(text);
            (1..flow.chars.len()).filter(|at| flow.heads_paragraph(*at)).count()
        };
        assert_eq!(["A title\n\n\nThe rate fell", "A title\nThe rate", "the\n\nrate fell"].map(heads), [1, 0, 0]);
    }
}
