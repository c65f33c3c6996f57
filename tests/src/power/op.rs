//! What a program did to the files of a folder, and how that reaches an image of them.

use super::Image;

/// One change of one file, or its sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Op {
    /// The file's name; empty for the folder itself.
    pub file: String,
    /// What was done.
    pub change: Change,
}

/// What a system call did to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is there from now on.
    Create,
    /// These octets stand at this place, which may be beyond its end.
    Write(usize, Vec<u8>),
    /// It has this length.
    Resize(usize),
    /// It is gone.
    Remove,
    /// It has this name.
    Rename(String),
    /// What was done to it until now is on the disk.
    Sync,
}

impl Op {
    /// Is it on the disk only once its file was synced? Names are, at the latest, when any file is.
    pub(super) const fn is_content(&self) -> bool {
        matches!(self.change, Change::Write(..) | Change::Resize(_))
    }

    /// Does it to an image. A file that is not there takes no change.
    pub(super) fn apply(&self, image: &mut Image) {
        let files = &mut image.0;
        match &self.change {
            Change::Create => {
                files.entry(self.file.clone()).or_default();
            }
            Change::Write(offset, octets) => write(image, &self.file, *offset, octets),
            Change::Resize(length) => {
                if let Some(held) = files.get_mut(&self.file) {
                    held.resize(*length, 0);
                }
            }
            Change::Remove => {
                files.remove(&self.file);
            }
            Change::Rename(name) => {
                if let Some(held) = files.remove(&self.file) {
                    files.insert(name.clone(), held);
                }
            }
            Change::Sync => {}
        }
    }

    /// Does what is left of it when a write is torn: those of its blocks that `keep` says, counted from its start.
    pub(super) fn apply_torn(&self, image: &mut Image, mut keep: impl FnMut(usize) -> bool) {
        let Change::Write(offset, octets) = &self.change else {
            if keep(0) {
                self.apply(image);
            }
            return;
        };
        // Blocks are the disk's: a write may begin inside one.
        let mut start = 0;
        let mut block = 0;
        while start < octets.len() {
            let end = octets.len().min(start + BLOCK - (offset + start) % BLOCK);
            if keep(block) {
                write(image, &self.file, offset + start, &octets[start..end]);
            }
            (start, block) = (end, block + 1);
        }
    }

    /// How many blocks it touches; what is no write counts as one.
    pub(super) const fn blocks(&self) -> usize {
        match &self.change {
            Change::Write(offset, octets) => (*offset % BLOCK + octets.len()).div_ceil(BLOCK),
            _ => 1,
        }
    }
}

fn write(image: &mut Image, file: &str, offset: usize, octets: &[u8]) {
    if let Some(held) = image.0.get_mut(file) {
        let end = offset + octets.len();
        if held.len() < end {
            held.resize(end, 0);
        }
        held[offset..end].copy_from_slice(octets);
    }
}

/// A disk writes so much at once or not at all.
const BLOCK: usize = 512;
