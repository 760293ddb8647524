//! The table of routes. It builds the router, it is the authority matrix, and the interface's
//! description is made from it: a route that is not here does not exist.

use axum::routing::{MethodRouter, get, post, put};
use serde_json::Value;
use sync_core::domain::account::Role;
use sync_core::limits;

use super::caller::Access;
use super::{openapi, routes};
use crate::state::App;

/// One route.
#[derive(Clone, Copy)]
pub struct Route {
    /// Method.
    pub method: &'static str,
    /// Path; parts in braces are parameters.
    pub path: &'static str,
    /// Who may call.
    pub access: Access,
    /// Whether a revoked person may still call, to hand over what is on the device.
    pub handover: bool,
    /// What it does, in Chinese.
    pub title: &'static str,
    /// Largest body in bytes.
    pub body_limit: usize,
    /// A body as it may be sent; none if the body is not JSON.
    pub request: Option<fn() -> Value>,
    /// An answer as it may come; none if the answer is not JSON.
    pub response: Option<fn() -> Value>,
    /// Status of an answer that is not a refusal.
    pub done: u16,
    /// Parameters of the query that may be given, each with what it says, in Chinese.
    pub query: &'static [(&'static str, &'static str)],
    /// The handler, under its method.
    pub handler: fn() -> MethodRouter<App>,
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {:?}", self.method, self.path, self.access)
    }
}

const JSON_BYTES: usize = 64 * 1024;

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
const SUPERVISORS: Access = Access::Roles(&[Role::Supervisor]);
const REPORTS: Access = Access::Roles(&[Role::Supervisor, Role::Coordinator, Role::Auditor]);
const ADMINISTRATORS: Access = Access::Roles(&[Role::Administrator]);
const ACCOUNTS: Access = Access::Roles(&[Role::Administrator, Role::Auditor]);

impl Route {
    const fn get(
        path: &'static str,
        access: Access,
        title: &'static str,
        handler: fn() -> MethodRouter<App>,
    ) -> Self {
        Self {
            method: "GET",
            path,
            access,
            handover: false,
            title,
            body_limit: 0,
            request: None,
            response: None,
            done: 200,
            query: &[],
            handler,
        }
    }

    const fn post(
        path: &'static str,
        access: Access,
        title: &'static str,
        handler: fn() -> MethodRouter<App>,
    ) -> Self {
        Self { method: "POST", body_limit: JSON_BYTES, ..Self::get(path, access, title, handler) }
    }

    const fn takes(self, request: fn() -> Value) -> Self {
        Self { request: Some(request), ..self }
    }

    const fn gives(self, response: fn() -> Value) -> Self {
        Self { response: Some(response), ..self }
    }

    const fn with(self, query: &'static [(&'static str, &'static str)]) -> Self {
        Self { query, ..self }
    }

    const fn done(self, done: u16) -> Self {
        Self { done, ..self }
    }

    const fn for_handover(self) -> Self {
        Self { handover: true, ..self }
    }

    const fn body(self, body_limit: usize) -> Self {
        Self { body_limit, ..self }
    }
}

/// Every route.
#[must_use]
pub fn rows() -> Vec<Route> {
    [public(), session(), sync(), office(), administration()].concat()
}

fn public() -> Vec<Route> {
    vec![
        Route::get("/", Access::Public, "首页", || get(routes::app::front)),
        Route::get("/app/", Access::Public, "应用", || get(routes::app::index)),
        Route::get("/app/{*file}", Access::Public, "应用文件", || get(routes::app::file)),
        Route::get("/health", Access::Public, "运行状况", || get(routes::health::show))
            .gives(openapi::sample::health),
        Route::get("/openapi.json", Access::Public, "接口描述", || get(routes::docs::openapi)),
        Route::get("/docs", Access::Public, "接口文档", || get(routes::docs::page)),
        Route::get("/docs/page.js", Access::Public, "接口文档脚本", || {
            get(routes::docs::script)
        }),
        Route::get("/docs/page.css", Access::Public, "接口文档样式", || {
            get(routes::docs::style)
        }),
    ]
}

