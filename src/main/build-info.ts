/** What this build is: written into the package when it is made (docs/releasing.md). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface BuildInfo {
  /** Made with an Electron that stands in for the official one where that cannot be had: not for release. */
  readonly standIn: boolean;
  /** Of the sources, or null. */
  readonly commit: string | null;
}

/** @returns null when it runs from source */
export function readBuildInfo(folder: string): BuildInfo | null {
  try {
    const document: unknown = JSON.parse(readFileSync(join(folder, 'build-info.json'), 'utf8'));
    if (typeof document !== 'object' || document === null) return null;
    const commit: unknown = Reflect.get(document, 'commit');
    return { standIn: Reflect.get(document, 'standIn') === true, commit: typeof commit === 'string' ? commit : null };
  } catch {
    return null;
  }
}

export interface Versions {
  readonly app: string;
  readonly electron: string;
  readonly chrome: string;
  readonly node: string;
}

/** The lines of the About box. */
export function aboutText({ app, electron, chrome, node }: Versions, build: BuildInfo | null): string {
  const mark = build?.standIn === true ? ' (stand-in for development: this build is not for release)' : '';
  const source = build === null ? 'Run from source' : `Built from ${build.commit?.slice(0, 12) ?? 'an unknown commit'}`;
  return [
    `Version ${app}`,
    `Electron ${electron}${mark}`,
    `Chrome ${chrome}`,
    `Node ${node}`,
    source,
    '',
    'Under the MIT licence. It contains software of others under licences of their own, which the third-party notices list.',
  ].join('\n');
}
