//! What screens show: visits, notices, the outbox, reference data.

use device::{LeasedNumbers, NumbersView};
use device::{NoticeRow, Standing, TakenFrame, Task};
use sync_core::document::PaperRow;
use sync_core::domain::hazard::Clause;
use sync_core::domain::law::ClauseReading;
use sync_core::domain::papers::PaperKind;
use sync_core::id::{FactId, InspectionId, NoticeId};
use sync_core::ledger::stream;
use sync_core::time::Timestamp;

use crate::lists::{Conflict, HistoryEntry, NoticePage, StreamAbout, Words, Worklist};
use crate::{
    Catalogue, Device, DeviceError, InspectionView, NoticeView, Outbox, PaperPage, StreamId,
};

#[uniffi::export]
impl Device {
    /// The outbox: where each own record and file is.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn outbox(&self) -> Result<Outbox, DeviceError> {
        self.with(|device| device.outbox().map(Outbox::from))
    }

    /// How many own items are where, without the items.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn standing(&self) -> Result<Standing, DeviceError> {
        self.with(|device| device.standing())
    }

    /// Reference data: checklists, laws, departments, calendars, enterprises.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`].
    pub fn catalogue(&self) -> Result<Catalogue, DeviceError> {
        self.with(|device| Ok(device.catalogue().clone().into()))
    }

    /// The same as it was when a visit was begun here, for as long as its draft is open.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn catalogue_of(&self, inspection: InspectionId) -> Result<Catalogue, DeviceError> {
        self.with(|device| Ok(device.catalogue_of(inspection)?.into()))
    }

    /// How a clause reads on the day of a visit; none for a document that nobody knows.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn clause_of(
        &self,
        inspection: InspectionId,
        clause: Clause,
    ) -> Result<Option<ClauseReading>, DeviceError> {
        self.with(|device| device.clause_of(inspection, &clause))
    }

    /// The criteria from which a major grade is chosen for a sector on the day of a visit.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn criteria_of(
        &self,
        inspection: InspectionId,
        sector: String,
    ) -> Result<Vec<ClauseReading>, DeviceError> {
        self.with(|device| device.criteria_of(inspection, &sector))
    }

    /// The clauses that impose duties on the day of a visit, from which the basis of a hazard is chosen.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn duties_of(&self, inspection: InspectionId) -> Result<Vec<ClauseReading>, DeviceError> {
        self.with(|device| device.duties_of(inspection))
    }

    /// The field's Chinese terms by stable name, sentences of refusals included.
    pub fn words(&self) -> Words {
        device::words().into()
    }

    /// The visits that this person knows of.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn tasks(&self) -> Result<Vec<Task>, DeviceError> {
        self.with(|device| device.tasks())
    }

    /// The visits that are not settled.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn open_tasks(&self) -> Result<Vec<Task>, DeviceError> {
        self.with(|device| device.open_tasks())
    }

    /// One inspection, edits of the last second included; none if nothing is known of it here.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn inspection(
        &self,
        inspection: InspectionId,
    ) -> Result<Option<InspectionView>, DeviceError> {
        self.with(|device| Ok(device.inspection(inspection)?.map(InspectionView::from)))
    }

    /// The records under way in which officers differ.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn conflicts(&self) -> Result<Vec<Conflict>, DeviceError> {
        self.with(|device| Ok(device.conflicts()?.into_iter().map(Conflict::from).collect()))
    }

    /// Whether the server has the sealed record and every photo of it.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn is_delivered(&self, inspection: InspectionId) -> Result<bool, DeviceError> {
        self.with(|device| device.is_delivered(inspection))
    }

    /// What this phone knows of a visit and a colleague's may not, as frames for a QR code that runs, or for the lines of
    /// a file.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], `not_on_team`, that of a key store that does not sign, or the
    /// reason of the store when it cannot be read.
    pub fn hand_over(&self, inspection: InspectionId) -> Result<Vec<String>, DeviceError> {
        self.with(|device| device.hand_over(inspection))
    }

    /// Takes a frame that a colleague's phone shows. With the last one that was missing everything is taken over.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], `malformed` for what is no frame, `not_on_team`, or the reason of
    /// the store when it cannot be written.
    pub fn take_over(&self, frame: String) -> Result<TakenFrame, DeviceError> {
        self.with(|device| device.take_over(&frame))
    }

    /// The numbers with which this device issues without signal, for this year; none for somebody who issues no notices.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn numbers(&self) -> Result<Option<NumbersView>, DeviceError> {
        self.with(|device| device.numbers())
    }

    /// The blocks of numbers that devices of this person's department were leased, the newest first.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn leased_numbers(&self) -> Result<Vec<LeasedNumbers>, DeviceError> {
        self.with(|device| device.leased_numbers())
    }

    /// The notices that this person knows of, as they stand now.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn notices(&self) -> Result<Vec<NoticeView>, DeviceError> {
        self.with(|device| Ok(device.notices()?.into_iter().map(NoticeView::from).collect()))
    }

    /// A page of the notices with something left to do: first those with which this person may do something, then
    /// by the nearest deadline.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn open_notices(&self, skip: u32, take: u32) -> Result<NoticePage, DeviceError> {
        self.with(|device| device.open_notices(skip, take).map(NoticePage::from))
    }

    /// A page of the other notices, the newest first; once `open_notices` has looked at them.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn settled_notices(&self, skip: u32, take: u32) -> Result<Vec<NoticeRow>, DeviceError> {
        self.with(|device| device.settled_notices(skip, take))
    }

    /// The first of what waits for this person's decision and of what is overdue.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn worklist(&self, waiting: u32, overdue: u32) -> Result<Worklist, DeviceError> {
        self.with(|device| device.worklist(waiting, overdue).map(Worklist::from))
    }

    /// Whose premises streams are about, and under which number.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn about(&self, streams: Vec<StreamId>) -> Result<Vec<StreamAbout>, DeviceError> {
        let streams: Vec<_> = streams.into_iter().map(stream::StreamId::from).collect();
        self.with(|device| Ok(device.about(&streams)?.into_iter().map(StreamAbout::from).collect()))
    }

    /// One notice as it stands at an instant, now unless one is given; none if it is not known here.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    #[uniffi::method(default(at = None))]
    pub fn notice(
        &self,
        notice: NoticeId,
        at: Option<Timestamp>,
    ) -> Result<Option<NoticeView>, DeviceError> {
        self.with(|device| {
            let at = at.map_or_else(|| device.now(), Ok)?;
            Ok(device.notice(&stream::StreamId::notice(notice), at)?.map(NoticeView::from))
        })
    }

    /// The papers of a stream's case that this person may have.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn papers(&self, stream: StreamId) -> Result<Vec<PaperRow>, DeviceError> {
        self.with(|device| device.papers(&stream.into()))
    }

    /// One paper as a page that needs nothing else, for A4 or, when `narrow`, for a roll of 80 mm. `server` is the address
    /// at which everybody reaches the server: with it the page has a code by which it is checked.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], `not_found`, otherwise the reason of the store when it cannot be
    /// read.
    #[uniffi::method(default(server = None))]
    pub fn paper(
        &self,
        stream: StreamId,
        kind: PaperKind,
        fact: FactId,
        narrow: bool,
        server: Option<String>,
    ) -> Result<PaperPage, DeviceError> {
        let stream = stream.into();
        self.with(|device| Ok(device.paper(&stream, kind, fact, narrow, server.as_deref())?.into()))
    }

    /// An edition of a paper word for word, from its canonical bytes as the server gives them.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], `malformed` for other bytes, `paper_unknown` for what was never
    /// issued as far as it is known here, otherwise the reason of the store when it cannot be read.
    #[uniffi::method(default(server = None))]
    pub fn paper_as_issued(
        &self,
        stream: StreamId,
        fact: FactId,
        canonical: Vec<u8>,
        narrow: bool,
        server: Option<String>,
    ) -> Result<PaperPage, DeviceError> {
        let stream = stream.into();
        self.with(|device| {
            let server = server.as_deref();
            Ok(device.paper_as_issued(&stream, fact, &canonical, narrow, server)?.into())
        })
    }

    /// Everything that was stated in a stream, in the order in which it counts.
    ///
    /// # Errors
    /// [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
    pub fn history(&self, stream: StreamId) -> Result<Vec<HistoryEntry>, DeviceError> {
        let entries = self.with(|device| device.history(&stream.into()))?;
        entries.into_iter().map(HistoryEntry::read).collect()
    }
}
