// What a screen shows at any instant, drawn by the player's own code, and why.
import { useState } from 'preact/hooks';
import { at as path, get, url } from '../../lib/api.ts';
import { addDays, daysBetween, formatDay, formatMinutes } from '../../lib/dates.ts';
import { useLoad, useSettled } from '../../lib/load.ts';
import { setQuery } from '../../lib/router.ts';
import { Button, Link, LinkButton } from '../../ui/button.tsx';
import { Badge, Empty, Notice, Show } from '../../ui/feedback.tsx';
import { Field } from '../../ui/field.tsx';
import { Picker } from '../../ui/picker.tsx';
import { Card, Frame } from '../../ui/page.tsx';
import { ClassMark, type ClassTag } from './calendar_views.tsx';
import { choicesOf, nameOf, targetOf, type Fleet } from './fleet.ts';
import { t } from './texts.ts';
import { clock, instantOf, minutesOf, wallOf } from './zone_time.ts';

interface Explained {
  closed: boolean;
  holiday: string | null;
  rule: string | null;
  playlist: string;
  class?: ClassTag;
  title?: string;
  from_ms?: number;
  until_ms?: number;
  zones: { zone: string; rule: string | null; playlist: string; title?: string }[];
  rules: { id: string; title: string; class: ClassTag; playlist: string; zone: string; shows: boolean; why: string }[];
}

const BACK_DAYS = 7, ON_DAYS = 90;
const DRAWN_PX = 960;

export function Travel({ fleet, query }: { fleet: Fleet; query: URLSearchParams }) {
  const target = targetOf(fleet, query);
  const screen = fleet.screens.find((one) => (target?.kind === 'group' ? one.groups.includes(target.id) : one.id === target?.id)) ?? fleet.screens[0];
  if (!screen) {
    return <Empty icon="screen" title={t.noScreens} action={<LinkButton kind="primary" to="/screens">{t.toScreens}</LinkButton>}>{t.noScreensText}</Empty>;
  }
  return <ScreenTravel key={screen.id} fleet={fleet} screen={screen} asked={Number(query.get('at')) || Date.now()} />;
}

function clockSeconds(ms: number, zone: string) {
  const { minutes } = wallOf(ms, zone);
  return `${clock(minutes)}:${String(Math.floor((minutes % 1) * 60 + 1e-6)).padStart(2, '0')}`;
}

