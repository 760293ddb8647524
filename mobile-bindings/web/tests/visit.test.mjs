// The visit of the main job, its phones played from TypeScript in real browsers against the real server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { close, deliver, person, place, plan, raise, responsible, shoot, staff, until } from './stage.mjs';

let stage;
before(async () => (stage = await raise()));
after(() => close(stage));

const refused = (code) => (error) => error.code === code && typeof error.sentence === 'string';
const byId = (view, hazard) => view.hazards.find((it) => it.hazard === hazard);
const steps = (hazard) => hazard.offers.map((it) => it.step);
/** What was stated of one kind about a hazard, in the order in which it counts. */
const stated = (hazard, kind) => hazard.timeline.filter((it) => it.kind === kind);

test('a visit without signal becomes a notice, an answer, a recheck and a closure', { timeout: 300_000 }, async (t) => {
  const [supervisor, wang, li, enterprise] = await Promise.all(
    [staff('supervisor')[0], ...staff('inspector').slice(0, 2), responsible].map((name) => person(stage, name)),
  );
  const [passage, extinguishers, battery, signs] = await wang.page.evaluate(() =>
    Array.from({ length: 4 }, () => globalThis.zhicha.newHazardId()));
  const id = await plan(supervisor, [wang, li]);
  const visit = { stream: 'inspection', id };
  const photos = {};

  await t.test('offline: arrival, answers, hazards with photos', async () => {
    for (const officer of [wang, li]) {
      const tasks = await officer.device.tasks();
      assert.deepEqual(tasks.map((it) => [it.plan.inspection, it.state]), [[id, 'planned']]);
      await officer.context.setOffline(true);
      const arrival = { inspection: id, certificate_shown: true, plate: null, fix: null };
      await officer.device.arrive(arrival);
    }
    const { checklists } = await wang.device.catalogue();
    const items = checklists.filter((it) => place.sectors.includes(it.sector)).flatMap((it) => it.items).slice(0, 40);
    assert.ok(items.length >= 20);
    for (const [n, item] of items.entries()) {
      await (n % 2 ? li : wang).device.answer(id, item.code, 'pass', '');
    }
    const add = (who, hazard, description, grade, measure) => {
      const draft = { item: null, description, place: '一号仓库', basis: { document: 'AQF', clause: '第三十六条' }, grade,
        criterion: { document: 'MEM10', clause: '第八条第七项' }, measure, found_by: who.who.id };
      return who.device.addHazard(id, hazard, draft);
    };
    const picture = async (who, name, hazard, purpose, seed) => {
      photos[name] = await shoot(who.page, visit, { purpose, hazard, source: 'camera' }, seed);
      await who.device.attachPhoto(id, hazard, photos[name], purpose);
    };
    const rectify = (days, unit = 'natural') => ({ measure: 'rectify', term: { days, unit } });
    await add(wang, passage, '疏散通道堆放货物，剩余宽度不足1.4米', 'general', rectify(15));
    await picture(wang, 'passage', passage, 'found', 1);
    await add(li, extinguishers, '一具灭火器倒地、未放置在箱内', 'general', { measure: 'fixed_on_spot' });
    await picture(li, 'fallen', extinguishers, 'found', 2);
    await picture(li, 'upright', extinguishers, 'fixed_on_spot', 3);
    await add(li, signs, '有限空间未设置安全警示标志', 'general', rectify(5, 'working'));
    await picture(li, 'signs', signs, 'found', 4);
    await add(wang, battery, '故障电池未单独隔离存放', 'major', rectify(7));
    await add(li, battery, '故障电池未单独隔离存放', 'general', rectify(7));
    await picture(wang, 'battery', battery, 'found', 5);

    const report = await wang.device.sync();
    assert.equal(report.waiting.code, 'network_lost');
    const outbox = await wang.device.outbox();
    assert.ok(outbox.files.length === 2 && outbox.files.every((it) => it.state === 'only_here'));
  });

  await t.test('back online both phones show the same draft, and the differing grade is decided', async () => {
    for (const officer of [wang, li]) await officer.context.setOffline(false);
    for (const officer of [wang, li, wang]) await deliver(officer);
    const views = [await wang.device.inspection(id), await li.device.inspection(id)];
    assert.deepEqual(views[0].draft, views[1].draft);
    assert.equal(Object.keys(views[0].draft.hazards).length, 4);
    assert.equal(views[0].state, 'underway');
    await assert.rejects(wang.device.seal(id, []), refused('decision_needed'));
    const [differing] = await wang.device.parallels(id);
    assert.deepEqual([differing.subject, differing.field], [{ subject: 'hazard', id: battery }, 'grade']);
    assert.deepEqual(differing.values.map((it) => it.value).sort(), ['general', 'major']);
    const why = '对照判定标准第八条第七项';
    const { subject, field } = differing;
    await assert.rejects(li.device.decide(id, subject, field, 'major', why), refused('not_the_decider'));
    await wang.device.decide(id, subject, field, 'major', why);
  });

  await t.test('sealed and signed; every photo is at the server', async () => {
    await assert.rejects(wang.device.seal(id, []), refused('part_missing'));
    await li.device.finishPart(id);
    for (const officer of [li, wang]) await deliver(officer);
    const seal = await wang.device.seal(id, []);
    const drawing = await shoot(wang.page, visit, { purpose: 'signature', hazard: null, source: 'drawing' }, 9);
    const outcome = { signed: { name: place.principal, post: '主要负责人', drawing } };
    await wang.device.partySign(id, seal, outcome);
    await deliver(wang);
    await until(li, 'the seal', async (device) => (await device.inspection(id)).seal !== null);
    await assert.rejects(li.device.withdraw(id, signs, '已封存'), refused('already_sealed'));
    await li.device.cosign(id, seal);
    await deliver(li);
    assert.equal(await wang.device.isDelivered(id), true);
  });

  let notice;
  await t.test('the enterprise confirms service, replies with photos and asks for more time', async () => {
    const issued = await until(enterprise, 'the notice', async (device) => (await device.notices())[0]);
    notice = issued.notice.id;
    assert.equal(issued.hazards.length, 3);
    assert.equal(issued.notice.officers.length, 2);
    assert.deepEqual(steps(byId(issued, passage)), ['confirm_service']);
    const body = { notice, method: 'electronic', receiver: place.principal, consent: true };
    await enterprise.device.serve(body);
    const served = await until(enterprise, 'deadlines', async (device) => {
      const view = await device.notice(notice);
      return view.hazards.every((it) => it.status.deadline !== null) && view;
    });
    assert.ok(served.hazards.every((it) => it.status.state === 'rectifying' && !it.status.overdue));
    const shown = await enterprise.page.evaluate(async (hash) => (await globalThis.device.photo(hash))?.type, photos.passage);
    assert.equal(shown, 'image/jpeg', 'the enterprise sees the photo on its notice');
    for (const [hazard, seed] of [[passage, 21], [signs, 22]]) {
      const meta = { purpose: 'rectified', hazard, source: 'camera' };
      const photo = await shoot(enterprise.page, { stream: 'notice', id: notice }, meta, seed);
      const finished_on = new Date((await enterprise.device.now()) + 8 * 3_600_000).toISOString().slice(0, 10);
      const reply = { notice, hazard, measures: '已清理并划线管理，专人每班检查', responsible: '安全科长', finished_on,
        photos: [photo] };
      await enterprise.device.reply(reply);
    }
    const term = { days: 10, unit: 'natural' };
    const ask = { notice, hazard: battery, term, reason: '隔离柜需定制，供货周期较长' };
    const request = await enterprise.device.requestExtension(ask);
    await deliver(enterprise);
    await until(supervisor, 'the request', async (device) => {
      const view = await device.notice(notice);
      return view && byId(view, battery).status.extension_pending;
    });
    const graded = byId(await supervisor.device.notice(notice), battery);
    assert.ok(steps(graded).includes('decide_major'));
    assert.equal(graded.status.grade, 'major');
    const grant = { notice, hazard: battery, request, granted: { days: 5, unit: 'natural' }, reason: '同意延期五日' };
    await assert.rejects(supervisor.device.decideExtension(grant), refused('same_person'));
    const lowered = { notice, hazard: battery, upheld: false, reason: '数量未达到判定标准' };
    await supervisor.device.decideMajor(lowered);
    await supervisor.device.decideExtension(grant);
    await deliver(supervisor);
    const known = await until(enterprise, 'the new deadline', async (device) => {
      const view = await device.notice(notice);
      return stated(byId(view, battery), 'deadline.assigned').length === 2 && view;
    });
    assert.equal(byId(known, battery).status.grade, 'general');
  });

  await t.test('rechecked offline, closed by the supervisor; statuses are those of the main job', async () => {
    await until(li, 'the replies', async (device) => {
      const view = await device.notice(notice);
      return [passage, signs].every((hazard) => byId(view, hazard).status.state === 'replied');
    });
    await li.context.setOffline(true);
    let rechecked;
    for (const [hazard, passed, seed] of [[passage, true, 31], [signs, false, 32]]) {
      const meta = { purpose: 'recheck', hazard, source: 'camera' };
      const photo = await shoot(li.page, { stream: 'notice', id: notice }, meta, seed);
      if (passed) rechecked = photo;
      const opinion = passed ? '已按要求整改' : '警示标志内容不全';
      const new_term = passed ? null : { days: 3, unit: 'working' };
      await assert.rejects(li.device.recheck({ notice, hazard, passed, opinion, photos: [photo], new_term }), refused('two_officers_needed'));
      await li.device.recheck({ notice, hazard, passed, opinion, photos: [photo], new_term, second: (await wang.device.person()).id });
    }
    await li.context.setOffline(false);
    await deliver(li);
    for (const hazard of [passage, signs]) {
      const waits = await until(wang, 'the recheck', async (device) => {
        const view = await device.notice(notice);
        return view && steps(byId(view, hazard)).includes('countersign') && byId(view, hazard);
      });
      await wang.device.countersign({ notice, hazard, statement: stated(waits, 'hazard.rechecked').at(-1).fact });
    }
    await deliver(wang);
    const view = await until(supervisor, 'the recheck', async (device) => {
      const view = await device.notice(notice);
      return byId(view, passage).status.state === 'rechecked' && view;
    });
    assert.ok(steps(byId(view, passage)).includes('close'));
    const recheck = stated(byId(view, passage), 'hazard.rechecked').at(-1).fact;
    const close = (evidence) => ({ notice, hazard: passage, recheck, approved: true, reason: '', evidence });
    await assert.rejects(supervisor.device.closeHazard(close([])), refused('photo_needed'));
    await assert.rejects(supervisor.device.closeHazard(close([photos.passage])), refused('photo_reused'));
    await assert.rejects(li.device.closeHazard(close([rechecked])), refused('role_not_allowed'));
    await supervisor.device.closeHazard(close([rechecked]));
    await deliver(supervisor);
    const end = await until(enterprise, 'the closure', async (device) => {
      const view = await device.notice(notice);
      return byId(view, passage).status.state === 'closed' && byId(view, signs).status.round === 2 && view;
    });
    assert.deepEqual(
      [passage, battery, signs].map((hazard) => byId(end, hazard).status.state),
      ['closed', 'rectifying', 'rectifying'],
    );
    assert.equal(await enterprise.device.inspection(id), null, 'the visit is the authority’s alone');
    assert.deepEqual(await enterprise.device.history(visit), []);
    const own = await until(wang, 'the notice', async (device) => {
      const view = await device.inspection(id);
      return view.state === 'notice_issued' && view;
    });
    assert.equal(own.draft.hazards[extinguishers].measure.values[0][0].measure, 'fixed_on_spot');
  });
});
