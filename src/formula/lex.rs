//! From text to tokens, each with its bytes.

use super::error::FormulaError;
use crate::numeric::numeral::plain_number;
use std::ops::Range;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Number(f64),
    Name(String),
    Text(String),
    /// `+ - * / ^ : | || & ! ~ ( ) , = %in% %/% %% < > <= >= == !=`
    Sign(&'static str),
    End,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub kind: Kind,
    pub span: Range<usize>,
}

/// The longer signs stand first.
const SIGNS: [&str; 26] = [
    "%in%", "%/%", "%%", "||", "&&", "**", "<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/", "^", ":", "|", "&",
    "!", "~", "(", ")", ",", "=",
];

/// Splits a formula into tokens; the last one is the end.
pub(super) fn tokens(source: &str) -> Result<Vec<Token>, FormulaError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let token = token(source, at, c)?;
        at = token.span.end;
        tokens.push(token);
    }
    tokens.push(Token { kind: Kind::End, span: source.len()..source.len() });
    Ok(tokens)
}

fn token(source: &str, at: usize, first: char) -> Result<Token, FormulaError> {
    let rest = &source[at..];
    if first == '−' {
        return Ok(Token { kind: Kind::Sign("-"), span: at..at + first.len_utf8() });
    }
    if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
        let kind = Kind::Sign(match sign {
            "**" => "^",
            "&&" => "&",
            sign => sign,
        });
        return Ok(Token { kind, span: at..at + sign.len() });
    }
    if first.is_ascii_digit() || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
        return number(source, at);
    }
    if matches!(first, '`' | '"' | '\'') {
        let inner = if first == '`' { name_in_backticks(&rest[1..]) } else { text_until(&rest[1..], first) };
        let Some((text, length)) = inner else {
            let message = format!("the {first} that begins here does not end");
            return Err(FormulaError::new(message, source, at..source.len()));
        };
        let kind = if first == '`' { Kind::Name(text) } else { Kind::Text(text) };
        return Ok(Token { kind, span: at..at + length + 2 });
    }
    if first.is_alphabetic() || first == '.' || first == '_' {
        let length = rest.find(|c: char| !is_in_name(c)).unwrap_or(rest.len());
        return Ok(Token { kind: Kind::Name(rest[..length].to_owned()), span: at..at + length });
    }
    let error = FormulaError::new(format!("`{first}` has no meaning in a formula"), source, at..at + first.len_utf8());
    Err(error.with_hint("a name with such a character stands in backticks: `dose [mg]`"))
}

/// The text before a quote, and its length.
fn text_until(rest: &str, quote: char) -> Option<(String, usize)> {
    rest.find(quote).map(|length| (rest[..length].to_owned(), length))
}

/// The name before a backtick, and its length in the source: a backslash stands before a backtick or backslash that
/// belongs to the name, as R writes them; before other characters it is one itself.
fn name_in_backticks(rest: &str) -> Option<(String, usize)> {
    let (mut name, mut chars) = (String::new(), rest.char_indices().peekable());
    while let Some((at, c)) = chars.next() {
        match c {
            '`' => return Some((name, at)),
            '\\' => name.push(chars.next_if(|(_, next)| matches!(next, '`' | '\\')).map_or(c, |(_, next)| next)),
            c => name.push(c),
        }
    }
    None
}

/// Whether R lets a name go on with this character.
pub(super) fn is_in_name(c: char) -> bool {
    c.is_alphanumeric() || c == '.' || c == '_'
}

fn number(source: &str, at: usize) -> Result<Token, FormulaError> {
    let rest = &source[at..];
    let digits =
        |from: usize| rest[from..].find(|c: char| !c.is_ascii_digit() && c != '.').map_or(rest.len(), |n| from + n);
    let mut length = digits(0);
    if rest[length..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[length + 1..].starts_with(['+', '-']));
        if rest[length + 1 + sign..].starts_with(|c: char| c.is_ascii_digit()) {
            length = digits(length + 1 + sign);
        }
    }
    let span = at..at + length;
    match plain_number(&rest[..length]) {
        Some(value) => Ok(Token { kind: Kind::Number(value), span }),
        None => Err(FormulaError::new(format!("`{}` is no number", &rest[..length]), source, span)),
    }
}
