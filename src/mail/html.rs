//! HTML to the lines that a reader sees, each marked as own, quoted or signature; linear, never recursive.
//! It builds no tree, follows no links, and does not decide what becomes of a quotation.

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

use super::clean::{Line, Mark};
use super::html_marks::{Effect, block, effect_of, separates, unseen, void};

/// How far back an end tag looks for its start tag; markup that nests deeper only loses its marks.
const LOOK_BACK: usize = 64;
const MOST_OPEN: usize = 4_096;
const MOST_LINES: usize = 20_000;

/// An open element that changes how its content is read.
struct Open {
    name: Vec<u8>,
    /// Elements of the same name opened inside it and not yet closed.
    inner: u32,
    effect: Effect,
    /// A history container whose first quotation has begun: what stands behind that is an answer.
    spent: bool,
}

#[derive(Default)]
struct Writer {
    lines: Vec<Line>,
    line: String,
    mark: Mark,
    space: bool,
    open: Vec<Open>,
    hidden: u32,
    quoted: u32,
    signature: u32,
    preformatted: u32,
    /// All that follows is history.
    tail: bool,
}

pub(super) fn html_lines(html: &str) -> Vec<Line> {
    let mut emitter = DefaultEmitter::default();
    // Style sheets, scripts and titles hold no markup.
    emitter.naively_switch_states(true);
    let mut writer = Writer::default();
    for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
        match token {
            Token::StartTag(tag) => writer.start(&tag),
            Token::EndTag(tag) => writer.end(&tag.name),
            Token::String(text) => writer.text(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
        if writer.lines.len() > MOST_LINES {
            break;
        }
    }
    writer.flush();
    writer.lines
}

impl Writer {
    fn start(&mut self, tag: &StartTag<()>) {
        let name = tag.name.as_slice();
        if name == b"br" {
            self.break_line();
            return;
        }
        if name == b"img" || void(name) {
            if name == b"hr" {
                self.flush();
            }
            return;
        }
        if block(name) {
            self.flush();
            // HTML closes an open paragraph where a block begins, written or not.
            if self.open.last().is_some_and(|open| open.name == b"p") {
                self.close_last();
            }
            if matches!(name, b"p" | b"h1" | b"h2" | b"h3" | b"h4" | b"ul" | b"ol" | b"table" | b"blockquote") {
                self.blank();
            }
        }
        match name {
            b"li" => {
                self.text("-");
                self.space = true;
            }
            b"td" | b"th" => self.space = true,
            _ => {}
        }
        self.tail |= separates(tag);
        let effect = effect_of(tag);
        let same = self.open.iter_mut().rev().take(LOOK_BACK).find(|open| open.name == name);
        if effect == Effect::None {
            if let Some(open) = same {
                open.inner += 1;
            }
        } else if self.open.len() < MOST_OPEN {
            self.apply(effect);
            self.open.push(Open { name: name.to_vec(), inner: 0, effect, spent: false });
        }
    }

    fn apply(&mut self, effect: Effect) {
        match effect {
            Effect::Hidden => self.hidden += 1,
            Effect::Quoted => {
                for open in self.open.iter_mut().rev().take(LOOK_BACK) {
                    if open.effect == Effect::History && !open.spent {
                        open.spent = true;
                        self.quoted = self.quoted.saturating_sub(1);
                    }
                }
                self.quoted += 1;
            }
            Effect::History => self.quoted += 1,
            Effect::Signature => self.signature += 1,
            Effect::Preformatted => self.preformatted += 1,
            Effect::None => {}
        }
    }

    fn end(&mut self, name: &[u8]) {
        if block(name) {
            self.flush();
            if name == b"p" {
                self.blank();
            }
        }
        let Some(back) = self.open.iter().rev().take(LOOK_BACK).position(|open| open.name == name) else { return };
        let at = self.open.len() - 1 - back;
        match self.open.get_mut(at) {
            Some(open) if open.inner > 0 => open.inner -= 1,
            _ => {
                while self.open.len() > at {
                    self.close_last();
                }
            }
        }
    }

    fn close_last(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let count = match open.effect {
            Effect::Hidden => &mut self.hidden,
            Effect::Quoted => &mut self.quoted,
            Effect::History if !open.spent => &mut self.quoted,
            Effect::Signature => &mut self.signature,
            Effect::Preformatted => &mut self.preformatted,
            Effect::History | Effect::None => return,
        };
        *count = count.saturating_sub(1);
    }

    fn text(&mut self, text: &str) {
        if self.hidden > 0 {
            return;
        }
        let mark = match (self.tail || self.quoted > 0, self.signature > 0) {
            (true, _) => Mark::Quoted,
            (false, true) => Mark::Signature,
            (false, false) => Mark::Own,
        };
        for c in text.chars().filter(|&c| !unseen(c)) {
            if self.preformatted > 0 && c == '\n' {
                self.break_line();
            } else if c.is_whitespace() {
                self.space = true;
            } else {
                if mark != self.mark {
                    self.flush();
                    self.mark = mark;
                }
                if self.space && !self.line.is_empty() {
                    self.line.push(' ');
                }
                self.space = false;
                self.line.push(c);
            }
        }
    }

    /// Ends the line if anything stands on it.
    fn flush(&mut self) {
        self.space = false;
        if !self.line.is_empty() {
            self.lines.push(Line { text: std::mem::take(&mut self.line), mark: self.mark });
        }
    }

    fn break_line(&mut self) {
        if self.hidden > 0 {
            return;
        }
        if self.line.is_empty() {
            self.blank_always();
        }
        self.flush();
    }

    /// A blank line, unless there is one.
    fn blank(&mut self) {
        if self.hidden == 0 && self.lines.last().is_some_and(|line| !line.text.is_empty()) {
            self.blank_always();
        }
    }

    fn blank_always(&mut self) {
        self.lines.push(Line { text: String::new(), mark: Mark::Own });
    }
}

#[cfg(test)]
#[path = "html_tests.rs"]
mod tests;
