//! What the texts of `reffect meta` and `reffect fit` say beside their numbers: which p-value tests what, where degrees
//! of freedom come from, what was left out, and how it was computed.

use crate::common::cli::{Folder, json_of, stderr, stdout};

fn text(folder: &Folder, args: &[&str]) -> String {
    let output = folder.run(args);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    // As one line, so that no sentence is broken.
    stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn says(folder: &Folder, args: &[&str], all: &[&str]) {
    let text = text(folder, args);
    for wanted in all {
        assert!(text.contains(wanted), "{args:?} lacks `{wanted}`: {text}");
    }
}

fn lacks(folder: &Folder, args: &[&str], all: &[&str]) {
    let text = text(folder, args);
    for unwanted in all {
        assert!(!text.contains(unwanted), "{args:?} has `{unwanted}`: {text}");
    }
}

const BCG: &str = "data/published/bcg.csv";

#[test]
fn a_model_has_the_name_of_what_it_claims() {
    let folder = Folder::with_data("texts-names");
    says(
        &folder,
        &["meta", BCG, "--method", "FE"],
        &["Fixed-effects meta-analysis of 13", "Method: fixed-effects meta"],
    );
    says(
        &folder,
        &["meta", BCG, "--method", "EE"],
        &["Equal-effects meta-analysis of 13", "Method: equal-effects meta"],
    );
}

/// t and F have degrees of freedom, and z has none.
#[test]
fn degrees_of_freedom_stand_beside_t() {
    let folder = Folder::with_data("texts-df");
    says(&folder, &["meta", BCG, "--test", "knha"], &["CI t df p", " 12 "]);
    let cluster = ["meta", BCG, "--mods", "ablat", "--cluster", "alloc"];
    says(
        &folder,
        &cluster,
        &["CI t df p", "moderators, F, 1 and 1.5 df: p = 0.044", "CR2 with Satterthwaite's degrees"],
    );
    lacks(&folder, &["meta", BCG], &[" df p"]);
    let levels = ["meta", "data/published/konstantopoulos2011.csv", "--random", "1 | district/school"];
    lacks(&folder, &levels, &[" df p", "null", "sigma2"]);
}

#[test]
fn every_p_says_what_it_tests() {
    let folder = Folder::with_data("texts-p");
    let args = ["meta", BCG, "--trimfill", "--fsn", "--egger", "--tes", "--permutest", "--subgroup", "alloc"];
    let wanted = [
        "what p tests",
        "no effect with these studies",
        "no effect in the studies as they are",
        "no asymmetry of the funnel",
        "no more than expected are significant",
        "this coefficient is 0",
        "no difference of the subgroups",
        "the estimator L0",
        "meta-regression with the estimator and test of the model on the standard errors",
        "Rosenthal (1979)",
        "The R call reproduces the model only, not these additional analyses.",
    ];
    says(&folder, &args, &wanted);
    let args = [
        "meta",
        BCG,
        "--selmodel",
        "stepfun",
        "--steps",
        "0.025,0.5",
        "--mods",
        "ablat",
        "--selmodel-alternative",
        "less",
    ];
    let wanted = [
        "with selection (stepfun)",
        "selected where p ≤ 0.025: the standard",
        "selected where 0.025 < p ≤ 0.5, relative to it",
        "selected where p > 0.5, relative to it",
        "Likelihood-ratio test of no selection (all intervals of p alike): χ² =",
        "one-sided, small for low effects",
        "with steps at 0.025, 0.5",
    ];
    says(&folder, &args, &wanted);
    let args = ["meta", BCG, "--selmodel", "halfnorm", "--mods", "ablat", "--selmodel-alternative", "less"];
    says(&folder, &args, &["intrcpt 0.28", "ablat −0.029", "there is no sign of selection", "(delta 0)"]);
}

#[test]
fn comparisons_say_by_which_likelihood() {
    let folder = Folder::with_data("texts-compare");
    let wanted = ["tau² by maximum likelihood", "were fitted again by maximum likelihood"];
    says(&folder, &["meta", BCG, "--mods", "ablat", "--compare", "1"], &wanted);
}

#[test]
fn what_nothing_is_known_of_is_a_dash() {
    let folder = Folder::with_data("texts-dash");
    folder.write("k1.csv", "yi,vi\n0.4,0.04\n");
    says(&folder, &["meta", "k1.csv"], &["I², % — ", "Q, 0 df —"]);
    let rows: Vec<String> = (0..61).map(|at| format!("{},0.1", f64::from(at) / 50.0)).collect();
    folder.write("many.csv", format!("yi,vi\n{}\n", rows.join("\n")));
    says(&folder, &["meta", "many.csv"], &["The table of 61 studies is left out here: --json lists them"]);
    let rare = "ai,n1i,ci,n2i\n0,10,0,12\n3,10,0,12\n2,20,5,20\n4,20,6,20\n";
    folder.write("rare.csv", rare);
    says(
        &folder,
        &["meta", "rare.csv", "--peto"],
        &["1 study without an event, or with nothing but events, has no effect"],
    );
    lacks(&folder, &["meta", "rare.csv", "--glmm", "UM.FS", "--measure", "OR"], &["weight, %"]);
    // A small end of a variance keeps its digits.
    says(&folder, &["meta", "data/published/raudenbush1985.csv"], &["0.0188 0.00586 to 0.198"]);
}

#[test]
fn few_studies_are_too_few_for_tests_of_asymmetry() {
    let folder = Folder::with_data("texts-few");
    let few = ["meta", "data/published/normand1999.csv", "--measure", "SMD", "--egger", "--begg"];
    says(&folder, &few, &["fewer than 10 studies are too few for --egger, --begg", "goes with its own standard error"]);
    lacks(&folder, &["meta", BCG, "--egger"], &["too few"]);
    says(&folder, &["meta", BCG, "--measure", "OR", "--egger"], &["--harbord and --peters avoid that"]);
}

/// The same as `influence(...)$is.infl` of metafor 3.8.
#[test]
fn influential_studies_are_marked() {
    let folder = Folder::with_data("texts-influence");
    let marked = |args: &[&str]| -> Vec<usize> {
        let output = folder.run([&["meta"], args, &["--influence", "--json"]].concat());
        let document = json_of(&output);
        let all = document["influence"].as_array().unwrap().iter();
        all.enumerate().filter(|(_, one)| one["is_infl"] == true).map(|(at, _)| at + 1).collect()
    };
    assert_eq!(marked(&["data/published/normand1999.csv", "--measure", "SMD"]), [3]);
    assert_eq!(marked(&["data/published/normand1999.csv", "--measure", "MD"]), [0; 0]);
    assert_eq!(marked(&[BCG, "--mods", "ablat + year + alloc"]), [4]);
    let args = ["meta", "data/published/normand1999.csv", "--measure", "SMD", "--influence"];
    says(&folder, &args, &["1 study is influential (*) by the rule of Viechtbauer and Cheung (2010)", "3√(p/(k − p))"]);
}

#[test]
fn a_fit_says_what_defines_its_model() {
    let folder = Folder::with_data("texts-fit");
    let sleep = "data/published/sleepstudy.csv";
    let orthodont = "data/published/orthodont.csv";
    let formula = "distance ~ age * Sex + (age | Subject)";
    says(&folder, &["fit", formula, orthodont, "--contrasts", "sum"], &["factors as sum contrasts"]);
    says(&folder, &["fit", formula, orthodont, "--ref", "Sex=Female"], &["compared with Sex Female"]);
    let relapses = ["fit", "relapses ~ after + (1 | patient)", "data/examples/relapses.csv", "--family", "poisson"];
    says(&folder, &[&relapses[..], &["--offset", "log(years)"]].concat(), &["; offset: log(years)."]);
    let visits =
        ["fit", "change ~ base + (1 | patient)", "data/examples/visits.csv", "--each", "arm", "--weights", "weight"];
    says(&folder, &visits, &["· weights: weight"]);
    let means = ["means are taken at age = 11.00, its mean", "the interaction age:Sex makes the means"];
    says(&folder, &["fit", formula, orthodont, "--emmeans", "Sex"], &means);
    let profile = ["fit", "Reaction ~ Days + (Days | Subject)", sleep, "--ci", "profile"];
    // confint of lme4 has −0.4815 to 0.6850.
    says(&folder, &profile, &["0.066 (−0.48 to 0.69)", "can disagree with these intervals"]);
    folder.write("uneven.csv", uneven());
    let ar1 = ["fit", "y ~ day", "uneven.csv", "--residual", "ar1", "--time", "day", "--subject", "who"];
    says(&folder, &ar1, &["as steps of one length, and they are 1.00 to 6.00 apart; --residual car1"]);
    let epil = ["fit", "y ~ lbase * trt + (1 | subject)", "data/published/epil.csv", "--family", "poisson"];
    says(&folder, &epil, &["as rate ratios", "is a ratio of such ratios"]);
}

/// Visits at days 0, 1, 7 and 8.
fn uneven() -> String {
    let mut table = "who,day,y\n".to_owned();
    for who in 0..12 {
        for (at, day) in [0, 1, 7, 8].into_iter().enumerate() {
            let wave = (who * 37 + at * 11 + who * at * 5) % 23;
            table.push_str(&format!("p{who},{day},{}\n", 10 + wave + who % 5 * 4));
        }
    }
    table
}

/// The texts of a chart, without its marks.
fn chart(folder: &Folder, args: &[&str]) -> String {
    let output = folder.run([&["plot"], args, &["-o", "chart.svg"]].concat());
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    let svg = std::fs::read_to_string(folder.path("chart.svg")).unwrap();
    svg.replace("&lt;", "<").replace("&#160;", " ")
}

fn result(folder: &Folder, name: &str, args: &[&str]) {
    let output = folder.run([&["meta"], args, &["--json", "-o", name]].concat());
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
}

#[test]
fn forests_say_of_which_model_their_heterogeneity_is() {
    let folder = Folder::with_data("texts-forest");
    let common = chart(&folder, &["forest", BCG, "--method", "FE"]);
    assert!(common.contains("Heterogeneity: I²") && !common.contains("τ²"));
    let regression = chart(&folder, &["forest", BCG, "--mods", "ablat + alloc"]);
    for wanted in
        ["Residual heterogeneity: τ²", "Test of the moderators (ablat + alloc): Q =", "There is no one pooled"]
    {
        assert!(regression.contains(wanted), "{wanted}");
    }
    let groups = chart(&folder, &["forest", BCG, "--subgroup", "alloc"]);
    assert!(groups.contains("Q = 5.6 (df = 1), p = 0.018"));
    result(&folder, "levels.json", &["data/published/konstantopoulos2011.csv", "--random", "1 | district/school"]);
    let levels = chart(&folder, &["forest", "levels.json"]);
    for wanted in ["σ²(district) = 0.065, σ²(district/school) = 0.033", "the weight of the effect in the pooled effect"]
    {
        assert!(levels.contains(wanted), "{wanted}");
    }
    result(&folder, "mh.json", &["data/published/nielweise2007.csv", "--mh", "--measure", "OR"]);
    let pooled = chart(&folder, &["forest", "mh.json"]);
    assert!(pooled.contains("1 of 18 studies, without an event") && !pooled.contains("τ²"));
    result(&folder, "glmm.json", &["data/published/nielweise2007.csv", "--glmm", "UM.FS", "--measure", "OR"]);
    assert!(!chart(&folder, &["forest", "glmm.json"]).contains("Weight, %"));
}

#[test]
fn a_factor_of_a_regression_chart_has_all_its_levels() {
    let folder = Folder::with_data("texts-factor");
    for mods in ["alloc", "factor(alloc)", "factor(alloc) + ablat"] {
        let drawn = chart(&folder, &["regression", BCG, "--mods", mods, "--moderator", "alloc"]);
        for wanted in ["alternate", "random", "systematic"] {
            assert!(drawn.contains(wanted), "{mods}: {wanted}");
        }
        assert!(!drawn.contains("reference"), "{mods}");
    }
}

#[test]
fn random_subsets_are_told_from_all() {
    let folder = Folder::with_data("texts-gosh");
    assert!(chart(&folder, &["gosh", BCG]).contains("All 8,178 subsets of two or more of 13 studies."));
    let many = chart(&folder, &["gosh", "data/published/konstantopoulos2011.csv"]);
    assert!(many.contains("random subsets of the 2^56 of two or more of 56 studies"));
    result(&folder, "gosh.json", &[BCG, "--gosh", "--gosh-subsets", "500"]);
    assert!(chart(&folder, &["gosh", "gosh.json"]).contains("random subsets of the 8,178"));
}

#[test]
fn groups_of_numbers_are_named_by_their_column() {
    let folder = Folder::with_data("texts-groups");
    folder.write("diets.csv", "who,day,y,diet\na,0,1,1\na,1,2,1\nb,0,2,2\nb,1,4,2\n");
    let args = ["trajectory", "diets.csv", "--response", "y", "--time", "day", "--subject", "who", "--group", "diet"];
    let drawn = chart(&folder, &args);
    assert!(drawn.contains("diet 1") && drawn.contains("diet 2"));
}

/// With one study nothing is left for the fits without it: JSON, notes and text say the same.
#[test]
fn one_study_has_no_influence_to_speak_of() {
    let folder = Folder::new("one-study");
    folder.write("one.csv", "study,yi,vi\nA,0.3,0.04\n");
    let call = ["meta", "one.csv", "--yi", "yi", "--vi", "vi", "--leave-one-out", "--influence"];
    lacks(&folder, &call, &["is influential"]);
    says(&folder, &call, &["the rest cannot be fitted without it", "Q, 0 df —"]);
    let output = folder.run([&call[..], &["--json"]].concat());
    let document = json_of(&output);
    for key in ["leave_one_out", "influence"] {
        let notes = document[key][0]["notes"].to_string();
        assert!(notes.contains("cannot be fitted"), "{key}: {notes}");
    }
    assert!(document["influence"][0]["is_infl"].is_null());
}

fn refused(folder: &Folder, args: &[&str], all: &[&str]) {
    let output = folder.run(args);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stdout(&output));
    let told = stderr(&output).split_whitespace().collect::<Vec<_>>().join(" ");
    for wanted in all {
        assert!(told.contains(wanted), "{args:?} lacks `{wanted}`: {told}");
    }
}

