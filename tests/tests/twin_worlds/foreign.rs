//! What an enterprise may say of what is not its own: it is answered as if that did not exist, whether it does or not.

use e2e::bench::crowd::{self, Member};
use sync_core::act::notice::{Countersigned, ExtensionRequest, RectificationPlan};
use sync_core::act::visit::{Arrival, Cosign, PartySign};
use sync_core::act::{Fact, Statement};
use sync_core::domain::evidence::Purpose;
use sync_core::domain::inspection::SignOutcome;
use sync_core::domain::notice::{Notice, Service};
use sync_core::domain::term::Term;
use sync_core::draft::{Draft, EditSession};
use sync_core::id::Digest;
use sync_core::ledger::stream::StreamId;
use sync_core::time::CivilDate;

use super::asking::Ask;
use super::elsewhere::Elsewhere;
use super::questions;
use super::served::reply;
use super::worlds::captured;

/// What an enterprise may not state, about cases that are in one world alone.
pub(crate) fn lies(member: &mut Member, team: [&Member; 2], there: &Elsewhere) -> Vec<Fact> {
    let notice = &there.notice;
    let hazard = notice.items[0].hazard;
    let mut lies = vec![
        Statement::ExtensionRequested(ExtensionRequest {
            notice: notice.id,
            hazard,
            term: Term::natural(5),
            reason: "配件到货延迟".to_owned(),
        }),
        Statement::Replied(reply(
            notice.id,
            hazard,
            CivilDate::new(2026, 11, 23).expect("a day"),
            b"nothing",
        )),
        Statement::PlanSubmitted(RectificationPlan {
            notice: notice.id,
            hazard,
            responsible: "安全科长".to_owned(),
            measures: "清空通道".to_owned(),
            funds: "自筹".to_owned(),
            until: CivilDate::new(2026, 12, 1).expect("a day"),
            emergency: "专人看守".to_owned(),
        }),
        captured(StreamId::notice(notice.id), Purpose::Rectified, hazard, b"\xff\xd8\xffmine"),
        Statement::NoticeServed(Service::agreed(notice.id, "王某")),
        Statement::Countersigned(Countersigned {
            notice: notice.id,
            hazard: None,
            statement: Digest::of(b"nothing"),
        }),
    ];
    for inspection in there.secret.iter().copied() {
        let seal = Digest::of(b"nothing");
        let arrival = Arrival { inspection, certificate_shown: true, plate: None, fix: None };
        let outcome = SignOutcome::Refused { reason: "不同意".to_owned(), witness: None };
        lies.extend([
            Statement::Arrived(arrival),
            Statement::Cosigned(Cosign { inspection, seal }),
            Statement::PartySigned(PartySign { inspection, seal, outcome }),
            crowd::captured(inspection, b"\xff\xd8\xffmine"),
        ]);
        let enterprise = member.person.enterprise.expect("its enterprise");
        let mut plan = crowd::plan(team, enterprise).expect("a plan");
        plan.inspection = inspection;
        lies.push(Statement::Planned(plan));
    }
    lies.into_iter().map(|it| member.state(it).expect("a statement")).collect()
}

/// Requests that name drafts, devices, people and statements of others.
pub(crate) fn requests(member: &Member, notice: &Notice, there: &Elsewhere) -> Vec<Ask> {
    let mut asks = Vec::new();
    for inspection in there.secret.iter().copied() {
        let mut draft = Draft::new(inspection).expect("a draft");
        let session = EditSession::new(member.person.id, member.device, [7; 16]);
        let changes = draft.commit(session, &crowd::edits(member, 0)).expect("changes");
        let push = member.push(inspection, changes).expect("a push");
        asks.push(questions::exchange(member.request(&[], vec![push])));
    }
    // A photo of its own hazard, as if another device or another person had taken it.
    let (stream, hazard) = (StreamId::notice(notice.id), notice.items[0].hazard);
    let shot = || captured(stream, Purpose::Rectified, hazard, b"\xff\xd8\xffmine");
    for device in there.devices.iter().copied() {
        let mut other = member.clone();
        other.device = device;
        asks.push(questions::exchange(other.request(&[], Vec::new())));
        let fact = other.state(shot()).expect("a statement");
        asks.push(questions::exchange(member.request(&[fact], Vec::new())));
    }
    for person in there.people.iter().copied() {
        let mut other = member.clone();
        other.person.id = person;
        let fact = other.state(shot()).expect("a statement");
        asks.push(questions::exchange(member.request(&[fact], Vec::new())));
    }
    asks.push(questions::exchange(member.request(&there.said, Vec::new())));
    asks
}
