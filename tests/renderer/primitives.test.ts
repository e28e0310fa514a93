import '@testing-library/jest-dom/vitest';
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { createRawSnippet } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import Alert from '../../src/renderer/components/Alert.svelte';
import IconButton from '../../src/renderer/components/IconButton.svelte';
import Kbd from '../../src/renderer/components/Kbd.svelte';
import { ariaKeys, formatKeys, isModKey } from '../../src/renderer/components/keys.ts';
import Menu from '../../src/renderer/components/Menu.svelte';
import NumberInput from '../../src/renderer/components/NumberInput.svelte';
import { rovingTarget } from '../../src/renderer/components/roving.ts';
import SegmentedControl from '../../src/renderer/components/SegmentedControl.svelte';
import Select from '../../src/renderer/components/Select.svelte';
import SplitButton from '../../src/renderer/components/SplitButton.svelte';
import { marks } from '../../src/renderer/components/state-mark.ts';
import StateMark from '../../src/renderer/components/StateMark.svelte';
import Switch from '../../src/renderer/components/Switch.svelte';
import TabBar from '../../src/renderer/components/TabBar.svelte';
import TextInput from '../../src/renderer/components/TextInput.svelte';
import { shortcutOf } from '../../src/renderer/state/shortcuts.ts';
import { Workbench } from '../../src/renderer/state/workbench.svelte.ts';
import ThemeSwitch from '../../src/renderer/views/ThemeSwitch.svelte';
import { peerStates, sessionStates } from '../../src/shared/contract.ts';
import { FakeCalls } from '../support/fake-calls.ts';

const words = (text: string) => createRawSnippet(() => ({ render: () => `<span>${text}</span>` }));
const options = ['Text', 'Hex', 'JSON'].map((value) => ({ value, label: value }));

describe('Select', () => {
  it('is a combobox by its name and shows its value', () => {
    render(Select, { label: 'Format', value: 'Hex', options });
    expect(screen.getByRole('combobox', { name: 'Format' })).toHaveTextContent('Hex');
  });

  it('opens a list of options and reports the chosen one', async () => {
    const user = userEvent.setup();
    const onchange = vi.fn();
    render(Select, { label: 'Format', value: 'Text', options, onchange });
    await user.click(screen.getByRole('combobox', { name: 'Format' }));
    expect(screen.getByRole('option', { name: 'Text' })).toHaveAttribute('aria-selected', 'true');
    await user.click(screen.getByRole('option', { name: 'JSON' }));
    expect(onchange).toHaveBeenCalledExactlyOnceWith('JSON');
    expect(screen.getByRole('combobox', { name: 'Format' })).toHaveTextContent('JSON');
  });

  it('is worked by the keyboard alone', async () => {
    const user = userEvent.setup();
    const onchange = vi.fn();
    render(Select, { label: 'Format', value: 'Text', options, onchange });
    await user.tab();
    await user.keyboard('{ArrowDown}');
    await user.keyboard('{ArrowDown}{Enter}');
    expect(onchange).toHaveBeenCalledExactlyOnceWith('Hex');
  });

  it('can hold the empty value', async () => {
    const user = userEvent.setup();
    const onchange = vi.fn();
    render(Select, {
      label: 'Ending',
      value: 'a',
      options: [
        { value: '', label: 'none' },
        { value: 'a', label: 'A' },
      ],
      onchange,
    });
    await user.click(screen.getByRole('combobox', { name: 'Ending' }));
    await user.click(screen.getByRole('option', { name: 'none' }));
    expect(onchange).toHaveBeenCalledExactlyOnceWith('');
    expect(screen.getByRole('combobox', { name: 'Ending' })).toHaveTextContent('none');
  });

  it('does not open while it is disabled', async () => {
    const user = userEvent.setup();
    render(Select, { label: 'Format', value: 'Text', options, disabled: true });
    await user.click(screen.getByRole('combobox', { name: 'Format' }));
    expect(screen.queryByRole('option')).toBeNull();
  });
});

describe('Menu', () => {
  it('opens from its icon button and runs the chosen item', async () => {
    const user = userEvent.setup();
    const onselect = vi.fn();
    const items = [
      { label: 'TCP client', shortcut: 'Mod+T', onselect },
      { type: 'separator' as const },
      { label: 'Later', disabled: true, onselect: vi.fn() },
    ];
    render(Menu, { label: 'New session', items, children: words('+') });
    const button = screen.getByRole('button', { name: 'New session' });
    expect(button).toHaveAttribute('aria-expanded', 'false');
    await user.click(button);
    expect(screen.getByRole('menu', { name: 'New session' })).toBeVisible();
    expect(screen.getByRole('menuitem', { name: 'Later' })).toHaveAttribute('aria-disabled', 'true');
    await user.click(screen.getByRole('menuitem', { name: 'TCP client' }));
    expect(onselect).toHaveBeenCalledOnce();
    expect(screen.queryByRole('menu')).toBeNull();
  });
});

