//! How a server writes mailbox names: prefix and hierarchy separator of the personal namespace (RFC 2342).

use super::mutf7::encode_mutf7;

/// Prefix and hierarchy separator of a server's personal namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace {
    /// What every name but INBOX begins with: empty, or such as `INBOX.`.
    pub prefix: String,
    /// The hierarchy separator.
    pub separator: char,
}

impl Namespace {
    /// No prefix, `/` between the segments.
    pub fn slash() -> Self {
        Self {
            prefix: String::new(),
            separator: '/',
        }
    }

    /// Prefix `INBOX.`, `.` between the segments.
    pub fn inbox_dot() -> Self {
        Self {
            prefix: "INBOX.".into(),
            separator: '.',
        }
    }

    /// The name as it goes over the wire, in modified UTF-7, unquoted.
    ///
    /// Under a prefix `INBOX.` a child of INBOX and a top-level mailbox are the same thing: the
    /// segments `INBOX`, `x` and the segment `x` give the same name.
    pub fn wire_name(&self, segments: &[String]) -> String {
        let segments = match segments {
            [inbox] if inbox.eq_ignore_ascii_case("INBOX") => return "INBOX".into(),
            [inbox, rest @ ..] if inbox == "INBOX" && self.children_live_in_inbox() => rest,
            all => all,
        };
        let encoded: Vec<String> = segments
            .iter()
            .map(|segment| encode_mutf7(segment))
            .collect();
        format!(
            "{}{}",
            self.prefix,
            encoded.join(&self.separator.to_string())
        )
    }

    /// Whether the prefix is INBOX itself.
    pub fn children_live_in_inbox(&self) -> bool {
        self.prefix.strip_suffix(self.separator) == Some("INBOX")
    }
}

impl Default for Namespace {
    fn default() -> Self {
        Self::slash()
    }
}

#[cfg(test)]
mod tests {
    use super::Namespace;

    fn segments(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn joins_segments_under_the_prefix() {
        let cases: [(&[&str], &str, &str); 4] = [
            (&["INBOX"], "INBOX", "INBOX"),
            (&["a", "b c"], "a/b c", "INBOX.a.b c"),
            (&["INBOX", "x"], "INBOX/x", "INBOX.x"),
            (&["Café"], "Caf&AOk-", "INBOX.Caf&AOk-"),
        ];
        for (names, slash, dot) in cases {
            assert_eq!(Namespace::slash().wire_name(&segments(names)), slash);
            assert_eq!(Namespace::inbox_dot().wire_name(&segments(names)), dot);
        }
    }
}
