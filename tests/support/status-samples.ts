/** A connection and a session as the engine describes them, for tests of the window. */
import type { PeerStatus, RecordingStatus, SessionStatus } from '../../src/shared/contract.ts';

const noCounters = { bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 };

/** An open connection from 127.0.0.1:50000 + its number. */
export function peerStatus(part: Partial<PeerStatus> = {}): PeerStatus {
  const peer = part.peer ?? 1;
  return {
    peer,
    state: 'open',
    local: '127.0.0.1:9000',
    remote: `127.0.0.1:${50_000 + peer}`,
    since: 0,
    counters: noCounters,
    readingPaused: false,
    facts: {},
    ...part,
  };
}

/** A recording on disk with nothing in it, that keeps up. */
export function recordingStatus(part: Partial<RecordingStatus> = {}): RecordingStatus {
  return {
    bytes: 0,
    lostRecords: 0,
    lostBytes: 0,
    storage: 'disk',
    id: null,
    waiting: 0,
    isBehind: false,
    error: null,
    ...part,
  };
}

/** A server that listens and has no connections. */
export function sessionStatus(part: Partial<SessionStatus> = {}): SessionStatus {
  return {
    session: 's1',
    protocol: 'tcp-server',
    state: 'open',
    error: null,
    startedAt: 0,
    local: '127.0.0.1:9000',
    remote: null,
    facts: {},
    counters: noCounters,
    peers: { total: 0, open: 0 },
    rows: { first: 0, end: 0 },
    hasFrames: false,
    recording: recordingStatus(),
    readOnly: false,
    readingPaused: false,
    sending: null,
    reconnect: null,
    views: [],
    ...part,
  };
}
