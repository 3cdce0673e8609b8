//! `reffect meta` where the data end: covariances at their border, what data do not determine, few studies, and
//! options without effect. Golden numbers are those of metafor 3.8-1 where nothing else is said.

use crate::common::cli::{Folder, json_of, stderr, stdout};
use serde_json::Value;

pub struct Case {
    folder: Folder,
}

impl Case {
    pub fn new(name: &str, table: &str) -> Self {
        let folder = Folder::with_data(name);
        folder.write("t.csv", table);
        Self { folder }
    }

    pub fn meta(&self, args: &[&str]) -> Value {
        let output = self.folder.run([&["meta", "t.csv", "--json"], args].concat());
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
        json_of(&output)
    }

    pub fn refused(&self, args: &[&str]) -> String {
        let output = self.folder.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stdout(&output));
        stderr(&output)
    }
}

pub fn notes(document: &Value) -> String {
    let all = document["notes"].as_array().unwrap();
    all.iter().map(|note| note.as_str().unwrap()).collect::<Vec<_>>().join("\n")
}

pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|one| one.as_f64().unwrap()).collect()
}

pub fn near(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    let is_near = |(a, b): (&f64, &f64)| (a - b).abs() <= tolerance * b.abs().max(1.0);
    assert!(found.iter().zip(expected).all(is_near), "{found:?} for {expected:?}");
}

/// Ten studies with up to three outcomes, whose best correlations are all 1.
const SINGULAR: &str = "yi,vi,s,o
1.3477957761357997,0.17571550809530406,s0,o0
0.05101950679872761,0.13874158848281962,s1,o0
0.8099755069105261,0.1767826257484241,s1,o1
0.9269286262088705,0.23493779228720243,s1,o2
-0.428759082157341,0.6754445171110451,s2,o0
0.21686520880699311,0.1371817702652171,s2,o1
-0.3126680544262975,0.7654941344185359,s2,o2
-0.5443548797035827,0.31707151549144125,s3,o0
-0.3007188070594033,0.5333413596500548,s4,o0
0.20565115205174464,0.018296398891607824,s4,o1
0.31389330004787147,0.15415177037812858,s5,o0
1.2983467048518758,0.8445028154903679,s6,o0
0.8350594267817837,0.12139524877201396,s6,o1
1.4459483234007386,0.7748881375064864,s6,o2
1.5242080527784139,0.09613718974759197,s7,o0
1.092054056686095,0.05112066858426118,s8,o0
1.0240915146752032,0.1688553165906164,s8,o1
1.2683608217754723,0.018743505041288543,s8,o2
-0.07837672069043433,0.011822278335795449,s9,o0
0.08630731772424927,0.022965267216527797,s9,o1
0.12147048832135893,0.02358758528257366,s9,o2
";

/// rma.mv(yi, vi, random = ~ o | s, struct = "UN", method = "ML", control = list(optimizer = "optim",
/// optmethod = "BFGS", reltol = 1e-14, maxit = 5000)): outside of the covariances the likelihood has no bound.
#[test]
fn an_unstructured_covariance_stays_one() {
    let case = Case::new("cone", SINGULAR);
    let fit = case.meta(&["--method", "ML", "--random", "o | s", "--struct", "UN"]);
    assert_eq!(fit["converged"], true);
    near(&numbers(&fit["rho"]), &[1.0, 1.0, 1.0], 1e-6);
    near(&numbers(&fit["tau2"]), &[0.3542730118, 0.1468278681, 0.2833885841], 1e-4);
    near(&[fit["fit"]["loglik"].as_f64().unwrap()], &[-14.467368798], 1e-8);
    let pooled = &fit["coefficients"][0];
    near(&[pooled["estimate"].as_f64().unwrap(), pooled["se"].as_f64().unwrap()], &[0.556061612, 0.1650064519], 1e-6);
    assert!(notes(&fit).contains("a correlation of o | s lies at the border of its range"), "{}", notes(&fit));
}

/// Two outcomes of which one study has both, and three levels of which one was seen once.
#[test]
fn what_the_data_do_not_determine_is_told() {
    let table = "yi,vi,o,s\n0.3,0.02,a,1\n0.6,0.03,b,1\n0.1,0.02,a,2\n0.9,0.05,b,2\n-0.2,0.02,a,3\n0.4,0.05,c,3\n";
    let case = Case::new("flat", table);
    let fit = case.meta(&["--mods", "o - 1", "--random", "o | s", "--struct", "DIAG"]);
    assert_eq!(fit["converged"], false);
    let told = notes(&fit);
    assert!(told.contains("these data do not determine the variance of c in o | s"), "{told}");
    // Of an only group nothing is known either.
    let one = Case::new("one-group", "yi,vi,s\n0.3,0.02,1\n0.6,0.03,1\n0.1,0.02,1\n");
    assert!(notes(&one.meta(&["--random", "1 | s"])).contains("do not determine the variance of s"));
}

