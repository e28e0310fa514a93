/** What a read-only tab shows: a recording of History, or one from a file, and whether it could be opened. */
import type { Params } from '../../shared/contract.ts';
import type { WireError } from '../../shared/errors.ts';
import type { Spec } from '../../drivers/spec.ts';
import { specOf } from '../../drivers/specs.ts';
import { commonKinds } from '../../shared/record.ts';

/** A recording by its name in History, or by its place on disk. */
export type RecordingSource = Params<'recordings.open'>;

export class Recorded {
  readonly source: RecordingSource;
  /** Names of the kinds, by the codes in its records. */
  kinds = $state.raw<readonly string[]>(commonKinds);
  /** `gone`: it cannot be read (any more); `error` says why. */
  state = $state<'opening' | 'open' | 'gone'>('opening');
  error = $state.raw<WireError | null>(null);

  constructor(source: RecordingSource) {
    this.source = source;
  }

  /** Its name in History; null when it was opened from elsewhere. */
  get id(): string | null {
    return 'recording' in this.source ? this.source.recording : null;
  }

  isOf(source: RecordingSource): boolean {
    if ('recording' in source) return 'recording' in this.source && this.source.recording === source.recording;
    return 'path' in this.source && this.source.path === source.path;
  }
}

/** The spec of a recording's protocol; one without options or actions when this version does not know it. */
export function recordedSpec(protocol: string): Spec {
  return (
    specOf(protocol) ?? {
      id: protocol,
      title: protocol,
      tag: '?',
      hue: 'dns',
      role: 'client',
      address: { placeholder: '', default: '' },
      verbs: { open: 'Open', close: 'Close' },
      fields: [],
      kinds: [],
      messageKinds: [],
      actions: [],
    }
  );
}
