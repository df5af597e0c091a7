// What holds for the whole installation, and what this installation is.
import { useState } from 'preact/hooks';
import type { PageProps } from '../../app/pages.ts';
import { t as desk } from '../../app/texts.ts';
import { get, post, put } from '../../lib/api.ts';
import { formatAgo, formatInstant } from '../../lib/dates.ts';
import { number } from '../../lib/i18n.ts';
import { useLoad } from '../../lib/load.ts';
import { Button } from '../../ui/button.tsx';
import { Badge, Empty, Notice, Show, toast } from '../../ui/feedback.tsx';
import { CheckField, NumberField } from '../../ui/field.tsx';
import { Card, PageHead, Tabs } from '../../ui/page.tsx';
import { HolidaysTab } from './holidays.tsx';
import { t } from './texts.ts';

function ExposureTab() {
  const held = useLoad(async () => (await get<{ items: { minimum_ms: number }[] }>('/exposure', { limit: 1 })).items[0]?.minimum_ms ?? 0, []);
  const [typed, setTyped] = useState<number | null | undefined>(undefined);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const minutes = typed === undefined ? (held.data ?? 0) / 60000 : typed;
  const send = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      const { minimum_s } = await put<{ minimum_s: number }>('/exposure', { minimum_s: Math.round((minutes ?? 0) * 60) });
      held.set(minimum_s * 1000);
      setTyped(undefined);
      toast(t.saved);
    } catch (error) {
      setProblem((error as Error).message);
    }
    setBusy(false);
  };
  return (
    <Card title={t.tabs.exposure}>
      <p class="soft">{t.exposureText}</p>
      <Show of={held} lines={1}>{() => (
        <form class="stack" onSubmit={send}>
          <NumberField label={t.minimum} value={minutes} onChange={setTyped} min={0} unit={t.unit} help={t.minimumHelp} error={problem} />
          <div class="actions"><Button type="submit" kind="primary" busy={busy}>{t.save}</Button></div>
        </form>
      )}</Show>
    </Card>
  );
}

interface MailState {
  configured: boolean;
  server: string;
  from: string;
  waiting: number;
  oldest_ms: number | null;
  sent: number;
  last_sent_ms: number | null;
  last_error: string;
}

const Facts = ({ facts }: { facts: [string, string][] }) => <dl class="st-facts">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>;

function MailTab() {
  const mail = useLoad(() => get<MailState>('/mail'), [], 10000);
  const [problem, setProblem] = useState('');
  const test = async () => {
    setProblem('');
    try {
      await post('/mail/test');
      toast(t.mailTested);
      mail.reload();
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  return (
    <Show of={mail}>{(state) => (
      <Card title={t.tabs.mail}>
        {!state.configured ? <Empty icon="bell" title={t.mailOff}>{t.mailOffText}</Empty> : <>
          <p>{t.mailOn(state.server)}</p>
          <Facts facts={[[t.mailFrom, state.from], [t.mailWaiting, number(state.waiting) + (state.oldest_ms ? `, ${t.oldest(formatAgo(state.oldest_ms))}` : '')],
            [t.mailSent, number(state.sent)], [t.mailLast, state.last_sent_ms ? formatInstant(state.last_sent_ms) : t.mailNever]]} />
          {state.last_error && <Notice tone="warn" title={t.mailError}><p>{state.last_error}</p></Notice>}
          {problem && <Notice tone="bad"><p>{problem}</p></Notice>}
          <div class="actions"><Button onClick={test}>{t.mailTest}</Button></div>
        </>}
      </Card>
    )}</Show>
  );
}

interface Installation {
  version: string;
  started_ms: number;
  file: string;
  settings: { name: string; value: string; fallback: string; source: string; origin: string; about: string }[];
}

function InstallationTab({ held }: { held: Installation }) {
  const [given, setGiven] = useState(false);
  const list = held.settings.filter((one) => !given || one.source !== 'default');
  return (
    <Card title={t.tabs.installation}>
      <p>{t.installationText}</p>
      <p class="soft">{held.file ? t.howFile(held.file) : t.howNoFile} {t.howRest}</p>
      <CheckField label={t.onlyGiven} value={given} onChange={setGiven} />
      <div class="table-wrap" tabIndex={0} role="group" aria-label={t.tabs.installation}>
        <table class="cards">
          <caption class="unseen">{t.tabs.installation}</caption>
          <thead><tr><th scope="col">{t.key}</th><th scope="col">{t.value}</th><th scope="col">{t.source}</th></tr></thead>
          <tbody>{list.map((one) => (
            <tr key={one.name}>
              <th scope="row"><code>{one.name}</code><small class="st-about">{one.about}</small></th>
              <td data-label={t.value}>{one.value ? <code class="st-value">{one.value}</code> : <span class="soft">{t.none}</span>}</td>
              <td data-label={t.source}>{one.source === 'default' ? <span class="soft">{t.fallback}</span> : <Badge tone="info">{one.origin}</Badge>}</td>
            </tr>
          ))}</tbody>
        </table>
      </div>
    </Card>
  );
}

const VersionTab = ({ held }: { held: Installation }) => (
  <div class="stack">
    <Card title="Vitrine"><p>{t.versionText}</p>
      <Facts facts={[[t.version, held.version], [t.since, formatInstant(held.started_ms, undefined, 'long')]]} />
      <p><a href="/api/v1/openapi.json" target="_blank">{t.api}</a></p></Card>
    <Card title={t.licence}><p>{t.licenceText}</p><ul class="st-parts">{t.parts.map((one) => <li key={one}>{one}</li>)}</ul></Card>
  </div>
);

export default function SettingsPage({ path }: PageProps) {
  const names = Object.keys(t.tabs) as (keyof typeof t.tabs)[];
  const here = names.find((one) => one === path[0]) ?? 'days';
  const installation = useLoad(() => get<Installation>('/settings'), []);
  return <>
    <PageHead title={desk.pages.settings} about={t.about}>
      <Tabs label={desk.pages.settings} tabs={names.map((one) => ({ to: `/settings${one === 'days' ? '' : `/${one}`}`, label: t.tabs[one], here: one === here }))} />
    </PageHead>
    {here === 'days' ? <HolidaysTab /> : here === 'exposure' ? <ExposureTab /> : here === 'mail' ? <MailTab />
      : <Show of={installation}>{(held) => (here === 'version' ? <VersionTab held={held} /> : <InstallationTab held={held} />)}</Show>}
  </>;
}
