//! Commands that a generator wishes for, owned: what is sent, and what a server must then read.

mod expected;
mod expected_parts;
mod keys;
mod sent;
mod sent_parts;
mod sent_types;
mod want;

use std::num::NonZeroU32;

use arbitrary::{Arbitrary, Result, Unstructured};
use imap_proto_lite::command::{Atom, Base64, Rights};
use imap_proto_lite::{MailboxName, Tag, Text};

pub use keys::Key;
pub use want::matches;

/// What any text may hold; what the type refuses becomes empty.
#[derive(Debug, Clone)]
pub struct Line(Vec<u8>);

/// What the type takes for an atom; `x` else.
#[derive(Debug, Clone)]
pub struct Word(String);

/// A tag that the type takes.
#[derive(Debug, Clone)]
pub struct Label(String);

/// Base64 that the type takes.
#[derive(Debug, Clone)]
pub struct Coded(String);

/// Rights that the type takes.
#[derive(Debug, Clone)]
pub struct Letters(String);

/// A mailbox that the type takes.
#[derive(Debug, Clone)]
pub struct Name(MailboxName);

/// A set that is never empty.
#[derive(Debug, Clone, Arbitrary)]
pub struct Set(NonZeroU32, Vec<NonZeroU32>);

impl<'a> Arbitrary<'a> for Line {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let octets: &[u8] = match u.ratio(1, 8)? {
            true => u.choose(TELLING)?,
            false => <&[u8]>::arbitrary(u)?,
        };
        let text = Text::new(octets).unwrap_or(Text::EMPTY);
        Ok(Self(text.as_bytes().to_vec()))
    }
}

impl<'a> Arbitrary<'a> for Word {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        taken(u, |text| Atom::new(text).is_ok()).map(Self)
    }
}

impl<'a> Arbitrary<'a> for Label {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        taken(u, |text| Tag::new(text).is_ok()).map(Self)
    }
}

impl<'a> Arbitrary<'a> for Coded {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let coded = taken(u, |text| Base64::new(text).is_ok())?;
        Ok(Self(if coded == "x" { String::new() } else { coded }))
    }
}

impl<'a> Arbitrary<'a> for Letters {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        taken(u, |text| Rights::new(text).is_ok()).map(Self)
    }
}

impl<'a> Arbitrary<'a> for Name {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let name = MailboxName::from_wire(Vec::<u8>::arbitrary(u)?);
        Ok(Self(name.unwrap_or_else(|_| MailboxName::inbox())))
    }
}

/// Texts that mean something else where they go out as they are.
const TELLING: &[&[u8]] = &[
    b"NIL",
    b"nil",
    b"{3}",
    b"a {3+}\r\nb",
    b"\r\na LOGOUT\r\n",
    b"\\\"",
    b"*",
];

fn taken(u: &mut Unstructured<'_>, takes: impl Fn(&str) -> bool) -> Result<String> {
    let text = <&str>::arbitrary(u)?;
    Ok(if takes(text) { text } else { "x" }.to_owned())
}

/// A command with its tag.
#[derive(Debug, Clone, Arbitrary)]
pub struct Tagged {
    pub tag: Label,
    pub wish: Wish,
}

/// A command.
#[derive(Debug, Clone, Arbitrary)]
pub enum Wish {
    Bare(Bare),
    Append(Name, Vec<Message>),
    AclEntry(Entry, Name, Line),
    Authenticate(Word, Sasl),
    Copy(Which, Name),
    Create(Name, Vec<Use>),
    Enable(Word, Vec<Word>),
    Fetch(Which, Vec<Item>, Vec<Modifier>),
    GetMetadata(Option<Name>, Option<u32>, Depth, Vec<Line>),
    GetQuota(Line),
    Id(Vec<(Line, Option<Line>)>),
    List(Vec<Selection>, Line, Vec<Line>, Vec<Return>),
    Login(Line, Line),
    ListOld(Old, Line, Line),
    Mailbox(OneMailbox, Name),
    Notify(Vec<(Watched, Vec<Event>)>),
    Rename(Name, Name),
    Search(Option<Vec<Found>>, Option<Word>, Vec<Key>),
    Select(Name, Option<Known>),
    SetAcl(Name, Line, Changed, Letters),
    SetMetadata(Name, Vec<(Line, Option<Line>)>),
    SetQuota(Line, Vec<(Word, u64)>),
    Sort(Vec<Order>, Word, Vec<Key>),
    Status(Name, Vec<Counted>),
    Store(Which, Option<u64>, Changed, Stored),
    Thread(Word, Word, Vec<Key>),
    UidExpunge(Set),
}

