//! Near matches, for "did you mean".

/// How many near matches are named.
const MOST: usize = 3;

/// How alike two names must be, of 1.
const ALIKE: f64 = 0.6;

/// What is so much less alike than the best match is not named beside it.
const CLOSE: f64 = 0.05;

/// Those of `known` that look like `name`, the most similar first, at most three.
pub(super) fn near<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let name = name.to_lowercase();
    let mut scored: Vec<(f64, &str)> = known
        .into_iter()
        .map(|candidate| {
            (strsim::normalized_damerau_levenshtein(&name, &candidate.to_lowercase()), candidate)
        })
        .filter(|(score, _)| *score >= ALIKE)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let best = scored.first().map_or(0.0, |(score, _)| *score);
    scored.retain(|(score, _)| best - score <= CLOSE);
    scored.into_iter().take(MOST).map(|(_, candidate)| candidate).collect()
}
