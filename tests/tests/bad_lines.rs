//! Lines that are cut, networks that answer in the server's place, a key store that is locked: nothing is
//! lost, nothing is marked that did not arrive, and each has its one true reason.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use device::PhotoMeta;
use e2e::phone::Phone;
use e2e::photo::{Scene, draw};
use e2e::play::{Pictures, Play, deliver};
use e2e::proxy::{Proxy, Tamper};
use e2e::town::Town;
use e2e::weather::Weather;
use server::clock::ServerClock;
use sync_core::act::Statement;
use sync_core::act::visit::Arrival;
use sync_core::domain::evidence::{Purpose, Source};
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::inspection::Verdict;
use sync_core::domain::term::Term;
use sync_core::draft::{Edit, HazardDraft, MeasureDraft};
use sync_core::id::{BlobHash, HazardId, InspectionId};
use sync_core::ledger::stream::StreamId;
use sync_core::{Code, limits};

const PORTAL: &[u8] = b"<!DOCTYPE html><title>Login</title>";
const HOUR: i64 = 3_600_000;

fn later(clock: &ServerClock, millis: i64) {
    clock.set(clock.now().plus_millis(millis));
}

struct Visit<'p> {
    phone: &'p mut Phone,
    id: InspectionId,
    proxy: Proxy,
    clock: ServerClock,
    hazard: HazardId,
}

/// An officer who has arrived, with signal, whose phone speaks through a proxy.
fn with_a_visit(test: impl FnOnce(Visit<'_>)) {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = ServerClock::standing_at(ServerClock::System.now());
    let mut town = Town::inside(folder.path(), clock.clone()).expect("a town");
    let mut play = Play::new(&mut town, Pictures::Small, |_| {}).expect("phones");
    play.plan().expect("a plan");
    let id = play.inspection;
    let arrival = Arrival { inspection: id, certificate_shown: true, plate: None, fix: None };
    play.wang.device.state(Statement::Arrived(arrival)).expect("an arrival");
    let proxy = Proxy::before(&play.town.address).expect("a proxy");
    play.wang.network.redirect(proxy.address());
    play.wang.network.turn(Weather::Fair);
    deliver(&mut play.wang).expect("delivered");
    let hazard = play.hazards.passage;
    test(Visit { phone: &mut play.wang, id, proxy, clock, hazard });
}

impl Visit<'_> {
    fn shoot(&mut self, seed: u64, width: u32) -> (BlobHash, usize) {
        let bytes = draw(Scene::Blocked, seed, width, width * 3 / 4, 90);
        let meta = PhotoMeta {
            purpose: Purpose::Found,
            hazard: Some(self.hazard),
            source: Source::Camera,
            fix: None,
            derived_from: None,
        };
        let stream = StreamId::inspection(self.id);
        (self.phone.device.capture(stream, meta, &bytes).expect("kept"), bytes.len())
    }

    fn add(&mut self) {
        let draft = HazardDraft {
            item: None,
            description: "疏散通道堆放货物".to_owned(),
            place: "一号仓库".to_owned(),
            basis: Clause { document: "AQF".to_owned(), clause: "第三十六条".to_owned() },
            grade: Grade::General,
            criterion: None,
            measure: MeasureDraft::Rectify(Term::natural(15)),
            found_by: self.phone.device.person().expect("a person").id,
        };
        let hazard = self.hazard;
        self.phone.device.edit(self.id, Edit::AddHazard { hazard, draft }).expect("an edit");
    }

    fn answer(&mut self, item: usize, note: &str) -> Result<(), Code> {
        let lists = self.phone.device.catalogue().checklists.iter();
        let item = lists.flat_map(|list| &list.items).nth(item).expect("an item").code.clone();
        let edit = Edit::Answer { item, verdict: Verdict::Pass, note: note.to_owned() };
        self.phone.device.edit(self.id, edit).map_err(|refusal| refusal.code)
    }
}

#[test]
fn a_photo_passes_a_line_that_is_cut_again_and_again_and_costs_no_more_than_itself() {
    with_a_visit(|mut visit| {
        let (_, size) = visit.shoot(1, 1_600);
        assert!(size > 300_000, "{size} bytes");
        visit.proxy.rule(|asked, body| {
            if asked.starts_with("PUT") && body > 20_000 {
                Tamper::CutAfter(20_000)
            } else {
                Tamper::Pass
            }
        });
        let _ = visit.proxy.take_bytes_up();
        let (mut exchanged, mut rounds) = (0, 0);
        while visit.phone.device.standing().expect("readable").waiting > 0 {
            rounds += 1;
            assert!(rounds < 40, "it does not end");
            let report = visit.phone.sync().expect("a round");
            if let Some(why) = report.waiting {
                assert_eq!(why.code, Code::NetworkLost);
            }
            exchanged += report.exchanges;
        }
        let up = visit.proxy.take_bytes_up();
        assert!(up <= size * 11 / 10 + exchanged * 2_000, "{up} bytes up for {size}");
        assert!(rounds >= 5, "{rounds} rounds");
    });
}

