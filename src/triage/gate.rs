//! The gates before an automatic answer, one small rule each (`SAFETY` section 1). Their order is `decide`'s.

use super::policy::Policy;
use super::{Decision, Finding, History, Reason, Verdict, destination};
use crate::mail::{Mail, Millis, Origin, Sign};

/// All that a rule may look at.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    pub policy: &'a Policy,
    pub mail: &'a Mail,
    pub verdict: &'a Verdict,
    pub history: &'a History,
    /// False where only the headers were fetched because the mail is too large.
    pub whole: bool,
    pub arrived_at: Millis,
    pub now: Millis,
}

const CLOCKS_DIFFER: Millis = 10 * 60_000;

fn escalate(reason: Reason) -> Option<Decision> {
    Some(Decision::Escalate { reason })
}

fn ignore(reason: Reason) -> Option<Decision> {
    Some(Decision::Ignore { reason })
}

pub(super) fn delivery_report(case: &Case<'_>) -> Option<Decision> {
    if case.history.reports_our_reply { escalate(Reason::DeliveryFailed) } else { None }
}

pub(super) fn machine(case: &Case<'_>) -> Option<Decision> {
    match &case.mail.origin {
        Origin::Machine(sign) => ignore(Reason::Machine(sign.clone())),
        Origin::Person => None,
    }
}

pub(super) fn own_mail(case: &Case<'_>) -> Option<Decision> {
    let mail = case.mail;
    let is_own = mail.marker.is_some()
        || case.history.is_our_reply
        || mail.from.iter().any(|address| case.policy.is_own(&address.email));
    if is_own { ignore(Reason::OwnMail) } else { None }
}

/// An id of ours among the references and any soft sign beside it: the loop of freescout#2445.
pub(super) fn automatic_answer(case: &Case<'_>) -> Option<Decision> {
    let soft = case.mail.soft_signs.first()?;
    if !case.history.answers_our_reply && !refers_to_us(case) {
        return None;
    }
    ignore(Reason::Machine(Sign { id: "answers-us-automatically", detail: soft.detail.clone() }))
}

pub(super) fn automatic_words(case: &Case<'_>) -> Option<Decision> {
    match &case.verdict.finding {
        Finding::Automatic { topic } => ignore(Reason::AutomaticWords { topic: topic.clone() }),
        _ => None,
    }
}

pub(super) fn duplicate(case: &Case<'_>) -> Option<Decision> {
    if case.history.is_duplicate { ignore(Reason::Duplicate) } else { None }
}

pub(super) fn unreadable(case: &Case<'_>) -> Option<Decision> {
    match (case.mail.readable, case.whole) {
        (false, _) => escalate(Reason::Unreadable),
        (true, false) => escalate(Reason::TooLarge),
        (true, true) => None,
    }
}

pub(super) fn soft_sign(case: &Case<'_>) -> Option<Decision> {
    case.mail.soft_signs.first().and_then(|sign| escalate(Reason::MayBeMachine(sign.clone())))
}

/// Every answer to a mail of ours reaches a person: the reply promises it.
pub(super) fn answers_our_mail(case: &Case<'_>) -> Option<Decision> {
    if case.history.answers_our_reply || refers_to_us(case) || quotes_us(case) {
        escalate(Reason::AnswersOurMail)
    } else {
        None
    }
}

/// A colleague's mail program chooses its own Message-IDs, but whom it quotes stands in the attribution line or at
/// the head of the quoted headers.
fn quotes_us(case: &Case<'_>) -> bool {
    let lines = case.mail.quoted.lines().map(|line| line.trim_start_matches(['>', ' ', '*']));
    let mut lines = lines.filter(|line| !line.is_empty() && !line.starts_with(['-', '_', '=']));
    let (first, second) = (lines.next().unwrap_or(""), lines.next().unwrap_or(""));
    let is_header = |line: &str| line.split_once(": ").is_some_and(|(name, _)| !name.contains(' '));
    let wrapped = if is_header(second) { "" } else { second };
    let head = format!("{first} {wrapped}").to_lowercase();
    case.policy.own_addresses.iter().any(|own| head.contains(own.as_str()))
}

fn refers_to_us(case: &Case<'_>) -> bool {
    case.mail.in_reply_to.iter().chain(&case.mail.references).any(|id| case.policy.is_own_message_id(id))
}

pub(super) fn nothing_written(case: &Case<'_>) -> Option<Decision> {
    if case.mail.text.shown.chars().any(char::is_alphanumeric) { None } else { escalate(Reason::NothingWritten) }
}

pub(super) fn before_first_connect(case: &Case<'_>) -> Option<Decision> {
    let first = case.history.first_connected_at?;
    // Mail that lay there is known by its id; this is for old mail that comes back, so the clocks of server and
    // service need not agree to the second.
    if case.arrived_at + CLOCKS_DIFFER < first { escalate(Reason::BeforeFirstConnect) } else { None }
}

