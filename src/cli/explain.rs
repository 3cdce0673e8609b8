//! `reffect explain`: the pages of the checks.

use super::args::{Common, ExplainArgs, Format};
use super::failure::Failure;
use super::output::{only_check, print, write_file};
use crate::check::explain::{PAGES, Page, page};
use crate::diagnostic::meant_or_known;
use crate::report::csv::table;
use crate::report::document::Document;

pub fn run(args: &ExplainArgs, common: &Common) -> Result<(), Failure> {
    let pages: Vec<&Page> = match &args.code {
        None => PAGES.iter().collect(),
        Some(code) => vec![page(canonical(code)).ok_or_else(|| unknown(code))?],
    };
    let text = match (common.format(), &args.code) {
        (Format::Table, None) => {
            let width = pages.iter().map(|page| page.code.len()).max().unwrap_or(0);
            pages.iter().map(|page| format!("{:width$}  {}\n", page.code, page.title)).collect()
        }
        (Format::Table, Some(_)) => pages.iter().map(ToString::to_string).collect(),
        (Format::Markdown, _) => document(&pages).to_markdown(),
        (Format::Csv, _) => as_csv(&pages),
        (Format::Json, code) => as_json(&pages, code.is_some()),
        (Format::Junit | Format::Github, _) => return Err(only_check()),
    };
    match &args.output {
        Some(path) => write_file(path, text.as_bytes()),
        None if common.is_mute() => Ok(()),
        None => print(&text),
    }
}

/// The code of a check that is called by the name of its column, or by that of a program that makes it.
fn canonical(code: &str) -> &str {
    match code {
        "exists" | "sprite" | "SPRITE" | "closure" | "CLOSURE" => "existence",
        "p_value" | "statcheck" => "p-value",
        "baseline" | "carlisle" | "Carlisle" => "groups",
        "GRIM" => "grim",
        "GRIMMER" => "grimmer",
        "DEBIT" => "debit",
        _ => code,
    }
}

/// The parts of a page with their names.
fn parts(page: &Page) -> [(&'static str, &'static str); 5] {
    [
        ("what", page.what),
        ("why", page.why),
        ("example", page.example),
        ("action", page.action),
        ("source", page.source),
    ]
}

fn document(pages: &[&Page]) -> Document {
    let mut document = Document::default();
    for page in pages {
        document.heading(2, format!("{}: {}", page.code, page.title));
        parts(page).into_iter().for_each(|(_, text)| document.text(text.to_owned()));
    }
    document
}

fn as_csv(pages: &[&Page]) -> String {
    let row = |page: &&Page| {
        [page.code, page.title].into_iter().chain(parts(page).map(|(_, text)| text)).map(str::to_owned).collect()
    };
    table(&["code", "title", "what", "why", "example", "action", "source"], pages.iter().map(row))
}

fn as_json(pages: &[&Page], is_one: bool) -> String {
    let of_page = |page: &&Page| {
        let named = [("code", page.code), ("title", page.title)].into_iter().chain(parts(page));
        let fields = named.map(|(name, text)| (name.to_owned(), serde_json::Value::from(text)));
        serde_json::Value::Object(fields.collect())
    };
    match pages {
        [page] if is_one => format!("{:#}\n", of_page(page)),
        pages => format!("{:#}\n", serde_json::json!({ "pages": pages.iter().map(of_page).collect::<Vec<_>>() })),
    }
}

/// The error for a code that no check has.
pub fn unknown(code: &str) -> Failure {
    Failure::call(
        format!("`{code}` is the code of no check"),
        meant_or_known(code, "codes", PAGES.iter().map(|page| page.code)),
    )
}
