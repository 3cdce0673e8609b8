//! Mixed models: marginal means with their intervals.

use super::Missing;
use super::fit::FitResult;
use super::visits::{in_order_of_time, is_of_time, tell_time};
use crate::chart::{Axis, Caption, Dot, Frame, Ink, Layer, Plane, Shape, Span, TickNumbers};
use crate::diagnostic::{each_once, meant_or_known};
use crate::mixed::options::Link;
use crate::numeric::format::significant;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::plain_number;
use crate::report::japanese::translated;
use crate::report::number::level_in;
use crate::reported::Lang;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A mark for each group; more groups cannot be told apart.
const SHAPES: [Shape; 5] = [Shape::Disc, Shape::Square, Shape::Diamond, Shape::Triangle, Shape::Ring];

/// So far apart do groups stand at one place, as a share of the distance to the next one.
const APART: f64 = 0.1;

/// Groups at one number are no farther apart than so much of the whole axis in one column of panels, a mark and a gap;
/// where places are far from each other they would else seem to be at other numbers.
const MOST_APART: f64 = 0.015;

/// The least room of numbers at both ends of the axis, as a share of it.
const EDGE: f64 = 0.025;

/// More places of numbers than these are not named one by one.
const MOST_NAMED: usize = 12;

/// More means than these are not spoken.
const MOST_SPOKEN: usize = 24;

/// A marginal mean.
#[derive(Debug, Clone, Deserialize)]
pub struct Mean {
    /// Its level of each factor.
    pub levels: Option<Map<String, Value>>,
    /// The mean, on the scale of the link; none where the data do not determine it.
    pub estimate: Option<f64>,
    /// Its interval.
    pub ci: Option<[Option<f64>; 2]>,
}

/// Where the means of a set are taken.
#[derive(Debug, Clone, Deserialize)]
pub struct Taken {
    /// The factors of the set.
    pub by: Vec<String>,
    /// Sentences.
    pub notes: Vec<String>,
}

impl Mean {
    pub(super) fn level(&self, factor: &str) -> String {
        let level = self.levels.as_ref().and_then(|levels| levels.get(factor));
        level.and_then(Value::as_str).unwrap_or_default().to_owned()
    }
}

/// Which factor is where.
struct Places {
    across: String,
    groups: Option<String>,
    /// Those that make a panel for each combination.
    panels: Vec<String>,
    /// Whether a level alone does not say of which factor it is.
    is_named: bool,
}

impl Places {
    /// The second factor, often visits, is across and the first tells groups apart, unless the call says otherwise.
    fn new(factors: &[String], time: Option<&str>, group: Option<&str>) -> Result<Self, Missing> {
        let known: Vec<&str> = factors.iter().map(String::as_str).collect();
        for asked in [time, group].into_iter().flatten() {
            if !known.contains(&asked) {
                return Err(format!(
                    "its means are not by `{asked}`; {}",
                    meant_or_known(asked, "factors", known.iter().copied())
                ));
            }
        }
        if time.is_some() && time == group {
            return Err("--time and --group name the same factor: name two".to_owned());
        }
        let second_first = known.iter().skip(1).chain(&known).copied();
        let mut but_groups = second_first.filter(|name| Some(*name) != group);
        let across = time.or_else(|| but_groups.next()).ok_or("its means have no factor but --group")?;
        let groups = group.or_else(|| known.iter().copied().find(|name| *name != across));
        let is_left = |name: &&&str| **name != across && Some(**name) != groups;
        let panels: Vec<String> = known.iter().filter(is_left).map(|name| (*name).to_owned()).collect();
        let is_named = !panels.is_empty();
        Ok(Self { across: across.to_owned(), groups: groups.map(str::to_owned), panels, is_named })
    }

    /// The same, with levels that name their factor where two factors have one in common.
    fn naming(self, levels: &[Vec<String>]) -> Self {
        let mut all: Vec<&String> = levels.iter().flatten().collect();
        let count = all.len();
        all.sort();
        all.dedup();
        Self { is_named: self.is_named || all.len() < count, ..self }
    }

