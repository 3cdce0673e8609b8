//! Numbers that charts and reports show, where they once were others: through the program.

use crate::common::cli::{Folder, stderr, stdout};

/// Runs the program, which must succeed.
fn run(folder: &Folder, call: &str) -> String {
    let output = folder.run(words(call));
    assert!(output.status.success(), "{call}: {}", stderr(&output));
    stdout(&output)
}

/// Runs the program, which must refuse with these words.
fn refused(folder: &Folder, call: &str, reason: &str) {
    let output = folder.run(words(call.trim()));
    assert!(!output.status.success() && stderr(&output).contains(reason), "{call}: {}", stderr(&output));
}

fn words(call: &str) -> Vec<String> {
    call.split(' ').map(|word| word.replace('_', " ")).collect()
}

fn file(folder: &Folder, name: &str) -> String {
    std::fs::read_to_string(folder.path(name)).unwrap()
}

/// The numbers of the rows of a chart's data that begin so.
fn rows(folder: &Folder, name: &str, start: &str) -> Vec<Vec<f64>> {
    let text = file(folder, name);
    let own = text.lines().filter_map(|line| line.strip_prefix(start));
    own.map(|rest| rest.split(',').filter_map(|field| field.parse().ok()).collect()).collect()
}

/// lme4 1.1-31: exp(fixef) of glmer(y ~ trt * period + (1 | subject), epil, poisson) along periods 1 to 4.
#[test]
fn models_of_counts_are_drawn_as_counts() {
    let folder = Folder::with_data("counts-drawn");
    let formula = "y_~_trt*period_+_(1_|_subject)";
    let table = "data/published/epil.csv";
    run(&folder, &format!("fit {formula} {table} --family poisson --predict {table} --json -o f.json"));
    let columns = "--response y --time period --subject subject --group trt";
    run(&folder, &format!("plot trajectory {table} f.json {columns} -o t.svg --data t.csv"));
    let drawn = rows(&folder, "t.csv", ",\"placebo: Model, random effects 0\",");
    let text = file(&folder, "t.csv");
    assert!(drawn.len() >= 4, "{}", &text[..400]);
    for (row, expected) in drawn.iter().zip([6.27, 6.00, 5.75, 5.50]) {
        // The expected ones are rounded to two decimals.
        assert!((row[1] - expected).abs() <= 0.005, "{row:?}");
    }
    assert!(file(&folder, "t.svg").contains("taken back through the log link"));
    refused(&folder, &format!("plot residuals {table} f.json --response y -o r.svg"), "pass --residuals to `fit`");
    run(&folder, &format!("fit {formula} {table} --family poisson --residuals --json -o r.json"));
    run(&folder, &format!("plot residuals {table} r.json --response y -o r.svg --data r.csv"));
    // Row 1: (5 − 3.879) / √3.879.
    let first = &rows(&folder, "r.csv", ",Pearson residual,2,")[0];
    assert!((first[0] - 3.8794).abs() < 1e-3 && (first[1] - 0.5690).abs() < 1e-3, "{first:?}");
}

#[test]
fn shares_are_not_drawn_beside_counts() {
    let folder = Folder::with_data("shares-drawn");
    folder.write("y.csv", "id,t,y,n\na,1,2,9\na,2,4,9\nb,1,0,9\nb,2,3,9\nc,1,5,9\nc,2,6,9\nd,1,1,9\nd,2,2,9\n");
    run(&folder, "fit cbind(y,_n_-_y)_~_t_+_(1_|_id) y.csv --family binomial --predict y.csv --json -o f.json");
    refused(&folder, "plot trajectory y.csv f.json --response y --time t --subject id -o t.svg", "shares from 0 to 1");
}

