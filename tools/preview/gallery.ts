export interface Shown {
  readonly name: string;
  readonly about: string;
  readonly files: readonly string[];
}

/** One page with all pictures, to be opened from the folder they are in. */
export function gallery(shown: readonly Shown[], about: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>What mi-audit tells people</title><style>
body{margin:2rem auto;max-width:1500px;padding:0 1rem;font:16px/1.5 system-ui,sans-serif;color:#242424;background:#fafafa}
h2{margin:2.5rem 0 .25rem;font-size:1.15rem}figure{margin:0;flex:1 1 420px;max-width:700px}figcaption{color:#616161;font-size:.85rem}
.row{display:flex;flex-wrap:wrap;gap:1rem;align-items:flex-start}img{width:100%;border:1px solid #d1d1d1;border-radius:4px;background:#fff}p.files{margin:.25rem 0 .75rem}
</style></head><body><h1>What mi-audit tells people</h1><p>${escaped(about)}</p>
${shown.map(section).join('\n')}
</body></html>`;
}

function section({ name, about, files }: Shown): string {
  const pictures = files.filter((file) => file.endsWith('.png'));
  const others = files.filter((file) => !file.endsWith('.png'));
  return `<section><h2 id="${escaped(name)}">${escaped(about)}</h2>
<p class="files">${others.map((file) => `<a href="${escaped(file)}">${escaped(file)}</a>`).join(' · ')}</p>
<div class="row">${pictures.map((file) => `<figure><a href="${escaped(file)}"><img src="${escaped(file)}" alt="${escaped(about)}" loading="lazy"></a><figcaption>${escaped(file)}</figcaption></figure>`).join('')}</div></section>`;
}

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
