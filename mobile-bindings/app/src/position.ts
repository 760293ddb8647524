// The position of the phone, recorded as evidence. Nothing waits for it, and having none is no error.
import type { Fix } from '@zhicha/device';
import { onBeforeUnmount, readonly, ref, watch, type Ref } from 'vue';

/** A fix older than this does not say where somebody is. */
const FRESH_MS = 60_000;
/** How long a photo waits for one. */
const WAIT_MS = 400;

/** A browser does not say how it knows the position, nor whether another program set it. */
function fixOf({ coords }: GeolocationPosition): Fix {
  return {
    position: { lat_e7: Math.round(coords.latitude * 1e7), lon_e7: Math.round(coords.longitude * 1e7) },
    accuracy_dm: Math.round(coords.accuracy * 10),
    source: 'network',
    mock: false,
  };
}

/** The position if the browser gives it at once. */
export function fixNow(): Promise<Fix | null> {
  if (!('geolocation' in navigator)) return Promise.resolve(null);
  return new Promise((answer) => {
    // The browser's own limit does not count while it asks a person for leave.
    window.setTimeout(() => answer(null), WAIT_MS);
    navigator.geolocation.getCurrentPosition((at) => answer(fixOf(at)), () => answer(null), { maximumAge: FRESH_MS, timeout: WAIT_MS });
  });
}

/** The position while it is wanted: asked for beforehand, so that it is at hand when something is recorded. */
export function useFix(wanted: () => boolean): { fix: Readonly<Ref<Fix | null>>; refused: Readonly<Ref<boolean>> } {
  const fix = ref<Fix | null>(null);
  const refused = ref(!('geolocation' in navigator));
  let following: number | null = null;
  let old = 0;
  const stop = () => {
    if (following !== null) navigator.geolocation.clearWatch(following);
    following = null;
    window.clearTimeout(old);
  };
  const onPosition = (at: GeolocationPosition) => {
    fix.value = fixOf(at);
    refused.value = false;
    window.clearTimeout(old);
    old = window.setTimeout(() => (fix.value = null), at.timestamp + FRESH_MS - Date.now());
  };
  const follow = () => {
    if (following !== null || !('geolocation' in navigator)) return;
    following = navigator.geolocation.watchPosition(onPosition, () => (refused.value = !fix.value), { enableHighAccuracy: true, maximumAge: FRESH_MS });
  };
  watch(wanted, (now) => (now ? follow() : stop()), { immediate: true });
  onBeforeUnmount(stop);
  return { fix: readonly(fix), refused: readonly(refused) };
}
