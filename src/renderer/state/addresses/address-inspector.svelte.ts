/** The address inspector: what is typed in it. What that is comes from a part of the window that loads when it is first opened. */

export class AddressInspector {
  isOpen = $state(false);
  /** Stays true from the first opening on: until then nothing of it is loaded. */
  isWanted = $state(false);
  /** The address or the network. */
  text = $state('');
  /** What may lie in it. */
  other = $state('');

  /** Opens it; without an address with the one that was looked at last. */
  show(text?: string): void {
    if (text !== undefined && text !== this.text) {
      this.text = text;
      this.other = '';
    }
    this.isWanted = true;
    this.isOpen = true;
  }
}
