// The log: who did what, when.
import { useState } from 'preact/hooks';
import type { AuditLineAnswer } from 'api-types';
import { pages, recordPlace, type PageProps } from '../../app/pages.ts';
import { t as desk } from '../../app/texts.ts';
import { get, getAll, type Page } from '../../lib/api.ts';
import { addDays, formatInstant } from '../../lib/dates.ts';
import { useLoad, useSettled } from '../../lib/load.ts';
import { useNames } from '../../lib/names.ts';
import { setQuery } from '../../lib/router.ts';
import { Button, Link } from '../../ui/button.tsx';
import { Empty, Show, toast } from '../../ui/feedback.tsx';
import { DateField, SelectField, TextField } from '../../ui/field.tsx';
import { Card, PageHead } from '../../ui/page.tsx';
import { roleName } from '../people/roles.ts';
import { t } from './texts.ts';

type Line = Required<AuditLineAnswer>;
const CSV_MOST = 20000;

const kindOf = (line: Line) => line.action.split('.')[0]!;
function actionWords({ action }: Line) {
  const [kind = '', verb = ''] = action.split('.');
  return [t.kinds[kind] ?? kind, t.verbs[verb] ?? verb].filter(Boolean).join(' : ');
}

// Roles and ways in are told as the desk calls them; keys of machines tell nobody anything.
function detailWords({ action, detail }: Line) {
  const kind = action.split('.')[0];
  if (action === 'enrolment.revoke') return '';
  return kind === 'user' || kind === 'login' ? detail.replace(/\+?\b[a-z_]+\b/g, (word) => t.details[word] ?? roleName(word)).replace(' @ ', ' · ') : detail;
}

// Records that the desk has a page for.
function SubjectLink({ line }: { line: Line }) {
  const kind = kindOf(line);
  const place = line.subject && (kind in desk.kinds || kind === 'user') ? recordPlace(kind, line.subject) : '';
  return place && pages.some((page) => place.startsWith(`/${page.name}/`)) ? <Link to={place}>{line.subject}</Link> : <>{line.subject}</>;
}

// As spreadsheets read it: semicolons, quotes doubled, and nothing that one would take for a formula.
function csv(lines: Line[]) {
  const cell = (text: string) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  const rows = lines.map((one) => [new Date(one.time_ms).toISOString(), one.user, one.action, one.subject, one.detail].map(cell).join(';'));
  return `\ufeff${[[t.when, t.who, t.what, t.subject, t.detail].map(cell).join(';'), ...rows].join('\r\n')}\r\n`;
}

export default function AuditPage({ query }: PageProps) {
  const word = (name: string) => query.get(name) ?? '';
  const subject = useSettled(word('subject').trim(), 300);
  const until = word('until');
  const asked = {
    user: word('user'), action: word('action'), subject,
    from: word('from') && new Date(`${word('from')}T00:00`).toISOString(), until: until && new Date(`${addDays(until, 1)}T00:00`).toISOString(),
  };
  const keys = Object.values(asked);
  const people = useLoad(() => getAll<{ name: string; display: string }>('/users').catch(() => []), []);
  const first = useLoad((signal) => get<Page<Line>>('/audit', { ...asked, limit: 50 }, signal), keys);
  const [more, setMore] = useState<{ of: Page<Line>; items: Line[]; next: string | null } | null>(null);
  const [busy, setBusy] = useState('');
  const work = async (what: string, run: () => Promise<void>) => {
    setBusy(what);
    await run().catch((error) => toast(error.message, 'bad'));
    setBusy('');
  };
  const download = () => work('csv', async () => {
    const blob = URL.createObjectURL(new Blob([csv(await getAll<Line>('/audit', asked, CSV_MOST))], { type: 'text/csv' }));
    const link = Object.assign(document.createElement('a'), { href: blob, download: 'journal.csv' });
    link.click();
    setTimeout(() => URL.revokeObjectURL(blob), 10000);
  });
  const nameOf = useNames();
  return <>
    <PageHead title={desk.pages.audit} about={t.about} actions={<Button icon="download" busy={busy === 'csv'} onClick={download}>{t.csv}</Button>} />
    <div class="stack">
      <Card title={t.filters} class="no-print">
        <div class="au-filters">
          <SelectField label={t.who} value={word('user')} placeholder={t.anybody} onChange={(user) => setQuery({ user })}
            choices={(people.data ?? []).map((one) => ({ value: one.name, label: one.display || one.name }))} />
          <SelectField label={t.what} value={word('action')} placeholder={t.anything} onChange={(action) => setQuery({ action })}
            choices={Object.entries(t.kinds).map(([kind, label]) => ({ value: `${kind}.`, label }))} />
          <TextField label={t.subject} type="search" value={word('subject')} onChange={(value) => setQuery({ subject: value })} />
          <DateField label={t.from} value={word('from')} onChange={(from) => setQuery({ from })} />
          <DateField label={t.until} value={until} min={word('from')} onChange={(value) => setQuery({ until: value })} />
        </div>
      </Card>
      <Card>
        <Show of={first}>{(page) => {
          const on = more?.of === page ? more : { items: [], next: page.next };
          const lines = [...page.items, ...on.items];
          if (!lines.length) {
            return <Empty icon="log" title={t.none} action={<Button onClick={() => setQuery({ user: '', action: '', subject: '', from: '', until: '' })}>{t.clear}</Button>}>{t.noneText}</Empty>;
          }
          return <>
            <div class="table-wrap">
              <table class="cards">
                <caption class="unseen">{t.lines(lines.length)}</caption>
                <thead><tr><th scope="col">{t.when}</th><th scope="col">{t.who}</th><th scope="col">{t.what}</th><th scope="col">{t.subject}</th><th scope="col">{t.detail}</th></tr></thead>
                <tbody>{lines.map((one) => (
                  <tr key={one.number}>
                    <td class="au-when"><time dateTime={new Date(one.time_ms).toISOString()}>{formatInstant(one.time_ms)}</time></td>
                    <td data-label={t.who}>{one.user ? nameOf(one.user) : <span class="soft">{t.program}</span>}</td>
                    <td data-label={t.what}>{actionWords(one)}</td>
                    <td data-label={t.subject} class="au-words"><SubjectLink line={one} /></td>
                    <td data-label={detailWords(one) ? t.detail : undefined} class="au-words">{detailWords(one)}</td>
                  </tr>
                ))}</tbody>
              </table>
            </div>
            {on.next && <div><Button busy={busy === 'more'} onClick={() => work('more', async () => {
              const next = await get<Page<Line>>('/audit', { ...asked, limit: 50, after: on.next });
              setMore({ of: page, items: [...on.items, ...next.items], next: next.next });
            })}>{t.more}</Button></div>}
          </>;
        }}</Show>
      </Card>
    </div>
  </>;
}
