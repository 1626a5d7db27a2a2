//! HTML as mail programs write it, and as attackers do.
//! What becomes of the marked lines is tested where they are sorted.

use super::*;
use crate::mail::clean::{Cleaned, Context, clean};

fn of(html: &str) -> Cleaned {
    clean(&html_lines(html), Context { answers: true, forwards: false })
}

#[test]
fn hidden_text_is_not_read() {
    let html = "<html><head><title>T</title><style>p{x}</style></head><body>a<span style='display: none'>b<span>c</span></span>\
        <p hidden>d</p><div style='font-size:0px'>e</div><script>f()</script><i style='mso-hide:all'>g</i>\
        <span style='font-size:0.9em'>h</span>";
    assert_eq!(of(html).own, "a\n\nh");
}

#[test]
fn blocks_cells_and_lists_keep_their_borders() {
    let html = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table><ul><li>x<li>y</ul>\
        <p>one &amp;&nbsp;&ldquo;two&rdquo;</p>\n<div>three<br>four</div><div><br></div>five";
    assert_eq!(of(html).own, "a b\nc\n\n- x\n- y\n\none & “two”\n\nthree\nfour\n\nfive");
}

#[test]
fn history_of_many_programs_is_quoted() {
    let histories = [
        "<div class=\"gmail_quote\"><div class=\"gmail_attr\">On x wrote:<br></div><blockquote class=\"gmail_quote\">old</blockquote></div>",
        "<div class=\"gmail_quote\">On Mon wrote: old</div>",
        "<div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\"><b>From:</b> A</div><div>old</div>",
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p><b>Od:</b> A</p></div><p>old</p>",
        "<div class=\"yahoo_quoted\"><div>old</div></div>",
        "<div class=\"moz-cite-prefix\">On x wrote:</div><blockquote type=\"cite\"><p>old</p></blockquote>",
        "<div class=\"protonmail_quote\">On x wrote:<blockquote class=\"protonmail_quote\">old</blockquote></div>",
        "<includetail><div>old</div></includetail>",
        "<blockquote id=\"isReplyContent\"><div>old</div></blockquote>",
        "<p>-----Original Message-----<br><b>From:</b> A<br><b>To:</b> B<br><b>Sent:</b> x<br><b>Subject:</b> y</p><p>old</p>",
    ];
    for history in histories {
        let cleaned = of(&format!("<div>No, still failing.</div><div class=\"gmail_signature\">Jo</div>{history}"));
        assert_eq!(cleaned.own, "No, still failing.", "{history}");
        assert!(cleaned.quoted.contains("old"), "{history}");
        assert_eq!(cleaned.signature, "Jo", "{history}");
    }
}

#[test]
fn answers_inside_the_history_stay() {
    let html = "<div class=\"gmail_quote\"><div class=\"gmail_attr\">On x wrote:</div><blockquote>one</blockquote>\
        <div>my answer</div><blockquote>two</blockquote></div>";
    assert_eq!(of(html).own, "my answer");
    assert_eq!(
        of("<blockquote style=\"margin:0 0 0 40px;border:none;padding:0px\">error 504</blockquote>").own,
        "error 504"
    );
}

#[test]
fn a_gmail_forward_is_passed_on() {
    let html = "<div class=\"gmail_quote\"><div class=\"gmail_attr\">---------- Forwarded message ---------<br>From: A &lt;a@b&gt;<br>\
        Date: Mon<br>Subject: x<br>To: c<br></div><br><div>Card declined.</div></div>";
    let cleaned = clean(&html_lines(html), Context { answers: false, forwards: true });
    assert_eq!((cleaned.own.as_str(), cleaned.forwarded.as_str()), ("Card declined.", "Card declined."));
}

#[test]
fn hostile_nesting_is_quick() {
    let html = ["<div class=gmail_quote>", "<blockquote>", "<span hidden>"].concat().repeat(20_000);
    assert!(html_lines(&html).is_empty());
    assert!(!html_lines(&"<div>a".repeat(50_000)).is_empty());
    html_lines(&"<p style=display:none".repeat(20_000));
}
