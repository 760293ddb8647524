// A real Chromium, as phones and desks have one.
import { chromium, devices } from 'playwright-core';

const CALM = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

export const open = (options = {}) => chromium.launch({ executablePath, args: CALM, ...options });

/** A profile on disk: it survives the browser. */
export const profile = (folder, options = {}) =>
  chromium.launchPersistentContext(folder, { executablePath, args: CALM, ...phone, ...options });

const { defaultBrowserType: _kind, ...pixel } = devices['Pixel 7'];
export const phone = { ...pixel, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' };
export const desk = { viewport: { width: 1280, height: 860 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' };
