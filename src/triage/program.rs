//! One phrase as a small automaton over tokens (Glushkov: one position per element, no backtracking), and its run
//! over one sentence. Which phrases are worth running is decided elsewhere.

use crate::triage::phrase::{Node, Phrase};
use crate::triage::words::{Class, Words};
use std::ops::Range;

/// Positions one phrase may have; keeps the cost of any single phrase bounded.
pub const LARGEST_PHRASE: usize = 1500;

/// A set of positions.
type Bits = Vec<u64>;

fn ones(bits: &[u64]) -> impl Iterator<Item = usize> {
    bits.iter().enumerate().flat_map(|(block, word)| {
        let mut left = *word;
        std::iter::from_fn(move || {
            let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(block * 64 + bit)
        })
    })
}

fn join(into: &mut [u64], more: &[u64]) {
    for (a, b) in into.iter_mut().zip(more) {
        *a |= b;
    }
}

fn has(bits: &[u64], at: usize) -> bool {
    bits.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
}

fn set(bits: &mut [u64], at: usize) {
    if let Some(word) = bits.get_mut(at / 64) {
        *word |= 1 << (at % 64);
    }
}

/// A compiled phrase.
pub struct Program {
    /// Blocks of 64 positions in every set below.
    blocks: usize,
    first: Bits,
    last: Bits,
    /// One set per position: where a match may go on.
    follow: Vec<Bits>,
    /// Positions that take any token.
    any: Bits,
    /// Which positions a class fits.
    pub masks: Vec<(Class, Bits)>,
    /// Of each entry at least one class must occur in the sentence.
    pub required: Vec<Vec<Class>>,
    at_start: bool,
    at_end: bool,
}

/// What a part of a phrase may begin and end with, and whether it may be missing.
struct Part {
    optional: bool,
    first: Bits,
    last: Bits,
}

impl Program {
    /// Compiles a phrase whose groups are resolved. `None`: it would match nothing at all, because all of it is
    /// optional.
    pub fn compile(phrase: &Phrase, size: usize, words: &mut Words) -> Option<Self> {
        let blocks = size.div_ceil(64).max(1);
        let mut program = Self {
            blocks,
            first: vec![0; blocks],
            last: vec![0; blocks],
            follow: Vec::with_capacity(size),
            any: vec![0; blocks],
            masks: Vec::new(),
            required: Vec::new(),
            at_start: phrase.at_start,
            at_end: phrase.at_end,
        };
        let whole = program.add(&phrase.node, words);
        program.required = required(&phrase.node, words);
        program.masks.sort();
        (program.first, program.last) = (whole.first, whole.last);
        (!whole.optional && !program.required.is_empty()).then_some(program)
    }

    fn add(&mut self, node: &Node, words: &mut Words) -> Part {
        match node {
            Node::OneOf(literals) => {
                let class = words.class(literals);
                let part = self.position(false);
                match self.masks.iter_mut().find(|(c, _)| *c == class) {
                    Some((_, mask)) => join(mask, &part.first),
                    None => self.masks.push((class, part.first.clone())),
                }
                part
            }
            Node::Gap(width) => {
                let parts: Vec<Part> = (0..*width).map(|_| self.position(true)).collect();
                self.chain(parts)
            }
            Node::Sequence(nodes) => {
                let parts = nodes.iter().map(|n| self.add(n, words)).collect();
                self.chain(parts)
            }
            Node::Either(nodes) => {
                let mut whole = Part { optional: false, first: vec![0; self.blocks], last: vec![0; self.blocks] };
                for node in nodes {
                    let part = self.add(node, words);
                    whole.optional |= part.optional;
                    join(&mut whole.first, &part.first);
                    join(&mut whole.last, &part.last);
                }
                whole
            }
            Node::Optional(node) => Part { optional: true, ..self.add(node, words) },
            // Resolved before; an unresolved name matches nothing.
            Node::Group(_) => self.position(false),
        }
    }

    fn position(&mut self, any: bool) -> Part {
        let at = self.follow.len();
        self.follow.push(vec![0; self.blocks]);
        let mut only = vec![0; self.blocks];
        set(&mut only, at);
        if any {
            set(&mut self.any, at);
        }
        Part { optional: any, first: only.clone(), last: only }
    }

