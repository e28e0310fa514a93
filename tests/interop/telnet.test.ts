/** Telnet with implementations that we did not write: clients against our server, and telnetd against our client. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TelnetFilter } from '../../src/shared/telnet/telnet-filter.ts';
import type { LiveSession } from '../support/live-session.ts';
import { onStage } from './peers.ts';
import { placeOf } from './python.ts';

/** inetutils-telnetd: not asked for everywhere, as its package brings inetd, which listens. */
const TELNETD = '/usr/sbin/telnetd';

const answers = { telnet: 'answer' };
const [IAC, DO, WILL] = [255, 253, 251];

function hostAndPort(address: string): readonly string[] {
  const place = placeOf(address);
  if (typeof place === 'string') throw new Error(`${place} is no address of TCP`);
  return place.map(String);
}

/** The rows of negotiation, as `in WILL ECHO`. */
function negotiated(live: LiveSession): readonly string[] {
  return live.rows
    .filter(({ kind }) => kind === 'telnet')
    .map(({ direction, meta }) =>
      [direction, meta.verb, meta.option, meta.value].filter((part) => part !== undefined).join(' '),
    );
}

function shownBy(live: LiveSession): string {
  return Buffer.from(new TelnetFilter().push(live.recorded('in'))).toString();
}

/** What a client is asked for, as a server would: it says its type and its size, and that data goes both ways. */
const questions = Buffer.from([IAC, DO, 24, IAC, DO, 31, IAC, DO, 5, IAC, WILL, 3, IAC, WILL, 1]);

describe.each([
  ['inetutils', 'inetutils-telnet', ['-E']],
  ['busybox', 'busybox', ['telnet']],
] as const)('telnet of %s as the client', (_name, program, options) => {
  it('negotiates with our server, and neither goes on for ever', () =>
    onStage(async (stage) => {
      const live = await stage.open('tcp-server', '127.0.0.1:0', answers);
      const client = await stage.program(program, [...options, ...hostAndPort(live.local)]);
      await live.row({ kind: 'connection' });
      // Somebody asks by hand.
      await live.send(questions);
      await live.row({ kind: 'telnet', direction: 'in', meta: { verb: 'WONT', option: 'STATUS' } });
      await live.row({ kind: 'telnet', direction: 'in', meta: { verb: 'SB', option: 'TERMINAL-TYPE' } });
      expect(negotiated(live)).toEqual(
        expect.arrayContaining(['in WILL TERMINAL-TYPE', 'in WILL NAWS', 'in DO SUPPRESS-GO-AHEAD', 'in DO ECHO']),
      );
      // What the client says is the answer: only its type is asked for.
      expect(negotiated(live).filter((row) => row.startsWith('out'))).toEqual(['out SB TERMINAL-TYPE SEND']);
      await client.send(Buffer.from('who is there?\n'));
      await live.until(() => shownBy(live).includes('who is there?'), 'the question');
      const before = negotiated(live).length;
      await live.send(Buffer.from('nobody\r\n'));
      while (!(await client.line()).includes('nobody'));
      expect(negotiated(live).length).toBe(before);
    })());
});

const withTelnetd = (): void => {
  it('opens a shell that knows our terminal and its size', () =>
    onStage(async (stage) => {
      const daemon = `EXEC:${TELNETD} -h -E /bin/sh,nofork`;
      const listener = await stage.program('socat', ['-d', '-d', 'TCP4-LISTEN:0,bind=127.0.0.1', daemon]);
      const [, port = ''] = await listener.says(/listening on AF=\d+ \S*:(\d+)\s/);
      const live = await stage.open('tcp-client', `127.0.0.1:${port}`, answers);
      await live.session.act('naws', null, { columns: 132, rows: 43 });
      await live.row({ kind: 'telnet', direction: 'out', meta: { option: 'NAWS', columns: 132, rows: 43 } });
      const filter = new TelnetFilter();
      filter.push(live.recorded('in'));
      await live.send(filter.input(Buffer.from('echo "<$TERM>"; stty size\r')));
      await live.until(() => shownBy(live).includes('43 132'), 'the size that the shell has');
      expect(shownBy(live).toLowerCase()).toContain('<xterm-256color>');
      expect(shownBy(live)).not.toContain('\ufffd');
      expect(negotiated(live)).toEqual(
        expect.arrayContaining([
          'in DO TERMINAL-TYPE',
          'out WILL TERMINAL-TYPE',
          'out SB TERMINAL-TYPE IS XTERM-256COLOR',
          'out WILL NAWS',
          'in WILL ECHO',
          'out DO ECHO',
          'out WONT NEW-ENVIRON',
        ]),
      );
      await live.send(filter.input(Buffer.from('exit\r')));
      await live.row({ kind: 'end', direction: 'in' });
    })());
};

// Its package brings inetd along, so it is not installed for the tests: it is used where it is.
if (existsSync(TELNETD)) describe('telnetd of inetutils as the server', withTelnetd);
