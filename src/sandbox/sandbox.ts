import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arm } from './arm.ts';
import { authority } from './authority.ts';
import { emailEndpoint } from './email.ts';
import { gateFor } from './bearer.ts';
import { makeCertificates } from './certificates.ts';
import { faultsOf } from './faults.ts';
import { graph } from './graph.ts';
import { answering, listen, type RequestRecord, type Service } from './http.ts';
import { appServicePath, identityEndpoint } from './identity-endpoint.ts';
import { identitySecret, joinIdentityHost } from './identity-host.ts';
import { textAt } from './json.ts';
import { logs } from './logs.ts';
import { openMailbox, type Envelope, type Mailbox } from './mailbox.ts';
import { quotaOf, type Quota } from './quota.ts';
import { openMail, type Received } from './received.ts';
import { signIn } from './sign-in.ts';
import { signInKeys } from './sign-in-keys.ts';
import { startStorage } from './storage.ts';
import { teamsChannel } from './teams.ts';
import { tokensOf } from './tokens.ts';
import { apiClientId, apiUri, tabClientId, usersOf, type SandboxUser } from './users.ts';
import { openWorld } from './world.ts';

export interface SandboxOptions {
  readonly worldDir: string;
  /** Instead of the world's own. */
  readonly now?: string | undefined;
  /** Of ARM; the other endpoints take free ports. */
  readonly port?: number | undefined;
  /** Azurite's tables and queues; on unless false. */
  readonly storage?: boolean | undefined;
  /** Serves sign-in on plain http as well, for browsers that do not know the sandbox's certificate. */
  readonly plainAuthority?: boolean | undefined;
  /** Which way of sending mail stands in the environment. The product takes one of them; `smtp` unless said otherwise. */
  readonly mail?: 'smtp' | 'communication-services' | undefined;
  /** Hears a line for each card and each mail that arrives: text of others. */
  readonly arrived?: ((line: string) => void) | undefined;
}

export interface Sandbox {
  /** What the product (or `az`) needs in its environment to use this sandbox as its cloud. */
  readonly environment: Readonly<Record<string, string>>;
  readonly now: string;
  readonly tenantId: string;
  close(): Promise<void>;
  /** Sign-in to the auditor's API, for tests that are no browser. */
  readonly signIn: {
    /** Who can sign in, without a password. */
    readonly users: readonly SandboxUser[];
    /** Of every application of the world. */
    readonly applicationSecret: string;
    /** Signs with a new key from now on. */
    rollKeys(): Promise<void>;
    /** Publishes the present key only. */
    withdrawOldKeys(): void;
  };
  /** Every call so far, for tests and benchmarks. Storage calls are Azurite's own and not listed. */
  requests(): readonly RequestRecord[];
  /** What the channel and the mailbox got so far. */
  received(): Promise<Received>;
}

