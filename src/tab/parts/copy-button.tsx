import { Button } from '@fluentui/react-components';
import { useState } from 'react';

/** Copies, and says that it did: to the eye and to a screen reader. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      // Some Teams clients keep the clipboard to themselves.
      setSaid('Not allowed here: select the text and copy it');
    }
  };
  return (
    <span className="copy">
      <Button size="small" onClick={() => void copy()} aria-label={`Copy ${what}`}>
        Copy
      </Button>
      <span role="status">{said}</span>
    </span>
  );
}
