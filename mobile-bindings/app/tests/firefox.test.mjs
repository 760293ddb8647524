// The whole loop in Firefox, where there is one.
import { test } from 'node:test';
import { inFirefox } from './browser.mjs';
import { playLoop } from './loop.mjs';

test('a visit without signal becomes a closed case in Firefox', { timeout: 600_000, skip: inFirefox.missing }, () => playLoop(inFirefox));
