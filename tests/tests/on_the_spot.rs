//! A notice is issued where the record was signed, without signal, with a number that the phone was leased.

use e2e::phone::Phone;
use e2e::play::{Pictures, Play, deliver, meet, until};
use e2e::town::Town;
use e2e::weather::Weather;
use server::clock::ServerClock;
use sync_core::Code;
use sync_core::act::Statement;
use sync_core::act::notice::Countersigned;
use sync_core::act::visit::{Cosign, IssuedOnSite, PartySign};
use sync_core::case::Case;
use sync_core::domain::inspection::SignOutcome;
use sync_core::domain::notice::{Service, ServiceMethod};
use sync_core::domain::papers::PaperKind;
use sync_core::id::{InspectionId, NoticeId};
use sync_core::ledger::stream::StreamId;

/// Asks for numbers and waits for them.
fn get_numbers(phone: &mut Phone) {
    phone.network.turn(Weather::Fair);
    phone.device.request_numbers().expect("a request");
    until(phone, "numbers", |it| Ok(it.device.numbers()?.is_some_and(|it| it.left == 10)))
        .expect("numbers");
}

/// Both officers are on the site without signal; the record is sealed and signed, and both phones know it.
fn sign_without_signal(play: &mut Play<'_>) {
    let (id, hazard) = (play.inspection, play.hazards.passage);
    for phone in [&mut play.wang, &mut play.li] {
        phone.network.turn(Weather::Away);
        phone.arrive(id).expect("an arrival");
    }
    play.wang.find(id, hazard).expect("a hazard");
    play.wang.device.finish_part(id).expect("a part");
    play.li.device.finish_part(id).expect("a part");
    meet(&mut play.li, &mut play.wang, id).expect("handed over");
    let seal = play.wang.device.seal(id, &[]).expect("a seal");
    let early = play.wang.device.issue_on_site(id).map_err(|it| it.code);
    assert_eq!(early, Err(Code::SignaturesMissing));
    let outcome = SignOutcome::Refused {
        reason: "须请示总公司".to_owned(),
        witness: Some("物业 孙某".to_owned()),
    };
    let party = PartySign { inspection: id, seal, outcome };
    play.wang.device.state(Statement::PartySigned(party)).expect("an answer");
    meet(&mut play.wang, &mut play.li, id).expect("handed over");
    play.li
        .device
        .state(Statement::Cosigned(Cosign { inspection: id, seal }))
        .expect("a signature");
    meet(&mut play.li, &mut play.wang, id).expect("handed over");
}

fn case_of(phone: &Phone, id: InspectionId) -> Case {
    phone.device.case(&StreamId::inspection(id)).expect("readable")
}

/// Leaves the notice before a witness, without signal; both officers sign.
fn leave(play: &mut Play<'_>, notice: NoticeId) {
    let id = play.inspection;
    let case = case_of(&play.wang, id);
    let paper = case.every::<IssuedOnSite>().find(|it| it.body.notice.id == notice);
    let left = Service {
        second: Some(play.li.device.person().expect("a person").id),
        refusal: Some("拒绝签收".to_owned()),
        witness: Some("物业 孙某".to_owned()),
        paper: paper.map(|it| it.body.paper),
        ..Service::new(notice, ServiceMethod::Left, "负责人 周某")
    };
    let statement = play.wang.device.state(Statement::NoticeServed(left)).expect("a service");
    meet(&mut play.wang, &mut play.li, id).expect("handed over");
    let signed = Countersigned { notice, hazard: None, statement };
    play.li.device.state(Statement::Countersigned(signed)).expect("a signature");
}

/// Everything of this phone is at the server, taken over.
fn arrives(phone: &mut Phone) {
    phone.network.turn(Weather::Fair);
    deliver(phone).expect("delivered");
    let outbox = phone.device.outbox().expect("an outbox");
    let left: Vec<_> =
        outbox.records.iter().filter(|it| it.state != device::ItemState::AtServer).collect();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(phone.device.standing().expect("a standing").carried, 0);
}

fn town(folder: &std::path::Path) -> Town {
    Town::inside(folder, ServerClock::standing_at(ServerClock::System.now())).expect("a town")
}

