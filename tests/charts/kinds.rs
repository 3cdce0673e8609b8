//! Charts of every kind, for tests: made of plain and of hostile labels.

use reffect::chart::{Chart, Forest, ForestPanels, Icons, Plane};
use reffect::effect::contrast::ContrastOptions;
use reffect::effect::of_release::{ReleaseEffects, effects, effects_of_all};
use reffect::numeric::interval::Interval;
use reffect::numeric::rounding::Rounding;
use reffect::read::Dataset;
use reffect::report::plots::{self, Arms, Arrangement, CountsResult, FitResult, Look, MetaResult, ProfileResult, Rows};
use reffect::reported::{Lang, Release};
use serde_json::json;

/// A chart that tests can look into.
pub enum Kind {
    Plane(Plane),
    Forest(Forest),
    Panels(ForestPanels),
    Icons(Icons),
}

impl Kind {
    pub fn chart(&self) -> &dyn Chart {
        match self {
            Kind::Plane(chart) => chart,
            Kind::Forest(chart) => chart,
            Kind::Panels(chart) => chart,
            Kind::Icons(chart) => chart,
        }
    }
}

impl From<Plane> for Kind {
    fn from(chart: Plane) -> Self {
        Kind::Plane(chart)
    }
}

impl From<Forest> for Kind {
    fn from(chart: Forest) -> Self {
        Kind::Forest(chart)
    }
}

impl From<ForestPanels> for Kind {
    fn from(chart: ForestPanels) -> Self {
        Kind::Panels(chart)
    }
}

impl From<Icons> for Kind {
    fn from(chart: Icons) -> Self {
        Kind::Icons(chart)
    }
}

/// Labels that break careless layouts; all can be drawn.
pub fn hostile(at: usize) -> String {
    match at % 6 {
        0 => "Studyofaverylongnamewithoutanyspacethatcouldbebrokenanywhereatallinitswholelength".to_owned(),
        1 => "A <b> & \"c\" > d'e \u{202E}reversed".to_owned(),
        2 => String::new(),
        3 => "多施設共同無作為化比較試験における長い研究名（第Ⅲ相、２０２４年、日本語）のとても長い例".to_owned(),
        4 => "x\ty\n z".to_owned(),
        _ => "Ærø–Ångström & Müller-Lüdenscheid et al. 1999, a trial with a long and windy name".to_owned(),
    }
}

pub fn plain(at: usize) -> String {
    format!("Study {}", at + 1)
}

/// A meta-analysis as its document says it, of studies with these names.
pub fn meta(name: impl Fn(usize) -> String, k: usize) -> MetaResult {
    let at = |i: usize| i as f64 / k as f64;
    let yi = |i: usize| -1.5 + 2.2 * at((i * 7) % k);
    let vi = |i: usize| 0.01 + 0.5 * at((i * 5) % k) * at((i * 5) % k);
    let studies: Vec<_> = (0..k)
        .map(|i| {
            let half = 1.96 * f64::sqrt(vi(i));
            json!({ "slab": name(i), "yi": yi(i), "vi": vi(i), "sei": vi(i).sqrt(), "ci": [yi(i) - half, yi(i) + half],
                "weight": 100.0 / k as f64 * (0.2 + 1.6 * at(i)), "x": { "intrcpt": 1.0, "dose": 10.0 * at((i * 3) % k) },
                "subgroup": name(i % 2) })
        })
        .collect();
    let refits: Vec<_> = (0..k)
        .map(|i| json!({ "study": name(i), "k": k - 1, "estimate": -0.5 + 0.01 * at(i), "ci": [-0.9, -0.1 - 0.05 * at(i)], "p": 0.01, "I2": 60.0 }))
        .collect();
    let group = |i: usize| json!({ "level": name(i), "k": k / 2, "QE": 12.3, "estimate": -0.6 + 0.2 * at(i), "ci": [-1.0, -0.1], "tau2": 0.1, "I2": 50.0 });
    serde_json::from_value(json!({
        "k": k, "method": "REML", "level": 0.95, "tau2": 0.2, "I2": 65.0, "QE": 40.2, "QE_df": k - 1, "QE_p": 0.0001,
        "coefficients": [{ "name": "intrcpt", "estimate": -0.5, "se": 0.18, "statistic": -2.8, "p": 0.005, "ci": [-0.85, -0.15] }],
        "prediction": [-1.6, 0.6], "studies": studies, "leave_one_out": refits, "cumulative": refits,
        "subgroup": { "groups": [group(0), group(1)], "QB": 1.2, "QB_df": 1.0, "QB_p": 0.27 },
        "influence": (0..k).map(|i| json!({ "rstudent": -2.4 + 4.5 * at(i) })).collect::<Vec<_>>(),
        "baujat": (0..k).map(|i| json!({ "x": 3.0 * at((i * 3) % k), "y": at((i * 7) % k) })).collect::<Vec<_>>(),
        "trimfill": { "k0": 2.0, "coefficients": [{ "name": "intrcpt", "estimate": -0.3, "se": null, "statistic": null, "p": null, "ci": null }],
            "filled": [{ "yi": 0.9, "vi": 0.2 }, { "yi": 1.1, "vi": 0.3 }] },
        "gosh": (0..80).map(|i| json!({ "estimate": -1.0 + 0.01 * f64::from(i), "I2": f64::from(i) })).collect::<Vec<_>>(),
    }))
    .unwrap()
}