    /// A level with its factor, where it would not say by itself of what it is, as a number does not.
    fn told(&self, factor: &str, level: &str, lang: Lang) -> String {
        number_of(factor, level).unwrap_or_else(|| match (self.is_named, lang) {
            (true, Lang::En) => format!("{factor}: {level}"),
            (true, Lang::Ja) => format!("{factor}：{level}"),
            (false, _) => level.to_owned(),
        })
    }

    /// The heading of the panel of a mean.
    fn heading(&self, mean: &Mean, lang: Lang) -> String {
        let own: Vec<String> = self.panels.iter().map(|factor| self.told(factor, &mean.level(factor), lang)).collect();
        own.join(", ")
    }
}

/// The means of a model by the levels of its factors: a line for each group over the levels of the other factor, with
/// intervals, and a panel for each combination of further ones.
///
/// # Errors
/// The document has no means, they are not by the factors that are named, or there are more groups than five.
pub fn means(fit: &FitResult, time: Option<&str>, group: Option<&str>, lang: Lang) -> Result<Plane, Missing> {
    let all = fit.emmeans.as_deref().ok_or("it has no `emmeans`: pass --emmeans FACTOR:FACTOR")?;
    let factors_of = |mean: &Mean| mean.levels.iter().flat_map(Map::keys).cloned().collect::<Vec<String>>();
    let sets: Vec<&[Mean]> = all.chunk_by(|one, next| factors_of(one) == factors_of(next)).collect();
    let named: Vec<Vec<String>> = sets.iter().map(|set| factors_of(&set[0])).collect();
    // Of several sets of means the first one that has what is asked for.
    let has_asked =
        |set: &Vec<String>| [time, group].into_iter().flatten().all(|asked| set.iter().any(|one| one == asked));
    let place = named.iter().position(has_asked);
    if let (None, 2..) = (place, sets.len()) {
        let asked: Vec<&str> = [time, group].into_iter().flatten().collect();
        let known: Vec<String> = named.iter().map(|set| set.join(" and ")).collect();
        return Err(format!("none of its means is by {}: they are by {}", asked.join(" and "), known.join(", by ")));
    }
    let place = place.unwrap_or(0);
    let (all, factors) = (sets.get(place).copied().unwrap_or_default(), named.get(place).cloned().unwrap_or_default());
    if factors.is_empty() {
        return Err("its means do not name their factors: write it anew with this version of `reffect fit`".to_owned());
    }
    let places = Places::new(&factors, time, group)?;
    let link = fit.link()?;
    let of = |factor: &String| each_once(all.iter().map(|mean| mean.level(factor)));
    let places = places.naming(&factors.iter().map(of).collect::<Vec<_>>());
    let across = Across::new(&places.across, of(&places.across), time.is_some());
    let groups = places.groups.as_ref().map(|factor| in_order(factor, of(factor))).unwrap_or_default();
    if groups.len() > SHAPES.len() {
        return Err(format!("it has more than {} groups, which cannot be told apart", SHAPES.len()));
    }
    let headings = each_once(all.iter().map(|mean| places.heading(mean, lang)));
    let apart = across.apart(headings.len().min(2));
    let drawn = Drawn { places: &places, across: &across, groups: &groups, link, is_share: is_share(fit), apart, lang };
    let response = response(fit, lang);
    let range = one_range(all, link, &headings);
    let mut panels = Vec::new();
    let mut facts = Vec::new();
    for heading in headings {
        let own: Vec<&Mean> = all.iter().filter(|mean| places.heading(mean, lang) == heading).collect();
        if all.len() <= MOST_SPOKEN {
            facts.extend(drawn.facts(&heading, &own, lang));
        }
        let layers = drawn.layers(&own);
        panels.push(Frame {
            heading,
            x: across.axis(groups.len(), apart),
            y: Axis {
                range,
                ticks: if drawn.is_share { TickNumbers::Shares(lang) } else { TickNumbers::Plain },
                ..Axis::linear(&*response)
            },
            layers,
            ..Frame::default()
        });
    }
    let mut caption = caption(fit, &response, &factors, link, lang);
    let others = named.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, set)| set);
    caption.footnotes.extend(others.map(|set| match lang {
        Lang::En => format!("The means by {} are not drawn.", set.join(" and ")),
        Lang::Ja => format!("{}別の平均は示していない。", set.join("・")),
    }));
    Ok(Plane { caption, facts, columns: panels.len().min(2), panels, aspect: 0.62 })
}

