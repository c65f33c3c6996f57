//! What a folder of files holds, as a value: taken, changed, put back.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

/// The files of one folder by name; folders inside it do not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image(pub BTreeMap<String, Vec<u8>>);

impl Image {
    /// What the folder holds now.
    pub fn of(folder: &Path) -> io::Result<Self> {
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                let name = entry.file_name().to_string_lossy().into_owned();
                files.insert(name, fs::read(entry.path())?);
            }
        }
        Ok(Self(files))
    }

    /// Makes the folder hold these files and no others.
    pub fn put_into(&self, folder: &Path) -> io::Result<()> {
        for name in Self::of(folder)?.0.keys() {
            if !self.0.contains_key(name) {
                fs::remove_file(folder.join(name))?;
            }
        }
        let mut files = self.0.iter();
        files.try_for_each(|(name, octets)| fs::write(folder.join(name), octets))
    }

    /// The contents of the file whose name ends so.
    pub fn ending(&mut self, suffix: &str) -> Option<&mut Vec<u8>> {
        let mut files = self.0.iter_mut();
        files.find_map(|(name, octets)| name.ends_with(suffix).then_some(octets))
    }

    /// The same without the files whose names end so.
    #[must_use]
    pub fn without(mut self, suffix: &str) -> Self {
        self.0.retain(|name, _| !name.ends_with(suffix));
        self
    }
}
