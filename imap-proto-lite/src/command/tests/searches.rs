//! What SEARCH, SORT and THREAD look for.

use core::num::NonZeroU32;

use super::*;
use crate::flag::SystemFlag;

/// One key as it is written.
fn written(key: SearchKey<'_>) -> String {
    let search = Search {
        numbering: Numbering::Uid,
        returns: None,
        charset: None,
        keys: &[key],
    };
    let wire = shown(&Command::Search(search), Literals::Synchronizing);
    let line = wire.trim_end().strip_prefix("a1 UID SEARCH ");
    line.expect("a search").to_owned()
}

#[test]
fn keys_of_one_value() {
    let some = uids([3, 4, 9]);
    let day = Day::new(1994, 2, 1).expect("a day");
    let hour = NonZeroU32::new(3600).expect("above zero");
    for (key, line) in [
        (SearchKey::All, "ALL"),
        (SearchKey::New, "NEW"),
        (SearchKey::Old, "OLD"),
        (SearchKey::Recent, "RECENT"),
        (SearchKey::Flag(SystemFlag::Answered), "ANSWERED"),
        (SearchKey::NotFlag(SystemFlag::Seen), "UNSEEN"),
        (SearchKey::Keyword(atom("$Work")), "KEYWORD $Work"),
        (SearchKey::NotKeyword(atom("$Work")), "UNKEYWORD $Work"),
        (SearchKey::Messages(Messages::Uids(&some)), "UID 3:4,9"),
        (SearchKey::Messages(Messages::SequenceFrom(seq(2))), "2:*"),
        (SearchKey::Messages(Messages::SavedUids), "UID $"),
        (SearchKey::Text(SearchText::Bcc, text("x")), "BCC x"),
        (SearchKey::Text(SearchText::Body, text("")), "BODY \"\""),
        (
            SearchKey::Text(SearchText::Subject, text("a b")),
            "SUBJECT \"a b\"",
        ),
        (
            SearchKey::Text(SearchText::Text, text("ä")),
            "TEXT {2}\r\n<+>ä",
        ),
        (
            SearchKey::Text(SearchText::GmailRaw, text("has:attachment in:unread")),
            "X-GM-RAW \"has:attachment in:unread\"",
        ),
        (
            SearchKey::Date(SearchDate::Internal, SearchOrder::Since, day),
            "SINCE 1-Feb-1994",
        ),
        (
            SearchKey::Date(SearchDate::Sent, SearchOrder::Before, day),
            "SENTBEFORE 1-Feb-1994",
        ),
        (
            SearchKey::Date(SearchDate::Saved, SearchOrder::On, day),
            "SAVEDON 1-Feb-1994",
        ),
        (SearchKey::Larger(u64::MAX), "LARGER 18446744073709551615"),
        (SearchKey::Smaller(0), "SMALLER 0"),
        (SearchKey::Older(hour), "OLDER 3600"),
        (SearchKey::Younger(hour), "YOUNGER 3600"),
        (SearchKey::ModSeq(ModSeq(620_162_338)), "MODSEQ 620162338"),
        (SearchKey::SaveDateSupported, "SAVEDATESUPPORTED"),
        (
            SearchKey::EmailId(atom("M6d99ac3275bb4e")),
            "EMAILID M6d99ac3275bb4e",
        ),
        (
            SearchKey::ThreadId(atom("T64b478a75b7ea9")),
            "THREADID T64b478a75b7ea9",
        ),
        (SearchKey::GmailMessageId(7), "X-GM-MSGID 7"),
        (SearchKey::GmailThreadId(8), "X-GM-THRID 8"),
    ] {
        assert_eq!(written(key), line);
    }
}

#[test]
fn keys_make_a_tree() {
    let seen = SearchKey::Flag(SystemFlag::Seen);
    let header = SearchKey::Header {
        field: text("Message-ID"),
        value: text("<a@b>"),
    };
    let both = [seen, header];
    let and = SearchKey::And(&both);
    let not = SearchKey::Not(&and);
    for (key, line) in [
        (and, "(SEEN HEADER Message-ID <a@b>)"),
        (not, "NOT (SEEN HEADER Message-ID <a@b>)"),
        (
            SearchKey::Or(&not, &seen),
            "OR NOT (SEEN HEADER Message-ID <a@b>) SEEN",
        ),
        (SearchKey::Fuzzy(&seen), "FUZZY SEEN"),
        (SearchKey::And(&[]), "(ALL)"),
    ] {
        assert_eq!(written(key), line);
    }
}

