//! imap-codec: `ResponseCodec::decode` on a buffer, and more bytes when it says `Incomplete`, which is
//! faster on lines than its fragmentizer; the fragmentizer where a response comes in very many chunks.

use bytes::{Buf, BytesMut};
use imap_codec::ResponseCodec;
use imap_codec::decode::{Decoder, ResponseDecodeError};
use imap_codec::fragmentizer::Fragmentizer;
use imap_codec::imap_types::body::{BodyStructure, SpecificFields};
use imap_codec::imap_types::core::NString;
use imap_codec::imap_types::envelope::Envelope;
use imap_codec::imap_types::fetch::MessageDataItem;
use imap_codec::imap_types::flag::{Flag, FlagFetch};
use imap_codec::imap_types::mailbox::Mailbox;
use imap_codec::imap_types::response::{Data, Response};
use imap_proto_lite::SystemFlag;

use crate::sum::{KEYWORD, Sum, touch};

pub(crate) fn read<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Sum {
    let codec = ResponseCodec::new();
    let (mut buffer, mut sum) = (BytesMut::new(), Sum::default());
    for chunk in chunks {
        buffer.extend_from_slice(chunk);
        loop {
            let left = match codec.decode(&buffer) {
                Ok((rest, response)) => {
                    add(&mut sum, &response);
                    rest.len()
                }
                Err(ResponseDecodeError::Failed) => panic!("it is well-formed"),
                Err(_) => break,
            };
            buffer.advance(buffer.len() - left);
        }
    }
    sum
}

pub(crate) fn read_fragments<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Sum {
    let codec = ResponseCodec::new();
    let mut fragments = Fragmentizer::without_max_message_size();
    let mut sum = Sum::default();
    for chunk in chunks {
        fragments.enqueue_bytes(chunk);
        while fragments.progress().is_some() {
            if fragments.is_message_complete() {
                let response = fragments.decode_message(&codec);
                add(
                    &mut sum,
                    &response.unwrap_or_else(|_| panic!("it is well-formed")),
                );
            }
        }
    }
    sum
}

pub(crate) fn parse(sum: &mut Sum, response: &[u8]) {
    add(
        sum,
        &ResponseCodec::new()
            .decode(response)
            .expect("well-formed")
            .1,
    );
}

fn add(sum: &mut Sum, response: &Response<'_>) {
    sum.responses += 1;
    match response {
        Response::Data(Data::Fetch { items, .. }) => {
            items.as_ref().iter().for_each(|item| add_item(sum, item));
        }
        Response::Data(Data::List {
            items,
            delimiter,
            mailbox,
        }) => {
            let name = match mailbox {
                Mailbox::Inbox => b"INBOX",
                Mailbox::Other(name) => name.as_ref(),
            };
            let delimiter = delimiter.map_or(0, |delimiter| delimiter.inner() as u8);
            sum.name(name, delimiter, items.len());
        }
        Response::Data(Data::Search(uids, ..)) => {
            sum.uids += uids.iter().map(|uid| u64::from(uid.get())).sum::<u64>();
        }
        other => panic!("{other:?} is not in the traffic"),
    }
}

fn add_item(sum: &mut Sum, item: &MessageDataItem<'_>) {
    match item {
        MessageDataItem::Uid(uid) => sum.uids += u64::from(uid.get()),
        MessageDataItem::Flags(flags) => {
            sum.fold_flags(flags.iter().fold(0, |bits, flag| bits | flag_bit(flag)));
        }
        MessageDataItem::InternalDate(date) => sum.dates += date.as_ref().timestamp(),
        MessageDataItem::Rfc822Size(size) => sum.sizes += u64::from(*size),
        MessageDataItem::BodyExt {
            data: NString(Some(octets)),
            ..
        } => {
            sum.literals += touch(octets.as_ref());
        }
        MessageDataItem::Envelope(envelope) => add_envelope(sum, envelope),
        MessageDataItem::BodyStructure(body) => add_body(sum, body),
        other => panic!("{other:?} is not in the traffic"),
    }
}

fn flag_bit(flag: &FlagFetch<'_>) -> u64 {
    match flag {
        FlagFetch::Flag(Flag::Answered) => SystemFlag::Answered as u64,
        FlagFetch::Flag(Flag::Deleted) => SystemFlag::Deleted as u64,
        FlagFetch::Flag(Flag::Draft) => SystemFlag::Draft as u64,
        FlagFetch::Flag(Flag::Flagged) => SystemFlag::Flagged as u64,
        FlagFetch::Flag(Flag::Seen) => SystemFlag::Seen as u64,
        _ => KEYWORD,
    }
}

fn add_envelope(sum: &mut Sum, envelope: &Envelope<'_>) {
    let Envelope {
        from,
        sender,
        reply_to,
        to,
        cc,
        bcc,
        ..
    } = envelope;
    let lists = [from, sender, reply_to, to, cc, bcc];
    sum.addresses += lists.into_iter().map(|list| list.len() as u64).sum::<u64>();
    sum.subjects += envelope
        .subject
        .0
        .as_ref()
        .map_or(0, |text| text.as_ref().len() as u64);
}

fn add_body(sum: &mut Sum, body: &BodyStructure<'_>) {
    match body {
        BodyStructure::Single { body, .. } => {
            sum.part(u64::from(body.basic.size));
            if let SpecificFields::Message {
                envelope,
                body_structure,
                ..
            } = &body.specific
            {
                add_envelope(sum, envelope);
                add_body(sum, body_structure);
            }
        }
        BodyStructure::Multi { bodies, .. } => {
            bodies.as_ref().iter().for_each(|body| add_body(sum, body))
        }
    }
}
