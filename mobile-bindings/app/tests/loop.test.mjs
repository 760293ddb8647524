// The whole loop in Chromium.
import { test } from 'node:test';
import { inChromium } from './browser.mjs';
import { playLoop } from './loop.mjs';

test('a visit without signal becomes a closed case, by people with their thumbs', { timeout: 600_000 }, () => playLoop(inChromium));
