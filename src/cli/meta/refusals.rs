//! What of `reffect meta` cannot be had together, each with its reason.

use super::args::MetaArgs;
use crate::cli::failure::Failure;
use crate::cli::given::Given;
use crate::effect::measures::{Options, measure};
use crate::meta::bias::FailSafeKind;
use crate::meta::{Estimator, Test};
use crate::report::meta::Transformation;

/// A kind of model with what may surround it.
#[derive(Clone, Copy)]
pub enum Kind {
    /// `--random`.
    Levels,
    /// `--v-cluster` or `--v-shared` without `--random`: fixed effects whose sampling errors depend on each other.
    Sampling,
    /// `--scale`.
    Scale,
    /// `--mh` and `--peto`.
    Counts,
    /// `--glmm`.
    RandomCounts,
}

/// Whether it is of the effects (or counts) alone: no model of the variance between studies has a part in it.
fn is_without_model(flag: &str, args: &MetaArgs) -> bool {
    ["--begg", "--harbord", "--peters"].contains(&flag)
        || flag == "--fsn" && args.bias.fsn_type != FailSafeKind::General
}

impl Kind {
    fn flag(self) -> &'static str {
        match self {
            Self::Levels => "--random",
            Self::Sampling => "--v-cluster",
            Self::Scale => "--scale",
            Self::Counts => "--mh and --peto",
            Self::RandomCounts => "--glmm",
        }
    }

    fn surrounded_by(self) -> &'static [&'static str] {
        match self {
            Self::Levels => &[
                "--predict",
                "--leave-one-out",
                "--influence",
                "--blup",
                "--vif",
                "--compare",
                "--contrast",
                "--btt",
                "--profile",
            ],
            Self::Sampling => {
                &["--predict", "--leave-one-out", "--influence", "--blup", "--vif", "--compare", "--contrast", "--btt"]
            }
            Self::Scale => &["--predict", "--vif", "--contrast", "--btt"],
            Self::Counts => &["--predict", "--leave-one-out", "--cumulative", "--subgroup"],
            Self::RandomCounts => &["--predict", "--vif", "--contrast", "--btt"],
        }
    }

    fn reason(self, flag: &str, args: &MetaArgs) -> &'static str {
        if matches!(self, Self::Scale) && is_without_model(flag, args) {
            return "it takes the effects (or counts) as they are, and no model of tau2 changes it";
        }
        if flag == "--profile" {
            return match self {
                Self::RandomCounts => "the likelihoods of its variance are not kept",
                _ => "there is no single variance between studies whose likelihood could be shown",
            };
        }
        match self {
            Self::Levels => "it is defined for independent effects with one tau2, and --random has neither",
            Self::Sampling => "it is defined for independent effects, and these share sampling errors",
            Self::Scale => "it is defined for one tau2, and --scale gives each study its own",
            Self::Counts => "it takes effects of single studies with variances, and --mh and --peto pool the counts",
            Self::RandomCounts => "it takes effects of single studies with variances, and --glmm models the counts",
        }
    }

    /// What to do instead.
    fn instead(self, flag: &str, args: &MetaArgs) -> &'static str {
        match (self, flag) {
            (Self::Sampling, "--profile") => "leave it out, or give random effects: --random \"1 | STUDY\"",
            (Self::Levels | Self::Sampling, "--egger") => {
                "regress on the standard errors instead: a column of them in --mods"
            }
            (Self::Levels | Self::Sampling, "--subgroup") => {
                "--mods \"0 + COLUMN\" gives each level a mean, and --compare 1 tests them"
            }
            (Self::Levels | Self::Sampling, "--cumulative" | "--baujat" | "--gosh") => {
                "--leave-one-out and --influence take out whole groups; or make one effect of each with --aggregate"
            }
            (Self::Levels | Self::Sampling, _) => {
                "leave it out, or make one effect of each group first: --aggregate COLUMN --rho R"
            }
            (Self::Scale, flag) if is_without_model(flag, args) => "ask for it in a call without --scale",
            (Self::Scale, _) => "leave it out, or leave --scale out",
            (_, _) => {
                "leave it out, or pool effects that --measure makes of each study: without --mh, --peto and --glmm"
            }
        }
    }

    /// Refuses what cannot surround the model.
    pub fn refuse(self, args: &MetaArgs) -> Result<(), Failure> {
        let asked = args.around.asked().into_iter().chain(args.bias.asked());
        match asked.into_iter().find(|flag| !self.surrounded_by().contains(flag)) {
            Some(flag) => {
                let is_shared = matches!(self, Self::Sampling) && args.levels.v_shared.is_some();
                let own = if is_shared { "--v-shared" } else { self.flag() };
                let message = format!("{flag} does not go with {own}: {}", self.reason(flag, args));
                Err(Failure::call(message, self.instead(flag, args)))
            }
            None => Ok(()),
        }
    }
}

