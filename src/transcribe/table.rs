//! Tables in a text: rows with `|`, tabs or wide blanks between their cells, of which a header names the columns.

use super::flow::Flow;
use super::named::Named;
use crate::numeric::numeral::{fold, fold_char};
use std::ops::Range;

/// A row of a table.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Its characters.
    pub(super) range: Range<usize>,
    /// Where its cells begin, those that a stroke or a tab opens.
    starts: Vec<usize>,
    /// Which row is the top one of its table.
    top: usize,
    /// Whether it holds words and no number.
    is_of_names: bool,
    /// Which row of names is the nearest above in its table.
    named_by: Option<usize>,
}

impl Row {
    /// The cell, counted from the left, in which a place stands.
    fn column(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at)
    }

    fn columns(&self) -> usize {
        self.starts.len()
    }
}

/// The rows of a text, in order: each line with a character that stands in a row.
pub(super) fn rows(flow: &Flow) -> Vec<Row> {
    let mut all: Vec<Row> = Vec::new();
    let mut end = 0;
    for line in flow.lines.chunk_by(|one, other| one == other) {
        let range = end..end + line.len();
        end = range.end;
        if !flow.in_row[range.clone()].contains(&true) {
            continue;
        }
        let has_number = holds_number(&flow.chars[range.clone()]);
        // Below an empty line a row without numbers is the header of another table.
        let is_header = flow.starts_paragraph[range.clone()].contains(&true) && !has_number;
        let is_next = |above: &&Row| {
            above.range.end == range.start || is_subheading(flow, above.range.end..range.start.max(above.range.end))
        };
        let above = all.last().filter(|above| is_next(above) && !is_header);
        let top = above.map_or(all.len(), |above| above.top);
        let named_by = above.and_then(|above| if above.is_of_names { Some(all.len() - 1) } else { above.named_by });
        let starts = range.clone().filter(|at| flow.starts_cell[*at]).collect();
        // "|---|---|" names nothing.
        let is_of_names = !has_number && flow.chars[range.clone()].iter().any(|c| c.is_alphabetic());
        all.push(Row { range, starts, top, is_of_names, named_by });
    }
    all
}

/// Whether what stands between two rows is a short line that heads those below it, "Body weight, kg", in the same table.
fn is_subheading(flow: &Flow, between: Range<usize>) -> bool {
    const LONGEST: usize = 48;
    let words = &flow.chars[between.clone()];
    let is_plain = |c: &char| !fold_char(*c).is_ascii_digit() && !matches!(c, '.' | '。' | ':' | '：');
    words.len() <= LONGEST && words.iter().all(is_plain) && !flow.starts_paragraph[between].contains(&true)
}

/// Whether a number stands outside of brackets: "(n = 60)" and "95% CI" are none of a row.
pub(super) fn holds_number(row: &[char]) -> bool {
    let folded = row.iter().map(|c| fold_char(*c)).collect::<String>().to_lowercase().replace(" %", "%");
    let unnamed = ["ci", "confidence", "信頼"].iter().fold(folded, |text, name| {
        let levels =
            ["90%", "95%", "99%"].iter().flat_map(|level| [format!("{level} {name}"), format!("{level}{name}")]);
        levels.fold(text, |text, level| text.replace(&level, name))
    });
    let mut depth = 0;
    unnamed.chars().any(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth <= 0 && c.is_ascii_digit()
    })
}

/// Which of the rows of a text holds a place.
fn place_of_row(flow: &Flow, at: usize) -> Option<usize> {
    let place = flow.rows.partition_point(|row| row.range.end <= at);
    flow.rows.get(place).filter(|row| row.range.contains(&at) && flow.in_row[at]).map(|_| place)
}

/// The characters of the row of a table in which a place stands.
pub(super) fn row(flow: &Flow, at: usize) -> Option<Range<usize>> {
    Some(flow.rows[place_of_row(flow, at)?].range.clone())
}

/// Where the table begins in which a place stands.
pub(super) fn top(flow: &Flow, at: usize) -> Option<usize> {
    let own = &flow.rows[place_of_row(flow, at)?];
    flow.rows.get(own.top).map(|top| top.range.start)
}

