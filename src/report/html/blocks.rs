//! Headings, paragraphs, lists and tables as HTML, each text in its language.

use super::unbroken::unbroken;
use crate::report::document::{Align, Block, Document, Table};
use crate::reported::Lang;
use maud::{Markup, PreEscaped, html};

/// Where a document stands: in which language, and below which heading.
#[derive(Clone, Copy)]
pub struct Place {
    pub lang: Lang,
    /// The level of its headings.
    pub heading: usize,
}

/// A column with no longer text than this is not broken.
const SHORT: usize = 28;
/// No table has more columns.
const MOST_COLUMNS: usize = 16;

pub fn blocks(document: &Document, place: Place) -> Markup {
    let lang = place.lang;
    html! {
        @for block in &document.blocks {
            @match block {
                Block::Heading(_, text) if place.heading == 3 => { h3 { (foreign(text, lang)) } }
                Block::Heading(_, text) => { h4 { (foreign(text, lang)) } }
                Block::Text(text) => { p { (foreign(text, lang)) } }
                Block::List(points) => { ul { @for point in points { li { (foreign(point, lang)) } } } }
                Block::Table(table) => { (self::table(table, lang)) }
            }
        }
    }
}

/// What the style sheet makes of the columns of tables: `s3` of a table says that its third column is short, `r3` that it
/// is of numbers. A class at each field would be a sixth of a page of many outcomes.
pub fn rules_of_columns() -> String {
    let of = |kind: char, fields: &str| {
        let each = (1..=MOST_COLUMNS).map(|at| format!(".{kind}{at} {fields}:nth-child({at})"));
        each.collect::<Vec<_>>().join(", ")
    };
    let (short, right, headings) = (of('s', "td"), of('r', ":is(td, th)"), of('r', "th"));
    format!(
        "{short} {{ min-width: 0; white-space: nowrap; }}\n\
         {right} {{ min-width: 0; white-space: nowrap; text-align: right; font-variant-numeric: tabular-nums; }}\n\
         @media (max-width: 56rem) {{ {headings} {{ white-space: normal; word-break: keep-all; }} }}\n\
         @media (max-width: 40rem) {{ .s1 td:nth-child(1) {{ white-space: normal; min-width: 6rem; }} }}\n\
         @media print {{ {short} {{ white-space: normal; word-break: keep-all; }} }}\n"
    )
}

fn table(table: &Table, lang: Lang) -> Markup {
    let is_short = |column: usize| table.rows().iter().all(|row| row[column].chars().count() <= SHORT);
    let class = |(column, (_, align)): (usize, &(String, Align))| match align {
        Align::Right => Some(format!(" r{}", column + 1)),
        Align::Left => is_short(column).then(|| format!(" s{}", column + 1)),
    };
    let classes: String = table.columns().iter().enumerate().filter_map(class).collect();
    let sortable = if can_be_sorted(table) { " sortable" } else { "" };
    html! {
        div.scroll tabindex="0" role="group" aria-label=(lang.choose("Table", "表")) {
            table class={ "data" (sortable) (classes) } {
                thead { tr { @for (name, _) in table.columns() {
                    // A column whose heading would say nothing has none.
                    @if name.is_empty() { td {} } @else { th scope="col" { (foreign(name, lang)) } }
                } } }
                tbody { @for row in table.rows() { tr {
                    @for (field, (_, align)) in row.iter().zip(table.columns()) {
                        // A column of numbers is broken nowhere.
                        td { @if *align == Align::Right { (in_language(field, lang)) } @else { (foreign(field, lang)) } }
                    }
                } } }
            }
        }
    }
}

/// Whether the rows of a table stand by themselves: one without a name goes on with what is above it.
fn can_be_sorted(table: &Table) -> bool {
    table.rows().iter().all(|row| row.first().is_some_and(|name| !name.is_empty()))
}

