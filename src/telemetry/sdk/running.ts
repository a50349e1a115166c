/** Telemetry that was started, for the life of a process. */
export interface RunningTelemetry {
  /** Sends what is waiting. Never throws: who cannot tell goes on working. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
