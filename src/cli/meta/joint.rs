//! `reffect meta --btt`: tests of some coefficients together.

use super::args::MetaArgs;
use crate::cli::failure::Failure;
use crate::diagnostic::listed;
use crate::meta::{MetaError, Omnibus};
use crate::report::meta::joint::JointTest;

/// The tests of --btt; `test` gives that of the coefficients in some places.
pub fn joint_tests(
    args: &MetaArgs,
    names: &[String],
    test: impl Fn(&[usize]) -> Result<Option<Omnibus>, MetaError>,
) -> Result<Option<Vec<JointTest>>, Failure> {
    let one = |asked: &String| {
        let places = places(asked, names)?;
        let coefficients = places.iter().map(|&place| names[place].clone()).collect();
        Ok(JointTest { asked: asked.clone(), coefficients, test: test(&places)? })
    };
    let all = &args.around.btt;
    (!all.is_empty()).then(|| all.iter().map(one).collect::<Result<_, Failure>>()).transpose()
}

/// What is to be known of tests that there are not.
pub fn note_on_joint(tests: Option<&[JointTest]>) -> Option<String> {
    let without = tests?.iter().filter(|of| of.test.is_none()).map(|of| of.asked.clone());
    let names: Vec<String> = without.collect();
    (!names.is_empty()).then(|| {
        let what = "the covariance of these coefficients is singular, or the clusters are too few";
        format!("--btt {} has no test: {what}", listed(names))
    })
}

/// The coefficients that a text names: numbers from 1 on, ranges of them such as 2:3, or parts of names, with commas
/// between.
fn places(asked: &str, names: &[String]) -> Result<Vec<usize>, Failure> {
    let mut places = Vec::new();
    for part in asked.split(',').map(str::trim) {
        places.extend(match range(part) {
            Some((first, last)) => {
                let count = names.len();
                if first == 0 || last > count || first > last {
                    let message =
                        format!("--btt {asked}: the coefficients have the numbers 1 to {count}, and not {part}");
                    return Err(Failure::call(message, format!("in their order they are {}", listed(names))));
                }
                (first - 1..last).collect::<Vec<usize>>()
            }
            None => {
                let found: Vec<usize> = (0..names.len()).filter(|&at| names[at].contains(part)).collect();
                if part.is_empty() || found.is_empty() {
                    let message = format!("--btt {asked}: no coefficient has `{part}` in its name");
                    return Err(Failure::call(message, format!("they are {}", listed(names))));
                }
                found
            }
        });
    }
    places.sort_unstable();
    places.dedup();
    Ok(places)
}

/// A number or a range of numbers; none where it is something else.
fn range(text: &str) -> Option<(usize, usize)> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    Some((first.trim().parse().ok()?, last.trim().parse().ok()?))
}
