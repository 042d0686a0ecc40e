//! Shows where two lists of lines part, in their order.

use std::fmt;

/// Lines of which one list has more than the other, with the line before each run of them.
#[derive(Debug)]
pub(crate) struct Difference(Vec<String>);

impl Difference {
    /// `None` where the lists are equal.
    pub(crate) fn of(expected: &[String], made: &[String]) -> Option<Self> {
        if expected == made {
            return None;
        }
        // Length of the longest common run of lines from each pair of places on.
        let mut common = vec![vec![0usize; made.len() + 1]; expected.len() + 1];
        for left in (0..expected.len()).rev() {
            for right in (0..made.len()).rev() {
                common[left][right] = if expected[left] == made[right] {
                    common[left + 1][right + 1] + 1
                } else {
                    common[left + 1][right].max(common[left][right + 1])
                };
            }
        }
        let (mut left, mut right) = (0, 0);
        let mut shown = Vec::new();
        while left < expected.len() || right < made.len() {
            if left < expected.len() && right < made.len() && expected[left] == made[right] {
                (left, right) = (left + 1, right + 1);
            } else if right == made.len()
                || (left < expected.len() && common[left + 1][right] >= common[left][right + 1])
            {
                shown.push(format!("- {}", expected[left]));
                left += 1;
            } else {
                shown.push(format!("+ {}", made[right]));
                right += 1;
            }
        }
        Some(Self(shown))
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}
