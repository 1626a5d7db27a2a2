//! Sets of UIDs as IMAP writes them: `1:5,7` (RFC 9051 section 9, sequence-set). It sends nothing.

/// A command line stays well under the 8,000 bytes that RFC 7162 section 4 asks servers to take.
const LONGEST: usize = 7_500;

/// Ascending, without repeats, as ranges, in as many sets as the longest line asks for. A range never covers a
/// UID that was not asked for.
pub(super) fn sets(uids: &[u32]) -> Vec<String> {
    let mut sorted = uids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut sets: Vec<String> = Vec::new();
    let mut run: Option<(u32, u32)> = None;
    for uid in sorted {
        run = match run {
            Some((first, last)) if last.checked_add(1) == Some(uid) => Some((first, uid)),
            Some(done) => {
                push(&mut sets, done);
                Some((uid, uid))
            }
            None => Some((uid, uid)),
        };
    }
    if let Some(done) = run {
        push(&mut sets, done);
    }
    sets
}

fn push(sets: &mut Vec<String>, (first, last): (u32, u32)) {
    let item = if first == last { first.to_string() } else { format!("{first}:{last}") };
    match sets.last_mut() {
        Some(set) if set.len() + 1 + item.len() <= LONGEST => {
            set.push(',');
            set.push_str(&item);
        }
        _ => sets.push(item),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_become_ranges() {
        assert_eq!(sets(&[7, 1, 2, 3, 5, 4, 3]), ["1:5,7"]);
        assert_eq!(sets(&[u32::MAX, u32::MAX - 1]), ["4294967294:4294967295"]);
        assert!(sets(&[]).is_empty());
    }

    #[test]
    fn long_sets_are_split_and_nothing_is_lost() {
        let odd: Vec<u32> = (0..5_000).map(|n| 1_000_000 + n * 2).collect();
        let split = sets(&odd);
        assert!(split.len() > 1 && split.iter().all(|set| set.len() <= LONGEST));
        let all: Vec<u32> = split.iter().flat_map(|set| set.split(',')).map(|uid| uid.parse().unwrap()).collect();
        assert_eq!(all, odd);
    }
}
