// One entry: chosen by its kind, then filled in.
import { useMemo, useRef, useState } from 'preact/hooks';
import type { FoundAnswer, SiteRecord } from 'api-types';
import { get, type Page } from '../../lib/api.ts';
import { sectorChoices } from '../../records/fields.tsx';
import { MediaPicker } from '../../records/media_picker.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { CheckField, NumberField, SelectField, TextArea, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Picker } from '../../ui/picker.tsx';
import { entryKinds, kindOf, missing, tidy, type Entry, type EntryKind, type Setting } from './entries.ts';
import { t } from './texts.ts';

// Records of a kind by words; without words the first ones.
const finder = (kind: string, plural: string) => async (words: string, signal: AbortSignal) => {
  if (words.trim().length > 1) {
    const found: Page<FoundAnswer> = await get('/search', { q: words, kind, limit: 30 }, signal);
    return found.items.map((one) => ({ value: String(one.id), label: String(one.title), help: String(one.subtitle ?? '') }));
  }
  const some: Page<Entry> = await get(`/${plural}`, { limit: 30 }, signal);
  return some.items.map((one) => ({ value: one.id, label: one.title || one.leader_name || one.enseigne || one.nom || one.id, help: one.quote ?? one.commune ?? '' }));
};

export function KindDialog({ onChoose, onClose }: { onChoose: (kind: EntryKind) => void; onClose: () => void }) {
  return (
    <Dialog title={t.addTitle} onClose={onClose} wide>
      {(['source', 'fixed', 'written'] as const).map((group) => (
        <section key={group} class="stack-s" aria-label={t.groups[group]}>
          <h3>{t.groups[group]}</h3>
          <ul class="pl-kinds">
            {entryKinds.filter((one) => one.group === group).map((one) => (
              <li key={one.name}>
                <button type="button" class="pl-kind" onClick={() => onChoose(one)}>
                  <Icon name={one.icon} /><span>{t.kinds[one.name]}{t.abouts[one.name] && <small>{t.abouts[one.name]}</small>}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Dialog>
  );
}

function SettingField({ setting, entry, set, sites, needsSite, error }: {
  setting: Setting; entry: Entry; set: (changes: Entry) => void; sites: SiteRecord[]; needsSite?: boolean; error?: string;
}) {
  const number = (name: string, label: string, min: number, max: number, help?: string, unit?: string) =>
    <NumberField label={label} value={entry[name] ?? null} min={min} max={max} step={1} help={help} unit={unit} onChange={(value) => set({ [name]: value })} />;
  const text = (name: string, label: string, help?: string) =>
    <TextField label={label} value={entry[name] ?? ''} help={help} error={error} required={name === 'meaning'} onChange={(value) => set({ [name]: value })} />;
  switch (setting) {
    case 'days': return number('days', t.days, 1, 366, undefined, t.daysUnit);
    case 'count': return number('count', t.count, 1, 50, t.countHelp);
    case 'rows': return number('count', t.rows, 1, 6);
    case 'weight': return number('weight', t.weight, 1, 10, t.weightHelp, t.weightUnit);
    case 'duration': return number('duration_s', t.duration, 3, 120, t.durationHelp, t.seconds);
    case 'heading': return text('title', t.heading, t.headingHelp);
    case 'meaning': return text('meaning', t.meaning, t.meaningHelp);
    case 'unit': return text('unit', t.unit);
    case 'origin': return text('origin', t.origin);
    case 'sector': return <SelectField label={t.sector} value={entry.sector ?? ''} placeholder={t.allSectors} choices={sectorChoices} onChange={(sector) => set({ sector })} />;
    case 'site': return <SelectField label={t.site} value={entry.site ?? ''} error={error} required={needsSite} placeholder={needsSite ? t.chooseSite : t.allSites}
      choices={sites.map((one) => ({ value: one.id, label: one.name }))} onChange={(site) => set({ site })} />;
    case 'communes': return <TextField label={t.communes} help={t.communesHelp} value={(entry.communes ?? []).join(', ')}
      onChange={(words) => set({ communes: words.split(/,\s*/) })} />;
    case 'announcements': return <CheckField label={t.announcements} value={entry.announcements ?? true} onChange={(announcements) => set({ announcements })} />;
  }
}

export function EntryDialog({ entry: given, fresh, name, sites, onDone, onClose }: {
  entry: Entry; fresh: boolean; name: string; sites: SiteRecord[]; onDone: (entry: Entry, name: string) => void; onClose: () => void;
}) {
  const kind = useMemo(() => kindOf(given), []);
  const [entry, setEntry] = useState(given);
  const [called, setCalled] = useState(name);
  const [tried, setTried] = useState(false);
  const body = useRef<HTMLFormElement>(null);
  const lacks = missing(kind, entry);
  const error = (what: string) => (tried && lacks.includes(what) ? t.toFill : undefined);
  const set = (changes: Entry) => setEntry((was) => ({ ...was, ...changes }));
  const setSlide = (changes: Entry) => setEntry((was) => ({ ...was, slide: { ...was.slide, ...changes } }));
  const setFilm = (changes: Entry) => setEntry((was) => ({ ...was, film: { ...was.film, ...changes } }));
  const choices = useMemo(() => kind.record && finder(kind.record.kind, kind.record.plural), [kind]);
  const organisations = useMemo(() => finder('organisation', 'organisations'), []);
  const [linked, setLinked] = useState(entry.slide?.organisation ?? '');
  const done = () => {
    setTried(true);
    if (!lacks.length) onDone(tidy(entry), called);
    else setTimeout(() => body.current?.querySelector<HTMLElement>('[aria-invalid=true], .wrong button')?.focus());
  };
  const label = t.kinds[kind.name]!;
  return (
    <Dialog title={fresh ? t.newTitle(label) : t.editTitle(label)} onClose={onClose} actions={<>
      <Button onClick={onClose}>{t.cancel}</Button>
      <Button kind="primary" onClick={done}>{fresh ? t.insert : t.done}</Button>
    </>}>
      <form ref={body} class="stack" onSubmit={(event) => {
        event.preventDefault();
        done();
      }}>
        {kind.record && choices && (
          <Picker label={t.which} help={t.whichHelp} required error={error('record')} value={entry.slide[kind.record.member]} text={called} choices={choices}
            onChange={(value, choice) => {
              setSlide({ [kind.record!.member]: value });
              setCalled(choice?.label ?? '');
            }} />
        )}
        {kind.slots?.map((slot) => {
          const props = { label: t.slots[slot] ?? slot, value: entry.slide.texts[slot] ?? '', error: error(slot), required: kind.required?.includes(slot), optional: !kind.required?.includes(slot),
            onChange: (value: string) => setSlide({ texts: { ...entry.slide.texts, [slot]: value } }) };
          return slot === 'text' || slot === 'quote' ? <TextArea key={slot} rows={3} {...props} /> : <TextField key={slot} {...props} />;
        })}
        {kind.link && <TextField type="url" label={t.link} value={entry.slide.link ?? ''} error={error('link')} required={kind.template === 'qr_call'} optional={kind.template !== 'qr_call'} onChange={(link) => setSlide({ link })} />}
        {kind.slots && <Picker label={t.linked} help={t.linkedHelp} value={entry.slide.organisation ?? ''} text={linked} clearable choices={organisations}
          onChange={(value, choice) => {
            setSlide({ organisation: value });
            setLinked(choice?.label ?? '');
          }} />}
        {kind.name === 'film' && <>
          <MediaPicker label={t.filmFile} kinds={['film']} required error={error('film')} value={entry.film.file_sha256 ?? ''} onChange={(file_sha256, media) => {
            setFilm({ file_sha256, length_ms: undefined, title: entry.film.title || media?.name?.replace(/\.\w+$/, '') });
            setCalled(media?.name ?? '');
          }} />
          <TextField label={t.slots.title!} value={entry.film.title ?? ''} optional onChange={(title) => setFilm({ title })} />
        </>}
        {kind.settings.map((setting) => <SettingField key={setting} setting={setting} entry={entry} set={set} sites={sites} needsSite={kind.needsSite} error={error(setting)} />)}
        <button type="submit" class="unseen" tabIndex={-1} aria-hidden="true" />
      </form>
    </Dialog>
  );
}
