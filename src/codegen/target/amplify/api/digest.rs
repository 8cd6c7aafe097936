//! The default names of subscriptions. AppSync takes 50 characters; a longer
//! name is cut by the transformer and marked with the start of its MD5 digest
//! (RFC 1321), which is here for that and protects nothing.

/// AppSync's longest name of a subscription.
const LONGEST: usize = 50;

/// The name that a subscription has if nobody gives it another.
pub fn subscription(name: &str) -> String {
    if name.len() <= LONGEST { name.to_owned() } else { format!("{}{}", &name[..45], &md5(name.as_bytes())[..5]) }
}

/// How far each step rotates, by round.
const ROTATIONS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

/// The digest in hexadecimal.
fn md5(message: &[u8]) -> String {
    let mut state: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    let mut padded = message.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend_from_slice(&(message.len() as u64 * 8).to_le_bytes());
    for block in padded.chunks_exact(64) {
        let word = |at: usize| {
            let bytes = &block[at * 4..at * 4 + 4];
            bytes.iter().rev().fold(0_u32, |word, byte| word << 8 | u32::from(*byte))
        };
        let [mut a, mut b, mut c, mut d] = state;
        for step in 0..64 {
            let (mixed, at) = match step / 16 {
                0 => (b & c | !b & d, step),
                1 => (d & b | !d & c, (5 * step + 1) % 16),
                2 => (b ^ c ^ d, (3 * step + 5) % 16),
                _ => (c ^ (b | !d), 7 * step % 16),
            };
            // The table of the algorithm: the sines of 1 to 64 radians.
            let sine = (((step + 1) as f64).sin().abs() * 4_294_967_296.0) as u32;
            let sum = a.wrapping_add(mixed).wrapping_add(sine).wrapping_add(word(at));
            (a, d, c) = (d, c, b);
            b = b.wrapping_add(sum.rotate_left(ROTATIONS[step / 16][step % 4]));
        }
        for (part, add) in state.iter_mut().zip([a, b, c, d]) {
            *part = part.wrapping_add(add);
        }
    }
    state.iter().flat_map(|part| part.to_le_bytes()).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{md5, subscription};

    /// The test suite of RFC 1321, section A.5.
    #[test]
    fn digests_as_the_rfc_does() {
        let long = "12345678901234567890123456789012345678901234567890123456789012345678901234567890";
        for (message, digest) in [
            ("", "d41d8cd98f00b204e9800998ecf8427e"),
            ("abc", "900150983cd24fb0d6963f7d28e17f72"),
            ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
            (long, "57edf4a22be3c955ac49da2e2107b67a"),
        ] {
            assert_eq!(md5(message.as_bytes()), digest);
        }
    }

    #[test]
    fn long_names_are_cut() {
        let name = "onCreateAccountingPeriodCloseChecklistTemplateVersions";
        assert_eq!(name.len(), 54);
        assert_eq!(subscription(&name[..50]), name[..50]);
        assert_eq!(
            subscription(name),
            "onCreateAccountingPeriodCloseChecklistTemplate".split_at(45).0.to_owned() + &md5(name.as_bytes())[..5]
        );
    }
}
