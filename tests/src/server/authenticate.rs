//! Commands before login: STARTTLS, LOGIN, AUTHENTICATE PLAIN (RFC 9051 section 6.2, RFC 4616).

use std::io;

use tokio::io::{AsyncRead, AsyncWrite};

use super::command::Command;
use super::reply::{Outcome, Reply};
use super::session::{Core, Session};
use super::tls::Tls;
use super::token::Token;
use super::wire::Line;

/// Runs a command in the not authenticated state.
pub(super) async fn execute<S: AsyncRead + AsyncWrite + Unpin>(
    session: &mut Session<S>,
    command: &Command,
) -> io::Result<Outcome> {
    let core = &mut session.core;
    let refused = core.profile.logindisabled && !core.secure;
    let reply = match command.name.as_str() {
        "STARTTLS" if matches!(core.shared.tls(), Tls::StartTls(_)) && !core.secure => {
            return Ok(Outcome::StartTls);
        }
        "LOGIN" | "AUTHENTICATE" if refused => {
            Reply::no("[PRIVACYREQUIRED] Plaintext authentication disallowed")
        }
        "LOGIN" => match &command.arguments[..] {
            [user, password] => log_in(core, user.text(), password.text()),
            _ => Reply::bad("LOGIN wants two arguments"),
        },
        "AUTHENTICATE" if core.profile.auth_plain => plain(session, command).await?,
        "AUTHENTICATE" => Reply::no("Unsupported authentication mechanism"),
        _ => Reply::bad("Error in IMAP command received by server"),
    };
    Ok(reply.into())
}

async fn plain<S: AsyncRead + AsyncWrite + Unpin>(
    session: &mut Session<S>,
    command: &Command,
) -> io::Result<Reply> {
    let response = match &command.arguments[..] {
        [mechanism] if mechanism.is("PLAIN") => {
            session.wire.put("+ \r\n");
            match session.wire.line(session.core.profile.line_limit).await? {
                Line::Whole(line) => line,
                Line::TooLong => return Ok(Reply::bad("Response too long")),
            }
        }
        [mechanism, Token::Atom(initial)]
            if mechanism.is("PLAIN") && session.core.profile.sasl_ir =>
        {
            initial.clone()
        }
        _ => return Ok(Reply::no("Unsupported authentication mechanism")),
    };
    if response == b"*" {
        return Ok(Reply::bad("Authentication cancelled"));
    }
    let Some(decoded) = base64(&response) else {
        return Ok(Reply::bad("Invalid base64 data"));
    };
    let mut parts = decoded.split(|&octet| octet == 0);
    let (_authorization, user, password) = (parts.next(), parts.next(), parts.next());
    Ok(log_in(&mut session.core, user, password))
}

fn log_in(core: &mut Core, user: Option<&[u8]>, password: Option<&[u8]>) -> Reply {
    let user = user
        .and_then(|user| std::str::from_utf8(user).ok())
        .unwrap_or_default();
    let known = {
        let store = core.shared.store();
        let account = store.users.get(user);
        account.is_some_and(|account| Some(account.password.as_bytes()) == password)
    };
    if !known {
        return Reply::no("[AUTHENTICATIONFAILED] Authentication failed.");
    }
    let Some(login) = core.shared.log_in(user, core.profile.connection_limit) else {
        return Reply::no("[LIMIT] Maximum number of connections from user+IP exceeded");
    };
    core.login = Some(login);
    match core.profile.login_capability {
        true => Reply::ok(format!("[CAPABILITY {}] Logged in", core.capabilities())),
        false => Reply::ok("Logged in"),
    }
}

/// Decodes base64 with or without padding.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let digits = text.iter().take_while(|&&digit| digit != b'=');
    let mut octets = Vec::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for digit in digits {
        let value = ALPHABET.iter().position(|known| known == digit)?;
        held = (held << 6 | u32::try_from(value).ok()?) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            octets.push((held >> bits & 0xff) as u8);
        }
    }
    Some(octets)
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_vectors() {
        let table = [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9vYmFy", "foobar"),
        ];
        for (text, octets) in table {
            assert_eq!(base64(text.as_bytes()).as_deref(), Some(octets.as_bytes()));
        }
        assert_eq!(base64(b"a!"), None);
    }
}