/// What a trajectory chart lacks is told at once, and a model without predictions or with one for each person is no
/// line.
#[test]
fn trajectories_tell_all_that_they_lack() {
    let folder = Folder::with_data("trajectory-lacks");
    let table = "data/published/epil.csv";
    refused(
        &folder,
        &format!("plot trajectory {table} -o t.svg"),
        "add --response COLUMN --subject COLUMN --time COLUMN",
    );
    run(&folder, &format!("fit y_~_base_+_period_+_(1_|_subject) {table} --json -o plain.json"));
    refused(&folder, &format!("plot trajectory {table} plain.json -o t.svg"), "add --subject COLUMN --time COLUMN");
    let columns = "--time period --subject subject";
    refused(&folder, &format!("plot trajectory {table} plain.json {columns} -o t.svg"), "fit it with --predict");
    run(&folder, &format!("fit y_~_base_+_period_+_(1_|_subject) {table} --predict {table} --json -o f.json"));
    refused(&folder, &format!("plot trajectory {table} f.json {columns} -o t.svg"), "with other covariates");
    run(&folder, &format!("fit y_~_period_+_(1_|_subject) {table} --predict {table} --json -o f.json"));
    run(&folder, &format!("plot trajectory {table} f.json {columns} -o t.svg"));
}

/// R: −2.5 ± qt(0.975, 6) · √((1.1² + 0.8² − 2 r · 1.1 · 0.8)/7).
#[test]
fn differences_beside_the_means_are_told_as_differences() {
    let folder = Folder::with_data("estimation-data");
    run(&folder, "plot estimation data/nmo-tocilizumab-2014.toml -o e.svg --data e.csv");
    let text = file(&folder, "e.csv");
    let line = text.lines().find(|line| line.contains("95 % CI of the difference,r = 0,")).unwrap();
    let ends: Vec<f64> = line.split(',').rev().take(2).map(|field| field.parse().unwrap()).collect();
    assert!((ends[1] + 3.758).abs() < 5e-4 && (ends[0] + 1.242).abs() < 5e-4, "{line}");
    assert!(file(&folder, "e.svg").contains("r = 0 −3.76 to −1.24"));
}

/// The line of a regression with a product or a power goes through the effects of the studies, a factor has
/// a mean at each level, and what cannot be rebuilt is refused.
#[test]
fn terms_of_a_moderator_move_with_it() {
    let folder = Folder::with_data("moderators");
    let plot = |mods: &str, more: &str| {
        format!("plot regression data/published/bcg.csv --measure RR --mods {mods} {more} -o r.svg --data r.csv")
    };
    for mods in ["ablat*year", "I(ablat^2)_+_ablat"] {
        run(&folder, &plot(mods, "--moderator ablat"));
        for row in rows(&folder, "r.csv", ",Regression,,") {
            assert!((0.1..1.5).contains(&row[1]), "{mods}: {row:?}");
        }
    }
    run(&folder, &plot("alloc", "--moderator alloc"));
    // metafor 3.8-1: exp(predict(rma(yi, vi, mods = ~ 0 + alloc))): alternate, random, systematic.
    let levels = rows(&folder, "r.csv", ",Mean effect with its 95 % CI,");
    let means: Vec<f64> = levels.iter().map(|row| row[1]).collect();
    assert_eq!(means.len(), 3);
    let text = run(&folder, "meta data/published/bcg.csv --measure RR --mods 0_+_alloc --json");
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    for (mean, coefficient) in means.iter().zip(json["coefficients"].as_array().unwrap()) {
        assert!((mean - coefficient["estimate"].as_f64().unwrap().exp()).abs() < 1e-6, "{means:?}");
    }
    refused(&folder, &plot("poly(ablat,_2)", "--moderator poly(ablat,_2)1"), "--predict --newmods");
}

/// R: the restricted log-likelihood of two studies is −0.849 at its maximum, 0.255.
#[test]
fn the_profile_of_tau2_has_its_top_at_the_estimate() {
    let folder = Folder::new("profile-top");
    folder.write("two.csv", "study,yi,vi\nA,-0.5,0.04\nB,0.3,0.09\n");
    run(&folder, "plot profile two.csv -o p.svg --data p.csv");
    let points = rows(&folder, "p.csv", ",Profile,,");
    let top = points.iter().max_by(|a, b| a[1].total_cmp(&b[1])).unwrap();
    assert!((top[0] - 0.255).abs() < 1e-3 && (top[1] + 0.849).abs() < 1e-3, "{top:?}");
    folder.write("one.csv", "study,yi,vi\nA,-0.5,0.04\n");
    refused(&folder, "plot profile one.csv -o p.svg", "one study says nothing");
}

