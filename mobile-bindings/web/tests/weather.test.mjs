// Lines as they are outside: slow, cut, and with something on them that answers in the server's place. Everything
// that can arrive arrives, it costs what it weighs, nothing counts as delivered that is not, and one true sentence says
// what is in the way.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { line } from './line.mjs';
import { close, deliver, person, plan, raise, shoot, staff } from './stage.mjs';

const PORTAL = '<!DOCTYPE html><title>请先登录无线网络</title>';
const KBIT = 1000 / 8;
/** What happens on the line, by its name. `turns` answers one of ten requests of each kind; `bytes` is about what a photo weighs. */
const WEATHERS = {
  ...Object.fromEntries([8, 32, 64, 128].map((rate) => [`${rate} kbit/s`, { rate: rate * KBIT, side: rate < 32 ? 128 : 224 }])),
  'cuts every 20 s': { rate: 24 * KBIT, everyMs: 20_000, side: 512 },
  ...Object.fromEntries([403, 404, 413, 451, 500, 502].map((status) => [`${status}`, { turns: { status, body: PORTAL } }])),
  'HTML with 200': { turns: { status: 200, body: PORTAL } },
  'an empty 200': { turns: { status: 200 } },
  'a portal for everything': { turns: { status: 200, body: PORTAL }, always: true },
};
/** The requests of which each weather meets some. */
const KINDS = {
  'sign-in': /^POST \/api\/v1\/session$/,
  exchange: /^POST \/sync\/v1\/exchange/,
  'photo up': /^PUT \/sync\/v1\/blobs\//,
  'thumbnail down': /^GET \/sync\/v1\/blobs\/.*\/thumbnail$/,
  renewal: /^POST \/api\/v1\/session\/refresh$/,
};
const LOST = '网络不通。';
const FOREIGN = '网络被拦截，返回的不是本系统的应答。';
/** A round that was stopped is followed by another one; a line that moves needs no more than this. */
const ROUNDS = 30;

const [COLLEAGUE] = staff('inspector');
let stage;
let token;
let colleague;
let supervisor;
before(async () => {
  stage = await raise();
  [supervisor, colleague] = await Promise.all([staff('supervisor')[0], COLLEAGUE].map((name) => person(stage, name)));
});
after(() => close(stage));

