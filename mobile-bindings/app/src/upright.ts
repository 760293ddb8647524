// Browsers turn JPEG and PNG as the orientation in the file says, and not WebP: what is shown of such a file is a
// turned copy. The file itself stays as it was taken.

/** Longer side of a copy, in pixels: more than any screen of a phone has. */
const LONGEST = 4096;
const HEAD_BYTES = 12;
const ORIENTATION = 0x0112;

/** The orientation of a TIFF, as Exif 2.32 numbers it; 1 where it says none. */
function orientationIn(tiff: DataView): number {
  const little = tiff.getUint16(0) === 0x4949;
  const at = tiff.getUint32(4, little);
  for (let n = 0; n < tiff.getUint16(at, little); n += 1) {
    const entry = at + 2 + 12 * n;
    if (tiff.getUint16(entry, little) === ORIENTATION) return tiff.getUint16(entry + 8, little);
  }
  return 1;
}

/** The orientation that a WebP says. */
function orientationOf(bytes: ArrayBuffer): number {
  const all = new DataView(bytes);
  const text = (at: number, length: number) => String.fromCharCode(...new Uint8Array(bytes, at, length));
  for (let at = HEAD_BYTES; at + 8 <= all.byteLength; ) {
    const size = all.getUint32(at + 4, true);
    // Some programs write the mark of JPEG before the block.
    if (text(at, 4) === 'EXIF') return orientationIn(new DataView(bytes, at + 8 + (text(at + 8, 4) === 'Exif' ? 6 : 0)));
    at += 8 + size + (size % 2);
  }
  return 1;
}

/** What is done to a picture of these sides. */
const TURNS: ((w: number, h: number) => DOMMatrix2DInit)[] = [
  (w) => ({ a: -1, b: 0, c: 0, d: 1, e: w, f: 0 }),
  (w, h) => ({ a: -1, b: 0, c: 0, d: -1, e: w, f: h }),
  (_, h) => ({ a: 1, b: 0, c: 0, d: -1, e: 0, f: h }),
  () => ({ a: 0, b: 1, c: 1, d: 0, e: 0, f: 0 }),
  (_, h) => ({ a: 0, b: 1, c: -1, d: 0, e: h, f: 0 }),
  (w, h) => ({ a: 0, b: -1, c: -1, d: 0, e: h, f: w }),
  (w) => ({ a: 0, b: -1, c: 1, d: 0, e: 0, f: w }),
];

/** A picture as it was taken: the file, or a turned copy where the browser would not turn it. */
export async function upright(file: Blob): Promise<Blob> {
  try {
    if (!/^RIFF.*WEBP$/s.test(await file.slice(0, HEAD_BYTES).text())) return file;
    const orientation = orientationOf(await file.arrayBuffer());
    const turn = TURNS[orientation - 2];
    if (!turn) return file;
    const picture = await createImageBitmap(file, { imageOrientation: 'none' });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const [w, h] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
    const canvas = orientation >= 5 ? new OffscreenCanvas(h, w) : new OffscreenCanvas(w, h);
    const pen = canvas.getContext('2d');
    pen?.setTransform(turn(w, h));
    pen?.drawImage(picture, 0, 0, w, h);
    picture.close();
    return await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 });
  } catch {
    // What cannot be read is shown as the browser shows it.
    return file;
  }
}