/// A correlation of three levels can be no less than −½.
#[test]
fn a_compound_symmetry_tells_its_border() {
    let mut table = "yi,vi,s,o\n".to_owned();
    for (study, row) in [[1.0, -1.0, 0.0], [-1.0, 0.1, 1.0], [0.0, 1.0, -1.1]].iter().enumerate() {
        row.iter().enumerate().for_each(|(o, y)| table.push_str(&format!("{y},0.01,{study},{o}\n")));
    }
    let fit = Case::new("cs", &table).meta(&["--random", "o | s", "--struct", "CS"]);
    near(&[fit["rho"].as_f64().unwrap()], &[-0.5], 1e-6);
    assert!(notes(&fit).contains("lies at the border of its range"), "{}", notes(&fit));
}

/// In level b the effects differ less than their variances let expect: its ln tau2 goes to −∞.
#[test]
fn a_scale_without_a_maximum_is_refused() {
    let table =
        "yi,vi,g\n-0.9,0.01,a\n0.8,0.01,a\n1.4,0.01,a\n-0.3,0.01,a\n0.1,0.4,b\n0.2,0.5,b\n0.15,0.4,b\n0.1,0.3,b\n";
    let told = Case::new("scale", table).refused(&["meta", "t.csv", "--scale", "g"]);
    assert!(told.contains("the likelihood has no maximum"), "{told}");
}

#[test]
fn a_prediction_beyond_the_data_is_null() {
    let case = Case::new("beyond", "yi,vi,x,c\n1,0.1,1,5\n2,0.2,3,5\n1.5,0.1,4,5\n0.3,0.1,6,5\n2.2,0.3,2,5\n");
    let fit = case.meta(&["--mods", "x + c", "--predict", "--newmods", "x=2,c=7;x=2,c=5"]);
    assert_eq!(fit["predict"][0]["estimate"], Value::Null);
    assert_eq!(fit["predict"][0]["ci"], Value::Null);
    assert!(fit["predict"][1]["estimate"].is_number());
    assert!(notes(&fit).contains("do not determine the prediction at x=2,c=7"), "{}", notes(&fit));
    // Row 1 has these levels, where the column that was left out is 0.
    let levels = Case::new("reference", "yi,vi,f,g\n0.1,0.1,a,u\n0.2,0.1,a,v\n0.3,0.2,a,v\n0.4,0.1,b,w\n0.7,0.1,b,w\n");
    let fit = levels.meta(&["--mods", "f + g", "--predict", "--newmods", "f=a,g=u;f=b,g=u"]);
    near(&[fit["predict"][0]["estimate"].as_f64().unwrap()], &[0.1], 1e-9);
    assert_eq!(fit["predict"][1]["estimate"], Value::Null);
}

/// rma(yi, vi, mods = ~ x, test = "knha"): SE 0.
#[test]
fn an_exact_fit_has_no_statistics() {
    let case = Case::new("exact", "yi,vi,x\n0.7,0.1,1.6\n0.7,0.2,2.3\n0.7,0.3,3.1\n0.7,0.15,4.96\n0.7,0.15,5.5\n");
    let fit = case.meta(&["--mods", "x", "--test", "knha"]);
    for of in fit["coefficients"].as_array().unwrap() {
        assert_eq!((&of["se"], &of["statistic"], &of["p"]), (&Value::from(0.0), &Value::Null, &Value::Null));
    }
    assert!(notes(&fit).contains("fits the effects exactly"), "{}", notes(&fit));
    // Without heterogeneity there is none to explain: metafor gives 0.
    assert_eq!(case.meta(&["--mods", "x"])["R2"], 0.0);
}

#[test]
fn what_few_studies_do_not_allow_is_null_beside_the_fit() {
    let case = Case::new("few", "yi,vi,g\n0.3,0.1,a\n");
    let asked = [
        "--egger",
        "--begg",
        "--trimfill",
        "--hc",
        "--subgroup",
        "g",
        "--tes",
        "--fsn",
        "--leave-one-out",
        "--influence",
    ];
    let fit = case.meta(&asked);
    near(&[fit["coefficients"][0]["estimate"].as_f64().unwrap()], &[0.3], 1e-15);
    for key in ["egger", "begg", "trimfill", "hc", "subgroup"] {
        assert_eq!(fit.get(key), Some(&Value::Null), "{key}");
        assert!(notes(&fit).contains(&format!("--{key} gives nothing: ")), "{key}: {}", notes(&fit));
    }
    assert_eq!(fit["influence"][0]["dfbetas"], serde_json::json!([null]));
    let csv = case.refused(&["meta", "t.csv", "--egger", "--format", "csv"]);
    assert!(csv.contains("there is nothing to write as CSV"), "{csv}");
    // An option that is wrong for any data is still refused.
    let wrong = case.refused(&["meta", "t.csv", "--selmodel", "stepfun", "--steps", "0.5,1.5"]);
    assert!(wrong.contains("steps are different numbers"), "{wrong}");
    // ranktest of two studies: tau 1, p 1.
    let two = Case::new("two", "yi,vi\n0.3,0.1\n0.5,0.2\n").meta(&["--begg"]);
    assert_eq!((&two["begg"]["tau"], &two["begg"]["p"]), (&Value::from(1.0), &Value::from(1.0)));
}

