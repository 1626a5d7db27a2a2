//! Brings mails over, sizes first, so that no mail and no round is larger than it may be. Nothing is marked as read.

use std::collections::HashMap;
use std::time::Duration;

use async_imap::imap_proto::{AttributeValue, Response};
use jiff::fmt::strtime;

use super::{ImapInbox, uids};
use crate::inbox::{InboxError, LONGEST_HEADER, first_round, keep_header};
use crate::mail::{MailId, Millis, RawMail};

/// A line slower than this counts as broken; bytes per second.
const SLOWEST: u64 = 32 * 1024;

/// What is known of a mail before it is fetched.
#[derive(Clone, Copy, Debug, Default)]
struct Outline {
    size: u64,
    arrived_at: Millis,
}

impl ImapInbox {
    /// As many mails from the front of `ids` as fit into one round, in that order; those that are gone are absent.
    /// Also how many of `ids` were dealt with, at least one.
    pub async fn fetch(&mut self, ids: &[MailId]) -> Result<(Vec<RawMail>, usize), InboxError> {
        let wanted = self.own_uids(ids);
        let outlines = self.outlines(&wanted).await?;
        let cost = |uid: &u32| match outlines.get(uid) {
            Some(outline) if outline.size > self.max_size => LONGEST_HEADER as u64,
            Some(outline) => outline.size,
            None => 0,
        };
        let dealt_with = first_round(wanted.iter().map(cost));
        // Ids of another UIDVALIDITY are dealt with by leaving them out.
        let all = if dealt_with == wanted.len() { ids.len() } else { dealt_with };
        let wanted: Vec<u32> = wanted.into_iter().take(dealt_with).collect();
        let mut bodies: HashMap<u32, (Vec<u8>, bool)> = HashMap::new();
        let mut round: Vec<u32> = Vec::new();
        let mut bytes = 0;
        for (uid, outline) in wanted.iter().filter_map(|uid| Some((*uid, *outlines.get(uid)?))) {
            if outline.size > self.max_size {
                let header = self.header(uid).await?;
                bodies.extend(header.map(|header| (uid, (header, false))));
            } else {
                round.push(uid);
                bytes += outline.size;
            }
        }
        self.wholes(&round, bytes, &mut bodies).await?;
        let mail = |uid: u32| {
            let (bytes, whole) = bodies.remove(&uid)?;
            let id = MailId::Imap { uid_validity: self.uid_validity, uid };
            Some(RawMail { id, bytes, whole, arrived_at: outlines.get(&uid)?.arrived_at })
        };
        Ok((wanted.into_iter().filter_map(mail).collect(), all))
    }

    async fn outlines(&mut self, wanted: &[u32]) -> Result<HashMap<u32, Outline>, InboxError> {
        let mut outlines = HashMap::new();
        for set in uids::sets(wanted) {
            self.wire
                .command("UID FETCH", &format!("{set} (UID RFC822.SIZE INTERNALDATE)"), |response| {
                    let Response::Fetch(_, items) = response else { return };
                    let mut outline = Outline { size: u64::MAX, arrived_at: 0 };
                    for item in items {
                        match item {
                            AttributeValue::Rfc822Size(size) => outline.size = u64::from(*size),
                            AttributeValue::InternalDate(date) => outline.arrived_at = internal_date(date),
                            _ => {}
                        }
                    }
                    // A FETCH without a size is news of flags, by others.
                    if let Some(uid) = uid_of(items).filter(|_| outline.size != u64::MAX) {
                        outlines.insert(uid, outline);
                    }
                })
                .await?;
        }
        Ok(outlines)
    }

    /// One round. Where the server refuses it, the mails are asked for one by one, so that a single broken mail
    /// does not hold up the others.
    async fn wholes(
        &mut self,
        round: &[u32],
        bytes: u64,
        bodies: &mut HashMap<u32, (Vec<u8>, bool)>,
    ) -> Result<(), InboxError> {
        for set in uids::sets(round) {
            match self.bodies(&set, "BODY.PEEK[]", bytes, bodies).await {
                Err(InboxError::No { text, .. }) if !is_passing(&text) => {}
                other => {
                    other?;
                    continue;
                }
            }
            for uid in round.iter().filter(|uid| !bodies.contains_key(uid)).copied().collect::<Vec<_>>() {
                match self.bodies(&uid.to_string(), "BODY.PEEK[]", bytes, bodies).await {
                    Err(InboxError::No { text, .. }) if !is_passing(&text) => {
                        tracing::warn!(uid, answer = text, "the server will not give out a mail");
                        let header = self.header(uid).await?;
                        bodies.extend(header.map(|header| (uid, (header, false))));
                    }
                    other => other?,
                }
            }
            break;
        }
        // The size was the server's word only.
        for (bytes, whole) in bodies.values_mut().filter(|(bytes, _)| bytes.len() as u64 > self.max_size) {
            keep_header(bytes);
            *whole = false;
        }
        Ok(())
    }

    /// The header section alone; empty where the server refuses even that, since a mail that is there and cannot
    /// be read is for a person. `None`: the mail is gone.
    async fn header(&mut self, uid: u32) -> Result<Option<Vec<u8>>, InboxError> {
        let mut found = HashMap::new();
        let what = format!("BODY.PEEK[HEADER]<0.{LONGEST_HEADER}>");
        match self.bodies(&uid.to_string(), &what, LONGEST_HEADER as u64, &mut found).await {
            Err(InboxError::No { text, .. }) if !is_passing(&text) => Ok(Some(Vec::new())),
            Err(error) => Err(error),
            Ok(()) => Ok(found.remove(&uid).map(|(bytes, _)| bytes)),
        }
    }

    async fn bodies(
        &mut self,
        set: &str,
        what: &str,
        bytes: u64,
        bodies: &mut HashMap<u32, (Vec<u8>, bool)>,
    ) -> Result<(), InboxError> {
        let limit = self.wire.limit + Duration::from_secs(bytes / SLOWEST);
        self.wire
            .exchange("UID FETCH", &format!("{set} (UID {what})"), None, limit, |response| {
                let Response::Fetch(_, items) = response else { return };
                for item in items {
                    if let (Some(uid), AttributeValue::BodySection { data: Some(data), .. }) = (uid_of(items), item) {
                        bodies.insert(uid, (data.to_vec(), true));
                    }
                }
            })
            .await
    }
}

fn uid_of(items: &[AttributeValue<'_>]) -> Option<u32> {
    items.iter().find_map(|item| if let AttributeValue::Uid(uid) = item { Some(*uid) } else { None })
}

/// RFC 5530 section 3: the server says itself that it will do better later.
fn is_passing(text: &str) -> bool {
    ["[UNAVAILABLE]", "[INUSE]", "[LIMIT]"].iter().any(|code| text.starts_with(code))
}

/// RFC 9051 section 9, date-time: `17-Jul-1996 02:44:25 -0700`, the day with a space where it has one digit.
/// What cannot be read is 1970, thus too old for an automatic answer.
fn internal_date(text: &str) -> Millis {
    strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim())
        .and_then(|parsed| parsed.to_timestamp())
        .map_or(0, |timestamp| timestamp.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_the_server() {
        assert_eq!(internal_date("17-Jul-1996 02:44:25 -0700"), 837_596_665_000);
        assert_eq!(internal_date(" 7-Jul-1996 02:44:25 +0000"), 836_707_465_000);
        assert_eq!(internal_date("yesterday"), 0);
    }
}
