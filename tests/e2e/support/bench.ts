/** The workbench as a person uses it: by role and accessible name only. */
import { expect, type Locator, type Page } from '@playwright/test';

export class Bench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get messages(): Locator {
    return this.page.getByRole('grid', { name: 'Messages' });
  }

  get connections(): Locator {
    return this.page.getByRole('grid', { name: 'Connections' });
  }

  get status(): Locator {
    return this.page.getByRole('status', { name: 'Session status' });
  }

  get alert(): Locator {
    return this.page.getByRole('alert');
  }

  get address(): Locator {
    return this.page.getByRole('textbox', { name: 'Address' });
  }

  get message(): Locator {
    return this.page.getByRole('textbox', { name: 'Message' });
  }

  get detail(): Locator {
    return this.page.getByRole('region', { name: 'Detail' });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  tab(name: string | RegExp): Locator {
    return this.page.getByRole('tablist', { name: 'Sessions' }).getByRole('tab', { name, exact: true });
  }

  section(name: string): Locator {
    return this.page.getByRole('tablist', { name: 'Session' }).getByRole('tab', { name, exact: true });
  }

  /** A row of the message list by direction, kind and (a part of) what follows. */
  row(direction: 'in' | 'out' | 'none', kind: string, rest = ''): Locator {
    const escaped = rest.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const way = direction === 'none' ? '' : `${direction} `;
    return this.messages.getByRole('row', { name: new RegExp(`^#\\d+ ${way}${kind}\\b.*${escaped}`) });
  }

  async newSession(protocol: string, address: string): Promise<void> {
    await this.page.getByRole('button', { name: 'New session' }).click();
    await this.page.getByRole('menuitem', { name: protocol, exact: true }).click();
    await this.address.fill(address);
  }

  async choose(combobox: string, option: string): Promise<void> {
    await this.page.getByRole('combobox', { name: combobox, exact: true }).click();
    await this.page.getByRole('option', { name: option, exact: true }).click();
  }

  /** Sets options on the Options page, by label, and goes back. */
  async setOptions(set: () => Promise<void>, back: string): Promise<void> {
    await this.section('Options').click();
    await set();
    await this.section(back).click();
  }

  /** Opens a server tab and returns the port that it was given. */
  async listen(address = '127.0.0.1:0', behaviour?: string, protocol = 'TCP server'): Promise<number> {
    await this.newSession(protocol, address);
    if (behaviour !== undefined) {
      await this.setOptions(() => this.choose('behaviour', behaviour), 'Connections');
    }
    await this.button('Listen').click();
    await expect(this.status).toContainText('listening');
    const port = /:(\d+)/.exec((await this.status.textContent()) ?? '')?.[1];
    return Number(port);
  }

  async connect(address: string, protocol = 'TCP client'): Promise<void> {
    await this.newSession(protocol, address);
    await this.button('Connect').click();
    await expect(this.status).toContainText('open');
  }

  async send(text: string): Promise<void> {
    await this.message.fill(text);
    await this.button('Send').click();
  }

  /** An action of the menu beside the primary button. */
  async closeBy(action: string): Promise<void> {
    await this.button('More ways to close').click();
    await this.page.getByRole('menuitem', { name: action }).click();
  }

  /** Drags files of this machine over the place of a selector and drops them there. */
  async drop(selector: string, paths: readonly string[]): Promise<void> {
    const place = await this.page.locator(selector).first().boundingBox();
    if (place === null) throw new Error(`${selector} is not on the screen`);
    const session = await this.page.context().newCDPSession(this.page);
    const at = { x: place.x + place.width / 2, y: place.y + Math.min(20, place.height / 2) };
    const data = { items: [], files: [...paths], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, ...at, data });
    }
    await session.detach();
  }
}
