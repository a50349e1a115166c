/** How much of each part a card may hold. */
export interface Room {
  readonly evidence: number;
  readonly ruledOut: number;
  readonly otherCauses: number;
  /** Gaps told with their reasons; the line that names them stays. */
  readonly gaps: number;
  readonly checks: number;
  readonly furtherSteps: number;
  readonly entries: number;
  /** Bytes of one text that others wrote. */
  readonly textBytes: number;
  /** Bytes of one command; a longer one is named, not cut. */
  readonly commandBytes: number;
}

/** Teams took 28 KB per message from its old connectors, and nobody says what a Workflow takes: 25 KB leave room for what it adds. */
export const payloadBytesMax = 25_000;
/** The same as Teams keeps it, escaped once more: below its 28 KB. */
export const keptBytesMax = 28_000;

const whole: Room = {
  evidence: 5,
  ruledOut: 20,
  otherCauses: 5,
  gaps: 8,
  checks: 6,
  furtherSteps: 6,
  entries: 12,
  textBytes: 1_200,
  commandBytes: 3_000,
};

/** What is given up when a card is too large, first to last. The last one fits whatever is inside: a test holds it to that. */
export const rooms: readonly Room[] = [
  { evidence: 3 },
  { evidence: 1 },
  { evidence: 0 },
  { ruledOut: 8, otherCauses: 3 },
  { ruledOut: 3, otherCauses: 1 },
  { ruledOut: 0, otherCauses: 0 },
  { gaps: 3 },
  { gaps: 0 },
  { checks: 2 },
  { checks: 0 },
  { furtherSteps: 3 },
  { furtherSteps: 1 },
  { furtherSteps: 0 },
  { entries: 8 },
  { entries: 5 },
  { textBytes: 600 },
  { textBytes: 300 },
  { textBytes: 150 },
  { commandBytes: 1_000 },
].reduce<Room[]>((steps, less) => [...steps, { ...steps.at(-1)!, ...less }], [whole]);
