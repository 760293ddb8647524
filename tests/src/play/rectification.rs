//! Service, replies, extension, the major grade, recheck, closure, overdue, quarantine.

use device::{ItemState, PhotoMeta};
use sync_core::act::Statement;
use sync_core::act::notice::{
    ClosureDecision, Countersigned, DeadlineAssigned, DismissalProposed, ExtensionDecision,
    ExtensionRequest, MajorDecision, Recheck, Reply,
};
use sync_core::act::state;
use sync_core::act::state::HazardState;
use sync_core::domain::evidence::{Purpose, Source};
use sync_core::domain::hazard::Grade;
use sync_core::domain::notice::{Service, ServiceMethod};
use sync_core::domain::term::Term;
use sync_core::id::{BlobHash, HazardId, NoticeId};
use sync_core::ledger::stream::StreamId;
use sync_core::{Code, Refusal};

use super::{Play, deliver, expect, expect_refused, missed, notice_of, until};
use crate::phone::Phone;
use crate::photo::Scene;
use crate::weather::Weather;

fn state_of(phone: &Phone, notice: NoticeId, hazard: HazardId) -> Result<HazardState, Refusal> {
    let view = notice_of(phone, notice)?;
    let found = view.hazards.iter().find(|it| it.hazard == hazard);
    found.map(|it| it.status.state).ok_or_else(|| missed("the hazard"))
}

fn deadlines(phone: &Phone, notice: NoticeId, hazard: HazardId) -> Result<usize, Refusal> {
    let case = phone.device.case(&StreamId::notice(notice))?;
    Ok(case.hazard(hazard).map_or(0, |hazard| hazard.all::<DeadlineAssigned>().count()))
}

