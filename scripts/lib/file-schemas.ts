/**
 * The JSON Schemas of the files in a workspace folder (docs/presets.md), made from the schemas that the application
 * itself reads them by. Editors complete and check the files with them.
 */
import { format } from 'prettier';
import { z } from 'zod';
import { environmentSchema, variableName, variableSchema } from '../../src/shared/environment.ts';
import { VARIABLES } from '../../src/shared/preset-limits.ts';
import { presetSchema } from '../../src/shared/preset.ts';

const FORMAT_TEXT = 'Version of the format.';

/** What an editor says about a key, by its path. */
const descriptions: Readonly<Record<string, string>> = {
  wirebench: FORMAT_TEXT,
  id: 'Stays the same when the file is renamed or moved. Derived from the place of the file when it is left out.',
  name: 'What the preset is called. The name of the file when it is left out.',
  protocol: 'What a session of it speaks: tcp-client, tcp-server, websocket-client, websocket-server.',
  address: 'Where to connect or to listen, as typed. {{name}} stands for a variable.',
  options: 'Options of the protocol that differ from their defaults, by their names.',
  notes: 'For people.',
  messages: 'Saved messages, in their order.',
  'messages.name': 'What the message is called.',
  'messages.format': 'How the content is written.',
  'messages.content': 'What is sent. {{name}} stands for a variable. For File: its path.',
  'messages.lineEnding': 'What is put after the content.',
  'messages.encoding': 'How text becomes bytes.',
  'messages.kind': 'One of the kinds of messages of the protocol; empty: the usual one of the format.',
  'messages.frame': 'For Frame: the fields of the frame that differ from their defaults.',
};

/** In a file the identity may be left out. */
const presetFile = presetSchema.partial({ id: true, name: true });

const { value } = variableSchema.shape;
const environmentFile = environmentSchema.partial({ name: true }).extend({
  variables: z
    .record(variableName, z.union([value, z.number(), z.boolean(), z.object({ secret: z.literal(true) })]))
    .optional()
    .describe(
      `At most ${VARIABLES}, by their names. { secret: true }: the value is kept by the system, on each machine.`,
    ),
});

/** Name of the file in `docs` → its text. */
export async function fileSchemas(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['preset.schema.json', await schemaText(presetFile, 'A preset of Wirebench', descriptions)],
    [
      'environment.schema.json',
      await schemaText(environmentFile, 'An environment of Wirebench', {
        wirebench: FORMAT_TEXT,
        name: 'What the environment is called. The name of the file when it is left out.',
      }),
    ],
  ]);
}

function schemaText(schema: z.ZodType, title: string, texts: Readonly<Record<string, string>>): Promise<string> {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema, path }) => {
      const name = path.filter((part) => part !== 'properties' && part !== 'items').join('.');
      const text = texts[name];
      if (text !== undefined) jsonSchema.description ??= text;
    },
  });
  const { $schema, ...rest } = json;
  return format(JSON.stringify({ $schema, title, ...rest }, null, 2), { parser: 'json', printWidth: 120 });
}
