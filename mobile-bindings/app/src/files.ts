// Files that a person takes along.
import type { SheetFile } from '@zhicha/device';

/** How long the browser has to begin to read a file after the click. */
const BEGUN_MS = 10_000;

export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun with the click; the address may only go when the browser has it.
  window.setTimeout(() => URL.revokeObjectURL(address), BEGUN_MS);
}

/** The bytes of a file within JSON. */
export const bytesOf = (content: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(content.replaceAll('-', '+').replaceAll('_', '/')), (it) => it.charCodeAt(0));

/** Saves a file that the server made. */
export function download({ name, media_type, content }: SheetFile): void {
  saveFile(name, new Blob([bytesOf(content)], { type: media_type }));
}
