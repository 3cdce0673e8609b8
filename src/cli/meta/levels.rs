//! `reffect meta --random` and `--cluster`: effects that depend on each other.

use super::args::MetaArgs;
use super::csv::{csv_of, refuse_empty_table};
use super::given::with_given;
use super::input::{Studies, inner_column, labels, numbers, places_in_blocks};
use super::known::{in_r as known_in_r, refuse_without_term, twins_in_r, with_known};
use super::levels_around::Asked;
use super::refusals::Kind;
use super::shown::shown;
use crate::cli::args::Common;
use crate::cli::failure::Failure;
use crate::cli::output::{Outputs, tell_notes_beside_csv, write_results};
use crate::formula::RandomTerm;
use crate::meta::levels::LevelOrder;
use crate::meta::multilevel::{
    Component, Inner, Multilevel, SamplingCovariance, Structure, random_effects, robust, robust_univariate,
    weights_of_rows,
};
use crate::meta::{Estimator, Fit, Tau2Interval, Test};
use crate::numeric::numeral::plain_number;
use crate::report::json::meta_multilevel as json;
use crate::report::meta::around::Unavailable;
use crate::report::meta::multilevel::{self as text, MultilevelResults, SharedErrors};
use crate::report::meta::multilevel_around::LevelsAround;
use crate::report::r_call::{self, Levels, Sampling};
use std::cell::LazyCell;
use std::cmp::Ordering;

/// The fit with robust tests where `--cluster` asks for them.
pub fn made_robust(args: &MetaArgs, studies: &Studies, fit: Fit) -> Result<Fit, Failure> {
    let Some(column) = &args.levels.cluster else { return Ok(fit) };
    let (clusters, _) = levels(studies, &[column.as_str()])?;
    Ok(robust_univariate(&studies.problem, &fit, &clusters, args.levels.vcov)?.applied(fit))
}

pub fn run(args: &MetaArgs, studies: &Studies, common: &Common) -> Result<(), Failure> {
    refuse(args)?;
    let problem = &studies.problem;
    let mut input_notes = Vec::new();
    let components = with_given(args, all_components(args, studies, &args.levels.random, &mut input_notes)?)?;
    refuse_without_term(args, &components)?;
    let parameters: usize = components.iter().map(Component::estimated).sum();
    let model = Multilevel {
        components,
        v: sampling(args, studies)?,
        restricted: args.model.method == Estimator::Reml,
        test: args.model.test,
        level: common.level,
        profile: problem.k() <= MOST_PROFILED && parameters <= MOST_PARAMETERS,
    };
    let clusters = clusters(args, studies, &model)?;
    let plain = model.fit(problem)?;
    let random = if args.levels.ranef { Some(random_effects(&model, problem, &plain)?) } else { None };
    let weights = weights_of_rows(&model, problem, &plain)?;
    let asked = Asked { args, studies, model: &model, plain: &plain };
    let fit = match &clusters {
        Some(clusters) => robust(&model, problem, &plain, clusters, args.levels.vcov)?.applied_to(plain.clone()),
        None => plain.clone(),
    };
    let around = asked.around(&fit)?;
    let has_variances = !model.components.is_empty();
    let prediction = (problem.is_intercept_only() && has_variances)
        .then(|| fit.predict(&[1.0], &[], args.model.pi_type))
        .transpose()?;
    let shown = shown(args, studies)?;
    let mut notes = studies.notes.clone();
    notes.extend(input_notes);
    notes.extend(shown.note());
    notes.extend(fit.notes.iter().cloned());
    notes.extend(asked.notes(prediction, &around));
    notes.extend(notes_without_profile(args, &model, &around, common)?);
    let i2 = fit.i2(&model.components);
    notes.extend(has_variances.then(|| note_on_i2(i2.is_some()).to_owned()));
    let results = MultilevelResults {
        model: &model,
        fit: &fit,
        problem,
        slab: &studies.slab,
        moderators: &studies.moderators,
        omitted: &studies.omitted,
        weights: &weights,
        prediction,
        pi_type: args.model.pi_type,
        random,
        around: &around,
        r_call: r_call(args, studies, &model.components, common.level),
        notes,
        i2,
        measure: args.counts.code(),
        transformation: shown.transformation,
        sizes: &shown.sizes,
        shared: &shared_errors(studies),
        facts: &studies.facts,
    };
    let whole = LazyCell::new(|| json::document(&results));
    tell_notes_beside_csv(&whole, common);
    let outputs = Outputs {
        document: &|| text::document(&results),
        json: &|| json::document(&results),
        csv: &|| csv_of(args, &whole, &results.fit.coefficients, problem),
    };
    write_results(&outputs, args.output.as_deref(), common)
}

