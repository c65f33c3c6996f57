//! Which process listens on a port: a TCP connect alone does not prove that it is our server, since
//! two test runs can pick the same free port.

use std::net::{Ipv4Addr, TcpListener};
use std::{fs, io};

/// The two ports of a server on loopback.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ports {
    pub(super) plain: u16,
    pub(super) tls: u16,
}

impl Ports {
    /// Two ports that are free now; a server that finds them taken after all must be given others.
    pub(super) fn free() -> io::Result<Self> {
        let plain = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let tls = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        Ok(Self {
            plain: plain.local_addr()?.port(),
            tls: tls.local_addr()?.port(),
        })
    }
}

/// Whether process `pid` itself holds the socket that listens on 127.0.0.1:`port`.
pub(super) fn listens(pid: u32, port: u16) -> bool {
    let Some(inode) = listening_inode(port) else {
        return false;
    };
    let socket = format!("socket:[{inode}]");
    let Ok(descriptors) = fs::read_dir(format!("/proc/{pid}/fd")) else {
        return false;
    };
    descriptors
        .flatten()
        .any(|entry| fs::read_link(entry.path()).is_ok_and(|to| to.as_os_str() == socket.as_str()))
}

/// The inode of the listening socket, from the kernel's table: `sl local remote st ... inode`.
fn listening_inode(port: u16) -> Option<String> {
    let table = fs::read_to_string("/proc/net/tcp").ok()?;
    let local = format!("0100007F:{port:04X}");
    table
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .find_map(|fields| {
            let listening = fields.get(1) == Some(&local.as_str()) && fields.get(3) == Some(&"0A");
            if listening {
                fields.get(9).map(ToString::to_string)
            } else {
                None
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_its_own_listener_from_others() {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let port = listener.local_addr().expect("bound").port();
        assert!(listens(std::process::id(), port));
        assert!(!listens(1, port) || std::process::id() == 1);
        drop(listener);
        assert!(!listens(std::process::id(), port));
    }
}
