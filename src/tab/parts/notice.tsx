import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const intents = { bad: 'error', warning: 'warning', good: 'success', plain: 'info' } as const;

interface NoticeProps {
  readonly kind: keyof typeof intents;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** Something to know before reading on. */
export const Notice = ({ kind, title, children, action }: NoticeProps) => (
  <MessageBar intent={intents[kind]} layout="multiline" className="notice">
    <MessageBarBody>
      <MessageBarTitle>{title}</MessageBarTitle>
      <div className="notice-text">{children}</div>
      {action !== undefined && action !== false && <div className="notice-action">{action}</div>}
    </MessageBarBody>
  </MessageBar>
);
