// One record that waits: what changes field by field, how screens would show it, and the decision.
import type { RecordState, WaitingAnswer } from 'api-types';
import { useState } from 'preact/hooks';
import { recordPlace } from '../../app/pages.ts';
import { setBadge } from '../../app/badges.ts';
import { t as app } from '../../app/texts.ts';
import { ApiError, at, get, getTagged, post, type Page } from '../../lib/api.ts';
import { formatAgo } from '../../lib/dates.ts';
import { useLoad, type Loaded } from '../../lib/load.ts';
import { useNames } from '../../lib/names.ts';
import { usePresence } from '../../lib/presence.ts';
import { lang } from '../../lib/i18n.ts';
import { navigate } from '../../lib/router.ts';
import { may } from '../../lib/session.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Badge, Empty, Notice, Show, toast } from '../../ui/feedback.tsx';
import { Card, Frame, PageHead } from '../../ui/page.tsx';
import { fieldLabel } from '../../records/fields.tsx';
import { Differences, type Change } from '../../records/history.tsx';
import { askStep, takeStep, type Step } from '../../records/workflow_bar.tsx';
import { kinds, type Plural } from '../content/kinds.ts';
import { placeOf } from './index.tsx';
import { t } from './texts.ts';

type Values = Record<string, any>;
type Waiting = Values & Partial<RecordState>;

interface Reading {
  record: Waiting;
  etag: string;
  changes: Change[];
}

interface Slide {
  size: string;
  image: string;
  width: number;
  height: number;
  excess: { field: string; characters: number }[];
}

const SIZES = ['16:9', '9:16'];
const UNTOLD = new Set(['id', 'uid', 'date_maj', 'code_insee', 'in_metropole', 'naf_label', 'sequence']);
const blank = (v: unknown): boolean => v === null || v === undefined || v === '' || v === false || (Array.isArray(v) && !v.length);
const pluralOf = (kind: string) => `${kind}s` as Plural;

// The record with the changed fields as they were.
function asItWas(record: Values, changes: Change[]): Values {
  const before = structuredClone(record);
  for (const { field, before: value } of changes) {
    const path = field.split('.'), last = path.pop()!;
    let group = before;
    for (const name of path) group = group[name] ??= {};
    group[last] = value;
  }
  return before;
}

async function draw(plural: Plural, values: Values) {
  const document = Object.fromEntries(['id', ...kinds[plural].fields].filter((name) => name in values).map((name) => [name, values[name]]));
  const { slides } = await post<{ slides: Slide[] }>('/previews', { kind: plural, document, sizes: SIZES, lang, width: 640 });
  return slides;
}

// Before beside after, each at both shapes of screens.
function Pictures({ plural, reading }: { plural: Plural; reading: Reading }) {
  const { record, changes } = reading;
  const title = String(record[kinds[plural].title] ?? '');
  const drawn = useLoad(async () => ({
    after: await draw(plural, record),
    before: record.live ? await draw(plural, asItWas(record, changes)) : [],
  }), [plural, record.id, reading.etag]);
  if (!drawn.data) return drawn.error ? <Notice tone="warn"><p>{t.noPicture}{drawn.error.message}</p></Notice> : <p class="soft" role="status">{t.drawing}</p>;
  const sets = [...(drawn.data.before.length ? [{ when: t.before, slides: drawn.data.before }] : []), { when: t.after, slides: drawn.data.after }];
  const excess = drawn.data.after.flatMap((slide) => slide.excess);
  return <>
    {excess.length > 0 && <Notice tone="warn">{excess.map(({ field, characters }) => <p key={field}>{t.fits(fieldLabel(field), characters)}</p>)}</Notice>}
    <div class={`ap-pictures ${sets.length > 1 ? 'two' : ''}`}>
      {sets.map(({ when, slides }) => (
        <figure key={when}>
          <figcaption>{when}</figcaption>
          <div class="ap-pair">
            {slides.map((slide) => <Frame key={slide.size} src={slide.image} ratio={slide.width / slide.height} class={slide.width < slide.height ? 'upright' : 'wide'}
              alt={t.pictureOf(when, slide.width < slide.height ? t.upright : t.wide, title)} />)}
          </div>
        </figure>
      ))}
    </div>
  </>;
}

