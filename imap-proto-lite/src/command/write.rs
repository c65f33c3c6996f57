//! The encoding of each command: its name, then its arguments. Those with a file of their own are
//! written there.

use alloc::vec::Vec;

use super::argument::Tag;
use super::encode::{Encoder, Literals, Segment};
use super::mailbox_name::MailboxName;
use super::messages::Messages;
use super::{Command, StatusItem};

impl Command<'_> {
    /// The command as segments, from its tag to its CRLF.
    ///
    /// ```
    /// use imap_proto_lite::{Command, Literals, MailboxName, Segment, Tag};
    ///
    /// let mailbox = MailboxName::from_wire(*b"Entw\xfcrfe")?;
    /// let segments = Command::create(&mailbox).encode(Tag::new("a1")?, Literals::Synchronizing);
    /// assert_eq!(segments, [
    ///     Segment::Bytes("a1 CREATE {8}\r\n".into()),
    ///     Segment::AwaitContinuation,
    ///     Segment::Bytes(b"Entw\xfcrfe\r\n"[..].into()),
    /// ]);
    /// # Ok::<(), imap_proto_lite::ArgumentError>(())
    /// ```
    #[must_use]
    pub fn encode(&self, tag: Tag<'_>, literals: Literals) -> Vec<Segment> {
        let mut out = Encoder::tagged(tag, literals);
        out.raw(self.name());
        self.write_arguments(&mut out);
        out.end()
    }

    /// The arguments, each with the space before it.
    fn write_arguments(&self, out: &mut Encoder) {
        match *self {
            Self::Append(append) => append.write(out),
            Self::Authenticate(authenticate) => authenticate.write(out),
            Self::Create(create) => create.write(out),
            Self::Examine(select) | Self::Select(select) => select.write(out),
            Self::Fetch(fetch) => fetch.write(out),
            Self::List(list) => list.write(out),
            Self::Login(login) => login.write(out),
            Self::Lsub(list) | Self::Xlist(list) => list.write(out),
            Self::Search(search) => search.write(out),
            Self::Sort(sort) => sort.write(out),
            Self::Store(store) => store.write(out),
            Self::Thread(thread) => thread.write(out),
            Self::GetMetadata(get) => get.write(out),
            Self::SetMetadata(set) => set.write(out),
            Self::Notify(notify) => notify.write(out),
            Self::SetQuota(set) => set.write(out),
            Self::SetAcl(set) => set.write(out),
            Self::DeleteAcl(entry) | Self::ListRights(entry) => entry.write(out),
            Self::Copy(messages, to) | Self::Move(messages, to) => copy(out, messages, to),
            _ => self.write_words(out),
        }
    }

    /// The arguments of commands that take hardly any.
    fn write_words(&self, out: &mut Encoder) {
        match *self {
            Self::Delete(mailbox)
            | Self::GetAcl(mailbox)
            | Self::GetQuotaRoot(mailbox)
            | Self::MyRights(mailbox)
            | Self::Subscribe(mailbox)
            | Self::Unsubscribe(mailbox) => {
                out.raw(" ").mailbox(mailbox);
            }
            Self::Compress => {
                out.raw(" DEFLATE");
            }
            Self::Enable(capabilities) => {
                out.raw(" ").spaced(capabilities, |out, &one| {
                    out.atom(one);
                });
            }
            Self::GetQuota(root) => {
                out.raw(" ").astring(root);
            }
            Self::Id([]) => {
                out.raw(" NIL");
            }
            Self::Id(fields) => {
                out.raw(" ").list(fields, |out, &(name, value)| {
                    out.string(name).raw(" ").nstring(value);
                });
            }
            Self::Rename { from, to } => {
                out.raw(" ").mailbox(from).raw(" ").mailbox(to);
            }
            Self::Status { mailbox, items } => status(out, mailbox, items),
            Self::UidExpunge(uids) => {
                out.raw(" ").set(uids);
            }
            _ => {}
        }
    }
}

fn copy(out: &mut Encoder, messages: Messages<'_>, to: &MailboxName) {
    messages.write(out.raw(" "));
    out.raw(" ").mailbox(to);
}

fn status(out: &mut Encoder, mailbox: &MailboxName, items: &[StatusItem]) {
    out.raw(" ").mailbox(mailbox).raw(" ");
    out.list(items, |out, item| item.write(out));
}
