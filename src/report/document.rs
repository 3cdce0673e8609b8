//! Headings, paragraphs and tables, and the three ways to write them.

use crate::diagnostic::inert;
use unicode_width::UnicodeWidthStr;

/// A piece of output that people read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// What it holds, from top to bottom.
    pub blocks: Vec<Block>,
}

/// One piece of a document.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Block {
    /// A heading; level 1 is the highest.
    Heading(usize, String),
    /// A paragraph.
    Text(String),
    /// Points of a list.
    List(Vec<String>),
    /// A table.
    Table(Table),
}

/// Columns and rows of finished texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

/// Which side of its column a text stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Texts.
    Left,
    /// Numbers.
    Right,
}

/// Space in front of a table, and between its columns.
const INDENT: usize = 2;
const GAP: usize = 2;

/// A last column narrower than this is not broken: it would be hard to read.
const LEAST_LAST: usize = 24;

impl Table {
    /// A table with these headings.
    pub fn new(columns: &[(&str, Align)]) -> Self {
        let columns = columns.iter().map(|(name, align)| ((*name).to_owned(), *align)).collect();
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row; missing fields stay empty, and fields beyond the last column are dropped.
    pub fn row<T: Into<String>>(&mut self, fields: impl IntoIterator<Item = T>) {
        let mut row: Vec<String> = fields.into_iter().map(Into::into).collect();
        row.resize(self.columns.len(), String::new());
        self.rows.push(row);
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The headings of the columns and on which side they stand.
    pub fn columns(&self) -> &[(String, Align)] {
        &self.columns
    }

    /// The rows, each as long as the columns.
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    /// Every heading.
    pub(super) fn columns_mut(&mut self) -> impl Iterator<Item = &mut String> {
        self.columns.iter_mut().map(|(name, _)| name)
    }

    /// Every field.
    pub(super) fn fields_mut(&mut self) -> impl Iterator<Item = &mut String> {
        self.rows.iter_mut().flatten()
    }

    /// Columns side by side; where they do not fit, the last one goes on below itself, and where that has no room
    /// either, it stands below its row, or each row is a block of lines.
    fn text(&self, width: usize, out: &mut String) {
        let column_width = |column: usize| {
            let fields = self.rows.iter().map(|row| row[column].width());
            fields.chain([self.columns[column].0.width()]).max().unwrap_or(0)
        };
        let Some(last) = self.columns.len().checked_sub(1) else { return };
        let mut widths: Vec<usize> = (0..=last).map(column_width).collect();
        let indent = INDENT + widths[..last].iter().map(|width| width + GAP).sum::<usize>();
        let room = width.saturating_sub(indent);
        if widths[last] > room && room < LEAST_LAST {
            let is_remark = last > 0 && self.columns[last].0.is_empty() || last > 2;
            let is_remark = is_remark && indent <= width + GAP;
            return if is_remark { self.remarked(&widths[..last], width, out) } else { self.folded(width, out) };
        }
        widths[last] = widths[last].min(room);
        let heading: Vec<&str> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
        self.line(&heading, &widths, indent, out);
        for row in &self.rows {
            self.line(&row.iter().map(String::as_str).collect::<Vec<_>>(), &widths, indent, out);
        }
    }

    /// Columns side by side but for the last, which stands below its row.
    fn remarked(&self, widths: &[usize], width: usize, out: &mut String) {
        let (last, indent) = (widths.len(), " ".repeat(2 * INDENT));
        let heading: Vec<&str> = self.columns[..last].iter().map(|(name, _)| name.as_str()).collect();
        self.line(&heading, widths, INDENT, out);
        for row in &self.rows {
            self.line(&row[..last].iter().map(String::as_str).collect::<Vec<_>>(), widths, INDENT, out);
            if !row[last].is_empty() {
                let name = &self.columns[last].0;
                let text = if name.is_empty() { row[last].clone() } else { format!("{name}: {}", row[last]) };
                wrap(&text, width, &indent, &indent, out);
            }
        }
    }

    /// Each row as its first field, and below it a line for each other one with the name of its column.
    fn folded(&self, width: usize, out: &mut String) {
        for row in &self.rows {
            for (at, (field, (name, _))) in row.iter().zip(&self.columns).enumerate() {
                let (first, next) = if at == 0 { (INDENT, INDENT + GAP) } else { (2 * INDENT, 2 * INDENT + GAP) };
                let text = if at == 0 || name.is_empty() { field.clone() } else { format!("{name}: {field}") };
                if !field.is_empty() {
                    wrap(&text, width, &" ".repeat(first), &" ".repeat(next), out);
                }
            }
        }
    }

    fn line(&self, fields: &[&str], widths: &[usize], indent: usize, out: &mut String) {
        let last = fields.len() - 1;
        let pieces = broken(fields[last], widths[last]);
        for (number, piece) in pieces.iter().enumerate() {
            let mut line = " ".repeat(if number == 0 { INDENT } else { indent });
            let begun = if number == 0 { 0 } else { last };
            for column in begun..=last {
                let field = if column == last { piece.as_str() } else { fields[column] };
                let padding =
                    " ".repeat(widths[column].saturating_sub(field.width()) + if column == last { 0 } else { GAP });
                match self.columns[column].1 {
                    Align::Left => line.extend([field, padding.as_str()]),
                    // The gap stays behind the field.
                    Align::Right => {
                        let (gap, front) = padding.split_at(if column == last { 0 } else { GAP });
                        line.extend([front, field, gap]);
                    }
                }
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }

    fn markdown(&self, out: &mut String) {
        let mut line = |fields: Vec<String>| out.push_str(&format!("| {} |\n", fields.join(" | ")));
        line(self.columns.iter().map(|(name, _)| escape_markdown(name)).collect());
        let rule = |align: &Align| if *align == Align::Left { "---" } else { "---:" }.to_owned();
        line(self.columns.iter().map(|(_, align)| rule(align)).collect());
        for row in &self.rows {
            line(row.iter().map(|field| escape_markdown(field)).collect());
        }
    }
}

/// A text inside a paragraph, a heading or a field of a table, so that nothing of it is read as markup. A `_` within
/// a word is none.
pub fn escape_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut last = ' ';
    while let Some(c) = chars.next() {
        let is_inside = last.is_alphanumeric() && chars.peek().is_some_and(|next| next.is_alphanumeric());
        match c {
            '\n' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '\\' | '|' | '[' | ']' | '*' | '`' => out.extend(['\\', c]),
            '_' if !is_inside => out.extend(['\\', c]),
            _ => out.push(c),
        }
        last = c;
    }
    out
}

impl Document {
    /// Adds a heading.
    pub fn heading(&mut self, level: usize, text: impl Into<String>) {
        self.blocks.push(Block::Heading(level, text.into()));
    }

    /// Adds a paragraph.
    pub fn text(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Text(text.into()));
    }

    /// Adds a list, unless it is empty.
    pub fn list(&mut self, points: Vec<String>) {
        if !points.is_empty() {
            self.blocks.push(Block::List(points));
        }
    }

    /// Adds a table, unless it is empty.
    pub fn table(&mut self, table: Table) {
        if !table.is_empty() {
            self.blocks.push(Block::Table(table));
        }
    }

    /// Adds everything of another document.
    pub fn append(&mut self, other: Document) {
        self.blocks.extend(other.blocks);
    }

    /// The document for a terminal. Lines of a paragraph or list wrap at `width` columns.
    pub fn to_text(&self, width: usize) -> String {
        let mut out = String::new();
        for block in &self.blocks {
            if !out.is_empty() {
                out.push('\n');
            }
            match block {
                Block::Heading(level, text) => {
                    out.push_str(text);
                    out.push('\n');
                    if *level == 1 {
                        out.push_str(&"═".repeat(text.width().min(width)));
                        out.push('\n');
                    }
                }
                Block::Text(text) => wrap(text, width, "", "", &mut out),
                Block::List(points) => points.iter().for_each(|point| wrap(point, width, "  · ", "    ", &mut out)),
                Block::Table(table) => table.text(width, &mut out),
            }
        }
        inert(&out).into_owned()
    }

    /// The document as Markdown.
    pub fn to_markdown(&self) -> String {
        let mut out = String::new();
        for block in &self.blocks {
            if !out.is_empty() {
                out.push('\n');
            }
            match block {
                Block::Heading(level, text) => {
                    out.push_str(&format!("{} {}\n", "#".repeat(*level), escape_markdown(text)));
                }
                Block::Text(text) => out.push_str(&format!("{}\n", escape_markdown(text))),
                Block::List(points) => {
                    points.iter().for_each(|point| out.push_str(&format!("- {}\n", escape_markdown(point))));
                }
                Block::Table(table) => table.markdown(&mut out),
            }
        }
        inert(&out).into_owned()
    }
}

/// Writes a text with its first and its further lines behind a mark of their own.
fn wrap(text: &str, width: usize, first: &str, next: &str, out: &mut String) {
    for (number, line) in broken(text, width.saturating_sub(next.width())).iter().enumerate() {
        out.push_str(if number == 0 { first } else { next });
        out.push_str(line);
        out.push('\n');
    }
}

/// Breaks a text between words, and between characters where a language has no spaces. There is at
/// least one line; a word that is too long for any line stands on its own.
fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_inclusive(' ') {
        let is_long = word.trim_end().width() > width;
        let pieces: Vec<&str> = if is_long { word.split_inclusive(breaks_after).collect() } else { vec![word] };
        for piece in pieces {
            let used = lines.last().map_or(0, |line| line.width());
            if used > 0 && used + piece.trim_end().width() > width {
                lines.push(String::new());
            }
            if let Some(line) = lines.last_mut() {
                line.push_str(piece);
            }
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// Kana, kanji and full-width signs allow a line to end after them.
fn breaks_after(c: char) -> bool {
    c >= '\u{2E80}'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Document {
        let mut table = Table::new(&[("名前", Align::Left), ("n", Align::Right)]);
        table.row(["EDSS", "7"]);
        table.row(["疼痛 a|b", "12"]);
        let mut document = Document::default();
        document.heading(1, "Title");
        document.text("one two three four");
        document.list(vec!["a point that is long".to_owned()]);
        document.table(table);
        document
    }

    #[test]
    fn text_aligns_wide_characters_and_wraps_words() {
        let expected = "Title\n═════\n\none two\nthree four\n\n  · a point\n    that is\n    long\n\n  EDSS\n    n: 7\n  疼痛 a|b\n    n: 12\n";
        assert_eq!(sample().to_text(12), expected);
        let wide = "  名前       n\n  EDSS       7\n  疼痛 a|b  12\n";
        assert!(sample().to_text(14).ends_with(wide));
    }

    #[test]
    fn a_remark_without_room_stands_below_its_row() {
        let mut table = Table::new(&[("measure", Align::Left), ("estimate", Align::Right), ("", Align::Left)]);
        table.row(["MD", "0.42", "mean difference"]);
        table.row(["VR", "0.005", ""]);
        let mut document = Document::default();
        document.table(table);
        let expected = "  measure  estimate\n  MD           0.42\n    mean difference\n  VR          0.005\n";
        assert_eq!(document.to_text(19), expected);
        assert_eq!(document.to_text(40).lines().nth(1), Some("  MD           0.42  mean difference"));
    }

    #[test]
    fn markdown_escapes_what_would_break_a_table() {
        let markdown = sample().to_markdown();
        assert!(markdown.contains("| 疼痛 a\\|b | 12 |"));
        assert!(markdown.contains("| --- | ---: |"));
    }
}