/// Groups in their order; those of visits in that of time, as along the chart.
fn in_order(factor: &str, groups: Vec<String>) -> Vec<String> {
    let is_time = is_of_time(factor) || tell_time(&groups);
    in_order_of_time(&groups).filter(|_| is_time).unwrap_or(groups)
}

/// Whether the response is a share from 0 to 1.
pub(super) fn is_share(fit: &FitResult) -> bool {
    fit.family.as_deref() == Some("binomial")
}

/// What the means are of: of shares what is counted, not both counts.
pub(super) fn response(fit: &FitResult, lang: Lang) -> String {
    let modelled = fit.response().unwrap_or_default().trim_matches('`');
    if !is_share(fit) {
        return modelled.to_owned();
    }
    let counts = modelled.strip_prefix("cbind(").and_then(|rest| rest.strip_suffix(')'));
    let counted = counts.map_or(modelled, |counts| counts.split(',').next().unwrap_or(counts).trim().trim_matches('`'));
    match lang {
        Lang::En => format!("Share ({counted})"),
        Lang::Ja => format!("割合（{counted}）"),
    }
}

/// Several panels have one range of means: what is higher in one is higher in all.
fn one_range(all: &[Mean], link: Link, headings: &[String]) -> Option<(f64, f64)> {
    let ends = all.iter().filter_map(|mean| Some([mean.ci?[0]?, mean.ci?[1]?])).flatten();
    let hull = Interval::hull(ends.map(|end| link.inverse(end)).filter(|end| end.is_finite()))?;
    let room = 0.05 * hull.width();
    // Counts and shares have no less than 0.
    let low = if hull.lower >= 0.0 { (hull.lower - room).max(0.0) } else { hull.lower - room };
    (headings.len() > 1 && room > 0.0).then_some((low, hull.upper + room))
}

/// Where covariates are held and over what the means go, as the document says.
fn where_taken(fit: &FitResult, factors: &[String], lang: Lang) -> Vec<String> {
    let said = |note: &String| {
        let Some(first) = note.chars().next() else { return String::new() };
        match lang {
            Lang::En => format!("{}{}.", first.to_uppercase(), &note[first.len_utf8()..]),
            Lang::Ja => {
                let listed = note.replace(" and ", "・");
                format!("{}。", translated(note).or_else(|| translated(&listed)).unwrap_or(listed))
            }
        }
    };
    match &fit.emmeans_taken {
        Some(sets) => {
            sets.iter().find(|set| set.by == factors).map_or(&[][..], |set| &set.notes).iter().map(said).collect()
        }
        None => of_older(&fit.notes, factors).iter().map(said).collect(),
    }
}

/// The same of a document of an older version, which has it among all its notes.
fn of_older(notes: &[String], factors: &[String]) -> Vec<String> {
    // What the means of another set go over are the factors of this one.
    let is_of_others = |note: &&str| {
        let over = note.strip_prefix("means go over the levels of ").and_then(|rest| rest.split(" with ").next());
        over.is_some_and(|names| names.split([',', ' ']).any(|name| factors.iter().any(|factor| factor == name)))
    };
    let starts = ["means are taken at ", "means go over the levels of ", "no mean of "];
    let plain = notes.iter().map(|note| note.split("; --at").next().unwrap_or(note));
    let told = plain.filter(|note| starts.iter().any(|start| note.starts_with(start)) && !is_of_others(note));
    told.map(str::to_owned).collect()
}