/// R 4.2, metafor 3.8-1: confint(rma(measure = "RR", …, data = dat.bcg), type = "PL") is 0.1152394, 0.9646664.
#[test]
fn a_profile_says_where_its_interval_ends() {
    let folder = Folder::with_data("profile-ends");
    run(&folder, "plot profile data/published/bcg.csv --measure RR -o p.svg");
    assert!(file(&folder, "p.svg").contains("τ² = 0.313 [95 % CI 0.115, 0.965]"));
    // metafor 3.8-1: confint(rma(yi, vi), type = "PL"), of two studies by uniroot() on its log-likelihoods: 0 to 0.8956120
    // about a τ² of 0.0002, and 2.566202 to 2261.6. The curve goes on beyond both ends.
    for (studies, interval, upper) in [
        (
            "A,0,0.1\nB,0.3805125720822618,0.1\nC,0.7610251441645236,0.12\nD,0.1902562860411309,0.2\n",
            "0.00, 0.896",
            0.896,
        ),
        ("A,0,0.1\nB,6,0.1\n", "2.57, 2262", 2262.0),
    ] {
        folder.write("few.csv", format!("study,yi,vi\n{studies}"));
        run(&folder, "plot profile few.csv -o p.svg --data p.csv");
        assert!(file(&folder, "p.svg").contains(&format!("[95 % CI {interval}]")), "{}", file(&folder, "p.svg"));
        let points = rows(&folder, "p.csv", ",Profile,,");
        let [peak, last] =
            [points.iter().map(|row| row[1]).fold(f64::NEG_INFINITY, f64::max), points[points.len() - 1][1]];
        assert!(points[points.len() - 1][0] > upper && last < peak - 1.92, "{points:?}");
    }
    let bcg = "plot profile data/published/bcg.csv --measure RR -o p.svg";
    refused(&folder, &format!("{bcg} --method FE"), "FE has no tau2");
    refused(&folder, &format!("{bcg} --weights year"), "no other weights");
    // The likelihood of moments is that of ML: confint(rma(measure = "RR", …, method = "ML"), type = "PL").
    run(&folder, &format!("{bcg} --method DL"));
    assert!(file(&folder, "p.svg").contains("τ² = 0.309 [95 % CI 0.105, 0.834]"));
    // No heterogeneity: the interval starts at 0.
    folder.write("even.csv", "study,yi,vi\nA,-0.5,0.04\nB,-0.4,0.09\nC,-0.5,0.07\n");
    run(&folder, "plot profile even.csv -o p.svg");
    let ends =
        file(&folder, "p.svg").split("[95 % CI ").nth(1).and_then(|rest| rest.split(',').next().map(str::to_owned));
    assert_eq!(ends.and_then(|end| end.parse().ok()), Some(0.0));
}

/// Clopper and Pearson: 1 − (1 − α/2)^(1/n) is 2.5317804779e-7 for one event in 100,000; the upper end solves
/// (1 − p)ⁿ + np(1 − p)ⁿ⁻¹ = α/2.
#[test]
fn rare_events_have_ends_that_can_be_read_and_seen() {
    let folder = Folder::new("rare");
    for (counts, ends, axis) in [
        ("1/100000", "Clopper–Pearson 0.000025–0.005572 %", "Share, %: 0–0.006 of 0–100"),
        ("99999/100000", "Clopper–Pearson 99.994428–99.999975 %", "Share, %: 99.994–100 of 0–100"),
        ("1/52000", "Wilson 0.00034–0.01089 %", "Share, %: 0–0.02 of 0–100"),
        ("5/7", "Wilson 35.9–91.8 %", "Share, %"),
    ] {
        run(&folder, &format!("effect --proportion {counts} --json -o r.json"));
        run(&folder, "plot proportion r.json -o p.svg --data p.csv");
        let chart = file(&folder, "p.svg");
        assert!(chart.contains(ends), "{counts}: {chart}");
        assert!(chart.contains(&format!(">{axis}</text>")), "{counts}: {chart}");
        let terminal = run(&folder, &format!("effect --proportion {counts}"));
        let own = ends.rsplit_once(' ').and_then(|(rest, _)| rest.rsplit_once(' ')).map(|(_, ends)| ends).unwrap();
        assert!(terminal.contains(&own.replace('–', " to ")), "{terminal}");
    }
}

