//! A meta-analysis as charts read it.

use crate::meta::{Coefficient, Fit, PredictionInterval, Problem};
use crate::numeric::dist::normal_critical;
use crate::numeric::interval::Interval;
use crate::numeric::numeral::plain_number;
use crate::report::json::{UP_TO_IT, WITHOUT_IT, finite, weighting};
use crate::report::meta::{Added, Part};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// A meta-analysis as `reffect meta --json` writes it, as far as charts need it.
#[derive(Debug, Clone, Deserialize)]
pub struct MetaResult {
    /// Number of studies.
    pub k: usize,
    /// The method under its code.
    pub method: String,
    /// Level of the intervals.
    pub level: f64,
    /// Variance between studies, where there is one, and not one of each outcome.
    #[serde(deserialize_with = "one_number", default)]
    pub tau2: Option<f64>,
    /// The variances of nested terms, outermost first; also empty where a multivariate model has none.
    pub sigma2: Option<Vec<Option<f64>>>,
    /// The variances of a multilevel model, by name.
    #[serde(default)]
    pub variances: Vec<Variance>,
    /// Share of variance between studies, in percent.
    #[serde(rename = "I2")]
    pub i2: Option<f64>,
    /// The test of the moderators: χ², or F where it has second degrees of freedom.
    #[serde(rename = "QM")]
    pub qm: Option<f64>,
    /// Its degrees of freedom.
    #[serde(rename = "QM_df")]
    pub qm_df: Option<f64>,
    /// Its second degrees of freedom.
    #[serde(rename = "QM_df2")]
    pub qm_df2: Option<f64>,
    /// Its p-value.
    #[serde(rename = "QM_p")]
    pub qm_p: Option<f64>,
    /// Cochran's Q.
    #[serde(rename = "QE")]
    pub qe: Option<f64>,
    /// Its degrees of freedom.
    #[serde(rename = "QE_df")]
    pub qe_df: Option<f64>,
    /// Its p-value.
    #[serde(rename = "QE_p")]
    pub qe_p: Option<f64>,
    /// The coefficients.
    pub coefficients: Vec<Pooled>,
    /// Their covariance.
    #[serde(default)]
    pub vcov: Vec<Vec<Option<f64>>>,
    /// Where the effect of another study is expected.
    pub prediction: Option<[Option<f64>; 2]>,
    /// The measure that was made of each study's numbers.
    #[serde(default)]
    pub measure: Option<String>,
    /// How effects were asked to be shown, such as `exp` or `ilogit`.
    #[serde(default)]
    pub transf: Option<String>,
    /// The size for which pooled effects are taken back, where that counts.
    #[serde(default)]
    pub transf_size: Option<f64>,
    /// Whether τ² depends on what is known of the studies.
    #[serde(default, rename = "scale", deserialize_with = "is_there")]
    pub is_location_scale: bool,
    /// What is to be known of the result.
    #[serde(default)]
    pub notes: Vec<String>,
    /// The call of R that fits the same.
    pub r_call: Option<String>,
    /// The estimator of τ² under its code, or `FE` or `EE`: also of a model of counts, which has a code of its own. As the
    /// five fields after it, none in documents of older versions.
    #[serde(default)]
    pub estimator: Option<String>,
    /// What the weights are: `inverse-variance`, `given` or `equal`.
    #[serde(default)]
    pub weighting: Option<String>,
    /// The variances and correlations that were given and not estimated, such as `tau2`.
    #[serde(default)]
    pub given: Option<Vec<String>>,
    /// The column whose groups make the standard errors robust.
    #[serde(default)]
    pub cluster: Option<String>,
    /// A constant that was added to counts.
    #[serde(default)]
    pub added: Option<Added>,
    /// What was assumed or read into the numbers, which belongs under every chart of them.
    #[serde(default)]
    pub caveats: Option<Vec<String>>,
    /// What was pooled.
    #[serde(default, deserialize_with = "analysed")]
    pub studies: Vec<Study>,
    /// Each group pooled on its own.
    pub subgroup: Option<Subgroup>,
    /// The fit without each study.
    #[serde(default, deserialize_with = "of_analysed")]
    pub leave_one_out: Option<Vec<Refit>>,
    /// The fit with one study more each time.
    #[serde(default, deserialize_with = "of_analysed")]
    pub cumulative: Option<Vec<Refit>>,
    /// What each study does to the fit.
    #[serde(default, deserialize_with = "of_analysed")]
    pub influence: Option<Vec<Influence>>,
    /// The points of the plot of Baujat.
    #[serde(default, deserialize_with = "of_analysed")]
    pub baujat: Option<Vec<Baujat>>,
    /// Studies that trim and fill adds.
    pub trimfill: Option<TrimFill>,
    /// The fits of all subsets of studies.
    pub gosh: Option<Vec<Subset>>,
    /// Whether these are all subsets, and no random ones.
    pub gosh_exact: Option<bool>,
    /// The moderators, as the right-hand side of a formula.
    #[serde(default)]
    pub formula: Option<String>,
    /// Its factors with their levels, the first of which the others are compared with.
    #[serde(default)]
    pub factors: BTreeMap<String, Vec<String>>,
    /// Text columns beside the names of the studies: heading and a text for each study.
    #[serde(skip)]
    pub columns: Vec<(String, Vec<String>)>,
    /// The order of the studies in a forest, where it is not that of the document.
    #[serde(skip)]
    pub order: Option<Vec<usize>>,
}

