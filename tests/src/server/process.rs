//! The program `embedded-imapd` as a process of its own, for those whose CPU time and memory must not be the
//! server's too.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A running server. Dropping it ends the process.
#[derive(Debug)]
pub struct ServerProcess {
    process: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    port: u16,
}

impl ServerProcess {
    /// Starts it with its options and waits until it listens. Who has mail is `alice`, and everybody's
    /// password `pw`, unless the options say something else.
    pub fn start(mut program: Command) -> io::Result<Self> {
        let mut process = program
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (orders, answers) = (process.stdin.take(), process.stdout.take());
        let Some((orders, answers)) = orders.zip(answers) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let mut server = Self {
            process,
            orders,
            answers: BufReader::new(answers),
            port: 0,
        };
        let line = server.line()?;
        let port = line.rsplit(':').next().and_then(|port| port.parse().ok());
        server.port = port.ok_or_else(|| io::Error::other(format!("no port in {line:?}")))?;
        Ok(server)
    }

    /// The TCP port.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Gives an order (`dump`, `count alice`, ...) and returns the lines of the answer.
    pub fn order(&mut self, order: &str) -> io::Result<Vec<String>> {
        writeln!(self.orders, "{order}")?;
        let mut lines = Vec::new();
        loop {
            match self.line()? {
                end if end == "end" => return Ok(lines),
                line => lines.push(line),
            }
        }
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.answers.read_line(&mut line)? {
            0 => Err(io::Error::other("the embedded server ended")),
            _ => {
                line.truncate(line.trim_end_matches('\n').len());
                Ok(line)
            }
        }
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // It may have ended; then there is nothing to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
