//! A walk through the flags of `reffect fit`, alone and in pairs, on good tables and on bad ones: what each call
//! returns and says, in every format.

use crate::common::cli::{Folder, json_of, stderr, stdout};
use serde_json::Value;
use std::path::Path;

const SLEEP: &str = "Reaction ~ Days + (Days | Subject)";
const CBPP: &str = "cbind(incidence, size - incidence) ~ factor(period) + (1 | herd)";
const ORTHODONT: &str = "distance ~ age * Sex + (1 | Subject)";
const ALS: &str = "alsfrs ~ month + (1 | patient)";
const EPIL: &str = "y ~ lbase * trt + (1 | subject)";
const RELAPSES: &str = "relapses ~ after + (1 | patient)";
const VISITS: &str = "change ~ base + visit * arm";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    for file in [
        "published/sleepstudy.csv",
        "published/cbpp.csv",
        "published/orthodont.csv",
        "published/epil.csv",
        "published/pastes.csv",
        "examples/als-5.csv",
        "examples/als-40.csv",
        "examples/visits.csv",
        "examples/relapses.csv",
        "nmo-tocilizumab-2014.toml",
    ] {
        let from = data.join(file);
        std::fs::copy(&from, folder.path(from.file_name().unwrap().to_str().unwrap())).unwrap();
    }
    bad_tables(&folder);
    folder
}

fn bad_tables(folder: &Folder) {
    // Each patient has hundreds of events before and one after.
    let counts: Vec<String> = (0..10).map(|i| format!("p{i},0,{}\np{i},1,1", 500 + i)).collect();
    folder.write("hundreds.csv", format!("patient,after,y\n{}\n", counts.join("\n")));
    folder.write("new.csv", "patient,Days\nx,1\nx,NA\n");
    folder.write("new-years.csv", "patient,after,years\nx,1,1\nx,1,\nx,1,-2\n");
    let table = |name: &str, rows: usize, row: &dyn Fn(usize) -> String| {
        let rows: Vec<String> = (0..rows).map(row).collect();
        folder.write(name, format!("patient,t,y\n{}\n", rows.join("\n")));
    };
    let wave = |i: usize| (i * 17 + i % 4 * 20) % 50;
    folder.write("two.csv", "patient,t,y\na,0,1\na,1,2.5\na,2,3\nb,0,2\nb,1,2\nb,2,4.1\n");
    table("one-visit.csv", 12, &|i| format!("p{i},{},{}", i % 3, wave(i)));
    table("one-level.csv", 12, &|i| format!("p,{i},{}", wave(i)));
    // A weight in the place of the response, which is the same day by day.
    let heavy = |i: usize| if i == 5 { "1e10" } else { "1" };
    let heavy: Vec<String> = (0..180).map(|i| format!("p{},{},{}", i / 10, 250 + wave(i), heavy(i))).collect();
    folder.write("heavy.csv", format!("patient,y,w\n{}\n", heavy.join("\n")));
    table("constant.csv", 12, &|i| format!("p{},{},3", i % 4, i / 4));
    table("exact.csv", 12, &|i| format!("p{},{},{}", i % 4, i / 4, 2 * (i / 4) + 1));
    table("millions.csv", 30, &|i| format!("p{},{},{}", i % 6, 1_000_000 * (i / 6) + 5_000_000, wave(i)));
    table("negative.csv", 12, &|i| format!("p{},{},{}", i % 4, i / 4, i as i64 - 3));
    table("text.csv", 12, &|i| format!("p{},{},{}", i % 4, i / 4, if i % 3 == 0 { "high" } else { "low" }));
    table("gaps.csv", 16, &|i| {
        let (t, y) = (if i == 5 { "NA".to_owned() } else { (i / 4).to_string() }, wave(i).to_string());
        format!("p{},{t},{}", i % 4, if i == 7 { String::new() } else { y })
    });
    table("infinite.csv", 16, &|i| {
        format!("p{},{},{}", i % 4, i / 4, if i == 3 { "Inf".to_owned() } else { wave(i).to_string() })
    });
    let arm = |i: usize| if i.is_multiple_of(2) { "対照" } else { "薬" };
    let rows: Vec<String> = (0..24).map(|i| format!("患者{},{},{},{}", i % 6, i / 6, wave(i), arm(i))).collect();
    folder.write("jp.csv", format!("患者,月,得点,群\n{}\n", rows.join("\n")));
    folder.write("header.csv", "patient,t,y\n");
    folder.write("empty.csv", "");
}