/// A variance of a multilevel model.
#[derive(Debug, Clone, Deserialize)]
pub struct Variance {
    /// What varies.
    pub name: String,
    /// How much.
    pub estimate: Option<f64>,
}

/// A coefficient.
#[derive(Debug, Clone, Deserialize)]
pub struct Pooled {
    /// Its name.
    pub name: String,
    /// Its value.
    pub estimate: Option<f64>,
    /// Standard error.
    pub se: Option<f64>,
    /// Its z, or its t where it has degrees of freedom.
    pub statistic: Option<f64>,
    /// Degrees of freedom.
    pub df: Option<f64>,
    /// Its p-value.
    pub p: Option<f64>,
    /// Its interval.
    pub ci: Option<[Option<f64>; 2]>,
}

impl Pooled {
    fn of(coefficient: &Coefficient) -> Self {
        Self {
            name: coefficient.name.clone(),
            estimate: finite(coefficient.estimate),
            se: finite(coefficient.se),
            statistic: finite(coefficient.statistic),
            df: coefficient.df,
            p: finite(coefficient.p),
            ci: Some(coefficient.ci.ends().map(finite)),
        }
    }
}

/// The studies that were analysed: the document lists the other rows of the table too, with null for what they lack.
fn analysed<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Study>, D::Error> {
    #[derive(Deserialize)]
    struct Listed {
        yi: Option<f64>,
        vi: Option<f64>,
        ci: Option<[f64; 2]>,
        weight: Option<f64>,
        weight_rowsum: Option<f64>,
        x: Option<BTreeMap<String, f64>>,
        slab: Option<String>,
        subgroup: Option<String>,
        size: Option<f64>,
    }
    let listed = Vec::<Listed>::deserialize(from)?;
    let have_moderators = listed.iter().any(|of| of.x.is_some());
    let study = |of: Listed| {
        let (x, is_analysed) = (of.x.clone().unwrap_or_default(), of.x.is_some() || !have_moderators);
        let (Some(yi), Some(vi), Some(ci), true) = (of.yi, of.vi, of.ci, is_analysed) else { return None };
        // What counts in the pooled effect of effects that go together.
        let (weight, is_share) = (of.weight_rowsum.or(of.weight), of.weight_rowsum.is_some());
        Some(Study { slab: of.slab, yi, vi, ci, weight, is_share, x, subgroup: of.subgroup, size: of.size })
    };
    Ok(listed.into_iter().filter_map(study).collect())
}

