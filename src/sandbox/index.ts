/** A loopback Azure that serves a world (docs/sandbox.md). Never in the deployed bundle. */
export { azureCliLines } from './azure-cli.ts';
export type { RequestRecord } from './http.ts';
export type { Received, ReceivedMail } from './received.ts';
export { startSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts';
export { NotAWorld } from './world-settings.ts';
