//! Mixed models: a line for each person, and the model's mean of each group.

use super::fit::{FitResult, Predicted, Rows, same_response};
use super::{Missing, counted};
use crate::chart::{Axis, Caption, Dash, Dot, Frame, Ink, Layer, Plane, Shape, Span};
use crate::mixed::options::Link;
use crate::numeric::dist::normal_critical;
use crate::numeric::numeral::plain_number;
use crate::report::number::{level_in, significant};
use crate::report::words::say;
use crate::reported::Lang;

/// A mark for each group; more groups cannot be told apart.
const SHAPES: [Shape; 4] = [Shape::Disc, Shape::Square, Shape::Diamond, Shape::Triangle];
/// Lines of more people than these are drawn fainter, and thinner beyond the second number.
const MANY: usize = 60;
const VERY_MANY: usize = 200;

/// On which scale predictions are, and the level of their band.
#[derive(Clone, Copy)]
struct Model {
    link: Link,
    level: f64,
}

/// A group of rows.
struct Group<'a> {
    name: &'a str,
    rows: Vec<usize>,
    /// Which of several it is; none where it is the only one.
    place: Option<usize>,
}

/// A line for each person, and the fit of the population with its band; groups differ by colour and mark.
///
/// # Errors
/// No row has time and value, there are more groups than four, a person stands in two, or the predictions
/// are not those of the rows.
pub fn trajectory(rows: &Rows, fit: Option<&FitResult>, lang: Lang) -> Result<Plane, Missing> {
    let groups = groups(rows)?;
    let people: usize = groups.iter().map(|group| by_subject(rows, group).len()).sum();
    if people == 0 {
        return Err("no row has a time and a value".to_owned());
    }
    let predicted = fit.and_then(|fit| fit.predict.as_ref());
    if fit.is_some() && predicted.is_none() {
        return Err("its result predicts no rows: fit it with --predict and the same table".to_owned());
    }
    let model = Model {
        link: fit.map_or(Ok(Link::Identity), FitResult::link)?,
        level: fit.and_then(|fit| fit.level).unwrap_or(0.95),
    };
    let is_binomial = fit.is_some_and(|fit| fit.family.as_deref() == Some("binomial"));
    if let (true, Some(value)) = (is_binomial, rows.value.iter().find(|value| **value > 1.0)) {
        return Err(format!(
            "its model is of shares from 0 to 1 (binomial), and `{}` holds {value}: name a column of shares with \
             --response",
            rows.response
        ));
    }
    let is_normal = predicted.is_some_and(|all| all.iter().all(|one| one.ci.is_none()));
    let mut layers: Vec<Layer> =
        groups.iter().map(|group| observed_lines(rows, group, people, predicted.is_some(), lang)).collect();
    if let Some(predicted) = predicted {
        if let Some(fit) = fit {
            same_response(fit, rows)?;
        }
        if predicted.len() != rows.time.len() {
            let (found, expected) = (predicted.len(), rows.time.len());
            return Err(format!(
                "its `predict` has {found} rows and the table {expected}: predict the rows of the same table"
            ));
        }
        let fitted = groups.iter().map(|group| population(rows, group, predicted, model, lang));
        let fitted: Vec<[Vec<Layer>; 2]> = fitted.collect::<Result<_, _>>()?;
        // All bands below all lines.
        let (bands, curves): (Vec<_>, Vec<_>) = fitted.into_iter().map(|[band, curve]| (band, curve)).unzip();
        layers.extend(bands.into_iter().chain(curves).flatten());
    } else {
        layers.extend(groups.iter().filter_map(|group| marks(rows, group, people)));
    }
    if let Some(at) = rows.change_at {
        layers.push(Layer::wall(say(lang, "Change point", "変化点"), Ink::Series(3), at, Dash::Dashed).listed());
    }
    let mut footnotes = if predicted.is_some() { footnotes(rows, model, is_normal, lang) } else { Vec::new() };
    footnotes.extend(several_at_once(rows, &groups, lang));
    if predicted.is_none() && !rows.group.is_empty() && people > MANY {
        footnotes.push(say(
            lang,
            "A mark stands at the last observation of each individual.",
            "記号は各対象の最後の観測値に付けた。",
        ));
    }
    footnotes.extend(unknown(rows, lang));
    Ok(Plane {
        caption: Caption { footnotes, ..caption(rows, people, fit, lang) },
        facts: predicted.and_then(|_| broken_lines(rows, model, lang)).into_iter().collect(),
        panels: vec![Frame {
            x: Axis::linear(rows.time_name.clone()),
            y: Axis::linear(rows.response.clone()),
            layers,
            ..Frame::default()
        }],
        columns: 1,
        aspect: 0.62,
    })
}

