/** When things happen: the browser's frames and timers, or a test's own. */
export interface Scheduler {
  /** Runs before the next frame is drawn. @returns cancels it */
  frame(run: () => void): () => void;
  /** Runs after `ms` milliseconds. @returns cancels it */
  later(ms: number, run: () => void): () => void;
}

export const browserScheduler: Scheduler = {
  frame(run) {
    const id = requestAnimationFrame(run);
    return () => {
      cancelAnimationFrame(id);
    };
  },
  later(ms, run) {
    const id = setTimeout(run, ms);
    return () => {
      clearTimeout(id);
    };
  },
};