/// The words around the means.
pub(super) fn caption(fit: &FitResult, response: &str, factors: &[String], link: Link, lang: Lang) -> Caption {
    let ci = level_in(lang, fit.level.unwrap_or(0.95));
    let formula = fit.formula.clone().unwrap_or_default();
    let (title, subtitle, mut footnotes) = match lang {
        Lang::En => (
            format!("{response} by {}", factors.join(" and ")),
            format!("Marginal means with {ci} intervals; {} rows. {formula}", fit.n),
            vec![
                "Whether two means differ is told by the interval of their difference, not by whether their own overlap."
                    .to_owned(),
            ],
        ),
        Lang::Ja => (
            format!("{response}の周辺平均（{}別）", factors.join("・")),
            format!("モデルによる周辺平均と{ci}信頼区間、行数 {}。{formula}", fit.n),
            vec!["二つの平均に差があるかは、区間の重なりではなく差の信頼区間で判断する。".to_owned()],
        ),
    };
    footnotes.splice(0..0, where_taken(fit, factors, lang));
    // Random effects are written `(… | group)`.
    let is_at_zero = formula.contains('|');
    if link != Link::Identity {
        footnotes.push(match (lang, is_at_zero) {
            (Lang::En, true) => {
                format!("Means and intervals are taken back through the {link} link; random effects are 0 there.")
            }
            (Lang::En, false) => format!("Means and intervals are taken back through the {link} link."),
            (Lang::Ja, true) => {
                format!("平均と区間は、リンク（{link}）の逆変換で反応の尺度に戻した（変量効果は0）。")
            }
            (Lang::Ja, false) => format!("平均と区間は、リンク（{link}）の逆変換で反応の尺度に戻した。"),
        });
    }
    Caption { title, subtitle, footnotes, source: String::new(), lang }
}

/// A level that is a number with its factor, without which it would not say of what it is.
fn number_of(factor: &str, level: &str) -> Option<String> {
    plain_number(level).map(|_| format!("{factor} {}", with_minus(level)))
}

/// A number with a true minus sign.
fn with_minus(number: &str) -> String {
    number.replace('-', "−")
}

/// The levels along the chart.
struct Across {
    factor: String,
    levels: Vec<(String, f64)>,
    /// Whether they are numbers and stand where these are.
    is_measured: bool,
    /// Whether one comes after the other: only then a line may join them.
    is_ordered: bool,
    /// The least distance of two.
    step: f64,
}

impl Across {
    fn new(factor: &str, levels: Vec<String>, is_said_time: bool) -> Self {
        let numbers: Option<Vec<f64>> = levels.iter().map(|level| plain_number(level)).collect();
        let is_measured = numbers.is_some();
        let in_time = if is_measured { None } else { in_order_of_time(&levels) };
        // Numbers behind names, T1 to T4, can be those of visits or of treatments.
        let is_time = || is_said_time || is_of_time(factor) || tell_time(&levels);
        let is_ordered = is_measured || (in_time.is_some() && is_time());
        let levels = in_time.unwrap_or(levels);
        let places = numbers.unwrap_or_else(|| (0..levels.len()).map(|at| at as f64).collect());
        let mut sorted = places.clone();
        sorted.sort_by(f64::total_cmp);
        let least = sorted.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
        let step = if least.is_finite() { least } else { 1.0 };
        let levels = levels.into_iter().zip(places).collect();
        Self { factor: factor.to_owned(), levels, is_measured, is_ordered, step }
    }

    fn place(&self, level: &str) -> Option<f64> {
        self.levels.iter().find(|(own, _)| own == level).map(|(_, place)| *place)
    }

    /// How far apart groups stand at one place, with so many panels side by side.
    fn apart(&self, panels: usize) -> f64 {
        let usual = self.step * APART;
        if !self.is_measured {
            return usual;
        }
        let (low, high) = self.ends();
        let most = MOST_APART * panels.max(1) as f64 * (high - low);
        if most > 0.0 { usual.min(most) } else { usual }
    }

    /// The first and the last place.
    fn ends(&self) -> (f64, f64) {
        let places = self.levels.iter().map(|(_, place)| *place);
        places.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)))
    }

    fn axis(&self, groups: usize, apart: f64) -> Axis {
        let (low, high) = self.ends();
        let room = apart * (groups as f64 + 1.0);
        let room = room.max(if self.is_measured { EDGE * (high - low) } else { 0.5 * self.step });
        let name = |level: &String| if self.is_measured { with_minus(level) } else { level.clone() };
        let names = self.levels.iter().map(|(level, place)| (*place, name(level))).collect();
        Axis {
            range: Some((low - room, high + room)),
            // Numbers that would crowd have the ticks of a scale instead.
            names: if self.is_measured && self.levels.len() > MOST_NAMED { Vec::new() } else { names },
            ..Axis::linear(&*self.factor)
        }
    }
}

