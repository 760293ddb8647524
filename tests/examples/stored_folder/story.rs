//! The story: a case at every stage.

use e2e::office::OfficeClient;
use serde_json::{Value, json};
use sync_core::id::HazardId;

use crate::scene::{
    ADMINISTRATOR, Done, ENTERPRISE, LEAD, OTHER_ENTERPRISE, REVOKED, SECOND, SUPERVISOR, Story,
    natural,
};

/// Plays every stage; gives the cases by name, and for each device a step that is open to it.
pub(crate) fn tell(story: &mut Story) -> Done<Value> {
    let general = |days| ("general", natural(days));
    let planned = story.plan(0)?;
    let spot = [("general", json!({"measure": "fixed_on_spot"}))];
    let (settled, seal) = story.sealed(1, &spot)?;
    story.cosign(&settled, &seal)?;
    story.party(&settled, &seal)?;
    story.share(LEAD)?;
    let (first, notice) = story.noticed(0, &[30; 8].map(general))?;
    let graded = [("major", natural(7)), ("major", natural(20)), general(1), general(20)];
    let (second, graver) = story.noticed(0, &graded)?;
    let (third, unserved) = story.noticed(0, &[("major", natural(15)), general(10)])?;
    let (fourth, paper) = story.noticed(1, &[20, 20].map(general))?;
    let (sealed, open_seal) = story.sealed(2, &[general(5)])?;
    let (complete, signed_seal) = story.sealed(2, &[general(5), general(8)])?;
    story.cosign(&complete, &signed_seal)?;
    let mut underway = story.plan(2)?;
    story.arrive(&underway)?;
    story.find(LEAD, &mut underway, "general", &natural(12))?;
    story.share(LEAD)?;

    story.pass_hours(24);
    for notice in [&notice, &graver] {
        let body = json!({"notice": notice, "method": "electronic", "receiver": "郭牧韬"});
        story.state(ENTERPRISE, "notice_served", body)?;
    }
    let body = json!({"notice": paper, "method": "in_person", "receiver": "徐笃薇"});
    story.state(SECOND, "notice_served", body)?;
    story.deadlines(&notice, &first.hazards, 1)?;
    story.deadlines(&graver, &second.hazards, 1)?;
    story.deadlines(&paper, &fourth.hazards, 1)?;

    let [replied, asked, granted, failed, rechecked, closed, dismissed, reply_again] =
        <[HazardId; 8]>::try_from(first.hazards.clone()).map_err(|_| "eight hazards")?;
    for hazard in [replied, failed, rechecked, closed, reply_again] {
        story.reply(ENTERPRISE, &notice, hazard)?;
    }
    let ask = |notice: &str, hazard: HazardId| json!({"notice": notice, "hazard": hazard, "term": natural(10)["term"], "reason": "隔离柜需定制"});
    let request = story.keep(ENTERPRISE, "extension_requested", ask(&notice, asked))?;
    let to_grant = story.keep(ENTERPRISE, "extension_requested", ask(&notice, granted))?;
    story.share(ENTERPRISE)?;
    let [refused, returned] =
        <[HazardId; 2]>::try_from(fourth.hazards.clone()).map_err(|_| "two hazards")?;
    let to_refuse = story.state(OTHER_ENTERPRISE, "extension_requested", ask(&paper, refused))?;
    story.reply(OTHER_ENTERPRISE, &paper, returned)?;
    story.share(OTHER_ENTERPRISE)?;

    story.pass_hours(24);
    let decide = |notice: &str, hazard: HazardId, request: &str, term: Value| json!({"notice": notice, "hazard": hazard, "request": request, "granted": term, "reason": "情况属实"});
    let five = natural(5)["term"].clone();
    story.state(
        SUPERVISOR,
        "extension_decided",
        decide(&notice, granted, &to_grant, five.clone()),
    )?;
    story.state(
        SUPERVISOR,
        "extension_decided",
        decide(&paper, refused, &to_refuse, Value::Null),
    )?;
    story.recheck(SECOND, &notice, failed, false)?;
    let (closable, evidence) = story.recheck(LEAD, &notice, rechecked, true)?;
    let (to_close, seen) = story.recheck(LEAD, &notice, closed, true)?;
    let (to_return, _) = story.recheck(LEAD, &paper, returned, true)?;
    story.share(SECOND)?;
    story.share(LEAD)?;
    story.deadlines(&notice, &[failed], 2)?;
    let close = |notice: &str, hazard: HazardId, recheck: &str, photos: &[&str]| {
        json!({
            "notice": notice, "hazard": hazard, "recheck": recheck, "approved": !photos.is_empty(),
            "reason": if photos.is_empty() { "照片看不清" } else { "" }, "evidence": photos,
        })
    };
    story.state(SUPERVISOR, "closure_decided", close(&notice, closed, &to_close, &[&seen]))?;
    story.state(SUPERVISOR, "closure_decided", close(&paper, returned, &to_return, &[]))?;
    let twice = |notice: &str, hazard: HazardId| json!({"notice": notice, "hazard": hazard, "reason": "与另一处隐患重复"});
    story.state(LEAD, "dismissal_proposed", twice(&notice, dismissed))?;
    story.state(SUPERVISOR, "dismissed", twice(&notice, dismissed))?;
    let [upheld, lowered, overdue, proposed] =
        <[HazardId; 4]>::try_from(second.hazards.clone()).map_err(|_| "four hazards")?;
    for (hazard, upheld) in [(upheld, true), (lowered, false)] {
        let body =
            json!({"notice": graver, "hazard": hazard, "upheld": upheld, "reason": "对照判定标准"});
        story.state(SUPERVISOR, "major_decided", body)?;
    }

    story.pass_hours(8 * 24);
    let body =
        json!({"notice": graver, "hazard": overdue, "step": "reminder", "reason": "逾期未整改"});
    story.state(SUPERVISOR, "escalated", body)?;
    story.keep(REVOKED, "dismissal_proposed", twice(&graver, proposed))?;
    let person = story.person(REVOKED)?;
    let body = json!({"from": story.town.clock.now(), "reason": "执法资格暂停"});
    let office = OfficeClient::of(&story.town, ADMINISTRATOR);
    if office.post(&format!("/api/v1/accounts/{person}/revoke"), &body).status != 204 {
        return Err("not revoked".into());
    }
    story.phone(REVOKED)?.sync()?;
    story.phones.remove(REVOKED);

    // From here on nothing is sent.
    story.answer(LEAD, &underway, "GM")?;
    story.find(LEAD, &mut underway, "general", &natural(9))?;
    story.party(&complete, &signed_seal)?;
    story.recheck(SECOND, &notice, reply_again, true)?;
    story.keep(SUPERVISOR, "extension_decided", decide(&notice, asked, &request, five))?;
    story.reply(ENTERPRISE, &graver, upheld)?;

    let cases =
        [&planned, &settled, &first, &second, &third, &fourth, &sealed, &complete, &underway];
    let cases = cases.map(|visit| format!("inspection/{}", visit.inspection));
    let notices = [&notice, &graver, &unserved, &paper].map(|id| format!("notice/{id}"));
    let recheck = json!({
        "notice": notice, "hazard": replied, "passed": false, "opinion": "通道仍被占用", "photos": [],
        "new_term": {"days": 3, "unit": "working"},
    });
    let serve = json!({"notice": unserved, "method": "electronic", "receiver": "郭牧韬"});
    let cosign = json!({"inspection": sealed.inspection, "seal": open_seal});
    let step = |step: Option<&str>, case: String, kind: &str, body: Value| json!({"step": step, "case": case, "statement": {"kind": kind, "body": body}});
    let of = |notice: &str| format!("notice/{notice}");
    Ok(json!({
        "cases": cases.iter().chain(&notices).collect::<Vec<_>>(),
        "draft": underway.inspection,
        "extended": {"notice": notice, "hazard": asked},
        "next": {
            LEAD: step(Some("recheck"), of(&notice), "rechecked", recheck),
            SECOND: step(None, format!("inspection/{}", sealed.inspection), "cosigned", cosign),
            SUPERVISOR: step(Some("close"), of(&notice), "closure_decided",
                close(&notice, rechecked, &closable, &[&evidence])),
            ENTERPRISE: step(Some("confirm_service"), of(&unserved), "notice_served", serve),
        },
    }))
}
