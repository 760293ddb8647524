// The device's key at rest: 32 bytes sealed by an AES key that the browser does not give out.

interface Sealed {
  wrapping: CryptoKey;
  iv: Uint8Array<ArrayBuffer>;
  sealed: ArrayBuffer;
  /** Whether the server has enrolled a device with it. */
  enrolled?: boolean;
}

/** A key with what is known of it. */
export interface StoredKey {
  key: Uint8Array;
  enrolled: boolean;
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
export async function storedKey(name: string): Promise<StoredKey | null> {
  const database = await opened();
  try {
    const get = database.transaction(STORE).objectStore(STORE).get(name);
    const stored = (await settled(get)) as Sealed | undefined;
    if (!stored) return null;
    const { wrapping, iv, sealed, enrolled = false } = stored;
    const key = new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, wrapping, sealed));
    return { key, enrolled };
  } finally {
    database.close();
  }
}

/** Keeps a key; when this returns it is on disk. */
export async function storeKey(name: string, key: Uint8Array): Promise<void> {
  const algorithm = { name: 'AES-GCM', length: 256 };
  const wrapping = await crypto.subtle.generateKey(algorithm, false, ['encrypt', 'decrypt']);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, wrapping, new Uint8Array(key));
  await changed((keys) => keys.put({ wrapping, iv, sealed } satisfies Sealed, name));
}

/** Notes that the server has enrolled a device with the key of a name. */
export async function noteEnrolled(name: string): Promise<void> {
  await changed((keys) => {
    const get = keys.get(name) as IDBRequest<Sealed>;
    get.onsuccess = () => keys.put({ ...get.result, enrolled: true } satisfies Sealed, name);
    return get;
  });
}

/** Removes all keys, for a key store that cannot be read any more. */
export async function dropKeys(): Promise<void> {
  await settled(indexedDB.deleteDatabase(DATABASE));
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
