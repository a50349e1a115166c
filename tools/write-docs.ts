import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { causes } from '../src/incidents/index.ts';
import { rules } from '../src/rules/index.ts';
import { scenarios } from '../src/sandbox/generate/scenarios/index.ts';
import { causePages } from './docs/cause-pages.ts';
import { apiPages } from './docs/api-page.ts';
import type { Page } from './docs/page.ts';
import { permissionPages } from './docs/permission-page.ts';
import { rolePages } from './docs/role-page.ts';
import { rulePages } from './docs/rule-pages.ts';
import { scenarioPages } from './docs/scenario-pages.ts';
import { settingPages } from './docs/setting-pages.ts';
import { telemetryPages } from './docs/telemetry-page.ts';
import { workbookPages } from './docs/workbook-page.ts';

/**
 * `npm run docs`: writes every generated page, and removes generated pages whose rule is gone. With `--check` it writes nothing and fails
 * when something is out of date. Another kind of page is one more line in `pages` and, if it fills a folder, in `folders`.
 */
const pages: readonly Page[] = [
  ...rulePages(rules),
  ...causePages(causes),
  ...settingPages(),
  ...scenarioPages(scenarios),
  ...rolePages(),
  ...permissionPages(),
  ...apiPages(),
  ...telemetryPages(),
  ...workbookPages(),
];
/** Folders that hold generated pages only. */
const folders = ['docs/rules', 'docs/causes'];

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const stale = pages.filter(({ path, text }) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text);
const wanted = new Set(pages.map(({ path }) => path));
const left = folders
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) =>
    readdirSync(join(root, folder))
      .map((name) => `${folder}/${name}`)
      .filter((path) => !wanted.has(path)),
  );

if (values.check) {
  for (const { path } of stale) console.error(`out of date: ${path}`);
  for (const path of left) console.error(`nothing generates it any more: ${path}`);
  if (stale.length + left.length > 0) {
    console.error('run `npm run docs` and commit the result');
    process.exitCode = 1;
  }
} else {
  for (const { path, text } of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const path of left) rmSync(join(root, path));
  console.log(`${pages.length} pages, ${stale.length} written, ${left.length} removed`);
}
