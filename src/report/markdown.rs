//! The report for a repository: GitHub Markdown, with the charts beside it as pictures.

use super::document::{Block, Document, escape_markdown};
use super::parts::{Part, Told, at_a_glance, of_other_files, others_heading};
use super::summary::SummaryOptions;
use crate::check::Check;
use crate::reported::Lang;

/// A chart that was written: what it shows, and the name of its file beside the report.
#[derive(Debug)]
pub struct Picture {
    /// The text for readers who do not see it.
    pub alt: String,
    /// The name of the file.
    pub file: String,
}

/// The report in one language. `pictures` are those of each release, `overview` those of all; none are
/// linked where none were written. Of `checks` those of files that are no release stand at the end.
pub fn report(
    all: &[Told<'_>],
    checks: &[Check],
    overview: &[Picture],
    pictures: &[Vec<Picture>],
    options: SummaryOptions,
) -> String {
    let lang = options.lang;
    let mut out = format!("# {}\n\n", title(lang));
    overview.iter().for_each(|picture| out.push_str(&link(picture)));
    out.push_str(&at_a_glance(all, lang).to_markdown());
    for (at, told) in all.iter().enumerate() {
        out.push_str(&format!("\n## {}\n\n", escape_markdown(told.release.label.get(lang))));
        pictures.get(at).into_iter().flatten().for_each(|picture| out.push_str(&link(picture)));
        for part in Part::ALL {
            let document = told.part(part, options);
            if document.blocks.is_empty() {
                continue;
            }
            let body = lowered(document).to_markdown();
            if part.is_long() {
                let heading = part.heading(lang);
                out.push_str(&format!("<details><summary>{heading}</summary>\n\n{body}\n</details>\n\n"));
            } else {
                out.push_str(&format!("### {}\n\n{body}\n", part.heading(lang)));
            }
        }
    }
    let others = of_other_files(all, checks, lang);
    if !others.blocks.is_empty() {
        out.push_str(&format!("\n## {}\n\n{}\n", others_heading(lang), lowered(others).to_markdown()));
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// The headline of a report.
pub fn title(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "What the releases report, and what follows from it",
        Lang::Ja => "発表された数値と、そこから言えること",
    }
}

/// Headings below those of the parts.
fn lowered(mut document: Document) -> Document {
    for block in &mut document.blocks {
        if let Block::Heading(level, _) = block {
            *level = 4;
        }
    }
    document
}

/// A picture by a relative link, whose spaces and brackets do not end it.
fn link(picture: &Picture) -> String {
    let mut file = String::new();
    for byte in picture.file.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            file.push(byte as char);
        } else {
            file.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("![{}]({file})\n\n", escape_markdown(&picture.alt))
}
