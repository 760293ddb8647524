//! One's own sessions: which there are, and their end.

use std::net::IpAddr;

use sync_core::domain::account::Person;
use sync_core::id::SessionId;
use sync_core::refusal::{Code, Refusal};
use sync_core::wire::api_accounts::{AuditKind, SessionEnded, SessionRow};

use crate::auth::tokens::Access;
use crate::state::App;
use crate::store::audit::Event;
use crate::store::{StoreError, sessions};

/// The sessions of a person that can be renewed, the newest first.
///
/// # Errors
/// [`Code::StorageFailed`].
pub async fn list(app: &App, access: Access) -> Result<Vec<SessionRow>, Refusal> {
    let mut db = app.pool.acquire().await.map_err(StoreError::from)?;
    let open = sessions::open(&mut db, access.person, app.clock.now()).await?;
    let row = |family: sessions::Family| SessionRow {
        id: SessionId::from_bytes(family.id),
        signed_in_at: family.signed_in_at,
        renewed_at: family.rotated_at,
        ends_at: family.ends_at,
        device: family.device,
        address: Some(family.address).filter(|address| !address.is_empty()),
        current: family.id == access.family,
    };
    Ok(open.into_iter().map(row).collect())
}

/// Ends a session of the caller, or the one that calls.
///
/// # Errors
/// [`Code::NotFound`] for one that is not the caller's or has ended, [`Code::StorageFailed`].
pub async fn end(
    app: &App,
    (person, address): (&Person, IpAddr),
    session: SessionId,
) -> Result<SessionEnded, Refusal> {
    let (now, id, owner) = (app.clock.now(), *session.as_bytes(), person.id);
    let event = Event::new(AuditKind::SignedOut, now, address).by(owner).about(session);
    app.write_with_event(event, move |db| {
        Box::pin(async move {
            let own = sessions::find(&mut *db, id).await?;
            let open = own.filter(|it| it.person == owner && !it.revoked && it.ends_at > now);
            let Some(open) = open else { return Ok(Err(Refusal::new(Code::NotFound))) };
            sessions::revoke(db, open.id).await.map(Ok)
        })
    })
    .await?;
    app.ended.note(&[id], now);
    Ok(SessionEnded { session })
}
