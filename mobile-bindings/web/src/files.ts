// The files of a device as the browser has them, read without the core: also when that cannot open them.

/** What is done about stores that cannot be opened: a new store beside the old one, or a new key in the place of all. */
export type Repair = 'new_store' | 'new_key';

/** What the browser did not keep of a device. */
export interface Lost {
  /** The key: the records are here, and go to the server under a new one after signing in. */
  key: boolean;
  /** The records: what was not sent is gone, the rest comes again after signing in. */
  records: boolean;
}

/** The pool of the core keeps the name of each file in a sector before its content. */
const SECTOR = 4096;
const NAME_BYTES = 512;
/** Where the pool keeps its files, below the folder of a device. */
const OPAQUE = '.opaque';

const text = new TextDecoder();

/** The folders of a name: the one in use last, before it those that were set aside. */
export async function foldersOf(name: string): Promise<string[]> {
  const root = await navigator.storage.getDirectory();
  const found = [];
  for await (const [folder] of root.entries()) {
    const [first, n = '0', ...rest] = folder.split('.');
    if (first === `zhicha-${name}` && /^\d+$/.test(n) && !rest.length) found.push({ folder, n: Number(n) });
  }
  return found.sort((a, b) => a.n - b.n).map((it) => it.folder);
}

/** The folder in use, or a new one beside it. */
export async function folderOf(name: string, repair: Repair | null): Promise<string> {
  const last = (await foldersOf(name)).at(-1);
  if (!last) return `zhicha-${name}`;
  const n = Number(last.split('.')[1] ?? 0);
  return repair === 'new_store' ? `zhicha-${name}.${n + 1}` : last;
}

/** Removes the folders of a name that were set aside. */
export async function removeSetAside(name: string): Promise<void> {
  const root = await navigator.storage.getDirectory();
  for (const folder of (await foldersOf(name)).slice(0, -1)) await root.removeEntry(folder, { recursive: true });
}

/** The databases in a folder, by their names. */
async function databases(folder: string): Promise<[string, Blob][]> {
  const root = await navigator.storage.getDirectory();
  const files = await (await root.getDirectoryHandle(folder)).getDirectoryHandle(OPAQUE);
  const found: [string, Blob][] = [];
  for await (const handle of files.values()) {
    if (handle.kind !== 'file') continue;
    const file = await (handle as FileSystemFileHandle).getFile();
    const head = new Uint8Array(await file.slice(0, NAME_BYTES).arrayBuffer());
    const name = text.decode(head.subarray(0, head.indexOf(0)));
    // A copy: a file that changes later could not be read any more.
    if (name) found.push([name.replace(/^\/+/, ''), new Blob([await file.slice(SECTOR).arrayBuffer()])]);
  }
  return found;
}

const README = `直查本机数据的副本。device.db 是记录，pictures.db 是照片，均为 SQLite 数据库；以 aside 开头的文件夹是另存的旧数据。
内含执法记录，请只交给本单位管理员，交给后删除。
`;

/** Everything that this browser holds of a device, as one file (tar): its databases, and what the page adds. Works
 * also when the device cannot be opened. */
export async function exportFiles(name = 'zhicha', added: Record<string, string> = {}): Promise<Blob> {
  const entries: [string, Blob][] = [['README.txt', new Blob([README])]];
  for (const [path, content] of Object.entries(added)) entries.push([path, new Blob([content])]);
  const folders = await foldersOf(name);
  for (const [at, folder] of folders.entries()) {
    const before = at < folders.length - 1 ? `aside-${at + 1}/` : '';
    // One that cannot be read holds back no other.
    for (const [path, content] of await databases(folder).catch(() => [])) entries.push([`${before}${path}`, content]);
  }
  return tar(entries);
}

/** POSIX.1-1988 (ustar). */
function tar(entries: [string, Blob][]): Blob {
  const BLOCK = 512;
  const parts: BlobPart[] = [];
  for (const [path, content] of entries) {
    const head = new Uint8Array(BLOCK);
    const put = (at: number, value: string) => head.set(new TextEncoder().encode(value), at);
    const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
    put(0, path.slice(0, 100));
    put(100, '0000600\0');
    put(108, '0000000\0');
    put(116, '0000000\0');
    put(124, `${octal(content.size, 11)}\0`);
    put(136, `${octal(Math.floor(Date.now() / 1000), 11)}\0`);
    put(148, '        ');
    put(156, '0');
    put(257, 'ustar\x0000');
    put(148, `${octal(head.reduce((sum, byte) => sum + byte, 0), 6)}\0 `);
    parts.push(head, content, new Uint8Array((BLOCK - (content.size % BLOCK)) % BLOCK));
  }
  return new Blob([...parts, new Uint8Array(2 * BLOCK)], { type: 'application/x-tar' });
}
