// What a thumb does, as edits of the draft.
import type { Catalogue, CheckItem, Clause, Edit, Field, Grade, MeasureDraft, Verdict } from '@zhicha/device';

/** The value of a field that is shown; differing ones wait for their decision. */
export function shown<T>(field: Field<T> | null | undefined): T | undefined {
  return field?.values[0]?.[0];
}

export function answer(item: string, verdict: Verdict, note = ''): Edit {
  return { kind: 'answer', item, verdict, note };
}

export function rectify(days: number): MeasureDraft {
  return { measure: 'rectify', term: { days, unit: 'natural' } };
}

/** What a failed item proposes; the inspector changes what does not fit. */
export function proposed(hazard: string, item: CheckItem, foundBy: string, place = ''): Edit {
  const measure: MeasureDraft = item.days === 0 ? { measure: 'fixed_on_spot' } : rectify(item.days);
  const basis: Clause = item.basis[0] ?? { document: '', clause: '' };
  return {
    kind: 'add_hazard',
    hazard,
    draft: {
      item: item.code,
      description: item.finding,
      place,
      basis,
      grade: item.grade,
      criterion: item.criterion,
      measure,
      found_by: foundBy,
    },
  };
}

export function unforeseen(hazard: string, foundBy: string): Edit {
  return {
    kind: 'add_hazard',
    hazard,
    draft: {
      item: null,
      description: '',
      place: '',
      basis: { document: 'AQF', clause: '第四十一条' },
      grade: 'general',
      criterion: null,
      measure: rectify(15),
      found_by: foundBy,
    },
  };
}

export const set = {
  description: (hazard: string, value: string): Edit => ({ kind: 'set_hazard', hazard, field: { field: 'description', value } }),
  place: (hazard: string, value: string): Edit => ({ kind: 'set_hazard', hazard, field: { field: 'place', value } }),
  basis: (hazard: string, value: Clause): Edit => ({ kind: 'set_hazard', hazard, field: { field: 'basis', value } }),
  grade: (hazard: string, value: Grade): Edit => ({ kind: 'set_hazard', hazard, field: { field: 'grade', value } }),
  criterion: (hazard: string, value: Clause | null): Edit => ({ kind: 'set_hazard', hazard, field: { field: 'criterion', value } }),
  measure: (hazard: string, value: MeasureDraft): Edit => ({ kind: 'set_hazard', hazard, field: { field: 'measure', value } }),
};

export function itemOf(catalogue: Catalogue, code: string | null | undefined): CheckItem | undefined {
  return catalogue.checklists.flatMap((list) => list.items).find((item) => item.code === code);
}
