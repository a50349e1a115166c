import { expect, test } from 'vitest';
import { azureCliLines } from '../../src/sandbox/index.ts';
import { az, sayIfSkipped, signedIn } from './az-cli.ts';
import { assignment, at, containers, guid, serve, sub, subscriptionId, tenantId } from './small-world.ts';

sayIfSkipped('test/sandbox/az.test.ts');

test.skipIf(az === undefined)(
  'the real Azure CLI signs in, lists and deletes, and the next query no longer has the assignment',
  { timeout: 120_000 },
  async () => {
    const files = {
      'arg/resourcecontainers': containers,
      'arg/authorizationresources': [assignment(1, sub, guid(91)), assignment(2, sub, guid(92))],
    };
    await using s = await serve({ files });
    using cli = await signedIn(s.sandbox);
    const shell = async (line: string): Promise<string> => {
      const { code, stdout, stderr } = await cli.run('sh', '-c', line);
      expect([line, code, code === 0 ? '' : stderr]).toEqual([line, 0, '']);
      return stdout;
    };
    const accounts: unknown = JSON.parse(await shell('az account list --output json'));
    expect(at(accounts, 0)).toMatchObject({
      id: subscriptionId,
      name: 'Production',
      tenantId,
      cloudName: 'Sandbox',
      user: { type: 'servicePrincipal' },
    });

    const list = `${sub}/providers/Microsoft.Authorization/roleAssignments`;
    // `az role assignment list` of Debian's 2.45 fails by itself (its azure-mgmt-authorization is newer than it knows), so the list goes through `az rest`.
    const before: unknown = JSON.parse(await shell(`az rest --method get --url '${list}?api-version=2022-04-01'`));
    expect(at(before, 'value', 'length')).toBe(2);

    const id = `${list}/${guid(1)}`;
    await shell(`az role assignment delete --ids '${id}'`);
    expect(s.sandbox.requests()).toContainEqual({ service: 'arm', method: 'DELETE', path: id, status: 200 });
    const { body } = await s.query("authorizationresources | where type =~ 'microsoft.authorization/roleassignments' | project name");
    expect(at(body, 'data')).toEqual([{ name: guid(2) }]);
    // With nothing to name, this version lists without falling over.
    await shell(`az role assignment delete --ids '${list}/${guid(2)}'`);
    expect(JSON.parse(await shell('az role assignment list --all --output json'))).toEqual([]);
  },
);

test('the printed lines name every endpoint of the sandbox, each quoted for a shell', async () => {
  await using s = await serve({});
  const lines = azureCliLines(s.sandbox.environment).join('\n');
  for (const name of ['CLOUD_RESOURCE_MANAGER_URL', 'CLOUD_AUTHORITY_URL', 'CLOUD_GRAPH_URL'])
    expect(lines).toContain(s.sandbox.environment[name]);
  expect(lines).not.toContain('undefined');
});