#[test]
fn one_study_has_no_prediction_interval() {
    let folder = Folder::new("one-study");
    folder.write("one.csv", "study,yi,vi\nA,.5,.04\n");
    run(&folder, "plot forest one.csv -o f.svg --data f.csv");
    let chart = file(&folder, "f.svg");
    assert!(chart.contains("One study says nothing of τ², so there is no prediction interval."), "{chart}");
    assert!(!chart.contains("95 % prediction interval") && !chart.contains("τ² = 0"), "{chart}");
    folder.write("two.csv", "study,yi,vi\nA,.5,.04\nB,.5,.04\n");
    run(&folder, "plot forest two.csv -o f.svg");
    assert!(file(&folder, "f.svg").contains("95 % prediction interval"), "what two studies say of it is drawn");
}

/// metafor 3.8-1 prints the same with forest(…, atransf = exp, digits = N).
#[test]
fn the_numbers_of_a_column_have_the_same_decimals() {
    let folder = Folder::with_data("decimals");
    let call = "plot forest data/published/bcg.csv --measure RR -o f.svg --data f.csv";
    run(&folder, call);
    let table = file(&folder, "f.csv");
    assert!(table.contains("0.625 [0.393, 0.996]") && table.contains("0.205 [0.086, 0.486]"), "{table}");
    run(&folder, &format!("{call} --digits 2"));
    let table = file(&folder, "f.csv");
    assert!(table.contains("0.63 [0.39, 1.00]") && table.contains("0.49 [0.34, 0.70]"), "{table}");
    run(&folder, "plot cumulative data/published/bcg.csv --measure RR --order year --digits 4 -o f.svg --data f.csv");
    assert!(file(&folder, "f.csv").contains("0.4109 [0.1343, 1.2574]"));
    refused(&folder, "plot funnel data/published/bcg.csv --measure RR --digits 2 -o f.svg", "--digits has no effect");
}

#[test]
fn small_effects_keep_their_digits_and_their_side() {
    let folder = Folder::with_data("digits");
    folder.write("small.csv", "study,yi,vi\nA,-6.9,.3\nB,-5,.4\n");
    run(&folder, "plot forest small.csv --transf exp -o f.svg --data f.csv");
    assert!(file(&folder, "f.csv").contains("0.0010 [0.00034, 0.0029]"), "{}", file(&folder, "f.csv"));
    run(&folder, "plot forest data/published/bcg.csv -o f.svg --data f.csv");
    // Coetzee: −0.469 [−0.935, −0.0038].
    assert!(file(&folder, "f.csv").contains("−0.469 [−0.935, −0.004]"), "{}", file(&folder, "f.csv"));
}

#[test]
fn rates_without_events_are_drawn() {
    let folder = Folder::new("no-events");
    for (counts, words) in
        [("0/10 5/12", "Ratio 0 (exact 0 to 1.31)"), ("3/10 0/12", "to ∞)"), ("0/10 0/12", "No ratio is drawn")]
    {
        let (first, second) = counts.split_once(' ').unwrap();
        run(&folder, &format!("effect --rate1 {first} --rate2 {second} --json -o r.json"));
        run(&folder, "plot rate r.json -o r.svg");
        let svg = file(&folder, "r.svg");
        assert!(svg.contains(words), "{counts}: {}", &svg[..1500]);
    }
}

#[test]
fn the_ratio_of_rates_of_a_release_is_after_to_before() {
    let folder = Folder::with_data("after-before");
    run(&folder, "plot rate data/nmo-tocilizumab-2014.toml -o r.svg --data r.csv");
    let text = file(&folder, "r.csv");
    let line = text.lines().find(|line| line.contains("Rate ratio,exact")).unwrap();
    assert!(line.contains(",0.15,"), "{line}");
}

#[test]
fn a_proportion_has_no_line_of_no_effect() {
    let folder = Folder::new("one-group");
    folder.write("p.csv", "study,xi,ni\nA,1,20\nB,9,30\nC,12,40\n");
    run(&folder, "plot forest p.csv --measure PR -o f.svg");
    let svg = file(&folder, "f.svg");
    assert!(svg.contains("Proportion, % [95 % CI]") && !svg.contains("Test of the pooled effect"), "{}", &svg[..1500]);
}

