//! Known correlations of random effects: `--known-cor COLUMN=FILE.csv`.

use super::args::MetaArgs;
use super::input::{input_error, label, whole_table};
use crate::cli::failure::Failure;
use crate::cli::table_args::TableReading;
use crate::diagnostic::{Diagnostic, listed, meant_or_known};
use crate::formula::{Column, Frame};
use crate::meta::multilevel::Component;
use crate::numeric::matrix::Matrix;
use std::path::{Path, PathBuf};

/// The correlations of a file for the effects of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCorrelation {
    /// The column.
    pub column: String,
    /// The file.
    pub path: PathBuf,
}

/// COLUMN=FILE, as the value of an option.
pub fn known_correlation(text: &str) -> Result<KnownCorrelation, String> {
    match text.split_once('=') {
        Some((column, path)) if !column.trim().is_empty() && !path.trim().is_empty() => {
            Ok(KnownCorrelation { column: column.trim().to_owned(), path: PathBuf::from(path.trim()) })
        }
        _ => Err("COLUMN=FILE was expected, such as species=tree.csv".to_owned()),
    }
}

/// The components, of which the first one of each column of --known-cor has the correlations of its file.
pub fn with_known(args: &MetaArgs, mut components: Vec<Component>) -> Result<Vec<Component>, Failure> {
    for of in &args.levels.known_cor {
        let column = of.column.as_str();
        let is_its = |component: &&mut Component| component.name == column && component.inner.is_none();
        if let Some(component) = components.iter_mut().find(is_its) {
            let correlations = read(args, of, &component.levels)?;
            let plain = std::mem::take(component);
            *component = plain.with_known_correlations(correlations).map_err(|error| {
                let hint = "a correlation matrix is symmetric with 1 on its diagonal and positive definite; in R, \
                            cov2cor() makes one of covariances, and ape's vcv(tree, corr = TRUE) of a phylogeny";
                error_of(&of.path, error.to_string(), hint)
            })?;
            let is_second = |of: &&mut Component| of.name == column && of.inner.is_none() && of.known.is_none();
            let others = components.iter_mut().filter(is_second);
            others.for_each(|other| other.name = format!("{column} (independent)"));
        }
    }
    Ok(components)
}

/// Refuses a column without a term of its own, or that is named twice.
pub fn refuse_without_term(args: &MetaArgs, components: &[Component]) -> Result<(), Failure> {
    for (at, of) in args.levels.known_cor.iter().enumerate() {
        let column = &of.column;
        if args.levels.known_cor[..at].iter().any(|other| other.column == *column) {
            return Err(Failure::call(format!("--known-cor names {column} twice"), "give one file for it"));
        }
        if !components.iter().any(|component| component.known.is_some() && component.name == *column) {
            let terms = components.iter().filter(|of| of.inner.is_none()).map(|of| of.name.as_str());
            let hint = meant_or_known(column, "terms such as \"1 | group\"", terms);
            return Err(Failure::call(format!("--known-cor {column}: --random has no term \"1 | {column}\""), hint));
        }
    }
    Ok(())
}

fn error_of(path: &Path, message: String, hint: &str) -> Failure {
    input_error(whole_table(path, message, hint))
}

