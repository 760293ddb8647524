// Whether there is room, found out by writing: browsers round the figures that they give.

/** About one photo. */
const ROOM_BYTES = 4 * 1024 * 1024;
const TRIAL = 'zhicha-trial';

interface Access {
  write(bytes: Uint8Array): number;
  truncate(size: number): void;
  close(): void;
}

/** Whether a photo finds no room any more. SQLite cannot tell that from another fault of the browser's files. */
export async function isFull(): Promise<boolean> {
  const folder = await navigator.storage.getDirectory();
  const file = await folder.getFileHandle(TRIAL, { create: true });
  const access = await (file as unknown as { createSyncAccessHandle(): Promise<Access> }).createSyncAccessHandle();
  try {
    // Chromium gives a negative number as a huge one.
    return access.write(new Uint8Array(ROOM_BYTES)) !== ROOM_BYTES;
  } catch {
    return true;
  } finally {
    access.truncate(0);
    access.close();
    await folder.removeEntry(TRIAL);
  }
}
