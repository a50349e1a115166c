import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('npm run serve starts, answers with page and API, and ends', { timeout: 120_000 }, async () => {
  const script = join(import.meta.dirname, '../../tools/serve.ts');
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, '--once'], {
    env: { ...process.env, NODE_ENV: 'production' },
  });
  expect(stdout).toMatch(/Audited contoso, a made-up tenant: \d+ findings\./);
  for (const path of ['/', '/findings', '/api/health', '/api/config']) expect(stdout).toContain(`${path}: 200, `);
  expect(stderr).toBe('');
});
