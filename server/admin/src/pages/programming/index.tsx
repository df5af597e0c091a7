// When which playlist shows where: calendar, rules, empty hours, and what any screen shows at any instant.
import { useEffect } from 'preact/hooks';
import type { PageProps } from '../../app/pages.ts';
import { may } from '../../lib/session.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Show } from '../../ui/feedback.tsx';
import { PageHead, Tabs } from '../../ui/page.tsx';
import { Calendar } from './calendar.tsx';
import { newRulePlace, targetOf, useFleet } from './fleet.ts';
import { Gaps } from './gaps.tsx';
import { RulePage } from './rule_page.tsx';
import { Rules } from './rules.tsx';
import { t } from './texts.ts';
import { Travel } from './travel.tsx';

export default function Programming({ path, query }: PageProps) {
  const fleet = useFleet();
  const [view = '', id] = path;
  // Where there is no room for all tabs, the present one is in sight.
  useEffect(() => { document.querySelector('.tabs [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }); }, [view]);
  if (view === 'rules' && id) {
    const search = query.toString();
    return <Show of={fleet}>{(data) => <RulePage key={id === 'new' ? `new ${search}` : id} id={id === 'new' ? null : id} query={query} fleet={data} />}</Show>;
  }
  const target = fleet.data && targetOf(fleet.data, query);
  const keep = target ? `?${target.kind}=${encodeURIComponent(target.id)}` : '';
  const about = view === 'gaps' ? t.gapsAbout : view === 'travel' ? t.travelAbout : t.about;
  return <>
    <PageHead title={view === 'gaps' ? t.gaps : view === 'travel' ? t.travel : view === 'rules' ? t.rules : t.title} about={about}
      actions={may('publish') && <LinkButton kind="primary" icon="plus" to={newRulePlace({ target: view === 'rules' || view === 'gaps' ? undefined : target ?? undefined })}>{t.create}</LinkButton>}>
      <Tabs label={t.tabs} tabs={[
        { to: `/programming${keep}`, label: t.calendar, here: view === '', icon: 'calendar' },
        { to: '/programming/rules', label: t.rules, here: view === 'rules', icon: 'log' },
        { to: '/programming/gaps', label: t.gaps, here: view === 'gaps', icon: 'alert' },
        { to: `/programming/travel${keep}`, label: t.travel, here: view === 'travel', icon: 'clock' },
      ]} />
    </PageHead>
    <Show of={fleet}>
      {(data) => (view === 'rules' ? <Rules fleet={data} query={query} />
        : view === 'gaps' ? <Gaps fleet={data} />
        : view === 'travel' ? <Travel fleet={data} query={query} />
        : <Calendar fleet={data} query={query} />)}
    </Show>
  </>;
}