function ScreenTravel({ fleet, screen, asked }: { fleet: Fleet; screen: Fleet['screens'][number]; asked: number }) {
  const zone = screen.time_zone;
  const [ms, setMs] = useState(asked);
  const today = wallOf(Date.now(), zone).day;
  const wall = wallOf(ms, zone);
  const settled = useSettled(ms, 150);
  const instant = new Date(settled).toISOString();
  const explained = useLoad((signal) => get<Explained>(path`/screens/${screen.id}/explain`, { at: instant }, signal), [screen.id, instant]);
  const go = (to: number) => {
    setMs(to);
    setQuery({ at: String(Math.round(to)), screen: screen.id, group: '' });
  };
  const to = (day: string, minutes: number) => day && go(instantOf(day, minutes, zone));
  const when = `${formatDay(wall.day, 'full')}, ${formatMinutes(Math.floor(wall.minutes))}`;
  const data = explained.data;
  return (
    <div class="pr-travel">
      <section class="card" aria-label={t.travel}>
        <div class="pr-tools">
          <Picker label={t.screen} value={screen.id} text={screen.name} choices={choicesOf(fleet.screens)} onChange={(id) => setQuery({ screen: id, group: '', at: String(Math.round(ms)) })} />
          <Field label={t.at}>
            {(tied) => <input {...tied} type="datetime-local" value={`${wall.day}T${clock(wall.minutes)}`}
              onInput={(event) => {
                const [day = '', time = ''] = event.currentTarget.value.split('T');
                if (day && time) to(day, minutesOf(time));
              }} />}
          </Field>
        </div>
        <Frame ratio={screen.ratio} class={screen.ratio < 1 ? 'pr-tall' : ''} src={url(path`/screens/${screen.id}/frame`, { at: instant, width: Math.round(DRAWN_PX * Math.min(1, screen.ratio)) })}
          alt={t.frameAlt(data?.closed ? t.closed : data?.title ?? t.nothing, screen.name, when)} />
        <div class="stack-s">
          <Field label={`${t.dayRange} : ${formatDay(wall.day, 'full')}`}>
            {(tied) => <input {...tied} type="range" class="pr-range" min={-BACK_DAYS} max={ON_DAYS} value={daysBetween(today, wall.day)} aria-valuetext={formatDay(wall.day, 'full')}
              onInput={(event) => to(addDays(today, event.currentTarget.valueAsNumber), Math.floor(wall.minutes))} />}
          </Field>
          <Field label={`${t.timeRange} : ${clockSeconds(ms, zone)}`}>
            {(tied) => <input {...tied} type="range" class="pr-range" min={0} max={1439} value={Math.floor(wall.minutes)} aria-valuetext={formatMinutes(Math.floor(wall.minutes))}
              onInput={(event) => to(wall.day, event.currentTarget.valueAsNumber)} />}
          </Field>
          <div class="row" role="group" aria-label={t.steps}>
            <Button small icon="left" onClick={() => to(addDays(wall.day, -1), wall.minutes)}>{t.dayBack}</Button>
            <Button small icon="right" onClick={() => to(addDays(wall.day, 1), wall.minutes)}>{t.dayOn}</Button>
            <Button small onClick={() => go(ms - 3600000)}>{t.hourBack}</Button>
            <Button small onClick={() => go(ms + 3600000)}>{t.hourOn}</Button>
            <Button small onClick={() => go(ms - 60000)}>{t.minuteBack}</Button>
            <Button small onClick={() => go(ms + 60000)}>{t.minuteOn}</Button>
            <Button small icon="left" disabled={!data?.from_ms} onClick={() => data?.from_ms && go(data.from_ms - 1000)}>{t.slideBack}</Button>
            <Button small icon="right" disabled={!data?.until_ms} onClick={() => data?.until_ms && go(data.until_ms + 1000)}>{t.slideOn}</Button>
            <Button small icon="clock" onClick={() => go(Date.now())}>{t.now}</Button>
          </div>
        </div>
      </section>
      <Card title={t.why}>
        <Show of={explained} lines={4}>
          {(told) => <>
            <div class="stack-s" role="status">
              <p><strong>{when}</strong></p>
              {told.holiday && <p><Badge icon="calendar">{t.holiday(told.holiday)}</Badge></p>}
              {told.closed && <Notice tone="warn"><p>{t.closedNow}</p></Notice>}
              {told.closed ? null : told.rule ? <>
                <p class="pr-seen">{t.seen(told.title ?? '')}</p>
                <p class="soft">{t.slideLine(t.fromTo(clockSeconds(told.from_ms!, zone), clockSeconds(told.until_ms!, zone)))}</p>
                <p>{t.playlist} : <Link to={`/playlists/${encodeURIComponent(told.playlist)}`}>{nameOf(fleet.playlists, told.playlist)}</Link></p>
              </> : <Notice tone="warn"><p>{t.nothingNow}</p></Notice>}
            </div>
            {told.rules.length === 0 ? <p class="soft">{t.noRulesHere}</p> : (
              <>
                <h3>{t.whichRules}</h3>
                <ul class="pr-verdicts">
                  {told.rules.map((rule) => (
                    <li key={rule.id} class={rule.shows ? 'pr-won' : ''}>
                      <div class="row"><Badge tone={rule.shows ? 'good' : 'neutral'} icon={rule.shows ? 'check' : 'close'}>{rule.shows ? t.won : t.lost}</Badge><ClassMark of={rule.class} />
                        {rule.zone && <small>{t.zones[rule.zone as 'side'] ?? rule.zone}</small>}</div>
                      <p><Link to={rule.class === 'emergency' ? '/emergency' : `/programming/rules/${encodeURIComponent(rule.id)}`}>{rule.title}</Link> : {rule.why}</p>
                    </li>
                  ))}
                </ul>
              </>
            )}
          </>}
        </Show>
      </Card>
    </div>
  );
}
