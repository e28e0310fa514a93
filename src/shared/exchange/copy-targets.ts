/** What a session can be copied as: apart from the writing, so that a menu needs nothing of that. */

export const copyTargets = [
  { id: 'websocat', label: 'websocat', protocols: ['websocket-client', 'websocket-server'] },
  { id: 'wscat', label: 'wscat', protocols: ['websocket-client', 'websocket-server'] },
  { id: 'nc', label: 'nc', protocols: ['tcp-client', 'tcp-server'] },
  { id: 'socat', label: 'socat', protocols: ['tcp-client', 'tcp-server'] },
  { id: 'node', label: 'Node code', protocols: ['tcp-client', 'tcp-server', 'websocket-client', 'websocket-server'] },
  {
    id: 'python',
    label: 'Python code',
    protocols: ['tcp-client', 'tcp-server', 'websocket-client', 'websocket-server'],
  },
] as const;

export type CopyTarget = (typeof copyTargets)[number]['id'];

/** What a session of this protocol can be copied as, in the order of the menu. */
export function copyTargetsOf(protocol: string): readonly { readonly id: CopyTarget; readonly label: string }[] {
  return copyTargets.filter(({ protocols }) => protocols.some((name) => name === protocol));
}
