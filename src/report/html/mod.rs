//! The report page: one file in both languages, without network, whole without script.
//!
//! Everything that can be seen is written here. The script (`page.js`) sorts, copies, and moves r by
//! looking up numbers that `control` wrote; it computes none. The languages are switched by the style
//! (`page.css`), so that the switch works without script.

mod blocks;
mod control;
mod dark;
mod unbroken;

use super::document::Document;
use super::markdown::title;
use super::parts::{Part, Told, at_a_glance, of_other_files, others_heading};
use super::summary::SummaryOptions;
use crate::chart::embedded_subset;
use crate::check::Check;
use crate::numeric::parallel::each_in_parallel;
use crate::reported::{Lang, Release};
use blocks::{Place, blocks, foreign};
use control::Numbers;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::collections::BTreeMap;

/// A chart for the page: its language, its SVG, and that for narrow screens where it can be so narrow.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The language of its texts.
    pub lang: Lang,
    /// As wide as it likes.
    pub wide: String,
    /// As wide as a telephone.
    pub narrow: Option<String>,
    /// Each of its colours with that of a dark screen.
    pub on_dark: BTreeMap<String, String>,
}

/// The charts of one release, each in every language; empty where there is nothing to draw.
#[derive(Clone, Debug, Default)]
pub struct Charts {
    /// Before and after.
    pub before_after: Vec<Drawn>,
    /// The arms against one another.
    pub between: Vec<Drawn>,
    /// The effects that it reports itself.
    pub reported: Vec<Drawn>,
    /// The data sets behind them.
    pub ensemble: Vec<Drawn>,
}

/// Everything that the page shows.
#[derive(Debug)]
pub struct Page<'a> {
    /// The releases with what is told of each.
    pub told: &'a [Told<'a>],
    /// The charts of each.
    pub charts: &'a [Charts],
    /// The chart of all.
    pub overview: &'a [Drawn],
    /// What is to be said of the charts in a language.
    pub remarks: &'a [(Lang, String)],
    /// The verdicts of the checks.
    pub checks: &'a [Check],
}

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The whole page; `options.lang` is the language that is shown first.
pub fn page(page: &Page<'_>, options: SummaryOptions) -> String {
    let switch = html! {
        fieldset.lang {
            legend { span lang="en" { "Language" } " / " span lang="ja" { "言語" } }
            @for lang in Lang::ALL {
                label lang=(lang.code()) {
                    input type="radio" name="lang" id={ "show-" (lang.code()) } checked[lang == options.lang];
                    " " (lang.choose("English", "日本語"))
                }
            }
        }
    };
    assembled(page, options, &Lang::ALL, &switch)
}

/// The page in `options.lang` alone, for reports so long that nobody should load them in both languages; `other` is the
/// file of the page in the other one.
pub fn page_alone(page: &Page<'_>, options: SummaryOptions, other: (Lang, &str)) -> String {
    let (lang, file) = other;
    let switch = html! {
        p.lang { a href=(file) hreflang=(lang.code()) lang=(lang.code()) { (lang.choose("English", "日本語")) } }
    };
    assembled(page, options, &[options.lang], &switch)
}

/// The page in some languages, under what switches between them.
fn assembled(page: &Page<'_>, options: SummaryOptions, languages: &[Lang], switch: &Markup) -> String {
    let numbers = Numbers::of(page.told, options.level);
    let first = options.lang;
    let pages = each_in_parallel(languages.len(), |at| {
        in_language(page, &numbers, SummaryOptions { lang: languages[at], ..options })
    });
    let body = html! {
        header.bar { (switch) }
        main {
            @for (lang, own) in languages.iter().zip(pages) {
                div lang=(lang.code()) data-page=(lang.code()) { (own) }
            }
        }
        script type="application/json" id="numbers" { (PreEscaped(numbers.json())) }
        script { (PreEscaped(SCRIPT)) }
    };
    let body = without_ends(&body.into_string());
    let markup = html! {
        (DOCTYPE)
        html lang=(first.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title(first)) }
                style { (PreEscaped(STYLE)) (PreEscaped(blocks::rules_of_columns())) (PreEscaped(dark::rules(page))) (PreEscaped(font_face(&body))) }
            }
            body { (PreEscaped(body)) }
        }
    };
    markup.into_string()
}

/// The page without the ends of rows and fields of tables and of points, which HTML leaves out: of many thousand.
fn without_ends(page: &str) -> String {
    let ends = ["</td>", "</th>", "</tr>", "</thead>", "</tbody>", "</li>"];
    ends.iter().fold(page.to_owned(), |page, end| page.replace(end, ""))
}

