import type { Delivery } from '../ports/index.ts';
import { retryAfterSeconds } from './retry-after.ts';

export interface WebhookAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** The body's beginning. Never repeated: it may echo the URL. */
  readonly text: string;
}

/** What an answer means, and what somebody should do about it. `byProxy`: it comes from a proxy that did not let the request through. */
export function answerOf(answer: WebhookAnswer, on: { readonly byProxy: boolean; readonly nowMs: number }): Delivery {
  const { status } = answer;
  const retryAfter = retryAfterSeconds(answer.retryAfter, on.nowMs);
  const later = (why: string): Delivery => ({ kind: 'later', why, ...(retryAfter !== undefined && { retryAfterSeconds: retryAfter }) });
  const refused = (why: string): Delivery => ({ kind: 'refused', why });
  if (on.byProxy)
    return later(`The proxy on the way to the Teams webhook answered HTTP ${status}; nothing was sent. Let the auditor through there.`);
  if (status >= 200 && status < 300) return wrapped(answer, on) ?? { kind: 'delivered' };
  if (status === 429) return later('The Teams webhook is throttled (HTTP 429).');
  // The gateway passed the request on and heard nothing: its run may have begun.
  if (status === 504)
    return { kind: 'unknown', why: 'The Teams webhook timed out behind its gateway (HTTP 504); the card may have been posted.' };
  if (status >= 500 || status === 408 || status === 425) return later(`The Teams webhook is out of order (HTTP ${status}).`);
  if (status >= 300 && status < 400)
    return refused(
      `The Teams webhook answered with a redirect (HTTP ${status}), which is not followed. Copy the URL of the Workflow again.`,
    );
  const known = advice[codeIn(answer.text) ?? ''];
  if (known !== undefined) return refused(`The Teams webhook refused the card (HTTP ${status}): ${known}`);
  return refused(`The Teams webhook refused the card (HTTP ${status}): ${adviceByStatus[status] ?? adviceOtherwise}`);
}

/** The connectors that Workflows replaced answer 200 to everything, with the true status in the text: https://github.com/MicrosoftDocs/msteams-docs/issues/1810 */
function wrapped(answer: WebhookAnswer, on: { readonly byProxy: boolean; readonly nowMs: number }): Delivery | undefined {
  const inner = /returned HTTP error (\d{3})/.exec(answer.text)?.[1];
  return inner === undefined ? undefined : answerOf({ ...answer, status: Math.max(400, Number(inner)), text: '' }, on);
}

const orphaned =
  'the Workflow was deleted, its owner left, or its URL was made anew. Open Workflows in the channel, make it again if it is gone, and put its URL in the setting.';

const adviceByStatus: Readonly<Record<number, string>> = {
  400: 'it does not take this payload. The Workflow must begin with "When a Teams webhook request is received" and post the attachments as they come.',
  401: `the signature in the URL counts no more: ${orphaned}`,
  403: 'it does not let the auditor in. Its trigger must be open to Anyone, and to the address of the auditor; its owner must still be there.',
  404: orphaned,
  410: orphaned,
  413: 'the card is larger than it takes.',
};
const adviceOtherwise = "look at the Workflow's run history in Power Automate.";

/** By the code in the body. https://learn.microsoft.com/azure/logic-apps/logic-apps-limits-and-configuration */
const advice: Readonly<Record<string, string>> = {
  WorkflowTriggerIsNotEnabled: 'the Workflow is turned off. Turn it on in Power Automate, under My flows.',
  WorkflowNotFound: orphaned,
  TriggerInputSchemaMismatch:
    'the schema of its trigger does not match. Begin the Workflow with "When a Teams webhook request is received".',
};

function codeIn(text: string): string | undefined {
  const code = /"code"\s*:\s*"([A-Za-z]{1,60})"/.exec(text)?.[1];
  return code !== undefined && Object.hasOwn(advice, code) ? code : undefined;
}
