// Pictures that lie turned in their files, as cameras write them: one for each orientation and format.

/** Exif 2.32, tag 274: where the first row and the first column of the file belong. */
const LIES = [
  null,
  { row: 'top', column: 'left' },
  { row: 'top', column: 'right' },
  { row: 'bottom', column: 'right' },
  { row: 'bottom', column: 'left' },
  { row: 'left', column: 'top' },
  { row: 'right', column: 'top' },
  { row: 'right', column: 'bottom' },
  { row: 'left', column: 'bottom' },
];
/** As it is to be seen. */
export const SEEN = { width: 240, height: 160, corners: { 'top left': [255, 0, 0], 'top right': [0, 255, 0], 'bottom left': [0, 0, 255], 'bottom right': [255, 255, 255] } };

/** What lies in a quarter of the file. */
function colour(orientation, below, right) {
  const { row, column } = LIES[orientation];
  const opposite = { top: 'bottom', bottom: 'top', left: 'right', right: 'left' };
  const sides = [below ? opposite[row] : row, right ? opposite[column] : column];
  const has = (side) => sides.includes(side);
  return SEEN.corners[`${has('top') ? 'top' : 'bottom'} ${has('left') ? 'left' : 'right'}`];
}

/** Runs in the page: paints four quarters and gives the file in base64. */
async function paint({ width, height, quarters, type }) {
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext('2d');
  for (const { below, right, rgb } of quarters) {
    pen.fillStyle = `rgb(${rgb.join(' ')})`;
    pen.fillRect(right ? width / 2 : 0, below ? height / 2 : 0, width / 2, height / 2);
  }
  const blob = await canvas.convertToBlob({ type, quality: 0.92 });
  return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
}

/** A TIFF with the orientation and nothing else. */
function tiff(orientation) {
  const it = Buffer.alloc(26);
  it.write('II*\0', 0, 'latin1');
  it.writeUInt32LE(8, 4);
  it.writeUInt16LE(1, 8);
  it.writeUInt16LE(0x0112, 10);
  it.writeUInt16LE(3, 12);
  it.writeUInt32LE(1, 14);
  it.writeUInt32LE(orientation, 18);
  return it;
}

function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}

/** How each format carries an Exif block. */
const CARRIES = {
  'image/jpeg'(file, exif) {
    const head = Buffer.from([0xff, 0xe1, 0, 0]);
    const block = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exif]);
    head.writeUInt16BE(block.length + 2, 2);
    return Buffer.concat([file.subarray(0, 2), head, block, file.subarray(2)]);
  },
  'image/png'(file, exif) {
    // Behind the signature and the header of the picture.
    const at = 8 + 25;
    const kind = Buffer.concat([Buffer.from('eXIf', 'latin1'), exif]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(exif.length);
    sum.writeUInt32BE(crc(kind));
    return Buffer.concat([file.subarray(0, at), length, kind, sum, file.subarray(at)]);
  },
  'image/webp'(file, exif, { width, height }) {
    const chunk = (name, body) => {
      const head = Buffer.alloc(8);
      head.write(name, 0, 'latin1');
      head.writeUInt32LE(body.length, 4);
      return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
    };
    const extended = Buffer.alloc(10);
    extended[0] = 0x08;
    extended.writeUIntLE(width - 1, 4, 3);
    extended.writeUIntLE(height - 1, 7, 3);
    // A plain file has its picture and nothing else behind the head.
    const plain = file.subarray(12);
    const picture = plain.toString('latin1', 0, 4) === 'VP8X' ? plain.subarray(18) : plain;
    const body = Buffer.concat([Buffer.from('WEBP', 'latin1'), chunk('VP8X', extended), picture, chunk('EXIF', exif)]);
    return chunk('RIFF', body);
  },
};

/** Every orientation in every format that carries one. */
export async function turnedPictures(page) {
  const files = [];
  for (const [type, carries] of Object.entries(CARRIES)) {
    for (let orientation = 1; orientation <= 8; orientation += 1) {
      const [width, height] = orientation >= 5 ? [SEEN.height, SEEN.width] : [SEEN.width, SEEN.height];
      const quarters = [0, 1, 2, 3].map((n) => ({ below: n >= 2, right: n % 2 === 1, rgb: colour(orientation, n >= 2, n % 2 === 1) }));
      const plain = Buffer.from(await page.evaluate(paint, { width, height, quarters, type }), 'base64');
      const name = `${type.slice(6)}-${orientation}`;
      files.push({ name: `${name}.${type.slice(6)}`, mimeType: type, buffer: carries(plain, tiff(orientation), { width, height }) });
    }
  }
  return files;
}
