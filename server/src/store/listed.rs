//! What lists ask of the rows of hazards: a filter and a page, one query for both databases.

use sea_query::{Cond, Condition, Expr, ExprTrait as _, LikeExpr, Order, Query, SelectStatement};
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use sync_core::act::state::HazardState;
use sync_core::domain::hazard::Grade;
use sync_core::id::HazardId;
use sync_core::time::{CivilDate, Timestamp};

use super::StoreError;
use super::rows::{ProjectedHazard, read_hazard, word};
use super::sql;

/// Which hazards a list shows.
#[derive(Clone, Debug, Default)]
pub struct HazardFilter {
    /// Street of the enterprise.
    pub street: Option<String>,
    /// One of the sectors of the enterprise.
    pub sector: Option<String>,
    /// Department that found it.
    pub department: Option<String>,
    /// State.
    pub state: Option<HazardState>,
    /// The grade that counts.
    pub grade: Option<Grade>,
    /// Whether it is overdue at `now`.
    pub overdue: Option<bool>,
    /// Last day on which it falls due, if it is not overdue at `now`.
    pub due_by: Option<CivilDate>,
    /// Words.
    pub text: Option<String>,
    /// The instant of the question.
    pub now: Timestamp,
}

/// Where words are looked for.
const WORDS: [&str; 4] = ["enterprise_name", "description", "place", "number"];

impl HazardFilter {
    /// The rows that the filter lets through.
    fn condition(&self) -> Result<Condition, StoreError> {
        let is = |column: &'static str, word: Option<String>| {
            word.map(|word| Expr::col(column).eq(word))
        };
        let now = self.now.as_millis();
        let late = |late: bool| {
            if late {
                return Expr::col("overdue_from").lte(now);
            }
            Expr::col("overdue_from").is_null().or(Expr::col("overdue_from").gt(now))
        };
        let sector = |code: &String| Expr::col("sectors").like(format!("% {code} %"));
        let due_by = |date: CivilDate| {
            let in_time = Expr::col("overdue_from").gt(now);
            in_time.and(Expr::col("deadline").lte(date.to_string()))
        };
        let words = |text: &String| {
            let pattern = contains(text);
            WORDS.into_iter().fold(Cond::any(), |any, column| {
                any.add(Expr::col(column).like(LikeExpr::new(pattern.clone()).escape('!')))
            })
        };
        Ok(Cond::all()
            .add_option(is("street", self.street.clone()))
            .add_option(self.sector.as_ref().map(sector))
            .add_option(is("department", self.department.clone()))
            .add_option(is("state", self.state.as_ref().map(word).transpose()?))
            .add_option(is("grade", self.grade.as_ref().map(word).transpose()?))
            .add_option(self.overdue.map(late))
            .add_option(self.due_by.map(due_by))
            .add_option(self.text.as_ref().map(words)))
    }

    /// The rows that the filter lets through, of which the caller chooses the columns.
    fn select(&self) -> Result<SelectStatement, StoreError> {
        Ok(Query::select().from("hazard_rows").cond_where(self.condition()?).take())
    }
}

/// A pattern that finds `text` anywhere; what patterns give a meaning to is taken literally.
fn contains(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// How many hazards match.
///
/// # Errors
/// `StoreError` when the database refuses the query.
pub async fn count_hazards(
    db: &mut AnyConnection,
    filter: &HazardFilter,
) -> Result<u64, StoreError> {
    let query = filter.select()?.expr(Expr::cust("COUNT(*)")).take();
    let (text, values) = sql::built(db, &query);
    let row = sqlx::query_with(AssertSqlSafe(text), values).fetch_one(db).await?;
    Ok(super::count(row.try_get(0)?))
}

/// Hazards that match, the newest first, after `after`, at most `limit`.
///
/// # Errors
/// `StoreError` when the database refuses the query or a stored value cannot be read.
pub async fn hazards(
    db: &mut AnyConnection,
    filter: &HazardFilter,
    after: Option<(Timestamp, HazardId)>,
    limit: u64,
) -> Result<Vec<ProjectedHazard>, StoreError> {
    let older = |(at, hazard): (Timestamp, HazardId)| {
        let at = at.as_millis();
        let beside = Expr::col("hazard").lt(hazard.as_bytes().to_vec());
        Expr::col("found_at").lt(at).or(Expr::col("found_at").eq(at).and(beside))
    };
    let query = filter
        .select()?
        .expr(Expr::cust("*"))
        .cond_where(Cond::all().add_option(after.map(older)))
        .order_by("found_at", Order::Desc)
        .order_by("hazard", Order::Desc)
        .limit(limit)
        .take();
    let (text, values) = sql::built(db, &query);
    let rows = sqlx::query_with(AssertSqlSafe(text), values).fetch_all(db).await?;
    rows.iter().map(read_hazard).collect()
}
