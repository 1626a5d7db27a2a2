//! A forwarded mail: the customer's own words come first, and where they tell nothing, what was forwarded is read too.
//! It cuts nothing away; that is the mail room's.

use super::finding::OVERVIEW;
use super::{Finding, PatternSet, Verdict};
use crate::mail::Mail;

impl PatternSet {
    /// What the patterns say of the mail. If the forwarded words had to be read, they become part of its text.
    pub fn judge(&self, mail: &mut Mail) -> Verdict {
        let verdict = self.classify(mail);
        let tells_nothing = match &verdict.finding {
            Finding::Nothing => true,
            Finding::Cause { cause, .. } => cause == OVERVIEW,
            _ => false,
        };
        if !tells_nothing || mail.forwarded.is_empty() || mail.text.shown.contains(&mail.forwarded) {
            return verdict;
        }
        let mut whole = mail.clone();
        whole.text.shown = format!("{}\n\n{}", mail.text.shown, mail.forwarded);
        let wider = self.classify(&whole);
        // A forwarded automatic notice does not make a machine of the person who forwards it.
        if matches!(wider.finding, Finding::Nothing | Finding::Automatic { .. }) {
            return Verdict { finding: Finding::Nothing, ..verdict };
        }
        *mail = whole;
        wider
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Text;
    use crate::problem::SourceFile;

    fn finding(own: &str, forwarded: &str) -> Finding {
        let pattern = "title = \"Green\"\naction = \"reply\"\n[[pattern]]\nid = \"green\"\nweight = 3\nen = [\"green\"]\n\
            [[test]]\nbody = \"green\"\nexpect = \"green\"\n[[test]]\nbody = \"blue\"\nexpect = \"no-match\"\n";
        let source = SourceFile { name: "patterns/green.toml".into(), text: pattern.into() };
        let set = PatternSet::load(&[source]).expect("a good set");
        let text = Text { shown: format!("s\n{own}"), subject_len: 1 };
        let mut mail = Mail { text, forwarded: forwarded.into(), ..Mail::default() };
        set.judge(&mut mail).finding
    }

    #[test]
    fn forwarded_words_count_where_the_customers_own_tell_nothing() {
        let green = Finding::cause("green");
        assert_eq!(finding("see below", "it was green"), green);
        assert_eq!(finding("it is green", "it was blue"), green);
        assert_eq!(finding("see below", "it was blue"), Finding::Nothing);
    }
}
