//! What hostile accounts do: pushes of forged facts and changes under anybody's name, requests with other devices and
//! cursors, acceptances of anything, reading of any case.

use axum::body::Body;
use axum::http::{Request as Asked, header};
use sync_core::domain::inspection::Verdict;
use sync_core::draft::{Draft, Edit, EditSession};
use sync_core::id::Digest;
use sync_core::refusal::Code;
use sync_core::testing::histories::Dice;
use sync_core::wire::api_office::{QuarantineDecision, QuarantinePage};
use sync_core::wire::exchange::{DraftPush, Outcome};

use super::cast::{ACCOUNTS, place};
use super::forge::{KINDS, Known, forge};
use super::routes;
use super::world::World;

/// Lets one hostile account do something; each forged item, acceptance and question is a step.
pub(crate) async fn attack(world: &mut World) {
    world.sync().await;
    let mut dice = world.dice.clone();
    let hostile: Vec<usize> = (0..ACCOUNTS.len()).filter(|it| ACCOUNTS[*it].hostile).collect();
    let who = dice.one(&hostile);
    match dice.below(12) {
        10 | 11 => routes::attack(world, &mut dice, who).await,
        0 => decide(world, &mut dice).await,
        1 => read(world, &mut dice, who).await,
        2 => pull(world, &mut dice, who).await,
        _ => push(world, &mut dice, who).await,
    }
    // The world has thrown its own dice meanwhile: both go on from here.
    let turn = world.dice.below(1 << 20);
    world.dice = Dice::new(dice.below(1 << 30) as u64 + turn as u64 + 1);
}

/// A push of many forged facts and changes.
async fn push(world: &mut World, dice: &mut Dice, who: usize) {
    let known = Known::of(world);
    let count = 1 + dice.below(40);
    let mut facts = Vec::with_capacity(count);
    for _ in 0..count {
        let mutations = if dice.below(8) == 0 { 0 } else { 1 + dice.below(3) };
        let kind = dice.below(KINDS);
        facts.push(forge(world, dice, &known, who, kind, mutations));
    }
    let mut drafts = Vec::new();
    for _ in 0..dice.below(4) {
        drafts.push(draft(world, dice, &known, who));
    }
    world.steps += facts.len() + drafts.len();
    let mut request = world.phones[who].request(facts, drafts);
    if dice.below(12) == 0 {
        request.device = world.phones[dice.below(ACCOUNTS.len())].device;
    }
    if dice.below(20) == 0 {
        request.max_bytes = u32::try_from(dice.below(2_000)).unwrap();
    }
    if dice.below(40) == 0 {
        request.version ^= 1;
    }
    if let Ok(response) = world.exchange(who, &request).await {
        let accepted = response.verdicts.iter().filter(|it| it.outcome == Outcome::Accepted);
        world.taken_over += accepted.count();
    }
}

/// Changes of a draft with one to three mutations of writer, session, device, visit, order, bytes and signature.
fn draft(world: &World, dice: &mut Dice, known: &Known, who: usize) -> DraftPush {
    let inspection = known.targets[dice.below(known.targets.len())].inspection;
    let mut draft = match world.model.drafts.get(&inspection) {
        Some(draft) => draft.clone(),
        None => Draft::new(inspection).unwrap(),
    };
    let phone = &world.phones[who];
    let nonce = [u8::try_from(dice.below(6)).unwrap(); 16];
    let mut session = EditSession::new(phone.person.id, phone.device, nonce);
    let mutations = dice.below(4);
    let (mut to, mut device, mut damaged, mut old) = (inspection, None, 0, false);
    for _ in 0..mutations {
        let someone = &world.phones[dice.below(ACCOUNTS.len())];
        match dice.below(7) {
            0 => session.person = someone.person.id,
            1 => {
                session.person = someone.person.id;
                session.device = someone.device;
            }
            2 => session.device = someone.device,
            3 => to = known.targets[dice.below(known.targets.len())].inspection,
            4 => device = Some(someone.device),
            5 => damaged += 1,
            _ => old = true,
        }
    }
    let note = "改写".to_owned();
    let item = format!("GM-{:02}", dice.below(40)).parse().unwrap();
    let edit = Edit::Answer { item, verdict: Verdict::Pass, note };
    let mut changes = draft.commit(session, &[edit]).unwrap_or_default();
    if old || changes.is_empty() {
        let stored = draft.changes();
        changes = vec![stored[dice.below(stored.len().max(1)).min(stored.len() - 1)].clone()];
    }
    for _ in 0..damaged {
        let at = dice.below(changes.len());
        let byte = dice.below(changes[at].len());
        changes[at][byte] ^= 1 << dice.below(8);
    }
    let mut push = phone.sign_draft(to, &changes);
    push.device = device;
    if dice.below(10) == 0 {
        let mut signature = push.signature.to_vec();
        signature[dice.below(64)] ^= 1;
        push.signature = signature.into();
    }
    push
}

