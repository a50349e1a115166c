/** The one column set that all Resource Graph tables share. Text columns are empty, not null, where Azure has nothing to say. */
export interface ArgRow {
  readonly id: string;
  readonly name: string;
  /** Always lower case; ids keep whatever casing their provider uses. */
  readonly type: string;
  readonly tenantId: string;
  readonly kind: string;
  readonly location: string;
  /** Lower case, whatever the id says. */
  readonly resourceGroup: string;
  readonly subscriptionId: string;
  readonly managedBy: string;
  readonly sku: unknown;
  readonly plan: unknown;
  readonly properties: unknown;
  readonly tags: Readonly<Record<string, string>> | null;
  readonly identity: unknown;
  readonly zones: unknown;
  readonly extendedLocation: unknown;
}

type Given = Pick<ArgRow, 'id' | 'name' | 'type' | 'tenantId'> & Partial<ArgRow>;

export function argRow(given: Given): ArgRow {
  const { id, type, ...rest } = given;
  return {
    id,
    type: type.toLowerCase(),
    kind: '',
    location: '',
    resourceGroup: (/\/resourcegroups\/([^/]+)/i.exec(id)?.[1] ?? '').toLowerCase(),
    subscriptionId: (/^\/subscriptions\/([^/]+)/i.exec(id)?.[1] ?? '').toLowerCase(),
    managedBy: '',
    sku: null,
    plan: null,
    properties: {},
    tags: null,
    identity: null,
    zones: null,
    extendedLocation: null,
    ...rest,
  };
}
