// Sends the requests that the core asks for, one after the other.
import type { Core, Request, Talk } from './core.js';

/** How long one request may take: the largest part of a photo over a very slow line. */
const REQUEST_MS = 300_000;

/** Carries a talk to its end. Between two requests the core is free for everything else. */
export async function carry(
  core: Core,
  talk: Talk,
  server: string,
  stop: AbortSignal | null,
  onRequest: () => void,
): Promise<void> {
  for (;;) {
    stop?.throwIfAborted();
    const request = core.next(talk);
    onRequest();
    if (!request) return;
    const answer = await sent(request, server, stop);
    stop?.throwIfAborted();
    if (typeof answer === 'string') core.lost(talk, answer);
    else core.take(talk, answer.status, answer.body);
  }
}

async function sent(
  request: Request,
  server: string,
  stop: AbortSignal | null,
): Promise<{ status: number; body: Uint8Array } | string> {
  const { method, path, body } = request;
  const headers = JSON.parse(request.headers) as [string, string][];
  request.free();
  const late = AbortSignal.timeout(REQUEST_MS);
  try {
    const response = await fetch(server + path, {
      method,
      headers,
      body: method === 'GET' ? null : new Uint8Array(body),
      credentials: 'omit',
      cache: 'no-store',
      signal: stop ? AbortSignal.any([stop, late]) : late,
    });
    return { status: response.status, body: new Uint8Array(await response.arrayBuffer()) };
  } catch (error) {
    // Lost, late or stopped: whether it arrived is for the next exchange to find out.
    return String(error);
  }
}
