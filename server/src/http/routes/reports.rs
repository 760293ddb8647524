//! Reports, as sheets or as files.

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use schemars::{Schema, SchemaGenerator};
use sync_core::refusal::{Code, Refusal};
use sync_core::wire::report::{FileFormat, ReportEntry, Sheet};

use crate::http::caller::Caller;
use crate::http::peer::Address;
use crate::http::problem::ProblemResponse;
use crate::report;
use crate::report::file::File;
use crate::state::App;
use crate::usecase::{audit, reports};

/// `GET /api/v1/reports`
///
/// # Errors
/// What [`reports::list`] refuses.
pub async fn list(
    State(app): State<App>,
    Caller(person): Caller,
) -> Result<Json<Vec<ReportEntry>>, ProblemResponse> {
    Ok(Json(reports::list(&app.shared, &person, app.clock.now())?))
}

/// `GET /api/v1/reports/{name}`: parameters are those of the report, `format` and `in_json`.
///
/// # Errors
/// The problem of the path or the query, and what [`reports::give`] refuses.
pub async fn give(
    State(app): State<App>,
    Caller(person): Caller,
    Address(address): Address,
    name: Result<Path<String>, PathRejection>,
    query: Result<Query<report::Query>, QueryRejection>,
) -> Result<Response, ProblemResponse> {
    let (Path(name), Query(mut query)) = (name?, query?);
    let form = Form::taken_from(&mut query)?;
    let now = app.clock.now();
    let sheet = reports::give(&app.shared, &person, &name, &query, now).await?;
    audit::report_given(&app.shared, (&person, address), (&name, form.name()), now).await?;
    form.answer(sheet).await
}

/// The parameters that say how a sheet is answered.
pub(crate) fn form(_: &mut SchemaGenerator) -> Schema {
    schemars::json_schema!({ "properties": {
        "format": { "type": "string", "enum": ["json", "csv", "xlsx"] },
        "in_json": { "type": "boolean" },
    }})
}

/// How a sheet is answered.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// As JSON.
    Sheet,
    /// As a file.
    File(FileFormat),
    /// As a file within JSON.
    FileInJson(FileFormat),
}

impl Form {
    /// Reads the form and takes its parameters out of the question.
    fn taken_from(query: &mut report::Query) -> Result<Self, Refusal> {
        let in_json = match query.remove("in_json").as_deref() {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => return Err(Refusal::new(Code::FieldMalformed).field("in_json")),
        };
        Self::asked(query.remove("format").as_deref(), Some(in_json))
    }

    /// The form of these parameters.
    pub(super) fn asked(format: Option<&str>, in_json: Option<bool>) -> Result<Self, Refusal> {
        let format = match format {
            None | Some("json") => return Ok(Self::Sheet),
            Some("csv") => FileFormat::Csv,
            Some("xlsx") => FileFormat::Xlsx,
            Some(_) => return Err(Refusal::new(Code::FieldMalformed).field("format")),
        };
        Ok(if in_json == Some(true) { Self::FileInJson(format) } else { Self::File(format) })
    }

    /// The name of the format.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Sheet => "json",
            Self::File(FileFormat::Csv) | Self::FileInJson(FileFormat::Csv) => "csv",
            Self::File(FileFormat::Xlsx) | Self::FileInJson(FileFormat::Xlsx) => "xlsx",
        }
    }

    /// The answer.
    pub(super) async fn answer(self, sheet: Sheet) -> Result<Response, ProblemResponse> {
        match self {
            Self::Sheet => Ok(Json(sheet).into_response()),
            Self::FileInJson(format) => {
                Ok(Json(made(sheet, format).await?.within_json()).into_response())
            }
            Self::File(format) => {
                let file = made(sheet, format).await?;
                let mut headers = HeaderMap::new();
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.media_type));
                let name = utf8_percent_encode(&file.name, NON_ALPHANUMERIC);
                let disposition = format!("attachment; filename*=UTF-8''{name}");
                if let Ok(disposition) = HeaderValue::from_str(&disposition) {
                    headers.insert(header::CONTENT_DISPOSITION, disposition);
                }
                Ok((headers, file.bytes).into_response())
            }
        }
    }
}

/// Files of many rows take a while: they are made beside the tasks.
async fn made(sheet: Sheet, format: FileFormat) -> Result<File, Refusal> {
    crate::turns::computed(false, move || File::of(&sheet, format)).await?
}
