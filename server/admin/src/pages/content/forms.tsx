// The forms of the four kinds. A field's room is what still fits on the screens asked for.
import { at, get, type Page } from '../../lib/api.ts';
import { addDays, daysBetween, today } from '../../lib/dates.ts';
import { useLoad } from '../../lib/load.ts';
import type { FoundAnswer, OrganisationRecord, SiteRecord } from 'api-types';
import { codeChoices, fieldLabel, sectorChoices, sectorLabel } from '../../records/fields.tsx';
import { MediaPicker } from '../../records/media_picker.tsx';
import { Button } from '../../ui/button.tsx';
import { CheckField, Chips, Choices, DateField, NumberField, SelectField, TextArea, TextField, type Choice } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { Picker, Pickers } from '../../ui/picker.tsx';
import type { Plural, Values } from './kinds.ts';
import { PictureFields } from './photo.tsx';
import type { TextUse } from './preview.tsx';
import { t } from './texts.ts';
import { WhenFields } from './when.tsx';

export interface Form {
  value: Values;
  set: (path: string, value: unknown) => void; // "photo.alt"
  error: (path: string) => string | undefined;
  use: (path: string) => TextUse | undefined; // what fits, once measured
  sites: SiteRecord[];
  disabled: boolean;
}

interface FieldProps {
  form: Form;
  path: string;
  help?: string;
  optional?: boolean;
  error?: string;
}

const ROOM_TOLD = 500; // what is farther away troubles nobody
const letters = new Intl.Segmenter();
const lengthOf = (text: string) => [...letters.segment(text)].length;
const wordsOf = (text: string) => text.trim().split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

function tied({ form, path, help, optional, error }: FieldProps) {
  const value = String(form.value[path] ?? ''), fit = form.use(path)?.most;
  const most = fit && fit <= ROOM_TOLD ? fit : 0;
  return {
    label: fieldLabel(path), value, help, optional, error: form.error(path) ?? error, disabled: form.disabled, onChange: (next: string) => form.set(path, next),
    room: most ? { used: lengthOf(value), most } : undefined,
  };
}

const Line = ({ type, ...props }: FieldProps & { type?: 'url' | 'email' | 'tel' }) => <TextField {...tied(props)} type={type} />;
const Area = ({ rows, ...props }: FieldProps & { rows?: number }) => <TextArea {...tied(props)} rows={rows} />;

// Words are counted here as the server counts them before publishing.
// `loose`: no room is told, since what does not fit is left to kiosks.
function Worded({ form, path, most, over, rows, optional, loose }: FieldProps & { most: number; over: (n: number) => string; rows?: number; loose?: boolean }) {
  const words = wordsOf(String(form.value[path] ?? '')), left = most - words;
  return <Area form={loose ? { ...form, use: () => undefined } : form} path={path} rows={rows} optional={optional} help={t.quoteHelp(words, most)} error={left < 0 ? over(-left) : undefined} />;
}

