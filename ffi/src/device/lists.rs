//! What screens show: visits, notices, the outbox, reference data.

use device::{NoticeRow, Standing, Task};
use sync_core::id::{InspectionId, NoticeId};
use sync_core::ledger::stream;
use sync_core::time::Timestamp;

use crate::lists::{Conflict, Desk, HistoryEntry, NoticePage, StreamAbout, Words};
use crate::{Catalogue, Device, DeviceError, InspectionView, NoticeView, Outbox, StreamId};

#[uniffi::export]
impl Device {
    /// The outbox: where each own record and file is.
    pub fn outbox(&self) -> Result<Outbox, DeviceError> {
        self.with(|device| device.outbox().map(Outbox::from))
    }

    /// How many own items are where, without the items.
    pub fn standing(&self) -> Result<Standing, DeviceError> {
        self.with(|device| device.standing())
    }

    /// Reference data: checklists, laws, departments, calendars, enterprises.
    pub fn catalogue(&self) -> Result<Catalogue, DeviceError> {
        self.with(|device| Ok(device.catalogue().clone().into()))
    }

    /// The same as it was when a visit was begun here, for as long as its draft is open.
    pub fn catalogue_of(&self, inspection: InspectionId) -> Result<Catalogue, DeviceError> {
        self.with(|device| Ok(device.catalogue_of(inspection)?.into_owned().into()))
    }

    /// The field's Chinese terms by stable name, sentences of refusals included.
    pub fn words(&self) -> Words {
        device::words().into()
    }

    /// The visits that this person knows of.
    pub fn tasks(&self) -> Result<Vec<Task>, DeviceError> {
        self.with(|device| device.tasks())
    }

    /// The visits that are not settled.
    pub fn open_tasks(&self) -> Result<Vec<Task>, DeviceError> {
        self.with(|device| device.open_tasks())
    }

    /// One inspection, edits of the last second included; none if nothing is known of it here.
    pub fn inspection(
        &self,
        inspection: InspectionId,
    ) -> Result<Option<InspectionView>, DeviceError> {
        self.with(|device| Ok(device.inspection(inspection)?.map(InspectionView::from)))
    }

    /// The records under way in which officers differ.
    pub fn conflicts(&self) -> Result<Vec<Conflict>, DeviceError> {
        self.with(|device| Ok(device.conflicts()?.into_iter().map(Conflict::from).collect()))
    }

    /// Whether the server has the sealed record and every photo of it.
    pub fn is_delivered(&self, inspection: InspectionId) -> Result<bool, DeviceError> {
        self.with(|device| device.is_delivered(inspection))
    }

    /// The notices that this person knows of, as they stand now.
    pub fn notices(&self) -> Result<Vec<NoticeView>, DeviceError> {
        self.with(|device| Ok(device.notices()?.into_iter().map(NoticeView::from).collect()))
    }

    /// A page of the notices with something left to do: first those with which this person may do something, then
    /// by the nearest deadline.
    pub fn open_notices(&self, skip: u32, take: u32) -> Result<NoticePage, DeviceError> {
        self.with(|device| device.open_notices(skip, take).map(NoticePage::from))
    }

    /// A page of the other notices, the newest first; once `open_notices` has looked at them.
    pub fn settled_notices(&self, skip: u32, take: u32) -> Result<Vec<NoticeRow>, DeviceError> {
        self.with(|device| device.settled_notices(skip, take))
    }

    /// The first of what waits for this person's decision and of what is overdue.
    pub fn desk(&self, waiting: u32, overdue: u32) -> Result<Desk, DeviceError> {
        self.with(|device| device.desk(waiting, overdue).map(Desk::from))
    }

    /// Whose premises streams are about, and under which number.
    pub fn about(&self, streams: Vec<StreamId>) -> Result<Vec<StreamAbout>, DeviceError> {
        let streams: Vec<_> = streams.into_iter().map(stream::StreamId::from).collect();
        self.with(|device| Ok(device.about(&streams)?.into_iter().map(StreamAbout::from).collect()))
    }

    /// One notice as it stands at an instant, now unless one is given; none if it is not known here.
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

    /// Everything that was stated in a stream, in the order in which it counts.
    pub fn history(&self, stream: StreamId) -> Result<Vec<HistoryEntry>, DeviceError> {
        let entries = self.with(|device| device.history(&stream.into()))?;
        entries.into_iter().map(HistoryEntry::read).collect()
    }
}
