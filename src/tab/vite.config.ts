import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The page as plain files in dist/tab. `__CSP_NONCE__` is replaced by the API with each answer (src/api/pages.ts). */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: join(import.meta.dirname, 'public'),
  base: '/',
  plugins: [react()],
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: join(import.meta.dirname, '../../dist/tab'),
    emptyOutDir: true,
    target: 'es2022',
    manifest: true,
    // An inlined file would need data: in the content policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
