// How things are said. The field's terms come from the core; here is only how a page puts them together.
import type { CivilDate, Clause, Catalogue, Deadline, DocumentNumber, Term } from '@zhicha/device';

const two = (value: number) => String(value).padStart(2, '0');

/** `11月24日 14:05`, in the zone of the law. */
export function moment(at: number | null): string {
  if (at === null) return '从未';
  const date = new Date(at + 8 * 3_600_000);
  const day = `${date.getUTCMonth() + 1}月${date.getUTCDate()}日`;
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}

export function clock(at: number): string {
  return moment(at).split(' ')[1] ?? '';
}

/** Whole days from today to a date; negative when it has passed. */
export function daysLeft(date: CivilDate, now: number): number {
  const today = Math.floor((now + 8 * 3_600_000) / 86_400_000);
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / 86_400_000) - today;
}

export function left(deadline: Deadline | null, overdue: boolean, now: number): string {
  if (!deadline) return '';
  const days = daysLeft(deadline.date, now);
  if (overdue) return `逾期 ${Math.max(1, -days)} 天`;
  return days === 0 ? '今天到期' : days > 0 ? `还剩 ${days} 天` : '';
}

/** `（枣高）应急责改〔2026〕7号`. */
export function number(it: DocumentNumber): string {
  return `（${it.area}）${it.series}〔${it.year}〕${it.serial}号`;
}

export function term(it: Term): string {
  return `${it.days} ${it.unit === 'working' ? '个工作日' : '日'}`;
}

export function clause(it: Clause, catalogue: Catalogue): string {
  const law = catalogue.laws.find((law) => law.id === it.document);
  return `《${law?.title ?? it.document}》${it.clause}`;
}

export function size(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  if (bytes < 1024 ** 3) return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`;
}

export const VERDICTS = { pass: '合格', fail: '不合格', not_applicable: '不涉及' } as const;
export const FIELDS: Record<string, string> = {
  grade: '隐患等级',
  basis: '法律依据',
  measure: '处理措施',
  verdict: '检查结果',
};
export const ESCALATIONS: Record<string, string> = {
  reminder: '提醒',
  circular: '通报',
  interview: '约谈',
  exposure: '曝光',
  listing: '挂牌督办',
  filing: '立案',
  referral: '移送',
};