/// Why variances and correlations have no intervals, and why there is no profile that was asked for.
fn notes_without_profile(
    args: &MetaArgs,
    model: &Multilevel,
    around: &LevelsAround,
    common: &Common,
) -> Result<Vec<String>, Failure> {
    let too_many = (!model.profile).then(|| {
        format!(
            "variances and correlations have no intervals for more than {MOST_PROFILED} effects or {MOST_PARAMETERS} \
             parameters"
        )
    });
    let mut notes: Vec<String> = too_many.clone().into_iter().collect();
    if args.around.profile && around.profile.is_none() {
        let reason = too_many.unwrap_or_else(|| "no variance and no correlation is estimated".to_owned());
        let of = Unavailable { flag: "--profile", reason };
        refuse_empty_table(args, common, std::slice::from_ref(&of))?;
        notes.push(of.to_string());
    }
    Ok(notes)
}

/// What I² are, or why there are none.
fn note_on_i2(is_known: bool) -> &'static str {
    if is_known {
        "I² are the shares of the random effects beside the typical variance of a sampling error, (k − p)/tr P (Higgins and \
         Thompson 2002; Nakagawa and Santos 2012; Cheung 2014), in I2_levels of --json"
    } else {
        "I² and H² are made for one variance of each random effect, and are left out here: this model has several of one"
    }
}

/// The call of R that fits the same.
fn r_call(args: &MetaArgs, studies: &Studies, components: &[Component], level: f64) -> String {
    let (of, table) = (&args.levels, &args.table);
    let [cluster, time] = [&of.v_cluster, &of.v_time].map(|column| column.as_deref().map(|name| table.in_file(name)));
    let columns: Vec<String> = of.v_block.iter().map(|column| table.in_file(column).to_owned()).collect();
    let pairs = studies.shared.as_ref().map_or_else(Vec::new, |shared| shared.pairs_in_r(&kept_in_r(args, studies)));
    let sampling = match (cluster, of.v_rho, of.v_phi, time) {
        (Some(cluster), Some(rho), ..) => Sampling::Correlation { cluster, rho },
        (Some(cluster), _, Some(phi), Some(time)) => Sampling::Autocorrelation { cluster, time, phi },
        (Some(cluster), ..) => Sampling::Columns { cluster, columns: &columns },
        _ if !pairs.is_empty() => Sampling::Pairs(&pairs),
        _ => Sampling::Independent,
    };
    let mut random: Vec<String> = of.random.iter().map(|formula| r_call::in_file(formula, &table.map)).collect();
    let twins = twins_in_r(args, &mut random);
    let call = r_call::multilevel(
        &studies.source,
        &Levels {
            random: &random,
            structure: of.structure.map(Structure::name),
            known: known_in_r(args),
            given: r_call::given_of(components),
            mods: args.model.mods.as_ref().map(|mods| r_call::in_file(mods, &table.map)).as_deref(),
            sampling,
            method: args.model.method.name(),
            test: args.model.test,
            level,
        },
    );
    let call = args.of_its_rows(call, &studies.source.incomplete);
    let call = if twins.is_empty() { call } else { format!("local({{ {twins}{call} }})") };
    r_call::robust(call, of.cluster.as_deref().map(|column| (table.in_file(column), of.vcov)))
}