/// What was asked for and cannot be had together, before anything is read.
pub fn refuse_what_does_not_fit(args: &MetaArgs, given: &Given) -> Result<(), Failure> {
    refuse_without_effect(args, given)?;
    if let Some(asked) = args.model.transf {
        let measure = args.counts.code();
        refuse_transformation(measure, asked)?;
    }
    if let (Some(_), false, false) = (&args.around.delete_by, args.around.leave_one_out, args.around.influence) {
        return Err(Failure::call(
            "--delete-by says what --leave-one-out and --influence take out",
            "ask for one of them",
        ));
    }
    if args.around.delete_by.is_some() && args.around.influence && !args.levels.is_dependent() {
        return Err(Failure::call(
            "--influence of groups of studies is that of --random, --v-cluster or --v-shared; here each study stands for itself",
            "leave --delete-by out, or pass --random \"1 | COLUMN/STUDY\"",
        ));
    }
    if args.around.newmods.is_some()
        && args.model.mods.is_none()
        && !args.levels.is_dependent()
        && args.model.scale.is_none()
    {
        return Err(Failure::call(
            "--newmods gives values of moderators, and the model has none",
            "leave it out, or name the moderators with --mods",
        ));
    }
    refuse_lone_rho(args)?;
    if args.levels.v_shared.is_some() && args.levels.v_cluster.is_some() {
        return Err(Failure::call(
            "--v-shared and --v-cluster both say how sampling errors depend on each other, and nothing says how the two \
             would add up",
            "choose one; where rows share a group and also stem from the same patients, give the whole covariance \
             (--v-cluster COLUMN --v-block v1i,v2i), or keep --v-shared with --cluster COLUMN, whose tests are robust to \
             more dependence",
        ));
    }
    if args.counts.any() {
        return refuse_with_counts(args, given);
    }
    refuse_of_other_rows(args)?;
    if args.model.scale.is_some() && args.levels.is_dependent() {
        return Err(Failure::call(
            "--scale, and --random, --v-cluster or --v-shared, are different models: tau2 of independent effects, and dependent effects",
            "choose one",
        ));
    }
    if args.levels.cluster.is_some() && matches!(args.model.test, Test::Knha | Test::Adhoc) {
        return Err(Failure::call(
            format!(
                "--test {} does not go with --cluster, which brings standard errors and degrees of freedom of its own",
                args.model.test.name()
            ),
            "leave one of them out",
        ));
    }
    if args.model.scale.is_some() && args.levels.cluster.is_some() {
        return Err(Failure::call(
            "--cluster does not go with --scale: cluster-robust variances are built for one tau2",
            "leave one of them out",
        ));
    }
    Ok(())
}

/// What belongs to rows of the table that a fit no longer has.
fn refuse_of_other_rows(args: &MetaArgs) -> Result<(), Failure> {
    if !args.levels.v_block.is_empty() && !args.input.rows.subset.is_empty() {
        return Err(Failure::call(
            "--subset would move the columns of --v-block, which count the rows of the whole table",
            "write the rows to a table of their own",
        ));
    }
    if !args.levels.v_block.is_empty() && args.input.aggregate.is_some() {
        return Err(Failure::call(
            "--aggregate makes one row of several, and the columns of --v-block count the rows of the table",
            "leave one of them out: what --v-block says of the rows of a study is what --random and --v-cluster use",
        ));
    }
    if args.input.aggregate.is_some() && (args.bias.harbord || args.bias.peters) {
        return Err(Failure::call(
            "--harbord and --peters test the counts of studies, and --aggregate averages these",
            "leave --aggregate out, or take --egger",
        ));
    }
    Ok(())
}

