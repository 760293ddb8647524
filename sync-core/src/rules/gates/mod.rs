//! Gates: may this person state this now. The phone asks before it signs and the server before it
//! takes a fact over, with the same answer for the same case.
//!
//! [`visit`] guards the authority's side up to the signatures, [`rectification`] what follows the
//! notice, [`steps`] lists what a person may do next.

mod rectification;
pub mod steps;
mod visit;

pub use visit::decider;

use crate::domain::account::{Person, Role};
use crate::domain::catalogue::Department;
use crate::domain::evidence::Purpose;
use crate::id::{BlobHash, DepartmentId, EnterpriseId, HazardId};
use crate::ledger::case::{Case, HazardCase};
use crate::ledger::statement::Statement;
use crate::refusal::{Code, Refusal};
use crate::rules::status;
use crate::time::Timestamp;

/// Who asks, when, and what is known besides the case.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Who.
    pub author: &'a Person,
    /// When: the server's time on admission, the device's own before.
    pub now: Timestamp,
    /// The departments.
    pub departments: &'a [Department],
}

/// Refuses what may not be stated. Form and bounds are checked before, by [`Statement::validate`].
pub fn check(statement: &Statement, case: &Case, context: &Context<'_>) -> Result<(), Refusal> {
    if statement.is_server_only() {
        return Err(Refusal::new(Code::ServerOnly));
    }
    status::require_known(case)?;
    match statement {
        Statement::Planned(it) => visit::plan(it, case, context),
        Statement::Arrived(_) => visit::arrive(case, context),
        Statement::Captured(it) => visit::capture(it, case, context),
        Statement::ParallelDecided(it) => visit::decide_parallel(it, case, context),
        Statement::Sealed(it) => visit::seal(it, case, context),
        Statement::Cosigned(it) => visit::cosign(it, case, context),
        Statement::PartySigned(it) => visit::party_sign(it, case, context),
        Statement::NoticeServed(it) => rectification::serve(it, case, context),
        Statement::Replied(it) => rectification::reply(it, case, context),
        Statement::ExtensionRequested(it) => {
            rectification::request_extension(it.hazard, case, context)
        }
        Statement::ExtensionDecided(it) => rectification::decide_extension(it, case, context),
        Statement::Rechecked(it) => rectification::recheck(it, case, context),
        Statement::ClosureDecided(it) => rectification::close(it, case, context),
        Statement::Escalated(it) => rectification::escalate(it.hazard, case, context),
        Statement::DismissalProposed(it) => {
            rectification::propose_dismissal(it.hazard, case, context)
        }
        Statement::Dismissed(it) => rectification::dismiss(it.hazard, case, context),
        Statement::MajorDecided(it) => rectification::decide_major(it.hazard, case, context),
        Statement::NoticeIssued(_) | Statement::DeadlineAssigned(_) => refuse(Code::ServerOnly),
        // One critical fact of an unknown kind stops every status of a case, so no gate lets it in.
        Statement::Unknown { .. } => refuse(Code::KindUnknown),
    }
}

fn refuse(code: Code) -> Result<(), Refusal> {
    Err(Refusal::new(code))
}

fn require(holds: bool, code: Code) -> Result<(), Refusal> {
    if holds { Ok(()) } else { refuse(code) }
}

fn role(context: &Context<'_>, roles: &[Role]) -> Result<(), Refusal> {
    require(roles.contains(&context.author.role), Code::RoleNotAllowed)
}

/// An inspector with a certificate.
fn officer(context: &Context<'_>) -> Result<(), Refusal> {
    role(context, &[Role::Inspector])?;
    require(context.author.certificate.is_some(), Code::CertificateMissing)
}

fn of_department(context: &Context<'_>, department: &DepartmentId) -> Result<(), Refusal> {
    require(context.author.department.as_ref() == Some(department), Code::OtherDepartment)
}

fn of_enterprise(context: &Context<'_>, enterprise: EnterpriseId) -> Result<(), Refusal> {
    role(context, &[Role::Enterprise])?;
    require(context.author.enterprise == Some(enterprise), Code::OtherEnterprise)
}

/// A hazard on the notice of this case.
fn ordered(case: &Case, id: HazardId) -> Result<&HazardCase, Refusal> {
    require(case.notice.is_some(), Code::NoticeNotIssued)?;
    case.hazards
        .get(&id)
        .filter(|hazard| hazard.item.is_some())
        .ok_or(Refusal::new(Code::HazardUnknown))
}

/// An ordered hazard that is served and not settled.
fn open(case: &Case, id: HazardId, now: Timestamp) -> Result<&HazardCase, Refusal> {
    let hazard = ordered(case, id)?;
    require(case.service.is_some(), Code::NotServed)?;
    require(!status::hazard(case, id, now)?.state.is_settled(), Code::HazardClosed)?;
    Ok(hazard)
}

/// Every photo was captured in this case for this purpose and hazard.
fn captured(
    case: &Case,
    photos: &[BlobHash],
    purpose: Purpose,
    hazard: HazardId,
) -> Result<(), Refusal> {
    let known = |blob: &BlobHash| {
        case.photos.get(blob).is_some_and(|it| {
            it.body.photo.purpose == purpose && it.body.photo.hazard == Some(hazard)
        })
    };
    require(photos.iter().all(known), Code::PhotoUnknown)
}

/// No photo shows again what was shown as found, in an earlier round or at a recheck. A reply may
/// be corrected within its round and show its photos again.
fn fresh(hazard: &HazardCase, photos: &[BlobHash]) -> Result<(), Refusal> {
    let found = hazard.item.iter().flat_map(|item| &item.photos);
    let round = status::round_photos(hazard);
    let replied = hazard.replies.iter().flat_map(|reply| &reply.body.photos);
    let replied = replied.filter(|blob| !round.contains(*blob));
    let rechecked = hazard.rechecks.iter().flat_map(|recheck| &recheck.body.photos);
    let mut shown = found.chain(replied).chain(rechecked);
    require(!shown.any(|blob| photos.contains(blob)), Code::PhotoReused)
}