/// The correlations of some levels, in their order.
fn read(args: &MetaArgs, of: &KnownCorrelation, levels: &[String]) -> Result<Matrix, Failure> {
    let told = |diagnostic: Diagnostic| input_error(diagnostic);
    // What --map names is in the table of the effects.
    let reading = TableReading { map: Vec::new(), ..args.table.clone() };
    let table = reading.open(&of.path).map_err(told)?;
    let names: Vec<String> = table.names().to_vec();
    let (frame, lines) = table.into_frame(&[]).map_err(told)?;
    let refused = |message: String, hint: &str| Err(error_of(&of.path, message, hint));
    let has_names = match names.len().checked_sub(frame.len()) {
        Some(0) => false,
        Some(1) => true,
        _ => {
            return refused(
                format!("a square matrix was expected, and there are {} columns and {} rows", names.len(), frame.len()),
                "the header names a level above each column; a first column may name those of the rows",
            );
        }
    };
    let (row_names, names) = names.split_at(usize::from(has_names));
    let rows = match row_names.first() {
        Some(first) => rows_by_name(&frame, first, names)
            .map_err(|message| error_of(&of.path, message, "the first column names the same levels as the header"))?,
        None => (0..names.len()).collect(),
    };
    let places: Vec<Option<usize>> = levels.iter().map(|level| names.iter().position(|name| name == level)).collect();
    let lacking: Vec<&String> =
        levels.iter().zip(&places).filter_map(|(level, at)| at.is_none().then_some(level)).collect();
    if !lacking.is_empty() {
        let some = listed(lacking.iter().take(MOST_NAMED));
        let more = if lacking.len() > MOST_NAMED {
            format!(" and {} more", lacking.len() - MOST_NAMED)
        } else {
            String::new()
        };
        return refused(
            format!("it has no correlations of {some}{more}, which {} of {}", levels_of_data(lacking.len()), of.column),
            "names are compared as they stand in both tables, capitals and underscores included",
        );
    }
    let places: Vec<usize> = places.into_iter().flatten().collect();
    let mut columns = Vec::with_capacity(places.len());
    for &place in &places {
        match frame.column(&names[place]) {
            Some(Column::Numbers(values)) => columns.push(values),
            _ => {
                return refused(
                    format!("the column {} holds what is no number", names[place]),
                    "a correlation stands in each cell",
                );
            }
        }
    }
    for (column, &place) in columns.iter().zip(&places) {
        if let Some(&at) = places.iter().find(|&&at| column[rows[at]].is_nan()) {
            let line = lines[rows[at]];
            return refused(
                format!("line {line}: there is no correlation of {} and {}", names[at], names[place]),
                "fill it",
            );
        }
    }
    Ok(Matrix::from_fn(places.len(), places.len(), |a, b| columns[b][rows[places[a]]]))
}

/// So many levels are named.
const MOST_NAMED: usize = 5;

fn levels_of_data(count: usize) -> &'static str {
    if count == 1 { "is a level" } else { "are levels" }
}

/// For each name of the header the row that the first column gives the same name.
fn rows_by_name(frame: &Frame, first: &str, names: &[String]) -> Result<Vec<usize>, String> {
    let column = frame.column(first).ok_or_else(|| "it has no first column".to_owned())?;
    let own: Vec<Option<String>> = (0..frame.len()).map(|row| label(column, row)).collect();
    let row = |name: &String| {
        let found = own.iter().position(|own| own.as_ref() == Some(name));
        found.ok_or_else(|| format!("the header names {name}, and no row does"))
    };
    names.iter().map(row).collect()
}

/// The files as `R` of `rma.mv`.
pub fn in_r(args: &MetaArgs) -> Option<String> {
    let one = |of: &KnownCorrelation| {
        let column = crate::formula::quoted_name(args.table.in_file(&of.column));
        let file = of.path.display().to_string().replace('\\', "\\\\").replace('"', "\\\"");
        // A first column of names, or none.
        let read = format!("read.csv(\"{file}\", check.names = FALSE)");
        format!(
            "{column} = local({{ A <- {read}; A <- as.matrix(A[, seq_len(nrow(A)) + ncol(A) - nrow(A)]); rownames(A) <- \
             colnames(A); A }})"
        )
    };
    let all: Vec<String> = args.levels.known_cor.iter().map(one).collect();
    (!all.is_empty()).then(|| format!("R = list({})", all.join(", ")))
}

/// The statements of R that make another column for the second term of each column of --known-cor, since `R` belongs to
/// all terms of a column; these terms then take the new column.
pub fn twins_in_r(args: &MetaArgs, random: &mut [String]) -> String {
    let mut made = String::new();
    for of in &args.levels.known_cor {
        let (column, twin) = (args.table.in_file(&of.column), format!("{}.2", args.table.in_file(&of.column)));
        let [column, twin] = [column, twin.as_str()].map(crate::formula::quoted_name);
        let simple = |formula: &str| formula.split_whitespace().collect::<String>();
        let own = simple(&format!("1|{column}"));
        let others: Vec<&mut String> = random.iter_mut().filter(|formula| simple(formula) == own).skip(1).collect();
        if !others.is_empty() {
            made.push_str(&format!("data${twin} <- data${column}; "));
            others.into_iter().for_each(|formula| *formula = format!("1 | {twin}"));
        }
    }
    made
}
