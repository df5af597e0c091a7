// One record: its form beside the slide that it makes, what may be done with it, and its past.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { SiteRecord } from 'api-types';
import { at, get, getAll } from '../../lib/api.ts';
import { addDays, daysBetween, today } from '../../lib/dates.ts';
import { useLoad } from '../../lib/load.ts';
import { usePresence } from '../../lib/presence.ts';
import { navigate } from '../../lib/router.ts';
import { may, session } from '../../lib/session.ts';
import { useEditor } from '../../records/editor.ts';
import { ConflictDialog, EditorNotices, EditorOpening, useSaveKey } from '../../records/editor_parts.tsx';
import { fieldLabel, plainWords } from '../../records/fields.tsx';
import { History, PublishedDifferences } from '../../records/history.tsx';
import { WorkflowBar, WorkflowNotices } from '../../records/workflow_bar.tsx';
import { Notice, Show } from '../../ui/feedback.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Card, PageHead, Tabs } from '../../ui/page.tsx';
import { FORMS, type Form } from './forms.tsx';
import { slug, titleOf, valueAt, type AnyRecord, type Kind, type Values } from './kinds.ts';
import { PreviewPane, usePreview } from './preview.tsx';
import { t } from './texts.ts';
import { whenWords } from './when.tsx';

const show = (field: string, value: unknown) => (field === 'when' ? whenWords(value as Values) : plainWords(field, value));

function withPath(value: Values, path: string, to: unknown): Values {
  const [name, rest] = path.split(/\.(.*)/s) as [string, string | undefined];
  return { [name]: rest ? { ...value[name], ...withPath(value[name] ?? {}, rest, to) } : to };
}

const empty = (value: unknown) => value === undefined || value === null || value === '';

export function RecordPage({ kind, id, view, blank, draft }: { kind: Kind; id: string | null; view: string; blank: Values; draft?: string }) {
  const me = session.get()!;
  const root = useRef<HTMLDivElement>(null);
  const [site, setSite] = useState(me.sites[0] ?? '');
  const editor = useEditor<Values>({
    plural: kind.plural, id, fields: kind.fields, blank, draft, makeId: (value) => slug(titleOf(kind, value)), site: kind.plural === 'organisations' ? undefined : site,
    onCreated: (made) => {
      root.current?.querySelector<HTMLElement>('h1')?.closest('main')?.focus({ preventScroll: true }); // the new page's heading takes it from there
      navigate(`/${kind.plural}/${encodeURIComponent(made)}`, true);
    },
  });
  const sites = useLoad(() => getAll<SiteRecord>('/sites'), []);
  const [tried, setTried] = useState(false);
  const others = usePresence(kind.kind, id, editor.dirty);
  const document = useMemo(() => ({ ...editor.value, ...(id && { id }) }), [editor.value, id]);
  const preview = usePreview(kind, document, !editor.loading && !editor.failed);
  const missing = kind.required.filter((path) => empty(valueAt(editor.value, path)));

  const toFault = () => setTimeout(() => root.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
  const disabled = !may('write') || editor.state?.state === 'archived';
  const save = async () => {
    if (disabled || (id && !editor.dirty)) return !disabled;
    setTried(true);
    if (missing.length) {
      toFault();
      return false;
    }
    return editor.save();
  };
  useEffect(() => { if (editor.fault?.field) toFault(); }, [editor.fault]);
  useSaveKey(save);

  const words = t.kinds[kind.plural];
  const name = titleOf(kind, id ? editor.base : editor.value);
  const title = id ? name || words.one : words.fresh;
  const place = `/${kind.plural}/${encodeURIComponent(id ?? '')}`;
  const back = { to: `/${kind.plural}`, label: t.back[kind.plural] };
  if (editor.failed || editor.loading) return <div class="ct-record"><PageHead title={title} back={back} /><EditorOpening editor={editor} back={back} /></div>;
  const form: Form = {
    value: editor.value, sites: sites.data ?? [], disabled,
    set: (path, to) => editor.set(withPath(editor.value, path, to)),
    error: (path) => editor.errorOf(path) ?? (tried && missing.includes(path) ? t.toFill : undefined),
    // What one of the sizes has no room for is no fault: it is shown where there is.
    use: (path) => (preview.slides.some((one) => one.left_out.includes(path)) ? undefined : preview.most[path]),
  };
  const Fields = FORMS[kind.plural];
  const siteChoices = (me.sites.length ? (sites.data ?? []).filter((one) => me.sites.includes(one.id)) : sites.data ?? []).map((one) => ({ value: one.id, label: one.name }));
  const bar = (
    <WorkflowBar editor={{ ...editor, save }} plural={kind.plural} id={id} title={name} cancels={kind.plural === 'events'} onGone={() => navigate(`/${kind.plural}`)}
      more={id && may('write') ? [{ label: t.duplicate, icon: 'copy', run: () => navigate(`/${kind.plural}/new?from=${encodeURIComponent(id)}`) }] : []} />
  );
  return (
    <div ref={root} class="ct-record">
      <PageHead title={title} back={back}>
        {id && <Tabs label={t.views} tabs={[
          { to: place, label: t.edit, here: view === '', icon: 'edit' },
          ...(editor.state?.live && editor.state.working_copy ? [{ to: `${place}?view=differences`, label: t.differences, here: view === 'differences', icon: 'copy' as const }] : []),
          { to: `${place}?view=history`, label: t.history, here: view === 'history', icon: 'history' },
        ]} />}
      </PageHead>
      <div class="ct-notices stack">
        <EditorNotices editor={editor} others={others} />
        <WorkflowNotices state={editor.state} />
        {tried && missing.length > 0 && <Notice tone="bad"><p>{t.faults(missing.length)}</p></Notice>}
      </div>
      {view === 'history' && id ? <Card><History plural={kind.plural} id={id} etag={editor.etag} onRestored={editor.reload} /></Card>
        : view === 'differences' && id ? <Card><PublishedDifferences plural={kind.plural} id={id} etag={editor.etag} /></Card>
        : <div class="ct-sides">
          <PreviewPane preview={preview} kind={kind} document={document} />
          <div class="ct-form stack">
            <Fields form={form} />
            {!id && kind.plural !== 'organisations' && siteChoices.length > 0 && (
              <Card><SelectField label={t.belongs} help={t.belongsHelp} value={site} placeholder={me.sites.length ? undefined : t.network} choices={siteChoices} onChange={setSite} /></Card>
            )}
          </div>
        </div>}
      {bar}
      <ConflictDialog editor={editor} labelOf={fieldLabel} show={show} />
    </div>
  );
}

// A copy begins today and lasts as long as its original did.
export function CopyPage({ kind, from }: { kind: Kind; from: string }) {
  const source = useLoad((signal) => get<AnyRecord>(at`/${kind.plural}/${from}`, {}, signal), [kind.plural, from]);
  return (
    <Show of={source}>
      {(record) => {
        const copy: Values = Object.fromEntries(kind.fields.map((field) => [field, record[field]]));
        if (kind.ends && record.from && record.until) {
          copy.from = today();
          copy.until = addDays(today(), Math.min(365, Math.max(14, daysBetween(record.from, record.until))));
        }
        if (kind.plural === 'organisations') Object.assign(copy, { siret: '', rna: '', source: '', source_id: '' });
        return <RecordPage kind={kind} id={null} view="" blank={copy} draft={`copy.${from}`} />;
      }}
    </Show>
  );
}
