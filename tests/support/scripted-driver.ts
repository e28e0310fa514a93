/** A driver that does what a test tells it to, and nothing by itself. */
import type { Driver, DriverContext, DriverModule, Facts, PeerId } from '../../src/drivers/driver.ts';
import type { Spec } from '../../src/drivers/spec.ts';
import { success, type Outcome } from '../../src/shared/errors.ts';

export const scriptedSpec: Spec = {
  id: 'scripted',
  title: 'Scripted',
  tag: 'SCR',
  hue: 'tcp',
  role: 'client',
  address: { placeholder: '', default: '' },
  verbs: { open: 'Connect', close: 'Disconnect' },
  fields: [
    { type: 'number', id: 'size', label: 'size', help: 'A number.', group: 'Test', default: 1, min: 0, max: 10 },
  ],
  kinds: ['data', 'connect'],
  messageKinds: ['data'],
  actions: [
    { id: 'end', label: 'End', help: '', on: 'peer', menu: 'close' },
    { id: 'stop', label: 'Stop', help: '', on: 'session', menu: 'close' },
  ],
};

/** Each member can be replaced; the calls are listed in `calls`. */
export class ScriptedDriver implements Driver {
  readonly context: DriverContext;
  readonly calls: string[] = [];
  onOpen: (signal: AbortSignal) => Promise<Outcome> = () => Promise.resolve(success());
  onSend: (peer: PeerId, bytes: Uint8Array) => Promise<Outcome> = (peer, bytes) => {
    this.context.record('data', 'out', peer, bytes, null);
    return Promise.resolve(success());
  };
  onAct: (action: string, peer: PeerId | null) => Promise<Outcome> = () => Promise.resolve(success());
  onClose: () => Promise<void> = () => {
    this.context.closed(null);
    return Promise.resolve();
  };
  onReading: () => void = () => undefined;
  onFacts: (peer: PeerId | null) => Facts = () => ({});

  constructor(context: DriverContext) {
    this.context = context;
  }

  open(signal: AbortSignal): Promise<Outcome> {
    this.calls.push('open');
    return this.onOpen(signal);
  }

  send(peer: PeerId, bytes: Uint8Array): Promise<Outcome> {
    this.calls.push(`send ${peer} ${bytes.length}`);
    return this.onSend(peer, bytes);
  }

  act(action: string, peer: PeerId | null): Promise<Outcome> {
    this.calls.push(`act ${action} ${peer ?? 'all'}`);
    return this.onAct(action, peer);
  }

  pauseReading(peer: PeerId | null): void {
    this.calls.push(`pause ${peer ?? 'all'}`);
    this.onReading();
  }

  resumeReading(peer: PeerId | null): void {
    this.calls.push(`resume ${peer ?? 'all'}`);
    this.onReading();
  }

  facts(peer: PeerId | null): Facts {
    return this.onFacts(peer);
  }

  close(): Promise<void> {
    this.calls.push('close');
    return this.onClose();
  }

  /** A connection appears. */
  connect(remote = '127.0.0.1:1'): PeerId {
    return this.context.peerOpened({ local: '127.0.0.1:2', remote });
  }

  /** Bytes arrive. */
  receive(peer: PeerId, text: string): void {
    this.context.record('data', 'in', peer, new TextEncoder().encode(text), null);
  }
}

export interface Script {
  readonly module: DriverModule;
  /** All drivers that were made, the newest last. */
  readonly drivers: ScriptedDriver[];
  readonly last: ScriptedDriver;
}

/** @param prepare is called with each new driver before it opens */
export function script(prepare: (driver: ScriptedDriver) => void = () => undefined, spec = scriptedSpec): Script {
  const drivers: ScriptedDriver[] = [];
  return {
    drivers,
    get last() {
      const driver = drivers.at(-1);
      if (driver === undefined) throw new Error('No driver was made yet');
      return driver;
    },
    module: {
      spec,
      create(context) {
        const driver = new ScriptedDriver(context);
        drivers.push(driver);
        prepare(driver);
        return success(driver);
      },
    },
  };
}
