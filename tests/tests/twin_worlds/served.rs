//! The case of the enterprise before the worlds part.

use e2e::bench::crowd::Member;
use e2e::photo::{self, Scene};
use e2e::town::Town;
use sync_core::act::notice::{Countersigned, ExtensionDecision, ExtensionRequest, Recheck, Reply};
use sync_core::act::paper::PaperCorrected;
use sync_core::act::{Fact, Statement};
use sync_core::document::PaperRow;
use sync_core::domain::evidence::Purpose;
use sync_core::domain::notice::Notice;
use sync_core::domain::papers::PaperKind;
use sync_core::domain::term::Term;
use sync_core::id::{Digest, HazardId, InspectionId, NoticeId};
use sync_core::ledger::stream::StreamId;
use sync_core::time::{CivilDate, Timestamp};

use super::worlds::{Staff, bring, captured, say, settle};

/// An enterprise with a notice, which it answered, and what officers have signed of it and not sent yet.
pub(crate) struct Served {
    pub member: Member,
    pub staff: Staff,
    pub notice: Notice,
    pub inspection: InspectionId,
    pub photos: Vec<Digest>,
    /// What each of them has signed: the supervisor, and both inspectors.
    pub unsent: [Vec<Fact>; 3],
}

/// A notice is served; the enterprise asks for more time and replies with a photo.
pub(crate) fn served(town: &Town, member: Member, at: Timestamp) -> Served {
    let mut member = member;
    let mut staff = Staff::of(town);
    let found = photo::draw(Scene::Blocked, 1, 320, 240, 80);
    let target = member.person.enterprise.expect("its enterprise");
    let inspection = staff.visit(target, &found);
    settle(town, at);
    let notice = staff.serve(town, at).remove(0);
    assert!(notice.items.iter().any(|item| item.photos.contains(&Digest::of(&found))));
    member.pull().expect("the notice");
    let [waits, done] = [1, 2].map(|n| notice.items[n].hazard);
    let clear = photo::draw(Scene::Clear, 2, 320, 240, 80);
    let request = ExtensionRequest {
        notice: notice.id,
        hazard: waits,
        term: Term::natural(5),
        reason: "配件到货延迟".to_owned(),
    };
    let shot = captured(StreamId::notice(notice.id), Purpose::Rectified, done, &clear);
    let reply = Statement::Replied(reply(notice.id, done, at.date(), &clear));
    let asked = say(&mut member, vec![Statement::ExtensionRequested(request), shot, reply]);
    bring(&member, &clear);
    settle(town, at);
    let unsent = signed(&mut staff, &member, &notice, asked.first().expect("a request").id);
    let photos = [found, clear].map(|it| Digest::of(&it)).to_vec();
    Served { member, staff, notice, inspection, photos, unsent }
}

/// What was done about a hazard, with a photo of it.
pub(crate) fn reply(notice: NoticeId, hazard: HazardId, on: CivilDate, photo: &[u8]) -> Reply {
    Reply {
        notice,
        hazard,
        measures: "已清理并划线管理".to_owned(),
        responsible: "安全科长".to_owned(),
        finished_on: on,
        photos: vec![Digest::of(photo)],
    }
}

/// What officers sign about the notice before the worlds part, and send in both of them after.
fn signed(staff: &mut Staff, member: &Member, notice: &Notice, request: Digest) -> [Vec<Fact>; 3] {
    let [waits, done] = [1, 2].map(|n| notice.items[n].hazard);
    let granted = Statement::ExtensionDecided(ExtensionDecision {
        notice: notice.id,
        hazard: waits,
        request,
        granted: Some(Term::natural(3)),
        reason: "情况属实".to_owned(),
    });
    let path = format!("/api/v1/cases/notice/{}/papers", notice.id);
    let rows: Vec<PaperRow> =
        serde_json::from_value(member.office.get(&path).json).expect("papers");
    let of_notice = rows.iter().find(|row| row.kind == PaperKind::RectificationNotice);
    let of_notice = of_notice.expect("the notice");
    let corrected = Statement::PaperCorrected(PaperCorrected {
        stream: StreamId::notice(notice.id),
        paper: of_notice.kind,
        fact: of_notice.fact,
        replaces: of_notice.digest,
        correction: "第一项隐患的位置为1号车间西侧".to_owned(),
        reason: "笔误".to_owned(),
    });
    let Staff { supervisor, wang, li, .. } = staff;
    let decided = [granted, corrected].map(|it| supervisor.state(it).expect("a decision"));
    let recheck = Statement::Rechecked(Recheck {
        notice: notice.id,
        hazard: done,
        passed: false,
        opinion: "仍有杂物".to_owned(),
        photos: Vec::new(),
        new_term: Some(Term::natural(3)),
        reply: None,
        second: Some(li.person.id),
    });
    let recheck = wang.state(recheck).expect("a recheck");
    let (notice, hazard) = (notice.id, Some(done));
    let signed = Countersigned { notice, hazard, statement: recheck.id };
    let signed = li.state(Statement::Countersigned(signed)).expect("a signature");
    [decided.to_vec(), vec![recheck], vec![signed]]
}
