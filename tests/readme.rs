//! The console blocks of README.md run as they are printed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[test]
fn readme() {
    trycmd::TestCases::new().case("README.md");
}
