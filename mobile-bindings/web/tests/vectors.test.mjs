// The shared vectors through TypeScript: the rules in a browser say what they say everywhere.
// ZHICHA_VECTORS names another folder of them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { close, raise, root, visit } from './stage.mjs';

const folder = process.env.ZHICHA_VECTORS ?? join(root, 'fixtures/vectors');
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const vectors = (name) => read(join(folder, `${name}.json`));
const hazard = '41414141-4141-4141-4141-414141414141';

let stage;
let page;
before(async () => {
  stage = await raise();
  page = await visit(stage, await stage.browser.newContext());
});
after(() => close(stage));

/** Each file: its tables, and its rows as a question and the answer it expects. */
const FILES = {
  gates() {
    const tables = vectors('gates');
    const rows = tables.cells.flatMap(({ stage, statement, codes }) =>
      Object.entries(codes).flatMap(([code, people]) =>
        people.map((person) => [{ gate: { stage, statement, person } }, code])));
    return [tables, rows, 10_000];
  },
  status() {
    const tables = vectors('status');
    const rows = tables.cases.map(({ stage, now, visit, hazard: expected }) =>
      [{ status: { stage, now, hazard } }, { visit, hazard: expected }]);
    return [tables, rows, 250];
  },
  numbering() {
    const tables = vectors('numbering');
    return [tables, tables.cases.map(({ answer, ...row }) => [{ number: row }, answer]), 10];
  },
  merge_policy() {
    return [{}, vectors('merge_policy').fields.map(({ field, policy }) => [{ merge_policy: { field } }, policy]), 15];
  },
  deadlines() {
    const calendars = ['2025', '2026'].map((year) => read(join(root, `fixtures/calendars/${year}.json`)));
    const rows = vectors('deadlines').map(({ date, provisional, start, days, unit, roll }) =>
      [{ deadline: { start, term: { days, unit }, roll } }, { date, provisional }]);
    return [{ calendars }, rows, 100];
  },
  credit_codes() {
    return [{}, vectors('credit_codes').map(({ text, valid }) => [{ credit_code: { text } }, valid]), 50];
  },
};

for (const [name, file] of Object.entries(FILES)) {
  test(`${name} are answered as in every other language`, { timeout: 120_000 }, async () => {
    const [tables, rows, least] = file();
    const questions = rows.map(([question]) => question);
    const answers = await page.evaluate(([tables, questions]) => globalThis.zhicha.judge(tables, questions), [tables, questions]);
    const wrong = rows.flatMap(([question, expected], at) => isDeepStrictEqual(answers[at], expected)
      ? []
      : [`${JSON.stringify(question)}: ${JSON.stringify(answers[at])}, not ${JSON.stringify(expected)}`]);
    assert.equal(wrong.length, 0, `${wrong.length} of ${rows.length}:\n${wrong.slice(0, 5).join('\n')}`);
    assert.ok(rows.length >= least, `${rows.length}`);
  });
}
