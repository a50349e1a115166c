import type { TrendPoint } from '../../api/contract/index.ts';
import { day } from './instant.ts';
import { Scrolls } from './scrolls.tsx';

const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
const width = 600;
const height = 160;
const gap = 2;

/** Bars by day, worst at the bottom; the same numbers as a table for those who want or need them. A day that was not wholly seen is hatched. */
export function TrendChart({ points }: { readonly points: readonly TrendPoint[] }) {
  const days = points.filter(({ audits }) => audits > 0);
  if (days.length === 0) return <p>There is no trend yet: it begins with the first audit, and counts the whole tenant only.</p>;
  const most = Math.max(1, ...days.map(({ open }) => totalOf(open)));
  const step = Math.min(width / days.length, 40);
  return (
    <>
      <svg className="trend" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={wordsOf(days)} preserveAspectRatio="xMinYMax meet">
        {days.map((point, at) => (
          <Bar key={point.day} point={point} x={at * step} width={Math.max(1, step - gap)} most={most} />
        ))}
      </svg>
      <details>
        <summary>As a table</summary>
        <Scrolls label="Open findings by day">
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">Day</th>
                {severities.map((severity) => (
                  <th key={severity} scope="col" className="number">
                    {severity}
                  </th>
                ))}
                <th scope="col">Seen</th>
              </tr>
            </thead>
            <tbody>
              {days.toReversed().map(({ day: date, open, complete }) => (
                <tr key={date}>
                  <th scope="row">{day(date)}</th>
                  {severities.map((severity) => (
                    <td key={severity} className="number">
                      {open[severity]}
                    </td>
                  ))}
                  <td>{complete ? 'everything' : 'a part'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolls>
      </details>
    </>
  );
}

function Bar({
  point,
  x,
  width: wide,
  most,
}: {
  readonly point: TrendPoint;
  readonly x: number;
  readonly width: number;
  readonly most: number;
}) {
  let top = height;
  return (
    <g opacity={point.complete ? 1 : 0.5}>
      <title>{`${day(point.day)}: ${totalOf(point.open)} open${point.complete ? '' : ', not everything was seen'}`}</title>
      {severities.map((severity) => {
        const tall = (point.open[severity] / most) * (height - 4);
        top -= tall;
        return tall > 0 && <rect key={severity} className={`fill-${severity}`} x={x} y={top} width={wide} height={tall} />;
      })}
    </g>
  );
}

const totalOf = (open: TrendPoint['open']): number => severities.reduce((sum, severity) => sum + open[severity], 0);

function wordsOf(days: readonly TrendPoint[]): string {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return '';
  if (first === last) return `${totalOf(last.open)} open findings on ${day(last.day)}.`;
  return `${totalOf(first.open)} open findings on ${day(first.day)}, ${totalOf(last.open)} on ${day(last.day)}.`;
}