/// The covariances of the rows that are analysed and share a group.
fn shared_errors(studies: &Studies) -> Vec<SharedErrors> {
    let place = |row: &usize| studies.rows.binary_search(row).ok();
    let one = |((i, j), covariance): (&(usize, usize), &f64)| {
        Some(SharedErrors { rows: (place(i)?, place(j)?), covariance: *covariance })
    };
    let all = studies.shared.iter().flat_map(|shared| &shared.covariances);
    all.filter(|((i, j), _)| i != j).filter_map(one).collect()
}

/// For each row of the table the number that R gives it, where rows without a moderator are left out.
fn kept_in_r(args: &MetaArgs, studies: &Studies) -> Vec<Option<usize>> {
    let lacks = args.model.formula().ok().and_then(|formula| formula.terms.missing(&studies.frame).ok());
    let mut next = 0;
    let number = |row: usize| {
        let is_kept = lacks.as_ref().is_none_or(|lacks| lacks[row].is_none());
        next += usize::from(is_kept);
        is_kept.then_some(next)
    };
    (0..studies.frame.len()).map(number).collect()
}

/// The components of several random formulas together.
pub(super) fn all_components(
    args: &MetaArgs,
    studies: &Studies,
    formulas: &[String],
    notes: &mut Vec<String>,
) -> Result<Vec<Component>, Failure> {
    let mut components = Vec::new();
    for source in formulas {
        components.extend(random_components(args, studies, &RandomTerm::parse(source)?, notes)?);
    }
    if components.iter().filter(|component| component.inner.is_some()).count() > 2 {
        return Err(Failure::call("at most two random terms have a structure", "write the others as \"1 | group\""));
    }
    if let (Some(_), true) = (args.levels.structure, components.iter().all(|component| component.inner.is_none())) {
        return Err(Failure::call(
            "--struct belongs to random terms such as \"outcome | trial\", and there is none",
            "leave it out: the effects of \"1 | group\" have one variance each",
        ));
    }
    with_known(args, components)
}

/// The clusters of `--cluster`, which cut through no effects that depend on each other.
fn clusters(args: &MetaArgs, studies: &Studies, model: &Multilevel) -> Result<Option<Vec<usize>>, Failure> {
    let Some(column) = &args.levels.cluster else { return Ok(None) };
    let (clusters, _) = levels(studies, &[column.as_str()])?;
    model.check_clusters(&studies.problem, &clusters)?;
    Ok(Some(clusters))
}

/// Profile-likelihood intervals take many fits.
const MOST_PROFILED: usize = 2000;
const MOST_PARAMETERS: usize = 12;

fn refuse(args: &MetaArgs) -> Result<(), Failure> {
    let model = &args.model;
    let refused = |what: &str, hint: &str| Err(Failure::call(what, hint));
    let is_fixed = args.levels.random.is_empty();
    if is_fixed { Kind::Sampling } else { Kind::Levels }.refuse(args)?;
    let of_errors = if args.levels.v_shared.is_some() { "--v-shared" } else { "--v-cluster" };
    let flag = if is_fixed { of_errors } else { "--random" };
    // Without random effects the effects are fixed ones, as FE says.
    let is_what_is_fitted = is_fixed && model.method.is_common();
    if !matches!(model.method, Estimator::Reml | Estimator::Ml) && !is_what_is_fitted {
        return match is_fixed {
            true => refused(
                &format!("--method {} does not go with {of_errors}, whose effects are fixed", model.method.name()),
                "leave it out for fixed effects, or give random ones: --random \"1 | STUDY\"",
            ),
            false => refused("--random takes the method REML or ML", "leave --method out for REML"),
        };
    }
    if !matches!(model.test, Test::Z | Test::T) {
        return refused(
            &format!("{flag} takes the test z or t"),
            "--cluster COLUMN --vcov CR2 is sound for few clusters",
        );
    }
    if model.weights.is_some() || model.unweighted {
        return refused(&format!("{flag} takes no weights"), "leave them out");
    }
    if is_fixed && !model.tau2.is_empty() {
        let what = format!("the effects of {of_errors} without --random are fixed, and have no tau2");
        return refused(&what, "leave --tau2 out");
    }
    if model.tau2_ci == Tau2Interval::GeneralisedQ {
        return refused(
            "--tau2-ci GENQ belongs to one tau2; the variances of --random have profile-likelihood intervals",
            "leave it out",
        );
    }
    Ok(())
}

