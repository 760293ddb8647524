import vue from '@vitejs/plugin-vue';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

/** The largest file that is kept for offline use: the core is one file. */
const LARGEST = 8 * 1024 * 1024;

/** The component library names a second source of its icons on a foreign server: nothing is asked of others. */
const ownFontsOnly: Plugin = {
  name: 'own-fonts-only',
  transform(code, id) {
    return id.endsWith('.css') ? code.replace(/,\s*url\((['"]?)(?:https?:)?\/\/[^)]*\)\s*format\([^)]*\)/g, '') : null;
  },
  enforce: 'pre',
};

export default defineConfig({
  base: '/app/',
  plugins: [
    ownFontsOnly,
    vue(),
    VitePWA({
      // The manifest lies in `public`, written by hand.
      manifest: false,
      registerType: 'prompt',
      injectRegister: false,
      workbox: {
        globPatterns: ['**/*.{html,js,css,wasm,svg,png,webmanifest}'],
        maximumFileSizeToCacheInBytes: LARGEST,
        navigateFallback: '/app/index.html',
        navigateFallbackAllowlist: [/^\/app\//],
        // Names under assets change with their content: what the browser has is what it needs.
        dontCacheBustURLsMatching: /^assets\//,
        inlineWorkboxRuntime: true,
        sourcemap: false,
      },
    }),
  ],
  worker: { format: 'es' },
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