/// The words around the picture.
fn caption(rows: &Rows, people: usize, fit: Option<&FitResult>, lang: Lang) -> Caption {
    let formula = fit.and_then(|fit| fit.formula.clone()).unwrap_or_default();
    let observed = (0..rows.time.len()).filter(|at| is_there(rows, *at)).count();
    Caption {
        title: match lang {
            Lang::En => format!("{} over {}", rows.response, rows.time_name),
            Lang::Ja => format!("{}の推移（横軸：{}）", rows.response, rows.time_name),
        },
        subtitle: match lang {
            Lang::En => {
                let people = counted(people, "individual", "individuals");
                let observed = counted(observed, "observation", "observations");
                format!("{people}, {observed}. {formula}")
            }
            Lang::Ja => format!("対象数 {people}、観測値の数 {observed}。{formula}"),
        },
        footnotes: Vec::new(),
        source: String::new(),
        lang,
    }
}

/// What a model's lines are.
fn footnotes(rows: &Rows, model: Model, is_normal: bool, lang: Lang) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(lines) = broken_lines(rows, model, lang) {
        notes.push(match lang {
            Lang::En => format!("Thin lines: each individual as observed. {lines}"),
            Lang::Ja => format!("細線：各対象の実測値。{lines}"),
        });
    }
    if is_normal {
        let z = significant(normal_critical(model.level), 3);
        notes.push(match lang {
            Lang::En => format!(
                "The result gives no intervals of its predictions: the band is ± {z} SE, too narrow for few individuals. \
                 Write it anew with this version of `reffect fit`."
            ),
            Lang::Ja => format!(
                "結果に予測値の区間がないため、信頼帯は±{z} SEとした（少人数では狭すぎる）。この版の `reffect fit` で\
                 書き直すとよい。"
            ),
        });
    }
    if model.link != Link::Identity {
        let link = model.link;
        notes.push(match lang {
            Lang::En => format!(
                "The model and its band are taken back through the {link} link to the scale of the response. The line \
                 is that of an individual whose random effects are 0; the mean of all individuals differs from it."
            ),
            Lang::Ja => format!(
                "モデルの線と信頼帯は、リンク（{link}）の逆変換で反応の尺度に戻した。線は変量効果が0の対象のもので、\
                 全対象の平均とは異なる。"
            ),
        });
    }
    notes
}

/// Through what a line goes where an individual has several observations at one time.
fn several_at_once(rows: &Rows, groups: &[Group<'_>], lang: Lang) -> Option<String> {
    let drawn: usize = groups.iter().flat_map(|group| by_subject(rows, group)).map(|(_, points)| points.len()).sum();
    let there = (0..rows.time.len()).filter(|at| is_there(rows, *at)).count();
    (drawn < there).then(|| {
        say(
            lang,
            "Where an individual has several observations at one time, its line goes through their mean.",
            "同じ時点に複数の観測値がある対象の線は、その平均を通る。",
        )
    })
}

/// What the broken lines are, where groups have them.
fn broken_lines(rows: &Rows, model: Model, lang: Lang) -> Option<String> {
    let ci = level_in(lang, model.level);
    (!rows.group.is_empty()).then(|| match lang {
        Lang::En => format!("Broken lines: the {ci} band of each mean."),
        Lang::Ja => format!("破線：各群の平均の{ci}信頼帯。"),
    })
}

fn is_there(rows: &Rows, at: usize) -> bool {
    has_value(rows, at) && is_known(rows, at)
}

fn has_value(rows: &Rows, at: usize) -> bool {
    rows.time[at].is_finite() && rows.value[at].is_finite()
}

/// Whether it is known whose a row is, and of which group.
fn is_known(rows: &Rows, at: usize) -> bool {
    !rows.subject[at].is_empty() && rows.group.get(at).is_none_or(|group| !group.is_empty())
}

/// How many observations are of nobody or of no group that is known.
fn unknown(rows: &Rows, lang: Lang) -> Option<String> {
    let all = (0..rows.time.len()).filter(|at| has_value(rows, *at));
    let count = all.filter(|at| !is_known(rows, *at)).count();
    (count > 0).then(|| match lang {
        Lang::En => {
            let (observations, is) =
                (counted(count, "observation", "observations"), if count == 1 { "is" } else { "are" });
            format!("{observations} {is} not shown: whose, or of which group, is missing.")
        }
        Lang::Ja => format!("対象または群が欠測の観測値{count}個は示していない。"),
    })
}

/// The groups in the order of a factor's levels, as in charts of means.
fn groups(rows: &Rows) -> Result<Vec<Group<'_>>, Missing> {
    if rows.group.is_empty() {
        let known = (0..rows.time.len()).filter(|at| is_known(rows, *at)).collect();
        return Ok(vec![Group { name: "", rows: known, place: None }]);
    }
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut of: std::collections::HashMap<&str, &str> = std::collections::HashMap::new();
    for (at, name) in rows.group.iter().enumerate().filter(|(at, _)| is_known(rows, *at)) {
        let subject = rows.subject[at].as_str();
        if *of.entry(subject).or_insert(name) != name {
            return Err(format!(
                "`{subject}` stands in two groups, `{}` and `{name}`: of a crossover, make a column of subject and group \
                 together and name it with --subject; leave --group out to draw one line for each subject",
                of[subject]
            ));
        }
        match groups.iter().position(|group| group.name == name) {
            Some(place) => groups[place].rows.push(at),
            None if groups.len() == SHAPES.len() => {
                return Err(format!("it has more than {} groups, which cannot be told apart", SHAPES.len()));
            }
            None => {
                groups.push(Group { name, rows: vec![at], place: None });
            }
        }
    }
    let number = |of: &Group<'_>| of.name.rsplit(' ').next().and_then(plain_number).unwrap_or(f64::INFINITY);
    if rows.has_numbered_groups {
        groups.sort_by(|one, other| number(one).total_cmp(&number(other)));
    } else {
        groups.sort_unstable_by_key(|group| group.name);
    }
    for (place, group) in groups.iter_mut().enumerate() {
        group.place = Some(place);
    }
    Ok(groups)
}