#[test]
fn one_photo_that_a_firewall_turns_away_holds_back_no_other_and_says_why() {
    with_a_visit(|mut visit| {
        let photos: Vec<BlobHash> =
            (0..10_u32).map(|n| visit.shoot(n.into(), 200 + n * 40).0).collect();
        let bad = photos[0].to_string();
        for (status, body) in [(403, PORTAL), (413, PORTAL), (502, b""), (200, PORTAL), (200, b"")]
        {
            let bad = bad.clone();
            visit.proxy.rule(move |asked, _| {
                if asked.contains(&bad) {
                    Tamper::Answer(status, body.to_vec())
                } else {
                    Tamper::Pass
                }
            });
            let report = visit.phone.sync().expect("a round");
            assert_eq!(report.waiting.map(|it| it.code), Some(Code::NetworkForeign), "{status}");
            let outbox = visit.phone.device.outbox().expect("readable");
            let left: Vec<_> =
                outbox.files.iter().filter(|it| it.state == device::ItemState::OnlyHere).collect();
            assert_eq!(left.len(), 1, "{status}");
            let why = left[0].waiting.as_ref().expect("a reason");
            assert_eq!(why.code, Code::NetworkForeign);
            assert!(why.detail.as_deref().is_some_and(|it| it.starts_with(&status.to_string())));
        }
        visit.proxy.rule(|_, _| Tamper::Pass);
        deliver(visit.phone).expect("everything arrives");
    });
}

#[test]
fn a_portal_for_everything_is_called_so_and_signs_nobody_out() {
    with_a_visit(|mut visit| {
        visit.add();
        visit.shoot(1, 400);
        for (status, body) in
            [(200, PORTAL), (302, PORTAL), (401, PORTAL), (403, b"{}"), (511, b"")]
        {
            visit.proxy.rule(move |_, _| Tamper::Answer(status, body.to_vec()));
            let report = visit.phone.sync().expect("a round");
            assert_eq!(report.waiting.map(|it| it.code), Some(Code::NetworkForeign), "{status}");
            assert!(!report.sign_in_needed, "{status}");
            let refused = visit.phone.device.sign_in("wang", "x").expect_err("no server");
            assert_eq!(refused.code, Code::NetworkForeign, "{status}");
            // The session has ended meanwhile: its renewal meets the portal, too.
            later(&visit.clock, HOUR);
            visit.proxy.rule(move |asked, _| {
                if asked.contains("refresh") {
                    Tamper::Answer(status, body.to_vec())
                } else {
                    Tamper::Pass
                }
            });
            let report = visit.phone.sync().expect("a round");
            assert_eq!(report.waiting.map(|it| it.code), Some(Code::NetworkForeign), "{status}");
            assert!(!report.sign_in_needed, "{status}");
            assert!(visit.phone.device.standing().expect("readable").waiting > 0);
        }
        visit.proxy.rule(|_, _| Tamper::Pass);
        deliver(visit.phone).expect("everything arrives");
    });
}

#[test]
fn a_renewal_whose_answer_was_lost_signs_nobody_out_however_late_it_is_tried_again() {
    with_a_visit(|visit| {
        for after in [1_000, 61_000, 301_000, 3 * HOUR, 30 * 24 * HOUR] {
            later(&visit.clock, HOUR);
            visit.proxy.rule(|asked, _| {
                if asked.contains("refresh") { Tamper::LoseAnswer } else { Tamper::Pass }
            });
            let report = visit.phone.sync().expect("a round");
            assert_eq!(report.waiting.map(|it| it.code), Some(Code::NetworkLost));
            later(&visit.clock, after);
            visit.proxy.rule(|_, _| Tamper::Pass);
            let report = visit.phone.sync().expect("a round");
            assert_eq!((report.waiting, report.sign_in_needed), (None, false), "after {after} ms");
        }
    });
}

#[test]
fn a_locked_key_store_holds_back_only_what_is_not_signed() {
    with_a_visit(|mut visit| {
        visit.add();
        visit.shoot(1, 400);
        visit.phone.lock_keys(true);
        // The session has ended, too: it is renewed without a proof.
        later(&visit.clock, HOUR);
        let report = visit.phone.sync().expect("a round");
        assert_eq!(report.waiting.map(|it| it.code), Some(Code::DeviceLocked));
        let outbox = visit.phone.device.outbox().expect("readable");
        let here = |state: &device::ItemState| *state == device::ItemState::OnlyHere;
        assert!(outbox.files.iter().all(|file| !here(&file.state)), "the photo is at the server");
        let left: Vec<_> = outbox.records.iter().filter(|it| here(&it.state)).collect();
        assert!(left.iter().all(|it| it.at.is_none()) && left.len() == 1, "the draft alone waits");
        visit.phone.lock_keys(false);
        deliver(visit.phone).expect("everything arrives");
    });
}

