//! Work on all cores: many independent pieces, the results in their order.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The stack of each thread. Parsers recurse, and a thread's usual 2 MiB are
/// less than what a program begins with; what is not touched costs nothing.
const STACK: usize = 16 << 20;

/// How many threads there is work for on this machine.
pub fn available() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// What `work` makes of each item, in the items' order, on up to that many
/// threads. Which thread takes which item changes nothing of the result, for
/// each piece of work sees its item alone.
pub fn each<T: Sync, R: Send>(items: &[T], threads: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = threads.min(items.len());
    if threads < 2 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let done: Vec<Mutex<Option<R>>> = items.iter().map(|_| Mutex::new(None)).collect();
    let take = || {
        while let Some((item, place)) = next_of(&next, items, &done) {
            let result = work(item);
            // Nobody else has this place, so that nobody can have left it broken.
            *place.lock().unwrap_or_else(|broken| broken.into_inner()) = Some(result);
        }
    };
    thread::scope(|scope| {
        let started =
            (0..threads).filter(|_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, take).is_ok()).count();
        // Where the system has no more threads, this one does it.
        if started == 0 {
            take();
        }
    });
    // A thread that panicked has taken the scope, and so this one, with it.
    done.into_iter().filter_map(|place| place.into_inner().unwrap_or_else(|broken| broken.into_inner())).collect()
}

fn next_of<'a, T, P>(next: &AtomicUsize, items: &'a [T], places: &'a [P]) -> Option<(&'a T, &'a P)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    Some((items.get(at)?, places.get(at)?))
}

#[cfg(test)]
mod tests {
    use super::each;

    #[test]
    fn results_are_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..1000).collect();
        let squares: Vec<usize> = items.iter().map(|n| n * n).collect();
        for threads in [0, 1, 2, 7, 2000] {
            assert_eq!(each(&items, threads, |n| n * n), squares);
        }
        assert_eq!(each(&[] as &[usize], 4, |n| *n), [0; 0]);
    }
}