/// The characters of the page in the font of the charts, for its charts and for readers whose machine
/// has no font with kanji.
fn font_face(page: &str) -> String {
    use base64::Engine;
    let Some(font) = embedded_subset(page.chars().filter(|c| !c.is_control())) else { return String::new() };
    let font = base64::engine::general_purpose::STANDARD.encode(font);
    format!(
        "@font-face {{ font-family: 'reffect Sans JP'; font-display: block; src: url(data:font/woff;base64,{font}) format('woff'); }}"
    )
}

/// The page in one language.
fn in_language(page: &Page<'_>, numbers: &Numbers, options: SummaryOptions) -> Markup {
    let (all, lang) = (page.told, options.lang);
    let place = Place { lang, heading: 3 };
    html! {
        h1 { (title(lang)) }
        nav aria-label=(lang.choose("Releases", "発表一覧")) {
            ul { @for told in all {
                li { a href={ "#" (anchor(told.release, lang)) } { (foreign(told.release.label.get(lang), lang)) } }
            } }
        }
        (figures(page.overview, lang))
        @for (_, message) in page.remarks.iter().filter(|(own, _)| *own == lang) {
            p.quiet { (lang.choose("Charts: ", "図について：")) (message) (lang.choose(".", "。")) }
        }
        h2 { (lang.choose("At a glance", "一覧")) }
        (blocks(&at_a_glance(all, lang), place))
        p.quiet { (lang.choose("Change and ratio need no correlation; dav is the change over the square root of the average of both variances. r is the \
             correlation between before and after in the same people, which is hardly ever reported.",
            "変化と比の計算に相関は要らない。dav は変化を両分散の平均の平方根で割った値。r は同じ人の前後の相関で、ほとんど報告されない。",
        )) }
        @for ((at, told), charts) in all.iter().enumerate().zip(page.charts) {
            section id=(anchor(told.release, lang)) aria-labelledby={ "name-" (anchor(told.release, lang)) } {
                (section(at, told, charts, numbers, options))
            }
        }
        (others(page, place))
        p.quiet { (lang.choose("Made by reffect ", "作成：reffect ")) (env!("CARGO_PKG_VERSION"))
            (lang.choose(", from the numbers as they were printed. Every number of the releases is quoted with its place; nothing \
                 unreported is assumed.",
                "。報告された数値をそのまま用い、各数値の箇所を示す。報告されていないことは仮定しない。",
            )) }
    }
}

/// Where a release stands in the page. The language comes first, so that no name of a file makes the id of another
/// release, or one of the page's own.
fn anchor(release: &Release, lang: Lang) -> String {
    // The name of a file may hold spaces, which would end an id.
    format!("{}-{}", lang.code(), release.id.replace(char::is_whitespace, "~"))
}

fn section(at: usize, told: &Told<'_>, charts: &Charts, numbers: &Numbers, options: SummaryOptions) -> Markup {
    let lang = options.lang;
    html! {
        h2 id={ "name-" (anchor(told.release, lang)) } { (foreign(told.release.label.get(lang), lang)) }
        (figures(&charts.before_after, lang))
        (figures(&charts.between, lang))
        (figures(&charts.reported, lang))
        @for part in Part::ALL {
            @let document = told.part(part, options);
            @if !document.blocks.is_empty() {
                (part_of(part, &document, lang))
            }
            @if part == Part::Results { (numbers.control(at, lang)) }
            @if part == Part::Behind { (figures(&charts.ensemble, lang)) }
        }
    }
}

fn part_of(part: Part, document: &Document, lang: Lang) -> Markup {
    let place = Place { lang, heading: 4 };
    html! {
        @if part == Part::Sentences {
            h3 { (part.heading(lang)) }
            (blocks::quotes(document, lang))
        } @else if part.is_long() {
            details { summary { h3 { (part.heading(lang)) } } (blocks(document, place)) }
        } @else {
            h3 { (part.heading(lang)) }
            (blocks(document, place))
        }
    }
}

/// Checks of files that are no release.
fn others(page: &Page<'_>, place: Place) -> Markup {
    let document = of_other_files(page.told, page.checks, place.lang);
    html! { @if !document.blocks.is_empty() {
        h2 { (others_heading(place.lang)) }
        (blocks(&document, place))
    } }
}

/// The charts in a language; those that are wider than the window move sideways in their frame.
fn figures(charts: &[Drawn], lang: Lang) -> Markup {
    html! {
        @for chart in charts.iter().filter(|chart| chart.lang == lang) {
            figure.scroll tabindex="0" role="group" aria-label=(lang.choose("Chart", "図")) {
                @match &chart.narrow {
                    None => { (PreEscaped(&chart.wide)) }
                    // The style shows one of them.
                    Some(narrow) => {
                        div.wide { (PreEscaped(&chart.wide)) }
                        div.narrow { (PreEscaped(narrow)) }
                    }
                }
            }
        }
    }
}
