//! Many short lists of numbers in one piece of memory: judging walks thousands of them for each mail.

#[derive(Default)]
pub struct Lists {
    /// Where each list ends in `items`.
    ends: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    pub fn new(lists: Vec<Vec<u32>>) -> Self {
        let mut all = Self::default();
        for list in lists {
            all.items.extend(list);
            all.ends.push(all.items.len() as u32);
        }
        all
    }

    /// Empty for numbers that have no list.
    pub fn of(&self, at: u32) -> &[u32] {
        let start = if at == 0 { Some(0) } else { self.ends.get(at as usize - 1).copied() };
        let end = self.ends.get(at as usize).copied();
        let range = start.zip(end).map(|(start, end)| start as usize..end as usize);
        range.and_then(|range| self.items.get(range)).unwrap_or_default()
    }
}
