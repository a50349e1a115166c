import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { contosoPage, presets, writeContoso, writeTenant, type PresetName, type TenantSize } from '../src/sandbox/generate/index.ts';

/** `node tools/generate-world.ts --out DIR`: writes contoso, or with `--preset` or a number of anything a sized tenant. */
const usage = `Usage: node tools/generate-world.ts --out DIR [--seed N] [--now ISO]
  contoso, unless one of these asks for a sized tenant:
  --preset ${Object.keys(presets).join('|')}
  --subscriptions N --resource-groups N (per subscription) --resources N --management-groups N
  --assignments N --principals N --identities N --days N
  --page FILE writes the description of contoso instead of a world`;

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    seed: { type: 'string' },
    now: { type: 'string' },
    preset: { type: 'string' },
    subscriptions: { type: 'string' },
    'resource-groups': { type: 'string' },
    resources: { type: 'string' },
    'management-groups': { type: 'string' },
    assignments: { type: 'string' },
    principals: { type: 'string' },
    identities: { type: 'string' },
    days: { type: 'string' },
    page: { type: 'string' },
    help: { type: 'boolean' },
  },
});

if (values.page) {
  await writeFile(values.page, contosoPage());
  process.exit(0);
}
if (values.help || !values.out) {
  process.stderr.write(`${usage}\n`);
  process.exit(values.help ? 0 : 2);
}

const seed = whole('seed') ?? 1;
const time = values.now ? { now: values.now } : {};
const size = sized();
if (size) {
  await writeTenant(values.out, size);
  process.stderr.write(`Wrote a tenant of ${size.subscriptions} subscriptions and ${size.assignments} assignments to ${values.out}\n`);
} else {
  const planted = await writeContoso(values.out, { seed, ...time });
  const problems = planted.filter((one) => one.expect !== 'silent').length;
  process.stderr.write(
    `Wrote contoso to ${values.out}: ${problems} planted problems, ${planted.length - problems} look-alikes (docs/contoso.md)\n`,
  );
}

function sized(): TenantSize | undefined {
  const asked = {
    subscriptions: whole('subscriptions'),
    resourceGroupsPerSubscription: whole('resource-groups'),
    resources: whole('resources'),
    managementGroups: whole('management-groups'),
    assignments: whole('assignments'),
    principals: whole('principals'),
    identities: whole('identities'),
    days: whole('days'),
  };
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  if (!values.preset && Object.keys(given).length === 0) return undefined;
  const preset = values.preset ?? 'reference';
  if (!isPreset(preset)) fail(`There is no preset '${preset}'`);
  return { ...presets[preset], ...given, seed, ...time };
}

function isPreset(name: string): name is PresetName {
  return Object.hasOwn(presets, name);
}

function whole(option: Exclude<keyof typeof values, 'help'>): number | undefined {
  const text = values[option];
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) fail(`--${option} takes a whole number, not '${text}'`);
  return number;
}

function fail(problem: string): never {
  process.stderr.write(`${problem}\n${usage}\n`);
  process.exit(2);
}