describe('SplitButton', () => {
  it('does the usual thing, and holds the others in a menu with its own name', async () => {
    const user = userEvent.setup();
    const usual = vi.fn();
    const other = vi.fn();
    const items = [{ label: 'Reset (RST)', onselect: other }];
    render(SplitButton, { children: words('Disconnect'), menuLabel: 'More ways to close', items, onclick: usual });
    await user.click(screen.getByRole('button', { name: 'Disconnect' }));
    expect(usual).toHaveBeenCalledOnce();
    await user.click(screen.getByRole('button', { name: 'More ways to close' }));
    await user.click(screen.getByRole('menuitem', { name: 'Reset (RST)' }));
    expect(other).toHaveBeenCalledOnce();
  });

  it('is a plain button when there are no others', () => {
    render(SplitButton, { children: words('Send'), menuLabel: 'More ways to send', items: [] });
    expect(screen.getAllByRole('button')).toHaveLength(1);
  });
});

describe('TabBar', () => {
  const tabs = [
    { id: 'messages', label: 'Messages', badge: '15' },
    { id: 'options', label: 'Options' },
  ];

  it('keeps the names of its tabs free of numbers', () => {
    render(TabBar, { label: 'Sections', value: 'messages', tabs });
    expect(screen.getByRole('tablist', { name: 'Sections' })).toBeInTheDocument();
    expect(screen.getByRole('tab', { name: 'Messages', selected: true })).toHaveTextContent('15');
  });

  it('moves with the arrow keys, and only one tab is in the tab order', async () => {
    const user = userEvent.setup();
    const onchange = vi.fn();
    render(TabBar, { label: 'Sections', value: 'messages', tabs, onchange });
    await user.tab();
    await user.keyboard('{ArrowRight}');
    expect(onchange).toHaveBeenCalledExactlyOnceWith('options');
    expect(screen.getByRole('tab', { name: 'Options' })).toHaveFocus();
    expect(screen.getByRole('tab', { name: 'Messages' })).toHaveAttribute('tabindex', '-1');
    await user.keyboard('{ArrowRight}');
    expect(screen.getByRole('tab', { name: 'Messages' })).toHaveFocus();
  });
});

describe('SegmentedControl', () => {
  it('is a radio group, or a tab list where it switches a panel', async () => {
    const user = userEvent.setup();
    const { rerender } = render(SegmentedControl, { label: 'Theme', value: 'Text', options });
    expect(screen.getByRole('radiogroup', { name: 'Theme' })).toBeInTheDocument();
    await user.click(screen.getByRole('radio', { name: 'Hex' }));
    expect(screen.getByRole('radio', { name: 'Hex' })).toBeChecked();
    await rerender({ value: 'Hex', role: 'tablist', controls: 'panel' });
    expect(screen.getByRole('tab', { name: 'Hex', selected: true })).toHaveAttribute('aria-controls', 'panel');
  });
});

describe('ThemeSwitch', () => {
  it('is one choice of three by names, worked by the arrow keys, with one place in the tab order', async () => {
    const user = userEvent.setup();
    const workbench = new Workbench(new FakeCalls());
    render(ThemeSwitch, { workbench });
    expect(screen.getByRole('radio', { name: 'Theme: as the system' })).toBeChecked();
    await user.tab();
    await user.keyboard('{ArrowRight}');
    expect(workbench.theme).toBe('light');
    expect(screen.getByRole('radio', { name: 'Theme: light' })).toHaveFocus();
    await user.tab();
    expect(document.body).toHaveFocus();
    await user.click(screen.getByRole('radio', { name: 'Theme: dark' }));
    expect(workbench.theme).toBe('dark');
  });
});

