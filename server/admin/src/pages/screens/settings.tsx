// How a screen is described: where it stands, how large it is and from how far it is read, when its
// place is open. Beside it what its texts look like from there.
import type { GroupRecord, Screen as ScreenForm, SiteRecord } from 'api-types';
import { useEffect, useState } from 'preact/hooks';
import { get, getAll, post, type Page } from '../../lib/api.ts';
import { compare } from '../../lib/i18n.ts';
import { useLoad, useSettled } from '../../lib/load.ts';
import { usePresence } from '../../lib/presence.ts';
import { navigate } from '../../lib/router.ts';
import { may } from '../../lib/session.ts';
import { useEditor, type Editor } from '../../records/editor.ts';
import { ConflictDialog, EditorNotices } from '../../records/editor_parts.tsx';
import { plainWords } from '../../records/fields.tsx';
import { History } from '../../records/history.tsx';
import { WorkflowBar } from '../../records/workflow_bar.tsx';
import { slug } from '../content/kinds.ts';
import { Link } from '../../ui/button.tsx';
import { Notice, Show } from '../../ui/feedback.tsx';
import { CheckField, Chips, NumberField, SelectField, TextField } from '../../ui/field.tsx';
import { Picker, Pickers } from '../../ui/picker.tsx';
import { Card } from '../../ui/page.tsx';
import { nameOf } from './fleet.tsx';
import { OpeningEditor, openingWords, type OpeningEntry } from './opening.tsx';
import { SCREEN_FIELDS } from './fields.ts';
import { t } from './texts.ts';

type Form = Omit<ScreenForm, 'opening'> & { opening?: OpeningEntry[] };


export const BLANK: Form = {
  id: '', name: '', site: '', groups: [], width_px: 1920, height_px: 1080, rotation: 0, diagonal_mm: 1092, viewing_distance_mm: 3000, bottom_edge_mm: 1200,
  kiosk: false, time_zone: 'Europe/Paris', languages: ['fr'], opening: [], layout: '', reduced_motion: false,
};

interface Layout { id: string; title: string; usual: boolean }
interface Choices { sites: SiteRecord[]; groups: GroupRecord[]; layouts: Layout[] }

const LABELS: Partial<Record<keyof Form, string>> = {
  name: t.name, site: t.site, groups: t.groups, width_px: t.width, height_px: t.height, rotation: t.rotation, diagonal_mm: t.diagonal, viewing_distance_mm: t.distance, bottom_edge_mm: t.bottom,
  kiosk: t.kiosk, time_zone: t.timeZone, languages: t.languages, opening: t.opening, layout: t.layout, reduced_motion: t.motion,
};
const labelOf = (field: string) => LABELS[field as keyof Form] ?? field;

const zones = ['Europe/Paris', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'Europe/Paris')].map((value) => ({ value, label: value.replaceAll('_', ' ') }));

function useChoices() {
  return useLoad<Choices>(async () => {
    const [sites, groups, layouts] = await Promise.all([getAll<SiteRecord>('/sites'), getAll<GroupRecord>('/groups'), get<Page<Layout>>('/layouts')]);
    return { sites: sites.sort((a, b) => compare(a.name, b.name)), groups: groups.sort((a, b) => compare(a.name, b.name)), layouts: layouts.items.map((one) => ({ ...one, title: t.layouts[one.id] ?? one.title })) };
  }, []);
}

export function NewSettings({ onCreated }: { onCreated: (id: string) => void }) {
  const editor = useEditor<Form>({ plural: 'screens', id: null, fields: SCREEN_FIELDS, blank: BLANK, makeId: (value) => slug(value.name), onCreated });
  return <Description editor={editor} id={null} />;
}

export function Settings({ id, view, onSaved }: { id: string; view: string; onSaved: () => void }) {
  const editor = useEditor<Form>({ plural: 'screens', id, fields: SCREEN_FIELDS, blank: BLANK });
  useEffect(() => { if (editor.etag) onSaved(); }, [editor.etag]);
  if (view === 'history') {
    return <Card title={t.tabs.history}><History plural="screens" id={id} etag={editor.etag} write="operate" onRestored={() => { editor.reload(); }} labelOf={labelOf} show={show} /></Card>;
  }
  return <Description editor={editor} id={id} />;
}

const show = (field: string, value: unknown) => (field === 'opening' ? openingWords(value as OpeningEntry[])
  : /_mm$/.test(field) ? t.mm(Number(value)) : plainWords(field, value));

