//! Fills in the form of a paper: its title, number and texts from dated data, its fields one after the other.

use super::{Block, ClauseName, Column, Paper, PaperPhoto, Signer, Sources, certificate};
use crate::act::notice::Countersigned;
use crate::calendar::reasons;
use crate::case::{Case, Of};
use crate::domain::hazard::Clause;
use crate::domain::notice::{DocumentNumber, Notice, OfficerLine};
use crate::domain::numbers::Series;
use crate::domain::papers::{PaperKind, PaperTemplate};
use crate::domain::site_measure::SiteOrder;
use crate::domain::term::Deadline;
use crate::id::{BlobHash, DepartmentId, EnterpriseId, FactId, PersonId};
use crate::time::CivilDate;

/// Where something is filled in by hand.
const ROOM: &str = "＿＿＿＿＿＿";

/// What an officer stated and another one signs.
pub(super) struct Counted {
    pub(super) fact: FactId,
    pub(super) by: PersonId,
    pub(super) on: CivilDate,
    pub(super) second: Option<PersonId>,
}

/// The number of an item, and its deadline.
pub(super) type Counting = (usize, Deadline);

/// A paper that is being filled in.
pub(super) struct Form<'s, 'a> {
    pub(super) sources: &'s Sources<'a>,
    /// The day whose forms, organs and laws count.
    pub(super) on: CivilDate,
    department: DepartmentId,
    template: Option<&'a PaperTemplate>,
    /// What names in braces stand for.
    names: Vec<(&'static str, String)>,
    paper: Paper,
}

impl<'s, 'a> Form<'s, 'a> {
    /// Begins a paper of an organ with the form of a day.
    pub(super) fn new(
        kind: PaperKind,
        sources: &'s Sources<'a>,
        department: &DepartmentId,
        on: CivilDate,
    ) -> Self {
        let papers = &sources.catalogue.papers;
        let template = papers.template(kind, department, on);
        let organ = sources.organ(department, on);
        let of = papers.organ(department, on);
        let room = |name: Option<&String>| name.cloned().unwrap_or_else(|| ROOM.to_owned());
        let names = vec![
            ("organ", organ.clone()),
            ("review", room(of.and_then(|it| it.review.as_ref()))),
            ("court", room(of.and_then(|it| it.court.as_ref()))),
            ("phone", room(of.and_then(|it| it.phone.as_ref()))),
        ];
        let has_number = template.is_some_and(|it| it.series.is_some());
        let number = has_number.then(|| match sources.series(kind, department, on) {
            Some(Series { area, series, year }) => format!("（{area}）{series}〔{year}〕　　号"),
            None => format!("（{ROOM}）{ROOM}〔{}〕　　号", on.year()),
        });
        let title = sources.title(kind, department, on);
        let mut unverified = Vec::new();
        if !template.is_some_and(|it| it.verified) {
            unverified.push("文书名称及式样".to_owned());
        }
        if !of.is_some_and(|it| it.verified) {
            unverified.push("机关名称、复议机关、管辖法院及联系方式".to_owned());
        }
        let paper = Paper {
            kind,
            title,
            organ,
            number,
            blocks: Vec::new(),
            date: None,
            photos: Vec::new(),
            unverified,
        };
        Self { sources, on, department: department.clone(), template, names, paper }
    }

    /// With the number that was given to it.
    pub(super) fn numbered(mut self, number: &DocumentNumber) -> Self {
        self.paper.number = Some(number.to_string());
        self
    }

    /// What a name in braces stands for.
    pub(super) fn name(&mut self, name: &'static str, value: impl Into<String>) {
        self.names.push((name, value.into()));
    }

    pub(super) fn field(&mut self, label: &str, value: impl Into<String>) {
        self.paper.blocks.push(Block::Field { label: label.to_owned(), value: value.into() });
    }

    /// Name, address and principal of the inspected place, with `{enterprise}` for its name.
    pub(super) fn enterprise(&mut self, label: &str, id: EnterpriseId) {
        let known = self.sources.enterprise(id);
        let name = known.map(|it| it.name.clone()).unwrap_or_default();
        self.name("enterprise", name.clone());
        self.field(label, name);
        if let Some(code) = known.and_then(|it| it.credit_code.as_ref()) {
            self.field("统一社会信用代码", code.as_str());
        }
        self.field("地址", known.map(|it| it.address.clone()).unwrap_or_default());
        self.field(
            "法定代表人（负责人）",
            known.map(|it| it.principal.clone()).unwrap_or_default(),
        );
    }

