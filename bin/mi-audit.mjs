#!/usr/bin/env node
// Starts mi-audit. The sources are TypeScript, which Node 24 runs as it is; an older Node hands over to the one that the project installs
// (npm package `node`). Signals and the exit code pass through.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const oldestMajor = 24;

if (Number(process.versions.node.split('.')[0]) >= oldestMajor) await import(main);
else handOver(newerNode());

function newerNode() {
  try {
    // The package's own binary, wherever npm hoisted it.
    const manifest = createRequire(import.meta.url).resolve('node/package.json');
    const binary = fileURLToPath(new URL(process.platform === 'win32' ? 'bin/node.exe' : 'bin/node', `file://${manifest}`));
    if (existsSync(binary)) return binary;
  } catch {
    // Said below.
  }
  process.stderr.write(
    `mi-audit: needs Node ${oldestMajor} or newer; this is ${process.versions.node}, and the project's own is not installed (npm ci).\n`,
  );
  process.exit(1);
}

function handOver(node) {
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const forward = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, forward);
  child.on('error', (error) => {
    process.stderr.write(`mi-audit: ${node} could not be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    for (const each of signals) process.off(each, forward);
    if (signal === null) process.exit(code ?? 1);
    else process.kill(process.pid, signal);
  });
}
