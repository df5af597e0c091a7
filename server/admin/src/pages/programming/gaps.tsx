// Opening hours to come for which nothing is planned.
import { getAll } from '../../lib/api.ts';
import { DAY_MS, formatDay, formatDuration, formatMinutes } from '../../lib/dates.ts';
import { useLoad } from '../../lib/load.ts';
import { may } from '../../lib/session.ts';
import { Link, LinkButton } from '../../ui/button.tsx';
import { Badge, Empty, Show } from '../../ui/feedback.tsx';
import { Card } from '../../ui/page.tsx';
import type { Span } from './calendar.tsx';
import { newRulePlace, type Fleet } from './fleet.ts';
import { t } from './texts.ts';
import { clock, wallOf } from './zone_time.ts';

interface ScreenGaps {
  screen: string;
  name: string;
  time_zone: string;
  total_ms: number;
  gaps: Span[];
}

const AHEAD_DAYS = 14;
const TOLD = 40;

export function spanWords({ from_ms, until_ms }: Span, zone: string) {
  const from = wallOf(from_ms, zone), until = wallOf(until_ms - 1, zone), end = Math.ceil(until.minutes);
  if (from.day === until.day) return t.spanDay(formatDay(from.day, 'full'), formatMinutes(Math.floor(from.minutes)), formatMinutes(end));
  return t.span(`${formatDay(from.day)}, ${formatMinutes(Math.floor(from.minutes))}`, `${formatDay(until.day)}, ${formatMinutes(end)}`);
}

export function Gaps({ fleet }: { fleet: Fleet }) {
  const loaded = useLoad(() => getAll<ScreenGaps>('/gaps', { until: new Date(Date.now() + AHEAD_DAYS * DAY_MS).toISOString() }), []);
  if (!fleet.screens.length) {
    return <Empty icon="screen" title={t.noScreens} action={<LinkButton kind="primary" to="/screens">{t.toScreens}</LinkButton>}>{t.noScreensText}</Empty>;
  }
  return (
    <Show of={loaded} lines={6}>
      {(screens) => {
        const empty = screens.filter(({ gaps }) => gaps.length).sort((a, b) => b.total_ms - a.total_ms);
        if (!empty.length) return <Empty icon="check" title={t.noGaps} action={<LinkButton to="/programming">{t.seeCalendar}</LinkButton>}>{t.noGapsText}</Empty>;
        return (
          <div class="stack">
            {empty.map((one) => (
              <Card key={one.screen} title={one.name} actions={<><Badge tone="warn" icon="alert">{t.gapTotal(formatDuration(one.total_ms))}</Badge>
                <Link to={`/programming?screen=${encodeURIComponent(one.screen)}`}>{t.seeCalendar}<span class="unseen"> : {one.name}</span></Link></>}>
                <ul class="pr-gaps">
                  {one.gaps.slice(0, TOLD).map((gap) => {
                    const words = spanWords(gap, one.time_zone), from = wallOf(gap.from_ms, one.time_zone), until = wallOf(gap.until_ms, one.time_zone);
                    const sameDay = from.day === until.day || gap.until_ms - gap.from_ms < DAY_MS;
                    return (
                      <li key={gap.from_ms}>
                        <span>{words}</span>
                        {may('publish') && (
                          <LinkButton small icon="plus" aria-label={t.fillGap(`${one.name}, ${words}`)}
                            to={newRulePlace({ target: { kind: 'screen', id: one.screen }, day: from.day, ...(sameDay && { from: clock(from.minutes), until: clock(until.minutes) }) })}>{t.fill}</LinkButton>
                        )}
                      </li>
                    );
                  })}
                  {one.gaps.length > TOLD && <li><small>{t.moreThan(one.gaps.length - TOLD)}</small></li>}
                </ul>
              </Card>
            ))}
          </div>
        );
      }}
    </Show>
  );
}
