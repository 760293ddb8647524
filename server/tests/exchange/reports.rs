//! Reports: who reads them, what a week says whenever it is asked for, who freezes it, and what is in the files.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use server::jobs::{clerk, freeze};
use server::report::file::File;
use server::report::{Query, REPORTS, week::Week};
use server::store::frozen;
use server::usecase::reports;
use sync_core::act::notice::{DismissalProposed, Dismissed, Reply};
use sync_core::act::{Capture, Fact, Statement};
use sync_core::domain::account::Role;
use sync_core::domain::evidence::Purpose;
use sync_core::id::NoticeId;
use sync_core::ledger::stream::StreamId;
use sync_core::refusal::Code;
use sync_core::rules::authority;
use sync_core::testing::builders::photo;
use sync_core::time::{CivilDate, Timestamp};
use sync_core::wire::report::{Cell, Column, ColumnKind, FileFormat, Sheet};

use super::world::{Hand, MORNING, Zone, arrival, hazard, inspection, plan, seal, serve};
use super::{Cast, accepted, notices};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

pub(crate) fn asking(parameters: &[(&str, &str)]) -> Query {
    parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The sheet of the week of a day.
async fn week(zone: &Zone, by: &Hand, day: CivilDate, now: Timestamp) -> Sheet {
    let query = asking(&[("day", &day.to_string())]);
    reports::give(&zone.shared, &by.person, "weekly", &query, now).await.unwrap()
}

/// The figures of the total, by the names of their columns.
pub(crate) fn figures(sheet: &Sheet) -> String {
    let total = sheet.columns.iter().zip(sheet.total.as_ref().unwrap());
    let words = total.filter_map(|(column, cell)| match cell {
        Cell::Count(count) if *count > 0 => Some(format!("{} {count}", column.name)),
        _ => None,
    });
    words.collect::<Vec<_>>().join(", ")
}

async fn body(zone: &Zone, day: CivilDate) -> Option<String> {
    let mut db = zone.shared.pool.acquire().await.unwrap();
    frozen::get(&mut db, "weekly", Week::of(day).first_day()).await.unwrap()
}

async fn served(zone: &Zone, cast: &mut Cast) -> NoticeId {
    zone.clerk(MORNING).await;
    let notice = notices(&zone.pull(&mut cast.two, MORNING).await)[0];
    let served = cast.two.state(serve(notice), MORNING);
    accepted(&zone.push(&mut cast.two, &[served], MORNING).await);
    zone.clerk(MORNING).await;
    notice
}

#[tokio::test]
async fn the_clerk_freezes_a_week_when_it_is_over_and_nobody_else_does() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let monday = Week::of(MORNING.date()).end();
    assert_eq!(freeze::weeks(&zone.shared, monday.plus_millis(DAY)).await, Ok(0));
    cast.visit(&zone, 1, 2).await;
    served(&zone, &mut cast).await;

    let sunday = week(&zone, &cast.office, MORNING.date(), monday.plus_millis(-1_000)).await;
    assert!(sunday.notes.iter().any(|note| note.contains("还没有结束")), "{sunday:?}");
    assert_eq!(freeze::weeks(&zone.shared, monday.plus_millis(-1_000)).await, Ok(0));
    // What was accepted just before midnight may still be on its way to the disk.
    let asked = week(&zone, &cast.supervisor, MORNING.date(), monday.plus_millis(MINUTE)).await;
    assert!(asked.notes.iter().any(|note| note.contains("尚未定稿")), "{asked:?}");
    assert_eq!((asked.frozen_at, body(&zone, MORNING.date()).await), (None, None));

    let at = monday.plus_millis(freeze::SETTLING_MS);
    assert_eq!(freeze::next_at(monday), at);
    assert_eq!(freeze::weeks(&zone.shared, at.plus_millis(-1)).await, Ok(0));
    let mut again_at = None;
    for now in [at, at.plus_millis(MINUTE)] {
        clerk::work(&zone.shared, now, &mut again_at).await.unwrap();
        assert_eq!(again_at, Some(at.plus_millis(7 * DAY)));
    }
    assert_eq!(freeze::weeks(&zone.shared, at.plus_millis(DAY)).await, Ok(0));
    let kept = body(&zone, MORNING.date()).await.unwrap();
    let given = week(&zone, &cast.office, MORNING.date(), at).await;
    assert_eq!(given.frozen_at, Some(at));
    assert_eq!(serde_json::to_string(&given).unwrap(), kept);
    assert_eq!((given.rows.as_slice(), figures(&given)), (asked.rows.as_slice(), figures(&sunday)));
    assert_eq!(figures(&given), "found 2, open 2");

    // A phone that was without signal brings a visit of that week on Monday.
    let monday_morning = monday.plus_millis(9 * 60 * MINUTE);
    let planned = cast.supervisor.state(plan(2, &[&cast.one, &cast.two]), MORNING);
    accepted(&zone.push(&mut cast.supervisor, &[planned], monday_morning).await);
    let facts = [
        cast.one.state(arrival(2), MORNING),
        cast.one.state(seal(2, 3, cast.one.person.id, MORNING), MORNING),
    ];
    accepted(&zone.push(&mut cast.one, &facts, monday_morning).await);
    zone.clerk(monday_morning).await;
    let later = monday.plus_millis(8 * DAY);
    assert_eq!(freeze::weeks(&zone.shared, later).await, Ok(1));
    assert_eq!(body(&zone, MORNING.date()).await.unwrap(), kept);
    assert_eq!(figures(&week(&zone, &cast.office, monday.date(), later).await), "found 3, open 5");
    // A clerk that stood still for weeks makes up for each of them.
    assert_eq!(freeze::weeks(&zone.shared, later.plus_millis(28 * DAY)).await, Ok(4));
}

