//! What is left of a folder's files after a crash: images of them, as they were or as they might be.

mod crash;
mod image;
mod op;
mod small_disk;

pub use crash::{Later, after_power_loss};
pub use image::Image;
pub use op::{Change, Op};
pub use small_disk::SmallDisk;
