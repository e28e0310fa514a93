/** The whole matrix. It is large: whoever needs it loads this module then. */
import { closingCases } from './cases/closing.ts';
import { compressionCases } from './cases/compression.ts';
import { compressionFrameCases } from './cases/compression-frames.ts';
import { controlCases } from './cases/control.ts';
import { fragmentCases } from './cases/fragments.ts';
import { framingCases } from './cases/framing.ts';
import { handshakeCases } from './cases/handshake.ts';
import { limitCases } from './cases/limits.ts';
import { maskingCases } from './cases/masking.ts';
import { reservedBitsCases, reservedOpcodeCases } from './cases/reserved.ts';
import { utf8Cases } from './cases/utf8.ts';
import type { CheckCase } from './check-case.ts';

/** For either role, in the order of their groups. */
export const allCases: readonly CheckCase[] = [
  ...handshakeCases,
  ...framingCases,
  ...maskingCases,
  ...controlCases,
  ...reservedBitsCases,
  ...reservedOpcodeCases,
  ...fragmentCases,
  ...utf8Cases,
  ...closingCases,
  ...limitCases,
  ...compressionCases,
  ...compressionFrameCases,
];

/** Those that can be tried on a server. */
export const checkCases = allCases.filter((one) => one.type === 'request' || one.subject !== 'client');
