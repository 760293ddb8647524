// How texts are put together for a page. The terms themselves come from the core.
import type { BindingField, Catalogue, Clause, Code, DocumentNumber, HazardStatus, NoticeItem, Parallel, Reason, RefusalWords, Term } from '@zhicha/device';
import { terms } from './device';

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

/** How long the enterprise has, or since when it is late, as the core counted. */
export function left(status: HazardStatus): string {
  const days = status.days_left;
  if (days === null) return '';
  if (days < 0) return `逾期 ${-days} 天`;
  return days === 0 ? '今天到期' : `还剩 ${days} 天`;
}

/** `（枣高）应急责改〔2026〕7号`. */
export function number(it: DocumentNumber): string {
  return `（${it.area}）${it.series}〔${it.year}〕${it.serial}号`;
}

/** Since when nobody has served a notice, as the core counted. */
export function unserved(days: number | null): string {
  if (days === null) return '';
  return days === 0 ? '未送达，今天签发' : `未送达 ${days} 天`;
}

export function term(it: Term): string {
  return `${it.days} ${it.unit === 'working' ? '个工作日' : '日'}`;
}

export function clause(it: Clause, catalogue: Catalogue): string {
  const law = catalogue.laws.find((law) => law.id === it.document);
  return `《${law?.title ?? it.document}》${it.clause}`;
}

/** Which grade the officers gave, and by which criterion; nothing of a general hazard. */
export function graded({ grade, criterion }: NoticeItem, catalogue: Catalogue): string {
  if (!criterion) return '';
  return `检查人员定为${terms().grade[grade] ?? grade}，依据${clause(criterion, catalogue)}。`;
}

/** Who a colleague is. */
export const officer = (id: string | null, catalogue: Catalogue | null): string => catalogue?.colleagues.find((it) => it.id === id)?.name ?? '带队执法人员';

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
  description: '问题',
  place: '位置',
  criterion: '判定标准',
  photos: '照片',
  after: '整改后照片',
  note: '备注',
  hazards: '隐患数量',
  answers: '检查事项数量',
};

/** Sentence and action of a refusal, from the core. */
export const refused = (code: Code | null): RefusalWords | undefined => (code ? terms().refusal[code] : undefined);

/** What is missing and why it is needed, such as `问题：有必填内容没有填写`. */
export function lacking(reason: Reason): string {
  const sentence = (refused(reason.code)?.sentence ?? reason.code).replace(/。$/, '');
  return reason.field ? `${FIELDS[reason.field] ?? reason.field}：${sentence}` : sentence;
}

/** A differing value in words; it is listed as the draft holds it. */
export function opinion(field: BindingField, text: string, catalogue: Catalogue): string {
  if (field === 'grade') return terms().grade[text] ?? text;
  if (field === 'verdict') return VERDICTS[text as keyof typeof VERDICTS] ?? text;
  if (field === 'measure') {
    const [unit = '', days = ''] = text.split(':');
    return unit === 'on_spot' ? '当场整改' : `限期整改 ${term({ days: Number(days), unit: unit === 'working' ? 'working' : 'natural' })}`;
  }
  const [document = '', rest = ''] = text.split('|');
  return clause({ document, clause: rest }, catalogue);
}
/** Whose opinions differ: two people, or one on two devices. */
export const differing = (parallels: Parallel[]): string => {
  const two = parallels.some(({ values }) => new Set(values.map((it) => it.by)).size > 1 || values.some((it) => !it.by));
  return two || !parallels.length ? '两名执法人员的意见不同' : '同一人在两台设备上填写的不同';
};
