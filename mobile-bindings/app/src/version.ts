// Which build runs here, and whether the server has a newer one.
import type { RefusalWords } from '@zhicha/device';
import { showToast } from 'vant';
import { reactive } from 'vue';
import { registerSW } from 'virtual:pwa-register';
import { version as release } from '../package.json';

export const version = reactive({ name: release, newer: false });

/** How often the server is asked while the page stays open. */
const LOOK_MS = 30 * 60_000;

let registration: ServiceWorkerRegistration | undefined;
let skipWaiting: (() => Promise<void>) | null = null;
let wanted = false;
let looked = Date.now();

/** Files for the time without signal. `code` is the address of the page's code, whose name changes with its content. A newer version waits until somebody wants it: nobody is interrupted in a visit. */
export async function register(code: string): Promise<void> {
  version.name = `${release}（${/-([\w-]+)\.js/.exec(code)?.[1] ?? 'dev'}）`;
  if (!('serviceWorker' in navigator)) return;
  if (navigator.serviceWorker.controller && !(await caches.keys()).length) {
    // The browser lost the files and not the worker that hands them out: it would never fetch them again.
    const all = await navigator.serviceWorker.getRegistrations();
    await Promise.all(all.map((it) => it.unregister()));
    location.reload();
    return;
  }
  skipWaiting = registerSW({
    immediate: true,
    onNeedRefresh() {
      version.newer = true;
      if (wanted) void takeOver();
    },
    onRegisteredSW(_address, it) {
      registration = it;
    },
  });
}

/** Asks the server for a newer version; what is found is said by `version.newer`. */
export async function lookForNewer(at = Date.now() - LOOK_MS): Promise<void> {
  if (looked > at) return;
  looked = Date.now();
  // Without signal there is none.
  await registration?.update().catch(() => {});
}

/** The page begins anew with the new worker. One that was opened before there was any worker is not told of it. */
async function takeOver(): Promise<void> {
  const next = registration?.waiting;
  if (!next) return location.reload();
  if (!navigator.serviceWorker.controller) next.addEventListener('statechange', () => next.state === 'activated' && location.reload());
  await skipWaiting?.();
}

/** Takes the newer version over; everything that was recorded or typed stays. */
export async function update(): Promise<void> {
  wanted = true;
  if (version.newer) return takeOver();
  await lookForNewer(Infinity);
  if (!registration?.installing && !registration?.waiting) {
    wanted = false;
    showToast({ message: '服务器上还没有新版本', position: 'bottom' });
  }
}

/** Whether the one thing to do about a refusal is a newer version. */
export const asksForUpdate = (it: { action?: string | undefined } | RefusalWords | null | undefined): boolean => Boolean(it?.action?.startsWith('请更新应用'));