/// Without --random nothing that is said speaks of it as if it had been given.
#[test]
fn fixed_effects_with_dependent_errors_are_refused_in_their_own_words() {
    let folder = Folder::with_data("texts-v-cluster");
    let call = |more: &[&'static str]| {
        let own = ["meta", "data/published/berkey1998.csv", "--v-cluster", "trial", "--v-rho", "0.5"];
        own.into_iter().chain(more.iter().copied()).collect::<Vec<&str>>()
    };
    for (more, wanted) in [
        (vec!["--gosh"], "--gosh does not go with --v-cluster: it is defined for independent effects"),
        (vec!["--method", "DL"], "--method DL does not go with --v-cluster, whose effects are fixed"),
        (vec!["--test", "knha"], "--v-cluster takes the test z or t"),
        (vec!["--unweighted"], "--v-cluster takes no weights"),
        (vec!["--tau2-ci", "PL"], "--tau2-ci has no effect: effects without --random are fixed here"),
        (vec!["--pi-type", "riley"], "--pi-type has no effect: there is no prediction interval"),
        (vec!["--predict", "--pi-type", "hts"], "--pi-type has no effect"),
    ] {
        refused(&folder, &call(&more), &[wanted]);
    }
    refused(&folder, &call(&["--random", "1 | trial", "--gosh"]), &["--gosh does not go with --random"]);
}

