import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { defaultNow } from '../contoso.ts';
import type { WorldFile } from '../world-folder.ts';
import { credentialRows, groupMemberRows, groupRows, principalRows, signInRows, userRows } from './directory-rows.ts';
import { authorizationRows } from './grant-rows.ts';
import { containerRows, resourceRows } from './resource-rows.ts';
import { planTenant } from './tenant-plan.ts';
import type { TenantSize } from './tenant-size.ts';

/** Writes a tenant of any size, one row at a time: a million assignments take disk, not memory. */
export async function writeTenant(dir: string, size: TenantSize): Promise<void> {
  const now = size.now ?? defaultNow;
  const plan = planTenant(size);
  await mkdir(dir, { recursive: true });
  const world: WorldFile = {
    format: 1,
    name: 'sized',
    now,
    tenantId: plan.tenantId,
    ...(size.quota ? { quota: { resourceGraph: size.quota } } : {}),
  };
  await writeFile(join(dir, 'world.json'), `${JSON.stringify(world, null, 2)}\n`);
  await writeRows(join(dir, 'arg/resourcecontainers.jsonl'), containerRows(plan));
  await writeRows(join(dir, 'arg/resources.jsonl'), resourceRows(plan));
  await writeRows(join(dir, 'arg/authorizationresources.jsonl'), authorizationRows(plan, now));
  await writeRows(join(dir, 'graph/servicePrincipals.jsonl'), principalRows(plan, now));
  await writeRows(join(dir, 'graph/users.jsonl'), userRows(plan));
  await writeRows(join(dir, 'graph/groups.jsonl'), groupRows(plan));
  await writeRows(join(dir, 'graph/groupMembers.jsonl'), groupMemberRows(plan));
  await writeRows(join(dir, 'arm.jsonl'), credentialRows(plan));
  if (size.days) await writeRows(join(dir, `logs/${plan.workspaceId}/AADManagedIdentitySignInLogs.jsonl`), signInRows(plan, now));
}

/** ARM ids of the user-assigned identities of such a tenant, without writing it. */
export function* identityIds(size: TenantSize): Iterable<string> {
  const plan = planTenant(size);
  for (let number = 0; number < size.identities; number++) yield plan.identity(number).id;
}

/** `pipeline` asks the generator for more only when the file has taken what it got. */
async function writeRows(path: string, rows: Iterable<object>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await pipeline(Readable.from(chunks(rows)), createWriteStream(path));
}

const chunkChars = 1 << 18;

function* chunks(rows: Iterable<object>): Iterable<string> {
  let chunk = '';
  for (const row of rows) {
    chunk += `${JSON.stringify(row)}\n`;
    if (chunk.length < chunkChars) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
