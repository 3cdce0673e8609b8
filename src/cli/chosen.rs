//! `--outcome` and `--arm`: which part of the releases is drawn or computed.

use super::failure::{Failure, tell, told};
use crate::chart::{Chart, LaidOut, Style, is_right_to_left};
use crate::diagnostic::{keep_each_once, meant_or_known};
use crate::effect::contrast::ContrastOptions;
use crate::effect::of_release::{RefusalKind, ReleaseEffects, effects_of_all};
use crate::numeric::rounding::Rounding;
use crate::read::Dataset;
use crate::reported::{Chosen, Lang, Release};
use clap::Args;
use std::collections::BTreeSet;

/// A chart that is higher than this, in pixels, is read at no size: some four screens of a desk.
const TALLEST: f64 = 4000.0;

/// The height of what is printed on a page of a journal, in millimetres.
const HIGHEST_PAGE: f64 = 240.0;

#[derive(Debug, Args)]
#[command(next_help_heading = "Which part of the releases")]
pub struct ChosenArgs {
    /// Only this outcome, reported effect or part of a whole; several with commas between
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub outcome: Vec<String>,
    /// Only this arm; several with commas between, and arms are compared where both are named
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub arm: Vec<String>,
}

impl ChosenArgs {
    /// Whether everything is drawn.
    pub fn is_everything(&self) -> bool {
        self.outcome.is_empty() && self.arm.is_empty()
    }

    /// What of the releases is asked for, without those of which nothing is.
    pub fn parts(&self, dataset: &Dataset) -> Result<Vec<Release>, Failure> {
        let releases = dataset.releases();
        let chosen = Chosen { outcomes: self.outcome.clone(), arms: self.arm.clone() };
        let outcomes: Vec<&str> = releases.iter().flat_map(Chosen::outcomes_of).map(|(id, _)| id).collect();
        let arms: Vec<&str> = releases.iter().flat_map(|release| &release.arms).map(|arm| arm.id.as_str()).collect();
        for (what, names, mut known) in [("outcome", &self.outcome, outcomes), ("arm", &self.arm, arms)] {
            keep_each_once(&mut known);
            if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
                return Err(Failure::call(
                    format!("--{what}: there is no {what} `{unknown}`"),
                    meant_or_known(unknown, &format!("{what}s"), known),
                ));
            }
        }
        if self.is_everything() {
            return Ok(releases.to_vec());
        }
        let parts: Vec<Release> = releases.iter().filter_map(|release| chosen.part_of(release)).collect();
        if parts.is_empty() {
            let message = "of the outcomes of --outcome nothing is reported in the arms of --arm";
            return Err(Failure::call(message, "leave one of them out, or see `reffect show`"));
        }
        Ok(parts)
    }

    /// What the chosen parts of the releases allow, without what is said of a release as a whole.
    pub fn effects<'a>(
        &self,
        parts: &'a [Release],
        options: &ContrastOptions,
        rounding: Rounding,
    ) -> Vec<(&'a Release, ReleaseEffects)> {
        let mut all = effects_of_all(parts, options, rounding);
        if !self.is_everything() {
            all.iter_mut().for_each(|(_, of)| of.refusals.retain(|refusal| refusal.kind != RefusalKind::Whole));
        }
        all
    }

    /// What stands under a chart of which only a part was asked for.
    fn note(&self, releases: &[&Release], lang: Lang) -> Option<String> {
        let labels = |names: &[String], known: Vec<(&str, &str)>| {
            let label = |(id, label): &(&str, &str), name: &str| (*id == name).then(|| (*label).to_owned());
            let shown =
                names.iter().map(|name| known.iter().find_map(|of| label(of, name)).unwrap_or_else(|| name.clone()));
            shown.collect::<Vec<_>>().join(lang.choose(", ", "、"))
        };
        let outcomes =
            releases.iter().copied().flat_map(Chosen::outcomes_of).map(|(id, label)| (id, label.get(lang))).collect();
        let arms = releases.iter().flat_map(|of| &of.arms).map(|arm| (arm.id.as_str(), arm.label.get(lang))).collect();
        let mut parts = Vec::new();
        if !self.outcome.is_empty() {
            parts.push(format!("{}{}", lang.choose("outcomes: ", "項目："), labels(&self.outcome, outcomes)));
        }
        if !self.arm.is_empty() {
            parts.push(format!("{}{}", lang.choose("arms: ", "群："), labels(&self.arm, arms)));
        }
        let all = parts.join(lang.choose("; ", "／"));
        (!parts.is_empty()).then(|| match lang {
            Lang::En => format!("Only a part of the release is drawn, as asked for ({all})."),
            Lang::Ja => format!("指定した部分のみを図示（{all}）。"),
        })
    }

    /// Writes that under a chart.
    pub fn write_under(&self, chart: &mut dyn Chart, releases: &[&Release], lang: Lang) {
        chart.caption_mut().footnotes.extend(self.note(releases, lang));
    }
}

/// Tells of a chart that is too high to be read, and the way out.
pub fn tell_of_height(chart: &LaidOut<'_>, style: &Style, name: &str, is_quiet: bool) {
    if is_quiet || style.height.is_some() {
        return;
    }
    let height = chart.height();
    if let (Some(millimetres), Some(width)) = (style.millimetres, style.width) {
        let on_paper = height * millimetres / width;
        if on_paper > HIGHEST_PAGE {
            tell(&format!(
                "reffect: note: {name} is {on_paper:.0} mm high at this width, and a page has some {HIGHEST_PAGE} mm; a \
                 wider column makes it lower, and --outcome and --arm draw a part of it"
            ));
        }
        return;
    }
    if height > TALLEST {
        tell(&format!(
            "reffect: note: {name} is {height:.0} pixels high, which nobody sees at once; \
             --outcome and --arm draw a part of it"
        ));
    }
}

/// Tells of the characters in place of which 〓 is drawn, and the way out.
pub fn tell_of_stand_ins(chart: &LaidOut<'_>, name: &str, is_quiet: bool) {
    let stood_in = chart.stood_in();
    if !is_quiet && !stood_in.is_empty() {
        tell(&told(&format!("note: {}", stand_ins(&stood_in, name, Lang::En))));
    }
}

/// That 〓 stands for these characters in a chart.
pub fn stand_ins(characters: &BTreeSet<char>, name: &str, lang: Lang) -> String {
    let names: Vec<String> = characters.iter().map(|c| format!("{c} (U+{:04X})", u32::from(*c))).collect();
    let right_to_left = if characters.iter().copied().any(is_right_to_left) {
        lang.choose("; scripts written from right to left are not set", "。右から左に書く文字は図では使えない")
    } else {
        ""
    };
    match lang {
        Lang::En => format!(
            "in {name} 〓 stands for {}, for which there is no outline: --font FILE gives a font that has it{right_to_left}",
            names.join(", ")
        ),
        Lang::Ja => format!(
            "{name}では、フォントにない文字 {} を〓で示した。--font FILE でその文字のあるフォントを指定できる{right_to_left}",
            names.join("、")
        ),
    }
}
