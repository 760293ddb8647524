//! What dated law says on a day: which edition is in force, how a clause reads, by which criteria a hazard of a sector can
//! be major, what a new version changes. All of it is asked with a day and answered from data.

pub mod changes;
pub mod clause;
pub mod faults;
pub mod text;

use crate::domain::catalogue::{Catalogue, CheckItem};
use crate::domain::hazard::{Clause, Grade};
use crate::domain::law::{
    ClauseReading, DefaultTerm, Edition, Known, LawDocument, LawKind, Provision, SectorCriteria,
};
use crate::id::SectorCode;
use crate::time::CivilDate;

fn spans(from: Option<CivilDate>, until: Option<CivilDate>, day: CivilDate) -> bool {
    from.is_none_or(|from| from <= day) && until.is_none_or(|until| day <= until)
}

/// The edition of a document that is in force on a day.
#[must_use]
pub fn edition_on(document: &LawDocument, day: CivilDate) -> Option<&Edition> {
    document.editions.iter().rfind(|edition| spans(edition.from, edition.until, day))
}

/// A document by its id.
#[must_use]
pub fn document<'a>(laws: &'a [LawDocument], id: &str) -> Option<&'a LawDocument> {
    laws.iter().find(|law| law.id == id)
}

/// A clause of an edition by its name.
#[must_use]
pub fn provision<'a>(edition: &'a Edition, clause: &str) -> Option<&'a Provision> {
    edition.clauses.iter().find(|it| it.clause == clause)
}

/// Whether a clause can be cited on a day: an edition that is in force holds it. Documents without editions, as older
/// versions know them, count from their first day.
#[must_use]
pub fn is_in_force(laws: &[LawDocument], clause: &Clause, day: CivilDate) -> bool {
    match document(laws, &clause.document) {
        None => false,
        Some(law) if law.editions.is_empty() => law.effective.is_none_or(|from| from <= day),
        Some(law) => {
            edition_on(law, day).is_some_and(|edition| provision(edition, &clause.clause).is_some())
        }
    }
}

/// What is doubted of an edition whose first day nobody has named.
const UNDATED: &str = "施行日未核实";

/// How a clause reads on a day. Where no edition of that day holds it, the newest that does is read and says so. None for a
/// document that nobody knows.
#[must_use]
pub fn reading(laws: &[LawDocument], clause: &Clause, day: CivilDate) -> Option<ClauseReading> {
    let law = document(laws, &clause.document)?;
    let holds = |edition: &&Edition| provision(edition, &clause.clause).is_some();
    let present = edition_on(law, day).filter(holds);
    let edition = present.or_else(|| law.editions.iter().rfind(holds)).or(edition_on(law, day));
    let found = edition.and_then(|it| provision(it, &clause.clause));
    let undated = edition.is_some_and(|it| it.from.is_none()).then_some(UNDATED);
    let known = [edition.map(|it| &it.known), found.map(|it| &it.known)];
    let doubts = known.map(|it| it.and_then(Known::doubt)).into_iter().chain([undated]);
    let doubts: Vec<&str> = doubts.flatten().collect();
    Some(ClauseReading {
        clause: clause.clone(),
        title: law.title.clone(),
        edition: edition.map_or_else(|| law.number.clone(), |it| it.number.clone()),
        gist: found.map(|it| it.gist.clone()).unwrap_or_default(),
        text: edition.and_then(|edition| text_of(edition, &clause.clause)),
        doubt: (!doubts.is_empty()).then(|| doubts.join("；")),
        in_force: is_in_force(laws, clause, day),
    })
}

/// The imported text of a clause: its own, or what its article's text has at that place.
#[must_use]
pub fn text_of(edition: &Edition, name: &str) -> Option<String> {
    if let Some(text) = provision(edition, name).and_then(|it| it.text.clone()) {
        return Some(text);
    }
    let steps = clause::steps(name)?;
    let article = steps.iter().position(|step| step.level == clause::Level::Article)?;
    let (upper, lower) = steps.split_at_checked(article + 1)?;
    let whole = provision(edition, &clause::written(upper))?.text.as_deref()?;
    text::within(whole, lower)
}

