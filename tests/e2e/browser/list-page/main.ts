/** The page: `/?rows=1000000`. A test drives it by keyboard, wheel and pointer, and the session by `window.paper`. */
import { mount } from 'svelte';
import { MessageList } from '../../../../src/renderer/state/message-list.svelte.ts';
import type { Method, Params, Result } from '../../../../src/shared/contract.ts';
import type { Outcome } from '../../../../src/shared/errors.ts';
import { FakeClient, fakeKinds } from '../../../support/fake-client.ts';
import ListPage from './ListPage.svelte';
import type { Paper, StreamReport } from './paper.ts';

function nextFrame(): Promise<number> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}

/** Answers as a real engine does: after what is on the screen has been drawn. */
class LaterClient extends FakeClient {
  override async call<M extends Method>(method: M, params: Params<M>): Promise<Outcome<Result<M>>> {
    const answer = await super.call(method, params);
    await nextFrame();
    return answer;
  }
}

const client = new LaterClient({ end: Number(new URLSearchParams(location.search).get('rows')) });
const list = new MessageList({ client, session: () => client.session, kinds: () => fakeKinds });

function tell(): void {
  list.update(client.status());
}

/** The row numbers that can be seen whole or in part, top to bottom, and whether each has its bytes. */
function seen(): { readonly row: number; readonly isFilled: boolean }[] {
  const scroller = document.querySelector('[role="rowgroup"]');
  if (scroller === null) return [];
  const { top, bottom } = scroller.getBoundingClientRect();
  const rows = [...scroller.querySelectorAll<HTMLElement>('[data-row]')].flatMap((element) => {
    const box = element.getBoundingClientRect();
    if (box.bottom <= top || box.top >= bottom) return [];
    return [{ row: Number(element.dataset.row), isFilled: /^#\d+ \w/.test(element.ariaLabel ?? '') }];
  });
  return rows.sort((left, right) => left.row - right.row);
}

const paper: Paper = {
  dropTo(first) {
    client.first = first;
    tell();
  },
  // Clocked by frames and not by time, so that a slow machine sees the same as a quick one.
  async stream(rowsPerFrame, count) {
    const report: { -readonly [Key in keyof StreamReport]: StreamReport[Key] } = { mostBehind: 0, blank: 0, steps: 0 };
    let last = -1;
    for (let frame = 0; frame < count; frame += 1) {
      await nextFrame();
      client.end += rowsPerFrame;
      tell();
      // A task of its own comes after the frame has been drawn.
      await new Promise((resolve) => setTimeout(resolve));
      const rows = seen();
      const newest = rows.at(-1)?.row ?? -1;
      report.mostBehind = Math.max(report.mostBehind, (client.end - 1 - newest) / rowsPerFrame);
      report.blank += rows.filter((row) => !row.isFilled).length;
      if (newest > last) report.steps += 1;
      last = newest;
    }
    return report;
  },
  end: () => client.end,
  calls: () => client.rowCalls.length,
};
Object.assign(window, { paper });

const target = document.querySelector('#app');
if (target === null) throw new Error('index.html has no element #app');
mount(ListPage, { target, props: { list } });
tell();
