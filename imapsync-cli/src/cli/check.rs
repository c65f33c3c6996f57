//! `check`: what a server says of itself and of an account.

use imap_client_lite::{Client, Security};
use imap_proto_lite::Tally;

use crate::account::{Account, Compress, Decision, Offer, offer};
use crate::error::Fault;
use crate::side::Side;
use crate::survey::Survey;

/// Connects, logs in, and prints what is there.
pub(crate) async fn check(account: &Account) -> Result<(), Fault> {
    let mut client = account.open().await?;
    let protection = match account.url.endpoint.security {
        Security::Tls => "TLS",
        Security::StartTls => "STARTTLS",
        Security::None => "NO PROTECTION: the password and all mail cross the network in clear",
    };
    println!("account       {}", account.url);
    println!("connection    {protection}");
    let server: Vec<String> = client
        .server_id()
        .iter()
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    if !server.is_empty() {
        println!("server        {}", server.join(", "));
    }
    let capabilities: Vec<&str> = client.capabilities().iter().collect();
    println!("capabilities  {}", capabilities.join(" "));
    println!("compression   {}", compression(&client));
    if let Some(limit) = client.capabilities().append_limit() {
        println!("append limit  {limit} octets a message");
    }
    let survey = Survey::take(&mut client, Side::Source).await?;
    let delimiter = survey
        .layout
        .delimiter
        .map_or_else(|| "none".to_owned(), |byte| char::from(byte).to_string());
    println!(
        "names         delimiter {delimiter:?}, prefix {:?}",
        String::from_utf8_lossy(&survey.layout.prefix)
    );
    println!("mailboxes     {}", survey.mailboxes.len());
    for one in &survey.mailboxes {
        let subscribed = if survey.subscribed.contains(&one.name) {
            "subscribed"
        } else {
            ""
        };
        match one.status {
            Some(status) => println!(
                "{:>10} messages  {subscribed:<10}  {}",
                status.messages.unwrap_or(0),
                one.name
            ),
            None => println!("{:>10}           {subscribed:<10}  {}", "-", one.name),
        }
    }
    println!("quirks        {}", quirks(client.quirks()));
    client.logout().await;
    Ok(())
}

/// What the server said against the grammar on the way here, and how often.
fn quirks(met: &Tally) -> String {
    let counts: Vec<String> = met
        .iter()
        .map(|(quirk, responses)| format!("{quirk} {responses}"))
        .collect();
    match counts.is_empty() {
        true => "none met".to_owned(),
        false => counts.join(", "),
    }
}

/// Whether the server compresses, and what that means for a sync.
fn compression(client: &Client) -> String {
    let offer = offer(client);
    if offer == Offer::NotOffered {
        return "not offered".to_owned();
    }
    let round_trip = client.round_trip();
    let used = match Compress::Auto.decide(offer, round_trip) {
        Decision::Compressed => "used",
        Decision::Plain | Decision::Missed => "not used, since the server is near",
    };
    let quickest = round_trip.unwrap_or_default().as_micros();
    let milliseconds = format!("{}.{} ms", quickest / 1000, quickest % 1000 / 100);
    format!("offered; the quickest answer took {milliseconds}: with --compress auto {used}")
}
