// The page's end of the worker: numbered requests, and the answers that come back for them.
import type { NumberedRequest, WorkerMessage, WorkerRequest } from './messages.js';
import { Refusal } from './refusal.js';
import type { Changed, Progress } from './types.js';

/** A worker and the requests that wait for its answers. */
export class WorkerClient {
  private readonly worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;
  private ended: Refusal | null = null;

  constructor(onChange?: (parts: Changed[]) => void) {
    this.worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
      if ('changed' in data) return onChange?.(data.changed);
      const waiting = this.waiting.get(data.n);
      if (!waiting) return;
      if ('progress' in data) return waiting.progress?.(JSON.parse(data.progress) as Progress);
      this.waiting.delete(data.n);
      if ('refused' in data) waiting.reject(Refusal.of(data.refused));
      else waiting.resolve('json' in data ? JSON.parse(data.json) : data.bytes);
    };
    this.worker.onerror = (event) => this.end(Refusal.browser('app_error', event.message));
  }

  json<T>(request: WorkerRequest, progress?: (step: Progress) => void, signal?: AbortSignal): Promise<T> {
    if (this.ended) return Promise.reject(this.ended);
    const n = (this.last += 1);
    return new Promise<T>((resolve, reject) => {
      const accept = (value: unknown) => resolve(value as T);
      this.waiting.set(n, { resolve: accept, reject, ...(progress ? { progress } : {}) });
      this.worker.postMessage({ n, request } satisfies NumberedRequest);
      signal?.addEventListener('abort', () => {
        if (!this.waiting.delete(n)) return;
        void this.json({ kind: 'stop', sync: n }).catch(() => {});
        reject(signal.reason);
      });
    });
  }

  get isEnded(): boolean {
    return this.ended !== null;
  }

  end(why = Refusal.browser('device_closed')): void {
    this.ended = why;
    this.worker.terminate();
    for (const waiting of this.waiting.values()) waiting.reject(why);
    this.waiting.clear();
  }
}

interface Waiting {
  resolve(value: unknown): void;
  reject(why: unknown): void;
  progress?(step: Progress): void;
}
