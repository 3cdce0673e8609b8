//! `reffect explain`: the pages of the checks.

use super::args::ExplainArgs;
use super::failure::Failure;
use super::output::print;
use crate::check::explain::{PAGES, page};
use crate::diagnostic::did_you_mean;

pub fn run(args: &ExplainArgs) -> Result<(), Failure> {
    let Some(code) = &args.code else {
        let width = PAGES.iter().map(|page| page.code.len()).max().unwrap_or(0);
        let lines: Vec<String> = PAGES.iter().map(|page| format!("{:width$}  {}\n", page.code, page.title)).collect();
        return print(&lines.concat());
    };
    match page(code) {
        Some(page) => print(&page.to_string()),
        None => Err(unknown(code)),
    }
}

/// The error for a code that no check has.
pub fn unknown(code: &str) -> Failure {
    let codes = || PAGES.iter().map(|page| page.code);
    let hint =
        did_you_mean(code, codes()).unwrap_or_else(|| format!("there are {}", codes().collect::<Vec<_>>().join(", ")));
    Failure::call(format!("`{code}` is the code of no check"), hint)
}
