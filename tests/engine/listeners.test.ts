import { describe, expect, it } from 'vitest';
import { Listeners } from '../../src/engine/listeners.ts';

describe('listeners', () => {
  it('are told until they end it, each by itself', () => {
    const listeners = new Listeners();
    const told: string[] = [];
    const both = (): void => void told.push('both');
    const endFirst = listeners.add(both);
    listeners.add(both);
    listeners.add(() => told.push('other'));
    listeners.tell();
    expect(told).toEqual(['both', 'both', 'other']);
    endFirst();
    endFirst();
    listeners.tell();
    expect(told.slice(3)).toEqual(['both', 'other']);
    listeners.clear();
    listeners.tell();
    expect(told).toHaveLength(5);
  });

  it('may come and go while they are told', () => {
    const listeners = new Listeners();
    const told: string[] = [];
    const end = listeners.add(() => {
      told.push('first');
      end();
      listeners.add(() => told.push('late'));
    });
    listeners.add(() => told.push('second'));
    listeners.tell();
    expect(told).toEqual(['first', 'second']);
    listeners.tell();
    expect(told).toEqual(['first', 'second', 'second', 'late']);
  });
});
