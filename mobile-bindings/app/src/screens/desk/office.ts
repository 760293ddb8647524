// What the office asks the server for: lists, timelines, quarantine, reports.
import { Refusal, type AuditPage, type CaseTimeline, type DeviceRow, type FileFormat, type HazardListRow, type HazardPage, type QuarantinePage, type ReportEntry, type Revoke, type Revoked, type SessionEnded, type SessionRow, type Sheet, type SheetFile } from '@zhicha/device';
import { theDevice } from '../../device';

export type Filter = Partial<Record<'street' | 'sector' | 'department' | 'state' | 'grade' | 'term' | 'text', string>>;

/** What can be asked about deadlines; it is counted by the server on the day of the question. */
export const TERMS: Record<string, { title: string; query: Record<string, string> }> = {
  late: { title: '已逾期', query: { overdue: 'true' } },
  week: { title: '7 日内到期', query: { due_within: '7' } },
  month: { title: '30 日内到期', query: { due_within: '30' } },
};

function query({ term, ...plain }: Record<string, string | undefined>): string {
  const filter = { ...plain, ...(term ? TERMS[term]?.query : {}) };
  const given = Object.entries(filter).filter((it): it is [string, string] => Boolean(it[1]));
  return given.length ? `?${new URLSearchParams(given)}` : '';
}

export async function hazards(filter: Filter, after?: string, limit = '50'): Promise<HazardPage> {
  return theDevice().office(`/api/v1/hazards${query({ ...filter, after, limit })}`);
}

/** Every row that matches, page by page. */
export async function everything(filter: Filter, tell?: (rows: number, total: number) => void): Promise<HazardListRow[]> {
  const rows: HazardListRow[] = [];
  let after: string | undefined;
  do {
    const page = await hazards(filter, after, '500');
    rows.push(...page.rows);
    after = page.next ?? undefined;
    tell?.(rows.length, Number(page.total));
  } while (after);
  return rows;
}

/** Every row that matches, as a file that the server makes. */
export const hazardsFile = (filter: Filter, format: FileFormat): Promise<SheetFile> =>
  theDevice().office(`/api/v1/hazards${query({ ...filter, format, in_json: 'true' })}`);

export const reports = () => theDevice().office<ReportEntry[]>('/api/v1/reports');
export const reportSheet = (name: string, asked: Record<string, string>): Promise<Sheet> =>
  theDevice().office(`/api/v1/reports/${name}${query(asked)}`);
export const reportFile = (name: string, asked: Record<string, string>, format: FileFormat): Promise<SheetFile> =>
  theDevice().office(`/api/v1/reports/${name}${query({ ...asked, format, in_json: 'true' })}`);

export const quarantine = () => theDevice().office<QuarantinePage>('/api/v1/quarantine');
export const judge = (item: string, accept: boolean, reason: string) =>
  theDevice().office(`/api/v1/quarantine/${item}`, { accept, reason });
export const timeline = (kind: string, id: string) =>
  theDevice().office<CaseTimeline>(`/api/v1/cases/${kind}/${id}`);

export const audit = (after?: number): Promise<AuditPage> =>
  theDevice().office(`/api/v1/audit${query({ after: after?.toString() })}`);

export const sessions = () => theDevice().office<SessionRow[]>('/api/v1/sessions');
export const endSession = (id: string) => theDevice().office<SessionEnded>(`/api/v1/sessions/${id}/end`, {});
export const devices = () => theDevice().office<DeviceRow[]>('/api/v1/devices');
export const endDevice = (id: string, from: number, reason: string) =>
  theDevice().office<Revoked>(`/api/v1/devices/${id}/revoke`, { from, reason } satisfies Revoke);

/** What to show instead of a list that could not be had. */
export function whyNot(error: unknown): string {
  if (error instanceof Refusal) return error.sentence;
  throw error;
}
