// What screens show: as it was shown last, then as it is known now.
import type { Catalogue, Device, Enterprise, NoticeRow, Page } from '@zhicha/device';
import { computed, shallowRef, watch, type ComputedRef, type Ref } from 'vue';
import { known, theDevice } from './device';
import { PAGE } from './parts/More.vue';
import { loadScreens } from './router';

/** Data that was shown, by name and version: a screen that is returned to is drawn at once. */
const shownLast = new Map<string, { value: unknown; version: number }>();

type Version = () => number;
const anything: Version = () => known.version;
/** Reference data change with a new catalogue, never with what a person writes. */
const catalogues: Version = () => known.catalogues;

let firstShown: () => void;
/** The first screen asks first. */
const first = new Promise<void>((done) => (firstShown = done));

/** What is being asked for: two parts of a screen that show the same ask once. */
const asking = new Map<string, { value: Promise<unknown>; version: number }>();

function loaded<T>(name: string, load: (device: Device) => Promise<T>, now: Version): Promise<T> {
  const version = now();
  const same = asking.get(name);
  if (same?.version === version) return same.value as Promise<T>;
  const value = load(theDevice());
  asking.set(name, { value, version });
  const done = () => asking.get(name)?.value === value && asking.delete(name);
  value.then((value) => (shownLast.set(name, { value, version }), firstShown(), done()), done);
  return value;
}

/** What a screen shows: as it was shown last, then loaded after everything that changed. */
export function useKnown<T>(name: string, load: (device: Device) => Promise<T>, empty: T, now = anything): Ref<T> {
  const last = shownLast.get(name) as { value: T; version: number } | undefined;
  const value = shallowRef(last ? last.value : empty) as Ref<T>;
  let loading = false;
  let stale = false;
  const reload = async () => {
    stale = true;
    if (loading) return;
    loading = true;
    try {
      while (stale) {
        stale = false;
        value.value = await loaded(name, load, now);
      }
    } finally {
      loading = false;
    }
  };
  watch(now, reload);
  if (last?.version !== now()) void reload();
  return value;
}

/** Checklists, laws, enterprises and people as they are now. */
export const useCatalogue = (): Ref<Catalogue | null> => useKnown<Catalogue | null>('catalogue', (device) => device.catalogue(), null, catalogues);

/** The same as it was when a visit was begun here: a draft keeps the checklist with which it was begun. */
export const useCatalogueOf = (visit: string): Ref<Catalogue | null> =>
  useKnown<Catalogue | null>(`catalogue:${visit}`, (device) => device.catalogueOf(visit), null, catalogues);

/** The enterprises by their names. */
export function usePlaces(): ComputedRef<Map<string, Enterprise>> {
  const catalogue = useCatalogue();
  return computed(() => new Map((catalogue.value?.enterprises ?? []).map((it) => [it.id, it])));
}

/** The first rows of the longest list of an inspector. */
export const openNotices = (device: Device, wanted: number): Promise<Page<NoticeRow>> => device.openNotices(0, wanted);

/** Before the first tap: the screens' code, and what an inspector's longest list shows. */
export function getReady(): void {
  // Code that is kept on the phone is read while the store is being opened.
  let screens = navigator.serviceWorker?.controller != null;
  if (screens) void loadScreens();
  watch(
    () => known.stage === 'ready' && !known.syncing,
    async (calm) => {
      if (!calm) return;
      await first;
      if (known.person?.role === 'inspector' && !shownLast.has('openNotices')) {
        await loaded('openNotices', (device) => openNotices(device, PAGE), anything);
      }
      if (!screens) await loadScreens();
      screens = true;
    },
    { immediate: true },
  );
}