/// The same of results of studies: those of rows that were not analysed have a note, and no part in a chart.
fn of_analysed<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Vec<T>>, D::Error> {
    #[derive(Deserialize)]
    struct Noted<T> {
        part: Option<Part>,
        #[serde(default)]
        notes: Vec<String>,
        #[serde(flatten)]
        result: T,
    }
    // In documents of older versions a study without which the others cannot be fitted has a note, too.
    fn is_analysed<T>(of: &Noted<T>) -> bool {
        of.part.map_or_else(|| is_noted_only(&of.notes), |part| part == Part::Analysed)
    }
    fn is_noted_only(notes: &[String]) -> bool {
        notes.iter().all(|note| [WITHOUT_IT, UP_TO_IT].contains(&note.as_str()))
    }
    let all = Option::<Vec<Noted<T>>>::deserialize(from)?;
    Ok(all.map(|all| all.into_iter().filter(is_analysed).map(|one| one.result).collect()))
}

/// One study.
#[derive(Debug, Clone)]
pub struct Study {
    /// Its name.
    pub slab: Option<String>,
    /// Its effect.
    pub yi: f64,
    /// Its sampling variance.
    pub vi: f64,
    /// Its interval.
    pub ci: [f64; 2],
    /// Its weight in percent.
    pub weight: Option<f64>,
    /// Whether the weight is its share in the pooled effect of effects that go together.
    pub is_share: bool,
    /// Its row of the model matrix.
    pub x: BTreeMap<String, f64>,
    /// Its group.
    pub subgroup: Option<String>,
    /// Its patients or its time, where the way back from the scale of its effect needs them.
    pub size: Option<f64>,
}

/// Groups of studies.
#[derive(Debug, Clone, Deserialize)]
pub struct Subgroup {
    /// The column that names them.
    #[serde(default)]
    pub column: Option<String>,
    /// The groups.
    pub groups: Vec<GroupOf>,
    /// Test between them.
    #[serde(rename = "QB")]
    pub qb: Option<f64>,
    /// Its degrees of freedom.
    #[serde(rename = "QB_df")]
    pub qb_df: Option<f64>,
    /// Its p-value.
    #[serde(rename = "QB_p")]
    pub qb_p: Option<f64>,
}

impl Subgroup {
    /// What stands over a group: a number says nothing without the name of its column.
    pub(super) fn heading(&self, level: &str) -> String {
        match &self.column {
            Some(column) if plain_number(level).is_some() => format!("{column}: {level}"),
            _ => level.to_owned(),
        }
    }
}

/// One group of studies.
#[derive(Debug, Clone, Deserialize)]
pub struct GroupOf {
    /// Its name.
    pub level: String,
    /// How many studies it has.
    pub k: Option<usize>,
    /// Pooled effect.
    pub estimate: Option<f64>,
    /// Its interval.
    pub ci: Option<[Option<f64>; 2]>,
    /// Variance between its studies.
    pub tau2: f64,
    /// Share of variance between its studies, in percent.
    #[serde(rename = "I2")]
    pub i2: Option<f64>,
    /// Q in the group.
    #[serde(rename = "QE")]
    pub qe: Option<f64>,
    /// Its degrees of freedom, where they are not those of all its studies.
    #[serde(rename = "QE_df")]
    pub qe_df: Option<f64>,
    /// Its p-value.
    #[serde(rename = "QE_p")]
    pub qe_p: Option<f64>,
}

/// A fit with fewer studies.
#[derive(Debug, Clone, Deserialize)]
pub struct Refit {
    /// The study left out or added.
    pub study: Option<String>,
    /// How many studies it rests on.
    pub k: Option<usize>,
    /// Pooled effect.
    pub estimate: Option<f64>,
    /// Its interval.
    pub ci: Option<[Option<f64>; 2]>,
    /// Its p-value.
    pub p: Option<f64>,
    /// Share of variance between studies, in percent.
    #[serde(rename = "I2")]
    pub i2: Option<f64>,
}

/// What a study does to the fit.
#[derive(Debug, Clone, Deserialize)]
pub struct Influence {
    /// The study, or the group of a multilevel model.
    pub study: Option<String>,
    /// Studentised deleted residual.
    pub rstudent: Option<f64>,
}

