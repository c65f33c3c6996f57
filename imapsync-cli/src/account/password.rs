//! Passwords: from a command, a file, the environment or a prompt, never from the command line.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use imap_client_lite::Secret;

/// Where one account's password may come from; the first that is given counts.
#[derive(Debug, Clone)]
pub struct PasswordSource {
    /// A command for the shell.
    pub command: Option<String>,
    /// A file.
    pub file: Option<PathBuf>,
    /// The environment variable's name.
    pub variable: &'static str,
    /// The account, as the prompt names it.
    pub account: String,
}

/// Why there is no password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordError {
    /// The command failed.
    #[error("the password command for {account} failed: {reason}")]
    Command {
        /// The account.
        account: String,
        /// Why.
        reason: String,
    },
    /// The file cannot be read.
    #[error("cannot read the password file {}: {reason}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Nothing was given and nobody can be asked.
    #[error("no password for {account}: set {variable}, or give a password file or command")]
    Missing {
        /// The account.
        account: String,
        /// The environment variable.
        variable: &'static str,
    },
}

impl PasswordSource {
    /// The password.
    ///
    /// # Errors
    /// When its source fails, or none is given and there is no terminal.
    pub fn read(&self) -> Result<Secret, PasswordError> {
        if let Some(command) = &self.command {
            return self.run(command);
        }
        if let Some(path) = &self.file {
            return from_file(path);
        }
        if let Ok(password) = std::env::var(self.variable) {
            return Ok(Secret::new(password));
        }
        self.ask()
    }

    fn run(&self, command: &str) -> Result<Secret, PasswordError> {
        let failed = |reason: String| PasswordError::Command {
            account: self.account.clone(),
            reason,
        };
        let output = Command::new("sh")
            .arg("-c")
            .arg(command)
            .stdin(Stdio::inherit())
            .stderr(Stdio::inherit())
            .output();
        let output = output.map_err(|error| failed(error.to_string()))?;
        if !output.status.success() {
            return Err(failed(output.status.to_string()));
        }
        let text = String::from_utf8(output.stdout)
            .map_err(|_| failed("it printed no UTF-8".to_owned()))?;
        first_line(&text).ok_or_else(|| failed("it printed nothing".to_owned()))
    }

    fn ask(&self) -> Result<Secret, PasswordError> {
        let missing = || PasswordError::Missing {
            account: self.account.clone(),
            variable: self.variable,
        };
        if !std::io::stdin().is_terminal() {
            return Err(missing());
        }
        rpassword::prompt_password(format!("Password for {}: ", self.account))
            .map(Secret::new)
            .map_err(|_| missing())
    }
}

fn from_file(path: &Path) -> Result<Secret, PasswordError> {
    let failed = |reason: String| PasswordError::File {
        path: path.to_owned(),
        reason,
    };
    let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    first_line(&text).ok_or_else(|| failed("it is empty".to_owned()))
}

fn first_line(text: &str) -> Option<Secret> {
    text.lines()
        .next()
        .filter(|line| !line.is_empty())
        .map(|line| Secret::new(line.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source() -> PasswordSource {
        PasswordSource {
            command: None,
            file: None,
            variable: "IMAPSYNC_TEST_UNSET",
            account: "joe".to_owned(),
        }
    }

    #[test]
    fn a_command_comes_first_and_gives_its_first_line() {
        let source = PasswordSource {
            command: Some("printf 'p w \\nmore'".to_owned()),
            ..source()
        };
        assert_eq!(source.read().expect("it prints").expose(), "p w ");
    }

    #[test]
    fn a_failing_command_is_no_password() {
        for command in ["false", "true", "printf '\\nx'"] {
            let source = PasswordSource {
                command: Some(command.to_owned()),
                ..source()
            };
            assert!(
                matches!(source.read(), Err(PasswordError::Command { .. })),
                "{command}"
            );
        }
    }

    #[test]
    fn a_file_gives_its_first_line() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("pw");
        std::fs::write(&path, "secret\n").expect("writable");
        let source = PasswordSource {
            file: Some(path),
            ..source()
        };
        assert_eq!(source.read().expect("it is there").expose(), "secret");
        let source = PasswordSource {
            file: Some(folder.path().join("none")),
            ..source
        };
        assert!(matches!(source.read(), Err(PasswordError::File { .. })));
    }
}
