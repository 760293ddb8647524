//! The papers of a case: which there are, and each as PDF. Whatever is given out is noted by its digest.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use sync_core::act::paper::PaperName;
use sync_core::act::state;
use sync_core::case::Case;
use sync_core::cbor;
use sync_core::document::{self, Paper, PaperRow, Sources};
use sync_core::domain::account::{Person, Role};
use sync_core::domain::papers::PaperKind;
use sync_core::id::BlobHash;
use sync_core::ledger::stream::StreamId;
use sync_core::ledger::suites::SoftVerifier;
use sync_core::refusal::{Code, Refusal};
use sync_core::wire::thumbnail;
use typeset::{Extras, Fonts, TypesetError};

use super::{give_blob, show_case};
use crate::blobstore::BlobFolder;
use crate::state::{App, Shared};
use crate::store::StoreError;
use crate::store::papers::{self, GivenPaper};
use crate::thumbnails::{self, Small};

/// What makes papers.
#[derive(Clone, Copy, Debug)]
pub struct Maker<'a> {
    /// What reads records.
    pub shared: &'a Shared,
    /// Files.
    pub blobs: &'a BlobFolder,
    /// Address of the server at which papers can be checked.
    pub server: Option<&'a str>,
}

impl<'a> Maker<'a> {
    pub(super) fn of(app: &'a App) -> Self {
        Self { shared: &app.shared, blobs: &app.blobs, server: Some(app.public_address.as_str()) }
    }
}

/// The papers of a stream's case that the reader may be given.
///
/// # Errors
/// [`Code::NotFound`] for a case that the reader may not see, `Code::RecordDamaged` for one that cannot be relied on,
/// `Code::StorageFailed`.
pub async fn list(app: &App, reader: &Person, stream: StreamId) -> Result<Vec<PaperRow>, Refusal> {
    let (_, case) = show_case::read(&app.shared, reader, stream).await?;
    state::require_known(&case)?;
    let directory = app.shared.directory.snapshot();
    let mut rows = document::papers(&case, &directory.sources(&case));
    rows.retain(|row| may_have(reader, row.kind));
    let given = rows.iter().filter_map(|row| GivenPaper::of(&case, row.digest, row.fact)).collect();
    note(app, given).await?;
    Ok(rows)
}

/// One paper of a case: an edition of it, or the one that stands. What was issued is given word for word.
///
/// # Errors
/// As [`list`]; [`Code::NotFound`] for a paper that is not there.
pub async fn find(
    app: &App,
    reader: &Person,
    stream: StreamId,
    (kind, fact): PaperName,
    edition: Option<u32>,
) -> Result<Paper, Refusal> {
    let (_, case) = show_case::read(&app.shared, reader, stream).await?;
    state::require_known(&case)?;
    let directory = app.shared.directory.snapshot();
    let sources = directory.sources(&case);
    let rows = document::papers(&case, &sources).into_iter();
    let mut rows =
        rows.filter(|row| (row.kind, row.fact) == (kind, fact) && may_have(reader, kind));
    let row = match edition {
        Some(edition) => rows.find(|row| row.edition == edition),
        None => rows.next_back(),
    };
    let row = row.ok_or(Refusal::new(Code::NotFound))?;
    let paper = of_row(&app.shared, &case, &row, &sources).await?;
    note(app, GivenPaper::of(&case, paper.digest(), fact).into_iter().collect()).await?;
    Ok(paper)
}

/// The paper of a row of a list.
///
/// # Errors
/// `Code::RecordDamaged` for an issued one whose bytes are not what was issued, `Code::StorageFailed`.
pub(super) async fn of_row(
    shared: &Shared,
    case: &Case,
    row: &PaperRow,
    sources: &Sources<'_>,
) -> Result<Paper, Refusal> {
    let kept = if row.issued.is_some() {
        let mut db = shared.pool.acquire().await.map_err(StoreError::from)?;
        papers::content(&mut db, row.digest).await?
    } else {
        None
    };
    let is_issued = |paper: &Paper| row.issued.is_none() || paper.digest() == row.digest;
    let kept = kept.and_then(|bytes| cbor::from_slice::<Paper>(&bytes).ok()).filter(is_issued);
    // Bytes that were lost are drawn again, if nothing that they say has changed.
    let paper = kept.or_else(|| document::paper(case, row.kind, row.fact, sources));
    paper.filter(is_issued).ok_or(Refusal::new(Code::RecordDamaged))
}

/// A paper as PDF.
///
/// # Errors
/// `Code::ServerBusy`, `Code::StorageFailed`.
pub async fn pdf(app: &App, reader: &Person, paper: Paper) -> Result<Vec<u8>, Refusal> {
    let maker = Maker::of(app);
    let pictures = pictures(&maker, reader, &paper.pictures()).await;
    set(&maker, vec![paper], pictures).await
}

fn may_have(reader: &Person, kind: PaperKind) -> bool {
    reader.role != Role::Enterprise || !kind.is_internal()
}

async fn note(app: &App, given: Vec<GivenPaper>) -> Result<(), Refusal> {
    let noted = app.write(move |db| Box::pin(async move { papers::note(db, &given).await }));
    Ok(noted.await?)
}

/// The small pictures that a reader may see of these photos.
pub(super) async fn pictures(
    maker: &Maker<'_>,
    reader: &Person,
    photos: &[BlobHash],
) -> BTreeMap<BlobHash, Vec<u8>> {
    let mut pictures = BTreeMap::new();
    for hash in photos {
        if pictures.contains_key(hash) {
            continue;
        }
        let Ok(place) = give_blob::place(maker.shared, reader, *hash).await else { continue };
        let made = thumbnails::make(maker.blobs, *hash, place, maker.shared).await;
        let Ok(Small::Picture(sealed)) = made else { continue };
        let key = maker.shared.keys.public_key();
        if let Ok(jpeg) = thumbnail::open(&SoftVerifier, &key, *hash, &sealed) {
            pictures.insert(*hash, jpeg.to_vec());
        }
    }
    pictures
}

/// The fonts, read when the first paper is set.
static FONTS: LazyLock<Result<Fonts, TypesetError>> = LazyLock::new(Fonts::built_in);

/// Papers as one PDF, beside the tasks and in its turn.
pub(super) async fn set(
    maker: &Maker<'_>,
    papers: Vec<Paper>,
    pictures: BTreeMap<BlobHash, Vec<u8>>,
) -> Result<Vec<u8>, Refusal> {
    let server = maker.server.map(str::to_owned);
    let made = maker.shared.turns.run(move || {
        with_fonts(&pictures, server.as_deref(), |fonts, extras| {
            typeset::pdf(&papers, fonts, extras)
        })
    });
    made.await?.map_err(failed)
}

/// Works with the fonts that are part of the program, and the pictures that are at hand.
pub(super) fn with_fonts<T>(
    pictures: &BTreeMap<BlobHash, Vec<u8>>,
    server: Option<&str>,
    work: impl FnOnce(&Fonts, &Extras<'_>) -> Result<T, TypesetError>,
) -> Result<T, TypesetError> {
    let picture = |hash: BlobHash| pictures.get(&hash).cloned();
    match &*FONTS {
        Ok(fonts) => work(fonts, &Extras { server, picture: &picture }),
        Err(_) => Err(TypesetError::Fonts),
    }
}

pub(super) fn failed(error: TypesetError) -> Refusal {
    tracing::error!(%error, "a paper could not be set");
    Refusal::new(Code::StorageFailed)
}
