import {
  Button, Cell, CellGroup, Empty, Field, Icon, Loading, Popup,
  Progress, Radio, RadioGroup, Search, Tab, Tabbar, TabbarItem, Tabs,
} from 'vant';
import 'vant/lib/index.css';
import { createApp } from 'vue';
import App from './App.vue';
import { keepInTouch, start } from './device';
import { listenToKeys } from './keys';
import { router } from './router';
import { applySettings } from './settings';
import { getReady } from './shown';
import './style.css';
import { register } from './version';

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
void register(import.meta.url);
getReady();
void start().then(keepInTouch);
