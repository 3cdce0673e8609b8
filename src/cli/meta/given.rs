//! Variances and correlations of `reffect meta --random` that are given: `--sigma2`, `--tau2`, `--rho`, `--gamma2`,
//! `--phi`.

use super::args::MetaArgs;
use crate::cli::args::plain;
use crate::cli::failure::Failure;
use crate::meta::multilevel::Component;

/// A number, or NA for one that is estimated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OrNa(pub Option<f64>);

/// A number or NA, as the value of an option.
pub fn or_na(text: &str) -> Result<OrNa, String> {
    if text.trim().eq_ignore_ascii_case("NA") {
        return Ok(OrNa(None));
    }
    let value = plain(text).ok_or_else(|| "a number was expected, such as 0.5, or NA".to_owned())?;
    Ok(OrNa(Some(value)))
}

/// The one number of an option that takes several in other models.
pub fn single(flag: &str, all: &[OrNa]) -> Result<Option<f64>, Failure> {
    match all {
        [] => Ok(None),
        [OrNa(Some(value))] => Ok(Some(*value)),
        _ => Err(Failure::call(
            format!("{flag} takes one number here; several, and NA, are for --random"),
            format!("for example {flag} 0.5"),
        )),
    }
}

fn values(all: &[OrNa]) -> Vec<Option<f64>> {
    all.iter().map(|of| of.0).collect()
}

/// The components with what is given of them.
pub fn with_given(args: &MetaArgs, components: Vec<Component>) -> Result<Vec<Component>, Failure> {
    let (of, rho) = (&args.levels, rho_of_effects(args));
    let plain: Vec<String> = components
        .iter()
        .filter(|component| component.inner.is_none())
        .map(|component| component.name.clone())
        .collect();
    let sigma2 = match values(&of.sigma2).as_slice() {
        [one] if !plain.is_empty() => vec![*one; plain.len()],
        all if all.is_empty() || all.len() == plain.len() => all.to_vec(),
        all => {
            return Err(Failure::call(
                format!("--sigma2 gives {} variances, and {} are needed: {}", all.len(), plain.len(), needed(&plain)),
                "give one for each term such as \"1 | group\", in the order of --random, and NA for one that is estimated",
            ));
        }
    };
    let structured = [("--tau2", &args.model.tau2, "--rho", rho), ("--gamma2", &of.gamma2, "--phi", of.phi.as_slice())];
    let count = components.len() - plain.len();
    if let Some((flag, ..)) = structured
        .iter()
        .skip(count)
        .flat_map(|(variances, given, correlations, rho)| [(*variances, given.len()), (*correlations, rho.len())])
        .find(|(_, given)| *given > 0)
    {
        return Err(no_such_term(flag, count));
    }
    let (mut sigma2, mut structured) = (sigma2.into_iter(), structured.into_iter());
    let one = |component: Component| {
        if component.inner.is_none() {
            let own: Vec<Option<f64>> = sigma2.next().into_iter().collect();
            return Ok(component.with_given(&own, &[])?);
        }
        match structured.next() {
            Some((_, variances, _, correlations)) => {
                Ok(component.with_given(&values(variances), &values(correlations))?)
            }
            None => Ok(component),
        }
    };
    components.into_iter().map(one).collect()
}

/// What --rho gives to random effects: with --aggregate it is the correlation of the sampling errors.
pub fn rho_of_effects(args: &MetaArgs) -> &[OrNa] {
    if args.input.aggregate.is_some() { &[] } else { &args.input.rho }
}

fn needed(plain: &[String]) -> String {
    if plain.is_empty() { "no random term has one variance alone".to_owned() } else { plain.join(", ") }
}

fn no_such_term(flag: &str, count: usize) -> Failure {
    let what = match flag {
        "--gamma2" | "--phi" => "a second random term with a column before the bar",
        _ => "a random term with a column before the bar",
    };
    let there = if count == 0 { "there is none" } else { "there is one" };
    Failure::call(
        format!("{flag} belongs to {what}, such as \"outcome | trial\", and {there}"),
        "the variances of terms such as \"1 | group\" are given by --sigma2",
    )
}