/// R: 15.8 = 1.25 / (0.5 / √40) whatever the correlation with a constant is.
#[test]
fn an_sd_of_0_is_an_sd() {
    let folder = Folder::with_data("sd-0");
    let text = file(&folder, "data/nmo-tocilizumab-2014.toml");
    let constant = text.replace("\"5.1 ± 1.7\"", "\"5.1 ± 0.0\"");
    assert_ne!(text, constant);
    folder.write("zero.toml", constant);
    let text = stdout(&folder.run(["report", "zero.toml"]));
    let line = text.lines().find(|line| line.contains("5.1 ± 0.0")).unwrap();
    assert!(!line.contains("no SD reported") && (line.contains("any r") || line.contains("no r will do")), "{line}");
}

/// What is drawn side by side is before and after, which no trial here reports.
#[test]
fn a_report_without_before_and_after_has_no_overview() {
    let folder = Folder::with_data("report-arms");
    let trials = ["centaur-2020", "edaravone-extension-2017", "edaravone-mci186-16-2014"];
    let trials = trials.map(|name| format!("data/trials/als-{name}.toml"));
    folder.run([&["report"], &trials.each_ref().map(String::as_str)[..], &["-o", "page"]].concat());
    assert!(folder.path("page/index.html").exists() && !folder.path("page/overview.en.svg").exists());
}

#[test]
fn a_report_says_what_it_rests_on() {
    let folder = Folder::with_data("report-rests");
    let output = folder.run(["report", "data/trials", "-o", "page"]);
    let text = stdout(&output).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("± not explained, read as SD"), "{text}");
    // R: 0.65 ± qt(0.975, df) · √(0.85² + 0.84²) with Welch's degrees of freedom, p = 0.59.
    assert!(text.contains("if the ± were the SE, the 95 % CI would be −1.71 to 3.01 with p = 0.59"), "{text}");
    let page = file(&folder, "page/index.html");
    assert!(!page.contains("none that allows a change") && !page.contains("p p ="));
    // Fewer relapses are better: the group with fewer gains.
    assert!(page.contains("NNTB 2.2, interval 1.4 to 8.1"));
    assert!(!page.contains("`week-24`"));
    let japanese = page.split("data-page=\"ja\"").nth(1).unwrap();
    assert!(!japanese.contains("change as reported") && !japanese.contains("occasion のみ"));
}

/// metafor 3.8-1: predict(rma(yi, vi, mods = ~ ablat, data = dat.bcg, control = list(threshold = 1e-14))), the first
/// study, and the last one by transf = exp.
#[test]
fn forests_of_regressions_show_fitted_values() {
    let folder = Folder::with_data("fitted-values");
    run(&folder, "plot forest data/published/bcg.csv --mods ablat -o f.svg --data f.csv");
    let close = |found: &[f64], expected: [f64; 3]| {
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-8), "{found:?} {expected:?}");
    };
    let first = rows(&folder, "f.csv", "study,").swap_remove(0);
    close(&first[4..7], [-1.029007690505, -1.304130137656, -0.753885243355]);
    run(&folder, "plot forest data/published/bcg.csv --mods ablat --transf exp -o f.svg --data f.csv");
    let last = rows(&folder, "f.csv", "study,").swap_remove(12);
    close(&last[4..7], [0.492190857789, 0.398901377720, 0.607297577852]);
    assert!(file(&folder, "f.svg").contains("grey diamond"));
    run(&folder, "plot forest data/published/bcg.csv --mods ablat --lang ja -o f.svg");
    assert!(file(&folder, "f.svg").contains("灰色の菱形"));
    run(&folder, "plot forest data/published/bcg.csv -o f.svg --data f.csv");
    assert!(!file(&folder, "f.csv").contains("fitted") && !file(&folder, "f.svg").contains("grey diamond"));
}

/// A regression that is drawn from its result alone names the first level, which has no coefficient.
#[test]
fn results_tell_charts_the_levels_of_factors() {
    let folder = Folder::with_data("levels-in-results");
    for mods in ["alloc", "factor(alloc)"] {
        run(&folder, &format!("meta data/published/bcg.csv --mods {mods} --json -o r.json"));
        let document: serde_json::Value = serde_json::from_str(&file(&folder, "r.json")).unwrap();
        assert_eq!(document["formula"], mods);
        assert_eq!(document["factors"][mods], serde_json::json!(["alternate", "random", "systematic"]));
        run(&folder, "plot regression r.json -o r.svg --data r.csv");
        let data = file(&folder, "r.csv");
        assert!(data.contains("alternate") && !data.contains("reference"), "{data}");
    }
    run(&folder, "meta data/published/bcg.csv --json -o r.json");
    let document: serde_json::Value = serde_json::from_str(&file(&folder, "r.json")).unwrap();
    assert!(document["formula"].is_null() && document["factors"] == serde_json::json!({}));
}

