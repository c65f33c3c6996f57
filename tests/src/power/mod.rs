//! What is left of a folder's files after a crash: images of them, as they were or as they might be.

mod image;
mod small_disk;

pub use image::Image;
pub use small_disk::SmallDisk;
