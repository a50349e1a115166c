import { startSandbox } from '../../src/sandbox/index.ts';

/** A sandbox in a process of its own, so that its work is not counted as the product's. Lives until its parent lets go. */
const [worldDir = ''] = process.argv.slice(2);
const sandbox = await startSandbox({ worldDir, storage: false });
process.send?.({ environment: sandbox.environment, now: sandbox.now });
process.on('disconnect', () => {
  void sandbox.close().finally(() => process.exit(0));
});
