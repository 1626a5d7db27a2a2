//! One phrase as a small automaton over tokens (Glushkov: one position per element, no backtracking).
//! Running it is in `run.rs`; which phrases are worth running is decided elsewhere.

use crate::triage::phrase::{Node, Phrase};
use crate::triage::words::{Class, Words};

/// Positions one phrase may have; keeps the cost of any single phrase bounded.
pub const LARGEST_PHRASE: usize = 1500;

/// A set of positions.
type Bits = Vec<u64>;

pub fn ones(bits: &[u64]) -> impl Iterator<Item = usize> {
    bits.iter().enumerate().flat_map(|(block, word)| {
        let mut left = *word;
        std::iter::from_fn(move || {
            let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(block * 64 + bit)
        })
    })
}

pub fn join(into: &mut [u64], more: &[u64]) {
    for (a, b) in into.iter_mut().zip(more) {
        *a |= b;
    }
}

pub fn has(bits: &[u64], at: usize) -> bool {
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
    pub blocks: usize,
    pub first: Bits,
    pub last: Bits,
    /// One set per position, one behind the other: where a match may go on.
    pub follow: Bits,
    /// Positions that take any token.
    pub any: Bits,
    /// Which positions a class fits.
    pub masks: Vec<(Class, Bits)>,
    /// Of each entry at least one class must occur in the sentence.
    pub required: Vec<Vec<Class>>,
    pub at_start: bool,
    pub at_end: bool,
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
            follow: Vec::with_capacity(size * blocks),
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
        let at = self.follow.len() / self.blocks;
        self.follow.resize(self.follow.len() + self.blocks, 0);
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
                let start = position * self.blocks;
                if let Some(follow) = self.follow.get_mut(start..start + self.blocks) {
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