/// A table of which no row can be used says which cells are to be corrected.
#[test]
fn cells_that_contradict_are_named_where_nothing_is_left() {
    let folder = Folder::with_data("texts-cells");
    folder.write("counts.csv", "study,ai,bi,n1i,ci,di,n2i\na,25,15,20,3,17,20\nb,5,15,25,3,17,20\n");
    let found = ["counts.csv", "line 2: ai = 25 and n1i = 20", "line 3: bi = 15 and n1i = 25", "correct these cells"];
    refused(&folder, &["meta", "counts.csv", "--measure", "OR"], &found);
    folder.write("means.csv", "study,m1i,sd1i,n1i,m2i,sd2i,n2i\nc,5,-2,20,3,2,20\n");
    refused(&folder, &["meta", "means.csv", "--measure", "MD"], &["means.csv", "line 2: sd1i = -2", "correct these"]);
}

/// Tables without an event at all: why they cannot be pooled, and what is to be done.
#[test]
fn double_zeros_are_explained() {
    let folder = Folder::with_data("texts-zeros");
    folder.write("zeros.csv", "study,ai,n1i,ci,n2i\na,0,50,0,52\nb,0,40,0,41\n");
    let wanted = ["the 2 tables cannot be pooled", "double zeros", "also with --mh-add"];
    for measure in ["OR", "RR", "RD"] {
        refused(&folder, &["meta", "zeros.csv", "--mh", "--measure", measure, "--mh-add", "0.5"], &wanted);
    }
    refused(&folder, &["meta", "zeros.csv", "--peto"], &wanted);
    folder.write("one.csv", "study,ai,n1i,ci,n2i\na,0,50,3,52\nb,0,40,0,41\nc,0,30,5,33\n");
    says(&folder, &["meta", "one.csv", "--mh", "--measure", "OR"], &["allow no estimate", "--mh-add 0.5", "--peto"]);
}

