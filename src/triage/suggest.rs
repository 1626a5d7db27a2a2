//! "Did you mean": the known word nearest to a misspelt one. It decides nothing.

/// A way out that names the nearest of `known`, if one is near enough to be meant.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let near = known.into_iter().map(|k| (distance(word, k), k)).min()?;
    (near.0 <= word.chars().count().div_ceil(3)).then(|| format!("did you mean `{}`?", near.1))
}

/// Levenshtein distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, cb) in row.iter_mut().skip(1).zip(&b) {
            let best = (diagonal + usize::from(ca != *cb)).min(left + 1).min(*cell + 1);
            diagonal = std::mem::replace(cell, best);
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_named_and_a_far_one_is_not() {
        assert_eq!(did_you_mean("wieght", ["weight", "near"]).as_deref(), Some("did you mean `weight`?"));
        assert_eq!(did_you_mean("colour", ["weight", "near"]), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
