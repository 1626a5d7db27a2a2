//! Real mail servers for tests: a Dovecot and a Postfix of the test's own, and a relay that plays a script.
//! Knows nothing of paytriage's insides; it looks at mail the way a customer's or a colleague's mail program would.
//!
//! ```ignore
//! mod servers;
//! use servers::{PASSWORD, PostOffice, wait_for};
//!
//! let post = PostOffice::start();
//! post.deliver("support@shop.test", b"From: customer@example.test\r\nSubject: hello\r\n\r\nhello\r\n");
//! let mut support = post.mailbox("support@shop.test");
//! wait_for("the mail", TEN_SECONDS, || support.mails("INBOX").len() == 1);
//! ```
//!
//! Everything blocks and nothing needs a runtime. A test that runs the service in its own process therefore wants
//! a multi-threaded runtime.

#![allow(dead_code, unused_imports, reason = "each test binary uses only the part of the harness that it needs")]
#![expect(clippy::disallowed_methods, reason = "the harness writes server configuration and waits by the clock")]

mod authority;
mod dialogue;
mod dovecot;
mod mailbox;
mod office;
mod ports;
mod postfix;
mod postman;
mod relay;
mod supervised;
mod wait;

pub use mailbox::{Kept, Mailbox};
pub use office::{Options, PASSWORD, PostOffice};
pub use postman::Postman;
pub use relay::{Act, Relay, Stage, Taken};
pub use wait::{TEN_SECONDS, wait_for, wait_for_some};
