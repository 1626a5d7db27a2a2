//! Rebuilds when a file changes that is embedded in the binary.

fn main() {
    for folder in ["src/ledger/migrations", "patterns", "templates", "samples"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
