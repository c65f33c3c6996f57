//! What a server offers and how it behaves, as data.

use super::compress::Compressing;
use super::hierarchy::Hierarchy;

/// Capabilities and habits of one kind of server.
///
/// Every field is independent, so a test may start from a named profile and change one thing.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Hierarchy delimiter.
    pub delimiter: char,
    /// Prefix of the personal namespace, `""` or for example `"INBOX."`.
    pub prefix: &'static str,
    /// Greeting carries `[CAPABILITY ...]`.
    pub greeting_capability: bool,
    /// The tagged OK of LOGIN and AUTHENTICATE carries `[CAPABILITY ...]`.
    pub login_capability: bool,
    /// UIDPLUS (RFC 4315): `APPENDUID`, `UID EXPUNGE`.
    pub uidplus: bool,
    /// LITERAL+ (RFC 7888).
    pub literal_plus: bool,
    /// LITERAL- (RFC 7888): non-synchronizing up to 4096 octets, beyond that BYE.
    pub literal_minus: bool,
    /// MULTIAPPEND (RFC 3502).
    pub multiappend: bool,
    /// Without MULTIAPPEND: a second message is refused, but the first one stays (Courier).
    pub multiappend_keeps_first: bool,
    /// CONDSTORE (RFC 7162): MODSEQ, HIGHESTMODSEQ, CHANGEDSINCE.
    pub condstore: bool,
    /// LIST-EXTENDED (RFC 5258).
    pub list_extended: bool,
    /// LIST-STATUS (RFC 5819); needs `list_extended`.
    pub list_status: bool,
    /// STATUS=SIZE (RFC 8438).
    pub status_size: bool,
    /// SPECIAL-USE (RFC 6154).
    pub special_use: bool,
    /// ESEARCH (RFC 4731).
    pub esearch: bool,
    /// NAMESPACE (RFC 2342).
    pub namespace: bool,
    /// ID (RFC 2971).
    pub id: bool,
    /// SELECT is refused until the client sent ID (NetEase).
    pub id_required: bool,
    /// ENABLE (RFC 5161).
    pub enable: bool,
    /// UNSELECT (RFC 3691).
    pub unselect: bool,
    /// BINARY (RFC 3516), only as literal8 in APPEND.
    pub binary: bool,
    /// SASL-IR (RFC 4959).
    pub sasl_ir: bool,
    /// AUTHENTICATE PLAIN is offered.
    pub auth_plain: bool,
    /// LOGIN and AUTHENTICATE are refused before TLS.
    pub logindisabled: bool,
    /// SELECT tells UIDNEXT (Courier does not).
    pub select_uidnext: bool,
    /// PERMANENTFLAGS has `\*` and keywords are kept.
    pub keywords: bool,
    /// APPENDLIMIT (RFC 7889) in octets.
    pub appendlimit: Option<u64>,
    /// A message of zero octets is refused (Dovecot); otherwise it is stored.
    pub refuse_empty: bool,
    /// A session sees messages that came after its SELECT only when it selects again.
    pub hides_new_mail: bool,
    /// Filler of the day of the month in INTERNALDATE: `'0'` or `' '`.
    pub day_filler: char,
    /// COMPRESS=DEFLATE (RFC 4978), offered after login.
    pub compressing: Compressing,
    /// Longest command line in octets, literals not counted.
    pub line_limit: usize,
    /// Sessions of one user at the same time; the next LOGIN gets `NO [LIMIT]`.
    pub connection_limit: Option<usize>,
}

impl Profile {
    /// Everything that this server knows, as a modern Dovecot or Cyrus would offer it.
    pub const fn full() -> Self {
        Self {
            delimiter: '/',
            prefix: "",
            greeting_capability: true,
            login_capability: true,
            uidplus: true,
            literal_plus: true,
            literal_minus: false,
            multiappend: true,
            multiappend_keeps_first: false,
            condstore: true,
            list_extended: true,
            list_status: true,
            status_size: true,
            special_use: true,
            esearch: true,
            namespace: true,
            id: true,
            id_required: false,
            enable: true,
            unselect: true,
            binary: true,
            sasl_ir: true,
            auth_plain: true,
            logindisabled: false,
            select_uidnext: true,
            keywords: true,
            appendlimit: None,
            refuse_empty: true,
            hides_new_mail: false,
            day_filler: '0',
            compressing: Compressing::NotOffered,
            line_limit: 65_536,
            connection_limit: None,
        }
    }