/// For each row of a text the one above, in the same table, that names two columns and more.
#[derive(Clone, Debug, Default)]
pub(super) struct Headers(Vec<Option<usize>>);

impl Headers {
    /// Of names in the order of a text.
    pub(super) fn of<T>(flow: &Flow, names: &[Named<T>]) -> Self {
        let mut headers: Vec<Option<usize>> = Vec::with_capacity(flow.rows.len());
        for (place, row) in flow.rows.iter().enumerate() {
            let above = place.checked_sub(1).filter(|_| row.top < place);
            let is_header = |above: usize| names_in(names, &flow.rows[above].range).len() > 1;
            headers.push(above.and_then(|above| if is_header(above) { Some(above) } else { headers[above] }));
        }
        Self(headers)
    }

    /// What the header of its table names the column of a place.
    pub(super) fn of_column<T: Clone>(&self, flow: &Flow, names: &[Named<T>], at: usize) -> Option<T> {
        let (own, header) = self.rows(flow, at)?;
        let named = self.of_table(flow, names, at)?;
        let here = named.iter().find(|named| header.column(named.range.start) == own.column(at))?;
        Some(here.what.clone())
    }

    /// The names in the header of the table of a place: the row above that names two columns and more, each one thing,
    /// and has as many cells.
    pub(super) fn of_table<'n, T>(&self, flow: &Flow, names: &'n [Named<T>], at: usize) -> Option<&'n [Named<T>]> {
        let (own, header) = self.rows(flow, at)?;
        let named = names_in(names, &header.range);
        let column = |named: &Named<T>| header.column(named.range.start);
        let is_each_one = named.windows(2).all(|pair| column(&pair[0]) < column(&pair[1]));
        (is_each_one && header.columns() == own.columns()).then_some(named)
    }

    /// The row of a place, and the header above.
    fn rows<'f>(&self, flow: &'f Flow, at: usize) -> Option<(&'f Row, &'f Row)> {
        let place = place_of_row(flow, at)?;
        Some((&flow.rows[place], &flow.rows[(*self.0.get(place)?)?]))
    }
}

/// The names within a row.
fn names_in<'n, T>(names: &'n [Named<T>], row: &Range<usize>) -> &'n [Named<T>] {
    let first = names.partition_point(|named| named.range.start < row.start);
    let count = names[first..].iter().take_while(|named| named.range.end <= row.end).count();
    &names[first..first + count]
}

/// The characters of each cell of a row that holds something, without what divides them.
pub(super) fn cells_of(flow: &Flow, row: &Range<usize>) -> Vec<Range<usize>> {
    let starts = row.clone().filter(|at| *at > row.start && flow.starts_cell[*at]);
    let mut starts: Vec<usize> = std::iter::once(row.start).chain(starts).collect();
    starts.push(row.end);
    let is_divider = |at: &usize| matches!(flow.chars[*at], ' ' | '|' | '｜');
    let inner = |pair: &[usize]| {
        let start = (pair[0]..pair[1]).find(|at| !is_divider(at)).unwrap_or(pair[1]);
        let end = (start..pair[1]).rev().find(|at| !is_divider(at)).map_or(start, |last| last + 1);
        start..end
    };
    starts.windows(2).map(inner).filter(|cell| !cell.is_empty()).collect()
}

/// The names of arms in the headings of tables: cells with their n, several in one row, or one at the beginning of each
/// of several rows: "Drug X (n=52)   Placebo (n=50)".
pub(super) fn sized_headings(flow: &Flow) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut beginnings: Vec<Range<usize>> = Vec::new();
    let mut last = 0;
    for own in flow.rows.iter().map(|row| row.range.clone()) {
        let cells = cells_of(flow, &own);
        if own.start != last {
            keep_several(&mut found, &mut beginnings);
        }
        last = own.end;
        let sized: Vec<Range<usize>> = cells.iter().filter_map(|cell| sized_name(flow, cell)).collect();
        match sized.as_slice() {
            [one] if cells.first().is_some_and(|cell| cell.start == one.start) => beginnings.push(one.clone()),
            [_, _, ..] => found.extend(sized),
            _ => {}
        }
    }
    keep_several(&mut found, &mut beginnings);
    found
}

