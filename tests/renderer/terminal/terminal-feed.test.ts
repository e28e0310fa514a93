import { describe, expect, it } from 'vitest';
import { failure } from '../../../src/shared/errors.ts';
import { TERMINAL_FRAME_MS } from '../../../src/shared/terminal-limits.ts';
import { settled } from '../../support/fake-client.ts';
import { chunkOf, endOfRecording, FeedBench } from '../../support/terminal-feed-bench.ts';

describe('the feed of a terminal', () => {
  it('asks for more only when the screen has taken what it got: one chunk is under way, never two', async () => {
    const bench = new FeedBench();
    bench.isQuick = false;
    await bench.come(chunkOf('one '), chunkOf('two '), chunkOf('three'));
    expect([bench.written, bench.reads]).toEqual([['one '], 1]);
    await bench.taken();
    expect([bench.written, bench.reads]).toEqual([['one ', 'two '], 2]);
    await bench.taken();
    await bench.taken();
    expect([bench.written.join(''), bench.reads]).toEqual(['one two three', 4]);
    bench.feed.stop();
    await bench.running;
  });

  it('leaves the rest of each frame to the window in a flood', async () => {
    const bench = new FeedBench();
    bench.msToWrite = TERMINAL_FRAME_MS / 2;
    await bench.come(...'abcdefgh'.split('').map((text) => chunkOf(text)));
    expect(bench.written.join('')).toBe('ab');
    await bench.scheduler.nextFrame();
    expect(bench.written.join('')).toBe('abcd');
    await bench.scheduler.rest();
    expect(bench.written.join('')).toBe('abcdefgh');
    // What takes no time is shown at once.
    bench.msToWrite = 0;
    await bench.come(chunkOf('i'), chunkOf('j'), chunkOf('k'));
    expect(bench.written.join('')).toBe('abcdefghijk');
    bench.feed.stop();
    await bench.running;
  });

  it('asks for nothing while nobody looks, and goes on afterwards', async () => {
    const bench = new FeedBench();
    await bench.come(chunkOf('before'));
    bench.feed.hold();
    await bench.come(chunkOf('meanwhile'), chunkOf('later'));
    expect([bench.written, bench.reads]).toEqual([['before'], 2]);
    bench.feed.release();
    await settled();
    expect(bench.written).toEqual(['before', 'meanwhile', 'later']);
    bench.feed.stop();
    await bench.running;
  });

  it('ends with the recording, and closes its terminal', async () => {
    const bench = new FeedBench();
    await bench.come(chunkOf('all'), endOfRecording);
    await bench.running;
    expect(bench.told).toEqual(['opened 0 1000000000', 'ended']);
    expect(bench.calls.callsOf('terminal.close')).toEqual([{ terminal: 7 }]);
  });

  it('closes its terminal when it is stopped while it waits, and tells nothing more', async () => {
    const bench = new FeedBench();
    await settled();
    bench.feed.stop();
    await bench.running;
    expect(bench.calls.callsOf('terminal.close')).toEqual([{ terminal: 7 }]);
    expect([bench.told, bench.error]).toEqual([['opened 0 1000000000'], null]);
  });

  it('stops also when it is held', async () => {
    const bench = new FeedBench();
    bench.feed.hold();
    await settled();
    bench.feed.stop();
    await bench.running;
    expect(bench.reads).toBe(0);
  });

  it('stops also while the terminal is only just being opened', async () => {
    const bench = new FeedBench();
    bench.feed.stop();
    await bench.running;
    expect(bench.calls.callsOf('terminal.close')).toEqual([{ terminal: 7 }]);
    expect(bench.told).toEqual([]);
  });

  it('says why it cannot go on', async () => {
    const bench = new FeedBench();
    await settled();
    await bench.fail(failure('bad-recording', 'It cannot be read on.'));
    await bench.running;
    expect(bench.error?.code).toBe('bad-recording');
  });

  it('says why it could not begin', async () => {
    const bench = new FeedBench({}, failure('busy', 'Too many.'));
    await bench.running;
    expect([bench.error?.code, bench.reads]).toEqual(['busy', 0]);
  });
});

