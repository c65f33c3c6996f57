//! What the user types, and what the program answers with.

mod args;
mod check;
mod compression;
mod duration;
mod exit;
mod ledger;
mod logging;
mod run;

pub use args::Arguments;
pub use exit::Exit;
pub use run::main_with;
