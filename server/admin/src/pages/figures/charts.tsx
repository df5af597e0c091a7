// Charts drawn at the width that there is, in ink that greyscale keeps apart; each has its table behind
// a switch, and says its gist to those who do not see it.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { t } from './texts.ts';

export interface Datum {
  key: string;
  label: string;
  value: number;
  other?: number; // what was planned; last year's
}

export interface Shape {
  title: string;
  data: Datum[];
  show: (n: number) => string;
  first: string; // what labels are: "Structure"
  value: string; // "Montré"
  other?: string; // "Prévu"
  more?: (one: Datum) => ComponentChildren; // a further column: a link
  note?: string;
}

function useWidth() {
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    watch.observe(host.current!);
    return () => watch.disconnect();
  }, []);
  return [host, width] as const;
}

const shorten = (text: string, px: number) => {
  const most = Math.max(4, Math.floor(px / 7.6));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
};

const SHOWN = 15;

// One bar a line, its name and value above it; a dark mark stands at the other value.
function BarsDrawing({ shape, width }: { shape: Shape; width: number }) {
  const { data, show } = shape;
  const list = data.slice(0, SHOWN);
  const most = Math.max(1, ...list.map((one) => Math.max(one.value, one.other ?? 0)));
  const x = (n: number) => (n / most) * (width - 4);
  return (
    <svg width={width} viewBox={`0 0 ${width} ${list.length * 44}`} role="img" aria-label={t.gist(shape.title, list.slice(0, 3).map((one) => `${one.label} ${show(one.value)}`).join(', '))}>
      {list.map((one, i) => {
        const value = one.other === undefined ? show(one.value) : t.of(show(one.value), show(one.other));
        return (
          <g key={one.key} transform={`translate(0 ${i * 44})`}>
            <text x="0" y="17">{shorten(one.label, width - value.length * 7.6 - 16)}</text>
            <text x={width} y="17" text-anchor="end" class="fg-strong">{value}</text>
            <rect x="0" y="24" width={width} height="12" rx="3" class="fg-track" />
            <rect x="0" y="24" width={Math.max(x(one.value), one.value ? 3 : 0)} height="12" rx="3" class="fg-bar" />
            {one.other !== undefined && <rect x={x(one.other)} y="20" width="4" height="20" class="fg-mark" />}
          </g>
        );
      })}
    </svg>
  );
}

// Through time: the value as a thick line with points, the other dashed; both are named at their end.
function LineDrawing({ shape, width }: { shape: Shape; width: number }) {
  const { data, show } = shape;
  const height = 240, left = 64, top = 26, bottom = 30, right = 14;
  const most = Math.max(1, ...data.map((one) => Math.max(one.value, one.other ?? 0)));
  const x = (i: number) => left + (data.length > 1 ? (i * (width - left - right)) / (data.length - 1) : (width - left - right) / 2);
  const y = (n: number) => top + (1 - n / most) * (height - top - bottom);
  const path = (of: (one: Datum) => number) => data.map((one, i) => `${i ? 'L' : 'M'}${x(i).toFixed(1)} ${y(of(one)).toFixed(1)}`).join('');
  const every = Math.max(1, Math.ceil(data.length / Math.max(2, Math.floor((width - left) / 90))));
  const best = data.reduce((a, b) => (b.value > a.value ? b : a), data[0]);
  const planned = data.some((one) => one.other !== undefined);
  return (
    <svg width={width} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t.gistLine(shape.title, best.label, show(best.value))}>
      {[0, 0.5, 1].map((part) => (
        <g key={part}>
          <line x1={left} x2={width - right} y1={y(most * part)} y2={y(most * part)} class="fg-rule" />
          <text x={left - 8} y={y(most * part) + 5} text-anchor="end" class="fg-soft">{part ? show(most * part) : 0}</text>
        </g>
      ))}
      {planned && <path d={path((one) => one.other ?? 0)} class="fg-dashed" />}
      <path d={path((one) => one.value)} class="fg-line" />
      {data.map((one, i) => <g key={one.key}>
        {data.length < 40 && <circle cx={x(i)} cy={y(one.value)} r="3.5" class="fg-bar" />}
        {i % every === 0 && <text x={x(i)} y={height - 8} text-anchor={i ? x(i) > width - 50 ? 'end' : 'middle' : 'start'} class="fg-soft">{one.label}</text>}
      </g>)}
    </svg>
  );
}

function Table({ shape }: { shape: Shape }) {
  const { data, show, other, more } = shape;
  return (
    <div class="table-wrap" tabIndex={0} role="region" aria-label={`${shape.title} (${shape.first})`}>
      <table>
        <thead><tr><th scope="col">{shape.first}</th><th scope="col" class="num">{shape.value}</th>{other && <th scope="col" class="num">{other}</th>}{more && <td />}</tr></thead>
        <tbody>{data.map((one) => (
          <tr key={one.key}><th scope="row">{one.label}</th><td class="num">{show(one.value)}</td>{other && <td class="num">{show(one.other ?? 0)}</td>}{more && <td>{more(one)}</td>}</tr>
        ))}</tbody>
      </table>
    </div>
  );
}

export function Chart({ shape: given, line }: { shape: Shape; line?: boolean }) {
  // Nothing known beside the value: then nothing is said of it.
  const shape = given.data.some((one) => one.other) ? given
    : { ...given, other: undefined, data: given.data.map((one) => ({ ...one, other: undefined })) };
  const [table, setTable] = useState(false);
  const [host, width] = useWidth();
  const empty = !shape.data.some((one) => one.value || one.other);
  return (
    <Card title={shape.title} class="fg-card" actions={!empty && <Button small icon={table ? 'chart' : 'log'} aria-pressed={table} onClick={() => setTable(!table)}>{t.table}</Button>}>
      <div ref={host}>
        {empty ? <p class="soft">{shape.note ?? t.nothing}</p> : table ? <Table shape={shape} /> : width > 0 && <>
          {shape.other && <p class="fg-legend"><span class={`fg-key ${line ? 'line' : ''}`} />{shape.value}<span class={`fg-key ${line ? 'dash' : 'mark'}`} />{shape.other}</p>}
          {line ? <LineDrawing shape={shape} width={width} /> : <BarsDrawing shape={shape} width={width} />}
          {!line && shape.data.length > SHOWN && <p class="help">{t.first(SHOWN, shape.data.length)}</p>}
        </>}
      </div>
      {!empty && shape.note && <p class="help">{shape.note}</p>}
    </Card>
  );
}
