//! Orders on the spot with their end, service against a refusal, and the papers of it all.

use sync_core::act::Statement;
use sync_core::act::notice::{Countersigned, ResumptionDecision, ResumptionRequest};
use sync_core::act::visit::{Cosign, MeasureOrdered};
use sync_core::document::PaperRow;
use sync_core::domain::notice::{Service, ServiceMethod};
use sync_core::domain::papers::PaperKind;
use sync_core::domain::site_measure::{SiteMeasure, SiteOrder};
use sync_core::id::{FactId, NoticeId};
use sync_core::ledger::stream::StreamId;
use sync_core::{Code, Refusal};

use super::{Play, deliver, expect, expect_refused, meet, missed, notice_of, turn, until};
use crate::office::OfficeClient;
use crate::photo::Scene;
use crate::weather::Weather;

/// A paper of the play, as the server gives it.
#[derive(Clone, Debug)]
pub struct GivenPaper {
    /// Title, number and digest.
    pub row: PaperRow,
    /// The file.
    pub pdf: Vec<u8>,
}

impl Play<'_> {
    /// Without a signal an officer stops the use of the store; the papers for the door and of the order are on the phone.
    pub(super) fn stop_the_store(&mut self) -> Result<(), Refusal> {
        let device = &mut self.wang.device;
        let order = SiteOrder {
            measures: vec![SiteMeasure::StopUse],
            scope: "一号仓库故障电池存放区".to_owned(),
            reason: "故障电池未隔离，随时可能热失控".to_owned(),
            on: device.now()?.date(),
        };
        let (inspection, hazard) = (self.inspection, self.hazards.battery);
        let ordered = device.state(Statement::MeasureOrdered(MeasureOrdered {
            inspection,
            hazard,
            order,
        }))?;
        let visit = StreamId::inspection(inspection);
        let page = |kind, fact: FactId, narrow| device.paper(&visit, kind, fact, narrow, None);
        let papers = device.papers(&visit)?;
        let at_the_door = papers.iter().find(|it| it.kind == PaperKind::VisitNotice);
        let at_the_door = at_the_door.ok_or_else(|| missed("the paper for the door"))?;
        let shown = page(PaperKind::VisitNotice, at_the_door.fact, false)?;
        expect(shown.html.contains(&at_the_door.title), "the paper for the door on the phone")?;
        let printed = page(PaperKind::MeasureDecision, ordered, true)?;
        expect(printed.html.contains("一号仓库故障电池存放区"), "the order on the phone")?;
        self.tell("　 没有信号也有文书：门口出示《行政检查通知书》；当场责令停止使用电池存放区，决定书在手机上打印");
        Ok(())
    }

    /// The phone of the officer who leads takes a block of numbers with it.
    pub(super) fn take_numbers(&mut self) -> Result<(), Refusal> {
        self.wang.device.request_numbers()?;
        until(&mut self.wang, "numbers", |phone| {
            Ok(phone.device.numbers()?.is_some_and(|it| it.next.is_some()))
        })
        .map(drop)
    }

    /// Out of signal again: the second officer signs on the own phone, hands it over by its screen, and the notice is issued
    /// with a number of this phone.
    pub(super) fn issue_on_the_spot(&mut self, seal: FactId) -> Result<NoticeId, Refusal> {
        let inspection = self.inspection;
        turn([&self.wang, &self.li], Weather::Away);
        self.li.device.state(Statement::Cosigned(Cosign { inspection, seal }))?;
        let early = self.wang.device.issue_on_site(inspection);
        expect_refused(early, Code::SignaturesMissing)?;
        meet(&mut self.li, &mut self.wang, inspection)?;
        let notice = self.wang.device.issue_on_site(inspection)?;
        let papers = self.wang.device.papers(&StreamId::notice(notice))?;
        let printed = papers.iter().find(|it| it.kind == PaperKind::RectificationNotice);
        let printed = printed.ok_or_else(|| missed("the notice on the phone"))?;
        let number = printed.number.clone().unwrap_or_default();
        self.tell(format!(
            "　 又没有信号：第二执法人员的签名经手机屏幕传递，当场出具《责令限期整改指令书》{number}"
        ));
        turn([&self.wang, &self.li], Weather::Fair);
        Ok(notice)
    }

    /// Nobody signs for the notice: it is left before a witness, and counts once both officers have signed.
    pub(super) fn leave_the_notice(&mut self, notice: NoticeId) -> Result<(), Refusal> {
        for phone in [&mut self.wang, &mut self.li] {
            until(phone, "the notice", |phone| Ok(notice_of(phone, notice).is_ok()))?;
        }
        self.wang.network.turn(Weather::Away);
        let receiver = self.place.principal.clone();
        let left = Service {
            second: Some(self.li.device.person()?.id),
            refusal: Some("负责人称须总公司同意，拒绝签收".to_owned()),
            witness: Some("园区物业值班员 孙某".to_owned()),
            ..Service::new(notice, ServiceMethod::Left, receiver)
        };
        let alone = Service { second: None, ..left.clone() };
        let device = &mut self.wang.device;
        expect_refused(device.state(Statement::NoticeServed(alone)), Code::TwoOfficersNeeded)?;
        let statement = device.state(Statement::NoticeServed(left))?;
        self.wang.network.turn(Weather::Fair);
        deliver(&mut self.wang)?;
        until(&mut self.li, "the service", |phone| {
            let case = phone.device.case(&StreamId::notice(notice))?;
            Ok(case.stated().iter().any(|it| it.fact == statement))
        })?;
        let signed = Countersigned { notice, hazard: None, statement };
        self.li.device.state(Statement::Countersigned(signed))?;
        deliver(&mut self.li).map(drop)
    }

    /// The enterprise asks to use the store again; a supervisor who did not inspect it looks at the photo and consents.
    pub(super) fn resume(&mut self, notice: NoticeId) -> Result<(), Refusal> {
        let hazard = self.hazards.battery;
        let photo = self.shoot_after(true, (notice, hazard), Scene::Clear, 41)?;
        let request = ResumptionRequest {
            notice,
            hazard,
            measures: "故障电池已全部移入防爆隔离柜，加装温感报警".to_owned(),
            photos: vec![photo],
        };
        let request = self.enterprise.device.state(Statement::ResumptionRequested(request))?;
        deliver(&mut self.enterprise)?;
        let decision = |photos| {
            Statement::ResumptionDecided(ResumptionDecision {
                notice,
                hazard,
                request,
                granted: true,
                reason: "经审查，隔离存放到位，同意恢复使用".to_owned(),
                photos,
            })
        };
        until(&mut self.deputy, "the request with its photo", |phone| {
            let view = notice_of(phone, notice)?;
            let offered = |it: &device::NoticeHazard| {
                it.hazard == hazard && it.offers.iter().any(|it| it.step == "decide_resumption")
            };
            Ok(view.hazards.iter().any(offered) && phone.device.photo(photo).is_some())
        })?;
        expect_refused(self.deputy.device.state(decision(vec![])), Code::PhotoNeeded)?;
        expect_refused(self.li.device.state(decision(vec![photo])), Code::RoleNotAllowed)?;
        self.deputy.device.state(decision(vec![photo]))?;
        deliver(&mut self.deputy)?;
        until(&mut self.enterprise, "the consent", |phone| {
            let case = phone.device.case(&StreamId::notice(notice))?;
            Ok(case.hazard(hazard).is_some_and(|it| !it.is_stopped()))
        })?;
        self.tell(
            "　 企业申请恢复使用并附照片；没有参加检查的负责人看过照片后同意恢复，停用到此为止",
        );
        Ok(())
    }

    /// Every paper of the case, as the office gets it from the server.
    ///
    /// # Errors
    /// A [`Refusal`] that names what was missed or what device or server refused.
    pub fn papers(&self) -> Result<Vec<GivenPaper>, Refusal> {
        let name = self.supervisor.device.person()?.id;
        let account = self.town.accounts.values().find(|it| it.person.id == name);
        let account = account.ok_or_else(|| missed("the supervisor's account"))?;
        let office = OfficeClient::of(self.town, &account.username);
        let list = format!("/api/v1/cases/inspection/{}/papers", self.inspection);
        let rows: Vec<PaperRow> = serde_json::from_value(office.get(&list).json)
            .map_err(|_| missed("the list of papers"))?;
        let give = |row: PaperRow| {
            let answer = office.get(&format!("{list}/{}/{}", row.kind.name(), row.fact));
            expect(answer.status == 200 && answer.bytes.starts_with(b"%PDF"), row.kind.name())?;
            let check = office.get(&format!("/check/{}", row.digest));
            expect(check.status == 200, "a paper that is genuine")?;
            Ok(GivenPaper { row, pdf: answer.bytes })
        };
        rows.into_iter().map(give).collect()
    }
}
