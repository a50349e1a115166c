import { unzipSync, strFromU8 } from 'fflate';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { problemsOf, teamsManifest, teamsPackage, type TeamsApp } from '../../tools/teams-manifest/package.ts';

const app: TeamsApp = {
  host: 'func-mi-audit.example.net',
  clientId: '0F1E2D3C-4B5A-4789-8abc-0123456789AB',
  developer: 'Contoso',
  version: '1.0.0',
};

describe('the package for Teams', () => {
  it('is one that Microsoft’s schema takes, for this host and application', async () => {
    const manifest = teamsManifest(app);
    expect(await problemsOf(manifest)).toEqual([]);
    expect(manifest.webApplicationInfo).toEqual({
      id: app.clientId.toLowerCase(),
      resource: `api://${app.host}/${app.clientId.toLowerCase()}`,
    });
    expect(manifest.validDomains).toEqual([app.host]);
    for (const { contentUrl, websiteUrl } of manifest.staticTabs) {
      expect(new URL(contentUrl).host).toBe(app.host);
      expect(new URL(contentUrl).searchParams.get('host')).toBe('teams');
      expect(new URL(websiteUrl).searchParams.has('host')).toBe(false);
    }
  });

  it.each<[string, Partial<TeamsApp>, RegExp]>([
    ['a host with a scheme', { host: 'https://func.example.net' }, /--host/],
    ['a host with a path', { host: 'func.example.net/x' }, /--host/],
    ['a host that would break out of its string', { host: 'func.example.net","x":"' }, /--host/],
    ['no GUID', { clientId: 'my-app' }, /--client-id/],
    ['a developer whose name is too long', { developer: 'x'.repeat(33) }, /developer/],
    ['a version that is none', { version: 'one' }, /version/],
  ])('is not made of %s', async (_what, wrong, named) => {
    const problems = await problemsOf(teamsManifest({ ...app, ...wrong }));
    expect(problems.join('\n')).toMatch(named);
  });

  it('holds the manifest and icons of the sizes that Teams asks for', () => {
    const files = unzipSync(teamsPackage(teamsManifest(app)));
    expect(Object.keys(files).toSorted()).toEqual(['color.png', 'manifest.json', 'outline.png']);
    expect(JSON.parse(strFromU8(files['manifest.json']!))).toEqual(teamsManifest(app));
    const color = PNG.sync.read(Buffer.from(files['color.png']!));
    expect([color.width, color.height]).toEqual([192, 192]);
    const outline = PNG.sync.read(Buffer.from(files['outline.png']!));
    expect([outline.width, outline.height]).toEqual([32, 32]);
    // White on nothing: Teams paints it in the colour of its theme.
    const painted = pixels(outline).filter(([, , , alpha]) => alpha > 128);
    expect(painted.length).toBeGreaterThan(50);
    expect(painted.every(([red, green, blue]) => red > 240 && green > 240 && blue > 240)).toBe(true);
    expect(pixels(outline).some(([, , , alpha]) => alpha === 0)).toBe(true);
  });
});

const pixels = ({ data }: PNG): readonly (readonly [number, number, number, number])[] =>
  Array.from({ length: data.length / 4 }, (_, at) => [data[at * 4]!, data[at * 4 + 1]!, data[at * 4 + 2]!, data[at * 4 + 3]!]);
