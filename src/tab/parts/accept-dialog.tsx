import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  Textarea,
} from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { AcceptManyResult, Finding } from '../../api/contract/index.ts';
import { useAccess } from '../api/use-api.ts';
import { Problem } from './problem.tsx';

const usualDays = 90;

interface AcceptDialogProps {
  readonly findings: readonly Pick<Finding, 'id' | 'title' | 'severity'>[];
  readonly close: () => void;
  readonly done: (words: string) => void;
}

/** Accepting a risk takes a reason and an end: somebody will ask for both. */
export function AcceptDialog({ findings, close, done }: AcceptDialogProps) {
  const { api } = useAccess();
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState(dayIn(usualDays));
  const accept = useMutation({
    mutationFn: () => api.send<AcceptManyResult>('POST', '/api/exceptions', { findingIds: findings.map(({ id }) => id), reason, until }),
    onSuccess: (result) => done(wordsOf(result)),
  });
  const ready = reason.trim() !== '' && until !== '';
  return (
    <Dialog open modalType="modal" onOpenChange={(_event, { open }) => !open && close()}>
      <DialogSurface>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (ready && !accept.isPending) accept.mutate();
          }}
        >
          <DialogBody>
            <DialogTitle>{findings.length === 1 ? 'Accept this risk' : `Accept ${findings.length} risks`}</DialogTitle>
            <DialogContent className="stack">
              <ul>
                {findings.slice(0, 5).map(({ id, title, severity }) => (
                  <li key={id}>
                    {severity}: {title}
                  </li>
                ))}
                {findings.length > 5 && <li>and {findings.length - 5} more</li>}
              </ul>
              <p>
                Nothing changes in Azure. The finding stays quiet until the day below, then opens again. Your name stands in its history.
              </p>
              <Field label="Reason" required hint="Why this is acceptable, and who agreed.">
                <Textarea value={reason} maxLength={2_000} resize="vertical" onChange={(_event, { value }) => setReason(value)} />
              </Field>
              <Field label="Until" required>
                <Input type="date" value={until} min={dayIn(1)} onChange={(_event, { value }) => setUntil(value)} />
              </Field>
              {accept.isError && <Problem cause={accept.error} />}
            </DialogContent>
            <DialogActions>
              <Button onClick={close}>Cancel</Button>
              <Button type="submit" appearance="primary" disabled={!ready || accept.isPending}>
                {accept.isPending ? 'Accepting' : 'Accept'}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}

function wordsOf({ accepted, refused }: AcceptManyResult): string {
  const yes = `${accepted.length} accepted.`;
  return refused.length === 0 ? yes : `${yes} ${refused.length} not: ${refused.map(({ because }) => because).join(' ')}`;
}

const dayIn = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
