//! The charts in `plots/` are those that the main job draws today.
//!
//! `REFFECT_ACCEPT=1 cargo test --test plots` writes them anew; look at each before it is committed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(feature = "cli")]

mod common;

use common::cli::{Folder, stderr};
use std::path::Path;

#[test]
fn committed_charts_are_current() {
    let folder = Folder::with_data("plots");
    let output = folder.run(["report", "data", "-o", "plots", "--quiet"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("plots");
    let mut compared = 0;
    for entry in std::fs::read_dir(folder.path("plots")).unwrap() {
        let drawn = entry.unwrap().path();
        if drawn.extension().is_none_or(|ending| ending != "svg") {
            continue;
        }
        let kept = committed.join(drawn.file_name().unwrap());
        if std::env::var_os("REFFECT_ACCEPT").is_some() {
            std::fs::copy(&drawn, &kept).unwrap();
        }
        let same = std::fs::read(&kept).is_ok_and(|bytes| bytes == std::fs::read(&drawn).unwrap());
        assert!(same, "{} is not what is drawn today: draw it anew and look at it", kept.display());
        compared += 1;
    }
    assert_eq!(compared, 8);
}
