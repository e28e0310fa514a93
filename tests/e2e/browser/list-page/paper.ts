/** What a test can do to the session behind the page, as `window.paper`. */
export interface Paper {
  /** The oldest records go: rows before `first` are no longer kept. */
  dropTo(first: number): void;
  /** In each of `frames` frames, so many rows are added. */
  stream(rowsPerFrame: number, frames: number): Promise<StreamReport>;
  /** One past the newest row. */
  end(): number;
  /** Calls for rows so far. */
  calls(): number;
}

/** What was seen at the end of each frame of a stream. */
export interface StreamReport {
  /** How far the lowest row in view was behind the newest, in frames of new rows. */
  readonly mostBehind: number;
  /** Rows in view without their bytes, of all frames together. */
  readonly blank: number;
  /** Frames in which a newer row than before was in view. */
  readonly steps: number;
}

declare global {
  interface Window {
    readonly paper: Paper;
  }
}