pub(super) fn age(case: &Case<'_>) -> Option<Decision> {
    // The server's time of arrival counts; a Date in the future does not make a mail younger.
    let written_at = case.mail.date.unwrap_or(case.arrived_at).min(case.arrived_at);
    let age = case.now.saturating_sub(written_at);
    if age > case.policy.max_age { escalate(Reason::TooOld { hours: age / 3_600_000 }) } else { None }
}

pub(super) fn hops(case: &Case<'_>) -> Option<Decision> {
    let hops = case.mail.hops;
    if hops > case.policy.max_hops { escalate(Reason::TooManyHops { hops }) } else { None }
}

pub(super) fn addressed(case: &Case<'_>) -> Option<Decision> {
    if case.mail.recipients.iter().any(|address| case.policy.is_own(address)) {
        None
    } else {
        escalate(Reason::NotAddressedToUs)
    }
}

pub(super) fn sender(case: &Case<'_>) -> Option<Decision> {
    destination::destination(case.policy, case.mail).err().and_then(escalate)
}

pub(super) fn rests(case: &Case<'_>) -> Option<Decision> {
    if case.history.address_rests { escalate(Reason::DoNotAnswer) } else { None }
}

pub(super) fn conversation(case: &Case<'_>) -> Option<Decision> {
    if case.history.conversation_answered || case.history.conversation_with_person {
        escalate(Reason::ConversationContinues)
    } else {
        None
    }
}

pub(super) fn guard(case: &Case<'_>) -> Option<Decision> {
    match &case.verdict.finding {
        Finding::Guard { topic, sentence } => {
            escalate(Reason::Topic { topic: topic.clone(), sentence: sentence.clone() })
        }
        _ => None,
    }
}

pub(super) fn language(case: &Case<'_>) -> Option<Decision> {
    // Where the mail room is unsure, the evidence tells the language.
    let language = case.mail.language.as_deref().or(case.verdict.language.as_deref())?;
    let is_answered = case.policy.answers(language);
    if is_answered { None } else { escalate(Reason::LanguageNotAnswered { language: language.to_owned() }) }
}

pub(super) fn cause(case: &Case<'_>) -> Option<Decision> {
    match &case.verdict.finding {
        Finding::Cause { .. } => None,
        Finding::Ambiguous { causes } => escalate(Reason::SeveralCauses { causes: causes.clone() }),
        _ => escalate(Reason::NotUnderstood { heard: heard(case.verdict) }),
    }
}

/// What the two readers heard of causes, where it was not enough.
fn heard(verdict: &Verdict) -> String {
    let named = verdict.scores.iter().find(|score| score.points >= score.threshold);
    let sounds = verdict.likely.shares.first().map(|(outcome, share)| format!("{outcome} ({:.0} %)", share * 100.0));
    match (named, sounds) {
        (Some(score), Some(sounds)) => {
            format!("its phrases name {}, all its words together sound like {sounds}", score.cause)
        }
        (Some(score), None) => format!("its phrases name {}", score.cause),
        (None, Some(sounds)) => format!("its words sound like {sounds}"),
        (None, None) => String::new(),
    }
}

pub(super) fn paused(case: &Case<'_>) -> Option<Decision> {
    if case.history.paused { escalate(Reason::Paused) } else { None }
}

pub(super) fn sender_cap(case: &Case<'_>) -> Option<Decision> {
    let caps = &case.policy.caps;
    let Finding::Cause { cause, .. } = &case.verdict.finding else { return None };
    let all = case.history.sender_replies.len() as u64;
    let same = case.history.sender_replies.iter().filter(|sent| *sent == cause).count() as u64;
    let is_full = same >= u64::from(caps.sender_per_cause) || all >= u64::from(caps.sender);
    if is_full { escalate(Reason::CapSender) } else { None }
}

pub(super) fn domain_cap(case: &Case<'_>) -> Option<Decision> {
    let caps = &case.policy.caps;
    let is_free = case
        .mail
        .from
        .first()
        .and_then(|from| from.email.rsplit_once('@'))
        .is_some_and(|(_, domain)| caps.free_providers.iter().any(|free| free.eq_ignore_ascii_case(domain)));
    if !is_free && case.history.domain_replies >= caps.domain { escalate(Reason::CapDomain) } else { None }
}

pub(super) fn text_cap(case: &Case<'_>) -> Option<Decision> {
    if case.history.text_replies >= case.policy.caps.text { escalate(Reason::CapText) } else { None }
}

pub(super) fn total_cap(case: &Case<'_>) -> Option<Decision> {
    if case.history.total_replies >= case.policy.caps.total { escalate(Reason::CapTotal) } else { None }
}
