/** Files of presets to be damaged, and pieces that YAML gives a meaning to. */
export const presetSamples: readonly string[] = [
  'wirebench: 1\nid: room\nname: Room\nprotocol: websocket-client\naddress: ws://127.0.0.1:9000/room\n',
  `# A device
wirebench: 1
id: device-1
name: "Device 한국 😀"
protocol: tcp-client
address: "{{host}}:{{port}}"
options:
  noDelay: true
  timeout: 2500 # ms
  lookup: null
  title: '0102'
notes: |
  Two lines,
    one of them indented.

messages:
  # the first
  - name: hello
    content: |-
      GET / HTTP/1.1
      Host: {{host}}
    lineEnding: \\r\\n
  - { name: bytes, format: Hex, content: 0102 }
  - name: frame
    format: Frame
    frame: { opcode: 9, fin: false }
team: { color: blue, size: [1, 2, 3] }
`,
  `name: Anchors
wirebench: 1
shared: &text same
messages:
  - &one { name: a, content: *text }
  - *one
protocol: tcp-server
id: "anchors"
notes: *text
`,
  '{ wirebench: 1, id: flow, name: Flow, protocol: tcp-client, messages: [{ name: a }, { name: b, content: c }] }\n',
  '\ufeff---\r\nwirebench: 1\r\nprotocol: tcp-client\r\nmessages:\r\n- content: >\r\n    folded\r\n    text\r\n...\r\n',
  'order: [room.wb.yaml, device]\n',
];

export const yamlPieces: readonly string[] = [
  ...['\n', '\r\n', '\r', '  ', '\t', ': ', ':', '- ', '? ', '# ', ' #', '---\n', '...\n', '%YAML 1.2\n---\n'],
  ...['&a ', '*a', '*text', '!!str ', '!!int ', '!!binary ', '!t ', '!<x> ', '<<: *one\n', '|', '>', '|2-\n', '"', "'"],
  ...[
    '[',
    ']',
    '{',
    '}',
    ',',
    '[]',
    '{}',
    '~',
    'null',
    'true',
    '.nan',
    '-.inf',
    '0x1F',
    '0o17',
    '1e999',
    '-0',
    '1_000',
  ],
  ...['__proto__: 1\n', 'constructor: {}\n', 'toString: 1\n', 'wirebench: 2\n', 'id: other\n', 'name: other\n'],
  ...['messages:\n', 'options: *one\n', 'messages: *one\n', 'frame: {}\n', 'content: x\n', '\\u0041', '\\x00', '\\'],
  ...['\0', '\u0085', '\u2028', '\ufeff', '\ud7ff', '😀', '{{', '}}', '['.repeat(3000), '- '.repeat(2000)],
];
