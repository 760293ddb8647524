//! The devices of the story and what each act needs of them.

use std::collections::BTreeMap;

use e2e::phone::Phone;
use e2e::play::{deliver, until};
use e2e::town::Town;
use serde_json::{Value, json};
use sync_core::id::{HazardId, InspectionId, PersonId};

pub(crate) type Done<T = ()> = Result<T, Box<dyn std::error::Error>>;

pub(crate) const SUPERVISOR: &str = "hetong";
pub(crate) const LEAD: &str = "xulang";
pub(crate) const SECOND: &str = "zhuduyan";
pub(crate) const REVOKED: &str = "hexuan";
pub(crate) const ENTERPRISE: &str = "longchengdu";
/// The account of the enterprise whose notice an officer hands over.
pub(crate) const OTHER_ENTERPRISE: &str = "yinweihong";
pub(crate) const ADMINISTRATOR: &str = "mansuicheng";
/// Check items of each list of the small zone.
pub(crate) const ITEMS: usize = 4;
pub(crate) const HOUR: i64 = 3_600_000;

/// A visit with what was found.
pub(crate) struct Visit {
    pub(crate) inspection: InspectionId,
    pub(crate) hazards: Vec<HazardId>,
}

impl Visit {
    pub(crate) fn stream(&self) -> Value {
        json!({"stream": "inspection", "id": self.inspection})
    }
}

pub(crate) struct Story {
    pub(crate) town: Town,
    pub(crate) phones: BTreeMap<&'static str, Phone>,
    pub(crate) enterprises: Vec<Value>,
    pub(crate) pictures: u8,
}

impl Story {
    pub(crate) fn phone(&mut self, who: &str) -> Done<&mut Phone> {
        self.phones.get_mut(who).ok_or_else(|| format!("no phone of {who}").into())
    }

    pub(crate) fn person(&mut self, who: &str) -> Done<PersonId> {
        Ok(self.phone(who)?.device.person()?.id)
    }

    pub(crate) fn pass_hours(&self, hours: i64) {
        self.town.clock.set(self.town.clock.now().plus_millis(hours * HOUR));
    }

    /// States something without sending it.
    pub(crate) fn keep(&mut self, who: &str, kind: &str, body: Value) -> Done<String> {
        self.town.clock.set(self.town.clock.now().plus_millis(60_000));
        let statement = serde_json::from_value(json!({"kind": kind, "body": body}))?;
        let fact = self.phone(who)?.device.state(statement);
        Ok(fact.map_err(|refusal| format!("{who} {kind}: {refusal}"))?.to_string())
    }

    /// States something and brings it to the server and to everyone.
    pub(crate) fn state(&mut self, who: &str, kind: &str, body: Value) -> Done<String> {
        let fact = self.keep(who, kind, body)?;
        self.share(who)?;
        Ok(fact)
    }

    pub(crate) fn share(&mut self, who: &str) -> Done {
        deliver(self.phone(who)?)?;
        for phone in self.phones.values_mut() {
            phone.sync()?;
        }
        Ok(())
    }

    pub(crate) fn edit(&mut self, who: &str, inspection: InspectionId, edit: Value) -> Done {
        Ok(self.phone(who)?.device.edit(inspection, serde_json::from_value(edit)?)?)
    }

    pub(crate) fn shoot(
        &mut self,
        who: &str,
        stream: &Value,
        purpose: &str,
        hazard: Option<HazardId>,
    ) -> Done<String> {
        self.pictures += 1;
        let source = if purpose == "signature" { "drawing" } else { "camera" };
        let bytes = picture(self.pictures)?;
        let meta = json!({"purpose": purpose, "hazard": hazard, "source": source, "fix": null});
        let (stream, meta) =
            (serde_json::from_value(stream.clone())?, serde_json::from_value(meta)?);
        Ok(self.phone(who)?.device.capture(stream, meta, &bytes)?.to_string())
    }

