/** The whole matrix. It is large: whoever needs it loads this module then. */
import type { CheckCase } from './check-case.ts';
import { framingCases } from './cases/framing.ts';

export const checkCases: readonly CheckCase[] = [...framingCases];
