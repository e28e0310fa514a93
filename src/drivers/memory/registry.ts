/** Which names of the memory driver have a server: the "network" of this process. */
import type { MemorySocket, MemorySocketOptions } from './socket.ts';

export interface Listener {
  readonly unresponsive: boolean;
  /** A client has come. @returns the client's end */
  accept(client: MemorySocketOptions, clientName: string): MemorySocket;
}

const listeners = new Map<string, Listener>();
let clients = 0;

/** @returns false when the name is taken */
export function listenOn(name: string, listener: Listener): boolean {
  if (listeners.has(name)) return false;
  listeners.set(name, listener);
  return true;
}

export function stopListening(name: string): void {
  listeners.delete(name);
}

export function listenerAt(name: string): Listener | undefined {
  return listeners.get(name);
}

/** `memory#7`: what a socket's port is for TCP. */
export function nextClientName(name: string): string {
  clients += 1;
  return `${name}#${clients}`;
}