    /// The text of the form at a place, filled in; nothing where the form has none.
    pub(super) fn passage(&mut self, heading: &str, place: &str) {
        let passages = self.template.into_iter().flat_map(|it| &it.passages);
        let at_place: Vec<_> = passages.filter(|it| it.place == place).collect();
        if at_place.is_empty() {
            return;
        }
        let mut paragraphs = Vec::new();
        for passage in at_place {
            paragraphs.push(self.filled(&passage.text));
            if !passage.verified {
                let name = if heading.is_empty() { "正文" } else { heading };
                self.unverified(name.to_owned());
            }
            let basis: Vec<String> =
                passage.basis.iter().map(|clause| self.cited(clause)).collect();
            if !basis.is_empty() {
                paragraphs.push(format!("依据：{}。", basis.join("、")));
            }
        }
        self.text(heading, paragraphs);
    }

    /// The texts that were filled in so far.
    pub(super) fn paragraphs(self) -> Vec<String> {
        let texts = self.paper.blocks.into_iter().filter_map(|block| match block {
            Block::Text { paragraphs, .. } => Some(paragraphs),
            _ => None,
        });
        texts.flatten().collect()
    }

    pub(super) fn text(&mut self, heading: &str, paragraphs: Vec<String>) {
        self.paper.blocks.push(Block::Text { heading: heading.to_owned(), paragraphs });
    }

    pub(super) fn table(&mut self, heading: &str, columns: &[(&str, u8)], rows: Vec<Vec<String>>) {
        let column =
            |(title, share): &(&str, u8)| Column { title: (*title).to_owned(), share: *share };
        self.paper.blocks.push(Block::Table {
            heading: heading.to_owned(),
            columns: columns.iter().map(column).collect(),
            rows,
        });
    }

    /// What was ordered on the spot, each with the number of the hazard for which it was; nothing where nothing was.
    pub(super) fn site_orders<'o>(
        &mut self,
        item: &str,
        orders: impl Iterator<Item = (String, &'o SiteOrder)>,
    ) {
        let row = |(item, order): (String, &SiteOrder)| {
            let measures: Vec<&str> = order.measures.iter().map(|it| it.title()).collect();
            let (scope, reason) = (order.scope.clone(), order.reason.clone());
            vec![item, measures.join("、"), scope, reason, order.on.in_words()]
        };
        let rows: Vec<_> = orders.map(row).collect();
        if !rows.is_empty() {
            let columns = [(item, 2), ("措施", 5), ("范围", 4), ("理由", 5), ("日期", 4)];
            self.table("已责令的现场处理措施", &columns, rows);
        }
    }

    pub(super) fn signatures(&mut self, label: &str, signers: Vec<Signer>, places: u8) {
        let label = label.to_owned();
        self.paper.blocks.push(Block::Signatures { label, signers, places });
    }

    /// A clause as it is cited; one that the law does not confirm is noted.
    pub(super) fn cited(&mut self, clause: &Clause) -> String {
        self.clause(clause).cited()
    }

    /// A clause with what it says, where that is known.
    pub(super) fn cited_in_full(&mut self, clause: &Clause) -> String {
        self.clause(clause).cited_in_full()
    }

    fn clause(&mut self, clause: &Clause) -> ClauseName {
        let name = self.sources.clause(clause, self.on);
        if !name.verified {
            self.unverified(name.cited());
        }
        name
    }

    pub(super) fn unverified(&mut self, what: String) {
        if !self.paper.unverified.contains(&what) {
            self.paper.unverified.push(what);
        }
    }

    pub(super) fn photo(&mut self, blob: BlobHash, caption: &str) {
        self.paper.photos.push(PaperPhoto { blob, caption: caption.to_owned() });
    }

    /// Somebody who signs, with name and certificate as they are known.
    pub(super) fn person(&self, id: PersonId, printed: &[OfficerLine]) -> Signer {
        let line = printed.iter().find(|it| it.id == id);
        let known = self.sources.colleague(id);
        let name = known.map(|it| it.name.clone()).or_else(|| line.map(|it| it.name.clone()));
        let certificate = known.and_then(|it| it.certificate.clone());
        Signer {
            name: name.unwrap_or_default(),
            certificate: certificate.or_else(|| line.map(|it| it.certificate.clone())),
            ..Signer::default()
        }
    }

