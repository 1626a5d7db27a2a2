//! Gives each post office a block of loopback ports that no other one takes, in this process or another.
//!
//! The first port of a block stays bound as long as the block is in use: that is the lock, and the kernel opens it
//! again however the test ends. The range lies below the ports that outgoing connections take, so that a server
//! finds its ports free again after a restart.

use std::net::{Ipv4Addr, TcpListener};
use std::process;
use std::sync::atomic::{AtomicU16, Ordering};

const FIRST: u16 = 16_000;
const BLOCKS: u16 = 2_000;
const BLOCK: u16 = 8;

static TAKEN: AtomicU16 = AtomicU16::new(0);

pub struct Ports {
    lock: TcpListener,
    first: u16,
}

impl Ports {
    /// Takes a free block, starting the search at a place that differs from process to process.
    pub fn take() -> Self {
        let start = u16::try_from(process::id() * 7 % u32::from(BLOCKS)).expect("smaller than BLOCKS");
        for step in 0..BLOCKS {
            let block = (start + TAKEN.fetch_add(1, Ordering::Relaxed) % BLOCKS + step) % BLOCKS;
            let first = FIRST + block * BLOCK;
            let Ok(lock) = TcpListener::bind((Ipv4Addr::LOCALHOST, first)) else { continue };
            if (first + 1..first + BLOCK).all(is_free) {
                return Self { lock, first };
            }
        }
        panic!("no {BLOCK} free ports in a row from {FIRST} on");
    }

    /// The `nth` port of the block, counted from 1.
    pub fn port(&self, nth: u16) -> u16 {
        assert!((1..BLOCK).contains(&nth), "a block has {BLOCK} ports, the first is the lock");
        self.first + nth
    }
}

pub fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}
