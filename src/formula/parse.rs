//! From tokens to an expression with places.

use super::error::FormulaError;
use super::lex::{Kind, Token, tokens};
use std::ops::Range;

/// A part of a formula with its bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub node: Node,
    /// Where it stands.
    pub span: Range<usize>,
}

impl Expr {
    /// The columns that stand in it, from left to right.
    pub fn columns(&self) -> Vec<&str> {
        match &self.node {
            // Values of arguments, as in cut(age, c(0, Inf), right = FALSE); without the name of an argument, T is a
            // column.
            Node::Name(name) if matches!(name.as_str(), "Inf" | "TRUE" | "FALSE") => Vec::new(),
            Node::Name(name) => vec![name],
            Node::Call(_, arguments) => {
                let is_flag =
                    |(name, argument): &&(Option<String>, Self)| name.is_some() && argument.as_flag().is_some();
                arguments.iter().filter(|own| !is_flag(own)).flat_map(|(_, argument)| argument.columns()).collect()
            }
            Node::Negative(inner) | Node::Positive(inner) | Node::Not(inner) | Node::Parenthesis(inner) => {
                inner.columns()
            }
            Node::Binary(_, left, right) => [left, right].into_iter().flat_map(|side| side.columns()).collect(),
            Node::Number(_) | Node::Text(_) => Vec::new(),
        }
    }
}

impl Expr {
    /// The value of `TRUE` or `FALSE`, or of `T` or `F`, as an argument of a function.
    pub(super) fn as_flag(&self) -> Option<bool> {
        match &self.node {
            Node::Name(name) if matches!(name.as_str(), "TRUE" | "T") => Some(true),
            Node::Name(name) if matches!(name.as_str(), "FALSE" | "F") => Some(false),
            _ => None,
        }
    }
}

/// What a part of a formula is.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A number.
    Number(f64),
    /// A column.
    Name(String),
    /// A text in quotes, as an argument of a function.
    Text(String),
    /// A function with its arguments; an argument may have a name.
    Call(String, Vec<(Option<String>, Expr)>),
    /// `-x`
    Negative(Box<Expr>),
    /// `+x`
    Positive(Box<Expr>),
    /// `!(age > 65)`
    Not(Box<Expr>),
    /// Two parts with a sign between them.
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// A part in parentheses.
    Parenthesis(Box<Expr>),
}

/// The signs between two parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Times,
    /// `/`
    Divide,
    /// `^`
    Power,
    /// `:`
    Colon,
    /// `%in%`
    In,
    /// `%%`
    Remainder,
    /// `%/%`
    WholeQuotient,
    /// `|`
    Bar,
    /// `||`
    DoubleBar,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `&`
    And,
}

impl Operator {
    /// The operator of a sign, and how closely it binds; R's order of precedence.
    fn of(sign: &str) -> Option<(Self, u8)> {
        Some(match sign {
            "|" => (Self::Bar, 1),
            "||" => (Self::DoubleBar, 1),
            "&" => (Self::And, 2),
            "<" => (Self::Less, 4),
            "<=" => (Self::LessOrEqual, 4),
            ">" => (Self::Greater, 4),
            ">=" => (Self::GreaterOrEqual, 4),
            "==" => (Self::Equal, 4),
            "!=" => (Self::NotEqual, 4),
            "+" => (Self::Add, 5),
            "-" => (Self::Subtract, 5),
            "*" => (Self::Times, 6),
            "/" => (Self::Divide, 6),
            "%in%" => (Self::In, 7),
            "%%" => (Self::Remainder, 7),
            "%/%" => (Self::WholeQuotient, 7),
            ":" => (Self::Colon, 8),
            "^" => (Self::Power, 10),
            _ => return None,
        })
    }

    /// Whether conditions stand on both sides, in a condition; elsewhere `|` makes a random term.
    pub fn joins_conditions(self) -> bool {
        matches!(self, Self::And | Self::Bar | Self::DoubleBar)
    }

    /// Whether what stands on both sides is compared.
    pub fn is_comparison(self) -> bool {
        matches!(
            self,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual | Self::Equal | Self::NotEqual
        )
    }
}

/// How closely a sign in front of a number binds, and `!` in front of a condition.
const UNARY: u8 = 9;
const NOT: u8 = 3;

/// Both sides of a formula; the left one is absent in `~ x` and `x`.
pub(super) struct Sides {
    pub left: Option<Expr>,
    pub right: Expr,
}

