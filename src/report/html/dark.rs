//! Charts on a dark screen: each colour of a light chart with that of the dark theme.
//!
//! Both are read off the same chart drawn in either theme, whose shapes are the same in the same order. The style
//! sheet then turns the colours of the one into those of the other, so that the page holds each chart once, and
//! paper, which has no dark scheme, shows it as it is.

use super::{Drawn, Page};
use std::collections::BTreeMap;
use std::fmt::Write;

/// What stands before a colour in an SVG of ours: the name of the attribute ends here.
const COLOUR: &str = "=\"#";

/// The colours of an SVG, as they follow one another.
fn colours(svg: &str) -> impl Iterator<Item = &str> {
    svg.match_indices(COLOUR).filter_map(|(at, _)| {
        let value = svg.get(at + 2..at + 9)?;
        value[1..].chars().all(|c| c.is_ascii_hexdigit()).then_some(value)
    })
}

/// Each colour of a light chart with that which stands in its place in the same chart on a dark ground.
///
/// ```
/// use reffect::report::html::on_dark;
/// let pairs = on_dark("<rect fill=\"#ffffff\"/>", "<rect fill=\"#161a1f\"/>");
/// assert_eq!(pairs["#ffffff"], "#161a1f");
/// ```
pub fn on_dark(light: &str, dark: &str) -> BTreeMap<String, String> {
    colours(light).zip(colours(dark)).map(|(light, dark)| (light.to_owned(), dark.to_owned())).collect()
}

/// The rules for the charts of a page on a dark screen.
pub(super) fn rules(page: &Page<'_>) -> String {
    let of_releases = page.charts.iter().flat_map(|of| [&of.before_after, &of.between, &of.reported, &of.ensemble]);
    let all = of_releases.flatten().chain(page.overview);
    let pairs: BTreeMap<&String, &String> = all.flat_map(|drawn: &Drawn| &drawn.on_dark).collect();
    let mut rules = String::from("@media screen and (prefers-color-scheme: dark) {");
    for (light, dark) in pairs {
        let _ = write!(rules, " figure [fill=\"{light}\"] {{ fill: {dark} }}");
        let _ = write!(rules, " figure [stroke=\"{light}\"] {{ stroke: {dark} }}");
    }
    rules + " }"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_colours_are_read() {
        let svg = "<use href=\"#c-0-12\"/><path fill=\"none\" stroke=\"#0072b2\"/><text fill=\"#1a1a1a\">a=&quot;#123456&quot;</text>";
        assert_eq!(colours(svg).collect::<Vec<_>>(), ["#0072b2", "#1a1a1a"]);
    }
}
