/** A DNS server of a test's own on a UDP port of loopback, which answers from a list of records. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { AUTHORITATIVE_ANSWER, decode, encode, RECURSION_AVAILABLE, type Answer } from 'dns-packet';

export interface Resolver {
  readonly port: number;
  /** Answers from then on with these records. */
  answers: readonly Answer[];
  stop(): Promise<void>;
}

const NXDOMAIN = 3;

function reply(query: Buffer, answers: readonly Answer[]): Buffer {
  const { id, questions } = decode(query);
  const [question] = questions ?? [];
  const isOfName = answers.some((answer) => answer.name === question?.name);
  const found = answers.filter(
    ({ name, type }) => name === question?.name && (type === question.type || type === 'CNAME'),
  );
  return encode({
    type: 'response',
    ...(id === undefined ? {} : { id }),
    flags: AUTHORITATIVE_ANSWER | RECURSION_AVAILABLE | (isOfName ? 0 : NXDOMAIN),
    ...(questions === undefined ? {} : { questions }),
    answers: [...found],
  });
}

export async function startResolver(answers: readonly Answer[]): Promise<Resolver> {
  const socket: Socket = createSocket('udp4');
  const resolver: Resolver = {
    answers,
    port: 0,
    async stop() {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
  socket.on('message', (query, from) => {
    socket.send(reply(query, resolver.answers), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return Object.assign(resolver, { port: socket.address().port });
}
