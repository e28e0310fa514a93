/** What came of a case that was tried on somebody's server. */
export interface CheckResult {
  /** Stable name of the case: `framing.text-126`. */
  readonly id: string;
  readonly group: string;
  readonly title: string;
  /** Where it is written: `RFC 6455 §5.2`. */
  readonly rfc: string;
  /** What is sent, and what has to come, in words. */
  readonly sent: string;
  readonly expected: string;
  /**
   * `remark`: every MUST is kept, a SHOULD is not; `not-tried`: it does not apply to this server, or could not be
   * reached.
   */
  readonly verdict: 'passed' | 'remark' | 'failed' | 'not-tried';
  /** Why it is not simply passed; '' when it is. A whole sentence. */
  readonly why: string;
  /** What went over the wire, in order: `→` from here, `←` from the peer. '' when nothing did. */
  readonly happened: string;
}
