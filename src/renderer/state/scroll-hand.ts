/**
 * What a person does with a scrolling element. A scroll event does not say who
 * moved the bar: the browser does so too, when the view grows for a moment.
 */

/** `back` to what is above, or `on` to what is below. */
export type Turn = 'back' | 'on';

/** Keys with which the browser itself scrolls an element that has the focus, and nothing else. */
function turnOfKey(event: KeyboardEvent): Turn | null {
  if (event.key !== ' ' || event.ctrlKey || event.altKey || event.metaKey) return null;
  return event.shiftKey ? 'back' : 'on';
}

export class ScrollHand {
  readonly #onturn: (turn: Turn) => void;
  #isDown = false;
  /** The bar is held, or was pressed so shortly that it only moves after it was let go. */
  #isHolding = false;
  #touchY = 0;

  /** @param onturn a wheel, a finger or a key is about to scroll; it may come to nothing */
  constructor(onturn: (turn: Turn) => void) {
    this.#onturn = onturn;
  }

  /** @returns true when the bar, which has moved, is in the hand of a person */
  take(): boolean {
    const isHolding = this.#isHolding;
    this.#isHolding = this.#isDown;
    return isHolding;
  }

  /** @returns ends the listening */
  attach(element: HTMLElement): () => void {
    const ending = new AbortController();
    const options = { passive: true, signal: ending.signal } as const;
    const whole = { ...options, capture: true } as const;
    element.addEventListener(
      'wheel',
      ({ deltaY, ctrlKey, shiftKey }) => {
        // With Ctrl the wheel zooms, with Shift it goes sideways.
        if (deltaY !== 0 && !ctrlKey && !shiftKey) this.#onturn(deltaY < 0 ? 'back' : 'on');
      },
      options,
    );
    element.addEventListener(
      'keydown',
      (event) => {
        const turn = turnOfKey(event);
        if (turn !== null) this.#onturn(turn);
      },
      options,
    );
    const touched = ({ touches, type }: TouchEvent): void => {
      const y = touches[0]?.clientY ?? this.#touchY;
      if (type === 'touchmove' && y !== this.#touchY) this.#onturn(y > this.#touchY ? 'back' : 'on');
      this.#touchY = y;
    };
    element.addEventListener('touchstart', touched, options);
    element.addEventListener('touchmove', touched, options);
    window.addEventListener(
      'pointerdown',
      ({ target, pointerType }) => {
        this.#isDown = pointerType !== 'touch' && target instanceof Node && element.contains(target);
        this.#isHolding = this.#isDown;
      },
      whole,
    );
    window.addEventListener(
      'pointerup',
      ({ button, target }) => {
        // The middle button, let go again, may go on to scroll with the pointer.
        if (button === 1) return;
        this.#isDown = false;
        if (target !== element) this.#isHolding = false;
      },
      whole,
    );
    return () => {
      ending.abort();
    };
  }
}
