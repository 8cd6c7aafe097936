//! Choices from a seed: SplitMix64 (Steele, Lea and Flood, 2014), so that a seed
//! means the same schema on every machine and with every version of a crate.

pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `bound`, which is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub fn pick<'t, T: ?Sized>(&mut self, from: &[&'t T]) -> &'t T {
        from[self.below(from.len())]
    }

    /// One of a list, or none of an empty one.
    pub fn one<'t, T>(&mut self, from: &'t [T]) -> Option<&'t T> {
        (!from.is_empty()).then(|| &from[self.below(from.len())])
    }

    /// Up to `count` of a list, each once, in the list's order.
    pub fn some<T: Clone>(&mut self, from: &[T], count: usize) -> Vec<T> {
        let mut places: Vec<usize> = (0..from.len()).collect();
        while places.len() > count {
            places.remove(self.below(places.len()));
        }
        places.into_iter().map(|place| from[place].clone()).collect()
    }

    /// The text in so many of a hundred cases, else nothing.
    pub fn maybe(&mut self, chance: usize, text: &str) -> String {
        if self.percent(chance) { text.to_owned() } else { String::new() }
    }
}
