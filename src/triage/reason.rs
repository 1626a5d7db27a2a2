//! Why a mail is not answered: a closed list, with a sentence for people beside each id.
//! It does not decide; `decide` picks one.

use crate::mail::Sign;

/// A reason from the closed list. `id` is what ledger, logs and `--json` carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    // Ignored: no person wrote it to be answered.
    Machine(Sign),
    AutomaticWords { topic: String },
    OwnMail,
    Duplicate,
    BeforeFirstConnect,
    // Escalated: a person reads it.
    DeliveryFailed,
    DeliveryExpired,
    DeliveryUnknown,
    Unreadable,
    TooLarge,
    MayBeMachine(Sign),
    SeveralSenders,
    NoUsableAddress,
    DoNotAnswer,
    NotAddressedToUs,
    TooOld { hours: i64 },
    TooManyHops { hops: usize },
    NotAuthenticated { detail: String },
    AnswersOurMail,
    ConversationContinues,
    NothingWritten,
    Topic { topic: String, sentence: String },
    SeveralCauses { causes: Vec<String> },
    LanguageNotAnswered { language: String },
    NotUnderstood { heard: String },
    CapSender,
    CapDomain,
    CapText,
    CapTotal,
    Paused,
    ReplyNotWritten { detail: String },
}

impl Reason {
    /// Kebab-case id; a topic's id is the name of its pattern file.
    pub fn id(&self) -> &str {
        match self {
            Self::Machine(sign) => sign.id,
            Self::AutomaticWords { topic } | Self::Topic { topic, .. } => topic,
            Self::OwnMail => "own-mail",
            Self::Duplicate => "duplicate",
            Self::BeforeFirstConnect => "before-first-connect",
            Self::DeliveryFailed => "delivery-failed",
            Self::DeliveryExpired => "delivery-expired",
            Self::DeliveryUnknown => "delivery-unknown",
            Self::Unreadable => "unreadable",
            Self::TooLarge => "too-large",
            Self::MayBeMachine(_) => "may-be-machine",
            Self::SeveralSenders => "several-senders",
            Self::NoUsableAddress => "no-usable-address",
            Self::DoNotAnswer => "do-not-answer",
            Self::NotAddressedToUs => "not-addressed-to-us",
            Self::TooOld { .. } => "too-old",
            Self::TooManyHops { .. } => "too-many-hops",
            Self::NotAuthenticated { .. } => "not-authenticated",
            Self::AnswersOurMail => "answers-our-mail",
            Self::ConversationContinues => "conversation-continues",
            Self::NothingWritten => "nothing-written",
            Self::SeveralCauses { .. } => "several-causes",
            Self::LanguageNotAnswered { .. } => "language-not-answered",
            Self::NotUnderstood { .. } => "not-understood",
            Self::CapSender => "cap-sender",
            Self::CapDomain => "cap-domain",
            Self::CapText => "cap-text",
            Self::CapTotal => "cap-total",
            Self::Paused => "paused",
            Self::ReplyNotWritten { .. } => "reply-not-written",
        }
    }

    /// One sentence for the support team.
    pub fn sentence(&self) -> String {
        match self {
            Self::Machine(sign) => format!("A machine wrote it ({}: {}).", sign.id, sign.detail),
            Self::AutomaticWords { topic } => format!("Its words are those of an automatic mail ({topic})."),
            Self::OwnMail => "It is our own mail that came back.".into(),
            Self::Duplicate => "The same mail was already handled.".into(),
            Self::BeforeFirstConnect => "It lay in the mailbox before the service was first connected.".into(),
            Self::DeliveryFailed => "Our answer could not be delivered.".into(),
            Self::DeliveryExpired => "Our answer could not be handed to the relay within the allowed time.".into(),
            Self::DeliveryUnknown => "Whether our answer was delivered is not known, so it is not sent again.".into(),
            Self::Unreadable => "The mail could not be read.".into(),
            Self::TooLarge => "The mail is larger than the size limit; only its headers were read.".into(),
            Self::MayBeMachine(sign) => {
                format!("A machine may have written it ({}: {}), so it got no automatic answer.", sign.id, sign.detail)
            }
            Self::SeveralSenders => "It names more than one sender.".into(),
            Self::NoUsableAddress => "It has no address that an answer could go to.".into(),
            Self::DoNotAnswer => "The address is on the list of those that get no automatic answer.".into(),
            Self::NotAddressedToUs => "None of our addresses is among its recipients.".into(),
            Self::TooOld { hours } => format!("It is {hours} hours old, too old for an automatic answer."),
            Self::TooManyHops { hops } => format!("It travelled through {hops} servers, which points to a loop."),
            Self::NotAuthenticated { detail } => format!("The sender's address is not proved to be theirs ({detail})."),
            Self::AnswersOurMail => "It answers a mail of ours.".into(),
            Self::ConversationContinues => "The conversation already had its answer or is with a person.".into(),
            Self::NothingWritten => "The customer wrote no words of their own.".into(),
            Self::Topic { sentence, .. } => sentence_of(sentence),
            Self::SeveralCauses { causes } => format!("Several causes fit equally well: {}.", causes.join(", ")),
            Self::LanguageNotAnswered { language } => {
                format!("It is written in a language that is not answered automatically ({language}).")
            }
            Self::NotUnderstood { heard } if heard.is_empty() => "No documented cause was recognised.".into(),
            Self::NotUnderstood { heard } => format!("No documented cause is sure enough: {heard}."),
            Self::CapSender => "This sender has had as many automatic answers as allowed.".into(),
            Self::CapDomain => "This sender's domain has had as many automatic answers as allowed.".into(),
            Self::CapText => "The same text came too often in a short time.".into(),
            Self::CapTotal => "Too many automatic answers in one hour: the bot has paused itself.".into(),
            Self::Paused => "Automatic answers are paused.".into(),
            Self::ReplyNotWritten { detail } => format!("The answer could not be written ({detail})."),
        }
    }
}

fn sentence_of(title: &str) -> String {
    let title = title.trim();
    if title.ends_with(['.', '!', '?', '。']) { title.to_owned() } else { format!("{title}.") }
}
