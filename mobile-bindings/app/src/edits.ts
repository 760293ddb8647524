// What is proposed when something is found, and what is shown of a draft.
import type { Catalogue, CheckItem, Clause, Field, HazardDraft, MeasureDraft } from '@zhicha/device';

/** The value of a field that is shown; differing ones wait for their decision. */
export function shown<T>(field: Field<T> | null | undefined): T | undefined {
  return field?.values[0]?.[0];
}

export function rectify(days: number): MeasureDraft {
  return { measure: 'rectify', term: { days, unit: 'natural' } };
}

/** What a failed item proposes; the inspector changes what does not fit. */
export function proposed(item: Pick<CheckItem, 'code' | 'finding' | 'basis' | 'grade' | 'criterion' | 'days'>, foundBy: string, place = ''): HazardDraft {
  const measure: MeasureDraft = item.days === 0 ? { measure: 'fixed_on_spot' } : rectify(item.days);
  const basis: Clause = item.basis[0] ?? { document: '', clause: '' };
  return {
    item: item.code,
    description: item.finding,
    place,
    basis,
    grade: item.grade,
    criterion: item.criterion,
    measure,
    found_by: foundBy,
  };
}

export function itemOf(catalogue: Catalogue, code: string | null | undefined): CheckItem | undefined {
  return catalogue.checklists.flatMap((list) => list.items).find((item) => item.code === code);
}
