//! What is told of tables that would be pooled wrongly, and of numbers that are shown and not pooled.

use crate::common::cli::{Folder, json_of, stderr, stdout};

#[test]
fn a_column_of_standard_errors_is_named_as_such() {
    let folder = Folder::new("told-sei");
    folder.write("t.csv", "study,yi,sei\nA,0.2,0.1\nB,0.3,0.2\nC,0.1,0.1\n");
    let told = stderr(&folder.run(["meta", "t.csv"]));
    assert!(told.contains("--sei sei") && !told.contains("--map"), "{told}");
    assert_eq!(folder.run(["meta", "t.csv", "--sei", "sei"]).status.code(), Some(0));
}

#[test]
fn half_events_that_are_only_shown_are_told() {
    let folder = Folder::with_data("told-added");
    let infections = "data/published/nielweise2007.csv";
    for call in [["--mh", "--measure", "OR"].as_slice(), &["--glmm", "UM.FS", "--measure", "OR"]] {
        let found = json_of(&folder.run([&["meta", infections, "--json"], call].concat()));
        let notes = found["notes"].to_string();
        assert!(
            notes.contains("0.5 was added to each count for the effects of single studies, as they are shown"),
            "{notes}"
        );
        folder.write("r.json", found.to_string());
        let output = folder.run(["plot", "forest", "r.json", "-o", "f.svg"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let svg = std::fs::read_to_string(folder.path("f.svg")).unwrap();
        let words: Vec<&str> = svg.split(['<', '>']).collect();
        let text = words.join(" ");
        assert!(text.contains("0.5 was added to the counts of 5 of"), "{call:?}");
        // The study without events stands in no row, and the chart says so.
        assert!(text.contains("1 of 18 studies"), "{call:?}");
    }
    // Peto's effects need no half events.
    let found = stdout(&folder.run(["meta", infections, "--peto"]));
    assert!(!found.contains("was added"), "{found}");
}

#[test]
fn a_control_group_in_several_rows_is_told() {
    let folder = Folder::new("told-controls");
    let table =
        "study,ai,n1i,ci,n2i\nSmith 2001,4,40,9,41\nSmith 2001,6,39,9,41\nJones 2005,5,60,8,58\nLee 2007,3,30,6,31\n";
    folder.write("t.csv", table);
    let found = json_of(&folder.run(["meta", "t.csv", "--measure", "RR", "--json"]));
    let notes = found["notes"].to_string();
    assert!(notes.contains("Smith 2001 (lines 2, 3)") && notes.contains("--v-shared COLUMN"), "{notes}");
    // Different controls of one study, and equal controls of different studies, are none.
    folder
        .write("u.csv", table.replace("2001,6,39,9,41", "2001,6,39,7,41").replace("2007,3,30,6,31", "2007,3,30,8,58"));
    let notes = json_of(&folder.run(["meta", "u.csv", "--measure", "RR", "--json"]))["notes"].to_string();
    assert!(!notes.contains("second group"), "{notes}");
    // Who models it is not told.
    let call = ["meta", "t.csv", "--measure", "RR", "--json", "--v-cluster", "study", "--v-rho", "0.5"];
    let notes = json_of(&folder.run(call))["notes"].to_string();
    assert!(!notes.contains("second group"), "{notes}");
}

#[test]
fn a_factor_just_below_1_is_seen_to_be_so() {
    let folder = Folder::new("told-factor");
    // The squared residuals of equal variances are 1 less 4e-4 on average.
    let spread = (2.0 * (1.0 - 4e-4) * 0.04_f64).sqrt() / 2.0;
    folder.write("t.csv", format!("study,yi,vi\nA,{},0.04\nB,{},0.04\n", 0.3 - spread, 0.3 + spread));
    let found = json_of(&folder.run(["meta", "t.csv", "--method", "FE", "--test", "knha", "--json"]));
    let notes = found["notes"].to_string();
    assert!(notes.contains("is 0.9996, below 1"), "{notes}");
}

/// Without a variance its correlation may be anything: where the interval of a variance begins at 0, that of the
/// correlation is the whole range, also where the likelihood falls beside the estimate and rises again.
#[test]
fn a_correlation_of_a_variance_that_may_be_0_has_the_whole_range() {
    let folder = Folder::with_data("told-free");
    let call = |level: &str| {
        let model =
            ["meta", "data/published/berkey1998.csv", "--random", "outcome | trial", "--struct", "UN", "--json"];
        let errors = ["--mods", "0 + outcome", "--v-block", "v1i,v2i", "--v-cluster", "trial", "--level", level];
        json_of(&folder.run([&model[..], &errors[..]].concat()))
    };
    let (near, far) = (call("0.95"), call("0.99"));
    assert!(near["tau2_ci"][1][0].as_f64().unwrap() > 0.0 && near["rho_ci"][0].as_f64().unwrap() > -0.7, "{near}");
    assert_eq!((&far["tau2_ci"][1][0], &far["rho_ci"]), (&serde_json::json!(0.0), &serde_json::json!([-1.0, 1.0])));
}

#[test]
fn a_profile_of_a_multilevel_result_says_what_there_is() {
    let folder = Folder::with_data("told-profile");
    let call = ["meta", "data/published/konstantopoulos2011.csv", "--random", "1 | district/school", "--json"];
    folder.write("r.json", stdout(&folder.run(call)));
    let told = stderr(&folder.run(["plot", "profile", "r.json", "-o", "p.svg"]));
    assert!(told.contains("has no profile") && told.contains("reffect meta FILE.csv --profile --json"), "{told}");
    folder.write("r.json", stdout(&folder.run([&call[..], &["--profile"]].concat())));
    let drawn = folder.run(["plot", "profile", "r.json", "-o", "p.svg"]);
    assert_eq!(drawn.status.code(), Some(0), "{}", stderr(&drawn));
    let svg = std::fs::read_to_string(folder.path("p.svg")).unwrap();
    assert!(svg.contains("σ², district/school"), "{svg}");
}

/// metafor 3.8-1: rma.mv(yi, vcalc(vi, cluster = study, obs = outcome, rho = 0.5), mods = ~ outcome - 1) has QM
/// 5.03801525 (p 0.28341909) and nothing that is left over.
#[test]
fn as_many_coefficients_as_effects_are_fitted_beside_known_covariances() {
    let folder = Folder::new("saturated");
    folder.write("four.csv", "outcome,study,yi,vi\na,1,-0.5,0.1\nb,1,-0.4,0.12\nc,1,-0.8,0.2\nd,1,-1.0,0.25\n");
    let call = ["meta", "four.csv", "--v-cluster", "study", "--v-rho", "0.5", "--mods", "outcome - 1", "--json"];
    let found = json_of(&folder.run(call));
    assert!((found["QM"].as_f64().unwrap() - 5.038_015_25).abs() < 1e-8, "{}", found["QM"]);
    assert!((found["QM_p"].as_f64().unwrap() - 0.283_419_09).abs() < 1e-8, "{}", found["QM_p"]);
    assert!(found["QE"] == 0.0 && found["QE_df"] == 0.0 && found["QE_p"] == 1.0, "{found}");
    let with_variance = folder.run(call.into_iter().chain(["--random", "1 | outcome"]));
    assert_eq!(with_variance.status.code(), Some(2));
}

#[test]
fn an_sd_that_may_be_a_standard_error_is_told() {
    let folder = Folder::new("sd-or-se");
    let table = |sd: &str| {
        format!("m1i,sd1i,n1i,m2i,sd2i,n2i\n10,{sd},40,12,{sd},40\n11,4.1,50,12,4.0,50\n9,3.9,30,12,4.2,30\n")
    };
    for (sd, is_told) in [("4.0", false), ("0.63", true)] {
        folder.write("t.csv", table(sd));
        let found = json_of(&folder.run(["meta", "t.csv", "--measure", "SMD", "--json"]));
        assert_eq!(found["notes"].to_string().contains("do sd1i and sd2i hold standard errors"), is_told, "{sd}");
    }
}

/// One event in 3,008 patients is no share of 0: Miller's inverse for the harmonic mean of 7.5 patients has no such
/// value.
#[test]
fn a_share_at_the_border_of_its_way_back_is_told() {
    let folder = Folder::new("border");
    folder.write("ft.csv", "xi,ni\n0,3\n0,1000\n0,5\n1,2000\n");
    let found = json_of(&folder.run(["meta", "ft.csv", "--measure", "PFT", "--transf", "ipft", "--json"]));
    assert!(found["notes"].to_string().contains("lies beyond 0 on the way back"), "{found}");
    folder.write("ft.csv", "xi,ni\n3,30\n5,40\n4,50\n");
    let found = json_of(&folder.run(["meta", "ft.csv", "--measure", "PFT", "--transf", "ipft", "--json"]));
    assert!(!found["notes"].to_string().contains("lies beyond"), "{found}");
}

/// `--nagq` and `--pi-type` are told where they make other numbers. metafor 3.8-1 says of model "UM.RS" that nAGQ is set to 1.
#[test]
fn the_quadrature_of_counts_is_told() {
    let folder = Folder::with_data("told-nagq");
    let of = |more: &[&str]| {
        let call = ["meta", "data/published/bcg.csv", "--glmm", "UM.RS", "--measure", "OR", "--json"];
        json_of(&folder.run([&call[..], more].concat()))["methods"].to_string()
    };
    assert!(of(&[]).contains("The quadrature has 21 points in each direction; R takes Laplace's"), "{}", of(&[]));
    assert!(of(&["--nagq", "1"]).contains("Laplace's approximations, as R's are"), "{}", of(&["--nagq", "1"]));
    assert!(of(&["--pi-type", "simple"]).contains("prediction interval: as if the mean were known"));
}

/// Where z is the default and studies are few, what Cochrane recommends is told once.
#[test]
fn few_studies_by_z_are_told_of_hartung_and_knapp() {
    let folder = Folder::with_data("told-few");
    let notes = |args: &[&str]| {
        let call = ["meta", "data/published/bcg.csv", "--measure", "RR", "--json", "--subset", "year < 1970"];
        json_of(&folder.run([&call, args].concat()))["notes"].to_string()
    };
    let told = notes(&[]);
    assert!(told.contains("with 7 studies") && told.matches("--test adhoc").count() == 1, "{told}");
    let others = [&["--test", "z"][..], &["--test", "adhoc"], &["--method", "EE"], &["--cluster", "alloc"]];
    for args in others {
        assert!(!notes(args).contains("--test adhoc never"), "{args:?}: {}", notes(args));
    }
    let all = json_of(&folder.run(["meta", "data/published/bcg.csv", "--measure", "RR", "--json"]));
    assert!(!all["notes"].to_string().contains("adhoc"), "{}", all["notes"]);
}

#[test]
fn a_number_without_a_model_is_asked_for_without_a_scale() {
    let folder = Folder::with_data("told-scale");
    let refused = |kind: &str| {
        let call =
            ["meta", "data/published/bcg.csv", "--measure", "RR", "--scale", "ablat", "--fsn", "--fsn-type", kind];
        stderr(&folder.run(call))
    };
    for kind in ["rosenthal", "orwin", "rosenberg"] {
        assert!(refused(kind).contains("no model of tau2 changes it"), "{}", refused(kind));
    }
    assert!(refused("general").contains("defined for one tau2"), "{}", refused("general"));
}