/// An item as it can be proposed on a day: duties and penalties in force first, a criterion only where it is in force. Duties
/// of which none is in force stay, so that whoever writes sees what has to be chosen anew.
#[must_use]
pub fn item_on(item: &CheckItem, laws: &[LawDocument], day: CivilDate) -> CheckItem {
    let in_force = |clauses: &[Clause]| -> Vec<Clause> {
        clauses.iter().filter(|it| is_in_force(laws, it, day)).cloned().collect()
    };
    let basis = in_force(&item.basis);
    CheckItem {
        basis: if basis.is_empty() { item.basis.clone() } else { basis },
        criterion: item.criterion.clone().filter(|it| is_in_force(laws, it, day)),
        penalties: in_force(&item.penalties),
        ..item.clone()
    }
}

/// The criteria from which a major grade of a sector is chosen on a day. A sector without a row has those of every
/// enterprise, [`ANY_SECTOR`].
#[must_use]
pub fn criteria_on(catalogue: &Catalogue, sector: &str, day: CivilDate) -> Vec<ClauseReading> {
    criteria_in_force(&catalogue.criteria, &catalogue.laws, sector, day)
        .filter_map(|clause| reading(&catalogue.laws, clause, day))
        .collect()
}

/// The same as clauses.
pub fn criteria_in_force<'a>(
    criteria: &'a [SectorCriteria],
    laws: &'a [LawDocument],
    sector: &str,
    day: CivilDate,
) -> impl Iterator<Item = &'a Clause> + use<'a> {
    let row = |sector: &str| criteria.iter().find(|it| it.sector.as_str() == sector);
    let clauses = row(sector).or_else(|| row(ANY_SECTOR)).map(|it| it.clauses.as_slice());
    clauses.unwrap_or_default().iter().filter(move |clause| is_in_force(laws, clause, day))
}

/// The clauses in force on a day that impose duties: whatever a finding that no check item names may rest on.
#[must_use]
pub fn duties_on(catalogue: &Catalogue, day: CivilDate) -> Vec<ClauseReading> {
    let statutes = catalogue.laws.iter().filter(|it| it.kind == LawKind::Statute);
    let in_force = statutes.filter_map(|it| Some((it, edition_on(it, day)?)));
    let clauses = in_force.flat_map(|(document, edition)| {
        edition
            .clauses
            .iter()
            .map(|it| Clause { document: document.id.clone(), clause: it.clause.clone() })
    });
    clauses
        .filter_map(|clause| reading(&catalogue.laws, &clause, day))
        .filter(|it| it.in_force)
        .collect()
}

/// The checklist that applies to every enterprise.
pub const ANY_SECTOR: &str = "ZT";

/// The clauses in force on a day that punish a broken duty.
#[must_use]
pub fn penalties_on(catalogue: &Catalogue, duty: &Clause, day: CivilDate) -> Vec<ClauseReading> {
    let of_duty = catalogue.penalties.iter().filter(|it| it.duty == *duty);
    of_duty
        .filter(|it| is_in_force(&catalogue.laws, &it.clause, day))
        .filter_map(|it| {
            let mut read = reading(&catalogue.laws, &it.clause, day)?;
            let doubts = [read.doubt.take(), it.known.doubt().map(str::to_owned)];
            let doubts: Vec<String> = doubts.into_iter().flatten().collect();
            read.doubt = (!doubts.is_empty()).then(|| doubts.join("；"));
            Some(read)
        })
        .collect()
}

/// The term and the duty that are proposed on a day for a hazard, of a sector where one is known, where no item
/// proposes any.
#[must_use]
pub fn term_on<'a>(
    catalogue: &'a Catalogue,
    sector: Option<&SectorCode>,
    grade: Grade,
    day: CivilDate,
) -> Option<&'a DefaultTerm> {
    let fits = |it: &&DefaultTerm| it.grade == grade && spans(it.from, it.until, day);
    let of_sector = |it: &&DefaultTerm| it.sector.is_some() && it.sector.as_ref() == sector;
    let own = catalogue.terms.iter().filter(fits).find(of_sector);
    own.or_else(|| catalogue.terms.iter().filter(fits).find(|it| it.sector.is_none()))
}
