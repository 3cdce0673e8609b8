//! Tests of some coefficients together, for people.

use super::coefficients::df_text;
use crate::meta::Omnibus;
use crate::report::document::{Align, Table};
use crate::report::number::{fixed, p_value};

/// A test of some coefficients together.
#[derive(Clone, Debug, PartialEq)]
pub struct JointTest {
    /// What was asked for.
    pub asked: String,
    /// The coefficients that this names.
    pub coefficients: Vec<String>,
    /// Their test; none where there is none.
    pub test: Option<Omnibus>,
}

/// All of them as a table.
pub(super) fn joint_table(all: &[JointTest]) -> Table {
    let mut table = Table::new(&[
        ("joint test of", Align::Left),
        ("coefficients", Align::Left),
        ("statistic", Align::Left),
        ("p", Align::Right),
    ]);
    for of in all {
        let [statistic, p] = match of.test {
            Some(test) => {
                let value = fixed(test.statistic, 2);
                let statistic = match test.df2 {
                    Some(df2) => format!("F = {value}, {} and {} df", test.df, df_text(Some(df2))),
                    None => format!("χ² = {value}, {} df", test.df),
                };
                [statistic, p_value(test.p)]
            }
            None => ["—", "—"].map(str::to_owned),
        };
        table.row([of.asked.clone(), of.coefficients.join(", "), statistic, p]);
    }
    table
}
