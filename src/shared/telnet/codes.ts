/** Commands and options of Telnet by their numbers (RFC 854; IANA's registry of Telnet options). */

export const IAC = 255;
export const DONT = 254;
export const DO = 253;
export const WONT = 252;
export const WILL = 251;
export const SB = 250;
export const SE = 240;

export const BINARY = 0;
export const ECHO = 1;
export const SUPPRESS_GO_AHEAD = 3;
export const TERMINAL_TYPE = 24;
export const NAWS = 31;

/** Of TERMINAL-TYPE (RFC 1091): the sender tells its type, or asks for it. */
export const TERMINAL_TYPE_IS = 0;
export const TERMINAL_TYPE_SEND = 1;

/** `WILL`, `WONT`, `DO` or `DONT`. */
export type Verb = typeof WILL | typeof WONT | typeof DO | typeof DONT;

export function isVerb(code: number): code is Verb {
  return code >= WILL && code <= DONT;
}

const commands: ReadonlyMap<number, string> = new Map([
  [236, 'EOF'],
  [237, 'SUSP'],
  [238, 'ABORT'],
  [239, 'EOR'],
  [SE, 'SE'],
  [241, 'NOP'],
  [242, 'DM'],
  [243, 'BRK'],
  [244, 'IP'],
  [245, 'AO'],
  [246, 'AYT'],
  [247, 'EC'],
  [248, 'EL'],
  [249, 'GA'],
  [SB, 'SB'],
  [WILL, 'WILL'],
  [WONT, 'WONT'],
  [DO, 'DO'],
  [DONT, 'DONT'],
]);

const options: ReadonlyMap<number, string> = new Map([
  [BINARY, 'BINARY'],
  [ECHO, 'ECHO'],
  [2, 'RECONNECTION'],
  [SUPPRESS_GO_AHEAD, 'SUPPRESS-GO-AHEAD'],
  [4, 'APPROX-MESSAGE-SIZE'],
  [5, 'STATUS'],
  [6, 'TIMING-MARK'],
  [7, 'RCTE'],
  [8, 'NAOL'],
  [9, 'NAOP'],
  [10, 'NAOCRD'],
  [11, 'NAOHTS'],
  [12, 'NAOHTD'],
  [13, 'NAOFFD'],
  [14, 'NAOVTS'],
  [15, 'NAOVTD'],
  [16, 'NAOLFD'],
  [17, 'EXTEND-ASCII'],
  [18, 'LOGOUT'],
  [19, 'BYTE-MACRO'],
  [20, 'DATA-ENTRY-TERMINAL'],
  [21, 'SUPDUP'],
  [22, 'SUPDUP-OUTPUT'],
  [23, 'SEND-LOCATION'],
  [TERMINAL_TYPE, 'TERMINAL-TYPE'],
  [25, 'END-OF-RECORD'],
  [26, 'TUID'],
  [27, 'OUTMRK'],
  [28, 'TTYLOC'],
  [29, '3270-REGIME'],
  [30, 'X.3-PAD'],
  [NAWS, 'NAWS'],
  [32, 'TERMINAL-SPEED'],
  [33, 'TOGGLE-FLOW-CONTROL'],
  [34, 'LINEMODE'],
  [35, 'X-DISPLAY-LOCATION'],
  [36, 'ENVIRON'],
  [37, 'AUTHENTICATION'],
  [38, 'ENCRYPT'],
  [39, 'NEW-ENVIRON'],
  [40, 'TN3270E'],
  [41, 'XAUTH'],
  [42, 'CHARSET'],
  [43, 'REMOTE-SERIAL-PORT'],
  [44, 'COM-PORT-OPTION'],
  [45, 'SUPPRESS-LOCAL-ECHO'],
  [46, 'START-TLS'],
  [47, 'KERMIT'],
  [48, 'SEND-URL'],
  [49, 'FORWARD-X'],
  // Not registered, but common among games.
  [69, 'MSDP'],
  [70, 'MSSP'],
  [85, 'MCCP1'],
  [86, 'MCCP2'],
  [87, 'MCCP3'],
  [90, 'MSP'],
  [91, 'MXP'],
  [93, 'ZMP'],
  [200, 'ATCP'],
  [201, 'GMCP'],
  [255, 'EXTENDED-OPTIONS-LIST'],
]);

/** `AYT`, or its number when it is not assigned. */
export function commandName(code: number): string {
  return commands.get(code) ?? String(code);
}

/** `NAWS`, or its number when it is not assigned. */
export function optionName(code: number): string {
  return options.get(code) ?? String(code);
}
