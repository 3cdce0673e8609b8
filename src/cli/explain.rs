//! `reffect explain`: the pages of the checks.

use super::args::{Common, ExplainArgs, Format};
use super::failure::Failure;
use super::output::print;
use crate::check::explain::{PAGES, Page, page};
use crate::diagnostic::meant_or_known;

pub fn run(args: &ExplainArgs, common: &Common) -> Result<(), Failure> {
    if common.format() == Format::Json {
        return as_json(args);
    }
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

fn as_json(args: &ExplainArgs) -> Result<(), Failure> {
    let of_page = |page: &Page| {
        serde_json::json!({
            "code": page.code, "title": page.title, "what": page.what, "why": page.why,
            "example": page.example, "action": page.action, "source": page.source,
        })
    };
    let document = match &args.code {
        None => serde_json::json!({ "pages": PAGES.iter().map(of_page).collect::<Vec<_>>() }),
        Some(code) => of_page(page(code).ok_or_else(|| unknown(code))?),
    };
    print(&format!("{document:#}\n"))
}

/// The error for a code that no check has.
pub fn unknown(code: &str) -> Failure {
    Failure::call(
        format!("`{code}` is the code of no check"),
        meant_or_known(code, "codes", PAGES.iter().map(|page| page.code)),
    )
}
