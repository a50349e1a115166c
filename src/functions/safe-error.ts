import { safeText } from '../telemetry/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What may stand in the log of the host: an error of a library may repeat an address or a connection string. */
export async function safeWords(environment: Environment): Promise<(text: string) => string> {
  const { readSettings, secretsOf } = await import('../config/index.ts');
  const read = readSettings(environment);
  return safeText('settings' in read ? secretsOf(read.settings) : []);
}

/** The error itself where there is nothing to hide; otherwise one that says the same without it. */
export async function safeError(error: Error, environment: Environment): Promise<Error> {
  const safe = await safeWords(environment);
  const { name, message, stack = '' } = error;
  const lines = stack.split('\n');
  if (safe(message) === message && lines.every((line) => safe(line) === line)) return error;
  const copy = new Error(safe(message));
  copy.name = name;
  copy.stack = lines.map(safe).join('\n');
  return copy;
}