const GOOD: &[(&str, &str, &str, &str)] = &[
    // Reading.
    (SLEEP, "sleepstudy.csv", "", "\"fixef\""),
    (SLEEP, "sleepstudy.csv", "--delimiter ,", "\"fixef\""),
    (SLEEP, "sleepstudy.csv", "--offset Days", "\"estimate\": 9.467"),
    // lme4 1.1-31: lmer(Reaction ~ Days + (1 | Subject) + offset(Days^2)) gives 263.4051 and 1.4673.
    (SLEEP, "sleepstudy.csv", "--offset Days^2", "\"estimate\": 1.467"),
    (SLEEP, "sleepstudy.csv", "--offset Days*Days", "\"estimate\": 1.467"),
    (SLEEP, "sleepstudy.csv", "--contrast half=1/2,9/2", "\"name\": \"half\""),
    ("Reaction ~ factor(Days) + (1 | Subject)", "sleepstudy.csv", "--ref Days=9", "factor(Days)0"),
    (ORTHODONT, "orthodont.csv", "--ref Sex=Male", "SexFemale"),
    (ORTHODONT, "orthodont.csv", "--contrasts sum", "Sex1"),
    (ORTHODONT, "orthodont.csv", "--contrasts helmert --ref Sex=Male", "Sex1"),
    ("distance ~ ns(age, df = 2) + poly(age, 1) + (1 | Subject)", "orthodont.csv", "", "left out, because it follows"),
    ("strength ~ 1 + (1 | batch) + (1 | batch:cask)", "pastes.csv", "", "batch:cask"),
    (VISITS, "visits.csv", "--residual us --time visit --subject patient --weights weight", "\"residual\""),
    // The model.
    (SLEEP, "sleepstudy.csv", "--ml", "\"method\": \"ML\""),
    (SLEEP, "sleepstudy.csv", "--family gaussian --link identity --agq 1", "\"REML\""),
    (CBPP, "cbpp.csv", "--family binomial", "\"Laplace\""),
    (CBPP, "cbpp.csv", "--family binomial --agq 9", "AGQ"),
    (CBPP, "cbpp.csv", "--family binomial --link probit --ref period=4", "factor(period)1"),
    (CBPP, "cbpp.csv", "--family binomial --link cloglog --df none", "hazard ratios"),
    ("incidence/size ~ factor(period) + (1 | herd)", "cbpp.csv", "--family binomial --weights size", "odds ratios"),
    (EPIL, "epil.csv", "--family poisson", "rate ratios"),
    (EPIL, "epil.csv", "--family nbinom2", "dispersion k"),
    (EPIL, "epil.csv", "--family nbinom1", "dispersion φ"),
    (RELAPSES, "relapses.csv", "--family poisson --offset log(years)", "\"conditional\""),
    (VISITS, "visits.csv", "--residual id --time visit --subject patient", "\"structure\": \"id\""),
    (VISITS, "visits.csv", "--residual cs --time visit --subject patient", "the correlation of any two visits"),
    (VISITS, "visits.csv", "--residual csh --time visit --subject patient", "\"csh\""),
    (VISITS, "visits.csv", "--residual ar1 --time visit --subject patient", "neighbouring visits"),
    (VISITS, "visits.csv", "--residual ar1h --time visit --subject patient", "\"ar1h\""),
    (VISITS, "visits.csv", "--residual car1 --time day --subject patient", "one unit apart"),
    (VISITS, "visits.csv", "--residual toep --time visit --subject patient", "\"toep\""),
    (VISITS, "visits.csv", "--residual toeph --time visit --subject patient", "\"toeph\""),
    (VISITS, "visits.csv", "--residual us --time visit --subject patient --residual-by arm", "\"by\": \"placebo\""),
    (ALS, "als-40.csv", "--change-at 0 --time month", "change of slope"),
    (ALS, "als-5.csv", "--change-at 0 --time month --df kenward-roger", "\"two_stage\""),
    ("alsfrs ~ month", "als-40.csv", "--residual ar1 --time month --subject patient --change-at 0", "slope after"),
    ("edss ~ after + (1 | patient)", "", "--reconstructed nmo-tocilizumab-2014.toml --replicates 20", "uniform sample"),
    (
        "relapse_rate ~ after + (1 | patient)",
        "",
        "--reconstructed nmo-tocilizumab-2014.toml --replicates 10 --family poisson --seed 2",
        "Generalised linear mixed models of reconstructed data",
    ),
    (
        "edss ~ after",
        "",
        "--reconstructed nmo-tocilizumab-2014.toml --replicates 10 --residual us --time after --subject patient",
        "Repeated-measures models of reconstructed data",
    ),
    (EPIL, "epil.csv", "--family poisson --each period", "\"significant\""),
    // Inference.
    (SLEEP, "sleepstudy.csv", "--df satterthwaite", "\"df\": 16.9999999"),
    (SLEEP, "sleepstudy.csv", "--df kenward-roger --anova 3 --contrast=a=0,1", "\"contrasts\""),
    (SLEEP, "sleepstudy.csv", "--df residual --ml", "\"df\": 178.0"),
    (SLEEP, "sleepstudy.csv", "--df none", "\"df\": null"),
    (SLEEP, "sleepstudy.csv", "--ci profile", "\"zeta\""),
    (SLEEP, "sleepstudy.csv", "--ci bootstrap --replicates 20 --seed 3", "seed 3"),
    (CBPP, "cbpp.csv", "--family binomial --ci profile", "\"sd_ci\""),
    (CBPP, "cbpp.csv", "--family binomial --ci bootstrap --replicates 10", "percentiles of 10 refits"),
    (VISITS, "visits.csv", "--residual cs --time visit --subject patient --ci profile", "profile intervals"),
    (VISITS, "visits.csv", "--residual cs --time visit --subject patient --ci bootstrap --replicates 10", "10 refits"),
    (VISITS, "visits.csv", "--residual us --time visit --subject patient --df kenward-roger", "observed information"),
    (
        VISITS,
        "visits.csv",
        "--residual us --time visit --subject patient --df kenward-roger --information expected",
        "expected information",
    ),
    (ORTHODONT, "orthodont.csv", "--emmeans Sex", "Male - Female"),
    (ORTHODONT, "orthodont.csv", "--emmeans Sex --at age=8,14", "\"level\": \"Male:14\""),
    (VISITS, "visits.csv", "--residual us --time visit --subject patient --emmeans arm:visit", "placebo - active | V6"),
    (
        RELAPSES,
        "relapses.csv",
        "--family poisson --offset log(years) --emmeans after --at after=0,1 --at years=1",
        "\"level\": \"1\"",
    ),
    (SLEEP, "sleepstudy.csv", "--predict sleepstudy.csv", "\"population\""),
    (SLEEP, "sleepstudy.csv", "--predict new.csv", "no prediction for row 2 of --predict: Days is missing"),
    (
        RELAPSES,
        "relapses.csv",
        "--family poisson --offset log(years) --predict new-years.csv",
        "no prediction for rows 2, 3 of --predict: the offset is missing or not finite",
    ),
    ("y ~ after + (1 | patient)", "hundreds.csv", "--family poisson", "\"conditional\""),
    (CBPP, "cbpp.csv", "--family binomial --predict cbpp.csv --ranef", "\"conditional\""),
    (VISITS, "visits.csv", "--residual us --time visit --subject patient --predict visits.csv", "\"population\""),
    (SLEEP, "sleepstudy.csv", "--ranef --residuals --influence Subject", "\"cook_d\""),
    (CBPP, "cbpp.csv", "--family binomial --residuals --influence herd", "\"pearson\""),
    (
        VISITS,
        "visits.csv",
        "--residual cs --time visit --subject patient --residuals --influence patient",
        "\"leverage\"",
    ),
    (SLEEP, "sleepstudy.csv", "--simulate 2", "\"trial\": 2"),
    (CBPP, "cbpp.csv", "--family binomial --simulate 1", "\"incidence\""),
    (VISITS, "visits.csv", "--residual us --time visit --subject patient --simulate 1", "\"change\""),
    // Data that allow little.
    ("y ~ t + (t | patient)", "two.csv", "", "singular fit"),
    ("y ~ t + (t | patient)", "millions.csv", "", "\"converged\": true"),
    ("y ~ t + (1 | patient)", "gaps.csv", "--residuals", "line 7 left out: t is missing"),
    ("y ~ t + (1 | patient)", "text.csv", "--family binomial", "`low` counts as 1"),
    ("y ~ t", "two.csv", "--residual cs --time t --subject patient", "\"cs\""),
    ("得点 ~ 月 * 群 + (1 | 患者)", "jp.csv", "--ref 群=対照 --emmeans 群 --anova 3 --influence 患者", "薬 - 対照"),
    ("得点 ~ 月 * 群", "jp.csv", "--residual cs --time 月 --subject 患者", "月:群薬"),
];

