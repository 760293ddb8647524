//! A slow line that is cut again and again: the reference data arrive all the same, however little of them one answer brings.

use device::{HttpResponse, Transport as _, TransportLost};
use e2e::office::OfficeClient;
use e2e::phone::Phone;
use e2e::town::Town;
use e2e::weather::Wire;
use server::clock::ServerClock;
use sync_core::domain::account::Role;
use sync_core::domain::catalogue::Catalogue;
use sync_core::wire::api::NewAccount;

/// The line is cut so long after a request began.
const CUT_MS: i64 = 20_000;
/// Rounds within which everything has to be there.
const ROUNDS: usize = 200;

struct Line {
    town: Town,
    clock: ServerClock,
    admin: OfficeClient,
    hired: usize,
    /// No answer of an exchange that is larger passes.
    bytes: usize,
    /// So long after it was asked for it is lost.
    lost_after_ms: i64,
    /// Bytes of answers that left the server.
    sent: usize,
}

impl Line {
    fn new(folder: &std::path::Path, bytes: usize, lost_after_ms: i64) -> Self {
        let clock = ServerClock::standing_at(ServerClock::System.now());
        let town = Town::inside(folder, clock.clone()).expect("a town");
        let admin = OfficeClient::of(&town, "mansuicheng");
        Self { town, clock, admin, hired: 0, bytes, lost_after_ms, sent: 0 }
    }

    /// A phone that has never exchanged anything.
    fn fresh(&mut self, folder: &std::path::Path) -> Phone {
        let mut phone = self.town.phone_in(folder).expect("a phone");
        let password = self.town.accounts["xulang"].password.clone();
        phone.device.sign_in("xulang", &password).expect("signed in");
        phone.device.enrol("慢线上的手机").expect("enrolled");
        phone
    }

    fn hire(&mut self) {
        self.hired += 1;
        // Sessions end while the line is slow.
        self.admin = OfficeClient::of(&self.town, "mansuicheng");
        let account = NewAccount {
            username: format!("xinren{}", self.hired),
            password: "Xin-ren-2026-zaozhuang".to_owned(),
            name: format!("新人{}", self.hired),
            role: Role::Inspector,
            department: Some("yingji".parse().expect("a department")),
            enterprise: None,
            certificate: Some(format!("鲁应急{:05}", self.hired)),
        };
        let answer = self.admin.post("/api/v1/accounts", &account);
        assert_eq!(answer.status, 201, "{}", answer.json);
    }

    /// One round on this line; whether it came to its end.
    fn round(&mut self, phone: &mut Phone) -> bool {
        let mut wire = Wire::new(phone.network.clone());
        let mut run = phone.device.begin_sync().expect("a run");
        while let Some(request) = phone.device.next_request(&mut run, &mut |_| {}).expect("a step")
        {
            let exchange = request.path == "/sync/v1/exchange";
            let answer = wire.send(request).expect("the server answers");
            self.sent += answer.body.len();
            let passes = !exchange || answer.body.len() <= self.bytes;
            let answer: Result<HttpResponse, TransportLost> = if passes {
                Ok(answer)
            } else {
                self.clock.set(self.clock.now().plus_millis(self.lost_after_ms));
                Err(TransportLost::default())
            };
            phone.device.take_answer(&mut run, answer).expect("taken");
        }
        run.report().waiting.is_none()
    }

    /// What a phone on a good line holds.
    fn whole(&mut self) -> Catalogue {
        self.town.phone("zhuduyan").expect("a phone").device.catalogue().clone()
    }
}

#[test]
fn reference_data_arrive_on_a_line_that_loses_every_large_answer() {
    // A line that is cut, and something on the way that drops large answers as soon as they come.
    let lines = [3_000, 6_000, 20_000].map(|bytes| [(bytes, CUT_MS), (bytes, 3)]);
    for (bytes, lost_after_ms) in lines.concat() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut line = Line::new(folder.path(), bytes, lost_after_ms);
        let mut phone = line.fresh(&folder.path().join("slow"));
        let rounds = (1..ROUNDS).find(|_| line.round(&mut phone));
        assert!(rounds.is_some(), "{bytes}: it never ends");
        let whole = line.whole();
        assert!(!whole.laws.is_empty() && !whole.checklists.is_empty());
        assert_eq!(phone.device.catalogue(), &whole, "{bytes}");
    }
}

#[test]
fn a_phone_that_is_killed_and_an_account_that_is_made_between_any_two_answers_begin_nothing_again()
{
    let folder = tempfile::tempdir().expect("a folder");
    let mut line = Line::new(folder.path(), 6_000, CUT_MS);
    let mut phone = line.fresh(&folder.path().join("slow"));
    let mut rounds = 0;
    while !line.round(&mut phone) {
        rounds += 1;
        assert!(rounds < ROUNDS, "it never ends");
        line.hire();
        // The app is killed while an answer is on its way.
        let mut wire = Wire::new(phone.network.clone());
        let mut run = phone.device.begin_sync().expect("a run");
        let request = phone.device.next_request(&mut run, &mut |_| {}).expect("a step");
        wire.send(request.expect("a request")).expect("an answer");
        drop(run);
        phone = phone.restart().expect("the phone opens again");
    }
    assert!(rounds > 1, "{rounds}");
    let whole = line.whole();
    assert_eq!(phone.device.catalogue(), &whole);
    assert_eq!(whole.colleagues.iter().filter(|it| it.name.starts_with("新人")).count(), rounds);
}

#[test]
fn who_is_hired_travels_alone_to_a_phone_that_missed_several() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut line = Line::new(folder.path(), usize::MAX, CUT_MS);
    let mut phone = line.fresh(&folder.path().join("phone"));
    assert!(line.round(&mut phone));
    let all = std::mem::take(&mut line.sent);
    assert!(line.round(&mut phone));
    let quiet = std::mem::take(&mut line.sent);
    for hires in [1, 3] {
        for _ in 0..hires {
            line.hire();
        }
        assert!(line.round(&mut phone));
        let sent = std::mem::take(&mut line.sent) - quiet;
        assert!(sent < 12_000 && sent < all / 5, "{sent} bytes of {all} for {hires} hired");
    }
    assert_eq!(phone.device.catalogue(), &line.whole());
}
