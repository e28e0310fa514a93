/** A message list of a session on paper, watched and ten rows high, with frames and timers that a test moves. */
import { MessageList } from '../../src/renderer/state/message-list.svelte.ts';
import { FakeClient, fakeKinds, FakeScheduler, type FakeClientOptions } from '../support/fake-client.ts';

export interface ListBench {
  readonly client: FakeClient;
  readonly scheduler: FakeScheduler;
  readonly list: MessageList;
  /** A status arrives, and all that follows from it. */
  readonly tell: () => Promise<void>;
}

export async function listBench(options: FakeClientOptions = {}): Promise<ListBench> {
  const client = new FakeClient(options);
  const scheduler = new FakeScheduler();
  const list = new MessageList({ client, session: () => client.session, kinds: () => fakeKinds, scheduler });
  list.scroll.resize(240);
  list.watch();
  const tell = async (): Promise<void> => {
    list.update(client.status());
    await scheduler.rest();
  };
  await tell();
  return { client, scheduler, list, tell };
}
