import {
  Button, Cell, CellGroup, Empty, Field, Icon, Loading, Popup,
  Progress, Radio, RadioGroup, Search, Tab, Tabbar, TabbarItem, Tabs,
} from 'vant';
import 'vant/lib/index.css';
import { createApp } from 'vue';
import { registerSW } from 'virtual:pwa-register';
import App from './App.vue';
import { keepInTouch, start } from './device';
import { listenToKeys } from './keys';
import { router } from './router';
import { applySettings } from './settings';
import { getReady } from './shown';
import './style.css';

applySettings();
listenToKeys();
const app = createApp(App).use(router);
for (const part of [
  Button, Cell, CellGroup, Empty, Field, Icon, Loading, Popup,
  Progress, Radio, RadioGroup, Search, Tab, Tabbar, TabbarItem, Tabs,
]) {
  app.use(part);
}
app.mount('#app');
// A new version waits until the page is opened the next time: nobody is interrupted in a visit.
registerSW({ immediate: true });
getReady();
void start().then(keepInTouch);
