import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerRequest, type Dependencies } from '../../src/api/index.ts';
import { openHouse, type House } from '../../src/compose.ts';
import { readSettings, type Settings } from '../../src/config/index.ts';
import { apiDependencies } from '../../src/functions/api-dependencies.ts';
import { compressed } from '../../src/functions/compressed.ts';
import { pageFiles } from '../../src/functions/page-files.ts';
import { auditEstate } from '../../src/jobs/audit-estate.ts';
import type { AuditReport } from '../../src/jobs/audit-report.ts';
import { sentence } from '../../src/jobs/error-sentence.ts';
import { watch } from '../../src/jobs/watch.ts';
import { rules } from '../../src/rules/index.ts';
import { writeContoso } from '../../src/sandbox/generate/index.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { pageFolder } from '../build-page.ts';
import { listenOnLoopback } from './listen.ts';

export interface Demo {
  /** `http://localhost:1234` */
  readonly address: string;
  /** The clock of the tenant when it began. */
  readonly startedAt: string;
  readonly users: readonly { readonly name: string; readonly roles: readonly string[] }[];
  /** What the product takes to look at the same tenant. */
  readonly environment: Readonly<Record<string, string>>;
  audit(): Promise<AuditReport>;
  close(): Promise<void>;
}

interface DemoOptions {
  readonly port?: number;
  /** Folder of the built page. */
  readonly pages?: string;
  readonly say: (line: string) => void;
}

/** API and page as the function app serves them, over contoso in a sandbox, with one audit and one pass of the watch behind them. */
export async function startDemo({ port = 0, pages = pageFolder, say }: DemoOptions): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), 'mi-audit-serve-'));
  const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).toReversed()) await end();
  };
  try {
    await writeContoso(folder);
    const sandbox = await startSandbox({ worldDir: folder, plainAuthority: true });
    closing.push(() => sandbox.close());
    // Azure's identity library looks for the identity endpoint in the process's own environment.
    Object.assign(process.env, sandbox.environment);
    const settings = settingsFrom(sandbox.environment);
    const house = openHouse(settings, () => {});
    closing.push(() => house.close());
    const tenant = openTenant(house, settings, clockFrom(sandbox.now));

    const { summary } = await tenant.audit();
    say(`Audited contoso, a made-up tenant: ${summary.new} findings.`);
    say(`Watched its refused calls: ${(await tenant.watch()).incidents.length} incidents.`);

    const api = apiDependencies({ house, settings, version: 'demo', pages: pageFiles(pages), log: say });
    const listening = await listenOnLoopback(port, answering(inDemo(api, tenant, say)));
    closing.push(() => listening.close());
    const users = sandbox.signIn.users.map(({ name, roles }) => ({ name, roles }));
    return { address: listening.address, startedAt: sandbox.now, users, environment: sandbox.environment, audit: tenant.audit, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

function settingsFrom(environment: Readonly<Record<string, string>>): Settings {
  const read = readSettings(environment);
  if ('settings' in read) return read.settings;
  throw new Error(read.problems.map(({ setting, text }) => `${setting} ${text}`).join('; '));
}

/** Begins where the world's stands and goes on as fast as any other, so that what happens later is later. */
function clockFrom(start: string): () => string {
  const startedMs = performance.now();
  return () => new Date(Date.parse(start) + Math.round(performance.now() - startedMs)).toISOString();
}

interface Tenant {
  readonly now: () => string;
  readonly audit: () => Promise<AuditReport>;
  readonly watch: () => ReturnType<typeof watch>;
}

function openTenant(house: House, settings: Settings, now: () => string): Tenant {
  const { holder } = house;
  const progress = (): void => {};
  return {
    now,
    async audit() {
      const store = await house.keptStore();
      return auditEstate({ source: house.source(), store, settings, rules, now, holder, dryRun: false, progress });
    },
    async watch() {
      const store = await house.keptStore();
      const request = { ...house.logs(), source: house.source(), store, settings, now, holder, calls: () => house.calls() };
      return watch({ ...request, dryRun: false, progress });
    },
  };
}

/** As deployed, but an audit that is asked for begins at once, in this process: there is no function app that empties the queue. */
function inDemo(api: Dependencies, tenant: Tenant, say: (line: string) => void): Dependencies {
  return {
    ...api,
    now: tenant.now,
    audits: {
      async request({ by }) {
        say(`${by} asked for an audit.`);
        tenant.audit().then(
          ({ summary }) => say(`Audited: ${summary.new} new, ${summary.resolved} resolved, ${summary.accepted} accepted.`),
          (cause: unknown) => say(`The audit failed: ${sentence(cause)}`),
        );
      },
    },
  };
}

const answering =
  (api: Dependencies) =>
  async (request: Request): Promise<Response> =>
    compressed(request, await answerRequest(request, api));