#[test]
fn a_notice_is_issued_and_left_in_a_basement_and_stands_word_for_word_at_the_server() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut town = town(folder.path());
    let mut play = Play::new(&mut town, Pictures::Small, |_| {}).expect("phones");
    play.plan().expect("a plan");
    let id = play.inspection;
    get_numbers(&mut play.wang);
    // Asking again changes nothing while enough are left.
    play.wang.device.request_numbers().expect("nothing to ask");
    assert!(!play.wang.device.numbers().expect("readable").expect("an officer").asked);
    sign_without_signal(&mut play);

    let view = play.wang.device.inspection(id).expect("readable").expect("known");
    assert!(view.issues_on_site);
    let notice = play.wang.device.issue_on_site(id).expect("a notice");
    let numbers = play.wang.device.numbers().expect("readable").expect("an officer");
    assert_eq!((numbers.left, numbers.next.map(|it| it.serial)), (9, Some(2)));
    let again = play.wang.device.issue_on_site(id).map_err(|it| it.code);
    assert_eq!(again, Err(Code::AlreadyExists));
    // The paper is here, with its number, as it was signed.
    let case = case_of(&play.wang, id);
    let issued = case.every::<IssuedOnSite>().next().expect("issued");
    let (printed, number) = (issued.body.paper, issued.body.notice.number.to_string());
    let stream = StreamId::notice(notice);
    let papers = play.wang.device.papers(&stream).expect("papers");
    let paper = papers.iter().find(|it| it.kind == PaperKind::RectificationNotice);
    let paper = paper.expect("the paper of the notice");
    assert_eq!((paper.digest, paper.number.as_deref()), (printed, Some(number.as_str())));
    leave(&mut play, notice);

    // Whoever comes first brings everything; the server states the notice as it was issued and counts from the service.
    arrives(&mut play.li);
    arrives(&mut play.wang);
    until(&mut play.enterprise, "the notice", |it| {
        let view = it.device.notice(&stream, it.device.now()?)?;
        Ok(view.is_some_and(|it| {
            it.service.is_some() && it.hazards.iter().all(|it| it.status.deadline.is_some())
        }))
    })
    .expect("the notice");
    let theirs = play.enterprise.device.case(&stream).expect("readable");
    let theirs = theirs.notices().next().expect("a notice").body.clone();
    assert_eq!(&theirs, &issued.body.notice);
    let officers: Vec<_> = theirs.officers.iter().map(|it| it.name.clone()).collect();
    assert_eq!(officers.len(), 2, "{officers:?}");
    let page = reqwest::blocking::get(format!("{}/check/{}", play.town.address, printed.hex()));
    assert!(page.expect("a page").text().expect("text").contains("文书有效"));
    until(&mut play.li, "the deadline", |it| {
        let view = it.device.notice(&stream, it.device.now()?)?;
        Ok(view.is_some_and(|it| it.hazards.iter().all(|it| it.status.deadline.is_some())))
    })
    .expect("the deadline");
    let all = case_of(&play.li, id);
    assert_eq!(all.notices().count(), 1, "nothing is issued twice");
}

#[test]
fn two_phones_that_issue_for_one_hazard_leave_two_papers_of_which_one_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut town = town(folder.path());
    let mut play = Play::new(&mut town, Pictures::Small, |_| {}).expect("phones");
    play.plan().expect("a plan");
    let id = play.inspection;
    get_numbers(&mut play.wang);
    get_numbers(&mut play.li);
    sign_without_signal(&mut play);
    let served = play.wang.device.issue_on_site(id).expect("a notice");
    let other = play.li.device.issue_on_site(id).expect("another one");
    leave(&mut play, served);
    arrives(&mut play.li);
    arrives(&mut play.wang);
    let both = |it: &Phone| {
        let case = it.device.case(&StreamId::inspection(id))?;
        Ok(case.notices().count() == 2 && case.unrepeated().next().is_none())
    };
    for phone in [&mut play.li, &mut play.wang] {
        until(phone, "both", both).expect("both notices");
        let now = phone.device.now().expect("a time");
        let doubled = |notice| {
            let view = phone.device.notice(&StreamId::notice(notice), now).expect("readable");
            view.expect("known").doubled
        };
        assert_eq!((doubled(served), doubled(other)), (false, true));
    }
    let case = case_of(&play.wang, id);
    let numbers: Vec<u32> = case.notices().map(|it| it.body.number.serial).collect();
    assert!(numbers.contains(&1) && numbers.contains(&11), "{numbers:?}");
}

#[test]
fn a_notice_from_the_spot_stands_although_the_server_had_issued_one_meanwhile() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut town = town(folder.path());
    let mut play = Play::new(&mut town, Pictures::Small, |_| {}).expect("phones");
    play.plan().expect("a plan");
    let id = play.inspection;
    get_numbers(&mut play.wang);
    sign_without_signal(&mut play);
    let notice = play.wang.device.issue_on_site(id).expect("a notice");
    // The colleague knows nothing of it and brings the signed record.
    arrives(&mut play.li);
    until(&mut play.li, "the server's notice", |it| Ok(it.device.notices()?.len() == 1))
        .expect("a notice");
    leave(&mut play, notice);
    arrives(&mut play.li);
    arrives(&mut play.wang);
    until(&mut play.wang, "both", |it| {
        Ok(it.device.case(&StreamId::inspection(id))?.notices().count() == 2)
    })
    .expect("both notices");
    let case = case_of(&play.wang, id);
    assert!(!case.is_doubled(notice), "what was handed over counts");
    let by_server = case.notices().find(|it| it.body.id != notice).expect("the server's");
    assert!(case.is_doubled(by_server.body.id));
}