/// What was added to counts stands under the chart.
#[test]
fn charts_say_what_was_added_to_counts() {
    let folder = Folder::with_data("added-halves");
    std::fs::write(folder.path("t.csv"), "ai,bi,ci,di\n0,20,4,16\n3,17,6,14\n5,25,9,21\n").unwrap();
    for kind in ["forest", "funnel"] {
        run(&folder, &format!("plot {kind} t.csv --measure OR -o c.svg"));
        assert!(file(&folder, "c.svg").contains("0.5 was added to the counts of 1 of 3 studies."), "{kind}");
    }
    run(&folder, "plot forest t.csv --measure OR -o c.svg --lang ja");
    assert!(file(&folder, "c.svg").contains("3研究のうち1研究の度数に0.5を加えた。"));
    run(&folder, "plot forest data/published/bcg.csv --measure RR -o c.svg");
    assert!(!file(&folder, "c.svg").contains("was added"));
    // More lines than are named in one note.
    let rows: String = (0..13).map(|at| format!("0,{},4,16\n", 20 + at)).collect();
    std::fs::write(folder.path("t.csv"), "ai,bi,ci,di\n3,17,6,14\n".to_owned() + &rows).unwrap();
    run(&folder, "plot forest t.csv --measure OR -o c.svg");
    assert!(file(&folder, "c.svg").contains("0.5 was added to the counts of 13 of 14 studies."));
}

/// A result that lists a study without an effect tells of it under the chart, as its table does; a row of empty fields
/// is no study of either.
#[test]
fn charts_of_results_say_what_they_leave_out() {
    let folder = Folder::new("plot-left-out");
    folder.write("m.csv", "study,yi,vi,dose\nA,0.1,0.02,1.5\nB,0.3,0.03,2\nC,,0.03,2\nD,0.5,0.04,1\n,,,\n");
    run(&folder, "meta m.csv --json -o m.json");
    run(&folder, "plot forest m.json -o json.svg");
    run(&folder, "plot forest m.csv --columns dose -o csv.svg");
    for name in ["json.svg", "csv.svg"] {
        assert!(file(&folder, name).contains("1 of 4 studies is not shown: no effect with a sampling variance."));
    }
    // Numbers of one column have the same decimals.
    assert!([">1.5<", ">2.0<", ">1.0<"].iter().all(|text| file(&folder, "csv.svg").contains(text)));
}

/// Every logarithm of a ratio of two groups is drawn as a ratio, under its name.
#[test]
fn hazard_ratios_are_drawn_as_ratios() {
    let folder = Folder::new("plot-hazards");
    folder.write("hr.csv", "study,yi,sei\na,-0.22,0.15\nb,-0.36,0.17\nc,-0.11,0.13\n");
    for (measure, title) in [("HR", "Hazard ratio (log scale)"), ("D2ORN", "Odds ratio (log scale)")] {
        let table = if measure == "HR" { "hr.csv" } else { "means.csv" };
        folder.write("means.csv", "study,m1i,sd1i,n1i,m2i,sd2i,n2i\na,5,2,20,6,2,20\nb,4,2,30,6,3,30\n");
        run(&folder, &format!("plot forest {table} --measure {measure} -o f.svg"));
        let drawn = file(&folder, "f.svg");
        assert!(drawn.contains(title), "{measure}: {title}");
    }
    // exp(−0.22) and its interval: exp(−0.22 ± 1.96 · 0.15).
    run(&folder, "plot forest hr.csv --measure HR -o f.svg");
    assert!(file(&folder, "f.svg").contains("0.80 [0.60, 1.08]"));
}

