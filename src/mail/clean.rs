//! Sorts the lines of a mail: what was written now, what is quoted, what is passed on, what is a signature.
//! It knows nothing of HTML or of bytes, and never drops a line: each ends in one of the four.

use super::history::{Label, Separator, attribution, header_block, is_certain, label, opens_attribution, separator};
use super::signature::kept_lines;

/// What the reader of the part already knows of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Mark {
    #[default]
    Own,
    Quoted,
    Signature,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub text: String,
    pub mark: Mark,
}

/// What the headers say of the mail.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Context {
    pub forwards: bool,
    /// `Re:`, `In-Reply-To` or `References`.
    pub answers: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cleaned {
    pub own: String,
    pub quoted: String,
    pub forwarded: String,
    pub signature: String,
}

/// Lines of a text/plain part; `>` marks a quotation (RFC 3676 section 4.5).
pub(super) fn plain_lines(text: &str) -> Vec<Line> {
    text.lines()
        .map(|line| {
            let bare = line.trim_start_matches([' ', '\u{a0}']);
            // `>> Click here <<`, `->` and `>_<` are not quotations; `> ` and `>` alone and `>>>` are.
            let depth = bare.chars().take_while(|&c| c == '>' || c == ' ').filter(|&c| c == '>').count();
            let face = bare.strip_prefix('>').is_some_and(|rest| rest.starts_with(['_', '.', ':', ';', '<']));
            let framed = bare.starts_with(">>") && bare.trim_end().ends_with("<<");
            if depth == 0 || face || framed || line.len() - bare.len() > 3 {
                return Line { text: line.trim_end_matches(['\r']).to_owned(), mark: Mark::Own };
            }
            Line { text: bare.trim_start_matches(['>', ' ']).trim_end().to_owned(), mark: Mark::Quoted }
        })
        .collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bin {
    Own,
    Quoted,
    Forwarded,
    Signature,
}

pub(super) fn clean(lines: &[Line], context: Context) -> Cleaned {
    let mut bins = sort(lines, context);
    cut_signatures(lines, &mut bins);
    let mut cleaned = gather(lines, &bins);
    if cleaned.own.is_empty() && !cleaned.forwarded.is_empty() {
        // Nothing of the sender's own: what is passed on is what they want to say.
        cleaned.own.clone_from(&cleaned.forwarded);
    } else if cleaned.own.is_empty() && cleaned.quoted.is_empty() && lines.iter().any(|l| l.mark == Mark::Signature) {
        // Somebody typed into the box that holds the signature.
        for (bin, line) in bins.iter_mut().zip(lines) {
            if line.mark == Mark::Signature {
                *bin = Bin::Own;
            }
        }
        cleaned = gather(lines, &bins);
    }
    cleaned
}

fn sort(lines: &[Line], context: Context) -> Vec<Bin> {
    let mut bins = Vec::with_capacity(lines.len());
    // To the end of the mail all lines belong here.
    let mut tail: Option<Bin> = None;
    let mut forward_announced = false;
    let mut written = false;
    // A mail that answers nothing and begins with an older one passes that on, whatever its subject.
    let older = |written: bool| {
        if context.forwards || !context.answers && !written { Bin::Forwarded } else { Bin::Quoted }
    };
    while let Some(line) = lines.get(bins.len()) {
        let at = bins.len();
        if let Some(tail) = tail {
            bins.push(if line.mark == Mark::Signature { Bin::Signature } else { tail });
            continue;
        }
        let rest = lines.get(at..).unwrap_or(&[]);
        if line.mark == Mark::Signature {
            bins.push(Bin::Signature);
            continue;
        }
        if line.mark == Mark::Own && is_blank(line) {
            bins.push(Bin::Own);
            continue;
        }
        if line.mark == Mark::Quoted {
            let run = quoted_run(rest);
            let first = rest.iter().find(|line| !is_blank(line));
            let headed = first.is_some_and(|line| label(&line.text) == Some(Label::From));
            let announced = first.is_some_and(|line| separator(&line.text) == Some(Separator::Forward));
            if announced {
                // The program wrapped the forward whole; nobody writes below it.
                skip_header(rest, &mut bins, 1);
                tail = Some(Bin::Forwarded);
            } else if forward_announced || context.forwards && headed {
                let header = if headed { header_block(rest.iter().map(|l| l.text.as_str())) } else { 0 };
                bins.extend(std::iter::repeat_n(Bin::Quoted, header.min(run)));
                bins.extend(std::iter::repeat_n(Bin::Forwarded, run.saturating_sub(header)));
                forward_announced = false;
            } else {
                let pasted = !context.answers && !context.forwards && is_pasted(lines, at, run);
                bins.extend(std::iter::repeat_n(if pasted { Bin::Own } else { Bin::Quoted }, run));
            }
            continue;
        }
        let quotes_follow = |skip: usize| {
            rest.iter().skip(skip).find(|line| !is_blank(line)).is_some_and(|line| line.mark == Mark::Quoted)
        };
        match separator(&line.text) {
            Some(Separator::Forward) if quotes_follow(1) => {
                forward_announced = true;
                bins.push(Bin::Quoted);
                continue;
            }
            Some(Separator::Forward) => {
                skip_header(rest, &mut bins, 1);
                tail = Some(Bin::Forwarded);
                continue;
            }
            Some(Separator::Original) if quotes_follow(1) => {
                bins.push(Bin::Quoted);
                continue;
            }
            Some(Separator::Original) => {
                skip_header(rest, &mut bins, 1);
                tail = Some(older(written));
                continue;
            }
            Some(Separator::ReplyAbove) => {
                bins.push(Bin::Quoted);
                tail = written.then_some(Bin::Quoted);
                continue;
            }
            None => {}
        }
        if is_rule(&line.text) {
            // Outlook draws a line above its header block.
            let blank = rest.iter().skip(1).take_while(|line| is_blank(line)).count();
            if header_block(rest.iter().skip(1 + blank).map(|line| line.text.as_str())) > 0 {
                bins.extend(std::iter::repeat_n(Bin::Quoted, 1 + blank));
                continue;
            }
        }
        if header_block(rest.iter().take_while(|l| l.mark == Mark::Own).map(|l| l.text.as_str())) > 0 {
            skip_header(rest, &mut bins, 0);
            tail = Some(older(written));
            continue;
        }
        let introduction = attribution_lines(rest);
        if introduction > 0 {
            let marked = quotes_follow(introduction);
            let words = rest.iter().take(introduction).map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ");
            // Without marks, only what surely is an attribution makes history of all that follows: customers too
            // write `On Monday your bot wrote:`.
            if marked || is_certain(&words) && (written || context.answers) {
                bins.extend(std::iter::repeat_n(Bin::Quoted, introduction));
                tail = (!marked).then_some(Bin::Quoted);
                continue;
            }
        }
        written = true;
        bins.push(Bin::Own);
    }
    bins
}

fn is_rule(text: &str) -> bool {
    let text = text.trim();
    text.len() >= 5 && text.chars().all(|c| matches!(c, '_' | '-' | '=' | '*' | '─'))
}

fn is_blank(line: &Line) -> bool {
    line.text.trim().is_empty()
}

/// A separator's lines, blank lines and the header block below it are nobody's words.
fn skip_header(rest: &[Line], bins: &mut Vec<Bin>, separators: usize) {
    let blank = rest.iter().skip(separators).take_while(|line| is_blank(line)).count();
    let block = header_block(rest.iter().skip(separators + blank).map(|line| line.text.as_str()));
    let header = match block {
        0 => rest.iter().skip(separators + blank).take_while(|line| label(&line.text).is_some()).count(),
        lines => lines,
    };
    bins.extend(std::iter::repeat_n(Bin::Quoted, separators + blank + header));
}

/// How many lines a quotation takes; blank lines between quoted ones belong to it.
fn quoted_run(rest: &[Line]) -> usize {
    let mut end = 0;
    for (at, line) in rest.iter().enumerate() {
        match line.mark {
            Mark::Quoted => end = at + 1,
            Mark::Own if is_blank(line) => {}
            _ => break,
        }
    }
    end
}

/// A few quoted lines right behind a colon, in a mail that answers nothing: an error message, pasted.
fn is_pasted(lines: &[Line], at: usize, run: usize) -> bool {
    let before = lines.get(..at).unwrap_or(&[]).iter().rev().find(|line| !is_blank(line));
    run <= 4
        && before.is_some_and(|line| {
            line.mark == Mark::Own && line.text.trim_end().ends_with([':', '：']) && !attribution(&line.text)
        })
}

/// How many lines an attribution takes: programs wrap it over two or three.
fn attribution_lines(rest: &[Line]) -> usize {
    let Some(first) = rest.first() else { return 0 };
    if attribution(&first.text) {
        return 1;
    }
    if first.text.trim_end().ends_with(['.', '?', '!', '。']) || !opens_attribution(&first.text) {
        return 0;
    }
    let mut joined = first.text.clone();
    for (at, line) in rest.iter().enumerate().skip(1).take(2) {
        if is_blank(line) || line.mark != Mark::Own {
            return 0;
        }
        joined.push(' ');
        joined.push_str(line.text.trim());
        if attribution(&joined) {
            return at + 1;
        }
    }
    0
}

/// Signatures end every stretch of own lines, not only the last: history follows them in most mails.
fn cut_signatures(lines: &[Line], bins: &mut [Bin]) {
    let mut start = 0;
    let mut above = false;
    while start < bins.len() {
        let own = |bin: &Bin| *bin == Bin::Own;
        let len = bins.get(start..).unwrap_or(&[]).iter().take_while(|bin| own(bin)).count();
        let stretch: Vec<&str> =
            lines.get(start..start + len).unwrap_or(&[]).iter().map(|line| line.text.as_str()).collect();
        let keep = kept_lines(&stretch, above);
        above |= keep > 0;
        for bin in bins.iter_mut().take(start + len).skip(start + keep) {
            *bin = Bin::Signature;
        }
        start += len.max(1);
    }
}

fn gather(lines: &[Line], bins: &[Bin]) -> Cleaned {
    let of = |wanted: Bin| {
        let mut text = String::new();
        let mut previous = None;
        for (at, (line, _)) in lines.iter().zip(bins).enumerate().filter(|(_, (_, bin))| **bin == wanted) {
            // A gap where something was cut out is a paragraph's end.
            if previous.is_some_and(|previous| previous + 1 < at) {
                text.push('\n');
            }
            text.push_str(&line.text);
            text.push('\n');
            previous = Some(at);
        }
        tidy(&text)
    };
    Cleaned { own: of(Bin::Own), quoted: of(Bin::Quoted), forwarded: of(Bin::Forwarded), signature: of(Bin::Signature) }
}

/// Trailing blanks go, and of more than two blank lines the rest.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = 0;
    for line in text.lines() {
        let line = line.trim_end();
        if line.is_empty() {
            blank += 1;
            continue;
        }
        if !out.is_empty() {
            (0..=blank.min(2)).for_each(|_| out.push('\n'));
        }
        blank = 0;
        out.push_str(line);
    }
    out
}

#[cfg(test)]
#[path = "clean_tests.rs"]
mod tests;
