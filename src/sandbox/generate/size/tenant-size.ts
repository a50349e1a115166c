/** How much of everything a sized tenant has. */
export interface TenantSize {
  readonly seed: number;
  readonly subscriptions: number;
  readonly resourceGroupsPerSubscription: number;
  /** All resources, user-assigned identities among them. */
  readonly resources: number;
  readonly managementGroups: number;
  readonly assignments: number;
  /** Everybody who can hold an assignment: managed identities of both kinds, applications, users and groups. */
  readonly principals: number;
  /** User-assigned identities. */
  readonly identities: number;
  /** Days of sign-in logs up to `now`; none unless told. */
  readonly days?: number;
  /** Resource Graph's quota as the sandbox enforces it. */
  readonly quota?: { readonly queries: number; readonly windowSeconds: number };
  readonly now?: string;
}

const reference = {
  seed: 1,
  subscriptions: 200,
  resourceGroupsPerSubscription: 20,
  resources: 20_000,
  managementGroups: 30,
  assignments: 10_000,
  principals: 3_000,
  identities: 500,
  quota: { queries: 15, windowSeconds: 5 },
} as const satisfies TenantSize;

export const presets = {
  /** The tenant that calls are counted on. */
  reference,
  /** The same rows over ten times the subscriptions. */
  wide: { ...reference, subscriptions: 2_000, resourceGroupsPerSubscription: 2 },
  /** The size at which CPU and memory of judge and reconcile are measured. */
  bench: { ...reference, resources: 60_000, assignments: 100_000, principals: 30_000, identities: 20_000 },
  /** A tenth of it: how cost grows is the ratio of the two. */
  tenth: { ...reference, resources: 6_000, assignments: 10_000, principals: 3_000, identities: 2_000 },
} as const satisfies Record<string, TenantSize>;

export type PresetName = keyof typeof presets;
