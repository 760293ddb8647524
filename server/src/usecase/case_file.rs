//! The whole case of a visit as one file: papers with cover and index, photos as they were taken, the signed facts, and
//! how all of it is verified without this program.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read as _, Seek as _, Write as _};

use serde_json::{Value, json};
use sync_core::act::{Admitted, Capture, state};
use sync_core::case::Case;
use sync_core::document::{self, Filed, Paper};
use sync_core::domain::account::{Person, Role};
use sync_core::id::{BlobHash, InspectionId, PersonId};
use sync_core::ledger::stream::StreamId;
use sync_core::refusal::{Code, Refusal};
use sync_core::time::Timestamp;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::papers::{Maker, failed, of_row, pictures, with_fonts};
use super::{give_blob, show_case};
use crate::blobstore;
use crate::directory::Directory;
use crate::state::App;

/// How the file is verified.
const VERIFY: &str = include_str!("../../docs/casefile.md");

/// Whoever writes a case file from the data folder: it holds what an auditor reads.
#[must_use]
pub fn auditor(now: Timestamp) -> Person {
    Person {
        id: PersonId::from_bytes([0; 16]),
        name: String::new(),
        role: Role::Auditor,
        department: None,
        enterprise: None,
        certificate: None,
        from: now,
        revoked_at: None,
    }
}

/// The case file of a visit, to be read from its beginning. It lies on disk and is gone once it was read: photos of a visit
/// may be more than memory holds.
///
/// # Errors
/// As [`write()`].
pub async fn download(
    app: &App,
    reader: &Person,
    inspection: InspectionId,
) -> Result<tokio::fs::File, Refusal> {
    let _turn = app.shared.reporting.turn(reader.id).await?;
    let mut file = tempfile::tempfile().map_err(blobstore::failed)?;
    write(&Maker::of(app), reader, inspection, app.clock.now(), &mut file).await?;
    file.rewind().map_err(blobstore::failed)?;
    Ok(tokio::fs::File::from_std(file))
}

/// Writes the case of a visit, as far as the reader may see it.
///
/// # Errors
/// [`Code::NotFound`] for a visit that the reader may not see, `Code::RecordDamaged` for a case that cannot be relied on,
/// `Code::StorageFailed`.
pub async fn write(
    maker: &Maker<'_>,
    reader: &Person,
    inspection: InspectionId,
    now: Timestamp,
    file: &mut File,
) -> Result<(), Refusal> {
    let stream = StreamId::inspection(inspection);
    let (facts, case) = show_case::read(maker.shared, reader, stream).await?;
    state::require_known(&case)?;
    let directory = maker.shared.directory.snapshot();
    let photos: BTreeSet<BlobHash> = case.every::<Capture>().map(|it| it.body.photo.blob).collect();
    let all: Vec<BlobHash> = photos.iter().copied().collect();
    let pictures = pictures(maker, reader, &all).await;
    let Bound { papers, pdf, damaged } = papers(maker, &directory, &case, pictures, now).await?;
    let mut zip = Zip(ZipWriter::new(file));
    zip.put("核验说明.md", VERIFY.as_bytes())?;
    zip.put("卷宗.pdf", &pdf)?;
    for paper in &papers {
        zip.put(&format!("papers/{}.cbor", paper.digest().hex()), &paper.canonical())?;
    }
    zip.put("facts.json", &index(maker, &directory, &facts)?)?;
    for it in &facts {
        zip.put(&format!("facts/{}.cbor", it.fact.id.hex()), it.fact.bytes())?;
    }
    if !damaged.is_empty() {
        zip.put("缺少的文书.txt", damaged.as_bytes())?;
    }
    let missing = originals(maker, reader, &photos, &mut zip).await?;
    if !missing.is_empty() {
        zip.put("缺少的照片.txt", missing.as_bytes())?;
    }
    zip.0.finish().map_err(unwritten)?;
    Ok(())
}

/// The papers of a case, bound with cover and index before them, and which cannot be given word for word.
struct Bound {
    papers: Vec<Paper>,
    pdf: Vec<u8>,
    damaged: String,
}

