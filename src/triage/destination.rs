//! Where an automatic answer may go: exactly one address that is proved to be the sender's, or none.
//! It reads `Authentication-Results` of our own server only; it resolves nothing itself.

use super::Reason;
use super::policy::{Policy, within};
use crate::mail::{Address, Mail};

/// The one address to answer. RFC 3834 section 4 wants the Return-Path, customers expect From or Reply-To:
/// so those, where they are authenticated or agree with the Return-Path.
pub fn destination(policy: &Policy, mail: &Mail) -> Result<String, Reason> {
    let from = match mail.from.as_slice() {
        [one] if is_usable(one) => one,
        [_] | [] => return Err(Reason::NoUsableAddress),
        [..] => return Err(Reason::SeveralSenders),
    };
    let to = match mail.reply_to.as_slice() {
        [] => from,
        [one] if is_usable(one) && same_domain(&one.email, &from.email) => one,
        [one] if is_usable(one) => {
            return Err(Reason::NotAuthenticated { detail: "Reply-To lies in another domain than From".into() });
        }
        _ => return Err(Reason::NoUsableAddress),
    };
    if policy.is_own(&to.email) {
        return Err(Reason::NoUsableAddress);
    }
    match is_authentic(policy, mail, from) {
        Ok(()) => Ok(to.email.clone()),
        Err(_) if policy.answer_unauthenticated => Ok(to.email.clone()),
        Err(detail) => Err(Reason::NotAuthenticated { detail }),
    }
}

fn is_authentic(policy: &Policy, mail: &Mail, from: &Address) -> Result<(), String> {
    if let Some(id) = &policy.authserv_id {
        match verdict_of(id, &mail.authentication, &from.email) {
            Authentic::Pass => return Ok(()),
            Authentic::Fail(detail) => return Err(detail),
            Authentic::Unknown => {}
        }
    }
    match &mail.return_path {
        Some(path) if path.eq_ignore_ascii_case(&from.email) || same_domain(path, &from.email) => Ok(()),
        Some(_) => Err("Return-Path lies in another domain than From".into()),
        None => Err("no Return-Path and no authentication result".into()),
    }
}

enum Authentic {
    Pass,
    Fail(String),
    Unknown,
}

/// The topmost result of our own server (RFC 8601 section 5: results below may be forged).
fn verdict_of(authserv_id: &str, results: &[String], from: &str) -> Authentic {
    let Some(own) = results.iter().find_map(|value| body_of(authserv_id, value)) else {
        return Authentic::Unknown;
    };
    let methods: Vec<Method> = own.split(';').filter_map(Method::parse).collect();
    let results_of = |name: &str| methods.iter().filter(|method| method.name == name).collect::<Vec<_>>();
    if let Some(dmarc) = results_of("dmarc").first() {
        match dmarc.result.as_str() {
            "pass" | "bestguesspass" => return Authentic::Pass,
            "fail" => return Authentic::Fail("dmarc=fail".into()),
            _ => {}
        }
    }
    let aligned =
        |method: &&Method| method.result == "pass" && method.identities.iter().any(|id| same_domain(id, from));
    if results_of("dkim").iter().any(aligned) || results_of("spf").iter().any(aligned) {
        return Authentic::Pass;
    }
    if methods.is_empty() {
        return Authentic::Unknown;
    }
    Authentic::Fail("neither SPF nor DKIM is aligned with From".into())
}

/// The part after `authserv-id [version];` where the id is ours (RFC 8601 section 2.2).
fn body_of(authserv_id: &str, value: &str) -> Option<String> {
    let value = without_comments(value);
    let (id, rest) = value.split_once(';')?;
    let id = id.split_whitespace().next()?.trim_matches('"').to_owned();
    id.eq_ignore_ascii_case(authserv_id).then(|| rest.to_owned())
}

struct Method {
    name: String,
    result: String,
    /// Values of `header.d`, `header.i`, `header.from`, `smtp.mailfrom`, `smtp.helo`.
    identities: Vec<String>,
}

impl Method {
    fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let (name, result) = words.next()?.split_once('=')?;
        let identities = words
            .filter_map(|word| word.split_once('='))
            .filter(|(key, _)| matches!(*key, "header.d" | "header.i" | "smtp.mailfrom"))
            .map(|(_, value)| value.trim_matches('"').to_ascii_lowercase())
            .collect();
        let name = name.split('/').next().unwrap_or(name);
        Some(Self { name: name.to_ascii_lowercase(), result: result.to_ascii_lowercase(), identities })
    }
}

fn without_comments(value: &str) -> String {
    let mut depth = 0usize;
    let mut quoted = false;
    value
        .chars()
        .filter(|c| {
            match c {
                '"' if depth == 0 => quoted = !quoted,
                '(' if !quoted => depth += 1,
                ')' if !quoted && depth > 0 => {
                    depth -= 1;
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}

/// Relaxed alignment (RFC 7489 section 3.1.1) without a list of public suffixes: one is the other, or below it.
fn same_domain(a: &str, b: &str) -> bool {
    let domain = |text: &str| text.rsplit_once('@').map_or(text, |(_, domain)| domain).to_ascii_lowercase();
    let (a, b) = (domain(a), domain(b));
    a.contains('.') && b.contains('.') && (within(&a, &b) || within(&b, &a))
}

fn is_usable(address: &Address) -> bool {
    let Some((local, domain)) = address.email.rsplit_once('@') else { return false };
    !local.is_empty()
        && domain.contains('.')
        && address.email.len() <= 254
        && !address.email.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';'))
}
