// Why something was not done: typed, never a string to take apart.
import type { Code, Problem } from './types.js';

/** A reason that only a browser has: it gives no durable storage, as in a private window or without https. */
export type BrowserCode = 'storage_unavailable';

/** What the package refuses itself, while there is no core to ask for its words. */
type OwnCode = BrowserCode | 'device_in_use' | 'device_closed' | 'app_error';

const SENTENCES: Record<OwnCode, [sentence: string, action: string]> = {
  device_in_use: ['已在另一个页面打开。', '请关闭另一个页面，或在此等待'],
  storage_unavailable: ['浏览器不允许在本机保存数据。', '请退出无痕模式，并用 https 地址打开'],
  device_closed: ['本机数据已关闭。', '请重新打开应用'],
  app_error: ['应用出错。', '请重新打开应用；已保存的记录不受影响'],
};

/** A refusal with what people are told. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    /** Stable reason. */
    readonly code: Code | BrowserCode,
    /** One plain sentence in Chinese. */
    readonly sentence: string,
    /** The one thing to do next, in Chinese. */
    readonly action?: string,
    /** The field it is about. */
    readonly field?: string,
    /** More for programs; never names, places or texts of people. */
    readonly detail?: string,
  ) {
    super(`${code}: ${sentence}${detail ? ` [${detail}]` : ''}`);
  }

  static of(problem: RefusalBody): Refusal {
    const { code, title, action, field, detail } = problem;
    return new Refusal(code, title, action, field ?? undefined, detail ?? undefined);
  }

  /** @internal */
  static browser(code: OwnCode, detail?: string): Refusal {
    return Refusal.of(browserProblem(code, detail));
  }
}

/** How a refusal crosses from the worker. */
export type RefusalBody = Omit<Problem, 'code' | 'number' | 'status'> & { code: Code | BrowserCode };

export function browserProblem(code: OwnCode, detail?: string): RefusalBody {
  const [title, action] = SENTENCES[code];
  return { code, title, action, ...(detail === undefined ? {} : { detail }) };
}
