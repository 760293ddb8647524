// What a call costs from a page: worker, border and core together. `npm run cost` prints it.
import { close, person, plan, raise, staff } from './stage.mjs';

const stage = await raise();
const [supervisor, ...team] = await Promise.all(
  [staff('supervisor')[0], ...staff('inspector').slice(0, 2)].map((name) => person(stage, name)),
);
const [officer] = team;
const id = await plan(supervisor, team);
await officer.device.arrive({ inspection: id, certificate_shown: true, plate: null, fix: null });
const { checklists } = await officer.device.catalogue();
const items = checklists.flatMap((list) => list.items).slice(0, 40).map((item) => item.code);
for (const item of items) await officer.device.answer(id, item, 'pass', '');

const rows = await officer.page.evaluate(async ([id, item]) => {
  const { device, zhicha } = globalThis;
  const rounds = 300;
  const mean = async (work) => {
    await work();
    const began = performance.now();
    for (let round = 0; round < rounds; round += 1) await work();
    return Math.round(((performance.now() - began) * 1000) / rounds);
  };
  return {
    'a rule asked': await mean(() => zhicha.judge({}, [{ merge_policy: { field: 'hazard.grade' } }])),
    'the smallest call': await mean(() => device.id()),
    'an inspection read (40 answers)': await mean(() => device.inspection(id)),
    'an answer saved on disk': await mean(() => device.answer(id, item, 'fail', '未设置')),
  };
}, [id, items[0]]);
for (const [what, micros] of Object.entries(rows)) console.log(`${what.padEnd(36)}${String(micros).padStart(8)} µs`);

const meta = { purpose: 'found', hazard: crypto.randomUUID(), source: 'camera', fix: null };
const took = await officer.page.evaluate(async ([id, meta]) => {
  const picture = await globalThis.picture(5, 4000, 3000);
  const began = performance.now();
  await globalThis.device.capture({ stream: 'inspection', id }, meta, picture);
  return [picture.size, Math.round(performance.now() - began)];
}, [id, meta]);
console.log(`${'a photo of 12 megapixels kept'.padEnd(36)}${String(took[1]).padStart(8)} ms, ${took[0]} bytes`);
await close(stage);
