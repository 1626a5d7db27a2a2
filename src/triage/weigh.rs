//! Hits to a verdict: applies the conditions of patterns, counts the points, names the language.
//! What the points amount to is in `finding.rs`.

use crate::mail::{Mail, chinese, likeliest};
use crate::triage::finding::finding;
use crate::triage::judge::{Hit, Search};
use crate::triage::keywords::{KEYWORD, Likely};
use crate::triage::set::{Pattern, PatternSet};
use crate::triage::source::Action;
use crate::triage::text::Reading;
use crate::triage::{Evidence, Finding, Score, Verdict};

impl PatternSet {
    /// Applies the conditions to the hits, which are in the order of their patterns.
    pub(super) fn weigh(&self, mail: &Mail, hits: &[Hit<'_>], search: &mut Search<'_>) -> Verdict {
        let mut found: Vec<(usize, Evidence)> = Vec::new();
        let mut held_back: Vec<Evidence> = Vec::new();
        for of_pattern in hits.chunk_by(|a, b| a.pattern == b.pattern) {
            let Some(pattern) = of_pattern.first().and_then(|hit| self.patterns.get(hit.pattern)) else { continue };
            let mut stands = of_pattern.iter().filter(|hit| search.holds(pattern, hit.sentence));
            let Some(hit) = stands.next() else {
                held_back.extend(of_pattern.first().map(|hit| self.evidence(mail, pattern, hit)));
                continue;
            };
            // The same pattern in another language is the same point; the words of the mail's language show it best.
            let same = found.iter_mut().find(|(topic, e)| *topic == pattern.topic && e.pattern == pattern.id);
            match same {
                Some((_, evidence)) if is_of(mail, &hit.origin.language) => {
                    *evidence = self.evidence(mail, pattern, hit)
                }
                Some(_) => {}
                None => found.push((pattern.topic, self.evidence(mail, pattern, hit))),
            }
        }
        let scores = self.scores(&found);
        let mut evidence: Vec<Evidence> = found.into_iter().map(|(_, evidence)| evidence).collect();
        let likely = self.likely(mail, search.reading());
        let finding = finding(&self.topics, &scores, likely.as_ref());
        evidence.extend(likely.iter().flat_map(|likely| self.loudest(mail, likely)));
        let told = deciding_language(&finding, &evidence, mail).or_else(|| mail.language.clone());
        // Better a reply in the likeliest language than in English to everybody.
        let language = told.or_else(|| likeliest(mail.text.body()).map(str::to_owned));
        Verdict { scores, evidence, held_back, finding, language, likely: likely.unwrap_or_default() }
    }

    /// What the keywords say; nothing where they do not know the language.
    fn likely(&self, mail: &Mail, reading: &Reading) -> Option<Likely> {
        let keywords = self.keywords.as_ref()?;
        let known = mail.language.is_none() || self.keywords_know(mail);
        known.then(|| keywords.weigh(reading))
    }

    /// The keywords that spoke loudest, as evidence for the likeliest outcome.
    fn loudest(&self, mail: &Mail, likely: &Likely) -> Vec<Evidence> {
        let (Some(keywords), Some((outcome, _))) = (&self.keywords, likely.shares.first()) else { return Vec::new() };
        let evidence = likely.loudest.iter().map(|loud| Evidence {
            pattern: KEYWORD.to_owned(),
            cause: outcome.clone(),
            field: mail.text.field_at(loud.span.start),
            span: loud.span.clone(),
            text: mail.text.shown.get(loud.span.clone()).unwrap_or("").to_owned(),
            weight: (loud.weight * 100.0).round() as i32,
            file: keywords.file.clone(),
            line: loud.line,
            language: String::new(),
        });
        evidence.collect()
    }

    /// Whether the mail's language is known, and to the keywords: then they read English error messages in it too.
    pub(super) fn keywords_know(&self, mail: &Mail) -> bool {
        let language = mail.language.as_deref();
        self.keywords.as_ref().zip(language).is_some_and(|(keywords, language)| keywords.knows(language))
    }

    fn evidence(&self, mail: &Mail, pattern: &Pattern, hit: &Hit<'_>) -> Evidence {
        Evidence {
            pattern: pattern.id.clone(),
            cause: self.topics.get(pattern.topic).map(|topic| topic.id.clone()).unwrap_or_default(),
            field: mail.text.field_at(hit.span.start),
            span: hit.span.clone(),
            text: mail.text.shown.get(hit.span.clone()).unwrap_or("").to_owned(),
            weight: pattern.weight,
            file: hit.origin.file.clone(),
            line: hit.origin.line,
            language: hit.origin.language.clone(),
        }
    }

    /// Best first; `found` holds the topic of each piece of evidence.
    fn scores(&self, found: &[(usize, Evidence)]) -> Vec<Score> {
        let mut points: Vec<Option<i32>> = vec![None; self.topics.len()];
        for (topic, evidence) in found {
            if let Some(sum) = points.get_mut(*topic) {
                *sum = Some(sum.unwrap_or(0) + evidence.weight);
            }
        }
        let scored = self.topics.iter().zip(points).filter(|(topic, _)| topic.action != Action::Signal);
        let mut scores: Vec<Score> = scored
            .filter_map(|(topic, points)| {
                Some(Score { cause: topic.id.clone(), points: points?, threshold: topic.threshold })
            })
            .collect();
        scores.sort_by(|a, b| b.points.cmp(&a.points).then_with(|| a.cause.cmp(&b.cause)));
        scores
    }
}

/// Whether the mail is written in this language (`zh` for both scripts of Chinese).
fn is_of(mail: &Mail, language: &str) -> bool {
    mail.language.as_ref().is_some_and(|own| own.split('-').next() == Some(language))
}

/// Language of the evidence for what was found: that of the mail if any is in it, else that of the heaviest.
fn deciding_language(finding: &Finding, evidence: &[Evidence], mail: &Mail) -> Option<String> {
    use Finding::{Ambiguous, Automatic, Cause, Guard, Nothing};
    let id = match finding {
        Cause { cause, .. } => cause,
        Guard { topic, .. } | Automatic { topic } => topic,
        Ambiguous { causes } => causes.first()?,
        Nothing => return None,
    };
    let told = evidence.iter().filter(|e| e.cause == *id && !e.language.is_empty());
    if told.clone().any(|e| is_of(mail, &e.language)) {
        return mail.language.clone();
    }
    let language = &told.max_by_key(|e| e.weight)?.language;
    // Templates are written in one script or the other; phrases are read in both.
    Some(if language == "zh" { chinese(&mail.text.shown).to_owned() } else { language.clone() })
}