    /// Everything but MULTIAPPEND: each message is an APPEND of its own, so that something can
    /// happen between any two.
    pub const fn singles() -> Self {
        Self {
            multiappend: false,
            ..Self::full()
        }
    }

    /// IMAP4rev1 (RFC 3501) and nothing else.
    pub const fn plain() -> Self {
        Self {
            greeting_capability: false,
            login_capability: false,
            uidplus: false,
            literal_plus: false,
            multiappend: false,
            condstore: false,
            list_extended: false,
            list_status: false,
            status_size: false,
            special_use: false,
            esearch: false,
            namespace: false,
            id: false,
            enable: false,
            unselect: false,
            binary: false,
            sasl_ir: false,
            auth_plain: false,
            refuse_empty: false,
            day_filler: ' ',
            ..Self::full()
        }
    }

    /// Close to Courier-IMAP: everything under `INBOX.`, UIDPLUS, no LITERAL+, no UIDNEXT in SELECT.
    pub const fn courier_like() -> Self {
        Self {
            delimiter: '.',
            prefix: "INBOX.",
            greeting_capability: true,
            uidplus: true,
            multiappend_keeps_first: true,
            namespace: true,
            unselect: false,
            select_uidnext: false,
            day_filler: '0',
            ..Self::plain()
        }
    }

    /// The same, but it does this about compression.
    #[must_use]
    pub const fn compressing(self, compressing: Compressing) -> Self {
        Self {
            compressing,
            ..self
        }
    }

    /// The profile of this name (`full`, `singles`, `plain`, `courier`), for command lines.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "full" => Some(Self::full()),
            "singles" => Some(Self::singles()),
            "plain" => Some(Self::plain()),
            "courier" => Some(Self::courier_like()),
            _ => None,
        }
    }

    /// How names are built on this server.
    pub fn hierarchy(&self) -> Hierarchy {
        Hierarchy::new(self.delimiter, self.prefix)
    }

    /// The capability list for a session in this situation.
    pub(super) fn capabilities(&self, situation: Situation) -> String {
        let mut list = String::from("IMAP4rev1");
        let mut offer = |offered: bool, name: &str| {
            if offered {
                list.push(' ');
                list.push_str(name);
            }
        };
        let may_log_in = !self.logindisabled || situation.secure;
        offer(situation.starttls, "STARTTLS");
        offer(!may_log_in, "LOGINDISABLED");
        offer(self.auth_plain && may_log_in, "AUTH=PLAIN");
        offer(self.sasl_ir, "SASL-IR");
        offer(self.literal_plus, "LITERAL+");
        offer(self.literal_minus && !self.literal_plus, "LITERAL-");
        offer(self.id, "ID");
        offer(self.enable, "ENABLE");
        if situation.authenticated {
            self.offer_mail(&mut offer);
            if let Some(limit) = self.appendlimit {
                offer(true, &format!("APPENDLIMIT={limit}"));
            }
        }
        list
    }

    /// Capabilities that matter only once there is mail to see.
    fn offer_mail(&self, offer: &mut impl FnMut(bool, &str)) {
        offer(self.uidplus, "UIDPLUS");
        offer(self.multiappend, "MULTIAPPEND");
        offer(self.namespace, "NAMESPACE");
        offer(self.unselect, "UNSELECT");
        offer(self.list_extended, "LIST-EXTENDED");
        offer(self.list_status, "LIST-STATUS");
        offer(self.status_size, "STATUS=SIZE");
        offer(self.special_use, "SPECIAL-USE");
        offer(self.esearch, "ESEARCH");
        offer(self.condstore, "CONDSTORE");
        offer(self.binary, "BINARY");
        let compresses = self.compressing != Compressing::NotOffered;
        offer(compresses, "COMPRESS=DEFLATE");
    }
}

/// What the capability list depends on besides the profile.
#[derive(Clone, Copy, Debug)]
pub(super) struct Situation {
    /// The connection is encrypted.
    pub(super) secure: bool,
    /// STARTTLS is possible now.
    pub(super) starttls: bool,
    /// The user is logged in.
    pub(super) authenticated: bool,
}