const UrlField = ({ form, path, help, ...rest }: FieldProps) => {
  const value = String(form.value[path] ?? '');
  return <Line form={form} path={path} type="url" help={help} error={value && !/^https?:\/\//.test(value) ? t.https : undefined} {...rest} />;
};

function OrganisationField({ form, required }: { form: Form; required?: boolean }) {
  const id: string = form.value.organisation ?? '';
  const known = useLoad((signal) => (id ? get<OrganisationRecord>(at`/organisations/${id}`, {}, signal) : Promise.resolve(null)), [id]);
  const choices = async (words: string, signal: AbortSignal): Promise<Choice[]> =>
    (words.trim().length < 2
      ? (await get<Page<OrganisationRecord>>('/organisations', { limit: 20 }, signal)).items.map((one) => ({ value: one.id, label: one.nom, help: one.commune ?? '' }))
      : (await get<Page<FoundAnswer>>('/search', { q: words, kind: 'organisation', limit: 20 }, signal)).items.map((one) => ({ value: one.id, label: one.title, help: one.subtitle })));
  return (
    <Picker label={fieldLabel('organisation')} value={id} text={id && known.data?.id === id ? known.data.nom : known.loading ? '' : id} choices={choices} clearable={!required} optional={!required}
      placeholder={t.organisationHint} help={t.organisationHelp} error={form.error('organisation')} disabled={form.disabled}
      onChange={(value) => form.set('organisation', value)} />
  );
}

const SectorField = ({ form }: { form: Form }) => {
  const value: string = form.value.sector ?? '';
  const choices = value && !sectorChoices.some((one) => one.value === value) ? [...sectorChoices, { value, label: sectorLabel(value) }] : sectorChoices;
  return <SelectField label={fieldLabel('sector')} value={value} choices={choices} placeholder="—" error={form.error('sector')} disabled={form.disabled} onChange={(next) => form.set('sector', next)} />;
};

function Period({ form }: { form: Form }) {
  const from: string = form.value.from ?? '', until: string = form.value.until ?? '';
  const start = from > today() ? from : today();
  const quick: [string, number][] = [[t.weeks2, 14], [t.month1, 30], [t.months3, 91], [t.year1, 365]];
  return (
    <Card title={t.period}>
      <div class="ct-pair">
        <DateField label={fieldLabel('from')} value={from} error={form.error('from')} disabled={form.disabled} onChange={(day) => form.set('from', day)} />
        <DateField label={fieldLabel('until')} value={until} min={from} error={form.error('until')} disabled={form.disabled} help={until && t.untilHelp(daysBetween(today(), until))} onChange={(day) => form.set('until', day)} />
      </div>
      {!form.disabled && (
        <div class="actions" role="group" aria-label={t.untilQuick}>
          {quick.map(([label, n]) => <Button key={n} small aria-pressed={until === addDays(start, n)} onClick={() => form.set('until', addDays(start, n))}>{label}</Button>)}
        </div>
      )}
    </Card>
  );
}

const FilmPart = ({ form, name, kind, help }: { form: Form; name: string; kind: 'film' | 'captions'; help: string }) => (
  <MediaPicker label={fieldLabel(`film.${name}`)} kinds={[kind]} help={help} error={form.error(`film.${name}`)} value={form.value.film?.[name] ?? ''} disabled={form.disabled}
    onChange={(hash) => form.set('film', { ...form.value.film, [name]: hash })} />
);

const PortraitForm = ({ form }: { form: Form }) => <>
  <Card title={t.who}>
    <Line form={form} path="leader_name" />
    <OrganisationField form={form} required />
    <div class="ct-pair"><Line form={form} path="leader_role" optional /><SectorField form={form} /></div>
  </Card>
  <Card title={t.words}>
    <Worded form={form} path="quote" most={12} over={t.quoteOver} rows={2} />
    <Worded form={form} path="story" most={80} over={t.storyOver} rows={6} optional loose />
    <Area form={{ ...form, use: () => undefined }} path="falc" rows={4} optional help={t.falcHelp} />
    <Line form={form} path="short_title" optional help={t.shortHelp} />
  </Card>
  <Card title={t.picture}><PictureFields form={form} path="photo" focal consent /></Card>
  <Card title={t.film}>
    <FilmPart form={form} name="media" kind="film" help={t.filmHelp} />
    {form.value.film?.media && <FilmPart form={form} name="captions_sha256" kind="captions" help={t.captionsHelp} />}
  </Card>
  <Period form={form} />
  <Card title={t.more}><UrlField form={form} path="url" optional help={t.qrHelp} /></Card>
</>;

const EventForm = ({ form }: { form: Form }) => <>
  <Card title={t.words}>
    <Line form={form} path="title" />
    <Line form={form} path="short_title" optional help={t.shortHelp} />
    <Area form={form} path="description" optional rows={4} />
    <Area form={form} path="resume" optional rows={2} />
    <SelectField label={fieldLabel('status')} value={form.value.status ?? 'programme'} choices={codeChoices('status')} disabled={form.disabled} onChange={(status) => form.set('status', status)} />
  </Card>
  <Card title={t.when}><WhenFields form={form} /></Card>
  <Card title={t.whereTo}>
    <Line form={form} path="place" optional />
    <Line form={form} path="address" optional />
    <div class="ct-pair"><Line form={form} path="code_postal" optional /><Line form={form} path="commune" optional /></div>
    <Line form={form} path="access" optional />
  </Card>
  <Card title={t.image}><PictureFields form={form} path="image" /></Card>
  <Card title={t.more}>
    <OrganisationField form={form} />
    <div class="ct-pair"><Line form={form} path="organiser" optional /><Line form={form} path="price" optional /></div>
    <UrlField form={form} path="url" optional help={t.qrHelp} />
    <Line form={form} path="categories" optional help={t.categoriesHelp} />
  </Card>
</>;

const AnnouncementForm = ({ form }: { form: Form }) => {
  const pictogram: string = form.value.pictogram ?? '';
  const severities = codeChoices('severity').filter(({ value }) => value !== 'emergency' || form.value.severity === 'emergency').map((one) => ({ ...one, help: t.severityHelp[one.value] }));
  return <>
    <Card title={t.message}>
      <Line form={form} path="title" />
      <Area form={form} path="text" optional rows={3} />
      <Choices label={fieldLabel('severity')} look="list" value={form.value.severity ?? 'info'} choices={severities} disabled={form.disabled} onChange={(severity) => form.set('severity', severity)} />
      <Choices label={fieldLabel('pictogram')} value={pictogram} disabled={form.disabled} onChange={(value) => form.set('pictogram', value)}
        choices={Object.entries(t.pictograms).map(([value, label]) => ({ value, label })).concat(pictogram in t.pictograms ? [] : [{ value: pictogram, label: sectorLabel(pictogram) }])} />
    </Card>
    <Period form={form} />
    <Card title={t.more}><UrlField form={form} path="url" optional help={t.qrHelp} /></Card>
  </>;
};

const IAE = ['ACI', 'AI', 'EA', 'EATT', 'EI', 'EITI', 'ESAT', 'ETTI', 'GEIQ'] as const;

const OrganisationForm = ({ form }: { form: Form }) => {
  const check = (path: string, label = fieldLabel(path), help?: string) =>
    <CheckField label={label} help={help} value={!!form.value[path]} error={form.error(path)} disabled={form.disabled} onChange={(value) => form.set(path, value)} />;
  const degrees = (path: string, most: number) =>
    <NumberField label={fieldLabel(path)} value={form.value[path] ?? null} min={-most} max={most} step={0.000001} optional error={form.error(path)} disabled={form.disabled} onChange={(value) => form.set(path, value)} />;
  return <>
    <Card title={t.identity}>
      <Line form={form} path="nom" />
      <div class="ct-pair"><Line form={form} path="enseigne" optional /><Line form={form} path="sigle" optional /></div>
      {check('diffusable', t.agreed, t.agreedHelp)}
    </Card>
    <Card title={t.activity}>
      <Pickers label={fieldLabel('secteurs')} values={form.value.secteurs ?? []} nameOf={sectorLabel} choices={sectorChoices} help={t.sectorsHelp} error={form.error('secteurs')} onChange={(secteurs) => form.set('secteurs', secteurs)} />
      <Area form={form} path="resume" optional rows={3} help={t.summaryHelp} />
      <Area form={form} path="offre" optional rows={2} />
      <Area form={form} path="valeurs" optional rows={2} />
      <Area form={form} path="falc" optional rows={4} help={t.falcHelp} />
      <Area form={form} path="description" optional rows={4} />
    </Card>
    <Card title={t.forOthers}>
      <Chips label={fieldLabel('rse')} value={form.value.rse ?? []} choices={codeChoices('rse')} disabled={form.disabled} onChange={(rse) => form.set('rse', rse)} />
      <Chips label={fieldLabel('marches_reserves')} value={form.value.marches_reserves ?? []} choices={codeChoices('marches_reserves')} disabled={form.disabled} onChange={(markets) => form.set('marches_reserves', markets)} />
      <p class="help">{t.marketsHelp}</p>
    </Card>
    <Card title={t.image}><PictureFields form={form} path="image" focal /></Card>
    <Card title={t.whereTo}>
      <Line form={form} path="adresse" optional />
      <div class="ct-pair"><Line form={form} path="code_postal" optional /><Line form={form} path="commune" optional /></div>
      <div class="ct-pair">{degrees('latitude', 90)}{degrees('longitude', 180)}</div>
      <p class="help">{t.degreesHelp}</p>
      <SelectField label={t.placeIn} value={form.value.site ?? ''} placeholder={t.placeInNone} choices={form.sites.map((one) => ({ value: one.id, label: one.name }))} disabled={form.disabled} error={form.error('site')} onChange={(site) => form.set('site', site)} />
      {form.value.site && <div class="ct-pair"><Line form={form} path="etage" optional /><Line form={form} path="bureau" optional /></div>}
    </Card>
    <Card title={t.contact}>
      <div class="ct-pair"><Line form={form} path="telephone" type="tel" optional /><Line form={form} path="courriel" type="email" optional /></div>
      <UrlField form={form} path="site_web" optional help={t.qrHelp} />
      <Line form={form} path="horaires" optional />
    </Card>
    <Card title={t.legal}>
      <div class="ct-pair"><Line form={form} path="siret" optional /><Line form={form} path="rna" optional /><Line form={form} path="categorie_juridique" optional /><Line form={form} path="naf" optional /></div>
      <SelectField label={fieldLabel('famille_ess')} value={form.value.famille_ess ?? 'inconnue'} choices={codeChoices('famille_ess')} disabled={form.disabled} onChange={(value) => form.set('famille_ess', value)} />
      <div class="row">{check('scic')}{check('scop')}{check('esus')}</div>
      <Chips label={fieldLabel('types_iae')} value={form.value.types_iae ?? []} choices={IAE.map((value) => ({ value, label: value }))} disabled={form.disabled} onChange={(types) => form.set('types_iae', types)} />
    </Card>
  </>;
};

export const FORMS: Record<Plural, (props: { form: Form }) => preact.JSX.Element> = {
  portraits: PortraitForm, events: EventForm, announcements: AnnouncementForm, organisations: OrganisationForm,
};
