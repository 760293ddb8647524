// Written from `ffi/src/act` by a test (`UPDATE=1 cargo test -p web`). Do not edit.
import type { Arrival, ClosureDecision, Countersigned, DismissalProposed, Dismissed, Escalated, ExtensionDecision, ExtensionRequest, GradeRaised, MajorDecision, MeasureOrdered, NumbersVoided, Plan, Recheck, RectificationPlan, Reply, ResumptionDecision, ResumptionRequest, Service, Statement, SupervisionListed, TermOrdered } from './types.js';

/** What a person states, one call for each kind. Gives the id of the fact. */
export abstract class Acts {
  /** States something. */
  abstract state(statement: Statement): Promise<string>;

  /** 入企登记. */
  arrive(body: Arrival): Promise<string> {
    return this.state({ kind: 'arrived', body });
  }

  /** 销号 or its return, for one hazard. */
  closeHazard(body: ClosureDecision): Promise<string> {
    return this.state({ kind: 'closure_decided', body });
  }

  /** The other officer says that a service or a recheck was as it is stated. */
  countersign(body: Countersigned): Promise<string> {
    return this.state({ kind: 'countersigned', body });
  }

  /** A supervisor decides on more time. */
  decideExtension(body: ExtensionDecision): Promise<string> {
    return this.state({ kind: 'extension_decided', body });
  }

  /** A supervisor decides whether a hazard that its officers graded major is major. */
  decideMajor(body: MajorDecision): Promise<string> {
    return this.state({ kind: 'major_decided', body });
  }

  /** Consent to resume, or its refusal. */
  decideResumption(body: ResumptionDecision): Promise<string> {
    return this.state({ kind: 'resumption_decided', body });
  }

  /** A supervisor confirms it. */
  dismiss(body: Dismissed): Promise<string> {
    return this.state({ kind: 'dismissed', body });
  }

  /** More pressure on an open hazard. */
  escalate(body: Escalated): Promise<string> {
    return this.state({ kind: 'escalated', body });
  }

  /** A supervisor puts an open major hazard on the list of supervision, until a date. */
  listSupervision(body: SupervisionListed): Promise<string> {
    return this.state({ kind: 'supervision_listed', body });
  }

  /** What cannot wait is ordered because of one hazard. */
  orderMeasure(body: MeasureOrdered): Promise<string> {
    return this.state({ kind: 'measure_ordered', body });
  }

  /** A supervisor sets a term once officers may set none any more. */
  orderTerm(body: TermOrdered): Promise<string> {
    return this.state({ kind: 'term_ordered', body });
  }

  /** Plans a visit. */
  plan(body: Plan): Promise<string> {
    return this.state({ kind: 'planned', body });
  }

  /** An officer proposes that a hazard should not have been recorded. */
  proposeDismissal(body: DismissalProposed): Promise<string> {
    return this.state({ kind: 'dismissal_proposed', body });
  }

  /** A hazard counts as major from here on. */
  raiseGrade(body: GradeRaised): Promise<string> {
    return this.state({ kind: 'grade_raised', body });
  }

  /** 复查意见 for one hazard. */
  recheck(body: Recheck): Promise<string> {
    return this.state({ kind: 'rechecked', body });
  }

  /** 整改报告 for one hazard. */
  reply(body: Reply): Promise<string> {
    return this.state({ kind: 'replied', body });
  }

  /** The enterprise asks for more time. */
  requestExtension(body: ExtensionRequest): Promise<string> {
    return this.state({ kind: 'extension_requested', body });
  }

  /** The enterprise asks to go on with what was stopped. */
  requestResumption(body: ResumptionRequest): Promise<string> {
    return this.state({ kind: 'resumption_requested', body });
  }

  /** 送达: from here on the terms run. */
  serve(body: Service): Promise<string> {
    return this.state({ kind: 'notice_served', body });
  }

  /** The plan of the rectification of a major hazard; the last one counts. */
  submitPlan(body: RectificationPlan): Promise<string> {
    return this.state({ kind: 'plan_submitted', body });
  }

  /** The numbers of a block that no paper carries are void, such as those of a lost phone. */
  voidNumbers(body: NumbersVoided): Promise<string> {
    return this.state({ kind: 'numbers_voided', body });
  }
}
