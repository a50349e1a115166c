import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { estateLines, readEstate } from '../jobs/estate-file.ts';
import { redactedLines } from '../jobs/redact-estate.ts';
import type { Estate } from '../estate/index.ts';
import { sentence } from '../jobs/error-sentence.ts';
import { UsageError } from './trouble.ts';

/** Line by line in both directions: an estate of a million assignments fits no single string. */
export async function readEstateFile(path: string): Promise<Estate> {
  const file = createReadStream(path, 'utf8');
  try {
    await once(file, 'open');
    return await readEstate(createInterface({ input: file, crlfDelay: Infinity }));
  } catch (error) {
    throw new UsageError(`${path} cannot be read as an estate: ${sentence(error)}`, { cause: error });
  } finally {
    file.destroy();
  }
}

/** Readable by its owner only: an estate is a map for an attacker. With a salt, names and ids are replaced. */
export async function writeEstateFile(path: string, estate: Estate, salt: string | undefined): Promise<void> {
  const file = createWriteStream(path, { encoding: 'utf8', mode: 0o600 });
  await once(file, 'open').catch((error: unknown) => {
    throw new UsageError(`${path} cannot be written: ${sentence(error)}`, { cause: error });
  });
  const lines = estateLines(estate);
  for (const line of salt === undefined ? lines : redactedLines(lines, salt)) if (!file.write(`${line}\n`)) await once(file, 'drain');
  file.end();
  await once(file, 'finish');
}
