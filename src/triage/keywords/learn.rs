//! Counts from labelled texts what each keyword speaks for: a multinomial logistic regression, fitted by AdaGrad.
//! The same texts in the same order give the same weights. It reads no file.

use std::collections::HashMap;

use super::terms::Line;
use crate::mail::Mail;
use crate::triage::text::Reading;

/// A text with its outcome, as an index into the outcomes.
pub struct Lesson {
    line: Line,
    outcome: usize,
}

impl Lesson {
    pub fn of(mail: &Mail, outcome: usize) -> Self {
        let reading = Reading::of(&mail.text.shown, mail.text.subject_len);
        Self { line: Line::of(&reading), outcome }
    }
}

/// How to fit.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Keywords of fewer texts are not looked at.
    pub texts_at_least: u32,
    /// How many keywords to keep.
    pub keep: usize,
    pub rounds: usize,
    /// Pull towards zero: the inverse of C in other libraries, per text.
    pub decay: f32,
}

impl Default for Plan {
    fn default() -> Self {
        Self { texts_at_least: 3, keep: 80_000, rounds: 40, decay: 6e-4 }
    }
}

/// Weights per keyword and outcome, and what stands before any keyword is seen.
pub struct Learned {
    pub bias: Vec<f32>,
    pub keywords: Vec<(String, Vec<f32>)>,
}

const RATE: f32 = 0.5;

pub fn learn(lessons: &[Lesson], outcomes: usize, plan: Plan) -> Learned {
    let (names, texts) = collect(lessons, plan.texts_at_least);
    let all = fit(&texts, lessons, names.len(), outcomes, plan);
    let kept = best(&all, &texts, names.len(), outcomes, plan.keep);
    let texts = renumbered(&texts, &kept, names.len());
    let fitted = fit(&texts, lessons, kept.len(), outcomes, plan);
    let mut keywords: Vec<(String, Vec<f32>)> = kept
        .iter()
        .zip(fitted.weights.chunks(outcomes))
        .filter_map(|(old, weights)| Some(((*names.get(*old)?).to_owned(), weights.to_vec())))
        .collect();
    keywords.sort_by(|a, b| a.0.cmp(&b.0));
    Learned { bias: fitted.bias, keywords }
}

/// Keywords of enough texts, in the order they were met, and the texts as numbers of keywords.
fn collect(lessons: &[Lesson], at_least: u32) -> (Vec<&str>, Vec<Vec<u32>>) {
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut names: Vec<&str> = Vec::new();
    let mut counts: Vec<u32> = Vec::new();
    let mut texts: Vec<Vec<u32>> = Vec::with_capacity(lessons.len());
    for lesson in lessons {
        let mut text = Vec::new();
        lesson.line.each_term(|term| {
            let number = *numbers.entry(term).or_insert_with(|| {
                names.push(term);
                counts.push(0);
                (names.len() - 1) as u32
            });
            text.push(number);
        });
        text.sort_unstable();
        text.dedup();
        for number in &text {
            if let Some(count) = counts.get_mut(*number as usize) {
                *count += 1;
            }
        }
        texts.push(text);
    }
    let often = |at: &usize| counts.get(*at).is_some_and(|count| *count >= at_least);
    let kept: Vec<usize> = (0..names.len()).filter(often).collect();
    let texts = renumbered(&texts, &kept, names.len());
    (kept.iter().filter_map(|at| names.get(*at).copied()).collect(), texts)
}

/// The texts with the numbers of what was kept alone, counted anew.
fn renumbered(texts: &[Vec<u32>], kept: &[usize], of: usize) -> Vec<Vec<u32>> {
    let mut new: Vec<Option<u32>> = vec![None; of];
    for (number, old) in (0..).zip(kept) {
        if let Some(slot) = new.get_mut(*old) {
            *slot = Some(number);
        }
    }
    let renumber = |text: &Vec<u32>| text.iter().filter_map(|old| *new.get(*old as usize)?).collect();
    texts.iter().map(renumber).collect()
}

struct Fitted {
    bias: Vec<f32>,
    /// Keyword by keyword, one for each outcome.
    weights: Vec<f32>,
}

