import { createContext, runInContext } from 'node:vm';
import { z } from 'zod';
import { officialRenderer } from '../../../tools/preview/teams-page.ts';

/**
 * Checks a payload against Adaptive Cards 1.5. Microsoft publishes the JSON schema outside of npm, so the schema is asked of the library itself: every object must be
 * of a type that its registry knows at 1.5, hold no property that its serializer does not list for 1.5 (JSON schema: `additionalProperties: false`), and the library's
 * own parser and validator must have nothing to say of the values.
 */
export async function openCheck(): Promise<(payload: string) => readonly string[]> {
  // The library registers its elements when it loads, and touches no document before it renders.
  const realm = createContext({ console, HTMLElement: Object });
  const library = runInContext(`${await officialRenderer()};AdaptiveCards`, realm) as Library;
  return (payload) => {
    const envelope = envelopeSchema.safeParse(JSON.parse(payload));
    if (!envelope.success) return envelope.error.issues.map(({ path, message }) => `envelope ${path.join('.')}: ${message}`);
    const { content } = envelope.data.attachments[0];
    return [...unknownParts(content, 'card', library), ...complaints(content, library)];
  };
}

const envelopeSchema = z.strictObject({
  type: z.literal('message'),
  attachments: z.tuple([
    z.strictObject({
      contentType: z.literal('application/vnd.microsoft.card.adaptive'),
      contentUrl: z.null(),
      content: z.looseObject({ type: z.literal('AdaptiveCard'), version: z.literal('1.5'), fallbackText: z.string().min(1) }),
    }),
  ]),
});

interface Version {
  compareTo(other: Version): number;
}
interface Serializable {
  getSchema(): { getCount(): number; getItemAt(index: number): { readonly name: string; readonly targetVersion: Version } };
}
type Registry = { findByName(name: string): { readonly objectType: new () => Serializable; readonly schemaVersion: Version } | undefined };
interface Library {
  readonly Versions: { readonly v1_5: Version };
  readonly GlobalRegistry: { readonly elements: Registry; readonly actions: Registry };
  readonly SerializationContext: new (version: Version) => {
    readonly eventCount: number;
    getEventAt(index: number): { readonly message: string };
  };
  readonly AdaptiveCard: new () => Serializable & {
    parse(json: unknown, context: unknown): void;
    validateProperties(): { readonly validationEvents: readonly { readonly message: string }[] };
  };
  readonly Column: new () => Serializable;
  readonly TextRun: new () => Serializable;
}

function unknownParts(part: unknown, path: string, library: Library): readonly string[] {
  if (Array.isArray(part)) return part.flatMap((one, at) => unknownParts(one, `${path}[${at}]`, library));
  if (typeof part !== 'object' || part === null) return [];
  const type = 'type' in part ? String(part.type) : '(none)';
  const made = instance(type, library);
  if (made === undefined) return [`${path}: ${type} is no part of Adaptive Cards 1.5`];
  const schema = made.getSchema();
  const known = Array.from({ length: schema.getCount() }, (_, at) => schema.getItemAt(at)).filter(
    ({ targetVersion }) => targetVersion.compareTo(library.Versions.v1_5) <= 0,
  );
  // Read by the card's own parser, ahead of its serializer.
  const names = new Set(['type', ...known.map(({ name }) => name), ...(propertiesBesides[type] ?? [])]);
  return Object.entries(part).flatMap(([name, value]) =>
    names.has(name) ? unknownParts(value, `${path}.${name}`, library) : [`${path}: ${type} has no property ${name}`],
  );
}

const propertiesBesides: Readonly<Record<string, readonly string[]>> = {
  AdaptiveCard: ['$schema', 'body', 'actions', 'version', 'fallbackText'],
  Container: ['items'],
  Column: ['items'],
  ColumnSet: ['columns'],
  ActionSet: ['actions'],
  RichTextBlock: ['inlines'],
};

function instance(type: string, library: Library): Serializable | undefined {
  if (type === 'AdaptiveCard') return new library.AdaptiveCard();
  if (type === 'Column') return new library.Column();
  if (type === 'TextRun') return new library.TextRun();
  const { elements, actions } = library.GlobalRegistry;
  const found = elements.findByName(type) ?? actions.findByName(type);
  return found === undefined || found.schemaVersion.compareTo(library.Versions.v1_5) > 0 ? undefined : new found.objectType();
}

function complaints(content: unknown, library: Library): readonly string[] {
  const context = new library.SerializationContext(library.Versions.v1_5);
  const card = new library.AdaptiveCard();
  card.parse(content, context);
  return [
    ...Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at).message),
    ...card.validateProperties().validationEvents.map(({ message }) => message),
  ];
}
