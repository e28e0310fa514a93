/**
 * The first place where a text is not JSON (RFC 8259). `JSON.parse` names a
 * position in some engines only, and its words differ between them.
 */
export interface JsonProblem {
  /** UTF-16 index in the text. */
  readonly index: number;
  /** What is wrong there: the end of a sentence. */
  readonly reason: string;
}

/** Reads without recursion, so that no depth of nesting can exhaust the stack. */
class Scanner {
  at = 0;
  problem: JsonProblem | null = null;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  peek(): string {
    return this.#text.charAt(this.at);
  }

  skipSpace(): void {
    while (this.at < this.#text.length && ' \t\n\r'.includes(this.peek())) this.at += 1;
  }

  take(sign: string): boolean {
    if (this.peek() !== sign) return false;
    this.at += 1;
    return true;
  }

  fail(reason: string, index = this.at): false {
    this.problem ??= { index, reason };
    return false;
  }

  string(): boolean {
    this.at += 1;
    for (; this.at < this.#text.length; this.at += 1) {
      const code = this.#text.charCodeAt(this.at);
      if (code === 0x22) {
        this.at += 1;
        return true;
      }
      if (code < 0x20) return this.fail('a string holds a control character; write it as an escape');
      if (code === 0x5c && !this.#escape()) return false;
    }
    return this.fail('the string has no closing quote');
  }

  #escape(): boolean {
    const start = this.at;
    this.at += 1;
    const sign = this.peek();
    if (sign === 'u') {
      if (!/^[0-9a-fA-F]{4}$/.test(this.#text.slice(this.at + 1, this.at + 5))) {
        return this.fail('\\u needs four hex digits', start);
      }
      this.at += 4;
      return true;
    }
    return sign !== '' && '"\\/bfnrt'.includes(sign) ? true : this.fail('JSON has no such escape', start);
  }

  #digits(): boolean {
    const start = this.at;
    while (this.at < this.#text.length && this.peek() >= '0' && this.peek() <= '9') this.at += 1;
    return this.at > start ? true : this.fail('a digit is missing');
  }

  #number(): boolean {
    this.take('-');
    if (!this.take('0') && !this.#digits()) return false;
    if (this.take('.') && !this.#digits()) return false;
    if (this.take('e') || this.take('E')) {
      if (!this.take('+')) this.take('-');
      return this.#digits();
    }
    return true;
  }

  /** A string, number or literal. */
  scalar(): boolean {
    const sign = this.peek();
    if (sign === '"') return this.string();
    if (sign === '-' || (sign >= '0' && sign <= '9')) return this.#number();
    const literal = ['true', 'false', 'null'].find((word) => this.#text.startsWith(word, this.at));
    if (literal === undefined) return this.fail(sign === '' ? 'a value is missing at the end' : 'a value is expected');
    this.at += literal.length;
    return true;
  }

  /** `"name":` of an object's member. */
  key(): boolean {
    this.skipSpace();
    if (this.peek() !== '"') return this.fail('a name in double quotes is expected');
    if (!this.string()) return false;
    this.skipSpace();
    return this.take(':') ? true : this.fail('":" is expected after the name');
  }
}

/** @returns null when the text is JSON */
export function jsonProblem(text: string): JsonProblem | null {
  const scanner = new Scanner(text);
  /** The closing sign of each object and array that is open. */
  const open: ('}' | ']')[] = [];
  let wantsValue = true;
  for (;;) {
    scanner.skipSpace();
    if (wantsValue) {
      const close = scanner.take('{') ? '}' : scanner.take('[') ? ']' : null;
      if (close === null) {
        if (!scanner.scalar()) return scanner.problem;
        wantsValue = false;
        continue;
      }
      scanner.skipSpace();
      if (scanner.take(close)) {
        wantsValue = false;
        continue;
      }
      open.push(close);
      if (close === '}' && !scanner.key()) return scanner.problem;
      continue;
    }
    const close = open.at(-1);
    if (close === undefined) {
      if (scanner.at < text.length) scanner.fail('nothing may follow the value');
      return scanner.problem;
    }
    if (scanner.take(close)) {
      open.pop();
    } else if (scanner.take(',')) {
      if (close === '}' && !scanner.key()) return scanner.problem;
      wantsValue = true;
    } else {
      scanner.fail(`"," or "${close}" is expected`);
      return scanner.problem;
    }
  }
}
