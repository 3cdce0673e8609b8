//! The report page: one file, no network, no script.

use super::behind::Findings;
use super::document::{Align, Block, Document};
use super::summary::SummaryOptions;
use super::{behind, effects, show, summary};
use crate::effect::of_release::ReleaseEffects;
use crate::reported::{Lang, Release};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// A chart as SVG, with its language.
pub type Drawn = (Lang, String);

/// The charts of one release, each in every language; empty where there is nothing to draw.
#[derive(Clone, Debug, Default)]
pub struct Charts {
    /// Before and after.
    pub before_after: Vec<Drawn>,
    /// The data sets behind them.
    pub ensemble: Vec<Drawn>,
}

const TITLE: &str = "What the releases report, and what follows from it";

/// The font of the charts, for readers whose machine has none with kanji. Browsers turn to it last.
fn font_face() -> String {
    use base64::Engine;
    let font = base64::engine::general_purpose::STANDARD.encode(crate::chart::embedded_font());
    format!(
        "@font-face {{ font-family: 'reffect Sans JP'; font-display: block; src: url(data:font/ttf;base64,{font}); }}"
    )
}

const STYLE: &str = "
:root { color-scheme: light dark; --rule: #8884; --quiet: light-dark(#555, #bbb); }
body { font: 16px/1.55 system-ui, 'Hiragino Sans', 'Yu Gothic', 'Noto Sans JP', 'Noto Sans CJK JP', 'reffect Sans JP', sans-serif; margin: 0 auto; max-width: 84rem; padding: 1rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.25; } h2 { font-size: 1.35rem; margin-top: 3rem; border-top: 1px solid var(--rule); padding-top: 1.2rem; }
h3 { font-size: 1.05rem; margin: 1.8rem 0 .4rem; } h4 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; margin: .6rem 0; font-size: .9rem; }
th, td { padding: .28rem .7rem; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; white-space: nowrap; }
td:last-child { white-space: normal; min-width: 12rem; }
th { font-weight: 600; } td.right, th.right { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
figure { margin: 1rem 0; overflow-x: auto; width: fit-content; max-width: 100%; box-sizing: border-box; background: #fff; border: 1px solid var(--rule); } figure svg { display: block; max-width: 100%; height: auto; min-width: 560px; }
blockquote { margin: .5rem 0; padding: .3rem .9rem; border-left: 3px solid var(--rule); } .quiet { color: var(--quiet); }
details { margin: .6rem 0; } summary { cursor: pointer; } nav { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; }
@media print { details { display: block; } h2 { break-before: page; } .overview, figure { break-inside: avoid; } }
";

/// The whole page. `findings` holds what follows for the data behind each release, `charts` its charts, `overview` the overview chart, and
/// `checks` the verdicts of the checks.
pub fn page(
    releases: &[(&Release, ReleaseEffects)],
    findings: &[Findings<'_>],
    charts: &[Charts],
    overview: &[Drawn],
    checks: &Document,
    options: SummaryOptions,
) -> String {
    let level = options.level;
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (TITLE) }
                style { (PreEscaped(STYLE)) (PreEscaped(font_face())) }
            }
            body {
                main {
                    h1 { (TITLE) }
                    nav aria-label="Releases" {
                        @for (release, _) in releases { a href={ "#" (release.id) } { (release.label.en) } }
                    }
                    div.overview { (figures(overview)) }
                    (document(&without_title(summary::summary(releases, findings, SummaryOptions { lang: Lang::En, ..options }))))
                    h3 { "Checks" }
                    (document(checks))
                    @for (((release, effects), findings), charts) in releases.iter().zip(findings).zip(charts) {
                        (section(release, effects, findings, charts, level))
                    }
                }
                footer.quiet {
                    p { "Made by reffect " (env!("CARGO_PKG_VERSION")) " from the numbers as they were printed. "
                        "Every number of the releases is quoted with its place; nothing unreported is assumed." }
                }
            }
        }
    };
    markup.into_string()
}

fn section(
    release: &Release,
    effects: &ReleaseEffects,
    findings: &Findings<'_>,
    charts: &Charts,
    level: f64,
) -> Markup {
    html! {
        section id=(release.id) {
            h2 { (release.label.en) }
            p lang="ja" { (release.label.ja) }
            (figures(&charts.before_after))
            (figures(&charts.ensemble))
            @if !effects.contrasts.is_empty() {
                h3 { "In a sentence" }
                @for named in &effects.contrasts { blockquote { (summary::sentence(release, effects, named)) } }
                @for sentence in behind::sentences(release, findings, Lang::En) { blockquote { (sentence) } }
            }
            details open { summary { "What was said" } (document(&without_title(show::show(release, Lang::En)))) }
            details open { summary { "What follows" } (document(&without_title(effects::effects(release, effects, level, Lang::En)))) }
        }
    }
}

/// Charts in the language of the page, the others folded away.
fn figures(charts: &[Drawn]) -> Markup {
    html! {
        @for (lang, svg) in charts {
            @match lang {
                Lang::En => { figure { (PreEscaped(svg)) } }
                Lang::Ja => { details { summary lang="ja" { "日本語の図" } figure { (PreEscaped(svg)) } } }
            }
        }
    }
}

/// A section has its own heading.
fn without_title(mut document: Document) -> Document {
    document.blocks.retain(|block| !matches!(block, Block::Heading(1, _)));
    document
}

fn document(document: &Document) -> Markup {
    html! {
        @for block in &document.blocks {
            @match block {
                Block::Heading(1, text) => { h1 { (text) } }
                Block::Heading(_, text) => { h3 { (text) } }
                Block::Text(text) => { p { (text) } }
                Block::List(points) => { ul { @for point in points { li { (point) } } } }
                Block::Table(table) => {
                    div.scroll {
                        table {
                            thead { tr { @for (name, align) in table.columns() {
                                th scope="col" class=[(*align == Align::Right).then_some("right")] { (name) }
                            } } }
                            tbody { @for row in table.rows() { tr {
                                @for (field, (_, align)) in row.iter().zip(table.columns()) {
                                    td class=[(*align == Align::Right).then_some("right")] { (field) }
                                }
                            } } }
                        }
                    }
                }
            }
        }
    }
}
