//! `gates.json`: every person, every statement, every stage of the loop.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sync_core::act::Statement;
use sync_core::act::notice::{DeadlineAssigned, MajorDecision};
use sync_core::act::visit::{Cosign, ParallelDecision, PartySign};
use sync_core::calendar::deadline;
use sync_core::domain::escalation::Escalation;
use sync_core::domain::evidence::Purpose;
use sync_core::domain::inspection::{BindingField, SignOutcome};
use sync_core::domain::notice::ServiceMethod;
use sync_core::domain::parallel::{ParallelSubject, ParallelValue};
use sync_core::domain::term::Term;
use sync_core::testing::builders::{
    INSPECTION, NOTICE, VISIT_STREAM, arrival, blob, calendars, capture, date, hazard, hazard_id,
    notice, plan, record, reply,
};
use sync_core::testing::cast::{Who, departments};
use sync_core::testing::stages::{
    Stage, captured, closure, dismissal_proposed, dismissed, escalation, extension_decision,
    extension_request, major_decision, recheck, seal_of, service, world_at,
};
use sync_core::testing::world::World;

use crate::files::Facts;
use crate::law;

/// The statements by name, as someone would make them in this world.
fn statements(world: &World) -> Vec<(&'static str, Statement)> {
    let mut all = visit(world);
    all.extend(enterprise(world));
    all.extend(office(world));
    all
}

fn visit(world: &World) -> Vec<(&'static str, Statement)> {
    let mut powerless = plan();
    powerless.department = "jingfa".parse().expect("a department");
    let mut misplaced = capture("misplaced", Purpose::Rectified);
    misplaced.stream = VISIT_STREAM;
    let seal = |photo| Statement::Sealed(record(vec![hazard(1, &[photo])]));
    let cosign = |seal| Statement::Cosigned(Cosign { inspection: INSPECTION, seal });
    let party = |outcome| {
        Statement::PartySigned(PartySign { inspection: INSPECTION, seal: seal_of(world), outcome })
    };
    let drawing = blob("never drawn");
    let signed = SignOutcome::Signed { name: "张某".into(), post: String::new(), drawing };
    vec![
        ("plan", Statement::Planned(plan())),
        ("plan.powerless", Statement::Planned(powerless)),
        ("arrive", Statement::Arrived(arrival())),
        ("capture.found", captured("found-9", Purpose::Found)),
        ("capture.signature", captured("drawn-9", Purpose::Signature)),
        ("capture.misplaced", Statement::Captured(misplaced)),
        ("decide", decision("general", "major")),
        ("decide.same", decision("general", "general")),
        ("seal", seal("found-1")),
        ("seal.unknown_photo", seal("never captured")),
        ("cosign", cosign(seal_of(world))),
        ("cosign.other_seal", cosign(blob("another seal"))),
        ("party.refused", party(sync_core::testing::builders::refused())),
        ("party.signed_unseen", party(signed)),
    ]
}

fn decision(one: &str, other: &str) -> Statement {
    let value = |by: Who, value: &str| ParallelValue { by: Some(by.id()), value: value.to_owned() };
    Statement::ParallelDecided(ParallelDecision {
        inspection: INSPECTION,
        subject: ParallelSubject::Hazard(hazard_id(1)),
        field: BindingField::Grade,
        values: vec![value(Who::Lead, one), value(Who::Second, other)],
        chosen: 0,
        reason: "现场复核".to_owned(),
    })
}

fn enterprise(_: &World) -> Vec<(&'static str, Statement)> {
    let about = |n| match reply(&["after-3"]) {
        Statement::Replied(it) => {
            Statement::Replied(sync_core::act::notice::Reply { hazard: hazard_id(n), ..it })
        }
        other => other,
    };
    vec![
        ("capture.rectified", captured("after-9", Purpose::Rectified)),
        ("serve.electronic", service(ServiceMethod::Electronic)),
        ("reply", reply(&["after-3"])),
        ("reply.found_photo", reply(&["after-3", "found-1"])),
        ("reply.uncaptured", reply(&["never captured"])),
        ("reply.first_photo", reply(&["after-1"])),
        ("reply.unknown_hazard", about(9)),
        ("reply.fixed_hazard", about(2)),
        ("extension.request", extension_request()),
    ]
}

