const steps = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3600 },
  { unit: 'minute', seconds: 60 },
] as const;

/** How long ago a wall-clock time (ms since 1970) was: "2 minutes ago". */
export function ago(at: number, now = Date.now()): string {
  const seconds = Math.max(0, (now - at) / 1000);
  const step = steps.find((item) => seconds >= item.seconds);
  if (step === undefined) return 'just now';
  return new Intl.RelativeTimeFormat('en').format(-Math.floor(seconds / step.seconds), step.unit);
}
