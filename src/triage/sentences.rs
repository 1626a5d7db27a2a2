//! Rows of sets of sentences, one bit for each sentence of the mail.

#[derive(Clone, Default)]
pub struct Sentences {
    blocks: usize,
    bits: Vec<u64>,
}

impl Sentences {
    /// No row yet; each will hold `sentences` bits.
    pub fn new(sentences: usize) -> Self {
        Self { blocks: sentences.div_ceil(64), bits: Vec::new() }
    }

    /// This many empty rows.
    pub fn rows(sentences: usize, rows: usize) -> Self {
        let blocks = sentences.div_ceil(64);
        Self { blocks, bits: vec![0; blocks * rows] }
    }

    pub fn push_empty(&mut self) {
        self.bits.resize(self.bits.len() + self.blocks, 0);
    }

    pub fn of(&self, row: usize) -> &[u64] {
        self.bits.get(row * self.blocks..(row + 1) * self.blocks).unwrap_or_default()
    }

    pub fn block(&self, row: usize, block: usize) -> u64 {
        self.bits.get(row * self.blocks + block).copied().unwrap_or_default()
    }

    pub fn contains(&self, row: usize, sentence: usize) -> bool {
        self.block(row, sentence / 64) >> (sentence % 64) & 1 == 1
    }

    pub fn any(&self, row: usize) -> bool {
        self.of(row).iter().any(|block| *block != 0)
    }

    pub fn insert(&mut self, row: usize, sentence: usize) {
        if let Some(block) = self.bits.get_mut(row * self.blocks + sentence / 64) {
            *block |= 1 << (sentence % 64);
        }
    }

    pub fn remove(&mut self, row: usize, sentence: usize) {
        if let Some(block) = self.bits.get_mut(row * self.blocks + sentence / 64) {
            *block &= !(1 << (sentence % 64));
        }
    }

    pub fn join(&mut self, row: usize, more: &[u64]) {
        for (at, block) in more.iter().enumerate() {
            if let Some(own) = self.bits.get_mut(row * self.blocks + at) {
                *own |= block;
            }
        }
    }
}