/// The points of each subject in order of time, subjects as they first come; several of one time are their mean, as
/// upright strokes would say nothing of a course.
fn by_subject(rows: &Rows, group: &Group<'_>) -> Vec<(String, Vec<(f64, f64)>)> {
    let mut place: std::collections::HashMap<&str, usize> = std::collections::HashMap::new();
    let mut lines: Vec<(String, Vec<(f64, f64)>)> = Vec::new();
    for &at in group.rows.iter().filter(|at| is_there(rows, **at)) {
        let subject = rows.subject[at].as_str();
        let own = *place.entry(subject).or_insert_with(|| {
            lines.push((subject.to_owned(), Vec::new()));
            lines.len() - 1
        });
        lines[own].1.push((rows.time[at], rows.value[at]));
    }
    lines.iter_mut().for_each(|(_, points)| {
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let at_once = points.chunk_by(|a, b| a.0 == b.0);
        let mean = |of: &[(f64, f64)]| (of[0].0, of.iter().map(|point| point.1).sum::<f64>() / of.len() as f64);
        *points = at_once.map(mean).collect();
    });
    lines
}

fn observed_lines(rows: &Rows, group: &Group<'_>, people: usize, is_fitted: bool, lang: Lang) -> Layer {
    let width = if people > VERY_MANY { 0.5 } else { 1.0 };
    let name = say(lang, "Each individual as observed", "各対象の実測値");
    let (name, ink) = match group.place {
        None => (name, if people > MANY { Ink::Shade(3) } else { Ink::Reference }),
        // Behind a fit the lines recede; without one they are what there is to see.
        Some(place) if is_fitted => (named(&name, group, lang), Ink::Faint(place)),
        Some(place) => (named(&name, group, lang), Ink::Series(place)),
    };
    let lines = Layer::lines(name, ink, width, by_subject(rows, group));
    if group.place.is_none() { lines.listed() } else { lines }
}

fn named(what: &str, group: &Group<'_>, lang: Lang) -> String {
    match (group.place, lang) {
        (None, _) => what.to_owned(),
        (Some(_), Lang::En) => format!("{}: {what}", group.name),
        (Some(_), Lang::Ja) => format!("{}：{what}", group.name),
    }
}

/// A mark of the group at each observation, or at the last one of each individual where these are many: colours alone do
/// not tell groups apart on paper.
fn marks(rows: &Rows, group: &Group<'_>, people: usize) -> Option<Layer> {
    let place = group.place?;
    let dot = |(x, y): (f64, f64), subject: String| Dot::new(x, y, if people > VERY_MANY { 2.2 } else { 2.8 }, subject);
    let dots = if people > MANY {
        let ends = by_subject(rows, group).into_iter();
        ends.filter_map(|(subject, points)| Some(dot(*points.last()?, subject))).collect()
    } else {
        let there = group.rows.iter().filter(|at| is_there(rows, **at));
        there.map(|&at| dot((rows.time[at], rows.value[at]), rows.subject[at].clone())).collect()
    };
    Some(Layer::dots(group.name, Ink::Series(place), SHAPES[place], dots).listed())
}

