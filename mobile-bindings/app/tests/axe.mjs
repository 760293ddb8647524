// Barriers on a screen, as axe finds them.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe calls serious or worse on the screen as it is. */
export async function serious(page) {
  const session = await page.context().newCDPSession(page);
  // The page's own policy lets no foreign script in; the debugger may evaluate one.
  await session.send('Runtime.evaluate', { expression: axe });
  const { result } = await session.send('Runtime.evaluate', {
    expression: 'axe.run().then((it) => JSON.stringify(it.violations))',
    awaitPromise: true,
    returnByValue: true,
  });
  return JSON.parse(result.value)
    .filter((it) => ['serious', 'critical'].includes(it.impact))
    .map((it) => `${it.id}: ${it.nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
}