impl Play<'_> {
    pub(super) fn shoot_after(
        &mut self,
        enterprise: bool,
        (notice, hazard): (NoticeId, HazardId),
        scene: Scene,
        seed: u64,
    ) -> Result<BlobHash, Refusal> {
        let bytes = self.draw(scene, seed);
        let (phone, purpose) = if enterprise {
            (&mut self.enterprise, Purpose::Rectified)
        } else {
            (&mut self.li, Purpose::Recheck)
        };
        let meta = PhotoMeta {
            purpose,
            hazard: Some(hazard),
            source: Source::Camera,
            fix: None,
            derived_from: None,
        };
        phone.device.capture(StreamId::notice(notice), meta, &bytes)
    }

    fn reply(&mut self, notice: NoticeId, hazard: HazardId, seed: u64) -> Result<(), Refusal> {
        let photo = self.shoot_after(true, (notice, hazard), Scene::Clear, seed)?;
        let finished_on = self.enterprise.device.now()?.date();
        self.enterprise.device.state(Statement::Replied(Reply {
            notice,
            hazard,
            measures: "已清理并划线管理，专人每班检查".to_owned(),
            responsible: "安全科长".to_owned(),
            finished_on,
            photos: vec![photo],
        }))?;
        Ok(())
    }

    /// 6. The notice is left before a witness; the enterprise replies with photos and asks for more time.
    ///
    /// # Errors
    /// A [`Refusal`] that names what was missed or what device or server refused.
    pub fn answer(&mut self, notice: NoticeId) -> Result<(), Refusal> {
        let [passage, battery, signs] =
            [self.hazards.passage, self.hazards.battery, self.hazards.signs];
        let receiver = self.place.principal.clone();
        let silent = Service::new(notice, ServiceMethod::Electronic, receiver);
        let device = &mut self.enterprise.device;
        expect_refused(device.state(Statement::NoticeServed(silent)), Code::ConsentNeeded)?;
        self.leave_the_notice(notice)?;
        until(&mut self.enterprise, "three deadlines", |phone| {
            let assigned = [passage, battery, signs].map(|id| deadlines(phone, notice, id));
            Ok(assigned.into_iter().collect::<Result<Vec<_>, _>>()? == [1, 1, 1])
        })?;
        let view = notice_of(&self.enterprise, notice)?;
        self.tell("⑥ 企业拒收，两名执法人员在见证人面前留置送达，都签名后才算送达，整改期限自送达次日起算：");
        for device::NoticeHazard { hazard: id, status, .. } in &view.hazards {
            let item = view.notice.items.iter().find(|item| item.hazard == *id);
            let (Some(item), Some(deadline)) = (item, &status.deadline) else { continue };
            let unit = match item.term.unit {
                sync_core::domain::term::DayUnit::Natural => "日",
                sync_core::domain::term::DayUnit::Working => "个工作日",
            };
            self.tell(format!(
                "　 {}：{}{unit}，至{}",
                item.description, item.term.days, deadline.date
            ));
        }
        let found = self.photo("passage")?;
        let shown = self.enterprise.device.photo(found).is_some();
        expect(shown, "the enterprise sees the photo on its notice")?;
        self.reply(notice, passage, 21)?;
        self.reply(notice, signs, 22)?;
        let request =
            self.enterprise.device.state(Statement::ExtensionRequested(ExtensionRequest {
                notice,
                hazard: battery,
                term: Term::natural(10),
                reason: "隔离柜需定制，供货周期较长".to_owned(),
            }))?;
        deliver(&mut self.enterprise)?;
        let grant = |days| {
            Statement::ExtensionDecided(ExtensionDecision {
                notice,
                hazard: battery,
                request,
                granted: Some(Term::natural(days)),
                reason: "同意延期五日，期间停用该库房".to_owned(),
            })
        };
        for phone in [&mut self.supervisor, &mut self.deputy] {
            until(phone, "the request", |phone| {
                let view = notice_of(phone, notice)?;
                Ok(view.hazards.iter().any(|it| it.status.extension_pending))
            })?;
        }
        expect_refused(self.supervisor.device.state(grant(5)), Code::SamePerson)?;
        expect_refused(self.deputy.device.state(grant(366)), Code::ExtensionTooLong)?;
        self.deputy.device.state(grant(5))?;
        deliver(&mut self.deputy)?;
        until(&mut self.enterprise, "the new deadline", |phone| {
            Ok(deadlines(phone, notice, battery)? == 2)
        })?;
        self.tell(
            "　 企业提交两份整改报告（附照片）；重大隐患申请延期10日，由没有下达任务的另一名负责人批准5日，原期限仍可查",
        );
        self.decide_major(notice)?;
        self.resume(notice)
    }

    /// The supervisor decides on the major grade; the notice did not wait for it.
    fn decide_major(&mut self, notice: NoticeId) -> Result<(), Refusal> {
        let hazard = self.hazards.battery;
        let offered = |phone: &Phone| -> Result<bool, Refusal> {
            let view = notice_of(phone, notice)?;
            let offered = |it: &&device::NoticeHazard| {
                it.offers.iter().any(|offer| offer.step == "decide_major")
            };
            let mut open = view.hazards.iter().filter(offered);
            let (first, second) = (open.next(), open.next());
            Ok(first.is_some_and(|it| it.hazard == hazard) && second.is_none())
        };
        let decision = |upheld: bool, reason: &str| {
            let reason = reason.to_owned();
            Statement::MajorDecided(MajorDecision { notice, hazard, upheld, reason })
        };
        let facts = "故障电池未隔离存放，符合判定标准第八条第七项";
        expect(offered(&self.supervisor)?, "the one major grade waits for the supervisor")?;
        expect_refused(self.li.device.state(decision(true, facts)), Code::RoleNotAllowed)?;
        let device = &mut self.supervisor.device;
        expect_refused(device.state(decision(true, " ")), Code::ReasonNeeded)?;
        device.state(decision(true, facts))?;
        expect_refused(device.state(decision(false, facts)), Code::AlreadyDecided)?;
        deliver(&mut self.supervisor)?;
        expect(!offered(&self.supervisor)?, "nothing more to decide")?;
        until(&mut self.enterprise, "the decision", |phone| {
            let case = phone.device.case(&StreamId::notice(notice))?;
            let known = case.hazard(hazard).and_then(|it| it.first::<MajorDecision>());
            let grade = state::hazard(&case, hazard, phone.device.now()?)?.grade;
            Ok(known.is_some() && grade == Some(Grade::Major))
        })?;
        self.tell("　 部门负责人认定重大隐患，写明事实（检查人员不能认定；责令整改不等认定，销号前必须认定）");
        Ok(())
    }

    /// 7. An officer rechecks offline with the found photo beside the new one; one hazard fails.
    ///
    /// # Errors
    /// A [`Refusal`] that names what was missed or what device or server refused.
    pub fn recheck(&mut self, notice: NoticeId) -> Result<(), Refusal> {
        let [passage, signs] = [self.hazards.passage, self.hazards.signs];
        until(&mut self.li, "the replies", |phone| {
            Ok(state_of(phone, notice, passage)? == HazardState::Replied
                && state_of(phone, notice, signs)? == HazardState::Replied)
        })?;
        self.li.network.turn(Weather::Away);
        let found = self.photo("passage")?;
        expect(self.li.device.photo(found).is_some(), "the found photo is on the phone")?;
        let before = self.recheck_one(notice, passage, true, 31)?;
        self.recheck_one(notice, signs, false, 32)?;
        self.li.network.turn(Weather::Fair);
        deliver(&mut self.li)?;
        self.photos.insert("rechecked", before);
        self.countersign(notice, &[passage, signs])?;
        until(&mut self.enterprise, "the deadline after the failed recheck", |phone| {
            Ok(deadlines(phone, notice, signs)? == 2)
        })?;
        let again = state_of(&self.enterprise, notice, signs)?;
        expect(again == HazardState::Rectifying, "rectifying again")?;
        self.tell("⑦ 离线复查（原照片与现场照片对照）：一处合格；一处不合格，由新的记录确定新期限");
        Ok(())
    }

    /// The other officer signs what the first one saw: it counts only then.
    fn countersign(&mut self, notice: NoticeId, hazards: &[HazardId]) -> Result<(), Refusal> {
        for hazard in hazards.iter().copied() {
            until(&mut self.wang, "the recheck", |phone| {
                let view = notice_of(phone, notice)?;
                let offered = |it: &device::NoticeHazard| {
                    it.hazard == hazard && it.offers.iter().any(|it| it.step == "countersign")
                };
                Ok(view.hazards.iter().any(offered))
            })?;
            let case = self.wang.device.case(&StreamId::notice(notice))?;
            let seen = case.hazard(hazard).and_then(|it| it.last::<Recheck>());
            let statement = seen.ok_or_else(|| missed("the recheck"))?.fact;
            let hazard = Some(hazard);
            let signed = Countersigned { notice, hazard, statement };
            self.wang.device.state(Statement::Countersigned(signed))?;
        }
        deliver(&mut self.wang).map(drop)
    }

    fn recheck_one(
        &mut self,
        notice: NoticeId,
        hazard: HazardId,
        passed: bool,
        seed: u64,
    ) -> Result<BlobHash, Refusal> {
        let photo = self.shoot_after(false, (notice, hazard), Scene::Clear, seed)?;
        let second = self.wang.device.person()?.id;
        self.li.device.state(Statement::Rechecked(Recheck {
            notice,
            hazard,
            passed,
            opinion: if passed { "已按要求整改" } else { "警示标志内容不全" }.to_owned(),
            photos: vec![photo],
            new_term: (!passed).then_some(Term::working(3)),
            second: Some(second),
            reply: None,
        }))?;
        Ok(photo)
    }

    /// 8. The supervisor closes; an overdue hazard shows as overdue when the clock passes.
    ///
    /// # Errors
    /// A [`Refusal`] that names what was missed or what device or server refused.
    pub fn close(&mut self, notice: NoticeId) -> Result<(), Refusal> {
        let passage = self.hazards.passage;
        until(&mut self.supervisor, "the recheck", |phone| {
            Ok(state_of(phone, notice, passage)? == HazardState::Rechecked)
        })?;
        let case = self.supervisor.device.case(&StreamId::notice(notice))?;
        let hazard = case.hazard(passage).ok_or_else(|| missed("the hazard"))?;
        let recheck = state::passed_recheck(&hazard).ok_or_else(|| missed("the recheck"))?.fact;
        let decision = |evidence: Vec<BlobHash>| {
            Statement::ClosureDecided(ClosureDecision {
                notice,
                hazard: passage,
                recheck,
                approved: true,
                reason: String::new(),
                evidence,
            })
        };
        let found = self.photo("passage")?;
        let rechecked = self.photo("rechecked")?;
        let device = &mut self.supervisor.device;
        expect_refused(device.state(decision(vec![])), Code::PhotoNeeded)?;
        expect_refused(device.state(decision(vec![found])), Code::PhotoReused)?;
        expect_refused(self.li.device.state(decision(vec![rechecked])), Code::RoleNotAllowed)?;
        self.supervisor.device.state(decision(vec![rechecked]))?;
        deliver(&mut self.supervisor)?;
        until(&mut self.enterprise, "the closure", |phone| {
            Ok(state_of(phone, notice, passage)? == HazardState::Closed)
        })?;
        self.tell("⑧ 部门负责人销号：没有整改后照片、用发现时照片、由检查人员审批，三种都被拒绝；合规后销号");
        let battery = self.hazards.battery;
        let case = self.supervisor.device.case(&StreamId::notice(notice))?;
        let now = self.supervisor.device.now()?;
        let today = state::hazard(&case, battery, now)?;
        let deadline = today.deadline.as_ref().ok_or_else(|| missed("a deadline"))?.date;
        let last = deadline.plus_days(1).start().plus_millis(-1);
        let after = deadline.plus_days(1).start();
        let on_time = !state::hazard(&case, battery, last)?.overdue;
        let late = state::hazard(&case, battery, after)?.overdue;
        expect(!today.overdue && on_time && late, "overdue from the day after the deadline")?;
        self.tell(format!("　 未整改的重大隐患期限为{deadline}：当日24时前未逾期，次日零时起逾期（按时间计算，不存储）"));
        Ok(())
    }

    /// 9. A revoked inspector's offline work arrives in quarantine, byte for byte.
    ///
    /// # Errors
    /// A [`Refusal`] that names what was missed or what device or server refused.
    pub fn quarantine(&mut self) -> Result<(), Refusal> {
        let name = self.third.clone();
        let mut third = self.town.phone(&name)?;
        let hazard = self.hazards.battery;
        let mine = |it: &device::NoticeView| it.hazards.iter().any(|it| it.hazard == hazard);
        let notices = third.device.notices()?;
        let notice = notices.iter().find(|it| mine(it)).map(|it| it.notice.id);
        let notice = notice.ok_or_else(|| missed("the notice"))?;
        third.network.turn(Weather::Away);
        let proposal = DismissalProposed {
            notice,
            hazard,
            reason: "与另一处隐患重复，提请撤销".to_owned(),
            inspection: Some(self.inspection),
        };
        let fact = third.device.state(Statement::DismissalProposed(proposal))?;
        self.administrator_revokes(third.device.person()?.id)?;
        third.network.turn(Weather::Fair);
        third.sync()?;
        let outbox = third.device.outbox()?;
        let stored = outbox.records.iter().find(|record| record.id == fact).map(|it| &it.state);
        let quarantined = matches!(stored, Some(ItemState::Quarantined(refusal))
            if refusal.code == Code::AuthorRevoked);
        expect(quarantined, "the work is in quarantine")?;
        self.supervisor_accepts(fact)?;
        until(&mut self.supervisor, "the accepted work", |phone| {
            let case = phone.device.case(&StreamId::notice(notice))?;
            let mut proposals =
                case.hazard(hazard).into_iter().flat_map(|it| it.internal::<DismissalProposed>());
            Ok(proposals.any(|it| it.fact == fact))
        })?;
        self.tell("⑨ 已停用执法人员的离线记录原样进入待处理；部门负责人写明理由后采纳");
        Ok(())
    }
}
