//! `reffect fit --simulate`: responses from a fitted model.

use super::args::FitArgs;
use super::input::Input;
use crate::cli::args::Common;
use crate::cli::failure::Failure;
use crate::cli::simulate::write;
use crate::formula::{Column, Expr, Node, Response};
use crate::mixed::MixedFit;
use crate::numeric::random::Random;
use crate::report::sheet::Field;

/// Writes the rows of the model, once for each simulated response.
pub fn run(
    args: &FitArgs,
    input: &Input,
    (fit, notes): (&dyn MixedFit, &[String]),
    count: u64,
    common: &Common,
) -> Result<(), Failure> {
    let data = &input.data;
    let name = |expr: &Expr| match &expr.node {
        Node::Name(name) => Some(name.clone()),
        _ => None,
    };
    let (events, others) = match &data.formula.response {
        Some(Response::One(expr)) => (name(expr), None),
        Some(Response::Pair(events, others)) => (name(events), name(others)),
        None => (None, None),
    };
    let Some(events) = events else {
        let message = "the response is computed from columns: which column the simulated values belong to is unknown";
        return Err(Failure::call(message, "write the response into a column of its own"));
    };
    // The column that --change-at adds is none of the table, and would be there already for the same model.
    let added = input.change.as_ref().map(|change| change.column());
    let names: Vec<String> =
        data.frame.names().filter(|name| added.as_deref() != Some(*name)).map(str::to_owned).collect();
    if names.iter().any(|name| name == "trial") {
        let message = "the table has a column `trial`, where the number of each simulated table would stand";
        return Err(Failure::call(message, "give the column another name"));
    }
    let header = std::iter::once("trial".to_owned()).chain(names.iter().cloned()).collect();
    write(header, notes, args.output.as_deref(), common, |each| {
        for trial in 0..count {
            let y = fit.simulate(&mut Random::of_replicate(args.inference.seed(), trial))?;
            for (at, &row) in data.rows.iter().enumerate() {
                let field = |column: &String| {
                    if *column == events {
                        return Field::Number(y[at]);
                    }
                    match (data.frame.column(column), &data.trials) {
                        (_, Some(trials)) if others.as_ref() == Some(column) => Field::Number(trials[at] - y[at]),
                        (Some(Column::Numbers(values)), _) => Field::Number(values[row]),
                        (Some(Column::Texts { values, .. }), _) => Field::Text(values[row].clone().unwrap_or_default()),
                        (None, _) => Field::Number(f64::NAN),
                    }
                };
                let first = std::iter::once(Field::Number((trial + 1) as f64));
                if let Err(stop) = each(first.chain(names.iter().map(field)).collect()) {
                    return Ok(Err(stop));
                }
            }
        }
        Ok(Ok(()))
    })
}