function Description({ editor, id }: { editor: Editor<Form>; id: string | null }) {
  const choices = useChoices();
  const others = usePresence('screens', id, editor.dirty);
  if (editor.failed) return <Notice tone="bad"><p>{editor.failed.message}</p></Notice>;
  return (
    <Show of={editor.loading ? { ...choices, data: undefined } : choices} lines={8}>
      {(known) => (
        <form noValidate onSubmit={(event) => {
          event.preventDefault();
          editor.save();
        }}>
          <div class="stack">
            <EditorNotices editor={editor} others={others} />
            <div class="sc-form">
              <div class="stack">
                <About editor={editor} known={known} />
                <Card title={t.opening}><OpeningEditor value={editor.value.opening ?? []} disabled={!may('operate')} error={editor.errorOf('opening')} onChange={(opening) => editor.set({ opening })} /></Card>
              </div>
              <Size editor={editor} />
            </div>
          </div>
          <WorkflowBar editor={editor} id={id} plural="screens" title={editor.base.name} write="operate" direct onGone={() => navigate('/screens', true)} />
          <ConflictDialog editor={editor} labelOf={labelOf} show={show} />
        </form>
      )}
    </Show>
  );
}

function About({ editor, known }: { editor: Editor<Form>; known: Choices }) {
  const { value, set, errorOf } = editor;
  const disabled = !may('operate');
  const usual = known.layouts.find((one) => one.usual)?.title ?? '';
  return (
    <Card title={t.about2}>
      <TextField label={t.name} required value={value.name} disabled={disabled} error={errorOf('name') ?? errorOf('id')} help={t.nameHelp} onChange={(name) => set({ name })} />
      <div class="sc-pair">
        <SelectField label={t.site} value={value.site ?? ''} disabled={disabled} error={errorOf('site')} placeholder={t.noSite} choices={known.sites.map((one) => ({ value: one.id, label: one.name }))} onChange={(site) => set({ site })} />
        <SelectField label={t.layout} value={value.layout ?? ''} disabled={disabled} error={errorOf('layout')} placeholder={t.usual(usual)} choices={known.layouts.map((one) => ({ value: one.id, label: one.title }))} onChange={(layout) => set({ layout })} />
      </div>
      <Pickers label={t.groups} help={t.groupsHelp} values={value.groups} nameOf={(one) => nameOf(known.groups, one) || t.removed(one)} error={errorOf('groups')}
        choices={known.groups.map((one) => ({ value: one.id, label: one.name }))} onChange={(groups) => set({ groups })} />
      <div class="sc-pair">
        <Picker label={t.timeZone} value={value.time_zone} text={value.time_zone.replaceAll('_', ' ')} disabled={disabled} error={errorOf('time_zone')} choices={zones} onChange={(time_zone) => time_zone && set({ time_zone })} />
        <Chips label={t.languages} value={value.languages} disabled={disabled} error={errorOf('languages')} choices={[{ value: 'fr', label: t.fr }, { value: 'en', label: t.en }]} onChange={(languages) => set({ languages })} />
      </div>
      <CheckField label={t.kiosk} help={t.kioskHelp} value={value.kiosk} disabled={disabled} onChange={(kiosk) => set({ kiosk })} />
      <CheckField label={t.motion} help={t.motionHelp} value={!!value.reduced_motion} disabled={disabled} onChange={(reduced_motion) => set({ reduced_motion })} />
    </Card>
  );
}