/// The same with a moderator.
pub fn regression_of(mut result: MetaResult) -> MetaResult {
    let slope =
        json!({ "name": "dose", "estimate": 0.04, "se": 0.02, "statistic": 2.0, "p": 0.046, "ci": [0.0008, 0.0792] });
    result.coefficients.push(serde_json::from_value(slope).unwrap());
    result.vcov = vec![vec![Some(0.03), Some(-0.002)], vec![Some(-0.002), Some(0.0004)]];
    result
}

pub fn look(lang: Lang, ratio: bool, side: &str) -> Look {
    let sides =
        if side.is_empty() { [String::new(), String::new()] } else { [format!("← {side}"), format!("{side} →")] };
    Look {
        decimals: None,
        back: Default::default(),
        percent: false,
        lang,
        ratio,
        effect: String::new(),
        sides,
        one_group: false,
        bounds: None,
        limits: None,
        title: String::new(),
        source: String::new(),
    }
}

pub fn rows(name: impl Fn(usize) -> String, people: usize, visits: usize) -> Rows {
    let all = || (0..people).flat_map(|person| (0..visits).map(move |visit| (person, visit)));
    Rows {
        subject: all().map(|(person, _)| format!("{}{person}", name(person))).collect(),
        time: all().map(|(_, visit)| visit as f64).collect(),
        value: all()
            .map(|(person, visit)| {
                40.0 - 0.5 * visit as f64 + (person * 13 % 17) as f64 * 0.7 + ((person + visit) % 3) as f64
            })
            .collect(),
        response: "score".to_owned(),
        time_name: "month".to_owned(),
        change_at: Some(visits as f64 / 2.0),
        group: Vec::new(),
        has_numbered_groups: false,
    }
}

pub fn fit(name: impl Fn(usize) -> String, people: usize, visits: usize) -> FitResult {
    let all = (0..people).flat_map(|person| (0..visits).map(move |visit| (person, visit)));
    let predict: Vec<_> = all
        .map(|(person, visit)| {
            let population = 46.0 - 0.5 * visit as f64;
            json!({ "population": population, "conditional": population + (person % 5) as f64, "se": 0.8 })
        })
        .collect();
    let levels: Vec<_> = (0..people)
        .map(|person| json!({ "level": name(person), "(Intercept)": (person * 7 % 11) as f64 - 5.0, "se": { "(Intercept)": 1.1 } }))
        .collect();
    serde_json::from_value(json!({ "n": people * visits, "level": 0.95, "sigma": 2.0, "predict": predict, "ranef": { "patient": levels } })).unwrap()
}

