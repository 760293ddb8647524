"""The border to the core. Written by ``tests/stub.py``; ``UPDATE=1 ./test.sh test_surface`` renews it."""

import enum
import typing
from dataclasses import dataclass

CivilDate = typing.NewType("CivilDate", str)

CreditCode = typing.NewType("CreditCode", str)

DepartmentId = typing.NewType("DepartmentId", str)

DeviceId = typing.NewType("DeviceId", str)

Digest = typing.NewType("Digest", str)

EnterpriseId = typing.NewType("EnterpriseId", str)

HazardId = typing.NewType("HazardId", str)

InspectionId = typing.NewType("InspectionId", str)

ItemCode = typing.NewType("ItemCode", str)

NoticeId = typing.NewType("NoticeId", str)

PersonId = typing.NewType("PersonId", str)

SectorCode = typing.NewType("SectorCode", str)

SeriesId = typing.NewType("SeriesId", str)

StreetCode = typing.NewType("StreetCode", str)

Timestamp = typing.NewType("Timestamp", int)

@dataclass(kw_only=True)
class AnswerLine:
    """
    An answered check item. Where officers differ, the shown value comes with `parallel` set.
    """
    item: ItemCode
    verdict: typing.Optional[Verdict]
    note: str
    parallel: bool

@dataclass(kw_only=True)
class Arrival:
    inspection: InspectionId
    certificate_shown: bool
    plate: typing.Optional[str]
    fix: typing.Optional[Fix]

@dataclass(kw_only=True)
class AskedExtension:
    """
    A request for more time.
    """
    fact: Digest
    request: ExtensionRequest

class BindingField(enum.Enum):
    GRADE = 0
    BASIS = 1
    MEASURE = 2
    VERDICT = 3

@dataclass(kw_only=True)
class Catalogue:
    """
    What every device holds besides its cases.
    """
    version: str
    departments: typing.List[Department]
    streets: typing.List[Street]
    laws: typing.List[LawDocument]
    checklists: typing.List[Checklist]
    calendars: typing.List[WorkCalendar]
    enterprises: typing.List[Enterprise]
    colleagues: typing.List[Colleague]
    criteria: typing.List[SectorCriteria]
    penalties: typing.List[Penalty]
    terms: typing.List[DefaultTerm]

class Changed(enum.Enum):
    OUTBOX = 0
    TASKS = 1
    NOTICES = 2
    NUMBERS = 3
    CATALOGUE = 4
    PHOTOS = 5
    PERSON = 6

@dataclass(kw_only=True)
class CheckItem:
    code: ItemCode
    what: str
    how: str
    basis: typing.List[Clause]
    grade: Grade
    criterion: typing.Optional[Clause]
    days: int
    finding: str
    penalties: typing.List[Clause]
    standards: typing.List[str]
    immediate: str
    evidence: typing.List[str]
    sure: Sure
    unsure: typing.Optional[str]
    major_if: typing.Optional[str]
    case_hint: bool

@dataclass(kw_only=True)
class Checklist:
    sector: SectorCode
    title: str
    items: typing.List[CheckItem]
    note: str

@dataclass(kw_only=True)
class Choice:
    """
    A way to state it.
    """
    title: str
    tone: Tone
    sets: dict[str, Value]
    needs: typing.List[str]
    takes: typing.List[str]
    fills: dict[str, str]

@dataclass(kw_only=True)
class Clause:
    document: str
    clause: str

@dataclass(kw_only=True)
class ClauseReading:
    clause: Clause
    title: str
    edition: str
    gist: str
    text: typing.Optional[str]
    doubt: typing.Optional[str]
    in_force: bool

class ClockError(Exception):
    """
    The clocks could not be read.
    """
    Unavailable: typing.ClassVar[type[_ClockError_Unavailable]]

class _ClockError_Unavailable(ClockError):
    """
    The platform does not say.
    """
    detail: str
    def __init__(self, detail: str) -> None: ...


@dataclass(kw_only=True)
class ClockReading:
    """
    One reading of the platform's clocks.
    """
    wall: Timestamp
    monotonic_ms: int
    boot: bytes

@dataclass(kw_only=True)
class ClosureDecision:
    notice: NoticeId
    hazard: HazardId
    recheck: Digest
    approved: bool
    reason: str
    evidence: typing.List[Digest]

@dataclass(kw_only=True)
class Colleague:
    id: PersonId
    name: str
    department: DepartmentId
    certificate: typing.Optional[str]

@dataclass(kw_only=True)
class Conflict:
    """
    A record that cannot be sealed before a named officer has decided.
    """
    plan: Plan
    decider: typing.Optional[PersonId]
    parallels: typing.List[Parallel]
    hazards: typing.List[HazardLine]

@dataclass(kw_only=True)
class Consequences:
    every: typing.List[str]
    major: typing.List[str]

@dataclass(kw_only=True)
class Countersigned:
    notice: NoticeId
    hazard: typing.Optional[HazardId]
    statement: Digest

class DayUnit(enum.Enum):
    NATURAL = 0
    WORKING = 1

@dataclass(kw_only=True)
class Deadline:
    date: CivilDate
    start: CivilDate
    term: Term
    calendars: typing.List[str]
    skipped: typing.List[CivilDate]
    provisional: bool

@dataclass(kw_only=True)
class Decision:
    """
    A decision for which others wait.
    """
    offer: Offer
    about: HazardRow

@dataclass(kw_only=True)
class DecisionPage:
    """
    A part of a list of decisions.
    """
    total: int
    rows: typing.List[Decision]

@dataclass(kw_only=True)
class DefaultTerm:
    sector: typing.Optional[SectorCode]
    grade: Grade
    term: Term
    basis: typing.Optional[Clause]
    _from: typing.Optional[CivilDate]
    until: typing.Optional[CivilDate]
    known: Known
    duty: typing.Optional[Clause] = ...

@dataclass(kw_only=True)
class Department:
    """
    A department with or without the power to enforce.
    """
    id: DepartmentId
    name: str
    enforcement: bool

