//! What clients said: every command line with its connection, literals abbreviated, secrets masked.

use std::sync::Mutex;

use super::shared::locked;

/// One command as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Number of the connection, from 1.
    pub connection: u64,
    /// The tag; for nonsense the line's first word.
    pub tag: String,
    /// The command in upper case, `UID FETCH` for the UID forms; empty for nonsense.
    pub command: String,
    /// What follows, literals as `{n}` or `{n+}`; `***` in place of credentials.
    pub arguments: String,
}

/// The commands of all connections, in order of arrival.
#[derive(Debug, Default)]
pub struct Log {
    entries: Mutex<Vec<Entry>>,
}

/// A place in the log, to add what arrives later.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place(usize);

impl Log {
    /// How many times this command came (`"APPEND"`, `"UID FETCH"`).
    pub fn count(&self, command: &str) -> usize {
        let entries = locked(&self.entries);
        entries
            .iter()
            .filter(|entry| entry.command == command)
            .count()
    }

    /// All commands.
    pub fn entries(&self) -> Vec<Entry> {
        locked(&self.entries).clone()
    }

    /// All commands, one line each: connection, tag, command, arguments.
    pub fn lines(&self) -> Vec<String> {
        let line = |entry: &Entry| {
            let Entry {
                connection,
                tag,
                command,
                arguments,
            } = entry;
            format!("{connection} {tag} {command} {arguments}")
                .trim_end()
                .to_owned()
        };
        locked(&self.entries).iter().map(line).collect()
    }

    /// The arguments of every command of this name.
    pub fn arguments(&self, command: &str) -> Vec<String> {
        let entries = locked(&self.entries);
        let matching = entries.iter().filter(|entry| entry.command == command);
        matching.map(|entry| entry.arguments.clone()).collect()
    }

    /// Forgets everything.
    pub fn clear(&self) {
        locked(&self.entries).clear();
    }

    /// Notes a command's first line.
    pub(super) fn begin(&self, connection: u64, line: &[u8]) -> Place {
        let line = String::from_utf8_lossy(line);
        let (tag, rest) = split_word(&line);
        let (mut command, mut arguments) = split_word(rest);
        let (second, beyond) = split_word(arguments);
        let is_uid = command.eq_ignore_ascii_case("UID");
        let joined = format!("UID {second}");
        if is_uid {
            (command, arguments) = (&joined, beyond);
        }
        let command = command.to_ascii_uppercase();
        let entry = Entry {
            connection,
            tag: tag.to_owned(),
            arguments: masked(&command, arguments),
            command,
        };
        let mut entries = locked(&self.entries);
        entries.push(entry);
        Place(entries.len() - 1)
    }

    /// Adds what followed a literal.
    pub(super) fn extend(&self, place: Place, line: &[u8]) {
        if let Some(entry) = locked(&self.entries).get_mut(place.0) {
            let more = String::from_utf8_lossy(line);
            entry.arguments.push_str(&masked(&entry.command, &more));
        }
    }
}

fn split_word(line: &str) -> (&str, &str) {
    line.split_once(' ').unwrap_or((line, ""))
}

fn masked(command: &str, arguments: &str) -> String {
    match command {
        "LOGIN" if !arguments.is_empty() => "***".to_owned(),
        "AUTHENTICATE" => match split_word(arguments) {
            (mechanism, "") => mechanism.to_owned(),
            (mechanism, _) => format!("{mechanism} ***"),
        },
        _ => arguments.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_split_and_masked() {
        let log = Log::default();
        log.begin(1, b"a LOGIN alice secret");
        log.begin(1, b"b uid fetch 1:* (FLAGS)");
        log.begin(2, b"c AUTHENTICATE PLAIN AGEAYg==");
        let place = log.begin(2, b"d APPEND {5}");
        log.extend(place, b" (\\Seen) {310+}");
        log.begin(2, b"");
        let expected = [
            "1 a LOGIN ***",
            "1 b UID FETCH 1:* (FLAGS)",
            "2 c AUTHENTICATE PLAIN ***",
            "2 d APPEND {5} (\\Seen) {310+}",
            "2",
        ];
        assert_eq!(log.lines(), expected);
        assert_eq!(log.count("UID FETCH"), 1);
    }
}
