import { CopyButton } from './copy-button.tsx';

interface Step {
  readonly text: string;
  readonly cli?: string | undefined;
  readonly bicep?: string | undefined;
  readonly terraform?: string | undefined;
}

/** The remedy, step by step, each command as it runs. */
export const FixList = ({ steps }: { readonly steps: readonly Step[] }) =>
  steps.length === 0 ? (
    <p>No command fixes this by itself; the text above says what to decide.</p>
  ) : (
    <ol className="fix">
      {steps.map(({ text, cli, bicep, terraform }, at) => (
        <li key={`${at} ${text}`}>
          <p>{text}</p>
          {cli !== undefined && <Command text={cli} what={`command ${at + 1}`} />}
          {bicep !== undefined && <Command text={bicep} what={`Bicep of step ${at + 1}`} language="Bicep" />}
          {terraform !== undefined && <Command text={terraform} what={`Terraform of step ${at + 1}`} language="Terraform" />}
        </li>
      ))}
    </ol>
  );

/** A long line scrolls, so it takes the keyboard. */
export const Command = ({
  text,
  what,
  language = 'Azure CLI',
}: {
  readonly text: string;
  readonly what: string;
  readonly language?: string;
}) => (
  <figure className="command">
    <figcaption>
      {language}
      <CopyButton text={text} what={what} />
    </figcaption>
    {/* What scrolls must be reachable by keyboard. */}
    <pre tabIndex={0} aria-label={what}>
      {text}
    </pre>
  </figure>
);
