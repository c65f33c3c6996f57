//! How each tool is told to copy one account: its configuration, its command line, when it begins.
//!
//! Each with its fastest sane settings: one way where it can, new messages only, pipelines as it likes.

use std::path::Path;
use std::process::Command;
use std::{env, fs, io};

use imapsync_tests::real::PASSWORD;

use crate::cost::Start;
use crate::rows::{Row, Security};
use crate::server::Server;
use crate::stage::{End, Job};
use crate::tools::Tool;

/// The command that does a job, and when its clock starts. The job's folder is empty, for whatever it remembers.
pub(crate) fn command(tool: &Tool, row: &Row, job: &Job<'_>) -> io::Result<(Command, Start)> {
    let command = match tool {
        Tool::Ours(path) => ours(path, &[], job),
        Tool::Unordered(path) => ours(path, &["--unordered"], job),
        Tool::NeverCompressed(path) => ours(path, &["--compress", "never"], job),
        Tool::Interimap => interimap(job)?,
        Tool::Mbsync => mbsync(job)?,
        Tool::Imapcopy => imapcopy(job)?,
        Tool::Doveadm => doveadm(job)?,
        Tool::PlainRelay => plain_relay(job)?,
        Tool::Ceiling => return Ok((ceiling(row, job)?, Start::OnWord)),
    };
    Ok((command, Start::AtOnce))
}

fn ours(path: &Path, options: &[&str], job: &Job<'_>) -> Command {
    let url = |end: &End| {
        let scheme = match end.security {
            Security::Plain => "imap+insecure",
            Security::Tls => "imaps",
        };
        format!("{scheme}://{}@{}:{}", end.user, end.host(), end.port)
    };
    let mut command = Command::new(path);
    command
        .args(["sync", &url(&job.source), &url(&job.dest), "--state-dir"])
        .arg(job.folder)
        .args(options)
        .env("IMAPSYNC_SOURCE_PASSWORD", PASSWORD)
        .env("IMAPSYNC_DEST_PASSWORD", PASSWORD);
    if job.source.security == Security::Tls {
        command.arg("--source-ca-file").arg(&job.source.ca_file);
        command.arg("--dest-ca-file").arg(&job.dest.ca_file);
    }
    command
}

fn mbsync(job: &Job<'_>) -> io::Result<Command> {
    let store = |name: &str, end: &End| {
        let security = match end.security {
            Security::Plain => "SSLType None".to_owned(),
            Security::Tls => format!("SSLType IMAPS\nCertificateFile {}", end.ca_file.display()),
        };
        format!(
            "IMAPStore {name}\nHost {}\nPort {}\nUser {}\nPass {PASSWORD}\n{security}\nAuthMechs LOGIN\n\n",
            end.host(),
            end.port,
            end.user
        )
    };
    let channel = format!(
        "Channel all\nFar :source:\nNear :dest:\nPatterns *\nSync Pull New\nCreate Near\nCopyArrivalDate yes\nSyncState {}/\n",
        job.folder.display()
    );
    let text = [
        store("source", &job.source),
        store("dest", &job.dest),
        channel,
    ];
    let configuration = job.folder.join("mbsyncrc");
    fs::write(&configuration, text.concat())?;
    let mut command = Command::new("mbsync");
    command.arg("-c").arg(configuration).arg("all");
    Ok(command)
}

/// It always goes both ways.
fn interimap(job: &Job<'_>) -> io::Result<Command> {
    let side = |name: &str, end: &End| {
        let security = match end.security {
            Security::Plain => "type = imap\nSTARTTLS = NO".to_owned(),
            Security::Tls => format!("type = imaps\nSSL_CAfile = {}", end.ca_file.display()),
        };
        format!(
            "[{name}]\n{security}\nhost = {}\nport = {}\nusername = {}\npassword = {PASSWORD}\n\n",
            end.host(),
            end.port,
            end.user
        )
    };
    let text = [
        format!("database = {}/interimap.db\n\n", job.folder.display()),
        side("local", &job.dest),
        side("remote", &job.source),
    ];
    let configuration = job.folder.join("config");
    fs::write(&configuration, text.concat())?;
    let mut command = Command::new("interimap");
    command.arg("--config").arg(configuration).arg("-q");
    command
        .env("HOME", job.folder)
        .env("XDG_DATA_HOME", job.folder)
        .env("XDG_CONFIG_HOME", job.folder);
    Ok(command)
}

fn imapcopy(job: &Job<'_>) -> io::Result<Command> {
    let text = format!(
        "SourceServer {}\nSourcePort {}\nDestServer {}\nDestPort {}\nDenyFlags \"\\Recent\"\nCopy \"{}\" \"{PASSWORD}\" \"{}\" \"{PASSWORD}\"\n",
        job.source.host(),
        job.source.port,
        job.dest.host(),
        job.dest.port,
        job.source.user,
        job.dest.user,
    );
    fs::write(job.folder.join("ImapCopy.cfg"), text)?;
    let mut command = Command::new("imapcopy");
    command.current_dir(job.folder);
    Ok(command)
}

/// The destination's own program; only the source is asked over IMAP.
fn doveadm(job: &Job<'_>) -> io::Result<Command> {
    let Server::Dovecot(dest) = job.dest_server else {
        return Err(io::Error::other("the destination is no Dovecot"));
    };
    let mut command = dest.doveadm_command();
    let source = &job.source;
    let mut settings = vec![
        format!("imapc_host={}", source.host()),
        format!("imapc_port={}", source.port),
        format!("imapc_user={}", source.user),
        format!("imapc_password={PASSWORD}"),
        "imapc_features=rfc822.size fetch-headers".to_owned(),
        "mail_prefetch_count=20".to_owned(),
    ];
    if source.security == Security::Tls {
        settings.push("imapc_ssl=imaps".to_owned());
        settings.push(format!("ssl_client_ca_file={}", source.ca_file.display()));
    }
    for setting in settings {
        command.args(["-o", &setting]);
    }
    command.args(["backup", "-R", "-u", &job.dest.user, "imapc:"]);
    Ok(command)
}

fn plain_relay(job: &Job<'_>) -> io::Result<Command> {
    let mut command = Command::new(env::current_exe()?);
    command
        .arg("plain-relay")
        .args(["--source", &format!("127.0.0.1:{}", job.source.port)])
        .args(["--source-user", &job.source.user])
        .args(["--dest", &format!("127.0.0.1:{}", job.dest.port)])
        .args(["--dest-user", &job.dest.user]);
    Ok(command)
}

fn ceiling(row: &Row, job: &Job<'_>) -> io::Result<Command> {
    let mut command = Command::new(env::current_exe()?);
    command
        .args(["ceiling", "--row", row.name])
        .args(["--batch", &job.batch.to_string()])
        .args(["--source", &format!("127.0.0.1:{}", job.source.port)])
        .args(["--source-user", &job.source.user])
        .arg("--source-ca")
        .arg(&job.source.ca_file)
        .args(["--dest", &format!("127.0.0.1:{}", job.dest.port)])
        .args(["--dest-user", &job.dest.user])
        .arg("--dest-ca")
        .arg(&job.dest.ca_file);
    Ok(command)
}
