//! What happens to the ledger between two runs: lost, copied away, put back.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::super::model::Confirmed;
use super::super::stage::Stage;
use super::super::world::World;
use crate::corpus::Random;

/// A copy of a ledger, and what a run that had it could know.
#[derive(Debug)]
pub(in super::super) struct Yesterday {
    folder: PathBuf,
    confirmed: Confirmed,
}

impl World {
    /// Now and then the ledger is lost, or the one of yesterday is put back.
    pub(in super::super) fn touch_ledger(
        &self,
        stage: &Stage,
        random: &mut Random,
        yesterday: &mut Option<Yesterday>,
    ) -> io::Result<()> {
        self.observe();
        let ledger = stage.ledger();
        let folder = ledger.with_extension("yesterday");
        match (random.below(4), yesterday) {
            (0, _) => {
                move_files(&ledger, None)?;
                self.state().model.ledger_lost(&Confirmed::default());
                self.history.note("user: the ledger is lost");
            }
            (1, yesterday) => {
                fs::create_dir_all(&folder)?;
                copy_files(&ledger, &folder)?;
                let confirmed = self.state().model.confirmed();
                *yesterday = Some(Yesterday { folder, confirmed });
                self.history.note("user: the ledger is copied away");
            }
            (2 | 3, Some(yesterday)) => {
                move_files(&ledger, Some(&yesterday.folder))?;
                self.state().model.ledger_lost(&yesterday.confirmed);
                self.history
                    .note("user: the ledger of yesterday is put back");
            }
            _ => {}
        }
        Ok(())
    }
}

/// The ledger's files: the database, and what SQLite keeps beside it.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy());
        let is_ours = name.is_some_and(|name| name.starts_with("ledger"));
        if is_ours && path.is_file() {
            files.push(path);
        }
    }
    Ok(files)
}

fn copy_files(ledger: &Path, to: &Path) -> io::Result<()> {
    let from = ledger.parent().unwrap_or(ledger);
    for file in files(to)? {
        fs::remove_file(file)?;
    }
    for file in files(from)? {
        fs::copy(&file, to.join(file.file_name().unwrap_or_default()))?;
    }
    Ok(())
}

/// The ledger goes, and others come in its place.
fn move_files(ledger: &Path, others: Option<&Path>) -> io::Result<()> {
    let folder = ledger.parent().unwrap_or(ledger);
    for file in files(folder)? {
        fs::remove_file(file)?;
    }
    for file in others.map(files).transpose()?.unwrap_or_default() {
        fs::copy(&file, folder.join(file.file_name().unwrap_or_default()))?;
    }
    Ok(())
}
