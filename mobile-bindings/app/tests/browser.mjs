// The browsers that people have: a real Chromium, as phones and desks have one, and a real Firefox.
import { existsSync } from 'node:fs';
import { chromium, devices, firefox } from 'playwright-core';

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

/** What a test asks of the browser in which it is played. */
export const inChromium = { open, profile, phone, desk, takesPictures: true };

/** Debian's Firefox, as it is delivered, driven by WebDriver BiDi. */
const FIREFOX = { channel: 'moz-firefox', executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr' };
/** The size of a phone and its touch; a Firefox on a desk claims nothing else. */
const { isMobile: _mobile, userAgent: _agent, ...small } = phone;

/** Commands of Playwright that this Firefox does not know, and what they would set does not matter here: the theme. */
const UNKNOWN = ['emulation.setMediaFeaturesOverride'];
let prepared = null;

/** Playwright sends these commands to each new page, and has no option to leave them out. */
async function prepare() {
  const browser = await firefox.launch(FIREFOX);
  const session = Object.getPrototypeOf(browser._connection.toImpl(browser)._browserSession);
  const { send } = session;
  session.send = function (method, parameters) {
    return UNKNOWN.includes(method) ? Promise.resolve({}) : send.call(this, method, parameters);
  };
  await browser.close();
}

export const inFirefox = {
  missing: existsSync(FIREFOX.executablePath) ? false : 'firefox-esr is missing: apt-get install firefox-esr',
  async open() {
    await (prepared ??= prepare());
    return firefox.launch(FIREFOX);
  },
  async profile(folder) {
    await (prepared ??= prepare());
    return firefox.launchPersistentContext(folder, { ...FIREFOX, ...small });
  },
  phone: small,
  desk,
  takesPictures: false,
};