#[test]
fn studies_without_a_subgroup_or_a_name_remain() {
    let case = Case::new("remain", "yi,vi,g,n\n0.3,0.1,a,A\n0.5,0.2,b,\n0.1,0.2,,C\n0.7,0.3,a,D\n");
    let (all, grouped) = (case.meta(&["--slab", "n"]), case.meta(&["--slab", "n", "--subgroup", "g"]));
    assert_eq!(all["coefficients"], grouped["coefficients"]);
    assert_eq!(grouped["k"], 4);
    assert_eq!(grouped["studies"][2]["subgroup"], Value::Null);
    assert_eq!(grouped["subgroup"]["groups"][0]["k"], 2);
    assert_eq!(grouped["studies"][1]["slab"], "line 3");
    let told = notes(&grouped);
    assert!(told.contains("line 3: n is empty") && told.contains("of no subgroup: C"), "{told}");
    let output = case.folder.run(["plot", "forest", "t.csv", "--subgroup", "g", "-o", "f.svg"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(std::fs::read_to_string(case.folder.path("f.svg")).unwrap().contains(">In no subgroup</text>"));
}

/// rma.mh of two tables without events in group 2: no estimate, CMH 0.7011195351, and 1.8985611511 with
/// correct = FALSE.
#[test]
fn counts_without_an_estimate_are_tested() {
    let case = Case::new("counts", "ai,bi,ci,di\n65,135,0,4\n0,3,0,4\n");
    let fit = case.meta(&["--mh", "--measure", "or"]);
    assert_eq!(fit["coefficients"][0]["estimate"], Value::Null);
    assert!(notes(&fit).contains("the counts allow no estimate"), "{}", notes(&fit));
    near(
        &[fit["mh"]["MH"].as_f64().unwrap(), fit["mh"]["MH_p"].as_f64().unwrap()],
        &[0.7011195351, 0.4024077697],
        1e-9,
    );
    let plain = case.meta(&["--mh", "--measure", "OR", "--no-correct"]);
    near(
        &[plain["mh"]["MH"].as_f64().unwrap(), plain["mh"]["MH_p"].as_f64().unwrap()],
        &[1.8985611511, 0.1682394605],
        1e-9,
    );
    assert!(plain["r_call"].as_str().unwrap().contains("correct = FALSE"));
    // A single table has nothing to differ from.
    let one = Case::new("one-table", "ai,bi,ci,di\n12,188,0,4\n").meta(&["--mh", "--measure", "RD"]);
    assert_eq!((&one["QE"], &one["QE_df"]), (&Value::from(0.0), &Value::from(0.0)));
}

#[test]
fn options_without_effect_are_refused() {
    let case = Case::new("options", "yi,vi\n0.3,0.1\n");
    let bcg = "data/published/bcg.csv";
    let cases: [(&[&str], &str); 14] = [
        (&["meta", bcg, "--measure", "RR", "--yi", "yi"], "--yi has no effect"),
        (&["meta", bcg, "--mh", "--measure", "OR", "--tau2-ci", "QP"], "--tau2-ci has no effect"),
        (&["meta", bcg, "--method", "EE", "--pi-type", "riley"], "--pi-type has no effect"),
        (&["meta", bcg, "--mods", "ablat", "--pi-type", "riley"], "--pi-type has no effect"),
        (&["meta", bcg, "--peto", "--mh-add", "0.5"], "exclude each other"),
        (&["meta", bcg, "--fsn", "--fsn-target", "0.1"], "--fsn-target has no effect"),
        (&["meta", bcg, "--measure", "RD", "--transf", "exp"], "--transf exp does not fit RD"),
        (&["meta", bcg, "--measure", "PLO", "--transf", "exp"], "--transf ilogit fits"),
        (
            &["plot", "forest", bcg, "--trimfill", "-o", "x.svg"],
            "--trimfill has no effect on a forest chart of a table",
        ),
        (
            &["plot", "overview", "data", "--yi", "y", "-o", "x.svg"],
            "--yi has no effect on an overview chart of releases",
        ),
        (
            &["plot", "forest", bcg, "--measure", "RR", "--vi", "vi", "-o", "x.svg"],
            "--vi has no effect beside --measure",
        ),
        (&["plot", "forest", bcg, "--measure", "RD", "--transf", "exp", "-o", "x.svg"], "does not fit RD"),
        (&["plot", "forest", bcg, "--json", "-o", "x.svg"], "a chart is a picture"),
        (&["plot", "forest", "data/nmo-tocilizumab-2014.toml", "-o", "x.svg"], "| reffect plot forest - -o x.svg"),
    ];
    for (call, expected) in cases {
        let told = case.refused(call);
        assert!(told.contains(expected), "{call:?}: {told}");
        assert!(!case.folder.path("x.svg").exists(), "{call:?}");
    }
    // What fits, and other cases of letters.
    for call in [&["--measure", "rr", "--transf", "exp", "--test", "HK"][..], &["--transf", "exp"]] {
        let output = case.folder.run([&["meta", bcg], call].concat());
        assert!(output.status.success(), "{call:?}: {}", stderr(&output));
    }
}

/// Of five rows one lacks an SD, and one has nothing but empty fields: that is no study.
#[test]
fn charts_tell_which_studies_they_lack() {
    let table = "m1i,sd1i,n1i,m2i,sd2i,n2i\n10.1,2.3,30,12.1,2.5,31\n9.8,,25,11,2.2,25\n8.9,2,40,10,2.1,41\n8.5,2.2,33,10.6,2,35\n,,,,,\n";
    let case = Case::new("lacking", table);
    let draw = |more: &[&str]| {
        let call = ["plot", "forest", "t.csv", "--measure", "MD", "-o", "f.svg"];
        let output = case.folder.run([&call, more].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        (std::fs::read_to_string(case.folder.path("f.svg")).unwrap(), stderr(&output))
    };
    let (english, told) = draw(&[]);
    assert!(english.contains("1 of 4 studies is not shown: no effect with a sampling variance."), "{english}");
    assert!(told.contains("note: line 3"), "{told}");
    let (japanese, told) = draw(&["--lang", "ja", "--quiet"]);
    assert!(japanese.contains("4研究のうち1研究は示していない") && told.is_empty(), "{told}");
}

#[test]
fn tables_are_told_how_they_are_read() {
    let semicolons = Case::new("semicolons", "yi;vi\n0.3;0.1\n").refused(&["meta", "t.csv"]);
    assert!(semicolons.contains("--delimiter ';'"), "{semicolons}");
    let gap = Case::new("gap", "yi,vi\n0.3,N/A\n").refused(&["meta", "t.csv"]);
    assert!(gap.contains("a missing value is an empty field or NA"), "{gap}");
    let case = Case::new("csv", "yi,vi\n0.3,0.1\n0.9,0.2\n0.1,0.1\n");
    let csv = |args: &[&str]| stdout(&case.folder.run([&["meta", "t.csv", "--format", "csv"], args].concat()));
    assert_eq!(csv(&["--vif"]), "name,vif\n");
    assert!(csv(&[]).starts_with("name,estimate,se,statistic,df,p,ci_lower,ci_upper,tau2,I2,QE,QE_df,QE_p\n"));
}

#[test]
fn the_method_says_what_was_done() {
    let case = Case::new("method", "yi,vi,w\n0.3,0.1,1\n0.9,0.2,2\n0.1,0.1,3\n");
    let text = |args: &[&str]| stdout(&case.folder.run([&["meta", "t.csv"], args].concat())).replace('\n', " ");
    let equal = text(&["--method", "EE"]);
    assert!(
        equal.contains("equal-effects meta-analysis with weights 1/v;")
            && equal.contains("interval of I² by Q-profile")
    );
    assert!(text(&["--weights", "w"]).contains("maximum likelihood and weights as given;"));
    assert!(text(&["--test", "knha"]).contains("by the t distribution with the standard errors of Hartung–Knapp"));
}

#[test]
fn lists_of_another_length_and_impossible_levels_are_errors() {
    use reffect::meta::bias::{Predictor, RegressionModel, egger};
    use reffect::meta::deletion::{cumulative, leave_groups_out};
    use reffect::meta::multilevel::{SandwichKind, robust_univariate};
    use reffect::meta::subgroup::{GroupTau2, subgroups};
    use reffect::meta::{MetaError, Model, Problem};
    let entries = |error: MetaError| match error {
        MetaError::Lengths { found, studies: 4, .. } => Some(found),
        _ => None,
    };
    let problem = Problem::new(vec![-0.9, -0.2, -0.4, 0.1], vec![0.10, 0.02, 0.05, 0.2]).unwrap();
    let model = Model::default();
    let fit = model.fit(&problem).unwrap();
    let groups = ["a".to_owned(), "b".to_owned()];
    let five = Predictor { values: vec![1.0; 5], vanishes: true };
    assert_eq!(entries(subgroups(&model, &problem, &groups, GroupTau2::Own).unwrap_err()), Some(2));
    assert_eq!(entries(leave_groups_out(&model, &problem, &[0, 1, 1]).unwrap_err()), Some(3));
    assert_eq!(entries(robust_univariate(&problem, &fit, &[0], SandwichKind::Cr1).unwrap_err()), Some(1));
    assert_eq!(entries(egger(&model, &problem, RegressionModel::Rma, &five).unwrap_err()), Some(5));
    assert_eq!(cumulative(&model, &problem, &[0, 3]).unwrap().len(), 2);
    assert!(cumulative(&model, &problem, &[0, 4]).unwrap_err().to_string().contains("study 4"));
    let short = Problem::new(vec![1.0; 4], vec![1.0; 2]).unwrap_err();
    assert_eq!(short.to_string(), "the list of variances has 2 entries, and there are 4 studies");
    for level in [0.0, 1.0, 95.0, f64::NAN] {
        assert!(matches!(Model { level, ..model }.fit(&problem), Err(MetaError::Level(_))), "{level}");
    }
}

fn as_metafor(found: &Value, expected: f64, relative: f64) {
    let value = found.as_f64().unwrap();
    assert!((value - expected).abs() <= relative * expected.abs(), "{value} against {expected}");
}

/// `rma.mv(yi, vcalc(vi, cluster = study, obs = id, rho = 0.5), random = ~ 1 | id, method = "ML")`, and the same with
/// `rho = 0.8`, `~ 1 | study/id` and REML; the likelihood has a lesser maximum at a variance of 0.
#[test]
fn the_highest_of_several_maxima_is_found() {
    let one = Case::new("maxima", MAXIMA[0]);
    let found = one.meta(&["--random", "1 | id", "--method", "ML", "--v-cluster", "study", "--v-rho", "0.5"]);
    as_metafor(&found["fit"]["loglik"], -6.46241375593, 1e-10);
    as_metafor(&found["sigma2"][0], 0.12274300137, 1e-5);
    as_metafor(&found["coefficients"][0]["se"], 0.192691198515, 1e-5);
    as_metafor(&found["fit"]["deviance"], 17.754049491, 1e-9);
    let other = Case::new("more-maxima", MAXIMA[1]);
    let found = other.meta(&["--random", "1 | study/id", "--v-cluster", "study", "--v-rho", "0.8"]);
    as_metafor(&found["fit"]["loglik"], -5.633093671, 1e-9);
    as_metafor(&found["coefficients"][0]["se"], 0.158635463519, 1e-5);
}

const MAXIMA: [&str; 2] = [
    "study,out,id,vi,yi\n\
     s1,D,1,0.1431,1.4828\n\
     s2,B,2,0.3642,1.5739\n\
     s2,D,3,0.0172,0.9705\n\
     s3,A,4,0.3966,1.7205\n\
     s4,A,5,0.0431,0.2532\n\
     s4,B,6,0.0289,0.5685\n\
     s4,C,7,0.1245,-0.2162",
    "study,out,id,vi,yi\n\
     s1,C,1,0.0482,0.2378\n\
     s1,D,2,0.0252,0.3177\n\
     s2,A,3,0.0161,0.7062\n\
     s2,B,4,0.9,-1.5194\n\
     s2,C,5,0.137,0.72\n\
     s2,D,6,0.6313,0.1044\n\
     s3,A,7,0.0327,0.2938\n\
     s4,A,8,0.0185,0.5302\n\
     s4,B,9,0.0109,0.3018\n\
     s4,C,10,0.0261,0.5587",
];

/// `influence(rma(yi, vi, weights = w))` and `influence(rma(yi, vi, weighted = FALSE))`
#[test]
fn influence_follows_the_weights() {
    let case = Case::new("own-weights", "study,yi,vi,w\na,0.1,0.04,1\nb,0.6,0.09,3\nc,-0.2,0.02,2\nd,0.9,0.16,5\n");
    let weighted = [-0.123579456505, 0.0651643428322, -0.626760052088, 1.10321338861];
    let unweighted = [-0.280038749894, 0.328903784475, -0.895033517125, 0.879985265319];
    for (args, expected) in [(&["--weights", "w"] as &[&str], weighted), (&["--unweighted"], unweighted)] {
        let found = case.meta(&[args, &["--influence"]].concat());
        for (study, expected) in expected.into_iter().enumerate() {
            as_metafor(&found["influence"][study]["dffits"], expected, 1e-6);
            as_metafor(&found["influence"][study]["dfbetas"][0], expected, 1e-6);
        }
    }
}

/// `ranktest(rma(yi, vi, weights = w))`: the test weights by 1/v.
#[test]
fn the_rank_test_has_weights_of_its_own() {
    let table = "study,yi,vi,w\na,0.8,0.29,1\nb,-0.8,0.74,9\nc,2.5,0.1,1\nd,1.3,0.73,9\ne,-0.8,0.14,5\n";
    let found = Case::new("rank-weights", table).meta(&["--weights", "w", "--begg"]);
    as_metafor(&found["begg"]["tau"], -0.2, 1e-12);
    as_metafor(&found["begg"]["p"], 0.816666666667, 1e-10);
}

/// What tells equal effects apart is rounding.
#[test]
fn equal_effects_are_evidence_of_nothing() {
    let table = "study,yi,vi,x\na,-3.6,0.02,0.5\nb,-3.6,0.16,-1.3\nc,-3.6,0.05,0.7\nd,-3.6,0.06,2\ne,-3.6,0.62,-0.2\n";
    let case = Case::new("equal", table);
    assert!(case.meta(&["--begg"])["begg"].is_null());
    assert!(case.meta(&["--egger", "--egger-model", "lm"])["egger"].is_null());
    let filled = case.meta(&["--trimfill", "--trimfill-estimator", "R0", "--trimfill-side", "left"]);
    assert_eq!(filled["trimfill"]["k0"], 0.0);
    assert!(case.meta(&["--method", "FE", "--mods", "x"])["R2"].is_null());
}

/// `rma(yi, vi, mods = ~ g)`: QM 14.2016887814 with standard errors of the normal distribution, also by `--test knha`.
#[test]
fn the_test_between_subgroups_has_the_standard_errors_of_the_model() {
    let table = "study,yi,vi,g\na,-1.2,.1,A\nb,-0.5,.2,A\nc,0.3,.15,B\nd,0.8,.1,B\ne,0.1,.05,C\n";
    let found = Case::new("subgroups", table).meta(&["--subgroup", "g", "--common-tau2", "--test", "knha"]);
    as_metafor(&found["subgroup"]["QB"], 14.2016887814, 1e-6);
    let notes = found["notes"].to_string();
    assert!(!notes.contains("whose interval is by z") && notes.contains("does not adjust"), "{notes}");
}

/// `rma.mh(measure = "OR", ai, bi, ci, di)` leaves the study without treated patients out.
#[test]
fn a_group_without_patients_is_left_out() {
    let case = Case::new("empty-group", "study,ai,bi,ci,di\na,3,17,5,15\nb,0,0,4,18\nc,2,30,6,24\n");
    let found = case.meta(&["--mh", "--measure", "OR"]);
    as_metafor(&found["coefficients"][0]["estimate"], -0.973637851664, 1e-10);
    as_metafor(&found["coefficients"][0]["se"], 0.584277100201, 1e-10);
    assert!(found["notes"].to_string().contains("line 3 left out: a group has nobody in it"));
}

/// Without an intercept Q is that of the effects as they are: Σ (y − bx)²/v with b = Σ xy/v / Σ x²/v.
#[test]
fn without_an_intercept_effects_are_not_centred() {
    let rows = [(1.2, 0.1, 0.5), (0.3, 0.2, -1.0), (-0.5, 0.15, 0.7), (2.0, 0.3, 1.5)];
    let table: String = rows.iter().map(|(y, v, x)| format!("{y},{v},{x}\n")).collect();
    let found = Case::new("no-intercept", &format!("yi,vi,x\n{table}")).meta(&["--mods", "x - 1"]);
    let sum = |f: &dyn Fn(f64, f64) -> f64| rows.iter().map(|(y, v, x)| f(*y, *x) / v).sum::<f64>();
    let b = sum(&|y, x| x * y) / sum(&|_, x| x * x);
    as_metafor(&found["QE"], sum(&|y, x| (y - b * x).powi(2)), 1e-12);
}

/// The level whose only row is left out is no reference: the intercept is the mean of the first level that is left.
#[test]
fn a_level_without_rows_is_no_reference() {
    let table = "yi,vi,g\n,0.1,a\n0.2,0.1,b\n0.4,0.1,b\n1,0.1,c\n1.2,0.1,c\n";
    let found = Case::new("lost-level", table).meta(&["--mods", "g", "--method", "EE"]);
    as_metafor(&found["coefficients"][0]["estimate"], 0.3, 1e-12);
    assert_eq!(found["coefficients"][1]["name"], "gc");
}

/// Corrections are for estimates: the test of Cochran, Mantel and Haenszel has the counts as they are, and Peto's
/// likelihood the effects (O − E)/V with variances 1/V.
#[test]
fn corrections_of_counts_stay_out_of_tests_and_likelihoods() {
    let table = "ai,bi,ci,di\n3,17,5,15\n0,22,4,18\n2,30,6,24\n";
    let case = Case::new("corrections", table);
    let test = |args: &[&str]| case.meta(args)["mh"]["MH"].as_f64().unwrap();
    let plain = test(&["--mh", "--measure", "OR"]);
    assert_eq!(test(&["--mh", "--measure", "OR", "--mh-add", "0.5"]), plain);
    let studies = [[3.0, 17.0, 5.0, 15.0], [0.0, 22.0, 4.0, 18.0], [2.0, 30.0, 6.0, 24.0f64]].map(|[a, b, c, d]| {
        let (n1, n2, m1, m2, n) = (a + b, c + d, a + c, b + d, a + b + c + d);
        let v = n1 * n2 * m1 * m2 / (n * n * (n - 1.0));
        ((a - n1 * m1 / n) / v, 1.0 / v)
    });
    let weights: f64 = studies.iter().map(|(_, v)| 1.0 / v).sum();
    let mean = studies.iter().map(|(y, v)| y / v).sum::<f64>() / weights;
    let of = |(y, v): &(f64, f64)| -0.5 * ((2.0 * std::f64::consts::PI * v).ln() + (y - mean).powi(2) / v);
    as_metafor(&case.meta(&["--peto"])["fit"]["loglik"], studies.iter().map(of).sum(), 1e-12);
}

/// One study shows no heterogeneity, so that τ² is no parameter.
#[test]
fn one_study_has_one_parameter() {
    let found = Case::new("one-study", "yi,vi\n0.3,0.1\n").meta(&[]);
    let criteria = &found["fit"];
    as_metafor(&criteria["aic"], -2.0 * criteria["loglik"].as_f64().unwrap() + 2.0, 1e-12);
}

/// metafor 3.8-1: `rma.mh(ai = c(2, 3), bi = c(8, 10), ci = c(2, 3), di = c(7, 9), measure = "OR")$MH`: the correction
/// for continuity is taken off a gap smaller than itself, too.
#[test]
fn a_small_gap_is_corrected_like_a_large_one() {
    let found = Case::new("small-gap", "ai,bi,ci,di\n2,8,2,7\n3,10,3,9\n").meta(&["--mh", "--measure", "OR"]);
    as_metafor(&found["mh"]["MH"], 0.0374290386174975, 1e-8);
    as_metafor(&found["mh"]["MH_p"], 0.846594141451798, 1e-8);
}

/// A study without which the model cannot be fitted has its leverage and weight; what it moves is null.
#[test]
fn leverage_and_weight_belong_to_the_whole_fit() {
    let table = "yi,vi,g\n0.1,0.1,a\n0.3,0.2,a\n0.4,0.1,a\n1,0.3,b\n";
    let found = Case::new("only-one-b", table).meta(&["--mods", "g", "--influence", "--method", "EE"]);
    let only = &found["influence"][3];
    as_metafor(&only["hat"], 1.0, 1e-12);
    as_metafor(&only["weight"], 100.0 / 0.3 / (10.0 + 5.0 + 10.0 + 1.0 / 0.3), 1e-12);
    assert!(only["cook_d"].is_null() && only["dfbetas"][1].is_null());
}

/// Rows that are not analysed stand in their places, with what they have.
#[test]
fn every_row_of_the_table_is_listed() {
    let table = "study,yi,vi,x\nA,0.1,0.04,1\nB,,0.05,2\nC,0.3,0.02,3\nD,0.5,0.03,\nE,0.2,0.05,5\n";
    let found = Case::new("every-row", table).meta(&["--mods", "x", "--method", "EE"]);
    let studies = found["studies"].as_array().unwrap();
    let names: Vec<&str> = studies.iter().map(|study| study["slab"].as_str().unwrap()).collect();
    assert_eq!(names, ["A", "B", "C", "D", "E"]);
    assert!(studies[1]["yi"].is_null() && studies[1]["weight"].is_null() && studies[1]["vi"] == 0.05);
    assert!(studies[3]["yi"] == 0.5 && studies[3]["x"].is_null());
    assert_eq!(studies[3]["notes"][0], "left out: x is missing");
    assert_eq!(found["k"], 3);
    let counts = "ai,n1i,ci,n2i\n3,10,5,10\n,9,2,8\n0,7,0,7\n2,12,4,12\n";
    let found = Case::new("every-row-of-counts", counts).meta(&["--mh", "--measure", "OR"]);
    let reasons: Vec<bool> = found["studies"].as_array().unwrap().iter().map(|of| of["yi"].is_null()).collect();
    assert_eq!(reasons, [false, true, true, false]);
}

/// In a table with `;` a comma may divide decimals or thousands: it is asked which, and read so.
#[test]
fn decimal_commas_are_read_where_the_call_says_so() {
    let table = "study;yi;vi\nA;1,250;0,04\nB;-2,75;0,05\nC;1.003,5;0,06\n";
    let case = Case::new("decimal-commas", table);
    let refused = case.refused(&["meta", "t.csv", "--delimiter", ";"]);
    assert!(refused.contains("has a comma, which may divide decimals or thousands"), "{refused}");
    assert!(refused.contains("--decimal ','"), "{refused}");
    let found = case.meta(&["--delimiter", ";", "--decimal", ",", "--method", "EE"]);
    let read: Vec<f64> = found["studies"].as_array().unwrap().iter().map(|of| of["yi"].as_f64().unwrap()).collect();
    assert_eq!(read, [1.25, -2.75, 1003.5]);
    // No group of thousands is led by a lone 0 or by more than three digits, and none stands behind the decimal comma:
    // with a decimal point 0,500 and 1234,567 are refused as well.
    for wrong in ["0.500", "-0.500", "1234.567", "1,234.567", "1.5"] {
        let case = Case::new("decimal-points", &format!("study;yi;vi;x\nA;0,1;0,04;{wrong}\nB;{wrong};0,05;1\n"));
        for args in [vec![], vec!["--mods", "x"]] {
            let call = [&["meta", "t.csv", "--delimiter", ";", "--decimal", ","][..], &args].concat();
            assert!(case.refused(&call).contains("has a point that separates no thousands"), "{wrong} {args:?}");
        }
    }
}

/// Between tabs the same is asked of 1,250, unless another number tells what a point is.
#[test]
fn a_comma_between_tabs_is_asked_about_where_nothing_tells_what_it_is() {
    let table = "yi\tvi\n1,250\t2,040\n1,500\t1,090\n2,100\t1,500\n";
    let call = ["--delimiter", "tab", "--method", "EE"];
    let case = Case::new("tabs-unclear", table);
    let refused = case.refused(&[&["meta", "t.csv"][..], &call].concat());
    assert!(refused.contains("--decimal ','") && refused.contains("`1,250` has a comma"), "{refused}");
    let read = |case: &Case, more: &[&str]| -> f64 {
        case.meta(&[&call[..], more].concat())["studies"][0]["yi"].as_f64().unwrap()
    };
    assert_eq!((read(&case, &["--decimal", ","]), read(&case, &["--decimal", "."])), (1.25, 1250.0));
    let clear = Case::new("tabs-clear", &table.replace("1,090", "1090.5"));
    assert_eq!(read(&clear, &[]), 1250.0);
}

/// metafor 3.8-1: `predict(rma(yi, vi, tau2 = 0.05), pi.type = "riley")` of five studies: a τ² that is given costs no
/// degree of freedom.
#[test]
fn a_given_tau2_is_no_estimated_parameter() {
    let table = "yi,vi\n0.1,0.04\n0.3,0.02\n0.5,0.03\n0.2,0.05\n0.9,0.08\n";
    let found = Case::new("riley-given", table).meta(&["--tau2", "0.05", "--pi-type", "riley"]);
    as_metafor(&found["prediction"][0], -0.353915826517795, 1e-8);
    as_metafor(&found["prediction"][1], 1.09398501546953, 1e-8);
}

/// A random term with one level is a term: its variance is estimated, and counted by AIC.
#[test]
fn a_term_with_one_level_is_counted() {
    let table = "yi,vi,g,lab\n0.1,0.04,a,x\n0.3,0.02,a,x\n0.5,0.03,b,x\n0.2,0.05,b,x\n0.9,0.08,c,x\n";
    let case = Case::new("one-level", table);
    let found = case.meta(&["--random", "1 | g", "--random", "1 | lab", "--method", "ML"]);
    let criteria = &found["fit"];
    as_metafor(&criteria["aic"], -2.0 * criteria["loglik"].as_f64().unwrap() + 2.0 * 3.0, 1e-12);
    assert_eq!(found["sigma2"].as_array().unwrap().len(), 2);
}

/// A row that lacks a value keeps its place in whatever is told of each study, with nulls and the reason.
#[test]
fn rows_that_lack_a_value_keep_their_place() {
    let case = Case::new(
        "kept-rows",
        "slab,yi,vi,x\nA,0.3,0.1,1\nB,NA,0.2,2\nC,0.9,0.2,3\nD,0.1,0.1,4\nE,0.5,,5\nF,0.2,0.3,7\n",
    );
    let told_of_each = |flags: &[&str], keys: &[(&str, &str)]| {
        let document = case.meta(flags);
        for (key, number) in keys {
            let rows = document[key].as_array().unwrap();
            let name = if *key == "predict" { "name" } else { "study" };
            let names: Vec<&str> = rows.iter().map(|row| row[name].as_str().unwrap()).collect();
            assert_eq!(names, ["A", "B", "C", "D", "E", "F"], "{key}");
            for (at, row) in rows.iter().enumerate() {
                let reason = match at {
                    1 => serde_json::json!(["left out: yi is missing"]),
                    4 => serde_json::json!(["left out: vi is missing"]),
                    _ => serde_json::json!([]),
                };
                assert_eq!((row[number].is_null(), &row["notes"]), (at == 1 || at == 4, &reason), "{key}: {row}");
            }
        }
        document
    };
    let flags = ["--leave-one-out", "--influence", "--blup", "--baujat", "--cumulative", "x"];
    let keys = [("leave_one_out", "tau2"), ("influence", "hat"), ("blup", "estimate"), ("baujat", "x")];
    let document = told_of_each(&flags, &keys);
    let regression =
        told_of_each(&["--mods", "x", "--predict", "--influence"], &[("predict", "se"), ("influence", "hat")]);
    assert_eq!(regression["influence"][1]["dfbetas"], serde_json::json!([null, null]));
    // Of the order of a cumulative analysis nothing is known there.
    let added: Vec<&str> =
        document["cumulative"].as_array().unwrap().iter().map(|row| row["study"].as_str().unwrap()).collect();
    assert_eq!(added, ["A", "C", "D", "F", "B", "E"]);
    let csv = stdout(&case.folder.run(["meta", "t.csv", "--blup", "--format", "csv"]));
    assert!(csv.contains("\nB,,,,,left out: yi is missing\n"), "{csv}");
    let text = stdout(&case.folder.run(["meta", "t.csv", "--blup", "--leave-one-out"]));
    assert_eq!(
        text.lines().filter(|line| line.trim_start().starts_with("B ") && line.contains('—')).count(),
        2,
        "{text}"
    );
    // Groups and means are no rows of the table.
    let levels = ["meta", "t.csv", "--random", "1 | slab", "--predict", "--blup", "--json"];
    let document = json_of(&case.folder.run(levels));
    assert_eq!((document["predict"].as_array().unwrap().len(), document["blup"].as_array().unwrap().len()), (1, 6));
    // Charts of the same results draw what was analysed.
    std::fs::write(
        case.folder.path("r.json"),
        stdout(&case.folder.run([&["meta", "t.csv", "--json"], &flags[..]].concat())),
    )
    .unwrap();
    for kind in ["qq", "baujat", "leave-one-out", "cumulative", "forest"] {
        let drawn = case.folder.run(["plot", kind, "r.json", "-o", "c.svg", "--data", "c.csv"]);
        assert!(drawn.status.success(), "{kind}: {}", stderr(&drawn));
        let data = std::fs::read_to_string(case.folder.path("c.csv")).unwrap();
        assert!(
            data.contains('A') && !data.lines().any(|line| line.contains(",B,") || line.contains(",E,")),
            "{kind}: {data}"
        );
    }
}

/// Errors about what a table lacks name it.
#[test]
fn tables_with_nothing_to_analyse_are_named() {
    let header = Case::new("header-alone", "yi,vi,g\n");
    let empty = Case::new("nothing-usable", "yi,vi,ai,bi,ci,di,g\n0.3,,1,2,,4,a\n,0.2,,2,3,4,b\n");
    let (meta, fit) = (["meta", "t.csv"], ["fit", "yi ~ 1 + (1 | g)", "t.csv"]);
    let plot = ["plot", "forest", "t.csv", "-o", "f.svg"];
    for told in [header.refused(&meta), header.refused(&fit), header.refused(&plot)] {
        assert!(told.contains("t.csv") && told.contains("a header and no rows"), "{told}");
    }
    for call in [&meta[..], &plot, &["meta", "t.csv", "--mh", "--measure", "OR"]] {
        let told = empty.refused(call);
        assert!(told.contains("t.csv") && told.contains("no row is left"), "{told}");
    }
    let told = empty.refused(&["fit", "ai ~ ci + (1 | g)", "t.csv"]);
    assert!(told.contains("t.csv") && told.contains("every row lacks a value"), "{told}");
}
