/**
 * The one memory of WebAssembly that the bytes of the hot path stand in: what is read from sockets, and the blocks of
 * recordings. So they are checked, summed and copied where they are, without an object for each part of them.
 */
import { copy, get, instantiate, type Run, type WasmFunction } from './wasm-code.ts';
import { webAssembly, type Memory } from './web-assembly.ts';

/** Of WebAssembly, in bytes; a multiple of the pages of all systems. */
const PAGE = 65_536;

/** All that is ever reserved, with room to spare, in pages (64 MiB). It takes none of the machine's memory before it is written to. */
const PAGES = 1024;

const copyBytes: WasmFunction = {
  parameters: 3,
  result: null,
  locals: [],
  body: [copy(get(0), get(1), get(2))],
};

let memory: Memory | null = null;
let bytes = new Uint8Array(0);
/** The first page is for functions that keep a few numbers between calls. */
let reserved = PAGE;
let run: Run = () => undefined;

/** A worker that needs none has none. */
function made(): Memory {
  if (memory !== null) return memory;
  memory = new (webAssembly().Memory)({ initial: PAGES });
  bytes = new Uint8Array(memory.buffer);
  run = instantiate(copyBytes, memory);
  return memory;
}

/** Memory for good, at the beginning of a page. @throws RangeError when there is not so much any more */
export function reserveFast(size: number): Uint8Array<ArrayBuffer> {
  const { buffer } = made();
  const start = reserved;
  if (start + size > buffer.byteLength) throw new RangeError(`No room for ${size} bytes in the fast memory`);
  reserved += Math.ceil(size / PAGE) * PAGE;
  return new Uint8Array(buffer, start, size);
}

/** Whether bytes stand in it: then their `byteOffset` is their address. */
export function isFast({ buffer }: { readonly buffer: ArrayBufferLike }): boolean {
  return buffer === bytes.buffer;
}

/** From one address to another; they may overlap. */
export function copyFast(to: number, from: number, length: number): void {
  run(to, from, length);
}

/** The function over this memory. */
export function instantiateFast(wasm: WasmFunction): Run {
  return instantiate(wasm, made());
}

/** All of it: the first page is for the few numbers that functions keep. */
export function fastScratch(): ArrayBuffer {
  return made().buffer;
}
