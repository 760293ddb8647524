// What is filled in of an offer, kept until it is stated, and the statement that follows from it.
import type { Choice, Input, Offer, Value } from '@zhicha/device';
import { ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';

type Filled = Record<string, unknown>;

/** Of one offer about one thing; another request, recheck or hazard has another name. */
const nameOf = (offer: Offer): string => `offer:${[offer.step, ...Object.keys(offer.given).sort().map((it) => String(offer.given[it]))].join(':')}`;

function read(name: string): Filled {
  try {
    return JSON.parse(localStorage.getItem(name) ?? '{}') as Filled;
  } catch {
    return {};
  }
}

interface Kept {
  /** What this person filled in; it is there again after the camera, the way back and a new start. */
  kept: ShallowRef<Filled>;
  /** Whether the last of it found room. */
  saved: Ref<boolean>;
  /** Once it is stated. */
  forget: () => void;
}

export function useKept(offer: Offer): Kept {
  const name = nameOf(offer);
  const kept = shallowRef(read(name));
  const saved = ref(true);
  watch(
    kept,
    (now) => {
      try {
        if (Object.keys(now).length) localStorage.setItem(name, JSON.stringify(now));
        else localStorage.removeItem(name);
        saved.value = true;
      } catch {
        saved.value = false;
      }
    },
    { flush: 'sync' },
  );
  return { kept, saved, forget: () => (kept.value = {}) };
}

/** The value of an input: what a person filled in, or else what was proposed. A term is kept as its days. */
function valueOf({ name, form }: Input, kept: Filled): unknown {
  const own = kept[name];
  switch (form.form) {
    case 'text':
      return own ?? form.of.value;
    case 'term':
      return { days: own ?? form.of.value.days, unit: form.of.unit };
    case 'photos':
      return own ?? [];
    case 'look':
      return form.of.photos.filter((photo) => (own as string[] | undefined)?.includes(photo));
    case 'choice':
      return own ?? '';
    case 'date':
      return own ?? form.of.value;
  }
}

export const filledOf = (offer: Offer, kept: Filled): Filled => Object.fromEntries(offer.inputs.map((it) => [it.name, valueOf(it, kept)]));

/** What stands for an input that a way does not take. */
const nothing = { text: '', term: null, photos: [], look: [], choice: null, date: null } as const;

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
  return { kind: offer.kind, body: { ...offer.given, ...choice.sets, ...Object.fromEntries(offer.inputs.map(field)) } };
}

/** What others wait for, what is done on site and what is one tap stands open; everything else behind its title. */
export const standsOpen = (offer: Offer): boolean => offer.decision || !offer.inputs.length || offer.inputs.some((it) => it.form.form === 'photos');