#[tokio::test]
async fn what_happens_on_monday_changes_nothing_of_the_week_before() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    cast.visit(&zone, 1, 1).await;
    let notice = served(&zone, &mut cast).await;
    // Fifteen days from Monday the 23rd of November: late from Wednesday the 9th of December on.
    let late = CivilDate::new(2026, 12, 9).unwrap();
    let (over, now) = (Week::of(late).end(), Week::of(late).end().plus_millis(MINUTE));
    assert_eq!(figures(&week(&zone, &cast.office, late, now).await), "open 1, overdue 1");
    let hazard = hazard(1, 0, cast.one.person.id).id;
    let photo = photo("after", Purpose::Rectified, Some(hazard));
    let blob = photo.blob;
    let captured = Capture { stream: StreamId::notice(notice), photo };
    let reply = Reply {
        notice,
        hazard,
        measures: "已更换锁具".into(),
        finished_on: over.date(),
        responsible: "王某".into(),
        photos: vec![blob],
    };
    let facts = [Statement::Captured(captured), Statement::Replied(reply)];
    let facts = facts.map(|it| cast.enterprise.state(it, now));
    accepted(&zone.push(&mut cast.enterprise, &facts, now).await);
    zone.clerk(now).await;
    let tuesday = over.plus_millis(DAY);
    assert_eq!(figures(&week(&zone, &cast.office, late, tuesday).await), "open 1, overdue 1");
    assert_eq!(figures(&week(&zone, &cast.office, over.date(), tuesday).await), "open 1");
    let overdue = async |parameters: &[(&str, &str)]| {
        let query = asking(parameters);
        reports::give(&zone.shared, &cast.office.person, "overdue", &query, tuesday).await.unwrap()
    };
    assert!(overdue(&[]).await.rows.is_empty());
    assert!(overdue(&[("at", "2026-12-08")]).await.rows.is_empty());
    let listed = overdue(&[("at", "2026-12-10"), ("street", "370402001")]).await;
    let number = Cell::from("（枣高）应急责改〔2026〕1号");
    let expected = [
        Cell::from("山东测试机械有限公司"),
        Cell::from("光明街道"),
        Cell::from("应急管理局"),
        Cell::from("配电箱未上锁0"),
        Cell::from("一车间"),
        Cell::from("一般隐患"),
        Cell::from("2026-11-23"),
        Cell::from("2026-11-23"),
        Cell::from("2026-12-08"),
        Cell::from(2),
        Cell::from("人员2、人员3"),
        number,
    ];
    assert_eq!(listed.rows, [expected.to_vec()]);
    assert_eq!(
        (listed.period.as_str(), listed.narrowed.join("")),
        ("截至2026-12-10", "光明街道".into())
    );
    assert!(overdue(&[("at", "2026-12-10"), ("street", "370402002")]).await.rows.is_empty());
    assert!(overdue(&[("at", "2026-12-10"), ("department", "xiaofang")]).await.rows.is_empty());
}

