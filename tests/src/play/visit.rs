//! Plan, visit without signal, merge, decision, signatures, notice.

use device::PhotoMeta;
use sync_core::act::Statement;
use sync_core::act::state::InspectionState;
use sync_core::act::visit::{Arrival, PartySign};
use sync_core::domain::enterprise::Enterprise;
use sync_core::domain::evidence::{Fix, FixSource, Position, Purpose, Source};
use sync_core::domain::hazard::{Clause, Grade};
use sync_core::domain::inspection::{BindingField, Plan, SignOutcome, Verdict, VisitKind};
use sync_core::domain::notice::Notice;
use sync_core::domain::parallel::ParallelSubject;
use sync_core::domain::term::Term;
use sync_core::draft::{Edit, HazardDraft, MeasureDraft, keys};
use sync_core::id::{HazardId, InspectionId, NoticeId};
use sync_core::ledger::stream::StreamId;
use sync_core::{Code, Refusal};

use super::{Play, deliver, expect, expect_refused, fresh, missed, turn, until};
use crate::phone::Phone;
use crate::photo::Scene;
use crate::weather::Weather;

/// The officers' position fix at the gate.
fn at_the_gate(position: Option<Position>) -> Option<Fix> {
    let position = position?;
    Some(Fix { position, accuracy_dm: 120, source: FixSource::Satellite, mock: false })
}

