//! The table of routes. It builds the router, it is the authority matrix, and the interface's
//! description is made from it: a route that is not here does not exist.

use axum::routing::{get, post, put};
use sync_core::document::PaperRow;
use sync_core::domain::account::{Person, Role};
use sync_core::limits;
use sync_core::refusal::Code;
use sync_core::rules::authority;
use sync_core::wire::{api, api_accounts, api_office, codec, report};

use super::caller::Access;
use super::route::Route;
use super::routes;
use crate::shape::{inline, named};

const EVERYONE: Access = Access::Roles(Role::ALL);
const DEVICES: Access = Access::Roles(&[
    Role::Inspector,
    Role::Assistant,
    Role::Expert,
    Role::Supervisor,
    Role::Coordinator,
    Role::Enterprise,
    Role::Auditor,
]);
const CAPTURERS: Access = Access::Roles(&[
    Role::Inspector,
    Role::Assistant,
    Role::Expert,
    Role::Supervisor,
    Role::Enterprise,
]);
const OFFICE: Access =
    Access::Roles(&[Role::Inspector, Role::Supervisor, Role::Coordinator, Role::Auditor]);
const READERS: Access = Access::Roles(&[
    Role::Inspector,
    Role::Supervisor,
    Role::Coordinator,
    Role::Auditor,
    Role::Enterprise,
]);
const MENDERS: Access =
    Access::Roles(&[Role::Supervisor, Role::Coordinator, Role::Administrator, Role::Auditor]);
const SUPERVISORS: Access = Access::Roles(&[Role::Supervisor]);
const REPORTS: Access = Access::Roles(authority::REPORT_READERS);
const ADMINISTRATORS: Access = Access::Roles(&[Role::Administrator]);
const ACCOUNTS: Access = Access::Roles(&[Role::Administrator, Role::Auditor]);

/// Every route.
#[must_use]
pub fn rows() -> Vec<Route> {
    [public(), session(), devices(), sync(), office(), papers(), administration()].concat()
}

fn public() -> Vec<Route> {
    vec![
        Route::get("/", Access::Public, "首页", || get(routes::app::front)).done(307),
        Route::get("/app/", Access::Public, "应用", || get(routes::app::index))
            .gives_bytes("text/html")
            .refuses(&[Code::NotFound]),
        Route::get("/app/{*file}", Access::Public, "应用文件", || get(routes::app::file))
            .gives_bytes("*/*")
            .or(&[(206, "所要的一段"), (304, "没有变化")])
            .refuses(&[Code::NotFound]),
        Route::get("/health", Access::Public, "运行状况", || get(routes::health::show))
            .gives(named::<api::Health>)
            .or(&[(503, "记录或文件无法保存")]),
        Route::get("/check/{hash}", Access::Public, "核验文书真伪", || {
            get(routes::papers::check)
        })
        .gives_bytes("text/html")
        .refuses(&[Code::StorageFailed]),
        Route::get("/openapi.json", Access::Public, "接口描述", || get(routes::docs::openapi))
            .gives_bytes("application/json"),
        Route::get("/docs", Access::Public, "接口文档", || get(routes::docs::page))
            .gives_bytes("text/html"),
        Route::get("/docs/page.js", Access::Public, "接口文档脚本", || {
            get(routes::docs::script)
        })
        .gives_bytes("text/javascript"),
        Route::get("/docs/page.css", Access::Public, "接口文档样式", || {
            get(routes::docs::style)
        })
        .gives_bytes("text/css"),
    ]
}