    pub(crate) fn plan(&mut self, enterprise: usize) -> Done<Visit> {
        let team = [self.person(LEAD)?, self.person(SECOND)?, self.person(REVOKED)?];
        let inspection = InspectionId::from_entropy(server::config::entropy()?);
        let today = self.town.clock.now().date();
        let place = self.enterprises.get(enterprise).ok_or("no enterprise")?.clone();
        let plan = json!({
            "inspection": inspection, "enterprise": place["id"], "department": "yingji", "team": team,
            "kind": "unannounced", "sectors": place["sectors"], "from": today,
            "to": today.plus_days(20), "approval": "枣高应急检批〔2026〕21号", "recheck_of": null,
        });
        self.state(SUPERVISOR, "planned", plan)?;
        Ok(Visit { inspection, hazards: Vec::new() })
    }

    pub(crate) fn arrive(&mut self, visit: &Visit) -> Done {
        for who in [LEAD, SECOND] {
            let body = json!({"inspection": visit.inspection, "certificate_shown": true, "plate": null, "fix": null});
            self.state(who, "arrived", body)?;
        }
        Ok(())
    }

    /// Writes down a hazard with its photo; sends neither.
    pub(crate) fn find(
        &mut self,
        who: &str,
        visit: &mut Visit,
        grade: &str,
        measure: &Value,
    ) -> Done {
        let hazard = HazardId::from_entropy(server::config::entropy()?);
        let criterion =
            (grade == "major").then(|| json!({"document": "MEM10", "clause": "第八条(七)"}));
        let number = visit.hazards.len() + 1;
        let draft = json!({
            "item": null, "description": format!("第{number}处：疏散通道堆放货物"), "place": "一号仓库",
            "basis": {"document": "AQF", "clause": "第三十六条"}, "grade": grade, "criterion": criterion,
            "measure": measure, "found_by": self.person(who)?,
        });
        let add = json!({"add_hazard": {"hazard": hazard, "draft": draft}});
        self.edit(who, visit.inspection, add)?;
        let mut purposes = vec!["found"];
        if measure["measure"] == "fixed_on_spot" {
            purposes.push("fixed_on_spot");
        }
        for purpose in purposes {
            let blob = self.shoot(who, &visit.stream(), purpose, Some(hazard))?;
            let attach =
                json!({"attach_photo": {"hazard": hazard, "blob": blob, "purpose": purpose}});
            self.edit(who, visit.inspection, attach)?;
        }
        visit.hazards.push(hazard);
        Ok(())
    }

    pub(crate) fn answer(&mut self, who: &str, visit: &Visit, list: &str) -> Done {
        for n in 1..=ITEMS {
            let item = format!("{list}-{n:02}");
            let answer = json!({"answer": {"item": item, "verdict": "pass", "note": ""}});
            self.edit(who, visit.inspection, answer)?;
        }
        Ok(())
    }

    /// A visit up to the seal; gives the seal.
    pub(crate) fn sealed(
        &mut self,
        enterprise: usize,
        found: &[(&str, Value)],
    ) -> Done<(Visit, String)> {
        let mut visit = self.plan(enterprise)?;
        self.arrive(&visit)?;
        self.answer(LEAD, &visit, "ZT")?;
        for (grade, measure) in found {
            self.find(LEAD, &mut visit, grade, measure)?;
        }
        self.share(LEAD)?;
        let seal = self.phone(LEAD)?.seal(visit.inspection)?.to_string();
        self.share(LEAD)?;
        Ok((visit, seal))
    }

    pub(crate) fn cosign(&mut self, visit: &Visit, seal: &str) -> Done {
        let body = json!({"inspection": visit.inspection, "seal": seal});
        self.state(SECOND, "cosigned", body).map(drop)
    }

    /// The enterprise's person signs on the lead's phone; not sent.
    pub(crate) fn party(&mut self, visit: &Visit, seal: &str) -> Done {
        let drawing = self.shoot(LEAD, &visit.stream(), "signature", None)?;
        let outcome =
            json!({"signed": {"name": "郭牧韬", "post": "主要负责人", "drawing": drawing}});
        let body = json!({"inspection": visit.inspection, "seal": seal, "outcome": outcome});
        self.keep(LEAD, "party_signed", body).map(drop)
    }

