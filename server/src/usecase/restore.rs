//! A person who was revoked by mistake is restored by two administrators.

use std::net::IpAddr;

use sync_core::domain::account::Person;
use sync_core::id::PersonId;
use sync_core::refusal::{Code, Refusal};
use sync_core::rules::authority;
use sync_core::wire::api::AccountRow;
use sync_core::wire::api_accounts::{AccountReason, AuditKind, RestoreProposal};

use super::enrol;
use crate::state::App;
use crate::store::accounts;
use crate::store::audit::Event;
use crate::store::restorations::{self, Proposal};

/// Proposes to restore a person. Another administrator confirms it within a week.
///
/// # Errors
/// [`Code::ReasonNeeded`], [`Code::NotFound`], [`Code::NotRevoked`], [`Code::SamePerson`] for oneself,
/// [`Code::AlreadyExists`] while a proposal waits, [`Code::StorageFailed`].
pub async fn propose(
    app: &App,
    (caller, address): (&Person, IpAddr),
    person: PersonId,
    AccountReason { reason }: AccountReason,
) -> Result<RestoreProposal, Refusal> {
    enrol::require_reason(&reason)?;
    let (now, by) = (app.clock.now(), caller.clone());
    let proposal = Proposal { person, by: by.id, at: now, reason: reason.clone() };
    let given = RestoreProposal { by: by.id, at: now, reason: reason.clone() };
    let event = Event::new(AuditKind::RestoreProposed, now, address).by(by.id).about(person);
    app.write_with_event(event.detail(reason), move |db| {
        Box::pin(async move {
            let Some(account) = accounts::find(&mut *db, person).await? else {
                return Ok(Err(Refusal::new(Code::NotFound)));
            };
            if let Err(refusal) = authority::may_restore(by.id, &account.person, None) {
                return Ok(Err(refusal));
            }
            if restorations::waiting(&mut *db, person, now).await?.is_some() {
                return Ok(Err(Refusal::new(Code::AlreadyExists)));
            }
            restorations::put(db, &proposal).await.map(Ok)
        })
    })
    .await?;
    Ok(given)
}

/// Restores a person whom another administrator proposed to restore.
///
/// # Errors
/// [`Code::NotFound`] where nobody proposed it, [`Code::SamePerson`] for whoever proposed it and for oneself,
/// [`Code::NotRevoked`], [`Code::StorageFailed`].
pub async fn confirm(
    app: &App,
    (caller, address): (&Person, IpAddr),
    person: PersonId,
) -> Result<AccountRow, Refusal> {
    let (now, by) = (app.clock.now(), caller.clone());
    let event = Event::new(AuditKind::PersonRestored, now, address).by(by.id).about(person);
    let account = app.write_with_event(event, move |db| {
        Box::pin(async move {
            let proposal = restorations::waiting(&mut *db, person, now).await?;
            let account = accounts::find(&mut *db, person).await?;
            let (Some(proposal), Some(account)) = (proposal, account) else {
                return Ok(Err(Refusal::new(Code::NotFound)));
            };
            let proposer = accounts::find(&mut *db, proposal.by).await?;
            let counts = proposer.is_some_and(|it| authority::holds_role(&it.person, now));
            if !counts {
                return Ok(Err(Refusal::new(Code::NotFound)));
            }
            if let Err(refusal) = authority::may_restore(by.id, &account.person, Some(proposal.by))
            {
                return Ok(Err(refusal));
            }
            accounts::restore(&mut *db, person).await?;
            restorations::forget(db, person).await?;
            Ok(Ok(account))
        })
    });
    let mut account = account.await?;
    app.refresh_directory().await?;
    account.person.revoked_at = None;
    Ok(AccountRow { username: account.username, person: account.person, restore_proposed: None })
}
