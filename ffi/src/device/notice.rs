//! Service, decisions on major grades, replies, extensions, rechecks, closures.

use sync_core::act::Statement;
use sync_core::act::notice::{
    ClosureDecision, DismissalProposed, Dismissed, Escalated, ExtensionDecision, ExtensionRequest,
    MajorDecision, Recheck, Reply,
};
use sync_core::domain::notice::Service;
use sync_core::id::FactId;

use crate::{Device, DeviceError};

#[uniffi::export]
impl Device {
    /// 送达: from here on the terms run.
    pub fn serve(&self, service: Service) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::NoticeServed(service)))
    }

    /// A supervisor decides whether a hazard that its officers graded major is major.
    pub fn decide_major(&self, decision: MajorDecision) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::MajorDecided(decision)))
    }

    /// 整改报告 for one hazard.
    pub fn reply(&self, reply: Reply) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::Replied(reply)))
    }

    /// The enterprise asks for more time.
    pub fn request_extension(&self, request: ExtensionRequest) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::ExtensionRequested(request)))
    }

    /// A supervisor decides on more time.
    pub fn decide_extension(&self, decision: ExtensionDecision) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::ExtensionDecided(decision)))
    }

    /// 复查意见 for one hazard.
    pub fn recheck(&self, recheck: Recheck) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::Rechecked(recheck)))
    }

    /// 销号 or its return, for one hazard.
    pub fn close_hazard(&self, decision: ClosureDecision) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::ClosureDecided(decision)))
    }

    /// More pressure on an open hazard.
    pub fn escalate(&self, step: Escalated) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::Escalated(step)))
    }

    /// An officer proposes that a hazard should not have been recorded.
    pub fn propose_dismissal(&self, dismissal: Dismissal) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::DismissalProposed(dismissal)))
    }

    /// A supervisor confirms it.
    pub fn dismiss(&self, dismissal: Dismissal) -> Result<FactId, DeviceError> {
        self.with(|device| device.state(Statement::Dismissed(dismissal)))
    }
}