    fn chain(&mut self, parts: Vec<Part>) -> Part {
        let mut whole = Part { optional: true, first: vec![0; self.blocks], last: vec![0; self.blocks] };
        for part in parts {
            for position in ones(&whole.last) {
                if let Some(follow) = self.follow.get_mut(position) {
                    join(follow, &part.first);
                }
            }
            if whole.optional {
                join(&mut whole.first, &part.first);
            }
            if !part.optional {
                whole.last.fill(0);
            }
            join(&mut whole.last, &part.last);
            whole.optional &= part.optional;
        }
        whole
    }

    /// Every match in a sentence of `length` tokens, leftmost first, not overlapping. `places` calls back with each
    /// token index at which a class occurs.
    pub fn run(
        &self,
        length: usize,
        places: impl Fn(Class, &mut dyn FnMut(usize)),
        scratch: &mut Scratch,
        mut found: impl FnMut(Range<usize>) -> bool,
    ) {
        let blocks = self.blocks;
        scratch.fits.clear();
        scratch.fits.resize(length * blocks, 0);
        if self.any.iter().any(|block| *block != 0) {
            scratch.fits.chunks_exact_mut(blocks).for_each(|fits| fits.copy_from_slice(&self.any));
        }
        for (class, mask) in &self.masks {
            places(*class, &mut |at| {
                if let Some(fits) = scratch.fits.get_mut(at * blocks..(at + 1) * blocks) {
                    join(fits, mask);
                }
            });
        }
        scratch.threads.clear();
        for at in 0..length {
            let Some(fits) = scratch.fits.get(at * blocks..(at + 1) * blocks) else { return };
            let may_start = self.first.iter().zip(fits).any(|(f, m)| f & m != 0);
            if scratch.threads.is_empty() && !may_start {
                continue;
            }
            scratch.seen.clear();
            scratch.seen.resize(blocks, 0);
            scratch.next.clear();
            let starts = (!self.at_start || at == 0).then_some((&self.first, at));
            let going =
                scratch.threads.iter().filter_map(|(position, start)| Some((self.follow.get(*position)?, *start)));
            let mut end_of = None;
            for (follow, start) in going.chain(starts) {
                for block in 0..blocks {
                    let (Some(f), Some(m), Some(s)) = (follow.get(block), fits.get(block), scratch.seen.get_mut(block))
                    else {
                        continue;
                    };
                    let fresh = f & m & !*s;
                    *s |= fresh;
                    scratch.steps += 1;
                    for bit in ones(&[fresh]) {
                        let position = block * 64 + bit;
                        scratch.next.push((position, start));
                        if end_of.is_none() && has(&self.last, position) && (!self.at_end || at + 1 == length) {
                            end_of = Some(start);
                        }
                    }
                }
            }
            std::mem::swap(&mut scratch.threads, &mut scratch.next);
            if let Some(start) = end_of {
                scratch.threads.clear();
                if !found(start..at + 1) {
                    return;
                }
            }
        }
    }
}

/// Memory that runs share, and a count of the work done.
#[derive(Default)]
pub struct Scratch {
    fits: Vec<u64>,
    threads: Vec<(usize, usize)>,
    next: Vec<(usize, usize)>,
    seen: Vec<u64>,
    pub steps: u64,
}

/// Of each entry a sentence must hold at least one class, or the phrase cannot match in it.
fn required(node: &Node, words: &mut Words) -> Vec<Vec<Class>> {
    match node {
        Node::OneOf(literals) => vec![vec![words.class(literals)]],
        Node::Sequence(parts) => parts.iter().flat_map(|part| required(part, words)).collect(),
        Node::Either(branches) => {
            let mut one_of = Vec::new();
            for branch in branches {
                // The smallest demand of each branch; a branch without any makes the whole undemanding.
                match required(branch, words).into_iter().min_by_key(Vec::len) {
                    Some(classes) => one_of.extend(classes),
                    None => return Vec::new(),
                }
            }
            one_of.sort_unstable();
            one_of.dedup();
            vec![one_of]
        }
        Node::Gap(_) | Node::Optional(_) | Node::Group(_) => Vec::new(),
    }
}