/// The band of a mean is the interval of the prediction, by t where the model has degrees of freedom: that of the
/// intercept at day 0 is the coefficient's own. An older result has none, and the chart says what it takes instead.
#[test]
fn the_band_of_a_trajectory_is_that_of_the_predictions() {
    let folder = Folder::with_data("band");
    let table = "data/published/sleepstudy.csv";
    let fit = format!("fit Reaction_~_Days_+_(Days_|_Subject) {table} --df kenward-roger --predict {table} --json");
    let text = run(&folder, &fit);
    let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let (first, intercept) = (json["predict"][0].clone(), json["fixef"][0].clone());
    assert!((first["df"].as_f64().unwrap() - intercept["df"].as_f64().unwrap()).abs() < 1e-6, "{first}");
    folder.write("f.json", &text);
    let plot = format!("plot trajectory {table} f.json --time Days --subject Subject -o t.svg --data t.csv");
    run(&folder, &plot);
    let band = &rows(&folder, "t.csv", ",95 % band of the mean,,0,")[0];
    for (at, end) in band.iter().enumerate() {
        assert!((end - intercept["ci"][at].as_f64().unwrap()).abs() < 1e-6, "{band:?} {intercept}");
    }
    assert!(!file(&folder, "t.svg").contains("1.96 SE"));
    for row in json["predict"].as_array_mut().unwrap() {
        row.as_object_mut().unwrap().retain(|name, _| name != "ci" && name != "df");
    }
    folder.write("f.json", json.to_string());
    run(&folder, &plot);
    assert!(file(&folder, "t.svg").contains("the band is ± 1.96 SE"));
}

/// Means at visits follow time and are joined; those of levels without an order are not. Levels and not places are
/// told, and where covariates are held.
#[test]
fn means_follow_the_time_of_their_visits() {
    let folder = Folder::new("visits");
    let mut table = "id,arm,visit,base,y\n".to_owned();
    for person in 0..8 {
        for (at, visit) in ["Baseline", "Week 4", "Week 12", "Week 24"].iter().enumerate() {
            let (arm, base) = (["a", "b"][person % 2], 10 + person);
            table += &format!("p{person},{arm},{visit},{base},{}\n", base + at * (1 + person % 2) + (person * at) % 3);
        }
    }
    folder.write("y.csv", table);
    run(&folder, "fit y_~_arm_*_visit_+_base_+_(1_|_id) y.csv --emmeans arm:visit --json -o m.json");
    run(&folder, "plot means m.json -o m.svg --data m.csv");
    let text = file(&folder, "m.csv");
    let names: Vec<&str> = text.lines().skip(1).take(4).map(|line| line.split(',').nth(2).unwrap()).collect();
    assert_eq!(names, ["Baseline", "Week 4", "Week 12", "Week 24"]);
    assert!(text.contains(",a,Week 4,1,") && !text.contains("0.95"), "{text}");
    let svg = file(&folder, "m.svg");
    assert!(
        svg.contains("Means are taken at base = 13.50, its mean.") || svg.contains("Means are taken at base = 13.5"),
        "{svg}"
    );
    run(&folder, "plot means m.json -o j.svg --lang ja");
    assert!(file(&folder, "j.svg").contains("平均を求めた点は base = 13.5"));
    // Arms have no order: no line joins them.
    run(&folder, "plot means m.json --time arm --group visit -o m.svg --data m.csv");
    assert_eq!(file(&folder, "m.csv").lines().count(), 1 + 2 * 8, "{}", file(&folder, "m.csv"));
}

#[test]
fn means_of_shares_are_shares() {
    let folder = Folder::new("shares-of-means");
    folder.write("y.csv", "id,t,k,n\na,x,2,9\na,y,4,9\nb,x,1,9\nb,y,3,9\nc,x,5,9\nc,y,6,9\nd,x,1,9\nd,y,2,9\n");
    run(&folder, "fit cbind(k,_n_-_k)_~_t_+_(1_|_id) y.csv --family binomial --emmeans t --json -o m.json");
    run(&folder, "plot means m.json -o m.svg");
    let svg = file(&folder, "m.svg");
    assert!(svg.contains("Share (k) by t") && svg.contains(">40 %<"), "{svg}");
}

