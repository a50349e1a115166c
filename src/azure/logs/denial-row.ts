import { z } from 'zod';
import { appPatterns, services, type Bin, type CallingHost, type Denial } from '../../denials/index.ts';
import { clientId, principalId, type ClientId, type PrincipalId } from '../../estate/index.ts';

const limits = { address: 64, addresses: 16, hosts: 32, name: 256, target: 2048, sample: 1000 } as const;

/** Texts in a log come from anybody: control characters and what reorders a line go, the rest is cut. Surfaces escape what is left. */
const text = (max: number) =>
  z
    .string()
    .nullish()
    .catch(undefined)
    .transform((given) =>
      (given ?? '')
        .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
        .trim()
        .slice(0, max),
    );
const instant = z.union([z.date(), z.string()]).transform((given, context) => {
  const ms = new Date(given).getTime();
  if (!Number.isNaN(ms)) return new Date(ms).toISOString();
  context.addIssue('not an instant');
  return z.NEVER;
});
const strings = z
  .array(z.unknown())
  .nullish()
  .catch(undefined)
  .transform((given) => (given ?? []).filter((one) => typeof one === 'string'));

/** `start:count,start:count,…`, in one text or several; a bin that comes twice (of objects told together) is added up. */
export const bins = z
  .array(z.string().regex(/^\d{1,16}:\d{1,15}(,\d{1,16}:\d{1,15})*$/))
  .min(1)
  .transform((given): readonly Bin[] => {
    const counts = new Map<number, number>();
    for (const one of given.flatMap((text) => text.split(','))) {
      const [start = 0, count = 0] = one.split(':').map(Number);
      counts.set(start, (counts.get(start) ?? 0) + count);
    }
    return [...counts].map(([start, count]) => ({ start, count })).sort((a, b) => a.start - b.start);
  });

const denialRow = z.object({
  source: z.string().min(1),
  service: z.enum(services),
  objectId: text(limits.name),
  clientId: text(limits.name),
  resourceId: text(limits.target),
  tokenId: text(limits.name),
  callerName: text(limits.name),
  callerKind: z.enum(['workload', 'user', 'unknown']).catch('unknown'),
  tenantId: text(limits.name),
  target: text(limits.target),
  object: text(limits.name),
  operation: text(limits.name),
  statusCode: z.coerce.number().int(),
  reason: text(limits.name),
  example: text(limits.sample),
  action: text(limits.name),
  assignmentId: text(limits.target),
  denyAssignmentId: text(limits.target),
  addresses: strings,
  hosts: strings,
  bins,
  firstAt: instant,
  lastAt: instant,
  rows: z.coerce.number().int().nonnegative(),
});

const callingHost = z.object({ id: text(limits.target), name: text(limits.name), revision: text(limits.name), replica: text(limits.name) });

/** @returns undefined for a row that is none; `rows` are those of the log behind it. */
export function denialOf(given: unknown, workspace: string): { readonly denial: Denial; readonly rows: number } | undefined {
  const parsed = denialRow.safeParse(given);
  if (!parsed.success) return undefined;
  const row = parsed.data;
  const said = row.service === 'app' ? saidBy(row) : row;
  if (said === undefined) return undefined;
  return {
    rows: row.rows,
    denial: {
      service: row.service,
      table: row.source,
      workspace,
      caller: {
        objectId: id<PrincipalId>(row.objectId, principalId),
        clientId: id<ClientId>(row.clientId, clientId),
        resourceId: row.resourceId.startsWith('/') ? row.resourceId : undefined,
        tokenId: some(row.tokenId),
        name: some(row.callerName),
        kind: row.callerKind,
        tenantId: some(row.tenantId),
      },
      target: row.target,
      object: row.object,
      operation: row.operation,
      statusCode: said.statusCode,
      reason: said.reason,
      sample: row.example,
      action: some(row.action),
      assignmentId: some(row.assignmentId),
      denyAssignmentId: some(row.denyAssignmentId),
      callerAddresses: row.addresses
        .map((one) => one.slice(0, limits.address))
        .sort()
        .slice(0, limits.addresses),
      hosts: row.hosts
        .map(hostOf)
        .filter((host) => host !== undefined)
        .slice(0, limits.hosts),
      bins: row.bins,
      firstAt: row.firstAt,
      lastAt: row.lastAt,
    },
  };
}

/** A line of an application names its pattern; what that means is the table's to say. */
function saidBy({
  operation,
  reason,
}: {
  readonly operation: string;
  readonly reason: string;
}): { readonly statusCode: number; readonly reason: string } | undefined {
  const pattern = appPatterns.find((one) => one.id === operation);
  if (pattern === undefined) return undefined;
  return { statusCode: pattern.statusCode, reason: pattern.reason === '$1' ? reason : pattern.reason };
}

function hostOf(packed: string): CallingHost | undefined {
  try {
    const parsed = callingHost.parse(JSON.parse(packed));
    return { name: parsed.name, id: some(parsed.id), revision: some(parsed.revision), replica: some(parsed.replica) };
  } catch {
    return undefined;
  }
}

const some = (given: string): string | undefined => (given === '' ? undefined : given);
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** The GUID of zeros is how some logs spell nobody. */
const id = <Id>(given: string, brand: (given: string) => Id): Id | undefined =>
  guid.test(given) && !/^[0-]+$/.test(given) ? brand(given) : undefined;
