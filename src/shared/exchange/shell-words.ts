/**
 * A command line as a POSIX shell takes it apart (Shell Command Language,
 * §2.2 Quoting, §2.3 Token Recognition), and no further: nothing is expanded,
 * nothing is run. `$'…'` is understood as in bash. Variables and what would be
 * run are told of by whoever asked.
 */

export interface ShellWord {
  readonly text: string;
  /** Whether any of it was quoted: a quoted `|` is no pipe, a quoted empty word is a word. */
  readonly isQuoted: boolean;
}

export interface ShellCommand {
  readonly words: readonly ShellWord[];
  /** What stands behind it: `|`, `&&`, `;`, a line break …; empty at the end. */
  readonly then: string;
}

export interface ShellLine {
  readonly commands: readonly ShellCommand[];
  /** What was left as it stands, and why. */
  readonly left: readonly { readonly what: string; readonly why: string }[];
  /** A quote that is not closed: the line was cut. */
  readonly isCut: boolean;
}

const operators = /^(\|\||&&|\|&|;;|[|&;\n])/;
const redirection = /^\d*(<<<|<<-?|<>|<&|>>|>&|>\||&>>|&>|[<>])/;

const ansiEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '?': '?',
};

class Reader {
  readonly commands: ShellCommand[] = [];
  readonly left: { what: string; why: string }[] = [];
  isCut = false;
  readonly #line: string;
  #at = 0;
  #words: ShellWord[] = [];
  #text = '';
  #isWord = false;
  #isQuoted = false;

  constructor(line: string) {
    this.#line = line;
  }

