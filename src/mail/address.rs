//! Takes address lists apart: names, groups, comments, quoted strings (RFC 5322 section 3.4).
//! It does not judge whether an address exists or belongs to whom it says.

use super::Address;
use super::words::decode_value;

const MOST_ADDRESSES: usize = 500;

/// All addresses of a raw header value. What has no `@` is left out, except that names alone are not addresses.
pub(super) fn addresses(raw: &[u8]) -> Vec<Address> {
    // Structure first, decoding second: an encoded comma is no comma (RFC 2047 section 5).
    let text = super::charset::decode(raw, "");
    let mut found = Vec::new();
    let mut one = Pieces::default();
    let (mut quoted, mut angled, mut escaped, mut depth) = (false, false, false, 0u32);
    for c in text.chars() {
        if escaped {
            one.take(c, angled, depth);
            escaped = false;
            continue;
        }
        match c {
            '\\' if quoted || depth > 0 => escaped = true,
            '"' if depth == 0 => quoted = !quoted,
            _ if quoted => one.take(c, angled, depth),
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => one.take(c, angled, depth),
            '<' => {
                angled = true;
                one.angle.clear();
                one.has_angle = true;
            }
            '>' => angled = false,
            ',' | ';' => {
                angled = false;
                one.finish(&mut found);
            }
            // A group's name ends here; in a route (obsolete) the address follows.
            ':' if angled => one.angle.clear(),
            ':' => one = Pieces::default(),
            _ => one.take(c, angled, depth),
        }
        if found.len() >= MOST_ADDRESSES {
            break;
        }
    }
    one.finish(&mut found);
    found
}

#[derive(Default)]
struct Pieces {
    name: String,
    angle: String,
    comment: String,
    has_angle: bool,
}

impl Pieces {
    fn take(&mut self, c: char, angled: bool, depth: u32) {
        match (depth, angled) {
            (0, true) => self.angle.push(c),
            (0, false) => self.name.push(c),
            _ => self.comment.push(c),
        }
    }

    fn finish(&mut self, found: &mut Vec<Address>) {
        let one = std::mem::take(self);
        let (email, name) = if one.has_angle { (one.angle, one.name) } else { (one.name, one.comment) };
        if let Some(email) = email_of(&email) {
            found.push(Address { name: display_name(&name), email });
        }
    }
}

/// `local@domain` with the domain in lower case, `None` where it is no address.
pub(super) fn email_of(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let (local, domain) = text.rsplit_once('@')?;
    if local.is_empty() || domain.is_empty() || text.len() > 1_000 {
        return None;
    }
    Some(format!("{local}@{}", domain.to_lowercase()))
}

fn display_name(raw: &str) -> String {
    let name = decode_value(raw.as_bytes());
    let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect();
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(String, String)> {
        addresses(text.as_bytes()).into_iter().map(|a| (a.name, a.email)).collect()
    }

    #[test]
    fn names_groups_and_comments_are_taken_apart() {
        let pair = |n: &str, e: &str| (n.to_owned(), e.to_owned());
        assert_eq!(
            of("\"Hartley, Simon\" <Simon@Example.COM>, b@x.y (Bo)"),
            [pair("Hartley, Simon", "Simon@example.com"), pair("Bo", "b@x.y")]
        );
        assert_eq!(of("team: a@x.y, B <b@x.y>;"), [pair("", "a@x.y"), pair("B", "b@x.y")]);
        assert_eq!(of("=?utf-8?B?5LuY5q4s?= <a@x.y>").len(), 1);
        assert_eq!(of("service@paypal.com <service@paypal.com>"), [pair("service@paypal.com", "service@paypal.com")]);
    }

    #[test]
    fn what_is_no_address_is_left_out() {
        assert!(of("<>").is_empty());
        assert!(of("undisclosed-recipients:;").is_empty());
        assert!(of("").is_empty());
    }
}
