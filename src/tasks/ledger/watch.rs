//! Waits for a statement and cancels it where it must end.

use std::future::Future;
use std::time::{Duration, Instant};

use crate::postgres::Canceller;

/// How often is looked.
const TICK: Duration = Duration::from_millis(50);

/// How long a cancel may take to do something, before it is asked again: one
/// that comes between two statements finds nothing to stop.
const AGAIN: Duration = Duration::from_secs(1);

/// Waits for what a session does, and has it cancelled once it must end.
pub(super) async fn watched<T>(work: impl Future<Output = T>, canceller: &Canceller, must_end: &dyn Fn() -> bool) -> T {
    let mut work = std::pin::pin!(work);
    let mut asked: Option<Instant> = None;
    loop {
        if let Ok(done) = tokio::time::timeout(TICK, work.as_mut()).await {
            return done;
        }
        if must_end() && asked.is_none_or(|asked| asked.elapsed() > AGAIN) {
            canceller.cancel().await;
            asked = Some(Instant::now());
        }
    }
}
