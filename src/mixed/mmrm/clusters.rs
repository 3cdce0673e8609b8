//! Which rows depend on each other: those of a subject, and those that random effects link.

use super::super::data::ModelData;
use super::super::error::MixedError;
use super::super::groups::is_constant_within;
use super::patterns::Cluster;
use super::problem::Layout;

/// Covariances of more rows than these at once take many minutes: the time grows with the cube of their number.
const MOST_ROWS: usize = 250;

/// One of the factors that link rows.
struct Linking<'a> {
    name: &'a str,
    codes: Vec<u32>,
    levels: usize,
}

impl Linking<'_> {
    fn is_within(&self, other: &Self) -> bool {
        is_constant_within(&self.codes, self.levels, &other.codes)
    }
}

/// The subjects by clusters that are independent of each other: those of one level of the outermost factor.
///
/// # Errors
/// If two of the grouping factors, or one and the subjects, are crossed, a factor has one level, or a cluster is very
/// large.
pub(super) fn clusters(data: &ModelData, layout: &Layout, subject: &str) -> Result<Vec<Cluster>, MixedError> {
    let subjects = layout.by_subject();
    if data.random.is_empty() {
        return Ok(subjects.into_iter().map(|subject| vec![subject]).collect());
    }
    let mut all: Vec<Linking<'_>> = Vec::new();
    for term in &data.random {
        let levels = term.levels.len();
        if levels < 2 {
            let message = format!("the grouping factor {} has {levels} level, and it must vary", term.group);
            return Err(MixedError::data(
                message,
                "a random effect needs at least two levels, and five or more to be of use",
            ));
        }
        all.push(Linking { name: &term.group, codes: term.codes.clone(), levels });
    }
    let codes = layout.subject.iter().map(|&code| code as u32).collect();
    all.push(Linking { name: subject, codes, levels: layout.subjects });
    for (at, one) in all.iter().enumerate() {
        if let Some(other) = all[..at].iter().find(|other| !one.is_within(other) && !other.is_within(one)) {
            return Err(crossed(other.name, one.name));
        }
    }
    // Of factors that lie in each other the outermost has the fewest levels.
    let Some(outer) = all.iter().min_by_key(|of| of.levels) else { return Ok(Vec::new()) };
    let mut clusters: Vec<Cluster> = vec![Cluster::new(); outer.levels];
    for subject in subjects {
        if let Some(&(_, row)) = subject.rows.first() {
            clusters[outer.codes[row] as usize].push(subject);
        }
    }
    clusters.retain(|cluster| !cluster.is_empty());
    for cluster in &mut clusters {
        let rows: usize = cluster.iter().map(|subject| subject.rows.len()).sum();
        if rows > MOST_ROWS {
            let message = format!("one level of {} has {rows} rows, whose covariances are needed at once", outer.name);
            let hint = format!(
                "at most {MOST_ROWS} are; take {0} into the fixed part instead of the random one, or leave --residual out",
                outer.name
            );
            return Err(MixedError::data(message, hint));
        }
        cluster.sort_by_cached_key(|subject| {
            (subject.group, subject.rows.iter().map(|(visit, _)| *visit).collect::<Vec<usize>>())
        });
    }
    Ok(clusters)
}

fn crossed(one: &str, other: &str) -> MixedError {
    let message = format!(
        "{one} and {other} are crossed: neither lies within the other, so that rows of all levels depend on each other, and \
         beside a covariance of residuals (--residual) the levels of the outermost group have to be independent"
    );
    let hint = "take random effects of groups that lie within each other and of the subjects (--subject) or what they lie in, \
                as in (1 | centre/patient), or leave --residual out";
    MixedError::data(message, hint)
}
