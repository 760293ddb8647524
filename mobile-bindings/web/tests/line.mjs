// The line between a browser and the server. The test says how quick it is, when it is cut, and what something on the
// way answers in the server's place.
import { once } from 'node:events';
import http from 'node:http';

/** Bytes that are passed on at once: less than a slow line carries in a second. */
const PIECE = 512;

/**
 * @typedef {{ status: number, body?: string, type?: string }} Foreign An answer that is not the server's.
 * @typedef {(asked: string, headers: http.IncomingHttpHeaders) => Foreign | undefined} Rule
 */

/** Waits until a stream takes more, or never will. */
const takesMore = (to) => new Promise((done) => {
  const ended = () => {
    to.off('drain', ended).off('close', ended);
    done();
  };
  to.on('drain', ended).on('close', ended);
  if (to.destroyed) ended();
});

/** A line to a server, such as `http://127.0.0.1:1234`. Pages that are opened at its address speak through it. */
export async function line(server) {
  const { hostname, port } = new URL(server);
  const sockets = new Set();
  const state = {
    /** @type {Rule | null} Who answers in the server's place. */
    rule: null,
    /** Bytes a second in each direction; none is as quick as the machine. */
    rate: Infinity,
    isOff: false,
    /** Bytes of files that were passed on to the server. */
    filesUp: 0,
    /** Those of them that the browser sent again by itself: Chromium repeats a request whose kept connection was cut. */
    repeatedUp: 0,
    /** Requests that something else answered, by method and path. */
    turnedAway: [],
    cuts: 0,
    /** When each direction is free again. */
    free: { up: 0, down: 0 },
  };

  /** The requests of files since something else was asked, by what they asked. */
  const files = new Map();

  /** Waits until the line has carried so many bytes. */
  async function carried(direction, bytes) {
    if (state.rate === Infinity) return;
    const now = performance.now();
    state.free[direction] = Math.max(now, state.free[direction]) + (1000 * bytes) / state.rate;
    await new Promise((done) => setTimeout(done, state.free[direction] - now));
  }

  /** Passes a body on in pieces, until something stops it; gives whether all of it went through. */
  async function pass(from, to, direction, stops, seen = () => {}) {
    for await (const chunk of from.iterator({ destroyOnReturn: false })) {
      const length = state.rate === Infinity ? chunk.length : PIECE;
      for (let at = 0; at < chunk.length; at += length) {
        const piece = chunk.subarray(at, at + length);
        await carried(direction, piece.length);
        if (stops() || to.destroyed) return false;
        seen(piece.length);
        if (!to.write(piece)) await takesMore(to);
      }
    }
    return true;
  }

  async function carry(request, answer) {
    const asked = `${request.method} ${request.url}`;
    const { socket } = request;
    const isCut = () => socket.destroyed;
    const foreign = state.rule?.(asked, request.headers);
    if (foreign) {
      state.turnedAway.push(asked);
      for await (const chunk of request) await carried('up', chunk.length);
      answer.writeHead(foreign.status, { 'content-type': foreign.type ?? 'text/html; charset=utf-8' });
      answer.end(foreign.body ?? '');
      return;
    }
    const headers = { ...request.headers, host: `${hostname}:${port}` };
    const onward = http.request({ hostname, port, method: request.method, path: request.url, headers, agent: false });
    let early = null;
    onward.on('response', (it) => (early = it));
    onward.on('error', () => early ?? answer.destroy());
    const response = once(onward, 'response');
    response.catch(() => {});
    const counts = request.method === 'PUT' && request.url.startsWith('/sync/v1/blobs/');
    const before = files.get(asked);
    if (before?.isCut()) state.repeatedUp += before.passed;
    if (!before) files.clear();
    const way = { isCut, passed: 0 };
    if (counts) files.set(asked, way);
    const stops = () => isCut() || early !== null;
    await pass(request, onward, 'up', stops, (bytes) => {
      way.passed += bytes;
      if (counts) state.filesUp += bytes;
    }).catch(() => {});
    // What came is the server's: it hears that no more comes, and keeps it.
    if (isCut()) return onward.socket?.end();
    onward.end();
    // A server that refuses may do so before it has read everything.
    const [it] = early ? [early] : await response;
    request.resume();
    // Only this stretch of the way has a connection for each request.
    delete it.headers.connection;
    answer.writeHead(it.statusCode, it.headers);
    answer.flushHeaders();
    await pass(it, answer, 'down', isCut);
    answer.end();
  }

  const proxy = http.createServer((request, answer) => {
    // A connection that breaks is what this is for.
    carry(request, answer).catch(() => answer.destroy());
  });
  proxy.on('connection', (socket) => {
    if (state.isOff) return socket.destroy();
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const cut = () => {
    state.cuts += 1;
    for (const socket of sockets) socket.destroy();
  };
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    address: `http://127.0.0.1:${proxy.address().port}`,
    state,
    cut,
    /** From now on nobody is reached. */
    off() {
      state.isOff = true;
      cut();
    },
    on: () => (state.isOff = false),
    async close() {
      cut();
      proxy.close();
    },
  };
}