/// A model with means by three factors, whose levels are named.
fn of_means(name: impl Fn(usize) -> String) -> FitResult {
    let cells = (0..2).flat_map(|sex| (0..3).flat_map(move |arm| (0..5).map(move |visit| (sex, arm, visit))));
    let mean = |(sex, arm, visit): (usize, usize, usize)| {
        let estimate = 46.0 - 0.5 * (visit * (arm + 1)) as f64 + sex as f64;
        json!({ "level": "", "estimate": estimate, "ci": [estimate - 1.5, estimate + 1.5],
            "levels": { "arm": format!("{}{arm}", name(arm + 1)), "visit": format!("{}{visit}", name(visit)), "sex": format!("{}{sex}", name(sex + 3)) } })
    };
    let means: Vec<_> = cells.map(mean).collect();
    let formula = format!("`{}` ~ 1", name(5));
    serde_json::from_value(json!({ "formula": formula, "n": 99, "level": 0.95, "emmeans": means })).unwrap()
}

pub fn releases() -> Vec<Release> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/data");
    Dataset::load(root).unwrap().releases().to_vec()
}

pub fn nmo() -> (Release, ReleaseEffects) {
    let release = releases().into_iter().find(|release| release.id.starts_with("nmo")).unwrap();
    let computed = effects(&release, &ContrastOptions::default(), Default::default());
    (release, computed)
}

/// What trials compare between their arms, under the labels given. Values before and after have charts of their own,
/// and no more rows find place on a small picture.
pub fn two_arms(name: fn(usize) -> String) -> Vec<Release> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/trials");
    let mut releases = Dataset::load(folder).unwrap().releases().to_vec();
    for release in &mut releases {
        release.estimates.retain(|estimate| estimate.versus.is_some());
        release.outcomes.retain(|outcome| outcome.results.iter().all(|row| row.cells.len() < 2));
        let outcomes = release.outcomes.iter_mut().map(|outcome| &mut outcome.label);
        let effects = release.estimates.iter_mut().map(|estimate| &mut estimate.label);
        let arms = release.arms.iter_mut().map(|arm| &mut arm.label);
        for (at, label) in outcomes.chain(arms).chain(effects).enumerate() {
            label.en = name(at);
            label.ja = name(at);
        }
    }
    releases
}

pub fn rate_counts() -> CountsResult {
    serde_json::from_value(json!({
        "rates": [
            { "events": 20.0, "time": 7.0, "estimate": 2.857, "intervals": { "garwood": [1.745, 4.413] } },
            { "events": 0.0, "time": 7.0, "estimate": 0.0, "intervals": { "garwood": [0.0, 0.527] } },
        ],
        "rate_ratio": { "estimate": 6.67, "intervals": { "exact": [1.98, null], "mid-p": [2.2, 28.0], "wald": [0.0, 22.0] }, "p": { "exact": 0.0005 } },
        "level": 0.95,
    }))
    .unwrap()
}

pub type Drawn = (String, Kind);

