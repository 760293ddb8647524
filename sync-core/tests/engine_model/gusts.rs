//! What the weather may do, and what people may write meanwhile.

use proptest::prelude::*;

/// What a person on the device does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Write {
    /// Takes a picture.
    Photo,
    /// Takes a picture that needs several requests.
    LargePhoto,
    /// Writes in the draft.
    Change,
    /// States something whose signature is damaged.
    BadFact,
    /// Writes a change that the guard refuses.
    BadChange,
    /// Takes a picture whose file is damaged afterwards.
    BadPhoto,
    /// States something that the server cannot judge, however often it comes.
    Unjudged,
    /// Takes a picture that the server cannot keep, however often it comes.
    Unstored,
}

/// One event. Those of the network meet the next request, the others come before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gust {
    /// The request is answered.
    Calm,
    /// It never arrives.
    CutBefore,
    /// It arrives, its answer does not.
    CutAfter,
    /// It arrives twice; the second answer comes first.
    Twice,
    /// It is given up; its answer comes after that of a later request.
    Late,
    /// Its answer comes twice.
    AnswerTwice,
    /// Half of its answer comes.
    Torn,
    /// The session has ended.
    Expired,
    /// The server has no time.
    Busy,
    /// The server cannot judge what came.
    Undecided,
    /// The server dies before the work is durable, and half of a part of a file stays.
    ServerDies,
    /// The device dies while it waits for the answer.
    DiesAsking,
    /// The device dies with the answer in hand.
    DiesBeforeStoring,
    /// The device dies with the answer on disk.
    DiesAfterStoring,
    /// The device has no room for the answer.
    StoreFails,
    /// The server makes a backup.
    Backup,
    /// The server comes back from its backup, in another epoch.
    Restored,
    /// The person on the device goes on working.
    Writes(Write),
    /// A colleague works and delivers.
    ColleagueWrites,
}

pub(crate) fn good() -> impl Strategy<Value = Write> {
    prop_oneof![8 => Just(Write::Photo), 8 => Just(Write::Change), 1 => Just(Write::LargePhoto)]
}

pub(crate) fn poison() -> impl Strategy<Value = Write> {
    prop_oneof![
        Just(Write::BadFact),
        Just(Write::BadChange),
        Just(Write::BadPhoto),
        Just(Write::Unjudged),
        Just(Write::Unstored),
    ]
}

pub(crate) fn gust() -> impl Strategy<Value = Gust> {
    prop_oneof![
        6 => Just(Gust::Calm),
        16 => prop::sample::select(vec![
            Gust::CutBefore, Gust::CutAfter, Gust::Twice, Gust::Late, Gust::AnswerTwice,
            Gust::Torn, Gust::Expired, Gust::Busy, Gust::Undecided, Gust::ServerDies,
        ]),
        6 => prop::sample::select(vec![
            Gust::DiesAsking, Gust::DiesBeforeStoring, Gust::DiesAfterStoring, Gust::StoreFails,
        ]),
        3 => good().prop_map(Gust::Writes),
        2 => Just(Gust::ColleagueWrites),
        2 => Just(Gust::Backup),
        3 => Just(Gust::Restored),
    ]
}

/// Backups and restores close together.
pub(crate) fn restores() -> impl Strategy<Value = Gust> {
    prop::sample::select(vec![Gust::Calm, Gust::Backup, Gust::Restored, Gust::DiesAfterStoring])
}