fn session() -> Vec<Route> {
    vec![
        Route::post("/api/v1/session", Access::Public, "登录", || post(routes::session::sign_in))
            .takes(named::<api::SignIn>)
            .gives(named::<api::Session>)
            .refuses(&[
                Code::TooManyAttempts,
                Code::WrongPassword,
                Code::AccountDisabled,
                Code::StorageFailed,
                Code::KeyUnavailable,
            ]),
        Route::post("/api/v1/session/refresh", Access::Public, "续期登录", || {
            post(routes::session::renew)
        })
        .takes(named::<api::Refresh>)
        .gives(named::<api::Session>)
        .refuses(&[
            Code::NotSignedIn,
            Code::TokenReused,
            Code::AccountDisabled,
            Code::PasswordChangeNeeded,
            Code::StorageFailed,
            Code::KeyUnavailable,
        ]),
        Route::get("/api/v1/me", EVERYONE, "当前用户", || get(routes::session::me))
            .gives(named::<Person>)
            .for_handover(),
        Route::post("/api/v1/session/end", EVERYONE, "退出登录", || {
            post(routes::session::sign_out)
        })
        .gives(named::<api_accounts::SessionEnded>)
        .for_handover()
        .for_new_password()
        .refuses(&[Code::NotFound, Code::StorageFailed]),
        Route::get("/api/v1/sessions", EVERYONE, "登录列表", || get(routes::session::list))
            .gives(named::<Vec<api_accounts::SessionRow>>)
            .refuses(&[Code::StorageFailed]),
        Route::post("/api/v1/sessions/{session}/end", EVERYONE, "结束一处登录", || {
            post(routes::session::end)
        })
        .gives(named::<api_accounts::SessionEnded>)
        .refuses(&[Code::NotFound, Code::StorageFailed]),
        Route::post("/api/v1/password", EVERYONE, "修改密码", || {
            post(routes::session::change_password)
        })
        .takes(named::<api_accounts::ChangePassword>)
        .gives(named::<api_accounts::PasswordChanged>)
        .for_handover()
        .for_new_password()
        .refuses(&[
            Code::TooManyAttempts,
            Code::OldPasswordWrong,
            Code::PasswordUnfit,
            Code::NotFound,
            Code::StorageFailed,
            Code::KeyUnavailable,
        ]),
    ]
}

fn devices() -> Vec<Route> {
    vec![
        Route::get("/api/v1/devices", EVERYONE, "设备列表", || get(routes::devices::list))
            .gives(named::<Vec<api::DeviceRow>>)
            .refuses(&[Code::StorageFailed]),
        Route::post("/api/v1/devices/challenge", DEVICES, "申请设备登记挑战", || {
            post(routes::devices::challenge)
        })
        .gives(named::<api::Challenge>)
        .refuses(&[Code::StorageFailed]),
        Route::post("/api/v1/devices", DEVICES, "登记设备", || post(routes::devices::enrol))
            .takes(named::<api::Enrol>)
            .gives(named::<api::Enrolled>)
            .done(201)
            .refuses(&[
                Code::FieldMissing,
                Code::FieldTooLong,
                Code::ProofInvalid,
                Code::AlreadyExists,
                Code::FreshSignInNeeded,
                Code::TooManyDevices,
                Code::StorageFailed,
            ]),
        Route::post("/api/v1/devices/{device}/revoke", EVERYONE, "停用设备", || {
            post(routes::devices::revoke)
        })
        .takes(named::<api::Revoke>)
        .gives(named::<api::Revoked>)
        .refuses(REVOKING),
    ]
}

/// What is refused of the end of a device or an account.
const REVOKING: &[Code] = &[
    Code::FieldMissing,
    Code::FieldTooLong,
    Code::NotFound,
    Code::ReasonNeeded,
    Code::RevokedEarlier,
    Code::StorageFailed,
];

/// What is refused of restoring a person.
const RESTORING: &[Code] = &[
    Code::FieldMissing,
    Code::FieldTooLong,
    Code::NotFound,
    Code::ReasonNeeded,
    Code::NotRevoked,
    Code::SamePerson,
    Code::AlreadyExists,
    Code::StorageFailed,
];

fn sync() -> Vec<Route> {
    vec![
        Route::post("/sync/v1/exchange", DEVICES, "同步交换", || post(routes::sync::exchange))
            .takes_bytes(codec::CONTENT_TYPE, limits::EXCHANGE_BYTES)
            .gives_bytes(codec::CONTENT_TYPE)
            .for_handover()
            .refuses(&[
                Code::TooMany,
                Code::Malformed,
                Code::VersionUnsupported,
                Code::AuthorMismatch,
                Code::StorageFailed,
                Code::KeyUnavailable,
            ]),
        Route {
            method: "PUT",
            ..Route::get("/sync/v1/blobs/{hash}", CAPTURERS, "上传文件", || {
                put(routes::blobs::receive)
            })
        }
        .takes_bytes(BYTES, limits::CHUNK_BYTES)
        .gives(named::<api::Uploaded>)
        .asks(&[inline::<routes::blobs::Offset>], &[("offset", "从第几个字节开始，默认 0")])
        .for_handover()
        .refuses(&[
            Code::DigestMismatch,
            Code::BlobUnexpected,
            Code::BlobOffset,
            Code::PartsFull,
            Code::BlobNotImage,
            Code::StorageFailed,
        ]),
        Route::get("/sync/v1/blobs/{hash}", DEVICES, "下载文件或查询续传位置", || {
            get(routes::blobs::give)
        })
        .gives_bytes(BYTES)
        .or(&[(206, "所要的一段")])
        .refuses(&[
            Code::NotFound,
            Code::BlobUnexpected,
            Code::StorageFailed,
            Code::BlobDamaged,
        ]),
        Route::get("/sync/v1/blobs/{hash}/thumbnail", DEVICES, "下载缩略图", || {
            get(routes::blobs::thumbnail)
        })
        .gives_bytes("image/jpeg")
        .refuses(&[
            Code::NotFound,
            Code::BlobEmpty,
            Code::BlobNotImage,
            Code::StorageFailed,
            Code::BlobTorn,
            Code::BlobUndecodable,
            Code::PhotoPixels,
            Code::BlobDamaged,
        ]),
    ]
}