#[test]
fn a_draft_that_is_full_says_so_at_the_edit_and_stops_nothing_else() {
    with_a_visit(|mut visit| {
        visit.add();
        let note = "字".repeat(limits::TEXT_CHARS);
        let full = (0..169).find_map(|item| visit.answer(item, &note).err());
        assert_eq!(full, Some(Code::DraftFull));
        let view = visit.phone.device.inspection(visit.id).expect("it can be read").expect("known");
        assert!(view.draft.answers.len() > 25 && view.draft.hazards.len() == 1);
        visit.shoot(1, 400);
        deliver(visit.phone).expect("everything arrives");
        let withdraw = Edit::Withdraw { hazard: visit.hazard, reason: "重复".to_owned() };
        visit.phone.device.edit(visit.id, withdraw).expect("room for what settles");
        let view = visit.phone.device.inspection(visit.id).expect("it can be read").expect("known");
        assert!(view.draft.hazards[&visit.hazard].withdrawn.is_some());
        deliver(visit.phone).expect("everything arrives");
    });
}

#[test]
fn writing_the_same_over_and_over_fills_no_draft() {
    with_a_visit(|mut visit| {
        let note = "字".repeat(limits::TEXT_CHARS);
        for time in 0..400 {
            visit.answer(1, &format!("{}{}", &note[..3_000], time)).expect("an edit");
        }
        deliver(visit.phone).expect("everything arrives");
    });
}

#[test]
fn nothing_is_erased_that_is_only_here() {
    with_a_visit(|mut visit| {
        visit.phone.device.may_erase().expect("everything is at the server");
        visit.answer(1, "").expect("an edit");
        let code = |phone: &Phone| phone.device.may_erase().map_err(|it| it.code);
        assert_eq!(code(visit.phone), Err(Code::WorkUnsent));
        deliver(visit.phone).expect("delivered");
        assert_eq!(code(visit.phone), Ok(()));
        visit.shoot(1, 400);
        assert_eq!(code(visit.phone), Err(Code::WorkUnsent));
        // Facts alone arrive; the photo is turned away.
        visit.proxy.rule(|asked, _| {
            if asked.starts_with("PUT") {
                Tamper::Answer(403, PORTAL.to_vec())
            } else {
                Tamper::Pass
            }
        });
        visit.phone.sync().expect("a round");
        assert_eq!(code(visit.phone), Err(Code::WorkUnsent));
    });
}

#[test]
fn a_photo_is_in_the_record_from_the_shutter_on() {
    with_a_visit(|mut visit| {
        visit.add();
        let (photo, _) = visit.shoot(1, 400);
        // The app is stopped before anything else is written.
        let view = visit.phone.device.inspection(visit.id).expect("readable").expect("known");
        assert_eq!(view.draft.hazards[&visit.hazard].photos.get(&photo), Some(&Purpose::Found));
        assert_eq!(view.lacks, []);
        visit.phone.seal(visit.id).expect("sealed");
        let case = visit.phone.device.case(&StreamId::inspection(visit.id)).expect("readable");
        let record = case.seal().expect("a record").body;
        assert_eq!(record.hazards[0].photos, [photo]);
        assert_eq!(record.manifest, [photo]);
    });
}

#[test]
fn a_small_picture_of_somebody_elses_is_not_kept() {
    with_a_visit(|mut visit| {
        visit.add();
        let (photo, _) = visit.shoot(1, 400);
        deliver(visit.phone).expect("delivered");
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        visit.proxy.rule(move |path, _| {
            if path.ends_with("thumbnail") {
                counted.fetch_add(1, Ordering::SeqCst);
                Tamper::Answer(200, PORTAL.to_vec())
            } else {
                Tamper::Pass
            }
        });
        let mut conversation = visit.phone.device.begin_fetch(photo);
        let request = visit.phone.device.conversation_request(&conversation).expect("a request");
        let mut wire = e2e::weather::Wire::new(visit.phone.network.clone());
        let answer = device::Transport::send(&mut wire, request.expect("a request"));
        let stored = visit.phone.device.take_conversation_answer(&mut conversation, answer);
        assert_eq!(stored.map_err(|it| it.code), Err(Code::NetworkForeign));
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    });
}
