//! What an element means for the text inside it: hidden, history, signature, a block of its own.
//! It looks at one tag at a time and writes nothing.

use html5gum::StartTag;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    None,
    Hidden,
    /// A quotation.
    Quoted,
    /// A container of history: its own words (the attribution) are history until the first quotation in it.
    History,
    Signature,
    Preformatted,
}

/// HTML, section 13.1.2: elements without an end tag.
pub(super) fn void(name: &[u8]) -> bool {
    matches!(
        name,
        b"area"
            | b"base"
            | b"br"
            | b"col"
            | b"embed"
            | b"hr"
            | b"img"
            | b"input"
            | b"link"
            | b"meta"
            | b"source"
            | b"track"
            | b"wbr"
    )
}

pub(super) fn block(name: &[u8]) -> bool {
    matches!(
        name,
        b"address"
            | b"article"
            | b"aside"
            | b"blockquote"
            | b"body"
            | b"center"
            | b"dd"
            | b"div"
            | b"dl"
            | b"dt"
            | b"fieldset"
            | b"figure"
            | b"footer"
            | b"form"
            | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"h5"
            | b"h6"
            | b"header"
            | b"hr"
            | b"html"
            | b"includetail"
            | b"li"
            | b"main"
            | b"nav"
            | b"ol"
            | b"p"
            | b"pre"
            | b"section"
            | b"table"
            | b"tbody"
            | b"tfoot"
            | b"thead"
            | b"tr"
            | b"ul"
            | b"caption"
    )
}

/// Characters that fill preview lines or hint at line breaks.
pub(super) fn unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{34f}' | '\0')
}

/// Names that mail programs give to the container of older mail, in lower case.
const HISTORY: &[&str] = &[
    "gmail_quote",
    "gmail_quote_container",
    "protonmail_quote",
    "zmail_extra",
    "ntes-mailmaster-quote",
    "alimail-quote",
    "lark-mail-quote",
    "tutanota_quote",
    "skiff_quote",
    "quote-wrapper",
    "gmail_attr",
    "history_container",
];
const QUOTED: &[&str] = &[
    "yahoo_quoted",
    "moz-cite-prefix",
    "outlookmessageheader",
    "mailqq",
    "isreplycontent",
    "ntes_quote",
    "moz-email-headers-table",
    "moz-forward-container-quote",
];
const SIGNATURES: &[&str] = &[
    "gmail_signature",
    "gmail_signature_prefix",
    "moz-signature",
    "signature",
    "x_signature",
    "ms-outlook-mobile-signature",
    "applemailsignature",
    "protonmail_signature_block",
    "ntes-signature",
    "mobile-signature",
    "yahoo_signature",
];
/// Behind these the mail is history to its end.
const SEPARATORS: &[&str] = &["divrplyfwdmsg", "x_divrplyfwdmsg", "appendonsend", "x_appendonsend"];

pub(super) fn effect_of(tag: &StartTag<()>) -> Effect {
    let name = tag.name.as_slice();
    match name {
        b"script" | b"style" | b"title" | b"template" | b"iframe" | b"noembed" | b"noframes" | b"object" | b"svg"
        | b"select" | b"audio" | b"video" => return Effect::Hidden,
        b"includetail" => return Effect::Quoted,
        b"pre" => return Effect::Preformatted,
        _ => {}
    }
    if tag.attributes.is_empty() {
        return if name == b"blockquote" { Effect::Quoted } else { Effect::None };
    }
    let style = attribute(tag, "style").to_ascii_lowercase().replace([' ', '\t', '\n', '\r'], "");
    if tag.attributes.contains_key(b"hidden".as_slice()) || hides(&style) {
        return Effect::Hidden;
    }
    let names = format!("{} {}", attribute(tag, "class"), attribute(tag, "id")).to_ascii_lowercase();
    let named = |list: &[&str]| names.split_whitespace().any(|name| list.contains(&name));
    let ntes = names.split_whitespace().any(|name| name.starts_with("ntes_") && name.contains("quot"));
    if name == b"blockquote" {
        // Gmail and Outlook indent with a quotation that has no border: that is the customer's layout.
        let indent = style.contains("border:none") && style.contains("40px") && !names.contains("quote");
        let cited = attribute(tag, "type").eq_ignore_ascii_case("cite");
        return if indent && !cited { Effect::None } else { Effect::Quoted };
    }
    if named(HISTORY) {
        Effect::History
    } else if ntes || named(QUOTED) {
        Effect::Quoted
    } else if named(SIGNATURES) {
        Effect::Signature
    } else {
        Effect::None
    }
}

fn hides(style: &str) -> bool {
    let zero_size = |rest: &str| {
        let digits = rest.trim_start_matches(['0', '.']);
        rest.starts_with('0') && !digits.starts_with(|c: char| c.is_ascii_digit())
    };
    style.contains("display:none")
        || style.contains("visibility:hidden")
        || style.contains("mso-hide:all")
        || style.split("font-size:").skip(1).any(zero_size)
}

/// Whether the rest of the mail is history: Outlook puts no container around it.
pub(super) fn separates(tag: &StartTag<()>) -> bool {
    if tag.name.as_slice() != b"div" || tag.attributes.is_empty() {
        return false;
    }
    let id = attribute(tag, "id").to_ascii_lowercase();
    if SEPARATORS.contains(&id.as_str()) {
        return true;
    }
    let style = attribute(tag, "style").to_ascii_lowercase().replace([' ', '\n', '\r'], "");
    // Outlook for Windows: the rule above `From:`; nobody styles own words so.
    style.contains("border:none") && style.contains("border-top:solid") && style.contains("padding:3.0pt0")
}

fn attribute(tag: &StartTag<()>, name: &str) -> String {
    tag.attributes
        .get(name.as_bytes())
        .map(|value| String::from_utf8_lossy(value.get(..value.len().min(2_000)).unwrap_or(&[])).into_owned())
        .unwrap_or_default()
}
