//! paytriage: an e-mail walks through a few rooms in one direction; three rooms only think, the others
//! touch the world, and one short function (`service::intake`) leads it through.
//!
//! | room | does | touches |
//! | --- | --- | --- |
//! | [`problem`] | one complaint about a file, with line and the way out; a file's name and text | - |
//! | [`mail`] | bytes to [`mail::Mail`]: decode, clean, detect language, tell person from machine | - |
//! | [`triage`] | patterns and mail to a verdict; policy, history and verdict to a decision | - |
//! | [`reply`] | templates, mail and decision to a finished outgoing mail | - |
//! | [`config`] | files and environment to a configuration | files |
//! | [`net`] | opens sockets: TCP options, TLS | network |
//! | [`inbox`] | waits for new mail, files handled mail: IMAP or a Maildir | network, disk |
//! | [`outbox`] | hands finished mail to the relay: SMTP or a Maildir | network, disk |
//! | [`ledger`] | remembers every case and every unsent reply; the only SQL | disk |
//! | [`service`] | the corridor: starts, leads each mail through the rooms, stops | all |
//! | [`admin`] | command-line tools: check, classify, demo | files |

pub mod admin;
pub mod config;
pub mod inbox;
pub mod ledger;
pub mod mail;
pub mod net;
pub mod outbox;
pub mod problem;
pub mod reply;
pub mod service;
pub mod triage;