/// Refuses a correlation of nothing.
fn refuse_lone_rho(args: &MetaArgs) -> Result<(), Failure> {
    let is_for_effects = !args.levels.random.is_empty() && !args.counts.any();
    if !args.input.rho.is_empty() && args.input.aggregate.is_none() && !is_for_effects {
        return Err(Failure::call(
            "--rho is the correlation of the sampling errors of --aggregate, or of the random effects of --random",
            "pass one of these, or leave it out",
        ));
    }
    Ok(())
}

/// Options that would change nothing, each with the reason.
fn refuse_without_effect(args: &MetaArgs, given: &Given) -> Result<(), Failure> {
    let (counts, is_common) = (&args.counts, args.model.method.is_common());
    let pooled = counts.mh || counts.peto;
    let is_made = counts.any() || counts.measure.is_some() || !args.releases.outcome.is_empty();
    let levels = args.levels.is_dependent();
    let regression = args.model.mods.is_some() && !args.around.predict;
    let scale = args.model.scale.is_some();
    let is_fixed = levels && args.levels.random.is_empty();
    let ci = match (counts.any(), is_fixed) {
        (true, _) => "counts that are pooled or modelled give no interval of tau2",
        (_, true) => "effects without --random are fixed here, and have no tau2",
        _ => "variances of --random have profile-likelihood intervals",
    };
    let pi = "there is no prediction interval here that it could change";
    let is_drawn = args.around.gosh || args.around.permutest;
    // clap does not ask for an option that another one excludes.
    let is_of_releases = !args.releases.outcome.is_empty();
    let has_no_measure = counts.measure.is_none();
    let made = "it is for effects that --measure makes of the columns";
    let blocks = "it is for the blocks of --v-cluster";
    let cases: [(&str, bool, &str); 23] = [
        ("add", has_no_measure, made),
        ("to", has_no_measure, made),
        ("drop00", has_no_measure, made),
        ("vtype", has_no_measure, made),
        ("no-correct", has_no_measure, made),
        ("v-shared", has_no_measure || is_of_releases, "it is for rows of a table of which --measure makes effects"),
        ("v-groups", args.levels.v_shared.is_none(), "it names the groups of --v-shared"),
        ("v-block", args.levels.v_cluster.is_none(), blocks),
        ("v-rho", args.levels.v_cluster.is_none(), blocks),
        ("v-phi", args.levels.v_cluster.is_none(), blocks),
        ("nagq", counts.glmm.is_none(), "it is for --glmm"),
        ("subset", !args.releases.outcome.is_empty(), "releases have no rows to choose from"),
        ("yi", is_made, "the effects are made of other columns"),
        ("vi", is_made, "the variances are made of other columns"),
        ("sei", is_made, "the variances are made of other columns"),
        ("tau2-ci", counts.any() || levels, ci),
        ("pi-type", pooled || is_common || is_fixed || (scale && !args.around.predict) || regression, pi),
        ("mh-add", !counts.mh, "it is for --mh"),
        ("fsn-target", args.bias.fsn_type == FailSafeKind::Rosenthal, "Rosenthal's number aims at p = 0.05"),
        ("fsn-target", args.bias.fsn_type == FailSafeKind::Rosenberg, "Rosenberg's number aims at p = 0.05"),
        ("common-tau2", args.around.subgroup.is_none(), "it is for --subgroup"),
        ("seed", !is_drawn, "it is for --gosh and --permutest"),
        ("v-time", args.levels.v_phi.is_none(), "it holds the times of --v-phi"),
    ];
    match cases.into_iter().find(|(option, has_none, _)| *has_none && given.has(option)) {
        Some((option, _, reason)) => {
            let hint =
                if reason == blocks { "leave it out, or name the column: --v-cluster COLUMN" } else { "leave it out" };
            Err(Failure::call(format!("--{option} has no effect: {reason}"), hint))
        }
        None => Ok(()),
    }
}

