// What a person typed or chose and no record has yet: it is there again after the camera, the way back, a refusal and a
// new start of the page. Every form keeps its fields here.
import { onBeforeUnmount, reactive, ref, shallowReactive, watch, type Ref } from 'vue';

const SHELF = 'typed:';

function read(name: string): object {
  try {
    return JSON.parse(localStorage.getItem(SHELF + name) ?? '{}') as object;
  } catch {
    return {};
  }
}

/** Everything that is kept, by its name: for a copy of this device. */
export const allKept = (): Record<string, string> =>
  Object.fromEntries(Object.entries(localStorage).filter(([name]) => name.startsWith(SHELF)) as [string, string][]);

/** Grows with everything that is kept or forgotten. */
const changes = ref(0);

/** The names below a name under which something is kept. */
export function keptUnder(name: string): string[] {
  void changes.value;
  return Object.keys(localStorage).flatMap((it) => (it.startsWith(SHELF + name) ? it.slice((SHELF + name).length) : []));
}

/** The hazards of a visit with words that are not in its record yet. */
export const hazardsWaiting = (visit: string): Set<string> => new Set(keptUnder(`hazard:${visit}:`).map((it) => it.split(':')[0] ?? ''));

export interface Kept<T> {
  /** What was filled in. */
  it: T;
  /** Whether the last of it found room. */
  saved: Ref<boolean>;
  /** Once it is stated. */
  forget: () => void;
}

/** A form, kept from the first letter on until it is stated. */
export function useKept<T extends object>(name: string, empty: () => T): Kept<T> {
  const it = reactive({ ...empty(), ...read(name) }) as T;
  const saved = ref(true);
  const save = () => {
    try {
      const now = JSON.stringify(it);
      if (now === JSON.stringify(empty())) localStorage.removeItem(SHELF + name);
      else localStorage.setItem(SHELF + name, now);
      saved.value = true;
      changes.value += 1;
    } catch {
      saved.value = false;
    }
  };
  watch(it, save, { deep: true, flush: 'sync' });
  const forget = () => {
    for (const field of Object.keys(it)) delete (it as Record<string, unknown>)[field];
    Object.assign(it, empty());
    // Also for a screen that is gone: nothing watches there any more.
    save();
  };
  return { it, saved, forget };
}

/** Text goes to the device while it is typed, and at once when the page goes to the background. */
const PAUSE_MS = 400;

export interface DeviceText {
  text: Ref<string>;
  typed: (text: string) => void;
  /** Sends what the device does not have yet; whether it has everything then. */
  flush: () => Promise<boolean>;
  /** Whether something was typed that the device does not have. */
  waits: () => boolean;
  forget: () => void;
}

export interface DeviceStore {
  /** Is another object whenever the device was asked again. */
  read: () => unknown;
  stored: () => string;
  store: (text: string) => Promise<boolean>;
  max: number;
}

/** A text that the device stores: as the device has it, or as it was typed since. What the device does not take, or
 * what is too long, stays in its field, whatever becomes of its neighbours. */
export function useDeviceText(name: string, { read, stored, store, max }: DeviceStore): DeviceText {
  const { it: kept, forget } = useKept<{ text?: string }>(name, () => ({}));
  const text = ref(kept.text ?? stored());
  const waits = () => kept.text !== undefined;
  /** How the device has it since something was typed: it may write the same words in another form. */
  let newer: string | null = null;
  watch(read, () => (waits() ? (newer = stored()) : (text.value = stored())));
  let timer = 0;
  const flush = async () => {
    window.clearTimeout(timer);
    const typed = kept.text;
    if (typed === undefined) return true;
    newer = null;
    if (lengthOf(typed) > max || !(await store(typed))) return false;
    // More may have been typed meanwhile.
    if (kept.text === typed) {
      forget();
      text.value = newer ?? text.value;
    }
    return !waits();
  };
  const typed = (now: string) => {
    text.value = kept.text = now;
    window.clearTimeout(timer);
    timer = window.setTimeout(flush, PAUSE_MS);
  };
  const hide = () => document.visibilityState === 'hidden' && void flush();
  document.addEventListener('visibilitychange', hide);
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', hide);
    void flush();
  });
  return { text, typed, flush, waits, forget };
}

/** Characters as the core counts them. */
export const lengthOf = (text: string): number => [...text].length;

export interface FieldLength {
  label: string;
  length: number;
  max: number;
}

/** The fields on the screen. */
const fields = shallowReactive(new Set<() => FieldLength>());

/** A field of words that stands on the screen. */
export function standsOnScreen(field: () => FieldLength): void {
  fields.add(field);
  onBeforeUnmount(() => fields.delete(field));
}

/** The fields on the screen with more than they may hold. */
export const tooLong = (): FieldLength[] => [...fields].map((field) => field()).filter(({ length, max }) => length > max);