fn office(world: &World) -> Vec<(&'static str, Statement)> {
    let mut other_recheck = closure(world, true, &["after-1"]);
    if let Statement::ClosureDecided(it) = &mut other_recheck {
        it.recheck = blob("another recheck");
    }
    let deadline = deadline::count(date("2026-11-02"), Term::natural(300), &calendars());
    let (hazard, cause) = (hazard_id(1), blob("nothing"));
    let deadline = DeadlineAssigned { notice: NOTICE, hazard, cause, deadline };
    let major = |n| match major_decision(true) {
        Statement::MajorDecided(it) => {
            Statement::MajorDecided(MajorDecision { hazard: hazard_id(n), ..it })
        }
        other => other,
    };
    vec![
        ("notice", Statement::NoticeIssued(notice(Vec::new(), 8))),
        ("deadline", Statement::DeadlineAssigned(deadline)),
        ("serve.in_person", service(ServiceMethod::InPerson)),
        ("capture.recheck", captured("seen-9", Purpose::Recheck)),
        ("extension.grant", extension_decision(world, Some(Term::natural(10)))),
        ("extension.refuse", extension_decision(world, None)),
        ("recheck.pass", recheck(true, &["seen-4"])),
        ("recheck.fail", recheck(false, &[])),
        ("recheck.no_photo", recheck(true, &[])),
        ("recheck.found_photo", recheck(true, &["seen-4", "found-1"])),
        ("recheck.reply_photo", recheck(true, &["after-1"])),
        ("close.approve", closure(world, true, &["after-1"])),
        ("close.return", closure(world, false, &[])),
        ("close.no_evidence", closure(world, true, &[])),
        ("close.found_photo", closure(world, true, &["after-1", "found-1"])),
        ("close.loose_photo", closure(world, true, &["after-1", "after-3"])),
        ("close.other_recheck", other_recheck),
        ("escalate", escalation(Escalation::Reminder)),
        ("dismissal.propose", dismissal_proposed()),
        ("dismiss", dismissed()),
        ("major.uphold", major_decision(true)),
        ("major.lower", major_decision(false)),
        ("major.unknown_hazard", major(9)),
        ("major.fixed_hazard", major(2)),
    ]
}

/// The parts of the file.
pub(crate) fn file() -> Vec<(&'static str, Vec<Value>)> {
    let mut facts = Facts::default();
    let (mut stages, mut wordings, mut cells) = (Vec::new(), Vec::<Value>::new(), Vec::new());
    for stage in Stage::ALL {
        let world = world_at(*stage);
        stages.push(facts.stage(*stage, &world));
        for (name, statement) in statements(&world) {
            let wording = serde_json::to_value(&statement).expect("plain data");
            let known = wordings.iter().position(|known| *known == wording);
            let index = known.unwrap_or_else(|| {
                wordings.push(wording);
                wordings.len() - 1
            });
            let mut codes: BTreeMap<String, Vec<&str>> = BTreeMap::new();
            for who in Who::ALL {
                let code = law::verdict(name, who.name(), stage.name());
                codes.entry(code).or_default().push(who.name());
            }
            let stage = stage.name();
            let cell = json!({"name": name, "stage": stage, "statement": index, "codes": codes});
            cells.push(cell);
        }
    }
    let people = Who::ALL.iter().map(|who| json!({"name": who.name(), "person": who.person()}));
    let departments = departments().into_iter().map(|it| json!(it));
    vec![
        ("people", people.collect()),
        ("departments", departments.collect()),
        ("facts", facts.rows()),
        ("stages", stages),
        ("statements", wordings),
        ("cells", cells),
    ]
}