fn arguments<'a>(formula: &'a str, file: &'a str, flags: &'a str) -> Vec<&'a str> {
    let mut all = vec!["fit", formula];
    if !file.is_empty() {
        all.push(file);
    }
    all.extend(flags.split_whitespace());
    all
}

#[test]
fn good_calls_give_their_fields_in_json() {
    let folder = folder("walk-json");
    for (formula, file, flags, said) in GOOD {
        let mut call = arguments(formula, file, flags);
        call.push("--json");
        let output = folder.run(&call);
        assert_eq!(output.status.code(), Some(0), "{formula} {file} {flags}: {}", stderr(&output));
        let text = stdout(&output);
        serde_json::from_str::<Value>(&text).unwrap();
        assert!(!text.contains("NaN") && !text.contains("Infinity"), "{formula} {flags}");
        assert!(text.contains(said), "{formula} {file} {flags} does not say {said}: {text}");
    }
}

#[test]
fn good_calls_give_text_markdown_and_csv() {
    let folder = folder("walk-text");
    for (formula, file, flags, _) in GOOD {
        for format in ["table", "markdown", "csv"] {
            let mut call = arguments(formula, file, flags);
            call.extend(["--format", format]);
            let output = folder.run(&call);
            let several = flags.matches("--ranef").count()
                + ["--anova", "--emmeans", "--predict", "--residuals", "--influence"]
                    .iter()
                    .filter(|flag| flags.contains(*flag))
                    .count();
            if format == "csv" && several > 1 {
                assert!(stderr(&output).contains("CSV holds one table"), "{flags}");
                continue;
            }
            assert_eq!(output.status.code(), Some(0), "{formula} {file} {flags}: {}", stderr(&output));
            let text = stdout(&output);
            assert!(text.lines().count() > 1, "{formula} {flags} {format}: {text}");
            assert!(
                !text.contains("NaN") && !text.contains(",inf") && !text.contains(",-inf"),
                "{formula} {flags}: {text}"
            );
            if format == "csv" {
                let mut reader = csv::Reader::from_reader(text.as_bytes());
                let width = reader.headers().unwrap().len();
                assert!(reader.records().all(|row| row.unwrap().len() == width));
            }
        }
    }
}