/// Every paper with cover and index before them, and all of them set.
async fn papers(
    maker: &Maker<'_>,
    directory: &Directory,
    case: &Case,
    pictures: BTreeMap<BlobHash, Vec<u8>>,
    now: Timestamp,
) -> Result<Bound, Refusal> {
    let sources = directory.sources(case);
    let (mut papers, mut damaged) = (Vec::new(), String::new());
    for row in document::papers(case, &sources) {
        match of_row(maker.shared, case, &row, &sources).await {
            Ok(paper) => papers.push(paper),
            Err(refusal) if refusal.code == Code::RecordDamaged => {
                let _ = writeln!(damaged, "{}　{}", row.title, row.digest);
            }
            Err(refusal) => return Err(refusal),
        }
    }
    let not_found = || Refusal::new(Code::NotFound);
    let cover = document::cover(case, &sources, now).ok_or_else(not_found)?;
    let server = maker.server.map(str::to_owned);
    let (papers, pictures, pages) = maker
        .shared
        .turns
        .run(move || {
            let pages = with_fonts(&pictures, server.as_deref(), |fonts, extras| {
                Ok(papers.iter().map(|it| typeset::pages(it, fonts, extras)).collect::<Vec<_>>())
            });
            (papers, pictures, pages)
        })
        .await?;
    let mut page = 1;
    let filed = papers.iter().zip(pages.map_err(failed)?).map(|(paper, pages)| {
        let at = page;
        page += pages;
        let Paper { title, number, date, .. } = paper;
        Filed { title: title.clone(), number: number.clone(), on: *date, page: at }
    });
    let filed: Vec<Filed> = filed.collect();
    let index = document::index(case, &filed, &sources).ok_or_else(not_found)?;
    let front = vec![cover, index];
    let server = maker.server.map(str::to_owned);
    let (papers, pdf) = maker
        .shared
        .turns
        .run(move || {
            let pdf = with_fonts(&pictures, server.as_deref(), |fonts, extras| {
                typeset::case_file(&front, &papers, fonts, extras)
            });
            (papers, pdf)
        })
        .await?;
    Ok(Bound { papers, pdf: pdf.map_err(failed)?, damaged })
}

/// What each file of a fact is, and the keys by which they are verified.
fn index(maker: &Maker<'_>, directory: &Directory, facts: &[Admitted]) -> Result<Vec<u8>, Refusal> {
    let hex = |bytes: &[u8]| {
        bytes.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    };
    let devices: BTreeSet<_> = facts.iter().map(|it| it.fact.body.device).collect();
    let key = |id| {
        let known = directory.devices.get(id)?;
        let device = &known.device;
        Some(json!({
            "device": device.id, "person": device.person, "public_key": hex(&device.public_key),
            "from": device.from, "revoked_at": device.revoked_at,
        }))
    };
    let fact = |it: &Admitted| {
        let body = &it.fact.body;
        json!({
            "file": format!("facts/{}.cbor", it.fact.id.hex()), "fact": it.fact.id,
            "kind": it.fact.statement.name(), "title": it.fact.statement.title(),
            "stream": body.stream, "author": body.author, "device": body.device,
            "claimed_at": body.wall,
            "received_at": it.receipt.map(|it| it.at), "place": it.receipt.map(|it| it.place),
            "statement": it.fact.statement,
        })
    };
    let index: Value = json!({
        "server_key": hex(&maker.shared.keys.public_key()),
        "devices": devices.iter().filter_map(key).collect::<Vec<_>>(),
        "facts": facts.iter().map(fact).collect::<Vec<_>>(),
    });
    serde_json::to_vec_pretty(&index).map_err(|_| Refusal::new(Code::StorageFailed))
}

/// The photos as they were taken, one in memory at a time; says which are not there.
async fn originals(
    maker: &Maker<'_>,
    reader: &Person,
    photos: &BTreeSet<BlobHash>,
    zip: &mut Zip<'_>,
) -> Result<String, Refusal> {
    let mut missing = String::new();
    for hash in photos {
        let place = give_blob::place(maker.shared, reader, *hash).await;
        let read = match place {
            Ok(place) => {
                let folder = maker.blobs.clone();
                let hash = *hash;
                let read = tokio::task::spawn_blocking(move || {
                    folder.verify(hash, place)?;
                    let mut bytes = Vec::new();
                    folder.open_at(hash, place, 0)?.take(place.len).read_to_end(&mut bytes)?;
                    Ok::<_, std::io::Error>(bytes)
                });
                read.await.map_err(std::io::Error::other).flatten().ok()
            }
            Err(_) => None,
        };
        match read {
            Some(bytes) => {
                let ending = if bytes.starts_with(b"\x89PNG") { "png" } else { "jpg" };
                zip.put(&format!("photos/{}.{ending}", hash.hex()), &bytes)?;
            }
            None => {
                let _ = writeln!(missing, "{hash}");
            }
        }
    }
    Ok(missing)
}

/// A ZIP in which everything stands as it is.
struct Zip<'f>(ZipWriter<&'f mut File>);

impl Zip<'_> {
    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), Refusal> {
        let plain = SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored)
            .last_modified_time(zip::DateTime::default());
        self.0.start_file(name, plain).map_err(unwritten)?;
        self.0.write_all(bytes).map_err(blobstore::failed)
    }
}

fn unwritten(error: zip::result::ZipError) -> Refusal {
    blobstore::failed(std::io::Error::other(error))
}