export function Review({ kind, id, queue }: { kind: string; id: string; queue: Loaded<WaitingAnswer[]> }) {
  const plural = pluralOf(kind);
  const known = plural in kinds;
  const others = usePresence(kind, known ? id : null, false);
  const [busy, setBusy] = useState<Step | ''>('');
  const [fault, setFault] = useState('');
  const loaded = useLoad<Reading>(async (signal) => {
    const [{ data, etag }, { items }] = await Promise.all([
      getTagged<Waiting>(at`/${plural}/${id}`), get<Page<Change>>(at`/${plural}/${id}/difference`, {}, signal)]);
    return { record: data, etag, changes: items.filter(({ field, before, after }) => !UNTOLD.has(field) && !(blank(before) && blank(after))) };
  }, [kind, id]);
  const nameOf = useNames();
  const mine = queue.data?.filter((one) => one.mine) ?? [];
  const here = mine.findIndex((one) => one.kind === kind && one.id === id);
  const row = queue.data?.find((one) => one.kind === kind && one.id === id);
  const following = mine[here + 1] ?? mine.find((_, i) => i !== here);
  const title = loaded.data ? String(loaded.data.record[kinds[plural]?.title ?? ''] || id) : row?.title ?? id;

  const goOn = async () => {
    setBadge('approvals', Math.max(0, mine.length - (here >= 0 ? 1 : 0)));
    queue.reload();
    navigate(following ? placeOf(following) : '/approvals');
  };
  const decide = async (step: 'approve' | 'return', publish = false) => {
    const reason = await askStep(step, title);
    if (reason === null) return;
    setFault('');
    setBusy(publish ? 'publish' : step);
    try {
      const response = await takeStep(plural, id, step, loaded.data!.etag, reason || undefined);
      let told = step === 'return' ? t.returned(title) : t.approved(title);
      if (publish) {
        try {
          await takeStep(plural, id, 'publish', response.headers.get('ETag') ?? '');
          told = t.published(title);
        } catch (problem) {
          toast(t.notPublished((problem as Error).message), 'warn');
          told = '';
        }
      }
      if (told) toast(told);
      await goOn();
    } catch (problem) {
      if (problem instanceof ApiError && (problem.status === 412 || problem.status === 409)) {
        loaded.reload();
        queue.reload();
        setFault(t.stale);
      } else {
        setFault((problem as Error).message);
      }
    } finally {
      setBusy('');
    }
  };

  const waits = loaded.data?.record.state === 'submitted';
  const allowed = waits && may('validate') && (!row || row.mine);
  const decision = (
    <section class="ap-decision no-print" aria-label={t.decide}>
      {fault && <Notice tone="bad"><p>{fault}</p></Notice>}
      {allowed ? (
        <div class="split">
          <p class="ap-ask">{t.decide}</p>
          <div class="actions">
            {following && here >= 0 && mine.length > 1 && <LinkButton kind="quiet" to={placeOf(following)} icon="right">{t.later}</LinkButton>}
            <Button icon="left" busy={busy === 'return'} onClick={() => decide('return')}>{t.sendBack}</Button>
            {may('publish') && <Button icon="screen" busy={busy === 'publish'} onClick={() => decide('approve', true)}>{t.approvePublish}</Button>}
            <Button kind="primary" icon="check" busy={busy === 'approve'} onClick={() => decide('approve')}>{t.approve}</Button>
          </div>
        </div>
      ) : <p class="soft">{t.notMine}</p>}
    </section>
  );
  return <>
    <PageHead title={title} back={{ to: '/approvals', label: t.back }}
      about={<>{app.kinds[kind as keyof typeof app.kinds]}{row && ` · ${t.askedBy(nameOf(row.submitter), formatAgo(row.since_ms))}`}{here >= 0 && mine.length > 1 && ` · ${t.place(here + 1, mine.length)}`}</>}
      actions={<LinkButton to={recordPlace(kind, id)} icon="edit">{t.open}</LinkButton>} />
    {others.length > 0 && <Notice><p>{t.alsoHere(others.map((one) => one.name || one.user).join(', '))}</p></Notice>}
    <Show of={loaded} lines={6}>
      {(reading) => (!waits ? (
        <Empty icon="approval" title={t.gone} action={following
          ? <LinkButton kind="primary" to={placeOf(following)}>{t.next}</LinkButton> : <LinkButton to="/approvals">{t.back}</LinkButton>}>{t.goneText}</Empty>
      ) : (
        <div class="stack">
          {decision}
          <Card title={t.pictures}><Pictures plural={plural} reading={reading} /></Card>
          <Card title={reading.record.live ? t.differs : t.first} actions={!!reading.record.live && <Badge tone="info">{t.changes(reading.changes.length)}</Badge>}>
            {!reading.record.live && <p class="soft">{t.firstText}</p>}
            {reading.changes.length ? <Differences items={reading.changes} /> : <p class="soft">{t.nothing}</p>}
          </Card>
        </div>
      ))}
    </Show>
  </>;
}