/// A point of the plot of Baujat.
#[derive(Debug, Clone, Deserialize)]
pub struct Baujat {
    /// The study.
    pub study: Option<String>,
    /// Contribution to heterogeneity.
    pub x: Option<f64>,
    /// Influence on the pooled effect.
    pub y: Option<f64>,
}

/// Trim and fill.
#[derive(Debug, Clone, Deserialize)]
pub struct TrimFill {
    /// How many studies are missing.
    pub k0: f64,
    /// Pooled effect with the filled studies.
    pub coefficients: Vec<Pooled>,
    /// The filled studies.
    pub filled: Vec<Filled>,
}

/// A study that is filled in.
#[derive(Debug, Clone, Deserialize)]
pub struct Filled {
    /// Its effect.
    pub yi: f64,
    /// Its sampling variance.
    pub vi: f64,
}

/// The fit of a subset of the studies.
#[derive(Debug, Clone, Deserialize)]
pub struct Subset {
    /// Number of its studies; none where the document does not tell it.
    pub k: Option<usize>,
    /// Pooled effect.
    pub estimate: f64,
    /// Share of variance between studies, in percent.
    #[serde(rename = "I2")]
    pub i2: f64,
}

/// Whether anything but null stands there.
fn is_there<'de, D: serde::Deserializer<'de>>(source: D) -> Result<bool, D::Error> {
    Ok(Option::<serde::de::IgnoredAny>::deserialize(source)?.is_some())
}

/// A number; nothing where there is none or a list of them.
fn one_number<'de, D: serde::Deserializer<'de>>(source: D) -> Result<Option<f64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Found {
        One(f64),
        Other(serde::de::IgnoredAny),
    }
    Ok(match Option::<Found>::deserialize(source)? {
        Some(Found::One(value)) => Some(value),
        Some(Found::Other(_)) | None => None,
    })
}

