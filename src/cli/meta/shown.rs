//! `reffect meta --transf`: how effects are shown, with the sizes that this takes.

use super::args::MetaArgs;
use super::input::{Studies, numbers};
use crate::cli::failure::Failure;
use crate::numeric::format::significant;
use crate::report::transformation::{Transformation, harmonic_mean};

/// How effects are shown.
pub struct Shown {
    /// That of pooled effects: for the harmonic mean of the sizes, where these count.
    pub transformation: Transformation,
    /// The sizes of the studies, where these count.
    pub sizes: Vec<f64>,
}

/// How the effects of these studies are shown.
pub fn shown(args: &MetaArgs, studies: &Studies) -> Result<Shown, Failure> {
    let transformation = args.model.transf.unwrap_or_default();
    let Some(column) = transformation.needs() else { return Ok(Shown { transformation, sizes: Vec::new() }) };
    let all = numbers(&studies.frame, column);
    let sizes: Vec<f64> = studies.rows.iter().map(|&row| all[row]).collect();
    let mean = harmonic_mean(&sizes);
    if !mean.is_finite() {
        let name = transformation.option().unwrap_or_default();
        let what = if column == "ni" { "patients of each study" } else { "time of each study" };
        return Err(Failure::call(
            format!("--transf {name} needs the {what}, and there is no column {column} with numbers above 0"),
            format!("name it with --map {column}=COLUMN, or pool by --measure"),
        ));
    }
    Ok(Shown { transformation: transformation.with_size(mean), sizes })
}

impl Shown {
    /// For which size pooled effects are taken back.
    pub fn note(&self) -> Option<String> {
        let (name, mean) = (self.transformation.option()?, self.transformation.size()?);
        let (of, inverse) = match self.transformation.needs() {
            Some("ni") => ("patients", "Miller's inverse"),
            _ => ("time", "the inverse of Freeman and Tukey's root"),
        };
        Some(format!(
            "--transf {name} is {inverse}: of pooled effects for the harmonic mean of the studies' {of}, {}, and of each study \
             for its own; another size gives another {}",
            significant(mean, 4),
            self.transformation.heading()
        ))
    }
}