/// The fitted mean of a group at each time with its band; rows of one time share one prediction, or the
/// chart is refused.
fn population(
    rows: &Rows,
    group: &Group<'_>,
    predicted: &[Predicted],
    Model { link, level }: Model,
    lang: Lang,
) -> Result<[Vec<Layer>; 2], Missing> {
    let z = normal_critical(level);
    let of_row = |&at: &usize| {
        let one = &predicted[at];
        let mean = one.population?;
        // What the degrees of freedom make of it stands in the document; older ones have none.
        let ci =
            one.ci.map_or_else(|| one.se.map(|se| [mean - z * se, mean + z * se]), |[low, high]| Some([low?, high?]));
        Some((rows.time[at], mean, ci))
    };
    let mut points: Vec<(f64, f64, Option<[f64; 2]>)> =
        group.rows.iter().filter(|at| rows.time[**at].is_finite()).filter_map(of_row).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let largest = points.iter().map(|point| point.1.abs()).fold(0.0, f64::max);
    let differs = |pair: &[(f64, f64, Option<[f64; 2]>)]| {
        pair[0].0 == pair[1].0 && (pair[0].1 - pair[1].1).abs() > 1e-9 * largest
    };
    if points.windows(2).any(differs) {
        return Err("people of one time have different fitted means, so that no one line is the model's: of a model \
                    with groups, name their column with --group; with other covariates (age, the baseline), draw the \
                    means at their typical values, `reffect fit … --emmeans FACTOR:FACTOR --json | reffect plot \
                    means -`"
            .to_owned());
    }
    points.dedup_by(|a, b| a.0 == b.0);
    // Links rise with the mean, so that the ends of a band stay its ends.
    let shown = |value: f64| link.inverse(value);
    let ends = points.iter().filter_map(|(x, _, ci)| ci.map(|[low, high]| (*x, shown(low), shown(high))));
    let band: Vec<(f64, f64, f64)> = ends.collect();
    let curve: Vec<(f64, f64)> = points.iter().map(|(x, mean, _)| (*x, shown(*mean))).collect();
    let ci = level_in(lang, level);
    let name = match lang {
        Lang::En => format!("{ci} band of the mean"),
        Lang::Ja => format!("平均の{ci}信頼帯"),
    };
    let series = group.place.unwrap_or(0);
    let mean = match link {
        Link::Identity => say(lang, "Model, population", "モデル（集団平均）"),
        _ => say(lang, "Model, random effects 0", "モデル（変量効果 0）"),
    };
    let ink = Ink::Series(series);
    let band = match group.place {
        _ if band.is_empty() => Vec::new(),
        None => vec![Layer::band(name, Ink::Tint(0), band).listed()],
        Some(_) if band.len() == 1 => {
            let span = |&(at, lower, upper): &(f64, f64, f64)| Span { at, lower, upper, name: group.name.to_owned() };
            let spans = band.iter().map(span).collect();
            vec![Layer::upright(named(&name, group, lang), ink, 1.0, spans)]
        }
        // Areas would hide one another.
        Some(_) => {
            let edge = |of: fn(&(f64, f64, f64)) -> (f64, f64)| {
                Layer::dashed(named(&name, group, lang), ink, 1.0, band.iter().map(of).collect())
            };
            vec![edge(|(x, low, _)| (*x, *low)), edge(|(x, _, high)| (*x, *high))]
        }
    };
    let line = Layer::curve(named(&mean, group, lang), ink, 2.6, curve.clone());
    let curves = match group.place {
        None => vec![line.listed()],
        Some(place) => {
            let dots = apart(&curve).map(|(x, y)| Dot::new(x, y, 4.2, group.name)).collect();
            vec![line, Layer::dots(named(&mean, group, lang), ink, SHAPES[place], dots).listed()]
        }
    };
    Ok([band, curves])
}

/// Points that marks do not run together at: irregular visits have many times.
fn apart(curve: &[(f64, f64)]) -> impl Iterator<Item = (f64, f64)> {
    let range = curve.last().map_or(0.0, |last| last.0) - curve.first().map_or(0.0, |first| first.0);
    let mut last = f64::NEG_INFINITY;
    curve.iter().copied().filter(move |(x, _)| {
        let is_apart = x - last >= 0.05 * range;
        last = if is_apart { *x } else { last };
        is_apart
    })
}