impl MetaResult {
    /// What charts need of a fit; `slab` names the studies in the order of the problem, and may be empty.
    ///
    /// ```
    /// use reffect::chart::{Chart, Style};
    /// use reffect::meta::{Model, Problem};
    /// use reffect::report::plots::{Look, MetaResult, forest};
    ///
    /// let problem = Problem::new(vec![-0.89, -1.59, -1.35], vec![0.326, 0.195, 0.415])?;
    /// let fit = Model::default().fit(&problem)?;
    /// let result = MetaResult::of(&problem, &fit, &["Aronson 1948", "Ferguson 1949", "Rosenthal 1960"].map(str::to_owned));
    /// let chart = forest(&result, &Look { ratio: true, effect: "Risk ratio".to_owned(), ..Look::default() })?;
    /// assert!(chart.svg(&Style::default())?.contains("Ferguson 1949"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(problem: &Problem, fit: &Fit, slab: &[String]) -> Self {
        let z = normal_critical(fit.model.level);
        let study = |at: usize| Study {
            slab: slab.get(at).cloned(),
            yi: problem.yi[at],
            vi: problem.vi[at],
            ci: Interval::around(problem.yi[at], z * problem.vi[at].sqrt()).ends(),
            weight: fit.weight_in_percent(at),
            is_share: false,
            x: problem.names.iter().cloned().zip(problem.columns.iter().map(|column| column[at])).collect(),
            subgroup: None,
            size: None,
        };
        let covariance = &fit.covariance;
        let prediction = fit.prediction(PredictionInterval::default()).and_then(|new| new.pi);
        Self {
            k: fit.k,
            method: fit.model.estimator.name().to_owned(),
            level: fit.model.level,
            tau2: Some(fit.tau2),
            sigma2: None,
            variances: Vec::new(),
            i2: fit.i2.and_then(finite),
            qm: fit.qm.and_then(|test| finite(test.statistic)),
            qm_df: fit.qm.map(|test| test.df),
            qm_df2: fit.qm.and_then(|test| test.df2),
            qm_p: fit.qm.and_then(|test| finite(test.p)),
            qe: finite(fit.qe),
            qe_df: Some(fit.residual_df()),
            qe_p: finite(fit.qe_p),
            coefficients: fit.coefficients.iter().map(Pooled::of).collect(),
            vcov: (0..covariance.rows()).map(|row| covariance.row(row).iter().copied().map(finite).collect()).collect(),
            prediction: prediction.map(|pi| pi.ends().map(finite)),
            measure: None,
            transf: None,
            transf_size: None,
            is_location_scale: false,
            notes: fit.notes.clone(),
            r_call: None,
            estimator: Some(fit.model.estimator.name().to_owned()),
            weighting: Some(weighting(problem, fit).to_owned()),
            given: Some(fit.model.tau2.iter().map(|_| "tau2".to_owned()).collect()),
            cluster: None,
            added: None,
            caveats: Some(Vec::new()),
            studies: (0..problem.k()).map(study).collect(),
            subgroup: None,
            leave_one_out: None,
            cumulative: None,
            influence: None,
            baujat: None,
            trimfill: None,
            gosh: None,
            gosh_exact: None,
            formula: None,
            factors: BTreeMap::new(),
            columns: Vec::new(),
            order: None,
        }
    }

    /// Whether its effects go together by several random terms; a model of counts has beside τ² a variance of the
    /// studies' own levels, and one effect of each study.
    pub(super) fn is_multilevel(&self) -> bool {
        self.sigma2.is_some() && !self.method.starts_with("UM.") && !self.method.starts_with("CM.")
    }

    /// Whether a model of effects whose sampling errors go together has no random effects.
    pub(super) fn has_no_variances(&self) -> bool {
        self.sigma2.as_ref().is_some_and(Vec::is_empty) && self.variances.is_empty()
    }

    /// Whether the weights of effects are their shares in the pooled effect.
    pub(super) fn has_shares(&self) -> bool {
        self.studies.iter().any(|study| study.is_share)
    }

    /// Whether the model has a variance between studies.
    pub(super) fn has_tau2(&self) -> bool {
        let is_common = matches!(self.method.as_str(), "FE" | "EE" | "MH" | "PETO");
        !is_common && !self.has_no_variances() && !matches!(self.estimator(), Some("FE" | "EE"))
    }

    /// Whether effects depend on moderators.
    pub(super) fn is_regression(&self) -> bool {
        self.coefficients.len() > 1 || self.coefficients.first().is_some_and(|one| one.name != "intrcpt")
    }

    /// The only coefficient; none in a regression.
    pub(super) fn pooled(&self) -> Option<(f64, [f64; 2])> {
        let [one] = &self.coefficients[..] else { return None };
        if self.is_regression() {
            return None;
        }
        Some((one.estimate?, both(one.ci)?))
    }

    /// Where the effect of another study is expected; none where nothing is known of τ².
    pub(super) fn prediction_interval(&self) -> Option<[f64; 2]> {
        both(self.prediction).filter(|_| !self.knows_no_tau2())
    }

    /// Whether τ² is 0 for want of anything that would tell it: a model with τ² and no more studies than coefficients.
    pub(super) fn knows_no_tau2(&self) -> bool {
        self.has_tau2() && self.tau2 == Some(0.0) && self.qe_df == Some(0.0)
    }

    pub(super) fn name(&self, at: usize) -> String {
        let slab = self.studies.get(at).and_then(|study| study.slab.clone());
        slab.unwrap_or_else(|| (at + 1).to_string())
    }

    /// The name of a study of which the document says something, which stands there or follows from its place.
    pub(super) fn name_of(&self, study: Option<&String>, at: usize) -> String {
        study.cloned().unwrap_or_else(|| self.name(at))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        (0..self.studies.len()).map(|at| self.name(at))
    }
}

/// A number with its noun.
pub(super) fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// Both ends, where both are there.
pub(super) fn both(ends: Option<[Option<f64>; 2]>) -> Option<[f64; 2]> {
    let [lower, upper] = ends?;
    Some([lower?, upper?])
}
