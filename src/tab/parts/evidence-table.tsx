import { Scrolls } from './scrolls.tsx';

interface Piece {
  readonly label: string;
  readonly value: string;
  readonly source: string;
}

const sources: Readonly<Record<string, string>> = {
  'resource-graph': 'Resource Graph',
  arm: 'Azure Resource Manager',
  graph: 'Microsoft Graph',
  logs: 'Log Analytics',
  activity: 'Activity Log',
};

/** What the verdict rests on, and where each piece was read. */
export const EvidenceTable = ({ pieces, caption }: { readonly pieces: readonly Piece[]; readonly caption: string }) =>
  pieces.length === 0 ? null : (
    <Scrolls label="Evidence">
      <table className="plain">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Value</th>
            <th scope="col">Read from</th>
          </tr>
        </thead>
        <tbody>
          {pieces.map(({ label, value, source }, at) => (
            <tr key={`${at} ${label}`}>
              <th scope="row">{label}</th>
              <td className="breaks">{value}</td>
              <td>{sources[source] ?? source}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolls>
  );
