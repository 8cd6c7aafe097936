//! The least SQL of both sides that fails the same way.

use crate::property::{Outcome, check};

/// Takes statements away, first many at once, as long as a fault of that key
/// stays. What both sides have goes from both.
pub fn shrink(outcome: &Outcome, key: &str) -> [Vec<String>; 2] {
    let [mut a, mut b] = outcome.accepted.clone();
    let mut size = (a.len().max(b.len()) / 2).max(1);
    loop {
        let mut taken = false;
        let mut all: Vec<String> = a.clone();
        all.extend(b.iter().filter(|sql| !a.contains(sql)).cloned());
        let mut at = 0;
        while at < all.len() {
            let chunk = &all[at..(at + size).min(all.len())];
            let without =
                |list: &[String]| -> Vec<String> { list.iter().filter(|sql| !chunk.contains(sql)).cloned().collect() };
            let outcome = check(&without(&a), &without(&b));
            if outcome.faults.iter().any(|fault| fault.key == key) {
                [a, b] = outcome.accepted;
                all.drain(at..(at + size).min(all.len()));
                taken = true;
            } else {
                at += size;
            }
        }
        if size == 1 && !taken {
            return [a, b];
        }
        size = (size / 2).max(1);
    }
}