#[test]
fn a_deep_tree_needs_no_stack() {
    fn deep(key: &SearchKey<'_>, levels: usize, then: &mut dyn FnMut(&SearchKey<'_>)) {
        match levels {
            0 => then(key),
            _ => deep(&SearchKey::Not(key), levels - 1, then),
        }
    }
    deep(&SearchKey::All, 1000, &mut |key| {
        assert_eq!(written(*key), "NOT ".repeat(1000) + "ALL");
    });
}

#[test]
fn searches_of_the_rfcs() {
    let day = Day::new(1994, 2, 1).expect("a day");
    let smith = SearchKey::Text(SearchText::From, text("Smith"));
    let keys = [
        SearchKey::Flag(SystemFlag::Flagged),
        SearchKey::Date(SearchDate::Internal, SearchOrder::Since, day),
        SearchKey::Not(&smith),
    ];
    let search = Search {
        numbering: Numbering::Sequence,
        returns: Some(&[SearchReturn::Min, SearchReturn::Count]),
        charset: None,
        keys: &keys,
    };
    let number = |value| NonZeroU32::new(value).expect("above zero");
    let (first, last) = (number(23500), number(24000));
    let partial = [
        SearchReturn::Max,
        SearchReturn::All,
        SearchReturn::Save,
        SearchReturn::Partial(PartialRange::FromFirst { first, last }),
    ];
    let other = Search {
        numbering: Numbering::Uid,
        returns: Some(&partial),
        charset: Some(atom("UTF-8")),
        keys: &[],
    };
    let plain = Search {
        returns: Some(&[]),
        ..search
    };
    check(&[
        (
            Command::Search(search),
            "SEARCH RETURN (MIN COUNT) FLAGGED SINCE 1-Feb-1994 NOT FROM Smith",
        ),
        (
            Command::Search(other),
            "UID SEARCH RETURN (MAX ALL SAVE PARTIAL 23500:24000) CHARSET UTF-8 ALL",
        ),
        (
            Command::Search(plain),
            "SEARCH RETURN () FLAGGED SINCE 1-Feb-1994 NOT FROM Smith",
        ),
    ]);
}

#[test]
fn sorted_and_threaded() {
    let sort = Sort {
        numbering: Numbering::Sequence,
        returns: None,
        criteria: &[
            SortCriterion::Ascending(SortKey::Subject),
            SortCriterion::Descending(SortKey::Date),
        ],
        charset: atom("UTF-8"),
        keys: &[],
    };
    let thread = Thread {
        numbering: Numbering::Uid,
        algorithm: atom("REFERENCES"),
        charset: atom("UTF-8"),
        keys: &[SearchKey::Text(SearchText::Text, text("gewp"))],
    };
    let counted = Sort {
        numbering: Numbering::Uid,
        returns: Some(&[SearchReturn::Count]),
        ..sort
    };
    check(&[
        (Command::Sort(sort), "SORT (SUBJECT REVERSE DATE) UTF-8 ALL"),
        (
            Command::Sort(counted),
            "UID SORT RETURN (COUNT) (SUBJECT REVERSE DATE) UTF-8 ALL",
        ),
        (
            Command::Thread(thread),
            "UID THREAD REFERENCES UTF-8 TEXT gewp",
        ),
    ]);
}

#[test]
fn days_are_of_the_calendar() {
    assert!(Day::new(2024, 2, 29).is_some());
    for (year, month, day) in [
        (2023, 2, 29),
        (2024, 0, 1),
        (2024, 13, 1),
        (2024, 1, 0),
        (10_000, 1, 1),
    ] {
        assert_eq!(Day::new(year, month, day), None, "{year} {month} {day}");
    }
    let early = Day::new(42, 12, 31).expect("a day");
    let key = SearchKey::Date(SearchDate::Internal, SearchOrder::On, early);
    assert_eq!(written(key), "ON 31-Dec-0042");
}