  read(): void {
    while (this.#at < this.#line.length) this.#step();
    this.#endWord();
    this.#endCommand('');
  }

  #step(): void {
    const line = this.#line;
    const character = line.charAt(this.#at);
    if (character === '\\') {
      // At the end of a line it joins the next one.
      const skipped = line.startsWith('\r\n', this.#at + 1) ? 3 : 2;
      const next = line.slice(this.#at + 1, this.#at + skipped);
      this.#at += skipped;
      if (next !== '\n' && next !== '\r\n') this.#add(next, true);
    } else if (character === "'") this.#single();
    else if (character === '"') this.#double();
    else if (line.startsWith("$'", this.#at)) this.#ansi();
    else if (character === '$' || character === '`') this.#expansion();
    else if (character === ' ' || character === '\t' || character === '\r') {
      this.#at += 1;
      this.#endWord();
    } else if (character === '#' && !this.#isWord) {
      const end = line.indexOf('\n', this.#at);
      this.#at = end === -1 ? line.length : end;
    } else if (!this.#operator()) {
      if (character === '~' && !this.#isWord) this.left.push({ what: '~', why: 'The home folder is not put in.' });
      this.#add(character, false);
      this.#at += 1;
    }
  }

  #operator(): boolean {
    const rest = this.#line.slice(this.#at, this.#at + 8);
    const found = redirection.exec(rest);
    if (found !== null && (!this.#isWord || !/^\d/.test(rest))) {
      this.#endWord();
      this.#at += found[0].length;
      this.#skipRedirected(found[0]);
      return true;
    }
    const operator = operators.exec(rest)?.[0];
    if (operator === undefined) return false;
    this.#endWord();
    this.#at += operator.length;
    this.#endCommand(operator === '\n' ? ';' : operator);
    return true;
  }

  /** The word behind `>`: where the shell would write to, or read from. */
  #skipRedirected(operator: string): void {
    const words = this.#words;
    this.#words = [];
    while (/[ \t]/.test(this.#line.charAt(this.#at))) this.#at += 1;
    while (this.#at < this.#line.length && !/[\s|&;<>]/.test(this.#line.charAt(this.#at))) this.#step();
    const target = this.#text;
    this.#endWord();
    this.#words = words;
    this.left.push({ what: `${operator} ${target}`, why: 'Nothing is read from or written to a file.' });
  }

  #single(): void {
    const end = this.#line.indexOf("'", this.#at + 1);
    this.isCut ||= end === -1;
    this.#add(this.#line.slice(this.#at + 1, end === -1 ? undefined : end), true);
    this.#at = end === -1 ? this.#line.length : end + 1;
  }

  #double(): void {
    this.#add('', true);
    this.#at += 1;
    for (;;) {
      const character = this.#line.charAt(this.#at);
      if (character === '') {
        this.isCut = true;
        return;
      }
      if (character === '"') {
        this.#at += 1;
        return;
      }
      if (character === '\\' && /[$`"\\\n]/.test(this.#line.charAt(this.#at + 1))) {
        const next = this.#line.charAt(this.#at + 1);
        if (next !== '\n') this.#add(next, true);
        this.#at += 2;
      } else if (character === '$' || character === '`') this.#expansion();
      else {
        this.#add(character, true);
        this.#at += 1;
      }
    }
  }

  /** `$'…'`: C escapes (bash manual, "ANSI-C Quoting"). */
  #ansi(): void {
    this.#add('', true);
    this.#at += 2;
    const escape = /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})|([^]))/y;
    for (;;) {
      const character = this.#line.charAt(this.#at);
      if (character === '') {
        this.isCut = true;
        return;
      }
      if (character === "'") {
        this.#at += 1;
        return;
      }
      escape.lastIndex = this.#at;
      const found = escape.exec(this.#line);
      if (found === null) {
        this.#add(character, true);
        this.#at += 1;
        continue;
      }
      const [whole, hex, unit, point, octal, other] = found;
      const digits = hex ?? unit ?? point;
      const code = digits === undefined ? parseInt(octal ?? '0', 8) & 0xff : parseInt(digits, 16);
      if (other !== undefined) this.#add(ansiEscapes[other] ?? whole, true);
      else this.#add(code <= 0x10ffff ? String.fromCodePoint(code) : whole, true);
      this.#at += whole.length;
    }
  }

  /** `$name` and `${name}` become `{{name}}`; what would be run stays as it stands. */
  #expansion(): void {
    const rest = this.#line.slice(this.#at, this.#at + 300);
    const variable = /^\$(?:([A-Za-z_][A-Za-z0-9_]{0,99})|\{([A-Za-z_][A-Za-z0-9_]{0,99})\})/.exec(rest);
    if (variable !== null) {
      const name = variable[1] ?? variable[2] ?? '';
      this.left.push({ what: variable[0], why: `A variable of the shell; it stands here as {{${name}}}.` });
      this.#add(`{{${name}}}`, false);
      this.#at += variable[0].length;
      return;
    }
    if (rest.startsWith('$(') || rest.startsWith('`') || rest.startsWith('${')) {
      const end = this.#endOfSubstitution();
      const what = this.#line.slice(this.#at, end);
      this.left.push({ what, why: 'Nothing is run; it stands here as it is written.' });
      this.#add(what, true);
      this.#at = end;
      return;
    }
    if (/^\$[0-9@*#?$!-]/.test(rest)) this.left.push({ what: rest.slice(0, 2), why: 'A variable of the shell.' });
    this.#add(rest.charAt(0), false);
    this.#at += 1;
  }

  /** Where `$(…)`, `${…}` or a backquote ends; brackets inside are counted. */
  #endOfSubstitution(): number {
    const line = this.#line;
    if (line.charAt(this.#at) === '`') {
      const end = line.indexOf('`', this.#at + 1);
      return end === -1 ? line.length : end + 1;
    }
    const [open, close] = line.charAt(this.#at + 1) === '(' ? ['(', ')'] : ['{', '}'];
    let depth = 0;
    for (let at = this.#at + 1; at < line.length; at += 1) {
      const character = line.charAt(at);
      if (character === open) depth += 1;
      else if (character === close) {
        depth -= 1;
        if (depth === 0) return at + 1;
      }
    }
    return line.length;
  }

  #add(text: string, isQuoted: boolean): void {
    this.#text += text;
    this.#isWord = true;
    this.#isQuoted ||= isQuoted;
  }

  #endWord(): void {
    if (this.#isWord) this.#words.push({ text: this.#text, isQuoted: this.#isQuoted });
    this.#text = '';
    this.#isWord = false;
    this.#isQuoted = false;
  }

  #endCommand(then: string): void {
    if (this.#words.length > 0) this.commands.push({ words: this.#words, then });
    this.#words = [];
  }
}

/** @param line of any length that a caller allows; the work grows with it */
export function readShellLine(line: string): ShellLine {
  const reader = new Reader(line);
  reader.read();
  const { commands, left, isCut } = reader;
  return { commands, left, isCut };
}
