//! The time by this machine's clock.

use crate::codegen::project::Day;

/// The time, in whole seconds: RFC 3339, UTC.
pub fn now() -> String {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}

/// The day of a time that [`now`] gave.
///
/// # Errors
/// The year has more than four digits, or is before Christ: a clock that is
/// not set.
pub fn day(now: &str) -> Result<Day, String> {
    let day = now.get(..10).unwrap_or(now).to_owned();
    Day::try_from(day).map_err(|error| format!("this machine's clock is not set ({now}): {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_that_of_the_time() {
        assert_eq!(day("2026-06-15T23:59:59Z").unwrap(), Day::try_from("2026-06-15".to_owned()).unwrap());
        assert!(day(&now()).is_ok());
        assert!(day("-000001-01-01T00:00:00Z").is_err());
    }
}
