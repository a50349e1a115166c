import type { Denial } from './denial.ts';

/** Refusals that are normal life. Counted and shown on every surface, never alerted. */
export interface BenignEntry {
  readonly id: string;
  readonly why: string;
  /** Document or thread that says so (https). */
  readonly source: string;
  readonly matches: (denial: Denial) => boolean;
}

const nobody = (denial: Denial): boolean => !denial.caller.objectId && !denial.caller.clientId && !denial.caller.resourceId;

export const benignCatalogue: readonly BenignEntry[] = [
  {
    id: 'key-vault-challenge',
    why: 'Every Key Vault client sends its first request without a token to learn from the 401 where to get one.',
    source: 'https://github.com/Azure/azure-sdk-for-js/issues/31279',
    matches: (denial) =>
      denial.service === 'key-vault' &&
      denial.statusCode === 401 &&
      nobody(denial) &&
      // AKV10000 is "missing a token"; the other codes are about a token that was there.
      !/AKV10(?!000\b)\d{3}|expired|invalid (?:audience|issuer)/i.test(`${denial.reason} ${denial.sample}`),
  },
  {
    id: 'key-vault-scan',
    why: 'Calls without any token from many public addresses are knocks of a scanner at the firewall of the vault, which kept them out.',
    source: 'https://learn.microsoft.com/azure/key-vault/general/network-security',
    matches: (denial) =>
      denial.service === 'key-vault' &&
      nobody(denial) &&
      !denial.caller.name &&
      /^ForbiddenBy(?:Firewall|Connection)$/.test(denial.reason) &&
      denial.callerAddresses.filter(isPublic).length >= scannersMin,
  },
  {
    id: 'storage-challenge',
    why: 'A storage client that looks for its tenant sends its first request without a token to learn from the 401 where to get one.',
    source: 'https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory#bearer-challenge',
    matches: (denial) =>
      denial.service === 'storage' && denial.statusCode === 401 && nobody(denial) && denial.reason === 'NoAuthenticationInformation',
  },
  {
    id: 'registry-challenge',
    why: "A registry answers every client's first request with 401, to tell it where to get a token; nobody has logged in by then.",
    source: 'https://distribution.github.io/distribution/spec/auth/token/',
    matches: (denial) =>
      denial.service === 'container-registry' &&
      denial.statusCode === 401 &&
      nobody(denial) &&
      !denial.caller.name &&
      !/insufficient_scope|denied/i.test(denial.reason),
  },
  {
    id: 'scale-controller-entity-read',
    why: 'The Functions scale controller asks for Manage or EntityRead on Service Bus; a receiver does not need them, and scaling by queue length is all that is lost without Data Owner.',
    source: 'https://github.com/Azure/azure-sdk-for-net/issues/28670',
    matches: (denial) =>
      (denial.service === 'service-bus' || denial.service === 'event-hubs' || denial.service === 'app') &&
      /Manage,\s*EntityRead|EntityRead/i.test(`${denial.operation} ${denial.sample}`),
  },
  {
    id: 'app-service-reference-probe',
    why: 'App Service tries a Key Vault reference once over the public network before it uses the virtual network of the app.',
    source: 'https://github.com/MicrosoftDocs/azure-docs/pull/126251',
    matches: (denial) =>
      denial.service === 'key-vault' &&
      denial.operation === 'SecretGet' &&
      /ForbiddenByFirewall|ForbiddenByConnection|not authorized/i.test(`${denial.reason} ${denial.sample}`) &&
      /abfa0a7c-a6b6-4736-8310-5855508787cd/i.test(`${denial.caller.clientId ?? ''} ${denial.sample}`),
  },
  {
    id: 'first-party-vault-get',
    why: "Azure Policy and Resource Graph read vault properties with Microsoft's own applications.",
    source: 'https://learn.microsoft.com/azure/key-vault/general/logging',
    matches: (denial) =>
      denial.service === 'key-vault' && /^Vault(?:Get|List)/i.test(denial.operation) && firstParty.has(denial.caller.clientId ?? ''),
  },
  {
    id: 'pim-activation',
    why: 'Privileged Identity Management tries role changes on behalf of people and records its own refusals.',
    source: 'https://github.com/Azure/Azure-Sentinel/issues/9218',
    matches: (denial) =>
      denial.service === 'arm' &&
      /^(?:MS-PIM|01fc33a7-78ba-4d2f-a4b7-768e336e890e)$/i.test(denial.caller.name ?? denial.caller.clientId ?? ''),
  },
  {
    id: 'azure-policy-denial',
    why: 'Azure Policy with effect deny answers 403 to everybody; no role is missing, and policy has its own compliance view.',
    source: 'https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-policy-requestdisallowedbypolicy',
    matches: (denial) =>
      denial.service === 'arm' &&
      denial.caller.kind !== 'workload' &&
      /RequestDisallowedByPolicy/i.test(`${denial.reason} ${denial.sample}`),
  },
];

/** One workload leaves by a few addresses. */
const scannersMin = 8;
const isPublic = (address: string): boolean =>
  !/^(?:10\.|127\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cde]|::1)/i.test(address);

/** Application ids of Microsoft's own readers: Azure Policy / Azure Resource Graph / Azure Resource Manager / Microsoft Defender for Cloud. */
const firstParty = new Set([
  '1d78a85d-813d-46f0-b496-dd72f50a3ec0',
  '509e4652-da8d-478d-a730-e9d4a1996ca4',
  '797f4846-ba00-4fd7-ba43-dac1f8f63013',
  '8edd93e1-2103-40b4-bd70-6e34e586362d',
]);

export interface BenignCount {
  readonly id: string;
  readonly count: number;
  readonly why: string;
}

/** Splits refusals into those that may page somebody and counts of those that may not. */
export function withoutBenign(denials: readonly Denial[]): {
  readonly serious: readonly Denial[];
  readonly benign: readonly BenignCount[];
} {
  const counts = new Map<string, number>();
  const serious = denials.filter((denial) => {
    const entry = benignCatalogue.find((one) => one.matches(denial));
    if (entry === undefined) return true;
    counts.set(entry.id, (counts.get(entry.id) ?? 0) + denial.bins.reduce((sum, bin) => sum + bin.count, 0));
    return false;
  });
  return {
    serious,
    benign: benignCatalogue.filter((one) => counts.has(one.id)).map(({ id, why }) => ({ id, count: counts.get(id)!, why })),
  };
}
