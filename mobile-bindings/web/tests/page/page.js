// The page of the tests: the package as any page has it, and pictures to take.
import * as zhicha from './device/index.js';

globalThis.zhicha = zhicha;
globalThis.changes = 0;

globalThis.open = async (options = {}) => {
  globalThis.device = await zhicha.openDevice({ ...options, onChange: () => (globalThis.changes += 1) });
};

// A picture with the grain of a sensor; the same seed gives the same grain.
globalThis.picture = async (seed, width = 320, height = 240) => {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  let state = seed * 2 + 1;
  for (let at = 0; at < image.data.length; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    image.data[at] = at % 4 === 3 ? 255 : 128 + (state >>> 26);
  }
  context.putImageData(image, 0, 0);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
};

// What became of a call, with a refusal as plain data.
globalThis.outcome = (work) =>
  work().then(
    (value) => ({ value }),
    (error) => {
      if (!(error instanceof zhicha.Refusal)) throw error;
      const { code, sentence, action, field, detail } = error;
      return { refused: { code, sentence, action, field, detail } };
    },
  );

globalThis.loaded = true;
