//! What the fuzz targets hold `imap-proto-lite` against.

#[path = "../../imap-proto-lite/tests/commands/reader.rs"]
pub mod command_reader;
pub mod framing;
pub mod known_differences;
pub mod model;
pub mod ours;
pub mod readings;
pub mod server_writer;
pub mod theirs;
pub mod walk;
#[path = "../../imap-proto-lite/tests/commands/wish/mod.rs"]
pub mod wish;
pub mod words;
