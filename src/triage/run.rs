//! Runs a compiled phrase over one sentence: all threads at once, in linear time whatever the text.

use crate::triage::concordance::{Concordance, Here};
use crate::triage::program::{Program, has, join, ones};
use std::ops::Range;

/// Memory that runs share, and a count of the work done.
#[derive(Default)]
pub struct Scratch {
    /// Per token of the sentence: the positions it fits.
    fits: Vec<u64>,
    /// Position, and the token its match began at; earliest first.
    threads: Vec<(u32, u32)>,
    next: Vec<(u32, u32)>,
    seen: Vec<u64>,
    /// The classes of the phrase at hand that occur: their sentences, their row, and which mask of the phrase it is.
    present: Vec<(u64, usize, usize)>,
    pub steps: u64,
}

impl Program {
    /// Every match in a sentence, leftmost first, not overlapping, until `found` says false.
    ///
    /// [`Program::prepare`] must have seen the block of sentences before.
    pub fn run(&self, here: &Here<'_>, scratch: &mut Scratch, mut found: impl FnMut(Range<usize>) -> bool) {
        let (blocks, length) = (self.blocks, here.len());
        self.fit(here, &scratch.present, &mut scratch.fits);
        scratch.threads.clear();
        for (at, fits) in scratch.fits.chunks_exact(blocks).enumerate() {
            let may_start =
                (!self.at_start || at == 0) && self.first.iter().zip(fits).any(|(first, fits)| first & fits != 0);
            if scratch.threads.is_empty() && !may_start {
                continue;
            }
            scratch.seen.clear();
            scratch.seen.resize(blocks, 0);
            scratch.next.clear();
            let may_end = !self.at_end || at + 1 == length;
            let mut end_of = None;
            let starts = may_start.then_some((self.first.as_slice(), at as u32));
            let going = scratch.threads.iter().filter_map(|(position, start)| Some((self.follow(*position)?, *start)));
            for (follow, start) in going.chain(starts) {
                scratch.steps += blocks as u64;
                for (block, ((follow, fits), seen)) in follow.iter().zip(fits).zip(&mut scratch.seen).enumerate() {
                    let fresh = follow & fits & !*seen;
                    *seen |= fresh;
                    for bit in ones(&[fresh]) {
                        let position = block * 64 + bit;
                        scratch.next.push((position as u32, start));
                        if end_of.is_none() && may_end && has(&self.last, position) {
                            end_of = Some(start as usize);
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

    /// Finds which classes occur in the sentences `wanted` of a block at all: for many sentences that is done once.
    pub fn prepare(&self, concordance: &Concordance, block: usize, wanted: u64, scratch: &mut Scratch) {
        scratch.present.clear();
        for (mask, (class, _)) in self.masks.iter().enumerate() {
            if let Some((row, sentences)) = concordance.row(*class, block)
                && sentences & wanted != 0
            {
                scratch.present.push((sentences, row, mask));
            }
        }
    }

    /// Which positions each token of the sentence fits.
    fn fit(&self, here: &Here<'_>, present: &[(u64, usize, usize)], fits: &mut Vec<u64>) {
        let blocks = self.blocks;
        fits.clear();
        fits.resize(here.len() * blocks, 0);
        if self.any.iter().any(|block| *block != 0) {
            fits.chunks_exact_mut(blocks).for_each(|fits| fits.copy_from_slice(&self.any));
        }
        for (sentences, row, mask) in present {
            let Some((_, mask)) = self.masks.get(*mask).filter(|_| here.is_in(*sentences)) else { continue };
            here.each(*row, |at| {
                if let Some(fits) = fits.get_mut(at * blocks..(at + 1) * blocks) {
                    join(fits, mask);
                }
            });
        }
    }

    fn follow(&self, position: u32) -> Option<&[u64]> {
        let start = position as usize * self.blocks;
        self.follow.get(start..start + self.blocks)
    }
}
