//! What is remembered of a thread, a sender and the bot itself, as the ledger tells it. It fetches nothing.

use crate::mail::Millis;

/// All that `decide` may know beside the mail. The default is a mailbox that has seen nothing yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// When the mailbox was first connected; mail that arrived earlier is never answered.
    pub first_connected_at: Option<Millis>,
    /// The same Message-ID, sender and text were handled before.
    pub is_duplicate: bool,
    /// `In-Reply-To` or `References` holds the id of one of our replies.
    pub answers_our_reply: bool,
    /// The mail carries the Message-ID of one of our replies.
    pub is_our_reply: bool,
    /// A delivery report is about one of our replies.
    pub reports_our_reply: bool,
    /// The conversation already had an automatic answer.
    pub conversation_answered: bool,
    /// A person has the conversation: an earlier mail in it was escalated.
    pub conversation_with_person: bool,
    /// The address is on the do-not-answer list, or rests after a bounce.
    pub address_rests: bool,
    /// Replies to this sender in the last 24 h, by cause.
    pub sender_replies: Vec<String>,
    /// Replies to this sender's domain in the last hour.
    pub domain_replies: u32,
    /// Replies to the same text in the last hour.
    pub text_replies: u32,
    /// All replies in the last hour.
    pub total_replies: u32,
    /// Sending is paused.
    pub paused: bool,
}
