// Which screen stands where. Each kind of people has a first screen; what a person may do is decided by the core.
import type { Role } from '@zhicha/device';
import { createRouter, createWebHashHistory } from 'vue-router';
import { defineComponent } from 'vue';
import { showConfirmDialog } from 'vant';
import { known } from './device';
import { tooLong } from './kept';

export function home(role: Role | undefined): string {
  if (role === 'enterprise') return '/notices';
  if (role === 'administrator') return '/audit';
  return role === 'inspector' || role === 'assistant' || role === 'expert' ? '/tasks' : '/today';
}

/** Shown until it is known who is signed in. */
const Home = defineComponent({
  setup() {
    void router.replace(home(known.person?.role));
    return () => null;
  },
});

export const router = createRouter({
  history: createWebHashHistory(),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    { path: '/', component: Home },
    { path: '/tasks', component: () => import('./screens/inspector/Tasks.vue') },
    { path: '/visit/:id', component: () => import('./screens/inspector/Visit.vue'), props: true },
    { path: '/visit/:id/hazard/:hazard', component: () => import('./screens/inspector/Hazard.vue'), props: true },
    { path: '/visit/:id/decide', component: () => import('./screens/inspector/Decide.vue'), props: true },
    { path: '/visit/:id/seal', component: () => import('./screens/inspector/Seal.vue'), props: true },
    { path: '/visit/:id/meet', component: () => import('./screens/inspector/Meet.vue'), props: true },
    { path: '/visit/:id/sign', component: () => import('./screens/inspector/Sign.vue'), props: true },
    { path: '/notices', component: () => import('./screens/Notices.vue') },
    { path: '/notice/:id', component: () => import('./screens/Notice.vue'), props: true },
    { path: '/notice/:id/:hazard', component: () => import('./screens/NoticeHazard.vue'), props: true },
    { path: '/paper/:stream/:id/:kind/:fact/:edition?', component: () => import('./screens/Paper.vue'), props: true },
    { path: '/today', component: () => import('./screens/desk/Today.vue') },
    { path: '/hazards', component: () => import('./screens/desk/Hazards.vue') },
    { path: '/case/:kind/:id', component: () => import('./screens/desk/Case.vue'), props: true },
    { path: '/dashboard', component: () => import('./screens/desk/Dashboard.vue') },
    { path: '/report/:name', component: () => import('./screens/desk/Report.vue'), props: true },
    { path: '/plan', component: () => import('./screens/desk/Plan.vue') },
    { path: '/outbox', component: () => import('./screens/Outbox.vue') },
    { path: '/access', component: () => import('./screens/Access.vue') },
    { path: '/audit', component: () => import('./screens/desk/Audit.vue') },
    { path: '/me', component: () => import('./screens/Me.vue') },
    { path: '/:rest(.*)', redirect: '/' },
  ],
});

/** Nobody leaves a text that no record takes without knowing of it. It stays in its field in any case. */
router.beforeEach(async () => {
  const fields = tooLong();
  if (!fields.length) return true;
  const told = fields.map(({ label, length, max }) => `“${label}”有 ${length} 字，最多 ${max} 字，超出 ${length - max} 字。`).join('\n');
  const message = `${told}\n内容已留在本机，删减后才能写入记录。`;
  return showConfirmDialog({ message, confirmButtonText: '继续修改', cancelButtonText: '先离开', closeOnPopstate: false }).then(() => false, () => true);
});

/** Loads what was not opened yet, so that no tap waits for code. */
export async function loadScreens(): Promise<void> {
  for (const { components } of router.getRoutes()) {
    const screen = components?.['default'];
    if (typeof screen === 'function') await (screen as () => Promise<unknown>)();
  }
}