const BAD: &[(&str, &str, &str, &str)] = &[
    ("y ~ t + (1 | patient)", "one-visit.csv", "", "every group has one row"),
    ("y ~ t + (1 | patient)", "one-level.csv", "", "has 1 level"),
    ("y ~ 1 + (1 | patient)", "heavy.csv", "--weights w", "the weights lie between 1 and 10000000000"),
    ("y ~ t + (t | patient)", "one-visit.csv", "", "24 effects and the table 12 rows"),
    ("y ~ t + (1 | patient)", "constant.csv", "", "the response is 3 in every row"),
    ("y ~ t + (1 | patient)", "exact.csv", "", "fit every row exactly"),
    // Options without effect.
    (SLEEP, "sleepstudy.csv", "--seed 3", "--seed has no effect"),
    (SLEEP, "sleepstudy.csv", "--replicates 4", "--replicates has no effect"),
    (SLEEP, "sleepstudy.csv", "--time Days", "--time has no effect"),
    (SLEEP, "sleepstudy.csv", "--simulate 2 --anova 3", "--anova has no effect on responses"),
    (SLEEP, "sleepstudy.csv", "--simulate 2 --ci profile", "--ci has no effect on responses"),
    (SLEEP, "sleepstudy.csv", "--simulate 2 --replicates 9", "--replicates has no effect on responses"),
    (EPIL, "epil.csv", "--family poisson --each period --seed 2", "--seed has no effect on fits to each level"),
    (
        "edss ~ after + (1 | patient)",
        "",
        "--reconstructed nmo-tocilizumab-2014.toml --delimiter ;",
        "--delimiter has no effect on fits to reconstructed",
    ),
    ("y ~ t", "constant.csv", "--residual cs --time t --subject patient", "fits the response exactly"),
    ("y ~ t + (1 | patient)", "negative.csv", "--family poisson", "line 2: the response is -3"),
    ("y ~ t + (1 | patient)", "negative.csv", "--family binomial", "0 or 1 was expected"),
    ("y ~ t + (1 | patient)", "text.csv", "", "holds texts, such as `high`, `low`"),
    ("y ~ t + (1 | patient)", "infinite.csv", "", "holds texts, such as `Inf`"),
    ("y ~ t + (1 | patient)", "header.csv", "", "a header and no rows"),
    ("y ~ t + (1 | patient)", "empty.csv", "", "the table is empty"),
    ("y ~ t + (1 | patient)", "absent.csv", "", "could not be read"),
    ("y ~ tt + (1 | patient)", "two.csv", "", "^^"),
    ("y ~ t + (1 | patint)", "two.csv", "", "^^^^^^"),
    ("y ~ t + (1 | patient", "two.csv", "", "this parenthesis is not closed"),
    ("y ~ ns(t) + (1 | patient)", "two.csv", "", "write ns(x, df = 3)"),
    ("得点 ~ 郡 + (1 | 患者)", "jp.csv", "", "there is no column `郡`"),
    ("y ~ t", "two.csv", "", "no random part"),
    ("y ~ t", "two.csv", "--residual us", "add --time VISIT --subject PATIENT"),
    ("y ~ t", "two.csv", "--residual us --time t --subject patient", "2 subjects are too few"),
    ("y ~ t", "one-visit.csv", "--residual us --time t --subject patient", "nobody has two visits"),
    ("y ~ t + (1 | patient)", "two.csv", "--residual cs --time t --subject patient", "apart from compound symmetry"),
    (VISITS, "visits.csv", "--residual car1 --time visit --subject patient", "needs times as numbers"),
    (VISITS, "visits.csv", "--residual us --time arm --subject patient", "has two rows at arm"),
    (VISITS, "visits.csv", "--residual us --time vist --subject patient", "did you mean `visit`?"),
    (VISITS, "visits.csv", "--residual us --time outcome:visit --subject patient", "no column `outcome`"),
    (
        VISITS,
        "visits.csv",
        "--residual us --time visit --subject patient --residual-by visit",
        "in more than one level",
    ),
    (
        VISITS,
        "visits.csv",
        "--residual us --time visit --subject patient --information expected",
        "is for --df kenward-roger",
    ),
    (VISITS, "visits.csv", "--residual us --time visit --subject patient --ranef", "no random effects"),
    (SLEEP, "sleepstudy.csv", "--information expected", "is for --residual"),
    (SLEEP, "sleepstudy.csv", "--df kenward-roger --ml", "leave --ml out"),
    (SLEEP, "sleepstudy.csv", "--agq 3", "--agq is for other families"),
    (SLEEP, "sleepstudy.csv", "--link log", "--link log is for other families"),
    (SLEEP, "sleepstudy.csv", "--weights Days", "a weight must be above 0"),
    (SLEEP, "sleepstudy.csv", "--weights Dayss", "did you mean `Days`?"),
    (SLEEP, "sleepstudy.csv", "--offset log(Dayss)", "did you mean `Days`?"),
    (SLEEP, "sleepstudy.csv", "--offset Days:Days", "are arithmetic"),
    (SLEEP, "sleepstudy.csv", "--offset y~Days", "an expression has no left side"),
    (SLEEP, "sleepstudy.csv", "--ref Subject=309", "writing factor(Subject)"),
    (SLEEP, "sleepstudy.csv", "--ref Days=11", "the column has no value 11"),
    (ORTHODONT, "orthodont.csv", "--ref Sex=male", "the levels are Female, Male"),
    (SLEEP, "sleepstudy.csv", "--contrast=a=1", "1 weights, and the model has 2 coefficients"),
    (SLEEP, "sleepstudy.csv", "--contrast=a=0,0", "is 0 everywhere"),
    (SLEEP, "sleepstudy.csv", "--emmeans Days", "add --at Days=VALUE"),
    (SLEEP, "sleepstudy.csv", "--at Days=1", "add --emmeans"),
    (SLEEP, "sleepstudy.csv", "--at Days", "a column and values were expected"),
    (ORTHODONT, "orthodont.csv", "--emmeans Sex --at Sex=1", "no level `1`"),
    (ORTHODONT, "orthodont.csv", "--emmeans Sex --at Subject=1", "no factor of texts"),
    (SLEEP, "sleepstudy.csv", "--compare Reaction", "no response"),
    (SLEEP, "sleepstudy.csv", "--predict two.csv", "the table has no column `Days`"),
    (SLEEP, "sleepstudy.csv", "--influence subject", "did you mean `Subject`?"),
    (EPIL, "epil.csv", "--family poisson --each period --ci profile", "leave out --ci"),
    (SLEEP, "sleepstudy.csv", "--each Subjects", "did you mean `Subject`?"),
    (SLEEP, "sleepstudy.csv", "--stack Reaction", "there is no column `Reaction`"),
    (SLEEP, "sleepstudy.csv", "--stack Reaction,Reaction", "names Reaction twice"),
    (SLEEP, "sleepstudy.csv", "--change-at 3", "--time"),
    (ALS, "als-40.csv", "--change-at 0 --time patient", "holds texts"),
    ("log(y) ~ t + (1 | patient)", "two.csv", "--simulate 1", "a column of its own"),
    (CBPP, "cbpp.csv", "", "the binomial family (--family binomial)"),
    (CBPP, "cbpp.csv", "--family poisson", "the binomial family (--family binomial)"),
    (CBPP, "cbpp.csv", "--family binomial --df satterthwaite", "--df none"),
    (CBPP, "cbpp.csv", "--family binomial --link identity", "its links are logit"),
    (CBPP, "cbpp.csv", "--family binomial --weights size", "leave out the weights"),
    (CBPP, "cbpp.csv", "--family binomial --residual cs --time period --subject herd", "no residual covariance"),
    (RELAPSES, "relapses.csv", "--family poisson --weights years --simulate 1", "cannot be simulated"),
    (
        "nothing ~ after + (1 | patient)",
        "",
        "--reconstructed nmo-tocilizumab-2014.toml",
        "the outcomes are relapse_rate",
    ),
    (
        "value ~ after + (1 | patient)",
        "",
        "--reconstructed nmo-tocilizumab-2014.toml --stack edss,pan",
        "`pan` is no outcome of the release",
    ),
];

