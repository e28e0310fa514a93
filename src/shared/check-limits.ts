/** Limits of checking somebody's server, each with its reason. The others are in limits.ts. */

/** Cases of a check that are tried at once: each is a connection of its own, and a server of somebody is not to be flooded. */
export const CHECK_CASES_AT_ONCE = 8;

/** How long a case of a check waits for one answer: a server far away answers in a tenth of it. */
export const CHECK_PATIENCE_MS = 3000;

/** Longest time for one case of a check, with connecting: several answers, each late. */
export const CHECK_CASE_MS = 15_000;

/** Checks of one engine at once: a window has one, and a second window, or a reloaded one, may begin its own. */
export const CHECKS_AT_ONCE = 4;

/** Least time between two progress events of a check: ten a second look like motion. */
export const CHECK_PROGRESS_MS = 100;

/** Results of cases in one event: some hundred bytes each, in the worst case a few thousand. */
export const CHECK_RESULTS_PER_EVENT = 100;