class Device:
    """
    One person's device. Everything that it says is done is on disk.
    """
    def about(self, streams: typing.List[StreamId]) -> typing.List[StreamAbout]:
        """
        Whose premises streams are about, and under which number.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def add_hazard(self, inspection: InspectionId, hazard: HazardId, draft: HazardDraft) -> None:
        """
        Writes down a hazard.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the form, of a sealed record, or of the
        store, such as [`DeviceError::DiskFull`].
        """
        ...
    def answer(self, inspection: InspectionId, item: ItemCode, verdict: Verdict, note: str) -> None:
        """
        Answers a check item.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the form, of a sealed record, or of the
        store, such as [`DeviceError::DiskFull`].
        """
        ...
    def arrive(self, arrival: Arrival) -> Digest:
        """
        入企登记.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def attach_photo(self, inspection: InspectionId, hazard: HazardId, photo: Digest, purpose: Purpose) -> None:
        """
        Adds a captured photo to a hazard.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the form, of a sealed record, or of the
        store, such as [`DeviceError::DiskFull`].
        """
        ...
    def begin_enrol(self, label: str) -> Requests:
        """
        Begins to enrol this device with proof that it holds its key. Needed once, after the first sign-in.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`].
        """
        ...
    def begin_fetch_photo(self, photo: Digest) -> Requests:
        """
        Begins to fetch the small picture of a photo that no synchronisation brings here, such as one of an old case.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`].
        """
        ...
    def begin_office(self, path: str, body: typing.Optional[str]) -> Requests:
        """
        Begins to ask the server for what no device holds, such as the lists of the office: JSON out, JSON in. With a
        body it is a `POST`.

        # Errors
        `field_malformed` for a path outside of `/api/v1/`, [`DeviceError::Closed`] after [`Device::shut`].
        """
        ...
    def begin_sign_in(self, username: str, password: str) -> Requests:
        """
        Begins to sign a person in, who stays signed in on this device.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`].
        """
        ...
    def begin_sync(self) -> Requests:
        """
        Begins a synchronisation.

        # Errors
        `not_enrolled` before the device is enrolled, [`DeviceError::Closed`] after [`Device::shut`], the reason of a
        store that cannot be read.
        """
        ...
    def capture(self, stream: StreamId, meta: PhotoMeta, path: str) -> Digest:
        """
        Keeps a photo that lies in a file: the bytes unchanged, digest and circumstances signed. The same photo for the
        same purpose again is the one that is kept.

        # Errors
        The reason of the picture (`blob_empty`, `blob_not_image`, `blob_torn`, `photo_pixels`), of form, gate or store;
        [`DeviceError::Locked`] while the key store is locked.
        """
        ...
    def catalogue(self) -> Catalogue:
        """
        Reference data: checklists, laws, departments, calendars, enterprises.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`].
        """
        ...
    def catalogue_of(self, inspection: InspectionId) -> Catalogue:
        """
        The same as it was when a visit was begun here, for as long as its draft is open.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def clause_of(self, inspection: InspectionId, clause: Clause) -> typing.Optional[ClauseReading]:
        """
        How a clause reads on the day of a visit; none for a document that nobody knows.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def close_hazard(self, decision: ClosureDecision) -> Digest:
        """
        销号 or its return, for one hazard.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def conflicts(self) -> typing.List[Conflict]:
        """
        The records under way in which officers differ.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def correct_paper(self, stream: StreamId, row: PaperRow, correction: str, reason: str) -> Digest:
        """
        A supervisor says what is wrong in an issued paper, as the list of papers gives it, and how it reads rightly. The
        server issues a new edition that names the one that it replaces.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def cosign(self, inspection: InspectionId, seal: Digest) -> Digest:
        """
        The second officer signs the sealed record, or a supplement of it.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def countersign(self, signature: Countersigned) -> Digest:
        """
        The other officer says that a service or a recheck was as it is stated.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def criteria_of(self, inspection: InspectionId, sector: str) -> typing.List[ClauseReading]:
        """
        The criteria from which a major grade is chosen for a sector on the day of a visit.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def decide(self, inspection: InspectionId, subject: ParallelSubject, field: BindingField, chosen: str, reason: str) -> Digest:
        """
        Decides between differing values; `chosen` is one of them.

        # Errors
        `nothing_to_decide` without such a difference, `field_malformed` for a value that is none of them, otherwise
        what [`Device::seal`] may refuse, too.
        """
        ...
    def decide_extension(self, decision: ExtensionDecision) -> Digest:
        """
        A supervisor decides on more time.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def decide_major(self, decision: MajorDecision) -> Digest:
        """
        A supervisor decides whether a hazard that its officers graded major is major.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def decide_resumption(self, decision: ResumptionDecision) -> Digest:
        """
        Consent to resume, or its refusal.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def dismiss(self, dismissal: Dismissed) -> Digest:
        """
        A supervisor confirms it.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def duties_of(self, inspection: InspectionId) -> typing.List[ClauseReading]:
        """
        The clauses that impose duties on the day of a visit, from which the basis of a hazard is chosen.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def escalate(self, step: Escalated) -> Digest:
        """
        More pressure on an open hazard.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def finish_part(self, inspection: InspectionId) -> Digest:
        """
        States that this person's part of the record is done; a record is sealed with the parts that are known.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        what the device refuses.
        """
        ...
    def hand_over(self, inspection: InspectionId) -> typing.List[str]:
        """
        What this phone knows of a visit and a colleague's may not, as frames for a QR code that runs, or for the lines of
        a file.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], `not_on_team`, that of a key store that does not sign, or the
        reason of the store when it cannot be read.
        """
        ...
    def history(self, stream: StreamId) -> typing.List[HistoryEntry]:
        """
        Everything that was stated in a stream, in the order in which it counts.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def id(self) -> DeviceId:
        """
        The name under which the device is enrolled.

        # Errors
        `not_enrolled` before the device is enrolled, [`DeviceError::Closed`] after [`Device::shut`].
        """
        ...
    def inspection(self, inspection: InspectionId) -> typing.Optional[InspectionView]:
        """
        One inspection, edits of the last second included; none if nothing is known of it here.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def is_delivered(self, inspection: InspectionId) -> bool:
        """
        Whether the server has the sealed record and every photo of it.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def issue_on_site(self, inspection: InspectionId) -> NoticeId:
        """
        Issues the notice of a signed record, or of a signed supplement, here and now with a number of this device. It
        stands from this moment.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked,
        `number_not_leased` where no number is left, otherwise the reason of gate or store.
        """
        ...
    def leased_numbers(self) -> typing.List[LeasedNumbers]:
        """
        The blocks of numbers that devices of this person's department were leased, the newest first.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def list_supervision(self, listing: SupervisionListed) -> Digest:
        """
        A supervisor puts an open major hazard on the list of supervision, until a date.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def notice(self, notice: NoticeId, at: typing.Optional[Timestamp] = ...) -> typing.Optional[NoticeView]:
        """
        One notice as it stands at an instant, now unless one is given; none if it is not known here.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def notices(self) -> typing.List[NoticeView]:
        """
        The notices that this person knows of, as they stand now.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def now(self) -> Timestamp:
        """
        The time as well as it is known here.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def numbers(self) -> typing.Optional[NumbersView]:
        """
        The numbers with which this device issues without signal, for this year; none for somebody who issues no notices.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def observe(self, observer: typing.Optional[Observer]) -> None:
        """
        Who is told what changed, after each call that changed something; none stops it.
        """
        ...
    @classmethod
    def open(cls, folder: str, vault: KeyVault, clock: DeviceClock) -> Device:
        """
        Opens or makes a device in a folder of its own, which one device may hold at a time. Whatever
        was saved before is there.

        # Errors
        [`DeviceError::InUse`] while another one holds the folder, the reason of a key store that does not answer, or of
        a folder or store that cannot be opened.
        """
        ...
    def open_notices(self, skip: int, take: int) -> NoticePage:
        """
        A page of the notices with something left to do: first those with which this person may do something, then
        by the nearest deadline.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def open_tasks(self) -> typing.List[Task]:
        """
        The visits that are not settled.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def order_measure(self, measure: MeasureOrdered) -> Digest:
        """
        What cannot wait is ordered because of one hazard.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def order_term(self, order: TermOrdered) -> Digest:
        """
        A supervisor sets a term once officers may set none any more.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def outbox(self) -> Outbox:
        """
        The outbox: where each own record and file is.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def paper(self, stream: StreamId, kind: PaperKind, fact: Digest, narrow: bool, server: typing.Optional[str] = ...) -> PaperPage:
        """
        One paper as a page that needs nothing else, for A4 or, when `narrow`, for a roll of 80 mm. `server` is the address
        at which everybody reaches the server: with it the page has a code by which it is checked.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], `not_found`, otherwise the reason of the store when it cannot be
        read.
        """
        ...
    def paper_as_issued(self, stream: StreamId, fact: Digest, canonical: bytes, narrow: bool, server: typing.Optional[str] = ...) -> PaperPage:
        """
        An edition of a paper word for word, from its canonical bytes as the server gives them.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], `malformed` for other bytes, `paper_unknown` for what was never
        issued as far as it is known here, otherwise the reason of the store when it cannot be read.
        """
        ...
    def papers(self, stream: StreamId) -> typing.List[PaperRow]:
        """
        The papers of a stream's case that this person may have.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def parallels(self, inspection: InspectionId) -> typing.List[Parallel]:
        """
        Fields about which officers differ.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def party_sign(self, inspection: InspectionId, seal: Digest, outcome: SignOutcome) -> Digest:
        """
        The enterprise's person signs the sealed record, or refuses to.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def person(self) -> Person:
        """
        The person who is signed in.

        # Errors
        [`DeviceError::SignInNeeded`] before the first sign-in, [`DeviceError::Closed`] after [`Device::shut`].
        """
        ...
    def photo(self, photo: Digest) -> typing.Optional[str]:
        """
        The file of a photo on this device: the original, or else the small picture.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def plan(self, plan: Plan) -> Digest:
        """
        Plans a visit.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def propose_dismissal(self, dismissal: DismissalProposed) -> Digest:
        """
        An officer proposes that a hazard should not have been recorded.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def raise_grade(self, grade: GradeRaised) -> Digest:
        """
        A hazard counts as major from here on.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def recheck(self, recheck: Recheck) -> Digest:
        """
        复查意见 for one hazard.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def reply(self, reply: Reply) -> Digest:
        """
        整改报告 for one hazard.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def request_extension(self, request: ExtensionRequest) -> Digest:
        """
        The enterprise asks for more time.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def request_numbers(self) -> None:
        """
        Asks for more of the numbers of this device where few are left and nothing was asked yet.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of gate or store.
        """
        ...
    def request_resumption(self, request: ResumptionRequest) -> Digest:
        """
        The enterprise asks to go on with what was stopped.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def seal(self, inspection: InspectionId, without: typing.List[Without]) -> Digest:
        """
        Seals the record with the parts of the team that are here, and a reason for each one that is not; afterwards
        the draft takes no more edits.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def serve(self, service: Service) -> Digest:
        """
        送达: from here on the terms run.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def set_hazard(self, inspection: InspectionId, hazard: HazardId, field: HazardField) -> None:
        """
        Changes a field of a hazard.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the form, of a sealed record, or of the
        store, such as [`DeviceError::DiskFull`].
        """
        ...
    def settled_notices(self, skip: int, take: int) -> typing.List[NoticeRow]:
        """
        A page of the other notices, the newest first; once `open_notices` has looked at them.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def shut(self) -> None:
        """
        Closes the folder at once, even while other references to this object exist. Later calls are refused with
        `device_closed`; closing again does nothing.
        """
        ...
    def sign_out(self) -> None:
        """
        Removes everything of this person from the folder and closes the device; refused while something is unsent.
        The key stays in its key store.

        # Errors
        `work_unsent` or `work_refused` while something is only here, [`DeviceError::Closed`] after [`Device::shut`],
        `device_store` when files cannot be removed.
        """
        ...
    def standing(self) -> Standing:
        """
        How many own items are where, without the items.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def submit_plan(self, plan: RectificationPlan) -> Digest:
        """
        The plan of the rectification of a major hazard; the last one counts.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def supplement(self, inspection: InspectionId) -> Digest:
        """
        Adds to the sealed record what this person recorded and it does not hold; another officer signs it.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        what the device refuses.
        """
        ...
    def take_over(self, frame: str) -> TakenFrame:
        """
        Takes a frame that a colleague's phone shows. With the last one that was missing everything is taken over.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], `malformed` for what is no frame, `not_on_team`, or the reason of
        the store when it cannot be written.
        """
        ...
    def tasks(self) -> typing.List[Task]:
        """
        The visits that this person knows of.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...
    def void_numbers(self, voided: NumbersVoided) -> Digest:
        """
        The numbers of a block that no paper carries are void, such as those of a lost phone.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] while the key store is locked, otherwise
        the reason of form, gate or store.
        """
        ...
    def withdraw(self, inspection: InspectionId, hazard: HazardId, reason: str) -> None:
        """
        Takes a hazard back; it stays readable with the reason.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the form, of a sealed record, or of the
        store, such as [`DeviceError::DiskFull`].
        """
        ...
    def words(self) -> Words:
        """
        The field's Chinese terms by stable name, sentences of refusals included.
        """
        ...
    def worklist(self, waiting: int, overdue: int) -> Worklist:
        """
        The first of what waits for this person's decision and of what is overdue.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], otherwise the reason of the store when it cannot be read.
        """
        ...

class DeviceClock:
    """
    The platform's clocks. While they cannot be read, those of the process count.
    """
    def read(self) -> ClockReading:
        """
        Reads them.

        # Errors
        [`ClockError::Unavailable`] with what the platform said.
        """
        ...

class DeviceClockImpl:
    """
    The platform's clocks. While they cannot be read, those of the process count.
    """
    def read(self) -> ClockReading:
        """
        Reads them.

        # Errors
        [`ClockError::Unavailable`] with what the platform said.
        """
        ...

class DeviceError(Exception):
    """
    What a call answers when it did nothing. What was saved before stays saved.
    """
    reason: Reason
    Refused: typing.ClassVar[type[_DeviceError_Refused]]
    Locked: typing.ClassVar[type[_DeviceError_Locked]]
    BadId: typing.ClassVar[type[_DeviceError_BadId]]
    DiskFull: typing.ClassVar[type[_DeviceError_DiskFull]]
    NetworkLost: typing.ClassVar[type[_DeviceError_NetworkLost]]
    SignInNeeded: typing.ClassVar[type[_DeviceError_SignInNeeded]]
    InUse: typing.ClassVar[type[_DeviceError_InUse]]
    Closed: typing.ClassVar[type[_DeviceError_Closed]]

class _DeviceError_Refused(DeviceError):
    """
    The rules, the form or the server do not allow it.
    """
    reason: Reason
    def __init__(self, reason: Reason) -> None: ...

class _DeviceError_Locked(DeviceError):
    """
    The key store is locked: unlock and call again.
    """
    reason: Reason
    def __init__(self, reason: Reason) -> None: ...

class _DeviceError_BadId(DeviceError):
    """
    A text that should name something does not.
    """
    reason: Reason
    def __init__(self, reason: Reason) -> None: ...

class _DeviceError_DiskFull(DeviceError):
    """
    No room is left on the device.
    """
    reason: Reason
    def __init__(self, reason: Reason) -> None: ...

class _DeviceError_NetworkLost(DeviceError):
    """
    No answer of the server came: none at all, or one of somebody between (`network_foreign`).
    """
    reason: Reason
    def __init__(self, reason: Reason) -> None: ...

class _DeviceError_SignInNeeded(DeviceError):
    """
    A person has to sign in first.
    """
    reason: Reason
    def __init__(self, reason: Reason) -> None: ...

class _DeviceError_InUse(DeviceError):
    """
    Another process or object holds the folder.
    """
    reason: Reason
    def __init__(self, reason: Reason) -> None: ...

class _DeviceError_Closed(DeviceError):
    """
    The device was closed.
    """
    reason: Reason
    def __init__(self, reason: Reason) -> None: ...


@dataclass(kw_only=True)
class DismissalProposed:
    notice: NoticeId
    hazard: HazardId
    reason: str
    inspection: typing.Optional[InspectionId] = ...

@dataclass(kw_only=True)
class Dismissed:
    notice: NoticeId
    hazard: HazardId
    reason: str

@dataclass(kw_only=True)
class DocumentNumber:
    area: str
    series: str
    year: int
    serial: int

@dataclass(kw_only=True)
class Edition:
    number: str
    _from: typing.Optional[CivilDate]
    until: typing.Optional[CivilDate]
    passed: typing.Optional[CivilDate]
    known: Known
    clauses: typing.List[Provision]

@dataclass(kw_only=True)
class Enterprise:
    id: EnterpriseId
    name: str
    credit_code: typing.Optional[CreditCode]
    street: StreetCode
    sectors: typing.List[SectorCode]
    address: str
    principal: str
    risk_class: RiskClass
    position: typing.Optional[Position]

@dataclass(kw_only=True)
class Escalated:
    notice: NoticeId
    hazard: HazardId
    step: Escalation
    reason: str
    inspection: typing.Optional[InspectionId] = ...
    to: typing.Optional[str] = ...

class Escalation(enum.Enum):
    REMINDER = 0
    CIRCULAR = 1
    INTERVIEW = 2
    EXPOSURE = 3
    LISTING = 4
    FILING = 5
    REFERRAL = 6

@dataclass(kw_only=True)
class ExtensionDecision:
    notice: NoticeId
    hazard: HazardId
    request: Digest
    granted: typing.Optional[Term]
    reason: str

@dataclass(kw_only=True)
class ExtensionRequest:
    notice: NoticeId
    hazard: HazardId
    term: Term
    reason: str

@dataclass(kw_only=True)
class Fix:
    position: Position
    accuracy_dm: int
    source: FixSource
    mock: bool

class FixSource(enum.Enum):
    SATELLITE = 0
    NETWORK = 1
    EXTERNAL = 2

class Form():
    """
    What can be filled in.
    """
    TEXT: typing.ClassVar[type[_Form_TEXT]]
    TERM: typing.ClassVar[type[_Form_TERM]]
    PHOTOS: typing.ClassVar[type[_Form_PHOTOS]]
    CHOICE: typing.ClassVar[type[_Form_CHOICE]]
    SEVERAL: typing.ClassVar[type[_Form_SEVERAL]]
    DATE: typing.ClassVar[type[_Form_DATE]]
    CLAUSE: typing.ClassVar[type[_Form_CLAUSE]]
    DRAWING: typing.ClassVar[type[_Form_DRAWING]]
    LOOK: typing.ClassVar[type[_Form_LOOK]]
    def is_text(self) -> bool: ...
    def is_term(self) -> bool: ...
    def is_photos(self) -> bool: ...
    def is_choice(self) -> bool: ...
    def is_several(self) -> bool: ...
    def is_date(self) -> bool: ...
    def is_clause(self) -> bool: ...
    def is_drawing(self) -> bool: ...
    def is_look(self) -> bool: ...

class _Form_TEXT(Form):
    """
    Free text of one or more lines.
    """
    max: int
    long: bool
    value: str
    def __init__(self, max: int, long: bool, value: str) -> None: ...

class _Form_TERM(Form):
    """
    A term.
    """
    value: Term
    max: int
    unit: DayUnit
    def __init__(self, value: Term, max: int, unit: DayUnit) -> None: ...

class _Form_PHOTOS(Form):
    """
    Photos that are taken now.
    """
    purpose: Purpose
    max: int
    def __init__(self, purpose: Purpose, max: int) -> None: ...

class _Form_CHOICE(Form):
    """
    One of several words.
    """
    options: typing.List[Word]
    def __init__(self, options: typing.List[Word]) -> None: ...

class _Form_SEVERAL(Form):
    """
    Some of several words, in the order in which they are listed.
    """
    options: typing.List[Word]
    def __init__(self, options: typing.List[Word]) -> None: ...

class _Form_DATE(Form):
    """
    A day.
    """
    value: typing.Optional[CivilDate]
    _from: typing.Optional[CivilDate]
    to: typing.Optional[CivilDate]
    def __init__(self, value: typing.Optional[CivilDate], _from: typing.Optional[CivilDate], to: typing.Optional[CivilDate]) -> None: ...

class _Form_CLAUSE(Form):
    """
    A clause of the dated law.
    """
    clauses: typing.List[Clause]
    def __init__(self, clauses: typing.List[Clause]) -> None: ...

class _Form_DRAWING(Form):
    """
    A signature that is drawn now.
    """
    def __init__(self) -> None: ...

class _Form_LOOK(Form):
    """
    Photos of which those count that were opened.
    """
    photos: typing.List[Digest]
    def __init__(self, photos: typing.List[Digest]) -> None: ...


class Grade(enum.Enum):
    GENERAL = 0
    MAJOR = 1

@dataclass(kw_only=True)
class GradeRaised:
    notice: NoticeId
    hazard: HazardId
    criterion: Clause
    reason: str

@dataclass(kw_only=True)
class HazardDraft:
    item: typing.Optional[ItemCode]
    description: str
    place: str
    basis: Clause
    grade: Grade
    criterion: typing.Optional[Clause]
    measure: MeasureDraft
    found_by: PersonId

class HazardField():
    DESCRIPTION: typing.ClassVar[type[_HazardField_DESCRIPTION]]
    PLACE: typing.ClassVar[type[_HazardField_PLACE]]
    BASIS: typing.ClassVar[type[_HazardField_BASIS]]
    GRADE: typing.ClassVar[type[_HazardField_GRADE]]
    CRITERION: typing.ClassVar[type[_HazardField_CRITERION]]
    MEASURE: typing.ClassVar[type[_HazardField_MEASURE]]
    def is_description(self) -> bool: ...
    def is_place(self) -> bool: ...
    def is_basis(self) -> bool: ...
    def is_grade(self) -> bool: ...
    def is_criterion(self) -> bool: ...
    def is_measure(self) -> bool: ...

class _HazardField_DESCRIPTION(HazardField):
    def __init__(self, value0: str, /) -> None: ...
    def __getitem__(self, index: int) -> str: ...

class _HazardField_PLACE(HazardField):
    def __init__(self, value0: str, /) -> None: ...
    def __getitem__(self, index: int) -> str: ...

class _HazardField_BASIS(HazardField):
    def __init__(self, value0: Clause, /) -> None: ...
    def __getitem__(self, index: int) -> Clause: ...

class _HazardField_GRADE(HazardField):
    def __init__(self, value0: Grade, /) -> None: ...
    def __getitem__(self, index: int) -> Grade: ...

class _HazardField_CRITERION(HazardField):
    def __init__(self, value0: typing.Optional[Clause], /) -> None: ...
    def __getitem__(self, index: int) -> typing.Optional[Clause]: ...

class _HazardField_MEASURE(HazardField):
    def __init__(self, value0: MeasureDraft, /) -> None: ...
    def __getitem__(self, index: int) -> MeasureDraft: ...


@dataclass(kw_only=True)
class HazardLine:
    """
    A hazard as it is being written. Where officers differ, the shown value comes with `parallel` set.
    """
    id: HazardId
    item: typing.Optional[ItemCode]
    description: str
    place: str
    basis: typing.Optional[Clause]
    grade: typing.Optional[Grade]
    criterion: typing.Optional[Clause]
    measure: typing.Optional[MeasureDraft]
    found_by: typing.Optional[PersonId]
    withdrawn: typing.Optional[str]
    photos: typing.List[PhotoOf]
    parallel: bool

@dataclass(kw_only=True)
class HazardOrder:
    """
    A hazard of a visit: what was ordered on the spot because of it, or what may be.
    """
    hazard: HazardId
    order: typing.Optional[OrderStatus]
    offers: typing.List[Offer]

@dataclass(kw_only=True)
class HazardRow:
    notice: NoticeId
    hazard: HazardId
    enterprise: EnterpriseId
    description: str
    status: HazardStatus

@dataclass(kw_only=True)
class HazardRowPage:
    """
    A part of a list of hazards.
    """
    total: int
    rows: typing.List[HazardRow]

class HazardState(enum.Enum):
    FOUND = 0
    FIXED_ON_SPOT = 1
    ISSUED = 2
    RECTIFYING = 3
    REPLIED = 4
    RECHECKED = 5
    CLOSED = 6
    DISMISSED = 7

@dataclass(kw_only=True)
class HazardStatus:
    state: HazardState
    grade: typing.Optional[Grade]
    overdue: bool
    deadline: typing.Optional[Deadline]
    days_left: typing.Optional[int]
    extension_pending: bool
    round: int
    escalation: typing.Optional[Escalation]

@dataclass(kw_only=True)
class HeaderField:
    """
    A header field.
    """
    name: str
    value: str

@dataclass(kw_only=True)
class HistoryEntry:
    """
    One statement of a stream.
    """
    fact: Digest
    by: PersonId
    device: DeviceId
    at: Timestamp
    place: typing.Optional[int]
    title: str
    statement: str

@dataclass(kw_only=True)
class HttpAnswer:
    """
    An answer, whatever its status.
    """
    status: int
    body: bytes

@dataclass(kw_only=True)
class HttpCall:
    """
    A request for the platform's own HTTP client.
    """
    method: str
    path: str
    headers: typing.List[HeaderField]
    body: bytes

@dataclass(kw_only=True)
class Imported:
    inspection: InspectionId
    facts: int
    changes: int
    waiting: int
    refused: int

@dataclass(kw_only=True)
class Input:
    """
    One thing to fill in.
    """
    name: str
    label: str
    hint: str
    form: Form

class InspectionState(enum.Enum):
    PLANNED = 0
    UNDERWAY = 1
    SEALED = 2
    COMPLETE = 3
    NOTICE_ISSUED = 4
    SETTLED = 5

@dataclass(kw_only=True)
class InspectionView:
    """
    An inspection as known here, edits of the last second included.
    """
    plan: typing.Optional[Plan]
    state: InspectionState
    arrived: typing.List[PersonId]
    seal: typing.Optional[Digest]
    cosigned_by: typing.List[PersonId]
    parts: typing.List[PartView]
    outside: typing.List[HazardId]
    supplements: typing.List[SupplementLine]
    party_answered: bool
    answers: typing.List[AnswerLine]
    hazards: typing.List[HazardLine]
    lacks: typing.List[Lack]
    filled: int
    decider: typing.Optional[PersonId]
    orders: typing.List[HazardOrder]
    issues_on_site: bool

class InternalError(Exception): ...

class ItemState():
    """
    Where an own item is.
    """
    ONLY_HERE: typing.ClassVar[type[_ItemState_ONLY_HERE]]
    AT_SERVER: typing.ClassVar[type[_ItemState_AT_SERVER]]
    REFUSED: typing.ClassVar[type[_ItemState_REFUSED]]
    QUARANTINED: typing.ClassVar[type[_ItemState_QUARANTINED]]
    REJECTED: typing.ClassVar[type[_ItemState_REJECTED]]
    def is_only_here(self) -> bool: ...
    def is_at_server(self) -> bool: ...
    def is_refused(self) -> bool: ...
    def is_quarantined(self) -> bool: ...
    def is_rejected(self) -> bool: ...

class _ItemState_ONLY_HERE(ItemState):
    """
    On this device alone.
    """
    def __init__(self) -> None: ...

class _ItemState_AT_SERVER(ItemState):
    """
    On disk at the server, with its receipt.
    """
    def __init__(self) -> None: ...

class _ItemState_REFUSED(ItemState):
    """
    Not accepted; kept here.
    """
    reason: Reason
    def __init__(self, reason: Reason) -> None: ...

class _ItemState_QUARANTINED(ItemState):
    """
    On disk at the server until a supervisor judges it; kept here.
    """
    reason: Reason
    def __init__(self, reason: Reason) -> None: ...

class _ItemState_REJECTED(ItemState):
    """
    Rejected by a supervisor; kept here.
    """
    reason: Reason
    def __init__(self, reason: Reason) -> None: ...


class KeyVault:
    """
    The platform's key store with one P-256 key that never leaves it. It is called while the device is
        busy and must not call back into it.
    """
    def public_key(self) -> bytes:
        """
        The public key as a SEC1 point, compressed or not.

        # Errors
        [`VaultError::Locked`] until the person unlocks it, otherwise [`VaultError::Unavailable`].
        """
        ...
    def sign(self, message: bytes) -> bytes:
        """
        ECDSA with SHA-256 over the message, as DER or as 64 bytes.

        # Errors
        [`VaultError::Locked`] until the person unlocks it, otherwise [`VaultError::Unavailable`].
        """
        ...

class KeyVaultImpl:
    """
    The platform's key store with one P-256 key that never leaves it. It is called while the device is
        busy and must not call back into it.
    """
    def public_key(self) -> bytes:
        """
        The public key as a SEC1 point, compressed or not.

        # Errors
        [`VaultError::Locked`] until the person unlocks it, otherwise [`VaultError::Unavailable`].
        """
        ...
    def sign(self, message: bytes) -> bytes:
        """
        ECDSA with SHA-256 over the message, as DER or as 64 bytes.

        # Errors
        [`VaultError::Locked`] until the person unlocks it, otherwise [`VaultError::Unavailable`].
        """
        ...

class Known():
    VERIFIED: typing.ClassVar[type[_Known_VERIFIED]]
    UNVERIFIED: typing.ClassVar[type[_Known_UNVERIFIED]]
    def is_verified(self) -> bool: ...
    def is_unverified(self) -> bool: ...

class _Known_VERIFIED(Known):
    def __init__(self) -> None: ...

class _Known_UNVERIFIED(Known):
    def __init__(self, value0: str, /) -> None: ...
    def __getitem__(self, index: int) -> str: ...


@dataclass(kw_only=True)
class Lack:
    """
    Something that a record lacks before it can be sealed.
    """
    subject: ParallelSubject
    reason: Reason

@dataclass(kw_only=True)
class LawDocument:
    id: str
    title: str
    number: str
    effective: typing.Optional[CivilDate]
    kind: LawKind
    editions: typing.List[Edition]
    full_title: typing.Optional[str]

class LawKind(enum.Enum):
    STATUTE = 0
    STANDARD = 1
    CRITERIA = 2
    NOTICE = 3

@dataclass(kw_only=True)
class LeasedNumbers:
    lease: Digest
    series: Series
    first: int
    last: int
    holder: PersonId
    since: CivilDate
    void: typing.Optional[str]
    may_void: bool

@dataclass(kw_only=True)
class MajorDecision:
    notice: NoticeId
    hazard: HazardId
    upheld: bool
    reason: str

class MeasureDraft():
    RECTIFY: typing.ClassVar[type[_MeasureDraft_RECTIFY]]
    FIXED_ON_SPOT: typing.ClassVar[type[_MeasureDraft_FIXED_ON_SPOT]]
    def is_rectify(self) -> bool: ...
    def is_fixed_on_spot(self) -> bool: ...

class _MeasureDraft_RECTIFY(MeasureDraft):
    def __init__(self, value0: Term, /) -> None: ...
    def __getitem__(self, index: int) -> Term: ...

class _MeasureDraft_FIXED_ON_SPOT(MeasureDraft):
    def __init__(self) -> None: ...


@dataclass(kw_only=True)
class MeasureOrdered:
    inspection: InspectionId
    hazard: HazardId
    order: SiteOrder

@dataclass(kw_only=True)
class Notice:
    id: NoticeId
    number: DocumentNumber
    enterprise: EnterpriseId
    department: DepartmentId
    officers: typing.List[OfficerLine]
    issued_on: CivilDate
    items: typing.List[NoticeItem]

@dataclass(kw_only=True)
class NoticeHazard:
    """
    A hazard of a notice: where it stands, what may be done next, what was stated.
    """
    hazard: HazardId
    status: HazardStatus
    offers: typing.List[Offer]
    timeline: typing.List[TimelineRow]
    after: typing.Optional[Digest]
    order: typing.Optional[OrderStatus]
    why: typing.List[str]
    deadlines: typing.List[Deadline]
    replies: typing.List[Reply]
    asked_extension: typing.Optional[AskedExtension]
    rechecks: typing.List[Recheck]
    passed_recheck: typing.Optional[Digest]

@dataclass(kw_only=True)
class NoticeItem:
    hazard: HazardId
    description: str
    place: str
    basis: Clause
    grade: Grade
    criterion: typing.Optional[Clause]
    term: Term
    photos: typing.List[Digest]
    site_order: typing.Optional[SiteOrder] = ...

@dataclass(kw_only=True)
class NoticePage:
    """
    A part of a list of notices.
    """
    total: int
    rows: typing.List[NoticeRow]

@dataclass(kw_only=True)
class NoticeRow:
    id: NoticeId
    number: DocumentNumber
    enterprise: EnterpriseId
    issued_on: CivilDate
    unserved_days: typing.Optional[int]
    hazards: typing.List[HazardStatus]

@dataclass(kw_only=True)
class NoticeView:
    """
    A notice as known here.
    """
    notice: Notice
    number: str
    served_at: typing.Optional[Timestamp]
    unserved_days: typing.Optional[int]
    doubled: bool
    consequences: Consequences
    hazards: typing.List[NoticeHazard]

@dataclass(kw_only=True)
class NumbersView:
    next: typing.Optional[DocumentNumber]
    left: int
    low: bool
    asked: bool

@dataclass(kw_only=True)
class NumbersVoided:
    series: Series
    lease: Digest
    reason: str

class Observer:
    """
    Told after each call that changed something, on the thread of that call. It may ask the device.
    """
    def changed(self, parts: typing.List[Changed]) -> None:
        """
        These parts changed; whoever shows them asks for them again.
        """
        ...

class ObserverImpl:
    """
    Told after each call that changed something, on the thread of that call. It may ask the device.
    """
    def changed(self, parts: typing.List[Changed]) -> None:
        """
        These parts changed; whoever shows them asks for them again.
        """
        ...

@dataclass(kw_only=True)
class Offer:
    """
    One thing that a person may state now. Its body is `given`, the inputs that the choice wants, and what the choice
        `sets`; an input that the choice does not want is none. A name with a dot is a field within a field.
    """
    step: str
    kind: str
    title: str
    decision: bool
    given: dict[str, Value]
    background: typing.List[str]
    inputs: typing.List[Input]
    choices: typing.List[Choice]

@dataclass(kw_only=True)
class OfficerLine:
    id: PersonId
    name: str
    certificate: str

class OrderState(enum.Enum):
    ORDERED = 0
    STOPPED = 1
    RESUMPTION_REQUESTED = 2
    RESUMED = 3
    FIXED = 4
    WITHDRAWN = 5

@dataclass(kw_only=True)
class OrderStatus:
    order: SiteOrder
    words: str
    state: OrderState
    title: str

@dataclass(kw_only=True)
class Outbox:
    """
    Everything of one's own, newest first.
    """
    records: typing.List[OutboxRecord]
    files: typing.List[OutboxFile]
    waiting: int
    outside: int
    last_contact: typing.Optional[Timestamp]

@dataclass(kw_only=True)
class OutboxFile:
    """
    A file in the outbox.
    """
    hash: Digest
    stream: StreamId
    bytes: int
    sent: int
    state: ItemState
    waiting: typing.Optional[Reason]

@dataclass(kw_only=True)
class OutboxRecord:
    """
    A record in the outbox.
    """
    id: Digest
    title: str
    stream: typing.Optional[StreamId]
    at: typing.Optional[Timestamp]
    state: ItemState

class PaperKind(enum.Enum):
    INSPECTION_PLAN = 0
    VISIT_NOTICE = 1
    INSPECTION_RECORD = 2
    MEASURE_DECISION = 3
    RECTIFICATION_NOTICE = 4
    PROOF_OF_SERVICE = 5
    EXTENSION = 6
    RECHECK_OPINION = 7
    FURTHER_TERM = 8
    RESUMPTION_OPINION = 9
    LISTED_SUPERVISION = 10
    REFERRAL = 11
    FILE_COVER = 12
    FILE_INDEX = 13

@dataclass(kw_only=True)
class PaperPage:
    """
    A paper as a page.
    """
    digest: Digest
    html: str
    issued: typing.Optional[Digest]
    offers: typing.List[Offer]

@dataclass(kw_only=True)
class PaperRow:
    kind: PaperKind
    fact: Digest
    title: str
    number: typing.Optional[str]
    on: typing.Optional[CivilDate]
    digest: Digest
    withdrawn: bool
    issued: typing.Optional[CivilDate]
    edition: int
    replaced: bool

@dataclass(kw_only=True)
class Parallel:
    subject: ParallelSubject
    field: BindingField
    values: typing.List[ParallelValue]

class ParallelSubject():
    HAZARD: typing.ClassVar[type[_ParallelSubject_HAZARD]]
    ITEM: typing.ClassVar[type[_ParallelSubject_ITEM]]
    def is_hazard(self) -> bool: ...
    def is_item(self) -> bool: ...

class _ParallelSubject_HAZARD(ParallelSubject):
    def __init__(self, value0: HazardId, /) -> None: ...
    def __getitem__(self, index: int) -> HazardId: ...

class _ParallelSubject_ITEM(ParallelSubject):
    def __init__(self, value0: ItemCode, /) -> None: ...
    def __getitem__(self, index: int) -> ItemCode: ...


@dataclass(kw_only=True)
class ParallelValue:
    by: typing.Optional[PersonId]
    value: str

@dataclass(kw_only=True)
class PartView:
    officer: PersonId
    arrived: bool
    finished: typing.Optional[Timestamp]
    taken_in: bool
    reason: str
    outside: bool

@dataclass(kw_only=True)
class Penalty:
    duty: Clause
    clause: Clause
    known: Known

@dataclass(kw_only=True)
class Person:
    id: PersonId
    name: str
    role: Role
    department: typing.Optional[DepartmentId]
    enterprise: typing.Optional[EnterpriseId]
    certificate: typing.Optional[str]
    _from: Timestamp
    revoked_at: typing.Optional[Timestamp]

@dataclass(kw_only=True)
class PhotoMeta:
    purpose: Purpose
    hazard: typing.Optional[HazardId]
    source: Source
    fix: typing.Optional[Fix]
    derived_from: typing.Optional[Digest] = ...

@dataclass(kw_only=True)
class PhotoOf:
    """
    A photo of a hazard.
    """
    photo: Digest
    purpose: Purpose

@dataclass(kw_only=True)
class Plan:
    inspection: InspectionId
    enterprise: EnterpriseId
    department: DepartmentId
    team: typing.List[PersonId]
    kind: VisitKind
    sectors: typing.List[SectorCode]
    _from: CivilDate
    to: CivilDate
    approval: str
    recheck_of: typing.Optional[NoticeId]

@dataclass(kw_only=True)
class Position:
    lat_e7: int
    lon_e7: int

@dataclass(kw_only=True)
class Provision:
    clause: str
    gist: str
    text: typing.Optional[str]
    known: Known

class Purpose(enum.Enum):
    FOUND = 0
    FIXED_ON_SPOT = 1
    RECTIFIED = 2
    RECHECK = 3
    SIGNATURE = 4

@dataclass(kw_only=True)
class Reason:
    """
    Why something was not done. The code is stable and meant for programs, the sentences are for people.
    """
    code: str
    sentence: str
    action: str
    field: typing.Optional[str]
    detail: typing.Optional[str]

@dataclass(kw_only=True)
class Recheck:
    notice: NoticeId
    hazard: HazardId
    passed: bool
    opinion: str
    photos: typing.List[Digest]
    new_term: typing.Optional[Term]
    second: typing.Optional[PersonId] = ...
    reply: typing.Optional[Digest] = ...

@dataclass(kw_only=True)
class RectificationPlan:
    notice: NoticeId
    hazard: HazardId
    responsible: str
    measures: str
    funds: str
    until: CivilDate
    emergency: str

@dataclass(kw_only=True)
class RefusalWords:
    sentence: str
    action: str

@dataclass(kw_only=True)
class Reply:
    notice: NoticeId
    hazard: HazardId
    measures: str
    responsible: str
    finished_on: CivilDate
    photos: typing.List[Digest]

class Requests:
    """
    Requests in a row, one after the other. What was done stays done; a synchronisation that was left is gone on with
        by the next one, in this process or another.
    """
    def answer(self) -> str:
        """
        What the server said to [`Device::begin_office`], as JSON.
        """
        ...
    def next_request(self) -> typing.Optional[HttpCall]:
        """
        The next request; none when all is done. Asked again without an answer in between, the request before counts
        as lost.

        # Errors
        [`DeviceError::Closed`] after [`Device::shut`], [`DeviceError::Locked`] when the key store has to be unlocked,
        the reason of a store that cannot be read or written.
        """
        ...
    def no_answer(self, detail: str) -> None:
        """
        No answer came: the request may or may not have arrived. `detail` is what the platform said.

        # Errors
        [`DeviceError::NetworkLost`] for anything but a synchronisation, which goes on by itself;
        [`DeviceError::Closed`] after [`Device::shut`].
        """
        ...
    def step(self) -> SyncStep:
        """
        How far a synchronisation is.
        """
        ...
    def take_answer(self, answer: HttpAnswer) -> None:
        """
        Takes the answer to the last request, whatever its status.

        # Errors
        The refusal that the server sent to a sign-in, an enrolment or a question, `network_foreign` for an answer that
        is not its own, the reason of a store that cannot be written.
        """
        ...

@dataclass(kw_only=True)
class ResumptionDecision:
    notice: NoticeId
    hazard: HazardId
    request: Digest
    granted: bool
    reason: str
    photos: typing.List[Digest]

@dataclass(kw_only=True)
class ResumptionRequest:
    notice: NoticeId
    hazard: HazardId
    measures: str
    photos: typing.List[Digest]

class RiskClass(enum.Enum):
    A = 0
    B = 1
    C = 2
    D = 3

class Role(enum.Enum):
    INSPECTOR = 0
    ASSISTANT = 1
    EXPERT = 2
    SUPERVISOR = 3
    COORDINATOR = 4
    ENTERPRISE = 5
    ADMINISTRATOR = 6
    AUDITOR = 7

class RuleBook:
    """
    The tables of a file of `fixtures/vectors`, ready to be asked. Tables, questions and answers are the JSON of
        `sync_core::vectors`. What a row expects never crosses: the asking language compares.
    """
    def ask(self, question: str) -> str:
        """
        What the rules say of a question.

        # Errors
        `malformed` for a question of another form, `not_found` for what the tables lack.
        """
        ...
    @classmethod
    def read(cls, tables: str) -> RuleBook:
        """
        Reads the tables of a file: people, departments, facts, stages, statements, calendars, all optional.

        # Errors
        `malformed` for tables of another form, the code of a fact or statement that does not hold.
        """
        ...

@dataclass(kw_only=True)
class SectorCriteria:
    sector: SectorCode
    note: str
    clauses: typing.List[Clause]
    known: Known

@dataclass(kw_only=True)
class Series:
    area: str
    series: str
    year: int

@dataclass(kw_only=True)
class Service:
    notice: NoticeId
    method: ServiceMethod
    receiver: str
    second: typing.Optional[PersonId] = ...
    signature: typing.Optional[Digest] = ...
    refusal: typing.Optional[str] = ...
    witness: typing.Optional[str] = ...
    photo: typing.Optional[Digest] = ...
    consent: bool = ...
    paper: typing.Optional[Digest] = ...

class ServiceMethod(enum.Enum):
    ELECTRONIC = 0
    IN_PERSON = 1
    LEFT = 2

class SignOutcome():
    SIGNED: typing.ClassVar[type[_SignOutcome_SIGNED]]
    REFUSED: typing.ClassVar[type[_SignOutcome_REFUSED]]
    def is_signed(self) -> bool: ...
    def is_refused(self) -> bool: ...

class _SignOutcome_SIGNED(SignOutcome):
    name: str
    post: str
    drawing: Digest
    def __init__(self, name: str, post: str, drawing: Digest) -> None: ...

class _SignOutcome_REFUSED(SignOutcome):
    reason: str
    witness: typing.Optional[str]
    def __init__(self, reason: str, witness: typing.Optional[str]) -> None: ...


class SiteMeasure(enum.Enum):
    REMOVE_AT_ONCE = 0
    WITHDRAW = 1
    STOP_PRODUCTION = 2
    STOP_USE = 3

@dataclass(kw_only=True)
class SiteOrder:
    measures: typing.List[SiteMeasure]
    scope: str
    reason: str
    on: CivilDate

class Source(enum.Enum):
    CAMERA = 0
    IMPORT = 1
    DRAWING = 2

@dataclass(kw_only=True)
class Standing:
    waiting: int
    refused: int
    outside: int
    carried: int
    lost: int
    damaged: int
    last_contact: typing.Optional[Timestamp]

@dataclass(kw_only=True)
class StreamAbout:
    """
    What a stream is about, for whoever only names it.
    """
    stream: StreamId
    enterprise: typing.Optional[EnterpriseId]
    number: typing.Optional[DocumentNumber]

class StreamId():
    """
    The file of facts that a statement belongs to.
    """
    INSPECTION: typing.ClassVar[type[_StreamId_INSPECTION]]
    NOTICE: typing.ClassVar[type[_StreamId_NOTICE]]
    NUMBERS: typing.ClassVar[type[_StreamId_NUMBERS]]
    def is_inspection(self) -> bool: ...
    def is_notice(self) -> bool: ...
    def is_numbers(self) -> bool: ...

class _StreamId_INSPECTION(StreamId):
    """
    A visit and its record: the authority's side.
    """
    def __init__(self, value0: InspectionId, /) -> None: ...
    def __getitem__(self, index: int) -> InspectionId: ...

class _StreamId_NOTICE(StreamId):
    """
    A notice and all that follows: shared with the enterprise.
    """
    def __init__(self, value0: NoticeId, /) -> None: ...
    def __getitem__(self, index: int) -> NoticeId: ...

class _StreamId_NUMBERS(StreamId):
    """
    The numbers of one series and year.
    """
    def __init__(self, value0: SeriesId, /) -> None: ...
    def __getitem__(self, index: int) -> SeriesId: ...


@dataclass(kw_only=True)
class Street:
    code: StreetCode
    name: str

@dataclass(kw_only=True)
class SupervisionListed:
    notice: NoticeId
    hazard: HazardId
    until: CivilDate
    reason: str
    photos: typing.List[Digest]

@dataclass(kw_only=True)
class SupplementLine:
    """
    What was added to a record after it was sealed.
    """
    fact: Digest
    by: PersonId
    at: Timestamp
    cosigned_by: typing.List[PersonId]
    hazards: typing.List[HazardId]

class Sure(enum.Enum):
    HIGH = 0
    MEDIUM = 1
    LOW = 2

@dataclass(kw_only=True)
class SyncReport:
    """
    What a synchronisation did.
    """
    exchanges: int
    received: int
    bytes_up: int
    bytes_down: int
    waiting: typing.Optional[Reason]
    sign_in_needed: bool

@dataclass(kw_only=True)
class SyncStep:
    """
    How far a synchronisation is.
    """
    files: Tally
    report: SyncReport
    done: bool

@dataclass(kw_only=True)
class TakenFrame:
    here: int
    of: int
    imported: typing.Optional[Imported]

@dataclass(kw_only=True)
class Tally:
    """
    How many photos and bytes of this run are at the server.
    """
    files: int
    files_done: int
    bytes: int
    bytes_done: int

@dataclass(kw_only=True)
class Task:
    plan: Plan
    state: InspectionState
    outside: int

@dataclass(kw_only=True)
class Telling:
    title: str
    words: typing.List[str]
    photos: typing.List[Digest]

@dataclass(kw_only=True)
class Term:
    days: int
    unit: DayUnit

@dataclass(kw_only=True)
class TermOrdered:
    notice: NoticeId
    hazard: HazardId
    recheck: Digest
    term: Term
    reason: str

@dataclass(kw_only=True)
class TimelineRow:
    """
    One statement of a case as a screen shows it.
    """
    fact: Digest
    kind: str
    stream: StreamId
    hazard: typing.Optional[HazardId]
    by: PersonId
    at: Timestamp
    place: typing.Optional[int]
    telling: Telling

class Tone(enum.Enum):
    PRIMARY = 0
    PLAIN = 1
    DANGER = 2

class Value():
    FLAG: typing.ClassVar[type[_Value_FLAG]]
    WORD: typing.ClassVar[type[_Value_WORD]]
    WORDS: typing.ClassVar[type[_Value_WORDS]]
    def is_flag(self) -> bool: ...
    def is_word(self) -> bool: ...
    def is_words(self) -> bool: ...

class _Value_FLAG(Value):
    def __init__(self, value0: bool, /) -> None: ...
    def __getitem__(self, index: int) -> bool: ...

class _Value_WORD(Value):
    def __init__(self, value0: str, /) -> None: ...
    def __getitem__(self, index: int) -> str: ...

class _Value_WORDS(Value):
    def __init__(self, value0: typing.List[str], /) -> None: ...
    def __getitem__(self, index: int) -> typing.List[str]: ...


class VaultError(Exception):
    """
    Why a key store does not sign.
    """
    Locked: typing.ClassVar[type[_VaultError_Locked]]
    Unavailable: typing.ClassVar[type[_VaultError_Unavailable]]

class _VaultError_Locked(VaultError):
    """
    The person has to unlock it first.
    """
    def __init__(self) -> None: ...

class _VaultError_Unavailable(VaultError):
    """
    The key is not there.
    """
    detail: str
    def __init__(self, detail: str) -> None: ...


class Verdict(enum.Enum):
    PASS = 0
    FAIL = 1
    NOT_APPLICABLE = 2

class VisitKind(enum.Enum):
    UNANNOUNCED = 0
    ANNOUNCED = 1
    RECHECK = 2

@dataclass(kw_only=True)
class Without:
    officer: PersonId
    reason: str

@dataclass(kw_only=True)
class Word:
    """
    A term of the field.
    """
    name: str
    title: str

@dataclass(kw_only=True)
class Words:
    """
    Chinese terms, each list by stable name in the order in which the field uses them.
    """
    inspection_state: typing.List[Word]
    hazard_state: typing.List[Word]
    settled: typing.List[str]
    role: typing.List[Word]
    grade: typing.List[Word]
    escalation: typing.List[Word]
    statement: typing.List[Word]
    refusal: dict[str, RefusalWords]

@dataclass(kw_only=True)
class WorkCalendar:
    year: int
    version: str
    holidays: typing.List[CivilDate]
    workdays: typing.List[CivilDate]

@dataclass(kw_only=True)
class Worklist:
    """
    What a supervisor has to look at today.
    """
    waiting: DecisionPage
    overdue: HazardRowPage
    unserved: NoticePage

def key_file(path: str) -> KeyVault:
    """
    A key in a file that only its owner may read, made when it is not there: for scripts, tests and
    offices. A phone has a key store and uses that.

    # Errors
    [`DeviceError::DiskFull`] without room, `device_store` where there is no such folder, `key_unavailable` for a file
    that cannot be read or holds no key.
    """
    ...

def new_hazard_id() -> HazardId:
    """
    A name for a hazard that is found here. Two officers before the same hazard use one name.
    """
    ...

def new_inspection_id() -> InspectionId:
    """
    A name for a visit that is planned here.
    """
    ...

def process_clock() -> DeviceClock:
    """
    A clock for hosts that cannot name a start of the machine: each process counts as one.
    """
    ...

def reason_of(code: str, field: typing.Optional[str] = ..., detail: typing.Optional[str] = ...) -> Reason:
    """
    The sentences of a code, for what a package of a language refuses itself.

    # Errors
    When there is no such code.
    """
    ...

__all__ = ["AnswerLine", "Arrival", "AskedExtension", "BindingField", "Catalogue", "Changed", "CheckItem", "Checklist", "Choice", "CivilDate", "Clause", "ClauseReading", "ClockError", "ClockReading", "ClosureDecision", "Colleague", "Conflict", "Consequences", "Countersigned", "CreditCode", "DayUnit", "Deadline", "Decision", "DecisionPage", "DefaultTerm", "Department", "DepartmentId", "DeviceClock", "DeviceClockImpl", "DeviceError", "DeviceId", "Digest", "DismissalProposed", "Dismissed", "DocumentNumber", "Edition", "Enterprise", "EnterpriseId", "Escalated", "Escalation", "ExtensionDecision", "ExtensionRequest", "Fix", "FixSource", "Form", "Grade", "GradeRaised", "HazardDraft", "HazardField", "HazardId", "HazardLine", "HazardOrder", "HazardRow", "HazardRowPage", "HazardState", "HazardStatus", "HeaderField", "HistoryEntry", "HttpAnswer", "HttpCall", "Imported", "Input", "InspectionId", "InspectionState", "InspectionView", "InternalError", "ItemCode", "ItemState", "KeyVault", "KeyVaultImpl", "Known", "Lack", "LawDocument", "LawKind", "LeasedNumbers", "MajorDecision", "MeasureDraft", "MeasureOrdered", "Notice", "NoticeHazard", "NoticeId", "NoticeItem", "NoticePage", "NoticeRow", "NoticeView", "NumbersView", "NumbersVoided", "Observer", "ObserverImpl", "Offer", "OfficerLine", "OrderState", "OrderStatus", "Outbox", "OutboxFile", "OutboxRecord", "PaperKind", "PaperPage", "PaperRow", "Parallel", "ParallelSubject", "ParallelValue", "PartView", "Penalty", "Person", "PersonId", "PhotoMeta", "PhotoOf", "Plan", "Position", "Provision", "Purpose", "Reason", "Recheck", "RectificationPlan", "RefusalWords", "Reply", "Requests", "ResumptionDecision", "ResumptionRequest", "RiskClass", "Role", "RuleBook", "SectorCode", "SectorCriteria", "Series", "SeriesId", "Service", "ServiceMethod", "SignOutcome", "SiteMeasure", "SiteOrder", "Source", "Standing", "StreamAbout", "StreamId", "Street", "StreetCode", "SupervisionListed", "SupplementLine", "Sure", "SyncReport", "SyncStep", "TakenFrame", "Tally", "Task", "Telling", "Term", "TermOrdered", "TimelineRow", "Timestamp", "Tone", "Value", "VaultError", "Verdict", "VisitKind", "Without", "Word", "Words", "WorkCalendar", "Worklist", "key_file", "new_hazard_id", "new_inspection_id", "process_clock", "reason_of"]
