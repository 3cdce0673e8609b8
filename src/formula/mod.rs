//! R's formula language: what a model is made of, and the matrix that it becomes.
//!
//! `"ablat + factor(alloc)"` is read into an expression with places ([`parse`](mod@parse)), expanded
//! into terms in R's order ([`terms`]), and turned into columns with R's names and contrasts
//! ([`design`]) over the columns of a [`Frame`]. Bars (`(month | patient)`) are read into a list of
//! their own, and a left-hand side may be one expression or `cbind(a, b)`.
//!
//! Source: Chambers & Hastie (1992), Statistical Models in S, chapter 2; R Core Team, *An Introduction
//! to R*, section 11.1; the rule for contrasts is that of R's `terms.object`.
//!
//! ```
//! use reffect::formula::{Contrasts, Design, Formula, Frame};
//!
//! let mut frame = Frame::default();
//! frame.numbers("ablat", vec![44.0, 55.0, 42.0, 52.0]);
//! frame.texts("alloc", ["random", "random", "alternate", "systematic"].map(|text| Some(text.to_owned())));
//! let formula = Formula::parse("ablat + alloc")?;
//! let design = Design::new(&formula.terms, &frame, &[0, 1, 2, 3], Contrasts::Treatment)?;
//! let matrix = design.matrix(&frame, &[0, 1, 2, 3], "intrcpt")?;
//! assert_eq!(matrix.names, ["intrcpt", "ablat", "allocrandom", "allocsystematic"]);
//! assert_eq!(matrix.columns[2], [1.0, 1.0, 0.0, 0.0]);
//! # Ok::<(), reffect::formula::FormulaError>(())
//! ```

mod basis;
mod conditions;
mod deparse;
mod derived;
pub mod design;
mod error;
mod evaluate;
mod factor;
mod frame;
mod functions;
mod levels;
mod lex;
mod mistaken;
pub mod parse;
mod spline;
mod subset;
pub mod terms;

pub use deparse::quoted_name;
pub use design::{Contrasts, Design, ModelMatrix};
pub use error::FormulaError;
pub use evaluate::{Value, evaluate};
pub use factor::Factor;
pub use frame::{Column, Frame};
#[cfg(feature = "models")]
pub(crate) use mistaken::{DECIMAL_COMMA, NO_DATES, has_decimal_comma, is_date};
pub use parse::{Expr, Node, Operator};
pub use terms::{Formula, RandomTerm, Response, Term, Terms};
