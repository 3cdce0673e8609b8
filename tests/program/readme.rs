//! The console blocks of README.md run as they are printed.

#[test]
fn readme() {
    trycmd::TestCases::new().case("README.md");
}
