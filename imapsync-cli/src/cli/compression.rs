//! The options about compression.

use clap::Args;

use crate::account::Compress;
use crate::side::Both;

/// When each side's connections are compressed.
#[derive(Debug, Args)]
pub(crate) struct Compression {
    /// Compress connections (COMPRESS=DEFLATE), on both sides
    ///
    /// Compression costs processor time here and on the server, and helps on slow lines: lists of
    /// messages and text shrink to a fraction, attachments that are compressed already hardly. auto
    /// compresses where the server offers it (see check) and its quickest answer during login took
    /// 10 ms or more; on a fast line to a far server never is quicker. Passwords
    /// are never compressed: login comes first. Compressed mail reveals by its size how alike
    /// neighbouring messages are, even inside TLS; whoever must hide that from someone who watches
    /// the line and can send mail to the account uses never.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Compress::Auto)]
    compress: Compress,
    /// Compress connections to the source, whatever --compress says
    #[arg(long, value_name = "WHEN", value_enum)]
    source_compress: Option<Compress>,
    /// Compress connections to the destination, whatever --compress says
    #[arg(long, value_name = "WHEN", value_enum)]
    dest_compress: Option<Compress>,
}

impl Compression {
    /// The wish for each side.
    pub(crate) fn wishes(&self) -> Both<Compress> {
        Both {
            source: self.source_compress.unwrap_or(self.compress),
            dest: self.dest_compress.unwrap_or(self.compress),
        }
    }
}