const BYTES: &str = "application/octet-stream";

/// Pages of a list.
const AFTER: (&str, &str) = ("after", "上一页的 next");
const LIMIT: (&str, &str) = ("limit", "每页条数，最多 500");

/// Files of a sheet.
const FORMAT: (&str, &str) = ("format", "json、csv 或 xlsx，默认 json");
const CANONICAL: (&str, &str) =
    ("canonical", "是否返回用于校验的规范字节（application/cbor），不返回 PDF");
const EDITION: (&str, &str) = ("edition", "第几版；不填为现行的一版");
const IN_JSON: (&str, &str) = ("in_json", "文件是否放在 JSON 里返回（name、media_type、content）");

/// What is refused of a sheet, as JSON or as a file.
const SHEET: &[Code] = &[
    Code::FieldTooLong,
    Code::TooMany,
    Code::TooLarge,
    Code::RoleNotAllowed,
    Code::NotFound,
    Code::RateLimited,
    Code::StorageFailed,
];

/// What is refused of a paper or a case file.
const PAPER: &[Code] =
    &[Code::NotFound, Code::NewerAppNeeded, Code::RecordDamaged, Code::StorageFailed];

fn papers() -> Vec<Route> {
    vec![
        Route::get("/api/v1/cases/inspection/{id}/papers", OFFICE, "检查的文书", || {
            get(routes::papers::of_inspection)
        })
        .gives(named::<Vec<PaperRow>>)
        .refuses(PAPER),
        Route::get("/api/v1/cases/notice/{id}/papers", READERS, "整改的文书", || {
            get(routes::papers::of_notice)
        })
        .gives(named::<Vec<PaperRow>>)
        .refuses(PAPER),
        Route::get(
            "/api/v1/cases/inspection/{id}/papers/{kind}/{hash}",
            OFFICE,
            "检查的一份文书",
            || get(routes::papers::give_of_inspection),
        )
        .gives_file(&[routes::papers::PDF, routes::papers::CBOR])
        .asks(&[inline::<routes::papers::Form>], &[IN_JSON, CANONICAL, EDITION])
        .refuses(PAPER),
        Route::get(
            "/api/v1/cases/notice/{id}/papers/{kind}/{hash}",
            READERS,
            "整改的一份文书",
            || get(routes::papers::give_of_notice),
        )
        .gives_file(&[routes::papers::PDF, routes::papers::CBOR])
        .asks(&[inline::<routes::papers::Form>], &[IN_JSON, CANONICAL, EDITION])
        .refuses(PAPER),
        Route::get("/api/v1/cases/inspection/{id}/file", OFFICE, "下载卷宗", || {
            get(routes::papers::file)
        })
        .gives_bytes(routes::papers::ZIP)
        .refuses(PAPER),
    ]
}

