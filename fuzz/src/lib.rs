//! What the fuzz targets hold `imap-proto-lite` against.

#[path = "../../imap-proto-lite/tests/commands/reader.rs"]
pub mod command_reader;
pub mod framing;
pub mod walk;
#[path = "../../imap-proto-lite/tests/commands/wish/mod.rs"]
pub mod wish;
