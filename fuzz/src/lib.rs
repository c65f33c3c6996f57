//! What the fuzz targets hold `imap-proto-lite` against.

pub mod command_reader;
pub mod framing;
pub mod walk;
