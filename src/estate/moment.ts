/** An instant as people read it, in a sentence: `2026-11-20 14:05 UTC`. Evidence keeps the instant as it was told; what is no instant stays as it is. */
export function moment(instant: string): string {
  return isInstant.test(instant) ? `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC` : instant;
}

const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/;
