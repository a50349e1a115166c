import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What can be said of the dependencies. From the lock file, offline: every package is held to a hash, comes from the registry and from nowhere else, our own versions are exact, and install scripts
 * are ones that somebody looked at. From the registry, where it answers: no known weakness in what is shipped. Where it does not answer that is said, and the workflow on GitHub, which can ask, decides.
 */
const root = join(import.meta.dirname, '..');
const manifest = read('package.json') as {
  readonly dependencies: Versions;
  readonly devDependencies: Versions;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
};
const lock = read('package-lock.json') as { readonly packages: Readonly<Record<string, Locked>> };
/** protobufjs: compares version schemes and prints a warning. */
const scriptsLookedAt = new Set([...Object.keys(manifest.allowScripts ?? {}), 'protobufjs']);

type Versions = Readonly<Record<string, string>>;
interface Locked {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
const problems = [
  ...packages.flatMap(([path, { integrity = '', link = false }]) =>
    !link && !integrity.startsWith('sha512-') ? [`${path}: no sha512 in the lock file`] : [],
  ),
  ...packages.flatMap(([path, { resolved = '' }]) =>
    /^(git|http:|file:)|github/.test(resolved) ? [`${path}: comes from ${resolved.split('?')[0]}`] : [],
  ),
  ...Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).flatMap(([name, version]) =>
    /^\d+\.\d+\.\d+$/.test(version) ? [] : [`${name}: ${version} is no exact version`],
  ),
  ...packages.flatMap(([path, { hasInstallScript = false }]) => {
    const name = path.replace(/^.*node_modules\//, '');
    return hasInstallScript && !scriptsLookedAt.has(name)
      ? [`${name}: runs a script when it is installed, which nobody has looked at`]
      : [];
  }),
];
if (packages.length === 0) problems.push('the lock file names no package');

const asked = askRegistry();
for (const problem of [...problems, ...asked.problems]) console.error(problem);
if (problems.length + asked.problems.length > 0) process.exitCode = 1;
else console.log(`${packages.length} packages held to their hashes; ${asked.words}`);

function askRegistry(): { readonly problems: readonly string[]; readonly words: string } {
  const options = ['--omit', 'dev', '--json', '--fetch-retries', '0', '--fetch-timeout', '10000'];
  const { stdout, error } = spawnSync('npm', ['audit', ...options], { cwd: root, encoding: 'utf8', timeout: 30_000 });
  const answer = parsed(stdout ?? '');
  const counts = answer?.metadata?.vulnerabilities;
  if (counts === undefined) {
    const why = (error?.message ?? answer?.message ?? 'no answer').split(/ - /)[0];
    return {
      problems: [],
      words: `known weaknesses were NOT looked for: the registry does not offer it here (${why}). The workflow on GitHub does.`,
    };
  }
  const grave = (counts.high ?? 0) + (counts.critical ?? 0);
  return {
    problems:
      grave === 0 ? [] : [`npm audit: ${grave} known high or critical weaknesses in what is shipped; npm audit --omit dev tells which`],
    words: 'no known high or critical weakness in what is shipped',
  };
}

interface AuditAnswer {
  readonly message?: string;
  readonly metadata?: { readonly vulnerabilities?: { readonly high?: number; readonly critical?: number } };
}

function parsed(text: string): AuditAnswer | undefined {
  try {
    return JSON.parse(text) as AuditAnswer;
  } catch {
    return undefined;
  }
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(root, name), 'utf8'));
}
