/** Writes a recording: whole, or until it is killed. */
import { recordingIn } from '../support/recording.ts';
import { fill, filledRecording } from '../support/filled.ts';
import { numberOf, serveCalls, textOf } from '../support/serve.ts';

serveCalls({
  async fill(settings) {
    await filledRecording(textOf(settings, 'parent'), numberOf(settings, 'messages'), textOf(settings, 'id'));
    return {};
  },

  /** Leaves the recording open, with its newest records still in memory. */
  async fillAndStay(settings) {
    const about = { protocol: 'bench', address: '', kinds: ['gap', 'state', 'error', 'note', 'connect', 'data'] };
    await fill(
      recordingIn(textOf(settings, 'parent'), about, undefined, textOf(settings, 'id')),
      numberOf(settings, 'messages'),
    );
    return {};
  },
});