impl Play<'_> {
    /// The supervisor plans a check of a place by both officers.
    fn plan_check(
        &mut self,
        inspection: InspectionId,
        place: &Enterprise,
        approval: &str,
    ) -> Result<(), Refusal> {
        let team = vec![self.wang.device.person()?.id, self.li.device.person()?.id];
        let department = self.supervisor.device.person()?.department.clone();
        let today = self.supervisor.device.now()?.date();
        let plan = Plan {
            inspection,
            enterprise: place.id,
            department: department.ok_or(missed("department"))?,
            team,
            kind: VisitKind::Unannounced,
            sectors: place.sectors.clone(),
            from: today,
            to: today.plus_days(3),
            approval: approval.to_owned(),
            recheck_of: None,
        };
        self.supervisor.device.state(Statement::Planned(plan))?;
        deliver(&mut self.supervisor).map(drop)
    }

    /// Another check is planned and left to be carried out by whoever looks at the app.
    ///
    /// # Errors
    /// A [`Refusal`] that names what was missed or what device or server refused.
    pub fn leave_a_task(&mut self) -> Result<(), Refusal> {
        let known = &self.supervisor.device.catalogue().enterprises;
        let other =
            known.iter().find(|it| it.id != self.place.id && it.sectors == self.place.sectors);
        let other = other.cloned().ok_or_else(|| missed("another enterprise"))?;
        let inspection = fresh(InspectionId::from_entropy);
        self.plan_check(inspection, &other, "枣高应急检批〔2026〕19号")?;
        self.tell("⑩ 又下达一次检查任务，留给打开应用的人");
        Ok(())
    }

    /// 1. A department plans an unannounced check; the officers take task and catalogue, and lose signal.
    ///
    /// # Errors
    /// A [`Refusal`] that names what was missed or what device or server refused.
    pub fn plan(&mut self) -> Result<(), Refusal> {
        let place = self.place.clone();
        self.plan_check(self.inspection, &place, "枣高应急检批〔2026〕18号")?;
        let visit = self.visit();
        for phone in [&mut self.wang, &mut self.li] {
            until(phone, "the task", |phone| Ok(phone.device.case(&visit)?.plan().is_some()))?;
        }
        let items: usize =
            self.wang.device.catalogue().checklists.iter().map(|list| list.items.len()).sum();
        self.tell(format!(
            "① 下达四不两直检查任务：{}；两部手机已取得任务和{items}条检查事项",
            self.place.name
        ));
        turn([&self.wang, &self.li], Weather::Away);
        self.tell("　 手机失去信号");
        Ok(())
    }

    fn arrive(phone: &mut Phone, play: (StreamId, Option<Fix>)) -> Result<(), Refusal> {
        let (stream, fix) = play;
        let inspection = stream.as_inspection().ok_or_else(|| missed("visit"))?;
        let arrival = Arrival { inspection, certificate_shown: true, plate: None, fix };
        phone.device.state(Statement::Arrived(arrival)).map(drop)
    }

    /// 2. Offline: arrival, answers, hazards with photos, one fixed on the spot, one graded differently.
    ///
    /// # Errors
    /// A [`Refusal`] that names what was missed or what device or server refused.
    pub fn visit_without_signal(&mut self) -> Result<(), Refusal> {
        let here = (self.visit(), at_the_gate(self.place.position));
        Self::arrive(&mut self.wang, here)?;
        Self::arrive(&mut self.li, here)?;
        let items: Vec<_> = self
            .wang
            .device
            .catalogue()
            .checklists
            .iter()
            .filter(|list| self.place.sectors.contains(&list.sector))
            .flat_map(|list| list.items.iter().map(|item| item.code.clone()))
            .take(40)
            .collect();
        expect(items.len() >= 20, "enough check items")?;
        for (n, item) in items.iter().enumerate() {
            let phone = if n % 2 == 0 { &mut self.wang } else { &mut self.li };
            let (verdict, note) = (Verdict::Pass, String::new());
            phone
                .device
                .edit(self.inspection, Edit::Answer { item: item.clone(), verdict, note })?;
        }
        self.tell(format!("② 离线检查：两人登记到达，答完{}条检查事项", items.len()));
        self.record_hazards()?;
        expect(self.wang.sync()?.waiting.is_some(), "no signal")?;
        let (wang, li) = (self.wang.device.outbox()?, self.li.device.outbox()?);
        let waiting = wang.waiting() + li.waiting();
        let bytes: u64 = wang.files.iter().chain(&li.files).map(|file| file.bytes).sum();
        self.tell(format!(
            "　 四处隐患、{}张照片（{:.1} MB）；两部手机共{waiting}项只在本机",
            wang.files.len() + li.files.len(),
            bytes as f64 / 1e6
        ));
        Ok(())
    }

    fn record_hazards(&mut self) -> Result<(), Refusal> {
        let [passage, extinguishers, battery, signs] = [
            self.hazards.passage,
            self.hazards.extinguishers,
            self.hazards.battery,
            self.hazards.signs,
        ];
        let fifteen = MeasureDraft::Rectify(Term::natural(15));
        let blocked = ("疏散通道堆放货物，剩余宽度不足1.4米", "AQF", "第四十二条第二款");
        self.add(true, passage, blocked, Grade::General, fifteen)?;
        self.shoot(true, passage, "passage", Scene::Blocked, Purpose::Found)?;
        self.add(
            false,
            extinguishers,
            ("一具灭火器倒地、未放置在箱内", "XFF", "第十六条第一款第二项"),
            Grade::General,
            MeasureDraft::FixedOnSpot,
        )?;
        self.shoot(false, extinguishers, "fallen", Scene::Extinguishers, Purpose::Found)?;
        self.shoot(
            false,
            extinguishers,
            "upright",
            Scene::ExtinguishersInOrder,
            Purpose::FixedOnSpot,
        )?;
        self.add(
            false,
            signs,
            ("有限空间未设置安全警示标志", "AQF", "第三十五条"),
            Grade::General,
            MeasureDraft::Rectify(Term::working(5)),
        )?;
        self.shoot(false, signs, "signs", Scene::Blocked, Purpose::Found)?;
        // Both officers stand before the same hazard; its id passes from phone to phone as a code.
        let seven = MeasureDraft::Rectify(Term::natural(7));
        let mixed = ("故障电池未单独隔离存放", "AQF", "第四十一条第二款");
        self.add(true, battery, mixed, Grade::Major, seven)?;
        self.add(false, battery, mixed, Grade::General, seven)?;
        self.shoot(true, battery, "battery", Scene::Blocked, Purpose::Found)?;
        self.stop_the_store()
    }

    fn add(
        &mut self,
        by_wang: bool,
        hazard: HazardId,
        (text, document, clause): (&str, &str, &str),
        grade: Grade,
        measure: MeasureDraft,
    ) -> Result<(), Refusal> {
        let phone = if by_wang { &mut self.wang } else { &mut self.li };
        let draft = HazardDraft {
            item: None,
            description: text.to_owned(),
            place: "一号仓库".to_owned(),
            basis: Clause { document: document.to_owned(), clause: clause.to_owned() },
            grade,
            // The criterion for storing faulty cells grades that hazard and no other.
            criterion: (clause == "第四十一条第二款").then(|| Clause {
                document: "MEM10".to_owned(),
                clause: "第八条第七项".to_owned(),
            }),
            measure,
            found_by: phone.device.person()?.id,
        };
        phone.device.edit(self.inspection, Edit::AddHazard { hazard, draft })
    }

    fn shoot(
        &mut self,
        by_wang: bool,
        hazard: HazardId,
        name: &'static str,
        scene: Scene,
        purpose: Purpose,
    ) -> Result<(), Refusal> {
        let bytes = self.draw(scene, self.photos.len() as u64 + 1);
        let (visit, fix) = (self.visit(), at_the_gate(self.place.position));
        let phone = if by_wang { &mut self.wang } else { &mut self.li };
        let meta = PhotoMeta {
            purpose,
            hazard: Some(hazard),
            source: Source::Camera,
            fix,
            derived_from: None,
        };
        let blob = phone.device.capture(visit, meta, &bytes)?;
        phone.device.edit(self.inspection, Edit::AttachPhoto { hazard, blob, purpose })?;
        self.photos.insert(name, blob);
        Ok(())
    }

    /// 3. Signal returns badly; the server is killed in between. Everything arrives, once.
    ///
    /// # Errors
    /// A [`Refusal`] that names what was missed or what device or server refused.
    pub fn return_in_a_storm(&mut self) -> Result<(), Refusal> {
        turn([&self.wang, &self.li], Weather::Storm { percent: 40 });
        self.wang.sync()?;
        self.li.sync()?;
        if self.town.pid().is_some() {
            self.town.kill_and_restart().map_err(|error| missed(&error.to_string()))?;
            self.tell("③ 信号时断时续；服务器被强制断电（kill -9）后重新启动");
        }
        let attempts = deliver(&mut self.wang)? + deliver(&mut self.li)?;
        turn([&self.wang, &self.li], Weather::Fair);
        self.wang.sync()?;
        self.li.sync()?;
        let view = self.wang.device.inspection(self.inspection)?.ok_or(Code::NotFound)?;
        let same =
            view.draft == self.li.device.inspection(self.inspection)?.ok_or(Code::NotFound)?.draft;
        expect(same, "both phones show the same draft")?;
        expect(view.draft.hazards.len() == 4, "four hazards on both phones")?;
        expect(view.state == InspectionState::Underway, "underway")?;
        let requests = self.wang.network.requests() + self.li.network.requests();
        self.tell(format!(
            "　 丢包、重复、乱序：同步{attempts}轮、{requests}次请求后，两部手机内容一致，一项不少、一项不重"
        ));
        Ok(())
    }

    /// 4. The differing grade blocks sealing until the named officer decides; then seal and signatures.
    ///
    /// # Errors
    /// A [`Refusal`] that names what was missed or what device or server refused.
    pub fn decide_and_sign(&mut self) -> Result<(), Refusal> {
        expect_refused(self.wang.seal(self.inspection), Code::DecisionNeeded)?;
        let subject = ParallelSubject::Hazard(self.hazards.battery);
        let field = BindingField::Grade;
        let major = keys::grade_text(Grade::Major);
        let why = "对照判定标准第八条第七项";
        let early = self.li.device.decide(self.inspection, &subject, field, major, why);
        expect_refused(early, Code::NotTheDecider)?;
        self.wang.device.decide(self.inspection, &subject, field, major, why)?;
        self.tell("④ 两人对同一隐患定级不同（重大／一般）：未裁定前不能封存；带队人裁定为重大，两种意见都保留");
        let early = self.wang.device.seal(self.inspection, &[]);
        expect_refused(early, Code::PartMissing)?;
        let part = self.li.device.finish_part(self.inspection)?;
        deliver(&mut self.li)?;
        let visit = self.visit();
        until(&mut self.wang, "the other part", |phone| {
            Ok(phone.device.case(&visit)?.stated().iter().any(|it| it.fact == part))
        })?;
        self.take_numbers()?;
        let seal = self.wang.device.seal(self.inspection, &[])?;
        let drawing = self.draw(Scene::Signature, 9);
        let meta = PhotoMeta {
            purpose: Purpose::Signature,
            hazard: None,
            source: Source::Drawing,
            fix: None,
            derived_from: None,
        };
        let drawing = self.wang.device.capture(self.visit(), meta, &drawing)?;
        let outcome = SignOutcome::Signed {
            name: self.place.principal.clone(),
            post: "主要负责人".to_owned(),
            drawing,
        };
        let inspection = self.inspection;
        self.wang.device.state(Statement::PartySigned(PartySign { inspection, seal, outcome }))?;
        deliver(&mut self.wang)?;
        until(&mut self.li, "the seal", |phone| Ok(phone.device.case(&visit)?.seal().is_some()))?;
        let again = self.li.device.edit(
            inspection,
            Edit::Withdraw { hazard: self.hazards.signs, reason: "已封存".to_owned() },
        );
        expect_refused(again, Code::AlreadySealed)?;
        self.issue_on_the_spot(seal)?;
        deliver(&mut self.wang)?;
        deliver(&mut self.li)?;
        expect(self.wang.device.is_delivered(inspection)?, "every photo delivered")?;
        self.tell("　 封存检查记录，被检查单位签名，第二执法人员签名；照片全部送达");
        Ok(())
    }

    /// 5. The server repeats the notice for the enterprise.
    ///
    /// # Errors
    /// A [`Refusal`] that names what was missed or what device or server refused.
    pub fn notice(&mut self) -> Result<NoticeId, Refusal> {
        let place = self.place.id;
        let issued = |phone: &Phone| -> Result<Option<Notice>, Refusal> {
            let notices = phone.device.notices()?;
            Ok(notices.iter().find(|it| it.notice.enterprise == place).map(|it| it.notice.clone()))
        };
        until(&mut self.enterprise, "the notice", |phone| Ok(issued(phone)?.is_some()))?;
        let notice = issued(&self.enterprise)?.ok_or_else(|| missed("the notice"))?;
        expect(notice.items.len() == 3, "three hazards on the notice")?;
        expect(notice.officers.len() == 2, "two officers on the notice")?;
        self.tell(format!("⑤ 联网后服务器按原文登记{}，企业看到三处隐患", notice.number));
        Ok(notice.id)
    }
}
