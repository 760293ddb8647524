// The shared vectors through TypeScript: the rules in a browser say what they say everywhere.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { close, raise, root, visit } from './stage.mjs';

const fixture = (name) => JSON.parse(readFileSync(`${root}/fixtures/${name}.json`, 'utf8'));

let stage;
let page;
before(async () => {
  stage = await raise();
  page = await visit(stage, await stage.browser.newContext());
});
after(() => close(stage));

/** Every row of a kind as input and expected answer. */
function rows() {
  const gates = fixture('vectors/gates');
  const statuses = fixture('vectors/status');
  const stages = (file) => {
    const facts = (it) => it.facts.map((at) => file.facts[at]);
    return Object.fromEntries(file.stages.map((it) => [it.name, { facts: facts(it), now: it.now }]));
  };
  const [ofGates, ofStatuses] = [stages(gates), stages(statuses)];
  const { departments } = fixture('vectors/numbering');
  const calendars = ['2025', '2026'].map((year) => fixture(`calendars/${year}`));
  const hazard = '41414141-4141-4141-4141-414141414141';
  return {
    gates: gates.cells.map(({ stage, statement, codes }) => ({
      input: { ...ofGates[stage], departments: gates.departments, people: gates.people,
        statement: gates.statements[statement] },
      answer: codes,
    })),
    status: statuses.cases.map(({ stage, now, visit, hazard: expected }) => ({
      input: { facts: ofStatuses[stage].facts, now, hazard },
      answer: { visit, hazard: expected },
    })),
    numbering: fixture('vectors/numbering').cases.map(({ answer, ...input }) => ({ input: { ...input, departments }, answer })),
    merge_policy: fixture('vectors/merge_policy').fields.map(({ field, policy }) => ({ input: field, answer: policy })),
    deadlines: fixture('vectors/deadlines').map(({ date, provisional, start, days, unit, roll }) => ({
      input: { calendars, start, days, unit, roll },
      answer: { date, provisional },
    })),
    credit_codes: fixture('vectors/credit_codes').map(({ text, valid }) => ({ input: text, answer: valid })),
  };
}

/** Rows that the core answers otherwise than expected. */
async function wrong(all) {
  const judged = await page.evaluate(async (all) => {
    const answers = {};
    for (const [kind, rows] of Object.entries(all)) {
      answers[kind] = await Promise.all(rows.map(({ input }) => globalThis.zhicha.judge(kind, input)));
    }
    return answers;
  }, all);
  const sorted = (answer, kind) => kind === 'gates'
    ? Object.fromEntries(Object.entries(answer).map(([code, who]) => [code, [...who].sort()]))
    : answer;
  return Object.entries(all).flatMap(([kind, rows]) => rows.flatMap(({ answer }, at) => {
    try {
      assert.deepEqual(sorted(judged[kind][at], kind), sorted(answer, kind));
      return [];
    } catch {
      return [`${kind} ${at}: ${JSON.stringify(judged[kind][at])}, not ${JSON.stringify(answer)}`];
    }
  }));
}

test('every shared vector is answered as in every other language', { timeout: 300_000 }, async (t) => {
  const all = rows();
  const count = Object.values(all).reduce((sum, rows) => sum + rows.length, 0);
  assert.ok(count >= 500, `${count}`);
  t.diagnostic(`${count} vectors`);
  assert.deepEqual(await wrong(all), []);
});

test('one changed expectation is found', { timeout: 300_000 }, async () => {
  const { deadlines } = rows();
  deadlines[7].answer.provisional = !deadlines[7].answer.provisional;
  assert.equal((await wrong({ deadlines })).length, 1);
});