fn session() -> Vec<Route> {
    use openapi::sample;
    vec![
        Route::post("/api/v1/session", Access::Public, "登录", || post(routes::session::sign_in))
            .takes(sample::sign_in)
            .gives(sample::session),
        Route::post("/api/v1/session/refresh", Access::Public, "续期登录", || {
            post(routes::session::renew)
        })
        .takes(sample::refresh)
        .gives(sample::session),
        Route::get("/api/v1/me", EVERYONE, "当前用户", || get(routes::session::me))
            .gives(sample::person)
            .for_handover(),
        Route::get("/api/v1/devices", EVERYONE, "设备列表", || get(routes::devices::list))
            .gives(sample::devices),
        Route::post("/api/v1/devices/challenge", DEVICES, "申请设备登记挑战", || {
            post(routes::devices::challenge)
        })
        .gives(sample::challenge),
        Route::post("/api/v1/devices", DEVICES, "登记设备", || post(routes::devices::enrol))
            .takes(sample::enrol)
            .gives(sample::enrolled)
            .done(201),
        Route::post("/api/v1/devices/{device}/revoke", EVERYONE, "停用设备", || {
            post(routes::devices::revoke)
        })
        .takes(sample::revoke)
        .done(204),
    ]
}

fn sync() -> Vec<Route> {
    vec![
        Route::post("/sync/v1/exchange", DEVICES, "同步交换", || post(routes::sync::exchange))
            .body(limits::EXCHANGE_BYTES)
            .for_handover(),
        Route {
            method: "PUT",
            body_limit: limits::CHUNK_BYTES,
            handover: true,
            response: Some(openapi::sample::uploaded),
            query: &[("offset", "从第几个字节开始，默认 0")],
            ..Route::get("/sync/v1/blobs/{hash}", CAPTURERS, "上传文件", || {
                put(routes::blobs::receive)
            })
        },
        Route::get("/sync/v1/blobs/{hash}", DEVICES, "下载文件或查询续传位置", || {
            get(routes::blobs::give)
        }),
        Route::get("/sync/v1/blobs/{hash}/thumbnail", DEVICES, "下载缩略图", || {
            get(routes::blobs::thumbnail)
        }),
    ]
}

/// Pages of a list.
const AFTER: (&str, &str) = ("after", "上一页的 next");
const LIMIT: (&str, &str) = ("limit", "每页条数，最多 500");

fn office() -> Vec<Route> {
    use openapi::office;
    vec![
        Route::get("/api/v1/hazards", OFFICE, "隐患清单", || get(routes::hazards::list))
            .gives(office::hazards)
            .with(&[
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
            ]),
        Route::get("/api/v1/cases/inspection/{id}", OFFICE, "检查卷宗", || {
            get(routes::cases::inspection)
        })
        .gives(office::case),
        Route::get("/api/v1/cases/notice/{id}", READERS, "整改卷宗", || {
            get(routes::cases::notice)
        })
        .gives(office::case),
        Route::get("/api/v1/quarantine", SUPERVISORS, "待处理记录", || {
            get(routes::quarantine::list)
        })
        .gives(office::quarantine)
        .with(&[("judged", "是否包括已处理的"), AFTER, LIMIT]),
        Route::post("/api/v1/quarantine/{item}", SUPERVISORS, "处理待定记录", || {
            post(routes::quarantine::decide)
        })
        .takes(office::decision)
        .gives(office::quarantined),
        Route::get("/api/v1/reports/weekly", REPORTS, "每周调度表", || {
            get(routes::reports::weekly)
        })
        .gives(office::weekly)
        .with(&[("day", "该周的任意一天，默认上一周")]),
    ]
}

fn administration() -> Vec<Route> {
    use openapi::sample;
    vec![
        Route::get("/api/v1/accounts", ACCOUNTS, "账号列表", || get(routes::accounts::list))
            .gives(sample::accounts),
        Route::post("/api/v1/accounts", ADMINISTRATORS, "新建账号", || {
            post(routes::accounts::create)
        })
        .takes(sample::new_account)
        .gives(sample::account)
        .done(201),
        Route::post("/api/v1/accounts/{person}/revoke", ADMINISTRATORS, "停用账号", || {
            post(routes::accounts::revoke)
        })
        .takes(sample::revoke)
        .done(204),
    ]
}