/// Lists of sentences that are there to be pasted elsewhere.
pub fn quotes(document: &Document, lang: Lang) -> Markup {
    let lists = document.blocks.iter().filter_map(|block| match block {
        Block::List(points) => Some(points),
        _ => None,
    });
    html! { @for sentence in lists.flatten() { blockquote { (foreign(sentence, lang)) } } }
}

/// A text whose parts in the other language say so, and whose numbers stay whole.
pub fn foreign(text: &str, lang: Lang) -> Markup {
    marked(text, lang, unbroken)
}

/// A text of a field that is not broken anyway, whose parts in the other language say so.
fn in_language(text: &str, lang: Lang) -> Markup {
    marked(text, lang, |text| html! { (text) })
}

fn marked(text: &str, lang: Lang, japanese: fn(&str) -> Markup) -> Markup {
    // Marks of code are for terminals.
    let text = &text.replace('`', "");
    match lang {
        Lang::En => japanese_runs(text),
        Lang::Ja if is_english(text) => html! { span lang="en" { (text) } },
        Lang::Ja => english_runs(text, japanese),
    }
}

/// A Japanese text with each English phrase in it marked, the rest as `japanese` writes it.
fn english_runs(text: &str, japanese: fn(&str) -> Markup) -> Markup {
    let is_foreign = |c: char| is_japanese(c) || matches!(c, '（' | '）' | '「' | '」');
    let mut pieces: Vec<&str> = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, c) in text.char_indices() {
        if last.is_some_and(|last| last != is_foreign(c)) {
            pieces.push(&text[start..at]);
            start = at;
        }
        last = Some(is_foreign(c));
    }
    pieces.push(&text[start..]);
    // Pieces of one language are one text: a number stands with the unit behind it.
    let mut texts: Vec<(String, bool)> = Vec::new();
    for piece in pieces {
        let is_english = is_english(piece);
        match texts.last_mut() {
            Some((last, false)) if !is_english => last.push_str(piece),
            _ => texts.push((piece.to_owned(), is_english)),
        }
    }
    html! { @for (text, is_english) in &texts {
        @if *is_english { span lang="en" { (text) } } @else { (japanese(text)) }
    } }
}

/// Kana, kanji and full-width signs.
fn is_japanese(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF01}'..='\u{FFEF}')
}

/// Two words of Latin letters or more, and no Japanese.
fn is_english(text: &str) -> bool {
    let word = |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
    !text.contains(is_japanese) && text.split([' ', ',', ':', '.', ';']).filter(word).count() > 1
}

/// An English text with each run of Japanese marked; what stands between two Japanese characters of one
/// phrase, such as a number, belongs to it.
fn japanese_runs(text: &str) -> Markup {
    let Some(start) = text.find(is_japanese) else { return html! { (text) } };
    // A run ends where Latin letters begin.
    let rest = &text[start..];
    let letter = |c: char| c.is_ascii_alphabetic() || matches!(c, '“' | '”' | '—');
    let end = rest.find(letter).unwrap_or(rest.len());
    let run = rest[..end].trim_end_matches(|c| !is_japanese(c));
    let after = &rest[run.len()..];
    html! { (&text[..start]) span lang="ja" { (run) } (PreEscaped(japanese_runs(after).into_string())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_in_another_language_say_so() {
        let of = |text, lang| foreign(text, lang).into_string();
        assert_eq!(of("line 3, 研究 7 名: “x”", Lang::En), "line 3, <span lang=\"ja\">研究 7 名</span>: “x”");
        assert_eq!(of("a <b>", Lang::En), "a &lt;b&gt;");
        assert_eq!(of("no <i> at all", Lang::Ja), "<span lang=\"en\">no &lt;i&gt; at all</span>");
        assert_eq!(of("変化 MC", Lang::Ja), "変化 MC");
        assert_eq!(of("抄録「also declined far」", Lang::Ja), "抄録「<span lang=\"en\">also declined far</span>」");
    }
}
