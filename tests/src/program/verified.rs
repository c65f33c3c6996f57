//! What `verify --json` found, in short lines that a test can compare.

use serde_json::Value;

use super::{Outcome, Program};

/// A verification's JSON and how the program ended.
#[derive(Debug)]
pub struct Verified {
    /// The whole run.
    pub outcome: Outcome,
    json: Value,
}

impl Program {
    /// `verify --json`, which must end with this code.
    ///
    /// # Panics
    /// When it does not, or prints no JSON.
    #[track_caller]
    pub fn verified(&self, options: &[&str], code: i32) -> Verified {
        let outcome = self.verify(&[&["--json"], options].concat()).exits(code);
        let json: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
        assert_eq!(json["exit"], code, "{outcome}");
        Verified { outcome, json }
    }
}

impl Verified {
    /// The result in one word.
    pub fn verdict(&self) -> &str {
        self.json["verdict"].as_str().unwrap_or_default()
    }

    /// Something of the verification itself.
    pub fn get(&self, key: &str) -> &Value {
        &self.json["verification"][key]
    }

    /// The findings of a list: kind, mailbox, UIDs on both sides, `-` where there is none.
    pub fn list(&self, name: &str) -> Vec<String> {
        self.findings(name).map(line).collect()
    }

    /// A text of each finding of a list.
    pub fn texts(&self, list: &str, pointer: &str) -> Vec<String> {
        let text = |finding: &Value| {
            let text = finding.pointer(pointer).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        self.findings(list).map(text).collect()
    }

    fn findings(&self, name: &str) -> impl Iterator<Item = &Value> {
        let first = self.get(name)["first"].as_array();
        first.into_iter().flatten()
    }
}

fn line(finding: &Value) -> String {
    let uid = |side: &str| {
        let uid = finding[side]["uid"].as_u64();
        uid.map_or_else(|| "-".to_owned(), |uid| uid.to_string())
    };
    let name = |side: &str| finding[side].as_str().map(ToOwned::to_owned);
    let name = name("mailbox").or_else(|| name("dest_mailbox"));
    format!(
        "{} {} {} {}",
        finding["kind"].as_str().unwrap_or_default(),
        name.unwrap_or_default(),
        uid("source"),
        uid("dest")
    )
}