function Size({ editor }: { editor: Editor<Form> }) {
  const { value, set, errorOf } = editor;
  const disabled = !may('operate');
  const turns = ['0', '90', '180', '270'].map((turn) => ({ value: turn, label: t.degrees(Number(turn)) }));
  const from = (mm: number, unit: number) => (mm ? Math.round((mm / unit) * 100) / 100 : null);
  const to = (told: number | null, unit: number) => Math.round((told ?? 0) * unit);
  return (
    <Card title={t.size} class="sc-size">
      <div class="sc-pair">
        <NumberField label={t.diagonal} unit="cm" min={5} max={2000} value={from(value.diagonal_mm, 10)} disabled={disabled} error={errorOf('diagonal_mm')}
          help={t.diagonalHelp(Math.round(value.diagonal_mm / 25.4))} onChange={(cm) => set({ diagonal_mm: to(cm, 10) })} />
        <NumberField label={t.distance} unit="m" min={0.1} max={100} step={0.5} value={from(value.viewing_distance_mm, 1000)} disabled={disabled} error={errorOf('viewing_distance_mm')}
          help={t.distanceHelp} onChange={(m) => set({ viewing_distance_mm: to(m, 1000) })} />
        <NumberField label={t.width} unit={t.px} min={160} value={value.width_px || null} disabled={disabled} error={errorOf('width_px')} help={t.pixels} onChange={(px) => set({ width_px: px ?? 0 })} />
        <NumberField label={t.height} unit={t.px} min={160} value={value.height_px || null} disabled={disabled} error={errorOf('height_px')} onChange={(px) => set({ height_px: px ?? 0 })} />
        <NumberField label={t.bottom} unit="cm" min={0} max={2000} value={value.bottom_edge_mm / 10} disabled={disabled} error={errorOf('bottom_edge_mm')} help={t.bottomHelp} onChange={(cm) => set({ bottom_edge_mm: to(cm, 10) })} />
        <SelectField label={t.rotation} value={String(value.rotation ?? 0)} disabled={disabled} error={errorOf('rotation')} choices={turns} onChange={(turn) => set({ rotation: Number(turn) })} />
      </div>
      <Legibility value={value} />
    </Card>
  );
}

interface LegibilityAnswer {
  verdict: 'good' | 'small' | 'unknown';
  message: string;
  advice: string;
  texts: { tier: string; label: string; mm: number; px: number; needed_mm: number; verdict: 'good' | 'small' }[];
  checked: number;
  misfits: { kind: string; id: string; title: string; excess: { field: string; characters: number }[] }[];
}

function Legibility({ value }: { value: Form }) {
  const { width_px, height_px, diagonal_mm, viewing_distance_mm, layout } = value;
  const screen = JSON.stringify({ width_px, height_px, diagonal_mm, viewing_distance_mm, layout });
  const quick = useSettled(screen, 150), slow = useSettled(screen, 900);
  const [kept, setKept] = useState<LegibilityAnswer>();
  const answer = useLoad((signal) => post<LegibilityAnswer>('/legibility', { screen: JSON.parse(quick) }, { signal }), [quick]);
  const records = useLoad((signal) => post<LegibilityAnswer>('/legibility', { screen: JSON.parse(slow), records: true }, { signal }), [slow]);
  useEffect(() => { if (answer.data) setKept(answer.data); }, [answer.data]);
  if (answer.error && !kept) return null;
  if (!kept) return null;
  const fits = slow === quick ? records.data : undefined;
  return (
    <section aria-label={t.legibility} class="stack" aria-live="polite">
      <h3>{t.legibility}</h3>
      {kept.verdict === 'unknown' ? <Notice><p>{kept.message || t.tellSize}</p></Notice>
        : <Notice tone={kept.verdict === 'good' ? 'good' : 'warn'}><p>{kept.message}</p>{kept.advice && <p>{kept.advice}</p>}</Notice>}
      {kept.verdict !== 'unknown' && kept.texts.length > 0 && (
        <table class="sc-texts">
          <caption class="unseen">{t.legibility}</caption>
          <thead><tr><th scope="col">{t.tier}</th><th scope="col" class="num">{t.onScreen}</th><th scope="col" class="num">{t.needed}</th><td /></tr></thead>
          <tbody>{kept.texts.map((one) => (
            <tr key={one.tier}><th scope="row">{one.label}</th><td class="num">{t.mm(one.mm)}</td><td class="num">{t.mm(one.needed_mm)}</td>
              <td><span class={`sc-verdict ${one.verdict}`}>{one.verdict === 'good' ? t.good : t.small}</span></td></tr>
          ))}</tbody>
        </table>
      )}
      {!!fits?.checked && (fits.misfits.length ? (
        <div><p>{t.misfits(fits.misfits.length)}</p>
          <ul class="sc-misfits">{fits.misfits.slice(0, 12).map((one) => (
            <li key={`${one.kind}${one.id}`}><Link to={`/${one.kind}/${encodeURIComponent(one.id)}`}>{one.title}</Link> <span class="soft">{t.excess(one.excess.reduce((sum, part) => sum + part.characters, 0))}</span></li>
          ))}</ul></div>
      ) : <p class="soft">{t.allFit(fits.checked)}</p>)}
    </section>
  );
}
