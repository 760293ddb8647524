// The device's key at rest: 32 bytes sealed by an AES key that the browser does not give out.

interface Sealed {
  wrapping: CryptoKey;
  iv: Uint8Array<ArrayBuffer>;
  sealed: ArrayBuffer;
}

const DATABASE = 'zhicha-keys';
const STORE = 'keys';

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return settled(request);
}

/** The key kept under a name, if there is one. */
export async function keptKey(name: string): Promise<Uint8Array | null> {
  const database = await opened();
  try {
    const get = database.transaction(STORE).objectStore(STORE).get(name);
    const kept = (await settled(get)) as Sealed | undefined;
    if (!kept) return null;
    const { wrapping, iv, sealed } = kept;
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, wrapping, sealed));
  } finally {
    database.close();
  }
}

/** Keeps a key; when this returns it is on disk. */
export async function keepKey(name: string, key: Uint8Array): Promise<void> {
  const algorithm = { name: 'AES-GCM', length: 256 };
  const wrapping = await crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt']);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, wrapping, new Uint8Array(key));
  await changed((keys) => keys.put({ wrapping, iv, sealed } satisfies Sealed, name));
}

/** Forgets the key of a name. */
export async function forgetKey(name: string): Promise<void> {
  await changed((keys) => keys.delete(name));
}

async function changed(change: (keys: IDBObjectStore) => IDBRequest): Promise<void> {
  const database = await opened();
  try {
    const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' });
    change(transaction.objectStore(STORE));
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}
