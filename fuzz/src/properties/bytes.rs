//! Bytes as choices. Every text of bytes is some sequence of choices, and a
//! byte that changes changes little: what a fuzzer needs to climb.

/// Choices, read off from the front. After the end each is the first.
pub struct Bytes<'b> {
    rest: &'b [u8],
}

impl<'b> Bytes<'b> {
    pub fn new(data: &'b [u8]) -> Bytes<'b> {
        Bytes { rest: data }
    }

    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.rest.split_first() else { return 0 };
        self.rest = rest;
        *first
    }

    /// A number below the bound, which is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::from(self.byte()) % bound
    }

    pub fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    pub fn one_of<'c, T: ?Sized>(&mut self, choices: &[&'c T]) -> &'c T {
        choices[self.below(choices.len())]
    }

    /// A text: one of the choices, or as many of the next bytes as a byte says.
    pub fn text(&mut self, choices: &[&str]) -> String {
        let choice = usize::from(self.byte());
        if let Some(text) = choices.get(choice % (choices.len() + 1)) {
            return (*text).to_owned();
        }
        let length = self.below(40).min(self.rest.len());
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest;
        String::from_utf8_lossy(text).into_owned()
    }

    pub fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| make(self))
    }
}
