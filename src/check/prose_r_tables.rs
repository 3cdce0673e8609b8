//! The tables of coefficients that R prints, with strokes between their columns.

use std::borrow::Cow;

/// A text in which the rows of such tables have a stroke behind each cell; as many lines as before.
///
/// R lines its columns up by blanks, and prints names of two words: `Estimate Std. Error t value Pr(>|t|)`. The column of
/// exp(coef) is left out.
pub(super) fn with_strokes(text: &str) -> Cow<'_, str> {
    if !["Std. Error", "Std.Error", "se(coef)"].iter().any(|name| text.contains(name)) {
        return Cow::Borrowed(text);
    }
    let mut columns: Option<Vec<&str>> = None;
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let bare = without_prompt(line);
        if let Some(found) = header(bare) {
            lines.push(Cow::Owned(format!("| | {} |", kept(&found, &found).join(" | "))));
            columns = Some(found);
            continue;
        }
        let row = columns.as_ref().and_then(|columns| row(bare, columns));
        if row.is_none() {
            columns = None;
        }
        lines.push(row.map_or(Cow::Borrowed(line), Cow::Owned));
    }
    Cow::Owned(lines.join("\n"))
}

/// A line without what reports put in front of output.
fn without_prompt(line: &str) -> &str {
    ["## ", "#> "].iter().find_map(|prompt| line.strip_prefix(prompt)).unwrap_or(line)
}

/// The columns of a line of names.
fn header(line: &str) -> Option<Vec<&str>> {
    const NAMES: [&str; 17] = [
        "Estimate",
        "Std. Error",
        "Std.Error",
        "t value",
        "z value",
        "t-value",
        "z-value",
        "Value",
        "DF",
        "df",
        "p-value",
        "Pr(>|t|)",
        "Pr(>|z|)",
        "coef",
        "exp(coef)",
        "se(coef)",
        "z",
    ];
    let mut rest = line.trim();
    let mut columns = Vec::new();
    while !rest.is_empty() {
        let is_next =
            |name: &&&str| rest.strip_prefix(**name).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
        let name = NAMES.iter().filter(is_next).max_by_key(|name| name.len())?;
        columns.push(*name);
        rest = rest[name.len()..].trim_start();
    }
    (columns.len() > 2).then_some(columns)
}

/// Those of the cells of a row, as its columns are called, that are printed.
fn kept<'a>(columns: &[&str], cells: &[&'a str]) -> Vec<&'a str> {
    let printed = columns.iter().zip(cells).filter(|(column, _)| **column != "exp(coef)");
    printed.map(|(_, cell)| *cell).collect()
}

/// A row of numbers below such columns, with strokes.
fn row(line: &str, columns: &[&str]) -> Option<String> {
    let joined = line.replace("< ", "<");
    let is_mark = |cell: &&str| cell.chars().all(|c| matches!(c, '*' | '.'));
    let mut cells: Vec<&str> = joined.split_whitespace().collect();
    while cells.last().is_some_and(is_mark) {
        cells.pop();
    }
    let names = cells.len().checked_sub(columns.len()).filter(|names| *names > 0)?;
    let is_number = |cell: &&str| cell.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '<' | '.'));
    if !cells[names..].iter().all(is_number) {
        return None;
    }
    let label = cells[..names].join(" ");
    Some(format!("| {label} | {} |", kept(columns, &cells[names..]).join(" | ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_r_have_columns() {
        let printed = "Coefficients:\n            Estimate Std. Error t value Pr(>|t|)    \n(Intercept) 37.22727    1.59879  23.285  < 2e-16 \
                       ***\nwt          -3.87783    0.63273  -6.129 1.12e-06 ***\n---\nSignif. codes";
        let lined = "Coefficients:\n| | Estimate | Std. Error | t value | Pr(>|t|) |\n| (Intercept) | 37.22727 | 1.59879 | 23.285 | \
                     <2e-16 |\n| wt | -3.87783 | 0.63273 | -6.129 | 1.12e-06 |\n---\nSignif. codes";
        assert_eq!(with_strokes(printed), lined);
        let cox = "      coef exp(coef) se(coef)      z Pr(>|z|)\nage 0.0170    1.0171   0.0092  1.848   0.0646";
        assert_eq!(
            with_strokes(cox),
            "| | coef | se(coef) | z | Pr(>|z|) |\n| age | 0.0170 | 0.0092 | 1.848 | 0.0646 |"
        );
        let other = "Estimate of the Std. Error\nwas 3.2";
        assert_eq!(with_strokes(other), other);
    }
}