impl Expr {
    /// An expression by itself, such as the `log(years)` of an offset: its signs are arithmetic.
    ///
    /// # Errors
    /// If it is none, or has a left side.
    pub fn parse(source: &str) -> Result<Self, FormulaError> {
        let sides = sides(source)?;
        match sides.left {
            None => Ok(sides.right),
            Some(left) => Err(FormulaError::new("an expression has no left side", source, left.span)),
        }
    }
}

/// Reads `left ~ right`, `~ right` or `right`.
pub(super) fn sides(source: &str) -> Result<Sides, FormulaError> {
    let mut parser = Parser { source, tokens: few_tokens(source)?, at: 0, depth: 0 };
    if parser.peek_sign() == Some("~") {
        parser.at += 1;
        let right = parser.whole()?;
        return Ok(Sides { left: None, right });
    }
    let first = parser.expression(0)?;
    if parser.peek_sign() == Some("~") {
        parser.at += 1;
        let right = parser.whole()?;
        return Ok(Sides { left: Some(first), right });
    }
    parser.end()?;
    Ok(Sides { left: None, right: first })
}

/// Expressions are read and worked on by functions that call themselves: what is nested deeper, or is a longer
/// chain of terms, could use up the stack.
const DEEPEST: usize = 100;
const MOST_TOKENS: usize = 2000;

/// The tokens, if there are no more than a formula has.
fn few_tokens(source: &str) -> Result<Vec<Token>, FormulaError> {
    let tokens = tokens(source)?;
    match tokens.get(MOST_TOKENS) {
        None => Ok(tokens),
        Some(token) => {
            let message = format!("the formula has more than {MOST_TOKENS} words and signs");
            Err(FormulaError::new(message, source, token.span.clone()).with_hint("leave terms out from here on"))
        }
    }
}

struct Parser<'a> {
    source: &'a str,
    tokens: Vec<Token>,
    at: usize,
    /// How many expressions are open, one within the other.
    depth: usize,
}