#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum Bare {
    Capability,
    Check,
    Close,
    Compress,
    Expunge,
    Idle,
    Logout,
    Namespace,
    Noop,
    StartTls,
    Unauthenticate,
    Unselect,
}

#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum OneMailbox {
    Delete,
    Examine,
    GetAcl,
    GetQuotaRoot,
    MyRights,
    Subscribe,
    Unsubscribe,
}

#[derive(Debug, Clone, Arbitrary)]
pub struct Message {
    pub flags: Keywords,
    pub seconds: Option<u32>,
    pub octets: u64,
    pub waits: bool,
    pub form: Form,
}

/// `\Seen` or not, and keywords.
#[derive(Debug, Clone, Arbitrary)]
pub struct Keywords(pub bool, pub Vec<Word>);

#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum Form {
    Literal,
    Literal8,
    Utf8,
}

#[derive(Debug, Clone, Arbitrary)]
pub enum Sasl {
    Initial(Coded),
    After(Coded),
    Challenged,
}

#[derive(Debug, Clone, Arbitrary)]
pub enum Which {
    Uids(Set),
    UidsFrom(NonZeroU32),
    SavedUids,
    Sequence(Set),
    Range(NonZeroU32, NonZeroU32),
    SequenceFrom(NonZeroU32),
    Saved,
}

/// What QRESYNC is told: UIDVALIDITY, mod-sequence, UIDs, numbers with their UIDs.
#[derive(Debug, Clone, Arbitrary)]
pub struct Known(NonZeroU32, u64, Option<Set>, Option<(Set, Set)>);

#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum Entry {
    DeleteAcl,
    ListRights,
}

#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum Old {
    Lsub,
    Xlist,
}

#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum Order {
    ArrivalUp,
    SizeDown,
}

#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum Use {
    All,
    Sent,
}

#[derive(Debug, Clone, Arbitrary)]
pub enum Item {
    Flags,
    PreviewLazy,
    Section(
        Vec<NonZeroU32>,
        Option<Part>,
        bool,
        Option<(u64, NonZeroU32)>,
    ),
    Binary(Vec<NonZeroU32>),
    BinarySize(Vec<NonZeroU32>),
}

#[derive(Debug, Clone, Arbitrary)]
pub enum Part {
    Mime,
    Fields(Vec<Line>),
    FieldsNot(Vec<Line>),
}

#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum Modifier {
    ChangedSince(u64),
    Vanished(u64),
    Partial(NonZeroU32, NonZeroU32),
}

#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum Depth {
    Zero,
    One,
    Infinity,
}

#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum Selection {
    Subscribed,
    SpecialUse,
}

#[derive(Debug, Clone, Arbitrary)]
pub enum Return {
    Children,
    Status(Vec<Counted>),
    Metadata(Vec<Line>),
}

/// Some STATUS items.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum Counted {
    Messages,
    UidNext,
    HighestModSeq,
}

#[derive(Debug, Clone, Arbitrary)]
pub enum Watched {
    Selected,
    Subtree(Vec<Name>),
    Mailboxes(Vec<Name>),
}

#[derive(Debug, Clone, Arbitrary)]
pub enum Event {
    Expunge,
    New(Vec<Item>),
}

#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum Found {
    Min,
    Save,
    Partial(NonZeroU32, NonZeroU32),
}

#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum Changed {
    Replace,
    Add,
    Remove,
}

#[derive(Debug, Clone, Arbitrary)]
pub enum Stored {
    Flags(Keywords),
    SilentFlags(Keywords),
    Labels(Vec<Line>),
}
