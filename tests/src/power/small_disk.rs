//! A disk that is soon full: a small tmpfs mounted over a folder. Needs root.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, io};

use tempfile::TempDir;

/// A file system of [`SIZE_KIB`](Self::SIZE_KIB) over a folder, unmounted when dropped.
#[derive(Debug)]
pub struct SmallDisk {
    folder: PathBuf,
}

impl SmallDisk {
    /// Its size when empty.
    pub const SIZE_KIB: usize = 4096;

    /// Whether one can be mounted here: by root, where nothing forbids it.
    pub fn available() -> bool {
        let folder = TempDir::new();
        folder.is_ok_and(|folder| Self::mount(folder.path()).is_ok())
    }

    /// Mounts it over an empty folder.
    pub fn mount(folder: &Path) -> io::Result<Self> {
        let size = format!("size={}k", Self::SIZE_KIB);
        run(Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(folder))?;
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    /// Fills it until so much is free; what filled it before goes first.
    pub fn leave_free(&self, kib: usize) -> io::Result<()> {
        self.free_all()?;
        let mut ballast = File::create(self.ballast())?;
        let mut written = 0;
        while written < Self::SIZE_KIB && ballast.write_all(&[7; 1024]).is_ok() {
            written += 1;
        }
        // A page is all or nothing.
        let kept = (written / 4 * 4).saturating_sub(kib.div_ceil(4) * 4);
        ballast.set_len(kept as u64 * 1024)
    }

    /// Takes away what fills it.
    pub fn free_all(&self) -> io::Result<()> {
        match fs::remove_file(self.ballast()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    fn ballast(&self) -> PathBuf {
        self.folder.join("ballast")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        if let Err(error) = run(Command::new("umount").arg("-l").arg(&self.folder)) {
            eprintln!("umount {}: {error}", self.folder.display());
        }
    }
}

fn run(command: &mut Command) -> io::Result<()> {
    let output = command.stdin(Stdio::null()).output()?;
    match output.status.success() {
        true => Ok(()),
        false => Err(io::Error::other(
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )),
    }
}
