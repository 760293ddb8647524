//! Reports over HTTP: the list, sheets, files with their names.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sync_core::refusal::Code;
use sync_core::wire::report::{ReportEntry, Sheet, SheetFile};

use crate::world::Zone;

#[tokio::test]
async fn a_report_comes_as_a_sheet_as_a_file_or_as_a_file_within_json() {
    let zone = Zone::open().await;
    let token = zone.token("coordinator").await;
    let listed: Vec<ReportEntry> = zone.get("/api/v1/reports", &token).await.read();
    assert!(listed.len() > 1);
    for ReportEntry { name, title, inputs, .. } in listed {
        let path = format!("/api/v1/reports/{name}");
        let sheet: Sheet = zone.get(&path, &token).await.read();
        assert_eq!(sheet.title, title);
        assert!(sheet.columns.len() > 5 && !sheet.notes.is_empty());
        // What counts when nothing is given can also be given.
        let usual: Vec<String> =
            inputs.iter().map(|input| format!("{}={}", input.name, input.usual)).collect();
        let usual = format!("{path}?{}", usual.join("&"));
        let given: Sheet = zone.get(&usual, &token).await.read();
        assert_eq!((given.rows, given.period), (sheet.rows, sheet.period));
        for (format, kind) in [("csv", "text/csv"), ("xlsx", "application/vnd.openxml")] {
            let answer = zone.get(&format!("{path}?format={format}"), &token).await;
            let header = |name: &str| answer.headers[name].to_str().unwrap();
            assert!(header("content-type").starts_with(kind), "{}", header("content-type"));
            let named = header("content-disposition");
            assert!(named.starts_with("attachment; filename*=UTF-8''%"), "{named}");
            assert!(named.ends_with(&format!("%2E{format}")), "{named}");
            let path = format!("{path}?format={format}&in_json=true");
            let file: SheetFile = zone.get(&path, &token).await.read();
            assert!(file.name.starts_with(&title) && file.name.ends_with(format), "{}", file.name);
            assert_eq!(URL_SAFE_NO_PAD.decode(file.content).unwrap(), answer.body);
        }
    }
    assert_eq!(zone.get("/api/v1/reports/monthly", &token).await.code(), Code::NotFound);
}
