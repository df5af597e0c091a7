// What the columns mean: the guess, with samples to judge it by.
import { useState } from 'preact/hooks';
import { ApiError, at, post, put } from '../../lib/api.ts';
import { Button } from '../../ui/button.tsx';
import { Badge, Notice, Trouble } from '../../ui/feedback.tsx';
import { CheckField, Choices, NumberField, SelectField, TextField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import type { Whole } from './model.ts';
import { t } from './texts.ts';

export function Columns({ one, set, onReady }: { one: Whole; set: (one: Whole) => void; onReady: () => void }) {
  const [problem, setProblem] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const [columns, setColumns] = useState(one.mapping);
  const [form, setForm] = useState({ source: one.source, licence: one.licence, capitals: one.capitals, mode: one.mode });
  const [header, setHeader] = useState<number | null>(one.header_line);
  const change = (more: Partial<typeof form>) => setForm({ ...form, ...more });
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblem(undefined);
    try { await work(); } catch (error) { setProblem(error as Error); }
    setBusy(false);
  };
  const look = (more: object) => run(async () => {
    const now = await post<Whole>(at`/imports/${one.id}/look`, more);
    set(now);
    setColumns(now.mapping);
    setHeader(now.header_line);
    setForm({ ...form, source: now.source, capitals: now.capitals });
  });
  const go = () => run(async () => {
    set(await put<Whole>(at`/imports/${one.id}/mapping`, { ...form, ...(one.format !== 'ics' && { columns }) }));
    onReady();
  });
  const fault = problem instanceof ApiError && problem.field === 'columns' ? problem.message : '';
  const table = one.format !== 'ics';
  const choose = (number: number, field: string) =>
    // A field has one column: the one that had it lets it go.
    setColumns(columns.map((is, i) => (i === number ? field || null : is === field ? null : is)));
  return (
    <>
      {table && (
        <Card>
          <h2 tabIndex={-1}>{t.columns}</h2>
          {one.look.layout ? <Notice tone="good"><p>{t.known(one.look.layout)}</p></Notice> : <p class="im-soft">{t.columnsAbout}</p>}
          <div class="im-options">
            <SelectField label={t.kind} value={one.kind} disabled={busy} onChange={(kind) => look({ kind, sheet: one.sheet, header_line: one.header_line })}
              choices={(['organisations', 'events'] as const).map((value) => ({ value, label: t.kinds[value] }))} />
            {one.look.sheets.length > 1 && <SelectField label={t.sheet} value={String(one.sheet)} disabled={busy} onChange={(sheet) => look({ sheet: Number(sheet) })}
              choices={one.look.sheets.map((label, i) => ({ value: String(i), label }))} />}
            <div class="im-beside"><NumberField label={t.headerLine} help={t.headerHelp} value={header} onChange={setHeader} min={1} />
              {header !== one.header_line && header && <Button small busy={busy} onClick={() => look({ kind: one.kind, sheet: one.sheet, header_line: header })}>{t.reread}</Button>}</div>
          </div>
          {fault && <Notice tone="bad"><p>{fault}</p></Notice>}
          <div class="table-wrap"><table class="cards im-columns">
            <thead><tr><th scope="col">{t.column}</th><th scope="col">{t.samples}</th><th scope="col">{t.field}</th><th scope="col">{t.state}</th></tr></thead>
            <tbody>
              {one.look.columns.map((column, i) => {
                const title = column.title || t.noTitle(i + 1), field = columns[i];
                const sure = column.sure || field !== column.guess;
                return (
                  <tr key={i}>
                    <th scope="row">{title}</th>
                    <td data-label={t.samples} class="im-samples">{column.samples.length ? column.samples.join(' · ') : <em>{t.empty}</em>}</td>
                    <td><SelectField hideLabel label={t.fieldOf(title)} value={field ?? ''} placeholder={t.leave} onChange={(value) => choose(i, value)}
                      choices={one.fields.map((f) => ({ value: f.field, label: f.label + (f.needed ? ` (${t.needed})` : '') }))} /></td>
                    <td>{field ? <Badge tone={sure ? 'good' : 'warn'}>{sure ? t.sure : t.unsure}</Badge> : <Badge>{t.left}</Badge>}</td>
                  </tr>
                );
              })}
            </tbody>
          </table></div>
        </Card>
      )}
      <Card>
        <h2 tabIndex={-1}>{t.options}</h2>
        {!table && <p>{t.calendar}</p>}
        {problem && !fault && <Trouble error={problem} />}
        {one.may_publish && <Choices look="list" label={t.mode} value={form.mode} onChange={(mode) => change({ mode })} choices={[
          { value: 'drafts', label: t.drafts, help: t.draftsHelp }, { value: 'publish', label: t.publish, help: t.publishHelp }]} />}
        <div class="im-options">
          <TextField label={t.source} help={t.sourceHelp} value={form.source} onChange={(source) => change({ source })} />
          <TextField label={t.licence} optional value={form.licence} onChange={(licence) => change({ licence })} />
        </div>
        {table && one.kind === 'organisations' && <CheckField label={t.capitals} value={form.capitals} onChange={(capitals) => change({ capitals })} />}
        <p><Button kind="primary" icon="play" busy={busy} onClick={go}>{t.rehearse}</Button></p>
      </Card>
    </>
  );
}
