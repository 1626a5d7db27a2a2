//! Writes: templates, mail and decision become one finished mail. Pure: no network, no disk, no clock.
//! It does not decide whether to answer, nor whom.

mod compose;
mod names;
mod templates;

pub use compose::{ComposeError, Identity, Outgoing, Thread, compose};
pub use templates::{Templates, VARIABLES, template_of};