/** @throws NotAWorld when the folder cannot be served, with everything that is wrong with it */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const storageThread = options.storage === false ? undefined : startStorage();
  const closing: (() => Promise<void>)[] = storageThread === undefined ? [] : [() => storageThread.close()];
  const close = async (): Promise<void> => {
    await Promise.all(closing.splice(0).map((end) => end()));
  };
  try {
    // Certificates are made while the world is read.
    const makingCertificates = makeCertificates();
    makingCertificates.catch(() => undefined);
    const world = openWorld(options.worldDir, options.now);
    const tokens = tokensOf(world);
    const certificates = await makingCertificates;
    const tls = { key: certificates.key, cert: certificates.cert };
    const startingStorage = storageThread?.serve(certificates);
    startingStorage?.catch(() => undefined);

    const requests: RequestRecord[] = [];
    const around = { faults: faultsOf(world.settings.faults ?? []), record: (request: RequestRecord) => requests.push(request) };
    const urls = { arm: '', graph: '', logs: '', authority: '' };
    const serve = async (service: Service, port = 0): Promise<string> => {
      const listening = await listen(answering(service, around), { port, tls });
      closing.push(() => listening.close());
      return `https://localhost:${listening.port}`;
    };
    const servePlain = async (service: Service): Promise<string> => {
      const listening = await listen(answering(service, around), { port: 0 });
      closing.push(() => listening.close());
      return `http://localhost:${listening.port}`;
    };
    const gate = (audiences: () => readonly string[]) =>
      gateFor(tokens, { audiences, authority: () => `${urls.authority}/${world.tenantId}`, now: world.now });
    const receiveMail = async (): Promise<Mailbox> => {
      const mailbox = await openMailbox(tls, { ...around, arrived: (envelope) => void tellMail(envelope, options.arrived) });
      closing.push(() => mailbox.close());
      return mailbox;
    };
    const secret = identitySecret();
    const keys = signInKeys();
    const applicationSecret = randomBytes(18).toString('base64url');
    const people = { keys, signIn: signIn(world, keys, { applicationSecret, nowMs: Date.now }) };
    const armGate = gate(() => [urls.arm, `${urls.arm}/`, 'https://management.core.windows.net/', 'https://management.core.windows.net']);
    const endpoints = (): readonly string[] => [urls.arm, urls.graph, urls.logs, `${urls.arm}/aadgraph`];
    const teams = teamsChannel(teamsQuota(world.settings.quota?.teams), ({ card }) =>
      options.arrived?.(`Teams: ${textAt(card, 'fallbackText') ?? 'a card'}`),
    );
    const email = emailEndpoint(gate(() => ['https://communication.azure.com']));
    const identityService = identityEndpoint(world, tokens, secret, endpoints);
    const [identityHost, armUrl, graphUrl, logsUrl, authorityUrl, teamsUrl, emailUrl, mailbox] = await Promise.all([
      joinIdentityHost({ answer: answering(identityService, around), endpoints }),
      serve(arm(world, armGate), options.port),
      serve(
        graph(
          world,
          gate(() => [urls.graph, `${urls.graph}/`]),
        ),
      ),
      serve(
        logs(
          world,
          gate(() => [urls.logs, `${urls.logs}/`]),
        ),
      ),
      serve(authority(world, tokens, people)),
      serve(teams.service),
      serve(email.service),
      receiveMail(),
    ]);
    closing.push(() => identityHost.close());
    const plainAuthority = options.plainAuthority === true ? await servePlain(authority(world, tokens, people)) : undefined;
    Object.assign(urls, { arm: armUrl, graph: graphUrl, logs: logsUrl, authority: authorityUrl });

    const folder = await mkdtemp(join(tmpdir(), 'mi-audit-sandbox-'));
    closing.push(() => rm(folder, { recursive: true, force: true }));
    const caFile = join(folder, 'ca.pem');
    await writeFile(caFile, certificates.ca);
    const storage = await startingStorage;
    const identity = `${identityHost.origin}${appServicePath}`;
    return {
      environment: {
        CLOUD: 'custom',
        CLOUD_RESOURCE_MANAGER_URL: urls.arm,
        CLOUD_GRAPH_URL: urls.graph,
        CLOUD_LOGS_URL: urls.logs,
        CLOUD_AUTHORITY_URL: urls.authority,
        CLOUD_CA_FILE: caFile,
        IDENTITY_ENDPOINT: identity,
        IDENTITY_HEADER: secret,
        MSI_ENDPOINT: identity,
        MSI_SECRET: secret,
        ...(world.settings.auditor?.clientId === undefined ? {} : { AZURE_CLIENT_ID: world.settings.auditor.clientId }),
        AZURE_TENANT_ID: world.tenantId,
        API_TENANT_ID: world.tenantId,
        API_AUDIENCE: `${apiUri},${apiClientId}`,
        TAB_CLIENT_ID: tabClientId,
        ...(plainAuthority === undefined ? {} : { API_AUTHORITY_URL: plainAuthority }),
        ...(storage === undefined
          ? {}
          : { STORE: storage.tablesUrl, STORE_QUEUES: storage.queuesUrl, STORE_CREDENTIAL: 'managed-identity' }),
        TEAMS_WEBHOOK_URL: `${teamsUrl}${teams.address}`,
        ...(options.mail === 'communication-services' ? { ACS_ENDPOINT: emailUrl } : { SMTP_URL: mailbox.url }),
        ...mailAddresses,
        AUDIT_NOW: world.now,
        REQUESTS_CA_BUNDLE: caFile,
      },
      now: world.now,
      tenantId: world.tenantId,
      close,
      signIn: { users: usersOf(world), applicationSecret, rollKeys: () => keys.roll(), withdrawOldKeys: () => keys.withdrawOld() },
      requests: () => [...requests],
      received: async () => ({
        posts: teams.posts(),
        mails: [...(await Promise.all(mailbox.envelopes().map(openMail))), ...email.mails()],
      }),
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}

async function tellMail(envelope: Envelope, arrived: SandboxOptions['arrived']): Promise<void> {
  if (arrived === undefined) return;
  const subject = await openMail(envelope).then(
    (mail) => mail.subject,
    () => 'a mail that cannot be read',
  );
  arrived(`Mail to ${envelope.to.join(', ')}: ${subject}`);
}

const mailAddresses = { EMAIL_FROM: 'mi-audit@contoso.example', EMAIL_TO: 'on-call@contoso.example,security@contoso.example' };

const teamsQuota = (given: { readonly posts: number; readonly windowSeconds: number } | undefined): Quota =>
  quotaOf(given === undefined ? undefined : { queries: given.posts, windowSeconds: given.windowSeconds }, Date.now);
