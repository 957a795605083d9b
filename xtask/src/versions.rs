//! Every version that set-up installs, in one place. The npm packages (binaryen, Playwright, axe-core) are
//! pinned in `end2end/package.json`, the crates in `Cargo.toml`.

/// Builds the WASM and the server and puts both together.
pub(crate) const CARGO_LEPTOS: &str = "0.3.11";

/// Must equal the `wasm-bindgen` crate to the last digit; `cargo xtask tidy` compares it with `Cargo.lock`.
pub(crate) const WASM_BINDGEN: &str = "0.2.130";

/// The oldest Node that Playwright runs on (major version).
pub(crate) const NODE: u32 = 20;

/// The oldest `PostgreSQL` that the product supports (major version).
pub(crate) const POSTGRES: u32 = 15;

/// Debian's newer Rust, for machines where rustup cannot fetch the WASM target.
pub(crate) const DEBIAN_RUST: &[&str] =
    &["rustc-web", "cargo-web", "rust-web-src", "rustfmt-web", "rust-web-clippy", "lld-22"];

/// The linker that comes with [`DEBIAN_RUST`].
pub(crate) const DEBIAN_WASM_LINKER: &str = "wasm-ld-22";
