// Today: trouble first, then the real frames of the screens, and what waits for this person.
import type { ComponentChildren } from 'preact';
import { recordPlace, type PageProps } from '../../app/pages.ts';
import { t as app } from '../../app/texts.ts';
import { at, get, url, type Page } from '../../lib/api.ts';
import { formatAgo, formatDay, formatTime, today } from '../../lib/dates.ts';
import { useLoad } from '../../lib/load.ts';
import { useNames } from '../../lib/names.ts';
import { may } from '../../lib/session.ts';
import { Link, LinkButton } from '../../ui/button.tsx';
import { Badge, Empty, Notice, Show, type Tone } from '../../ui/feedback.tsx';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Card, Frame, PageHead } from '../../ui/page.tsx';
import { t } from './texts.ts';

interface Item {
  kind: keyof typeof app.kinds;
  id: string;
  title: string;
  site: string;
  submitter: string;
  since_ms: number;
  reason: string;
  reviewer: string;
  until_day: string;
  published_ms: number;
}

interface List {
  count: number;
  items: Item[];
}

interface Trouble {
  screen: string;
  name: string;
  site_name: string;
  presence: string;
  silent_since_ms: number | null;
  faults: { number: number; code: string; title: string; advice: string; opened_ms: number }[];
}

interface Today {
  now_ms: number;
  screens: { all: number; ok: number; late: number; silent: number; without_player: number; troubled: number };
  trouble: Trouble[];
  approvals: List;
  returned: List;
  ending: List;
  never_shown: List;
  emergencies: { running: number; waiting: number };
}

interface Shown {
  id: string;
  name: string;
  site: string;
  presence: string;
  width_px: number;
  height_px: number;
  time_zone: string;
  opening?: { days?: string[]; from: string; until: string }[] | null;
  now: { title: string; until_ms?: number } | null;
}

const LOOK_MS = 60000;
const FRAMES = 24;
const TROUBLES = 6;
const FEW = 6;
const TONES: Record<string, Tone> = { ok: 'good', late: 'warn', silent: 'bad' };

// Outside its opening hours a screen is dark. Public holidays are the server's to know: then the black picture speaks.
function closed({ opening, time_zone: timeZone }: Shown, ms: number) {
  const hours = (opening ?? []).filter((one) => one.days);
  if (!hours.length) return false;
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit' }).formatToParts(ms);
  const part = (type: string) => parts.find((one) => one.type === type)!.value;
  const day = part('weekday').slice(0, 2).toLowerCase(), time = `${part('hour')}:${part('minute')}`;
  return !hours.some((one) => one.days!.includes(day) && one.from <= time && time < one.until);
}

const TroubleItem = ({ one }: { one: Trouble }) => {
  const told = one.faults.filter((fault) => one.presence !== 'silent' || fault.code !== 'silent');
  return (
    <li class="td-trouble">
      <Icon name="alert" />
      <div>
        <h3><Link to={at`/screens/${one.screen}`}>{one.name}</Link> {one.site_name && <small>{one.site_name}</small>}</h3>
        {one.presence === 'silent' && one.silent_since_ms !== null && <p><strong>{t.silent(formatAgo(one.silent_since_ms))}</strong> {t.silentAdvice}</p>}
        {told.map((fault) => <p key={fault.number}><strong>{fault.title}</strong>, {formatAgo(fault.opened_ms)}. {fault.advice}</p>)}
      </div>
    </li>
  );
};

const Screens = ({ now, screens, trouble }: { now: number; screens: Shown[]; trouble: Trouble[] }) => {
  const rank = new Map(trouble.map((one, i) => [one.screen, i]));
  const order = (one: Shown) => rank.get(one.id) ?? (one.presence === 'never' ? 2000 : 1000);
  const shown = [...screens].sort((a, b) => order(a) - order(b)).slice(0, FRAMES);
  const instant = `${new Date(now).toISOString().slice(0, 19)}Z`;
  return (
    <ul class="td-screens">
      {shown.map((one) => (
        <li key={one.id} class={one.width_px < one.height_px ? 'upright' : ''}>
          <span class="td-shot">
            {one.now ? <Frame src={url(at`/screens/${one.id}/frame`, { width: 480, at: instant })} alt={t.frameOf(one.name, closed(one, now) ? t.closed : one.now.title || t.nothing)} ratio={one.width_px / one.height_px} />
              : <span class="td-none">{t.nothing}</span>}
            {one.now && closed(one, now) && <span class="td-none" aria-hidden="true">{t.closed}</span>}
          </span>
          <div class="td-about">
            <Link to={at`/screens/${one.id}`} class="td-name">{one.name}</Link>
            <Badge tone={TONES[one.presence]}>{t.presence[one.presence]}</Badge>
            {one.now && !closed(one, now) && <small>{one.now.title || t.nothing}{one.now.until_ms ? `, ${t.until(formatTime(one.now.until_ms))}` : ''}</small>}
          </div>
        </li>
      ))}
    </ul>
  );
};

