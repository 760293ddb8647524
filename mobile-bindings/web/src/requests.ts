// Sends the requests that the core asks for, one after the other.
import type { Core, OutgoingRequest, Requests } from './core.js';

/** How long nothing may come while an answer is awaited or read. */
const SILENCE_MS = 60_000;
/**
 * How long a body may take on its way, by its size: a browser does not say whether it moves. The core makes
 * bodies small on slow lines, so that this is seldom more than a minute.
 */
const BYTES_PER_MS = 0.5;
const BODY_MS = 600_000;

/** Sends all requests in a row. Between two of them the core is free for other calls. */
export async function send(
  core: Core,
  requests: Requests,
  server: string,
  stop: AbortSignal | null,
  onRequest: () => void,
): Promise<void> {
  for (;;) {
    stop?.throwIfAborted();
    const request = core.next(requests);
    onRequest();
    if (!request) return;
    const answer = await sent(request, server, stop);
    stop?.throwIfAborted();
    if (typeof answer === 'string') core.lost(requests, answer);
    else core.take(requests, answer.status, answer.body);
  }
}

async function sent(
  request: OutgoingRequest,
  server: string,
  stop: AbortSignal | null,
): Promise<{ status: number; body: Uint8Array } | string> {
  const { method, path, body } = request;
  const headers = JSON.parse(request.headers) as [string, string][];
  request.free();
  const late = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const within = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => late.abort(new DOMException('silent', 'TimeoutError')), ms);
  };
  try {
    within(SILENCE_MS + Math.min(body.length / BYTES_PER_MS, BODY_MS));
    const response = await fetch(server + path, {
      method,
      headers,
      body: method === 'GET' ? null : new Uint8Array(body),
      credentials: 'omit',
      cache: 'no-store',
      signal: stop ? AbortSignal.any([stop, late.signal]) : late.signal,
    });
    return { status: response.status, body: await read(response, () => within(SILENCE_MS)) };
  } catch (error) {
    // Lost, late or stopped: whether it arrived is for the next exchange to find out.
    return String(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Reads a body as it comes: it may take long, but not fall silent. */
async function read(response: Response, moved: () => void): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  moved();
  const reader = response.body?.getReader();
  for (;;) {
    const next = await reader?.read();
    if (!next || next.done) break;
    moved();
    parts.push(next.value);
    length += next.value.length;
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return body;
}