describe('the other parts', () => {
  it('an icon button has a name and the same tooltip', () => {
    render(IconButton, { label: 'Close', children: words('×') });
    expect(screen.getByRole('button', { name: 'Close' })).toHaveAttribute('title', 'Close');
  });

  it('a text input is named and says when it is invalid', async () => {
    const user = userEvent.setup();
    render(TextInput, { label: 'Address', value: 'x', invalid: true, describedby: 'why' });
    const input = screen.getByRole('textbox', { name: 'Address' });
    expect(input).toBeInvalid();
    expect(input).toHaveAttribute('aria-describedby', 'why');
    await user.type(input, 'y');
    expect(input).toHaveValue('xy');
  });

  it('a number input reports text as typed and steps with the arrows within its range', async () => {
    const user = userEvent.setup();
    const oninput = vi.fn();
    const { rerender } = render(NumberInput, {
      label: 'port',
      text: '65534',
      min: 0,
      max: 65_535,
      unit: 'ms',
      oninput,
    });
    const input = screen.getByRole('spinbutton', { name: 'port' });
    await user.type(input, '{ArrowUp}');
    expect(oninput).toHaveBeenLastCalledWith('65535');
    await rerender({ text: '65535' });
    await user.type(input, '{Shift>}{ArrowUp}{/Shift}');
    expect(oninput).toHaveBeenLastCalledWith('65535');
    await user.type(input, 'x');
    expect(oninput).toHaveBeenLastCalledWith('65535x');
    expect(input).toHaveAttribute('aria-valuenow', '65535');
  });

  it('a switch is a switch', async () => {
    const user = userEvent.setup();
    const onchange = vi.fn();
    render(Switch, { label: 'exclusive', onchange });
    await user.click(screen.getByRole('switch', { name: 'exclusive' }));
    expect(onchange).toHaveBeenCalledExactlyOnceWith(true);
    expect(screen.getByRole('switch', { name: 'exclusive' })).toBeChecked();
  });

  it('an alert says what, what to try, and the code', async () => {
    const user = userEvent.setup();
    const ondismiss = vi.fn();
    const error = { code: 'connection-refused', message: 'Refused.', hint: 'Nothing listens.' } as const;
    render(Alert, { error, ondismiss });
    expect(screen.getByRole('alert')).toHaveTextContent('Refused. Nothing listens. connection-refused');
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(ondismiss).toHaveBeenCalledOnce();
  });

  it('every state has a mark with words, and alone a text alternative', () => {
    for (const state of [...sessionStates, ...peerStates, 'listening'] as const) {
      const { unmount } = render(StateMark, { state });
      expect(screen.getByRole('img', { name: marks[state].word })).toBeInTheDocument();
      unmount();
    }
    render(StateMark, { state: 'open', words: true });
    expect(screen.getByText('open')).toBeVisible();
    expect(screen.queryByRole('img')).toBeNull();
  });

  it('states that look alike in colour differ in shape', () => {
    expect(
      new Set([marks.open, marks.opening, marks.idle, marks.closed, marks.failed].map((mark) => mark.shape)).size,
    ).toBe(5);
  });

  it('a shortcut is written as the platform writes it', () => {
    expect(formatKeys('Mod+Shift+T', true)).toBe('⌘⇧T');
    expect(formatKeys('Mod+Enter', false)).toBe('Ctrl+⏎');
    expect(ariaKeys('Mod+Enter', true)).toBe('Meta+Enter');
    expect(ariaKeys('Mod+Enter', false)).toBe('Control+Enter');
    const { container } = render(Kbd, { keys: 'Mod+Enter' });
    expect(container.querySelector('kbd')).toHaveAttribute('aria-hidden', 'true');
  });

  it('the command key is ⌘ on a Mac and Ctrl elsewhere, alone', () => {
    const press = (init: KeyboardEventInit) => new KeyboardEvent('keydown', { key: 'Enter', ...init });
    expect(isModKey(press({ metaKey: true }), 'Enter', true)).toBe(true);
    expect(isModKey(press({ ctrlKey: true }), 'Enter', true)).toBe(false);
    expect(isModKey(press({ ctrlKey: true }), 'Enter', false)).toBe(true);
    expect(isModKey(press({ ctrlKey: true, shiftKey: true }), 'Enter', false)).toBe(false);
  });

  it('a key is the same with Caps Lock on, and on a layout without Latin letters', () => {
    const press = (init: KeyboardEventInit) => new KeyboardEvent('keydown', { ctrlKey: true, ...init });
    expect(isModKey(press({ key: 'C' }), 'c', false)).toBe(true);
    expect(isModKey(press({ key: 'ㅊ', code: 'KeyC' }), 'c', false)).toBe(true);
    expect(isModKey(press({ key: 'j', code: 'KeyC' }), 'c', false)).toBe(false);
    expect(shortcutOf(press({ key: 'T' }))).toBe('new');
    expect(shortcutOf(press({ key: 'ㅅ', code: 'KeyT' }))).toBe('new');
    expect(shortcutOf(press({ key: 'T', shiftKey: true }))).toBe('reopen');
  });

  it('roving goes round and knows Home and End', () => {
    expect(rovingTarget('ArrowRight', 2, 3)).toBe(0);
    expect(rovingTarget('ArrowLeft', 0, 3)).toBe(2);
    expect(rovingTarget('Home', 2, 3)).toBe(0);
    expect(rovingTarget('End', 0, 3)).toBe(2);
    expect(rovingTarget('a', 0, 3)).toBeNull();
    expect(rovingTarget('End', 0, 0)).toBeNull();
  });
});
