/** All rows, in the order of the table of targets. */
import { p1 } from './p1-websocket.ts';
import { p2 } from './p2-tcp-throughput.ts';
import { p3Frames } from './p3-frames.ts';
import { p3Rate } from './p3-rate.ts';
import { p4 } from './p4-round-trip.ts';
import { p6 } from './p6-memory.ts';
import { p7 } from './p7-open.ts';
import { p8 } from './p8-jump.ts';
import { p9, p10 } from './p9-search.ts';
import { p11 } from './p11-start.ts';
import { p14 } from './p14-crash.ts';
import type { Bench } from './support/ratio.ts';

export const benches: readonly Bench[] = [...p1, ...p2, p3Frames, p3Rate, ...p4, p6, ...p7, p8, ...p9, p10, p11, p14];