    /// The officer who stated something and the one who signs it, too; room to sign by hand where nobody is named.
    pub(super) fn both_officers(
        &mut self,
        label: &str,
        case: &Case,
        stated: &Counted,
        notice: &Notice,
    ) {
        let Counted { fact, by, on, second } = *stated;
        let signer = |id, on| Signer { on, ..self.person(id, &notice.officers) };
        let mut signed = case.every::<Countersigned>().filter(|it| it.body.statement == fact);
        let signed = signed.find(|it| second == Some(it.by)).map(|it| it.wall.date());
        let second = second.map(|id| signer(id, signed));
        let places = u8::from(second.is_none());
        let signers = [signer(by, Some(on))].into_iter().chain(second).collect();
        self.signatures(label, signers, places);
    }

    /// How each date is counted from an event, once for all items that share it.
    pub(super) fn counted(&mut self, heading: &str, deadlines: &[Counting], event: &str) {
        let mut groups: Vec<(Vec<String>, Vec<String>)> = Vec::new();
        for (number, deadline) in deadlines {
            let rule = self.sources.catalogue.papers.counting(deadline.start);
            let steps = reasons::of_deadline(deadline, event, &self.sources.calendars, rule);
            if rule.is_none_or(|it| !it.verified) {
                self.unverified("期限计算规则".to_owned());
            }
            match groups.iter_mut().find(|(_, known)| *known == steps) {
                Some((numbers, _)) => numbers.push(number.to_string()),
                None => groups.push((vec![number.to_string()], steps)),
            }
        }
        let line = |(numbers, steps): &(Vec<String>, Vec<String>)| {
            format!("第 {} 项：{}", numbers.join("、"), steps.concat())
        };
        let lines: Vec<String> = groups.iter().map(line).collect();
        if !lines.is_empty() {
            self.text(heading, lines);
        }
    }

    /// Names of people in one line, each with its certificate.
    pub(super) fn people(&self, ids: &[PersonId]) -> String {
        let named = |id: &PersonId| {
            let it = self.person(*id, &[]);
            match it.certificate {
                Some(it_has) => format!("{}{}", it.name, certificate::number(&it_has)),
                None => it.name,
            }
        };
        ids.iter().map(named).collect::<Vec<_>>().join("、")
    }

    /// Ends with the seal of the organ.
    pub(super) fn sealed(mut self, date: Option<CivilDate>) -> Paper {
        self.paper.date = date;
        let organ = self.sources.organ(&self.department, self.on);
        self.paper.blocks.push(Block::Seal { organ, date });
        self.paper
    }

    /// Ends without a seal.
    pub(super) fn unsealed(mut self, date: Option<CivilDate>) -> Paper {
        self.paper.date = date;
        self.paper
    }

    /// A text with its names in braces replaced, once: what stands in a value stays as it is.
    fn filled(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let named = after.split_once('}');
            let known = named.and_then(|(name, rest)| Some((self.value(name)?, rest)));
            if let Some((value, behind)) = known {
                filled.push_str(value);
                rest = behind;
            } else {
                filled.push('{');
                rest = after;
            }
        }
        filled.push_str(rest);
        filled
    }

    fn value(&self, name: &str) -> Option<&str> {
        let (_, value) = self.names.iter().rfind(|(known, _)| *known == name)?;
        Some(if value.is_empty() { ROOM } else { value })
    }
}

/// Whether one statement of a stream counts before another one of it: what comes later changes no paper.
pub(super) fn is_before<A, B>(one: Of<'_, A>, other: Of<'_, B>) -> bool {
    let place = |place: Option<u64>| place.unwrap_or(u64::MAX);
    place(one.place) < place(other.place)
}

/// Some people, each on a line of its own.
pub(super) fn officers(lines: &[OfficerLine]) -> Vec<Signer> {
    let signer = |line: &OfficerLine| Signer {
        name: line.name.clone(),
        certificate: Some(line.certificate.clone()),
        ..Signer::default()
    };
    lines.iter().map(signer).collect()
}