/// Refuses a transformation that does not lead back from a measure.
pub fn refuse_transformation(code: Option<&str>, asked: Transformation) -> Result<(), Failure> {
    let Some(code) = code else { return Ok(()) };
    // The error for a measure that is not known comes where it is read.
    let Ok(measure) = measure(&code.to_ascii_uppercase()) else { return Ok(()) };
    if measure.code == "GEN" {
        // Any effect: the table does not say what it is.
        return Ok(());
    }
    let fits = Transformation::of_measure(measure.back);
    if fits.is_kind(asked) {
        return Ok(());
    }
    let hint = fits.option().map_or_else(|| "leave it out".to_owned(), |fits| format!("--transf {fits} fits"));
    let what = if fits == Transformation::None { "shown as it is already" } else { fits.scale() };
    let asked = asked.option().unwrap_or_default();
    Err(Failure::call(format!("--transf {asked} does not fit {}: it is {what}", measure.code), hint))
}

/// What models of counts do not have.
fn refuse_with_glmm(args: &MetaArgs, given: &Given) -> Result<(), Failure> {
    let refused = |what: String, hint: &str| Err(Failure::call(what, hint));
    if given.has("method") && args.model.method != Estimator::Ml && !args.model.method.is_common() {
        let what =
            format!("--method {} does not go with --glmm, whose models are fitted by ML", args.model.method.name());
        return refused(what, "leave it out, or pass --method FE for a model without variance between studies");
    }
    if !matches!(args.model.test, Test::Z | Test::T) {
        let what = format!("--test {} does not go with --glmm", args.model.test.name());
        return refused(what, "it takes the test z or t");
    }
    Ok(())
}

/// Counts are pooled without effects of single studies.
fn refuse_with_counts(args: &MetaArgs, given: &Given) -> Result<(), Failure> {
    if !args.releases.outcome.is_empty() || args.input.aggregate.is_some() {
        return Err(Failure::call(
            "--mh, --peto and --glmm take a table of counts, and neither --outcome nor --aggregate",
            "leave these out, or pool effects with --measure",
        ));
    }
    if args.levels.is_dependent() || args.levels.cluster.is_some() || args.model.scale.is_some() {
        return Err(Failure::call(
            "--mh, --peto and --glmm take no random effects, no clusters, no covariances and no scale",
            "leave them out",
        ));
    }
    let escalc = args.counts.escalc.options();
    if (Options { correct: true, ..escalc }) != Options::default() {
        let message = "--add, --to, --drop00 and --vtype are for effects of single studies";
        return Err(Failure::call(message, "leave them out; --mh-add is for --mh"));
    }
    if !escalc.correct && !args.counts.mh {
        return Err(Failure::call(
            "--no-correct takes the continuity correction out of the test of --mh, and out of effects of single studies",
            "leave it out",
        ));
    }
    let common = !matches!(args.model.method, Estimator::Reml | Estimator::Fe | Estimator::Ee);
    if args.counts.glmm.is_none() && common {
        return Err(Failure::call(
            format!("--method {} does not go with --mh and --peto: they have no tau2", args.model.method.name()),
            "leave it out",
        ));
    }
    if args.counts.glmm.is_none() && args.around.common_tau2 {
        return Err(Failure::call("--common-tau2 does not go with --mh and --peto: they have no tau2", "leave it out"));
    }
    if args.counts.glmm.is_none() && args.model.test != Test::Z {
        return Err(Failure::call(
            format!("--test {} does not go with --mh and --peto: their tests are those of z", args.model.test.name()),
            "leave it out",
        ));
    }
    if args.counts.glmm.is_some() {
        refuse_with_glmm(args, given)?;
    }
    if args.counts.nagq.is_some() && args.counts.glmm != Some(crate::meta::glmm::GlmmModel::UmRs) {
        return Err(Failure::call(
            "--nagq sets the quadrature of UM.RS; the others integrate adaptively",
            "leave it out, or pass --glmm UM.RS",
        ));
    }
    if args.counts.glmm.is_some() { Kind::RandomCounts } else { Kind::Counts }.refuse(args)
}