/// Every kind, in one language, with labels of one kind.
pub fn all(lang: Lang, name: fn(usize) -> String, what: &str) -> Vec<Drawn> {
    let result = meta(name, 12);
    let side = name(5);
    let mut charts: Vec<Drawn> = Vec::new();
    let mut put = |kind: &str, chart: Kind| charts.push((format!("{kind} {lang:?} {what}"), chart));
    for ratio in [false, true] {
        let look = look(lang, ratio, &side);
        let mut wide = result.clone();
        wide.columns = vec![(name(1), (0..12).map(|i| format!("{i}/100")).collect())];
        put("forest of groups", (plots::forest(&wide, &look).unwrap()).into());
        wide.subgroup = None;
        put("forest", (plots::forest(&wide, &look).unwrap()).into());
        put("funnel", (plots::funnel(&result, &look).unwrap()).into());
        put("radial", (plots::radial(&result, &look).unwrap()).into());
        put("baujat", (plots::baujat(&result, &look).unwrap()).into());
        put("gosh", (plots::gosh(&result, &look).unwrap()).into());
        put("qq", (plots::qq(&result, &look).unwrap()).into());
        put("cumulative", (plots::cumulative(&result, &look).unwrap()).into());
        put("leave-one-out", (plots::leave_one_out(&result, &look).unwrap()).into());
        put("regression", (plots::regression(&regression_of(result.clone()), &look, None).unwrap()).into());
        let arms: Vec<Arms> = (0..12)
            .map(|i| Arms {
                name: name(i),
                treated: i as f64 / 60.0,
                control: (i * 5 % 12) as f64 / 40.0,
                size: 50.0 + 40.0 * i as f64,
            })
            .collect();
        put("labbe", (plots::labbe(&arms, &result, if ratio { "RR" } else { "RD" }, &look).unwrap()).into());
        let curve: Vec<(f64, f64)> =
            (0..40).map(|i| (0.03 * f64::from(i), -12.0 - (0.03 * f64::from(i) - 0.2).powi(2) * 9.0)).collect();
        put(
            "profile",
            (plots::likelihood(&curve, Interval { lower: 0.0, upper: 0.66 }, &result, 1.92, &look).unwrap()).into(),
        );
    }
    put("trajectory", (plots::trajectory(&rows(name, 20, 8), Some(&fit(name, 20, 8)), lang).unwrap()).into());
    let mut grouped = rows(name, 20, 8);
    grouped.group = (0..160).map(|row| format!("{}{}", name(5), (row / 8) % 3)).collect();
    put("trajectory of groups", (plots::trajectory(&grouped, Some(&fit(name, 20, 8)), lang).unwrap()).into());
    put("trajectory of groups as observed", (plots::trajectory(&grouped, None, lang).unwrap()).into());
    let profile: ProfileResult = serde_json::from_value(json!({ "n": 10, "profile": (0..5).map(|parameter| json!({
        "parameter": name(parameter), "points": (-20..=20).map(|step| json!({ "value": f64::from(step) * 0.3, "zeta": f64::from(step) * 0.15 }))
            .collect::<Vec<_>>() })).collect::<Vec<_>>() })).unwrap();
    put("profile of a fit", (plots::zeta(&profile, lang).unwrap()).into());
    put("caterpillar", (plots::caterpillar(&fit(name, 12, 4), None, None, lang).unwrap()).into());
    put("means", plots::means(&of_means(name), None, None, lang).unwrap().into());
    put("residuals", (plots::residuals(&rows(name, 12, 4), &fit(name, 12, 4), lang).unwrap()).into());
    put("rate", (plots::rates(&rate_counts(), &[name(0), name(5)], &name(5), lang).unwrap()).into());
    let proportion: CountsResult = serde_json::from_value(json!({ "proportion": { "k": 83, "n": 150, "level": 0.95,
        "intervals": { "wilson": [0.47, 0.63], "clopper-pearson": [0.47, 0.64], "mid-p": [0.47, 0.63], "jeffreys": [0.47, 0.63] } } })).unwrap();
    put("proportion", (plots::proportions_of_json(&proportion, lang, &name(5)).unwrap()).into());
    let (mut release, computed) = nmo();
    if what == "hostile" {
        for (at, outcome) in release.outcomes.iter_mut().enumerate() {
            outcome.label.en = name(at);
            outcome.label.ja = name(at);
        }
    }
    let computed = [(&release, computed)];
    let effects = &computed[0].1;
    put("proportions", (plots::proportions_of_releases(&computed, 0.95, Rounding::default(), lang).unwrap()).into());
    put("rounding", (plots::rounding(&release, effects, lang).unwrap()).into());
    for arrangement in [Arrangement::GardnerAltman, Arrangement::Cumming] {
        put("estimation", (plots::estimation(&release, effects, arrangement, lang).unwrap()).into());
    }
    let trials = two_arms(name);
    let arms = effects_of_all(&trials, &ContrastOptions::default(), Default::default());
    put("between-arms", plots::between_arms(&arms, lang).unwrap().into());
    let trials: Vec<&Release> = trials.iter().collect();
    put("reported", plots::reported(&trials, Default::default(), lang).unwrap().into());
    let between = reffect::numeric::interval::Interval { lower: -0.8, upper: 0.7 };
    let feasible = |_: &_| Some(reffect::report::plots::PossibleR::Between(between));
    put("sensitivity", (plots::sensitivity(&release, effects, feasible, lang).unwrap()).into());
    charts
}
