import { Badge } from '@fluentui/react-components';
import type { Finding } from '../../api/contract/index.ts';

type Severity = Finding['severity'];

/** Text and shape beside the colour: nobody has to tell red from orange. */
export const SeverityBadge = ({ severity }: { readonly severity: Severity }) => (
  <span className={`severity severity-${severity}`}>
    <span aria-hidden="true" className="severity-bars" />
    {severity}
  </span>
);

const statusColours = {
  new: 'brand',
  open: 'informative',
  reopened: 'important',
  accepted: 'subtle',
  resolved: 'success',
  opened: 'brand',
  grown: 'important',
  quiet: 'informative',
} as const;

export const StatusBadge = ({ status }: { readonly status: keyof typeof statusColours }) => (
  <Badge appearance={status === 'reopened' || status === 'grown' ? 'filled' : 'outline'} color={statusColours[status]}>
    {status}
  </Badge>
);