/// lme4 1.1-31: confint(lmer(Reaction ~ Days + (Days | Subject), sleepstudy)): 14.3815 to 37.7160 for the SD of
/// intercepts.
#[test]
fn profiles_tell_their_intervals() {
    let folder = Folder::with_data("profile-interval");
    run(&folder, "fit Reaction_~_Days_+_(Days_|_Subject) data/published/sleepstudy.csv --ci profile --json -o p.json");
    run(&folder, "plot profile p.json -o p.svg");
    let svg = file(&folder, "p.svg");
    assert!(svg.contains("23.8 [95 % CI 14.4, 37.7]"), "{svg}");
    assert!(svg.contains("SD of intercepts, Subject") && svg.contains("Correlation of Days and intercepts, Subject"));
    assert!(!svg.contains("sd_(Intercept)|Subject"));
}

/// metafor 3.8-1: weights(rma.mv(yi, vi, random = ~ 1 | g), type = "rowsum") has 11.2675, 7.5117, 11.2675, 26.1878,
/// 20.0177 and 23.7478, which add up to 100 and are the parts that effects have in the mean.
#[test]
fn effects_of_groups_have_their_shares_of_the_mean() {
    let folder = Folder::new("shares-of-groups");
    let lines = ["a,0.1,0.02", "a,0.3,0.03", "a,0.2,0.02", "b,0.6,0.02", "c,0.4,0.05", "d,0.9,0.03"];
    folder.write("g.csv", format!("g,yi,vi\n{}\n", lines.join("\n")));
    folder.write("g.json", run(&folder, "meta g.csv --random 1_|_g --json"));
    run(&folder, "plot forest g.json -o g.svg");
    let svg = file(&folder, "g.svg");
    assert!(svg.contains("the weight of the effect in the pooled effect"));
    let shares = ["11.3", "7.5", "11.3", "26.2", "20.0", "23.7"];
    let drawn: Vec<&str> = svg.split('>').filter_map(|part| part.split_once('<')).map(|(text, _)| text).collect();
    let drawn: Vec<&str> = drawn.into_iter().filter(|text| shares.contains(text)).collect();
    assert_eq!(drawn, shares, "{svg}");
}

/// A model of counts with a variance of the studies' own levels has one effect of each study.
#[test]
fn models_of_counts_are_no_multilevel_models() {
    let folder = Folder::with_data("um-rs");
    run(&folder, "meta data/published/bcg.csv --measure OR --glmm UM.RS --json -o u.json");
    run(&folder, "plot forest u.json -o u.svg");
    assert!(file(&folder, "u.svg").contains("13 studies, random-effects model (UM.RS)"));
    run(&folder, "plot radial u.json -o r.svg");
}

#[test]
fn axes_end_where_correlations_do() {
    let folder = Folder::new("cor-bounds");
    folder.write("c.csv", "study,ri,ni\nA,0.95,6\nB,0.9,5\nC,0.97,7\n");
    for kind in ["forest", "leave-one-out", "cumulative --order ni"] {
        run(&folder, &format!("plot {kind} c.csv --measure COR -o c.svg"));
        let svg = file(&folder, "c.svg");
        let ends = svg.contains("The axis ends at 1, the greatest value");
        assert!(ends || !svg.contains(">1.1<") && !svg.contains(">1.2<"), "{kind}: {svg}");
    }
    folder.write("s.csv", "study,xi,ni\nA,7,9\nB,8,12\nC,9,10\n");
    run(&folder, "plot forest s.csv --measure PLN --transf exp -o s.svg");
    let svg = file(&folder, "s.svg");
    assert!(!svg.contains("at 0 %"), "{svg}");
    assert!(svg.contains("%") && svg.contains("prediction interval ["), "{svg}");
}

/// Peto's estimate is of the odds ratio; arcsines give one risk from the other too.
#[test]
fn the_curve_of_a_labbe_plot_is_that_of_its_measure() {
    let folder = Folder::with_data("labbe-curves");
    for measure in ["PETO", "AS", "RR", "OR"] {
        run(&folder, &format!("plot labbe data/published/bcg.csv --measure {measure} -o l.svg --data l.csv"));
        assert!(rows(&folder, "l.csv", ",Pooled effect,,").len() > 50, "{measure}");
    }
    run(&folder, "plot labbe data/published/bcg.csv --measure PHI -o l.svg");
    assert!(file(&folder, "l.svg").contains("does not give one risk from the other"));
}
