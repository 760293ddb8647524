// Photos as an officer takes them, drawn by the browser: what a test records looks like what it says.

/** Which scene belongs to the name of a photo; anything else is a passage that is blocked. */
const SCENES = {
  电池库: 'batteries',
  已隔离: 'isolated',
  复查现场: 'rechecked',
  灭火器: 'empty',
  灭火器已更换: 'replaced',
  已清理: 'clear',
};

/** Runs in the page: draws a scene of 12 megapixels and gives it as JPEG in base64. */
async function draw({ scene, name }) {
  const [W, H] = [4000, 3000];
  const canvas = new OffscreenCanvas(W, H);
  const it = canvas.getContext('2d');
  let seed = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) >>> 0, 7);
  const random = () => ((seed = (seed * 1664525 + 1013904223) >>> 0) / 2 ** 32);
  const rect = (x, y, w, h, colour) => ((it.fillStyle = colour), it.fillRect(x, y, w, h));
  const fade = (x1, y1, x2, y2, ...colours) => {
    const paint = it.createLinearGradient(x1, y1, x2, y2);
    colours.forEach((colour, n) => paint.addColorStop(n / (colours.length - 1), colour));
    return paint;
  };
  const shape = (colour, ...points) => {
    it.fillStyle = colour;
    it.beginPath();
    points.forEach(([x, y]) => it.lineTo(x, y));
    it.fill();
  };
  const round = (x, y, w, h, r, colour) => ((it.fillStyle = colour), it.beginPath(), it.roundRect(x, y, w, h, r), it.fill());
  const shadow = (x, y, w, h) => {
    it.filter = 'blur(40px)';
    it.fillStyle = 'rgb(0 0 0 / 45%)';
    it.beginPath();
    it.ellipse(x, y, w, h, 0, 0, 7);
    it.fill();
    it.filter = 'none';
  };
  const sign = (text, x, y, w, h, colour) => {
    round(x, y, w, h, 24, '#f6f6f2');
    round(x + 14, y + 14, w - 28, h - 28, 16, colour);
    it.fillStyle = '#fff';
    it.textAlign = 'center';
    it.textBaseline = 'middle';
    it.font = `700 ${Math.min(h * 0.52, (w * 0.86) / text.length)}px sans-serif`;
    it.fillText(text, x + w / 2, y + h / 2);
  };
  /** Wall and floor of a hall, its tiles running to the back. */
  const hall = (back) => {
    rect(0, 0, W, back, fade(0, 0, 0, back, '#c9ccc6', '#e2e3dc', '#d2d3cb'));
    rect(0, back - 420, W, 420, fade(0, back - 420, 0, back, '#8fa9a2', '#7d9890'));
    rect(0, back, W, H - back, fade(0, back, 0, H, '#8d9089', '#b0b2aa', '#9a9c95'));
    it.strokeStyle = 'rgb(60 62 58 / 35%)';
    it.lineWidth = 8;
    for (let n = -12; n <= 24; n += 1) (it.beginPath(), it.moveTo(1200 + n * 130, back), it.lineTo(n * 900 - 3600, H), it.stroke());
    for (let n = 0; n < 6; n += 1) (it.beginPath(), it.moveTo(0, back + 70 * n ** 1.7), it.lineTo(W, back + 70 * n ** 1.7), it.stroke());
    shape('#d8b12a', [0, back + 330], [W, back + 330], [W, back + 400], [0, back + 400]);
  };
  const carton = (x, y, w, h) => {
    const d = w * 0.22;
    shape('#8f6a3d', [x + w, y], [x + w + d, y - d * 0.7], [x + w + d, y + h - d * 0.7], [x + w, y + h]);
    shape('#d3ab74', [x, y], [x + d, y - d * 0.7], [x + w + d, y - d * 0.7], [x + w, y]);
    rect(x, y, w, h, fade(x, y, x, y + h, '#c39a63', '#a97f4b'));
    rect(x, y + h * 0.44, w, h * 0.07, '#e4d3b4');
    rect(x + w * 0.6, y + h * 0.6, w * 0.28, h * 0.24, '#efe9dc');
    rect(x + w * 0.63, y + h * 0.66, w * 0.2, h * 0.03, '#444');
    rect(x + w * 0.63, y + h * 0.74, w * 0.14, h * 0.03, '#444');
  };
  const extinguisher = (x, y, full) => {
    shadow(x + 170, y + 1240, 250, 60);
    round(x, y + 260, 340, 980, 130, fade(x, 0, x + 340, 0, '#7d0f12', '#d8262a', '#f0595c', '#c01d21', '#7a0d10'));
    rect(x + 30, y + 560, 280, 380, '#f4efe4');
    it.fillStyle = '#b3161a';
    it.textAlign = 'center';
    it.font = '700 84px sans-serif';
    it.fillText('灭火器', x + 170, y + 640);
    for (let n = 0; n < 5; n += 1) rect(x + 60, y + 720 + n * 40, 220 - (n % 2) * 50, 16, '#666');
    round(x + 120, y + 120, 100, 170, 20, '#2b2b2b');
    shape('#1d1d1d', [x + 60, y + 90], [x + 360, y + 20], [x + 370, y + 70], [x + 150, y + 150]);
    it.strokeStyle = '#1b1b1b';
    it.lineWidth = 46;
    it.beginPath();
    it.moveTo(x + 130, y + 200);
    it.bezierCurveTo(x - 180, y + 240, x - 120, y + 700, x - 70, y + 980);
    it.stroke();
    round(x - 120, y + 960, 100, 190, 20, '#262626');
    // The gauge says whether there is pressure.
    const [cx, cy, r] = [x + 300, y + 230, 120];
    const disc = (radius, colour) => ((it.fillStyle = colour), it.beginPath(), it.arc(cx, cy, radius, 0, 7), it.fill());
    disc(r, '#c9c9c9');
    disc(r - 14, '#fafafa');
    [['#d22', 2.5, 3.9], ['#2a2', 3.9, 5.5], ['#e8b400', 5.5, 6.9]].forEach(([colour, from, to]) => {
      it.strokeStyle = colour;
      it.lineWidth = 30;
      it.beginPath();
      it.arc(cx, cy, r - 34, from, to);
      it.stroke();
    });
    const angle = full ? 4.7 : 2.8;
    it.strokeStyle = '#111';
    it.lineWidth = 14;
    it.beginPath();
    it.moveTo(cx, cy);
    it.lineTo(cx + Math.cos(angle) * (r - 30), cy + Math.sin(angle) * (r - 30));
    it.stroke();
  };
  const battery = (x, y, w, h, broken) => {
    round(x, y, w, h, 18, fade(x, y, x, y + h, '#4b6b8c', '#2f4a66'));
    round(x + w * 0.08, y + h * 0.12, w * 0.84, h * 0.2, 12, '#22374d');
    rect(x + w * 0.16, y - 34, 60, 40, '#c22');
    rect(x + w * 0.7, y - 34, 60, 40, '#222');
    rect(x + w * 0.14, y + h * 0.46, w * 0.5, h * 0.3, '#e9edf0');
    if (!broken) return;
    // Swollen, burnt at the edge, with the red label of the workshop.
    it.fillStyle = '#3c5773';
    it.beginPath();
    it.ellipse(x + w / 2, y + h * 0.56, w * 0.56, h * 0.5, 0, 0, 7);
    it.fill();
    it.filter = 'blur(24px)';
    it.fillStyle = 'rgb(20 12 8 / 85%)';
    it.beginPath();
    it.ellipse(x + w * 0.8, y + h * 0.2, w * 0.24, h * 0.3, 0.5, 0, 7);
    it.fill();
    it.filter = 'none';
    sign('故障', x + w * 0.12, y + h * 0.36, w * 0.56, h * 0.42, '#c4161c');
  };
  const rack = (broken) => {
    shadow(2000, 2560, 1700, 110);
    for (const x of [420, 1980, 3500]) rect(x, 420, 90, 2120, fade(x, 0, x + 90, 0, '#235a8f', '#3f7fbc', '#1c4a76'));
    for (const [row, y] of [980, 1680, 2380].entries()) {
      for (let n = 0; n < 6; n += 1) battery(560 + n * 490 + (n > 2 ? 30 : 0), y - 440, 400, 440, broken && row === 1 && (n === 1 || n === 2 || n === 4));
      rect(400, y, 3210, 90, fade(0, y, 0, y + 90, '#e8862d', '#b85f14'));
    }
  };
  const cabinet = () => {
    shadow(2000, 2600, 1150, 100);
    rect(1000, 520, 2000, 2050, fade(1000, 0, 3000, 0, '#c79a12', '#f1c431', '#dcae1f', '#a97f0c'));
    rect(1985, 560, 30, 1970, '#7d5f08');
    for (const x of [1120, 2120]) for (let n = 0; n < 5; n += 1) rect(x, 1900 + n * 70, 760, 30, '#8a6a0c');
    for (const x of [1880, 2060]) round(x, 1380, 60, 260, 24, '#333');
    sign('故障电池隔离柜', 1160, 700, 1680, 300, '#b3161a');
    for (let n = -1; n < 14; n += 1) {
      const x = 1000 + n * 150;
      it.save();
      it.beginPath();
      it.rect(1000, 2420, 2000, 150);
      it.clip();
      shape('#1a1a1a', [x, 2570], [x + 75, 2570], [x + 225, 2420], [x + 150, 2420]);
      it.restore();
    }
    round(360, 2060, 480, 520, 40, fade(360, 0, 840, 0, '#8f1416', '#d32b2e', '#8a1012'));
    sign('消防沙', 420, 2180, 360, 200, '#a01418');
    it.save();
    it.translate(3350, 1380);
    extinguisher(0, 0, true);
    it.restore();
  };
  const passage = (blocked) => {
    rect(0, 0, W, H, '#b9bcb4');
    shape('#d9dad2', [0, 0], [1300, 700], [1300, 2000], [0, H]);
    shape('#cfd0c8', [W, 0], [2700, 700], [2700, 2000], [W, H]);
    shape('#e6e7e0', [0, 0], [W, 0], [2700, 700], [1300, 700]);
    shape('#8f928b', [0, H], [1300, 2000], [2700, 2000], [W, H]);
    shape('#d8b12a', [560, H], [1460, 2000], [1490, 2000], [700, H]);
    shape('#d8b12a', [W - 560, H], [2540, 2000], [2510, 2000], [W - 700, H]);
    for (const n of [0, 1]) shape('#fbfbf4', [1700 - n * 500, 300 - n * 220], [2300 + n * 500, 300 - n * 220], [2250 + n * 420, 380 - n * 190], [1750 - n * 420, 380 - n * 190]);
    rect(1300, 700, 1400, 1300, fade(0, 700, 0, 2000, '#d8d9d1', '#c3c5bc'));
    for (const x of [1560, 2010]) (rect(x, 960, 430, 1040, fade(x, 0, x + 430, 0, '#56685f', '#6d8076')), rect(x + 60, 1060, 310, 380, '#a9c0c4'));
    rect(1900, 1520, 60, 40, '#ddd');
    rect(2040, 1520, 60, 40, '#ddd');
    sign('安全出口', 1640, 730, 720, 190, '#0c8a43');
    if (!blocked) return;
    shadow(2050, 2620, 1500, 160);
    for (const [x, y, w, h] of [[1500, 1500, 520, 460], [2040, 1560, 480, 400], [1720, 1130, 460, 380], [900, 1960, 760, 660], [1700, 2020, 820, 620], [2560, 1900, 700, 700], [1180, 1440, 560, 520], [1960, 1480, 640, 540]]) carton(x, y, w, h);
  };
  const drawings = {
    batteries: () => (hall(2300), rack(true)),
    isolated: () => (hall(2300), cabinet()),
    rechecked: () => (it.save(), it.translate(-700, -380), it.scale(1.28, 1.28), hall(2300), cabinet(), it.restore()),
    empty: () => (hall(2350), sign('灭火器', 1400, 500, 1200, 330, '#b3161a'), extinguisher(1350, 1250, false), extinguisher(2250, 1250, false)),
    replaced: () => (hall(2350), sign('灭火器', 1400, 500, 1200, 330, '#b3161a'), extinguisher(1350, 1250, true), extinguisher(2250, 1250, true)),
    blocked: () => passage(true),
    clear: () => passage(false),
  };
  // No two photos are held alike.
  it.translate(W / 2, H / 2);
  it.rotate((random() - 0.5) * 0.03);
  it.scale(1.06, 1.06);
  it.translate(-W / 2 + (random() - 0.5) * 80, -H / 2 + (random() - 0.5) * 80);
  drawings[scene]();
  it.resetTransform();
  const light = it.createRadialGradient(W * 0.5, H * 0.4, 600, W * 0.5, H * 0.5, 2700);
  light.addColorStop(0, 'rgb(255 248 230 / 14%)');
  light.addColorStop(1, 'rgb(0 0 0 / 48%)');
  rect(0, 0, W, H, light);
  // The grain of a sensor.
  const grain = new OffscreenCanvas(512, 512);
  const dots = grain.getContext('2d');
  const noise = dots.createImageData(512, 512);
  for (let at = 0; at < noise.data.length; at += 4) noise.data.set([random() * 255, random() * 255, random() * 255, 26], at);
  dots.putImageData(noise, 0, 0);
  rect(0, 0, W, H, it.createPattern(grain, 'repeat'));
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** A real JPEG of 12 megapixels, different for every name. */
export async function photo(page, name) {
  const base64 = await page.evaluate(draw, { scene: SCENES[name] ?? 'blocked', name });
  return { name: `${name}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from(base64, 'base64') };
}
