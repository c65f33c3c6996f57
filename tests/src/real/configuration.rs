//! The text of `dovecot.conf` for a throw-away Dovecot 2.3.

use std::path::Path;

use super::dovecot::PASSWORD;
use super::listener::Ports;
use super::{DovecotOptions, MailFormat};

/// The whole configuration of a server that lives in `folder`.
pub(super) fn configuration(options: &DovecotOptions, folder: &Path, ports: Ports) -> String {
    let folder = folder.display();
    let mut text = format!(
        "base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0 secs
default_internal_user = {MAIL_OWNER}
default_internal_group = {MAIL_GROUP}
default_login_user = {MAIL_OWNER}
default_vsz_limit = 1G
first_valid_uid = 1
first_valid_gid = 1
mail_location = {location}
mail_max_userip_connections = {max_connections}
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={MAIL_OWNER} gid={MAIL_GROUP} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  prefix = {prefix}
  separator = {separator}
}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
",
        location = location(options.format),
        max_connections = options.max_connections,
        prefix = options.namespace.prefix,
        separator = options.namespace.separator,
        plain = ports.plain,
        tls = ports.tls,
    );
    if options.format != MailFormat::Mdbox {
        // The mail files then hold the very bytes that a client sent.
        text.push_str("mail_save_crlf = yes\n");
    }
    if let Some(capability) = &options.capability {
        text.push_str(&format!("imap_capability = {capability}\n"));
    }
    for line in &options.extra_lines {
        text.push_str(line);
        text.push('\n');
    }
    text
}

fn location(format: MailFormat) -> &'static str {
    match format {
        MailFormat::Maildir => "maildir:~/Maildir",
        MailFormat::MaildirNested => "maildir:~/Maildir:LAYOUT=fs",
        MailFormat::Mdbox => "mdbox:~/mdbox",
    }
}

/// Who owns the mail. Dovecot refuses root; nobody exists on every Debian.
pub(super) const MAIL_OWNER: &str = "nobody";
const MAIL_GROUP: &str = "nogroup";
