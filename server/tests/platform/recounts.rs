//! A calendar that is imported after deadlines were counted without it: the server counts them again, once.

use serde_json::Value;
use server::auth::entropy;
use server::jobs::clerk;
use server::usecase::import;
use sync_core::act::notice::DeadlineRecounted;
use sync_core::act::{Fact, Statement};
use sync_core::domain::notice::Service;
use sync_core::domain::term::Term;
use sync_core::id::Digest;
use sync_core::wire::exchange::Item;

use crate::visit::{Hand, Visit, photo};
use crate::world::{MORNING, Zone};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Imports a calendar of 2026 into the data of a zone and starts its server again.
async fn with_calendar(zone: Zone, version: &str, off: &str, worked: &str) -> Zone {
    let path = zone.folder.path().join(format!("calendar-{version}.yaml"));
    let text =
        format!("year: 2026\nversion: '{version}'\nholidays: [{off}]\nworkdays: [{worked}]\n");
    std::fs::write(&path, text).unwrap();
    let data = zone.folder.path().join("data");
    import::run(&data, &[path], MORNING, false).await.unwrap();
    zone.restart().await
}

async fn work(zone: &Zone) {
    let shared = &zone.running.app.shared;
    clerk::run_once(shared, zone.clock.now(), entropy::system_entropy).await.unwrap();
}

/// What the enterprise was told of deadlines that were counted again.
async fn recounts(zone: &Zone, enterprise: &Hand) -> Vec<DeadlineRecounted> {
    let items = enterprise.exchange(zone, &[]).await.items;
    let statements = items.iter().filter_map(|item| match item {
        Item::Fact { bytes, .. } => Some(Fact::decode(bytes).unwrap().statement),
        _ => None,
    });
    let recount = |it| match it {
        Statement::DeadlineRecounted(it) => Some(it),
        _ => None,
    };
    statements.filter_map(recount).collect()
}

/// The deadline in the list of hazards, and whether it is overdue.
async fn listed(zone: &Zone) -> (String, bool) {
    let token = zone.token("supervisor").await;
    let page: Value = zone.get("/api/v1/hazards", &token).await.read();
    let row = &page["rows"][0];
    (row["deadline"].as_str().unwrap().to_owned(), row["overdue"].as_bool().unwrap())
}

#[tokio::test]
async fn an_imported_calendar_has_each_open_deadline_counted_again_once() {
    let zone = Zone::open().await;
    let picture = photo(1);
    let mut visit = Visit::with_photos(&zone, &[&picture]).await;
    let term = Term::working(5);
    let notice = visit.notice_within(&zone, Digest::of(&picture), term).await;
    let mut enterprise = Hand::new(&zone, "enterprise", 4).await;
    enterprise.say(&zone, vec![Statement::NoticeServed(Service::agreed(notice, "王某"))]).await;
    work(&zone).await;
    assert_eq!(listed(&zone).await, ("2026-11-30".to_owned(), false));

    // A Friday off: a day more, for the enterprise, in lists and in what is late.
    let zone = with_calendar(zone, "1", "'2026-11-27'", "").await;
    work(&zone).await;
    let told = recounts(&zone, &enterprise).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].before.to_string(), "2026-11-30");
    assert_eq!(told[0].deadline.date.to_string(), "2026-12-01");
    assert_eq!(told[0].deadline.calendars, ["2026:1"]);
    assert_eq!(listed(&zone).await, ("2026-12-01".to_owned(), false));
    let zone = zone.restart().await;
    work(&zone).await;
    assert_eq!(recounts(&zone, &enterprise).await.len(), 1, "once");

    // A Saturday that is worked and no day off: earlier, so it is said and does not count.
    let zone = with_calendar(zone, "2", "", "'2026-11-28'").await;
    work(&zone).await;
    let told = recounts(&zone, &enterprise).await;
    assert_eq!(told.len(), 2);
    let last = told.iter().find(|it| it.deadline.calendars == ["2026:2"]).unwrap();
    assert_eq!(last.before.to_string(), "2026-12-01");
    assert_eq!(last.deadline.date.to_string(), "2026-11-28");

    zone.clock.set(MORNING.plus_millis(8 * DAY));
    work(&zone).await;
    assert_eq!(listed(&zone).await, ("2026-12-01".to_owned(), false), "on its last day");
    zone.clock.set(MORNING.plus_millis(9 * DAY));
    work(&zone).await;
    assert_eq!(listed(&zone).await, ("2026-12-01".to_owned(), true), "the day after");
}
