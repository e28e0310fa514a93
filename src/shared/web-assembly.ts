/** WebAssembly as far as it is used here. TypeScript knows it only together with the DOM, which only the window has. */

export interface Memory {
  readonly buffer: ArrayBuffer;
}

interface WebAssemblyApi {
  readonly Memory: new (size: { readonly initial: number }) => Memory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, Memory>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
}

function isApi(value: unknown): value is WebAssemblyApi {
  return typeof value === 'object' && value !== null && 'Memory' in value && 'Module' in value && 'Instance' in value;
}

/** @throws when the runtime was told to have none (`--jitless`) */
export function webAssembly(): WebAssemblyApi {
  const api: unknown = Reflect.get(globalThis, 'WebAssembly');
  if (!isApi(api)) throw new Error('This runtime has no WebAssembly');
  return api;
}
