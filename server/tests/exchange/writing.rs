//! The writer: jobs that are written together, of which one may be stale.

use std::collections::BTreeMap;

use server::store::integrity::Integrity;
use server::store::ledger::StoredFact;
use server::store::streams::{self, StreamKey, StreamRow};
use server::store::writer::{WriteJob, Writer, Written};
use server::store::{self, ledger};
use sync_core::id::{DeviceId, Digest};
use tempfile::TempDir;

use super::world::{MORNING, inspection};
use crate::database;

async fn writer() -> (TempDir, store::Pool, Writer) {
    let folder = tempfile::tempdir().unwrap();
    database::choose(folder.path());
    let pool = store::open(folder.path()).await.unwrap();
    store::sequencer::epoch(&mut pool.acquire().await.unwrap(), [1; 16]).await.unwrap();
    let writer = Writer::start(pool.clone(), integrity());
    (folder, pool, writer)
}

fn integrity() -> Integrity {
    Integrity::new(&[3; 32], DeviceId::from_bytes([9; 16]))
}

fn key(number: u32) -> StreamKey {
    StreamKey::inspection(inspection(number))
}

/// Adds one fact to a stream of which `facts` are known at `version`.
fn job(number: u32, version: i64, facts: u64, bytes: &[u8]) -> WriteJob {
    let row = StreamRow { version, facts: facts + 1, ..StreamRow::absent(key(number)) };
    let fact = StoredFact {
        stream: key(number),
        place: facts + 1,
        id: Digest::of(bytes),
        at: MORNING,
        device: DeviceId::from_bytes([1; 16]),
        seq: facts + 1,
        bytes: bytes.to_vec(),
        whole: true,
    };
    WriteJob {
        expected: BTreeMap::from([(key(number), version)]),
        streams: vec![row],
        facts: vec![fact],
        ..WriteJob::default()
    }
}

#[tokio::test]
async fn of_two_jobs_on_one_stream_one_is_written_and_a_third_beside_them_is_too() {
    let (_folder, pool, writer) = writer().await;
    let jobs = [job(1, 0, 0, b"one"), job(1, 0, 0, b"other"), job(2, 0, 0, b"beside")];
    let written = futures_util::future::join_all(jobs.map(|job| writer.write(job))).await;
    let written: Vec<Written> = written.into_iter().map(Result::unwrap).collect();
    assert_eq!(written, [Written::Durable, Written::Stale, Written::Durable]);
    let mut db = pool.acquire().await.unwrap();
    let facts = ledger::of_streams(&mut db, &[key(1), key(2)], &integrity()).await.unwrap();
    let bytes =
        |number: u32| facts[&key(number)].iter().map(|it| it.bytes.clone()).collect::<Vec<_>>();
    assert_eq!((bytes(1), bytes(2)), (vec![b"one".to_vec()], vec![b"beside".to_vec()]));
}

#[tokio::test]
async fn what_moved_before_makes_its_job_stale_and_no_neighbour() {
    let (_folder, pool, writer) = writer().await;
    assert_eq!(writer.write(job(1, 0, 0, b"first")).await.unwrap(), Written::Durable);
    // The first of these was prepared before the stream existed; the second one knows of it.
    let jobs = [job(1, 0, 0, b"late"), job(2, 0, 0, b"beside"), job(1, 1, 1, b"second")];
    let written = futures_util::future::join_all(jobs.map(|job| writer.write(job))).await;
    let written: Vec<Written> = written.into_iter().map(Result::unwrap).collect();
    assert_eq!(written, [Written::Stale, Written::Durable, Written::Durable]);
    let mut db = pool.acquire().await.unwrap();
    let rows = streams::load(&mut db, &[key(1), key(2)]).await.unwrap();
    assert_eq!((rows[&key(1)].version, rows[&key(1)].facts), (2, 2));
    assert_eq!((rows[&key(2)].version, rows[&key(2)].facts), (1, 1));
}

#[tokio::test]
async fn a_job_that_rests_on_a_stream_it_does_not_write_is_stale_when_that_moved() {
    let (_folder, pool, writer) = writer().await;
    assert_eq!(writer.write(job(1, 0, 0, b"first")).await.unwrap(), Written::Durable);
    let mut resting = job(2, 0, 0, b"resting");
    resting.expected.insert(key(1), 0);
    assert_eq!(writer.write(resting.clone()).await.unwrap(), Written::Stale);
    resting.expected.insert(key(1), 1);
    assert_eq!(writer.write(resting).await.unwrap(), Written::Durable);
    let mut db = pool.acquire().await.unwrap();
    assert_eq!(
        ledger::of_streams(&mut db, &[key(2)], &integrity()).await.unwrap()[&key(2)].len(),
        1
    );
}