/// A text of n keywords gives each the value 1/sqrt(n), so that long mails do not shout.
pub fn value(keywords: usize) -> f32 {
    1.0 / (keywords.max(1) as f32).sqrt()
}

fn fit(texts: &[Vec<u32>], lessons: &[Lesson], keywords: usize, outcomes: usize, plan: Plan) -> Fitted {
    let mut fitted = Fitted { bias: vec![0.0; outcomes], weights: vec![0.0; keywords * outcomes] };
    let mut squares = vec![1e-3_f32; keywords * outcomes];
    let mut bias_squares = vec![1e-3_f32; outcomes];
    let mut order: Vec<usize> = (0..texts.len()).collect();
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..plan.rounds {
        shuffle(&mut order, &mut seed);
        for at in &order {
            let (Some(text), Some(lesson)) = (texts.get(*at), lessons.get(*at)) else { continue };
            let x = value(text.len());
            let mut errors = fitted.scores(text, outcomes);
            softmax(&mut errors);
            if let Some(right) = errors.get_mut(lesson.outcome) {
                *right -= 1.0;
            }
            for (outcome, error) in errors.iter().enumerate() {
                step(&mut fitted.bias, &mut bias_squares, outcome, *error, 0.0);
            }
            for keyword in text {
                let start = *keyword as usize * outcomes;
                for (outcome, error) in errors.iter().enumerate() {
                    step(&mut fitted.weights, &mut squares, start + outcome, error * x, plan.decay);
                }
            }
        }
    }
    fitted
}

fn step(weights: &mut [f32], squares: &mut [f32], at: usize, slope: f32, decay: f32) {
    if let (Some(weight), Some(square)) = (weights.get_mut(at), squares.get_mut(at)) {
        let slope = slope + decay * *weight;
        *square += slope * slope;
        *weight -= RATE * slope / square.sqrt();
    }
}

impl Fitted {
    fn scores(&self, text: &[u32], outcomes: usize) -> Vec<f32> {
        let x = value(text.len());
        let mut scores = vec![0.0; outcomes];
        for keyword in text {
            let start = *keyword as usize * outcomes;
            let weights = self.weights.get(start..start + outcomes).unwrap_or_default();
            scores.iter_mut().zip(weights).for_each(|(score, weight)| *score += weight);
        }
        scores.iter_mut().zip(&self.bias).for_each(|(score, bias)| *score = *score * x + bias);
        scores
    }
}

/// Scores to shares of one.
pub fn softmax(scores: &mut [f32]) {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    scores.iter_mut().for_each(|score| *score = (*score - most).exp());
    let sum: f32 = scores.iter().sum();
    scores.iter_mut().for_each(|score| *score /= sum);
}

/// The keywords whose weights matter most over all texts.
fn best(fitted: &Fitted, texts: &[Vec<u32>], keywords: usize, outcomes: usize, keep: usize) -> Vec<usize> {
    let mut counts = vec![0_f32; keywords];
    for keyword in texts.iter().flatten() {
        if let Some(count) = counts.get_mut(*keyword as usize) {
            *count += 1.0;
        }
    }
    let worth = |at: usize| {
        let weights = fitted.weights.get(at * outcomes..(at + 1) * outcomes).unwrap_or_default();
        let most = weights.iter().fold(0.0_f32, |most, weight| most.max(weight.abs()));
        most * counts.get(at).copied().unwrap_or(0.0).sqrt()
    };
    let mut ranked: Vec<(f32, usize)> = (0..keywords).map(|at| (worth(at), at)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut kept: Vec<usize> = ranked.into_iter().take(keep).map(|(_, at)| at).collect();
    kept.sort_unstable();
    kept
}

/// Fisher and Yates, by xorshift64: the order must be mixed, not secret.
fn shuffle(order: &mut [usize], seed: &mut u64) {
    for last in (1..order.len()).rev() {
        *seed ^= *seed << 13;
        *seed ^= *seed >> 7;
        *seed ^= *seed << 17;
        order.swap(last, (*seed % (last as u64 + 1)) as usize);
    }
}