describe('a recording that is played', () => {
  const steps = [chunkOf('one', 1000), chunkOf('two', 1500), chunkOf('three', 9500), endOfRecording];

  it('takes as long as it took', async () => {
    const bench = new FeedBench({ speed: '1' });
    await bench.come(...steps);
    expect(bench.written).toEqual(['one']);
    await bench.pass(499);
    expect(bench.written).toEqual(['one']);
    await bench.pass(1);
    expect(bench.written).toEqual(['one', 'two']);
    await bench.pass(7999);
    expect(bench.written).toEqual(['one', 'two']);
    await bench.pass(1);
    expect(bench.written).toEqual(['one', 'two', 'three']);
    await bench.running;
    expect(bench.told).toEqual(['opened 0 1000000000', 'waits 500', 'waits 8000', 'ended']);
  });

  it('is ten times as fast', async () => {
    const bench = new FeedBench({ speed: '10' });
    await bench.come(...steps);
    await bench.pass(50);
    expect(bench.written).toEqual(['one', 'two']);
    await bench.pass(800);
    expect(bench.written).toEqual(['one', 'two', 'three']);
    await bench.running;
  });

  it('asks for what belongs together at its speed, and for all when it does not matter', async () => {
    const paced = new FeedBench({ speed: '10' });
    const whole = new FeedBench({ speed: 'once' });
    await settled();
    expect(paced.calls.callsOf('terminal.read')).toMatchObject([{ span: 80_000_000 }]);
    expect(whole.calls.callsOf('terminal.read')).toMatchObject([{ span: null }]);
    for (const bench of [paced, whole]) {
      bench.feed.stop();
      await bench.running;
    }
  });

  it('goes on from where it is when the speed changes', async () => {
    const bench = new FeedBench({ speed: '1' });
    await bench.come(...steps);
    await bench.pass(500);
    await bench.pass(4000);
    bench.feed.speed = '10';
    await settled();
    // Of the 8 s half are left.
    await bench.pass(399);
    expect(bench.written).toEqual(['one', 'two']);
    await bench.pass(1);
    expect(bench.written).toEqual(['one', 'two', 'three']);
    await bench.running;
  });

  it('shows at once what comes next when nobody wants to wait, and counts from there', async () => {
    const bench = new FeedBench({ speed: '1' });
    await bench.come(chunkOf('one', 1000), chunkOf('two', 61_000), chunkOf('three', 61_100), endOfRecording);
    bench.feed.skip();
    await settled();
    expect(bench.written).toEqual(['one', 'two']);
    await bench.pass(99);
    expect(bench.written).toEqual(['one', 'two']);
    await bench.pass(1);
    expect(bench.written).toEqual(['one', 'two', 'three']);
    await bench.running;
  });

  it('stands still while it is held, and goes on from there', async () => {
    const bench = new FeedBench({ speed: '1' });
    await bench.come(...steps);
    await bench.pass(200);
    bench.feed.hold();
    await bench.pass(60_000);
    bench.feed.release();
    await bench.pass(299);
    expect(bench.written).toEqual(['one']);
    await bench.pass(1);
    expect(bench.written).toEqual(['one', 'two']);
    bench.feed.stop();
    await bench.running;
  });

  it('can be slowed down when the first part was shown all at once', async () => {
    const bench = new FeedBench();
    await bench.come(chunkOf('one', 1000));
    bench.feed.speed = '1';
    await bench.come(chunkOf('two', 90_000), chunkOf('three', 91_000));
    expect(bench.written).toEqual(['one', 'two']);
    await bench.pass(1000);
    expect(bench.written).toEqual(['one', 'two', 'three']);
    bench.feed.stop();
    await bench.running;
  });
});