/// A name says that an effect is corrected only where it is.
#[test]
fn a_correction_is_named_where_it_was_made() {
    let folder = Folder::with_data("texts-corrected");
    folder.write("means.csv", "study,m1i,sd1i,n1i,m2i,sd2i,n2i\na,5,2,20,3,2,20\nb,6,2,25,4,2,25\n");
    for (measure, name) in [("ROM", "bias-corrected"), ("SMD", "Hedges' g")] {
        says(&folder, &["meta", "means.csv", "--measure", measure], &[name]);
        lacks(&folder, &["meta", "means.csv", "--measure", measure, "--no-correct"], &[name]);
        says(&folder, &["effect", "means.csv", "--measure", measure], &[name]);
        lacks(&folder, &["effect", "means.csv", "--measure", measure, "--no-correct"], &[name]);
    }
}

/// An effect that comes from another column than the others is told: `ti` may be person-time.
#[test]
fn effects_from_statistics_beside_means_are_told() {
    let folder = Folder::with_data("texts-statistics");
    folder.write(
        "t.csv",
        "study,m1i,sd1i,n1i,m2i,sd2i,n2i,ti\na,5,2,20,3,2,20,3\nb,6,2,25,4,,25,2.5\nc,5,2,20,4,2,20,\n",
    );
    let wanted = ["line 3: made of ti, since its means or SDs are missing"];
    says(&folder, &["meta", "t.csv", "--measure", "SMD"], &wanted);
    lacks(&folder, &["meta", "t.csv", "--measure", "SMD"], &["line 2: made", "line 4: made"]);
}
