/** One export of each kind, made by hand from its published format, and command lines. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'fixtures', 'import');

export const importFiles = [
  'packet-sender.json',
  'postman-v2.1.json',
  'postman-extensible.json',
  'postman-v3.json',
  'postman-environment.json',
  'insomnia-v4.json',
  'insomnia-v5.yaml',
  'yaak.json',
  'bundle.yaml',
] as const;

export type ImportFile = (typeof importFiles)[number];

export function importPath(name: ImportFile): string {
  return join(folder, name);
}

export function importSample(name: ImportFile): string {
  return readFileSync(importPath(name), 'utf8');
}

export const commandSamples = [
  `websocat -H 'X-A: b c' --protocol=chat --origin https://x -k --basic-auth u:p wss://h/p`,
  `printf '%s' 'one\ntwo' | websocat -0 -b --ping-interval 5 --socks5 127.0.0.1:9050 ws://h/`,
  'websocat -t ws-l:127.0.0.1:8080 broadcast:mirror:',
  `wscat -c wss://h --auth 'a:b' -s x -s y -x '{"a":1}' -nL --max-redirects 3 --proxy http://u:p@proxy:3128`,
  'wscat -l 9000',
  `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -4 -w 3 -p 1234 example.com 80`,
  `echo "hello $USER" | ncat -i 500ms -s 127.0.0.1 host 9000 > out.txt`,
  'nc -lk 127.0.0.1 9000',
  'socat - TCP6:[::1]:80,bind=[::1],nodelay,keepalive,keepidle=10',
  'socat -T 5 TCP4-LISTEN:9000,bind=127.0.0.1,reuseaddr,fork,max-children=4 EXEC:cat',
] as const;
