const steps = [
  { unit: 'd', seconds: 86_400 },
  { unit: 'h', seconds: 3600 },
  { unit: 'min', seconds: 60 },
] as const;

/** How long ago a wall-clock time (ms since 1970) was, in one unit: "4 min", or "now". */
export function ago(at: number, now: number): string {
  const seconds = Math.max(0, (now - at) / 1000);
  const step = steps.find((item) => seconds >= item.seconds);
  return step === undefined ? 'now' : `${Math.floor(seconds / step.seconds)} ${step.unit}`;
}