/// Questions with cursors of others, without one, and with damaged ones.
async fn pull(world: &mut World, dice: &mut Dice, who: usize) {
    world.steps += 1;
    let mut request = world.phones[who].request(Vec::new(), Vec::new());
    let mut cursor = world.phones[dice.below(ACCOUNTS.len())].cursor.clone();
    match dice.below(4) {
        0 => cursor.clear(),
        1 if !cursor.is_empty() => {
            let at = dice.below(cursor.len());
            cursor[at] ^= 1 << dice.below(8);
        }
        _ => {}
    }
    request.cursor = cursor.into();
    if dice.below(3) == 0 {
        request.device = world.phones[dice.below(ACCOUNTS.len())].device;
    }
    request.catalogue = None;
    // What does not belong to this account is answered as if it were not there.
    if let Ok(response) = world.exchange(who, &request).await {
        world.phones[who].cursor = response.cursor.to_vec();
        world.phones[who].beacon = Some(response.beacon);
    }
}

/// A supervisor judges something in quarantine with one click: an honest one of the first department, or a hostile one.
async fn decide(world: &mut World, dice: &mut Dice) {
    let judges = ["first supervisor", "hostile supervisor", "hostile third supervisor"];
    let who = place(dice.one(&judges));
    let mut items = waiting(world, who).await;
    // Items of other departments are named as well, by whoever knows them.
    items.extend(waiting(world, place("second supervisor")).await.into_iter().take(4));
    for _ in 0..3.min(items.len()) {
        world.steps += 1;
        world.pass();
        let item = dice.one(&items);
        let accept = dice.below(4) > 0;
        let decision = QuarantineDecision { accept, reason: "已核实".into() };
        let asked = Asked::post(format!("/api/v1/quarantine/{item}"));
        let asked = asked.header(header::CONTENT_TYPE, "application/json");
        let body = serde_json::to_vec(&decision).unwrap();
        match world.ask_as(who, asked, body).await {
            Ok(_) if accept => {
                let (supervisor, now) = (world.phones[who].person.id, world.now);
                world.model.acceptances.insert((supervisor, now));
            }
            Ok(_) => {}
            Err(refusal) => {
                let bad = matches!(refusal.code, Code::StorageFailed | Code::ServerBusy);
                assert!(!bad, "a judgement was answered {refusal}");
            }
        }
        world.sync().await;
    }
}

/// What waits in quarantine, as a supervisor is shown it.
async fn waiting(world: &mut World, who: usize) -> Vec<Digest> {
    let asked = Asked::get("/api/v1/quarantine?judged=false&limit=40");
    let shown = world.ask_as(who, asked, Body::empty()).await.unwrap();
    if ACCOUNTS[who].hostile {
        world.look_for_secrets(Some(who), &shown).await;
    }
    let page: QuarantinePage = serde_json::from_slice(&shown).unwrap();
    page.rows.iter().map(|row| row.item).collect()
}

/// Reads cases and lists that may be somebody else's.
async fn read(world: &mut World, dice: &mut Dice, who: usize) {
    world.steps += 1;
    let known = Known::of(world);
    let stream = dice.one(&known.streams);
    let kind = if stream.as_notice().is_some() { "notice" } else { "inspection" };
    let case = format!("/api/v1/cases/{kind}/{}", stream.id);
    for path in [case.as_str(), "/api/v1/hazards?text=SECRET"] {
        let shown = world.ask_as(who, Asked::get(path), Body::empty()).await;
        world.look_for_secrets(Some(who), &shown.unwrap_or_default()).await;
    }
}