    /// A visit up to its notice; gives the notice.
    pub(crate) fn noticed(
        &mut self,
        enterprise: usize,
        found: &[(&str, Value)],
    ) -> Done<(Visit, String)> {
        let (visit, seal) = self.sealed(enterprise, found)?;
        self.cosign(&visit, &seal)?;
        self.party(&visit, &seal)?;
        let before = notices(self.phone(LEAD)?)?;
        self.share(LEAD)?;
        until(self.phone(LEAD)?, "a notice", |phone| Ok(known(phone) > before.len()))?;
        let new = notices(self.phone(LEAD)?)?.into_iter().find(|id| !before.contains(id));
        for phone in self.phones.values_mut() {
            phone.sync()?;
        }
        Ok((visit, new.ok_or("no notice")?))
    }

    /// Waits until the server has counted the deadlines, and everyone has them.
    pub(crate) fn deadlines(&mut self, notice: &str, hazards: &[HazardId], rounds: usize) -> Done {
        let id: Vec<String> = hazards.iter().map(ToString::to_string).collect();
        let notice = notice.to_owned();
        until(self.phone(LEAD)?, "deadlines", move |phone| {
            let shown = hazards_of(phone, &notice);
            Ok(id.iter().all(|id| {
                shown.get(id).is_some_and(|status| {
                    !status["deadline"].is_null() && status["round"].as_u64() >= Some(rounds as u64)
                })
            }))
        })?;
        for phone in self.phones.values_mut() {
            phone.sync()?;
        }
        Ok(())
    }

    pub(crate) fn reply(&mut self, who: &str, notice: &str, hazard: HazardId) -> Done<String> {
        let stream = json!({"stream": "notice", "id": notice});
        let photo = self.shoot(who, &stream, "rectified", Some(hazard))?;
        let body = json!({
            "notice": notice, "hazard": hazard, "measures": "已清理并划线管理，专人每班检查",
            "responsible": "安全科长", "finished_on": self.town.clock.now().date(), "photos": [photo],
        });
        self.keep(who, "replied", body)?;
        Ok(photo)
    }

    pub(crate) fn recheck(
        &mut self,
        who: &str,
        notice: &str,
        hazard: HazardId,
        passed: bool,
    ) -> Done<(String, String)> {
        let stream = json!({"stream": "notice", "id": notice});
        let photo = self.shoot(who, &stream, "recheck", Some(hazard))?;
        let opinion = if passed { "已按要求整改" } else { "通道仍被占用" };
        let term = (!passed).then(|| natural(30)["term"].clone());
        let body = json!({
            "notice": notice, "hazard": hazard, "passed": passed, "opinion": opinion,
            "photos": [photo], "new_term": term,
        });
        Ok((self.keep(who, "rechecked", body)?, photo))
    }
}

/// A picture of a few hundred bytes, another one for each number.
pub(crate) fn picture(number: u8) -> Done<Vec<u8>> {
    let colour = image::Rgb([number.wrapping_mul(4), 120, 200]);
    let mut jpeg = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 90);
    image::RgbImage::from_pixel(24, 18, colour).write_with_encoder(encoder)?;
    Ok(jpeg)
}

pub(crate) fn natural(days: u16) -> Value {
    json!({"measure": "rectify", "term": {"days": days, "unit": "natural"}})
}

pub(crate) fn notices(phone: &Phone) -> Done<Vec<String>> {
    let shown = serde_json::to_value(phone.device.notices()?)?;
    let ids = shown.as_array().into_iter().flatten();
    Ok(ids.filter_map(|it| it["notice"]["id"].as_str().map(str::to_owned)).collect())
}

pub(crate) fn known(phone: &Phone) -> usize {
    notices(phone).map_or(0, |known| known.len())
}

/// Hazards of a notice on a phone with their status.
pub(crate) fn hazards_of(phone: &Phone, notice: &str) -> BTreeMap<String, Value> {
    let shown = phone.device.notices().ok().and_then(|it| serde_json::to_value(it).ok());
    let mut hazards = BTreeMap::new();
    for view in shown.iter().filter_map(Value::as_array).flatten() {
        if view["notice"]["id"].as_str() == Some(notice) {
            for hazard in view["hazards"].as_array().into_iter().flatten() {
                let id = hazard["hazard"].as_str().unwrap_or_default().to_owned();
                hazards.insert(id, hazard["status"].clone());
            }
        }
    }
    hazards
}