#[tokio::test]
async fn what_was_dismissed_is_not_counted_as_closed() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    cast.visit(&zone, 1, 2).await;
    let notice = served(&zone, &mut cast).await;
    let (hazard, reason) = (hazard(1, 0, cast.one.person.id).id, "与另一处重复".to_owned());
    let proposed = DismissalProposed {
        notice,
        hazard,
        reason: reason.clone(),
        inspection: Some(inspection(1)),
    };
    let proposed = cast.one.state(Statement::DismissalProposed(proposed), MORNING);
    accepted(&zone.push(&mut cast.one, &[proposed], MORNING).await);
    let dismissed = Statement::Dismissed(Dismissed { notice, hazard, reason });
    let dismissed: Fact = cast.supervisor.state(dismissed, MORNING);
    accepted(&zone.push(&mut cast.supervisor, &[dismissed], MORNING).await);
    let sheet = week(&zone, &cast.office, MORNING.date(), MORNING.plus_millis(8 * DAY)).await;
    assert_eq!(figures(&sheet), "found 2, dismissed 1, open 1");
}

#[tokio::test]
async fn a_week_without_anything_is_answered_and_nothing_of_it_is_stored() {
    let mut cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    cast.visit(&zone, 1, 1).await;
    zone.clerk(MORNING).await;
    for (day, note) in
        [("0001-01-03", "没有隐患"), ("2026-11-09", "没有隐患"), ("2027-01-01", "还没有开始")]
    {
        let sheet = week(&zone, &cast.office, day.parse().unwrap(), MORNING).await;
        assert!(sheet.rows.is_empty() && figures(&sheet).is_empty(), "{day}: {sheet:?}");
        assert!(sheet.notes.iter().any(|it| it.contains(note)), "{day}: {sheet:?}");
        assert_eq!(body(&zone, day.parse().unwrap()).await, None, "{day}");
    }
}

#[tokio::test]
async fn only_those_who_read_reports_are_given_any_and_a_supervisor_names_no_other_department() {
    let cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    for role in Role::ALL {
        let person = Hand::new(9, *role).person;
        let reads = authority::REPORT_READERS.contains(role);
        let listed = reports::list(&zone.shared, &person, MORNING).map(|it| it.len());
        assert_eq!(listed.map_err(|it| it.code).ok(), reads.then_some(REPORTS.len()), "{role:?}");
        for report in REPORTS {
            let name = report.name();
            let given = reports::give(&zone.shared, &person, name, &Query::new(), MORNING).await;
            let code = given.err().map(|refusal| refusal.code);
            assert_eq!(code, (!reads).then_some(Code::RoleNotAllowed), "{role:?} {name}");
        }
    }
    let ask = async |by: &Hand, name: &str, parameters: &[(&str, &str)]| {
        let given =
            reports::give(&zone.shared, &by.person, name, &asking(parameters), MORNING).await;
        given.map(|sheet| sheet.narrowed).map_err(|refusal| refusal.code)
    };
    let (lead, office) = (&cast.supervisor, &cast.office);
    let other = [("department", "xiaofang")];
    assert_eq!(ask(lead, "overdue", &other).await, Err(Code::RoleNotAllowed));
    assert_eq!(ask(lead, "overdue", &[]).await, Ok(vec!["应急管理局".to_owned()]));
    assert_eq!(ask(office, "overdue", &other).await, Ok(vec!["xiaofang".to_owned()]));
    assert_eq!(ask(office, "overdue", &[("day", "")]).await, Ok(Vec::new()));
    assert_eq!(ask(office, "monthly", &[]).await, Err(Code::NotFound));
    for query in [[("day", "2026-02-30")], [("street", "370402001")], [("week", "1")]] {
        assert_eq!(ask(office, "weekly", &query).await, Err(Code::FieldMalformed), "{query:?}");
    }
}

/// A sheet as the first build froze it.
const FROZEN: &str = r#"{"title":"每周调度表","period":"2026-11-23至2026-11-29","narrowed":[],"until":1795968000000,"frozen_at":1795968300000,"notes":["统计截至 2026-11-30 00:00 服务器已收到的记录。"],"columns":[{"name":"department","title":"部门","kind":"name"},{"name":"street","title":"街道","kind":"name"},{"name":"found","title":"发现","kind":"count"}],"rows":[["应急管理局","光明街道",2]],"total":["合计",null,2]}"#;

