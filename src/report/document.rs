//! Headings, paragraphs and tables, and the three ways to write them.

use unicode_width::UnicodeWidthStr;

/// A piece of output that people read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// What it holds, from top to bottom.
    pub blocks: Vec<Block>,
}

/// One piece of a document.
#[derive(Clone, Debug, PartialEq)]
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

    fn text(&self, out: &mut String) {
        let width = |column: usize| {
            let fields = self.rows.iter().map(|row| row[column].width());
            fields.chain([self.columns[column].0.width()]).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        let mut line = |fields: &[&str]| {
            let mut text = String::from("  ");
            for ((field, (_, align)), width) in fields.iter().zip(&self.columns).zip(&widths) {
                let padding = " ".repeat(width - field.width());
                match align {
                    Align::Left => text.extend([field, padding.as_str(), "  "]),
                    Align::Right => text.extend([padding.as_str(), field, "  "]),
                }
            }
            out.push_str(text.trim_end());
            out.push('\n');
        };
        line(&self.columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>());
        for row in &self.rows {
            line(&row.iter().map(String::as_str).collect::<Vec<_>>());
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

fn escape_markdown(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ").replace('<', "&lt;")
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
                Block::Table(table) => table.text(&mut out),
            }
        }
        out
    }

    /// The document as Markdown.
    pub fn to_markdown(&self) -> String {
        let mut out = String::new();
        for block in &self.blocks {
            if !out.is_empty() {
                out.push('\n');
            }
            match block {
                Block::Heading(level, text) => out.push_str(&format!("{} {text}\n", "#".repeat(*level))),
                Block::Text(text) => out.push_str(&format!("{}\n", escape_markdown(text))),
                Block::List(points) => {
                    points.iter().for_each(|point| out.push_str(&format!("- {}\n", escape_markdown(point))));
                }
                Block::Table(table) => table.markdown(&mut out),
            }
        }
        out
    }
}

/// Breaks a text between words, and between characters where a language has no spaces.
fn wrap(text: &str, width: usize, first: &str, next: &str, out: &mut String) {
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in text.split_inclusive(' ') {
        let pieces: Vec<&str> = if word.trim_end().width() + next.width() > width {
            word.split_inclusive(breaks_after).collect()
        } else {
            vec![word]
        };
        for piece in pieces {
            if !is_empty && line.width() + piece.trim_end().width() > width {
                out.push_str(line.trim_end());
                out.push('\n');
                line = next.to_owned();
            }
            line.push_str(piece);
            is_empty = false;
        }
    }
    out.push_str(line.trim_end());
    out.push('\n');
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
        let expected = "Title\n═════\n\none two\nthree four\n\n  · a point\n    that is\n    long\n\n  名前       n\n  EDSS       7\n  疼痛 a|b  12\n";
        assert_eq!(sample().to_text(12), expected);
    }

    #[test]
    fn markdown_escapes_what_would_break_a_table() {
        let markdown = sample().to_markdown();
        assert!(markdown.contains("| 疼痛 a\\|b | 12 |"));
        assert!(markdown.contains("| --- | ---: |"));
    }
}