fn office() -> Vec<Route> {
    vec![
        Route::get("/api/v1/hazards", OFFICE, "隐患清单", || get(routes::hazards::list))
            .gives_or_file(named::<api_office::HazardPage>)
            .asks(
                &[inline::<api_office::HazardQuery>],
                &[
                    ("street", "街道编码"),
                    ("sector", "行业领域"),
                    ("department", "发现部门"),
                    ("state", "状态"),
                    ("overdue", "是否逾期"),
                    ("due_within", "几日内到期"),
                    ("grade", "隐患等级"),
                    ("text", "企业、描述、地点或文书号中的文字"),
                    AFTER,
                    LIMIT,
                    FORMAT,
                    IN_JSON,
                ],
            )
            .refuses(SHEET),
        Route::get("/api/v1/cases/inspection/{id}", OFFICE, "检查卷宗", || {
            get(routes::cases::inspection)
        })
        .gives(named::<api_office::CaseTimeline>)
        .refuses(&[Code::NotFound, Code::StorageFailed]),
        Route::get("/api/v1/cases/notice/{id}", READERS, "整改卷宗", || {
            get(routes::cases::notice)
        })
        .gives(named::<api_office::CaseTimeline>)
        .refuses(&[Code::NotFound, Code::StorageFailed]),
        Route::get("/api/v1/set-aside", MENDERS, "暂停办理的卷宗", || {
            get(routes::set_aside::list)
        })
        .gives(named::<api_office::SetAsidePage>)
        .refuses(&[Code::StorageFailed]),
        Route::get("/api/v1/quarantine", SUPERVISORS, "待处理记录", || {
            get(routes::quarantine::list)
        })
        .gives(named::<api_office::QuarantinePage>)
        .asks(
            &[inline::<api_office::QuarantineQuery>],
            &[("judged", "是否包括已处理的"), AFTER, LIMIT],
        )
        .refuses(&[Code::StorageFailed]),
        Route::post("/api/v1/quarantine/{item}", SUPERVISORS, "处理待定记录", || {
            post(routes::quarantine::decide)
        })
        .takes(named::<api_office::QuarantineDecision>)
        .gives(named::<api_office::QuarantineItem>)
        .judges()
        .refuses(&[Code::StorageFailed]),
        Route::get("/api/v1/reports", REPORTS, "报表目录", || get(routes::reports::list))
            .gives(named::<Vec<report::ReportEntry>>),
        Route::get("/api/v1/reports/{name}", REPORTS, "报表", || get(routes::reports::give))
            .gives_or_file(named::<report::Sheet>)
            .asks(
                &[crate::report::questions, routes::reports::form],
                &[
                    ("day", "weekly：该周的任意一天，默认上一周"),
                    ("at", "overdue：截至哪一天，默认现在"),
                    ("street", "overdue：街道编码"),
                    ("department", "overdue：发现部门；number_ledger：出具部门"),
                    ("year", "number_ledger：文号的年度，默认今年"),
                    FORMAT,
                    IN_JSON,
                ],
            )
            .refuses(SHEET),
    ]
}

fn administration() -> Vec<Route> {
    vec![
        Route::get("/api/v1/audit", ACCOUNTS, "安全事件", || get(routes::audit::list))
            .gives(named::<api_accounts::AuditPage>)
            .asks(&[inline::<api_accounts::AuditQuery>], &[AFTER, LIMIT])
            .refuses(&[Code::StorageFailed]),
        Route::get("/api/v1/accounts", ACCOUNTS, "账号列表", || get(routes::accounts::list))
            .gives(named::<Vec<api::AccountRow>>)
            .refuses(&[Code::StorageFailed]),
        Route::post("/api/v1/accounts", ADMINISTRATORS, "新建账号", || {
            post(routes::accounts::create)
        })
        .takes(named::<api::NewAccount>)
        .gives(named::<api::AccountRow>)
        .done(201)
        .refuses(&[
            Code::FieldMissing,
            Code::FieldTooLong,
            Code::AlreadyExists,
            Code::PasswordUnfit,
            Code::StorageFailed,
            Code::KeyUnavailable,
        ]),
        Route::post("/api/v1/accounts/{person}/revoke", ADMINISTRATORS, "停用账号", || {
            post(routes::accounts::revoke)
        })
        .takes(named::<api::Revoke>)
        .gives(named::<api::Revoked>)
        .refuses(&[
            Code::FieldMissing,
            Code::FieldTooLong,
            Code::NotFound,
            Code::ReasonNeeded,
            Code::RevokedEarlier,
            Code::SamePerson,
            Code::LastAdministrator,
            Code::StorageFailed,
        ]),
        Route::post(
            "/api/v1/accounts/{person}/restore",
            ADMINISTRATORS,
            "提议恢复账号",
            || post(routes::accounts::propose_restore),
        )
        .takes(named::<api_accounts::AccountReason>)
        .gives(named::<api_accounts::RestoreProposal>)
        .refuses(RESTORING),
        Route::post(
            "/api/v1/accounts/{person}/restore/confirm",
            ADMINISTRATORS,
            "确认恢复账号",
            || post(routes::accounts::confirm_restore),
        )
        .gives(named::<api::AccountRow>)
        .refuses(RESTORING),
        Route::post("/api/v1/accounts/{person}/password", ADMINISTRATORS, "重置密码", || {
            post(routes::accounts::reset_password)
        })
        .takes(named::<api_accounts::AccountReason>)
        .gives(named::<api_accounts::PasswordReset>)
        .refuses(&[
            Code::FieldMissing,
            Code::FieldTooLong,
            Code::NotFound,
            Code::ReasonNeeded,
            Code::SamePerson,
            Code::StorageFailed,
            Code::KeyUnavailable,
        ]),
    ]
}
