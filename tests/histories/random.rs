//! Random numbers that a seed repeats (splitmix64).

/// A source of them.
pub struct Random(u64);

impl Random {
    pub fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        usize::try_from(bits % u64::try_from(end).unwrap()).unwrap()
    }

    /// One of these.
    pub fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// A text of any characters, most of them with a meaning to a parser.
    pub fn text(&mut self) -> String {
        let parts = [
            "A1ONE", "na", "#", "|", "\"", "\\", "\u{0}", "é", "𝄞", "%2f", "../", "Atzr|x", "{", "'", " ",
            "\r\n",
        ];
        (0..self.below(6)).map(|_| self.one_of(&parts)).collect()
    }
}
