//! The command line, by the cases in tests/cli: what is typed, what is
//! printed, and the exit code. `TRYCMD=overwrite cargo test --test cli`
//! accepts what is printed now.

#[test]
fn cases() {
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        // No case may find a database by accident.
        .env("DATABASE_URL", "")
        .env("POSTGRES_URL", "")
        .case("tests/cli/*.trycmd");
}
