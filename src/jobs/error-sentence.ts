/** An error in one line, causes included: what an admin reads in a terminal or a log. Hosts show no causes of their own accord. */
export function sentence(error: unknown): string {
  const messages: string[] = [];
  gather(error, messages, new Set());
  return messages.join(' Because: ') || 'unknown error';
}

const messagesMax = 5;

/** From the outside in. Of several errors in one, each with its own cause. */
function gather(error: unknown, messages: string[], seen: Set<unknown>): void {
  if (error === undefined || error === null || messages.length >= messagesMax || seen.has(error)) return;
  seen.add(error);
  const text = textOf(error).replace(/\s+/g, ' ').trim();
  if (text !== '' && !messages.some((message) => message.includes(text))) messages.push(text);
  if (!(error instanceof Error)) return;
  gather(error.cause, messages, seen);
  if (error instanceof AggregateError) for (const one of error.errors) gather(one, messages, seen);
}

function textOf(error: unknown): string {
  if (error instanceof Error) return error.message || error.name;
  if (typeof error === 'string') return error;
  try {
    return JSON.stringify(error) ?? '';
  } catch {
    // An object that holds itself, or a BigInt, which JSON has no form for.
    return typeof error === 'bigint' ? String(error) : 'an error that cannot be shown';
  }
}