/// What the layers of a panel are made of.
struct Drawn<'a> {
    places: &'a Places,
    across: &'a Across,
    groups: &'a [String],
    link: Link,
    /// Whether means are shares, which are told in per cent.
    is_share: bool,
    /// How far apart groups stand at one place.
    apart: f64,
    lang: Lang,
}

impl Drawn<'_> {
    /// The means of a group as they stand: place, mean, interval, level.
    fn of_group(&self, means: &[&Mean], group: Option<&String>) -> Vec<(f64, f64, [f64; 2], String)> {
        let is_own = |mean: &&&Mean| match (&self.places.groups, group) {
            (Some(factor), Some(group)) => mean.level(factor) == *group,
            _ => true,
        };
        let back = |value: f64| self.link.inverse(value);
        let drawn = |mean: &&Mean| {
            let level = mean.level(&self.places.across);
            let [lower, upper] = mean.ci?;
            Some((self.across.place(&level)?, back(mean.estimate?), [back(lower?), back(upper?)], level))
        };
        let mut found: Vec<_> = means.iter().filter(is_own).filter_map(drawn).collect();
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        found
    }

    fn names(&self) -> Vec<Option<&String>> {
        if self.groups.is_empty() { vec![None] } else { self.groups.iter().map(Some).collect() }
    }

    /// What a group is called; where there is one alone, its means are those of the factor across.
    fn name(&self, group: Option<&String>) -> String {
        let factor = self.places.groups.as_deref().unwrap_or_default();
        group.map_or_else(|| self.places.across.clone(), |group| self.places.told(factor, group, self.lang))
    }

    fn layers(&self, means: &[&Mean]) -> Vec<Layer> {
        let names = self.names();
        let (mut lines, mut marks) = (Vec::new(), Vec::new());
        for (at, &group) in names.iter().enumerate() {
            let beside = self.apart * (at as f64 - 0.5 * (names.len() as f64 - 1.0));
            let own = self.of_group(means, group);
            let (name, ink) = (self.name(group), Ink::Series(at));
            // What only the alphabet orders has no course.
            if self.across.is_ordered {
                let points = own.iter().map(|(x, mean, ..)| (*x, *mean)).collect();
                lines.push(Layer::curve(name.clone(), ink, 1.6, points).drawn_beside(beside));
            }
            let span = |(x, _, [lower, upper], level): &(f64, f64, [f64; 2], String)| Span {
                at: *x,
                lower: *lower,
                upper: *upper,
                name: level.clone(),
            };
            let spans = own.iter().map(span).collect();
            lines.push(Layer::upright(name.clone(), ink, 1.4, spans).drawn_beside(beside));
            let dots = own.iter().map(|(x, mean, _, level)| Dot::new(*x, *mean, 4.6, level.clone())).collect();
            let dots = Layer::dots(name, ink, SHAPES[at], dots).drawn_beside(beside);
            marks.push(if group.is_some() { dots.listed() } else { dots });
        }
        lines.extend(marks);
        lines
    }

    /// The means in words.
    fn facts(&self, panel: &str, means: &[&Mean], lang: Lang) -> Vec<String> {
        let to = if lang == Lang::Ja { "〜" } else { " to " };
        let spoken = |(_, mean, [lower, upper], level): &(f64, f64, [f64; 2], String)| {
            let (factor, sign) = if self.is_share { (100.0, lang.choose(" %", "%")) } else { (1.0, "") };
            let [mean, lower, upper] = [*mean, *lower, *upper].map(|value| significant(factor * value, 3));
            format!(
                "{} {mean} ({lower}{to}{upper}){sign}",
                number_of(&self.across.factor, level).unwrap_or_else(|| level.clone())
            )
        };
        let fact = |group: Option<&String>| {
            let own: Vec<String> = self.of_group(means, group).iter().map(spoken).collect();
            let heads = [panel.to_owned(), group.map(|_| self.name(group)).unwrap_or_default()];
            let head = heads.into_iter().filter(|head| !head.is_empty()).collect::<Vec<_>>().join(", ");
            let head = if head.is_empty() { head } else { format!("{head}: ") };
            format!("{head}{}", own.join(", "))
        };
        self.names().into_iter().map(fact).collect()
    }
}
