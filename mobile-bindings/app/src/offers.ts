// What is filled in of an offer, kept until it is stated, and the statement that follows from it.
import type { Choice, Input, Offer, Value } from '@zhicha/device';
import { useKept, type Kept } from './kept';

type Filled = Record<string, unknown>;

/** Of one offer about one thing; another request, recheck or hazard has another name. */
const nameOf = (offer: Offer): string => `offer:${[offer.step, ...Object.keys(offer.given).sort().map((it) => String(offer.given[it]))].join(':')}`;

/** What this person filled in of an offer. */
export const useEntered = (offer: Offer): Kept<Filled> => useKept<Filled>(nameOf(offer), () => ({}));

/** The value of an input: what a person filled in, or else what was proposed. A term is kept as its days. */
function valueOf({ name, form }: Input, entered: Filled): unknown {
  const own = entered[name];
  switch (form.form) {
    case 'text':
      return own ?? form.of.value;
    case 'term':
      return { days: own ?? form.of.value.days, unit: form.of.unit };
    case 'photos':
      return own ?? [];
    case 'several':
      return form.of.options.map(([name]) => name).filter((name) => (own as string[] | undefined)?.includes(name));
    case 'look':
      return form.of.photos.filter((photo) => (own as string[] | undefined)?.includes(photo));
    case 'choice':
      return own ?? '';
    case 'drawing':
    case 'clause':
      return own ?? null;
    case 'date':
      return own ?? form.of.value ?? '';
  }
}

export const filledOf = (offer: Offer, entered: Filled): Filled => Object.fromEntries(offer.inputs.map((it) => [it.name, valueOf(it, entered)]));

/** What stands for an input that a way does not take. */
const nothing = { text: '', term: null, photos: [], look: [], choice: null, several: [], date: null, drawing: null, clause: null } as const;

/** A name with a dot, such as `order.scope`, is a field within a field. */
function nested(flat: Record<string, unknown>): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(flat)) {
    const [outer = '', inner] = name.split('.');
    if (inner) body[outer] = { ...(body[outer] as object | undefined), [inner]: value };
    else body[outer] = value;
  }
  return body;
}

export interface Stated {
  kind: string;
  body: Record<string, Value | unknown>;
}

export function statementOf(offer: Offer, choice: Choice, filled: Filled): Stated {
  const taken = new Set([...choice.needs, ...choice.takes]);
  const field = ({ name, form }: Input): [string, unknown] => {
    if (!taken.has(name)) return [name, nothing[form.form]];
    if (form.form !== 'text') return [name, filled[name]];
    return [name, String(filled[name]).trim() || (choice.fills[name] ?? '')];
  };
  return { kind: offer.kind, body: nested({ ...offer.given, ...choice.sets, ...Object.fromEntries(offer.inputs.map(field)) }) };
}

/** Decisions that others wait for, steps done on site and steps of one tap are shown open; all others are folded. */
export const standsOpen = (offer: Offer): boolean => offer.decision || !offer.inputs.length || offer.inputs.some((it) => it.form.form === 'photos');
