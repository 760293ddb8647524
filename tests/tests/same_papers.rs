//! The papers of the whole loop: the same on a phone without signal and on the server, each a PDF, each genuine.

use e2e::office::OfficeClient;
use e2e::play::{Pictures, Play};
use e2e::town::Town;
use server::clock::ServerClock;
use sync_core::document::PaperRow;
use sync_core::domain::account::Role;
use sync_core::domain::papers::PaperKind;
use sync_core::time::CivilDate;

#[test]
fn every_paper_of_the_loop_is_the_same_on_phone_and_server() {
    let folder = tempfile::tempdir().expect("a folder");
    let morning = CivilDate::new(2026, 11, 23).expect("a date").start().plus_millis(9 * 3_600_000);
    let clock = ServerClock::standing_at(morning);
    let mut town = Town::inside(folder.path(), clock).expect("a town");
    let of_role = |role| {
        let mut of = town.accounts.values().filter(|it| {
            it.person.role == role
                && it.person.department.as_ref().is_none_or(|it| it.as_str() == "yingji")
        });
        of.next().expect("an account").username.clone()
    };
    let supervisor = of_role(Role::Supervisor);
    let public = OfficeClient::anonymous(&town.address);
    let address = town.address.clone();
    let mut play = Play::new(&mut town, Pictures::Small, |_| ()).expect("phones");
    play.whole().expect("the loop");
    play.wang.sync().expect("a last exchange");
    let (device, visit) = (&play.wang.device, play.visit());
    let rows = device.papers(&visit).expect("papers");
    let kinds: Vec<PaperKind> = rows.iter().map(|row| row.kind).collect();
    for kind in [
        PaperKind::InspectionPlan,
        PaperKind::VisitNotice,
        PaperKind::InspectionRecord,
        PaperKind::RectificationNotice,
        PaperKind::ProofOfService,
        PaperKind::RecheckOpinion,
    ] {
        assert!(kinds.contains(&kind), "{kind:?} in {kinds:?}");
    }
    let office = OfficeClient::of(play.town, &supervisor);
    let path = format!("/api/v1/cases/inspection/{}/papers", play.inspection);
    let listed: Vec<PaperRow> =
        serde_json::from_value(office.get(&path).json).expect("a list of papers");
    assert_eq!(listed, rows);
    for row in &rows {
        let page = device.paper(&visit, row.kind, row.fact, false, Some(&address)).expect("a page");
        assert_eq!(page.digest, row.digest);
        assert!(page.html.contains(&row.title) && page.html.contains("<svg"), "{:?}", row.kind);
        let pdf = office.get(&format!("{path}/{}/{}", row.kind.name(), row.fact));
        assert!(pdf.bytes.starts_with(b"%PDF-"), "{:?}: {}", row.kind, pdf.status);
        let check = public.get(&format!("/check/{}", row.digest.hex()));
        let check = String::from_utf8(check.bytes).expect("a page");
        // An opinion takes what is rechecked until the end of the day.
        let word = if row.issued.is_some() { "文书有效" } else { "出具前的打印件" };
        assert!(check.contains(word), "{:?}", row.kind);
    }
    let notice = rows.iter().find(|row| row.kind == PaperKind::RectificationNotice).expect("one");
    let enterprise = &play.enterprise.device;
    let notices = enterprise.notices().expect("notices");
    let stream = sync_core::ledger::stream::StreamId::notice(notices[0].notice.id);
    let own = enterprise.papers(&stream).expect("papers");
    assert!(own.iter().all(|row| !row.kind.is_internal()), "{own:?}");
    assert!(own.contains(notice), "the notice that an enterprise holds is the one of the office");
}
