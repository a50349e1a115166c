import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostReport } from '../../src/jobs/examine-host.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { certificateFor, deadPort, listen, type Answer } from '../jobs/doctor/loopback.ts';
import { auditor, folder, miAudit, tenantId, world, type Outcome } from './mi-audit.ts';
import { small } from './rows.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ worldDir: await world(small), storage: false });
}, 60_000);
afterAll(() => sandbox.close());

const without = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(sandbox.environment).filter(([name]) => !names.includes(name)));
const appServiceNames = ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER', 'MSI_ENDPOINT', 'MSI_SECRET'];
const imds = (): Record<string, string> => ({
  ...without(appServiceNames),
  AZURE_POD_IDENTITY_AUTHORITY_HOST: new URL(sandbox.environment['IDENTITY_ENDPOINT']!).origin,
});

const doctor = async (
  environment: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<Outcome & { readonly report: HostReport }> => {
  const outcome = await miAudit(['doctor', '--format', 'json', ...args], { environment });
  expect(`${outcome.out}${outcome.err}`).not.toMatch(/eyJ/);
  return { ...outcome, report: JSON.parse(outcome.out) as HostReport };
};
const verdictOf = ({ checks }: HostReport, id: string) => checks.find((check) => check.id === id);

describe('mi-audit doctor', () => {
  it.each([
    ['App Service', () => sandbox.environment],
    ['a virtual machine', imds],
  ])('finds the identity of %s in order', async (_name, environment) => {
    const { code, report } = await doctor(environment(), '--principal', auditor, '--tenant', tenantId);
    expect([code, report.verdict, report.summary.failed, report.summary.skipped]).toEqual([0, 'ok', 0, 0]);
    expect(verdictOf(report, 'principal')?.verdict).toBe('ok');
  });

  it('says in words what is wrong, and what to do', async () => {
    const { code, out } = await miAudit(['doctor', '--client-id', '00000000-0000-4000-8000-00000000dead'], {
      environment: { ...imds(), HTTP_PROXY: `http://127.0.0.1:${await deadPort()}` },
    });
    expect(code).toBe(10);
    expect(out).toMatch(
      /failed +proxy[^]*NO_PROXY=localhost[^]*failed +token[^]*Identity not found[^]*mi-audit explain identity-not-assigned/,
    );
  });

  it('tells a host without an endpoint from one whose endpoint is a page', async () => {
    const dead = await doctor({ ...without(appServiceNames), AZURE_POD_IDENTITY_AUTHORITY_HOST: `http://127.0.0.1:${await deadPort()}` });
    expect([dead.code, verdictOf(dead.report, 'endpoint')?.cause]).toEqual([10, 'endpoint-unreachable']);
    const page: Answer = () => ({ headers: { 'content-type': 'text/html' }, body: '<html>Sign in to the network</html>' });
    const captive = await doctor({
      ...without(appServiceNames),
      AZURE_POD_IDENTITY_AUTHORITY_HOST: `http://127.0.0.1:${await listen(page)}`,
    });
    expect(verdictOf(captive.report, 'endpoint')).toMatchObject({
      verdict: 'failed',
      saw: expect.stringContaining('no identity endpoint'),
    });
  });

  it.each(['NODE_EXTRA_CA_CERTS', 'CLOUD_CA_FILE'])('tries a dependency whose authority %s names', async (variable) => {
    const certificate = await certificateFor('localhost');
    const file = join(await folder(), 'ca.pem');
    await writeFile(file, certificate.ca);
    const port = await listen(
      ({ headers }) => (headers.authorization === undefined ? { status: 401, body: '{}' } : { body: '{"value":[]}' }),
      certificate,
    );
    const environment = { ...without(variable === 'CLOUD_CA_FILE' ? ['CLOUD_CA_FILE'] : []), [variable]: file };
    const args = ['--target', `https://localhost:${port}`, '--resource', 'https://vault.azure.net'];
    const trusted = await doctor(environment, ...args);
    expect([trusted.code, trusted.report.targets[0]!.hops.map(({ verdict }) => verdict)]).toEqual([0, ['ok', 'ok', 'ok', 'ok']]);
    const untrusted = await doctor(sandbox.environment, ...args);
    expect([untrusted.code, untrusted.report.targets[0]!.hops[1]!.verdict]).toEqual([10, 'failed']);
  });

  it('tries the endpoints of a configured cloud, and several at once', async () => {
    const { code, report } = await doctor(
      sandbox.environment,
      '--target',
      sandbox.environment['CLOUD_RESOURCE_MANAGER_URL']!,
      'https://unknown.invalid',
    );
    expect(code).toBe(10);
    expect(report.targets.map(({ service, verdict }) => [service, verdict])).toEqual([
      ['Azure Resource Manager', 'ok'],
      ['unknown', 'failed'],
    ]);
  });

  it('ends with 3 where nothing failed and something could not be checked', async () => {
    const graph = sandbox.environment['CLOUD_GRAPH_URL']!;
    expect((await doctor(sandbox.environment, '--target', graph)).code).toBe(3);
    expect((await doctor(sandbox.environment, '--target', `${graph}/v1.0/users?$top=1`)).code).toBe(0);
  });

  it('names the permission that the auditor lacks', async () => {
    // What this machine says about its own identity is no business of a world.
    const machine = { AZURE_FEDERATED_TOKEN_FILE: '/nowhere', AZURE_AUTHORITY_HOST: 'https://localhost:1' };
    const blind = await doctor(machine, '--auditor', '--world', await world(small, { denied: ['graph:servicePrincipals'] }));
    expect(blind.code).toBe(10);
    expect(blind.report.auditor.filter(({ verdict }) => verdict === 'failed').map(({ id }) => id)).toEqual(['Application.Read.All']);
  });

  it.each<[string, readonly string[]]>([
    ['http', ['--target', 'http://kv.vault.azure.net']],
    ['a password', ['--target', 'https://u:p@kv.vault.azure.net']],
    ['no address', ['--target', 'https://']],
    ['a clock without a world', ['--now', '2026-11-20T08:00:00Z']],
    ['an argument', ['kv.vault.azure.net']],
  ])('refuses %s', async (_name, args) => {
    expect(await miAudit(['doctor', ...args])).toMatchObject({ code: 2, out: '' });
  });
});