#[tokio::test]
async fn what_was_frozen_is_given_byte_for_byte_whatever_is_computed_today() {
    let cast = Cast::new();
    let zone = Zone::new(&cast.all()).await;
    let (day, now) = (MORNING.date(), MORNING.plus_millis(400 * DAY));
    {
        let mut db = zone.shared.pool.acquire().await.unwrap();
        let at = Timestamp::from_millis(1_795_968_300_000);
        for text in [FROZEN, "another"] {
            frozen::put(&mut db, "weekly", Week::of(day).first_day(), at, text).await.unwrap();
        }
    }
    let given = week(&zone, &cast.office, day, now).await;
    assert_eq!(serde_json::to_string(&given).unwrap(), FROZEN);
    assert_eq!(figures(&given), "found 2");
}

/// Words that a spreadsheet could take for something else.
const TRICKS: [&str; 9] = [
    "=HYPERLINK(\"http://evil.example\",\"点我\")",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    " =1+1",
    "＝1+1",
    "引号\"与，逗号,\n换行",
    "0012",
];

fn tricky() -> Sheet {
    let column = |name: &str, title: &str, kind| Column {
        name: name.to_owned(),
        title: title.to_owned(),
        kind,
    };
    let row = |trick: &&str| {
        vec![Cell::from(*trick), Cell::from(7), Cell::from("2026-11-23"), Cell::Empty]
    };
    Sheet {
        title: "清单".to_owned(),
        period: "截至2026-11-23".to_owned(),
        narrowed: vec!["张范/街道".to_owned()],
        until: MORNING,
        frozen_at: None,
        notes: vec!["=1".to_owned()],
        columns: vec![
            column("what", "隐患", ColumnKind::Text),
            column("count", "数量", ColumnKind::Count),
            column("date", "期限", ColumnKind::Date),
            column("rest", "备注", ColumnKind::Name),
        ],
        rows: TRICKS.iter().map(row).collect(),
        total: Some(vec![Cell::from("合计"), Cell::from(63), Cell::Empty, Cell::Empty]),
    }
}

#[test]
fn nothing_in_a_comma_separated_file_is_taken_for_a_formula() {
    let file = File::of(&tricky(), FileFormat::Csv).unwrap();
    assert_eq!(file.name, "清单_截至2026-11-23_张范-街道_2026-11-23.csv");
    let text = String::from_utf8(file.bytes).unwrap();
    assert!(text.starts_with("\u{feff}\"隐患\",") && text.ends_with("\r\n"));
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(rows.len(), TRICKS.len() + 1);
    for (row, trick) in rows.iter().zip(TRICKS) {
        let guarded = if trick.trim_start().starts_with(['=', '+', '-', '@', '＝']) {
            format!("'{trick}")
        } else {
            trick.to_owned()
        };
        assert_eq!(row[..], [guarded, "7".into(), "2026-11-23".into(), String::new()]);
    }
    assert_eq!(rows.last().unwrap()[..2], ["合计", "63"]);
}

#[test]
fn a_workbook_holds_words_numbers_and_dates_and_no_formula() {
    let file = File::of(&tricky(), FileFormat::Xlsx).unwrap();
    assert_eq!(file.name, "清单_截至2026-11-23_张范-街道_2026-11-23.xlsx");
    let again = File::of(&tricky(), FileFormat::Xlsx).unwrap();
    assert_eq!(file.bytes, again.bytes, "the same sheet gives the same bytes");
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file.bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["清单"]);
    assert!(book.worksheet_formula("清单").unwrap().used_cells().next().is_none());
    let page = book.worksheet_range("清单").unwrap();
    let cell = |row: usize, column: usize| page.get((row, column)).unwrap().clone();
    assert_eq!(cell(0, 0), Data::String("清单".into()));
    assert_eq!(cell(1, 0), Data::String("截至2026-11-23　张范/街道".into()));
    assert_eq!(cell(2, 1), Data::String("数量".into()));
    for (row, trick) in (3..).zip(TRICKS) {
        assert_eq!(cell(row, 0), Data::String(trick.into()));
        assert_eq!(cell(row, 1), Data::Float(7.0));
        // Days since the end of 1899.
        assert!(matches!(cell(row, 2), Data::DateTime(it) if it.to_string() == "46349"), "{trick}");
    }
    let total = 3 + TRICKS.len();
    assert_eq!((cell(total, 0), cell(total, 1)), (Data::String("合计".into()), Data::Float(63.0)));
    assert_eq!(cell(total + 2, 0), Data::String("=1".into()));
}