async function post(path, body, token) {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(`${stage.address}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, ...(await answer.json()) };
}

/** An officer of the department, whom nobody else's work reaches. */
async function hire(username, administrator) {
  const account = { username, password: '一个足够长的测试口令', name: username, role: 'inspector', department: 'yingji', enterprise: null, certificate: `测试${username}` };
  const added = await post('/api/v1/accounts', account, administrator);
  assert.equal(added.status, 201, JSON.stringify(added));
  stage.accounts.push(account);
}

/** One question at a time: what one person may ask at once has its bound. */
let asking = Promise.resolve();
const held = (inspection) => (asking = asking.then(() => heldNow(inspection)));

/** What the server itself holds of a case: facts by name, photos by digest. */
async function heldNow(inspection) {
  const { username, password } = stage.accounts.find((it) => it.username === COLLEAGUE);
  token ??= (await post('/api/v1/session', { username, password })).access_token;
  const get = (path) => fetch(`${stage.address}${path}`, { headers: { authorization: `Bearer ${token}` } });
  const { entries } = await (await get(`/api/v1/cases/inspection/${inspection}`)).json();
  return {
    facts: new Set(entries.map((it) => it.fact)),
    async hasFile(hash) {
      const answer = await get(`/sync/v1/blobs/${hash}`);
      if (answer.status !== 200) return false;
      return hash === `sha256:${createHash('sha256').update(new Uint8Array(await answer.arrayBuffer())).digest('hex')}`;
    },
  };
}

/** A visit with a photo of the colleague, and an officer on the line who has only signed in. */
async function visitOn(name, n, administrator) {
  const username = `tianqi${n}`;
  await hire(username, administrator);
  await supervisor.device.sync();
  await colleague.device.sync();
  const way = await line(stage.address);
  const officer = await person({ ...stage, address: way.address }, username);
  const id = await plan(supervisor, [officer], [colleague.who.id]);
  await colleague.device.sync();
  await colleague.device.arrive({ inspection: id, certificate_shown: true, plate: null, fix: null });
  const theirs = await found(colleague, id, '配电箱未接地', 1000 + n, [96, 72]);
  await deliver(colleague);
  return { name, id, way, officer, username, theirs };
}

/** A hazard with its photo; gives the photo. */
async function found(who, id, description, seed, size) {
  const hazard = await who.page.evaluate(() => globalThis.zhicha.newHazardId());
  const draft = { item: null, description, place: '一号仓库', basis: { document: 'AQF', clause: '第三十六条' }, grade: 'general',
    criterion: null, measure: { measure: 'rectify', term: { days: 15, unit: 'natural' } }, found_by: who.who.id };
  await who.device.addHazard(id, hazard, draft);
  return shoot(who.page, { stream: 'inspection', id }, { purpose: 'found', hazard, source: 'camera' }, seed, size);
}

const kindOf = (asked) => Object.keys(KINDS).find((kind) => KINDS[kind].test(asked));

/** Lets the weather begin; gives what ends it. */
function begin({ way }, { rate, everyMs, turns, always }) {
  const asked = {};
  way.state.rate = rate ?? Infinity;
  way.state.rule = turns ? (request) => {
    if (always) return turns;
    const kind = kindOf(request);
    if (!kind) return undefined;
    asked[kind] = (asked[kind] ?? 0) + 1;
    return asked[kind] % 10 === 1 ? turns : undefined;
  } : null;
  const timer = everyMs && setInterval(way.cut, everyMs);
  return () => {
    clearInterval(timer);
    way.state.rule = null;
    way.state.rate = Infinity;
  };
}

/** From now on the server does not know the token that this page has: it renews its session. */
function endSession({ way }) {
  const before = way.state.rule;
  let renewed = false;
  way.state.rule = (asked, headers) => {
    const instead = before?.(asked, headers);
    if (instead) return instead;
    if (KINDS.renewal.test(asked)) renewed = true;
    else if (headers.authorization && !renewed) headers.authorization = 'Bearer ended';
    return undefined;
  };
}

/** What may be said in a weather, and nothing else. */
function expects({ everyMs, turns }) {
  return (refusal) => {
    assert.ok(turns || everyMs, `a line that moves is not in the way: ${JSON.stringify(refusal)}`);
    assert.equal(refusal.code, turns ? 'network_foreign' : 'network_lost');
  };
}

/** Signs in; whatever is in the way has its sentence. */
async function signsIn({ officer, username }, expected) {
  const { password } = stage.accounts.find((it) => it.username === username);
  for (let round = 0; round < ROUNDS; round += 1) {
    try {
      await officer.device.signIn(username, password);
      return true;
    } catch (refusal) {
      expected(refusal);
      assert.equal(refusal.sentence, refusal.code === 'network_lost' ? LOST : FOREIGN);
      if (round > 2) return false;
    }
  }
  return false;
}

/** Synchronises until it has settled or the rounds are up; after each round nothing counts as delivered that is not. */
async function rounds({ officer, id }, expected, settled, most = ROUNDS) {
  const { refusal: words } = await officer.device.words();
  for (let round = 0; round < most; round += 1) {
    const report = await officer.device.sync();
    assert.equal(report.sign_in_needed, false, 'nobody is signed out by the weather');
    if (report.waiting) {
      expected(report.waiting);
      assert.equal(words[report.waiting.code].sentence, report.waiting.code === 'network_lost' ? LOST : FOREIGN);
    }
    const outbox = await officer.device.outbox();
    const server = await held(id);
    for (const { id: fact, title, state, at } of outbox.records) {
      if (state === 'at_server' && at !== null) assert.ok(server.facts.has(fact), `${title} counts as delivered`);
    }
    for (const { hash, state } of outbox.files) {
      if (state === 'at_server') assert.ok(await server.hasFile(hash), `${hash} counts as delivered`);
    }
    if (await settled(outbox)) return true;
  }
  return false;
}

const isHere = (officer, hash) => officer.page.evaluate(async (it) => Boolean(await globalThis.device.photo(it)), hash);

async function plays(it, weather) {
  const { officer, id, theirs, way } = it;
  const expected = expects(weather);
  const began = performance.now();
  const end = begin(it, weather);
  const all = async (outbox) =>
    [...outbox.records, ...outbox.files].every(({ state }) => state === 'at_server') && (await isHere(officer, theirs));
  await officer.device.arrive({ inspection: id, certificate_shown: true, plate: null, fix: null });
  const own = await found(officer, id, '疏散通道堆放货物', 7, [weather.side ?? 224, weather.side ?? 224]);
  const bytes = await officer.page.evaluate(async (hash) => (await globalThis.device.photo(hash)).size, own);
  if (weather.always) {
    assert.equal(await signsIn(it, expected), false);
    assert.equal(await rounds(it, expected, all, 2), false, 'nothing passes a portal');
    assert.equal(way.state.filesUp, 0);
    assert.equal(await isHere(officer, theirs), false, 'what a portal says is kept for no picture');
    end();
  }
  assert.equal(await signsIn(it, expected), true);
  endSession(it);
  assert.ok(await rounds(it, expected, all), 'everything that can arrive arrives');
  end();
  const up = way.state.filesUp - way.state.repeatedUp;
  assert.ok(up >= bytes && up <= bytes * 1.1, `${up} bytes up for ${bytes}`);
  if (weather.turns && !weather.always) {
    const met = new Set(way.state.turnedAway.map(kindOf));
    assert.deepEqual([...met].sort(), Object.keys(KINDS).sort(), 'each kind of request was turned away');
  }
  if (weather.everyMs) assert.ok(way.state.cuts > 0, 'it was cut');
  return `${it.name}: ${bytes} bytes in ${((performance.now() - began) / 1000).toFixed(0)} s, ${up} up, ${way.state.repeatedUp} repeated by the browser, ${way.state.cuts} cuts, ${way.state.turnedAway.length} turned away`;
}

test('whatever the line is like, everything arrives once and one true sentence says what is in the way', { timeout: 300_000, concurrency: Object.keys(WEATHERS).length }, async (t) => {
  const { username, password } = stage.accounts.find((it) => it.title.includes('管理员'));
  const { access_token: administrator } = await post('/api/v1/session', { username, password });
  const visits = [];
  for (const [n, name] of Object.keys(WEATHERS).entries()) visits.push(await visitOn(name, n, administrator));
  await Promise.all(visits.map((it) => t.test(it.name, async () => console.log(await plays(it, WEATHERS[it.name])))));
  for (const { way } of visits) await way.close();
});