#[test]
fn bad_calls_say_what_is_wrong_and_write_nothing() {
    let folder = folder("walk-bad");
    let mut wrong = Vec::new();
    for (formula, file, flags, told) in BAD {
        let output = folder.run(arguments(formula, file, flags));
        let error = stderr(&output);
        let is_told = output.status.code() == Some(2) && output.stdout.is_empty() && error.contains(told);
        if !is_told || !(error.contains("help") || error.contains("Usage") || error.contains("required")) {
            wrong.push(format!("{formula} {file} {flags}: {told} was expected\n{error}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The fields of the document, in their order; those in brackets stand where they were asked for.
#[test]
fn documents_have_the_fields_of_the_interface() {
    let folder = folder("walk-fields");
    let fields = |formula: &str, file: &str, flags: &str| {
        let mut call = arguments(formula, file, flags);
        call.push("--json");
        let output = folder.run(&call);
        json_of(&output)
    };
    let always = [
        "n",
        "groups",
        "method",
        "criterion",
        "loglik",
        "aic",
        "bic",
        "sigma",
        "theta",
        "fixef",
        "vcov",
        "varcorr",
        "dispersion",
        "residual",
        "singular",
        "converged",
        "history",
        "notes",
    ];
    let visits = "--residual us --time visit --subject patient";
    for (formula, file, flags) in [
        (SLEEP, "sleepstudy.csv", ""),
        (CBPP, "cbpp.csv", "--family binomial"),
        (EPIL, "epil.csv", "--family nbinom2"),
        (VISITS, "visits.csv", visits),
    ] {
        let document = fields(formula, file, flags);
        for name in always {
            assert!(document.get(name).is_some(), "{formula} {flags} lacks {name}");
        }
        let rows = document["fixef"].as_array().unwrap().len();
        assert_eq!(document["vcov"].as_array().unwrap().len(), rows);
        for row in document["fixef"].as_array().unwrap() {
            let names: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(names[..7], ["name", "estimate", "se", "df", "statistic", "p", "ci"], "{formula}");
            let is_ratio = flags.contains("--family") && row["name"] != "(Intercept)";
            assert_eq!(&names[7..], if is_ratio { &["ratio", "ratio_ci"][..] } else { &[] }, "{formula}");
            assert_eq!(row["ci"].as_array().unwrap().len(), 2);
        }
        let (loglik, criterion) = (document["loglik"].as_f64().unwrap(), document["criterion"].as_f64().unwrap());
        assert!((loglik + 0.5 * criterion).abs() < 1e-12 * criterion.abs());
        for term in document["varcorr"].as_array().unwrap() {
            let k = term["names"].as_array().unwrap().len();
            assert_eq!((term["sd"].as_array().unwrap().len(), term["cor"].as_array().unwrap().len()), (k, k));
        }
    }
    let asked =
        "--ci profile --anova 3 --contrast=c=0,1 --predict sleepstudy.csv --ranef --residuals --influence Subject";
    let document = fields(SLEEP, "sleepstudy.csv", asked);
    for (name, keys) in [
        ("anova", vec!["term", "num_df", "den_df", "F", "p"]),
        ("contrasts", vec!["name", "estimate", "se", "df", "statistic", "p", "ci"]),
        ("predict", vec!["population", "conditional", "se", "df", "ci", "columns", "notes"]),
        (
            "residuals",
            vec!["row", "fitted", "response", "pearson", "scaled", "leverage", "observed", "columns", "notes"],
        ),
        ("influence", vec!["level", "rows", "fixef", "dfbetas", "cook_d", "sigma", "sd", "notes"]),
        ("profile", vec!["parameter", "points"]),
    ] {
        let row = document[name][0].as_object().unwrap_or_else(|| panic!("{name}"));
        assert_eq!(row.keys().map(String::as_str).collect::<Vec<_>>(), keys, "{name}");
    }
    assert_eq!(document["sigma_ci"].as_array().unwrap().len(), 2);
    assert_eq!(document["varcorr"][0]["sd_ci"].as_array().unwrap().len(), 2);
    assert_eq!(document["varcorr"][0]["cor_ci"].as_array().unwrap().len(), 1);
    assert_eq!(document["ranef"]["Subject"].as_array().unwrap().len(), 18);
    let compared = fields(SLEEP, "sleepstudy.csv", "--compare Reaction~Days+(1|Subject)");
    for key in ["chisq", "df", "p", "p_boundary", "method", "models"] {
        assert!(compared["compare"][0].get(key).is_some(), "{key}");
    }
    let means = fields(ORTHODONT, "orthodont.csv", "--emmeans Sex");
    let keys: Vec<&str> = means["emmeans"][0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["level", "levels", "estimate", "se", "df", "ci"]);
}

/// A wrong table of new rows is told by its own place, and not by that of the formula.
#[test]
fn new_rows_that_do_not_fit_are_named_where_they_stand() {
    let folder = Folder::new("new-rows");
    folder.write("t.csv", "y,x,arm,id\n1,0,a,p\n2,1,b,p\n3,2,a,q\n5,3,b,q\n4,1,a,r\n6,2,b,r\n2,0,a,s\n7,4,b,s\n");
    folder.write("text.csv", "x,arm\n1,a\nabc,b\n");
    folder.write("level.csv", "arm,x\na,1\nc,2\n");
    folder.write("lacking.csv", "x\n1\n");
    folder.write("twice.csv", "x,arm,x\n1,a,2\n");
    let told = |formula: &str, new: &str| {
        let output = folder.run(["fit", formula, "t.csv", "--predict", new]);
        assert_eq!(output.status.code(), Some(2), "{new}");
        stderr(&output)
    };
    for (new, place, said) in [
        ("text.csv", "text.csv:3:1", "`abc`"),
        ("level.csv", "level.csv:3:1", "no level `c`"),
        ("lacking.csv", "lacking.csv:1:1", "no column `arm`"),
        ("twice.csv", "twice.csv:1:7", "`x` twice"),
    ] {
        let told = told("y ~ x + arm + (1 | id)", new);
        assert!(told.contains(place) && told.contains(said) && !told.contains("formula:"), "{new}: {told}");
    }
    folder.write("other.csv", "x\n9\n");
    let told = told("y ~ factor(x) + (1 | id)", "other.csv");
    assert!(told.contains("other.csv") && told.contains("no level `9`") && !told.contains("formula:"), "{told}");
}