impl Parser<'_> {
    /// The tokens end with an end, and nothing steps over it.
    fn peek(&self) -> &Token {
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn peek_sign(&self) -> Option<&'static str> {
        match self.peek().kind {
            Kind::Sign(sign) => Some(sign),
            _ => None,
        }
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn error(&self, message: impl Into<String>, span: Range<usize>) -> FormulaError {
        FormulaError::new(message, self.source, span)
    }

    fn whole(&mut self) -> Result<Expr, FormulaError> {
        let expression = self.expression(0)?;
        self.end()?;
        Ok(expression)
    }

    fn end(&self) -> Result<(), FormulaError> {
        let token = self.peek();
        if token.kind == Kind::End {
            return Ok(());
        }
        let found = &self.source[token.span.clone()];
        let error = self.error(format!("`{found}` was not expected here"), token.span.clone());
        Err(match token.kind {
            Kind::Sign(")") => error.with_hint("no parenthesis is open"),
            Kind::Sign("~") => error.with_hint("a formula has one ~"),
            Kind::Sign(_) => error,
            _ => error.with_hint("terms need + between them"),
        })
    }

    fn expression(&mut self, least: u8) -> Result<Expr, FormulaError> {
        if self.depth == DEEPEST {
            let message = format!("more than {DEEPEST} expressions stand one within the other");
            return Err(self.error(message, self.peek().span.clone()).with_hint("take out parentheses and signs"));
        }
        self.depth += 1;
        let expression = self.operations(least);
        self.depth -= 1;
        expression
    }

    fn operations(&mut self, least: u8) -> Result<Expr, FormulaError> {
        let mut left = self.prefix()?;
        while let Some((operator, binding)) = self.peek_sign().and_then(Operator::of) {
            if binding <= least {
                break;
            }
            self.at += 1;
            // A power binds its right side first, and takes a sign in front of it.
            let right = self.expression(if operator == Operator::Power { UNARY - 1 } else { binding })?;
            let span = left.span.start..right.span.end;
            left = Expr { node: Node::Binary(operator, Box::new(left), Box::new(right)), span };
        }
        Ok(left)
    }

    fn prefix(&mut self) -> Result<Expr, FormulaError> {
        let token = self.next();
        let start = token.span.start;
        match token.kind {
            Kind::Number(value) => Ok(Expr { node: Node::Number(value), span: token.span }),
            Kind::Text(text) => Ok(Expr { node: Node::Text(text), span: token.span }),
            Kind::Name(name) if self.peek_sign() == Some("(") => self.call(name, start),
            Kind::Name(name) => Ok(Expr { node: Node::Name(name), span: token.span }),
            Kind::Sign(sign @ ("-" | "+")) => {
                let inner = Box::new(self.expression(UNARY)?);
                let span = start..inner.span.end;
                let node = if sign == "-" { Node::Negative(inner) } else { Node::Positive(inner) };
                Ok(Expr { node, span })
            }
            Kind::Sign("!") => {
                let inner = Box::new(self.expression(NOT)?);
                let span = start..inner.span.end;
                Ok(Expr { node: Node::Not(inner), span })
            }
            Kind::Sign("(") => {
                let inner = self.expression(0)?;
                let end = self.closing(start)?;
                Ok(Expr { node: Node::Parenthesis(Box::new(inner)), span: start..end })
            }
            Kind::Sign(sign) => Err(self.error(format!("a term was expected, and `{sign}` was found"), token.span)),
            Kind::End => {
                let message =
                    if self.source.trim().is_empty() { "the formula is empty" } else { "the formula ends too early" };
                let last = self.source.trim_end().char_indices().last().map_or(0, |(at, _)| at);
                Err(self
                    .error(message, last..self.source.len())
                    .with_hint("write terms such as \"dose + factor(arm)\"; 1 is the intercept alone"))
            }
        }
    }

    /// The end of the parenthesis that was opened at `start`.
    fn closing(&mut self, start: usize) -> Result<usize, FormulaError> {
        let token = self.next();
        match token.kind {
            Kind::Sign(")") => Ok(token.span.end),
            Kind::End => {
                Err(self.error("this parenthesis is not closed", start..start + 1).with_hint("write `)` where it ends"))
            }
            _ => {
                let found = &self.source[token.span.clone()];
                let message = format!("`)` was expected, and `{found}` was found");
                Err(self.error(message, token.span).with_hint("terms need + between them, arguments a comma"))
            }
        }
    }

    fn call(&mut self, name: String, start: usize) -> Result<Expr, FormulaError> {
        let open = self.next().span.start;
        let mut arguments = Vec::new();
        if self.peek_sign() == Some(")") {
            let end = self.next().span.end;
            return Ok(Expr { node: Node::Call(name, arguments), span: start..end });
        }
        loop {
            let argument_name = match (&self.peek().kind, self.tokens.get(self.at + 1).map(|token| &token.kind)) {
                (Kind::Name(argument), Some(Kind::Sign("="))) => Some(argument.clone()),
                _ => None,
            };
            if argument_name.is_some() {
                self.at += 2;
            }
            arguments.push((argument_name, self.expression(0)?));
            if self.peek_sign() == Some(",") {
                self.at += 1;
                continue;
            }
            let end = self.closing(open)?;
            return Ok(Expr { node: Node::Call(name, arguments), span: start..end });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::deparse::deparse;

    #[test]
    fn precedence_is_that_of_r() {
        // With every operation in parentheses.
        fn full(expr: &Expr) -> String {
            match &expr.node {
                Node::Binary(_, a, b) => {
                    let sign = deparse(expr);
                    let (left, right) = (deparse(a), deparse(b));
                    let sign = sign.strip_prefix(&left).unwrap().strip_suffix(&right).unwrap().trim().to_owned();
                    format!("({}{sign}{})", full(a), full(b))
                }
                Node::Negative(inner) => format!("(-{})", full(inner)),
                Node::Parenthesis(inner) => full(inner),
                _ => deparse(expr),
            }
        }
        for (text, expected) in [
            ("a + b * c:d^2", "(a+(b*(c:(d^2))))"),
            ("-a^b + c", "((-(a^b))+c)"),
            ("a - b - c", "((a-b)-c)"),
            ("a^b^c", "(a^(b^c))"),
            ("a^-b", "(a^(-b))"),
            ("1 + x | g / h", "((1+x)|(g/h))"),
            ("a %in% b:c", "(a%in%(b:c))"),
            ("-a:b", "((-a):b)"),
        ] {
            assert_eq!(full(&sides(text).unwrap().right), expected, "{text}");
        }
    }

    #[test]
    fn errors_stand_under_the_mistake() {
        for (text, marked) in [
            ("a + ", "+ "),
            ("a b", "b"),
            ("(a + b", "("),
            ("a + b)", ")"),
            ("f(a b)", "b"),
            ("a + * b", "*"),
            ("a ? b", "?"),
            ("", ""),
            ("y ~ x ~ z", "~"),
            ("`open", "`open"),
        ] {
            let error = sides(text).err().unwrap();
            assert_eq!(&text[error.span.clone()], marked, "{error}");
        }
        let shown = sides("dose + + * 2").err().unwrap().to_string();
        assert!(shown.contains("\n  dose + + * 2\n           ^"), "{shown}");
    }
}