const Items = ({ of, icon, told, to }: { of: List; icon?: IconName; told: (one: Item) => ComponentChildren; to?: (one: Item) => string }) => (
  <ul class="td-items">
    {of.items.slice(0, FEW).map((one) => (
      <li key={`${one.kind} ${one.id}`}>
        {icon && <Icon name={icon} />}
        <div><Link to={(to ?? ((a) => recordPlace(a.kind, a.id)))(one)}>{one.title}</Link> <small>{app.kinds[one.kind]} · {told(one)}</small></div>
      </li>
    ))}
    {of.count > FEW && <li class="soft">{t.others(of.count - FEW)}</li>}
  </ul>
);

function Waits({ data }: { data: Today }) {
  const day = today();
  const nameOf = useNames();
  return (
    <div class="td-side">
      {may('validate') && (
        <Card title={t.approvals} actions={data.approvals.count > data.approvals.items.length && <Link to="/approvals">{t.allApprovals(data.approvals.count)}</Link>}>
          {data.approvals.count ? <Items of={{ ...data.approvals, count: 0 }} to={(one) => at`/approvals/${one.kind}/${one.id}`} told={(one) => t.askedBy(nameOf(one.submitter), formatAgo(one.since_ms))} /> : <p class="soft">{t.approvalsNone}</p>}
        </Card>
      )}
      {data.returned.count > 0 && <Card title={t.returned}><Items of={data.returned} told={(one) => <>{nameOf(one.reviewer)} : <q>{one.reason}</q></>} /></Card>}
      <Card title={t.ending}>
        {data.ending.count ? <Items of={data.ending} told={(one) => (one.until_day === day ? t.endsToday : t.lastDay(formatDay(one.until_day)))} /> : <p class="soft">{t.endingNone}</p>}
      </Card>
      <Card title={t.never}>
        {data.never_shown.count ? <><p class="soft">{t.neverText}</p><Items of={data.never_shown} told={(one) => t.published(formatAgo(one.published_ms))} /></> : <p class="soft">{t.neverNone}</p>}
      </Card>
    </div>
  );
}

function Board({ data, screens }: { data: Today; screens: Shown[] }) {
  const { screens: count, emergencies } = data;
  if (!count.all) {
    return <Empty icon="screen" title={t.noScreens} action={may('operate') && <LinkButton to="/screens/new" kind="primary">{t.addScreen}</LinkButton>}>{t.noScreensText}</Empty>;
  }
  const toEmergency = <LinkButton small to="/emergency">{t.toEmergency}</LinkButton>;
  return (
    <div class="stack">
      {emergencies.running > 0 && <Notice tone="bad" title={t.emergencyRuns(emergencies.running)} action={toEmergency} />}
      {emergencies.waiting > 0 && <Notice tone="warn" title={t.emergencyWaits(emergencies.waiting)} action={toEmergency} />}
      {data.trouble.length > 0 ? (
        <Card title={t.trouble} class="td-troubles">
          <ul>{data.trouble.slice(0, TROUBLES).map((one) => <TroubleItem key={one.screen} one={one} />)}</ul>
          {count.troubled > TROUBLES && <p><Link to="/screens">{t.more(count.troubled - TROUBLES)}</Link></p>}
        </Card>
      ) : count.ok + count.late > 0 && <Notice tone="good"><p>{t.allWell}</p></Notice>}
      {count.without_player > 0 && may('operate') && (
        <Notice title={t.noPlayer(count.without_player)} action={<LinkButton small to="/screens/enrol">{t.enrol}</LinkButton>}><p>{t.noPlayerText}</p></Notice>
      )}
      <div class="td-board">
        <Card title={t.now} actions={screens.length > FRAMES && <Link to="/screens">{t.allScreens(count.all)}</Link>}>
          <Screens now={data.now_ms} screens={screens} trouble={data.trouble} />
        </Card>
        <Waits data={data} />
      </div>
    </div>
  );
}

export default function TodayPage({ name }: PageProps) {
  const loaded = useLoad(async (signal) => {
    const [data, screens] = await Promise.all([get<Today>('/today', {}, signal), get<Page<Shown>>('/screens', { limit: 200 }, signal)]);
    return { data, screens: screens.items };
  }, [], LOOK_MS);
  const count = loaded.data?.data.screens;
  return <>
    <PageHead title={app.pages[name as 'today']} about={count && t.about(formatDay(today(), 'full'), count.all, count.ok)} />
    <Show of={loaded} lines={6}>{({ data, screens }) => <Board data={data} screens={screens} />}</Show>
  </>;
}
