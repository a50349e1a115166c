/** An error in one line, causes included: what an admin reads in a terminal or a log. Hosts show no causes of their own accord. */
export function sentence(error: unknown): string {
  const messages: string[] = [];
  for (let at: unknown = error; at !== undefined && at !== null && messages.length < 5; at = at instanceof Error ? at.cause : undefined) {
    const text = (at instanceof Error ? at.message || at.name : typeof at === 'string' ? at : (JSON.stringify(at) ?? ''))
      .replace(/\s+/g, ' ')
      .trim();
    if (text !== '' && !messages.some((message) => message.includes(text))) messages.push(text);
  }
  return messages.join(' Because: ') || 'unknown error';
}