/// The level of each row in one column or in several together, and the names of the levels.
pub(super) fn levels(studies: &Studies, columns: &[&str]) -> Result<(Vec<usize>, Vec<String>), Failure> {
    let mut keys: Vec<Vec<String>> = vec![Vec::new(); studies.rows.len()];
    for column in columns {
        for (key, label) in keys.iter_mut().zip(labels(&studies.frame, column, &studies.rows)?) {
            key.push(label);
        }
    }
    let orders: Vec<LevelOrder> =
        (0..columns.len()).map(|at| LevelOrder::of(keys.iter().map(|key| key[at].as_str()))).collect();
    let compare = |a: &Vec<String>, b: &Vec<String>| {
        let by_part = (0..a.len()).map(|at| orders[at].compare(&a[at], &b[at]));
        by_part.fold(Ordering::Equal, Ordering::then)
    };
    let mut names: Vec<&Vec<String>> = keys.iter().collect();
    names.sort_by(|a, b| compare(a, b));
    names.dedup();
    let places = keys.iter().map(|key| names.partition_point(|known| compare(known, key).is_lt())).collect();
    Ok((places, names.into_iter().map(|name| name.join("/")).collect()))
}

/// The components that one random formula stands for.
fn random_components(
    args: &MetaArgs,
    studies: &Studies,
    term: &RandomTerm,
    notes: &mut Vec<String>,
) -> Result<Vec<Component>, Failure> {
    let groupings = term.groupings()?;
    let inner = &term.terms;
    if inner.terms.is_empty() && inner.intercept {
        let mut components = Vec::new();
        for grouping in groupings {
            let columns: Vec<&str> = grouping.iter().map(String::as_str).collect();
            let (groups, names) = levels(studies, &columns)?;
            components.push(Component::intercepts(&columns.join("/"), groups, names));
        }
        return Ok(components);
    }
    let (label, grouping) = match (inner.labels().as_slice(), groupings.as_slice()) {
        ([label], [grouping]) => (label.clone(), grouping.clone()),
        _ => {
            return Err(Failure::call(
                format!("`{}` is no random part that can be fitted", inner.source),
                "write \"1 | group\", \"1 | outer/inner\", or one column before the bar: \"outcome | trial\"",
            ));
        }
    };
    let column = inner_column(&label).to_owned();
    let (values, names) = levels(studies, &[column.as_str()])?;
    let columns: Vec<&str> = grouping.iter().map(String::as_str).collect();
    let (groups, group_names) = levels(studies, &columns)?;
    let structure = args.levels.structure.unwrap_or_default();
    let times: Option<Vec<f64>> = names.iter().map(|name| plain_number(name)).collect();
    if structure.is_temporal() && times.is_none() {
        return Err(Failure::call(
            format!("AR and HAR need times, and `{column}` holds texts"),
            "name a column of numbers",
        ));
    }
    if let (true, Some(times)) = (structure.is_temporal(), &times) {
        let gaps: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        if gaps.iter().any(|gap| (gap - gaps[0]).abs() > 1e-9 * gap.abs()) {
            notes.push(format!(
                "AR and HAR take the levels of {column} as evenly spaced, and these are not ({})",
                names.join(", ")
            ));
        }
    }
    if let ([name], false) = (&names[..], matches!(structure, Structure::Id | Structure::Diag)) {
        notes.push(format!("{column} has one level, {name}: there is one variance and no correlation"));
    }
    let inner = Inner { structure, values, levels: names };
    let name = format!("{column} | {}", columns.join("/"));
    Ok(vec![Component { name, groups, levels: group_names, inner: Some(inner), ..Component::default() }])
}

