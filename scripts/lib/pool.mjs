/**
 * Runs jobs beside each other within a budget of cores, each after those it needs.
 */

/**
 * @template Result
 * @typedef {object} Job
 * @property {string} name
 * @property {number} cores how much of the budget it takes while it runs
 * @property {readonly string[]} needs names of jobs that must have ended well before
 * @property {() => Promise<Result>} run
 */

/**
 * @template Result
 * @param {readonly Job<Result>[]} jobs started in this order as the budget allows
 * @param {number} budget cores; a job that wants more runs alone
 * @param {object} report
 * @param {(result: Result) => boolean} report.isGood
 * @param {(name: string, result: Result, milliseconds: number) => void} report.ended
 * @param {(name: string, missing: string) => Result} report.refused what a job yields when one that it needs failed
 * @returns {Promise<Map<string, Result>>}
 */
export async function runJobs(jobs, budget, { isGood, ended, refused }) {
  /** @type {Map<string, Result>} */
  const results = new Map();
  const waiting = [...jobs];
  /** @type {Map<string, Promise<void>>} */
  const running = new Map();
  let used = 0;

  /** @param {Job<Result>} job */
  const startJob = async (job) => {
    const cores = Math.min(job.cores, budget);
    const started = performance.now();
    used += cores;
    const result = await job.run();
    used -= cores;
    running.delete(job.name);
    results.set(job.name, result);
    ended(job.name, result, performance.now() - started);
  };

  while (waiting.length > 0 || running.size > 0) {
    for (const job of [...waiting]) {
      const failed = job.needs.find((name) => {
        const result = results.get(name);
        return result !== undefined && !isGood(result);
      });
      if (failed !== undefined) {
        waiting.splice(waiting.indexOf(job), 1);
        const result = refused(job.name, failed);
        results.set(job.name, result);
        ended(job.name, result, 0);
      } else if (job.needs.every((name) => results.has(name)) && used + Math.min(job.cores, budget) <= budget) {
        waiting.splice(waiting.indexOf(job), 1);
        running.set(job.name, startJob(job));
      }
    }
    if (running.size > 0) await Promise.race(running.values());
    else if (waiting.length > 0 && waiting.every((job) => job.needs.some((name) => !results.has(name)))) {
      throw new Error(`These jobs need jobs that are not there: ${waiting.map((job) => job.name).join(', ')}`);
    }
  }
  return results;
}