/// One heading of a row with its n may be that of all; two are of arms.
fn keep_several(found: &mut Vec<Range<usize>>, beginnings: &mut Vec<Range<usize>>) {
    if beginnings.len() > 1 {
        found.append(beginnings);
    }
    beginnings.clear();
}

/// The name in front of the n of a cell: "Drug X (n=52)".
fn sized_name(flow: &Flow, cell: &Range<usize>) -> Option<Range<usize>> {
    /// No name of an arm is longer.
    const LONGEST: usize = 48;
    /// All people of a table are no arm.
    const ALL: [&str; 8] = ["total", "all", "overall", "whole", "全体", "合計", "全例", "計"];
    let text = fold(&flow.text(cell.clone())).to_lowercase();
    let is_of_n = |(at, _): &(usize, &str)| text[at + 1..].trim_start().starts_with('=');
    let (at, _) = text.rmatch_indices('n').find(is_of_n)?;
    let (name, size) = text.split_at(at);
    let size = size[1..].trim_start().trim_start_matches('=').trim().trim_end_matches([')', ']']);
    let is_size = !size.is_empty() && size.chars().all(|c| c.is_ascii_digit() || c == ',');
    // "Drug X (n = 52)", "Drug X, n = 52", "Drug X n = 52".
    let is_apart = name.ends_with(|c: char| !c.is_alphanumeric());
    let name = name.trim_end_matches([' ', '(', '[', ',']);
    let is_size = is_size && is_apart;
    let is_name = name.chars().any(char::is_alphabetic) && name.chars().count() <= LONGEST;
    let is_all = ALL.iter().any(|word| name.starts_with(word));
    (is_size && is_name && !is_all).then(|| cell.start..cell.start + name.chars().count())
}

/// What stands in the first cell of a row, in small letters.
pub(super) fn label(flow: &Flow, row: &Range<usize>) -> Option<String> {
    let cell = cells_of(flow, row).into_iter().next()?;
    Some(fold(&flow.text(cell)).to_lowercase())
}

/// What the top row of its table calls the column of a place, in small letters, where both have as many cells.
pub(super) fn heading(flow: &Flow, at: usize) -> Option<String> {
    let own = &flow.rows[place_of_row(flow, at)?];
    let column = own.column(at);
    let top = flow.rows.get(own.top).filter(|top| top.range != own.range && top.columns() == own.columns())?;
    let cell = cells_of(flow, &top.range).into_iter().find(|cell| top.column(cell.start) == column)?;
    Some(fold(&flow.text(cell)).to_lowercase())
}

/// What the nearest row of names above calls the column of a place, in small letters, where that row has as many cells that
/// hold something, or begins with a column of numbers and has none above the names of the rows, which take up to two.
/// Whether its first cell is of a column of numbers is asked.
pub(super) fn heading_by_names(flow: &Flow, at: usize, of_numbers: impl Fn(&str) -> bool) -> Option<Heading> {
    let row = &flow.rows[place_of_row(flow, at)?];
    let (own, names) = (cells_of(flow, &row.range), cells_of(flow, &flow.rows.get(row.named_by?)?.range));
    let in_small = |cell: &Range<usize>| fold(&flow.text(cell.clone())).to_lowercase();
    let shift = own.len().checked_sub(names.len()).filter(|shift| *shift <= 2)?;
    let begins_with_numbers = of_numbers(&in_small(names.first()?));
    let column = own.iter().position(|cell| cell.contains(&at))?.checked_sub(shift)?;
    let name = names.get(column).filter(|_| shift == 0 || begins_with_numbers).map(in_small)?;
    Some(Heading { name, begins_with_numbers })
}

/// The name of a column.
pub(super) struct Heading {
    pub(super) name: String,
    /// Whether nothing stands above the names of the rows.
    pub(super) begins_with_numbers: bool,
}