/// The covariance of the sampling errors.
fn sampling(args: &MetaArgs, studies: &Studies) -> Result<SamplingCovariance, Failure> {
    if let (Some(column), Some(shared)) = (&args.levels.v_shared, &studies.shared) {
        let (clusters, _) = levels(studies, &[column.as_str()])?;
        let (vi, rows) = (&studies.problem.vi, &studies.rows);
        let covariance = |i: usize, j: usize| if i == j { vi[i] } else { shared.of(rows[i], rows[j]) };
        return Ok(SamplingCovariance::from_clusters(clusters, covariance));
    }
    let Some(cluster) = &args.levels.v_cluster else { return Ok(SamplingCovariance::Diagonal) };
    let (clusters, names) = levels(studies, &[cluster.as_str()])?;
    let vi = &studies.problem.vi;
    let picked = |name: &str| -> Result<Vec<f64>, Failure> {
        labels(&studies.frame, name, &studies.rows)?;
        let all = numbers(&studies.frame, name);
        Ok(studies.rows.iter().map(|&row| all[row]).collect())
    };
    let scaled = |i: usize, j: usize, r: f64| if i == j { vi[i] } else { r * (vi[i] * vi[j]).sqrt() };
    if let Some(r) = args.levels.v_rho {
        if !(-1.0..=1.0).contains(&r) {
            return Err(Failure::call("--v-rho is a correlation between −1 and 1", "for example --v-rho 0.6"));
        }
        return Ok(SamplingCovariance::from_clusters(clusters, |i, j| scaled(i, j, r)));
    }
    if let (Some(phi), Some(time)) = (args.levels.v_phi, &args.levels.v_time) {
        if !(0.0..=1.0).contains(&phi) {
            return Err(Failure::call("--v-phi is a correlation between 0 and 1", "for example --v-phi 0.8"));
        }
        let times = picked(time)?;
        return Ok(SamplingCovariance::from_clusters(clusters, |i, j| {
            scaled(i, j, phi.powf((times[i] - times[j]).abs()))
        }));
    }
    // Rows of small blocks need only the first columns, and have been asked for those.
    let covariances = |name: &String| -> Result<Vec<f64>, Failure> {
        labels(&studies.frame, name, &[])?;
        let all = numbers(&studies.frame, name);
        Ok(studies.rows.iter().map(|&row| all[row]).collect())
    };
    let columns: Vec<Vec<f64>> = args.levels.v_block.iter().map(covariances).collect::<Result<_, _>>()?;
    if columns.is_empty() {
        return Err(Failure::call(
            "--v-cluster alone says nothing of the covariances",
            "give --v-block, --v-rho or --v-phi",
        ));
    }
    let (places, sizes) = places_in_blocks(&studies.frame, cluster);
    let place: Vec<usize> = studies.rows.iter().map(|&row| places[row]).collect();
    if let Some((large, size)) = sizes.iter().find(|(_, size)| **size > columns.len()) {
        let message = format!("{large} has {size} effects, and --v-block names {} columns", columns.len());
        return Err(Failure::call(message, "name as many columns as the largest block has rows"));
    }
    let entry = |i: usize, j: usize| columns[place[j]][i];
    for i in 0..clusters.len() {
        for j in 0..i {
            let is_even = clusters[i] != clusters[j] || (entry(i, j) - entry(j, i)).abs() <= 1e-8 * entry(i, j).abs();
            if !is_even {
                let message = format!("the covariances of {} are not symmetric", names[clusters[i]]);
                return Err(Failure::call(
                    message,
                    "each row of a block holds its covariances with all rows of the block",
                ));
            }
        }
    }
    Ok(SamplingCovariance::from_clusters(clusters, entry))
}
