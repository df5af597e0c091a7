// What a rule would do, told while it is being written.
import { post } from '../../lib/api.ts';
import { formatDay, formatDuration, formatMinutes } from '../../lib/dates.ts';
import { useLoad, useSettled } from '../../lib/load.ts';
import { may } from '../../lib/session.ts';
import { Link } from '../../ui/button.tsx';
import { Notice, Trouble, Waiting } from '../../ui/feedback.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Card } from '../../ui/page.tsx';
import { ClassMark, type ClassTag } from './calendar_views.tsx';
import { nameOf, type Fleet } from './fleet.ts';
import { spanWords } from './gaps.tsx';
import type { RuleForm } from './rule_form.tsx';
import { t } from './texts.ts';
import { wallOf } from './zone_time.ts';

interface Reason {
  code: string;
  text: string;
}
interface Check {
  never: Reason | null;
  next: number[];
  gaps: { screen: string; from_ms: number; until_ms: number }[];
  conflicts: { screen: string; rule: string; title: string; class: ClassTag; preferred: boolean; total_ms: number; why: string }[];
  warnings: { code: string; text: string; screens: number; lost_ms: number }[];
  screens: { id: string; name: string; never: Reason | null }[];
  screen_count: number;
}

const NEXT_TOLD = 5, SCREENS_TOLD = 8;
const complete = (rule: RuleForm) => !!rule.playlist && rule.screens.length + rule.groups.length > 0 && ((!!rule.from && !!rule.until) || (!!rule.starts && !!rule.ends));

// body: as it would be saved; null: it cannot be sent yet.
export function RuleCheck({ id, value, body, fleet }: { id: string | null; value: RuleForm; body: Record<string, unknown>; fleet: Fleet }) {
  const text = useSettled(complete(value) && may('publish') ? JSON.stringify({ ...body, title: value.title || t.newRule, ...(id && { id }) }) : '', 400);
  const loaded = useLoad(async (signal) => (text ? post<Check>('/rules/check', JSON.parse(text), { signal }) : null), [text]);
  const check = text ? loaded.data : null;
  return (
    <Card title={t.check} class="pr-check">
      {!text ? <p class="soft">{may('publish') ? t.checkWait : t.mayNotCheck}</p>
        : loaded.error ? <Trouble error={loaded.error} />
        : !check ? <Waiting lines={3} />
        : <Told check={check} fleet={fleet} stale={loaded.loading} />}
    </Card>
  );
}

// Once a rule, whatever the number of screens.
function merged(list: Check['conflicts']) {
  const map = new Map<string, Check['conflicts'][number] & { screens: string[] }>();
  for (const one of list) {
    const key = `${one.rule} ${one.preferred}`, known = map.get(key);
    if (known) {
      known.screens.push(one.screen);
      known.total_ms = Math.max(known.total_ms, one.total_ms);
    } else map.set(key, { ...one, screens: [one.screen] });
  }
  return [...map.values()];
}

function Told({ check, fleet, stale }: { check: Check; fleet: Fleet; stale: boolean }) {
  const zone = (id?: string) => fleet.screens.find((one) => one.id === id)?.time_zone ?? fleet.zone;
  const here = zone(check.screens[0]?.id), several = check.screens.some(({ id }) => zone(id) !== here);
  const conflicts = merged(check.conflicts);
  const nevers = check.screens.filter((one) => one.never && one.never.code !== check.never?.code);
  const instant = (ms: number) => {
    const { day, minutes } = wallOf(ms, here);
    return `${formatDay(day, 'full')}, ${formatMinutes(Math.round(minutes))}${several ? ` (${here})` : ''}`;
  };
  const conflictList = (preferred: boolean, title: string) => {
    const list = conflicts.filter((one) => one.preferred === preferred);
    return list.length > 0 && (
      <div class="stack-s">
        <h3><Icon name="alert" size={18} /> {title}</h3>
        <ul class="pr-conflicts">
          {list.map((one) => (
            <li key={one.rule}>
              <Link to={one.class === 'emergency' ? '/emergency' : `/programming/rules/${encodeURIComponent(one.rule)}`}>{one.title}</Link> <ClassMark of={one.class} />
              <small>{one.why} ({t.total(formatDuration(one.total_ms))}, {one.screens.length === 1 ? nameOf(fleet.screens, one.screens[0]!) : t.reach(one.screens.length)})</small>
            </li>
          ))}
        </ul>
      </div>
    );
  };
  return (
    <div class="stack" aria-busy={stale}>
      <div role="status">
        {check.never ? <Notice tone="bad" title={t.never}><p>{check.never.text}</p></Notice>
          : <Notice tone={check.warnings.length ? 'warn' : 'good'} title={`${t.good} ${t.reach(check.screen_count)}.`}>
            {check.warnings.map((one) => <p key={one.code}>{one.text} ({t.reach(one.screens)}{one.lost_ms > 0 && `, ${formatDuration(one.lost_ms)}`}).</p>)}
          </Notice>}
      </div>
      {check.next.length > 0 && (
        <div class="stack-s"><h3>{t.next}</h3><ul class="pr-next">{check.next.slice(0, NEXT_TOLD).map((ms) => <li key={ms}>{instant(ms)}</li>)}</ul></div>
      )}
      {conflictList(false, t.takes)}
      {conflictList(true, t.yields)}
      {!conflicts.length && <p class="soft">{t.noConflict}</p>}
      {nevers.length > 0 && (
        <div class="stack-s">
          <h3>{t.nowhere}</h3>
          <ul class="pr-conflicts">
            {nevers.slice(0, SCREENS_TOLD).map((one) => <li key={one.id}>{one.name} <small>{one.never!.text}</small></li>)}
            {nevers.length > SCREENS_TOLD && <li><small>{t.moreThan(nevers.length - SCREENS_TOLD)}</small></li>}
          </ul>
        </div>
      )}
      <p class="soft">{check.gaps[0] ? `${t.gapsLeft(check.gaps.length)} ${t.firstGap(spanWords(check.gaps[0], zone(check.gaps[0].screen)))}` : t.noGap}</p>
    </div>
  );
}
