//! Notices when files come into a Maildir, by the operating system's word. What came is for the listing to say.

use std::path::Path;
use std::sync::Arc;

use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::Notify;

#[derive(Debug)]
pub(super) struct Watch {
    news: Arc<Notify>,
    /// Watches as long as it lives.
    _watcher: RecommendedWatcher,
}

impl Watch {
    pub fn start(root: &Path) -> notify::Result<Self> {
        let news = Arc::new(Notify::new());
        let told = news.clone();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            // An error (such as an overflow of the queue) may hide news.
            if event.map_or(true, |event| event.need_rescan() || is_arrival(event.kind)) {
                told.notify_one();
            }
        })?;
        for part in ["new", "cur"] {
            watcher.watch(&root.join(part), RecursiveMode::NonRecursive)?;
        }
        Ok(Self { news, _watcher: watcher })
    }

    /// Comes back once something arrived since the last [`Watch::forget`].
    pub async fn news(&self) {
        self.news.notified().await;
    }

    /// Before a listing: what arrived until now will be in it.
    pub fn forget(&self) {
        use futures_util::FutureExt;
        let _ = self.news.notified().now_or_never();
    }
}

/// Delivery renames or links a file into `new`; mail programs rename within `cur`; people copy, and the file is whole
/// when it is closed. Our own filing takes away only.
fn is_arrival(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Create(_)
            | EventKind::Access(AccessKind::Close(AccessMode::Write))
            | EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both | RenameMode::Any))
    )
}
