import { Arrow, Box, Drawing } from './drawing';

/** The picture as a Mermaid flowchart. */
export function toMermaid({ boxes, arrows }: Drawing): string {
  const ids = new Map(boxes.map(({ id }, i) => [id, `n${i}`]));
  const lines = [
    'flowchart LR',
    ...boxes.map((box) => `  ${ids.get(box.id)}${shapeOf(box)}`),
    ...arrows.map((arrow) => `  ${ids.get(arrow.from)} ${lineOf(arrow)} ${ids.get(arrow.to)}`),
  ];
  for (const [state, style] of Object.entries(STYLES)) {
    const members = boxes.filter((box) => box.state === state).map(({ id }) => ids.get(id));
    const links = arrows.flatMap((arrow, i) => arrow.state === state ? [i] : []);
    lines.push(
      ...members.length > 0 ? [`  classDef ${state} ${style.box}`, `  class ${members.join(',')} ${state}`] : [],
      ...links.length > 0 ? [`  linkStyle ${links.join(',')} ${style.link}`] : [],
    );
  }
  return `${lines.join('\n')}\n`;
}

const STYLES = {
  taken: { box: 'stroke:#0969da,stroke-width:3px', link: 'stroke:#0969da,stroke-width:3px' },
  failed: { box: 'stroke:#cf222e,stroke-width:3px', link: 'stroke:#cf222e,stroke-width:3px' },
  idle: { box: 'stroke:#afb8c1,color:#6e7781', link: 'stroke:#afb8c1' },
};

function shapeOf({ kind, title, subtitle }: Box): string {
  const text = `"${escaped(title)}${subtitle === undefined ? '' : `<br/><small>${escaped(subtitle)}</small>`}"`;
  switch (kind) {
    case 'request': return `((${text}))`;
    case 'node': return `([${text}])`;
    case 'service': return `[${text}]`;
    case 'missing': return `{{${text}}}`;
  }
}

function lineOf({ label }: Arrow): string {
  return label === '' ? '-->' : `-- "${label.split('\n').map(escaped).join('<br/>')}" -->`;
}

/** Mermaid reads entities with a number sign; a leading number and dot would be a list. */
function escaped(text: string): string {
  return text.replace(/[#&"<>`]/g, (char) => `#${char.codePointAt(0)};`);
}
